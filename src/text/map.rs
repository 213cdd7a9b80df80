use super::Span;

/// A text derived from another, with the way back: every byte knows which bytes of the original
/// it came from.
///
/// A piece is either verbatim (byte for byte the original's) or whole (it stands for a span of the
/// original as one, such as an entity or a decomposed letter).
#[derive(Clone, Debug, Default)]
pub struct Mapped {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    at: usize,
    origin: Span,
    verbatim: bool,
}

impl Mapped {
    /// The derived text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Length of the derived text in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing has been derived.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Appends text that is, byte for byte in length, the original's from `origin` on.
    pub fn push_verbatim(&mut self, text: &str, origin: usize) {
        if text.is_empty() {
            return;
        }
        let continues = self.pieces.last().is_some_and(|last| last.verbatim && last.origin.end == origin);
        match self.pieces.last_mut() {
            Some(last) if continues => last.origin.end += text.len(),
            _ => self.pieces.push(Piece {
                at: self.text.len(),
                origin: Span::new(origin, origin + text.len()),
                verbatim: true,
            }),
        }
        self.text.push_str(text);
    }

    /// Appends text that stands for the whole of `origin`.
    pub fn push_whole(&mut self, text: &str, origin: Span) {
        if text.is_empty() {
            return;
        }
        self.pieces.push(Piece { at: self.text.len(), origin, verbatim: false });
        self.text.push_str(text);
    }

    /// The span of the original that a span of the derived text came from.
    ///
    /// Both ends lie on character boundaries of the original if those of `span` do here.
    #[must_use]
    pub fn origin(&self, span: Span) -> Span {
        let start = self.edge(span.start, false);
        if span.is_empty() {
            return Span::new(start, start);
        }
        let end = self.edge(span.end, true);
        Span::new(start.min(end), end)
    }

    fn edge(&self, at: usize, ends: bool) -> usize {
        // An end belongs to the piece before it, a start to the piece after it.
        let probe = if ends { at.saturating_sub(1) } else { at };
        let index = self.pieces.partition_point(|piece| piece.at <= probe);
        let Some(piece) = index.checked_sub(1).and_then(|index| self.pieces.get(index)) else {
            return 0;
        };
        if piece.verbatim {
            (piece.origin.start + (at - piece.at)).min(piece.origin.end)
        } else if ends || at >= self.text.len() {
            piece.origin.end
        } else {
            piece.origin.start
        }
    }

    /// Whether a span of the derived text stands in the original letter for letter, with nothing
    /// of another kind (markup, an escape) between.
    #[must_use]
    pub fn is_verbatim(&self, span: Span, original: &str) -> bool {
        self.origin(span).of(original) == span.of(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Mapped, Span};

    #[test]
    fn maps_through_an_entity_and_markup() {
        // original: "we&rsquo;re **sorry**"
        let mut mapped = Mapped::default();
        mapped.push_verbatim("we", 0);
        mapped.push_whole("’", Span::new(2, 9));
        mapped.push_verbatim("re ", 9);
        mapped.push_verbatim("sorry", 14);
        assert_eq!(mapped.origin(Span::new(0, 5)), Span::new(0, 9));
        assert_eq!(mapped.origin(Span::new(0, 7)), Span::new(0, 11));
        assert_eq!(mapped.origin(Span::new(8, 13)), Span::new(14, 19));
        assert!(!mapped.is_verbatim(Span::new(0, 7), "we&rsquo;re **sorry**"));
        assert!(mapped.is_verbatim(Span::new(8, 13), "we&rsquo;re **sorry**"));
    }
}
