//! The engine: which rules match a reply, where, and what could stand there instead.
//!
//! All phrases of a language's rules share one automaton. It finds each phrase's rarest literal in
//! one pass over the folded reply; only there is the phrase itself tried, and only where it matches
//! are its clauses looked at. So the cost grows with the text and what is found in it, not with the
//! number of rules.

mod compile;
mod judge;
mod learn;
mod machine;
mod measure;
mod memory;
mod moves;
mod parts;
mod phrases;
mod reading;
mod rewrite;
mod search;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use self::compile::{Compiler, Language};
use self::judge::Judge;
pub(crate) use self::learn::SKETCH;
pub use self::learn::{Noted, Promise, What};
use self::machine::Found;
use self::memory::Memory;
use self::phrases::{Pattern, PhraseSet};
use self::reading::Reading;
use self::search::Search;
use crate::reply::Reply;
use crate::rule::{Applicability, Clause, Grammar, Move, Moves, Phrase, Rule, Severity, When, Window};
use crate::text::Span;
use crate::time::Times;

/// The most matches of one reply that are looked for.
pub const MAX_MATCHES: usize = 10_000;

/// Index of a rule in the list that a [`Program`] was compiled from.
pub type RuleIndex = usize;

/// What was found.
#[derive(Clone, Debug)]
pub struct Match {
    /// The rule.
    pub rule: RuleIndex,
    /// Where, in bytes of the source.
    pub span: Span,
    /// Where, in bytes of the prose.
    pub prose: Span,
    /// The places of the message and of the rewrites: `match` where one names it, captures, `rewrite`.
    pub values: Vec<(String, String)>,
    /// What to write instead.
    pub rewrites: Vec<Replacement>,
    /// The folded words before, in and after the match, for its fingerprint.
    pub context: String,
    /// Other places that belong to it, and what is to be said of each.
    pub related: Vec<(Span, String)>,
}

/// A sentence of a reply, and what it does there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Where, in bytes of the source.
    pub span: Span,
    /// Where, in bytes of the prose.
    pub prose: Span,
    /// The moves that it makes.
    pub moves: Vec<Move>,
}

/// A text that could stand where a match is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The text, gaps and all.
    pub text: String,
    /// How far it can be trusted there.
    pub applicability: Applicability,
    /// The edits of the source that put it in place.
    pub edits: Vec<Edit>,
}

/// A change of the source.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Edit {
    /// The bytes that go.
    #[serde(flatten)]
    pub span: Span,
    /// What comes in their place, as the file's format asks for it to be written.
    pub text: String,
    /// What a customer then reads there.
    #[serde(skip)]
    pub reads: String,
}

/// The rules of one language, compiled.
///
/// What a rule finds is looked for in every reply, with one automaton. Its clauses, and the signs of moves,
/// are compiled when a reply first asks for them: a clean draft pays for none.
#[derive(Debug)]
pub struct Program {
    rules: Arc<[Rule]>,
    language: Language,
    plans: Vec<Plan>,
    /// What rules find, and what greets and signs.
    found: PhraseSet,
    greeting: Range<usize>,
    sign_off: Range<usize>,
    moves: Moves,
    /// How the language says times.
    times: Option<Arc<Times>>,
    /// Each sign's phrases, each one's excuses, then the signs of a complaint and of an answer to one.
    signs: OnceLock<PhraseSet>,
    /// What sentences were found to say, if that is kept.
    memory: Option<Memory>,
}

/// Which phrases of a [`Program`] are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Group {
    /// What rules find.
    Found,
    /// The signs of moves.
    Signs,
    /// The clauses of a plan.
    Clauses(usize),
}

impl Group {
    /// Its place among all groups.
    fn number(self) -> usize {
        match self {
            Self::Found => 0,
            Self::Signs => 1,
            Self::Clauses(plan) => 2 + plan,
        }
    }
}

/// The phrases of one rule, as indexes: of what it finds into [`Program::found`], of its clauses into its
/// own.
#[derive(Debug, Default)]
struct Plan {
    rule: RuleIndex,
    find: Range<usize>,
    replace: Range<usize>,
    clauses: OnceLock<PhraseSet>,
    unless: Vec<(Window, Range<usize>)>,
    only_if: Vec<(Window, Range<usize>)>,
    /// What `require` asks for.
    required: Range<usize>,
    any: Range<usize>,
    none: Range<usize>,
    customer: Range<usize>,
    /// What `across` looks for, group by group.
    across: Vec<Range<usize>>,
}

