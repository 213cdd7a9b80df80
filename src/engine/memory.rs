//! What sentences were found to say, kept from one version of a draft to the next.
//!
//! A phrase stands in one sentence, and what is found there depends on its words alone. Somebody who types
//! changes one sentence at a time, so that of all others it is known already.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::Xxh3;

use super::Group;
use super::reading::Reading;
use super::search::Hit;

/// How many sentences and paragraphs a generation holds: enough for a document of some megabytes. A longer one
/// is searched anew.
const GENERATION: usize = 1 << 16;

/// What was found in sentences and paragraphs, those asked for last.
#[derive(Debug, Default)]
pub(super) struct Memory {
    generations: Mutex<Generations>,
}

/// What is not asked for while one generation fills is forgotten with the next.
#[derive(Debug, Default)]
struct Generations {
    young: FxHashMap<u128, Arc<Known>>,
    old: FxHashMap<u128, Arc<Known>>,
}

/// What is known of the sentences and of the paragraphs of a text.
#[derive(Debug)]
pub(super) struct Recalled {
    pub(super) sentences: Vec<Arc<Known>>,
    pub(super) blocks: Vec<Arc<Known>>,
}

/// What is known of one sentence or paragraph: for each group that was looked for, the phrases that were
/// found, each with its place in the sentence or paragraph.
#[derive(Debug, Default)]
pub(super) struct Known {
    groups: Mutex<Groups>,
}

/// Of most groups nothing is found.
#[derive(Debug, Default)]
struct Groups {
    /// A bit for each group that was looked for.
    looked_for: Vec<u64>,
    found: Vec<(Group, Arc<Said>)>,
}

/// Phrases that were found, in order, each with a place.
pub(super) type Said = [(usize, Hit)];

impl Memory {
    /// What is known of the sentences and paragraphs of a text; of too long a one nothing is kept.
    pub(super) fn recall(&self, reading: &Reading<'_>) -> Option<Recalled> {
        let (words, text) = (&reading.words, reading.text());
        let count = words.sentences.len() + reading.folded.blocks.len();
        if count > GENERATION {
            return None;
        }
        let mut generations = lock(&self.generations);
        generations.make_room(count);
        let mut hash = Xxh3::new();
        let sentences = words.sentences.iter().map(|sentence| {
            hash.reset();
            let (tokens, span) = (sentence.first..sentence.end, sentence.span);
            hash.update(span.of(text).as_bytes());
            for (token, cell) in words.tokens[tokens.clone()].iter().zip(&reading.cells[tokens]) {
                let at = token.span().start - span.start;
                hash.update(&cell.bytes());
                hash.update(&at.to_le_bytes());
                hash.update(&token.span().len().to_le_bytes());
                hash.update(&[u8::from(token.begins), u8::from(token.ends)]);
            }
            generations.get(hash.digest128())
        });
        let sentences = sentences.collect();
        let blocks = reading.folded.blocks.iter().map(|block| {
            hash.reset();
            hash.update(b"block");
            hash.update(block.of(text).as_bytes());
            generations.get(hash.digest128())
        });
        Some(Recalled { sentences, blocks: blocks.collect() })
    }
}

impl Generations {
    fn make_room(&mut self, count: usize) {
        if self.young.len() + count > GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
    }

    fn get(&mut self, key: u128) -> Arc<Known> {
        let old = &mut self.old;
        self.young.entry(key).or_insert_with(|| old.remove(&key).unwrap_or_default()).clone()
    }
}

impl Known {
    /// What of a group is found there, if anything is; looked for with `look` where that is not known.
    pub(super) fn says(&self, group: Group, look: impl FnOnce() -> Vec<(usize, Hit)>) -> Option<Arc<Said>> {
        let mut groups = lock(&self.groups);
        let (word, bit) = (group.number() / 64, 1_u64 << (group.number() % 64));
        if groups.looked_for.get(word).is_none_or(|bits| bits & bit == 0) {
            let said = look();
            if groups.looked_for.len() <= word {
                groups.looked_for.resize(word + 1, 0);
            }
            groups.looked_for[word] |= bit;
            if !said.is_empty() {
                groups.found.push((group, said.into()));
            }
        }
        groups.found.iter().find(|(known, _)| *known == group).map(|(_, said)| said.clone())
    }
}

/// What is kept is right at any moment, also where somebody stopped at it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
