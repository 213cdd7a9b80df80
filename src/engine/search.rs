//! The search of one reply: where phrases are found in it, which matches count, what the whole lacks.

use std::collections::HashMap;
use std::ops::Range;

use super::machine::{Found, Machine};
use super::moves::Made;
use super::parts::Parts;
use super::phrases::Pattern;
use super::reading::{Literals, Reading};
use super::{Group, MAX_MATCHES, Plan, Program, Raw, measure};
use crate::rule::{Case, Measure, Move, Order, Quantity, Rule, When, Window};
use crate::text::Span;

/// Longer paragraphs are given to a regular expression in pieces, for searching is quadratic.
const REGEX_WINDOW: usize = 1024;

/// A phrase found: tokens from `start` on, or a span where it was a regular expression.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) folded: Span,
    pub(super) sentence: usize,
    /// Index of the first token, and the rest of what the machine says.
    pub(super) tokens: Option<(usize, Found)>,
}

/// The search of one reply. What was found of a phrase is kept, for clauses share phrases' texts.
pub(super) struct Search<'s> {
    pub(super) program: &'s Program,
    pub(super) reading: &'s Reading<'s>,
    machine: Machine,
    /// For each group that was asked for, the literals of its phrases that are found.
    literals: HashMap<Group, Literals>,
    /// For each group, where its phrases were found, as far as they were looked for.
    hits: HashMap<Group, HashMap<usize, Vec<Hit>>>,
    /// The search of what the customer wrote.
    asked: Option<Box<Search<'s>>>,
}

impl<'s> Search<'s> {
    pub(super) fn new(program: &'s Program, reading: &'s Reading<'s>, asked: Option<Box<Search<'s>>>) -> Self {
        let (literals, hits) = (HashMap::new(), HashMap::new());
        Self { program, reading, machine: Machine::default(), literals, hits, asked }
    }

    /// The literals of a group that are found.
    fn literals(&mut self, group: Group) -> &Literals {
        let (program, reading) = (self.program, self.reading);
        self.literals.entry(group).or_insert_with(|| reading.literals(program.set(group)))
    }

    /// Forgets what was found of a rule's clauses: nobody else asks for them.
    pub(super) fn forget(&mut self, plan: usize) {
        let group = Group::Clauses(plan);
        self.literals.remove(&group);
        self.hits.remove(&group);
        if let Some(asked) = &mut self.asked {
            asked.forget(plan);
        }
    }

    /// Where a phrase is found, in order; matches of one phrase do not overlap.
    pub(super) fn hits(&mut self, group: Group, phrase: usize) -> &[Hit] {
        let key = (group, phrase);
        if !self.hits.get(&group).is_some_and(|hits| hits.contains_key(&phrase)) {
            let hits = match self.program.pattern(key) {
                Pattern::Words { .. } => self.words(group, phrase),
                Pattern::Regex { .. } => self.regex(group, phrase),
            };
            self.hits.entry(group).or_default().insert(phrase, hits);
        }
        self.hits.get(&group).and_then(|hits| hits.get(&phrase)).map_or(&[], Vec::as_slice)
    }

    fn words(&mut self, group: Group, phrase: usize) -> Vec<Hit> {
        let (program, reading) = (self.program, self.reading);
        let starts = reading.starts(program.set(group), phrase, self.literals(group));
        let mut hits: Vec<Hit> = Vec::new();
        if starts.is_empty() {
            return hits;
        }
        let Some(code) = program.pattern((group, phrase)).code(&program.language) else {
            return hits;
        };
        let mut next = 0;
        let mut sentence = 0;
        for start in starts {
            let start = start as usize;
            if start < next {
                continue;
            }
            sentence = reading.sentence_near(sentence, start);
            let Some(range) = reading.words.sentences.get(sentence).map(|sentence| (sentence.first, sentence.end))
            else {
                continue;
            };
            let may_end = |at: usize| reading.words.tokens[at - 1].ends;
            let Some(found) = self.machine.run(code, &reading.cells, range, start, may_end) else {
                continue;
            };
            // What begins inside a written word is no match, only a clause's: a match may begin in it.
            if reading.words.tokens[start].begins {
                next = found.end;
            }
            let folded = reading.span_of(start, found.end);
            hits.push(Hit { folded, sentence, tokens: Some((start, found)) });
            if hits.len() >= MAX_MATCHES {
                break;
            }
        }
        hits
    }

