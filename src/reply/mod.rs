//! What a customer reads of a file: the prose of one reply, with the way back to the file.

mod writing;

use std::fmt;
use std::sync::Arc;

use crate::text::{Mapped, Span};

pub use writing::{Writing, Written};

/// One reply: the prose that a customer reads, and what is known about it.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The prose, with its way back to the file's bytes.
    pub prose: Mapped,
    /// Paragraphs, headings, list items and table cells, as spans of the prose, in order.
    pub blocks: Vec<Span>,
    /// Placeholders, code and links: spans of the prose that are one word each.
    pub opaque: Vec<Span>,
    /// What the reply quotes, which is as a rule what the customer wrote: quotes, and the history below
    /// a mail. With its way back to the file's bytes; paragraphs are apart by an empty line.
    pub quoted: Mapped,
    /// The line above what is quoted, which says who wrote it and when; with its way back.
    pub quoted_head: Mapped,
    /// How many quotes deep what is quoted stands, from each offset of it on. Where two in a row are alike,
    /// something that is not quoted stands between.
    pub depths: Vec<(usize, usize)>,
    /// Who says what in it, in the order of the text.
    pub turns: Vec<Turn>,
    /// Who sends the reply, if its file says so.
    pub from: Vec<Person>,
    /// To whom it is sent, if its file says so.
    pub to: Vec<Person>,
    /// Code, in line and in blocks, with its way back to the file's bytes.
    pub code: Mapped,
    /// Prose of which a customer reads one branch.
    pub choices: Vec<Choice>,
    /// How a text has to be written in its file, from the innermost markup outwards: from each offset of
    /// the prose on, up to the next.
    pub places: Vec<(usize, Vec<Writing>)>,
    /// Whether the first block is its subject.
    pub has_subject: bool,
    /// Where in the file it stands, if the file holds more than one.
    pub location: Option<String>,
    /// What is known about it from the file itself.
    pub facts: Facts,
}

/// A stretch of what a reply quotes that one person wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// How many messages back: 1 is the one that the reply answers.
    pub back: usize,
    /// What stands above it, if anything does.
    pub head: Option<Arc<Head>>,
    /// The words, as a span of [`Reply::quoted`].
    pub words: Span,
}

/// What stands above a mail that is quoted: who wrote it, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// All of it.
    pub text: String,
    /// The part that names who wrote.
    pub author: String,
}

/// Somebody whom the head of a mail names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name; empty where none is given.
    pub name: String,
    /// The address; empty where none is given.
    pub address: String,
}

/// A place where a template or a sender chooses between texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// All of it, marks and branches, as a span of the prose.
    pub whole: Span,
    /// The branches, as spans of the prose; an empty one says nothing.
    pub branches: Vec<Span>,
}

/// How many ways to read a reply are looked at.
const MAX_VARIANTS: usize = 8;

/// What some bytes of a file are to the linter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Prose that rules look at.
    Prose,
    /// A placeholder of a helpdesk or a template language: one word whatever its letters.
    Placeholder,
    /// A link or an address: one word as well.
    Link,
    /// Code.
    Code,
    /// What somebody else wrote.
    Quote,
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prose => "prose",
            Self::Placeholder => "placeholder",
            Self::Link => "link",
            Self::Code => "code",
            Self::Quote => "quote",
        })
    }
}

impl Reply {
    /// The reply as customers may read it: each variant takes the first, the second… branch of every
    /// choice. A reply without choices is its only variant.
    #[must_use]
    pub fn variants(self) -> Vec<Reply> {
        let ways = self.choices.iter().map(|choice| choice.branches.len()).max().unwrap_or(1);
        if ways <= 1 {
            return vec![self];
        }
        (0..ways.min(MAX_VARIANTS)).map(|way| self.variant(way)).collect()
    }

    /// A text as it has to be written in place of `span` of the file, which is `prose` of the prose;
    /// `None` where it cannot stand there.
    #[must_use]
    pub fn write(&self, text: &str, source: &str, span: Span, prose: Span) -> Option<Written> {
        let place = self.places.iter().rev().find(|(from, _)| *from <= prose.start)?;
        writing::write(text, &place.1, source, span)
    }

