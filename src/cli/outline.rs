//! `tonelint outline`.

use std::io::Write;
use std::path::Path;

use super::args::{OutlineFormat, PackArgs};
use super::terminal::Terminal;
use super::{Exit, Failure, files, packs};
use crate::config::{Config, Known};
use crate::linter::Linter;
use crate::outline::Outline;
use crate::report::printable_line;
use crate::rule::Move;
use crate::source::{MAX_BYTES, Source};

/// How much of a segment's text is shown, in characters.
const SHOWN: usize = 60;
/// Columns of the margin that holds a sentence's moves.
const MARGIN: usize = 24;

/// Prints the replies of a file with the moves of each sentence in the margin.
pub(super) fn moves(path: &Path, format: OutlineFormat, args: &PackArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let (name, source) = read(path)?;
    let packs = packs::load(args, &[], &packs::read_text, terminal)?;
    let linter = Linter::new(packs, Config::default()).map_err(|errors| Failure::Said(errors.join("\ntonelint: ")))?;
    let outlines = linter.outline(&source, &Known::default()).map_err(|error| unreadable(&name, &source, &error))?;
    let mut out = terminal.out();
    match format {
        OutlineFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &outlines).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        OutlineFormat::Text => {
            for (index, outline) in outlines.iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                text(&name, outline, terminal.human().width, &mut out)?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Clean)
}

pub(super) fn text(name: &str, outline: &Outline, width: usize, out: &mut dyn Write) -> std::io::Result<()> {
    let about = if outline.complaint { " (answers a complaint)" } else { "" };
    writeln!(out, "{}{about}", printable_line(outline.reply.as_deref().unwrap_or(name)))?;
    let width = width.saturating_sub(MARGIN + 10).clamp(30, 100);
    for line in &outline.sentences {
        let moves = names(&line.moves);
        let margin = textwrap::wrap(&moves, MARGIN);
        let said = printable_line(&line.text);
        let said = textwrap::wrap(&said, width);
        for row in 0..margin.len().max(said.len()).max(1) {
            let number = if row == 0 { line.start.line.to_string() } else { String::new() };
            let cell =
                |cells: &[std::borrow::Cow<'_, str>]| cells.get(row).map(ToString::to_string).unwrap_or_default();
            let shown = format!("  {:<MARGIN$} {number:>4}  {}", cell(&margin), cell(&said));
            writeln!(out, "{}", shown.trim_end())?;
        }
    }
    if outline.complaint && !outline.missing.is_empty() {
        writeln!(out, "  missing: {}", names(&outline.missing))?;
    }
    Ok(())
}

fn names(moves: &[Move]) -> String {
    moves.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ")
}

fn read(path: &Path) -> Result<(String, Source), Failure> {
    let name = path.display().to_string();
    let said = |message: String| Failure::Said(format!("{name}: {message}"));
    let bytes = files::read(path, MAX_BYTES).map_err(said)?;
    let source = Source::new(name.clone(), bytes).map_err(|error| said(error.to_string()))?;
    Ok((name, source))
}

fn unreadable(name: &str, source: &Source, error: &crate::format::FormatError) -> Failure {
    Failure::Said(format!("{name}: {}", source.located(error.at, &error.message)))
}

/// Prints what belongs to each reply of a file, reply by reply: lines and columns, bytes, what they are, the text.
pub(super) fn segments(path: &Path, terminal: &Terminal) -> Result<Exit, Failure> {
    let (name, source) = read(path)?;
    let linter = Linter::new(Vec::new(), Config::default()).map_err(|errors| Failure::Said(errors.join(", ")))?;
    let replies = linter.replies(&source, &Known::default()).map_err(|error| unreadable(&name, &source, &error))?;
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
