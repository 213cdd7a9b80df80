//! What is said about a reply. Data only; its shape in JSON is the contract.

use serde::Serialize;

use crate::rule::{Applicability, Severity};
use crate::text::Span;

pub use crate::engine::Edit;

/// One fault of a reply.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The rule's code, `PA001`.
    pub code: String,
    /// The rule's name.
    pub name: String,
    /// The rule's family.
    pub family: String,
    /// How much it hurts.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it, in one line.
    pub help: String,
    /// Why it hurts.
    pub why: String,
    /// Where more is said about the rule; a team's own rules have no such page.
    pub url: Option<String>,
    /// The name of the file.
    pub path: String,
    /// Which reply of the file; `None` where the file is one reply.
    pub reply: Option<String>,
    /// Bytes of the file.
    pub span: Span,
    /// The first character.
    pub start: Place,
    /// The character after the last.
    pub end: Place,
    /// The source text of the span.
    pub text: String,
    /// The same as the customer reads it.
    pub prose: String,
    /// What to write instead, the best first.
    pub rewrites: Vec<Suggestion>,
    /// The same for the same fault in the same words, wherever they stand.
    pub fingerprint: String,
    /// Other places that belong to it: what the customer wrote, the other copy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
}

/// A place that belongs to a finding, beside its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// The name of the file.
    pub path: String,
    /// Which reply of the file; `None` where the file is one reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// Bytes of the file.
    pub span: Span,
    /// The first character.
    pub start: Place,
    /// The character after the last.
    pub end: Place,
}

/// A line and a column, from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column in Unicode scalar values.
    pub column: usize,
}

impl From<crate::text::Position> for Place {
    fn from(position: crate::text::Position) -> Self {
        Self { line: position.line, column: position.column }
    }
}

/// A text to write instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The text, gaps and all.
    pub text: String,
    /// How far it can be trusted.
    pub applicability: Applicability,
    /// The edits of the file that put it in place; none where it goes beside what is there.
    pub edits: Vec<Edit>,
}
