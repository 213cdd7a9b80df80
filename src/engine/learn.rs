//! What a reply says that is to be compared with other replies: no texts, but what tells them apart.

use xxhash_rust::xxh3::Xxh3;

use super::judge::Judge;
use super::search::Hit;
use super::{Group, Plan, RuleIndex};
use crate::rule::{Among, Amount, Called, Times};
use crate::text::{Kind, Span};

/// How many words stand together in what is compared of two replies.
const TOGETHER: usize = 3;
/// The capture that holds a promised time.
const TIME: &str = "time";
/// How many word sequences of a reply are kept at most: those whose hashes are least.
pub(crate) const SKETCH: usize = 256;

/// Something that is to be compared over the replies of a run.
#[derive(Clone, Debug)]
pub struct Noted {
    /// The rule that asks.
    pub rule: RuleIndex,
    /// Where, in bytes of the source.
    pub span: Span,
    /// Where, in bytes of the prose.
    pub prose: Span,
    /// What is compared.
    pub what: What,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The hash of a sentence's folded words.
    Sentence(u64),
    /// Hashes of a reply's word sequences, in order and each once; of a long reply the least.
    Reply(Box<[u32]>),
    /// A time promised for something.
    Promise(Box<Promise>),
    /// A name for something: which of the rule's terms, and which of its names.
    Name(u16, u16),
}

/// A time promised for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Which of the rule's things.
    pub thing: u16,
    /// The time.
    pub amount: Amount,
    /// The time as it is written.
    pub written: String,
}

