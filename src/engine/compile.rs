//! From rules to programs, and to the literals that point at them.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::machine::{Code, GAP_SIGNS, GAP_WORDS, Step, number};
use crate::rule::{Alternatives, Element, Form, Grammar, Sequence};
use crate::text::{Contractions, Span, UNFILLED, Words};

/// The capture that marks the word which stands for `~`.
pub(super) const INFLECTED: &str = "~";

/// From how many alternatives on the next word says which of them are tried.
const MANY: usize = 3;

/// A literal of a phrase, and how many tokens may stand between the phrase's start and it.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    pub(super) literal: String,
    pub(super) least: usize,
    pub(super) most: usize,
}

/// What compiling needs of a language.
#[derive(Debug)]
pub(super) struct Language {
    pub(super) grammar: Grammar,
    pub(super) contractions: Contractions,
    /// Word to the words that it may be read as: `'s` as `is`, and `is` where `'s` is written.
    readings: FxHashMap<String, Vec<String>>,
    /// Word to the whole contractions that stand for it among others.
    unwritten: FxHashMap<String, Vec<String>>,
}

impl Language {
    pub(super) fn new(grammar: Grammar) -> Self {
        let contractions = grammar.words();
        let mut unwritten: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for (form, words) in &contractions.whole {
            for word in words {
                unwritten.entry(word.clone()).or_default().push(form.clone());
            }
        }
        Self { readings: grammar.readings(), grammar, contractions, unwritten }
    }

    /// The words that a word can be read as: itself, and through contractions others.
    fn readings<'w>(&'w self, word: &'w str) -> impl Iterator<Item = &'w str> {
        std::iter::once(word).chain(self.readings.get(word).into_iter().flatten().map(String::as_str))
    }

    /// How a word can be written.
    fn ways<'w>(&'w self, word: &'w str) -> impl Iterator<Item = &'w str> {
        self.readings(word).chain(self.unwritten.get(word).into_iter().flatten().map(String::as_str))
    }

    /// The tokens of a written word.
    fn tokens<'w>(&self, word: &'w str) -> Vec<Cow<'w, str>> {
        if self.contractions.leave_whole(word) {
            return vec![Cow::Borrowed(word)];
        }
        let words = Words::read(word, &[Span::new(0, word.len())], &[], &self.contractions);
        (0..words.tokens.len()).map(|at| Cow::Owned(words.text(at, word).to_owned())).collect()
    }

    fn forms(&self, word: &str) -> Vec<(Form, String)> {
        crate::rule::forms(word, &self.grammar)
    }
}

/// Compiles the phrases of one language.
pub(super) struct Compiler<'l> {
    language: &'l Language,
    /// The lengths and the literals of alternatives, by where these stand in memory: a named list is asked
    /// for again and again. The alternatives are kept, so that no other can stand there.
    lengths: FxHashMap<*const Sequence, (Alternatives, (usize, usize))>,
    literals: FxHashMap<*const Sequence, (Alternatives, Option<Scored>)>,
    /// Whether a program shall be quick to run rather than to make.
    quick: bool,
}

/// How good a set of literals is for finding candidates, and the set.
type Scored = (usize, Vec<Anchor>);

impl<'l> Compiler<'l> {
    pub(super) fn new(language: &'l Language) -> Self {
        Self { language, lengths: FxHashMap::default(), literals: FxHashMap::default(), quick: false }
    }

    /// The same program as [`Compiler::code`] makes, which takes longer to make and less to run.
    pub(super) fn quick_code(language: &'l Language, sequence: &Sequence) -> Code {
        Self { quick: true, ..Self::new(language) }.code(sequence)
    }

    pub(super) fn code(&mut self, sequence: &Sequence) -> Code {
        let mut code = Code { most: self.lengths(sequence).1, ..Code::default() };
        self.sequence(&mut code, sequence);
        code.steps.push(Step::Done);
        if self.quick {
            code.note_first();
        }
        code
    }

    fn word(&self, code: &mut Code, token: &str) {
        let numbers = self.language.readings(token).map(number);
        code.steps.push(Step::Word(ordered(numbers.collect())));
    }

