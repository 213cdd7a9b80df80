//! What a run says: findings, errors and counts, and one file for each way to write them.

mod checkstyle;
mod compact;
mod diff;
mod escape;
mod github;
mod gitlab;
#[cfg(feature = "cli")]
mod human;
mod json;
mod junit;
mod outcome;
mod rdjson;
mod redact;
mod sarif;
mod statistics;
mod trust;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;
use crate::repository::Learned;
use crate::rule::Severity;

pub use checkstyle::checkstyle;
pub use compact::compact;
pub use diff::{changed_lines, diff};
pub use escape::{Inert, inert, printable, printable_line};
pub use github::{github, github_summary};
pub use gitlab::gitlab;
#[cfg(feature = "cli")]
pub use human::Human;
pub use json::{json, jsonl};
pub use junit::junit;
pub use outcome::Outcome;
pub use rdjson::rdjson;
pub use sarif::sarif;
pub use statistics::statistics;
pub use trust::{Bars, trust_csv, trust_json, trust_table};

/// Where tonelint lives.
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// The page of a built-in rule, relative to the repository.
pub(crate) fn rule_page(code: &str) -> String {
    format!("docs/rules.md#{}", code.to_lowercase())
}

/// A rule's code and name; a team's own rule may have its name for a code.
fn title(finding: &Finding) -> String {
    if finding.code == finding.name { finding.code.clone() } else { format!("{} {}", finding.code, finding.name) }
}

/// The address of a page of this version of the repository.
pub(crate) fn page(relative: &str) -> String {
    format!("{HOME}/blob/v{}/{relative}", env!("CARGO_PKG_VERSION"))
}

/// The outcome of a run, or of a part of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many files were read.
    pub files: usize,
    /// How many replies they hold.
    pub replies: usize,
    /// What was found, by path, then span, then code.
    pub findings: Vec<Finding>,
    /// What was found and is suppressed where it stands, in the same order.
    pub suppressed: Vec<Finding>,
    /// What was found and is in the baseline.
    pub known: Vec<Finding>,
    /// What could not be checked.
    pub errors: Vec<InputError>,
    /// What was read and held nothing to check.
    pub notes: Vec<InputError>,
    /// What front matter says under keys of ours that says nothing to the linter.
    pub unknown: Vec<UnknownFact>,
    /// What its replies say that is to be compared: see [`compare`](crate::compare).
    pub learned: Learned,
    /// The codes of those rules that compared replies and found something.
    pub across: BTreeSet<String>,
}

/// An input that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct InputError {
    /// Its name.
    pub path: String,
    /// Why.
    pub message: String,
}

/// A value in front matter under a key that is ours and that other tools use as well. Which value is not said:
/// it may be a customer's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnknownFact {
    /// The key.
    pub key: &'static str,
    /// The value of ours that is meant, if one is near.
    pub near: Option<&'static str>,
    /// The file.
    pub path: String,
    /// Where the value starts, in bytes of the file.
    pub at: usize,
    /// Where the value starts in words, and what is wrong.
    pub message: String,
}

impl Report {
    /// Adds the outcome of another part.
    pub fn absorb(&mut self, other: Report) {
        self.files += other.files;
        self.replies += other.replies;
        self.findings.extend(other.findings);
        self.suppressed.extend(other.suppressed);
        self.known.extend(other.known);
        self.errors.extend(other.errors);
        self.notes.extend(other.notes);
        self.unknown.extend(other.unknown);
        self.learned.absorb(other.learned);
        self.across.extend(other.across);
    }

    /// Whether anything was found, be it suppressed or known.
    #[must_use]
    pub fn speaks(&self) -> bool {
        !(self.findings.is_empty() && self.suppressed.is_empty() && self.known.is_empty())
    }

    /// Puts findings and errors into their order: by path, then span, then code.
    pub fn sort(&mut self) {
        let order = |one: &Finding, other: &Finding| {
            let key = |finding: &Finding| (finding.span.start, finding.span.end);
            one.path.cmp(&other.path).then_with(|| key(one).cmp(&key(other))).then_with(|| one.code.cmp(&other.code))
        };
        self.findings.sort_by(order);
        self.suppressed.sort_by(order);
        self.known.sort_by(order);
        self.errors.sort();
        self.unknown.sort();
    }

    /// How many findings there are of each severity, the gravest first.
    #[must_use]
    pub fn by_severity(&self) -> [(Severity, usize); 3] {
        [Severity::Error, Severity::Warning, Severity::Info]
            .map(|severity| (severity, self.findings.iter().filter(|finding| finding.severity == severity).count()))
    }

    /// How many findings there are of each family.
    #[must_use]
    pub fn by_family(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry(finding.family.as_str()).or_insert(0) += 1;
        }
        counts
    }

    /// The run in one line: how much was read, and what was found.
    #[must_use]
    pub fn summary(&self) -> String {
        let found = match self.findings.len() {
            0 => "nothing to mend".to_owned(),
            _ => {
                let counts = self.by_severity().into_iter().filter(|(_, count)| *count > 0);
                let counts = counts.map(|(severity, count)| match severity {
                    Severity::Info => format!("{count} info"),
                    other => count_of(count, other.name()),
                });
                counts.collect::<Vec<_>>().join(", ")
            }
        };
        let mut summary = format!(
            "{} and {} read: {found}",
            count_of(self.files, "file"),
            if self.replies == 1 { "1 reply".to_owned() } else { format!("{} replies", self.replies) }
        );
        if !self.errors.is_empty() {
            summary.push_str("; ");
            // One input may hold more than one thing that cannot be read.
            let inputs: BTreeSet<&str> = self.errors.iter().map(|error| error.path.as_str()).collect();
            summary.push_str(&count_of(inputs.len(), "input"));
            summary.push_str(" with an error");
        }
        summary
    }
}

fn count_of(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}
