//! What could stand where a match is: places filled, case and inflection carried over, and how far
//! the result can be trusted there.

use super::compile::INFLECTED;
use super::machine::Found;
use super::reading::Reading;
use super::{Edit, Match, Program, Raw, Replacement};
use crate::rule::{Applicability, Case, Form, Rewrite, inflect};
use crate::text::Span;

/// How many bytes of folded text around a match go into its fingerprint, at most.
const CONTEXT: usize = 32;

impl Program {
    pub(super) fn finish(&self, reading: &Reading<'_>, raw: &Raw) -> Match {
        let rule = &self.rules[self.plans[raw.plan].rule];
        let prose = reading.folded.mapped.origin(raw.folded);
        let span = reading.reply.prose.origin(prose);
        let matched = shown(prose.of(reading.reply.prose.text()));
        let mut values = vec![("match".to_owned(), matched.clone())];
        values.extend(self.captures(reading, raw));
        values.extend(raw.measured.map(|value| ("count".to_owned(), format!("{value:.0}"))));
        let overdue = reading.reply.facts.overdue.map(|seconds| ("late".to_owned(), crate::time::spoken(seconds)));
        values.extend(overdue.filter(|_| rule.when().is_some_and(|when| when.late)));
        let mut rewrites: Vec<Replacement> = Vec::new();
        let plain = raw.plain.map(|entry| rule.replace[entry].to.as_slice());
        let (written, form) = match plain {
            Some(to) => (to, self.form(reading, raw)),
            None => (rule.rewrites.as_slice(), None),
        };
        for rewrite in written {
            if rule.when().is_some() {
                // It is missing: the rewrite goes after what is there, not in its place.
                let text = rewrite.to.written();
                rewrites.push(Replacement { text, applicability: Applicability::Example, edits: Vec::new() });
                continue;
            }
            rewrites.push(self.replacement(reading, raw, rewrite, &values, form, (span, prose)));
        }
        if let Some(first) = rewrites.first() {
            values.push(("rewrite".to_owned(), first.text.clone()));
        }
        Match {
            rule: self.plans[raw.plan].rule,
            span,
            prose,
            values,
            rewrites,
            context: context(reading, raw.folded),
            related: raw.related.clone(),
        }
    }

    fn captures(&self, reading: &Reading<'_>, raw: &Raw) -> Vec<(String, String)> {
        let (Some(phrase), Some((_, found))) = (raw.phrase, &raw.found) else {
            return Vec::new();
        };
        let Some(code) = self.found.pattern(phrase).code(&self.language) else {
            return Vec::new();
        };
        let mut values = Vec::new();
        for (index, name) in code.captures.iter().enumerate().filter(|(_, name)| *name != INFLECTED) {
            if let Some((first, end)) = slots(found, index) {
                let prose = reading.folded.mapped.origin(reading.span_of(first, end));
                values.push((name.clone(), shown(prose.of(reading.reply.prose.text()))));
            }
        }
        values
    }

    /// The form in which the word that the phrase inflects stands.
    fn form(&self, reading: &Reading<'_>, raw: &Raw) -> Option<Form> {
        let (Some(phrase), Some((_, found))) = (raw.phrase, &raw.found) else {
            return None;
        };
        let code = self.found.pattern(phrase).code(&self.language)?;
        let index = code.captures.iter().position(|name| name == INFLECTED)?;
        let (first, _) = slots(found, index)?;
        let word = reading.words.text(first, reading.text());
        let rule = &self.rules[self.plans[raw.plan].rule];
        let written = &rule.replace[raw.plain?].phrase;
        crate::rule::inflected_words(written)
            .iter()
            .flat_map(|base| crate::rule::forms(base, &self.language.grammar))
            .find(|(_, form)| form == word)
            .map(|(form, _)| match form {
                Form::Ed if self.follows_auxiliary(reading, first) => Form::Participle,
                form => form,
            })
    }

    /// Whether the word before a token asks for a participle.
    fn follows_auxiliary(&self, reading: &Reading<'_>, token: usize) -> bool {
        token.checked_sub(1).is_some_and(|before| {
            let word = reading.words.text(before, reading.text());
            self.language.grammar.participle_after.iter().any(|one| one == word)
        })
    }

