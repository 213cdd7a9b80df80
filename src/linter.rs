//! The linter: packs and settings in, findings out.

mod across;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use xxhash_rust::xxh3::Xxh3;

use self::across::Learner;
pub use self::across::compare;
use crate::config::{Config, Known, Suppressions};
use crate::engine::{Edit, MAX_MATCHES, Match, Program};
use crate::finding::{Finding, Related, Suggestion};
use crate::format::{self, Format, FormatError, Reading};
use crate::outline::{Line, Outline};
use crate::reply::{Channel, Customer, Facts, Reply, Unknown, canonical};
use crate::report::{InputError, Report, UnknownFact, rule_page};
use crate::repository::Learned;
use crate::rule::{Among, Applicability, BUILTIN, Grammar, Move, Moves, Pack, PackError, Profile, Rule, nearest};
use crate::source::Source;
use crate::text::{Mapped, Position, Span, fold_word};
use crate::time::{Reader, Times};
use crate::trust::{self, Trust, Unreadable};

/// The language of a reply of which nothing says another.
const DEFAULT_LANGUAGE: &str = "en";

/// What holds for one input.
#[derive(Clone, Copy)]
struct Here<'h> {
    config: &'h Config,
    /// Words that stay, folded.
    vocabulary: &'h [String],
    /// The rules that are looked at.
    asked: &'h dyn Fn(&Rule) -> bool,
}

/// Finds faults of tone in replies.
///
/// ```
/// use tonelint::{Config, Linter, Source};
/// let linter = Linter::builtin(Config::default());
/// let draft = "Hi Anna,\n\nPlease hold while I transfer you.";
/// let report = linter.lint(&Source::new("draft.md", draft.as_bytes().to_vec())?);
/// assert_eq!(report.findings[0].family, "transfer");
/// # Ok::<(), tonelint::SourceError>(())
/// ```
#[derive(Debug)]
pub struct Linter {
    rules: Arc<[Rule]>,
    grammars: HashMap<String, Grammar>,
    moves: HashMap<String, Moves>,
    times: HashMap<String, Arc<Times>>,
    profiles: Vec<Profile>,
    starters: HashMap<String, Vec<(Move, Vec<String>)>>,
    config: Config,
    programs: HashMap<String, OnceLock<Program>>,
    remembers: bool,
    vocabulary: Vec<String>,
    everything: OnceLock<Box<Linter>>,
}

/// The packs that ship with the binary, with the examples of their rules.
///
/// # Errors
///
/// If one has a mistake, which the tests rule out.
pub fn builtin_packs() -> Result<Vec<Pack>, Vec<PackError>> {
    read_builtin(|file, (yaml, _), known| Pack::read_among(file, yaml, true, known))
}

/// The packs that ship with the binary, without examples, and several times as quick to read: for linting.
///
/// # Errors
///
/// If one has a mistake, which the tests rule out.
pub fn builtin_rules() -> Result<Vec<Pack>, Vec<PackError>> {
    read_builtin(|file, (_, json), known| Pack::read_quickly(file, json, known))
}

fn read_builtin(
    read: impl Fn(&str, (&str, &str), &[Pack]) -> Result<Pack, Vec<PackError>>,
) -> Result<Vec<Pack>, Vec<PackError>> {
    let mut packs = Vec::new();
    let mut errors = Vec::new();
    // A grammar first: its lists are its language's.
    let (grammars, others): (Vec<_>, Vec<_>) = BUILTIN.iter().partition(|(file, _, _)| file.ends_with("grammar.yml"));
    for (file, yaml, json) in grammars.into_iter().chain(others) {
        match read(&format!("rules/{file}"), (yaml, json), &packs) {
            Ok(pack) => packs.push(pack),
            Err(mut wrong) => errors.append(&mut wrong),
        }
    }
    if errors.is_empty() { Ok(packs) } else { Err(errors) }
}

impl Linter {
    /// A linter with the built-in packs.
    #[must_use]
    pub fn builtin(config: Config) -> Self {
        // The tests read every built-in pack: one with a mistake cannot be shipped.
        let packs = builtin_rules().unwrap_or_default();
        Self::assemble(packs, config)
    }

