//! The packs that ship with the binary.

/// File name, below `rules/`, and text of each built-in pack, in order; `build.rs` lists them.
pub const BUILTIN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/packs.rs"));
