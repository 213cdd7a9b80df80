//! What many replies say among themselves: the same sentence in many, replies that are nearly the
//! same, different times for one promise, different names for one thing.
//!
//! Of each reply only hashes and places are kept. What is found depends on the replies and their
//! places, not on the order in which they were read.

mod near;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::engine::{Promise, What};
use crate::finding::Place;
use crate::rule::{Among, Called, Rule, Severity};
use crate::text::Span;

/// What the replies of a run say that is to be compared.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    files: Vec<File>,
}

/// What the replies of one file say that is to be compared.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    /// Hash of its text, to know it again.
    pub(crate) digest: u64,
    /// The rules that its notes' indexes point into.
    pub(crate) rules: Arc<[Rule]>,
    /// For each of its replies, where in the file it stands.
    pub(crate) locations: Vec<Option<Box<str>>>,
    /// For each rule that compares, how many replies it was asked about.
    pub(crate) asked: BTreeMap<usize, usize>,
    pub(crate) notes: Vec<Note>,
}

/// Something said in a reply. Offsets are kept in four bytes, for no file is larger.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) rule: u32,
    pub(crate) reply: u32,
    pub(crate) severity: Severity,
    /// Bytes of the file.
    pub(crate) span: (u32, u32),
    /// Bytes of the reply's prose.
    pub(crate) prose: (u32, u32),
    /// Lines and columns of the span's ends.
    pub(crate) start: (u32, u32),
    pub(crate) end: (u32, u32),
    pub(crate) what: What,
    /// Whether it is what the run is about, rather than only what that is compared with.
    pub(crate) is_new: bool,
}

impl Note {
    pub(crate) fn places(&self) -> (Place, Place) {
        let place = |(line, column): (u32, u32)| Place { line: line as usize, column: column as usize };
        (place(self.start), place(self.end))
    }

    pub(crate) fn file_span(&self) -> Span {
        Span::new(self.span.0 as usize, self.span.1.max(self.span.0) as usize)
    }

    pub(crate) fn prose_span(&self) -> Span {
        Span::new(self.prose.0 as usize, self.prose.1.max(self.prose.0) as usize)
    }
}

impl Learned {
    /// Whether nothing is to be compared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// How many things are said that take part in comparisons.
    #[must_use]
    pub fn count(&self) -> usize {
        self.files.iter().map(|file| file.notes.len()).sum()
    }

    /// Puts what an input says now in the place of what it said.
    pub fn update(&mut self, path: &str, now: Learned) {
        self.files.retain(|file| file.path != path);
        self.absorb(now);
    }

    /// Leaves as new only what stands on lines of which `is_new` says so; it is asked for the first and
    /// the last line (from 1) of each thing said. The rest is still compared with, and not reported.
    pub fn age(&mut self, is_new: impl Fn(usize, usize) -> bool) {
        for note in self.files.iter_mut().flat_map(|file| &mut file.notes) {
            note.is_new = note.is_new && is_new(note.start.0 as usize, note.end.0 as usize);
        }
    }

    /// Adds what other inputs say.
    pub fn absorb(&mut self, other: Learned) {
        self.files.extend(other.files);
    }

    pub(crate) fn add(&mut self, mut file: File) {
        file.notes.shrink_to_fit();
        file.locations.shrink_to_fit();
        self.files.push(file);
    }

    /// Everything that rules find over these replies, rule by rule.
    pub(crate) fn groups(&self) -> Vec<Group<'_>> {
        let mut files: Vec<&File> = self.files.iter().collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        // A rule of two configurations is one rule.
        let mut rules: BTreeMap<(&str, &str, &str), Asked<'_>> = BTreeMap::new();
        for (number, file) in files.iter().enumerate() {
            for (index, count) in &file.asked {
                let Some(rule) = file.rules.get(*index) else { continue };
                let asked = rules.entry((&rule.code, &rule.language, &rule.origin.file));
                let asked = asked.or_insert_with(|| Asked { rule, replies: 0, said: Vec::new() });
                asked.replies += count;
                let of_rule = file.notes.iter().filter(|note| note.rule as usize == *index);
                asked.said.extend(of_rule.map(|note| Said { file, number, note }));
            }
        }
        let mut groups = Vec::new();
        let mut alike: HashMap<&str, HashMap<(usize, u32), usize>> = HashMap::new();
        for asked in rules.values_mut() {
            asked.said.sort_by_key(|said| (said.number, said.note.span, said.note.reply));
            if let Some(Among::Replies { alike: limit, .. }) = asked.rule.across.as_ref().map(|across| &across.of) {
                let known = alike.entry(&asked.rule.language).or_default();
                groups.extend(asked.replies(*limit, known));
            }
        }
        for asked in rules.values() {
            match asked.rule.across.as_ref().map(|across| &across.of) {
                Some(Among::Sentences { most, share, .. }) => {
                    groups.extend(asked.sentences(*most, *share, alike.get(asked.rule.language.as_str())));
                }
                Some(Among::Promises { things, .. }) => groups.extend(asked.promises(things)),
                Some(Among::Names(terms)) => groups.extend(asked.names(terms)),
                Some(Among::Replies { .. }) | None => {}
            }
        }
        groups.retain(|group| group.first.note.is_new);
        groups
    }
}

