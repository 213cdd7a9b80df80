//! How a text has to be written at a place of a file, so that a customer reads it as it is.

use encoding_rs::Encoding;

use crate::text::Span;

/// The longest line of quoted-printable text, in bytes (RFC 2045, section 6.7).
const QUOTED_PRINTABLE_LINE: usize = 76;

/// What the signs around a text make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Plain text: only what stands at the head of a line has a meaning.
    Plain,
    /// Markdown: signs of emphasis, links and code are not written, because a helpdesk that shows them
    /// as they are would show their escapes too.
    Markdown,
    /// The text of an HTML element.
    Html,
    /// The value of an HTML attribute.
    Attribute,
    /// A JSON string; where the file is ASCII, other letters are written as escapes.
    Json {
        /// Whether the whole file is ASCII.
        ascii: bool,
    },
    /// A YAML scalar without quotes.
    YamlPlain,
    /// A YAML scalar in single quotes.
    YamlSingle,
    /// A YAML scalar in double quotes.
    YamlDouble,
    /// A YAML block scalar (`|`, `>`).
    YamlBlock,
    /// A field of a table.
    Field {
        /// What stands between two fields.
        delimiter: char,
        /// Whether it stands between quotes.
        quoted: bool,
    },
    /// A header of a mail, or a part that holds ASCII only.
    Ascii,
    /// A part of a mail in quoted-printable.
    QuotedPrintable(&'static Encoding),
    /// An encoding that is not written, such as base64.
    Sealed,
}

/// A text, ready to be put into its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The text as it has to be written.
    pub text: String,
    /// What has to be put between double quotes for it, as a span of the file.
    pub quotes: Option<Span>,
}

/// A text written for the place of `span` in a file, by each of `writings` from the innermost to the
/// outermost; `None` where that cannot be done without a change of what stands around it.
#[must_use]
pub(super) fn write(text: &str, writings: &[Writing], source: &str, span: Span) -> Option<Written> {
    if text.contains(['\n', '\r']) {
        return None;
    }
    let mut written = Written { text: text.to_owned(), quotes: None };
    for writing in writings {
        written = writing.of(written, source, span)?;
    }
    Some(written)
}

impl Writing {
    fn of(self, written: Written, source: &str, span: Span) -> Option<Written> {
        let Written { text, quotes } = written;
        let before = source.get(..span.start)?;
        let after = source.get(span.end..)?;
        let text = match self {
            Self::Plain => (!begins_a_line(before) || !is_line_sign(&text)).then_some(text),
            Self::Markdown => {
                let has_signs =
                    text.contains(['*', '_', '`', '[', ']', '<', '>', '\\', '|', '~']) || is_reference(&text);
                let heads_a_line = begins_a_line(before) && is_line_sign(&text);
                (!has_signs && !heads_a_line).then_some(text)
            }
            Self::Html => Some(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")),
            Self::Attribute => {
                let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                Some(text.replace('"', "&quot;").replace('\'', "&#39;"))
            }
            Self::Json { ascii } => Some(json(&text, ascii)),
            Self::YamlPlain => fits_plain(&text, before, after).then_some(text),
            Self::YamlSingle => Some(text.replace('\'', "''")),
            Self::YamlDouble => Some(text.replace('\\', "\\\\").replace('"', "\\\"")),
            Self::YamlBlock => Some(text),
            Self::Field { quoted: true, .. } => {
                let starts = before.ends_with('"') && is_formula(&text);
                (!starts).then(|| text.replace('"', "\"\""))
            }
            Self::Field { delimiter, quoted: false } => {
                let ends = [delimiter, '\n', '\r'];
                let start = before.rfind(ends).map_or(0, |at| at + 1);
                let cell = Span::new(start, span.end + after.find(ends).unwrap_or(after.len()));
                if (start == span.start && is_formula(&text)) || cell.of(source).contains('"') {
                    return None;
                }
                if text.contains(ends) || text.contains('"') {
                    return Some(Written { text: text.replace('"', "\"\""), quotes: Some(cell) });
                }
                Some(text)
            }
            Self::Ascii => text.is_ascii().then_some(text),
            Self::QuotedPrintable(charset) => quoted_printable(&text, charset, before, after),
            Self::Sealed => None,
        };
        text.map(|text| Written { text, quotes })
    }
}

/// Whether what follows begins a line, as far as lists and quotes go.
fn begins_a_line(before: &str) -> bool {
    before.trim_end_matches([' ', '\t']).is_empty() || before.trim_end_matches([' ', '\t']).ends_with(['\n', '\r'])
}

/// Whether a text at the head of a line would make the line a heading, a list item or a quote.
fn is_line_sign(text: &str) -> bool {
    let digits = text.trim_start_matches(|ch: char| ch.is_ascii_digit());
    text.starts_with(['#', '-', '+', '*', '=', '>', ' ', '\t', '•', '–', '|'])
        || (digits.len() < text.len() && digits.starts_with(['.', ')']))
}

/// Whether a text holds what is read as a character reference.
fn is_reference(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches(|ch: char| ch.is_ascii_alphanumeric() || ch == '#');
        rest.len() + 1 < text.len() - at && rest.starts_with(';')
    })
}

/// Whether a spreadsheet would take a cell that begins so for a formula.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t'])
}

