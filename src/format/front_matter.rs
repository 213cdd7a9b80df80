//! The YAML block between `---` lines at a file's head, and the facts in it.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::reply::{Channel, Customer, Facts, Said, Unknown};
use crate::text::Span;
use crate::yaml::{self, Step};

/// The keys that are ours; all others are left alone.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Keys {
    language: Option<Given>,
    channel: Option<Given>,
    customer: Option<Given>,
    received: Option<Given>,
    promised: Option<Given>,
    sent: Option<Given>,
}

/// A value under a key that other tools may use as well, each in its own way.
#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    Text(String),
    Whole(i64),
    Number(f64),
    Other(IgnoredAny),
}

impl Given {
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Whole(number) => Some(number.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Other(_) => None,
        }
    }
}

/// The facts of a text's front matter, and the offset at which its body begins.
pub(super) fn read(text: &str, start: usize) -> (Facts, usize) {
    let Some((block, body)) = split(text, start) else {
        return (Facts::default(), start);
    };
    let yaml = block.of(text);
    // What cannot be read is not ours to judge: other tools own front matter too.
    let keys: Keys = yaml::parse(yaml).unwrap_or_default();
    let word = |given: Option<Given>| given.and_then(Given::text);
    let said = |key: &str, given: Option<Given>| {
        let text = word(given).filter(|text| super::says_something(text))?;
        let at = yaml::locate(yaml, &[Step::Value(key.to_owned())]);
        Some(Said { text, span: Span::new(block.start + at.start, block.start + at.end) })
    };
    let mut unknown = Vec::new();
    let mut named = |key: &'static str, given: Option<Given>, is_known: &dyn Fn(&str) -> bool| {
        // A number is another tool's.
        let said = said(key, given.filter(|given| matches!(given, Given::Text(_))))?;
        if is_known(&said.text) {
            return Some(said.text);
        }
        unknown.push(Unknown { key, said });
        None
    };
    let channel = named("channel", keys.channel, &|name| name.parse::<Channel>().is_ok());
    let customer = named("customer", keys.customer, &|name| name.parse::<Customer>().is_ok());
    let facts = Facts {
        received: said("received", keys.received),
        promised: said("promised", keys.promised),
        sent: said("sent", keys.sent),
        language: word(keys.language),
        channel: channel.and_then(|name| name.parse().ok()),
        customer: customer.and_then(|name| name.parse().ok()),
        unknown,
        ..Facts::default()
    };
    (facts, body)
}

/// The block between the marks, and where what follows it begins.
pub(super) fn split(text: &str, start: usize) -> Option<(Span, usize)> {
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let yaml_start = start + first.len();
    let mut at = yaml_start;
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((Span::new(yaml_start, at), at + line.len()));
        }
        at += line.len();
    }
    None
}