    /// What the customer wrote, as far as the reply quotes it, to be read like a reply. Heads of mails are
    /// left out, and a paragraph ends with each turn.
    #[must_use]
    pub fn asked(&self) -> Reply {
        let mut blocks = Vec::new();
        for turn in &self.turns {
            let mut at = turn.words.start;
            for paragraph in turn.words.of(self.quoted.text()).split("\n\n") {
                if !paragraph.trim().is_empty() {
                    blocks.push(Span::new(at, at + paragraph.len()));
                }
                at += paragraph.len() + 2;
            }
        }
        Reply { prose: self.quoted.clone(), blocks, ..Reply::default() }
    }

    fn variant(&self, way: usize) -> Reply {
        let mut gone: Vec<Span> = Vec::new();
        for choice in &self.choices {
            let Some(branch) = choice.branches.get(way.min(choice.branches.len().saturating_sub(1))) else { continue };
            gone.push(Span::new(choice.whole.start, branch.start.clamp(choice.whole.start, choice.whole.end)));
            gone.push(Span::new(branch.end.clamp(choice.whole.start, choice.whole.end), choice.whole.end));
        }
        gone.retain(|span| !span.is_empty());
        gone.sort_unstable();
        let mut apart: Vec<Span> = Vec::new();
        for span in gone {
            match apart.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => apart.push(span),
            }
        }
        let text = self.prose.text();
        let mut kept = Mapped::default();
        let mut at = 0;
        // For each gap, where it starts and how many bytes are gone before it.
        let mut before = Vec::with_capacity(apart.len());
        let mut total = 0;
        for span in &apart {
            kept.push_verbatim(&text[at..span.start], at);
            at = span.end;
            before.push((*span, total));
            total += span.len();
        }
        kept.push_verbatim(&text[at..], at);
        let shift = |offset: usize| {
            let index = before.partition_point(|(span, _)| span.start < offset);
            let known = index.checked_sub(1).and_then(|index| before.get(index));
            known.map_or(offset, |(span, gone)| offset - gone - (span.end.min(offset) - span.start))
        };
        let moved = |spans: &[Span]| -> Vec<Span> {
            let all = spans.iter().map(|span| Span::new(shift(span.start), shift(span.end)));
            all.filter(|span| !span.is_empty()).collect()
        };
        Reply {
            prose: kept.over(&self.prose),
            blocks: moved(&self.blocks),
            opaque: moved(&self.opaque),
            quoted: self.quoted.clone(),
            quoted_head: self.quoted_head.clone(),
            depths: self.depths.clone(),
            turns: self.turns.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            code: self.code.clone(),
            choices: Vec::new(),
            location: self.location.clone(),
            facts: self.facts.clone(),
            places: self.places.iter().map(|(from, writings)| (shift(*from), writings.clone())).collect(),
            has_subject: self.has_subject,
        }
    }

    /// The bytes of the file that belong to the reply, in order, with what they are. What lies between is
    /// markup, keys and titles.
    #[must_use]
    pub fn segments(&self) -> Vec<(Span, Segment)> {
        let of = |text: &Mapped, kind: Segment| -> Vec<(Span, Segment)> {
            text.pieces().map(|(_, origin)| (origin, kind)).filter(|(origin, _)| !origin.is_empty()).collect()
        };
        let code = of(&self.code, Segment::Code);
        let mut found = of(&self.quoted, Segment::Quote);
        found.extend(&code);
        for (prose, _) in self.prose.pieces() {
            let mut at = prose.start;
            for word in self.opaque.iter().filter(|word| word.overlaps(prose)) {
                found.push((self.prose.origin(Span::new(at, word.start.max(at))), Segment::Prose));
                at = word.end.min(prose.end);
                let origin = self.prose.origin(Span::new(word.start.max(prose.start), at));
                let is_code = code.iter().any(|(span, _)| span.overlaps(origin));
                if !is_code && word.of(self.prose.text()) != STANDS_FOR_MARKUP {
                    found.push((origin, kind_of_word(word.of(self.prose.text()))));
                }
            }
            found.push((self.prose.origin(Span::new(at, prose.end)), Segment::Prose));
        }
        found.retain(|(span, _)| !span.is_empty());
        found.sort_by_key(|(span, _)| *span);
        let mut segments: Vec<(Span, Segment)> = Vec::with_capacity(found.len());
        for (span, kind) in found {
            match segments.last_mut() {
                Some((last, known)) if *known == kind && last.end == span.start => last.end = span.end,
                _ => segments.push((span, kind)),
            }
        }
        segments
    }
}

