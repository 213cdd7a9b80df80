//! Phrases as programs over the words of a sentence.
//!
//! A phrase becomes a few instructions which a backtracking machine runs from one word on. It
//! visits no pair of instruction and word twice, so that a run costs at most their product.

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
        if let Some(Step::Word(numbers)) = code.steps.first()
            && cells.get(from).is_none_or(|cell| numbers.binary_search(&cell.number()).is_err())
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
