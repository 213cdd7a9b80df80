//! Suppressions: what a file says that it is not to be told.

use super::Selection;
use crate::finding::{Edit, Finding, Place as Point, Suggestion};
use crate::format::{Format, Place, Remark, in_row, is_beside};
use crate::rule::{Applicability, Level, Rule, Severity, names};
use crate::source::Source;
use crate::text::Span;

/// The family of what is said of suppressions.
pub const FAMILY: &str = "tonelint";
/// Code and name of a suppression that suppresses nothing.
const UNUSED: (&str, &str) = ("TL001", "unused-suppression");
/// Code and name of one that names no rule.
const UNKNOWN: (&str, &str) = ("TL002", "unknown-suppression");

/// Whether a selector names what is said of suppressions.
pub(crate) fn is_ours(selector: &str) -> bool {
    selector != "all" && [UNUSED, UNKNOWN].iter().any(|(code, name)| names(selector, code, name, FAMILY))
}

/// What is said of suppressions, explained, by code or name.
#[cfg(feature = "cli")]
pub(crate) fn explain(selector: &str) -> Option<String> {
    let about = |code: &str, name: &str, text: &str| format!("{code} {name}  ({FAMILY}, warning)\n\n{text}");
    let is = |(code, name): (&str, &str)| selector.eq_ignore_ascii_case(code) || selector == name;
    if is(UNUSED) {
        let text = "A suppression whose rules ran and found nothing. It hides the next fault; --fix takes it out.";
        return Some(about(UNUSED.0, UNUSED.1, text));
    }
    let text = "A suppression of a rule that there is not, so that it suppresses nothing. --fix takes it out.";
    is(UNKNOWN).then(|| about(UNKNOWN.0, UNKNOWN.1, text))
}

/// The suppressions of one input.
#[derive(Debug)]
pub(crate) struct Suppressions {
    directives: Vec<Directive>,
}

#[derive(Debug)]
struct Directive {
    remark: Remark,
    kind: Kind,
    /// What it names; nothing is everything.
    selectors: Vec<String>,
    /// For each selector (one for none): the bytes of the file that it is about, and whether it was of use.
    scopes: Vec<(Span, bool)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Region,
    Enable,
    Line,
    NextLine,
    Beside,
}

/// The kind of a comment by its first word, the longer words first.
const WORDS: [(&str, Kind); 5] = [
    ("tonelint-disable-next-line", Kind::NextLine),
    ("tonelint-disable-line", Kind::Line),
    ("tonelint-disable-file", Kind::File),
    ("tonelint-disable", Kind::Region),
    ("tonelint-enable", Kind::Enable),
];

impl Suppressions {
    /// Reads the remarks of an input. `code` is what of it is code, `fields` are its texts, each of which
    /// counts as what begins on its first line.
    pub(crate) fn read(source: &Source, remarks: Vec<Remark>, code: &[Span], fields: &[Span]) -> Self {
        let text = source.text();
        let mut directives: Vec<Directive> = Vec::new();
        for remark in remarks {
            if remark.place == Place::Comment && code.iter().any(|span| span.contains(remark.whole)) {
                continue;
            }
            let said = remark.text.of(text);
            let (kind, rest) = match &remark.place {
                Place::Head => (Kind::File, said),
                Place::Beside(_) => (Kind::Beside, said),
                Place::Comment => {
                    let word = said.split(|ch: char| ch.is_whitespace() || ch == ':').next().unwrap_or_default();
                    let Some((_, kind)) = WORDS.iter().find(|(known, _)| *known == word) else { continue };
                    (*kind, &said[word.len()..])
                }
            };
            // A reason goes after two dashes.
            let named = rest.split(" -- ").next().unwrap_or_default();
            let is_sign = |ch: char| ch.is_whitespace() || matches!(ch, ',' | ':' | '[' | ']' | '"' | '\'');
            let selectors: Vec<String> = named
                .split(is_sign)
                .map(|word| word.trim_start_matches("- ").to_owned())
                .filter(|word| !word.is_empty() && word != "-")
                .collect();
            let scope = scope(source, kind, remark.whole, fields);
            let scopes = vec![(scope, false); selectors.len().max(1)];
            directives.push(Directive { remark, kind, selectors, scopes });
        }
        end_regions(&mut directives);
        directives.retain(|directive| directive.kind != Kind::Enable);
        if source.is_transcoded() {
            for (scope, _) in directives.iter_mut().flat_map(|directive| &mut directive.scopes) {
                *scope = source.file_span(*scope);
            }
        }
        Self { directives }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.directives.is_empty()
    }

