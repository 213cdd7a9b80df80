//! tonelint's own files in an editor: configurations and packs.

use serde_json::Value;

use super::check::What;
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

/// The page that says what the keys of a rule are, in tables.
const RULE_LANGUAGE: &str = include_str!("../../docs/rule-language.md");

/// What a key of one of these files is about, in Markdown.
pub(super) fn about_key(what: &What, key: &str) -> Option<String> {
    match what {
        What::Configuration(_) => {
            let schema: Value = serde_json::from_str(&crate::config::schema()).ok()?;
            let shapes = schema.get("$defs").and_then(Value::as_object).into_iter().flatten().map(|(_, shape)| shape);
            let about = std::iter::once(&schema).chain(shapes).find_map(|shape| {
                let properties = shape.get("properties")?;
                properties.get(key)?.get("description")?.as_str()
            });
            about.map(|about| about.replace('\n', " "))
        }
        What::Pack(_) => RULE_LANGUAGE.lines().find_map(|line| {
            let (keys, about) = line.strip_prefix("| `")?.split_once(" | ")?;
            let about = about.trim_end_matches('|').trim();
            let keys = format!("`{keys}");
            let is_it = ["`", ": "].iter().any(|end| keys.contains(&format!("`{key}{end}")));
            // Other tables have more columns.
            (is_it && !about.contains(" | ")).then(|| about.replace("\\|", "|"))
        }),
        What::Draft(_) | What::Unreadable => None,
    }
}
