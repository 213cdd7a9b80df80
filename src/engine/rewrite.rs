//! What could stand where a match is: places filled, case and inflection carried over, and how far
//! the result can be trusted there.

use xxhash_rust::xxh3::xxh3_128;

use super::compile::INFLECTED;
use super::machine::Found;
use super::reading::Reading;
use super::{Edit, Match, Program, Raw, Replacement};
use crate::rule::{Applicability, Case, Form, Piece, Rewrite, inflect};
use crate::text::Span;

/// How many bytes of folded text around a match go into its fingerprint, at most.
const CONTEXT: usize = 32;
/// From how many bytes on a match is long.
const LONG: usize = 4096;

impl Program {
    pub(super) fn finish(&self, reading: &Reading<'_>, raw: &Raw) -> Match {
        let rule = &self.rules[self.plans[raw.plan].rule];
        let prose = reading.folded.mapped.origin(raw.folded);
        let span = reading.reply.prose.origin(prose);
        let plain = raw.plain.map(|entry| rule.replace[entry].to.as_slice());
        let (written, form) = match plain {
            Some(to) => (to, self.form(reading, raw)),
            None => (rule.rewrites.as_slice(), None),
        };
        let mut values = Vec::new();
        if rule.message.names("match") || written.iter().any(|rewrite| rewrite.to.names("match")) {
            values.push(("match".to_owned(), shown(prose.of(reading.reply.prose.text()))));
        }
        values.extend(self.captures(reading, raw));
        values.extend(raw.measured.map(|value| ("count".to_owned(), format!("{value:.0}"))));
        let overdue = reading.reply.facts.overdue.map(|seconds| ("late".to_owned(), crate::time::spoken(seconds)));
        values.extend(overdue.filter(|_| rule.when().is_some_and(|when| when.late)));
        let mut rewrites: Vec<Replacement> = Vec::new();
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
        let (before, after) = neighbours(reading, raw.folded);
        let starts = reading
            .words
            .sentence_at(raw.folded.start)
            .is_some_and(|sentence| reading.words.sentences[sentence].span.start == raw.folded.start);
        // An abbreviation is no shout: what it stands for is written small.
        if self.rules[self.plans[raw.plan].rule].case != Some(Case::Capitals) {
            // What stood there keeps its own capitals.
            let is_captured = matches!(rewrite.to.pieces().first(), Some(Piece::Place(_)));
            text = with_case_of(matched, text, starts || is_captured, shouts(before) || shouts(after));
        }
        if let Some((head, last)) = text.rsplit_once(' ')
            && let Some(wanted) = self.language.grammar.article_before(&last.to_lowercase(), &after.to_lowercase())
            && wanted != last.to_lowercase()
        {
            text = format!("{head} {}", with_case_of(last, wanted.to_owned(), true, false));
        }
        let change = Change { reading, span, prose, starts };
        let edits = if text.is_empty() { change.left_out() } else { change.put(&text) };
        // An edit may not run over markup, an escape or somebody's placeholder, nor bring in a sign
        // that cannot be written there.
        let Some(mut edits) = edits.filter(|_| change.is_plain()) else {
            let edits = vec![Edit { span, text: text.clone(), reads: text.clone() }];
            return Replacement { text, applicability: Applicability::Example, edits };
        };
        if applicability > Applicability::Example {
            let following = if text.is_empty() { after.to_lowercase() } else { text.to_lowercase() };
            edits.extend(self.article(reading, raw, &following));
            edits.sort_by_key(|edit| edit.span);
        }
        Replacement { text, applicability, edits }
    }

    /// The edit of an article before the match that what follows it then would make wrong.
    fn article(&self, reading: &Reading<'_>, raw: &Raw, following: &str) -> Option<Edit> {
        let at = reading.words.token_at(raw.folded.start).checked_sub(1)?;
        let token = reading.words.tokens.get(at)?;
        // One space and no more: what ends the paragraph before is no article of this one.
        if reading.text().get(token.span().end..raw.folded.start) != Some(" ") {
            return None;
        }
        let written = reading.words.text(at, reading.text());
        let wanted = self.language.grammar.article_before(written, following)?;
        if wanted == written {
            return None;
        }
        let prose = reading.folded.mapped.origin(token.span());
        let span = reading.reply.prose.origin(prose);
        let matched = prose.of(reading.reply.prose.text());
        let text = with_case_of(matched, wanted.to_owned(), true, false);
        reading.reply.prose.is_verbatim(prose, reading.source).then(|| Edit { span, reads: text.clone(), text })
    }
}

