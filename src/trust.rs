//! Trust: how much of the promised time was left when the reply went out.
//!
//! Trust = (1 − reply time ÷ promised time) × 100 (seed 003). Data and arithmetic only: the times are
//! given, in front matter, in the head of a mail, beside the text in an export, or in the thread below.

mod thread;

use serde::Serialize;

use crate::reply::{Facts, Reply, Said};
use crate::text::Span;
use crate::time::{Hours, Moment, Promise, Reader};

/// Why a reply has no trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unmeasured {
    /// No answer was promised for any time.
    NoPromise,
    /// Nothing says when the customer's message came.
    NoReceived,
    /// Nothing says when the reply was sent.
    NoSent,
    /// The promised time is none at all, or was over before the message came.
    ZeroPromise,
    /// The reply was sent before the message came.
    SentBeforeReceived,
    /// A time is given and cannot be read.
    Unreadable,
}

impl Unmeasured {
    /// Its name in JSON and CSV.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoPromise => "no-promise",
            Self::NoReceived => "no-received",
            Self::NoSent => "no-sent",
            Self::ZeroPromise => "zero-promise",
            Self::SentBeforeReceived => "sent-before-received",
            Self::Unreadable => "unreadable",
        }
    }

    /// The same in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoPromise => "no promise",
            Self::NoReceived => "no time of receipt",
            Self::NoSent => "not sent yet",
            Self::ZeroPromise => "a promise of no time",
            Self::SentBeforeReceived => "sent before it was received",
            Self::Unreadable => "a time that cannot be read",
        }
    }
}

/// The trust of one reply.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trust {
    /// The name of the file.
    pub path: String,
    /// Which reply of the file; `None` where the file is one reply.
    pub reply: Option<String>,
    /// (1 − reply time ÷ promised time) × 100, to two decimals; less than 0 where it was late.
    pub trust: Option<f64>,
    /// Whether it was sent after the promised time.
    pub late: bool,
    /// Why there is no trust.
    pub reason: Option<Unmeasured>,
    /// How long the reply took, in seconds.
    pub reply_seconds: Option<i64>,
    /// How long it was to take, in seconds.
    pub promised_seconds: Option<i64>,
    /// Whether these are seconds of business time.
    pub business: bool,
    /// From when on both are measured, as RFC 3339.
    pub from: Option<String>,
    /// When the reply was sent, as RFC 3339.
    pub sent: Option<String>,
    /// The promise as it is written.
    pub promised: Option<String>,
    /// Whether the promise stands in the quoted thread, and not beside the reply.
    pub promised_in_thread: bool,
}

/// The trust of many replies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Overall {
    /// The mean of the replies' trust, to two decimals: each promise counts the same.
    pub trust: Option<f64>,
    /// How many replies have a trust.
    pub measured: usize,
    /// How many were late, with a trust or without.
    pub late: usize,
    /// How many have none.
    pub unmeasured: usize,
}

/// A time that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) at: Span,
    pub(crate) message: String,
}

impl Overall {
    /// Of all of them.
    #[must_use]
    pub fn of(all: &[Trust]) -> Self {
        let known: Vec<f64> = all.iter().filter_map(|one| one.trust).collect();
        let late = all.iter().filter(|one| one.late).count();
        #[expect(clippy::cast_precision_loss, reason = "nobody has so many replies")]
        let mean = (!known.is_empty()).then(|| rounded(known.iter().sum::<f64>() / known.len() as f64));
        Self { trust: mean, measured: known.len(), late, unmeasured: all.len() - known.len() }
    }
}

fn rounded(number: f64) -> f64 {
    // No reply is a negative nothing.
    (number * 100.0).round() / 100.0 + 0.0
}

