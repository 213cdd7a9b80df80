//! Who said what in the thread that a reply quotes, and what was promised there.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::reply::{Head, Person, Reply, Turn};
use crate::text::Span;
use crate::time::{Moment, Promised, Reader, Says};

/// A greeting has no more words.
const GREETING_WORDS: usize = 6;

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Ours,
    Theirs,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Ours => Self::Theirs,
            Self::Theirs => Self::Ours,
        }
    }

    /// Of a turn that is so many further in the thread than one of this side: people take turns.
    fn after(self, turns: usize) -> Self {
        if turns.is_multiple_of(2) { self } else { self.other() }
    }
}

/// A promise in the thread that a reply quotes.
pub(super) struct Found {
    pub(super) says: Says,
    /// When it was made, if the head of its mail says so.
    pub(super) made: Option<Moment>,
    pub(super) words: String,
}

/// The date and time that a text names.
pub(super) fn dated(text: &str, readers: &[&Reader]) -> Option<Moment> {
    readers.iter().find_map(|reader| reader.dated(text))
}

/// When the mail below a head was sent: the subject may name a date as well.
fn sent_at(head: &Head, readers: &[&Reader]) -> Option<Moment> {
    let mut lines = head.text.lines().filter(|line| readers.iter().any(|reader| reader.says_sent(line)));
    lines.find_map(|line| dated(line, readers)).or_else(|| dated(&head.text, readers))
}

/// When the message that is answered was sent, as the heads of what is quoted say.
pub(super) fn asked_at(reply: &Reply, readers: &[&Reader]) -> Option<Moment> {
    let mut heads = reply.turns.iter().filter_map(|turn| turn.head.as_ref()).collect::<Vec<_>>();
    // Turns share heads.
    heads.dedup_by(|one, other| Arc::ptr_eq(one, other));
    dated(reply.quoted_head.text(), readers).or_else(|| heads.into_iter().find_map(|head| sent_at(head, readers)))
}

/// The promise of an answer that is still to be kept: the first one in our latest message of the thread. What
/// we promised before was answered by that message. A message of which nobody knows whose it is counts as
/// ours where it promises without having asked for an answer first.
pub(super) fn promise(reply: &Reply, readers: &[&Reader]) -> Option<Found> {
    let sides = sides(reply, readers);
    let mut turns: Vec<(&Turn, Option<Side>)> = reply.turns.iter().zip(sides).collect();
    turns.sort_by_key(|(turn, _)| turn.back);
    let mut latest = None;
    for (turn, side) in turns {
        if latest.is_some_and(|back| back < turn.back) {
            break;
        }
        if side == Some(Side::Theirs) {
            continue;
        }
        if side == Some(Side::Ours) {
            latest = Some(turn.back);
        }
        let said = turn.words.of(reply.quoted.text());
        let counts = |found: &Promised| side.is_some() || !found.after_request;
        let found = readers.iter().find_map(|reader| reader.promises(said).into_iter().find(counts));
        if let Some(found) = found {
            return Some(Found {
                words: found.span.of(said).split_whitespace().collect::<Vec<_>>().join(" "),
                says: found.says,
                made: turn.head.as_deref().and_then(|head| sent_at(head, readers)),
            });
        }
    }
    None
}

/// Whose each turn is: as its head names them, or else by the turns around it that are known.
fn sides(reply: &Reply, readers: &[&Reader]) -> Vec<Option<Side>> {
    let people = People::of(reply);
    let mut last: Option<(&Head, Option<Side>)> = None;
    let named = reply.turns.iter().map(|turn| {
        let head = turn.head.as_deref()?;
        match last {
            Some((known, side)) if std::ptr::eq(known, head) => side,
            _ => {
                let side = people.side_of(&head.author, readers);
                last = Some((head, side));
                side
            }
        }
    });
    let named: Vec<Option<Side>> = named.collect();
    let mut known: BTreeMap<usize, Side> = BTreeMap::new();
    for (turn, side) in reply.turns.iter().zip(&named) {
        if let Some(side) = side {
            known.entry(turn.back).or_insert(*side);
        }
    }
    let around = |turn: &Turn| {
        let newer = known.range(..=turn.back).next_back().map(|(back, side)| side.after(turn.back - back));
        let older = known.range(turn.back..).next().map(|(back, side)| side.after(back - turn.back));
        match (newer, older) {
            (Some(newer), Some(older)) => (newer == older).then_some(newer),
            (newer, older) => newer.or(older),
        }
    };
    // Where heads name people and nothing says which of them we are, nobody knows.
    let names_nobody = |turn: &Turn| turn.head.as_deref().is_none_or(|head| sent_at(head, readers).is_none());
    let by_depth = |turn: &Turn| Side::Theirs.after(turn.back.saturating_sub(1));
    let of = |(turn, named): (&Turn, Option<Side>)| {
        if named.is_some() {
            named
        } else if !known.is_empty() {
            around(turn)
        } else {
            (!reply.from.is_empty() || names_nobody(turn)).then(|| by_depth(turn))
        }
    };
    reply.turns.iter().zip(named).map(of).collect()
}

