use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// Digits of a Unix time in seconds, and in milliseconds, of our days.
const UNIX_DIGITS: [usize; 2] = [10, 13];

/// A moment as somebody wrote it: a date, a time of day, and a zone where one is said.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Date and time of day, in the zone.
    pub civil: DateTime,
    /// The zone; `None` is whatever zone the times beside it are in.
    pub zone: Option<TimeZone>,
    /// Whether only a date was written; the time of day is its start.
    pub day_only: bool,
}

impl Moment {
    /// Reads a date, or a date with a time, with or without a zone: RFC 3339, ISO 8601 and RFC 9557
    /// (`2026-03-02T09:00:00+01:00[Europe/Berlin]`; a space for the `T` and no seconds are fine), RFC 2822
    /// (`Mon, 2 Mar 2026 09:00:00 +0100`), or a Unix time in seconds or milliseconds.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        unix(text).or_else(|| pieces(text)).or_else(|| {
            let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
            Some(Self { civil: zoned.datetime(), zone: Some(zoned.time_zone().clone()), day_only: false })
        })
    }

    /// A moment of which date, time of day and zone are known.
    #[must_use]
    pub fn new(date: Date, time: Time, zone: Option<TimeZone>) -> Self {
        Self { civil: DateTime::from_parts(date, time), zone, day_only: false }
    }

    /// The same, or the end of the day where only a day is said: a day is kept until it ends.
    #[must_use]
    pub fn at_end_of_day(&self) -> Self {
        if !self.day_only {
            return self.clone();
        }
        let next = self.civil.date().tomorrow().unwrap_or(Date::MAX);
        Self { civil: next.at(0, 0, 0, 0), zone: self.zone.clone(), day_only: false }
    }

    /// The same, in the zone of another moment where none is said.
    #[must_use]
    pub fn beside(&self, other: &Self) -> Self {
        Self { zone: self.zone.clone().or_else(|| other.zone.clone()), ..self.clone() }
    }

    /// Date and time of day in a zone. A moment without one is taken to be there already.
    #[must_use]
    pub fn civil_in(&self, zone: &TimeZone) -> DateTime {
        match &self.zone {
            Some(own) => own.to_timestamp(self.civil).map_or(self.civil, |at| zone.to_datetime(at)),
            None => self.civil,
        }
    }

    /// Seconds from another moment to this one, less than 0 if this one is earlier. Of two moments of
    /// which one has no zone, both are in the other's.
    #[must_use]
    pub fn seconds_since(&self, other: &Self) -> i64 {
        let zone = self.zone.as_ref().or(other.zone.as_ref());
        let at = |moment: &Self| {
            let zone = moment.zone.as_ref().or(zone)?;
            zone.to_timestamp(moment.civil).ok()
        };
        match (at(self), at(other)) {
            (Some(one), Some(other)) => one.as_second() - other.as_second(),
            _ => self.civil.duration_since(other.civil).as_secs(),
        }
    }

    /// The moment so many calendar months and then seconds later.
    #[must_use]
    pub fn after(&self, months: i64, seconds: i64) -> Self {
        let span = jiff::Span::new().try_months(months).unwrap_or_default();
        let later = self.civil.saturating_add(span);
        let elapsed = SignedDuration::from_secs(seconds);
        let civil = match &self.zone {
            Some(zone) => match zone.to_timestamp(later).and_then(|at| at.checked_add(elapsed)) {
                Ok(at) => zone.to_datetime(at),
                Err(_) => later.saturating_add(elapsed),
            },
            None => later.saturating_add(elapsed),
        };
        Self { civil, zone: self.zone.clone(), day_only: false }
    }
}

/// As people and machines read it: RFC 3339 with the offset where a zone is known, and without seconds
/// where they are 0.
impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (date, time) = (self.civil.date(), self.civil.time());
        write!(f, "{date}T{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())?;
        let offset = self.zone.as_ref().and_then(|zone| {
            let at = zone.to_timestamp(self.civil).ok()?;
            Some(zone.to_offset(at))
        });
        match offset {
            None => Ok(()),
            Some(offset) if offset == Offset::UTC => f.write_str("Z"),
            Some(offset) => {
                let (sign, seconds) = (if offset.is_negative() { '-' } else { '+' }, offset.seconds().unsigned_abs());
                write!(f, "{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
            }
        }
    }
}

fn pieces(text: &str) -> Option<Moment> {
    let pieces = Pieces::parse(text).ok()?;
    // A zone that is named and not known is an error, not a guess.
    let named = pieces.to_time_zone().ok()?;
    let offset = pieces.offset().map(|_| pieces.to_numeric_offset().unwrap_or(Offset::UTC)).map(TimeZone::fixed);
    let time = pieces.time();
    let written = DateTime::from_parts(pieces.date(), time.unwrap_or_else(Time::midnight));
    // The distance from universal time says the moment, the name beside it whose clock is meant.
    let civil = match (&offset, &named) {
        (Some(offset), Some(named)) => named.to_datetime(offset.to_timestamp(written).ok()?),
        _ => written,
    };
    Some(Moment { civil, zone: named.or(offset), day_only: time.is_none() })
}

fn unix(digits: &str) -> Option<Moment> {
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = digits.parse().ok().filter(|_| only_digits && UNIX_DIGITS.contains(&digits.len()))?;
    let at = if digits.len() == UNIX_DIGITS[0] {
        Timestamp::from_second(number)
    } else {
        Timestamp::from_millisecond(number)
    };
    Some(Moment { civil: TimeZone::UTC.to_datetime(at.ok()?), zone: Some(TimeZone::UTC), day_only: false })
}
