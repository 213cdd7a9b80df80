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

/// Where each line of a text starts. `\n`, `\r\n` and a lone `\r` end a line.
#[derive(Clone, Debug)]
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
}
