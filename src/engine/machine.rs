//! Phrases as programs over the words of a sentence.
//!
//! A phrase becomes a few instructions which a backtracking machine runs from one word on. It
//! visits no pair of instruction and word twice, so that a run costs at most their product.

use std::collections::{BTreeMap, HashSet};

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use crate::text::Kind;

/// How many words a gap spans at most.
pub(super) const GAP_WORDS: usize = 6;
/// How many signs may stand at the end of a gap.
pub(super) const GAP_SIGNS: usize = 3;

/// How many signs may stand before a sentence's first word, or after its last.
const EDGE_SIGNS: usize = 12;

/// One step of a program.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A word whose number is one of these (in order).
    Word(Box<[u64]>),
    /// Any word.
    AnyWord,
    /// Any word, and the signs before it.
    GapWord,
    /// Any sign.
    AnySign,
    /// Go on at the first; if that fails, at the second.
    Split(usize, usize),
    /// Go on at one of several, after the next word.
    Switch(Switch),
    /// Go on there.
    Jump(usize),
    /// Keep the place in a slot.
    Save(usize),
    /// Only at the sentence's start.
    Start,
    /// Only at the sentence's end.
    End,
    /// Found.
    Done,
}

/// A phrase, ready to run.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    pub(super) steps: Vec<Step>,
    /// How many tokens it spans at most.
    pub(super) most: usize,
    /// The names of its captures; each has two slots.
    pub(super) captures: Vec<String>,
    /// The numbers of the words of which one comes first (in order), where it cannot be just any and that
    /// was looked for.
    pub(super) first: Option<Box<[u64]>>,
}

/// Where to go on, by the word that comes next: to each of these in turn.
#[derive(Clone, Debug, Default)]
pub(super) struct Switch {
    /// Numbers of words, in order, each with the index of its list.
    numbers: Box<[(u64, usize)]>,
    lists: Box<[Box<[usize]>]>,
    /// Where to go on before any other word, and where there is none.
    other: Box<[usize]>,
}

impl Switch {
    fn of(&self, cell: Option<&Cell>) -> &[usize] {
        let known = cell.and_then(|cell| self.numbers.binary_search_by_key(&cell.number(), |(number, _)| *number).ok());
        known
            .and_then(|index| self.numbers.get(index))
            .and_then(|(_, list)| self.lists.get(*list))
            .unwrap_or(&self.other)
    }
}

impl Code {
    /// Notes with which words the program can begin.
    pub(super) fn note_first(&mut self) {
        self.first = self.first_of(0).map(Into::into);
    }

    /// The switch to programs that begin at these steps; a match takes the first of them that it can.
    pub(super) fn switch(&self, starts: &[usize]) -> Switch {
        let mut by_number: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        let firsts: Vec<Option<Vec<u64>>> = starts.iter().map(|start| self.first_of(*start)).collect();
        for number in firsts.iter().flatten().flatten() {
            by_number.entry(*number).or_default();
        }
        let mut other = Vec::new();
        for (start, first) in starts.iter().zip(&firsts) {
            match first {
                Some(numbers) => {
                    for number in numbers {
                        by_number.entry(*number).or_default().push(*start);
                    }
                }
                None => {
                    other.push(*start);
                    by_number.values_mut().for_each(|list| list.push(*start));
                }
            }
        }
        let mut lists: Vec<Box<[usize]>> = Vec::new();
        let mut known: FxHashMap<Vec<usize>, usize> = FxHashMap::default();
        let numbers = by_number.into_iter().map(|(number, list)| {
            let index = *known.entry(list).or_insert_with_key(|list| {
                lists.push(list.as_slice().into());
                lists.len() - 1
            });
            (number, index)
        });
        let numbers = numbers.collect();
        Switch { numbers, lists: lists.into(), other: other.into() }
    }

    /// The numbers of the words of which one comes first from a step on, in order; `None` where it may be
    /// any, or none at all.
    fn first_of(&self, start: usize) -> Option<Vec<u64>> {
        let mut numbers: Vec<u64> = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            match self.steps.get(at)? {
                Step::Word(words) => numbers.extend(words.iter()),
                Step::Split(one, other) => open.extend([*one, *other]),
                Step::Switch(switch) => {
                    open.extend(switch.lists.iter().flatten());
                    open.extend(&switch.other);
                }
                Step::Jump(to) => open.push(*to),
                Step::Save(_) | Step::Start | Step::End => open.push(at + 1),
                Step::AnyWord | Step::GapWord | Step::AnySign | Step::Done => return None,
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }
}

/// The bits of a cell that say its kind.
const KIND: u64 = 3;

/// The number by which a word is known. Two words share one with a chance of 1 in 2⁶².
pub(super) fn number(word: &str) -> u64 {
    xxh3_64(word.as_bytes()) & !KIND
}

/// A token as the machine sees it: its word's number, and its kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell(u64);

impl Cell {
    pub(super) fn new(word: &str, kind: Kind) -> Self {
        let kind = match kind {
            Kind::Word => 0,
            Kind::Punctuation => 1,
            Kind::Opaque => 2,
        };
        Self(number(word) | kind)
    }

