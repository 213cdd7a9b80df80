//! Numbers of a reply that have a limit: how long a sentence is, how hard the whole is to read, what is
//! said twice.

use std::collections::HashMap;

use super::reading::Reading;
use super::search::Hit;
use crate::rule::Quantity;
use crate::text::{Kind, Span};

/// Sentences with fewer words may be said again: "Thank you!".
const REPEATABLE: usize = 4;
/// A long word has more letters than this (LIX).
const SHORT_WORD: usize = 6;

/// A place at which a number is over its limit, and the number.
pub(super) type Over = (Hit, f64);

/// The places of a reply at which a quantity is over its limit. `sentences` are those that count.
pub(super) fn over(reading: &Reading<'_>, sentences: &[usize], of: Quantity, most: f64) -> Vec<Over> {
    match of {
        Quantity::Matches => Vec::new(),
        Quantity::SentenceWords => sentences
            .iter()
            .map(|index| (Hit::sentence(reading, *index), number(words(reading, *index).count())))
            .filter(|(_, count)| *count > most)
            .collect(),
        Quantity::Grade => whole(reading, sentences, grade(reading, sentences), most),
        Quantity::Lix => whole(reading, sentences, lix(reading, sentences), most),
        Quantity::Repeats => repeats(reading, sentences, most),
    }
}

/// The limit of a whole reply, shown at its longest sentence.
fn whole(reading: &Reading<'_>, sentences: &[usize], value: f64, most: f64) -> Vec<Over> {
    let longest = sentences.iter().max_by_key(|index| (words(reading, **index).count(), usize::MAX - **index));
    longest.filter(|_| value > most).map(|index| (Hit::sentence(reading, *index), value)).into_iter().collect()
}

/// The words of a sentence as they are written, folded; a placeholder is one.
fn words<'r>(reading: &'r Reading<'_>, sentence: usize) -> impl Iterator<Item = &'r str> {
    let sentence = &reading.words.sentences[sentence];
    (sentence.first..sentence.end).filter_map(|at| {
        let token = &reading.words.tokens[at];
        let is_word = token.begins && token.kind != Kind::Punctuation;
        is_word.then(|| written(reading, at, sentence.end))
    })
}

/// A whole word, endings such as `'re` included.
fn written<'r>(reading: &'r Reading<'_>, first: usize, end: usize) -> &'r str {
    let rest = (first + 1..end).take_while(|at| !reading.words.tokens[*at].begins);
    let last = rest.last().unwrap_or(first);
    let span = reading.words.tokens[first].span().cover(reading.words.tokens[last].span());
    Span::new(span.start, span.end).of(reading.text())
}

/// Flesch–Kincaid: 0.39 · words ÷ sentences + 11.8 · syllables ÷ words − 15.59 (Kincaid et al. 1975).
fn grade(reading: &Reading<'_>, sentences: &[usize]) -> f64 {
    let (mut count, mut syllables) = (0, 0);
    for word in sentences.iter().flat_map(|index| words(reading, *index)) {
        count += 1;
        syllables += syllables_of(word);
    }
    if count == 0 {
        return 0.0;
    }
    0.39 * number(count) / number(sentences.len()) + 11.8 * number(syllables) / number(count) - 15.59
}

/// LIX: words ÷ sentences + 100 · long words ÷ words (Björnsson 1968).
fn lix(reading: &Reading<'_>, sentences: &[usize]) -> f64 {
    let (mut count, mut long) = (0, 0);
    for word in sentences.iter().flat_map(|index| words(reading, *index)) {
        count += 1;
        long += usize::from(word.chars().filter(|ch| ch.is_alphabetic()).count() > SHORT_WORD);
    }
    if count == 0 {
        return 0.0;
    }
    number(count) / number(sentences.len()) + 100.0 * number(long) / number(count)
}

/// Runs of vowels, without a silent `e` at the end; one at least.
fn syllables_of(word: &str) -> usize {
    let is_vowel = |ch: char| matches!(ch, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let mut count = 0;
    let mut before = false;
    for ch in word.chars() {
        let vowel = is_vowel(ch);
        count += usize::from(vowel && !before);
        before = vowel;
    }
    let silent = word.ends_with('e') && !word.ends_with("le") && !word.ends_with("ee");
    (count - usize::from(silent && count > 1)).max(1)
}

fn repeats(reading: &Reading<'_>, sentences: &[usize], most: f64) -> Vec<Over> {
    let mut said: HashMap<&str, usize> = HashMap::new();
    let mut over = Vec::new();
    for index in sentences {
        if words(reading, *index).count() < REPEATABLE {
            continue;
        }
        let count = said.entry(reading.words.sentences[*index].span.of(reading.text())).or_default();
        *count += 1;
        if number(*count) > most {
            over.push((Hit::sentence(reading, *index), number(*count)));
        }
    }
    over
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::syllables_of;

    #[test]
    fn syllables_are_runs_of_vowels() {
        for (word, count) in [("the", 1), ("refund", 2), ("make", 1), ("table", 2), ("agreement", 3), ("dvd", 1)] {
            assert_eq!(syllables_of(word), count, "{word}");
        }
    }
}
