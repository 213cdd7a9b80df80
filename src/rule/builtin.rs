//! The packs that ship with the binary.

/// Of each built-in pack its file name below `rules/`, its text, and the same without examples as JSON, in
/// order; `build.rs` lists them.
pub(crate) const BUILTIN: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/packs.rs"));