impl Judge<'_> {
    /// Notes what a rule compares.
    pub(super) fn learn(&mut self, index: usize, plan: &Plan, noted: &mut Vec<Noted>) {
        let (program, reading) = (self.search.program, self.reading());
        let Some(across) = &program.rules[plan.rule].across else { return };
        let mut found: Vec<(Span, What)> = match &across.of {
            Among::Sentences { words, no_moves, .. } => {
                let mut sentences = Vec::new();
                for sentence in self.parts.body() {
                    if self.words_of(sentence) < *words {
                        continue;
                    }
                    if !no_moves.is_empty() && self.made().of[sentence].iter().any(|one| no_moves.contains(one)) {
                        continue;
                    }
                    let hit = Hit::sentence(reading, sentence);
                    if self.counts(index, &program.rules[plan.rule], plan, &hit) {
                        sentences.push((hit.folded, What::Sentence(self.hash_of(sentence))));
                    }
                }
                sentences
            }
            Among::Replies { words, .. } => self.sketch(*words).into_iter().collect(),
            Among::Promises { things, times } => self.promises(index, plan, things.len(), times),
            Among::Names(terms) => self.names(index, plan, terms),
        };
        found.sort_by_key(|(folded, _)| *folded);
        noted.extend(found.into_iter().map(|(folded, what)| {
            let prose = reading.folded.mapped.origin(folded);
            Noted { rule: plan.rule, span: reading.reply.prose.origin(prose), prose, what }
        }));
    }

    /// The words of a sentence, without placeholders.
    fn words_of(&self, sentence: usize) -> usize {
        let sentence = &self.reading().words.sentences[sentence];
        let tokens = &self.reading().words.tokens[sentence.first..sentence.end];
        tokens.iter().filter(|token| token.begins && token.kind == Kind::Word).count()
    }

    /// The tokens of a sentence that are no signs, a placeholder like any other.
    fn tokens_of(&self, sentence: usize) -> impl Iterator<Item = &str> {
        let reading = self.reading();
        let sentence = &reading.words.sentences[sentence];
        let tokens = (sentence.first..sentence.end).filter(|at| reading.words.tokens[*at].kind != Kind::Punctuation);
        tokens.map(|at| reading.words.text(at, reading.text()))
    }

    fn hash_of(&self, sentence: usize) -> u64 {
        let mut hash = Xxh3::new();
        for word in self.tokens_of(sentence) {
            hash.update(word.as_bytes());
            hash.update(b" ");
        }
        hash.digest()
    }

    /// What is compared of a whole reply, shown at its first sentence.
    fn sketch(&self, least: usize) -> Option<(Span, What)> {
        let body = self.parts.body();
        let first = *body.first()?;
        let words: Vec<&str> = body.iter().flat_map(|sentence| self.tokens_of(*sentence)).collect();
        if words.len() < least.max(TOGETHER) {
            return None;
        }
        let mut sketch: Vec<u32> = Vec::with_capacity(words.len());
        for together in words.windows(TOGETHER) {
            let mut hash = Xxh3::new();
            for word in together {
                hash.update(word.as_bytes());
                hash.update(b" ");
            }
            // The upper half is as good a hash as the whole.
            sketch.push(u32::try_from(hash.digest() >> 32).unwrap_or_default());
        }
        sketch.sort_unstable();
        sketch.dedup();
        sketch.truncate(SKETCH);
        Some((self.reading().words.sentences[first].span, What::Reply(sketch.into_boxed_slice())))
    }

    fn promises(&mut self, index: usize, plan: &Plan, things: usize, times: &Times) -> Vec<(Span, What)> {
        let program = self.search.program;
        // For each thing, the sentences that speak of it.
        let mut spoken: Vec<Vec<usize>> = Vec::with_capacity(things);
        for phrases in &plan.across {
            let mut sentences = Vec::new();
            for phrase in phrases.clone() {
                sentences.extend(self.search.hits(Group::Clauses(index), phrase).iter().map(|hit| hit.sentence));
            }
            sentences.sort_unstable();
            spoken.push(sentences);
        }
        let mut promises: Vec<(Span, What)> = Vec::new();
        for phrase in plan.find.clone() {
            for hit in self.search.hits(Group::Found, phrase).to_vec() {
                if !self.counts(index, &program.rules[plan.rule], plan, &hit) {
                    continue;
                }
                let written = self.captured(phrase, &hit, TIME).unwrap_or(hit.folded);
                let Some(amount) = times.read(written.of(self.reading().text())) else { continue };
                let mut about = (0..spoken.len()).filter(|thing| spoken[*thing].binary_search(&hit.sentence).is_ok());
                // Of two things that a sentence speaks of, the time may belong to either.
                let (Some(thing), None) = (about.next(), about.next()) else { continue };
                let prose = self.reading().folded.mapped.origin(written).of(self.reading().reply.prose.text());
                let written = prose.split_whitespace().collect::<Vec<_>>().join(" ");
                let promise = Promise { thing: small(thing), amount, written };
                promises.push((hit.folded, What::Promise(Box::new(promise))));
            }
        }
        promises
    }

    /// The first use of each name.
    fn names(&mut self, index: usize, plan: &Plan, terms: &[Vec<Called>]) -> Vec<(Span, What)> {
        let program = self.search.program;
        let mut firsts = Vec::new();
        let mut group = 0;
        for (term, names) in terms.iter().enumerate() {
            let mut uses: Vec<(Span, usize)> = Vec::new();
            for name in 0..names.len() {
                for phrase in plan.across.get(group + name).cloned().into_iter().flatten() {
                    for hit in self.search.hits(Group::Clauses(index), phrase).to_vec() {
                        if self.counts(index, &program.rules[plan.rule], plan, &hit) {
                            uses.push((hit.folded, name));
                        }
                    }
                }
            }
            group += names.len();
            // `gift card code` is no use of `gift card`.
            uses.sort_unstable_by_key(|(span, name)| (span.start, usize::MAX - span.end, *name));
            let mut longest = Span::new(0, 0);
            uses.retain(|(span, _)| {
                let inside = longest.contains(*span) && longest.len() > span.len();
                if span.end > longest.end {
                    longest = *span;
                }
                !inside
            });
            for name in 0..names.len() {
                if let Some((folded, _)) = uses.iter().find(|(_, of)| *of == name) {
                    firsts.push((*folded, What::Name(small(term), small(name))));
                }
            }
        }
        firsts
    }

    /// What a capture of a phrase holds, in the folded text.
    fn captured(&self, phrase: usize, hit: &Hit, name: &str) -> Option<Span> {
        let code = self.search.program.found.pattern(phrase).code(&self.search.program.language)?;
        let index = code.captures.iter().position(|one| one == name)?;
        let (first, end) = super::rewrite::slots(&hit.tokens.as_ref()?.1, index)?;
        Some(self.reading().span_of(first, end))
    }
}

/// No pack has that many entries.
fn small(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}
