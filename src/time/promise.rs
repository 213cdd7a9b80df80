use super::{Hours, Moment, Reader, Says, Unit};

/// A time that was promised.
#[derive(Clone, Debug, PartialEq)]
pub enum Promise {
    /// So long: calendar months, then seconds. A day has 24 hours.
    Within {
        /// Months.
        months: i64,
        /// Seconds.
        seconds: i64,
    },
    /// So much business time.
    Business {
        /// Working days.
        days: f64,
        /// Hours.
        hours: f64,
    },
    /// Until then.
    By(Moment),
}

/// Why a text is no promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromiseError {
    /// It says nothing that can be read.
    Unreadable,
    /// It says soon, and no time.
    Vague,
    /// It is less than nothing.
    Negative,
    /// It is a number of nothing.
    NoUnit,
}

impl std::fmt::Display for PromiseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unreadable => {
                "is no promise: write a duration (24h, 1d, PT8H, 2 business days) or a deadline (2026-03-02T17:00+01:00)"
            }
            Self::Vague => "names no time: write a duration (24h) or a deadline",
            Self::Negative => "is less than no time",
            Self::NoUnit => "is a number without a unit: write 24h or 1d",
        })
    }
}

impl Promise {
    /// Reads a promise as front matter and exports write it: a duration (`24h`, `1d 12h`, `PT8H`), a
    /// deadline (as [`Moment::read`]; a day alone is kept until it ends), or the words of a language, from
    /// `start` on and in the `hours` that count.
    ///
    /// # Errors
    ///
    /// If it is none of these.
    pub fn read(text: &str, readers: &[&Reader], start: &Moment, hours: &Hours) -> Result<Self, PromiseError> {
        let text = text.trim();
        if text == "0" {
            return Ok(Self::Within { months: 0, seconds: 0 });
        }
        if let Some(moment) = Moment::read(text) {
            return Ok(Self::By(moment.at_end_of_day()));
        }
        if text.parse::<f64>().is_ok() {
            return Err(PromiseError::NoUnit);
        }
        if let Ok(span) = text.parse::<jiff::Span>() {
            return of_span(span);
        }
        for reader in readers {
            if let Some(says) = reader.whole(text) {
                return Self::of_words(&says, start, hours).ok_or(PromiseError::Vague);
            }
        }
        Err(PromiseError::Unreadable)
    }

    /// The promise that words made at `start` are; `None` if they are vague. Of a range, the later end
    /// counts.
    #[must_use]
    pub fn of_words(says: &Says, start: &Moment, hours: &Hours) -> Option<Self> {
        Some(match says {
            Says::Vague => return None,
            Says::By(point) => Self::By(point.moment(start, hours)),
            Says::Within { most, .. } => match (most.business, most.unit) {
                (true, Unit::Day) => Self::Business { days: most.count, hours: 0.0 },
                (true, Unit::Hour) => Self::Business { days: 0.0, hours: most.count },
                (true, Unit::Minute) => Self::Business { days: 0.0, hours: most.count / 60.0 },
                (_, Unit::Month) => Self::Within { months: whole(most.count), seconds: 0 },
                (_, unit) => Self::Within { months: 0, seconds: whole(most.count * unit.seconds()) },
            },
        })
    }

    /// How much time was promised at `start`, and how much was taken by `end`, in seconds of the same
    /// kind: business time where that was promised, else time as it passes.
    #[must_use]
    pub fn measure(&self, start: &Moment, end: &Moment, hours: &Hours) -> (i64, i64) {
        let passed = end.seconds_since(start);
        match self {
            Self::Within { months, seconds } => (start.after(*months, *seconds).seconds_since(start), passed),
            #[expect(clippy::cast_precision_loss, reason = "a day has few seconds")]
            Self::Business { days, hours: of_hours } => {
                let promised = days * hours.day_seconds() as f64 + of_hours * 3600.0;
                (whole(promised), hours.between(start, end))
            }
            Self::By(deadline) => (deadline.beside(start).seconds_since(start), passed),
        }
    }

    /// Whether it counts business time.
    #[must_use]
    pub fn is_business(&self) -> bool {
        matches!(self, Self::Business { .. })
    }
}

fn of_span(span: jiff::Span) -> Result<Promise, PromiseError> {
    if span.is_negative() {
        return Err(PromiseError::Negative);
    }
    let months = i64::from(span.get_years()) * 12 + i64::from(span.get_months());
    let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    let parts = [
        days.checked_mul(86400),
        i64::from(span.get_hours()).checked_mul(3600),
        span.get_minutes().checked_mul(60),
        Some(span.get_seconds()),
        Some(span.get_milliseconds() / 1000),
    ];
    let seconds = parts.into_iter().try_fold(0_i64, |sum, part| sum.checked_add(part?));
    Ok(Promise::Within { months, seconds: seconds.ok_or(PromiseError::Unreadable)? })
}

#[expect(clippy::cast_possible_truncation, reason = "a number that is too large becomes the largest")]
fn whole(number: f64) -> i64 {
    number.round() as i64
}

/// A length of time in short: `45 min`, `6 h`, `2 d 3 h`. Days have 24 hours.
#[must_use]
pub fn spoken(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let total = seconds.unsigned_abs();
    let parts = [(total / 86400, "d"), (total / 3600 % 24, "h"), (total / 60 % 60, "min"), (total % 60, "s")];
    let Some(first) = parts.iter().position(|(count, _)| *count > 0) else { return "0 min".to_owned() };
    let shown = parts.iter().skip(first).take(2).filter(|(count, _)| *count > 0);
    let shown: Vec<String> = shown.map(|(count, unit)| format!("{count} {unit}")).collect();
    format!("{sign}{}", shown.join(" "))
}