/// Something that one reply says.
#[derive(Clone, Copy)]
pub(crate) struct Said<'l> {
    pub(crate) file: &'l File,
    /// The file's place in the order of files.
    number: usize,
    pub(crate) note: &'l Note,
}

impl Said<'_> {
    fn reply(&self) -> (usize, u32) {
        (self.number, self.note.reply)
    }
}

/// The places of a message, by name.
pub(crate) type Values = Vec<(&'static str, String)>;

/// What a rule found: one place that is shown, and all others.
pub(crate) struct Group<'l> {
    pub(crate) rule: &'l Rule,
    pub(crate) first: Said<'l>,
    pub(crate) values: Values,
    pub(crate) others: Vec<(Said<'l>, Values)>,
    /// What makes it the same fault, wherever it stands.
    pub(crate) key: String,
}

/// A rule, and what the replies that it was asked about say.
struct Asked<'l> {
    rule: &'l Rule,
    replies: usize,
    said: Vec<Said<'l>>,
}

impl<'l> Asked<'l> {
    /// Replies that say nearly the same; `known` learns which, by the first of each group.
    fn replies(&self, alike: f64, known: &mut HashMap<(usize, u32), usize>) -> Vec<Group<'l>> {
        let sketched = self.said.iter().filter_map(|said| match &said.note.what {
            What::Reply(sketch) => Some((*said, &**sketch)),
            _ => None,
        });
        let (said, sketches): (Vec<Said<'l>>, Vec<&[u32]>) = sketched.unzip();
        let mut groups = Vec::new();
        for mut members in near::groups(&sketches, alike) {
            new_first(&mut members, |member| said[*member].note.is_new);
            let count = ("count", members.len().to_string());
            let Some((first, rest)) = members.split_first() else { continue };
            let group = known.len();
            for member in &members {
                known.entry(said[*member].reply()).or_insert(group);
            }
            let others = rest.iter().map(|member| {
                let share = near::similarity(sketches[*first], sketches[*member]);
                (said[*member], vec![("alike", format!("{:.0}", (share * 100.0).floor()))])
            });
            let key = sketches[*first].iter().map(|hash| format!("{hash:x}")).collect();
            groups.push(Group {
                rule: self.rule,
                first: said[*first],
                values: vec![count],
                others: others.collect(),
                key,
            });
        }
        groups
    }