/// The trust of a reply, by how many seconds it is late, and what cannot be read of its times.
/// `readers` know the words of its language, the best first.
pub(crate) fn of(
    path: &str,
    reply: &Reply,
    facts: &Facts,
    readers: &[&Reader],
    hours: &Hours,
) -> (Trust, Option<i64>, Vec<Unreadable>) {
    let mut unreadable = Vec::new();
    let mut moment = |name: &str, said: &Option<Said>| {
        let said = said.as_ref()?;
        let found = Moment::read(&said.text).or_else(|| thread::dated(&said.text, readers));
        if found.is_none() {
            let message = format!("`{name}: {}` is no time: write it as 2026-03-02T09:00+01:00", said.text);
            unreadable.push(Unreadable { at: said.span, message });
        }
        found
    };
    let sent = moment("sent", &facts.sent);
    let received = moment("received", &facts.received).or_else(|| thread::asked_at(reply, readers));
    let mut from = received.clone();
    let mut trust = Trust {
        path: path.to_owned(),
        reply: reply.location.clone(),
        trust: None,
        late: false,
        reason: None,
        reply_seconds: None,
        promised_seconds: None,
        business: false,
        from: None,
        sent: sent.as_ref().map(Moment::to_string),
        promised: None,
        promised_in_thread: false,
    };
    let promise = match &facts.promised {
        Some(said) => {
            trust.promised = Some(said.text.clone());
            // Words such as `tomorrow` are said when the message came, or as near to that as is known.
            let start = received.as_ref().or(sent.as_ref()).cloned().unwrap_or_else(any_time);
            match Promise::read(&said.text, readers, &start, hours) {
                Ok(promise) => Some(promise),
                Err(error) => {
                    let message = format!("`promised: {}` {error}", said.text);
                    unreadable.push(Unreadable { at: said.span, message });
                    None
                }
            }
        }
        None => thread::promise(reply, readers).and_then(|found| {
            // Heads of mails seldom name a zone; where one is known it is the reader's.
            let start = match (found.made, &received) {
                (Some(made), Some(received)) => made.beside(received),
                (made, received) => made.or_else(|| received.clone())?,
            };
            let promise = Promise::of_words(&found.says, &start, hours)?;
            trust.promised = Some(found.words);
            trust.promised_in_thread = true;
            from = Some(start);
            Some(promise)
        }),
    };
    trust.from = from.as_ref().map(Moment::to_string);
    if !unreadable.is_empty() {
        trust.reason = Some(Unmeasured::Unreadable);
        return (trust, None, unreadable);
    }
    let overdue = measure(&mut trust, promise, from, sent, hours);
    (trust, overdue, unreadable)
}

/// Fills in the numbers, or why there are none; by how many seconds the reply is late.
fn measure(
    trust: &mut Trust,
    promise: Option<Promise>,
    from: Option<Moment>,
    sent: Option<Moment>,
    hours: &Hours,
) -> Option<i64> {
    let (promise, sent, from) = match (promise, sent, from) {
        (None, ..) => {
            trust.reason = Some(Unmeasured::NoPromise);
            return None;
        }
        (_, None, _) => {
            trust.reason = Some(Unmeasured::NoSent);
            return None;
        }
        (Some(promise), Some(sent), None) => {
            trust.reason = Some(Unmeasured::NoReceived);
            // A deadline is missed whenever the message came.
            let Promise::By(deadline) = promise else { return None };
            let overdue = Some(sent.seconds_since(&deadline)).filter(|seconds| *seconds > 0);
            trust.late = overdue.is_some();
            return overdue;
        }
        (Some(promise), Some(sent), Some(from)) => (promise, sent, from),
    };
    let (promised, took) = promise.measure(&from, &sent, hours);
    trust.business = promise.is_business();
    trust.reply_seconds = Some(took);
    trust.promised_seconds = Some(promised);
    if sent.seconds_since(&from) < 0 {
        trust.reason = Some(Unmeasured::SentBeforeReceived);
        return None;
    }
    if promised <= 0 {
        trust.reason = Some(Unmeasured::ZeroPromise);
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "centuries of seconds are exact")]
    let share = took as f64 / promised as f64;
    trust.trust = Some(rounded((1.0 - share) * 100.0));
    let overdue = Some(took - promised).filter(|seconds| *seconds > 0);
    trust.late = overdue.is_some();
    overdue
}

/// A moment, where only the length of time from it counts.
fn any_time() -> Moment {
    Moment { civil: jiff::civil::DateTime::constant(2024, 1, 1, 9, 0, 0, 0), zone: None, day_only: false }
}
