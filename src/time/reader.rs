//! The reader of what people say of times: a small grammar over the words of a pack.

use std::collections::HashMap;
use std::sync::OnceLock;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{Offset, TimeZone};

use super::words::Role;
use super::{Hours, Moment, TimeWords, Unit};
use crate::text::Span;

/// Words in a row that are passed over; more would make a long row of them slow.
const MOST_SKIPPED: usize = 4;
/// Nobody promises more of any unit.
const MOST: f64 = 1e6;

/// What a text says of a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Where, in bytes of the text.
    pub span: Span,
    /// What.
    pub says: Says,
}

/// A promise of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Promised {
    /// Where its time stands, in bytes of the text.
    pub span: Span,
    /// What its time is.
    pub says: Says,
    /// Whether its sentence spoke of an answer before it promised anything: `Please reply by noon, or I will
    /// call you on Friday`.
    pub after_request: bool,
}

/// What words say of a time.
#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// So long; both ends are the same where it is no range.
    Within {
        /// The earlier end.
        least: Amount,
        /// The later end, which is what was promised.
        most: Amount,
    },
    /// Until then.
    By(Point),
    /// Soon, and no time.
    Vague,
}

/// So many of a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// How many.
    pub count: f64,
    /// Of what.
    pub unit: Unit,
    /// Whether only business time counts.
    pub business: bool,
}

/// A length of time, as far as it can be compared with others: 48 hours are two days, two business days are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length {
    business: Option<Unit>,
    /// Minutes by the clock; business hours and days count their own, in hundredths.
    count: u32,
}

impl Length {
    fn of(amount: Amount) -> Self {
        let business = amount.business.then_some(amount.unit);
        let each = if business.is_some() { 100.0 } else { amount.unit.seconds() / 60.0 };
        // An amount is below a million; a conversion of floats to whole numbers stops at the greatest.
        Self { business, count: (amount.count * each).round() as u32 }
    }
}

/// A language's words for times, and their reader where it was needed.
#[derive(Debug)]
pub struct Times {
    words: TimeWords,
    reader: OnceLock<Reader>,
}

impl Times {
    /// The words, not yet read.
    #[must_use]
    pub fn new(words: TimeWords) -> Self {
        Self { words, reader: OnceLock::new() }
    }

    /// Their reader.
    pub fn reader(&self) -> &Reader {
        self.reader.get_or_init(|| Reader::new(&self.words))
    }
}

/// A day, a time of day, or both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The day; `None` is the next on which the time of day comes.
    pub day: Option<Day>,
    /// The time of day; `None` is the day's end.
    pub clock: Option<Time>,
    /// Whether it is the hour at which business closes.
    pub closes: bool,
    /// Where the time of day is written with its distance from universal time.
    pub offset: Option<Offset>,
}

/// A day as it is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// So many days from today.
    In(i32),
    /// A weekday, 0 for Monday; that of the next calendar week, where that is said.
    Weekday(i8, bool),
    /// A date; the next one, where no year is said.
    Date(Option<i16>, i8, i8),
    /// The end of this or the next day, week or month.
    End(Period, bool),
}

/// What can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// The working day.
    Day,
    /// The working week.
    Week,
    /// The month.
    Month,
}

/// Reads times in one language.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// By its first token, each entry's tokens and role.
    entries: HashMap<String, Vec<(Vec<String>, Role)>>,
}

struct Token<'t> {
    span: Span,
    text: &'t str,
}

/// The tokens of a folded text, and the reader's words.
struct Line<'r, 't> {
    reader: &'r Reader,
    tokens: Vec<Token<'t>>,
}

impl Reader {
    /// A reader with a language's words.
    #[must_use]
    pub fn new(words: &TimeWords) -> Self {
        let mut entries: HashMap<String, Vec<(Vec<String>, Role)>> = HashMap::new();
        for (written, role) in words.roles() {
            let folded = fold(written);
            let tokens: Vec<String> = tokens(&folded).iter().map(|token| token.text.to_owned()).collect();
            if let Some(first) = tokens.first() {
                entries.entry(first.clone()).or_default().push((tokens, role));
            }
        }
        Self { entries }
    }

