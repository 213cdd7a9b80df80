//! Reading packs: from YAML to checked rules, with errors that point into the YAML.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::across::RawAcross;
use super::grammar::Grammar;
use super::model::{
    Applicability, Case, Clause, Example, Flawed, Level, Levels, Measure, Move, Moves, Order, Origin, Part, Phrase,
    Plain, Profile, Quantity, Require, Rewrite, Rule, Severity, Sign, When, Window,
};
use super::phrase::{self, Sequence};
use super::template::Template;
use crate::reply::{Channel, Customer};
use crate::text::Span;
use crate::time::TimeWords;
use crate::yaml::{self, Pairs, Step};

/// A checked pack.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The language of its rules; `any` for all.
    pub language: String,
    /// Its rules, in the order of the file.
    pub rules: Vec<Rule>,
    /// What it says of the language itself.
    pub grammar: Option<Grammar>,
    /// How it knows the moves of a reply.
    pub moves: Option<Moves>,
    /// Its words for times.
    pub time: Option<TimeWords>,
    /// What it says of kinds of customers.
    pub profiles: Vec<Profile>,
    /// Beginnings of sentences that make a move, for whoever writes.
    pub starters: Vec<(Move, Vec<String>)>,
    /// Its named lists. Those of a pack with a grammar are every pack's of the language.
    pub words: Lists,
    /// Where it comes from.
    pub origin: Origin,
}

/// Named lists of phrases.
pub type Lists = HashMap<String, Vec<Sequence>>;

/// What is wrong with a pack or a configuration file, and where in it.
#[derive(Clone, Debug)]
pub struct PackError {
    /// The file's name.
    pub file: Arc<str>,
    /// The file's text.
    pub text: Arc<str>,
    /// Where in it, in bytes.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it, if that is known.
    pub help: Option<String>,
}

impl PackError {
    /// An error of a YAML text.
    pub(crate) fn of_yaml(file: &Arc<str>, text: &Arc<str>, error: yaml::YamlError) -> Self {
        if error.message.starts_with("invalid type: ") {
            // Not even a map: whatever file this is, it is not ours, and nothing of it is shown.
            let message = "this is no map of keys to values".to_owned();
            return Self { file: file.clone(), text: "".into(), span: Span::new(0, 0), message, help: None };
        }
        let (message, help) = explain(error.message);
        Self { file: file.clone(), text: text.clone(), span: error.span, message, help }
    }
}

impl std::fmt::Display for PackError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = crate::text::LineIndex::new(&self.text).position(&self.text, self.span.start);
        write!(f, "{}:{}:{}: {}", self.file, at.line, at.column, self.message)
    }
}

impl std::error::Error for PackError {}

/// The name nearest to a mistyped one, if one is near.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    known
        .map(|one| (strsim::damerau_levenshtein(name, one), one))
        .filter(|(distance, one)| *distance <= 1 + one.chars().count().max(name.chars().count()) / 4)
        .min()
        .map(|(_, one)| one)
}

/// Says an error of serde in the words of a rule's author.
fn explain(message: String) -> (String, Option<String>) {
    let Some(at) = message.find("unknown field `").or_else(|| message.find("unknown variant `")) else {
        return (message, None);
    };
    let kind = if message[at..].starts_with("unknown field") { "key" } else { "value" };
    let mut names = message[at..].split('`').skip(1).step_by(2);
    let Some(unknown) = names.next() else {
        return (message, None);
    };
    let known: Vec<&str> = names.collect();
    let help = match nearest(unknown, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the {kind}s here are {}", known.join(", ")),
    };
    (format!("unknown {kind} `{unknown}`"), Some(help))
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "tonelint rules", inline))]
#[serde(deny_unknown_fields)]
struct RawPack {
    /// The language of the replies that the rules are about: `en`; `any` for all.
    #[serde(default = "any")]
    language: String,
    /// The family of the rules that name no other.
    #[serde(default = "own")]
    family: String,
    /// Named lists of phrases, written `<name>` in phrases.
    #[serde(default)]
    words: Pairs<Vec<String>>,
    /// The rules.
    #[serde(default)]
    rules: Vec<RawRule>,
    /// What is to be known of the language itself; in one pack of it.
    grammar: Option<Grammar>,
    /// The language's words for times; in one pack of it.
    time: Option<TimeWords>,
    /// How the moves of a reply are known: phrases by move; in one pack of a language.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(extend("propertyNames" = {"$ref": "#/$defs/Move"})))]
    moves: Pairs<RawSign>,
    /// How a complaint is known.
    #[serde(default)]
    complaint: RawComplaint,
    /// Who the kinds of customers are, and how to write to them.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(extend("propertyNames" = {"$ref": "#/$defs/Customer"})))]
    customers: Pairs<RawProfile>,
    /// Beginnings of sentences by the move that they make, which editors offer; gaps stand in braces.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(extend("propertyNames" = {"$ref": "#/$defs/Move"})))]
    starters: Pairs<Vec<String>>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "profile"))]