    /// Whether a finding is suppressed; what suppresses it is of use.
    pub(crate) fn hides(&mut self, finding: &Finding) -> bool {
        let rule = (finding.code.as_str(), finding.name.as_str(), finding.family.as_str());
        self.hide(rule, finding.reply.as_deref(), finding.span)
    }

    /// Whether what a rule (code, name, family) says of some bytes of the file is suppressed; `reply` is
    /// where the reply stands, in a file of many.
    pub(crate) fn hide(&mut self, rule: (&str, &str, &str), reply: Option<&str>, span: Span) -> bool {
        let mut hidden = false;
        for directive in &mut self.directives {
            let beside = match (&directive.remark.place, reply) {
                (Place::Beside(place), Some(reply)) => is_beside(place, reply),
                (Place::Beside(place), None) => place.is_empty(),
                _ => true,
            };
            if !beside {
                continue;
            }
            for (index, (scope, used)) in directive.scopes.iter_mut().enumerate() {
                let selector = directive.selectors.get(index).map_or("all", String::as_str);
                let starts_there = scope.start <= span.start && span.start < scope.end.max(scope.start + 1);
                if (scope.overlaps(span) || starts_there) && names(selector, rule.0, rule.1, rule.2) {
                    *used = true;
                    hidden = true;
                }
            }
        }
        hidden
    }

    /// What is wrong with the suppressions themselves: those that name no rule, and those that suppress
    /// nothing although their rules ran.
    pub(crate) fn findings(
        &self,
        source: &Source,
        rules: &[Rule],
        runs: impl Fn(&Rule) -> bool,
        levels: &Selection,
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        for directive in &self.directives {
            let known = |selector: &str| {
                selector == "all" || is_ours(selector) || rules.iter().any(|rule| rule.is_named_by(selector))
            };
            let ran = |selector: &str| rules.iter().any(|rule| rule.is_named_by(selector) && runs(rule));
            let mut unknown = Vec::new();
            let mut unused = Vec::new();
            for (index, (_, used)) in directive.scopes.iter().enumerate() {
                let selector = directive.selectors.get(index).map_or("all", String::as_str);
                if !known(selector) {
                    unknown.push(index);
                } else if !used && (ran(selector) || selector == "all") && !is_ours(selector) {
                    unused.push(index);
                }
            }
            for ((code, name), which) in [(UNKNOWN, unknown), (UNUSED, unused)] {
                let severity = severity(code, name, levels);
                if let (false, Some(severity)) = (which.is_empty(), severity) {
                    found.push(directive.finding(source, (code, name), severity, &which, rules));
                }
            }
        }
        found
    }
}

/// The severity of what is said of suppressions, after the same settings as any rule's.
fn severity(code: &str, name: &str, levels: &Selection) -> Option<Severity> {
    if levels.ignore.iter().any(|selector| names(selector, code, name, FAMILY)) {
        return None;
    }
    let exact = |selector: &str| usize::from(selector != "all") + usize::from(selector == code || selector == name);
    let said = levels.severity.iter().filter(|(selector, _)| names(selector, code, name, FAMILY));
    said.max_by_key(|(selector, _)| exact(selector))
        .map_or(Some(Severity::Warning), |(_, level)| Level::severity(*level))
}

/// Where each selector of a region ends: at the comment that enables it again.
fn end_regions(directives: &mut [Directive]) {
    let ends: Vec<(usize, Vec<String>)> = directives
        .iter()
        .filter(|directive| directive.kind == Kind::Enable)
        .map(|directive| (directive.remark.whole.start, directive.selectors.clone()))
        .collect();
    for directive in directives.iter_mut().filter(|directive| directive.kind == Kind::Region) {
        for (index, (scope, _)) in directive.scopes.iter_mut().enumerate() {
            let selector = directive.selectors.get(index);
            let ends_it = |(at, named): &&(usize, Vec<String>)| {
                *at >= scope.start && (named.is_empty() || selector.is_none_or(|selector| named.contains(selector)))
            };
            if let Some((at, _)) = ends.iter().find(ends_it) {
                scope.end = *at;
            }
        }
    }
}