    /// A linter with these packs.
    ///
    /// # Errors
    ///
    /// If two rules of a language share a code or a name.
    pub fn new(packs: Vec<Pack>, config: Config) -> Result<Self, Vec<String>> {
        let mut known: HashMap<(String, &str, &str), &Rule> = HashMap::new();
        let mut errors = Vec::new();
        for rule in packs.iter().flat_map(|pack| &pack.rules) {
            for (kind, value) in [("code", &rule.code), ("name", &rule.name)] {
                let first = known.insert((rule.language.clone(), kind, value), rule);
                if let Some(first) = first.filter(|first| first.origin != rule.origin) {
                    errors.push(format!(
                        "{}: the {kind} `{value}` is taken by a rule of {}",
                        rule.origin.file, first.origin.file
                    ));
                }
            }
        }
        let reads_times = |language: &str| packs.iter().any(|pack| pack.time.is_some() && pack.language == language);
        for rule in packs.iter().flat_map(|pack| &pack.rules) {
            let compares = matches!(rule.across.as_ref().map(|across| &across.of), Some(Among::Promises { .. }));
            if compares && rule.language != "any" && !reads_times(&rule.language) {
                errors.push(format!(
                    "{}: `{}` compares promised times, and no pack of the language `{}` has words for them (`time:`)",
                    rule.origin.file, rule.name, rule.language
                ));
            }
        }
        if errors.is_empty() { Ok(Self::assemble(packs, config)) } else { Err(errors) }
    }

    fn assemble(packs: Vec<Pack>, config: Config) -> Self {
        let mut grammars = HashMap::new();
        let mut moves = HashMap::new();
        let mut times = HashMap::new();
        let mut rules = Vec::new();
        let mut profiles = Vec::new();
        let mut starters: HashMap<String, Vec<_>> = HashMap::new();
        for pack in packs {
            profiles.extend(pack.profiles);
            starters.entry(pack.language.clone()).or_default().extend(pack.starters);
            if let Some(known) = pack.moves {
                moves.insert(pack.language.clone(), known);
            }
            if let Some(words) = pack.time {
                times.insert(pack.language.clone(), Arc::new(Times::new(words)));
            }
            if let Some(grammar) = pack.grammar {
                grammars.insert(pack.language, grammar);
            }
            rules.extend(pack.rules);
        }
        let languages = grammars.keys().cloned().chain(rules.iter().map(|rule| rule.language.clone()));
        let programs = languages.map(|language| (language, OnceLock::new())).collect();
        let vocabulary = config.vocabulary.iter().map(|word| fold_word(word)).collect();
        Self {
            rules: rules.into(),
            grammars,
            moves,
            times,
            profiles,
            starters,
            config,
            programs,
            remembers: false,
            vocabulary,
            everything: OnceLock::new(),
        }
    }

    /// From the first text on keeps what it finds in each sentence: for drafts that are linted again with
    /// every key, as in an editor. It finds the same, and takes some megabytes more.
    pub fn remember(&mut self) {
        self.remembers = true;
    }

    /// All rules, those that are off too.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What the packs say of kinds of customers.
    #[must_use]
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// Beginnings of sentences of a language, by the move that they make, in the order of a reply.
    #[must_use]
    pub fn starters(&self, language: &str) -> &[(Move, Vec<String>)] {
        self.starters.get(language).map_or(&[], Vec::as_slice)
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The languages of which there are rules.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.programs.keys().map(String::as_str).filter(|language| *language != "any")
    }

    /// What an input holds beside and around the prose of its replies: each value, tag or header with
    /// where it stands. `None` where the input is not what its format asks for.
    pub(crate) fn rest(&self, source: &Source, known: &Known) -> Option<Vec<(Span, String)>> {
        format::rest(source, self.format_of(source, known)).ok()
    }

    /// The format that an input is read in.
    #[must_use]
    pub fn format_of(&self, source: &Source, known: &Known) -> Format {
        let named = || Format::of_name(source.name());
        self.config.format.or(known.format).or_else(named).unwrap_or(Format::Plain)
    }