    fn regex(&self, group: Group, phrase: usize) -> Vec<Hit> {
        let mut hits = Vec::new();
        let Some(regex) = self.program.pattern((group, phrase)).regex() else {
            return hits;
        };
        let text = self.reading.text();
        for block in &self.reading.folded.blocks {
            for window in windows(text, *block) {
                for hit in regex.find_iter(window.of(text)) {
                    let folded = Span::new(window.start + hit.start(), window.start + hit.end());
                    let Some(sentence) = self.reading.words.sentence_at(folded.start) else {
                        continue;
                    };
                    if !folded.is_empty() {
                        hits.push(Hit { folded, sentence, tokens: None });
                    }
                    if hits.len() >= MAX_MATCHES {
                        return hits;
                    }
                }
            }
        }
        hits
    }

    pub(super) fn is_found(&mut self, group: Group, phrases: Range<usize>, within: impl Fn(&Hit) -> bool) -> bool {
        phrases.into_iter().any(|phrase| self.hits(group, phrase).iter().any(&within))
    }

    /// The first place at which one of these is found.
    fn first(&mut self, group: Group, phrases: Range<usize>) -> Option<Span> {
        phrases.into_iter().find_map(|phrase| self.hits(group, phrase).first().map(|hit| hit.folded))
    }

    pub(super) fn matches_of(&mut self, index: usize, plan: &Plan, parts: &Parts, raws: &mut Vec<Raw>) {
        let rule = &self.program.rules[plan.rule];
        if rule.measure.is_some_and(|measure| self.reading.word_count < measure.words) {
            return;
        }
        if let Some(measure) = rule.measure.filter(|measure| measure.of != Quantity::Matches) {
            for (hit, value) in measure::over(self.reading, &parts.body(), measure.of, measure.most) {
                if self.counts(index, rule, plan, parts, &hit) {
                    raws.push(Raw { measured: Some(value), ..Raw::whole(index, hit.folded) });
                }
            }
            return;
        }
        let find = plan.find.clone().map(|phrase| (phrase, None));
        let replace = plan.replace.clone().enumerate().map(|(entry, phrase)| (phrase, Some(entry)));
        let mut found = Vec::new();
        for (phrase, plain) in find.chain(replace) {
            let is_words = matches!(self.program.found.pattern(phrase), Pattern::Words { .. });
            if is_words && !self.literals(Group::Found).names(phrase) {
                continue;
            }
            for hit in self.hits(Group::Found, phrase).to_vec() {
                if self.counts(index, rule, plan, parts, &hit) {
                    let related = self.related(index, rule, plan);
                    let raw = Raw::whole(index, hit.folded);
                    let raw = Raw { plain, phrase: Some(phrase), found: hit.tokens, related, ..raw };
                    found.push((hit.sentence, raw));
                }
            }
        }
        match rule.measure {
            Some(measure) => self.too_many(measure, found, raws),
            None => raws.extend(found.into_iter().map(|(_, raw)| raw)),
        }
    }

