use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::across::Across;
use super::phrase::Sequence;
use super::template::Template;
use crate::reply::{Channel, Customer};

/// How much a fault hurts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Style: worth a look.
    Info,
    /// Usually hurts.
    Warning,
    /// Nearly always hurts.
    Error,
}

impl Severity {
    /// Its name in rules, configuration and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A severity, or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule is silent.
    Off,
    /// Style: worth a look.
    Info,
    /// Usually hurts.
    Warning,
    /// Nearly always hurts.
    Error,
}

impl Level {
    /// The severity, unless off.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

/// How far a rewrite can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Has gaps to fill in, or cannot be put in place as it is; never applied.
    Example,
    /// Grammatical, but a person should look.
    Unsafe,
    /// Keeps the meaning; may be applied unseen.
    Safe,
}

impl Applicability {
    /// Its name in rules and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Example => "example",
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }
}

/// A part of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The subject line.
    Subject,
    /// The salutation.
    Greeting,
    /// The first two sentences after the greeting.
    Opening,
    /// All but subject, greeting and sign-off.
    Body,
    /// The last three sentences before the sign-off.
    Closing,
    /// The complimentary close, and the name below it.
    SignOff,
    /// Any sentence that ends in a question mark.
    Question,
}

/// How far from a match a clause looks. Each window holds the match's own sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// The sentence of the match.
    #[default]
    Sentence,
    /// That and the next.
    NextSentence,
    /// That and the one before.
    PreviousSentence,
    /// That, the one before and the one after.
    Neighbours,
    /// The paragraph or list item.
    Paragraph,
    /// The whole reply.
    Reply,
    /// What the customer wrote, where the reply quotes it.
    Customer,
}

/// How the letters of a match are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// All its letters are capitals, and there are two at least.
    Capitals,
    /// No word but the sentence's first begins with a capital, so that none is a name.
    Lower,
}

/// A number that has a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// What is counted.
    pub of: Quantity,
    /// The most that is no fault.
    pub most: f64,
    /// Where it is counted; a sentence's words in each sentence.
    pub within: Window,
    /// Shorter replies, in words, are not measured.
    pub words: usize,
}

/// What a [`Measure`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// How often the rule's phrases are found.
    Matches,
    /// The words of a sentence.
    SentenceWords,
    /// The school grade that the reply asks for (Flesch–Kincaid; English).
    Grade,
    /// Readability of any language that has words (LIX, Björnsson 1968).
    Lix,
    /// How often a sentence is said.
    Repeats,
}

/// A phrase of a rule: what is written, and what it means.
#[derive(Clone, Debug)]
pub enum Phrase {
    /// Words, in the phrase language.
    Words(Arc<Sequence>),
    /// A regular expression over the folded text of a paragraph.
    Regex(String),
}

/// Phrases that excuse a match, or that it demands, and where they are looked for.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Where.
    pub within: Window,
    /// Any of these.
    pub any: Vec<Phrase>,
    /// What to say of the place where it was found, if that is shown too.
    pub note: Option<String>,
}

crate::reply::names! {
    /// What a sentence does in a reply. Control, acknowledge, refocus and problem-solve are Bacal's CARP.
    Move {
        /// Greets.
        Greeting = "greeting",
        /// Says who takes care of it.
        Control = "control",
        /// Says that the customer was heard, and what it meant to them.
        Acknowledge = "acknowledge",
        /// Owns what went wrong.
        Apology = "apology",
        /// Turns from what happened to what can be done.
        Refocus = "refocus",
        /// Says what was done, or what the customer can do.
        ProblemSolve = "problem-solve",
        /// Says why.
        Reason = "reason",
        /// Asks the customer something.
        Question = "question",
        /// Says what happens next.
        NextStep = "next-step",
        /// Says when.
        Time = "time",
        /// Hands the case on.
        Handoff = "handoff",
        /// Says no.
        Refusal = "refusal",
        /// Gives something for the trouble.
        Compensation = "compensation",
        /// Invites to go on.
        Closing = "closing",
        /// Signs.
        SignOff = "sign-off",
    }
}

