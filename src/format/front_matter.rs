//! The YAML block between `---` lines at a file's head, and the facts in it.

use serde::Deserialize;

use crate::reply::Facts;

/// The keys that are ours; all others are left alone.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Keys {
    language: Option<String>,
    channel: Option<String>,
    customer: Option<String>,
}

/// The facts of a text's front matter, and the offset at which its body begins.
pub(super) fn read(text: &str, start: usize) -> (Facts, usize) {
    let Some((yaml, body)) = split(text, start) else {
        return (Facts::default(), start);
    };
    // What cannot be read is not ours to judge: other tools own front matter too.
    let keys: Keys = crate::yaml::parse(yaml).unwrap_or_default();
    let facts = Facts {
        language: keys.language,
        channel: keys.channel.and_then(|name| name.parse().ok()),
        customer: keys.customer.and_then(|name| name.parse().ok()),
    };
    (facts, body)
}

pub(super) fn split(text: &str, start: usize) -> Option<(&str, usize)> {
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let yaml_start = start + first.len();
    let mut at = yaml_start;
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((&text[yaml_start..at], at + line.len()));
        }
        at += line.len();
    }
    None
}
