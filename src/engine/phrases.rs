//! Phrases that are looked for together: one automaton finds where each may begin.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;
use rustc_hash::FxHashMap;

use super::compile::{Compiler, Language};
use super::machine::Code;
use crate::rule::{Phrase, Sequence};

/// Phrases, compiled as far as they were needed.
#[derive(Debug, Default)]
pub(super) struct PhraseSet {
    phrases: Vec<Pattern>,
    pub(super) literals: Option<Literals>,
    /// For each literal of the automaton, the phrases that it points at.
    pub(super) targets: Vec<Vec<usize>>,
    /// For each phrase, the literals that point at it.
    anchors: Vec<Vec<Anchored>>,
}

#[derive(Debug)]
pub(super) enum Pattern {
    /// Words; their program is made when a literal first points at them.
    Words { sequence: Arc<Sequence>, code: OnceLock<Code>, tried: AtomicUsize, quick: OnceLock<Code> },
    /// A regular expression; compiled when it is first looked for.
    Regex { source: String, built: OnceLock<Option<Regex>> },
}

/// A literal that points at a phrase, and how many tokens stand between the phrase's start and the literal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchored {
    pub(super) literal: usize,
    pub(super) least: usize,
    pub(super) most: usize,
}

impl PhraseSet {
    pub(super) fn new<'p>(phrases: impl IntoIterator<Item = &'p Phrase>, compiler: &mut Compiler<'_>) -> Self {
        let mut set = Self::default();
        let mut known: FxHashMap<String, Vec<(usize, usize, usize)>> = FxHashMap::default();
        for (index, phrase) in phrases.into_iter().enumerate() {
            set.phrases.push(match phrase {
                Phrase::Words(sequence) => {
                    for anchor in compiler.anchors(sequence) {
                        known.entry(anchor.literal).or_default().push((index, anchor.least, anchor.most));
                    }
                    let (code, tried, quick) = (OnceLock::new(), AtomicUsize::new(0), OnceLock::new());
                    Pattern::Words { sequence: sequence.clone(), code, tried, quick }
                }
                Phrase::Regex(source) => Pattern::Regex { source: source.clone(), built: OnceLock::new() },
            });
        }
        let mut known: Vec<_> = known.into_iter().collect();
        known.sort_by(|one, other| one.0.cmp(&other.0));
        set.anchors = vec![Vec::new(); set.phrases.len()];
        let mut literals = Vec::with_capacity(known.len());
        for (literal, (text, targets)) in known.into_iter().enumerate() {
            for (phrase, least, most) in &targets {
                set.anchors[*phrase].push(Anchored { literal, least: *least, most: *most });
            }
            let mut phrases: Vec<usize> = targets.into_iter().map(|(phrase, ..)| phrase).collect();
            phrases.dedup();
            set.targets.push(phrases);
            literals.push(text);
        }
        set.literals = Literals::new(literals);
        set
    }

    /// How many phrases there are.
    pub(super) fn len(&self) -> usize {
        self.phrases.len()
    }

    /// The literals that point at a phrase.
    pub(super) fn anchors(&self, phrase: usize) -> &[Anchored] {
        &self.anchors[phrase]
    }

    /// The regular expressions, each with its index.
    pub(super) fn regexes(&self) -> impl Iterator<Item = (usize, &Regex)> {
        self.phrases.iter().enumerate().filter_map(|(index, pattern)| Some((index, pattern.regex()?)))
    }

    /// The pattern at an index.
    pub(super) fn pattern(&self, index: usize) -> &Pattern {
        &self.phrases[index]
    }
}

/// After how many attempts a phrase's program is made anew.
const OFTEN: usize = 256;
/// From the how-manieth text on a set is worth an automaton that takes longer to build.
const WORTH_IT: usize = 64;

/// An automaton over the literals of phrases.
#[derive(Debug)]
pub(super) struct Literals {
    written: Vec<String>,
    first: AhoCorasick,
    texts: AtomicUsize,
    later: OnceLock<Option<AhoCorasick>>,
}

impl Literals {
    fn new(written: Vec<String>) -> Option<Self> {
        if written.is_empty() {
            return None;
        }
        // The noncontiguous automaton is the quickest to build, which is most of a short run.
        let first = automaton(&written, AhoCorasickKind::NoncontiguousNFA)?;
        Some(Self { written, first, texts: AtomicUsize::new(0), later: OnceLock::new() })
    }

    /// The automaton for the next text: in a long run, or in an editor, one that is quicker to go through.
    pub(super) fn automaton(&self) -> &AhoCorasick {
        if self.texts.fetch_add(1, Ordering::Relaxed) < WORTH_IT {
            return &self.first;
        }
        let later = self.later.get_or_init(|| automaton(&self.written, AhoCorasickKind::ContiguousNFA));
        later.as_ref().unwrap_or(&self.first)
    }
}

fn automaton(literals: &[String], kind: AhoCorasickKind) -> Option<AhoCorasick> {
    AhoCorasick::builder().match_kind(MatchKind::Standard).kind(Some(kind)).build(literals).ok()
}

impl Pattern {
    /// The program of words; `None` of a regular expression.
    pub(super) fn code(&self, language: &Language) -> Option<&Code> {
        match self {
            Self::Words { sequence, code, .. } => Some(code.get_or_init(|| Compiler::new(language).code(sequence))),
            Self::Regex { .. } => None,
        }
    }

    /// The program for so many attempts: of a phrase that is tried again and again, one that takes longer
    /// to make and less to run.
    pub(super) fn code_for(&self, attempts: usize, language: &Language) -> Option<&Code> {
        match self {
            Self::Words { sequence, tried, quick, .. } if tried.fetch_add(attempts, Ordering::Relaxed) >= OFTEN => {
                Some(quick.get_or_init(|| Compiler::quick_code(language, sequence)))
            }
            _ => self.code(language),
        }
    }

    pub(super) fn regex(&self) -> Option<&Regex> {
        match self {
            Self::Regex { source, built } => built.get_or_init(|| crate::rule::build_regex(source).ok()).as_ref(),
            Self::Words { .. } => None,
        }
    }
}
