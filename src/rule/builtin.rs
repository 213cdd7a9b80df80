//! The packs that ship with the binary.

/// File name and text of each built-in pack, by language and name.
pub const BUILTIN: &[(&str, &str)] = &[("en/grammar.yml", include_str!("../../rules/en/grammar.yml"))];

/// The languages that have built-in packs.
pub fn languages() -> impl Iterator<Item = &'static str> {
    let mut last = "";
    BUILTIN.iter().filter_map(move |(file, _)| {
        let language = file.split('/').next().unwrap_or_default();
        let new = language != last;
        last = language;
        new.then_some(language)
    })
}