/// How a move is known.
#[derive(Clone, Debug)]
pub struct Sign {
    /// The move.
    pub of: Move,
    /// A sentence that says one of these makes it,
    pub any: Vec<Phrase>,
    /// unless it says one of these too.
    pub unless: Vec<Phrase>,
}

/// How the moves of a language are known, and what a complaint is.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// The signs of each move.
    pub signs: Vec<Sign>,
    /// A customer who says one of these complains.
    pub complaint: Vec<Phrase>,
    /// A reply that says one of these answers a complaint.
    pub answer: Vec<Phrase>,
}

/// What a pack says of a kind of customer.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Which kind.
    pub customer: Customer,
    /// Who they are and what they need.
    pub who: String,
    /// How to write to them.
    pub write: Vec<String>,
    /// What not to write to them.
    pub avoid: Vec<String>,
    /// Whole replies to them, in Markdown, in which no rule fires.
    pub good: Vec<String>,
    /// Whole replies to them that break rules.
    pub bad: Vec<Flawed>,
    /// Who says so.
    pub source: String,
    /// The language of the replies.
    pub language: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// A whole reply that shows what not to write.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "flawed"))]
#[serde(deny_unknown_fields)]
pub struct Flawed {
    /// The reply, in Markdown.
    pub text: String,
    /// The codes of rules that fire in it.
    pub finds: Vec<String>,
}

/// Moves that a whole reply must make in an order.
#[derive(Clone, Debug)]
pub struct Order {
    /// Any of these stands before
    pub first: Vec<Move>,
    /// any of these.
    pub then: Vec<Move>,
    /// The reply does not end on one of these alone.
    pub not_last: Vec<Move>,
    /// When the order is owed.
    pub when: When,
}

/// What a whole reply must say somewhere.
#[derive(Clone, Debug)]
pub struct Require {
    /// Where; `None` is anywhere.
    pub part: Option<Part>,
    /// Any of these phrases,
    pub any: Vec<Phrase>,
    /// or any of these moves.
    pub moves: Vec<Move>,
    /// When it is owed.
    pub when: When,
}

/// When a requirement is owed: all that is said here holds.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// The reply has at least so many words.
    pub words: usize,
    /// It has at most so many words.
    pub at_most: Option<usize>,
    /// It says one of these; empty asks nothing.
    pub any: Vec<Phrase>,
    /// It says none of these.
    pub none: Vec<Phrase>,
    /// It makes one of these moves; empty asks nothing.
    pub moves: Vec<Move>,
    /// It makes none of these moves.
    pub no_moves: Vec<Move>,
    /// The customer's quoted message says one of these; empty asks nothing.
    pub customer: Vec<Phrase>,
    /// It answers a complaint.
    pub complaint: bool,
    /// It was sent after the time that was promised.
    pub late: bool,
}

/// What to write instead of a match.
#[derive(Clone, Debug)]
pub struct Rewrite {
    /// The text, with its gaps.
    pub to: Template,
    /// How far it can be trusted.
    pub applicability: Applicability,
}

/// A phrase with plainer words for it.
#[derive(Clone, Debug)]
pub struct Plain {
    /// What is found.
    pub phrase: Phrase,
    /// What to say instead, the best first; `~` marks the word that takes the inflection.
    pub to: Vec<Rewrite>,
}

/// A text that shows what a rule does.
#[derive(Clone, Debug)]
pub struct Example {
    /// The text, in Markdown.
    pub text: String,
    /// The other replies of the run, where it takes several.
    pub others: Vec<String>,
    /// What safe fixes make of it.
    pub fixed: Option<String>,
    /// How it reaches the customer; `None` is an e-mail, or a macro where there are several.
    pub channel: Option<Channel>,
    /// Who reads it.
    pub customer: Option<Customer>,
}

