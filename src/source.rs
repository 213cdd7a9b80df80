//! Bytes to text: what is read, under which name, and in which encoding.

use std::fmt;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::text::{LineIndex, Position, Span};

/// The largest input that can be read, in bytes.
pub const MAX_BYTES: usize = 1 << 30;
/// The largest input that a run reads where nobody says more, in bytes: its memory is many times that.
pub const DEFAULT_BYTES: usize = 64 << 20;

/// How much of a file is searched for the charset that it declares, in bytes.
const DECLARATION: usize = 4096;
/// How far apart the offsets are that are known without counting, in bytes of text.
const CHECKPOINT: usize = 1024;

/// One input: a name and its text, as written.
///
/// Offsets into [`Source::text`] are byte offsets into the input itself, a byte order mark
/// included, unless it [is transcoded](Source::is_transcoded).
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    lines: LineIndex,
    bom: usize,
    transcoded: Option<Transcoded>,
}

/// The way from a decoded text to the bytes of its file.
#[derive(Clone, Debug)]
struct Transcoded {
    charset: &'static Encoding,
    /// Offsets in the text and in the file, every [`CHECKPOINT`] bytes or so.
    checkpoints: Vec<(usize, usize)>,
}

/// Why bytes are not a text that can be linted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    kind: ErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ErrorKind {
    TooLarge(u64, usize),
    Malformed(&'static str),
    Binary(usize),
    NotUtf8(usize),
}

impl SourceError {
    /// The error for an input of so many bytes that it is not even read; `most` is the limit.
    #[must_use]
    pub fn too_large(bytes: u64, most: usize) -> Self {
        Self { kind: ErrorKind::TooLarge(bytes, most) }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ErrorKind::TooLarge(bytes, most) => {
                write!(f, "too large to check: {bytes} bytes, at most {most} are read")?;
                if most < MAX_BYTES && bytes <= MAX_BYTES as u64 {
                    f.write_str(" (see --max-file-size)")
                } else {
                    Ok(())
                }
            }
            ErrorKind::Malformed(charset) => write!(f, "declared as {charset}, but some of its bytes are not"),
            ErrorKind::Binary(at) => write!(f, "not a text: there is a zero byte at offset {at}"),
            ErrorKind::NotUtf8(at) => {
                write!(f, "not UTF-8: the byte at offset {at} begins no character")
            }
        }
    }
}

impl std::error::Error for SourceError {}