    /// All that a text says of times, in order. Two do not overlap.
    #[must_use]
    pub fn read(&self, text: &str) -> Vec<Expression> {
        let folded = fold(text);
        let line = self.line(&folded);
        let mut found = Vec::new();
        let mut at = 0;
        while at < line.tokens.len() {
            match line.expression(at) {
                Some((says, end)) if end > at => {
                    found.push(Expression { span: line.span(at, end), says });
                    at = end;
                }
                _ => at += 1,
            }
        }
        found
    }

    /// What a text says that is nothing but a time: `2 business days` too, with no word before it.
    #[must_use]
    pub fn whole(&self, text: &str) -> Option<Says> {
        let folded = fold(text);
        let line = self.line(&folded);
        let amount = || line.amounts(0).map(|(least, most, end)| (Says::Within { least, most }, end));
        let (says, end) = line.expression(0).filter(|(_, end)| *end == line.tokens.len()).or_else(amount)?;
        (end == line.tokens.len()).then_some(says)
    }

    /// The last length of time that a text names; of a range, its end, for that is what is promised. `None` where
    /// there is no number or no unit.
    #[must_use]
    pub fn length(&self, text: &str) -> Option<Length> {
        let folded = fold(text);
        let line = self.line(&folded);
        let mut last = None;
        let mut at = 0;
        while at < line.tokens.len() {
            match line.amounts(at) {
                Some((_, most, end)) if end > at => {
                    last = Some(Length::of(most));
                    at = end;
                }
                _ => at += 1,
            }
        }
        last
    }

    /// The promises of an answer in a text, in order: sentences that promise (`we will`), say what (`get
    /// back`) and when. A question promises nothing.
    #[must_use]
    pub fn promises(&self, text: &str) -> Vec<Promised> {
        let mut start = 0;
        let ends = text.match_indices(['.', '!', '?', '\n']).filter(|(at, sign)| {
            let next = text[at + sign.len()..].chars().next();
            // A line break in a sentence is a space; an empty line ends it.
            if *sign == "\n" { matches!(next, Some('\n' | '\r')) } else { next.is_none_or(char::is_whitespace) }
        });
        let ends = ends.map(|(at, sign)| at + sign.len()).chain([text.len()]);
        let found = ends.filter_map(|end| {
            let sentence = Span::new(std::mem::replace(&mut start, end), end);
            let found = self.promised(sentence.of(text))?;
            let span = Span::new(sentence.start + found.span.start, sentence.start + found.span.end);
            Some(Promised { span, ..found })
        });
        found.collect()
    }

    /// The promise of an answer in a sentence: its time stands after the answer, between the words that
    /// promise and the answer, or before them all.
    fn promised(&self, sentence: &str) -> Option<Promised> {
        if sentence.ends_with('?') {
            return None;
        }
        let folded = fold(sentence);
        let line = self.line(&folded);
        let places = |role: Role| {
            let tokens = (0..line.tokens.len()).filter(|at| line.is(*at, role).is_some());
            tokens.map(|at| line.span(at, at + 1).start).collect::<Vec<usize>>()
        };
        let promises = places(Role::Promise);
        let answers = if promises.is_empty() { promises.clone() } else { places(Role::Answer) };
        let (first_promise, first_answer) = (*promises.first()?, *answers.first()?);
        let mut times = self.read(sentence);
        times.retain(|found| found.says != Says::Vague);
        for answer in answers {
            let later = promises.partition_point(|promise| *promise <= answer);
            let Some(promise) = later.checked_sub(1).and_then(|index| promises.get(index)) else { continue };
            let next = promises.get(later).copied().unwrap_or(sentence.len());
            let before = times.partition_point(|time| time.span.start < answer);
            let earlier = before.checked_sub(1).and_then(|index| times.get(index));
            let is_first = answer == first_answer && *promise == first_promise;
            let time = times.get(before).filter(|time| time.span.start < next);
            let time = time.or_else(|| earlier.filter(|time| is_first || time.span.start > *promise));
            if let Some(time) = time {
                let after_request = first_answer < first_promise;
                return Some(Promised { span: time.span, says: time.says.clone(), after_request });
            }
        }
        None
    }