#[serde(deny_unknown_fields)]
struct RawProfile {
    /// Who they are and what they need.
    who: String,
    /// How to write to them.
    write: Vec<String>,
    /// What not to write to them.
    avoid: Vec<String>,
    /// Whole replies to them that show both.
    #[serde(default)]
    examples: RawReplies,
    /// Who says so.
    #[serde(default)]
    source: String,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "replies"))]
#[serde(default, deny_unknown_fields)]
struct RawReplies {
    /// In which no warning is found.
    good: Vec<String>,
    /// In which something is.
    bad: Vec<Flawed>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "sign"))]
#[serde(untagged, expecting = "a list of phrases, or a map with `any` and `unless`")]
enum RawSign {
    Any(Vec<String>),
    Map(RawSignMap),
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "signMap"))]
#[serde(deny_unknown_fields)]
struct RawSignMap {
    /// A sentence that says one of these makes the move,
    any: Vec<String>,
    /// unless it says one of these too.
    #[serde(default)]
    unless: Vec<String>,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "complaint"))]
#[serde(default, deny_unknown_fields)]
struct RawComplaint {
    /// A customer who says one of these complains.
    customer: Vec<String>,
    /// A reply that says one of these answers a complaint.
    reply: Vec<String>,
}

fn any() -> String {
    "any".into()
}

fn own() -> String {
    "own".into()
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "rule", extend("anyOf" = [
    {"required": ["find"]}, {"required": ["replace"]}, {"required": ["require"]}, {"required": ["order"]},
    {"required": ["measure"]}, {"required": ["across"]}
])))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRule {
    /// `PA001`; a team's own rule may have none.
    code: Option<String>,
    /// Its name: `sorry-you-encountered`.
    name: String,
    /// Its family, where that is not the file's.
    family: Option<String>,
    /// How much it hurts: `warning` unless it says otherwise.
    severity: Option<Severity>,
    /// `off`: it runs only when it is selected by code or name.
    #[serde(default)]
    default: Switch,
    /// One line on what it finds.
    #[serde(default)]
    summary: String,
    /// What is said of a match: `{match}`, captures, `{rewrite}`.
    message: String,
    /// Why it hurts.
    #[serde(default)]
    why: String,
    /// Who says so.
    #[serde(default)]
    source: String,
    /// Phrases that are the fault.
    #[serde(default)]
    find: Vec<String>,
    /// Plain words for phrases: `utilize~: use`.
    #[serde(default)]
    replace: Pairs<RawPlain>,
    /// What a whole reply must say somewhere.
    require: Option<RawRequire>,
    /// Moves of a whole reply that come in an order.
    order: Option<RawOrder>,
    /// What is compared over the replies of a run.
    across: Option<RawAcross>,
    /// A number with a limit.
    measure: Option<RawMeasure>,
    /// Only matches in this part of a reply count.
    #[serde(rename = "in")]
    part: Option<Part>,
    /// Only matches written like this count.
    case: Option<Case>,
    /// What excuses a match.
    #[serde(default)]
    unless: Clauses,
    /// Whether words that the customer used first are no fault.
    #[serde(default)]
    unless_quoted: bool,
    /// What a match demands to be a fault.
    #[serde(default)]
    only_if: Clauses,
    /// What to write instead; a text with gaps `{like this}` is never applied.
    #[serde(default)]
    rewrite: Vec<RawRewrite>,
    /// Whether `--fix` may apply the rewrites that say nothing else.
    #[serde(default)]
    safe: bool,
    /// The customers whom it is about; for all others it is off.
    #[serde(default)]
    only_for: Vec<Customer>,
    /// How severe it is for a kind of customer.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(extend("propertyNames" = {"$ref": "#/$defs/Customer"})))]
    profiles: Pairs<Level>,
    /// How severe it is in a channel.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(extend("propertyNames" = {"$ref": "#/$defs/Channel"})))]
    channels: Pairs<Level>,
    /// Texts that show what it finds and what it leaves alone.
    #[serde(default)]
    examples: RawExamples,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "switch"))]
