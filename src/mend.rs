//! Mending an input: rewrites applied, and the result read again before anyone may write it.
//!
//! A file is what its format makes of it, so that "nothing else changed" is asked of what is read, not
//! only of the bytes: every reply must read as it did but for the words that were edited, and every
//! other field must be the same.

use std::collections::{BTreeSet, HashSet};

use crate::config::{Known, suppress};
use crate::finding::{Edit, Finding, Suggestion};
use crate::fix::{self, MAX_PASSES};
use crate::format::Format;
use crate::linter::Linter;
use crate::reply::Reply;
use crate::report::Report;
use crate::rule::Applicability;
use crate::source::Source;
use crate::text::{Overlaps, Span};

/// What became of an input.
#[derive(Clone, Debug)]
pub struct Mended {
    /// The input after it; the same where nothing was done.
    pub source: Source,
    /// What is found in it then.
    pub report: Report,
    /// The findings that are mended, with their places at the time.
    pub fixed: Vec<Finding>,
    /// The codes of rules that undo each other's rewrites, so that the input stayed as it was.
    pub circle: Vec<String>,
}

/// Applies to an input the rewrites that can be trusted at least so far, until nothing more is to be
/// done.
///
/// A rewrite is passed over where the input would not read as it did but for the rewritten words, and
/// where the rewritten words have a fault of the same family that nothing would mend. An input in
/// another encoding than UTF-8 stays as it is.
#[must_use]
pub fn mend(linter: &Linter, source: &Source, known: &Known, trust: Applicability) -> Mended {
    mend_report(linter, source, known, trust, linter.lint_with(source, known))
}

/// The same for an input that was linted already.
#[must_use]
pub fn mend_report(linter: &Linter, source: &Source, known: &Known, trust: Applicability, report: Report) -> Mended {
    let mut current = (source.clone(), report.clone());
    let mut fixed = Vec::new();
    let mut refused = Refused::default();
    let mut seen = vec![source.text().to_owned()];
    let mut last_codes = Vec::new();
    let passes = if source.is_transcoded() { 0 } else { MAX_PASSES };
    for _ in 0..passes {
        let (before, findings) = (&current.0, &current.1.findings);
        let Some((next, after, applied)) = pass(linter, before, known, trust, findings, &mut refused) else {
            return Mended { source: current.0, report: current.1, fixed, circle: Vec::new() };
        };
        last_codes = applied.iter().map(|index| findings[*index].code.clone()).collect();
        if seen.iter().any(|text| text == next.text()) {
            break;
        }
        seen.push(next.text().to_owned());
        let done: HashSet<usize> = applied.into_iter().collect();
        let (_, old) = std::mem::replace(&mut current, (next, after));
        let mended = old.findings.into_iter().enumerate().filter(|(index, _)| done.contains(index));
        fixed.extend(mended.map(|(_, finding)| finding));
    }
    last_codes.sort();
    last_codes.dedup();
    Mended { source: source.clone(), report, fixed: Vec::new(), circle: last_codes }
}

/// Rewrites that were tried and made something worse: fingerprint and text.
#[derive(Default)]
struct Refused(HashSet<(String, String)>);

impl Refused {
    fn add(&mut self, finding: &Finding, rewrite: &Suggestion) {
        self.0.insert((finding.fingerprint.clone(), rewrite.text.clone()));
    }

    /// The first rewrite of a finding that is trusted and was not refused.
    fn next<'f>(&self, finding: &'f Finding, trust: Applicability) -> Option<&'f Suggestion> {
        let refused = |rewrite: &Suggestion| self.0.contains(&(finding.fingerprint.clone(), rewrite.text.clone()));
        let fits =
            |rewrite: &&Suggestion| rewrite.applicability >= trust && !rewrite.edits.is_empty() && !refused(rewrite);
        finding.rewrites.iter().find(fits)
    }
}