    /// The date and time that a text names with its year, as the line above a quoted mail does.
    #[must_use]
    pub fn dated(&self, text: &str) -> Option<Moment> {
        self.read(text).into_iter().find_map(|found| {
            let Says::By(Point { day: Some(Day::Date(Some(year), month, day)), clock, offset, .. }) = found.says else {
                return None;
            };
            let date = Date::new(year, month, day).ok()?;
            let zone = offset.map(TimeZone::fixed);
            Some(Moment { day_only: clock.is_none(), ..Moment::new(date, clock.unwrap_or_else(Time::midnight), zone) })
        })
    }

    /// Whether a line begins as the line of a mail's head that says when it was sent.
    #[must_use]
    pub fn says_sent(&self, line: &str) -> bool {
        let folded = fold(line);
        let line = self.line(&folded);
        let first = line.tokens.iter().position(|token| token.text.chars().all(char::is_alphabetic));
        let end = first.and_then(|at| line.is(at, Role::Sent));
        end.is_some_and(|end| line.tokens.iter().skip(end).take(2).any(|token| token.text == ":"))
    }

    fn line<'r, 't>(&'r self, folded: &'t str) -> Line<'r, 't> {
        Line { reader: self, tokens: tokens(folded) }
    }
}

impl Line<'_, '_> {
    fn span(&self, first: usize, end: usize) -> Span {
        let at = |index: usize| self.tokens.get(index).map_or(Span::new(0, 0), |token| token.span);
        Span::new(at(first).start, at(end.saturating_sub(1)).end)
    }

    /// The longest entry at a token of which `want` makes something, and the token after it.
    fn entry<T>(&self, at: usize, want: impl Fn(Role) -> Option<T>) -> Option<(T, usize)> {
        let entries = self.reader.entries.get(self.tokens.get(at)?.text)?;
        let fits = |words: &[String]| {
            words
                .iter()
                .enumerate()
                .all(|(index, word)| self.tokens.get(at + index).is_some_and(|one| one.text == word))
        };
        let found = entries.iter().filter(|(words, _)| fits(words));
        let found = found.filter_map(|(words, role)| want(*role).map(|made| (made, at + words.len())));
        found.max_by_key(|(_, end)| *end)
    }

    /// The token after an entry of a role.
    fn is(&self, at: usize, role: Role) -> Option<usize> {
        self.entry(at, |one| (one == role).then_some(())).map(|(_, end)| end)
    }

    fn skip(&self, mut at: usize, roles: &[Role]) -> usize {
        for _ in 0..MOST_SKIPPED {
            let Some((_, end)) = self.entry(at, |one| roles.contains(&one).then_some(())) else { break };
            at = end;
        }
        at
    }

