//! The search of one reply: where phrases are found in it, and in what it quotes.

use std::ops::Range;

use regex::Regex;
use rustc_hash::FxHashMap;

use super::machine::{Found, Machine};
use super::memory::Recalled;
use super::phrases::Pattern;
use super::reading::{Reading, Spotted};
use super::{Group, MAX_MATCHES, Program};
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

impl Hit {
    /// A whole sentence.
    pub(super) fn sentence(reading: &Reading<'_>, sentence: usize) -> Self {
        Self { folded: reading.words.sentences[sentence].span, sentence, tokens: None }
    }

    /// The same in a part of the text that begins at a byte and a token.
    fn within(self, byte: usize, token: usize) -> Self {
        let tokens = self.tokens.map(|(start, found)| (start - token, found.map(|at| at - token)));
        Self { folded: Span::new(self.folded.start - byte, self.folded.end - byte), sentence: 0, tokens }
    }

    /// The same in the text, of a hit in a part of it.
    fn of_part(&self, byte: usize, token: usize, sentence: usize) -> Self {
        let tokens = self.tokens.clone().map(|(start, found)| (start + token, found.map(|at| at + token)));
        Self { folded: Span::new(self.folded.start + byte, self.folded.end + byte), sentence, tokens }
    }
}

/// The search of one reply. What was found of a phrase is kept, for clauses share phrases' texts.
pub(super) struct Search<'s> {
    pub(super) program: &'s Program,
    pub(super) reading: &'s Reading<'s>,
    machine: Machine,
    /// What is known of its sentences, if that is kept. Then a group is looked for at once.
    recalled: Option<Recalled>,
    /// For each group that was asked for, the literals of its phrases that are found.
    literals: FxHashMap<Group, Spotted>,
    /// For each group, where its phrases were found, as far as they were looked for.
    hits: FxHashMap<Group, FxHashMap<usize, Vec<Hit>>>,
    /// The search of what the customer wrote.
    pub(super) asked: Option<Box<Search<'s>>>,
}

impl<'s> Search<'s> {
    pub(super) fn new(program: &'s Program, reading: &'s Reading<'s>, asked: Option<Box<Search<'s>>>) -> Self {
        let recalled = program.memory.as_ref().and_then(|memory| memory.recall(reading));
        let (literals, hits) = (FxHashMap::default(), FxHashMap::default());
        Self { program, reading, machine: Machine::default(), recalled, literals, hits, asked }
    }

