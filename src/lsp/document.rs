//! Open documents: their text as the client has it, version by version.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;

use super::uri;
use crate::format::Format;
use crate::text::{Encoding, LineIndex, Point, Span};

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
        Self { uri, path, language, version, revision: 0, newest: Arc::default(), text, lines, dirty: false }
    }

    /// Whether a newer text has come since this one.
    pub(super) fn is_stale(&self) -> bool {
        self.newest.load(Ordering::Relaxed) != self.revision
    }

    /// Notes that what was known of it holds no longer, though its text is the same.
    pub(super) fn touch(&mut self) {
        self.revision += 1;
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

    /// The format that the client's word for its language says, where a file's name does not say one.
    pub(super) fn format(&self) -> Option<Format> {
        let by_name = self.path.as_ref().and_then(|_| Format::of_name(&self.name()));
        by_name.or_else(|| of_language(&self.language)).or_else(|| Format::of_name(&self.name()))
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
