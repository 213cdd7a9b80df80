//! The search of one reply: where phrases are found in it, and in what it quotes.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::machine::{Found, Machine};
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
}

/// The search of one reply. What was found of a phrase is kept, for clauses share phrases' texts.
pub(super) struct Search<'s> {
    pub(super) program: &'s Program,
    pub(super) reading: &'s Reading<'s>,
    machine: Machine,
    /// For each group that was asked for, the literals of its phrases that are found.
    literals: FxHashMap<Group, Spotted>,
    /// For each group, where its phrases were found, as far as they were looked for.
    hits: FxHashMap<Group, FxHashMap<usize, Vec<Hit>>>,
    /// The search of what the customer wrote.
    pub(super) asked: Option<Box<Search<'s>>>,
}

impl<'s> Search<'s> {
    pub(super) fn new(program: &'s Program, reading: &'s Reading<'s>, asked: Option<Box<Search<'s>>>) -> Self {
        let (literals, hits) = (FxHashMap::default(), FxHashMap::default());
        Self { program, reading, machine: Machine::default(), literals, hits, asked }
    }

    /// The literals of a group that are found.
    fn literals(&mut self, group: Group) -> &Spotted {
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

    /// Whether a phrase may be found: its rarest literal is there.
    pub(super) fn may_find(&mut self, group: Group, phrase: usize) -> bool {
        let is_words = matches!(self.program.pattern((group, phrase)), Pattern::Words { .. });
        !is_words || self.literals(group).names(phrase)
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
        let Some(code) = program.pattern((group, phrase)).code_for(starts.len(), &program.language) else {
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
    pub(super) fn first(&mut self, group: Group, phrases: Range<usize>) -> Option<Span> {
        phrases.into_iter().find_map(|phrase| self.hits(group, phrase).first().map(|hit| hit.folded))
    }
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