    fn sign(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text)
    }

    fn expression(&self, at: usize) -> Option<(Says, usize)> {
        if let Some(end) = self.is(at, Role::Vague) {
            return Some((Says::Vague, end));
        }
        if let Some(after) = self.is(at, Role::Within)
            && let Some((least, most, end)) = self.amounts(self.skip(after, &[Role::About, Role::Next]))
        {
            return Some((Says::Within { least, most }, end));
        }
        let after = self.is(at, Role::By).map(|end| self.skip(end, &[Role::About]));
        let (point, end) = self.point(after.unwrap_or(at))?;
        Some((Says::By(point), end))
    }

    /// `two hours`, `1–2 business days`, `an hour or two`, `24h`.
    fn amounts(&self, at: usize) -> Option<(Amount, Amount, usize)> {
        let (low, at) = self.number(at)?;
        let (high, at) = match self.is(at, Role::Range).and_then(|next| self.number(next)) {
            Some((high, at)) => (high, at),
            None => (low, at),
        };
        let at = self.skip(at, &[Role::About]);
        let (business, at) = self.is(at, Role::Business).map_or((false, at), |end| (true, end));
        let (unit, at) = self.entry(at, |role| if let Role::Unit(unit) = role { Some(unit) } else { None })?;
        // `an hour or two`
        let (high, at) = match self.is(at, Role::Range).and_then(|next| self.number(next)) {
            Some((more, end)) if more > high && self.unit_at(end).is_none() => (more, end),
            _ => (high, at),
        };
        let amount = |count| Amount { count, unit, business };
        Some((amount(low.min(high)), amount(low.max(high)), at))
    }

    fn unit_at(&self, at: usize) -> Option<usize> {
        self.entry(at, |role| matches!(role, Role::Unit(_) | Role::Business).then_some(())).map(|(_, end)| end)
    }

    fn number(&self, at: usize) -> Option<(f64, usize)> {
        let token = self.tokens.get(at)?.text;
        if token.starts_with(|ch: char| ch.is_ascii_digit()) {
            let number: f64 = token.replace(',', ".").parse().ok()?;
            return (number <= MOST).then_some((number, at + 1));
        }
        self.entry(at, |role| if let Role::Number(number) = role { Some(number) } else { None })
    }

    /// A whole number of so many digits at most.
    fn digits(&self, at: usize, most: usize) -> Option<i16> {
        let text = self.sign(at);
        (text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
    }

    fn point(&self, at: usize) -> Option<(Point, usize)> {
        let point = |day, clock, offset| Point { day, clock, closes: false, offset };
        let joined = |end| self.skip(end, &[Role::Join, Role::By]);
        if let Some(end) = self.is(at, Role::Close) {
            // `close of business on Friday`: the day may follow.
            let (day, end) = self.named_day(joined(end)).unwrap_or((Day::In(0), end));
            return Some((Point { closes: true, ..point(Some(day), None, None) }, end));
        }
        if let Some((clock, offset, end)) = self.clock(at) {
            return Some(match self.day(joined(end)) {
                Some((day, end)) => (point(Some(day), Some(clock), offset), end),
                None => (point(None, Some(clock), offset), end),
            });
        }
        let (day, end) = self.day(at)?;
        Some(match self.clock(joined(end)) {
            Some((clock, offset, end)) => (point(Some(day), Some(clock), offset), end),
            None => (point(Some(day), None, None), end),
        })
    }

    fn day(&self, at: usize) -> Option<(Day, usize)> {
        if let Some(end) = self.is(at, Role::End)
            && let Some(found) = self.period(end)
        {
            return Some(found);
        }
        self.named_day(at).or_else(|| {
            let next = self.is(at, Role::Next).is_some() || self.is(at, Role::This).is_some();
            next.then(|| self.period(at)).flatten()
        })
    }

    /// `this week`, `next month`, `the day`.
    fn period(&self, at: usize) -> Option<(Day, usize)> {
        let (next, at) = match (self.is(at, Role::Next), self.is(at, Role::This)) {
            (Some(end), _) => (true, end),
            (None, Some(end)) => (false, end),
            (None, None) => (false, at),
        };
        let (period, end) = self.entry(at, |role| match role {
            Role::Unit(Unit::Day) => Some(Period::Day),
            Role::Unit(Unit::Week) => Some(Period::Week),
            Role::Unit(Unit::Month) => Some(Period::Month),
            _ => None,
        })?;
        Some((Day::End(period, next), end))
    }

    fn named_day(&self, at: usize) -> Option<(Day, usize)> {
        if let Some(found) = self.date(at) {
            return Some(found);
        }
        if let Some(found) = self.entry(at, |role| if let Role::Day(days) = role { Some(Day::In(days)) } else { None })
        {
            return Some(found);
        }
        let (next, start) = match (self.is(at, Role::Next), self.is(at, Role::This)) {
            (Some(end), _) => (true, end),
            (None, Some(end)) => (false, end),
            (None, None) => (false, at),
        };
        let (day, end) = self.entry(start, |role| if let Role::Weekday(day) = role { Some(day) } else { None })?;
        // The date that follows a weekday says more.
        let dated = self.date(self.skip(end, &[Role::Join]));
        Some(dated.unwrap_or((Day::Weekday(day, next), end)))
    }

    /// `2026-03-02`, `2 March 2026`, `the 2nd of March`, `March 2nd, 2026`.
    fn date(&self, at: usize) -> Option<(Day, usize)> {
        if self.sign(at).len() == 4 && self.sign(at + 1) == "-" && self.sign(at + 3) == "-" {
            let (year, month, day) = (self.digits(at, 4)?, self.digits(at + 2, 2)?, self.digits(at + 4, 2)?);
            return valid(Some(year), month, day).map(|day| (day, at + 5));
        }
        let month =
            |at| self.entry(at, |role| if let Role::Month(month) = role { Some(i16::from(month)) } else { None });
        let day = |at: usize| {
            let number = self.digits(at, 2)?;
            Some((number, self.is(at + 1, Role::Ordinal).unwrap_or(at + 1)))
        };
        let start = self.skip(at, &[Role::About]);
        let (day, month, end) = match month(start) {
            Some((month, end)) => {
                // `Mar. 2`
                let end = if self.sign(end) == "." { end + 1 } else { end };
                let (day, end) = day(end)?;
                (day, month, end)
            }
            None => {
                let (day, end) = day(start)?;
                let end = if self.sign(end) == "." { end + 1 } else { end };
                let (month, end) = month(self.skip(end, &[Role::Join]))?;
                (day, month, end)
            }
        };
        let comma = if self.sign(end) == "," { end + 1 } else { end };
        let is_clock = self.sign(comma + 1) == ":" && self.digits(comma + 2, 2).is_some();
        let year = self.digits(comma, 4).filter(|_| self.sign(comma).len() == 4 && !is_clock);
        let end = if year.is_some() { comma + 1 } else { end };
        valid(year, month, day).map(|day| (day, end))
    }

    /// `17:00`, `5 pm`, `5.30 pm`, `noon`, `5 o'clock`, `09:00:00 +0100`.
    fn clock(&self, at: usize) -> Option<(Time, Option<Offset>, usize)> {
        if let Some((time, end)) = self.entry(at, |role| if let Role::Clock(time) = role { Some(time) } else { None }) {
            return Some((time, None, end));
        }
        let (hour, minute, second, mut end, sure) = match self.sign(at).split_once('.') {
            Some((hour, minute)) => {
                (hour.parse().ok()?, minute.parse().ok().filter(|_| minute.len() == 2)?, 0, at + 1, false)
            }
            None => {
                let hour = self.digits(at, 2)?;
                let minute = (self.sign(at + 1) == ":").then(|| self.digits(at + 2, 2)).flatten();
                let second = minute.and_then(|_| (self.sign(at + 3) == ":").then(|| self.digits(at + 4, 2)).flatten());
                let end = at + 1 + 2 * usize::from(minute.is_some()) + 2 * usize::from(second.is_some());
                (hour, minute.unwrap_or(0), second.unwrap_or(0), end, minute.is_some())
            }
        };
        let (is_am, is_pm) = (self.is(end, Role::Am), self.is(end, Role::Pm));
        let on_the_hour = self.is(end, Role::OClock);
        let marked = is_am.or(is_pm).or(on_the_hour);
        if !sure && marked.is_none() {
            return None;
        }
        let hour = match (is_am, is_pm) {
            (Some(_), _) if (1..=12).contains(&hour) => hour % 12,
            (_, Some(_)) if (1..=12).contains(&hour) => hour % 12 + 12,
            // Nobody promises five o'clock in the morning.
            _ if on_the_hour.is_some() && (1..8).contains(&hour) => hour + 12,
            _ => hour,
        };
        end = marked.unwrap_or(end);
        let small = |number: i16| i8::try_from(number).ok();
        // 24:00 is the day's last minute, for what can be kept by then.
        let time = if (hour, minute) == (24, 0) {
            Time::new(23, 59, 59, 0).ok()?
        } else {
            Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?
        };
        let (offset, end) = self.offset(end).map_or((None, end), |(offset, end)| (Some(offset), end));
        Some((time, offset, end))
    }

    /// `+0100`, `-05:00`, `UTC`.
    fn offset(&self, at: usize) -> Option<(Offset, usize)> {
        if let Some(end) = self.is(at, Role::Utc) {
            return Some(self.offset(end).unwrap_or((Offset::UTC, end)));
        }
        let sign = match self.sign(at) {
            "+" => 1,
            "-" => -1,
            _ => return None,
        };
        let (hours, minutes, end) = if self.sign(at + 1).len() == 4 {
            let both = i32::from(self.digits(at + 1, 4)?);
            (both / 100, both % 100, at + 2)
        } else if self.sign(at + 1).len() == 2 && self.sign(at + 2) == ":" {
            (i32::from(self.digits(at + 1, 2)?), i32::from(self.digits(at + 3, 2)?), at + 4)
        } else {
            return None;
        };
        Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok().map(|offset| (offset, end))
    }
}