    /// The literals of a group that are found.
    fn literals(&mut self, group: Group) -> &Spotted {
        let (program, reading) = (self.program, self.reading);
        let whole = Span::new(0, reading.text().len());
        self.literals.entry(group).or_insert_with(|| reading.literals(program.set(group), whole))
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

    /// Whether a phrase may be found: its rarest literal is there.
    pub(super) fn may_find(&mut self, group: Group, phrase: usize) -> bool {
        match self.program.pattern((group, phrase)) {
            _ if self.recalled.is_some() => !self.hits(group, phrase).is_empty(),
            Pattern::Words { .. } => self.literals(group).names(phrase),
            Pattern::Regex { .. } => true,
        }
    }

    /// Where a phrase is found, in order; matches of one phrase do not overlap.
    pub(super) fn hits(&mut self, group: Group, phrase: usize) -> &[Hit] {
        if self.recalled.is_some() {
            self.recall(group);
        } else if !self.hits.get(&group).is_some_and(|hits| hits.contains_key(&phrase)) {
            let hits = match self.program.pattern((group, phrase)) {
                Pattern::Words { .. } => {
                    self.literals(group);
                    self.literals.get(&group).map_or_else(Vec::new, |spotted| {
                        words(self.program, self.reading, &mut self.machine, (group, phrase), spotted)
                    })
                }
                Pattern::Regex { .. } => self.regex(group, phrase),
            };
            self.hits.entry(group).or_default().insert(phrase, hits);
        }
        self.hits.get(&group).and_then(|hits| hits.get(&phrase)).map_or(&[], Vec::as_slice)
    }

    /// Puts together what is known of a group's phrases, and looks for them in sentences that are new.
    fn recall(&mut self, group: Group) {
        let Some(recalled) = self.recalled.as_ref().filter(|_| !self.hits.contains_key(&group)) else {
            return;
        };
        let (program, reading, machine) = (self.program, self.reading, &mut self.machine);
        let set = program.set(group);
        let mut hits: FxHashMap<usize, Vec<Hit>> = FxHashMap::default();
        let mut add = |phrase: usize, hit: Hit| {
            let of_phrase = hits.entry(phrase).or_default();
            if of_phrase.len() < MAX_MATCHES {
                of_phrase.push(hit);
            }
        };
        for (index, (sentence, known)) in reading.words.sentences.iter().zip(&recalled.sentences).enumerate() {
            let said = known.says(group, || {
                let spotted = reading.literals(set, sentence.span);
                let found = spotted.phrases().flat_map(|phrase| {
                    let hits = words(program, reading, machine, (group, phrase), &spotted);
                    hits.into_iter().map(move |hit| (phrase, hit.within(sentence.span.start, sentence.first)))
                });
                found.collect()
            });
            for (phrase, hit) in said.iter().flat_map(|said| said.iter()) {
                add(*phrase, hit.of_part(sentence.span.start, sentence.first, index));
            }
        }
        for (block, known) in reading.folded.blocks.iter().zip(&recalled.blocks) {
            let said = known.says(group, || {
                let found = set.regexes().flat_map(|(phrase, regex)| {
                    let spans = spans(regex, reading.text(), *block);
                    spans.map(move |folded| (phrase, Hit { folded, sentence: 0, tokens: None }.within(block.start, 0)))
                });
                found.collect()
            });
            for (phrase, hit) in said.iter().flat_map(|said| said.iter()) {
                if let Some(sentence) = reading.words.sentence_at(block.start + hit.folded.start) {
                    add(*phrase, hit.of_part(block.start, 0, sentence));
                }
            }
        }
        self.hits.insert(group, hits);
    }

    fn regex(&self, group: Group, phrase: usize) -> Vec<Hit> {
        let reading = self.reading;
        let Some(regex) = self.program.pattern((group, phrase)).regex() else {
            return Vec::new();
        };
        let spans = reading.folded.blocks.iter().flat_map(|block| spans(regex, reading.text(), *block));
        let hits = spans.filter_map(|folded| {
            let sentence = reading.words.sentence_at(folded.start)?;
            Some(Hit { folded, sentence, tokens: None })
        });
        hits.take(MAX_MATCHES).collect()
    }

    pub(super) fn is_found(&mut self, group: Group, phrases: Range<usize>, within: impl Fn(&Hit) -> bool) -> bool {
        phrases.into_iter().any(|phrase| self.hits(group, phrase).iter().any(&within))
    }

    /// The first place at which one of these is found.
    pub(super) fn first(&mut self, group: Group, phrases: Range<usize>) -> Option<Span> {
        phrases.into_iter().find_map(|phrase| self.hits(group, phrase).first().map(|hit| hit.folded))
    }
}

/// Where a phrase is found, of whose literals these are there.
fn words(
    program: &Program,
    reading: &Reading<'_>,
    machine: &mut Machine,
    (group, phrase): (Group, usize),
    spotted: &Spotted,
) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let starts = reading.starts(program.set(group), phrase, spotted);
    if starts.is_empty() {
        return hits;
    }
    let Some(code) = program.pattern((group, phrase)).code_for(starts.len(), &program.language) else {
        return hits;
    };
    let (mut sentence, mut next) = (0, 0);
    for start in starts {
        let start = start as usize;
        if start < next {
            continue;
        }
        sentence = reading.sentence_near(sentence, start);
        let Some(range) = reading.words.sentences.get(sentence).map(|sentence| (sentence.first, sentence.end)) else {
            continue;
        };
        let may_end = |at: usize| reading.words.tokens[at - 1].ends;
        let Some(found) = machine.run(code, &reading.cells, range, start, may_end) else {
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

/// Where a regular expression is found in a block.
fn spans(regex: &Regex, text: &str, block: Span) -> impl Iterator<Item = Span> {
    windows(text, block).into_iter().flat_map(move |window| {
        let found = regex.find_iter(window.of(text)).filter(|found| !found.is_empty());
        found.map(move |found| Span::new(window.start + found.start(), window.start + found.end()))
    })
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
