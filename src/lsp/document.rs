//! Open documents: their text as the client has it, version by version.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;

use super::uri;
use crate::format::Format;
use crate::text::{Encoding, LineIndex, Point, Span};

/// The last revision that was given: no two texts have the same, not even of a document that is opened twice.
static REVISIONS: AtomicU64 = AtomicU64::new(0);

/// A document as the client has it.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) uri: String,
    /// Its file, if it has one here.
    pub(super) path: Option<PathBuf>,
    /// What it is, as the client says.
    pub(super) language: String,
    /// The client's number of this text.
    pub(super) version: i32,
    /// Ours, which always rises.
    pub(super) revision: u64,
    /// The newest revision there is.
    newest: Arc<AtomicU64>,
    pub(super) text: String,
    pub(super) lines: LineIndex,
    /// Whether it was changed since it was opened or saved.
    pub(super) dirty: bool,
}

/// A place, in the units of the encoding that was agreed on.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Place {
    line: u32,
    character: u32,
}

/// From a place up to another.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Stretch {
    pub(super) start: Place,
    pub(super) end: Place,
}

/// A change: of a stretch, or of the whole text.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Change {
    pub(super) range: Option<Stretch>,
    pub(super) text: String,
}

impl Document {
    pub(super) fn new(uri: String, language: String, version: i32, text: String) -> Self {
        let path = uri::to_path(&uri);
        let lines = LineIndex::new(&text);
        let mut document =
            Self { uri, path, language, version, revision: 0, newest: Arc::default(), text, lines, dirty: false };
        document.touch();
        document
    }

    /// Whether a newer text has come since this one.
    pub(super) fn is_stale(&self) -> bool {
        self.newest.load(Ordering::Relaxed) != self.revision
    }

    /// Notes that what was known of it holds no longer, though its text is the same.
    pub(super) fn touch(&mut self) {
        self.revision = REVISIONS.fetch_add(1, Ordering::Relaxed) + 1;
        self.newest.store(self.revision, Ordering::Relaxed);
    }

    /// Notes that it is no longer open.
    pub(super) fn retire(&self) {
        self.newest.store(u64::MAX, Ordering::Relaxed);
    }

    /// Applies changes, each to what the one before it left.
    pub(super) fn apply(&mut self, version: i32, changes: Vec<Change>, encoding: Encoding) {
        for change in changes {
            let Some(range) = change.range else {
                self.lines = LineIndex::new(&change.text);
                self.text = change.text;
                continue;
            };
            let span = self.span(range, encoding);
            self.text.replace_range(span.start..span.end, &change.text);
            self.lines.replace(&self.text, span, change.text.len());
        }
        self.version = version;
        self.dirty = true;
        self.touch();
    }

    /// The bytes under a stretch. What lies outside of the text is at its end, and a stretch that ends
    /// before it starts is the same the other way round.
    pub(super) fn span(&self, stretch: Stretch, encoding: Encoding) -> Span {
        let (start, end) = (self.offset(stretch.start, encoding), self.offset(stretch.end, encoding));
        Span::new(start.min(end), start.max(end))
    }

    pub(super) fn offset(&self, place: Place, encoding: Encoding) -> usize {
        let point = Point { line: place.line as usize, column: place.character as usize };
        self.lines.offset_of(&self.text, point, encoding)
    }

    /// What it is called in reports, and by what its ending says of its format.
    pub(super) fn name(&self) -> String {
        self.path.as_ref().map_or_else(|| uri::name(&self.uri), |path| path.display().to_string())
    }

    /// The format that the client's word for its language says, where a file's name does not say one. A mail
    /// without its head, as mail programs give to an editor, is a text.
    pub(super) fn format(&self) -> Option<Format> {
        let by_name = self.path.as_ref().and_then(|_| Format::of_name(&self.name()));
        let said = by_name.or_else(|| of_language(&self.language)).or_else(|| Format::of_name(&self.name()));
        let headless = said == Some(Format::Mail) && !crate::format::has_head(&self.text);
        if headless { Some(Format::Plain) } else { said }
    }

    /// The format that the client's word for its language says.
    pub(super) fn format_of_language(&self) -> Option<Format> {
        of_language(&self.language)
    }

    /// The word that begins or ends at an offset or goes on over it, as rules are called, with its place.
    pub(super) fn word_at(&self, offset: usize) -> (Span, &str) {
        let is_word = |ch: char| ch.is_alphanumeric() || ch == '-' || ch == '_';
        let before = self.text.get(..offset).unwrap_or_default();
        let after = self.text.get(offset..).unwrap_or_default();
        let start = before.trim_end_matches(is_word).len();
        let end = offset + (after.len() - after.trim_start_matches(is_word).len());
        let span = Span::new(start, end.max(start));
        (span, span.of(&self.text))
    }
}

