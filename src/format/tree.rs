//! JSON and YAML as one tree of texts, each of which knows where its characters stand.

use jsonc_parser::ast::Value;
use jsonc_parser::{CollectOptions, ParseOptions};
use saphyr_parser::{Event, Parser, ScalarStyle};

use super::FormatError;
use crate::reply::Writing;
use crate::text::{Mapped, Span};

/// How deep lists and maps may stand in each other.
const MAX_DEPTH: usize = 128;

/// A value of a JSON or YAML file.
#[derive(Debug)]
pub(super) enum Tree {
    /// A text, decoded, and how it is written.
    Text(Mapped, Writing),
    /// A number, a truth value or nothing, as written.
    Other(String),
    List(Vec<Tree>),
    /// In the order of the file.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// The value of a key, if this is a map that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Tree> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Every value, with the span of its text where it is one; keys and lists are told by their names.
    pub(super) fn leaves(&self) -> Vec<(Span, String)> {
        let mut leaves = Vec::new();
        self.gather(&mut leaves);
        leaves
    }

    fn gather(&self, leaves: &mut Vec<(Span, String)>) {
        let nowhere = Span::new(0, 0);
        match self {
            Self::Text(text, _) => {
                leaves.push((text.origin(Span::new(0, text.len())), text.text().to_owned()));
            }
            Self::Other(written) => leaves.push((nowhere, written.clone())),
            Self::List(items) => {
                leaves.push((nowhere, format!("[{}]", items.len())));
                items.iter().for_each(|item| item.gather(leaves));
            }
            Self::Map(entries) => {
                leaves.push((nowhere, format!("{{{}}}", entries.len())));
                for (key, value) in entries {
                    leaves.push((nowhere, key.clone()));
                    value.gather(leaves);
                }
            }
        }
    }

    /// The text, or what else is written.
    pub(super) fn written(&self) -> Option<&str> {
        match self {
            Self::Text(text, _) => Some(text.text()),
            Self::Other(written) => Some(written),
            _ => None,
        }
    }
}

/// Reads JSON, with comments and trailing commas where there are any.
pub(super) fn json(text: &str) -> Result<Tree, FormatError> {
    let parsed = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
    match parsed {
        Ok(parsed) => {
            let ascii = text.is_ascii();
            Ok(parsed.value.map_or(Tree::Other(String::new()), |value| of_json(value, text, ascii)))
        }
        Err(error) => Err(FormatError {
            message: format!("this is no JSON: {}", lower(&error.kind().to_string())),
            at: error.range().start,
        }),
    }
}

fn lower(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn of_json(value: Value<'_>, text: &str, ascii: bool) -> Tree {
    match value {
        Value::StringLit(literal) => {
            let inner =
                Span::new(literal.range.start + 1, literal.range.end.saturating_sub(1).max(literal.range.start + 1));
            Tree::Text(escapes(inner.of(text), inner.start), Writing::Json { ascii })
        }
        Value::NumberLit(number) => Tree::Other(number.value.to_owned()),
        Value::BooleanLit(truth) => Tree::Other(truth.value.to_string()),
        Value::NullKeyword(_) => Tree::Other("null".into()),
        Value::Array(array) => {
            Tree::List(array.elements.into_iter().map(|value| of_json(value, text, ascii)).collect())
        }
        Value::Object(object) => {
            let entries = object.properties.into_iter();
            Tree::Map(entries.map(|entry| (entry.name.into_string(), of_json(entry.value, text, ascii))).collect())
        }
    }
}

/// The inside of a JSON string, decoded.
fn escapes(raw: &str, origin: usize) -> Mapped {
    let mut mapped = Mapped::default();
    let mut at = 0;
    while let Some(found) = raw[at..].find('\\') {
        let start = at + found;
        mapped.push_verbatim(&raw[at..start], origin + at);
        let (ch, len) = escape(&raw[start..]);
        let len = len.min(raw.len() - start);
        mapped.push_whole(ch.encode_utf8(&mut [0; 4]), Span::new(origin + start, origin + start + len));
        at = start + len;
    }
    mapped.push_verbatim(&raw[at..], origin + at);
    mapped
}

/// The character that an escape stands for, and its length in bytes.
fn escape(rest: &str) -> (char, usize) {
    let unit = |at: usize| rest.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let Some(kind) = rest[1..].chars().next() else { return ('\u{FFFD}', 1) };
    let simple = match kind {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{C}',
        'u' => {
            let Some(first) = unit(2) else { return ('\u{FFFD}', 2) };
            let pair = rest.get(6..8) == Some("\\u");
            if let (0xD800..=0xDBFF, true, Some(second @ 0xDC00..=0xDFFF)) = (first, pair, unit(8)) {
                let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return (char::from_u32(code).unwrap_or('\u{FFFD}'), 12);
            }
            return (char::from_u32(first).unwrap_or('\u{FFFD}'), 6);
        }
        other => other,
    };
    (simple, 1 + kind.len_utf8())
}

/// Reads YAML; of several documents, all. An alias is no text of its own: it is read at its anchor.
pub(super) fn yaml(text: &str) -> Result<Tree, FormatError> {
    // Marks count characters; offsets are bytes.
    let offsets: Vec<usize> =
        if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
    let byte = |index: usize| {
        if offsets.is_empty() { index.min(text.len()) } else { offsets.get(index).copied().unwrap_or(text.len()) }
    };
    let mut open: Vec<(bool, Vec<Tree>)> = Vec::new();
    let mut documents = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, mark) = event.map_err(|error| FormatError {
            message: format!("this is no YAML: {}", error.info()),
            at: byte(error.marker().index()),
        })?;
        let span = Span::new(byte(mark.start.index()), byte(mark.end.index()).max(byte(mark.start.index())));
        let tree = match event {
            Event::Scalar(value, style, ..) => scalar(text, span, &value, style),
            Event::Alias(..) => Tree::Other(String::new()),
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() >= MAX_DEPTH {
                    let message = format!("lists and maps stand more than {MAX_DEPTH} deep in each other");
                    return Err(FormatError { message, at: span.start });
                }
                open.push((matches!(event, Event::MappingStart(..)), Vec::new()));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some((true, values)) => Tree::Map(entries(values)),
                Some((false, values)) => Tree::List(values),
                None => continue,
            },
            _ => continue,
        };
        match open.last_mut() {
            Some((_, values)) => values.push(tree),
            None => documents.push(tree),
        }
    }
    Ok(if documents.len() == 1 { documents.remove(0) } else { Tree::List(documents) })
}

