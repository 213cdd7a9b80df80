//! Findings over all replies of a run.

use xxhash_rust::xxh3::xxh3_64;

use super::{Linter, rule_page};
use crate::config::{Config, Known, Suppressions};
use crate::engine::{Noted, What};
use crate::finding::{Finding, Place, Related};
use crate::reply::{Facts, Reply};
use crate::report::{InputError, Report};
use crate::repository::{File, Group, Note, Said};
use crate::rule::Severity;
use crate::source::Source;
use crate::text::{Position, Span, fold_word};

/// Gathers what the replies of one file say.
pub(super) struct Learner<'l> {
    linter: &'l Linter,
    source: &'l Source,
    /// What holds for this file: its settings, and the words that stay, folded.
    config: &'l Config,
    vocabulary: &'l [String],
    file: File,
    /// The rules that compare, as indexes.
    comparing: Vec<usize>,
    /// The last position that was counted: replies mostly stand in order.
    last: (usize, Position),
}

impl<'l> Learner<'l> {
    pub(super) fn new(linter: &'l Linter, source: &'l Source, config: &'l Config, vocabulary: &'l [String]) -> Self {
        let file = File {
            path: source.name().to_owned(),
            digest: digest(source),
            rules: linter.rules.clone(),
            locations: Vec::new(),
            asked: std::collections::BTreeMap::new(),
            notes: Vec::new(),
        };
        let rules = linter.rules.iter().enumerate();
        let comparing = rules.filter(|(_, rule)| rule.across.is_some() && config.wants(rule));
        let comparing = comparing.map(|(index, _)| index).collect();
        Self { linter, source, config, vocabulary, file, comparing, last: (0, Position { line: 1, column: 1 }) }
    }

    /// The next reply of the file.
    pub(super) fn reply(&mut self, location: Option<&str>) {
        self.file.locations.push(location.map(Into::into));
    }

    /// What that reply says. `facts` are what is known of it.
    pub(super) fn learn(&mut self, mut noted: Vec<Noted>, facts: &Facts) {
        // In the order of the text, so that each position is counted from the last.
        noted.sort_by_key(|one| one.span.start);
        for index in &self.comparing {
            let rule = &self.linter.rules[*index];
            let of_language = facts.language.as_deref() == Some(&rule.language) || rule.language == "any";
            if of_language && self.config.severity_of(rule, facts).is_some() {
                *self.file.asked.entry(*index).or_default() += 1;
            }
        }
        for one in noted {
            let Some(rule) = self.file.rules.get(one.rule).filter(|_| self.comparing.contains(&one.rule)) else {
                continue;
            };
            let Some(severity) = self.config.severity_of(rule, facts) else { continue };
            let is_ours = |text: &str| self.vocabulary.contains(&fold_word(text));
            if matches!(one.what, What::Name(..)) && is_ours(one.span.of(self.source.text())) {
                continue;
            }
            let start = super::position_after(self.source, self.last, one.span.start);
            self.last = (one.span.start, start);
            let end = super::position_after(self.source, self.last, one.span.end);
            let span = self.source.file_span(one.span);
            self.file.notes.push(Note {
                rule: small(one.rule),
                reply: small(self.file.locations.len().saturating_sub(1)),
                severity,
                span: (small(span.start), small(span.end)),
                prose: (small(one.prose.start), small(one.prose.end)),
                start: (small(start.line), small(start.column)),
                end: (small(end.line), small(end.column)),
                what: one.what,
                is_new: true,
            });
        }
    }

    /// Leaves out what the file does not want to be told of: that takes no part in a comparison.
    pub(super) fn suppress(&mut self, suppressions: &mut Suppressions) {
        let File { rules, locations, notes, .. } = &mut self.file;
        notes.retain(|note| {
            let Some(rule) = rules.get(note.rule as usize) else { return true };
            let reply = locations.get(note.reply as usize).and_then(|location| location.as_deref());
            !suppressions.hide((&rule.code, &rule.name, &rule.family), reply, note.file_span())
        });
    }

    pub(super) fn finish(self, report: &mut Report) {
        if !self.file.asked.is_empty() {
            report.learned.add(self.file);
        }
    }
}

/// Inputs have at most 1 GiB, so that every offset and count fits.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn digest(source: &Source) -> u64 {
    xxh3_64(source.text().as_bytes())
}

/// An input with its replies, if it could be read again.
type Opened = Option<(Source, Vec<Reply>)>;

