use jiff::civil::Time;
use serde::Deserialize;

use crate::yaml::{Pairs, Step};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
}

impl Unit {
    const ALL: [(&'static str, Self); 6] = [
        ("second", Self::Second),
        ("minute", Self::Minute),
        ("hour", Self::Hour),
        ("day", Self::Day),
        ("week", Self::Week),
        ("month", Self::Month),
    ];

    /// Its length in seconds; a month is 30 days here, for what has no calendar.
    #[must_use]
    pub fn seconds(self) -> f64 {
        match self {
            Self::Second => 1.0,
            Self::Minute => 60.0,
            Self::Hour => 3600.0,
            Self::Day => 86400.0,
            Self::Week => 7.0 * 86400.0,
            Self::Month => 30.0 * 86400.0,
        }
    }
}

/// The words of a language for times, as its pack writes them under `time:`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TimeWords {
    /// Words for numbers: `two: 2`.
    pub(crate) numbers: Pairs<f64>,
    /// Words for each unit: `hour: [hour, hours, h]`.
    pub(crate) units: Pairs<Vec<String>>,
    /// Words that make days and hours those of business.
    pub(crate) business: Vec<String>,
    /// Words for each weekday, Monday first.
    pub(crate) weekdays: Vec<Vec<String>>,
    /// Words for each month, January first.
    pub(crate) months: Vec<Vec<String>>,
    /// Days by their distance from today: `tomorrow: 1`.
    pub(crate) days: Pairs<i32>,
    /// Times of day: `noon: "12:00"`.
    pub(crate) clocks: Pairs<String>,
    /// Words for the end of business on a day.
    pub(crate) close: Vec<String>,
    /// What stands before the end of a day, week or month.
    pub(crate) end: Vec<String>,
    /// What moves a weekday, week or month to the one after this.
    pub(crate) next: Vec<String>,
    /// What leaves it this one.
    pub(crate) this: Vec<String>,
    /// Words before a length of time.
    pub(crate) within: Vec<String>,
    /// Words before a moment.
    pub(crate) by: Vec<String>,
    /// Words that may stand before a number and change little.
    pub(crate) about: Vec<String>,
    /// Signs and words between the two numbers of a range.
    pub(crate) range: Vec<String>,
    /// What may stand between a day and a time of day.
    pub(crate) joins: Vec<String>,
    /// Marks of hours before noon.
    pub(crate) am: Vec<String>,
    /// Marks of hours after noon.
    pub(crate) pm: Vec<String>,
    /// Marks of a full hour.
    pub(crate) oclock: Vec<String>,
    /// Endings of numbers of days.
    pub(crate) ordinals: Vec<String>,
    /// Marks of universal time.
    pub(crate) utc: Vec<String>,
    /// Words that promise a time and name none.
    pub(crate) vague: Vec<String>,
    /// Words that begin a promise.
    pub(crate) promises: Vec<String>,
    /// What is promised: an answer.
    pub(crate) answers: Vec<String>,
    /// What stands before the date in the head of a mail that is answered below: `Sent`.
    pub(crate) sent: Vec<String>,
}

/// What the words of a sentence can be to the reader.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    Number(f64),
    Unit(Unit),
    Business,
    Weekday(i8),
    Month(i8),
    Day(i32),
    Clock(Time),
    Close,
    End,
    Next,
    This,
    Within,
    By,
    About,
    Range,
    Join,
    Am,
    Pm,
    OClock,
    Ordinal,
    Utc,
    Vague,
    Promise,
    Answer,
    Sent,
}

impl TimeWords {
    /// What cannot be read: the way to it, and why.
    pub(crate) fn mistakes(&self) -> Vec<(Vec<Step>, String)> {
        let at = |key: &str, name: &str| vec![Step::Value(key.to_owned()), Step::Key(name.to_owned())];
        let mut wrong = Vec::new();
        for (name, _) in self.units.0.iter().filter(|(name, _)| unit(name).is_none()) {
            let known: Vec<&str> = Unit::ALL.iter().map(|(name, _)| *name).collect();
            wrong.push((at("units", name), format!("`{name}` is none of {}", known.join(", "))));
        }
        for (name, number) in self.numbers.0.iter().filter(|(_, number)| !number.is_finite() || *number < 0.0) {
            wrong.push((at("numbers", name), format!("{number} is no number of hours or days")));
        }
        for (name, clock) in self.clocks.0.iter().filter(|(_, clock)| clock.parse::<Time>().is_err()) {
            wrong.push((at("clocks", name), format!("`{clock}` is no time of day such as 12:00")));
        }
        for (key, list, count) in [("weekdays", &self.weekdays, 7), ("months", &self.months, 12)] {
            if !list.is_empty() && list.len() != count {
                wrong.push((vec![Step::Value(key.to_owned())], format!("there are {count} {key}, not {}", list.len())));
            }
        }
        wrong
    }

    /// All words with what they are.
    pub(super) fn roles(&self) -> Vec<(&str, Role)> {
        let mut roles: Vec<(&str, Role)> = Vec::new();
        let lists = [
            (&self.business, Role::Business),
            (&self.close, Role::Close),
            (&self.end, Role::End),
            (&self.next, Role::Next),
            (&self.this, Role::This),
            (&self.within, Role::Within),
            (&self.by, Role::By),
            (&self.about, Role::About),
            (&self.range, Role::Range),
            (&self.joins, Role::Join),
            (&self.am, Role::Am),
            (&self.pm, Role::Pm),
            (&self.oclock, Role::OClock),
            (&self.ordinals, Role::Ordinal),
            (&self.utc, Role::Utc),
            (&self.vague, Role::Vague),
            (&self.promises, Role::Promise),
            (&self.answers, Role::Answer),
            (&self.sent, Role::Sent),
        ];
        for (words, role) in lists {
            roles.extend(words.iter().map(|word| (word.as_str(), role)));
        }
        roles.extend(self.numbers.0.iter().map(|(word, number)| (word.as_str(), Role::Number(*number))));
        roles.extend(self.days.0.iter().map(|(word, days)| (word.as_str(), Role::Day(*days))));
        for (name, words) in &self.units.0 {
            roles.extend(
                unit(name).into_iter().flat_map(|unit| words.iter().map(move |word| (word.as_str(), Role::Unit(unit)))),
            );
        }
        for (word, clock) in &self.clocks.0 {
            roles.extend(clock.parse().ok().map(|time| (word.as_str(), Role::Clock(time))));
        }
        for (index, words) in (0_i8..7).zip(&self.weekdays) {
            roles.extend(words.iter().map(|word| (word.as_str(), Role::Weekday(index))));
        }
        for (index, words) in (1_i8..=12).zip(&self.months) {
            roles.extend(words.iter().map(|word| (word.as_str(), Role::Month(index))));
        }
        roles
    }
}

fn unit(name: &str) -> Option<Unit> {
    Unit::ALL.iter().find(|(known, _)| *known == name).map(|(_, unit)| *unit)
}
