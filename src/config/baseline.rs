//! A baseline: the findings that are known, so that only new ones are reported.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;

/// The version of the file's shape.
const SCHEMA: u32 = 1;

/// Findings that are known, by file, code and fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    counts: BTreeMap<Key, usize>,
}

/// A finding as a baseline knows it: no line is in it, so that text may move.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    path: String,
    code: String,
    fingerprint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema: u32,
    #[serde(rename = "tool")]
    _tool: String,
    findings: Vec<Entry>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    code: String,
    fingerprint: String,
    count: usize,
}

/// What a baseline says of some findings.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Those that it does not know.
    pub new: Vec<Finding>,
    /// Those that it knows.
    pub known: Vec<Finding>,
    /// How many that it knows are no more.
    pub mended: usize,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// If it is none, in words.
    pub fn read(text: &str) -> Result<Self, String> {
        let document: Document = serde_json::from_str(text).map_err(|error| format!("this is no baseline: {error}"))?;
        if document.schema != SCHEMA {
            return Err(format!("this baseline has the shape {}; this version reads {SCHEMA}", document.schema));
        }
        let mut baseline = Self::default();
        for Entry { path, code, fingerprint, count } in document.findings {
            *baseline.counts.entry(Key { path, code, fingerprint }).or_insert(0) += count;
        }
        Ok(baseline)
    }

    /// The baseline as a file: one line a finding, in order, so that a change of it is a small diff.
    #[must_use]
    pub fn write(&self) -> String {
        let entries = self.counts.iter().filter(|(_, count)| **count > 0).map(|(key, count)| {
            let Key { path, code, fingerprint } = key.clone();
            serde_json::to_string(&Entry { path, code, fingerprint, count: *count }).unwrap_or_default()
        });
        let entries: Vec<String> = entries.map(|entry| format!("    {entry}")).collect();
        let list = if entries.is_empty() { "[]".to_owned() } else { format!("[\n{}\n  ]", entries.join(",\n")) };
        format!("{{\n  \"schema\": {SCHEMA},\n  \"tool\": \"tonelint\",\n  \"findings\": {list}\n}}\n")
    }

    /// How many findings it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.values().sum()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a finding of a file.
    pub fn add(&mut self, path: &str, finding: &Finding) {
        *self.counts.entry(Key::of(path, finding)).or_insert(0) += 1;
    }

    /// The part of it that is about files for which `keep` holds.
    #[must_use]
    pub fn of_files(&self, keep: impl Fn(&str) -> bool) -> Self {
        let kept = self.counts.iter().filter(|(key, _)| keep(&key.path));
        Self { counts: kept.map(|(key, count)| (key.clone(), *count)).collect() }
    }

    /// Sorts findings into known and new. `path` is how the baseline names a finding's file; `is_open`
    /// says whether what is known of a file can be elsewhere by now: it was checked, or is gone.
    ///
    /// A finding is known as often as it was there. One that is known of no file of its name may have
    /// moved there from another.
    #[must_use]
    pub fn sort(
        &self,
        findings: Vec<Finding>,
        path: impl Fn(&Finding) -> String,
        is_open: impl Fn(&str) -> bool,
    ) -> Sorted {
        let mut left = self.counts.clone();
        let mut sorted = Sorted::default();
        let mut rest = Vec::new();
        for finding in findings {
            match left.get_mut(&Key::of(&path(&finding), &finding)).filter(|count| **count > 0) {
                Some(count) => {
                    *count -= 1;
                    sorted.known.push(finding);
                }
                None => rest.push(finding),
            }
        }
        left.retain(|key, count| *count > 0 && is_open(&key.path));
        for finding in rest {
            let moved = |(key, count): &(&Key, &mut usize)| {
                **count > 0 && key.code == finding.code && key.fingerprint == finding.fingerprint
            };
            match left.iter_mut().find(moved) {
                Some((_, count)) => {
                    *count -= 1;
                    sorted.known.push(finding);
                }
                None => sorted.new.push(finding),
            }
        }
        sorted.mended = left.values().sum();
        sorted
    }
}

impl Key {
    fn of(path: &str, finding: &Finding) -> Self {
        Self { path: path.to_owned(), code: finding.code.clone(), fingerprint: finding.fingerprint.clone() }
    }
}