#[serde(rename_all = "lowercase")]
enum Switch {
    #[default]
    On,
    Off,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "plain"))]
#[serde(untagged, expecting = "a text, a list of texts, or a map with `to` and `safe`")]
enum RawPlain {
    Text(String),
    Texts(Vec<String>),
    Map(RawPlainMap),
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "plainMap"))]
#[serde(deny_unknown_fields)]
struct RawPlainMap {
    /// The plain words, the best first.
    to: Texts,
    /// Whether `--fix` may apply them.
    #[serde(default)]
    safe: bool,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "texts"))]
#[serde(untagged, expecting = "a text or a list of texts")]
pub(super) enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "require"))]
#[serde(deny_unknown_fields)]
struct RawRequire {
    /// Where; anywhere in the reply unless it says so.
    #[serde(rename = "in")]
    part: Option<Part>,
    /// Phrases, one of which must be there,
    #[serde(default)]
    any: Vec<String>,
    /// or moves, one of which must be made.
    #[serde(default)]
    moves: Vec<Move>,
    /// When it is owed.
    #[serde(default)]
    when: RawWhen,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "order"))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawOrder {
    /// Any of these moves comes before
    #[serde(default)]
    first: Vec<Move>,
    /// any of these.
    #[serde(default)]
    then: Vec<Move>,
    /// A reply does not end on one of these moves alone. Stands instead of `first` and `then`.
    #[serde(default)]
    not_last: Vec<Move>,
    /// When the order is owed.
    #[serde(default)]
    when: RawWhen,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "measure"))]
#[serde(deny_unknown_fields)]
struct RawMeasure {
    /// What is counted.
    of: Quantity,
    /// The most that is no fault.
    most: f64,
    /// Where it is counted.
    #[serde(default = "whole_reply")]
    within: Window,
    /// Shorter replies are not measured.
    #[serde(default)]
    words: usize,
}

fn whole_reply() -> Window {
    Window::Reply
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "when"))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct RawWhen {
    /// The reply has at least so many words.
    words: usize,
    /// It has at most so many words.
    at_most: Option<usize>,
    /// It says one of these.
    any: Vec<String>,
    /// It says none of these.
    none: Vec<String>,
    /// It makes one of these moves.
    moves: Vec<Move>,
    /// It makes none of these moves.
    no_moves: Vec<Move>,
    /// The customer's quoted message says one of these.
    customer: Vec<String>,
    /// It answers a complaint.
    complaint: bool,
    /// It was sent after the time that was promised.
    late: bool,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "clauses"))]
#[serde(untagged, expecting = "a clause (`within` and `any`) or a list of clauses")]
enum Clauses {
    One(RawClause),
    Many(Vec<RawClause>),
}

impl Default for Clauses {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "clause"))]
#[serde(deny_unknown_fields)]
struct RawClause {
    /// How far from the match.
    #[serde(default)]
    within: Window,
    /// Any of these phrases.
    any: Vec<String>,
    /// What to say of the place where it was found, with `within: customer`.
    note: Option<String>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "rewrite"))]
#[serde(untagged, expecting = "a text, or a map with `to` and `applicability`")]
enum RawRewrite {
    Text(String),
    Map(RawRewriteMap),
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "rewriteMap"))]
#[serde(deny_unknown_fields)]
struct RawRewriteMap {
    /// The text.
    to: String,
    /// How far it can be trusted.
    applicability: Option<Applicability>,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "examples"))]
#[serde(default, deny_unknown_fields)]
struct RawExamples {
    /// Texts in which the rule fires.
    hit: Vec<RawExample>,
    /// Texts in which no rule of its family fires.
    miss: Vec<RawExample>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "example"))]
#[serde(untagged, expecting = "a text, or a map with `text` or `texts`, `fixed`, `channel` and `customer`")]
enum RawExample {
    Text(String),
    Map(RawExampleMap),
}