    /// The replies of an input, as they are read before any rule is asked.
    ///
    /// # Errors
    ///
    /// If the input is not what its format asks for.
    pub fn replies(&self, source: &Source, known: &Known) -> Result<Vec<Reply>, FormatError> {
        let reading = Reading { quotes: self.config.quotes, fields: known.fields.clone(), times: known.times.clone() };
        format::read(source, self.format_of(source, known), &reading)
    }

    /// Lints one input.
    #[must_use]
    pub fn lint(&self, source: &Source) -> Report {
        self.lint_with(source, &Known::default())
    }

    /// Lints one input of which something is known that the settings do not say.
    #[must_use]
    pub fn lint_with(&self, source: &Source, known: &Known) -> Report {
        self.look(source, known, |_| true)
    }

    /// What the replies of one input say that is to be compared with others, and nothing of the input itself.
    #[must_use]
    pub fn learn(&self, source: &Source, known: &Known) -> Learned {
        self.look(source, known, |rule| rule.across.is_some()).learned
    }

    /// Lints one input with those rules for which `asked` holds.
    fn look(&self, source: &Source, known: &Known, asked: impl Fn(&Rule) -> bool) -> Report {
        let replies = match self.replies(source, known) {
            Ok(replies) => replies,
            Err(error) => {
                let message = source.located(error.at, &error.message);
                let errors = vec![InputError { path: source.name().to_owned(), message }];
                return Report { errors, ..Report::default() };
            }
        };
        let mut report = Report { files: 1, replies: replies.len(), ..Report::default() };
        if replies.is_empty() {
            let message = "no reply text was found; name its fields under `files:` in tonelint.yml".to_owned();
            report.notes.push(InputError { path: source.name().to_owned(), message });
        }
        let config = match known.selection.is_empty() {
            true => Cow::Borrowed(&self.config),
            false => Cow::Owned(self.config.under(&known.selection)),
        };
        let mut vocabulary = Cow::Borrowed(self.vocabulary.as_slice());
        if !known.selection.vocabulary.is_empty() {
            vocabulary.to_mut().extend(known.selection.vocabulary.iter().map(|word| fold_word(word)));
        }
        let mut learner = Learner::new(self, source, &config, &vocabulary);
        let format = self.format_of(source, known);
        let remarks = format::remarks(source, format, known.suppress.as_deref());
        let origins = |text: &Mapped| text.pieces().map(|(_, origin)| origin).collect::<Vec<Span>>();
        let code: Vec<Span> = if remarks.is_empty() {
            Vec::new()
        } else {
            replies.iter().flat_map(|reply| origins(&reply.code)).collect()
        };
        for reply in replies {
            let here = Here { config: &config, vocabulary: &vocabulary, asked: &asked };
            self.reply(source, reply, known, here, &mut report, &mut learner);
        }
        if !remarks.is_empty() {
            let mut suppressions = Suppressions::read(source, remarks, &code, &self.fields(source, known));
            let (hidden, shown) = report.findings.into_iter().partition(|finding| suppressions.hides(finding));
            (report.suppressed, report.findings) = (hidden, shown);
            learner.suppress(&mut suppressions);
            if !suppressions.is_empty() {
                let own = suppressions.findings(source, &self.rules, |rule| config.wants(rule), &config.selection());
                let (hidden, shown): (Vec<_>, Vec<_>) =
                    own.into_iter().partition(|finding| suppressions.hides(finding));
                report.suppressed.extend(hidden);
                report.findings.extend(shown);
            }
        }
        learner.finish(&mut report);
        report.sort();
        report
    }