/// One pass: the input after it, and which findings it mends; `None` where there is nothing to do.
fn pass(
    linter: &Linter,
    source: &Source,
    known: &Known,
    trust: Applicability,
    findings: &[Finding],
    refused: &mut Refused,
) -> Option<(Source, Report, Vec<usize>)> {
    let before = linter.replies(source, known).ok()?;
    loop {
        let mut chosen = fix::choose(source.text(), findings, |finding| refused.next(finding, trust));
        if chosen.is_empty() {
            return None;
        }
        let mut put = whole(linter, source, known, &before, &chosen);
        if put.is_none() {
            // One of them at least cannot stand: each is tried alone.
            let mut found = false;
            for (index, rewrite) in &chosen {
                if whole(linter, source, known, &before, &[(*index, *rewrite)]).is_none() {
                    refused.add(&findings[*index], rewrite);
                    found = true;
                }
            }
            if found {
                continue;
            }
            // They only fail together: as many go as can, the rest waits for the next pass.
            for one in std::mem::take(&mut chosen) {
                chosen.push(one);
                match whole(linter, source, known, &before, &chosen) {
                    Some(more) => put = Some(more),
                    None => {
                        chosen.pop();
                    }
                }
            }
        }
        let (next, placed) = put?;
        let after = linter.lint_with(&next, known);
        let overlaps = Overlaps::new(after.findings.iter().map(|finding| finding.span));
        let mut worse = false;
        for ((index, rewrite), spans) in chosen.iter().zip(&placed) {
            let finding = &findings[*index];
            let again = |span: &Span| {
                let near = after.findings.get(overlaps.of(*span)).unwrap_or_default();
                near.iter().any(|one| {
                    one.family == finding.family && one.span.overlaps(*span) && refused.next(one, trust).is_none()
                })
            };
            if spans.iter().any(again) {
                refused.add(finding, rewrite);
                worse = true;
            }
        }
        if !worse {
            return Some((next, after, chosen.into_iter().map(|(index, _)| index).collect()));
        }
    }
}

/// A text after some rewrites, with where each one's edits stand in it; `None` where it is not what it
/// was but for the rewritten words.
fn whole(
    linter: &Linter,
    source: &Source,
    known: &Known,
    before: &[Reply],
    chosen: &[(usize, &Suggestion)],
) -> Option<(Source, Vec<Vec<Span>>)> {
    let edits: Vec<&Edit> = chosen.iter().flat_map(|(_, rewrite)| &rewrite.edits).collect();
    let text = fix::splice(source.text(), &edits);
    let next = Source::new(source.name(), text.into_bytes()).ok().filter(|next| !next.is_transcoded())?;
    let reads = reads_as(linter, source, &next, known, before, &edits);
    let mut grown = 0;
    let mut gone = 0;
    let place = |edit: &Edit| {
        let start = edit.span.start + grown - gone;
        grown += edit.text.len();
        gone += edit.span.len();
        Span::new(start, start + edit.text.len())
    };
    let mut spans = edits.iter().copied().map(place).collect::<Vec<_>>().into_iter();
    let placed = chosen.iter().map(|(_, rewrite)| spans.by_ref().take(rewrite.edits.len()).collect()).collect();
    reads.then_some((next, placed))
}

/// Whether an input after some edits reads as it did but for them: the same replies with the same
/// placeholders, code, quotes and facts, and the same of everything that is no reply.
#[must_use]
pub fn holds(linter: &Linter, source: &Source, next: &Source, known: &Known, edits: &[&Edit]) -> bool {
    let Ok(before) = linter.replies(source, known) else { return false };
    reads_as(linter, source, next, known, &before, edits)
}

fn reads_as(linter: &Linter, source: &Source, next: &Source, known: &Known, before: &[Reply], edits: &[&Edit]) -> bool {
    let Ok(after) = linter.replies(next, known) else { return false };
    let same = |one: &Reply, other: &Reply| {
        let Some(wanted) = expected(one, edits) else { return false };
        one.location == other.location
            && one.facts == other.facts
            && one.blocks.len() == other.blocks.len()
            && one.choices.len() == other.choices.len()
            && one.quoted.text() == other.quoted.text()
            && one.code.text() == other.code.text()
            && wanted.text == other.prose.text()
            && keeps_placeholders(one, other, &wanted)
    };
    let edited = Overlaps::new(edits.iter().map(|edit| edit.span));
    let touched = |span: &Span| !span.is_empty() && !edited.of(*span).is_empty();
    let (Some(rest), Some(rest_after)) = (linter.rest(source, known), linter.rest(next, known)) else {
        return false;
    };
    before.len() == after.len()
        && before.iter().zip(&after).all(|(one, other)| same(one, other))
        && rest.len() == rest_after.len()
        && rest.iter().zip(&rest_after).all(|((span, one), (_, other))| touched(span) || one == other)
}

/// Whether the placeholders around edits are the same, and those in what gives way are in order in what is
/// written, which may have gaps of its own.
fn keeps_placeholders(one: &Reply, other: &Reply, wanted: &Expected) -> bool {
    let parted = |reply: &Reply, edited: &[Span]| -> (Vec<String>, Vec<String>) {
        let (inside, around): (Vec<Span>, Vec<Span>) =
            reply.opaque.iter().partition(|span| edited.iter().any(|edit| edit.contains(**span)));
        let texts = |spans: Vec<Span>| spans.iter().map(|span| span.of(reply.prose.text()).to_owned()).collect();
        (texts(around), texts(inside))
    };
    let (around, inside) = parted(one, &wanted.gone);
    let (around_after, inside_after) = parted(other, &wanted.written);
    let mut rest = inside_after.iter();
    around == around_after && inside.iter().all(|text| rest.any(|one| one == text))
}