fn entries(values: Vec<Tree>) -> Vec<(String, Tree)> {
    let mut values = values.into_iter();
    let mut entries = Vec::new();
    while let (Some(key), Some(value)) = (values.next(), values.next()) {
        entries.push((key.written().unwrap_or_default().to_owned(), value));
    }
    entries
}

fn scalar(text: &str, span: Span, value: &str, style: ScalarStyle) -> Tree {
    let raw = span.of(text);
    let is_other = style == ScalarStyle::Plain
        && (value.parse::<f64>().is_ok()
            || matches!(value, "" | "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off"));
    if is_other {
        return Tree::Other(value.to_owned());
    }
    // The header of a block scalar, or the quote.
    let skip = match style {
        ScalarStyle::Literal | ScalarStyle::Folded if is_block_header(raw) => {
            raw.find('\n').map_or(raw.len(), |end| end + 1)
        }
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => 1.min(raw.len()),
        _ => 0,
    };
    let writing = match style {
        ScalarStyle::Plain => Writing::YamlPlain,
        ScalarStyle::SingleQuoted => Writing::YamlSingle,
        ScalarStyle::DoubleQuoted => Writing::YamlDouble,
        ScalarStyle::Literal | ScalarStyle::Folded => Writing::YamlBlock,
    };
    Tree::Text(align(&raw[skip..], span.start + skip, value, style), writing)
}

/// Whether the source of a block scalar begins with its header, and not with a text that looks like one.
fn is_block_header(raw: &str) -> bool {
    let line = raw.split(['\n', '\r']).next().unwrap_or_default();
    let Some(rest) = line.strip_prefix(['|', '>']) else { return false };
    let rest = rest.trim_start_matches(|ch: char| ch.is_ascii_digit() || matches!(ch, '+' | '-')).trim_start();
    rest.is_empty() || rest.starts_with('#')
}

/// Sets a decoded scalar beside what is written: white space against white space, each escape
/// against its character, all else letter for letter.
fn align(raw: &str, origin: usize, value: &str, style: ScalarStyle) -> Mapped {
    let mut mapped = Mapped::default();
    let mut at = space(raw, style) * usize::from(!value.starts_with(char::is_whitespace));
    let mut rest = value;
    while let Some(ch) = rest.chars().next() {
        if ch.is_whitespace() {
            let run = rest.find(|ch: char| !ch.is_whitespace()).unwrap_or(rest.len());
            let len = space(&raw[at..], style);
            push(&mut mapped, &rest[..run], &raw[at..at + len], origin + at);
            at += len;
            rest = &rest[run..];
            continue;
        }
        let here = &raw[at..];
        let len = match style {
            ScalarStyle::SingleQuoted if here.starts_with("''") => 2,
            ScalarStyle::DoubleQuoted if here.starts_with('\\') => {
                let joined = space(here, style);
                if joined > 0 {
                    at += joined;
                    continue;
                }
                escape_len(here)
            }
            _ if here.starts_with(ch) => ch.len_utf8(),
            _ => {
                // Not to be set side by side: what is left stands for what is left.
                mapped.push_whole(rest, Span::new(origin + at, origin + raw.len()));
                return mapped;
            }
        };
        let len = len.min(here.len());
        push(&mut mapped, &rest[..ch.len_utf8()], &here[..len], origin + at);
        at += len;
        rest = &rest[ch.len_utf8()..];
    }
    mapped
}

fn push(mapped: &mut Mapped, text: &str, raw: &str, origin: usize) {
    if text == raw {
        mapped.push_verbatim(text, origin);
    } else {
        mapped.push_whole(text, Span::new(origin, origin + raw.len()));
    }
}

/// Bytes of the white space that a scalar's source begins with, escaped white space included.
fn space(raw: &str, style: ScalarStyle) -> usize {
    let mut at = 0;
    loop {
        let rest = &raw[at..];
        let Some(ch) = rest.chars().next() else { return at };
        if ch.is_whitespace() {
            at += ch.len_utf8();
        } else if style == ScalarStyle::DoubleQuoted
            && ch == '\\'
            && rest[1..].starts_with(['n', 't', 'r', ' ', '\n', '\r', '_', 'N', 'L', 'P'])
        {
            at += 2;
        } else {
            return at;
        }
    }
}

fn escape_len(rest: &str) -> usize {
    match rest[1..].chars().next() {
        Some('x') => 4,
        Some('u') => 6,
        Some('U') => 10,
        Some(other) => 1 + other.len_utf8(),
        None => 1,
    }
}