    /// The texts of a file of many values, as spans of it; none for a letter.
    #[must_use]
    pub fn fields(&self, source: &Source, known: &Known) -> Vec<Span> {
        match self.format_of(source, known) {
            Format::Json | Format::Yaml => {
                let rest = self.rest(source, known).unwrap_or_default();
                rest.into_iter().map(|(span, _)| span).filter(|span| !span.is_empty()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The linter with every rule on, those that are opt-in too: for the examples of rules.
    pub(crate) fn with_all_rules(&self) -> &Linter {
        self.everything.get_or_init(|| {
            let select = self.rules.iter().map(|rule| rule.code.clone()).collect();
            let programs = self.programs.keys().map(|language| (language.clone(), OnceLock::new())).collect();
            Box::new(Self {
                rules: self.rules.clone(),
                grammars: self.grammars.clone(),
                moves: self.moves.clone(),
                times: self.times.clone(),
                profiles: Vec::new(),
                starters: HashMap::new(),
                config: Config { select, ..Config::default() },
                programs,
                remembers: false,
                vocabulary: Vec::new(),
                everything: OnceLock::new(),
            })
        })
    }

    fn reply(
        &self,
        source: &Source,
        mut reply: Reply,
        known: &Known,
        here: Here<'_>,
        report: &mut Report,
        learner: &mut Learner<'_>,
    ) {
        let Here { config, vocabulary, asked } = here;
        learner.reply(reply.location.as_deref());
        let mut facts = self.facts_of(std::mem::take(&mut reply.facts), &known.facts, &reply);
        report.unknown.extend(facts.unknown.drain(..).map(|unknown| unknown_fact(source, unknown)));
        let says_times = [&facts.received, &facts.promised, &facts.sent].iter().any(|said| said.is_some());
        if says_times {
            let (_, overdue, unreadable) = self.times_of(source, &reply, &facts);
            facts.overdue = overdue;
            report.errors.extend(unreadable);
        }
        let Some(program) = self.program(facts.language.as_deref().unwrap_or(DEFAULT_LANGUAGE)) else {
            return;
        };
        reply.facts = facts.clone();
        let variants = reply.variants();
        let alone = variants.len() == 1;
        let mut seen = HashSet::new();
        for (way, variant) in variants.into_iter().enumerate() {
            // Matches come in the order of the text, so that each position is counted from the last.
            let mut last = (0, Position { line: 1, column: 1 });
            // What a section switches on or off is not in the program, which is every input's.
            let runs =
                |rule: &Rule| known.selection.is_empty() && self.config.sometimes.is_empty() || config.wants(rule);
            let severity_of =
                |rule: &Rule| if asked(rule) && runs(rule) { config.severity_of(rule, &facts) } else { None };
            let (matches, noted) = program.read(&variant, source.text(), severity_of);
            if matches.len() >= MAX_MATCHES && way == 0 {
                let message = format!("{MAX_MATCHES} findings in one reply; what there is beyond them is not told");
                report.notes.push(InputError { path: source.name().to_owned(), message });
            }
            if way == 0 {
                learner.learn(noted, &facts);
            }
            for found in matches {
                let rule = &program.rules()[found.rule];
                let Some(severity) = severity_of(rule) else { continue };
                if is_ours(vocabulary, &found) || (!alone && !seen.insert((found.rule, found.span))) {
                    continue;
                }
                report.findings.push(finding(source, &variant, rule, severity, found, &mut last));
            }
        }
    }

    /// The trust of the replies of an input, in their order, and which of their times cannot be read.
    ///
    /// # Errors
    ///
    /// If the input is not what its format asks for.
    pub fn trust(&self, source: &Source, known: &Known) -> Result<(Vec<Trust>, Vec<InputError>), FormatError> {
        let mut all = Vec::new();
        let mut errors = Vec::new();
        for mut reply in self.replies(source, known)? {
            let facts = self.facts_of(std::mem::take(&mut reply.facts), &known.facts, &reply);
            let (trust, _, unreadable) = self.times_of(source, &reply, &facts);
            all.push(trust);
            errors.extend(unreadable);
        }
        Ok((all, errors))
    }

    fn times_of(&self, source: &Source, reply: &Reply, facts: &Facts) -> (Trust, Option<i64>, Vec<InputError>) {
        let own = facts.language.as_deref().unwrap_or(DEFAULT_LANGUAGE);
        // What stands in front matter is written for tools, often in English.
        let languages = if own == DEFAULT_LANGUAGE { vec![own] } else { vec![own, DEFAULT_LANGUAGE] };
        let readers: Vec<&Reader> =
            languages.iter().filter_map(|language| self.times.get(*language)).map(|times| times.reader()).collect();
        let (trust, overdue, unreadable) = trust::of(source.name(), reply, facts, &readers, &self.config.hours);
        let error = |one: Unreadable| InputError {
            path: source.name().to_owned(),
            message: source.located(one.at.start, &one.message),
        };
        (trust, overdue, unreadable.into_iter().map(error).collect())
    }

    /// The moves that the replies of an input make, sentence by sentence.
    ///
    /// # Errors
    ///
    /// If the input is not what its format asks for.
    pub fn outline(&self, source: &Source, known: &Known) -> Result<Vec<Outline>, FormatError> {
        let mut outlines = Vec::new();
        for mut reply in self.replies(source, known)? {
            let facts = self.facts_of(std::mem::take(&mut reply.facts), &known.facts, &reply);
            let Some(program) = self.program(facts.language.as_deref().unwrap_or(DEFAULT_LANGUAGE)) else { continue };
            let location = reply.location.clone();
            // A template's choices are read as the customer reads the first of them.
            for variant in reply.variants().into_iter().take(1) {
                let (told, complaint) = program.outline(&variant, source.text());
                let sentences = told.into_iter().map(|told| Line {
                    start: source.position(told.span.start).into(),
                    span: source.file_span(told.span),
                    text: told.prose.of(variant.prose.text()).split_whitespace().collect::<Vec<_>>().join(" "),
                    moves: told.moves,
                });
                outlines.push(Outline::new(location.clone(), &facts, complaint, sentences.collect()));
            }
        }
        Ok(outlines)
    }

    /// What the front matter of an input's replies says under keys of ours that is none of their values.
    ///
    /// # Errors
    ///
    /// If the input is not what its format asks for.
    pub fn unknown_facts(&self, source: &Source, known: &Known) -> Result<Vec<UnknownFact>, FormatError> {
        let replies = self.replies(source, known)?;
        let facts = replies.into_iter().map(|mut reply| {
            let said = std::mem::take(&mut reply.facts);
            self.facts_of(said, &known.facts, &reply).unknown
        });
        Ok(facts.flatten().map(|unknown| unknown_fact(source, unknown)).collect())
    }

    /// What is known of a reply: the settings say most, then what is known of its input, then itself.
    fn facts_of(&self, mut said: Facts, known: &Facts, reply: &Reply) -> Facts {
        let default = Facts {
            language: Some(DEFAULT_LANGUAGE.to_owned()),
            channel: Some(if reply.location.is_some() { Channel::Macro } else { Channel::Email }),
            customer: Some(Customer::Regular),
            ..Facts::default()
        };
        let facts = self.config.facts.clone().or(known.clone());
        // Where the settings say it, nothing is asked of the reply.
        said.unknown.retain(|one| match one.key {
            "customer" => facts.customer.is_none(),
            _ => facts.channel.is_none(),
        });
        facts.or(said).or(default)
    }

    fn program(&self, language: &str) -> Option<&Program> {
        let (language, slot) = match self.programs.get_key_value(language) {
            Some(known) => known,
            None => self.programs.get_key_value("any")?,
        };
        Some(slot.get_or_init(|| {
            let grammar = self.grammars.get(language).cloned().unwrap_or_default();
            let moves = self.moves.get(language).cloned().unwrap_or_default();
            let times = self.times.get(language).cloned();
            let program = Program::compile(self.rules.clone(), grammar, moves, times, |rule| {
                (rule.language == *language || rule.language == "any") && self.config.may_want(rule)
            });
            if self.remembers { program.remembering() } else { program }
        }))
    }
}

fn unknown_fact(source: &Source, unknown: Unknown) -> UnknownFact {
    let Unknown { key, said } = unknown;
    let names: Vec<&'static str> = match key {
        "customer" => Customer::ALL.iter().map(|one| one.name()).collect(),
        _ => Channel::ALL.iter().map(|one| one.name()).collect(),
    };
    let near = nearest(&canonical(&said.text), names.iter().copied());
    let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let message = format!("`{key}` is none of {}, and is passed over{meant}", names.join(", "));
    let at = said.span.start;
    UnknownFact { key, near, path: source.name().to_owned(), at, message: source.located(at, &message) }
}

/// Whether a match is a word of the team's own, or in one.
fn is_ours(vocabulary: &[String], found: &Match) -> bool {
    if vocabulary.is_empty() {
        return false;
    }
    let mut pieces = found.context.split('\u{1}');
    let (Some(before), Some(matched)) = (pieces.next(), pieces.next()) else {
        return false;
    };
    let text = found.context.replace('\u{1}', "");
    let span = Span::new(before.len(), before.len() + matched.len());
    vocabulary
        .iter()
        .filter(|word| !word.is_empty())
        .any(|word| text.match_indices(word.as_str()).any(|(at, _)| Span::new(at, at + word.len()).contains(span)))
}

fn finding(
    source: &Source,
    reply: &Reply,
    rule: &Rule,
    severity: crate::rule::Severity,
    found: Match,
    last: &mut (usize, Position),
) -> Finding {
    let value = |name: &str| found.values.iter().find(|(one, _)| one == name).map(|(_, value)| value.clone());
    let (message, _) = rule.message.fill(value);
    let start = position_after(source, *last, found.span.start);
    *last = (found.span.start, start);
    let end = position_after(source, *last, found.span.end);
    let help = match found.rewrites.first() {
        Some(rewrite) if rewrite.text.is_empty() => "leave it out".to_owned(),
        Some(rewrite) if rule.when().is_some() => format!("add: {}", rewrite.text),
        Some(rewrite) => format!("write: {}", rewrite.text),
        None => rule.why.clone(),
    };
    let related = found.related.into_iter().map(|(span, message)| Related {
        message,
        path: source.name().to_owned(),
        reply: reply.location.clone(),
        span: source.file_span(span),
        start: source.position(span.start).into(),
        end: source.position(span.end).into(),
    });
    // What is written in another encoding is not edited.
    let keeps = !source.is_transcoded();
    let rewrites = found.rewrites.into_iter().map(|rewrite| Suggestion {
        text: rewrite.text,
        applicability: if keeps { rewrite.applicability } else { Applicability::Example },
        edits: rewrite.edits.into_iter().map(|edit| Edit { span: source.file_span(edit.span), ..edit }).collect(),
    });
    Finding {
        code: rule.code.clone(),
        name: rule.name.clone(),
        family: rule.family.clone(),
        severity,
        message,
        help,
        why: rule.why.clone(),
        url: rule.origin.builtin.then(|| rule_page(&rule.code)),
        path: source.name().to_owned(),
        reply: reply.location.clone(),
        span: source.file_span(found.span),
        start: start.into(),
        end: end.into(),
        text: found.span.of(source.text()).to_owned(),
        prose: found.prose.of(reply.prose.text()).to_owned(),
        rewrites: rewrites.collect(),
        fingerprint: fingerprint(&rule.code, &found.context),
        related: related.collect(),
    }
}

/// What a finding is known by when lines move: its rule, and the words in and around it.
fn fingerprint(code: &str, context: &str) -> String {
    let mut hash = Xxh3::new();
    for part in [code, "\u{1}", context] {
        hash.update(part.as_bytes());
    }
    format!("{:016x}", hash.digest())
}

/// The position of an offset, counted on from an earlier one on the same line: a long line with
/// many findings is read once.
fn position_after(source: &Source, (from, known): (usize, Position), offset: usize) -> Position {
    let lines = source.lines();
    if from <= offset && from >= source.content_start() && from > 0 && lines.line_of(from) == lines.line_of(offset) {
        let between = source.text().get(from..offset).map_or(0, |text| text.chars().count());
        return Position { line: known.line, column: known.column + between };
    }
    source.position(offset)
}