/// The words before and after a match in its block, as they are written.
fn neighbours<'r>(reading: &'r Reading<'_>, folded: Span) -> (&'r str, &'r str) {
    let text = reading.reply.prose.text();
    let word = |at: Option<usize>| {
        let token = at.and_then(|at| reading.words.tokens.get(at));
        token.map_or("", |token| reading.folded.mapped.origin(token.span()).of(text))
    };
    let first = reading.words.token_at(folded.start);
    let next = reading.words.token_at(folded.end);
    (word(first.checked_sub(1)), word(Some(next)))
}

/// Whether a word is written in capitals.
fn shouts(word: &str) -> bool {
    word.chars().filter(|ch| ch.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase)
}

/// A place at which something is written instead of a match.
struct Change<'c, 'r> {
    reading: &'c Reading<'r>,
    /// The match in the file.
    span: Span,
    /// The match in the prose.
    prose: Span,
    /// Whether the match begins its sentence.
    starts: bool,
}

impl Change<'_, '_> {
    /// Whether the match stands in the file as it is read, white space apart, with nothing in it that
    /// is not the writer's.
    fn is_plain(&self) -> bool {
        let reply = self.reading.reply;
        let (written, read) = (self.span.of(self.reading.source), self.prose.of(reply.prose.text()));
        written.split_whitespace().eq(read.split_whitespace())
            && !reply.opaque.iter().any(|opaque| opaque.overlaps(self.prose))
    }

    /// The edits that put a text in the match's place. A line break in the match stays one.
    fn put(&self, text: &str) -> Option<Vec<Edit>> {
        let (source, prose) = (self.reading.source, self.reading.reply.prose.text());
        let (written, read) = (self.span.of(source), self.prose.of(prose));
        let breaks: Vec<(usize, &str, &str)> = gaps(written)
            .zip(gaps(read))
            .enumerate()
            .map(|(index, (gap, shown))| (index + 1, gap, shown))
            .filter(|(_, gap, _)| gap.contains(['\n', '\r']))
            .collect();
        let (words_before, gap, shown) = match breaks.as_slice() {
            [] => {
                // A rewrite that ends its sentence takes the place of the sign that ended it.
                let ends = |text: &str| text.starts_with(['.', '!', '?']);
                let twice = text.chars().next_back().is_some_and(|last| ends(last.encode_utf8(&mut [0; 4])))
                    && source.get(self.span.end..).is_some_and(ends);
                let span = Span::new(self.span.start, self.span.end + usize::from(twice));
                return self.edits(span, &[text], "", "", text.to_owned());
            }
            [one] => *one,
            _ => return None,
        };
        let words: Vec<&str> = text.split(' ').collect();
        let of_match = written.split_whitespace().count();
        let at = (words_before * words.len()).div_ceil(of_match.max(1)).clamp(1, words.len());
        let (head, tail) = (words[..at].join(" "), words[at..].join(" "));
        let rest = source.get(self.span.end..)?;
        let space_follows = rest.starts_with(' ') && !rest[1..].starts_with([' ', '\n', '\r']);
        match (tail.is_empty(), space_follows) {
            (true, true) => {
                let span = Span::new(self.span.start, self.span.end + 1);
                self.edits(span, &[&head, ""], gap, "", format!("{head}{shown}"))
            }
            (true, false) => self.edits(self.span, &[&head], "", "", head.clone()),
            _ => self.edits(self.span, &[&head, &tail], gap, "", format!("{head}{shown}{tail}")),
        }
    }

    /// The edits that leave the match out: with it goes one of the spaces around it, and a comma; the
    /// next word takes over the sentence's capital.
    fn left_out(&self) -> Option<Vec<Edit>> {
        let source = self.reading.source;
        let (before, mut rest) = (source.get(..self.span.start)?, source.get(self.span.end..)?);
        if self.span.of(source).contains(['\n', '\r']) {
            return None;
        }
        let (mut start, mut end) = (self.span.start, self.span.end);
        let take = |rest: &mut &str, end: &mut usize, len: usize| {
            *end += len;
            *rest = &rest[len..];
        };
        if self.starts && rest.starts_with(['.', '!', '?', ',', ':']) {
            take(&mut rest, &mut end, 1);
        } else if before.ends_with(", ") && rest.starts_with(", ") {
            take(&mut rest, &mut end, 1);
            start -= 2;
        }
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        if start == self.span.start && (self.starts || before.ends_with([' ', '\n', '\r'])) && spaces > 0 {
            take(&mut rest, &mut end, spaces);
        } else if start == self.span.start && before.ends_with(' ') {
            start -= before.len() - before.trim_end_matches(' ').len();
        }
        let mut capital = String::new();
        let matched = self.prose.of(self.reading.reply.prose.text());
        if self.starts && matched.starts_with(char::is_uppercase) {
            let word: String = rest.chars().take_while(|ch| ch.is_alphanumeric()).collect();
            let first = word.chars().next()?;
            if first.is_lowercase() && !word.chars().any(char::is_uppercase) {
                capital = first.to_uppercase().collect();
                end += first.len_utf8();
            }
        }
        self.edits(Span::new(start, end), &[&capital], "", "", capital.clone())
    }