/// Severities for one kind of customer or channel each.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    /// By customer.
    pub customers: Vec<(Customer, Level)>,
    /// By channel.
    pub channels: Vec<(Channel, Level)>,
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The pack's file name.
    pub file: Arc<str>,
    /// Whether it came with the binary.
    pub builtin: bool,
}

/// One rule, checked.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `PA001`, or the name where a team's own rule has no code.
    pub code: String,
    /// `sorry-you-encountered`.
    pub name: String,
    /// `passive-aggressive`.
    pub family: String,
    /// The language that it is about; `any` for all.
    pub language: String,
    /// How much it hurts.
    pub severity: Severity,
    /// Severities for customers and channels.
    pub levels: Levels,
    /// Whether it runs without being selected by code or name.
    pub on: bool,
    /// One line on what it finds.
    pub summary: String,
    /// What is said of a match.
    pub message: Template,
    /// Why it hurts.
    pub why: String,
    /// Who says so.
    pub source: String,
    /// The phrases that are the fault.
    pub find: Vec<Phrase>,
    /// Phrases with plainer words.
    pub replace: Vec<Plain>,
    /// What a whole reply lacks.
    pub require: Option<Require>,
    /// Moves that come in an order.
    pub order: Option<Order>,
    /// What is compared over the replies of a run.
    pub across: Option<Across>,
    /// A number with a limit; with `find`, of what that finds.
    pub measure: Option<Measure>,
    /// Only matches in this part count.
    pub part: Option<Part>,
    /// Only matches written like this count.
    pub case: Option<Case>,
    /// Whether words that the customer used first are no fault.
    pub unless_quoted: bool,
    /// Any of these excuses a match.
    pub unless: Vec<Clause>,
    /// All of these are demanded.
    pub only_if: Vec<Clause>,
    /// What to write instead.
    pub rewrites: Vec<Rewrite>,
    /// Texts in which it fires.
    pub hits: Vec<Example>,
    /// Texts in which its family is silent.
    pub misses: Vec<Example>,
    /// Where it comes from.
    pub origin: Origin,
}

impl Rule {
    /// Its severity for a customer and a channel; `None` where it is off.
    #[must_use]
    pub fn severity_for(&self, customer: Customer, channel: Channel) -> Option<Severity> {
        let by_channel = self.levels.channels.iter().find(|(one, _)| *one == channel);
        let by_customer = self.levels.customers.iter().find(|(one, _)| *one == customer);
        match (by_channel, by_customer) {
            (Some((_, Level::Off)), _) => None,
            (_, Some((_, level))) | (Some((_, level)), None) => level.severity(),
            (None, None) => Some(self.severity),
        }
    }

    /// When a rule about a whole reply holds.
    #[must_use]
    pub fn when(&self) -> Option<&When> {
        let required = self.require.as_ref().map(|require| &require.when);
        required.or_else(|| self.order.as_ref().map(|order| &order.when))
    }

    /// Whether a selector names it: a code, a prefix of codes, a name, a family, or `all`.
    #[must_use]
    pub fn is_named_by(&self, selector: &str) -> bool {
        names(selector, &self.code, &self.name, &self.family)
    }
}

/// Whether a selector names a rule of this code, name and family.
pub(crate) fn names(selector: &str, code: &str, name: &str, family: &str) -> bool {
    selector == "all"
        || selector == name
        || selector == family
        || selector == code
        || (is_prefix(selector) && code.starts_with(selector))
}

/// Whether a selector can be the beginning of a code: capitals, then digits.
fn is_prefix(selector: &str) -> bool {
    let digits = selector.trim_start_matches(|ch: char| ch.is_ascii_uppercase());
    selector.len() > digits.len() && digits.chars().all(|ch| ch.is_ascii_digit())
}
