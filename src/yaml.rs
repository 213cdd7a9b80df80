//! YAML: values by `serde_yaml`, and where they stand.
//!
//! The only file that names `serde_yaml`, which is no longer developed and keeps no positions. A
//! parser with marks finds them again, by path, when there is an error to show.

use std::fmt;

use saphyr_parser::{Event, Parser};
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};

use crate::text::{LineIndex, Position, Span};

/// The largest YAML file that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 4 << 20;

/// How many brackets may be open at once; signs in texts count too, so it is generous.
const MAX_DEPTH: usize = 2000;

/// What is wrong with a YAML text, and where in it (in bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct YamlError {
    /// What is wrong, without a position.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// Reads a value.
///
/// # Errors
///
/// If the text is larger than [`MAX_BYTES`], is no YAML or not of the type's shape.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    if text.len() > MAX_BYTES {
        let message = format!("too large: {} bytes, at most {MAX_BYTES} are read", text.len());
        return Err(YamlError { message, span: Span::new(0, 0) });
    }
    if is_too_deep(text) {
        let message = format!("brackets stand more than {MAX_DEPTH} deep in each other");
        return Err(YamlError { message, span: Span::new(0, 0) });
    }
    serde_yaml::from_str(text.strip_prefix('\u{FEFF}').unwrap_or(text)).map_err(|error| {
        let start = error.location().map_or(0, |at| {
            let position = Position { line: at.line().max(1), column: at.column().max(1) };
            LineIndex::new(text).offset(text, position)
        });
        YamlError { message: without_position(&error.to_string()), span: word_at(text, start) }
    })
}

/// A text as an item of a list, in quotation marks where it would be read as something else.
pub(crate) fn written(text: &str) -> String {
    let is_plain = |ch: char| ch.is_alphanumeric() || matches!(ch, ' ' | '-' | '_' | '.' | '\'' | '&' | '/');
    let is_read = |text: &str| matches!(parse::<Vec<serde_json::Value>>(&format!("[{text}]")).as_deref(), Ok([serde_json::Value::String(read)]) if read == text);
    let plain = text.starts_with(char::is_alphanumeric) && text.chars().all(is_plain) && is_read(text);
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// Whether so many brackets are open at once that reading them takes quadratic time.
fn is_too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_DEPTH
    })
}

/// `serde_yaml` ends its messages with a position, which the span says better.
fn without_position(message: &str) -> String {
    let cut = message.rfind(" at line ").unwrap_or(message.len());
    message[..cut].to_owned()
}

fn word_at(text: &str, start: usize) -> Span {
    let rest = text.get(start..).unwrap_or_default();
    let len = rest.find([':', '\n', '\r', ',', '}', ']']).unwrap_or(rest.len());
    Span::new(start, start + rest[..len].trim_end().len())
}

/// A map in the order in which it is written. A key that is written twice is an error.
#[derive(Clone, Debug)]
pub(crate) struct Pairs<V>(pub Vec<(String, V)>);

impl<V> Default for Pairs<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, V: serde::Deserialize<'de>> serde::Deserialize<'de> for Pairs<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor<V>(std::marker::PhantomData<V>);
        impl<'de, V: serde::Deserialize<'de>> Visitor<'de> for PairsVisitor<V> {
            type Value = Pairs<V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                let mut seen = std::collections::HashSet::new();
                while let Some((key, value)) = map.next_entry::<String, V>()? {
                    if !seen.insert(key.clone()) {
                        return Err(serde::de::Error::custom(format!("`{key}` is written twice")));
                    }
                    pairs.push((key, value));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor(std::marker::PhantomData))
    }
}

#[cfg(feature = "cli")]
impl<V: schemars::JsonSchema> schemars::JsonSchema for Pairs<V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        std::collections::BTreeMap::<String, V>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        std::collections::BTreeMap::<String, V>::json_schema(generator)
    }
}

/// The JSON Schema of what is read as a type, under a title, as editors read it.
#[cfg(feature = "cli")]
pub(crate) fn schema<T: schemars::JsonSchema>(title: &str) -> String {
    let mut schema = schemars::schema_for!(T);
    schema.insert("title".into(), title.into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// One step of the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The value of a key.
    Value(String),
    /// The key itself.
    Key(String),
    /// An item of a list, from 0.
    Item(usize),
}

/// Where the value at the end of a path stands; the nearest value on the way there, if it is not
/// written.
#[must_use]
pub(crate) fn locate(text: &str, path: &[Step]) -> Span {
    let Some(mut node) = tree(text) else {
        return Span::new(0, 0);
    };
    let mut span = node.span;
    for step in path {
        let next = match (step, node.inside) {
            (Step::Item(index), Inside::List(items)) => items.into_iter().nth(*index),
            (Step::Value(key), Inside::Map(entries)) => {
                entries.into_iter().find(|(name, _)| name.scalar == *key).map(|(_, value)| value)
            }
            (Step::Key(key), Inside::Map(entries)) => {
                entries.into_iter().find(|(name, _)| name.scalar == *key).map(|(name, _)| name)
            }
            _ => None,
        };
        match next {
            Some(next) => {
                span = next.span;
                node = next;
            }
            None => break,
        }
    }
    // A list or map would underline half the file: its first line says enough.
    let shown = span.of(text);
    let line = shown.find('\n').map_or(shown, |end| &shown[..end]).trim_end();
    Span::new(span.start, span.start + line.len())
}

struct Node {
    span: Span,
    scalar: String,
    inside: Inside,
}

enum Inside {
    Scalar,
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

fn tree(text: &str) -> Option<Node> {
    // Marks count characters; offsets are bytes.
    let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |index: usize| offsets.get(index).copied().unwrap_or(text.len());
    let mut open: Vec<(Span, bool, Vec<Node>)> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, mark) = event.ok()?;
        let (start, end) = (byte(mark.start.index()), byte(mark.end.index()));
        let span = Span::new(start, end.max(start));
        let node = match event {
            Event::Scalar(value, ..) => Node { span, scalar: value.into_owned(), inside: Inside::Scalar },
            Event::Alias(..) => Node { span, scalar: String::new(), inside: Inside::Scalar },
            Event::SequenceStart(..) => {
                open.push((span, false, Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push((span, true, Vec::new()));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (begun, is_map, nodes) = open.pop()?;
                let inside = if is_map { Inside::Map(pairs(nodes)) } else { Inside::List(nodes) };
                Node { span: Span::new(begun.start, span.end.max(begun.start)), scalar: String::new(), inside }
            }
            _ => continue,
        };
        match open.last_mut() {
            Some((_, _, nodes)) => nodes.push(node),
            None => return Some(node),
        }
    }
    None
}

fn pairs(nodes: Vec<Node>) -> Vec<(Node, Node)> {
    let mut nodes = nodes.into_iter();
    let mut pairs = Vec::new();
    while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
        pairs.push((key, value));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_located_by_its_path() {
        let text = "é: 1\nrules:\n  - find: [\"a (\", b]\n    name: x\n";
        let path = [Step::Value("rules".into()), Step::Item(0), Step::Value("find".into()), Step::Item(0)];
        assert_eq!(locate(text, &path).of(text), "\"a (\"");
        let key = [Step::Value("rules".into()), Step::Item(0), Step::Key("name".into())];
        assert_eq!(locate(text, &key).of(text), "name");
    }
}