    /// Whether what was found is one of the rule's matches: in its part, written as it asks, excused by
    /// nothing.
    pub(super) fn counts(&mut self, index: usize, rule: &Rule, plan: &Plan, parts: &Parts, hit: &Hit) -> bool {
        hit.tokens.as_ref().is_none_or(|(start, _)| self.reading.words.tokens[*start].begins)
            && !self.reading.is_mention(hit.folded, hit.sentence)
            && rule.part.is_none_or(|part| parts.holds(part, hit.sentence))
            && rule.case.is_none_or(|case| self.is_written(case, hit))
            && !(rule.unless_quoted && self.customer_said(hit.folded))
            && !plan.unless.iter().any(|(window, any)| self.clause_holds(index, *window, any, hit))
            && plan.only_if.iter().all(|(window, any)| self.clause_holds(index, *window, any, hit))
    }

    fn is_written(&self, case: Case, hit: &Hit) -> bool {
        let written = |folded: Span| self.reading.folded.mapped.origin(folded).of(self.reading.reply.prose.text());
        match case {
            Case::Capitals => {
                let mut letters = written(hit.folded).chars().filter(|ch| ch.is_alphabetic());
                let (first, second) = (letters.next(), letters.next());
                first.is_some() && second.is_some() && written(hit.folded).chars().all(|ch| !ch.is_lowercase())
            }
            Case::Lower => {
                let first = self.reading.words.sentences[hit.sentence].span.start;
                let words = written(hit.folded).split_whitespace();
                let skipped = usize::from(hit.folded.start == first);
                words.skip(skipped).all(|word| word == "I" || !word.starts_with(char::is_uppercase))
            }
        }
    }

