//! The configuration file, `tonelint.yml`.

use std::sync::Arc;

use serde::Deserialize;

use super::{Config, Known, Selection};
use crate::format::{Format, TimeFields};
use crate::reply::{Channel, Customer, Facts};
use crate::rule::{Level, PackError, Rule};
use crate::source::MAX_BYTES;
use crate::text::LineIndex;
use crate::time::{Hours, RawHours};
use crate::yaml::{self, Pairs, Step};

/// Profiles that ship with tonelint, by the name under which `extends:` knows them.
const PROFILES: &[(&str, &str)] = &[
    ("strict", include_str!("profiles/strict.yml")),
    ("gentle", include_str!("profiles/gentle.yml")),
    ("chat", include_str!("profiles/chat.yml")),
    ("macros", include_str!("profiles/macros.yml")),
];

/// A configuration file's content.
#[derive(Clone, Debug, Default)]
pub struct FileConfig {
    /// What it builds on, the first being the weakest: profiles, and files relative to this one.
    pub extends: Vec<String>,
    /// The settings that hold for every file.
    pub config: Config,
    /// Directories with more packs, relative to the file.
    pub rules: Vec<String>,
    /// A file of findings that are known, relative to the file.
    pub baseline: Option<String>,
    /// The key beside a reply, or the column of its row, that lists what is suppressed there.
    pub suppress: Option<String>,
    /// The largest input that is read, in bytes, if it says so.
    pub max_file_size: Option<usize>,
    /// Which days and hours are business time, if it says so.
    pub hours: Option<Hours>,
    /// Sections for some files, in the order of the file.
    pub sections: Vec<Section>,
    /// Everything that it says, in the order of the file.
    pub settings: Vec<Setting>,
    name: Arc<str>,
    text: Arc<str>,
}

/// Settings for the files that a glob names.
#[derive(Clone, Debug)]
pub struct Section {
    /// The globs, relative to the configuration file.
    pub globs: Vec<String>,
    /// What holds for them. Fields are paths such as `macros[].body`.
    pub known: Known,
}

/// One thing that a configuration file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The key.
    pub key: &'static str,
    /// The value, or one item of it.
    pub value: String,
    /// The line, from 1.
    pub line: usize,
    /// The section that it stands in, as an index; `None` where it holds for every file.
    pub section: Option<usize>,
}

/// What is wrong with a configuration file; it points into it.
pub type ConfigError = PackError;

/// The configuration of tonelint.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(rename = "tonelint", inline))]
#[serde(default, deny_unknown_fields)]
struct Raw {
    /// What this file builds on: `strict`, `gentle`, `chat`, `macros`, or a file relative to this one.
    /// What stands here wins.
    extends: Texts,
    /// The language of the replies, where they do not say another: `en`.
    language: Option<String>,
    /// How the replies reach the customer.
    channel: Option<Channel>,
    /// Who reads the replies.
    customer: Option<Customer>,
    /// The rules to run: codes, beginnings of codes, names, families, or `all`. Rules that are off by
    /// default are switched on by code or name.
    select: Vec<String>,
    /// Rules not to run.
    ignore: Vec<String>,
    /// How severe rules are, by code, beginning of a code, name, family or `all`; the most exact wins.
    severity: Pairs<Level>,
    /// Directories or files with rules of your own, relative to this file.
    rules: Vec<String>,
    /// Words that are yours and stay: products, plans, teams.
    vocabulary: Vec<String>,
    /// Which days and hours are business time.
    hours: RawHours,
    /// A file with the findings that are known and not reported again (`--write-baseline`).
    baseline: Option<String>,
    /// The key beside a reply (JSON, YAML) or the column of its row (CSV) that lists the codes to leave
    /// out there.
    suppress: Option<String>,
    /// The largest file that is read: `128MiB`, at most `1024MiB`; 64 MiB where nothing is said.
    #[serde(rename = "max-file-size")]
    max_file_size: Option<String>,
    /// Settings for some files; a later section wins over an earlier one.
    files: Vec<RawSection>,
}

/// What holds for the files that a glob names.
#[derive(Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct RawSection {
    /// A glob, or several, relative to this file.
    #[serde(rename = "match")]
    globs: Texts,
    /// The language of these replies.
    language: Option<String>,
    /// How these replies reach the customer.
    channel: Option<Channel>,
    /// Who reads these replies.
    customer: Option<Customer>,
    /// How these files are written, or the helpdesk that they come from.
    format: Option<String>,
    /// Paths to the texts in a file of many replies: `macros[].body`, or names of columns.
    #[serde(default)]
    fields: Vec<String>,
    /// The keys or columns that hold the replies' times.
    #[serde(default)]
    times: TimeFields,
    /// The rules to run here, instead of those above.
    #[serde(default)]
    select: Vec<String>,
    /// More rules not to run here.
    #[serde(default)]
    ignore: Vec<String>,
    /// How severe rules are here.
    #[serde(default)]
    severity: Pairs<Level>,
    /// More words that stay here.
    #[serde(default)]
    vocabulary: Vec<String>,
}

