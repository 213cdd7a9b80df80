//! `tonelint outline`.

use std::io::Write;
use std::path::Path;

use super::terminal::Terminal;
use super::{Exit, Failure, files};
use crate::config::{Config, Known};
use crate::linter::Linter;
use crate::report::printable_line;
use crate::source::{MAX_BYTES, Source};

/// How much of a segment's text is shown, in characters.
const SHOWN: usize = 60;

/// Prints what belongs to each reply of a file, reply by reply: lines and columns, bytes, what they are, the text.
pub(super) fn segments(path: &Path, terminal: &Terminal) -> Result<Exit, Failure> {
    let name = path.display().to_string();
    let said = |message: String| Failure::Said(format!("{name}: {message}"));
    let bytes = files::read(path, MAX_BYTES).map_err(said)?;
    let source = Source::new(name.clone(), bytes).map_err(|error| said(error.to_string()))?;
    let linter = Linter::new(Vec::new(), Config::default()).map_err(|errors| said(errors.join(", ")))?;
    let replies = linter.replies(&source, &Known::default()).map_err(|error| {
        let at = source.position(error.at.min(source.text().len()));
        said(format!("line {}, column {}: {}", at.line, at.column, error.message))
    })?;
    let mut out = terminal.out();
    for reply in &replies {
        writeln!(out, "{}", printable_line(reply.location.as_deref().unwrap_or(&name)))?;
        for (span, kind) in reply.segments() {
            let bytes = source.file_span(span);
            let (start, end) = (source.position(span.start), source.position(span.end));
            let written = span.of(source.text()).trim_end_matches(['\n', '\r']);
            let text = written.chars().take(SHOWN).collect::<String>().replace("\r\n", "⏎").replace(['\n', '\r'], "⏎");
            let more = if written.chars().nth(SHOWN).is_some() { "…" } else { "" };
            writeln!(
                out,
                "  {:<12} {:<14} {:<12} {}{more}",
                format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column),
                format!("{}..{}", bytes.start, bytes.end),
                kind.to_string(),
                printable_line(&text)
            )?;
        }
    }
    out.flush()?;
    Ok(Exit::Clean)
}
