//! For people: the excerpt, the underlined span, why it hurts, and what to write instead.
//!
//! The only file that names `codespan-reporting`. It shows an excerpt that is made here, a few
//! lines with the span in them: long lines cropped, controls written out, and such parts of emoji
//! left out as terminals draw in no place of their own, so that the underline stays under the words.

use std::io::{self, Write};
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic, Label, Severity as Shade};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::termcolor::{Ansi, NoColor, WriteColor};
use codespan_reporting::term::{self, Chars, Styles, StylesWriter};

use super::escape::{is_harmful, printable, printable_line};
use crate::finding::{Finding, Place, Related};
use crate::rule::{Applicability, PackError, Severity};
use crate::source::Source;
use crate::text::{LineIndex, Position, Span};

/// Characters of a line that are shown at most.
const MAX_COLUMNS: usize = 160;
/// Lines of a span that are shown at most.
const MAX_LINES: usize = 6;
/// Other places of a finding that are shown at most, and that are named at most.
const MAX_RELATED: usize = 3;
const MAX_NAMED: usize = 8;
/// Characters shown before a span in a cropped line.
const LEAD: usize = 60;

/// Writes findings and errors for people.
#[derive(Clone, Copy, Debug)]
pub struct Human {
    /// Whether colours are used.
    pub color: bool,
    /// Columns of the terminal; notes are wrapped to them.
    pub width: usize,
}

impl Human {
    /// Writes one finding; with the reason, if it is the first of its rule, and with an excerpt, if
    /// its input is at hand.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn finding(
        &self,
        source: Option<&Source>,
        finding: &Finding,
        first: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let shade = match finding.severity {
            Severity::Error => Shade::Error,
            Severity::Warning => Shade::Warning,
            Severity::Info => Shade::Note,
        };
        let name = match &finding.reply {
            Some(reply) => format!("{} ({reply})", finding.path),
            None => finding.path.clone(),
        };
        let mut notes = Vec::new();
        if source.is_none() {
            notes.push(format!("at: {}:{}:{}", printable_line(&name), finding.start.line, finding.start.column));
        }
        if first && !finding.why.is_empty() {
            notes.push(self.wrapped("why: ", &finding.why));
        }
        for rewrite in finding.rewrites.iter().take(3) {
            let verb = match (rewrite.edits.is_empty(), rewrite.text.is_empty()) {
                (true, _) => "help: add: ",
                (_, true) => "help: leave it out",
                _ => "help: write: ",
            };
            let mut note = self.wrapped(verb, &rewrite.text);
            if rewrite.applicability == Applicability::Safe {
                note.push_str("  (--fix writes it)");
            }
            notes.push(note);
        }
        if finding.rewrites.is_empty() && !finding.help.is_empty() && finding.help != finding.why {
            notes.push(self.wrapped("help: ", &finding.help));
        }
        // A place in another file is only named: its text is not at hand.
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            finding.related.iter().partition(|related| related.path == finding.path);
        let (shown, unshown) = here.split_at(here.len().min(MAX_RELATED));
        let named: Vec<&Related> = unshown.iter().chain(&elsewhere).copied().collect();
        if !named.is_empty() {
            notes.push(self.wrapped("also in ", &places(&named)));
        }
        let name_of = |reply: Option<&str>| match reply {
            Some(reply) => format!("{} ({reply})", finding.path),
            None => finding.path.clone(),
        };
        let diagnostic = Diagnostic::new(shade)
            .with_code(printable_line(&finding.code))
            .with_message(printable_line(&finding.message))
            .with_notes(notes);
        let Some(source) = source else {
            return self.emit(diagnostic, Excerpts(Vec::new()), out);
        };
        let excerpt = |name: String, start: Place, end: Place, label: &str| {
            let start = Position { line: start.line, column: start.column };
            let end = Position { line: end.line, column: end.column };
            let span = Span::new(source.offset(start), source.offset(end).max(source.offset(start)));
            let excerpt = Excerpt::new(printable_line(&name), source.text(), source.lines(), span, start);
            Excerpt { label: printable_line(label), ..excerpt }
        };
        let mut excerpts = vec![excerpt(name_of(finding.reply.as_deref()), finding.start, finding.end, "")];
        excerpts.extend(
            shown.iter().map(|related| {
                excerpt(name_of(related.reply.as_deref()), related.start, related.end, &related.message)
            }),
        );
        self.emit(diagnostic, Excerpts(excerpts), out)
    }

    /// Writes what is wrong with a pack or a configuration.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn pack_error(&self, error: &PackError, out: &mut dyn Write) -> io::Result<()> {
        let help = error.help.iter().map(|help| printable(&format!("help: {help}")));
        let diagnostic = Diagnostic::error().with_message(printable_line(&error.message)).with_notes(help.collect());
        let lines = LineIndex::new(&error.text);
        let start = lines.position(&error.text, error.span.start);
        let excerpt = Excerpt::new(printable_line(&error.file), &error.text, &lines, error.span, start);
        self.emit(diagnostic, Excerpts(vec![excerpt]), out)
    }

    fn emit(&self, diagnostic: Diagnostic<usize>, excerpts: Excerpts, out: &mut dyn Write) -> io::Result<()> {
        let labels = excerpts.0.iter().enumerate().map(|(id, excerpt)| match id {
            0 => Label::primary(id, excerpt.span.clone()),
            _ => Label::secondary(id, excerpt.span.clone()).with_message(&excerpt.label),
        });
        let diagnostic = diagnostic.with_labels(labels.collect());
        let config = term::Config { chars: Chars::box_drawing(), tab_width: 4, ..term::Config::default() };
        let styles = Styles::default();
        let mut buffer: Box<dyn Buffer> =
            if self.color { Box::new(Ansi::new(Vec::new())) } else { Box::new(NoColor::new(Vec::new())) };
        let mut writer = StylesWriter::new(&mut *buffer as &mut dyn WriteColor, &styles);
        term::emit_to_write_style(&mut writer, &config, &excerpts, &diagnostic).map_err(io::Error::other)?;
        // Every diagnostic ends in an empty line; trailing spaces are nobody's.
        let shown = String::from_utf8_lossy(buffer.bytes()).into_owned();
        for line in shown.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn wrapped(&self, head: &str, text: &str) -> String {
        let width = self.width.saturating_sub(8).clamp(40, 92);
        let text = format!("{head}{}", printable(text));
        let options = textwrap::Options::new(width);
        textwrap::wrap(&text, options).join("\n")
    }
}