    /// The cell as bytes, for a hash.
    pub(super) fn bytes(self) -> [u8; 8] {
        self.0.to_le_bytes()
    }

    fn number(self) -> u64 {
        self.0 & !KIND
    }

    fn kind(self) -> Kind {
        match self.0 & KIND {
            0 => Kind::Word,
            1 => Kind::Punctuation,
            _ => Kind::Opaque,
        }
    }
}

/// Where a phrase was found: token indexes, and two for each capture.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) end: usize,
    pub(super) slots: Vec<Option<usize>>,
}

impl Found {
    /// The same with other token indexes.
    pub(super) fn map(self, to: impl Fn(usize) -> usize) -> Self {
        Self { end: to(self.end), slots: self.slots.into_iter().map(|slot| slot.map(&to)).collect() }
    }
}

/// The machine; kept between runs for its memory.
#[derive(Debug, Default)]
pub(super) struct Machine {
    visited: Vec<u64>,
    jobs: Vec<Job>,
}

#[derive(Debug)]
enum Job {
    Run(usize, usize),
    Restore(usize, Option<usize>),
}

impl Machine {
    /// Runs a program from the token at `from` of a sentence (`first` to `end`).
    /// `may_end` says whether a match may stop before the token at an index.
    pub(super) fn run(
        &mut self,
        code: &Code,
        cells: &[Cell],
        (first, end): (usize, usize),
        from: usize,
        may_end: impl Fn(usize) -> bool,
    ) -> Option<Found> {
        // Most attempts fail at their first word.
        let begins = match (&code.first, code.steps.first()) {
            (Some(first), _) | (None, Some(Step::Word(first))) => Some(first),
            _ => None,
        };
        if let Some(begins) = begins
            && cells.get(from).is_none_or(|cell| begins.binary_search(&cell.number()).is_err())
        {
            return None;
        }
        // The rest of a long sentence is out of its reach.
        let reach = end.min(from + code.most);
        let width = reach - from + 1;
        self.visited.clear();
        self.visited.resize((code.steps.len() * width).div_ceil(64), 0);
        self.jobs.clear();
        self.jobs.push(Job::Run(0, from));
        let mut slots = vec![None; code.captures.len() * 2];
        while let Some(job) = self.jobs.pop() {
            let (mut step, mut at) = match job {
                Job::Run(step, at) => (step, at),
                Job::Restore(slot, value) => {
                    slots[slot] = value;
                    continue;
                }
            };
            loop {
                let key = step * width + (at - from);
                let bit = 1_u64 << (key % 64);
                if self.visited[key / 64] & bit != 0 {
                    break;
                }
                self.visited[key / 64] |= bit;
                let cell = if at < reach { cells.get(at) } else { None };
                let kind = cell.map(|cell| cell.kind());
                match &code.steps[step] {
                    Step::Word(numbers) => {
                        if cell.is_none_or(|cell| numbers.binary_search(&cell.number()).is_err()) {
                            break;
                        }
                        at += 1;
                    }
                    Step::AnyWord => {
                        if !matches!(kind, Some(Kind::Word | Kind::Opaque)) {
                            break;
                        }
                        at += 1;
                    }
                    Step::GapWord => {
                        let signs = cells[at..reach].iter().take_while(|cell| cell.kind() == Kind::Punctuation).count();
                        if at + signs >= reach {
                            break;
                        }
                        at += signs + 1;
                    }
                    Step::AnySign => {
                        if kind != Some(Kind::Punctuation) {
                            break;
                        }
                        at += 1;
                    }
                    Step::Split(one, other) => {
                        self.jobs.push(Job::Run(*other, at));
                        step = *one;
                        continue;
                    }
                    Step::Switch(switch) => {
                        let Some((first, rest)) = switch.of(cell).split_first() else { break };
                        self.jobs.extend(rest.iter().rev().map(|to| Job::Run(*to, at)));
                        step = *first;
                        continue;
                    }
                    Step::Jump(to) => {
                        step = *to;
                        continue;
                    }
                    Step::Save(slot) => {
                        self.jobs.push(Job::Restore(*slot, slots[*slot]));
                        slots[*slot] = Some(at);
                    }
                    Step::Start => {
                        if at - first > EDGE_SIGNS
                            || !cells[first..at].iter().all(|cell| cell.kind() == Kind::Punctuation)
                        {
                            break;
                        }
                    }
                    Step::End => {
                        if end - at > EDGE_SIGNS || !cells[at..end].iter().all(|cell| cell.kind() == Kind::Punctuation)
                        {
                            break;
                        }
                    }
                    Step::Done => {
                        if at == from || !may_end(at) {
                            break;
                        }
                        return Some(Found { end: at, slots });
                    }
                }
                step += 1;
            }
        }
        None
    }
}
