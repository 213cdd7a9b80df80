use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::json::write_pretty;
use super::outcome::Outcome;
use crate::rule::Severity;

#[derive(Serialize)]
struct Issue<'r> {
    r#type: &'static str,
    categories: [&'static str; 1],
    description: String,
    check_name: &'r str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

/// GitLab's code quality report, which is Code Climate's.
///
/// GitLab drops an issue whose fingerprint another has, so that the same words twice in a file have
/// two; and it takes a moved issue for the same one, so that no line number is part of it.
///
/// # Errors
///
/// What the writer says.
pub fn gitlab(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut seen: HashMap<(String, &str), usize> = HashMap::new();
    let mut unique = |path: &str, what: &'static str, fingerprint: String| {
        let count = seen.entry((format!("{path}\u{1}{fingerprint}"), what)).or_insert(0);
        *count += 1;
        format!("{:016x}", xxh3_64(format!("{path}\u{1}{what}\u{1}{fingerprint}\u{1}{count}").as_bytes()))
    };
    let mut issues = Vec::new();
    for error in &outcome.report.errors {
        let path = (outcome.from_root)(&error.path);
        let place = || Place { line: 1, column: 1 };
        issues.push(Issue {
            r#type: "issue",
            categories: ["Style"],
            description: format!("cannot be checked: {}", error.message),
            check_name: "input",
            fingerprint: unique(&path, "input", error.message.clone()),
            severity: "blocker",
            location: Location { path, positions: Positions { begin: place(), end: place() } },
        });
    }
    for finding in &outcome.report.findings {
        let path = (outcome.from_root)(&finding.path);
        let place = |place: crate::finding::Place| Place { line: place.line, column: place.column };
        issues.push(Issue {
            r#type: "issue",
            categories: ["Style"],
            description: format!("{}: {}", finding.code, finding.message),
            check_name: &finding.code,
            fingerprint: unique(&path, "finding", finding.fingerprint.clone()),
            severity: match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: Location { path, positions: Positions { begin: place(finding.start), end: place(finding.end) } },
        });
    }
    write_pretty(&issues, out)
}
