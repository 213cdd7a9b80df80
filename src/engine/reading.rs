//! A reply as the engine reads it: folded, in words and sentences.

use rustc_hash::FxHashMap;

use super::machine::Cell;
use super::phrases::PhraseSet;
use crate::reply::Reply;
use crate::rule::Window;
use crate::text::{Contractions, Folded, Kind, Span, Words, fold};

/// The literals that are found in a text.
#[derive(Debug, Default)]
pub(super) struct Spotted {
    /// For each that is found, the tokens that it begins with, in order.
    tokens: FxHashMap<usize, Vec<u32>>,
    /// For each phrase, whether one of its literals is found.
    named: Vec<bool>,
}

impl Spotted {
    /// Whether one of a phrase's literals is found.
    pub(super) fn names(&self, phrase: usize) -> bool {
        self.named.get(phrase).is_some_and(|named| *named)
    }

    /// The phrases of which a literal is found.
    pub(super) fn phrases(&self) -> impl Iterator<Item = usize> {
        (0..self.named.len()).filter(|phrase| self.names(*phrase))
    }
}

pub(super) struct Reading<'r> {
    pub(super) reply: &'r Reply,
    pub(super) source: &'r str,
    pub(super) folded: Folded,
    pub(super) words: Words,
    pub(super) cells: Vec<Cell>,
    /// How many words it has; a contraction is one.
    pub(super) word_count: usize,
    /// For each sentence, what stands between double quotes in it.
    mentions: Vec<Vec<Span>>,
}

impl<'r> Reading<'r> {
    pub(super) fn new(language: &Contractions, reply: &'r Reply, source: &'r str) -> Self {
        let folded = fold(reply.prose.text(), &reply.blocks, &reply.opaque);
        let words = Words::read(folded.mapped.text(), &folded.blocks, &folded.breaks, language);
        let text = folded.mapped.text();
        let cells =
            words.tokens.iter().enumerate().map(|(index, token)| Cell::new(words.text(index, text), token.kind));
        let cells = cells.collect();
        let word_count = words.tokens.iter().filter(|token| token.begins && token.kind != Kind::Punctuation).count();
        let mut reading = Self { reply, source, cells, word_count, mentions: Vec::new(), folded, words };
        reading.mentions =
            reading.words.sentences.iter().map(|sentence| reading.quoted(sentence.first, sentence.end)).collect();
        reading
    }

    pub(super) fn text(&self) -> &str {
        self.folded.mapped.text()
    }

    /// Runs the automaton of some phrases over a part of the folded text. Of a long text what it finds is most
    /// of what is kept; so literals are, which are few, and not the tokens at which phrases may begin.
    pub(super) fn literals(&self, set: &PhraseSet, part: Span) -> Spotted {
        let mut found = Spotted { tokens: FxHashMap::default(), named: vec![false; set.len()] };
        let Some(literals) = &set.literals else {
            return found;
        };
        let mut near = self.words.token_at(part.start);
        for hit in literals.automaton().find_overlapping_iter(part.of(self.text())) {
            // Spotted are found by their ends, so that each begins near the last.
            let start = part.start + hit.start();
            near = self.words.token_near(near, start);
            let literal = hit.pattern().as_usize();
            let mut token = near;
            while self.words.tokens.get(token).is_some_and(|found| found.span().start == start) {
                let tokens = found.tokens.entry(literal).or_insert_with(|| {
                    for phrase in &set.targets[literal] {
                        found.named[*phrase] = true;
                    }
                    Vec::new()
                });
                tokens.push(u32::try_from(token).unwrap_or(u32::MAX));
                token += 1;
            }
        }
        found
    }

    /// The tokens at which a phrase may begin, in order.
    pub(super) fn starts(&self, set: &PhraseSet, phrase: usize, found: &Spotted) -> Vec<u32> {
        let mut starts: Vec<u32> = Vec::new();
        if !found.names(phrase) {
            return starts;
        }
        for anchor in set.anchors(phrase) {
            let (mut sentence, mut next) = (0, 0);
            for token in found.tokens.get(&anchor.literal).into_iter().flatten() {
                let token = *token as usize;
                sentence = self.sentence_near(sentence, token);
                let Some(first) = self.words.sentences.get(sentence).map(|sentence| sentence.first) else {
                    break;
                };
                let Some(latest) = token.checked_sub(anchor.least).filter(|latest| *latest >= first) else {
                    continue;
                };
                // Of what one literal gives, none twice; what others give as well is sorted out below.
                let earliest = token.saturating_sub(anchor.most).max(first).max(next);
                next = latest + 1;
                starts.extend((earliest..=latest).map(|start| u32::try_from(start).unwrap_or(u32::MAX)));
            }
        }
        if !starts.is_sorted() {
            starts.sort_unstable();
        }
        starts.dedup();
        starts
    }

    /// The sentence of a token; `near` is the first that is tried.
    pub(super) fn sentence_near(&self, near: usize, token: usize) -> usize {
        let sentences = &self.words.sentences;
        let holds = sentences.get(near).is_some_and(|sentence| (sentence.first..sentence.end).contains(&token));
        if holds { near } else { sentences.partition_point(|sentence| sentence.end <= token) }
    }

    /// The folded text that some tokens cover.
    pub(super) fn span_of(&self, first: usize, end: usize) -> Span {
        let start = self.words.tokens[first].span();
        self.words.tokens[first..end].iter().fold(start, |span, token| span.cover(token.span()))
    }

    /// First and last sentence of a window.
    pub(super) fn window(&self, window: Window, sentence: usize) -> (usize, usize) {
        let last = self.words.sentences.len().saturating_sub(1);
        let (before, after) = (sentence.saturating_sub(1), (sentence + 1).min(last));
        match window {
            Window::Sentence => (sentence, sentence),
            Window::NextSentence => (sentence, after),
            Window::PreviousSentence => (before, sentence),
            Window::Neighbours => (before, after),
            Window::Reply | Window::Customer => (0, last),
            Window::Paragraph => {
                let block = self.words.sentences[sentence].block;
                let first = self.words.sentences.partition_point(|one| one.block < block);
                let end = self.words.sentences.partition_point(|one| one.block <= block);
                (first, end.saturating_sub(1))
            }
        }
    }

    /// What stands between double quotes, if some of the sentence stands outside of them: a label or
    /// somebody's words, mentioned and not said.
    fn quoted(&self, first: usize, end: usize) -> Vec<Span> {
        let mut quoted = Vec::new();
        let mut open: Option<usize> = None;
        let mut outside = 0;
        for at in first..end {
            let token = &self.words.tokens[at];
            if token.kind == Kind::Punctuation && self.words.text(at, self.text()) == "\"" {
                match open.take() {
                    Some(start) => quoted.push(Span::new(start, token.span().start)),
                    None => open = Some(token.span().end),
                }
            } else if open.is_none() && token.kind != Kind::Punctuation {
                outside += 1;
            }
        }
        if outside == 0 { Vec::new() } else { quoted }
    }

    pub(super) fn is_mention(&self, span: Span, sentence: usize) -> bool {
        self.mentions.get(sentence).is_some_and(|quotes| quotes.iter().any(|quote| quote.contains(span)))
    }
}