impl Source {
    /// Reads bytes: UTF-8 with or without a byte order mark, UTF-16 with one, or in the charset that
    /// the text declares in its head (`charset=…`, as HTML and mail do).
    ///
    /// # Errors
    ///
    /// If the input is larger than [`MAX_BYTES`], or is no text in any of these.
    ///
    /// ```
    /// use tonelint::Source;
    /// let source = Source::new("draft.md", "Hi Anna,".as_bytes().to_vec())?;
    /// assert_eq!(source.text(), "Hi Anna,");
    /// # Ok::<(), tonelint::SourceError>(())
    /// ```
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, SourceError> {
        if bytes.len() > MAX_BYTES {
            return Err(SourceError::too_large(bytes.len() as u64, MAX_BYTES));
        }
        for (mark, charset) in [([0xFF, 0xFE], UTF_16LE), ([0xFE, 0xFF], UTF_16BE)] {
            if let Some(rest) = bytes.strip_prefix(&mark) {
                return Self::transcoded(name.into(), rest, mark.len(), charset);
            }
        }
        if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
            return Err(SourceError { kind: ErrorKind::Binary(at) });
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                return match declared(&bytes) {
                    Some(charset) => Self::transcoded(name.into(), &bytes, 0, charset),
                    None => Err(SourceError { kind: ErrorKind::NotUtf8(at) }),
                };
            }
        };
        let bom = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let lines = LineIndex::new(&text);
        Ok(Self { name: name.into(), text, lines, bom, transcoded: None })
    }

    fn transcoded(name: String, bytes: &[u8], skipped: usize, charset: &'static Encoding) -> Result<Self, SourceError> {
        let Some(text) = charset.decode_without_bom_handling_and_without_replacement(bytes) else {
            return Err(SourceError { kind: ErrorKind::Malformed(charset.name()) });
        };
        let text = text.into_owned();
        if let Some(at) = text.find('\0') {
            return Err(SourceError { kind: ErrorKind::Binary(at) });
        }
        let mut checkpoints = vec![(0, skipped)];
        let (mut last, mut file) = (0, skipped);
        for (at, ch) in text.char_indices() {
            if at >= last + CHECKPOINT {
                checkpoints.push((at, file));
                last = at;
            }
            file += encoded_len(ch, charset);
        }
        let lines = LineIndex::new(&text);
        Ok(Self { name, text, lines, bom: 0, transcoded: Some(Transcoded { charset, checkpoints }) })
    }

    /// Whether the file is in another encoding than UTF-8, so that offsets of its text are not those
    /// of its bytes.
    #[must_use]
    pub fn is_transcoded(&self) -> bool {
        self.transcoded.is_some()
    }

    /// The bytes of the file that a span of the text was read from.
    #[must_use]
    pub fn file_span(&self, span: Span) -> Span {
        let Some(transcoded) = &self.transcoded else { return span };
        let offset = |at: usize| {
            let index = transcoded.checkpoints.partition_point(|(text, _)| *text <= at).saturating_sub(1);
            let (text, file) = transcoded.checkpoints.get(index).copied().unwrap_or_default();
            let between = self.text.get(text..at).unwrap_or_default();
            file + between.chars().map(|ch| encoded_len(ch, transcoded.charset)).sum::<usize>()
        };
        Span::new(offset(span.start), offset(span.end))
    }

    /// The name that it is reported under, usually its path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, a byte order mark included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Byte offset of the text after the byte order mark; 0 where there is none.
    #[must_use]
    pub fn content_start(&self) -> usize {
        self.bom
    }

    /// Line and column (in characters, from 1) of a byte offset. A byte order mark is no column.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let mut position = self.lines.position(&self.text, offset);
        if position.line == 1 && self.bom > 0 && offset >= self.bom {
            position.column -= 1;
        }
        position
    }

    /// A message about a byte offset, its line and column before it. What lies after the end is at the end.
    ///
    /// ```
    /// use tonelint::Source;
    /// let source = Source::new("draft.md", b"Hi,\nAnna".to_vec())?;
    /// assert_eq!(source.located(4, "no comma"), "line 2, column 1: no comma");
    /// # Ok::<(), tonelint::SourceError>(())
    /// ```
    #[must_use]
    pub fn located(&self, offset: usize, message: &str) -> String {
        let at = self.position(offset.min(self.text.len()));
        format!("line {}, column {}: {message}", at.line, at.column)
    }

    /// The byte offset in the text of a line and column, as [`Source::position`] counts them.
    #[must_use]
    pub fn offset(&self, position: Position) -> usize {
        let mark = usize::from(position.line == 1 && self.bom > 0);
        self.lines.offset(&self.text, Position { column: position.column + mark, ..position })
    }

    /// Where its lines start.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }
}

/// The charset that a file declares in its head, if it is one that is known.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..DECLARATION).unwrap_or(bytes)).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=").or_else(|| head.split_once("encoding="))?;
    let label = rest.trim_start_matches(['"', '\'', ' ']);
    let end = label
        .find(|ch: char| !(ch.is_ascii_alphanumeric() || matches!(ch, '-' | '_' | ':' | '.')))
        .unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end]).filter(|charset| *charset != UTF_8)
}

/// How many bytes a character takes in a charset.
fn encoded_len(ch: char, charset: &'static Encoding) -> usize {
    if charset == UTF_16LE || charset == UTF_16BE {
        return ch.len_utf16() * 2;
    }
    if ch.is_ascii() {
        return 1;
    }
    let mut buffer = [0; 4];
    charset.encode(ch.encode_utf8(&mut buffer)).0.len()
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on should say where")]
mod tests {
    use super::*;

    #[test]
    fn spans_are_those_of_the_file_in_any_encoding() {
        let text = "Größe 😀 ende ".repeat(400);
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let source = Source::new("a.txt", utf16.clone()).expect("UTF-16");
        let at = text.rfind("ende").unwrap_or_default();
        let span = source.file_span(Span::new(at, at + 4));
        let wanted: Vec<u8> = "ende".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(utf16.get(span.start..span.end), Some(&wanted[..]));

        let html = b"<meta charset=windows-1252><p>Sch\xf6n, sorry".to_vec();
        let source = Source::new("a.html", html.clone()).expect("declared");
        let at = source.text().find("sorry").unwrap_or_default();
        let span = source.file_span(Span::new(at, at + 5));
        assert_eq!(html.get(span.start..span.end), Some(&b"sorry"[..]));
        assert!(Source::new("a.txt", b"caf\xe9".to_vec()).is_err());
        assert!(Source::new("a.txt", vec![0xFF, 0xFE, 0x41]).is_err());
    }
}
