//! A reply as the engine reads it: folded, in words and sentences.

use rustc_hash::FxHashMap;

use super::machine::{Cell, number};
use super::phrases::PhraseSet;
use crate::reply::Reply;
use crate::rule::Window;
use crate::text::{Contractions, Folded, Kind, Span, Words, fold};

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
        let cells = words
            .tokens
            .iter()
            .enumerate()
            .map(|(index, token)| Cell { number: number(words.text(index, text)), kind: token.kind });
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

    /// Runs the automaton of some phrases over the folded text: for each phrase that a literal points at,
    /// the tokens at which it may begin, in order.
    pub(super) fn starts(&self, set: &PhraseSet) -> FxHashMap<usize, Vec<usize>> {
        let mut starts: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        let Some(literals) = &set.literals else {
            return starts;
        };
        for hit in literals.automaton().find_overlapping_iter(self.text()) {
            let mut token = self.words.token_at(hit.start());
            while self.words.tokens.get(token).is_some_and(|found| found.span().start == hit.start()) {
                let Some(sentence) = self.sentence_of(token) else {
                    break;
                };
                let first = self.words.sentences[sentence].first;
                for target in &set.targets[hit.pattern().as_usize()] {
                    let Some(latest) = token.checked_sub(target.least).filter(|latest| *latest >= first) else {
                        continue;
                    };
                    let earliest = token.saturating_sub(target.most).max(first);
                    starts.entry(target.phrase).or_default().extend(earliest..=latest);
                }
                token += 1;
            }
        }
        for starts in starts.values_mut() {
            starts.sort_unstable();
            starts.dedup();
        }
        starts
    }

    pub(super) fn sentence_of(&self, token: usize) -> Option<usize> {
        let index = self.words.sentences.partition_point(|sentence| sentence.end <= token);
        (index < self.words.sentences.len()).then_some(index)
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