    fn sequence(&mut self, code: &mut Code, sequence: &Sequence) {
        for element in sequence {
            match element {
                Element::Word(word) => {
                    for token in self.language.tokens(word) {
                        self.word(code, &token);
                    }
                }
                Element::Inflected(word) => {
                    let forms = self.language.forms(word);
                    let numbers = forms.iter().map(|(_, form)| number(form)).collect();
                    let slot = slot(code, INFLECTED);
                    code.steps.push(Step::Save(slot));
                    code.steps.push(Step::Word(ordered(numbers)));
                    code.steps.push(Step::Save(slot + 1));
                }
                Element::Sign(sign) => {
                    code.steps.push(Step::Word(Box::new([number(sign.encode_utf8(&mut [0; 4]))])));
                }
                Element::Unfilled => {
                    code.steps.push(Step::Word(Box::new([number(UNFILLED.encode_utf8(&mut [0; 4]))])));
                }
                Element::AnyWord => code.steps.push(Step::AnyWord),
                Element::Gap => gap(code),
                Element::OneOf(all) => self.one_of(code, all, false),
                Element::Optional(all) => self.one_of(code, all, true),
                Element::Start => code.steps.push(Step::Start),
                Element::End => code.steps.push(Step::End),
                Element::Capture(name, inside) => {
                    let slot = slot(code, name);
                    code.steps.push(Step::Save(slot));
                    self.sequence(code, inside);
                    code.steps.push(Step::Save(slot + 1));
                }
                // Lists were put in when the pack was checked.
                Element::List(_) => {}
            }
        }
    }

    fn one_of(&mut self, code: &mut Code, all: &[Sequence], optional: bool) {
        let mut jumps = Vec::new();
        if self.quick && all.len() >= MANY {
            let switch = code.steps.len();
            code.steps.push(Step::Jump(0));
            let mut starts = Vec::with_capacity(all.len() + 1);
            for one in all {
                starts.push(code.steps.len());
                self.sequence(code, one);
                jumps.push(code.steps.len());
                code.steps.push(Step::Jump(0));
            }
            let end = code.steps.len();
            jumps.into_iter().for_each(|jump| code.steps[jump] = Step::Jump(end));
            starts.extend(optional.then_some(end));
            code.steps[switch] = Step::Switch(code.switch(&starts));
            return;
        }
        for (index, one) in all.iter().enumerate() {
            if optional || index + 1 < all.len() {
                let split = code.steps.len();
                code.steps.push(Step::Split(split + 1, 0));
                self.sequence(code, one);
                jumps.push(code.steps.len());
                code.steps.push(Step::Jump(0));
                code.steps[split] = Step::Split(split + 1, code.steps.len());
            } else {
                self.sequence(code, one);
            }
        }
        let end = code.steps.len();
        for jump in jumps {
            code.steps[jump] = Step::Jump(end);
        }
    }

    /// The literals of which one is in the text wherever the phrase is.
    pub(super) fn anchors(&mut self, sequence: &Sequence) -> Vec<Anchor> {
        self.best(sequence).map(|(_, anchors)| anchors).unwrap_or_default()
    }

    fn best(&mut self, sequence: &Sequence) -> Option<Scored> {
        let mut best: Option<Scored> = None;
        let (mut least, mut most) = (0, 0);
        let mut index = 0;
        while let Some(element) = sequence.get(index) {
            let (scored, taken, length) = self.candidates(&sequence[index..], element);
            if let Some((score, anchors)) = scored
                && best.as_ref().is_none_or(|(known, _)| score > *known)
            {
                let shift = |anchor: Anchor| Anchor { least: anchor.least + least, most: anchor.most + most, ..anchor };
                best = Some((score, anchors.into_iter().map(shift).collect()));
            }
            least += length.0;
            most += length.1;
            index += taken;
        }
        best
    }

    /// Literals of the element, how many elements they span, and their lengths in tokens.
    fn candidates(&mut self, rest: &[Element], element: &Element) -> (Option<Scored>, usize, (usize, usize)) {
        match element {
            Element::Word(_) => {
                let (scored, taken, tokens) = self.run(rest);
                (scored, taken, (tokens, tokens))
            }
            Element::Inflected(word) => {
                let forms: Vec<String> = self.language.forms(word).into_iter().map(|(_, form)| form).collect();
                let stem = common_prefix(&forms);
                let literals = if stem.chars().count() >= 4 { vec![stem] } else { forms };
                (scored(literals), 1, (1, 1))
            }
            Element::Unfilled => (scored(vec![UNFILLED.to_string()]), 1, (1, 1)),
            Element::Sign(sign) => (scored(vec![sign.to_string()]), 1, (1, 1)),
            Element::OneOf(all) => (self.best_of_all(all), 1, self.length(element)),
            Element::Capture(_, inside) => (self.best(inside), 1, self.length(element)),
            other => (None, 1, self.length(other)),
        }
    }

