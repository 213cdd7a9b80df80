use std::io::{self, Write};

use serde::Serialize;

use super::json::write_pretty;
use super::outcome::{Outcome, Region, Unit, as_one};
use crate::rule::Severity;

#[derive(Serialize)]
struct Document {
    source: Tool,
    severity: &'static str,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic {
    message: String,
    location: Location,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related>,
}

#[derive(Serialize)]
struct Related {
    message: String,
    location: Location,
}

#[derive(Serialize)]
struct Code {
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Location {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Place>,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

impl From<Region> for Range {
    fn from(region: Region) -> Self {
        let place = |(line, column)| Place { line, column: Some(column) };
        Self { start: place(region.start), end: Some(place(region.end)) }
    }
}

/// reviewdog's diagnostic format, with the rewrites that can be put in place as suggestions. Columns
/// count bytes; paths are as they were given.
///
/// # Errors
///
/// What the writer says.
pub fn rdjson(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut diagnostics = Vec::new();
    for placed in outcome.placed(&outcome.report.findings, Unit::Byte) {
        let finding = placed.finding;
        let one = |(_, edits): &(_, Vec<_>)| as_one(edits, placed.source?);
        let suggestions =
            placed.rewrites.iter().filter_map(one).map(|(region, _, text)| Suggestion { range: region.into(), text });
        let related = outcome.related(finding, Unit::Byte).into_iter().map(|(related, place)| {
            // Where the input is not at hand its columns are not known in bytes.
            let line = || Range { start: Place { line: related.start.line, column: None }, end: None };
            let range = Some(place.map_or_else(line, Range::from));
            Related { message: related.message.clone(), location: Location { path: related.path.clone(), range } }
        });
        diagnostics.push(Diagnostic {
            message: format!("{}\n{}", finding.message, finding.help),
            location: Location { path: finding.path.clone(), range: Some(placed.region.into()) },
            severity: severity(finding.severity),
            code: Some(Code { value: finding.code.clone(), url: finding.url.as_deref().map(super::page) }),
            suggestions: suggestions.collect(),
            related_locations: related.collect(),
        });
    }
    for error in &outcome.report.errors {
        diagnostics.push(Diagnostic {
            message: format!("cannot be checked: {}", error.message),
            location: Location { path: error.path.clone(), range: None },
            severity: "ERROR",
            code: None,
            suggestions: Vec::new(),
            related_locations: Vec::new(),
        });
    }
    let source = Tool { name: "tonelint", url: super::HOME };
    write_pretty(&Document { source, severity: "WARNING", diagnostics }, out)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    }
}