#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "exampleMap"))]
#[serde(deny_unknown_fields)]
struct RawExampleMap {
    /// One reply, in Markdown.
    text: Option<String>,
    /// The replies of a run, for a rule with `across`.
    #[serde(default)]
    texts: Vec<String>,
    /// What safe fixes make of it.
    fixed: Option<String>,
    /// How it reaches the customer.
    channel: Option<Channel>,
    /// Who reads it.
    customer: Option<Customer>,
}

impl From<RawExample> for Example {
    fn from(raw: RawExample) -> Self {
        match raw {
            RawExample::Text(text) => Self { text, others: Vec::new(), fixed: None, channel: None, customer: None },
            RawExample::Map(map) => {
                let mut texts = map.text.into_iter().chain(map.texts);
                Self {
                    text: texts.next().unwrap_or_default(),
                    others: texts.collect(),
                    fixed: map.fixed,
                    channel: map.channel,
                    customer: map.customer,
                }
            }
        }
    }
}

impl Pack {
    /// Reads and checks a pack.
    ///
    /// # Errors
    ///
    /// All that is wrong with it; at a mistake in the YAML itself, only that.
    pub fn read(file: &str, text: &str, builtin: bool) -> Result<Self, Vec<PackError>> {
        Self::read_among(file, text, builtin, &[])
    }

    /// Reads and checks a pack that may use the lists of its language.
    ///
    /// # Errors
    ///
    /// As [`Pack::read`].
    pub fn read_among(file: &str, text: &str, builtin: bool, known: &[Pack]) -> Result<Self, Vec<PackError>> {
        let origin = Origin { file: file.into(), builtin };
        let shared: Arc<str> = text.into();
        let raw: RawPack = yaml::parse(text).map_err(|error| vec![PackError::of_yaml(&origin.file, &shared, error)])?;
        Self::check(origin, shared, raw, known)
    }

    /// Reads a built-in pack that was written as JSON when the binary was built.
    pub(crate) fn read_quickly(file: &str, json: &str, known: &[Pack]) -> Result<Self, Vec<PackError>> {
        let origin = Origin { file: file.into(), builtin: true };
        let shared: Arc<str> = "".into();
        let raw = serde_json::from_str(json).map_err(|error| {
            let (file, text, span) = (origin.file.clone(), shared.clone(), Span::new(0, 0));
            vec![PackError { file, text, span, message: error.to_string(), help: None }]
        })?;
        Self::check(origin, shared, raw, known)
    }

    fn check(origin: Origin, shared: Arc<str>, raw: RawPack, known: &[Pack]) -> Result<Self, Vec<PackError>> {
        let of_language = known.iter().find(|pack| pack.grammar.is_some() && pack.language == raw.language);
        let lists = phrase::Lists::new(of_language.map(|pack| pack.words.clone()).unwrap_or_default());
        let mut check = Check { origin: &origin, text: &shared, errors: Vec::new(), lists };
        let pack = check.pack(raw);
        if check.errors.is_empty() { Ok(pack) } else { Err(check.errors) }
    }
}

/// The way to a value, as it grows.
#[derive(Clone)]
pub(super) struct Path(Vec<Step>);

impl Path {
    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Step::Value(key.to_owned()))
    }

    pub(super) fn item(&self, index: usize) -> Self {
        self.with(Step::Item(index))
    }

    pub(super) fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

pub(super) struct Check<'t> {
    origin: &'t Origin,
    text: &'t Arc<str>,
    errors: Vec<PackError>,
    lists: phrase::Lists,
}

