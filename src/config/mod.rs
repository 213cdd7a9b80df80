//! What a run is asked to look for: settings, their file, and which rules they leave on.

mod baseline;
mod file;
mod suppression;

pub use baseline::{Baseline, Sorted};
#[cfg(feature = "cli")]
pub use file::schema;
#[cfg(feature = "cli")]
pub(crate) use suppression::explain as explain_suppression;
pub use suppression::{FAMILY, suppress};
pub(crate) use suppression::{Suppressions, is_ours};

pub use file::{ConfigError, FileConfig, Section, Setting, file_size};

use crate::format::{Format, TimeFields};
use crate::reply::Facts;
use crate::rule::{Level, Rule, Severity};
use crate::time::Hours;

/// What is known of one input, beside the settings.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Of its replies.
    pub facts: Facts,
    /// How it is written, whatever its name says.
    pub format: Option<Format>,
    /// Paths to the texts of a file of many replies.
    pub fields: Vec<String>,
    /// The keys or columns that hold their times.
    pub times: TimeFields,
    /// Which rules run on it, over the settings.
    pub selection: Selection,
    /// The key beside a reply, or the column of its row, that lists what is suppressed there.
    pub suppress: Option<String>,
}

/// Which rules run, and how severe they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Rules to run: codes, prefixes of codes, names, families, `all`. Empty says nothing.
    pub select: Vec<String>,
    /// Rules not to run.
    pub ignore: Vec<String>,
    /// Severities by code, prefix, name or family; of equally exact ones the last counts.
    pub severity: Vec<(String, Level)>,
    /// Words that are ours and stay.
    pub vocabulary: Vec<String>,
}

impl Selection {
    /// This over `other`: what is selected here is selected instead, the rest is added.
    #[must_use]
    pub fn over(self, other: Selection) -> Selection {
        let joined = |mut weak: Vec<String>, strong: Vec<String>| {
            weak.extend(strong);
            weak
        };
        let mut severity = other.severity;
        severity.extend(self.severity);
        Selection {
            select: if self.select.is_empty() { other.select } else { self.select },
            ignore: joined(other.ignore, self.ignore),
            severity,
            vocabulary: joined(other.vocabulary, self.vocabulary),
        }
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Selection::default()
    }
}

impl From<Facts> for Known {
    fn from(facts: Facts) -> Self {
        Self { facts, ..Self::default() }
    }
}

impl Known {
    /// This, with `other` where nothing is known here.
    #[must_use]
    pub fn or(self, other: Known) -> Known {
        Known {
            facts: self.facts.or(other.facts),
            format: self.format.or(other.format),
            fields: if self.fields.is_empty() { other.fields } else { self.fields },
            times: TimeFields {
                received: self.times.received.or(other.times.received),
                promised: self.times.promised.or(other.times.promised),
                sent: self.times.sent.or(other.times.sent),
            },
            selection: self.selection.over(other.selection),
            suppress: self.suppress.or(other.suppress),
        }
    }
}

/// The settings of a run.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What holds for every reply, over what the reply says itself.
    pub facts: Facts,
    /// Rules to run: codes, prefixes of codes, names, families, `all`. Empty is `all`.
    pub select: Vec<String>,
    /// Rules not to run.
    pub ignore: Vec<String>,
    /// Severities by code, prefix, name or family.
    pub severity: Vec<(String, Level)>,
    /// Words that are ours and stay.
    pub vocabulary: Vec<String>,
    /// The format of every input, over what its name says.
    pub format: Option<Format>,
    /// Whether quoted text is read too.
    pub quotes: bool,
    /// Which days and hours are business time.
    pub hours: Hours,
    /// Selectors that may switch a rule on for some inputs ([`Known::selection`]).
    pub sometimes: Vec<String>,
}

impl Config {
    /// Which rules these settings leave on.
    #[must_use]
    pub fn selection(&self) -> Selection {
        Selection {
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            severity: self.severity.clone(),
            vocabulary: self.vocabulary.clone(),
        }
    }

    /// These settings under a selection that is stronger.
    #[must_use]
    pub fn under(&self, stronger: &Selection) -> Config {
        let Selection { select, ignore, severity, vocabulary } = stronger.clone().over(self.selection());
        Config { select, ignore, severity, vocabulary, ..self.clone() }
    }

    /// Whether a rule runs on some input.
    #[must_use]
    pub fn may_want(&self, rule: &Rule) -> bool {
        self.wants(rule) || self.sometimes.iter().any(|selector| rule.is_named_by(selector))
    }

    /// Whether a rule runs.
    #[must_use]
    pub fn wants(&self, rule: &Rule) -> bool {
        let by_name = |selector: &String| selector == &rule.code || selector == &rule.name;
        let selected = self.select.is_empty() || self.select.iter().any(|selector| rule.is_named_by(selector));
        selected
            && (rule.on || self.select.iter().any(by_name))
            && !self.ignore.iter().any(|selector| rule.is_named_by(selector))
    }

    /// The severity of a rule where the settings say one; the most exact selector counts.
    #[must_use]
    pub fn level(&self, rule: &Rule) -> Option<Level> {
        let exactness = |selector: &str| match selector {
            _ if selector == rule.code => 4,
            _ if selector == rule.name => 3,
            _ if selector == rule.family => 1,
            "all" => 0,
            _ => 2,
        };
        self.severity
            .iter()
            .filter(|(selector, _)| rule.is_named_by(selector))
            .max_by_key(|(selector, _)| exactness(selector))
            .map(|(_, level)| *level)
    }

    /// The severity at which a finding of a rule is reported; `None` where it is off.
    #[must_use]
    pub fn severity_of(&self, rule: &Rule, facts: &Facts) -> Option<Severity> {
        let customer = facts.customer.unwrap_or(crate::reply::Customer::Regular);
        let channel = facts.channel.unwrap_or(crate::reply::Channel::Email);
        let own = rule.severity_for(customer, channel)?;
        match self.level(rule) {
            Some(level) => level.severity(),
            None => Some(own),
        }
    }

    /// The selectors of these settings that name no rule, each with the nearest one that does.
    #[must_use]
    pub fn unknown_selectors(&self, rules: &[Rule]) -> Vec<(String, Option<String>)> {
        let severities = self.severity.iter().map(|(selector, _)| selector);
        let all = self.select.iter().chain(&self.ignore).chain(severities);
        let mut found = Vec::new();
        for selector in all {
            if let Some(near) = unknown(selector, rules) {
                found.push((selector.clone(), near));
            }
        }
        found
    }
}

/// Whether a selector names no rule; then the nearest that does, if one is near.
fn unknown(selector: &str, rules: &[Rule]) -> Option<Option<String>> {
    if selector == "all" || is_ours(selector) || rules.iter().any(|rule| rule.is_named_by(selector)) {
        return None;
    }
    let names = rules.iter().flat_map(|rule| [rule.code.as_str(), rule.name.as_str(), rule.family.as_str()]);
    Some(crate::rule::nearest(selector, names).map(str::to_owned))
}
