//! What a language's pack says of its words, apart from faults.

use std::collections::HashSet;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::text::Contractions;
use crate::yaml::Pairs;

/// The grammar of a language, as its pack writes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Grammar {
    /// Endings that stand for words: `'re: [are]`.
    pub(crate) contractions: Pairs<Vec<String>>,
    /// Whole forms that stand for words: `can't: can not`.
    pub(crate) irregular_contractions: Pairs<String>,
    /// Irregular verbs: base form to third person, past, past participle and -ing form.
    pub(crate) verbs: Pairs<Vec<String>>,
    /// Words after which a form that may be past or participle is the participle.
    pub(crate) participle_after: Vec<String>,
    /// Irregular plurals.
    pub(crate) nouns: Pairs<String>,
    /// Abbreviations whose full stop ends no sentence.
    pub(crate) abbreviations: Vec<String>,
    /// The indefinite article's forms.
    pub(crate) article: Article,
    /// Phrases that are a greeting.
    pub(crate) greeting: Vec<String>,
    /// Phrases that begin a sign-off.
    pub(crate) sign_off: Vec<String>,
}

/// An article that depends on the sound after it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Article {
    /// Before a consonant, and before a vowel.
    pub(crate) forms: Vec<String>,
    /// Beginnings of words that sound like a vowel against their spelling.
    pub(crate) vowel_sound: Vec<String>,
    /// Beginnings of words that sound like a consonant against their spelling.
    pub(crate) consonant_sound: Vec<String>,
}

impl Grammar {
    /// What the reader of words needs.
    #[must_use]
    pub fn words(&self) -> Contractions {
        let mut suffixes: Vec<String> = self.contractions.0.iter().map(|(suffix, _)| suffix.clone()).collect();
        suffixes.sort_by_key(|suffix| std::cmp::Reverse(suffix.len()));
        let whole: FxHashMap<_, _> = self
            .irregular_contractions
            .0
            .iter()
            .map(|(form, words)| (form.clone(), words.split_whitespace().map(str::to_owned).collect()))
            .collect();
        let abbreviations: HashSet<_> = self.abbreviations.iter().map(|one| one.to_lowercase()).collect();
        Contractions { suffixes, whole, abbreviations }
    }

    /// Word to the words that it can be read as through contractions: `'s` to `is`, and `is` to `'s`.
    pub(crate) fn readings(&self) -> FxHashMap<String, Vec<String>> {
        let mut readings: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for (suffix, stands_for) in &self.contractions.0 {
            for word in stands_for {
                readings.entry(suffix.clone()).or_default().push(word.clone());
                readings.entry(word.clone()).or_default().push(suffix.clone());
            }
        }
        readings
    }

    /// The article that `following` takes instead of `article`, if `article` is one.
    #[must_use]
    pub fn article_before(&self, article: &str, following: &str) -> Option<&str> {
        let forms = &self.article.forms;
        if !forms.iter().any(|form| form == article) {
            return None;
        }
        let begins = |list: &[String]| list.iter().any(|one| following.starts_with(one.as_str()));
        let vowel = if begins(&self.article.consonant_sound) {
            false
        } else {
            begins(&self.article.vowel_sound) || following.starts_with(['a', 'e', 'i', 'o', 'u'])
        };
        forms.get(usize::from(vowel)).map(String::as_str)
    }
}