fn json(text: &str, ascii: bool) -> String {
    let mut written = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\t' => written.push_str("\\t"),
            ch if u32::from(ch) < 0x20 || (ascii && !ch.is_ascii()) => {
                for unit in ch.encode_utf16(&mut [0; 2]) {
                    written.push_str(&format!("\\u{unit:04x}"));
                }
            }
            ch => written.push(ch),
        }
    }
    written
}

/// Whether a text may stand in a scalar without quotes (YAML 1.2.2, section 7.3.3).
fn fits_plain(text: &str, before: &str, after: &str) -> bool {
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default().trim_end();
    let starts = line.is_empty() || line.ends_with([':', '-', ',', '[', '{', '?']);
    let ends = after.is_empty() || after.starts_with(['\n', '\r']) || after.starts_with(" #");
    let first = text.chars().next();
    let is_word = first.is_some_and(char::is_alphabetic);
    let is_keyword = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        .iter()
        .any(|word| text.trim_end_matches('.').eq_ignore_ascii_case(word));
    let has_signs = text.contains(": ") || text.contains(" #") || text.ends_with(':') || text.contains('\t');
    let in_flow = text.contains([',', '[', ']', '{', '}']) && is_in_brackets(before);
    let joins_comment = text.starts_with('#') && before.ends_with(' ');
    !(has_signs || in_flow || joins_comment || (starts && !is_word) || (starts && ends && is_keyword))
        && !(ends && text.ends_with(' '))
}

/// Whether a bracket is open on the line or before it; a bracket in a text counts too, so it is the
/// careful answer.
fn is_in_brackets(before: &str) -> bool {
    let count = |sign: char| before.matches(sign).count();
    count('[') > count(']') || count('{') > count('}')
}

fn quoted_printable(text: &str, charset: &'static Encoding, before: &str, after: &str) -> Option<String> {
    let (bytes, _, unmappable) = charset.encode(text);
    if unmappable {
        return None;
    }
    let line_end = if before.contains("\r\n") { "\r\n" } else { "\n" };
    let mut column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let rest = after.find(['\r', '\n']).unwrap_or(after.len());
    let mut written = String::with_capacity(bytes.len());
    let last = bytes.len().saturating_sub(1);
    for (index, byte) in bytes.iter().enumerate() {
        let literal = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (*byte == b' ' && (index < last || rest > 0));
        let sign = if literal { char::from(*byte).to_string() } else { format!("={byte:02X}") };
        if column + sign.len() >= QUOTED_PRINTABLE_LINE {
            written.push('=');
            written.push_str(line_end);
            column = 0;
        }
        column += sign.len();
        written.push_str(&sign);
    }
    if rest > 0 && column + rest > QUOTED_PRINTABLE_LINE {
        written.push('=');
        written.push_str(line_end);
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(text: &str, writing: Writing, before: &str, after: &str) -> Option<String> {
        let source = format!("{before}old{after}");
        let span = Span::new(before.len(), before.len() + 3);
        write(text, &[writing], &source, span).map(|written| written.text)
    }

    #[test]
    fn each_place_asks_for_its_own_signs() {
        let said = "a \"b\" & <c>";
        assert_eq!(put(said, Writing::Html, "<p>", "</p>").as_deref(), Some("a \"b\" &amp; &lt;c&gt;"));
        assert_eq!(
            put(said, Writing::Attribute, "<a title='", "'>").as_deref(),
            Some("a &quot;b&quot; &amp; &lt;c&gt;")
        );
        assert_eq!(put("é \"b\"", Writing::Json { ascii: true }, "\"", "\"").as_deref(), Some("\\u00e9 \\\"b\\\""));
        assert_eq!(put("it's", Writing::YamlSingle, "a: '", "'").as_deref(), Some("it''s"));
        for (text, fits) in
            [("note: this", false), ("a #b", false), ("yes", false), ("- x", false), ("fine, it's", true)]
        {
            assert_eq!(put(text, Writing::YamlPlain, "a: ", "\n").is_some(), fits, "{text}");
        }
        assert_eq!(put("a, b", Writing::YamlPlain, "x: [", "]\n"), None);
        assert_eq!(put("=1", Writing::Field { delimiter: ',', quoted: true }, "1,\"", "\""), None);
        assert_eq!(put("a*b", Writing::Markdown, "", ""), None);
        assert_eq!(put("1. so", Writing::Plain, "a\n", " b"), None);
        assert_eq!(put("1. so", Writing::Plain, "a ", " b").as_deref(), Some("1. so"));
    }

    #[test]
    fn a_field_gets_its_quotes_when_it_needs_them() {
        let source = "1,old words,x\n";
        let written = write("so, now", &[Writing::Field { delimiter: ',', quoted: false }], source, Span::new(2, 5));
        assert_eq!(written, Some(Written { text: "so, now".into(), quotes: Some(Span::new(2, 11)) }));
    }

    #[test]
    fn quoted_printable_lines_stay_short() {
        let before = format!("{} ", "x".repeat(60));
        let written = put(&"é=".repeat(10), Writing::QuotedPrintable(encoding_rs::UTF_8), &before, " end\n");
        let written = written.unwrap_or_default();
        assert!(format!("{before}{written} end").lines().all(|line| line.len() <= 76), "{written}");
        assert_eq!(put("請", Writing::QuotedPrintable(encoding_rs::WINDOWS_1252), "a ", "\n"), None);
    }
}
