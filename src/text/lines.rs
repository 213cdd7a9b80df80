use super::Span;

/// A place in a text as people count it: both numbers start at 1, columns count characters
/// (Unicode scalar values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// In what the columns of a [`Point`] are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// 16-bit units: a character beyond the first plane, as an emoji, counts twice.
    Utf16,
    /// Characters (Unicode scalar values).
    Utf32,
}

impl Encoding {
    /// How many units of it a text has.
    #[must_use]
    pub fn len(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 if text.is_ascii() => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }
}

/// A place in a text as programs count it: both numbers start at 0, columns count the units of an
/// [`Encoding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// The line, from 0.
    pub line: usize,
    /// The column in units, from 0.
    pub column: usize,
}

/// Where each line of a text starts. `\n`, `\r\n` and a lone `\r` end a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Reads the line starts of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(at + 1);
            }
        }
        Self { starts }
    }

    /// Follows a change of the text: `span` of the old text gave way to `inserted` bytes, which gave `text`.
    pub fn replace(&mut self, text: &str, span: Span, inserted: usize) {
        // A carriage return before the place may have been, or become, half of a line end.
        let first = self.line_of(span.start.saturating_sub(1));
        let last = self.line_of(span.end.saturating_add(1));
        let from = self.starts.get(first).copied().unwrap_or(0);
        let moved = |at: usize| (at + inserted).saturating_sub(span.len());
        let rest: Vec<usize> = self.starts.iter().skip(last + 1).map(|start| moved(*start)).collect();
        let to = rest.first().copied().unwrap_or(text.len());
        self.starts.truncate(first + 1);
        let between = Self::new(text.get(from..to).unwrap_or_default());
        self.starts.extend(between.starts.iter().skip(1).map(|start| from + start));
        // The first start after the window is the end of the window's last line as well.
        if rest.first().is_some_and(|start| self.starts.last() == Some(start)) {
            self.starts.pop();
        }
        self.starts.extend(rest);
    }

    /// How many lines there are; an empty text has one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line (from 0) that holds the byte at `offset`.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The bytes of a line (from 0) with its line end, if there is such a line.
    #[must_use]
    pub fn span(&self, text: &str, line: usize) -> Option<Span> {
        let start = *self.starts.get(line)?;
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        Some(Span::new(start, end))
    }

    /// The line and column of a byte offset in the text that this index was made from.
    ///
    /// ```
    /// use tonelint::text::{LineIndex, Position};
    /// let text = "Grüß Gott\nAnna";
    /// let lines = LineIndex::new(text);
    /// assert_eq!(lines.position(text, 7), Position { line: 1, column: 6 });
    /// ```
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let column = text.get(start..offset).map_or(0, |before| before.chars().count());
        Position { line: line + 1, column: column + 1 }
    }

    /// The byte offset of a line and column (both from 1); past a line's end it is the line's end.
    #[must_use]
    pub fn offset(&self, text: &str, position: Position) -> usize {
        let Some(span) = self.span(text, position.line.saturating_sub(1)) else {
            return text.len();
        };
        let line = span.of(text);
        let within = line.char_indices().nth(position.column.saturating_sub(1));
        span.start + within.map_or(line.len(), |(at, _)| at)
    }

    /// The line and column of a byte offset; one inside of a character counts as its start.
    ///
    /// ```
    /// use tonelint::text::{Encoding, LineIndex, Point};
    /// let text = "Hi 😀 Anna";
    /// let lines = LineIndex::new(text);
    /// let anna = text.len() - 4;
    /// assert_eq!(lines.point(text, anna, Encoding::Utf16), Point { line: 0, column: 6 });
    /// assert_eq!(lines.point(text, anna, Encoding::Utf32), Point { line: 0, column: 5 });
    /// ```
    #[must_use]
    pub fn point(&self, text: &str, offset: usize, encoding: Encoding) -> Point {
        let offset = boundary(text, offset);
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        Point { line, column: text.get(start..offset).map_or(0, |before| encoding.len(before)) }
    }

    /// The byte offset of a line and column. Past the end of its line it is before the line end, past
    /// the last line the end of the text, and inside of a character its start.
    #[must_use]
    pub fn offset_of(&self, text: &str, point: Point, encoding: Encoding) -> usize {
        let Some(span) = self.span(text, point.line) else {
            return text.len();
        };
        let line = span.of(text).trim_end_matches(['\n', '\r']);
        if encoding == Encoding::Utf8 || line.is_ascii() {
            return span.start + boundary(line, point.column);
        }
        let mut units = 0;
        for (at, ch) in line.char_indices() {
            units += if encoding == Encoding::Utf16 { ch.len_utf16() } else { 1 };
            if units > point.column {
                return span.start + at;
            }
        }
        span.start + line.len()
    }
}

/// The start of the character that an offset is in; the text's end for what lies after it.
fn boundary(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