/// The format of a language, as editors call it.
fn of_language(language: &str) -> Option<Format> {
    Some(match language.to_ascii_lowercase().as_str() {
        "markdown" | "mdx" | "quarto" | "rmd" | "github-markdown" => Format::Markdown,
        "plaintext" | "plain" | "text" => Format::Plain,
        "html" | "xhtml" | "htmldjango" | "liquid" | "handlebars" | "erb" | "jinja-html" => Format::Html,
        "mail" | "email" | "eml" | "message" => Format::Mail,
        "json" | "jsonc" | "json5" => Format::Json,
        "yaml" | "yml" => Format::Yaml,
        "csv" => Format::Csv,
        "tsv" => Format::Tsv,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn document(text: &str) -> Document {
        Document::new("untitled:1".into(), "markdown".into(), 0, text.into())
    }

    fn place(line: u32, character: u32) -> Place {
        Place { line, character }
    }

    /// A text as people and their clipboards make it.
    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                Just("\n"),
                Just("\r\n"),
                Just("\r"),
                Just("a"),
                Just("é"),
                Just("e\u{301}"),
                Just("漢"),
                Just("👍🏽"),
                Just("\u{2028}"),
                Just("\u{FEFF}"),
                Just("word "),
            ],
            0..12,
        )
        .prop_map(|pieces| pieces.concat())
    }

    /// Where a character stands, as the protocol counts: after the model's own reading of lines.
    fn place_of(characters: &[char], index: usize, encoding: Encoding) -> Place {
        let (mut line, mut column) = (0, 0);
        for at in 0..index {
            let ch = characters[at];
            let ends = ch == '\n' || (ch == '\r' && characters.get(at + 1) != Some(&'\n'));
            if ends {
                (line, column) = (line + 1, 0);
            } else {
                column += u32::try_from(encoding.len(&ch.to_string())).unwrap_or(0);
            }
        }
        place(line, column)
    }

    proptest! {
        /// Edits by place make the same text as edits of the characters themselves.
        #[test]
        fn edits_do_what_they_do_to_characters(
            start in text(),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), text()), 1..12),
            encoding in prop_oneof![Just(Encoding::Utf8), Just(Encoding::Utf16), Just(Encoding::Utf32)],
        ) {
            let mut document = document(&start);
            let mut characters: Vec<char> = start.chars().collect();
            for (version, (one, other, new)) in edits.into_iter().enumerate() {
                let (one, other) = (one.index(characters.len() + 1), other.index(characters.len() + 1));
                // No place stands between the two halves of a line end.
                let halves = |at: usize| at > 0 && characters.get(at - 1..=at) == Some(&['\r', '\n']);
                let whole = |at: usize| if halves(at) { at - 1 } else { at };
                let (from, to) = (whole(one.min(other)), whole(one.max(other)));
                let range = Stretch { start: place_of(&characters, from, encoding), end: place_of(&characters, to, encoding) };
                document.apply(version as i32, vec![Change { range: Some(range), text: new.clone() }], encoding);
                characters.splice(from..to, new.chars());
                prop_assert_eq!(&document.text, &characters.iter().collect::<String>());
                prop_assert_eq!(&document.lines, &LineIndex::new(&document.text));
            }
        }

        /// Places that are nowhere change something, and break nothing.
        #[test]
        fn no_place_is_out_of_reach(start in text(), numbers in any::<[u32; 4]>(), new in text()) {
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let mut document = document(&start);
                let [line, character, last_line, last_character] = numbers.map(|number| if number % 3 == 0 { number } else { number % 9 });
                let range = Stretch { start: place(line, character), end: place(last_line, last_character) };
                document.apply(1, vec![Change { range: Some(range), text: new.clone() }], encoding);
                prop_assert_eq!(&document.lines, &LineIndex::new(&document.text));
                prop_assert!(document.text.contains(&new));
            }
        }
    }

    #[test]
    fn a_word_is_found_at_its_edges() {
        let document = document("x PA001, no-guys");
        for (offset, word) in [(2, "PA001"), (7, "PA001"), (8, ""), (12, "no-guys"), (16, "no-guys")] {
            assert_eq!(document.word_at(offset).1, word, "{offset}");
        }
    }
}
