//! What is to be said of a reply: which matches count, and what the whole lacks.

use std::ops::Range;

use super::moves::Made;
use super::parts::Parts;
use super::reading::Reading;
use super::search::{Hit, Search};
use super::{Group, Plan, Raw, measure};
use crate::rule::{Case, Measure, Move, Order, Quantity, Rule, When, Window};
use crate::text::Span;

/// One reply, its parts and its moves, before the rules.
pub(super) struct Judge<'s> {
    pub(super) search: Search<'s>,
    pub(super) parts: Parts,
    /// Known from when they are first asked for.
    made: Option<Made>,
}

impl<'s> Judge<'s> {
    pub(super) fn new(mut search: Search<'s>, greeting: Range<usize>, sign_off: Range<usize>) -> Self {
        let parts = Parts::new(&mut search, greeting, sign_off);
        Self { search, parts, made: None }
    }

    pub(super) fn reading(&self) -> &'s Reading<'s> {
        self.search.reading
    }

    /// The moves of the reply.
    pub(super) fn made(&mut self) -> &Made {
        self.made.get_or_insert_with(|| Made::new(&mut self.search, &self.parts))
    }

    /// The matches of a rule that finds, replaces or measures.
    pub(super) fn matches_of(&mut self, index: usize, plan: &Plan, raws: &mut Vec<Raw>) {
        let rule = &self.search.program.rules[plan.rule];
        if rule.measure.is_some_and(|measure| self.reading().word_count < measure.words) {
            return;
        }
        if let Some(measure) = rule.measure.filter(|measure| measure.of != Quantity::Matches) {
            for (hit, value) in measure::over(self.reading(), &self.parts.body(), measure.of, measure.most) {
                if self.counts(index, rule, plan, &hit) {
                    raws.push(Raw { measured: Some(value), ..Raw::whole(index, hit.folded) });
                }
            }
            return;
        }
        let find = plan.find.clone().map(|phrase| (phrase, None));
        let replace = plan.replace.clone().enumerate().map(|(entry, phrase)| (phrase, Some(entry)));
        let mut found = Vec::new();
        for (phrase, plain) in find.chain(replace) {
            if !self.search.may_find(Group::Found, phrase) {
                continue;
            }
            for hit in self.search.hits(Group::Found, phrase).to_vec() {
                if self.counts(index, rule, plan, &hit) {
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
    pub(super) fn counts(&mut self, index: usize, rule: &Rule, plan: &Plan, hit: &Hit) -> bool {
        let reading = self.reading();
        hit.tokens.as_ref().is_none_or(|(start, _)| reading.words.tokens[*start].begins)
            && !reading.is_mention(hit.folded, hit.sentence)
            && rule.part.is_none_or(|part| self.parts.holds(part, hit.sentence))
            && rule.case.is_none_or(|case| self.is_written(case, hit))
            && !(rule.unless_quoted && self.customer_said(hit.folded))
            && !plan.unless.iter().any(|(window, any)| self.clause_holds(index, *window, any, hit))
            && plan.only_if.iter().all(|(window, any)| self.clause_holds(index, *window, any, hit))
    }

    fn is_written(&self, case: Case, hit: &Hit) -> bool {
        let reading = self.reading();
        let written = |folded: Span| reading.folded.mapped.origin(folded).of(reading.reply.prose.text());
        match case {
            Case::Capitals => {
                let mut letters = written(hit.folded).chars().filter(|ch| ch.is_alphabetic());
                let (first, second) = (letters.next(), letters.next());
                first.is_some() && second.is_some() && written(hit.folded).chars().all(|ch| !ch.is_lowercase())
            }
            Case::Lower => {
                let first = reading.words.sentences[hit.sentence].span.start;
                let words = written(hit.folded).split_whitespace();
                let skipped = usize::from(hit.folded.start == first);
                words.skip(skipped).all(|word| word == "I" || !word.starts_with(char::is_uppercase))
            }
        }
    }

    /// Whether the customer used these words before the reply did.
    fn customer_said(&self, folded: Span) -> bool {
        let Some(asked) = &self.search.asked else {
            return false;
        };
        let (text, words) = (asked.reading.text(), folded.of(self.reading().text()));
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
        let window = |sentence: usize| self.reading().window(measure.within, sentence);
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
        let (first, last) = self.reading().window(window, hit.sentence);
        any.clone().any(|phrase| {
            let hits = self.search.hits(group, phrase);
            let next = hits.partition_point(|one| one.sentence < first);
            hits.get(next).is_some_and(|one| one.sentence <= last)
        })
    }

    /// The places in the customer's message that the rule's clauses are about.
    fn related(&mut self, index: usize, rule: &Rule, plan: &Plan) -> Vec<(Span, String)> {
        let mut related = Vec::new();
        let Some(asked) = &mut self.search.asked else {
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
    pub(super) fn whole(&mut self, index: usize, when: &When, plan: &Plan) -> Option<Raw> {
        let rule = &self.search.program.rules[plan.rule];
        if !self.is_owed(index, when, plan) {
            return None;
        }
        let group = Group::Clauses(index);
        let folded = match (&rule.require, &rule.order) {
            (Some(require), _) => {
                let (search, parts) = (&mut self.search, &self.parts);
                let there = |sentence: usize| require.part.is_none_or(|part| parts.holds(part, sentence));
                if search.is_found(group, plan.required.clone(), |hit| there(hit.sentence))
                    || self.made.get_or_insert_with(|| Made::new(search, parts)).makes(&require.moves, there)
                {
                    return None;
                }
                let gate = search.first(group, plan.any.clone());
                let gate = gate.or_else(|| self.made().words_of(&require.when.moves));
                match (require.part, gate) {
                    (None, Some(gate)) => gate,
                    _ => self.reading().words.sentences[self.parts.last_of_body()?].span,
                }
            }
            (None, Some(order)) => {
                let late = self.out_of_order(order)?;
                self.reading().words.sentences[late].span
            }
            (None, None) => return None,
        };
        Some(Raw::whole(index, folded))
    }

    fn is_owed(&mut self, index: usize, when: &When, plan: &Plan) -> bool {
        let group = Group::Clauses(index);
        let anywhere = |_: &Hit| true;
        (plan.any.is_empty() || self.search.is_found(group, plan.any.clone(), anywhere))
            && !self.search.is_found(group, plan.none.clone(), anywhere)
            && (when.moves.is_empty() || self.made().makes(&when.moves, |_| true))
            && (when.no_moves.is_empty() || !self.made().makes(&when.no_moves, |_| true))
            && (plan.customer.is_empty() || self.customer_says(group, &plan.customer))
            && (!when.late || self.reading().reply.facts.overdue.is_some())
            && (!when.complaint || self.answers_complaint())
    }

    fn customer_says(&mut self, group: Group, any: &Range<usize>) -> bool {
        self.search.asked.as_mut().is_some_and(|asked| asked.is_found(group, any.clone(), |_| true))
    }

    /// A reply answers a complaint if the customer's message is one, or if it apologizes itself.
    pub(super) fn answers_complaint(&mut self) -> bool {
        let (complaint, answer) = self.search.program.complaint();
        self.customer_says(Group::Signs, &complaint)
            || self.made().makes(&[Move::Apology], |_| true)
            || self.search.is_found(Group::Signs, answer, |_| true)
    }

    /// The sentence that stands in the wrong place.
    fn out_of_order(&mut self, order: &Order) -> Option<usize> {
        if let Some(last) = self.parts.last_of_body().filter(|_| !order.not_last.is_empty()) {
            let moves = &self.made().of[last];
            let only = !moves.is_empty() && moves.iter().all(|one| order.not_last.contains(one));
            return only.then_some(last);
        }
        let (first, then) = (self.made().first(&order.first)?, self.made().first(&order.then)?);
        (then < first).then_some(then)
    }
}