/// A text or a list of texts.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "a text or a list of texts")]
enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Default for Texts {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Texts {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }
}

/// The way to a value of a section, or of the file itself.
fn path(section: Option<usize>, key: &str, item: Option<usize>) -> Vec<Step> {
    let mut path = Vec::new();
    if let Some(section) = section {
        path.extend([Step::Value("files".into()), Step::Item(section)]);
    }
    path.push(Step::Value(key.into()));
    path.extend(item.map(Step::Item));
    path
}

impl FileConfig {
    /// Reads a configuration.
    ///
    /// # Errors
    ///
    /// If it is no YAML, or says something that no configuration can say.
    pub fn read(file: &str, text: &str) -> Result<Self, Box<ConfigError>> {
        let name: Arc<str> = file.into();
        let shared: Arc<str> = text.into();
        // An empty file says nothing, and that is fine.
        let raw: Option<Raw> =
            yaml::parse(text).map_err(|error| Box::new(PackError::of_yaml(&name, &shared, error)))?;
        let raw = raw.unwrap_or_default();
        let mut read = Self { name, text: shared, ..Self::default() };
        let mut tell = Tell { lines: LineIndex::new(text), text, settings: Vec::new(), section: None };
        tell.list("extends", &raw.extends.clone().into_vec());
        tell.facts(raw.language.as_ref(), raw.channel, raw.customer);
        tell.selection(&raw.select, &raw.ignore, &raw.severity, &raw.vocabulary);
        tell.list("rules", &raw.rules);
        tell.one("baseline", raw.baseline.as_deref());
        tell.one("suppress", raw.suppress.as_deref());
        tell.one("max-file-size", raw.max_file_size.as_deref());
        let size = raw.max_file_size.as_deref().map(file_size).transpose();
        read.max_file_size =
            size.map_err(|message| Box::new(read.wrong(&[Step::Value("max-file-size".into())], message, None)))?;
        read.extends = raw.extends.into_vec();
        let said = raw.hours.said();
        tell.one("hours", said.as_deref());
        let hours = Hours::read(&raw.hours).map_err(|error| {
            let at = [Step::Value("hours".into()), Step::Value(error.key.into())];
            Box::new(read.wrong(&at, error.message, None))
        })?;
        read.hours = said.map(|_| hours);
        read.config = Config {
            facts: Facts { language: raw.language, channel: raw.channel, customer: raw.customer, ..Facts::default() },
            select: raw.select,
            ignore: raw.ignore,
            severity: raw.severity.0,
            vocabulary: raw.vocabulary,
            ..Config::default()
        };
        read.rules = raw.rules;
        read.baseline = raw.baseline;
        read.suppress = raw.suppress;
        for (index, section) in raw.files.into_iter().enumerate() {
            let format = section.format.as_deref().map(Format::of_system);
            if format == Some(None) {
                let unknown = section.format.unwrap_or_default();
                let help =
                    crate::rule::nearest(&unknown, Format::systems()).map(|near| format!("did you mean `{near}`?"));
                let message = format!("unknown format `{unknown}`");
                return Err(Box::new(read.wrong(&path(Some(index), "format", None), message, help)));
            }
            tell.section = Some(index);
            tell.facts(section.language.as_ref(), section.channel, section.customer);
            tell.one("format", section.format.as_deref());
            tell.list("fields", &section.fields);
            tell.times(&section.times);
            tell.selection(&section.select, &section.ignore, &section.severity, &section.vocabulary);
            read.sections.push(Section {
                globs: section.globs.into_vec(),
                known: Known {
                    facts: Facts {
                        language: section.language,
                        channel: section.channel,
                        customer: section.customer,
                        ..Facts::default()
                    },
                    format: format.flatten(),
                    fields: section.fields,
                    selection: Selection {
                        select: section.select,
                        ignore: section.ignore,
                        severity: section.severity.0,
                        vocabulary: section.vocabulary,
                    },
                    times: section.times,
                    ..Known::default()
                },
            });
        }
        read.settings = tell.settings;
        Ok(read)
    }

    /// A configuration's text with more rules in its `ignore`; everything else in it stays. `None` where
    /// that cannot be done.
    #[must_use]
    pub fn ignoring(text: &str, rules: &[String]) -> Option<String> {
        Self::adding(text, "ignore", rules, |config| &config.ignore)
    }

    /// A configuration's text with more words in its `vocabulary`; everything else in it stays. `None`
    /// where that cannot be done.
    #[must_use]
    pub fn knowing(text: &str, words: &[String]) -> Option<String> {
        Self::adding(text, "vocabulary", words, |config| &config.vocabulary)
    }

