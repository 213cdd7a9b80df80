use std::io::{self, Write};

use super::outcome::Outcome;
use super::xml::escaped;

/// Checkstyle's XML: a `file` for each input with findings, an `error` for each finding. Paths are
/// as they were given.
///
/// # Errors
///
/// What the writer says.
pub fn checkstyle(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">")?;
    for (path, findings) in outcome.by_file() {
        writeln!(out, "  <file name=\"{}\">", escaped(path))?;
        for finding in findings {
            writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"tonelint.{}\"/>",
                finding.start.line,
                finding.start.column,
                finding.severity,
                escaped(&finding.message),
                escaped(&finding.code)
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    for error in &outcome.report.errors {
        writeln!(
            out,
            "  <file name=\"{}\">\n    <error line=\"1\" severity=\"error\" message=\"cannot be checked: {}\" source=\"tonelint.input\"/>\n  </file>",
            escaped(&error.path),
            escaped(&error.message)
        )?;
    }
    writeln!(out, "</checkstyle>")
}
