//! Rules: the model, the phrase language, and reading packs of them from YAML.

mod across;
mod builtin;
mod grammar;
mod inflect;
mod model;
mod pack;
mod phrase;
mod template;

pub use across::{Across, Among, Called};
pub use grammar::Grammar;
pub use inflect::Form;
pub use model::{
    Applicability, Case, Clause, Example, Flawed, Level, Levels, Measure, Move, Moves, Order, Origin, Part, Phrase,
    Plain, Profile, Quantity, Require, Rewrite, Rule, Severity, Sign, When, Window,
};
#[cfg(feature = "cli")]
pub use pack::schema;
pub use pack::{Lists, Pack, PackError};
pub use phrase::{Alternatives, Element, PhraseError, Sequence};
pub use template::{Piece, Template};

pub(crate) use builtin::BUILTIN;
pub(crate) use inflect::{forms, inflect};
pub(crate) use model::names;
pub(crate) use pack::{build_regex, nearest};
pub(crate) use phrase::{inflected_words, read_phrase};
