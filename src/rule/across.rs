//! What a rule compares over the replies of a run: the model, and reading it from YAML.

use serde::Deserialize;

use super::model::{Move, Phrase};
use super::pack::{Check, Path, Texts};
use super::template::Template;
use crate::yaml::{Pairs, Step};

/// What a rule compares over the replies of a run.
#[derive(Clone, Debug)]
pub struct Across {
    /// What of each reply.
    pub of: Among,
    /// What is said of each place but the finding's own.
    pub note: Template,
}

/// What of each reply is compared with the others.
#[derive(Clone, Debug)]
pub enum Among {
    /// Sentences that stand in many replies.
    Sentences {
        /// The most replies that may say the same,
        most: usize,
        /// and the greatest share of all replies, from 0 to 1: both have to be passed.
        share: f64,
        /// Sentences with fewer words are left alone.
        words: usize,
        /// So are sentences that make one of these moves.
        no_moves: Vec<Move>,
    },
    /// Replies that say nearly the same.
    Replies {
        /// From this share of equal word sequences on, from 0.5 to 1, two replies are nearly the same.
        alike: f64,
        /// Replies with fewer words are left alone.
        words: usize,
    },
    /// Times that are promised for one thing. What the rule's `find` finds is a time.
    Promises {
        /// What is promised; a sentence that speaks of two of them is left alone.
        things: Vec<Called>,
    },
    /// Names for one thing; the names that a thing has.
    Names(Vec<Vec<Called>>),
}

/// Something with a name, and how it is written.
#[derive(Clone, Debug)]
pub struct Called {
    /// The name.
    pub name: String,
    /// Any of these phrases.
    pub any: Vec<Phrase>,
}

impl Across {
    /// The groups of phrases that are looked for: of things, or of names.
    pub fn phrases(&self) -> impl Iterator<Item = &Called> {
        let (things, names): (&[Called], &[Vec<Called>]) = match &self.of {
            Among::Promises { things, .. } => (things, &[]),
            Among::Names(names) => (&[], names),
            Among::Sentences { .. } | Among::Replies { .. } => (&[], &[]),
        };
        things.iter().chain(names.iter().flatten())
    }
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "across"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawAcross {
    /// What of each reply is compared with the others.
    of: Kind,
    /// `sentences`: the most replies that may say the same.
    most: Option<usize>,
    /// `sentences`: the greatest share of all replies, from 0 to 1, which must be passed too.
    share: Option<f64>,
    /// `sentences`, `replies`: shorter ones are left alone.
    words: Option<usize>,
    /// `sentences`: those that make one of these moves are left alone.
    no_moves: Option<Vec<Move>>,
    /// `replies`: from this share of equal word sequences on, 0.5 to 1.
    alike: Option<f64>,
    /// `promises`: what is promised, and phrases that speak of it.
    things: Option<Pairs<Texts>>,
    /// `names`: for each thing its names, and the phrases that write them; the preferred first.
    names: Option<Vec<Pairs<Texts>>>,
    /// What is said of each place but the finding's own.
    #[serde(default)]
    note: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "kind"))]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Sentences,
    Replies,
    Promises,
    Names,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Sentences => "sentences",
            Self::Replies => "replies",
            Self::Promises => "promises",
            Self::Names => "names",
        }
    }
}

/// The most replies that may say the same sentence, unless the rule says otherwise.
const MOST: usize = 3;
/// Shorter sentences and replies are left alone, unless the rule says otherwise; in words.
const SENTENCE_WORDS: usize = 5;
const REPLY_WORDS: usize = 12;
/// From which share of equal word sequences on replies are nearly the same.
const ALIKE: f64 = 0.7;
/// Below this share, what is nearly the same is no longer sure to be found.
const LEAST_ALIKE: f64 = 0.5;

impl RawAcross {
    /// Whether `find` is part of it.
    pub(super) fn finds(&self) -> bool {
        self.of == Kind::Promises
    }
}

impl Check<'_> {
    pub(super) fn across(&mut self, path: &Path, raw: RawAcross) -> Across {
        self.strangers(path, &raw);
        let of = match raw.of {
            Kind::Sentences => {
                if raw.most == Some(0) {
                    self.error(
                        &path.key("most"),
                        0,
                        "each sentence stands in one reply; 1 is the least that is no fault",
                    );
                }
                let share = raw.share.unwrap_or(0.0);
                if !(0.0..=1.0).contains(&share) {
                    self.error(&path.key("share"), 0, "a share is a number from 0 to 1");
                }
                Among::Sentences {
                    most: raw.most.unwrap_or(MOST),
                    share,
                    words: raw.words.unwrap_or(SENTENCE_WORDS),
                    no_moves: raw.no_moves.unwrap_or_default(),
                }
            }
            Kind::Replies => {
                let alike = raw.alike.unwrap_or(ALIKE);
                if !(LEAST_ALIKE..=1.0).contains(&alike) {
                    self.error(&path.key("alike"), 0, format!("nearly the same is a share from {LEAST_ALIKE} to 1"));
                }
                Among::Replies { alike, words: raw.words.unwrap_or(REPLY_WORDS) }
            }
            Kind::Promises => {
                let things = raw.things.unwrap_or_default();
                if things.0.is_empty() {
                    self.error(path, 0, "`things` says what is promised; it is empty");
                }
                let things = self.called(&path.key("things"), things);
                Among::Promises { things }
            }
            Kind::Names => {
                let terms = raw.names.unwrap_or_default();
                if terms.is_empty() {
                    self.error(path, 0, "`names` says what has two names; it is empty");
                }
                let mut names = Vec::new();
                for (index, term) in terms.into_iter().enumerate() {
                    let path = path.key("names").item(index);
                    if term.0.len() < 2 {
                        self.error(&path, 0, "one name alone contradicts nothing: give two or more for the same thing");
                    }
                    names.push(self.called(&path, term));
                }
                Among::Names(names)
            }
        };
        Across { of, note: Template::read(&raw.note) }
    }

    /// Keys that mean nothing for what is compared.
    fn strangers(&mut self, path: &Path, raw: &RawAcross) {
        use Kind::{Names, Promises, Replies, Sentences};
        let keys: [(&str, bool, &[Kind]); 7] = [
            ("most", raw.most.is_some(), &[Sentences]),
            ("share", raw.share.is_some(), &[Sentences]),
            ("words", raw.words.is_some(), &[Sentences, Replies]),
            ("no-moves", raw.no_moves.is_some(), &[Sentences]),
            ("alike", raw.alike.is_some(), &[Replies]),
            ("things", raw.things.is_some(), &[Promises]),
            ("names", raw.names.is_some(), &[Names]),
        ];
        for (key, given, of) in keys {
            if given && !of.contains(&raw.of) {
                let kinds: Vec<String> = of.iter().map(|kind| format!("`of: {}`", kind.name())).collect();
                let message = format!("`{key}` belongs to {}, not to `of: {}`", kinds.join(" and "), raw.of.name());
                self.error(&path.with(Step::Key(key.into())), 0, message);
            }
        }
    }

    fn called(&mut self, path: &Path, raw: Pairs<Texts>) -> Vec<Called> {
        let mut called = Vec::new();
        for (name, phrases) in raw.0 {
            let path = path.key(&name);
            let any = match phrases {
                Texts::One(phrase) => self.phrase(&path, &phrase).into_iter().collect(),
                Texts::Many(phrases) => {
                    if phrases.is_empty() {
                        self.error(&path, 0, format!("no phrase says how `{name}` is written"));
                    }
                    self.phrases(&path, &phrases)
                }
            };
            called.push(Called { name, any });
        }
        called
    }
}