/// Compares the replies of a run, once all are read: what many of them say, and what they contradict
/// each other in. Adds the findings to the report, which is to be sorted again.
///
/// Of a text that was linted only hashes are kept. So `open` is asked for an input once more, by its
/// name, where a finding shows its words; with its replies, as [`Linter::replies`] reads them. An input
/// that cannot be had, or is no longer what it was, becomes an error of the report.
///
/// ```
/// use tonelint::{Config, Linter, Source, compare};
/// use tonelint::config::Known;
/// let linter = Linter::builtin(Config::default());
/// let export = br#"{"macros": [
///   {"actions": [{"field": "comment_value", "value": "We'll send your refund within 3 days."}]},
///   {"actions": [{"field": "comment_value", "value": "We'll send your refund within 5 days."}]}]}"#;
/// let export = Source::new("macros.json", export.to_vec())?;
/// let mut report = linter.lint(&export);
/// compare(&mut report, |_| Some((export.clone(), linter.replies(&export, &Known::default()).ok()?)));
/// let found = report.findings.iter().find(|finding| finding.code == "TM006");
/// assert_eq!(found.map(|finding| finding.related.len()), Some(1));
/// # Ok::<(), tonelint::SourceError>(())
/// ```
pub fn compare(report: &mut Report, mut open: impl FnMut(&str) -> Option<(Source, Vec<Reply>)>) {
    let learned = std::mem::take(&mut report.learned);
    let mut groups = learned.groups();
    // Each file is opened once.
    groups.sort_by(|one, other| {
        let key = |group: &Group<'_>| group.first.note.span;
        one.first.file.path.cmp(&other.first.file.path).then_with(|| key(one).cmp(&key(other)))
    });
    let mut opened: Option<(String, Opened)> = None;
    for group in groups {
        let path = &group.first.file.path;
        if opened.as_ref().is_none_or(|(name, _)| name != path) {
            let read = open(path).filter(|(source, _)| digest(source) == group.first.file.digest);
            if read.is_none() {
                let message = "changed while it was checked; run again".to_owned();
                report.errors.push(InputError { path: path.clone(), message });
            }
            opened = Some((path.clone(), read));
        }
        if let Some((_, Some((source, replies)))) = &opened {
            report.across.insert(group.rule.code.clone());
            report.findings.push(finding(&group, source, replies));
        }
    }
}

fn finding(group: &Group<'_>, source: &Source, replies: &[Reply]) -> Finding {
    let Said { file, note, .. } = group.first;
    let rule = group.rule;
    let prose = replies.get(note.reply as usize).and_then(|reply| reply.clone().variants().into_iter().next());
    let prose = prose.map(|reply| note.prose_span().of(reply.prose.text()).to_owned()).unwrap_or_default();
    let shown = prose.split_whitespace().collect::<Vec<_>>().join(" ");
    let value = |name: &str| match name {
        "match" => Some(shown.clone()),
        _ => group.values.iter().find(|(one, _)| *one == name).map(|(_, value)| value.clone()),
    };
    let (start, end) = note.places();
    let offset = |place: Place| source.offset(Position { line: place.line, column: place.column });
    // Counting through a line of megabytes for each finding would be slow, and is seldom needed.
    let text_span = match source.is_transcoded() {
        true => Span::new(offset(start), offset(end).max(offset(start))),
        false => note.file_span(),
    };
    // What is compared is no fault of one place: nothing is put there unseen.
    let help = rule.rewrites.first().map_or_else(|| rule.why.clone(), |rewrite| rewrite.to.fill(value).0);
    let related = group.others.iter().map(|(said, values)| {
        let value = |name: &str| values.iter().find(|(one, _)| *one == name).map(|(_, value)| value.clone());
        let (start, end) = said.note.places();
        Related {
            message: rule.across.as_ref().map(|across| across.note.fill(value).0).unwrap_or_default(),
            path: said.file.path.clone(),
            reply: location(said.file, said.note),
            span: said.note.file_span(),
            start,
            end,
        }
    });
    Finding {
        code: rule.code.clone(),
        name: rule.name.clone(),
        family: rule.family.clone(),
        severity: severity(group),
        message: rule.message.fill(value).0,
        help,
        why: rule.why.clone(),
        url: rule.origin.builtin.then(|| rule_page(&rule.code)),
        path: file.path.clone(),
        reply: location(file, note),
        span: note.file_span(),
        start,
        end,
        text: text_span.of(source.text()).to_owned(),
        prose,
        rewrites: Vec::new(),
        fingerprint: super::fingerprint(&rule.code, &group.key),
        related: related.collect(),
    }
}

/// The gravest that any of the replies asks for.
fn severity(group: &Group<'_>) -> Severity {
    let others = group.others.iter().map(|(said, _)| said.note.severity);
    others.fold(group.first.note.severity, Ord::max)
}

fn location(file: &File, note: &Note) -> Option<String> {
    file.locations.get(note.reply as usize)?.as_deref().map(str::to_owned)
}

impl Linter {
    /// Lints several inputs and compares them: for the examples of rules.
    pub(crate) fn lint_run(&self, sources: &[Source], known: &Known) -> Report {
        let mut report = Report::default();
        for source in sources {
            report.absorb(self.lint_with(source, known));
        }
        compare(&mut report, |name| {
            let source = sources.iter().find(|source| source.name() == name)?;
            Some((source.clone(), self.replies(source, known).ok()?))
        });
        report.sort();
        report
    }
}