    /// The longest run of words that are each written in one way only, as one literal; or the ways
    /// to write the first word.
    fn run(&mut self, rest: &[Element]) -> (Option<Scored>, usize, usize) {
        let mut literal = String::new();
        let mut tokens = 0;
        let mut taken = 0;
        for element in rest {
            let Element::Word(word) = element else { break };
            let parts = self.language.tokens(word);
            let one_way = parts.iter().all(|part| self.language.ways(part).nth(1).is_none());
            let simple = one_way && (parts.len() == 1 || word.chars().all(is_wide));
            if !simple {
                break;
            }
            let joined = literal.chars().next_back().is_some_and(is_wide) && word.starts_with(is_wide);
            if !literal.is_empty() && !joined {
                literal.push(' ');
            }
            literal.push_str(word);
            tokens += parts.len();
            taken += 1;
        }
        if taken > 0 {
            return (scored(vec![literal]), taken, tokens);
        }
        let Some(Element::Word(word)) = rest.first() else {
            return (None, 1, 1);
        };
        let parts = self.language.tokens(word);
        let mut anchors: Option<Scored> = None;
        for (at, part) in parts.iter().enumerate() {
            // Short and common: half of what a plain word of the length is worth.
            if let Some((score, mut found)) = scored(self.language.ways(part).map(str::to_owned).collect())
                && anchors.as_ref().is_none_or(|(known, _)| score / 2 > *known)
            {
                for anchor in &mut found {
                    (anchor.least, anchor.most) = (at, at);
                }
                anchors = Some((score / 2, found));
            }
        }
        (anchors, 1, parts.len())
    }

    fn best_of_all(&mut self, all: &Alternatives) -> Option<Scored> {
        if let Some((_, known)) = self.literals.get(&all.as_ptr()) {
            return known.clone();
        }
        let best = self.all_anchored(all);
        self.literals.insert(all.as_ptr(), (all.clone(), best.clone()));
        best
    }

    fn all_anchored(&mut self, all: &[Sequence]) -> Option<Scored> {
        let mut worst = usize::MAX;
        let mut anchors = Vec::new();
        for one in all {
            let (score, found) = self.best(one)?;
            worst = worst.min(score);
            anchors.extend(found);
        }
        let burden = anchors.len() / 4;
        (!anchors.is_empty()).then(|| (worst.saturating_sub(burden).max(1), anchors))
    }

    fn length(&mut self, element: &Element) -> (usize, usize) {
        match element {
            Element::Word(word) => {
                let tokens = self.language.tokens(word).len();
                (tokens, tokens)
            }
            Element::Inflected(_) | Element::Sign(_) | Element::Unfilled | Element::AnyWord => (1, 1),
            Element::Gap => (0, GAP_WORDS * 2),
            Element::OneOf(all) => self.length_of_all(all),
            Element::Optional(all) => (0, self.length_of_all(all).1),
            Element::Capture(_, inside) => self.lengths(inside),
            Element::Start | Element::End | Element::List(_) => (0, 0),
        }
    }

    fn length_of_all(&mut self, all: &Alternatives) -> (usize, usize) {
        if let Some((_, known)) = self.lengths.get(&all.as_ptr()) {
            return *known;
        }
        let lengths: Vec<_> = all.iter().map(|one| self.lengths(one)).collect();
        let least = lengths.iter().map(|length| length.0).min().unwrap_or(0);
        let most = lengths.iter().map(|length| length.1).max().unwrap_or(0);
        self.lengths.insert(all.as_ptr(), (all.clone(), (least, most)));
        (least, most)
    }

    fn lengths(&mut self, sequence: &Sequence) -> (usize, usize) {
        let mut sum = (0, 0);
        for element in sequence {
            let (least, most) = self.length(element);
            sum = (sum.0 + least, sum.1 + most);
        }
        sum
    }
}

fn scored(literals: Vec<String>) -> Option<Scored> {
    let shortest = literals.iter().map(|literal| literal.chars().count()).min()?;
    let score = (shortest * 2).saturating_sub(literals.len() / 4).max(1);
    Some((score, literals.into_iter().map(|literal| Anchor { literal, least: 0, most: 0 }).collect()))
}

fn ordered(mut numbers: Vec<u64>) -> Box<[u64]> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into()
}

fn slot(code: &mut Code, name: &str) -> usize {
    let known = code.captures.iter().position(|one| one == name);
    let index = known.unwrap_or_else(|| {
        code.captures.push(name.to_owned());
        code.captures.len() - 1
    });
    index * 2
}

fn gap(code: &mut Code) {
    // Lazily: word by word, the way out first.
    let start = code.steps.len();
    let out = start + 2 * GAP_WORDS;
    for word in 0..GAP_WORDS {
        code.steps.push(Step::Split(out, start + 2 * word + 1));
        code.steps.push(Step::GapWord);
    }
    let end = out + 2 * GAP_SIGNS;
    for sign in 0..GAP_SIGNS {
        code.steps.push(Step::Split(end, out + 2 * sign + 1));
        code.steps.push(Step::AnySign);
    }
}

fn is_wide(ch: char) -> bool {
    ch >= '\u{2E80}'
}

fn common_prefix(words: &[String]) -> String {
    let Some(first) = words.first() else {
        return String::new();
    };
    let mut prefix = first.as_str();
    for word in words {
        while !word.starts_with(prefix) {
            let mut chars = prefix.chars();
            chars.next_back();
            prefix = chars.as_str();
        }
    }
    prefix.to_owned()
}
