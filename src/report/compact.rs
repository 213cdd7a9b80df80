use std::io::{self, Write};

use super::{Report, printable_line};

/// One line a finding: `path:line:column: severity CODE message`.
///
/// # Errors
///
/// What the writer says.
pub fn compact(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        writeln!(
            out,
            "{}:{}:{}: {} {} {}",
            printable_line(&finding.path),
            finding.start.line,
            finding.start.column,
            finding.severity,
            finding.code,
            printable_line(&finding.message)
        )?;
    }
    Ok(())
}
