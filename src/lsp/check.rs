//! A check of a document, and what a client is told of it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use gen_lsp_types as lsp;
use serde_json::json;

use super::desk::{Desk, Drafts, Ruling};
use super::document::Document;
use super::settings::Settings;
use super::{ours, uri};
use crate::config::FAMILY;
use crate::finding::Finding;
use crate::format::Format;
use crate::report::{self, Report};
use crate::rule::{Applicability, PackError, Severity};
use crate::source::Source;
use crate::text::{Encoding, LineIndex, Point, Span};

/// How many findings a client is told of one document. More are of no use there, and slow editors down.
const MAX_SHOWN: usize = 1000;

/// What a check needs to know beside the document.
#[derive(Clone)]
pub(super) struct Office {
    pub(super) desk: Arc<dyn Desk>,
    pub(super) settings: Arc<Settings>,
    /// The folder of documents that have no file.
    pub(super) folder: Option<PathBuf>,
    pub(super) encoding: Encoding,
    /// What edits of ours made of files that are not written yet.
    pub(super) drafts: Arc<Drafts>,
}

/// What came of a check.
pub(super) struct Checked {
    pub(super) document: Arc<Document>,
    pub(super) what: What,
    pub(super) diagnostics: Vec<lsp::Diagnostic>,
}

/// What a document is.
pub(super) enum What {
    /// A reply, or a file of many.
    Draft(Box<Draft>),
    /// A configuration file, with what is wrong in it.
    Configuration(Vec<PackError>),
    /// A file of rules, with what is wrong in it.
    Pack(Vec<PackError>),
    /// What is no text that can be read.
    Unreadable,
}

/// A draft that was read.
pub(super) struct Draft {
    pub(super) source: Source,
    pub(super) ruling: Ruling,
    pub(super) report: Report,
    /// All safe rewrites, from when they are first asked for: editors ask with every move of the cursor.
    pub(super) safe_fixes: OnceLock<Option<SafeFixes>>,
}

/// A span of a text that gives way to another text.
pub(super) type Replacement = (Span, String);

/// The edits of all safe rewrites, and how many findings they mend.
pub(super) type SafeFixes = (Vec<Replacement>, usize);

impl Office {
    /// The path by which a document's settings are found: its own, or one in the folder of the workspace.
    pub(super) fn path_of(&self, document: &Document) -> Option<PathBuf> {
        let named = || self.folder.as_ref().map(|folder| folder.join(document.name()));
        document.path.clone().or_else(named)
    }

    pub(super) fn ruling(&self, document: &Document) -> Ruling {
        let mut ruling = self.desk.ruling(self.path_of(document).as_deref(), &self.settings);
        if ruling.known.format.is_none() {
            ruling.known.format = document.format();
        }
        ruling
    }

    /// The text of a file of settings that is not open: what an edit of ours made of it, or what it holds.
    pub(super) fn known_text(&self, path: &Path) -> Result<Option<String>, String> {
        match self.drafts.get(path) {
            Some(text) => Ok(Some(text.to_string())),
            None => self.desk.read(path),
        }
    }

    /// Checks a piece of a document, such as a selection. A piece of a structured file is a text.
    pub(super) fn check_piece(&self, document: Arc<Document>) -> Checked {
        let mut ruling = self.ruling(&document);
        let format = document.format_of_language().unwrap_or(Format::Plain);
        let is_prose = matches!(format, Format::Markdown | Format::Plain | Format::Html);
        ruling.known.format = Some(if is_prose { format } else { Format::Plain });
        self.check_draft(document, ruling)
    }

    /// Checks a document.
    pub(super) fn check(&self, document: Arc<Document>) -> Checked {
        let path = document.path.as_deref();
        let ruling = self.ruling(&document);
        if ours::is_configuration(&document, &ruling) {
            let errors = self.desk.configuration_errors(path, &document.text, &self.settings);
            let diagnostics = self.errors(&document, &errors);
            return Checked { document, what: What::Configuration(errors), diagnostics };
        }
        if ours::is_pack(&document, &ruling) {
            let errors = self.desk.pack_errors(path, &document.text, &self.settings);
            let diagnostics = self.errors(&document, &errors);
            return Checked { document, what: What::Pack(errors), diagnostics };
        }
        self.check_draft(document, ruling)
    }

    fn check_draft(&self, document: Arc<Document>, ruling: Ruling) -> Checked {
        let source = match Source::new(document.name(), document.text.clone().into_bytes()) {
            Ok(source) => source,
            Err(error) => {
                let diagnostics = vec![plain(lsp::Range::default(), error.to_string())];
                return Checked { document, what: What::Unreadable, diagnostics };
            }
        };
        let mut report = ruling.linter.lint_with(&source, &ruling.known);
        report.findings = self.desk.unknown(&ruling, std::mem::take(&mut report.findings));
        let diagnostics = self.diagnostics(&document, &report);
        let draft = Draft { source, ruling, report, safe_fixes: OnceLock::new() };
        Checked { document, what: What::Draft(Box::new(draft)), diagnostics }
    }

