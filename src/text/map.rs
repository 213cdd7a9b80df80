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

    /// Appends text that came from `origin`: verbatim where it stands so in `original`, or else as a whole.
    pub fn push(&mut self, text: &str, origin: Span, original: &str) {
        if origin.of(original) == text {
            self.push_verbatim(text, origin.start);
        } else {
            self.push_whole(text, origin);
        }
    }

    /// Appends another text derived from the same original.
    pub fn append(&mut self, other: &Mapped) {
        for (index, piece) in other.pieces.iter().enumerate() {
            let end = other.pieces.get(index + 1).map_or(other.text.len(), |next| next.at);
            let text = &other.text[piece.at..end];
            if piece.verbatim {
                self.push_verbatim(text, piece.origin.start);
            } else {
                self.push_whole(text, piece.origin);
            }
        }
    }

    /// The stretches of the derived text with the spans of the original that they came from, in order.
    pub fn pieces(&self) -> impl Iterator<Item = (Span, Span)> + '_ {
        self.pieces.iter().enumerate().map(|(index, piece)| {
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |next| next.at);
            (Span::new(piece.at, end), piece.origin)
        })
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

    /// The span of the derived text that came from a span of the original: `Some(None)` where none of
    /// it did, `None` where the original's span parts a piece that stands for its origin as a whole.
    #[must_use]
    pub fn derived(&self, origin: Span) -> Option<Option<Span>> {
        let mut found: Option<Span> = None;
        for (here, there) in self.pieces() {
            let piece = if there.is_empty() || origin.is_empty() || !there.overlaps(origin) {
                continue;
            } else if origin.contains(there) {
                here
            } else if here.len() == there.len() {
                let start = here.start + origin.start.saturating_sub(there.start);
                Span::new(start, here.end - there.end.saturating_sub(origin.end))
            } else {
                return None;
            };
            found = Some(found.map_or(piece, |known| known.cover(piece)));
        }
        Some(found)
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

    /// The same text, mapped through `outer` to what that was derived from in turn. The original of
    /// this text is the derived text of `outer`.
    #[must_use]
    pub fn over(&self, outer: &Mapped) -> Mapped {
        let mut mapped = Mapped { text: String::with_capacity(self.text.len()), pieces: Vec::new() };
        for (index, piece) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |next| next.at);
            let text = &self.text[piece.at..end];
            if !piece.verbatim {
                mapped.push_whole(text, outer.origin(piece.origin));
                continue;
            }
            let mut at = piece.origin.start;
            while at < piece.origin.end {
                let next = outer.pieces.partition_point(|one| one.at <= at);
                let until = outer.pieces.get(next).map_or(outer.text.len(), |one| one.at).min(piece.origin.end);
                let part = &text[at - piece.origin.start..until - piece.origin.start];
                let origin = outer.origin(Span::new(at, until));
                match next.checked_sub(1).and_then(|known| outer.pieces.get(known)) {
                    Some(known) if known.verbatim => mapped.push_verbatim(part, origin.start),
                    _ => mapped.push_whole(part, origin),
                }
                at = until;
            }
        }
        mapped
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
    fn maps_through_two_derivations() {
        // file: "a&amp;b c" holds "a&b c", of which "b" and "c" are prose.
        let mut outer = Mapped::default();
        outer.push_verbatim("a", 0);
        outer.push_whole("&", Span::new(1, 6));
        outer.push_verbatim("b c", 6);
        let mut inner = Mapped::default();
        inner.push_verbatim("a&b", 0);
        inner.push_whole("C", Span::new(4, 5));
        let mapped = inner.over(&outer);
        assert_eq!(mapped.text(), "a&bC");
        assert_eq!(mapped.origin(Span::new(1, 2)), Span::new(1, 6));
        assert_eq!(mapped.origin(Span::new(2, 3)), Span::new(6, 7));
        assert_eq!(mapped.origin(Span::new(3, 4)), Span::new(8, 9));
    }

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
