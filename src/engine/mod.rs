//! The engine: which rules match a reply, where, and what could stand there instead.
//!
//! All phrases of a language's rules share one automaton. It finds each phrase's rarest literal in
//! one pass over the folded reply; only there is the phrase itself tried, and only where it matches
//! are its clauses looked at. So the cost grows with the text and what is found in it, not with the
//! number of rules.

mod compile;
mod machine;
mod measure;
mod parts;
mod reading;
mod rewrite;
mod vocabulary;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;

use self::compile::Compiler;
use self::machine::{Code, Found, Machine};
use self::parts::Parts;
use self::reading::Reading;
use self::vocabulary::Vocabulary;
use crate::reply::Reply;
use crate::rule::{Applicability, Case, Clause, Grammar, Measure, Phrase, Quantity, Rule, Severity, Window};
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
    require: Option<Requirement>,
}

#[derive(Debug, Default)]
struct Requirement {
    any: Vec<usize>,
    when_any: Vec<usize>,
    when_none: Vec<usize>,
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
}

impl Program {
    /// Compiles those of `rules` for which `wanted` holds.
    ///
    /// # Panics
    ///
    /// Never: what cannot be compiled was refused when its pack was read.
    #[must_use]
    pub fn compile(rules: Arc<[Rule]>, grammar: Grammar, wanted: impl Fn(&Rule) -> bool) -> Self {
        let contractions = grammar.words();
        let mut compiler = Compiler::new(&grammar, &contractions);
        let mut builder = Builder { compiler: &mut compiler, phrases: Vec::new(), anchors: HashMap::new() };
        let mut plans = Vec::new();
        for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| wanted(rule)) {
            plans.push(builder.plan(index, rule));
        }
        let greeting = builder.written(&grammar.greeting);
        let sign_off = builder.written(&grammar.sign_off);
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
        Self { rules, contractions, vocabulary, phrases, literals, targets, plans, greeting, sign_off, grammar }
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
        let asked = (!reply.quoted.is_empty()).then(|| reply.asked());
        let asked = asked.as_ref().map(|asked| Reading::new(self, asked, source));
        let asked = asked.as_ref().map(|reading| Box::new(Search::new(self, reading, None)));
        let reading = Reading::new(self, reply, source);
        let mut search = Search::new(self, &reading, asked);
        let parts = Parts::new(&mut search, &self.greeting, &self.sign_off);
        let mut raws = Vec::new();
        let severities: Vec<Option<Severity>> =
            self.plans.iter().map(|plan| severity(&self.rules[plan.rule])).collect();
        for (index, plan) in self.plans.iter().enumerate().filter(|(index, _)| severities[*index].is_some()) {
            search.matches_of(index, plan, &parts, &mut raws);
            if raws.len() > MAX_MATCHES {
                break;
            }
        }
        let mut raws = self.resolve(raws, &severities);
        raws.truncate(MAX_MATCHES);
        raws.into_iter().map(|raw| self.finish(&reading, &raw)).collect()
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
            let alone = rule(&raw).require.is_some() || raw.measured.is_some() || !rule(&raw).origin.builtin;
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
            require: rule.require.as_ref().map(|require| Requirement {
                any: self.all(&require.any),
                when_any: self.all(&require.when.any),
                when_none: self.all(&require.when.none),
            }),
        }
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
            next = found.end;
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
        if let Some(require) = &plan.require {
            if let Some(raw) = self.lacks(index, rule, require, parts) {
                raws.push(raw);
            }
            return;
        }
        if rule.measure.is_some_and(|measure| self.reading.word_count() < measure.words) {
            return;
        }
        if let Some(measure) = rule.measure.filter(|measure| measure.of != Quantity::Matches) {
            for (hit, value) in measure::over(self.reading, &parts.body(), measure.of, measure.most) {
                if self.counts(rule, plan, parts, &hit) {
                    let measured = Some(value);
                    raws.push(Raw {
                        plan: index,
                        plain: None,
                        folded: hit.folded,
                        phrase: None,
                        found: None,
                        measured,
                    });
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
                    let (folded, sentence) = (hit.folded, hit.sentence);
                    let found_at = hit.tokens;
                    let phrase = Some(phrase);
                    found.push((sentence, Raw { plan: index, plain, folded, phrase, found: found_at, measured: None }));
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
            return self.asked.as_mut().is_some_and(|asked| asked.is_found(any, |_| true));
        }
        let (first, last) = self.reading.window(window, hit.sentence);
        self.is_found(any, |one| (first..=last).contains(&one.sentence))
    }

    fn lacks(&mut self, plan: usize, rule: &Rule, require: &Requirement, parts: &Parts) -> Option<Raw> {
        let asked = rule.require.as_ref()?;
        let anywhere = |_: &Hit| true;
        let words = self.reading.word_count();
        let owed = words >= asked.when.words.max(1)
            && asked.when.at_most.is_none_or(|most| words <= most)
            && (require.when_any.is_empty() || self.is_found(&require.when_any, anywhere))
            && !self.is_found(&require.when_none, anywhere);
        let there = |hit: &Hit| asked.part.is_none_or(|part| parts.holds(part, hit.sentence));
        if !owed || self.is_found(&require.any, there) {
            return None;
        }
        let gate = require.when_any.iter().find_map(|phrase| self.hits(*phrase).first().map(|hit| hit.folded));
        let folded = match (asked.part, gate) {
            (None, Some(gate)) => gate,
            _ => self.reading.words.sentences[parts.last_of_body()?].span,
        };
        Some(Raw { plan, plain: None, folded, phrase: None, found: None, measured: None })
    }
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