    /// Whether the customer used these words before the reply did.
    fn customer_said(&self, folded: Span) -> bool {
        let Some(asked) = &self.asked else {
            return false;
        };
        let (text, words) = (asked.reading.text(), folded.of(self.reading.text()));
        let is_letter = |ch: Option<char>| ch.is_some_and(char::is_alphanumeric);
        text.match_indices(words).any(|(at, _)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + words.len()..].chars().next());
            !is_letter(before) && !is_letter(after)
        })
    }

    /// Of the matches in one window, the first that is over the limit stands for all.
    fn too_many(&self, measure: Measure, mut found: Vec<(usize, Raw)>, raws: &mut Vec<Raw>) {
        found.sort_by_key(|(_, raw)| (raw.folded.start, usize::MAX - raw.folded.end));
        let mut apart: Vec<(usize, Raw)> = Vec::with_capacity(found.len());
        for one in found {
            if apart.last().is_none_or(|(_, last)| last.folded.end <= one.1.folded.start) {
                apart.push(one);
            }
        }
        let window = |sentence: usize| self.reading.window(measure.within, sentence);
        let mut rest = apart.into_iter().peekable();
        while let Some(first) = rest.next() {
            let (_, last) = window(first.0);
            let mut group = vec![first];
            while let Some(next) = rest.next_if(|(sentence, _)| *sentence <= last) {
                group.push(next);
            }
            let count = f64::from(u32::try_from(group.len()).unwrap_or(u32::MAX));
            if count > measure.most {
                // The limit is below the count, and a count fits.
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let index = measure.most as usize;
                if let Some((_, raw)) = group.into_iter().nth(index) {
                    raws.push(Raw { measured: Some(count), ..raw });
                }
            }
        }
    }

    fn clause_holds(&mut self, plan: usize, window: Window, any: &Range<usize>, hit: &Hit) -> bool {
        let group = Group::Clauses(plan);
        if window == Window::Customer {
            return self.customer_says(group, any);
        }
        let (first, last) = self.reading.window(window, hit.sentence);
        any.clone().any(|phrase| {
            let hits = self.hits(group, phrase);
            let next = hits.partition_point(|one| one.sentence < first);
            hits.get(next).is_some_and(|one| one.sentence <= last)
        })
    }

    /// The places in the customer's message that the rule's clauses are about.
    fn related(&mut self, index: usize, rule: &Rule, plan: &Plan) -> Vec<(Span, String)> {
        let mut related = Vec::new();
        let Some(asked) = &mut self.asked else {
            return related;
        };
        for (clause, (window, any)) in rule.only_if.iter().zip(&plan.only_if) {
            let (Window::Customer, Some(note)) = (*window, &clause.note) else { continue };
            if let Some(folded) = asked.first(Group::Clauses(index), any.clone()) {
                let prose = asked.reading.folded.mapped.origin(folded);
                related.push((asked.reading.reply.prose.origin(prose), note.clone()));
            }
        }
        related
    }

    /// What a whole reply lacks, or says in the wrong order.
    pub(super) fn whole(&mut self, index: usize, when: &When, plan: &Plan, parts: &Parts, made: &Made) -> Option<Raw> {
        let rule = &self.program.rules[plan.rule];
        if !self.is_owed(index, when, plan, made) {
            return None;
        }
        let group = Group::Clauses(index);
        let folded = match (&rule.require, &rule.order) {
            (Some(require), _) => {
                let there = |sentence: usize| require.part.is_none_or(|part| parts.holds(part, sentence));
                if self.is_found(group, plan.required.clone(), |hit| there(hit.sentence))
                    || made.makes(&require.moves, there)
                {
                    return None;
                }
                let gate = self.first(group, plan.any.clone()).or_else(|| made.words_of(&require.when.moves));
                match (require.part, gate) {
                    (None, Some(gate)) => gate,
                    _ => self.reading.words.sentences[parts.last_of_body()?].span,
                }
            }
            (None, Some(order)) => self.reading.words.sentences[out_of_order(order, parts, made)?].span,
            (None, None) => return None,
        };
        Some(Raw::whole(index, folded))
    }

    fn is_owed(&mut self, index: usize, when: &When, plan: &Plan, made: &Made) -> bool {
        let group = Group::Clauses(index);
        let anywhere = |_: &Hit| true;
        (plan.any.is_empty() || self.is_found(group, plan.any.clone(), anywhere))
            && !self.is_found(group, plan.none.clone(), anywhere)
            && (when.moves.is_empty() || made.makes(&when.moves, |_| true))
            && !made.makes(&when.no_moves, |_| true)
            && (plan.customer.is_empty() || self.customer_says(group, &plan.customer))
            && (!when.late || self.reading.reply.facts.overdue.is_some())
            && (!when.complaint || self.answers_complaint(made))
    }

    fn customer_says(&mut self, group: Group, any: &Range<usize>) -> bool {
        self.asked.as_mut().is_some_and(|asked| asked.is_found(group, any.clone(), |_| true))
    }

    /// A reply answers a complaint if the customer's message is one, or if it apologizes itself.
    pub(super) fn answers_complaint(&mut self, made: &Made) -> bool {
        let (complaint, answer) = self.program.complaint();
        self.customer_says(Group::Signs, &complaint)
            || made.makes(&[Move::Apology], |_| true)
            || self.is_found(Group::Signs, answer, |_| true)
    }
}

/// The sentence that stands in the wrong place.
fn out_of_order(order: &Order, parts: &Parts, made: &Made) -> Option<usize> {
    if let Some(last) = parts.last_of_body().filter(|_| !order.not_last.is_empty()) {
        let moves = &made.of[last];
        let only = !moves.is_empty() && moves.iter().all(|one| order.not_last.contains(one));
        return only.then_some(last);
    }
    let (first, then) = (made.first(&order.first)?, made.first(&order.then)?);
    (then < first).then_some(then)
}

/// A block in pieces that a regular expression may search, each ending at a space.
fn windows(text: &str, block: Span) -> Vec<Span> {
    if block.len() <= 4 * REGEX_WINDOW {
        return vec![block];
    }
    let mut windows = Vec::new();
    let mut start = block.start;
    while start < block.end {
        let mut end = (start + REGEX_WINDOW).min(block.end);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        if end < block.end
            && let Some(space) = text[start..end].rfind(' ').filter(|space| *space > 0)
        {
            end = start + space;
        }
        windows.push(Span::new(start, end));
        start = end;
    }
    windows
}