/// The word that an element of code is to a sentence (U+FFFC, object replacement character).
const STANDS_FOR_MARKUP: &str = "\u{FFFC}";

fn kind_of_word(word: &str) -> Segment {
    let opens = word.starts_with(['{', '[', '<', '%', '#', '$', '(']);
    if !opens && word.contains(['@', ':']) { Segment::Link } else { Segment::Placeholder }
}

/// What a reply is and to whom it goes. What is unknown is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The language, as its packs name it.
    pub language: Option<String>,
    /// How it reaches the customer.
    pub channel: Option<Channel>,
    /// Who reads it.
    pub customer: Option<Customer>,
    /// When the customer's message came, as it is written.
    pub received: Option<Said>,
    /// Until when, or how soon, an answer was promised, as it is written.
    pub promised: Option<Said>,
    /// When the reply was sent, as it is written.
    pub sent: Option<Said>,
    /// What is said under a key of ours and is none of its values.
    pub unknown: Vec<Unknown>,
    /// By how many seconds it is late; `None` where it is not, or nothing says so. Worked out from the
    /// others.
    pub overdue: Option<i64>,
}

/// A fact that says nothing to the linter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The key: `customer` or `channel`.
    pub key: &'static str,
    /// What is said.
    pub said: Said,
}

/// A fact as it is written, to be read where the language is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub text: String,
    /// Where it stands, in bytes of the source.
    pub span: Span,
}

impl Facts {
    /// These facts, with those of `other` where nothing is known here.
    #[must_use]
    pub fn or(self, other: Facts) -> Facts {
        Facts {
            language: self.language.or(other.language),
            channel: self.channel.or(other.channel),
            customer: self.customer.or(other.customer),
            received: self.received.or(other.received),
            promised: self.promised.or(other.promised),
            sent: self.sent.or(other.sent),
            unknown: self.unknown.into_iter().chain(other.unknown).collect(),
            overdue: self.overdue.or(other.overdue),
        }
    }

    /// The same, with the places of what is written mapped to where they came from.
    #[must_use]
    pub fn over(mut self, outer: &Mapped) -> Facts {
        let unknown = self.unknown.iter_mut().map(|unknown| &mut unknown.said);
        let times = [&mut self.received, &mut self.promised, &mut self.sent].into_iter().flatten();
        for said in times.chain(unknown) {
            said.span = outer.origin(said.span);
        }
        self
    }
}

/// A name as ours are written, whatever its case and whether its words are apart by `-`, `_` or a space.
pub(crate) fn canonical(text: &str) -> String {
    let plain = |ch: char| if ch == '_' || ch.is_whitespace() { '-' } else { ch.to_ascii_lowercase() };
    text.trim().chars().map(plain).collect()
}

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in rules, configuration and on the command line.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                let name = $crate::reply::canonical(text);
                Self::ALL.iter().copied().find(|one| one.name() == name).ok_or_else(|| {
                    let names: Vec<_> = Self::ALL.iter().map(|one| one.name()).collect();
                    format!("`{text}` is none of {}", names.join(", "))
                })
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // A visitor's error stands at the value, any later one at the map.
                struct Name;
                impl serde::de::Visitor<'_> for Name {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a name")
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(|_| E::unknown_variant(text, &[$($text),+]))
                    }
                }
                deserializer.deserialize_str(Name)
            }
        }
    };
}

pub(crate) use names;

names! {
    /// How a reply reaches the customer.
    Channel {
        /// A whole letter.
        Email = "email",
        /// One line of a conversation.
        Chat = "chat",
        /// A canned response, to be filled in and signed by the helpdesk.
        Macro = "macro",
    }
}

names! {
    /// The kinds of customer that a reply can be written for (seed 002).
    Customer {
        /// Anyone.
        Regular = "regular",
        /// Does not like to complain and must be drawn out.
        Meek = "meek",
        /// Loud; not to be mirrored.
        Aggressive = "aggressive",
        /// Pays well and wants no excuses.
        Vip = "vip",
        /// Complains often; wants patience, and a solution once more.
        Complainer = "complainer",
        /// Wants what was never due.
        NeverSatisfied = "never-satisfied",
        /// Is about to go.
        Leaving = "leaving",
    }
}
