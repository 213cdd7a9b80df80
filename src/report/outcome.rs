use std::collections::HashMap;

use super::Report;
use crate::finding::{Edit, Finding, Place, Related, Suggestion};
use crate::rule::{Applicability, Rule, Severity};
use crate::source::Source;
use crate::text::Span;

/// Other places of a finding that are named at most: GitHub keeps a hundred.
const MAX_RELATED: usize = 100;

/// A run as the reports for other tools see it: the findings, and what they need beside them.
pub struct Outcome<'r> {
    /// What was found.
    pub report: &'r Report,
    /// The inputs that have findings, by name.
    pub sources: &'r HashMap<String, Source>,
    /// The rules that spoke.
    pub rules: &'r [&'r Rule],
    /// From this severity on a finding fails the run; `None` where none does.
    pub fail_from: Option<Severity>,
    /// A path as it is called from the root of the repository, with `/` between its parts.
    pub from_root: &'r dyn Fn(&str) -> String,
}

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// UTF-16 code units; a byte order mark is none.
    Utf16,
    /// Bytes of UTF-8, those of a byte order mark among them.
    Byte,
}

/// Lines and columns from 1; the end is the first place after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) start: (usize, usize),
    pub(super) end: (usize, usize),
}

/// A finding, where it lies, and the rewrites that a program may apply.
pub(super) struct Placed<'r> {
    pub(super) finding: &'r Finding,
    pub(super) region: Region,
    pub(super) rewrites: Vec<(&'r Suggestion, Vec<(Region, &'r Edit)>)>,
    /// The input, where it is at hand.
    pub(super) source: Option<&'r Source>,
}

impl<'r> Outcome<'r> {
    /// Findings of the run with their places in a unit. Where an input is not at hand its columns are in
    /// characters, and it has no rewrites.
    pub(super) fn placed(&self, findings: &'r [Finding], unit: Unit) -> impl Iterator<Item = Placed<'r>> + use<'r> {
        let mut reader: Option<Reader<'r>> = None;
        let sources = self.sources;
        findings.iter().map(move |finding| {
            let Some(source) = sources.get(&finding.path) else {
                let region = Region {
                    start: (finding.start.line, finding.start.column),
                    end: (finding.end.line, finding.end.column),
                };
                return Placed { finding, region, rewrites: Vec::new(), source: None };
            };
            let mut here = match reader.take() {
                Some(reader) if reader.source.name() == source.name() => reader,
                _ => Reader { source, unit, line: 0, column: 0, offset: 0, units: 0 },
            };
            here.go_to(finding.start);
            let start = here.place();
            let mut after = here;
            after.go_to(finding.end);
            let region = Region { start, end: after.place() };
            let usable = finding.rewrites.iter().filter(|rewrite| {
                rewrite.applicability != Applicability::Example && !rewrite.edits.is_empty() && !source.is_transcoded()
            });
            let placed = |edit: &'r Edit| {
                let place = |offset| {
                    let mut there = here;
                    there.go_to_offset(offset);
                    there.place()
                };
                (Region { start: place(edit.span.start), end: place(edit.span.end) }, edit)
            };
            let rewrites = usable.map(|rewrite| (rewrite, rewrite.edits.iter().map(placed).collect())).collect();
            reader = Some(here);
            Placed { finding, region, rewrites, source: Some(source) }
        })
    }

    /// The other places of a finding that reports name, each with its region where its input is at hand.
    pub(super) fn related(&self, finding: &'r Finding, unit: Unit) -> Vec<(&'r Related, Option<Region>)> {
        let place = |related: &'r Related| {
            let source = self.sources.get(&related.path)?;
            let mut reader = Reader { source, unit, line: 0, column: 0, offset: 0, units: 0 };
            reader.go_to(related.start);
            let start = reader.place();
            reader.go_to(related.end);
            Some(Region { start, end: reader.place() })
        };
        finding.related.iter().take(MAX_RELATED).map(|related| (related, place(related))).collect()
    }

    /// The findings of each file, in order.
    pub(super) fn by_file(&self) -> impl Iterator<Item = (&'r str, &'r [Finding])> {
        self.report
            .findings
            .chunk_by(|one, other| one.path == other.path)
            .map(|findings| (findings[0].path.as_str(), findings))
    }

    /// Whether a finding fails the run.
    pub(super) fn fails(&self, finding: &Finding) -> bool {
        self.fail_from.is_some_and(|least| finding.severity >= least)
    }
}

impl std::fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outcome")
            .field("report", self.report)
            .field("fail_from", &self.fail_from)
            .finish_non_exhaustive()
    }
}

/// The edits of a rewrite as one: the region and span that they cover, and the text that comes there.
pub(super) fn as_one(edits: &[(Region, &Edit)], source: &Source) -> Option<(Region, Span, String)> {
    let ((first, one), (last, other)) = (edits.first()?, edits.last()?);
    let span = Span::new(one.span.start, other.span.end);
    let mut text = String::new();
    let mut at = span.start;
    for (_, edit) in edits {
        text.push_str(source.text().get(at..edit.span.start)?);
        text.push_str(&edit.text);
        at = edit.span.end;
    }
    Some((Region { start: first.start, end: last.end }, span, text))
}

/// A place in a text from which the next is counted, so that a long line with many findings is
/// read once.
#[derive(Clone, Copy)]
struct Reader<'s> {
    source: &'s Source,
    unit: Unit,
    /// From 1; 0 before anything is read.
    line: usize,
    /// Characters from 1.
    column: usize,
    offset: usize,
    /// Units before the offset on its line.
    units: usize,
}

impl Reader<'_> {
    fn go_to(&mut self, place: Place) {
        if place.line != self.line || place.column < self.column {
            self.start_line(place.line);
        }
        let text = self.source.text();
        for ch in text.get(self.offset..).unwrap_or_default().chars().take(place.column - self.column) {
            self.pass(ch);
        }
    }

    fn go_to_offset(&mut self, offset: usize) {
        let line = self.source.lines().line_of(offset) + 1;
        if line != self.line || offset < self.offset {
            self.start_line(line);
        }
        for ch in self.source.text().get(self.offset..offset).unwrap_or_default().chars() {
            self.pass(ch);
        }
    }

    fn start_line(&mut self, line: usize) {
        let start = self.source.lines().span(self.source.text(), line.saturating_sub(1)).map_or(0, |span| span.start);
        let mark = if line == 1 { self.source.content_start() } else { 0 };
        let units = if self.unit == Unit::Byte { mark } else { 0 };
        (self.line, self.column, self.offset, self.units) = (line, 1, start + mark, units);
    }

    fn pass(&mut self, ch: char) {
        self.column += 1;
        self.offset += ch.len_utf8();
        self.units += match self.unit {
            Unit::Utf16 => ch.len_utf16(),
            Unit::Byte => ch.len_utf8(),
        };
    }

    fn place(&self) -> (usize, usize) {
        (self.line, self.units + 1)
    }
}