/// Who writes the reply and to whom, by names and addresses.
struct People<'r> {
    ours: &'r [Person],
    theirs: Vec<&'r Person>,
    /// Whom the reply greets.
    greeted: Vec<String>,
    /// The domains of our addresses at which no customer is.
    domains: Vec<String>,
}

impl<'r> People<'r> {
    fn of(reply: &'r Reply) -> Self {
        let ours = reply.from.as_slice();
        let is_ours = |one: &&Person| ours.iter().any(|own| own.address.eq_ignore_ascii_case(&one.address));
        let theirs: Vec<&Person> = reply.to.iter().filter(|one| one.address.is_empty() || !is_ours(one)).collect();
        let domain = |one: &Person| one.address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
        let their_domains: Vec<String> = theirs.iter().filter_map(|one| domain(one)).collect();
        let domains = ours.iter().filter_map(domain).filter(|one| !their_domains.contains(one)).collect();
        let own_names: Vec<String> = ours.iter().flat_map(names).collect();
        let greeted = greeted(reply).into_iter().filter(|name| !own_names.contains(name)).collect();
        Self { ours, theirs, greeted, domains }
    }

    /// Whose name or address a line is that says who wrote; `None` where it fits both as well, or neither.
    fn side_of(&self, author: &str, readers: &[&Reader]) -> Option<Side> {
        let is_around = |ch: char| ch.is_whitespace() || "<>()[]:;,\"'*".contains(ch);
        let addresses: Vec<String> =
            author.split(is_around).filter(|one| one.contains('@')).map(str::to_lowercase).collect();
        let words = words_of_author(author, readers);
        let fits = |one: &Person| {
            let names = names(one);
            let said = names.iter().filter(|name| words.contains(name)).count();
            if addresses.contains(&one.address.to_lowercase()) {
                3
            } else if said == names.len() && said > 1 {
                2
            } else {
                usize::from(said > 0)
            }
        };
        let at_ours = addresses.iter().filter_map(|one| one.rsplit_once('@'));
        let at_ours = at_ours.into_iter().any(|(_, domain)| self.domains.iter().any(|own| own == domain));
        let ours = self.ours.iter().map(fits).chain([2 * usize::from(at_ours)]).max().unwrap_or(0);
        let is_greeted = self.greeted.iter().any(|name| words.contains(name));
        let theirs = self.theirs.iter().map(|one| fits(one)).chain([usize::from(is_greeted)]).max().unwrap_or(0);
        match ours.cmp(&theirs) {
            std::cmp::Ordering::Greater => Some(Side::Ours),
            std::cmp::Ordering::Less => Some(Side::Theirs),
            std::cmp::Ordering::Equal => None,
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|ch: char| !ch.is_alphanumeric()).filter(|word| word.chars().nth(1).is_some())
}

/// The words of a person's name, in lower case.
fn names(person: &Person) -> Vec<String> {
    if person.name.contains('@') {
        return Vec::new();
    }
    let has_capitals = person.name.contains(char::is_uppercase);
    let names = words(&person.name).filter(|word| !has_capitals || word.starts_with(char::is_uppercase));
    names.map(str::to_lowercase).collect()
}

/// The words of a line that says who wrote, without what it says of the time and without addresses.
fn words_of_author(author: &str, readers: &[&Reader]) -> Vec<String> {
    let times: Vec<Span> = readers.iter().flat_map(|reader| reader.read(author)).map(|found| found.span).collect();
    let mut at = 0;
    let mut said = Vec::new();
    for piece in author.split_inclusive(char::is_whitespace) {
        let span = Span::new(at, at + piece.len());
        at = span.end;
        if !piece.contains('@') && !times.iter().any(|time| time.overlaps(span)) {
            said.extend(words(piece).map(str::to_lowercase));
        }
    }
    said
}

/// The names in the line with which a reply greets, in lower case.
fn greeted(reply: &Reply) -> Vec<String> {
    let Some(first) = reply.blocks.get(usize::from(reply.has_subject)) else { return Vec::new() };
    let block = first.of(reply.prose.text());
    let end = block.find([',', '!', '\n', ':', '–', '—', '.', '?', ';']).unwrap_or(block.len());
    let line = &block[..end];
    let stops = block[end..].starts_with(['.', '?', ';']);
    if stops || line.split_whitespace().count() > GREETING_WORDS {
        return Vec::new();
    }
    words(line).filter(|word| word.starts_with(char::is_uppercase)).map(str::to_lowercase).collect()
}
