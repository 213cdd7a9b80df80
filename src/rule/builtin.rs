//! The packs that ship with the binary.

macro_rules! packs {
    ($($file:literal),+ $(,)?) => { &[$(($file, include_str!(concat!("../../rules/", $file)))),+] };
}

/// File name, below `rules/`, and text of each built-in pack, in order.
pub const BUILTIN: &[(&str, &str)] = packs![
    "en/blame.yml",
    "en/bureaucratic.yml",
    "en/closing.yml",
    "en/grammar.yml",
    "en/jargon.yml",
    "en/passive-aggressive.yml",
    "en/powerless.yml",
    "en/robotic.yml",
    "en/time.yml",
    "en/transfer.yml",
];