impl Plan {
    /// Lays out a rule's clauses, one after the other, as [`clauses_of`] gives them.
    fn new(index: RuleIndex, rule: &Rule, find: Range<usize>, replace: Range<usize>) -> Self {
        let mut at = 0;
        let mut next = |phrases: &[Phrase]| {
            let range = at..at + phrases.len();
            at = range.end;
            range
        };
        let mut all =
            |clauses: &[Clause]| clauses.iter().map(|clause| (clause.within, next(&clause.any))).collect::<Vec<_>>();
        let (unless, only_if) = (all(&rule.unless), all(&rule.only_if));
        let required = next(rule.require.as_ref().map(|require| require.any.as_slice()).unwrap_or_default());
        let when = |of: fn(&When) -> &[Phrase]| rule.when().map(of).unwrap_or_default();
        let any = next(when(|when| &when.any));
        let none = next(when(|when| &when.none));
        let customer = next(when(|when| &when.customer));
        let across = rule.across.iter().flat_map(|across| across.phrases()).map(|called| next(&called.any)).collect();
        let clauses = OnceLock::new();
        Self { rule: index, find, replace, clauses, unless, only_if, required, any, none, customer, across }
    }
}

/// All phrases of a rule's clauses and conditions, in the order of [`Plan`].
fn clauses_of(rule: &Rule) -> impl Iterator<Item = &Phrase> {
    let clauses = rule.unless.iter().chain(&rule.only_if).flat_map(|clause| &clause.any);
    let required = rule.require.iter().flat_map(|require| &require.any);
    let when = rule.when().into_iter().flat_map(|when| when.any.iter().chain(&when.none).chain(&when.customer));
    let across = rule.across.iter().flat_map(|across| across.phrases()).flat_map(|called| &called.any);
    clauses.chain(required).chain(when).chain(across)
}

/// A match before its texts are made.
struct Raw {
    plan: usize,
    /// Which of the rule's `replace` entries, if it is one.
    plain: Option<usize>,
    folded: Span,
    phrase: Option<usize>,
    found: Option<(usize, Found)>,
    /// The number that is over its limit.
    measured: Option<f64>,
    /// Other places that belong to it, in bytes of the source.
    related: Vec<(Span, String)>,
}

impl Raw {
    /// What is no phrase's match.
    fn whole(plan: usize, folded: Span) -> Self {
        Self { plan, plain: None, folded, phrase: None, found: None, measured: None, related: Vec::new() }
    }
}