    fn diagnostics(&self, document: &Document, report: &Report) -> Vec<lsp::Diagnostic> {
        let mut points = Points::new(&document.text, &document.lines, self.encoding);
        let mut told: Vec<lsp::Diagnostic> = Vec::with_capacity(report.findings.len().min(MAX_SHOWN) + 1);
        let mut at_its_place = |message: &str| {
            let (at, message) = located(message);
            let start = at.map_or(0, |position| document.lines.offset(&document.text, position));
            plain(points.range(Span::new(start, start)), message.to_owned())
        };
        told.extend(report.errors.iter().map(|error| at_its_place(&error.message)));
        told.extend(report.unknown.iter().take(MAX_SHOWN).map(|unknown| lsp::Diagnostic {
            severity: Some(lsp::DiagnosticSeverity::Information),
            ..at_its_place(&unknown.message)
        }));
        for finding in report.findings.iter().take(MAX_SHOWN) {
            told.push(diagnostic(document, finding, &mut points));
        }
        if let Some(next) = report.findings.get(MAX_SHOWN) {
            let more = report.findings.len() - MAX_SHOWN;
            let message = format!("{more} more findings from here on; `tonelint check` shows all");
            let mut last = plain(points.range(Span::new(next.span.start, next.span.start)), message);
            last.severity = Some(lsp::DiagnosticSeverity::Information);
            told.push(last);
        }
        told
    }

    /// The errors of a configuration or a pack. Those in other files are said at its head.
    fn errors(&self, document: &Document, errors: &[PackError]) -> Vec<lsp::Diagnostic> {
        let mut points = Points::new(&document.text, &document.lines, self.encoding);
        let told = errors.iter().map(|error| {
            let help = error.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
            let is_here = *error.text == *document.text || error.text.is_empty();
            let (span, message) = if is_here {
                (error.span, format!("{}{help}", error.message))
            } else {
                (Span::new(0, 0), format!("{error}{help}"))
            };
            plain(points.range(span), message)
        });
        told.collect()
    }
}

/// An error that no rule says.
fn plain(range: lsp::Range, message: String) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range,
        severity: Some(lsp::DiagnosticSeverity::Error),
        source: Some("tonelint".to_owned()),
        message: message.into(),
        ..lsp::Diagnostic::default()
    }
}

fn diagnostic(document: &Document, finding: &Finding, points: &mut Points<'_>) -> lsp::Diagnostic {
    let severity = match finding.severity {
        Severity::Error => lsp::DiagnosticSeverity::Error,
        Severity::Warning => lsp::DiagnosticSeverity::Warning,
        Severity::Info => lsp::DiagnosticSeverity::Information,
    };
    let range = points.range(finding.span);
    let related = finding.related.iter().map(|related| {
        let uri =
            if related.path == finding.path { document.uri.clone() } else { uri::of_path(Path::new(&related.path)) };
        let location = lsp::Location { uri: uri.into(), range: points.range(related.span) };
        lsp::DiagnosticRelatedInformation { location, message: related.message.clone() }
    });
    let related: Vec<_> = related.collect();
    let leave_out = |finding: &Finding| {
        finding.rewrites.first().is_some_and(|one| one.text.is_empty() && one.applicability == Applicability::Safe)
    };
    let is_unnecessary = finding.family == FAMILY || leave_out(finding);
    lsp::Diagnostic {
        range,
        severity: Some(severity),
        code: Some(finding.code.clone().into()),
        code_description: page(finding).map(|href| lsp::CodeDescription { href: href.into() }),
        source: Some("tonelint".to_owned()),
        message: finding.message.clone().into(),
        tags: is_unnecessary.then(|| vec![lsp::DiagnosticTag::Unnecessary]),
        related_information: (!related.is_empty()).then_some(related),
        data: Some(json!({ "fingerprint": finding.fingerprint })),
    }
}

/// The page of a finding's rule.
pub(super) fn page(finding: &Finding) -> Option<String> {
    finding.url.as_deref().map(report::page)
}

/// Takes the place off a message that [`Source::located`] put before it.
fn located(message: &str) -> (Option<crate::text::Position>, &str) {
    let read = || {
        let rest = message.strip_prefix("line ")?;
        let (line, rest) = rest.split_once(", column ")?;
        let (column, rest) = rest.split_once(": ")?;
        Some((crate::text::Position { line: line.parse().ok()?, column: column.parse().ok()? }, rest))
    };
    read().map_or((None, message), |(position, rest)| (Some(position), rest))
}

/// Byte offsets as the client counts. What comes in the order of the text is counted on from the last
/// place, so that a long line with many findings is read once.
pub(super) struct Points<'d> {
    text: &'d str,
    lines: &'d LineIndex,
    encoding: Encoding,
    last: (usize, Point),
}

impl<'d> Points<'d> {
    pub(super) fn new(text: &'d str, lines: &'d LineIndex, encoding: Encoding) -> Self {
        Self { text, lines, encoding, last: (0, Point { line: 0, column: 0 }) }
    }

    pub(super) fn of(document: &'d Document, encoding: Encoding) -> Self {
        Self::new(&document.text, &document.lines, encoding)
    }

    pub(super) fn place(&mut self, offset: usize) -> lsp::Position {
        let (from, known) = self.last;
        let line = self.lines.line_of(offset);
        let between = self.text.get(from..offset).filter(|_| line == known.line);
        let point = match between {
            Some(between) => Point { line, column: known.column + self.encoding.len(between) },
            None => self.lines.point(self.text, offset, self.encoding),
        };
        if self.text.is_char_boundary(offset) {
            self.last = (offset, point);
        }
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        lsp::Position { line: number(point.line), character: number(point.column) }
    }

    pub(super) fn range(&mut self, span: Span) -> lsp::Range {
        lsp::Range { start: self.place(span.start), end: self.place(span.end) }
    }
}
