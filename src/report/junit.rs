use std::io::{self, Write};

use super::outcome::Outcome;
use super::xml::escaped;
use crate::finding::Finding;

/// JUnit's XML: a suite for each input with findings, a case for each finding. A finding that fails
/// the run is a failure, one that does not is a case that passes and says what it saw. A clean run is
/// one case that passes.
///
/// # Errors
///
/// What the writer says.
pub fn junit(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = outcome.report;
    let failures = report.findings.iter().filter(|finding| outcome.fails(finding)).count();
    let cases = report.findings.len() + report.errors.len();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"tonelint\" tests=\"{}\" failures=\"{failures}\" errors=\"{}\">",
        cases.max(1),
        report.errors.len()
    )?;
    for (path, findings) in outcome.by_file() {
        let failures = findings.iter().filter(|finding| outcome.fails(finding)).count();
        let path = escaped(path);
        writeln!(
            out,
            "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\">",
            findings.len()
        )?;
        for finding in findings {
            case(finding, &path, outcome.fails(finding), out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    for error in &report.errors {
        let (path, message) = (escaped(&error.path), escaped(&error.message));
        writeln!(
            out,
            "  <testsuite name=\"{path}\" tests=\"1\" failures=\"0\" errors=\"1\">\n    <testcase name=\"input\" classname=\"{path}\">\n      <error message=\"{message}\"/>\n    </testcase>\n  </testsuite>"
        )?;
    }
    if cases == 0 {
        writeln!(
            out,
            "  <testsuite name=\"tonelint\" tests=\"1\" failures=\"0\" errors=\"0\">\n    <testcase name=\"{}\" classname=\"tonelint\"/>\n  </testsuite>",
            escaped(&report.summary())
        )?;
    }
    writeln!(out, "</testsuites>")
}

fn case(finding: &Finding, path: &str, fails: bool, out: &mut dyn Write) -> io::Result<()> {
    let at = format!("{}:{}", finding.start.line, finding.start.column);
    let name = format!("{} at {at}", super::title(finding));
    let message = escaped(&finding.message);
    let text = escaped(&format!(
        "{}:{at}: {} {}: {}\n{}",
        finding.path, finding.severity, finding.code, finding.message, finding.help
    ));
    writeln!(out, "    <testcase name=\"{}\" classname=\"{path}\">", escaped(&name))?;
    if fails {
        writeln!(out, "      <failure type=\"{}\" message=\"{message}\">{text}</failure>", finding.severity)?;
    } else {
        writeln!(out, "      <system-out>{text}</system-out>")?;
    }
    writeln!(out, "    </testcase>")
}