impl Program {
    /// Compiles those of `rules` for which `wanted` holds.
    ///
    /// # Panics
    ///
    /// Never: what cannot be compiled was refused when its pack was read.
    #[must_use]
    pub fn compile(
        rules: Arc<[Rule]>,
        grammar: Grammar,
        moves: Moves,
        times: Option<Arc<Times>>,
        wanted: impl Fn(&Rule) -> bool,
    ) -> Self {
        let language = Language::new(grammar);
        let mut phrases: Vec<&Phrase> = Vec::new();
        let mut plans = Vec::new();
        for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| wanted(rule)) {
            let start = phrases.len();
            phrases.extend(&rule.find);
            let middle = phrases.len();
            phrases.extend(rule.replace.iter().map(|plain| &plain.phrase));
            plans.push(Plan::new(index, rule, start..middle, middle..phrases.len()));
        }
        // What cannot be read finds nothing.
        let read = |written: &[String]| -> Vec<Phrase> {
            written.iter().filter_map(|written| crate::rule::read_phrase(written)).collect()
        };
        let (greeting, sign_off) = (read(&language.grammar.greeting), read(&language.grammar.sign_off));
        let start = phrases.len();
        let middle = start + greeting.len();
        let end = middle + sign_off.len();
        let all = phrases.into_iter().chain(&greeting).chain(&sign_off);
        let found = PhraseSet::new(all, &mut Compiler::new(&language));
        let (greeting, sign_off) = (start..middle, middle..end);
        Self { rules, language, plans, found, greeting, sign_off, moves, times, signs: OnceLock::new(), memory: None }
    }

    /// The same, which keeps what it finds in each sentence: for somebody who asks again and again of texts
    /// that have most sentences in common, as an editor does.
    #[must_use]
    pub fn remembering(self) -> Self {
        Self { memory: Some(Memory::default()), ..self }
    }

    fn set(&self, group: Group) -> &PhraseSet {
        let compiled = |phrases: Vec<&Phrase>| PhraseSet::new(phrases, &mut Compiler::new(&self.language));
        match group {
            Group::Found => &self.found,
            Group::Signs => self.signs.get_or_init(|| {
                let signs = self.moves.signs.iter();
                let signs = signs.flat_map(|sign| sign.any.iter().chain(&sign.unless));
                compiled(signs.chain(&self.moves.complaint).chain(&self.moves.answer).collect())
            }),
            Group::Clauses(plan) => {
                let plan = &self.plans[plan];
                plan.clauses.get_or_init(|| compiled(clauses_of(&self.rules[plan.rule]).collect()))
            }
        }
    }

    /// The pattern of a phrase of a group.
    fn pattern(&self, (group, phrase): (Group, usize)) -> &Pattern {
        self.set(group).pattern(phrase)
    }

    /// The indexes of the signs of a complaint, and of an answer to one, in [`Group::Signs`].
    fn complaint(&self) -> (Range<usize>, Range<usize>) {
        let start = self.moves.signs.iter().map(|sign| sign.any.len() + sign.unless.len()).sum();
        let middle = start + self.moves.complaint.len();
        (start..middle, middle..middle + self.moves.answer.len())
    }

    /// The rules that the indexes of matches point into.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Everything that matches a reply of `source`, in the order in which it stands there. `severity`
    /// says how grave a rule is there; a rule for which it says nothing is not looked at.
    #[must_use]
    pub fn scan(&self, reply: &Reply, source: &str, severity: impl Fn(&Rule) -> Option<Severity>) -> Vec<Match> {
        self.read(reply, source, severity).0
    }

    /// As [`Program::scan`]; and what the reply says that is to be compared with other replies, by rule
    /// and then in the order in which it stands there.
    #[must_use]
    pub fn read(
        &self,
        reply: &Reply,
        source: &str,
        severity: impl Fn(&Rule) -> Option<Severity>,
    ) -> (Vec<Match>, Vec<Noted>) {
        let severities: Vec<Option<Severity>> =
            self.plans.iter().map(|plan| severity(&self.rules[plan.rule])).collect();
        self.judge(reply, source, |judge| {
            let mut raws = Vec::new();
            let mut noted = Vec::new();
            for (index, plan) in self.plans.iter().enumerate().filter(|(index, _)| severities[*index].is_some()) {
                let rule = &self.rules[plan.rule];
                if rule.across.is_some() {
                    judge.learn(index, plan, &mut noted);
                } else if let Some(when) = rule.when() {
                    // What is cheap to know comes first: most drafts are short.
                    let words = judge.reading().word_count;
                    if words < when.words.max(1) || when.at_most.is_some_and(|most| words > most) {
                        continue;
                    }
                    raws.extend(judge.whole(index, when, plan));
                } else {
                    judge.matches_of(index, plan, &mut raws);
                }
                judge.search.forget(index);
                if raws.len() > MAX_MATCHES {
                    break;
                }
            }
            let mut raws = self.resolve(raws, &severities);
            raws.truncate(MAX_MATCHES);
            (raws.into_iter().map(|raw| self.finish(judge.reading(), &raw)).collect(), noted)
        })
    }

    /// The sentences of a reply of `source` with the moves that each makes, and whether it answers a
    /// complaint.
    #[must_use]
    pub fn outline(&self, reply: &Reply, source: &str) -> (Vec<Told>, bool) {
        self.judge(reply, source, |judge| {
            let complaint = judge.answers_complaint();
            let reading = judge.reading();
            let told = reading.words.sentences.iter().zip(&judge.made().of).map(|(sentence, moves)| {
                let prose = reading.folded.mapped.origin(sentence.span);
                Told { span: reply.prose.origin(prose), prose, moves: moves.clone() }
            });
            (told.collect(), complaint)
        })
    }

    /// Reads a reply and what it quotes, and lets `look` judge it.
    fn judge<T>(&self, reply: &Reply, source: &str, look: impl FnOnce(&mut Judge<'_>) -> T) -> T {
        let asked = (!reply.quoted.is_empty()).then(|| reply.asked());
        let asked = asked.as_ref().map(|asked| Reading::new(&self.language.contractions, asked, source));
        let asked = asked.as_ref().map(|reading| Box::new(Search::new(self, reading, None)));
        let reading = Reading::new(&self.language.contractions, reply, source);
        let search = Search::new(self, &reading, asked);
        look(&mut Judge::new(search, self.greeting.clone(), self.sign_off.clone()))
    }

    /// One fault, one match: of matches that overlap, the gravest speaks; of equally grave ones the
    /// longest, which says most about the place; of equally long ones the first. What a whole reply
    /// lacks, or has too much of, is no fault of the words that it is shown at, and a team's own rules
    /// always speak.
    fn resolve(&self, mut raws: Vec<Raw>, severities: &[Option<Severity>]) -> Vec<Raw> {
        let rule = |raw: &Raw| &self.rules[self.plans[raw.plan].rule];
        let key = |raw: &Raw| (raw.folded.start, raw.folded.end);
        raws.sort_by(|one, other| {
            let rank = |raw: &Raw| (std::cmp::Reverse(severities[raw.plan]), usize::MAX - raw.folded.len(), key(raw));
            rank(one).cmp(&rank(other)).then_with(|| rule(one).code.cmp(&rule(other).code))
        });
        // Spans of those that speak, by start; apart, and so by end as well.
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        let mut taken_by: HashMap<usize, BTreeMap<usize, usize>> = HashMap::new();
        let mut kept: Vec<Raw> = Vec::with_capacity(raws.len());
        for raw in raws {
            let of_reply = rule(&raw).when().is_some() || raw.measured.is_some();
            let alone = of_reply || !rule(&raw).origin.builtin;
            let spans = if alone { taken_by.entry(raw.plan).or_default() } else { &mut taken };
            let free = spans.range(..raw.folded.end.max(raw.folded.start + 1)).next_back();
            if free.is_none_or(|(_, end)| *end <= raw.folded.start) {
                spans.insert(raw.folded.start, raw.folded.end);
                kept.push(raw);
            }
        }
        kept.sort_by(|one, other| key(one).cmp(&key(other)).then_with(|| rule(one).code.cmp(&rule(other).code)));
        kept
    }
}