fn valid(year: Option<i16>, month: i16, day: i16) -> Option<Day> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    // Without a year, the 29th of February may be meant.
    Date::new(year.unwrap_or(2024), month, day).ok().map(|_| Day::Date(year, month, day))
}

impl Point {
    /// The moment that is meant by these words, said at `from`.
    #[must_use]
    pub fn moment(&self, from: &Moment, hours: &Hours) -> Moment {
        let zone = self.offset.map(TimeZone::fixed).or_else(|| from.zone.clone());
        let from = match &zone {
            Some(zone) => from.civil_in(zone),
            None => from.civil,
        };
        let today = from.date();
        let next = |date: Date| date.tomorrow().unwrap_or(Date::MAX);
        let add = |date: Date, days: i32| date.saturating_add(jiff::Span::new().try_days(days).unwrap_or_default());
        let at = |date: Date, clock: Time| Moment::new(date, clock, zone.clone());
        let at_end = |date: Date| at(next(date), Time::midnight());
        let clock = self.clock.or_else(|| self.closes.then(|| hours.closes()));
        let on = |date: Date| clock.map_or_else(|| at_end(date), |clock| at(date, clock));
        match self.day {
            None => {
                let clock = self.clock.unwrap_or_else(Time::midnight);
                at(if clock > from.time() { today } else { next(today) }, clock)
            }
            Some(Day::In(days)) => on(add(today, days)),
            Some(Day::Weekday(day, of_next_week)) => {
                let now = today.weekday().to_monday_zero_offset();
                let ahead = i32::from((day - now).rem_euclid(7));
                let ahead = if of_next_week { i32::from(7 - now + day) } else { ahead };
                let past = ahead == 0 && clock.is_some_and(|clock| clock <= from.time());
                on(add(today, if past { 7 } else { ahead }))
            }
            Some(Day::Date(year, month, day)) => {
                let of = |year: i16| Date::new(year, month, day).ok();
                let years = today.year()..=today.year().saturating_add(8);
                let date = match year {
                    Some(year) => of(year),
                    None => years.into_iter().filter_map(of).find(|date| *date >= today),
                };
                on(date.unwrap_or(today))
            }
            Some(Day::End(period, of_next)) => {
                let clock = self.clock.unwrap_or_else(|| hours.closes());
                let last_working = |date: Date| {
                    let week = (0..7).map(|back| add(date, -back));
                    week.into_iter().find(|day| hours.works_on(*day)).unwrap_or(date)
                };
                match period {
                    Period::Day => at(if of_next { next(today) } else { today }, clock),
                    Period::Week => {
                        let to_sunday = i32::from(
                            Weekday::Sunday.to_monday_zero_offset() - today.weekday().to_monday_zero_offset(),
                        );
                        at(last_working(add(today, to_sunday + 7 * i32::from(of_next))), clock)
                    }
                    Period::Month => {
                        let month = if of_next { next(today.last_of_month()) } else { today };
                        at_end(month.last_of_month())
                    }
                }
            }
        }
    }
}