    /// A configuration's text with more items in one of its lists.
    fn adding(text: &str, key: &str, added: &[String], list_of: fn(&Config) -> &Vec<String>) -> Option<String> {
        let before = Self::read("", text).ok()?;
        let written: Vec<String> = added.iter().map(|item| yaml::written(item)).collect();
        let list = written.join(", ");
        let line = text.lines().find(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
        let new = match line {
            None => {
                let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
                format!("{text}{end}{key}: [{list}]\n")
            }
            Some(line) => {
                let start = line.as_ptr() as usize - text.as_ptr() as usize;
                let rest = text.get(start..)?;
                // Into a list in brackets, or before its first item where it has one a line.
                let (at, item) = match (line.find('['), rest.find(']')) {
                    (Some(open), Some(close)) if open < close => {
                        let is_empty = rest.get(open + 1..close)?.trim().is_empty();
                        (start + close, if is_empty { list } else { format!(", {list}") })
                    }
                    _ => {
                        let next = rest.lines().nth(1)?;
                        let indent = next.len() - next.trim_start().len();
                        let items = written.iter().map(|item| format!("{}- {item}\n", &next[..indent]));
                        (start + line.len() + 1, items.collect())
                    }
                };
                format!("{}{item}{}", text.get(..at)?, text.get(at..)?)
            }
        };
        let after = Self::read("", &new).ok()?;
        let (mut was, mut is) = (list_of(&before.config).clone(), list_of(&after.config).clone());
        was.extend(added.iter().cloned());
        was.sort();
        is.sort();
        (was == is && before.settings.len() + added.len() == after.settings.len()).then_some(new)
    }

    /// The profile of a name, if there is one.
    ///
    /// # Errors
    ///
    /// If it has a mistake, which the tests rule out.
    pub fn profile(name: &str) -> Option<Result<Self, Box<ConfigError>>> {
        let (_, text) = PROFILES.iter().find(|(known, _)| *known == name)?;
        Some(Self::read(name, text))
    }

    /// The names of the profiles.
    pub fn profiles() -> impl Iterator<Item = &'static str> {
        PROFILES.iter().map(|(name, _)| *name)
    }

    /// What of it names no rule of `rules` and no language of `languages`.
    #[must_use]
    pub fn mistakes(&self, rules: &[Rule], languages: &[&str]) -> Vec<ConfigError> {
        let mut wrong = Vec::new();
        let sections = self.sections.iter().enumerate().map(|(index, section)| {
            (Some(index), section.known.selection.clone(), section.known.facts.language.clone())
        });
        let all = std::iter::once((None, self.config.selection(), self.config.facts.language.clone())).chain(sections);
        for (section, selection, language) in all {
            let listed = [("select", &selection.select), ("ignore", &selection.ignore)];
            for (key, selectors) in listed {
                for (index, selector) in selectors.iter().enumerate() {
                    wrong.extend(self.selector(selector, &path(section, key, Some(index)), rules));
                }
            }
            for (selector, _) in &selection.severity {
                let mut at = path(section, "severity", None);
                at.push(Step::Key(selector.clone()));
                wrong.extend(self.selector(selector, &at, rules));
            }
            if let Some(language) = language.filter(|one| !languages.contains(&one.as_str())) {
                let message = format!("there are no rules for the language `{language}`");
                let help = Some(format!("there are rules for {}", languages.join(", ")));
                wrong.push(self.wrong(&path(section, "language", None), message, help));
            }
        }
        wrong
    }

    fn selector(&self, selector: &str, at: &[Step], rules: &[Rule]) -> Option<ConfigError> {
        let near = super::unknown(selector, rules)?;
        let help = near.map(|near| format!("did you mean `{near}`?"));
        Some(self.wrong(at, format!("no rule is called `{selector}`"), help))
    }

    /// An error at an item of `extends`.
    #[must_use]
    pub fn wrong_extends(&self, index: usize, message: String, help: Option<String>) -> ConfigError {
        let list = yaml::locate(&self.text, &path(None, "extends", Some(index)));
        PackError { span: list, ..self.wrong(&path(None, "extends", Some(index)), message, help) }
    }

    /// An error at an item of `rules`.
    #[must_use]
    pub fn wrong_rules(&self, index: usize, message: String) -> ConfigError {
        self.wrong(&path(None, "rules", Some(index)), message, None)
    }

    /// An error at the globs of a section.
    #[must_use]
    pub fn wrong_glob(&self, section: usize, message: String) -> ConfigError {
        self.wrong(&path(Some(section), "match", None), message, None)
    }

