//! The engine: which rules match a reply, where, and what could stand there instead.
//!
//! All phrases of a language's rules share one automaton. It finds each phrase's rarest literal in
//! one pass over the folded reply; only there is the phrase itself tried, and only where it matches
//! are its clauses looked at. So the cost grows with the text and what is found in it, not with the
//! number of rules.

mod compile;
mod learn;
mod machine;
mod measure;
mod moves;
mod parts;
mod reading;
mod rewrite;
mod vocabulary;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;

use self::compile::Compiler;
pub(crate) use self::learn::SKETCH;
pub use self::learn::{Noted, Promise, What};
use self::machine::{Code, Found, Machine};
use self::moves::Made;
use self::parts::Parts;
use self::reading::Reading;
use self::vocabulary::Vocabulary;
use crate::reply::Reply;
use crate::rule::{
    Applicability, Case, Clause, Grammar, Measure, Move, Moves, Order, Phrase, Quantity, Rule, Severity, When, Window,
};
use crate::text::{Contractions, Span};

/// The most matches of one reply that are looked for.
pub const MAX_MATCHES: usize = 10_000;
/// Longer paragraphs are given to a regular expression in pieces, for searching is quadratic.
const REGEX_WINDOW: usize = 1024;

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
    /// The message's places: `match`, captures, `rewrite`.
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
    /// What comes in their place.
    pub text: String,
}

/// The rules of one language, compiled.
#[derive(Debug)]
pub struct Program {
    rules: Arc<[Rule]>,
    grammar: Grammar,
    contractions: Contractions,
    vocabulary: Vocabulary,
    phrases: Vec<Compiled>,
    literals: Option<AhoCorasick>,
    /// For each literal of the automaton, the phrases that it points at.
    targets: Vec<Vec<Target>>,
    plans: Vec<Plan>,
    greeting: Vec<usize>,
    sign_off: Vec<usize>,
    moves: Vec<Signs>,
    complaint: Vec<usize>,
    answer: Vec<usize>,
}

/// The signs of a move, as indexes of phrases.
#[derive(Debug)]
struct Signs {
    of: Move,
    any: Vec<usize>,
    unless: Vec<usize>,
}

#[derive(Debug)]
struct Compiled {
    pattern: Pattern,
}

#[derive(Debug)]
enum Pattern {
    Words(Code),
    Regex { source: String, built: OnceLock<Option<Regex>> },
}

#[derive(Clone, Copy, Debug)]
struct Target {
    phrase: usize,
    least: usize,
    most: usize,
}

/// The phrases of one rule, as indexes.
#[derive(Debug, Default)]
struct Plan {
    rule: RuleIndex,
    find: Vec<usize>,
    replace: Vec<usize>,
    unless: Vec<(Window, Vec<usize>)>,
    only_if: Vec<(Window, Vec<usize>)>,
    /// What `require` asks for.
    required: Vec<usize>,
    when: Condition,
    /// What `across` looks for, group by group.
    across: Vec<Vec<usize>>,
}