    /// The edits for a text in pieces with `gap` between them, which is the file's own.
    fn edits(&self, span: Span, pieces: &[&str], gap: &str, tail: &str, reads: String) -> Option<Vec<Edit>> {
        let mut text = String::new();
        let mut quotes = None;
        for (index, piece) in pieces.iter().enumerate() {
            let written = self.reading.reply.write(piece, self.reading.source, span, self.prose)?;
            text.push_str(if index > 0 { gap } else { "" });
            text.push_str(&written.text);
            quotes = quotes.or(written.quotes);
        }
        text.push_str(tail);
        let edit = Edit { span, text, reads };
        let Some(quotes) = quotes else { return Some(vec![edit]) };
        let quote = |at: usize| Edit { span: Span::new(at, at), text: "\"".into(), reads: String::new() };
        // A quote beside the edit is one with it, so that edits stay apart.
        let mut edits = vec![edit];
        match quotes.start == span.start {
            true => edits[0].text.insert(0, '"'),
            false => edits.insert(0, quote(quotes.start)),
        }
        match (quotes.end == span.end, edits.last_mut()) {
            (true, Some(last)) => last.text.push('"'),
            _ => edits.push(quote(quotes.end)),
        }
        Some(edits)
    }
}

/// The white space between the words of a text.
fn gaps(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim();
    text.split(|ch: char| !ch.is_whitespace()).filter(|gap| !gap.is_empty())
}

pub(super) fn slots(found: &Found, index: usize) -> Option<(usize, usize)> {
    let first = found.slots.get(index * 2).copied().flatten()?;
    let end = found.slots.get(index * 2 + 1).copied().flatten()?;
    (first < end).then_some((first, end))
}

/// Prose on one line, as messages quote it.
fn shown(prose: &str) -> String {
    let mut shown = String::with_capacity(prose.len());
    for word in prose.split_whitespace() {
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(word);
    }
    shown
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
///
/// `starts` says that it begins a sentence, `among_shouts` that the words beside it are in capitals.
fn with_case_of(matched: &str, text: String, starts: bool, among_shouts: bool) -> String {
    let mut letters = matched.chars().filter(|ch| ch.is_alphabetic());
    let Some(first) = letters.next() else {
        return text;
    };
    let first_word = |of: &str| of.split([' ', '\'', '’']).next().unwrap_or_default().to_owned();
    if !first.is_uppercase() {
        let is_sentence = text.contains(['.', '!', '?']);
        if starts || is_sentence || first_word(&text) == "I" {
            return text;
        }
        // A rewrite that is written like a sentence, in the middle of one.
        let mut chars = text.chars();
        return match (chars.next(), chars.as_str().chars().next()) {
            (Some(head), Some(second)) if head.is_uppercase() && !second.is_uppercase() => {
                head.to_lowercase().chain(chars).collect()
            }
            _ => text,
        };
    }
    let mut rest = letters.peekable();
    let capitals = rest.peek().is_some() && rest.all(char::is_uppercase);
    // One word in capitals may be an abbreviation, which its long form does not shout.
    let shouted = capitals && (matched.contains(' ') || among_shouts || !text.contains(' '));
    if shouted {
        return text.to_uppercase();
    }
    if !starts && first_word(matched) == "I" {
        return text;
    }
    let mut chars = text.chars();
    match chars.next() {
        Some(head) if starts || !capitals => head.to_uppercase().chain(chars).collect(),
        _ => text,
    }
}

/// The folded match with some words around it: what a finding is known by when lines move. Of a long match, which
/// no word of a vocabulary holds, a hash.
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
    // Paragraphs move; what is known of a match ends with its own. A word that is cut is left out.
    let (before, after) = (&text[start..folded.start], &text[folded.end..end]);
    let before = match before.rsplit_once('\n') {
        Some((_, own)) => own,
        None if start == 0 => before,
        None => before.split_once(' ').map_or("", |(_, words)| words),
    };
    let after = match after.split_once('\n') {
        Some((own, _)) => own,
        None if end == text.len() => after,
        None => after.rsplit_once(' ').map_or("", |(words, _)| words),
    };
    let matched = folded.of(text);
    match matched.len() {
        0..=LONG => [before, matched, after].join("\u{1}"),
        _ => format!("{before}\u{1}{:032x}\u{1}{after}", xxh3_128(matched.as_bytes())),
    }
}
