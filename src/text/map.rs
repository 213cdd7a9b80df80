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

/// Sixteen bytes, for a long text has many; offsets fit into four, because no input has more than 1 GiB.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: u32,
    start: u32,
    end: u32,
    verbatim: bool,
}

impl Piece {
    fn new(at: usize, origin: Span, verbatim: bool) -> Self {
        Self { at: small(at), start: small(origin.start), end: small(origin.end), verbatim }
    }

    /// Where it stands in the derived text.
    fn at(&self) -> usize {
        self.at as usize
    }

    /// What it came from.
    fn origin(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

fn small(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
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
        let continues = self.pieces.last().is_some_and(|last| last.verbatim && last.origin().end == origin);
        match self.pieces.last_mut() {
            Some(last) if continues => last.end = small(origin + text.len()),
            _ => self.pieces.push(Piece::new(self.text.len(), Span::new(origin, origin + text.len()), true)),
        }
        self.text.push_str(text);
    }

    /// Appends text that stands for the whole of `origin`.
    pub fn push_whole(&mut self, text: &str, origin: Span) {
        if text.is_empty() {
            return;
        }
        self.pieces.push(Piece::new(self.text.len(), origin, false));
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
            let end = other.pieces.get(index + 1).map_or(other.text.len(), |next| next.at());
            let text = &other.text[piece.at()..end];
            if piece.verbatim {
                self.push_verbatim(text, piece.origin().start);
            } else {
                self.push_whole(text, piece.origin());
            }
        }
    }

    /// The stretches of the derived text with the spans of the original that they came from, in order.
    pub fn pieces(&self) -> impl Iterator<Item = (Span, Span)> + '_ {
        self.pieces.iter().enumerate().map(|(index, piece)| {
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |next| next.at());
            (Span::new(piece.at(), end), piece.origin())
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

    /// The spans of the derived text that came from some spans of the original: nothing where none of it
    /// did; `None` for all where one parts a piece that stands for its origin as a whole.
    #[must_use]
    pub fn derived(&self, origins: &[Span]) -> Option<Vec<Option<Span>>> {
        let mut pieces: Vec<(Span, Span)> = self.pieces().filter(|(_, there)| !there.is_empty()).collect();
        pieces.sort_by_key(|(_, there)| there.start);
        let index = Overlaps::new(pieces.iter().map(|(_, there)| *there));
        let of = |origin: &Span| -> Option<Option<Span>> {
            let mut found: Option<Span> = None;
            for (here, there) in pieces.get(index.of(*origin)).unwrap_or_default() {
                if origin.is_empty() || !there.overlaps(*origin) {
                    continue;
                }
                let piece = if origin.contains(*there) {
                    *here
                } else if here.len() == there.len() {
                    let start = here.start + origin.start.saturating_sub(there.start);
                    Span::new(start, here.end - there.end.saturating_sub(origin.end))
                } else {
                    return None;
                };
                found = Some(found.map_or(piece, |known| known.cover(piece)));
            }
            Some(found)
        };
        origins.iter().map(of).collect()
    }

    fn edge(&self, at: usize, ends: bool) -> usize {
        // An end belongs to the piece before it, a start to the piece after it.
        let probe = if ends { at.saturating_sub(1) } else { at };
        let index = self.pieces.partition_point(|piece| piece.at() <= probe);
        let Some(piece) = index.checked_sub(1).and_then(|index| self.pieces.get(index)) else {
            return 0;
        };
        if piece.verbatim {
            (piece.origin().start + (at - piece.at())).min(piece.origin().end)
        } else if ends || at >= self.text.len() {
            piece.origin().end
        } else {
            piece.origin().start
        }
    }

    /// The same text, mapped through `outer` to what that was derived from in turn. The original of
    /// this text is the derived text of `outer`.
    #[must_use]
    pub fn over(&self, outer: &Mapped) -> Mapped {
        let mut mapped = Mapped { text: String::with_capacity(self.text.len()), pieces: Vec::new() };
        for (index, piece) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(index + 1).map_or(self.text.len(), |next| next.at());
            let text = &self.text[piece.at()..end];
            if !piece.verbatim {
                mapped.push_whole(text, outer.origin(piece.origin()));
                continue;
            }
            let mut at = piece.origin().start;
            while at < piece.origin().end {
                let next = outer.pieces.partition_point(|one| one.at() <= at);
                let until = outer.pieces.get(next).map_or(outer.text.len(), |one| one.at()).min(piece.origin().end);
                let part = &text[at - piece.origin().start..until - piece.origin().start];
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

/// Finds which of many spans, given in the order of their starts, may overlap another one.
#[derive(Debug)]
pub(crate) struct Overlaps {
    starts: Vec<usize>,
    /// The furthest end of the spans up to each.
    ends: Vec<usize>,
}

impl Overlaps {
    pub(crate) fn new(spans: impl Iterator<Item = Span>) -> Self {
        let (mut starts, mut ends, mut furthest) = (Vec::new(), Vec::new(), 0);
        for span in spans {
            furthest = furthest.max(span.end);
            starts.push(span.start);
            ends.push(furthest);
        }
        Self { starts, ends }
    }

    /// The indexes among which all lie that overlap or touch a span.
    pub(crate) fn of(&self, span: Span) -> std::ops::Range<usize> {
        let first = self.ends.partition_point(|end| *end < span.start);
        let end = self.starts.partition_point(|start| *start <= span.end);
        first..end.max(first)
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
