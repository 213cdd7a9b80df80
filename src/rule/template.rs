//! Texts with places to fill in: messages and rewrites.

/// A text with `{places}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

/// A stretch of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Taken as it stands.
    Text(String),
    /// A place to fill in, without its braces.
    Place(String),
}

impl Template {
    /// Reads a text. A brace without its partner stands for itself.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            let inside = &rest[start + 1..];
            let Some(end) = inside.find(['{', '}']).filter(|end| *end > 0 && inside[*end..].starts_with('}')) else {
                push(&mut pieces, &rest[..=start]);
                rest = inside;
                continue;
            };
            push(&mut pieces, &rest[..start]);
            pieces.push(Piece::Place(inside[..end].to_owned()));
            rest = &inside[end + 1..];
        }
        push(&mut pieces, rest);
        Self { pieces }
    }

    /// Its stretches, in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether it has a place of this name.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Place(place) if place == name))
    }

    /// Fills each place for which `value` has a text; the others stay as they are written.
    /// Also says whether all were filled.
    #[must_use]
    pub fn fill(&self, mut value: impl FnMut(&str) -> Option<String>) -> (String, bool) {
        let mut text = String::new();
        let mut whole = true;
        for piece in &self.pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Place(name) => match value(name) {
                    Some(value) => text.push_str(&value),
                    None => {
                        whole = false;
                        text.push('{');
                        text.push_str(name);
                        text.push('}');
                    }
                },
            }
        }
        (text, whole)
    }

    /// The text as it was written.
    #[must_use]
    pub fn written(&self) -> String {
        self.fill(|_| None).0
    }
}

fn push(pieces: &mut Vec<Piece>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        last.push_str(text);
    } else {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn places_are_filled_and_stray_braces_stay() {
        let template = Template::read("a {b} {c d} {} { }x {{e}}");
        let (text, whole) = template.fill(|name| (name == "b").then(|| "B".to_owned()));
        assert_eq!(text, "a B {c d} {} { }x {{e}}");
        assert!(!whole);
        assert_eq!(template.written(), "a {b} {c d} {} { }x {{e}}");
    }
}