    fn replacement(
        &self,
        reading: &Reading<'_>,
        raw: &Raw,
        rewrite: &Rewrite,
        values: &[(String, String)],
        form: Option<Form>,
        (span, prose): (Span, Span),
    ) -> Replacement {
        let value = |name: &str| values.iter().find(|(one, _)| one == name).map(|(_, value)| value.clone());
        let (mut text, _) = rewrite.to.fill(value);
        let mut applicability = rewrite.applicability;
        if let Some(form) = form {
            let (inflected, certain) = inflect_text(&text, form, &self.language.grammar);
            text = inflected;
            if !certain {
                applicability = applicability.min(Applicability::Unsafe);
            }
        } else if raw.plain.is_some() {
            text = text.replace('~', "");
        }
        let matched = prose.of(reading.reply.prose.text());
        // An abbreviation is no shout: what it stands for is written small.
        if self.rules[self.plans[raw.plan].rule].case != Some(Case::Capitals) {
            text = with_case_of(matched, text);
        }
        // An edit may not run over markup, an escape or somebody's placeholder, nor bring in a sign
        // that the file would read as its own.
        let touches_opaque = reading.reply.opaque.iter().any(|opaque| opaque.overlaps(prose));
        let has_signs =
            reading.reply.escaped && text.contains(|ch: char| !(ch.is_alphanumeric() || matches!(ch, ' ' | '-')));
        if !reading.reply.prose.is_verbatim(prose, reading.source) || touches_opaque || has_signs {
            applicability = Applicability::Example;
        }
        let mut edits = vec![Edit { span, text: text.clone() }];
        if applicability > Applicability::Example
            && let Some(article) = self.article(reading, raw, &text)
        {
            edits.insert(0, article);
        }
        Replacement { text, applicability, edits }
    }

    /// The edit of an article before the match that the rewrite would make wrong.
    fn article(&self, reading: &Reading<'_>, raw: &Raw, text: &str) -> Option<Edit> {
        let at = reading.words.token_at(raw.folded.start).checked_sub(1)?;
        let token = reading.words.tokens.get(at)?;
        if token.span().end + 1 != raw.folded.start {
            return None;
        }
        let written = reading.words.text(at, reading.text());
        let wanted = self.language.grammar.article_before(written, &text.to_lowercase())?;
        if wanted == written {
            return None;
        }
        let prose = reading.folded.mapped.origin(token.span());
        let span = reading.reply.prose.origin(prose);
        let matched = prose.of(reading.reply.prose.text());
        let verbatim = reading.reply.prose.is_verbatim(prose, reading.source);
        verbatim.then(|| Edit { span, text: with_case_of(matched, wanted.to_owned()) })
    }
}

pub(super) fn slots(found: &Found, index: usize) -> Option<(usize, usize)> {
    let first = found.slots.get(index * 2).copied().flatten()?;
    let end = found.slots.get(index * 2 + 1).copied().flatten()?;
    (first < end).then_some((first, end))
}

/// Prose on one line, as messages quote it.
fn shown(prose: &str) -> String {
    prose.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Puts the marked word of a text, or its first, into a form.
fn inflect_text(text: &str, form: Form, grammar: &crate::rule::Grammar) -> (String, bool) {
    let marked = text.find('~');
    let end = marked.unwrap_or_else(|| text.find(' ').unwrap_or(text.len()));
    let start = text[..end].rfind(' ').map_or(0, |space| space + 1);
    let (word, certain) = inflect(&text[start..end], form, grammar);
    let rest = &text[end + usize::from(marked.is_some())..];
    (format!("{}{word}{rest}", &text[..start]), certain)
}

/// A text in the case of what it replaces: capitals, or a capital at its head.
fn with_case_of(matched: &str, text: String) -> String {
    let mut letters = matched.chars().filter(|ch| ch.is_alphabetic());
    let Some(first) = letters.next() else {
        return text;
    };
    if !first.is_uppercase() {
        return text;
    }
    let mut rest = letters.peekable();
    let shouted = rest.peek().is_some() && rest.all(char::is_uppercase);
    if shouted {
        return text.to_uppercase();
    }
    let mut chars = text.chars();
    match chars.next() {
        Some(head) => head.to_uppercase().chain(chars).collect(),
        None => text,
    }
}

/// The folded match with some words around it: what a finding is known by when lines move.
fn context(reading: &Reading<'_>, folded: Span) -> String {
    let text = reading.text();
    let mut start = folded.start.saturating_sub(CONTEXT);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = (folded.end + CONTEXT).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text[start..folded.start].split_once(' ').map_or("", |(_, words)| words);
    let after = text[folded.end..end].rsplit_once(' ').map_or("", |(words, _)| words);
    format!("{before}\u{1}{}\u{1}{after}", folded.of(text))
}
