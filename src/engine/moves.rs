//! The moves of a reply: what each of its sentences does.

use std::collections::HashSet;

use super::Group;
use super::parts::Parts;
use super::search::Search;
use crate::rule::{Move, Part};
use crate::text::Span;

/// For each sentence of a reply, the moves that it makes, in the order of [`Move`].
#[derive(Clone, Debug, Default)]
pub(super) struct Made {
    pub(super) of: Vec<Vec<Move>>,
    /// The part of the reply's words by which each move is known, where it is known by words.
    pub(super) by: Vec<Vec<(Move, Span)>>,
}

impl Made {
    pub(super) fn new(search: &mut Search<'_>, parts: &Parts) -> Self {
        let count = search.reading.words.sentences.len();
        let mut this = Self { of: vec![Vec::new(); count], by: vec![Vec::new(); count] };
        for sentence in 0..count {
            let by_part =
                [(Part::Greeting, Move::Greeting), (Part::SignOff, Move::SignOff), (Part::Question, Move::Question)];
            let made = by_part.into_iter().filter(|(part, _)| parts.holds(*part, sentence)).map(|(_, made)| made);
            this.of[sentence].extend(made);
        }
        let program = search.program;
        let mut at = 0;
        for sign in &program.moves.signs {
            let any = at..at + sign.any.len();
            let unless = any.end..any.end + sign.unless.len();
            at = unless.end;
            let against: HashSet<usize> =
                unless.flat_map(|phrase| search.hits(Group::Signs, phrase).to_vec()).map(|hit| hit.sentence).collect();
            for phrase in any {
                for hit in search.hits(Group::Signs, phrase).to_vec() {
                    // `Hi Ana, sorry for the delay.` greets and apologizes.
                    let read = [Part::Body, Part::Greeting].iter().any(|part| parts.holds(*part, hit.sentence));
                    let excused =
                        against.contains(&hit.sentence) || search.reading.is_mention(hit.folded, hit.sentence) || !read;
                    if !excused {
                        this.of[hit.sentence].push(sign.of);
                        this.by[hit.sentence].push((sign.of, hit.folded));
                    }
                }
            }
        }
        for moves in &mut this.of {
            moves.sort_unstable();
            moves.dedup();
        }
        this
    }

    /// The words by which one of these moves is first known.
    pub(super) fn words_of(&self, any: &[Move]) -> Option<Span> {
        self.by.iter().flatten().find(|(made, _)| any.contains(made)).map(|(_, span)| *span)
    }

    /// The first sentence that makes one of these moves.
    pub(super) fn first(&self, any: &[Move]) -> Option<usize> {
        self.of.iter().position(|moves| moves.iter().any(|made| any.contains(made)))
    }

    /// Whether a sentence for which `there` holds makes one of these moves.
    pub(super) fn makes(&self, any: &[Move], there: impl Fn(usize) -> bool) -> bool {
        let made = |moves: &Vec<Move>| moves.iter().any(|made| any.contains(made));
        self.of.iter().enumerate().any(|(sentence, moves)| made(moves) && there(sentence))
    }
}
