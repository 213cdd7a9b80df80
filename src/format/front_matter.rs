//! The YAML block between `---` lines at a file's head, and the facts in it.

use std::str::FromStr;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::reply::{Facts, Said, Unknown};
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
    // A number is another tool's.
    let name = |key: &'static str, given: Option<Given>| {
        let said = said(key, given.filter(|given| matches!(given, Given::Text(_))))?;
        Some(Unknown { key, said })
    };
    let (channel, unknown_channel) = known(name("channel", keys.channel));
    let (customer, unknown_customer) = known(name("customer", keys.customer));
    let facts = Facts {
        received: said("received", keys.received),
        promised: said("promised", keys.promised),
        sent: said("sent", keys.sent),
        language: word(keys.language),
        channel,
        customer,
        unknown: unknown_channel.into_iter().chain(unknown_customer).collect(),
        ..Facts::default()
    };
    (facts, body)
}

/// A name of ours that is said, or what is none.
fn known<T: FromStr>(name: Option<Unknown>) -> (Option<T>, Option<Unknown>) {
    match name.as_ref().and_then(|name| name.said.text.parse().ok()) {
        Some(known) => (Some(known), None),
        None => (None, name),
    }
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
