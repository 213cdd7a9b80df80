//! What a customer reads of a file: the prose of one reply, with the way back to the file.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::{Mapped, Span};

/// One reply: the prose that a customer reads, and what is known about it.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The prose, with its way back to the file's bytes.
    pub prose: Mapped,
    /// Paragraphs, headings, list items and table cells, as spans of the prose, in order.
    pub blocks: Vec<Span>,
    /// Placeholders, code and links: spans of the prose that are one word each.
    pub opaque: Vec<Span>,
    /// Whether its file gives some signs a meaning of their own (HTML, JSON, YAML, CSV, mail), so that
    /// not every text can be put there as it is.
    pub escaped: bool,
    /// Whether the first block is its subject.
    pub has_subject: bool,
    /// Where in the file it stands, if the file holds more than one.
    pub location: Option<String>,
    /// What is known about it from the file itself.
    pub facts: Facts,
}

/// What some bytes of a file are to the linter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Prose that rules look at.
    Prose,
    /// A placeholder, code or a link: one word whatever its letters.
    Word,
}

impl Reply {
    /// The bytes of the file that are read, in order, with what they are. What lies between is left
    /// out: markup, quotes, code, keys.
    #[must_use]
    pub fn segments(&self) -> Vec<(Span, Segment)> {
        let mut segments: Vec<(Span, Segment)> = Vec::new();
        for (prose, origin) in self.prose.pieces().filter(|(_, origin)| !origin.is_empty()) {
            let mut at = prose.start;
            let words = self.opaque.iter().filter(|word| word.overlaps(prose));
            for word in words {
                push(&mut segments, self.prose.origin(Span::new(at, word.start.max(at))), Segment::Prose);
                at = word.end.min(prose.end);
                push(&mut segments, self.prose.origin(Span::new(word.start.max(prose.start), at)), Segment::Word);
            }
            let rest = if at == prose.start { origin } else { self.prose.origin(Span::new(at, prose.end)) };
            push(&mut segments, rest, Segment::Prose);
        }
        segments
    }
}

fn push(segments: &mut Vec<(Span, Segment)>, span: Span, kind: Segment) {
    match segments.last_mut() {
        _ if span.is_empty() => {}
        Some((last, known)) if *known == kind && last.end == span.start => last.end = span.end,
        _ => segments.push((span, kind)),
    }
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
}

impl Facts {
    /// These facts, with those of `other` where nothing is known here.
    #[must_use]
    pub fn or(self, other: Facts) -> Facts {
        Facts {
            language: self.language.or(other.language),
            channel: self.channel.or(other.channel),
            customer: self.customer.or(other.customer),
        }
    }
}

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|one| one.name() == text).ok_or_else(|| {
                    let names: Vec<_> = Self::ALL.iter().map(|one| one.name()).collect();
                    format!("`{text}` is none of {}", names.join(", "))
                })
            }
        }
    };
}

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