/// The bytes that a remark is about.
fn scope(source: &Source, kind: Kind, remark: Span, fields: &[Span]) -> Span {
    let (text, lines) = (source.text(), source.lines());
    match kind {
        Kind::File | Kind::Beside => Span::new(0, text.len()),
        Kind::Region | Kind::Enable => Span::new(remark.end, text.len()),
        Kind::Line | Kind::NextLine => {
            let mut first = lines.line_of(remark.start);
            let mut last = lines.line_of(remark.end.saturating_sub(1));
            if kind == Kind::NextLine {
                let says = |line: &usize| lines.span(text, *line).is_some_and(|span| !span.of(text).trim().is_empty());
                first = (last + 1..lines.count()).find(says).unwrap_or(last);
                last = first;
            }
            let start = lines.span(text, first).map_or(text.len(), |span| span.start);
            let line = lines.span(text, last).unwrap_or(Span::new(start, text.len()));
            // A text that begins there is one with its line, however long it is.
            let is_head =
                line.of(text).trim_end().trim_end_matches(|ch: char| ch.is_ascii_digit() || matches!(ch, '+' | '-'));
            let below = if is_head.ends_with(['|', '>']) { lines.span(text, last + 1) } else { None };
            let begins = |field: &&Span| {
                let at = field.start;
                (line.start <= at && at < line.end) || below.is_some_and(|below| below.start <= at && at < below.end)
            };
            let end = fields.iter().filter(begins).map(|field| field.end).max();
            Span::new(start, end.unwrap_or(line.end).max(line.end))
        }
    }
}

impl Directive {
    fn finding(
        &self,
        source: &Source,
        (code, name): (&str, &str),
        severity: Severity,
        which: &[usize],
        rules: &[Rule],
    ) -> Finding {
        let span = self.remark.whole;
        let named: Vec<&str> =
            which.iter().filter_map(|index| self.selectors.get(*index)).map(String::as_str).collect();
        let list = named.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
        let near = named.first().and_then(|one| {
            let all = rules.iter().flat_map(|rule| [rule.code.as_str(), rule.name.as_str(), rule.family.as_str()]);
            crate::rule::nearest(one, all)
        });
        let (message, help) = match (code == UNKNOWN.0, near) {
            (true, Some(near)) => (format!("no rule is called {list}"), format!("did you mean `{near}`?")),
            (true, None) => (format!("no rule is called {list}"), "take it out".to_owned()),
            (false, _) if list.is_empty() => ("this suppresses nothing".to_owned(), "take it out".to_owned()),
            (false, _) => (format!("{list} suppresses nothing here"), "take it out".to_owned()),
        };
        let (start, end) = (source.position(span.start), source.position(span.end));
        let text = span.of(source.text()).trim_end().to_owned();
        let fingerprint = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(format!("{code}\u{1}{text}").as_bytes()));
        let edits: Vec<Edit> = self.without(source, which).into_iter().collect();
        Finding {
            code: code.to_owned(),
            name: name.to_owned(),
            family: FAMILY.to_owned(),
            severity,
            message,
            help,
            why: String::new(),
            url: None,
            path: source.name().to_owned(),
            reply: match &self.remark.place {
                Place::Beside(place) => Some(place.clone()),
                _ => None,
            },
            span: source.file_span(Span::new(span.start, span.start + text.len())),
            start: Point::from(start),
            end: if self.remark.place == Place::Head {
                Point::from(source.position(span.start + text.len()))
            } else {
                end.into()
            },
            prose: text.clone(),
            text,
            rewrites: edits
                .into_iter()
                .map(|edit| Suggestion {
                    text: edit.text.trim().to_owned(),
                    applicability: if source.is_transcoded() { Applicability::Example } else { Applicability::Safe },
                    edits: vec![edit],
                })
                .collect(),
            fingerprint,
            related: Vec::new(),
        }
    }

    /// The edit that takes some selectors out, and the whole remark where none is left.
    fn without(&self, source: &Source, which: &[usize]) -> Option<Edit> {
        let text = source.text();
        let remark = &self.remark;
        let left: Vec<&str> = self
            .selectors
            .iter()
            .enumerate()
            .filter(|(index, _)| !which.contains(index))
            .map(|(_, selector)| selector.as_str())
            .collect();
        let edit = |span: Span, text: String| Some(Edit { span, text, reads: String::new() });
        let said = remark.text.of(text);
        if !left.is_empty() {
            let list = left.join(if matches!(remark.place, Place::Beside(_)) { " " } else { ", " });
            let written = match &remark.place {
                Place::Comment => {
                    let word = said.split(|ch: char| ch.is_whitespace() || ch == ':').next().unwrap_or_default();
                    let reason = said.find(" -- ").map_or("", |at| &said[at..]);
                    format!("{word} {list}{reason}")
                }
                Place::Head if !remark.whole.of(text).starts_with(['x', 'X']) => format!(" [{list}]"),
                Place::Head | Place::Beside(_) => list,
            };
            return edit(remark.text, written);
        }
        match &remark.place {
            Place::Beside(_) => edit(remark.text, String::new()),
            Place::Head => edit(remark.whole, String::new()),
            Place::Comment => {
                let line = source.lines().span(text, source.lines().line_of(remark.whole.start))?;
                let (before, after) = (text.get(line.start..remark.whole.start)?, text.get(remark.whole.end..)?);
                let alone = before.trim().is_empty() && after.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
                let ends = remark.whole.end + (after.len() - after.trim_start_matches([' ', '\t']).len());
                if alone {
                    // Where a paragraph stands above, its end must stay.
                    let above = text.get(..line.start)?.trim_end_matches(['\n', '\r']);
                    let blank_above = line.start == 0 || text[above.len()..line.start].matches('\n').count() > 1;
                    let is_line_comment = !remark.whole.of(text).starts_with('<');
                    let end = if blank_above || is_line_comment { line.end.max(ends) } else { ends };
                    return edit(Span::new(line.start, end), String::new());
                }
                let space = before.len() - before.trim_end_matches([' ', '\t']).len();
                edit(Span::new(remark.whole.start - space, remark.whole.end), String::new())
            }
        }
    }
}