impl Check<'_> {
    pub(super) fn error(&mut self, path: &Path, within: usize, message: impl Into<String>) {
        let mut span = yaml::locate(self.text, &path.0);
        // A quoted scalar begins after its quote.
        if within > 0 && span.start + within < span.end {
            let quote = usize::from(span.of(self.text).starts_with(['"', '\'']));
            let at = span.start + within + quote;
            if self.text.is_char_boundary(at) && at < span.end {
                span = Span::new(at, span.end - quote.min(span.end - at));
            }
        }
        self.errors.push(PackError {
            file: self.origin.file.clone(),
            text: self.text.clone(),
            span,
            message: message.into(),
            help: None,
        });
    }

    fn pack(&mut self, raw: RawPack) -> Pack {
        let root = Path(Vec::new());
        for (name, entries) in &raw.words.0 {
            let path = root.key("words").key(name);
            let mut list = Vec::new();
            for (index, entry) in entries.iter().enumerate() {
                if let Some(sequence) = self.words(&path.item(index), entry) {
                    list.push(sequence);
                }
            }
            if entries.is_empty() {
                self.error(&path, 0, "a list without entries matches nothing");
            }
            self.lists.written.insert(name.clone(), list);
        }
        let mut rules = Vec::new();
        let mut codes: HashMap<String, ()> = HashMap::new();
        for (index, rule) in raw.rules.into_iter().enumerate() {
            let path = root.key("rules").item(index);
            let rule = self.rule(&path, rule, &raw.language, &raw.family);
            for (key, value) in [("code", &rule.code), ("name", &rule.name)] {
                let same_twice = key == "code" && rule.code == rule.name;
                if !same_twice && codes.insert(value.clone(), ()).is_some() {
                    self.error(&path.key(key), 0, format!("another rule of this file is called `{value}` already"));
                }
            }
            rules.push(rule);
        }
        let moves = self.moves(&root, &raw.moves, &raw.complaint);
        for (way, message) in raw.time.iter().flat_map(TimeWords::mistakes) {
            self.error(&Path([vec![Step::Value("time".to_owned())], way].concat()), 0, message);
        }
        let profiles = self.profiles(&root.key("customers"), raw.customers, &raw.language);
        let mut starters = Vec::new();
        for (name, texts) in raw.starters.0 {
            match name.parse() {
                Ok(of) => starters.push((of, texts)),
                Err(message) => self.error(&root.key("starters").with(Step::Key(name)), 0, message),
            }
        }
        let words = std::mem::take(&mut self.lists.written);
        Pack {
            language: raw.language,
            rules,
            grammar: raw.grammar,
            moves,
            time: raw.time,
            profiles,
            starters,
            words,
            origin: self.origin.clone(),
        }
    }

    fn moves(&mut self, root: &Path, signs: &Pairs<RawSign>, complaint: &RawComplaint) -> Option<Moves> {
        let mut moves = Moves::default();
        for (name, sign) in &signs.0 {
            let path = root.key("moves").key(name);
            let (any, unless, any_path) = match sign {
                RawSign::Any(any) => (any, &Vec::new(), path.clone()),
                RawSign::Map(map) => (&map.any, &map.unless, path.key("any")),
            };
            let (any, unless) = (self.phrases(&any_path, any), self.phrases(&path.key("unless"), unless));
            match name.parse() {
                Ok(of) => moves.signs.push(Sign { of, any, unless }),
                Err(message) => self.error(&root.key("moves").with(Step::Key(name.clone())), 0, message),
            }
        }
        let path = root.key("complaint");
        moves.complaint = self.phrases(&path.key("customer"), &complaint.customer);
        moves.answer = self.phrases(&path.key("reply"), &complaint.reply);
        (!signs.0.is_empty()).then_some(moves)
    }

    fn profiles(&mut self, path: &Path, raw: Pairs<RawProfile>, language: &str) -> Vec<Profile> {
        let mut profiles = Vec::new();
        for (name, raw) in raw.0 {
            match name.parse() {
                Ok(customer) => profiles.push(Profile {
                    customer,
                    who: one_line(&raw.who),
                    write: raw.write,
                    avoid: raw.avoid,
                    good: raw.examples.good,
                    bad: raw.examples.bad,
                    source: one_line(&raw.source),
                    language: language.to_owned(),
                    origin: self.origin.clone(),
                }),
                Err(message) => self.error(&path.with(Step::Key(name)), 0, message),
            }
        }
        profiles
    }

    fn rule(&mut self, path: &Path, raw: RawRule, language: &str, family: &str) -> Rule {
        let kebab = |name: &str| {
            !name.is_empty() && name.chars().all(|ch| ch.is_alphanumeric() || matches!(ch, '-' | '_' | '.'))
        };
        for (key, name) in [("name", Some(&raw.name)), ("code", raw.code.as_ref()), ("family", raw.family.as_ref())] {
            if name.is_some_and(|name| !kebab(name)) {
                self.error(&path.key(key), 0, format!("a {key} is made of letters, digits and hyphens"));
            }
        }
        if raw.message.trim().is_empty() {
            self.error(&path.key("message"), 0, "a message says what is wrong; this one is empty");
        }
        let measures_alone = raw.measure.as_ref().is_some_and(|measure| measure.of != Quantity::Matches);
        let of_reply = raw.require.is_some() || raw.order.is_some();
        let across = raw.across.as_ref();
        let kinds = [!raw.find.is_empty(), !raw.replace.0.is_empty(), of_reply, measures_alone, across.is_some()];
        if !kinds.contains(&true) {
            self.error(
                path,
                0,
                format!(
                    "rule `{}` looks for nothing: it needs `find`, `replace`, `require`, `order`, `measure` or `across`",
                    raw.name
                ),
            );
        }
        if measures_alone && kinds[..3].contains(&true) {
            let message = "only `of: matches` measures what `find` finds; other measures stand alone";
            self.error(&path.with(Step::Key("measure".into())), 0, message);
        }
        if raw.measure.as_ref().is_some_and(|measure| !measure.most.is_finite() || measure.most < 0.0) {
            self.error(&path.key("measure").key("most"), 0, "a limit is a number, 0 or more");
        }
        let both = raw.require.is_some() && raw.order.is_some();
        if of_reply && (kinds[0] || kinds[1] || both) {
            let key = if raw.require.is_some() { "require" } else { "order" };
            let message = format!("`{key}` stands alone, without `find`, `replace` or another of its kind");
            self.error(&path.with(Step::Key(key.into())), 0, message);
        }
        if let Some(across) = across {
            let others = [kinds[0] && !across.finds(), kinds[1], of_reply, raw.measure.is_some()];
            if others.contains(&true) {
                let message = "`across` stands alone; only `of: promises` goes with `find`, which finds the times";
                self.error(&path.with(Step::Key("across".into())), 0, message);
            }
            if across.finds() && !kinds[0] {
                self.error(path, 0, "`find` says how a time is promised; it is missing");
            }
        }
        self.examples(&path.key("examples"), &raw.examples, across.is_some());
        let find = self.phrases(&path.key("find"), &raw.find);
        let replace = self.replace(&path.key("replace"), raw.replace, raw.safe);
        let unless = self.clauses(&path.key("unless"), raw.unless);
        let only_if = self.clauses(&path.key("only-if"), raw.only_if);
        let require = raw.require.map(|require| self.require(&path.key("require"), require));
        let order = raw.order.map(|order| self.order(&path.key("order"), order));
        let across = raw.across.map(|across| self.across(&path.key("across"), across));
        let captures = captures(&find);
        let rewrites = raw.rewrite.into_iter().map(|rewrite| self.rewrite(rewrite, raw.safe, &captures)).collect();
        let mut levels = Levels {
            customers: self.levels(&path.key("profiles"), raw.profiles),
            channels: self.levels(&path.key("channels"), raw.channels),
        };
        if !raw.only_for.is_empty() {
            let others = Customer::ALL.iter().filter(|one| !raw.only_for.contains(one));
            levels.customers.extend(others.map(|other| (*other, Level::Off)));
        }
        Rule {
            code: raw.code.unwrap_or_else(|| raw.name.clone()),
            name: raw.name,
            family: raw.family.unwrap_or_else(|| family.to_owned()),
            language: language.to_owned(),
            severity: raw.severity.unwrap_or(Severity::Warning),
            levels,
            on: matches!(raw.default, Switch::On),
            summary: one_line(&raw.summary),
            message: Template::read(&one_line(&raw.message)),
            why: one_line(&raw.why),
            source: one_line(&raw.source),
            find,
            replace,
            require,
            order,
            across,
            measure: raw.measure.map(|raw| Measure {
                of: raw.of,
                most: raw.most,
                within: raw.within,
                words: raw.words,
            }),
            part: raw.part,
            case: raw.case,
            unless_quoted: raw.unless_quoted,
            unless,
            only_if,
            rewrites,
            hits: raw.examples.hit.into_iter().map(Example::from).collect(),
            misses: raw.examples.miss.into_iter().map(Example::from).collect(),
            origin: self.origin.clone(),
        }
    }

    /// An example is one reply, or the replies of a run.
    fn examples(&mut self, path: &Path, raw: &RawExamples, across: bool) {
        for (key, examples) in [("hit", &raw.hit), ("miss", &raw.miss)] {
            for (index, example) in examples.iter().enumerate() {
                let (alone, together, fixed) = match example {
                    RawExample::Text(_) => (true, 0, false),
                    RawExample::Map(map) => (map.text.is_some(), map.texts.len(), map.fixed.is_some()),
                };
                let message = match (alone, together) {
                    (true, 1..) => "an example has `text` or `texts`, not both",
                    (false, 0) => "an example has a `text`, or `texts` of several replies",
                    (false, 1) => "`texts` are several replies; one alone is `text`",
                    (false, _) if !across => "only a rule with `across` looks at several replies: write `text`",
                    (false, _) if fixed => "nothing is fixed over several replies",
                    (true, _) if across && key == "hit" => {
                        "a hit of a rule with `across` is several replies: `{texts: [...]}`"
                    }
                    _ => continue,
                };
                self.error(&path.key(key).item(index), 0, message);
            }
        }
    }

    fn replace(&mut self, path: &Path, raw: Pairs<RawPlain>, rule_is_safe: bool) -> Vec<Plain> {
        let mut plains = Vec::new();
        for (written, to) in raw.0 {
            let (to, safe) = match to {
                RawPlain::Text(text) => (vec![text], rule_is_safe),
                RawPlain::Texts(texts) => (texts, rule_is_safe),
                RawPlain::Map(map) => (map.to.into_vec(), map.safe || rule_is_safe),
            };
            if to.is_empty() {
                self.error(&path.key(&written), 0, "there is no plainer word here");
            }
            let Some(phrase) = self.phrase(&path.with(Step::Key(written.clone())), &written) else { continue };
            let captures = captures(std::slice::from_ref(&phrase));
            let to = to.into_iter().map(|to| {
                let raw = RawRewrite::Map(RawRewriteMap { to, applicability: None });
                self.rewrite(raw, safe, &captures)
            });
            plains.push(Plain { to: to.collect(), phrase });
        }
        plains
    }

    fn rewrite(&mut self, raw: RawRewrite, safe: bool, captures: &[String]) -> Rewrite {
        let (to, asked) = match raw {
            RawRewrite::Text(to) => (to, None),
            RawRewrite::Map(map) => (map.to, map.applicability),
        };
        let to = Template::read(to.trim_end_matches(['\n', '\r']));
        let whole = to.fill(|name| captures.iter().any(|one| one == name).then(String::new)).1;
        let applicability = match (whole, asked) {
            (false, _) => Applicability::Example,
            (true, Some(asked)) => asked,
            (true, None) if safe => Applicability::Safe,
            (true, None) => Applicability::Unsafe,
        };
        Rewrite { to, applicability }
    }

    fn require(&mut self, path: &Path, raw: RawRequire) -> Require {
        if raw.any.is_empty() && raw.moves.is_empty() {
            self.error(path, 0, "`any` or `moves` says what must be there; both are empty");
        }
        let any = self.phrases(&path.key("any"), &raw.any);
        Require { part: raw.part, any, moves: raw.moves, when: self.when(&path.key("when"), raw.when) }
    }

    fn order(&mut self, path: &Path, raw: RawOrder) -> Order {
        if raw.not_last.is_empty() && (raw.first.is_empty() || raw.then.is_empty()) {
            self.error(path, 0, "an order has moves that come `first` and moves that come `then`, or some `not-last`");
        }
        let sequence = !raw.first.is_empty() || !raw.then.is_empty();
        if sequence && !raw.not_last.is_empty() {
            let message = "an order has `first` and `then`, or `not-last`, not both: make two rules of it";
            self.error(&path.with(Step::Key("not-last".into())), 0, message);
        }
        let when = self.when(&path.key("when"), raw.when);
        Order { first: raw.first, then: raw.then, not_last: raw.not_last, when }
    }

    fn when(&mut self, path: &Path, raw: RawWhen) -> When {
        When {
            words: raw.words,
            at_most: raw.at_most,
            any: self.phrases(&path.key("any"), &raw.any),
            none: self.phrases(&path.key("none"), &raw.none),
            moves: raw.moves,
            no_moves: raw.no_moves,
            customer: self.phrases(&path.key("customer"), &raw.customer),
            complaint: raw.complaint,
            late: raw.late,
        }
    }

    fn clauses(&mut self, path: &Path, raw: Clauses) -> Vec<Clause> {
        let (one, clauses) = match raw {
            Clauses::One(clause) => (true, vec![clause]),
            Clauses::Many(clauses) => (false, clauses),
        };
        let mut checked = Vec::new();
        for (index, clause) in clauses.into_iter().enumerate() {
            let path = if one { path.clone() } else { path.item(index) };
            if clause.any.is_empty() {
                self.error(&path, 0, "`any` says what to look for; it is empty");
            }
            let any = self.phrases(&path.key("any"), &clause.any);
            checked.push(Clause { within: clause.within, any, note: clause.note });
        }
        checked
    }

    fn levels<T: std::str::FromStr<Err = String>>(&mut self, path: &Path, raw: Pairs<Level>) -> Vec<(T, Level)> {
        let mut levels = Vec::new();
        for (name, level) in raw.0 {
            match name.parse() {
                Ok(one) => levels.push((one, level)),
                Err(message) => self.error(&path.with(Step::Key(name)), 0, message),
            }
        }
        levels
    }

    pub(super) fn phrases(&mut self, path: &Path, written: &[String]) -> Vec<Phrase> {
        let all = written.iter().enumerate().map(|(index, written)| self.phrase(&path.item(index), written));
        all.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    pub(super) fn phrase(&mut self, path: &Path, written: &str) -> Option<Phrase> {
        let bare = written.trim();
        if let Some(pattern) = bare.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            return match check_regex(pattern, self.origin.builtin) {
                Ok(()) => Some(Phrase::Regex(pattern.to_owned())),
                Err(message) => {
                    self.error(path, 0, message);
                    None
                }
            };
        }
        let sequence = self.words(path, written)?;
        let resolved = match self.lists.resolve(sequence) {
            Ok(resolved) => resolved,
            Err(message) => {
                self.error(path, 0, message);
                return None;
            }
        };
        if phrase::may_be_empty(&resolved) {
            self.error(path, 0, "this phrase matches where nothing is written");
            return None;
        }
        if !phrase::has_anchor(&resolved) {
            self.error(path, 0, "this phrase has no word that must be there");
            return None;
        }
        Some(Phrase::Words(resolved.into()))
    }

    fn words(&mut self, path: &Path, written: &str) -> Option<Sequence> {
        match phrase::parse(written) {
            Ok(sequence) => Some(sequence),
            Err(error) => {
                self.error(path, error.at, error.message);
                None
            }
        }
    }
}