/// Lower case with plain quotes, of the same length in bytes.
fn fold(text: &str) -> String {
    text.chars().map(|ch| folded(ch).filter(|one| one.len_utf8() == ch.len_utf8()).unwrap_or(ch)).collect()
}

fn folded(ch: char) -> Option<char> {
    let mut lower = ch.to_lowercase();
    lower.next().filter(|_| lower.next().is_none())
}

/// Words, numbers and signs; white space is left out, and curly quotes are read as straight ones.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, ch)) = chars.next() {
        if ch.is_whitespace() {
            continue;
        }
        let mut end = start + ch.len_utf8();
        if ch.is_ascii_digit() {
            while let Some((at, next)) = chars.peek().copied() {
                let decimal = matches!(next, '.' | ',') && text[at + 1..].starts_with(|ch: char| ch.is_ascii_digit());
                if !next.is_ascii_digit() && !decimal {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
        } else if ch.is_alphabetic() {
            while let Some((at, next)) = chars.peek().copied().filter(|(_, next)| next.is_alphabetic()) {
                end = at + next.len_utf8();
                chars.next();
            }
        }
        let written = &text[start..end];
        let text = if written == "’" { "'" } else { written };
        tokens.push(Token { span: Span::new(start, end), text });
    }
    tokens
}
