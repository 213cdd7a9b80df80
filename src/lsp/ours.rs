//! tonelint's own files in an editor: configurations and packs.

use super::desk::Ruling;
use super::document::Document;
use super::uri;

/// The names of a configuration file.
const NAMES: [&str; 2] = ["tonelint.yml", ".tonelint.yml"];

/// Whether a document is a configuration file.
pub(super) fn is_configuration(document: &Document, ruling: &Ruling) -> bool {
    let named = NAMES.contains(&uri::name(&document.uri).as_str());
    named || (document.path.is_some() && document.path == ruling.configuration)
}

/// Whether a document is a file of rules: it lies where rules are read from, or it looks like one.
pub(super) fn is_pack(document: &Document, ruling: &Ruling) -> bool {
    let name = uri::name(&document.uri);
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml") || document.language == "yaml";
    let lies_there =
        || document.path.as_ref().is_some_and(|path| ruling.rules.iter().any(|folder| path.starts_with(folder)));
    is_yaml && (lies_there() || looks_like_pack(&document.text))
}

/// A list `rules:` whose items have messages, and a name for the family or language.
fn looks_like_pack(text: &str) -> bool {
    let key = |line: &str, key: &str| line.trim_start_matches([' ', '-', '{']).starts_with(key);
    let mut lines = text.lines();
    let heads = text.lines().any(|line| line.starts_with("family:") || line.starts_with("language:"));
    heads
        && lines.any(|line| line.trim_end() == "rules:")
        && lines.any(|line| ["message:", "find:", "code:"].iter().any(|word| key(line, word)))
}