/// What a reply should read after edits of its file.
struct Expected {
    text: String,
    /// Where in the prose before them words give way.
    gone: Vec<Span>,
    /// Where in the text the new words stand.
    written: Vec<Span>,
}

/// `None` where an edit begins or ends inside of something that is read as a whole.
fn expected(reply: &Reply, edits: &[&Edit]) -> Option<Expected> {
    let text = reply.prose.text();
    let spans: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
    let derived = reply.prose.derived(&spans)?;
    let mut here: Vec<(Span, &str)> =
        derived.into_iter().zip(edits).filter_map(|(span, edit)| Some((span?, edit.reads.as_str()))).collect();
    // What is read in another order than it is written, such as attributes, comes last in the prose.
    here.sort_by_key(|(span, _)| *span);
    let mut out = String::with_capacity(text.len());
    let gone = here.iter().map(|(span, _)| *span).collect();
    let mut written = Vec::with_capacity(here.len());
    let mut at = 0;
    for (span, reads) in here {
        out.push_str(text.get(at..span.start)?);
        written.push(Span::new(out.len(), out.len() + reads.len()));
        out.push_str(reads);
        at = span.end;
    }
    out.push_str(text.get(at..)?);
    Some(Expected { text: out, gone, written })
}

/// What became of an input whose findings were to be suppressed.
#[derive(Clone, Debug)]
pub struct Hushed {
    /// The input with the suppressions.
    pub source: Source,
    /// How many findings are suppressed now that were not.
    pub done: usize,
    /// How many findings cannot be suppressed in this input,
    pub left: usize,
    /// and their codes, each once.
    pub left_codes: Vec<String>,
}

/// Writes a suppression for each finding of an input for which `wanted` holds, where it stands; where
/// that would change what is read, at the head of the file.
#[must_use]
pub fn hush(linter: &Linter, source: &Source, known: &Known, wanted: impl Fn(&Finding) -> bool) -> Hushed {
    hush_report(linter, source, known, &linter.lint_with(source, known), wanted)
}

/// The same for an input that was linted already.
#[must_use]
pub fn hush_report(
    linter: &Linter,
    source: &Source,
    known: &Known,
    report: &Report,
    wanted: impl Fn(&Finding) -> bool,
) -> Hushed {
    let findings: Vec<Finding> = report.findings.iter().filter(|finding| wanted(finding)).cloned().collect();
    let hidden = |after: &Report, count: usize| after.suppressed.len() >= report.suppressed.len() + count;
    hush_findings(linter, source, known, &findings, hidden)
}

/// The same for what only a comparison with other replies finds there: `places` are findings whose span is in
/// this input. What is suppressed takes no part in comparisons any more.
#[must_use]
pub fn hush_places(linter: &Linter, source: &Source, known: &Known, places: &[Finding]) -> Hushed {
    let before = linter.learn(source, known).count();
    let hidden = |after: &Report, count: usize| after.learned.count() + count <= before;
    hush_findings(linter, source, known, places, hidden)
}

/// `hides` says whether a report has so many findings less.
fn hush_findings(
    linter: &Linter,
    source: &Source,
    known: &Known,
    findings: &[Finding],
    hides: impl Fn(&Report, usize) -> bool,
) -> Hushed {
    let all = findings.iter().filter(|finding| finding.family != crate::config::FAMILY).count();
    let format = linter.format_of(source, known);
    let hushed = |source: &Source, left: &[&Finding]| {
        let codes: BTreeSet<String> = left.iter().map(|finding| finding.code.clone()).collect();
        Hushed {
            source: source.clone(),
            done: all - left.len(),
            left: left.len(),
            left_codes: codes.into_iter().collect(),
        }
    };
    let whole: Vec<&Finding> = findings.iter().filter(|finding| finding.family != crate::config::FAMILY).collect();
    if all == 0 || source.is_transcoded() {
        return hushed(source, &whole);
    }
    let fields = linter.fields(source, known);
    let (edits, left) = suppress(source, format, known.suppress.as_deref(), findings, &fields);
    let placed = inserted(linter, source, known, &edits, |after| hides(after, all - left.len()));
    if let Some(next) = placed.filter(|_| left.len() < all) {
        return hushed(&next, &left);
    }
    let head = at_head(source, format, findings);
    match head.and_then(|edit| inserted(linter, source, known, &[edit], |after| hides(after, all))) {
        Some(next) => hushed(&next, &[]),
        None => hushed(source, &whole),
    }
}

