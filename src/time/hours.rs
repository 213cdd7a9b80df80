use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::Moment;

/// Which hours of which days count as business time.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// Working days, Monday first.
    days: [bool; 7],
    from: Time,
    to: Time,
    /// The zone that the hours are in; `None` is that of the time of receipt.
    zone: Option<TimeZone>,
    /// In order, each once.
    holidays: Vec<Date>,
}

/// What of business hours cannot be read: the key, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursError {
    /// The key that is wrong.
    pub key: &'static str,
    /// What is wrong with it.
    pub message: String,
}

/// The keys of business hours in a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RawHours {
    days: Option<Vec<String>>,
    from: Option<String>,
    to: Option<String>,
    zone: Option<String>,
    holidays: Vec<String>,
}

impl RawHours {
    /// What is said, on one line; `None` where nothing is.
    pub(crate) fn said(&self) -> Option<String> {
        let days = self.days.as_ref().map(|days| days.join(", "));
        let texts = [("days", days), ("from", self.from.clone()), ("to", self.to.clone()), ("zone", self.zone.clone())];
        let mut said: Vec<String> =
            texts.into_iter().filter_map(|(key, value)| value.map(|value| format!("{key}: {value}"))).collect();
        if !self.holidays.is_empty() {
            said.push(format!("holidays: {}", self.holidays.join(", ")));
        }
        (!said.is_empty()).then(|| said.join("; "))
    }
}

/// Names of days in a configuration.
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

impl Default for Hours {
    /// Monday to Friday, 9 to 17, no holidays.
    fn default() -> Self {
        Self {
            days: [true, true, true, true, true, false, false],
            from: Time::constant(9, 0, 0, 0),
            to: Time::constant(17, 0, 0, 0),
            zone: None,
            holidays: Vec::new(),
        }
    }
}

impl Hours {
    pub(crate) fn read(raw: &RawHours) -> Result<Self, HoursError> {
        let mut hours = Self::default();
        let wrong = |key, message| HoursError { key, message };
        if let Some(days) = &raw.days {
            hours.days = [false; 7];
            for day in days {
                let known = DAYS.iter().position(|one| one == day);
                let slot = known.and_then(|index| hours.days.get_mut(index));
                *slot.ok_or_else(|| wrong("days", format!("`{day}` is none of {}", DAYS.join(", "))))? = true;
            }
            if days.is_empty() {
                return Err(wrong("days", "business time needs a working day".to_owned()));
            }
        }
        let clock = |key, text: &Option<String>, default| match text {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| wrong(key, format!("`{text}` is no time of day such as 09:00"))),
        };
        hours.from = clock("from", &raw.from, hours.from)?;
        hours.to = clock("to", &raw.to, hours.to)?;
        if hours.from >= hours.to {
            return Err(wrong("to", "the day closes after it opens".to_owned()));
        }
        if let Some(name) = &raw.zone {
            let zone = TimeZone::get(name);
            hours.zone =
                Some(zone.map_err(|_| wrong("zone", format!("`{name}` is no time zone such as Europe/Berlin")))?);
        }
        for day in &raw.holidays {
            let date = day.parse().map_err(|_| wrong("holidays", format!("`{day}` is no date such as 2026-12-25")))?;
            hours.holidays.push(date);
        }
        hours.holidays.sort_unstable();
        hours.holidays.dedup();
        Ok(hours)
    }

    /// Seconds of business time in one working day.
    #[must_use]
    pub fn day_seconds(&self) -> i64 {
        self.to.duration_since(self.from).as_secs()
    }

    /// When the day closes.
    #[must_use]
    pub fn closes(&self) -> Time {
        self.to
    }

    /// Whether a day is a working day.
    #[must_use]
    pub fn works_on(&self, date: Date) -> bool {
        self.works_on_weekday(date.weekday()) && self.holidays.binary_search(&date).is_err()
    }

    fn works_on_weekday(&self, weekday: Weekday) -> bool {
        usize::try_from(weekday.to_monday_zero_offset()).ok().and_then(|day| self.days.get(day)).is_some_and(|on| *on)
    }

    /// Seconds of business time between two moments; less than 0 if the second is earlier.
    #[must_use]
    pub fn between(&self, start: &Moment, end: &Moment) -> i64 {
        let zone = self.zone.as_ref().or(start.zone.as_ref()).or(end.zone.as_ref());
        let civil = |moment: &Moment| zone.map_or(moment.civil, |zone| moment.civil_in(zone));
        let (start, end) = (civil(start), civil(end));
        if end < start { -self.worked(end, start) } else { self.worked(start, end) }
    }

    fn worked(&self, start: DateTime, end: DateTime) -> i64 {
        let seconds =
            |time: Time| i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        let (opens, closes) = (seconds(self.from), seconds(self.to));
        let part = |date: Date, from: i64, to: i64| {
            if self.works_on(date) { (to.min(closes) - from.max(opens)).max(0) } else { 0 }
        };
        let (first, last) = (start.date(), end.date());
        if first == last {
            return part(first, seconds(start.time()), seconds(end.time()));
        }
        part(first, seconds(start.time()), DAY)
            + self.whole_days(first, last) * (closes - opens)
            + part(last, 0, seconds(end.time()))
    }

    /// Working days after `first` and before `last`. Weeks are counted, not walked through.
    fn whole_days(&self, first: Date, last: Date) -> i64 {
        let days = last.duration_since(first).as_hours() / 24 - 1;
        let in_week = self.days.iter().filter(|on| **on).count();
        let mut working = days / 7 * i64::try_from(in_week).unwrap_or(0);
        let mut weekday = first.weekday();
        for _ in 0..days % 7 {
            weekday = weekday.next();
            working += i64::from(self.works_on_weekday(weekday));
        }
        let off =
            self.holidays.iter().filter(|day| first < **day && **day < last && self.works_on_weekday(day.weekday()));
        working - i64::try_from(off.count()).unwrap_or(0)
    }
}