/// Places in words: `refunds.md:3:1 (5 days), billing.md:7:1 and 12 more`.
fn places(related: &[&Related]) -> String {
    let named = related.iter().take(MAX_NAMED).map(|related| {
        let place = format!("{}:{}:{}", related.path, related.start.line, related.start.column);
        if related.message.is_empty() { place } else { format!("{place} ({})", related.message) }
    });
    let named = named.collect::<Vec<_>>().join(", ");
    match related.len().saturating_sub(MAX_NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// A colour writer whose bytes can be read afterwards.
trait Buffer: WriteColor {
    fn bytes(&self) -> &[u8];
}

impl Buffer for Ansi<Vec<u8>> {
    fn bytes(&self) -> &[u8] {
        self.get_ref()
    }
}

impl Buffer for NoColor<Vec<u8>> {
    fn bytes(&self) -> &[u8] {
        self.get_ref()
    }
}

/// The lines that hold a span, as they are shown.
struct Excerpt {
    name: String,
    text: String,
    /// For each line shown, where it starts in the excerpt and its number in the source.
    lines: Vec<(usize, usize)>,
    span: Range<usize>,
    column: usize,
    /// What is said of the span, where it is not the finding's own.
    label: String,
}

/// The excerpts of one diagnostic, each a file to the renderer.
struct Excerpts(Vec<Excerpt>);

impl Excerpts {
    fn get(&self, id: usize) -> Result<&Excerpt, Error> {
        self.0.get(id).ok_or(Error::FileMissing)
    }
}

impl Excerpt {
    fn new(name: String, source: &str, index: &LineIndex, span: Span, start: Position) -> Self {
        let first = index.line_of(span.start);
        let last = index.line_of(span.end.max(span.start + 1) - 1).clamp(first, first + MAX_LINES - 1);
        let (text, lines, label) = (String::new(), Vec::new(), String::new());
        let mut excerpt = Self { name, text, lines, span: 0..0, column: start.column, label };
        let (mut shown_start, mut shown_end) = (None, None);
        for number in first..=last {
            let Some(line) = index.span(source, number) else {
                break;
            };
            excerpt.lines.push((excerpt.text.len(), number + 1));
            let written = line.of(source).trim_end_matches(['\n', '\r']);
            let focus = span.start.saturating_sub(line.start).min(written.len());
            let (from, to) = crop(written, focus);
            if from > 0 {
                excerpt.text.push('…');
            }
            for (at, ch) in written[from..to].char_indices() {
                let here = line.start + from + at;
                if here >= span.start && shown_start.is_none() {
                    shown_start = Some(excerpt.text.len());
                }
                if here >= span.end && shown_end.is_none() {
                    shown_end = Some(excerpt.text.len());
                }
                show(ch, &mut excerpt.text);
            }
            if line.start + to >= span.end && shown_end.is_none() {
                shown_end = Some(excerpt.text.len());
            }
            if to < written.len() {
                excerpt.text.push('…');
            }
            if shown_end.is_none() && number == last {
                shown_end = Some(excerpt.text.len());
            }
            excerpt.text.push('\n');
        }
        let start = shown_start.unwrap_or(0);
        excerpt.span = start..shown_end.unwrap_or(excerpt.text.len()).max(start);
        excerpt
    }
}

/// Which bytes of a line are shown: all of a short one, else some around `focus`.
fn crop(line: &str, focus: usize) -> (usize, usize) {
    // In bytes first: a line of megabytes is not to be counted through.
    if line.len() <= MAX_COLUMNS {
        return (0, line.len());
    }
    let mut from = focus;
    for _ in 0..LEAD {
        let Some(before) = line[..from].chars().next_back() else {
            break;
        };
        from -= before.len_utf8();
    }
    let len = line[from..].char_indices().nth(MAX_COLUMNS).map_or(line.len() - from, |(at, _)| at);
    (from, from + len)
}

fn show(ch: char, out: &mut String) {
    match ch {
        '\t' => out.push('\t'),
        // Joiners, presentation selectors and skin tones.
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' => {}
        _ if is_harmful(ch) => out.extend(ch.escape_unicode()),
        _ => out.push(ch),
    }
}

impl<'f> Files<'f> for Excerpts {
    type FileId = usize;
    type Name = &'f str;
    type Source = &'f str;

    fn name(&'f self, id: usize) -> Result<&'f str, Error> {
        Ok(&self.get(id)?.name)
    }

    fn source(&'f self, id: usize) -> Result<&'f str, Error> {
        Ok(&self.get(id)?.text)
    }

    fn line_index(&'f self, id: usize, byte: usize) -> Result<usize, Error> {
        Ok(self.get(id)?.lines.partition_point(|(start, _)| *start <= byte).saturating_sub(1))
    }

    fn line_number(&'f self, id: usize, line: usize) -> Result<usize, Error> {
        Ok(self.get(id)?.lines.get(line).map_or(line + 1, |(_, number)| *number))
    }

    fn column_number(&'f self, id: usize, _line: usize, _byte: usize) -> Result<usize, Error> {
        Ok(self.get(id)?.column)
    }

    fn line_range(&'f self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        let Excerpt { text, lines, .. } = self.get(id)?;
        let missing = Error::LineTooLarge { given: line, max: lines.len().saturating_sub(1) };
        let start = lines.get(line).map(|(start, _)| *start).ok_or(missing)?;
        let end = lines.get(line + 1).map_or(text.len(), |(start, _)| *start);
        Ok(start..end)
    }
}