    /// Sentences of many replies; those of replies that are nearly the same count once.
    fn sentences(&self, most: usize, share: f64, alike: Option<&HashMap<(usize, u32), usize>>) -> Vec<Group<'l>> {
        let mut hashed: Vec<(u64, usize)> = Vec::new();
        for (index, said) in self.said.iter().enumerate() {
            if let What::Sentence(hash) = said.note.what {
                hashed.push((hash, index));
            }
        }
        hashed.sort_unstable();
        let mut groups = Vec::new();
        for same in hashed.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > most) {
            let mut said: Vec<Said<'l>> = same.iter().map(|(_, index)| self.said[*index]).collect();
            said.dedup_by(|next, kept| {
                let same = next.reply() == kept.reply();
                if same && next.note.is_new && !kept.note.is_new {
                    *kept = *next;
                }
                same
            });
            let mut apart: Vec<(bool, usize, u32)> = said
                .iter()
                .map(|said| {
                    let group = alike.and_then(|alike| alike.get(&said.reply()));
                    group.map_or((false, said.number, said.note.reply), |group| (true, *group, 0))
                })
                .collect();
            apart.sort_unstable();
            apart.dedup();
            if apart.len() <= most || number(said.len()) <= share * number(self.replies) {
                continue;
            }
            new_first(&mut said, |said| said.note.is_new);
            let values = vec![("count", said.len().to_string()), ("replies", self.replies.to_string())];
            groups.extend(self.group(&said, values, |_| Vec::new(), format!("{:x}", same[0].0)));
        }
        groups
    }

    /// Things for which replies promise different times. A reply that gives several tells apart what
    /// cannot be told apart here, and is left alone.
    fn promises(&self, things: &[Called]) -> Vec<Group<'l>> {
        let mut of_things: BTreeMap<u16, Vec<(Said<'l>, &'l Promise)>> = BTreeMap::new();
        for said in &self.said {
            if let What::Promise(promise) = &said.note.what {
                of_things.entry(promise.thing).or_default().push((*said, promise));
            }
        }
        let mut groups = Vec::new();
        for (thing, said) in of_things {
            let one_time = said.chunk_by(|one, other| one.0.reply() == other.0.reply());
            let one_time = one_time.filter(|said| said.iter().all(|(_, one)| one.amount == said[0].1.amount));
            let one_time = one_time.filter_map(|said| said.iter().find(|(one, _)| one.note.is_new).or(said.first()));
            let said: Vec<(Said<'l>, &Promise)> = one_time.copied().collect();
            let Some(usual) = commonest(said.iter().map(|(one, promise)| (promise.amount, one.note.is_new))) else {
                continue;
            };
            let differs = |(_, promise): &(Said<'l>, &Promise)| promise.amount != usual;
            let is_new = |one: &(Said<'l>, &Promise)| differs(one) && one.0.note.is_new;
            let Some(other) = said.iter().position(is_new).or_else(|| said.iter().position(differs)) else { continue };
            let usually: Vec<_> = said.iter().filter(|(_, promise)| promise.amount == usual).collect();
            let Some((_, usual)) = usually.first() else { continue };
            let (first, promise) = said[other];
            let name = things.get(usize::from(thing)).map(|thing| thing.name.clone()).unwrap_or_default();
            let others = said.iter().enumerate().filter(|(index, _)| *index != other);
            groups.push(Group {
                rule: self.rule,
                first,
                key: format!("{name}\u{1}{:?}", promise.amount),
                values: vec![
                    ("thing", name),
                    ("time", promise.written.clone()),
                    ("other", usual.written.clone()),
                    ("count", usually.len().to_string()),
                ],
                others: others.map(|(_, (said, promise))| (*said, vec![("time", promise.written.clone())])).collect(),
            });
        }
        groups
    }

    /// Things that replies call by different names. The place shown is the first of a rarer name; of
    /// the commonest name only the first place is named.
    fn names(&self, terms: &[Vec<Called>]) -> Vec<Group<'l>> {
        let mut groups = Vec::new();
        for (index, names) in terms.iter().enumerate() {
            let uses = self.said.iter().filter_map(|said| match said.note.what {
                What::Name(term, name) if usize::from(term) == index => Some((*said, name)),
                _ => None,
            });
            let uses: Vec<(Said<'l>, u16)> = uses.collect();
            // The names stand in the order in which a pack prefers them.
            let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
            for (_, name) in &uses {
                *counts.entry(*name).or_default() += 1;
            }
            let best = counts.iter().max_by_key(|(name, count)| (**count, u16::MAX - **name));
            let Some((usual, count)) = best.map(|(name, count)| (*name, *count)) else { continue };
            let Some(first_usual) = uses.iter().find(|(_, name)| *name == usual).map(|(said, _)| *said) else {
                continue;
            };
            let name_of = |name: u16| names.get(usize::from(name)).map(|one| one.name.clone()).unwrap_or_default();
            let mut rarer: Vec<&(Said<'l>, u16)> = uses.iter().filter(|(_, name)| *name != usual).collect();
            new_first(&mut rarer, |(said, _)| said.note.is_new);
            let Some(((first, name), rest)) = rarer.split_first().map(|(first, rest)| (**first, rest)) else {
                continue;
            };
            // One reply that uses both names explains one by the other.
            if rarer.iter().all(|(said, _)| said.reply() == first_usual.reply()) && count == 1 {
                continue;
            }
            let mut others = vec![(first_usual, vec![("name", name_of(usual))])];
            others.extend(rest.iter().map(|(said, name)| (*said, vec![("name", name_of(*name))])));
            groups.push(Group {
                rule: self.rule,
                first,
                key: name_of(name),
                values: vec![("name", name_of(name)), ("other", name_of(usual)), ("count", count.to_string())],
                others,
            });
        }
        groups
    }

    fn group(
        &self,
        said: &[Said<'l>],
        values: Values,
        each: impl Fn(&Said<'l>) -> Values,
        key: String,
    ) -> Option<Group<'l>> {
        let (first, rest) = said.split_first()?;
        let others = rest.iter().map(|said| (*said, each(said))).collect();
        Some(Group { rule: self.rule, first: *first, values, others, key })
    }
}

/// Moves the first that is new, if there is one, before all others.
fn new_first<T>(all: &mut [T], is_new: impl Fn(&T) -> bool) {
    if let Some(at) = all.iter().position(is_new) {
        all[..=at].rotate_right(1);
    }
}

/// What comes most often; of equals one that was there before (what comes along says what is new), then
/// the first.
fn commonest<T: Copy + Eq + Ord>(all: impl Iterator<Item = (T, bool)>) -> Option<T> {
    let mut counts: BTreeMap<T, (usize, bool, usize)> = BTreeMap::new();
    for (index, (one, is_new)) in all.enumerate() {
        let rank = counts.entry(one).or_insert((0, false, usize::MAX - index));
        rank.0 += 1;
        rank.1 |= !is_new;
    }
    counts.into_iter().max_by_key(|(_, rank)| *rank).map(|(one, _)| one)
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
