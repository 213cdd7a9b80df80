//! Bytes to text: what is read, under which name, and in which encoding.

use std::fmt;

use crate::text::LineIndex;

/// The largest input that is read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

/// One input: a name and its text, as written.
///
/// Offsets into [`Source::text`] are byte offsets into the input itself: of a byte order mark
/// they count the bytes too.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    lines: LineIndex,
    bom: usize,
}

/// Why bytes are not a text that can be linted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    kind: ErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ErrorKind {
    TooLarge(u64),
    Utf16,
    Binary(usize),
    NotUtf8(usize),
}

impl SourceError {
    /// The error for an input of so many bytes that it is not even read.
    #[must_use]
    pub fn too_large(bytes: u64) -> Self {
        Self { kind: ErrorKind::TooLarge(bytes) }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ErrorKind::TooLarge(bytes) => {
                write!(f, "too large to check: {bytes} bytes, at most {MAX_BYTES} are read")
            }
            ErrorKind::Utf16 => write!(f, "this is UTF-16; save it as UTF-8 to check it"),
            ErrorKind::Binary(at) => write!(f, "not a text: there is a zero byte at offset {at}"),
            ErrorKind::NotUtf8(at) => {
                write!(f, "not UTF-8: the byte at offset {at} begins no character")
            }
        }
    }
}

impl std::error::Error for SourceError {}

impl Source {
    /// Reads bytes as UTF-8, with or without a byte order mark.
    ///
    /// # Errors
    ///
    /// If the input is larger than [`MAX_BYTES`], is not UTF-8 or holds a zero byte.
    ///
    /// ```
    /// use tonelint::Source;
    /// let source = Source::new("draft.md", "Hi Anna,".as_bytes().to_vec())?;
    /// assert_eq!(source.text(), "Hi Anna,");
    /// # Ok::<(), tonelint::SourceError>(())
    /// ```
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, SourceError> {
        let kind = |kind| Err(SourceError { kind });
        if bytes.len() > MAX_BYTES {
            return Err(SourceError::too_large(bytes.len() as u64));
        }
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            return kind(ErrorKind::Utf16);
        }
        if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
            return kind(ErrorKind::Binary(at));
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => return kind(ErrorKind::NotUtf8(error.utf8_error().valid_up_to())),
        };
        let bom = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let lines = LineIndex::new(&text);
        Ok(Self { name: name.into(), text, lines, bom })
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
    pub fn position(&self, offset: usize) -> crate::text::Position {
        let mut position = self.lines.position(&self.text, offset);
        if position.line == 1 && self.bom > 0 && offset >= self.bom {
            position.column -= 1;
        }
        position
    }

    /// Where its lines start.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }
}
