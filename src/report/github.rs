//! Workflow commands of GitHub Actions.
//!
//! A line that begins with `::` is a command, and one with `##[` in it may be. So linted text only
//! ever stands in a command's value, escaped as the runner unescapes it, or after a dash.

use std::collections::HashMap;
use std::io::{self, Write};

use super::escape::printable_line;
use super::outcome::Outcome;
use crate::finding::Finding;
use crate::rule::Severity;

/// Annotations of one severity that GitHub shows for a step; it drops the rest without a word.
const MAX_ANNOTATIONS: usize = 10;
/// Bytes of a step summary, a little below what GitHub takes (1 MiB).
const MAX_SUMMARY: usize = 1_000_000;

/// Annotations, in a group for each file. What GitHub would not show, because a step has ten
/// annotations of each severity, are plain lines.
///
/// # Errors
///
/// What the writer says.
pub fn github(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut left: HashMap<Severity, usize> = HashMap::new();
    let mut more = 0;
    for error in &outcome.report.errors {
        let left = left.entry(Severity::Error).or_insert(MAX_ANNOTATIONS);
        if take(left) {
            let path = (outcome.from_root)(&error.path);
            let message = format!("{}: cannot be checked: {}", error.path, error.message);
            writeln!(out, "::error title=tonelint,file={}::{}", property(&path), data(&message))?;
        } else {
            more += 1;
        }
    }
    for (path, findings) in outcome.by_file() {
        writeln!(out, "::group::{}", data(path))?;
        for finding in findings {
            let left = left.entry(finding.severity).or_insert(MAX_ANNOTATIONS);
            if take(left) {
                annotation(outcome, finding, out)?;
            } else {
                more += 1;
                let message = plain(&finding.message);
                let at = finding.start;
                writeln!(out, "- {}:{}: {} {} {message}", at.line, at.column, finding.severity, plain(&finding.code))?;
            }
        }
        writeln!(out, "::endgroup::")?;
    }
    if more > 0 {
        writeln!(
            out,
            "- {more} without an annotation: GitHub shows {MAX_ANNOTATIONS} of each severity for a step; the step's summary lists all"
        )?;
    }
    writeln!(out, "- {}", plain(&outcome.report.summary()))
}

fn take(left: &mut usize) -> bool {
    let some = *left > 0;
    *left = left.saturating_sub(1);
    some
}

fn annotation(outcome: &Outcome<'_>, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let title = super::title(finding);
    let path = (outcome.from_root)(&finding.path);
    let (start, end) = (finding.start, finding.end);
    write!(
        out,
        "::{command} title={},file={},line={},endLine={}",
        property(&title),
        property(&path),
        start.line,
        end.line
    )?;
    // Over several lines, columns make GitHub drop the annotation.
    if start.line == end.line {
        write!(out, ",col={},endColumn={}", start.column, end.column)?;
    }
    writeln!(out, "::{}%0A{}", data(&finding.message), data(&finding.help))
}

/// Every finding as Markdown, for the summary of a step; nothing where there is none.
#[must_use]
pub fn github_summary(outcome: &Outcome<'_>) -> String {
    let report = outcome.report;
    let mut text = String::new();
    if report.findings.is_empty() && report.errors.is_empty() {
        return text;
    }
    text.push_str(&format!(
        "### tonelint\n\n{}\n\n| severity | rule | where | what |\n|---|---|---|---|\n",
        markdown(&report.summary())
    ));
    let errors = report.errors.iter().map(|error| {
        format!("| error | | {} | cannot be checked: {} |\n", markdown(&error.path), markdown(&error.message))
    });
    let findings = report.findings.iter().map(|finding| {
        format!(
            "| {} | {} | {}:{}:{} | {} |\n",
            finding.severity,
            markdown(&super::title(finding)),
            markdown(&finding.path),
            finding.start.line,
            finding.start.column,
            markdown(&finding.message)
        )
    });
    for (written, row) in errors.chain(findings).enumerate() {
        if text.len() + row.len() > MAX_SUMMARY {
            let rest = report.errors.len() + report.findings.len() - written;
            text.push_str(&format!("\n{rest} more do not fit into a summary.\n"));
            break;
        }
        text.push_str(&row);
    }
    text
}

/// A command's value, as the runner unescapes it.
fn data(text: &str) -> String {
    // The breaks are asked for; all else that a terminal would act on is written out.
    let lines: Vec<String> = text.lines().map(|line| printable_line(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// The value of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A text that stands outside of commands.
fn plain(text: &str) -> String {
    printable_line(text).replace("##[", "## [")
}

/// A text in a table of Markdown, none of whose signs mean anything.
fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in printable_line(text).chars() {
        match ch {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' => out.push_str("&#124;"),
            // Mentions and links by bare address are no syntax that a backslash stops.
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '#' | '!' => {
                out.push('\\');
                out.push(ch);
            }
            _ => out.push(ch),
        }
    }
    out
}