/// The places that a rewrite of these phrases can fill.
fn captures(phrases: &[Phrase]) -> Vec<String> {
    let mut names = vec!["match".to_owned()];
    for phrase in phrases {
        if let Phrase::Words(sequence) = phrase {
            phrase::captures(sequence, &mut names);
        }
    }
    names
}

/// The regular expression of a rule, with the limits that keep any pack harmless.
pub(crate) fn build_regex(pattern: &str) -> Result<regex::Regex, regex::Error> {
    regex::RegexBuilder::new(pattern)
        .case_insensitive(true)
        .size_limit(1 << 20)
        .dfa_size_limit(2 << 20)
        .nest_limit(50)
        .build()
}

fn check_regex(pattern: &str, builtin: bool) -> Result<(), String> {
    if pattern.len() > phrase::MAX_LEN {
        return Err(format!("too long: {} bytes, at most {}", pattern.len(), phrase::MAX_LEN));
    }
    let parsed = regex_syntax::ParserBuilder::new().nest_limit(50).case_insensitive(true).build().parse(pattern);
    let hir = parsed.map_err(|error| {
        let reason = match &error {
            regex_syntax::Error::Parse(error) => error.kind().to_string(),
            regex_syntax::Error::Translate(error) => error.kind().to_string(),
            other => other.to_string(),
        };
        format!("this is no regular expression: {reason}")
    })?;
    if hir.properties().minimum_len().unwrap_or(0) == 0 {
        return Err("this regular expression matches where nothing is written".into());
    }
    // Compiling is slow; what ships with the binary is compiled by its tests.
    if !builtin {
        build_regex(pattern).map_err(|error| match error {
            regex::Error::CompiledTooBig(limit) => {
                format!("this regular expression needs more than {limit} bytes")
            }
            other => other.to_string(),
        })?;
    }
    Ok(())
}

/// Folded YAML texts end in a newline, and are shown on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The JSON Schema of rule files, as editors read it.
#[cfg(feature = "cli")]
#[must_use]
pub fn schema() -> String {
    yaml::schema::<RawPack>("rules of tonelint")
}
