//! Rules: the model, the phrase language, and reading packs of them from YAML.

mod builtin;
mod grammar;
mod inflect;
mod model;
mod pack;
mod phrase;
mod template;

pub use builtin::BUILTIN;
pub use grammar::Grammar;
pub use inflect::Form;
pub use model::{
    Applicability, Case, Clause, Example, Level, Levels, Measure, Origin, Part, Phrase, Plain, Quantity, Require,
    Rewrite, Rule, Severity, When, Window,
};
pub use pack::{Lists, Pack, PackError};
pub use phrase::{Element, PhraseError, Sequence};
pub use template::{Piece, Template};

pub(crate) use inflect::{forms, inflect};
pub(crate) use model::names;
pub(crate) use pack::{build_regex, nearest};
pub(crate) use phrase::{inflected_words, read_phrase};
