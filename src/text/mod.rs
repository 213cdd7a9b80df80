//! Text and positions in it: spans, lines, offset maps, folding, words and sentences.
//!
//! Everything here is about characters. Nothing here knows what a rule, a reply or a file is.

mod fold;
mod lines;
mod map;
mod span;
mod words;

pub use fold::{Folded, OPAQUE, UNFILLED, fold, fold_word};
pub use lines::{Encoding, LineIndex, Point, Position};
pub use map::Mapped;
pub(crate) use map::Overlaps;
pub use span::Span;
pub use words::{Contractions, Kind, Sentence, Token, Words};