/// The edits that suppress findings where they are, and the findings that cannot be. Findings are of
/// this input and in order; `fields` are its texts.
pub fn suppress<'f>(
    source: &Source,
    format: Format,
    key: Option<&str>,
    findings: &'f [Finding],
    fields: &[Span],
) -> (Vec<Edit>, Vec<&'f Finding>) {
    let (text, lines) = (source.text(), source.lines());
    // Place of the comment to the codes that it names.
    let mut at: std::collections::BTreeMap<usize, Vec<&str>> = std::collections::BTreeMap::new();
    let mut left = Vec::new();
    // Fields that name codes already.
    let mut filled: Vec<usize> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.family != FAMILY) {
        let line = lines.line_of(finding.span.start);
        let Some(span) = lines.span(text, line) else { continue };
        let place = match format {
            Format::Markdown | Format::Html if finding.reply.is_none() => {
                Some(span.start + span.of(text).trim_end().len())
            }
            Format::Yaml => {
                let field = fields.iter().find(|field| field.contains(finding.span));
                field.map(|field| {
                    let head = lines.line_of(field.start);
                    let above = head.checked_sub(1).and_then(|above| lines.span(text, above));
                    let is_head = above.is_some_and(|above| {
                        let said = above.of(text).trim_end();
                        let said = said.trim_end_matches(|ch: char| ch.is_ascii_digit() || matches!(ch, '+' | '-'));
                        said.ends_with(['|', '>'])
                    });
                    lines.span(text, head - usize::from(is_head)).map_or(0, |line| line.start)
                })
            }
            Format::Mail => Some(source.content_start()),
            Format::Json if key.is_some() => opening(text, finding.span.start),
            Format::Csv | Format::Tsv => key.zip(finding.reply.as_deref()).and_then(|(key, reply)| {
                let (place, has_some) = in_row(source, format, key, reply)?;
                filled.extend(has_some.then_some(place));
                Some(place)
            }),
            _ => None,
        };
        match place {
            Some(place) => {
                let codes = at.entry(place).or_default();
                if !codes.contains(&finding.code.as_str()) {
                    codes.push(&finding.code);
                }
            }
            None => left.push(finding),
        }
    }
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let edits = at.into_iter().map(|(place, codes)| {
        let list = codes.join(", ");
        let written = match format {
            Format::Yaml => {
                let indent: String = text[place..].chars().take_while(|ch| *ch == ' ').collect();
                format!("{indent}# tonelint-disable-next-line {list}{line_end}")
            }
            Format::Mail => format!("X-Tonelint-Disable: {list}{line_end}"),
            Format::Json => {
                let rest = &text[place..];
                let space = &rest[..rest.len() - rest.trim_start().len()];
                format!(
                    "{space}{}: \"{}\",",
                    serde_json::to_string(key.unwrap_or_default()).unwrap_or_default(),
                    codes.join(" ")
                )
            }
            Format::Csv | Format::Tsv => {
                format!("{}{}", if filled.contains(&place) { " " } else { "" }, codes.join(" "))
            }
            _ => format!(" <!-- tonelint-disable-line {list} -->"),
        };
        Edit { span: Span::new(place, place), text: written, reads: String::new() }
    });
    (edits.collect(), left)
}

/// The offset after the bracket that opens the map around a place of a JSON file.
fn opening(text: &str, place: usize) -> Option<usize> {
    let mut open = Vec::new();
    let mut in_text = false;
    let mut bytes = text.get(..place)?.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if in_text => {
                bytes.next();
            }
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => open.push((byte, at + 1)),
            b'}' | b']' if !in_text => {
                open.pop();
            }
            _ => {}
        }
    }
    open.iter().rev().find(|(byte, _)| *byte == b'{').map(|(_, at)| *at)
}