    fn wrong(&self, at: &[Step], message: String, help: Option<String>) -> ConfigError {
        let span = yaml::locate(&self.text, at);
        PackError { file: self.name.clone(), text: self.text.clone(), span, message, help }
    }

    /// The name under which it was read.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Reads the size of a file: bytes, or a number with `KiB` or `MiB` after it.
///
/// # Errors
///
/// What is wrong with it: it is no size, or more than can be read.
pub fn file_size(written: &str) -> Result<usize, String> {
    let written = written.trim();
    let digits = written.trim_end_matches(|ch: char| !ch.is_ascii_digit());
    let unit = match written[digits.len()..].trim() {
        "" | "B" => Some(1),
        "K" | "KiB" => Some(1 << 10),
        "M" | "MiB" => Some(1 << 20),
        _ => None,
    };
    let bytes = digits.parse::<usize>().ok().zip(unit).and_then(|(number, unit)| number.checked_mul(unit));
    match bytes {
        Some(bytes) if (1..=MAX_BYTES).contains(&bytes) => Ok(bytes),
        Some(_) => Err(format!("from 1 byte to {} MiB can be read", MAX_BYTES >> 20)),
        None => Err(format!("`{written}` is no size such as 32MiB")),
    }
}

/// Notes what a file says, and where.
struct Tell<'t> {
    lines: LineIndex,
    text: &'t str,
    settings: Vec<Setting>,
    section: Option<usize>,
}

impl Tell<'_> {
    fn say(&mut self, key: &'static str, value: String, at: &[Step]) {
        let line = self.lines.line_of(yaml::locate(self.text, at).start) + 1;
        self.settings.push(Setting { key, value, line, section: self.section });
    }

    fn one(&mut self, key: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.say(key, value.to_owned(), &path(self.section, key, None));
        }
    }

    fn list(&mut self, key: &'static str, values: &[String]) {
        for (index, value) in values.iter().enumerate() {
            self.say(key, value.clone(), &path(self.section, key, Some(index)));
        }
    }

    fn facts(&mut self, language: Option<&String>, channel: Option<Channel>, customer: Option<Customer>) {
        self.one("language", language.map(String::as_str));
        self.one("channel", channel.map(Channel::name));
        self.one("customer", customer.map(Customer::name));
    }

    fn times(&mut self, times: &TimeFields) {
        for (fact, field) in [("received", &times.received), ("promised", &times.promised), ("sent", &times.sent)] {
            if let Some(field) = field {
                let mut at = path(self.section, "times", None);
                at.push(Step::Value(fact.into()));
                self.say("times", format!("{fact}: {field}"), &at);
            }
        }
    }

    fn selection(&mut self, select: &[String], ignore: &[String], severity: &Pairs<Level>, vocabulary: &[String]) {
        self.list("select", select);
        self.list("ignore", ignore);
        for (selector, level) in &severity.0 {
            let mut at = path(self.section, "severity", None);
            at.push(Step::Key(selector.clone()));
            let level = level.severity().map_or("off", crate::rule::Severity::name);
            self.say("severity", format!("{selector}: {level}"), &at);
        }
        self.list("vocabulary", vocabulary);
    }
}

/// The JSON Schema of the configuration file, as editors read it.
#[cfg(feature = "cli")]
#[must_use]
pub fn schema() -> String {
    yaml::schema::<Raw>("tonelint.yml")
}

#[cfg(test)]
mod tests {
    use super::FileConfig;

    #[test]
    fn rules_are_added_to_what_is_ignored() {
        let rules = ["CL001".to_owned(), "BL".to_owned()];
        for (before, after) in [
            ("", "ignore: [CL001, BL]\n"),
            ("channel: chat # so", "channel: chat # so\nignore: [CL001, BL]\n"),
            ("ignore: [PA] # why\nlanguage: en\n", "ignore: [PA, CL001, BL] # why\nlanguage: en\n"),
            ("ignore: []\n", "ignore: [CL001, BL]\n"),
            ("ignore:\n  # old\n  - PA\n", "ignore:\n  - CL001\n  - BL\n  # old\n  - PA\n"),
        ] {
            assert_eq!(FileConfig::ignoring(before, &rules).as_deref(), Some(after));
        }
        assert_eq!(FileConfig::ignoring("ignore: &a [PA]\nselect: *a\n]", &rules), None);
        let words = ["Acme: Cloud".to_owned(), "SSO".to_owned()];
        let after = "vocabulary:\n  - \"Acme: Cloud\"\n  - SSO\n  - \"yes\" # ours\n";
        assert_eq!(FileConfig::knowing("vocabulary:\n  - \"yes\" # ours\n", &words).as_deref(), Some(after));
    }

    #[test]
    fn every_profile_is_a_configuration() {
        for name in FileConfig::profiles() {
            assert!(matches!(FileConfig::profile(name), Some(Ok(_))), "{name}");
        }
    }
}