/// An input that was linted, with a suppression of a rule at its head, for all that follows. `None` where it
/// has no place for one, or would be read otherwise with it.
#[must_use]
pub fn hush_in_file(linter: &Linter, source: &Source, known: &Known, report: &Report, code: &str) -> Option<Source> {
    let findings: Vec<Finding> = report.findings.iter().filter(|finding| finding.code == code).cloned().collect();
    if source.is_transcoded() || findings.is_empty() {
        return None;
    }
    let format = linter.format_of(source, known);
    let edit = match format {
        // The header that a line's suppression is there holds for the whole mail.
        Format::Mail => suppress(source, format, None, &findings, &[]).0.into_iter().next(),
        _ => at_head(source, format, &findings),
    };
    let hidden = report.suppressed.len() + findings.len();
    inserted(linter, source, known, &[edit?], |after| after.suppressed.len() >= hidden)
}

/// What suppresses some findings in the whole file.
fn at_head(source: &Source, format: Format, findings: &[Finding]) -> Option<Edit> {
    let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let line_end = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let (at, text) = match format {
        Format::Markdown | Format::Html => {
            (crate::format::body_start(source), format!("<!-- tonelint-disable {} -->{line_end}", codes.join(", ")))
        }
        Format::Yaml => (source.content_start(), format!("# tonelint-disable {}{line_end}", codes.join(", "))),
        // A text has no comments; where it has front matter, that can say it.
        Format::Plain => {
            (crate::format::free_head(source)?, format!("tonelint-disable: [{}]{line_end}", codes.join(", ")))
        }
        _ => return None,
    };
    Some(Edit { span: Span::new(at, at), text, reads: String::new() })
}

/// A source with some comments put in, if it reads as before and what is said of it then is as it should be.
fn inserted(
    linter: &Linter,
    source: &Source,
    known: &Known,
    edits: &[Edit],
    is_right: impl Fn(&Report) -> bool,
) -> Option<Source> {
    let edits: Vec<&Edit> = edits.iter().collect();
    let text = fix::splice(source.text(), &edits);
    let next = Source::new(source.name(), text.into_bytes()).ok()?;
    let words = |source: &Source| -> Option<Vec<_>> {
        let replies = linter.replies(source, known).ok()?;
        let words = |reply: Reply| {
            let words: Vec<String> = reply.prose.text().split_whitespace().map(str::to_owned).collect();
            (reply.location, reply.blocks.len(), reply.facts, words)
        };
        Some(replies.into_iter().map(words).collect())
    };
    let same = words(source)? == words(&next)?;
    (same && !edits.is_empty() && is_right(&linter.lint_with(&next, known))).then_some(next)
}

/// Puts a text in the place of a finding, escaped as the place asks. `None` where it cannot stand there,
/// or where more than those words would change.
#[must_use]
pub fn put(linter: &Linter, source: &Source, known: &Known, finding: &Finding, text: &str) -> Option<Source> {
    if source.is_transcoded() {
        return None;
    }
    let replies = linter.replies(source, known).ok()?;
    let reply = replies.iter().find(|reply| reply.location == finding.reply && place(reply, finding.span).is_some())?;
    let prose = place(reply, finding.span)?;
    let written = reply.write(text, source.text(), finding.span, prose)?;
    let ends = |ch: char| matches!(ch, '.' | '!' | '?');
    let twice =
        text.ends_with(ends) && source.text().get(finding.span.end..).is_some_and(|rest| rest.starts_with(ends));
    let span = Span::new(finding.span.start, finding.span.end + usize::from(twice));
    let mut edits = vec![Edit { span, text: written.text, reads: text.to_owned() }];
    if let Some(quotes) = written.quotes {
        let quote = |at: usize| Edit { span: Span::new(at, at), text: "\"".into(), reads: String::new() };
        edits.insert(0, quote(quotes.start));
        edits.push(quote(quotes.end));
    }
    applied(linter, source, known, &edits.iter().collect::<Vec<_>>())
}

/// Where a span of the file stands in the prose of a reply.
fn place(reply: &Reply, span: Span) -> Option<Span> {
    reply.prose.derived(&[span])?.into_iter().next().flatten()
}

/// A source after some edits, if it reads as it did but for them.
#[must_use]
pub fn applied(linter: &Linter, source: &Source, known: &Known, edits: &[&Edit]) -> Option<Source> {
    let text = fix::splice(source.text(), edits);
    let next = Source::new(source.name(), text.into_bytes()).ok()?;
    holds(linter, source, &next, known, edits).then_some(next)
}
