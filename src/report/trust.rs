use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::escape::printable_line;
use super::{InputError, json};
use crate::time::spoken;
use crate::trust::{Overall, Trust};

/// Cells of the longer half of a bar at least, and at most.
const HALF: (usize, usize) = (5, 20);
/// What a reply without a number shows.
const NONE: &str = "–";

/// How a table of trust looks.
#[derive(Clone, Copy, Debug)]
pub struct Bars {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to use colours.
    pub color: bool,
}

#[derive(Serialize)]
struct Document<'r> {
    schema: u32,
    tool: &'static str,
    version: &'static str,
    replies: &'r [Trust],
    overall: Overall,
    errors: &'r [InputError],
}

/// Trust as one JSON object, in the order of the input.
///
/// # Errors
///
/// What the writer says.
pub fn trust_json(all: &[Trust], errors: &[InputError], out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: 1,
        tool: "tonelint",
        version: env!("CARGO_PKG_VERSION"),
        replies: all,
        overall: Overall::of(all),
        errors,
    };
    json::write_pretty(&document, out)
}

/// Trust as comma-separated values with a head row, in the order of the input.
///
/// # Errors
///
/// What the writer says.
pub fn trust_csv(all: &[Trust], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "path,reply,trust,late,reason,reply_seconds,promised_seconds,business,from,sent,promised,promised_in_thread"
    )?;
    for one in all {
        let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        let cells = [
            cell(&one.path),
            cell(one.reply.as_deref().unwrap_or_default()),
            one.trust.map(|trust| trust.to_string()).unwrap_or_default(),
            one.late.to_string(),
            one.reason.map(|reason| reason.name().to_owned()).unwrap_or_default(),
            number(one.reply_seconds),
            number(one.promised_seconds),
            one.business.to_string(),
            one.from.clone().unwrap_or_default(),
            one.sent.clone().unwrap_or_default(),
            cell(one.promised.as_deref().unwrap_or_default()),
            one.promised_in_thread.to_string(),
        ];
        writeln!(out, "{}", cells.join(","))?;
    }
    Ok(())
}

/// A text as a cell: what a spreadsheet would run as a formula is kept a text.
fn cell(text: &str) -> String {
    let text = printable_line(text);
    let inert = if text.starts_with(['=', '+', '@', '-']) { format!("'{text}") } else { text };
    if inert.contains(['"', ',']) { format!("\"{}\"", inert.replace('"', "\"\"")) } else { inert }
}

/// Trust as a table, the worst first, with a line for all of them; with bars where they are asked for.
///
/// # Errors
///
/// What the writer says.
pub fn trust_table(all: &[Trust], bars: Option<Bars>, out: &mut dyn Write) -> io::Result<()> {
    let mut sorted: Vec<&Trust> = all.iter().collect();
    sorted.sort_by(|one, other| match (one.trust, other.trust) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    });
    let rows: Vec<[String; 4]> = sorted.iter().map(|one| row(one)).collect();
    let head = ["trust", "took", "promised", "reply"].map(str::to_owned);
    let mut widths = [0; 4];
    for row in rows.iter().chain([&head]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let half = bars.map_or(0, |bars| {
        let left = bars.width.saturating_sub(widths[0] + widths[1] + widths[2] + 2 * 4 + widths[3].min(24) + 1) / 2;
        left.clamp(HALF.0, HALF.1)
    });
    line(&head, None, widths, out)?;
    for (one, cells) in sorted.iter().zip(&rows) {
        let drawn = bars.map(|bars| bar(one.trust, one.late, half, bars.color));
        line(cells, drawn.as_deref(), widths, out)?;
    }
    writeln!(out, "{}", summary(&Overall::of(all)))
}

fn line(cells: &[String; 4], bar: Option<&str>, widths: [usize; 4], out: &mut dyn Write) -> io::Result<()> {
    for (cell, width) in cells.iter().zip(widths).take(3) {
        write!(out, "{}{cell}  ", " ".repeat(width.saturating_sub(cell.width())))?;
    }
    match bar {
        Some(bar) => writeln!(out, "{bar}  {}", cells[3]),
        None => writeln!(out, "{}", cells[3]),
    }
}

fn row(one: &Trust) -> [String; 4] {
    let kind = if one.business { " of business" } else { "" };
    let length = |seconds: Option<i64>| seconds.map_or_else(|| NONE.to_owned(), |seconds| hours(seconds, one.business));
    let mut name = printable_line(&one.path);
    if let Some(reply) = &one.reply {
        name.push_str(": ");
        name.push_str(&printable_line(reply));
    }
    let notes = [
        one.reason.map(|reason| reason.words().to_owned()),
        (one.late && one.trust.is_none()).then(|| "late".to_owned()),
        one.promised
            .as_ref()
            .filter(|_| one.promised_in_thread)
            .map(|words| format!("promised in the thread: {}", printable_line(words))),
    ];
    let notes: Vec<String> = notes.into_iter().flatten().collect();
    if !notes.is_empty() {
        name.push_str(&format!(" ({})", notes.join("; ")));
    }
    let promised =
        one.promised_seconds.map_or_else(|| NONE.to_owned(), |_| format!("{}{kind}", length(one.promised_seconds)));
    [
        one.trust.map_or_else(|| NONE.to_owned(), |trust| format!("{trust:.1} %")),
        length(one.reply_seconds),
        promised,
        name,
    ]
}

/// A length of time; of business time in hours, for its days are short.
fn hours(seconds: i64, business: bool) -> String {
    if !business || seconds.abs() < 86400 {
        return spoken(seconds);
    }
    let minutes = seconds / 60 % 60;
    if minutes == 0 { format!("{} h", seconds / 3600) } else { format!("{} h {} min", seconds / 3600, minutes.abs()) }
}

/// A bar from the middle: to the right what of the time was left, to the left how much too late; either
/// ends at 100.
fn bar(trust: Option<f64>, late: bool, half: usize, color: bool) -> String {
    let Some(trust) = trust else { return " ".repeat(2 * half + 1) };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a few cells"
    )]
    let cells = ((trust.abs().min(100.0) / 100.0 * half as f64).round() as usize).min(half);
    let full = "█".repeat(cells);
    let gap = " ".repeat(half - cells);
    let (before, code, after) = if late { (gap.as_str(), "31", "") } else { ("", "32", gap.as_str()) };
    let full = if color && cells > 0 { format!("\u{1b}[{code}m{full}\u{1b}[0m") } else { full };
    let side = " ".repeat(half);
    if late { format!("{before}{full}│{side}") } else { format!("{side}│{full}{after}") }
}

fn summary(overall: &Overall) -> String {
    let replies = |count: usize| if count == 1 { "1 reply".to_owned() } else { format!("{count} replies") };
    let without = match overall.unmeasured {
        0 => String::new(),
        count => format!("; {} without a number", replies(count)),
    };
    match overall.trust {
        Some(trust) => {
            format!("overall {trust:.1} % over {}, {} late{without}", replies(overall.measured), overall.late)
        }
        None => format!("no overall trust: {} with a promise and both times{without}", replies(0)),
    }
}
