//! What a reply does, sentence by sentence. Data only.

use serde::Serialize;

use crate::finding::Place;
use crate::reply::{Channel, Customer, Facts};
use crate::rule::Move;
use crate::text::Span;

/// The moves that a reply to a complaint makes, in their order (Bacal's CARP).
pub const CARP: [Move; 4] = [Move::Control, Move::Acknowledge, Move::Refocus, Move::ProblemSolve];

/// The outline of one reply.
#[derive(Clone, Debug, Serialize)]
pub struct Outline {
    /// Which reply of the file; `None` where the file is one reply.
    pub reply: Option<String>,
    /// The language that it was read in.
    pub language: String,
    /// How it reaches the customer.
    pub channel: Channel,
    /// Who reads it.
    pub customer: Customer,
    /// Whether it answers a complaint.
    pub complaint: bool,
    /// Its sentences, in order.
    pub sentences: Vec<Line>,
    /// The moves of [`CARP`] that it does not make; an apology acknowledges too.
    pub missing: Vec<Move>,
}

/// One sentence of an outline.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Bytes of the file.
    pub span: Span,
    /// The first character.
    pub start: Place,
    /// What the customer reads, on one line.
    pub text: String,
    /// What it does; empty where no sign of a move is known.
    pub moves: Vec<Move>,
}

impl Outline {
    pub(crate) fn new(reply: Option<String>, facts: &Facts, complaint: bool, sentences: Vec<Line>) -> Self {
        let makes = |one: Move| sentences.iter().any(|line| line.moves.contains(&one));
        let missing = CARP.into_iter().filter(|one| {
            let apologizes = *one == Move::Acknowledge && makes(Move::Apology);
            !makes(*one) && !apologizes
        });
        Self {
            reply,
            language: facts.language.clone().unwrap_or_default(),
            channel: facts.channel.unwrap_or(Channel::Email),
            customer: facts.customer.unwrap_or(Customer::Regular),
            complaint,
            missing: missing.collect(),
            sentences,
        }
    }
}
