//! The parts of a reply: greeting, opening, body, closing, sign-off, questions.

use std::ops::Range;

use super::Group;
use super::search::Search;
use crate::rule::Part;
use crate::text::{Kind, Span, Token};

/// How many sentences at a reply's head, after the greeting, are its opening.
const OPENING: usize = 2;
/// How many sentences at a reply's end, before the sign-off, are its closing.
const CLOSING: usize = 3;
/// How many words a line of a sign-off has at most.
const SIGN_OFF_WORDS: usize = 8;

/// How many words a name below a reply has at most.
const NAME_WORDS: usize = 3;

/// Which parts each sentence is in.
#[derive(Debug, Default)]
pub(super) struct Parts {
    of: Vec<Vec<Part>>,
}

impl Parts {
    pub(super) fn new(search: &mut Search<'_>, greeting: Range<usize>, sign_off: Range<usize>) -> Self {
        let count = search.reading.words.sentences.len();
        let in_subject = |sentence: &crate::text::Sentence| search.reading.reply.has_subject && sentence.block == 0;
        let subject_end = search.reading.words.sentences.iter().take_while(|one| in_subject(one)).count();
        let greets =
            count > subject_end + 1 && search.is_found(Group::Found, greeting, |hit| hit.sentence == subject_end);
        let body_start = subject_end + usize::from(greets);
        let body_end = sign_off_start(search, sign_off, body_start);
        let mut parts = Self { of: vec![Vec::new(); count] };
        for (index, of) in parts.of.iter_mut().enumerate() {
            if index < subject_end {
                of.push(Part::Subject);
            } else if index < body_start {
                of.push(Part::Greeting);
            } else if index >= body_end {
                of.push(Part::SignOff);
            } else {
                of.push(Part::Body);
                if index < body_start + OPENING {
                    of.push(Part::Opening);
                }
                if index + CLOSING >= body_end {
                    of.push(Part::Closing);
                }
                if asks(search, index) {
                    of.push(Part::Question);
                }
            }
        }
        parts
    }

    /// Whether a sentence is in a part.
    pub(super) fn holds(&self, part: Part, sentence: usize) -> bool {
        self.of.get(sentence).is_some_and(|parts| parts.contains(&part))
    }

    /// The sentences of the body.
    pub(super) fn body(&self) -> Vec<usize> {
        (0..self.of.len()).filter(|sentence| self.holds(Part::Body, *sentence)).collect()
    }

    /// The last sentence before the sign-off.
    pub(super) fn last_of_body(&self) -> Option<usize> {
        let body = self.of.iter().rposition(|parts| parts.contains(&Part::Body));
        body.or_else(|| self.of.len().checked_sub(1))
    }
}

/// The first sentence of the sign-off: the last one that is short and says such a phrase, with only
/// short ones (a name, a team) after it; or else a name alone in the last paragraph.
fn sign_off_start(search: &mut Search<'_>, sign_off: Range<usize>, body_start: usize) -> usize {
    let count = search.reading.words.sentences.len();
    let is_short = |search: &Search<'_>, index: usize| {
        let sentence = &search.reading.words.sentences[index];
        let tokens = &search.reading.words.tokens[sentence.first..sentence.end];
        tokens.iter().filter(|token| token.kind != Kind::Punctuation).count() <= SIGN_OFF_WORDS
    };
    let mut index = count;
    while index > body_start && count - index < 4 {
        index -= 1;
        if !is_short(search, index) {
            break;
        }
        if !asks(search, index) && search.is_found(Group::Found, sign_off.clone(), |hit| hit.sentence == index) {
            return index;
        }
    }
    let last = count.saturating_sub(1);
    if last > body_start && is_name(search, last) { last } else { count }
}

/// Whether a sentence is a paragraph of its own, of a few words and no sign: a name.
fn is_name(search: &Search<'_>, index: usize) -> bool {
    let words = &search.reading.words;
    let sentence = &words.sentences[index];
    let alone = words.sentences[index - 1].block != sentence.block;
    let tokens = &words.tokens[sentence.first..sentence.end];
    let is_word = |token: &Token| token.kind == Kind::Word && token.begins;
    alone && tokens.len() <= NAME_WORDS && tokens.iter().all(is_word) && is_capital(search, sentence.span)
}

/// Whether a name could be written so: its first letter is a capital.
fn is_capital(search: &Search<'_>, folded: Span) -> bool {
    let prose = search.reading.folded.mapped.origin(folded);
    prose.of(search.reading.reply.prose.text()).starts_with(char::is_uppercase)
}

fn asks(search: &Search<'_>, index: usize) -> bool {
    let reading = search.reading;
    let sentence = &reading.words.sentences[index];
    let last_signs =
        (sentence.first..sentence.end).rev().take_while(|at| reading.words.tokens[*at].kind == Kind::Punctuation);
    last_signs.into_iter().any(|at| matches!(reading.words.text(at, reading.text()), "?" | "？"))
}
