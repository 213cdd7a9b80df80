//! `tonelint outline`.

use std::io::Write;
use std::path::PathBuf;

use super::args::{CheckArgs, OutlineArgs, OutlineFormat};
use super::configs::Configs;
use super::terminal::Terminal;
use super::{Exit, Failure, files};
use crate::config::Known;
use crate::linter::Linter;
use crate::outline::Outline;
use crate::reply::Customer;
use crate::report::printable_line;
use crate::rule::Move;
use crate::source::{MAX_BYTES, Source};

/// How much of a segment's text is shown, in characters.
const SHOWN: usize = 60;
/// Columns of the margin that holds a sentence's moves.
const MARGIN: usize = 24;

/// Prints the replies of a file with the moves of each sentence in the margin, or their segments.
pub(super) fn run(args: OutlineArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let from_stdin = args.file.as_os_str() == "-";
    let path = match &args.stdin_filename {
        Some(name) if from_stdin => PathBuf::from(name),
        _ => args.file.clone(),
    };
    let source = read(&path, from_stdin)?;
    let check = CheckArgs {
        stdin_filename: args.stdin_filename.clone(),
        input_format: args.input_format,
        facts: args.facts,
        settings: args.settings,
        ..CheckArgs::default()
    };
    let configs = Configs::load(&check, std::slice::from_ref(&path), terminal)?;
    let (linter, known) = configs.of(&path);
    let mut out: Box<dyn Write> = match args.format {
        OutlineFormat::Json if !args.segments => Box::new(terminal.out()),
        _ => terminal.page(),
    };
    if args.segments {
        segments(linter, &source, &known, &mut out)?;
    } else {
        moves(linter, &source, &known, args.format, terminal, &mut out)?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn moves(
    linter: &Linter,
    source: &Source,
    known: &Known,
    format: OutlineFormat,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let outlines = linter.outline(source, known).map_err(|error| unreadable(source, &error))?;
    if outlines.is_empty() {
        let replies = linter.replies(source, known).map_err(|error| unreadable(source, &error))?;
        let why = if replies.is_empty() { "no reply text was found" } else { "there are no rules for its language" };
        terminal.note(&format!("{}: {why}", source.name()));
    }
    let unknown = linter.unknown_facts(source, known).map_err(|error| unreadable(source, &error))?;
    for one in unknown {
        terminal.note(&format!("note: {}: {}", one.path, one.message));
    }
    match format {
        OutlineFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &outlines).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        OutlineFormat::Text => {
            for (index, outline) in outlines.iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                text(source.name(), outline, terminal.human().width, out)?;
            }
        }
    }
    Ok(())
}

pub(super) fn text(name: &str, outline: &Outline, width: usize, out: &mut dyn Write) -> std::io::Result<()> {
    let mut about: Vec<String> = Vec::new();
    if outline.complaint {
        about.push("answers a complaint".into());
    }
    if outline.customer != Customer::Regular {
        about.push(format!("customer: {}", outline.customer));
    }
    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
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

fn read(path: &std::path::Path, from_stdin: bool) -> Result<Source, Failure> {
    let name = path.display().to_string();
    let said = |message: String| Failure::Said(format!("{name}: {message}"));
    let bytes = if from_stdin { files::read_stdin() } else { files::read(path, MAX_BYTES) }.map_err(said)?;
    Source::new(name.clone(), bytes).map_err(|error| said(error.to_string()))
}

fn unreadable(source: &Source, error: &crate::format::FormatError) -> Failure {
    Failure::Said(format!("{}: {}", source.name(), source.located(error.at, &error.message)))
}

/// Prints what belongs to each reply of a file, reply by reply: lines and columns, bytes, what they are, the text.
fn segments(linter: &Linter, source: &Source, known: &Known, out: &mut dyn Write) -> Result<(), Failure> {
    let replies = linter.replies(source, known).map_err(|error| unreadable(source, &error))?;
    for reply in &replies {
        writeln!(out, "{}", printable_line(reply.location.as_deref().unwrap_or(source.name())))?;
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
    Ok(())
}