/// The phrases of a [`When`].
#[derive(Debug, Default)]
struct Condition {
    any: Vec<usize>,
    none: Vec<usize>,
    customer: Vec<usize>,
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
    pub fn compile(rules: Arc<[Rule]>, grammar: Grammar, moves: &Moves, wanted: impl Fn(&Rule) -> bool) -> Self {
        let contractions = grammar.words();
        let mut compiler = Compiler::new(&grammar, &contractions);
        let mut builder = Builder { compiler: &mut compiler, phrases: Vec::new(), anchors: HashMap::new() };
        let mut plans = Vec::new();
        for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| wanted(rule)) {
            plans.push(builder.plan(index, rule));
        }
        let greeting = builder.written(&grammar.greeting);
        let sign_off = builder.written(&grammar.sign_off);
        let signs = moves.signs.iter().map(|sign| Signs {
            of: sign.of,
            any: builder.all(&sign.any),
            unless: builder.all(&sign.unless),
        });
        let signs = signs.collect();
        let (complaint, answer) = (builder.all(&moves.complaint), builder.all(&moves.answer));
        let Builder { phrases, anchors, .. } = builder;
        let vocabulary = std::mem::take(&mut compiler.vocabulary);
        let mut anchors: Vec<_> = anchors.into_iter().collect();
        anchors.sort_by(|one, other| one.0.cmp(&other.0));
        let (literals, targets): (Vec<_>, Vec<_>) = anchors.into_iter().unzip();
        // The noncontiguous automaton is the quickest to build, which is most of a short run.
        let literals = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .build(&literals)
            .ok();
        Self {
            rules,
            contractions,
            vocabulary,
            phrases,
            literals,
            targets,
            plans,
            greeting,
            sign_off,
            moves: signs,
            complaint,
            answer,
            grammar,
        }
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
        self.search(reply, source, |search, parts| {
            let mut made = None;
            let mut raws = Vec::new();
            let mut noted = Vec::new();
            for (index, plan) in self.plans.iter().enumerate().filter(|(index, _)| severities[*index].is_some()) {
                let rule = &self.rules[plan.rule];
                if rule.across.is_some() {
                    search.learn(plan, parts, &mut made, &mut noted);
                } else if rule.when().is_some() {
                    let made = made.get_or_insert_with(|| Made::new(search, parts));
                    raws.extend(search.whole(index, rule, plan, parts, made));
                } else {
                    search.matches_of(index, plan, parts, &mut raws);
                }
                if raws.len() > MAX_MATCHES {
                    break;
                }
            }
            let mut raws = self.resolve(raws, &severities);
            raws.truncate(MAX_MATCHES);
            (raws.into_iter().map(|raw| self.finish(search.reading, &raw)).collect(), noted)
        })
    }

    /// The sentences of a reply of `source` with the moves that each makes, and whether it answers a
    /// complaint.
    #[must_use]
    pub fn outline(&self, reply: &Reply, source: &str) -> (Vec<Told>, bool) {
        self.search(reply, source, |search, parts| {
            let made = Made::new(search, parts);
            let complaint = search.answers_complaint(&made);
            let reading = search.reading;
            let told = reading.words.sentences.iter().zip(made.of).map(|(sentence, moves)| {
                let prose = reading.folded.mapped.origin(sentence.span);
                Told { span: reply.prose.origin(prose), prose, moves }
            });
            (told.collect(), complaint)
        })
    }

    /// Reads a reply and what it quotes, and lets `look` search both.
    fn search<T>(&self, reply: &Reply, source: &str, look: impl FnOnce(&mut Search<'_>, &Parts) -> T) -> T {
        let asked = (!reply.quoted.is_empty()).then(|| reply.asked());
        let asked = asked.as_ref().map(|asked| Reading::new(self, asked, source));
        let asked = asked.as_ref().map(|reading| Box::new(Search::new(self, reading, None)));
        let reading = Reading::new(self, reply, source);
        let mut search = Search::new(self, &reading, asked);
        let parts = Parts::new(&mut search, &self.greeting, &self.sign_off);
        look(&mut search, &parts)
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

struct Builder<'c, 'g> {
    compiler: &'c mut Compiler<'g>,
    phrases: Vec<Compiled>,
    anchors: HashMap<String, Vec<Target>>,
}

impl Builder<'_, '_> {
    fn plan(&mut self, index: RuleIndex, rule: &Rule) -> Plan {
        Plan {
            rule: index,
            find: self.all(&rule.find),
            replace: rule.replace.iter().map(|plain| self.add(&plain.phrase)).collect(),
            unless: self.clauses(&rule.unless),
            only_if: self.clauses(&rule.only_if),
            required: rule.require.as_ref().map(|require| self.all(&require.any)).unwrap_or_default(),
            when: rule.when().map(|when| self.condition(when)).unwrap_or_default(),
            across: match &rule.across {
                Some(across) => across.phrases().map(|called| self.all(&called.any)).collect(),
                None => Vec::new(),
            },
        }
    }

    fn condition(&mut self, when: &When) -> Condition {
        Condition { any: self.all(&when.any), none: self.all(&when.none), customer: self.all(&when.customer) }
    }

    fn clauses(&mut self, clauses: &[Clause]) -> Vec<(Window, Vec<usize>)> {
        clauses.iter().map(|clause| (clause.within, self.all(&clause.any))).collect()
    }

    fn all(&mut self, phrases: &[Phrase]) -> Vec<usize> {
        phrases.iter().map(|phrase| self.add(phrase)).collect()
    }

    /// Phrases of a grammar, which have no lists; what cannot be read finds nothing.
    fn written(&mut self, phrases: &[String]) -> Vec<usize> {
        phrases.iter().filter_map(|written| crate::rule::read_phrase(written)).map(|phrase| self.add(&phrase)).collect()
    }

    fn add(&mut self, phrase: &Phrase) -> usize {
        let index = self.phrases.len();
        let pattern = match phrase {
            Phrase::Words(sequence) => {
                for anchor in self.compiler.anchors(sequence) {
                    let target = Target { phrase: index, least: anchor.least, most: anchor.most };
                    self.anchors.entry(anchor.literal).or_default().push(target);
                }
                Pattern::Words(self.compiler.code(sequence))
            }
            Phrase::Regex(source) => Pattern::Regex { source: source.clone(), built: OnceLock::new() },
        };
        self.phrases.push(Compiled { pattern });
        index
    }
}

impl Compiled {
    fn regex(&self) -> Option<&Regex> {
        match &self.pattern {
            Pattern::Regex { source, built } => built.get_or_init(|| crate::rule::build_regex(source).ok()).as_ref(),
            Pattern::Words(_) => None,
        }
    }
}

/// A phrase found: tokens from `start` on, or a span where it was a regular expression.
#[derive(Clone, Debug)]
struct Hit {
    folded: Span,
    sentence: usize,
    /// Index of the first token, and the rest of what the machine says.
    tokens: Option<(usize, Found)>,
}

/// The search of one reply. What was found of a phrase is kept, for clauses share phrases' texts.
struct Search<'s> {
    program: &'s Program,
    reading: &'s Reading<'s>,
    machine: Machine,
    found: HashMap<usize, Vec<Hit>>,
    /// The search of what the customer wrote.
    asked: Option<Box<Search<'s>>>,
}

impl<'s> Search<'s> {
    fn new(program: &'s Program, reading: &'s Reading<'s>, asked: Option<Box<Search<'s>>>) -> Self {
        Self { program, reading, machine: Machine::default(), found: HashMap::new(), asked }
    }

    /// Where a phrase is found, in order; matches of one phrase do not overlap.
    fn hits(&mut self, phrase: usize) -> &[Hit] {
        if !self.found.contains_key(&phrase) {
            let hits = match &self.program.phrases[phrase].pattern {
                Pattern::Words(code) => self.words(phrase, code),
                Pattern::Regex { .. } => self.regex(phrase),
            };
            self.found.insert(phrase, hits);
        }
        self.found.get(&phrase).map_or(&[], Vec::as_slice)
    }

    fn words(&mut self, phrase: usize, code: &Code) -> Vec<Hit> {
        let reading = self.reading;
        let mut hits: Vec<Hit> = Vec::new();
        let mut next = 0;
        for start in reading.starts(phrase) {
            if start < next {
                continue;
            }
            let Some(sentence) = reading.sentence_of(start) else {
                continue;
            };
            let range = (reading.words.sentences[sentence].first, reading.words.sentences[sentence].end);
            let may_end = |at: usize| reading.words.tokens[at - 1].ends;
            let Some(found) = self.machine.run(code, &reading.cells, range, start, may_end) else {
                continue;
            };
            // What begins inside a written word is no match, only a clause's: a match may begin in it.
            if reading.words.tokens[start].begins {
                next = found.end;
            }
            let folded = reading.span_of(start, found.end);
            hits.push(Hit { folded, sentence, tokens: Some((start, found)) });
            if hits.len() >= MAX_MATCHES {
                break;
            }
        }
        hits
    }

    fn regex(&mut self, phrase: usize) -> Vec<Hit> {
        let mut hits = Vec::new();
        let Some(regex) = self.program.phrases[phrase].regex() else {
            return hits;
        };
        let text = self.reading.text();
        for block in &self.reading.folded.blocks {
            for window in windows(text, *block) {
                for hit in regex.find_iter(window.of(text)) {
                    let folded = Span::new(window.start + hit.start(), window.start + hit.end());
                    let Some(sentence) = self.reading.words.sentence_at(folded.start) else {
                        continue;
                    };
                    if !folded.is_empty() {
                        hits.push(Hit { folded, sentence, tokens: None });
                    }
                    if hits.len() >= MAX_MATCHES {
                        return hits;
                    }
                }
            }
        }
        hits
    }

    fn is_found(&mut self, phrases: &[usize], within: impl Fn(&Hit) -> bool) -> bool {
        phrases.iter().any(|phrase| self.hits(*phrase).iter().any(&within))
    }

    fn matches_of(&mut self, index: usize, plan: &Plan, parts: &Parts, raws: &mut Vec<Raw>) {
        let rule = &self.program.rules[plan.rule];
        if rule.measure.is_some_and(|measure| self.reading.word_count() < measure.words) {
            return;
        }
        if let Some(measure) = rule.measure.filter(|measure| measure.of != Quantity::Matches) {
            for (hit, value) in measure::over(self.reading, &parts.body(), measure.of, measure.most) {
                if self.counts(rule, plan, parts, &hit) {
                    raws.push(Raw { measured: Some(value), ..Raw::whole(index, hit.folded) });
                }
            }
            return;
        }
        let find = plan.find.iter().map(|phrase| (*phrase, None));
        let replace = plan.replace.iter().enumerate().map(|(entry, phrase)| (*phrase, Some(entry)));
        let mut found = Vec::new();
        for (phrase, plain) in find.chain(replace) {
            if matches!(self.program.phrases[phrase].pattern, Pattern::Words(_)) && !self.reading.has_starts(phrase) {
                continue;
            }
            for hit in self.hits(phrase).to_vec() {
                if self.counts(rule, plan, parts, &hit) {
                    let related = self.related(rule, plan);
                    let raw = Raw::whole(index, hit.folded);
                    found.push((hit.sentence, Raw { plain, phrase: Some(phrase), found: hit.tokens, related, ..raw }));
                }
            }
        }
        match rule.measure {
            Some(measure) => self.too_many(measure, found, raws),
            None => raws.extend(found.into_iter().map(|(_, raw)| raw)),
        }
    }

    /// Whether what was found is one of the rule's matches: in its part, written as it asks, excused by
    /// nothing.
    fn counts(&mut self, rule: &Rule, plan: &Plan, parts: &Parts, hit: &Hit) -> bool {
        hit.tokens.as_ref().is_none_or(|(start, _)| self.reading.words.tokens[*start].begins)
            && !self.reading.is_mention(hit.folded, hit.sentence)
            && rule.part.is_none_or(|part| parts.holds(part, hit.sentence))
            && rule.case.is_none_or(|case| self.is_written(case, hit))
            && !(rule.unless_quoted && self.customer_said(hit.folded))
            && !plan.unless.iter().any(|(window, any)| self.clause_holds(*window, any, hit))
            && plan.only_if.iter().all(|(window, any)| self.clause_holds(*window, any, hit))
    }

    fn is_written(&self, case: Case, hit: &Hit) -> bool {
        let written = |folded: Span| self.reading.folded.mapped.origin(folded).of(self.reading.reply.prose.text());
        match case {
            Case::Capitals => {
                let mut letters = written(hit.folded).chars().filter(|ch| ch.is_alphabetic());
                let (first, second) = (letters.next(), letters.next());
                first.is_some() && second.is_some() && written(hit.folded).chars().all(|ch| !ch.is_lowercase())
            }
            Case::Lower => {
                let first = self.reading.words.sentences[hit.sentence].span.start;
                let words = written(hit.folded).split_whitespace();
                let skipped = usize::from(hit.folded.start == first);
                words.skip(skipped).all(|word| word == "I" || !word.starts_with(char::is_uppercase))
            }
        }
    }

    /// Whether the customer used these words before the reply did.
    fn customer_said(&self, folded: Span) -> bool {
        let Some(asked) = &self.asked else {
            return false;
        };
        let (text, words) = (asked.reading.text(), folded.of(self.reading.text()));
        let is_letter = |ch: Option<char>| ch.is_some_and(char::is_alphanumeric);
        text.match_indices(words).any(|(at, _)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + words.len()..].chars().next());
            !is_letter(before) && !is_letter(after)
        })
    }

    /// Of the matches in one window, the first that is over the limit stands for all.
    fn too_many(&self, measure: Measure, mut found: Vec<(usize, Raw)>, raws: &mut Vec<Raw>) {
        found.sort_by_key(|(_, raw)| (raw.folded.start, usize::MAX - raw.folded.end));
        let mut apart: Vec<(usize, Raw)> = Vec::with_capacity(found.len());
        for one in found {
            if apart.last().is_none_or(|(_, last)| last.folded.end <= one.1.folded.start) {
                apart.push(one);
            }
        }
        let window = |sentence: usize| self.reading.window(measure.within, sentence);
        let mut rest = apart.into_iter().peekable();
        while let Some(first) = rest.next() {
            let (_, last) = window(first.0);
            let mut group = vec![first];
            while let Some(next) = rest.next_if(|(sentence, _)| *sentence <= last) {
                group.push(next);
            }
            let count = f64::from(u32::try_from(group.len()).unwrap_or(u32::MAX));
            if count > measure.most {
                // The limit is below the count, and a count fits.
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let index = measure.most as usize;
                if let Some((_, raw)) = group.into_iter().nth(index) {
                    raws.push(Raw { measured: Some(count), ..raw });
                }
            }
        }
    }

    fn clause_holds(&mut self, window: Window, any: &[usize], hit: &Hit) -> bool {
        if window == Window::Customer {
            return self.customer_says(any);
        }
        let (first, last) = self.reading.window(window, hit.sentence);
        any.iter().any(|phrase| {
            let hits = self.hits(*phrase);
            let next = hits.partition_point(|one| one.sentence < first);
            hits.get(next).is_some_and(|one| one.sentence <= last)
        })
    }

    /// The places in the customer's message that the rule's clauses are about.
    fn related(&mut self, rule: &Rule, plan: &Plan) -> Vec<(Span, String)> {
        let mut related = Vec::new();
        let Some(asked) = &mut self.asked else {
            return related;
        };
        for (clause, (window, any)) in rule.only_if.iter().zip(&plan.only_if) {
            let (Window::Customer, Some(note)) = (*window, &clause.note) else { continue };
            if let Some(folded) = any.iter().find_map(|phrase| asked.hits(*phrase).first().map(|hit| hit.folded)) {
                let prose = asked.reading.folded.mapped.origin(folded);
                related.push((asked.reading.reply.prose.origin(prose), note.clone()));
            }
        }
        related
    }

    /// What a whole reply lacks, or says in the wrong order.
    fn whole(&mut self, index: usize, rule: &Rule, plan: &Plan, parts: &Parts, made: &Made) -> Option<Raw> {
        if !rule.when().is_none_or(|when| self.is_owed(when, &plan.when, made)) {
            return None;
        }
        let folded = match (&rule.require, &rule.order) {
            (Some(require), _) => {
                let there = |sentence: usize| require.part.is_none_or(|part| parts.holds(part, sentence));
                if self.is_found(&plan.required, |hit| there(hit.sentence)) || made.makes(&require.moves, there) {
                    return None;
                }
                let gate = plan.when.any.iter().find_map(|phrase| self.hits(*phrase).first().map(|hit| hit.folded));
                let gate = gate.or_else(|| made.words_of(&require.when.moves));
                match (require.part, gate) {
                    (None, Some(gate)) => gate,
                    _ => self.reading.words.sentences[parts.last_of_body()?].span,
                }
            }
            (None, Some(order)) => self.reading.words.sentences[out_of_order(order, parts, made)?].span,
            (None, None) => return None,
        };
        Some(Raw::whole(index, folded))
    }

    fn is_owed(&mut self, when: &When, condition: &Condition, made: &Made) -> bool {
        let anywhere = |_: &Hit| true;
        let words = self.reading.word_count();
        words >= when.words.max(1)
            && when.at_most.is_none_or(|most| words <= most)
            && (condition.any.is_empty() || self.is_found(&condition.any, anywhere))
            && !self.is_found(&condition.none, anywhere)
            && (when.moves.is_empty() || made.makes(&when.moves, |_| true))
            && !made.makes(&when.no_moves, |_| true)
            && (condition.customer.is_empty() || self.customer_says(&condition.customer))
            && (!when.complaint || self.answers_complaint(made))
    }

    fn customer_says(&mut self, any: &[usize]) -> bool {
        self.asked.as_mut().is_some_and(|asked| asked.is_found(any, |_| true))
    }

    /// A reply answers a complaint if the customer's message is one, or if it apologizes itself.
    fn answers_complaint(&mut self, made: &Made) -> bool {
        let program = self.program;
        self.customer_says(&program.complaint)
            || made.makes(&[Move::Apology], |_| true)
            || self.is_found(&program.answer, |_| true)
    }
}

/// The sentence that stands in the wrong place.
fn out_of_order(order: &Order, parts: &Parts, made: &Made) -> Option<usize> {
    if let Some(last) = parts.last_of_body().filter(|_| !order.not_last.is_empty()) {
        let moves = &made.of[last];
        let only = !moves.is_empty() && moves.iter().all(|one| order.not_last.contains(one));
        return only.then_some(last);
    }
    let (first, then) = (made.first(&order.first)?, made.first(&order.then)?);
    (then < first).then_some(then)
}

/// A block in pieces that a regular expression may search, each ending at a space.
fn windows(text: &str, block: Span) -> Vec<Span> {
    if block.len() <= 4 * REGEX_WINDOW {
        return vec![block];
    }
    let mut windows = Vec::new();
    let mut start = block.start;
    while start < block.end {
        let mut end = (start + REGEX_WINDOW).min(block.end);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        if end < block.end
            && let Some(space) = text[start..end].rfind(' ').filter(|space| *space > 0)
        {
            end = start + space;
        }
        windows.push(Span::new(start, end));
        start = end;
    }
    windows
}
