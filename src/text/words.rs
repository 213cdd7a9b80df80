//! Words and sentences of folded text.

use std::collections::HashSet;

use rustc_hash::FxHashMap;

use super::{OPAQUE, Span, UNFILLED};

/// What a language's pack says of written forms that hold more than one word, and of full stops
/// that end no sentence.
#[derive(Clone, Debug, Default)]
pub struct Contractions {
    /// Endings such as `'re` and `n't`, longest first.
    pub suffixes: Vec<String>,
    /// Whole forms such as `can't`, with the words they stand for.
    pub whole: FxHashMap<String, Vec<String>>,
    /// Abbreviations with their full stops, such as `e.g.`.
    pub abbreviations: HashSet<String>,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word, a number, or one ideograph.
    Word,
    /// One sign that is no part of a word.
    Punctuation,
    /// A placeholder, code or a link: a word whose letters nobody looks at.
    Opaque,
}

/// A word of a sentence, or a sign between words.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    start: u32,
    end: u32,
    /// Index after one into [`Words::unwritten`]; 0 where it is written as it is.
    stands_for: u32,
    /// What it is.
    pub kind: Kind,
    /// Whether a written word begins with it; `'re` in `we're` begins none.
    pub begins: bool,
    /// Whether what is written may be cut after it: `we're` after `we`, but not `can't` after `can`.
    pub ends: bool,
}

impl Token {
    /// Where it stands in the folded text.
    #[must_use]
    pub fn span(self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

/// A sentence: a run of tokens of one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Index of its first token.
    pub first: usize,
    /// Index after its last token.
    pub end: usize,
    /// Where it stands in the folded text, closing punctuation included.
    pub span: Span,
    /// Index of the block that it stands in.
    pub block: usize,
}

/// The words and sentences of a folded text.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// All tokens, in order.
    pub tokens: Vec<Token>,
    /// All sentences, in order; each token is in one.
    pub sentences: Vec<Sentence>,
    /// Words that stand for others (`can't` is `can` and `not`).
    unwritten: Vec<String>,
}

impl Contractions {
    /// Whether a folded word is read as itself and nothing else.
    #[must_use]
    pub fn leave_whole(&self, word: &str) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric();
        (word.bytes().all(plain) || word.chars().all(|ch| is_word(ch) && !is_ideograph(ch)))
            && !self.whole.contains_key(word)
            && !self.suffixes.iter().any(|suffix| word.ends_with(suffix.as_str()))
    }
}

impl Words {
    /// Reads the blocks of a folded text. `breaks` are offsets of spaces that end a sentence.
    #[must_use]
    pub fn read(folded: &str, blocks: &[Span], breaks: &[usize], language: &Contractions) -> Self {
        let mut words = Self::default();
        for (block, span) in blocks.iter().enumerate() {
            let first = words.tokens.len();
            words.tokenize(folded, *span, language);
            words.split(folded, block, first, breaks, language);
        }
        words
    }

    /// The folded word at an index, or the sign; what a contraction stands for, not how it is written.
    #[must_use]
    pub fn text<'t>(&'t self, index: usize, folded: &'t str) -> &'t str {
        let Some(token) = self.tokens.get(index) else {
            return "";
        };
        let unwritten = (token.stands_for as usize).checked_sub(1).and_then(|index| self.unwritten.get(index));
        unwritten.map_or_else(|| token.span().of(folded), String::as_str)
    }

    /// Index of the first token that ends after `offset` of the folded text.
    #[must_use]
    pub fn token_at(&self, offset: usize) -> usize {
        self.tokens.partition_point(|token| token.span().end <= offset)
    }

    /// The same, looked for from a token on that is near it.
    #[must_use]
    pub fn token_near(&self, near: usize, offset: usize) -> usize {
        let mut at = near.min(self.tokens.len());
        while at > 0 && self.tokens[at - 1].span().end > offset {
            at -= 1;
        }
        while self.tokens.get(at).is_some_and(|token| token.span().end <= offset) {
            at += 1;
        }
        at
    }

    /// Index of the sentence that holds the byte at `offset` of the folded text.
    #[must_use]
    pub fn sentence_at(&self, offset: usize) -> Option<usize> {
        let index = self.sentences.partition_point(|sentence| sentence.span.end <= offset);
        (index < self.sentences.len()).then_some(index)
    }

    fn tokenize(&mut self, folded: &str, block: Span, language: &Contractions) {
        let text = block.of(folded);
        let mut chars = text.char_indices().peekable();
        while let Some((at, ch)) = chars.next() {
            let start = block.start + at;
            if ch == ' ' {
                continue;
            }
            if !is_word(ch) || is_ideograph(ch) {
                let kind = match ch {
                    OPAQUE | UNFILLED => Kind::Opaque,
                    _ if is_ideograph(ch) => Kind::Word,
                    _ => Kind::Punctuation,
                };
                self.push(Span::new(start, start + ch.len_utf8()), kind);
                continue;
            }
            let mut end = at + ch.len_utf8();
            let mut last = ch;
            while let Some((next_at, next)) = chars.peek().copied() {
                let joined = if is_word(next) && !is_ideograph(next) {
                    true
                } else {
                    let after = text[next_at + next.len_utf8()..].chars().next();
                    joins(last, next, after)
                };
                if !joined {
                    break;
                }
                end = next_at + next.len_utf8();
                last = next;
                chars.next();
            }
            self.word(folded, Span::new(start, block.start + end), language);
        }
    }

    fn word(&mut self, folded: &str, span: Span, language: &Contractions) {
        let written = span.of(folded);
        if let Some(words) = language.whole.get(written) {
            let last = words.len().saturating_sub(1);
            for (index, word) in words.iter().enumerate() {
                let known = self.unwritten.iter().position(|one| one == word);
                let place = known.unwrap_or_else(|| {
                    self.unwritten.push(word.clone());
                    self.unwritten.len() - 1
                });
                self.push(span, Kind::Word);
                if let Some(token) = self.tokens.last_mut() {
                    token.stands_for = small(place + 1);
                    token.begins = index == 0;
                    token.ends = index == last;
                }
            }
            return;
        }
        for suffix in &language.suffixes {
            if let Some(stem) = written.strip_suffix(suffix.as_str()).filter(|stem| !stem.is_empty()) {
                let cut = span.start + stem.len();
                self.push(Span::new(span.start, cut), Kind::Word);
                if let Some(stem) = self.tokens.last_mut() {
                    stem.ends = suffix.starts_with('\'');
                }
                self.push(Span::new(cut, span.end), Kind::Word);
                if let Some(suffix) = self.tokens.last_mut() {
                    suffix.begins = false;
                }
                return;
            }
        }
        self.push(span, Kind::Word);
    }

    fn push(&mut self, span: Span, kind: Kind) {
        let (start, end) = (small(span.start), small(span.end));
        self.tokens.push(Token { start, end, stands_for: 0, kind, begins: true, ends: true });
    }

    fn split(&mut self, folded: &str, block: usize, first: usize, breaks: &[usize], language: &Contractions) {
        let mut start = first;
        let end = self.tokens.len();
        for index in first..end {
            let token = &self.tokens[index];
            let next = self.tokens.get(index + 1);
            let gap = next.map(|next| Span::new(token.span().end, next.span().start.max(token.span().end)));
            let broken = gap.is_some_and(|gap| {
                let at = breaks.partition_point(|at| *at < gap.start);
                breaks.get(at).is_some_and(|at| *at < gap.end)
            });
            let ends = next.is_none() || broken || self.closes(folded, start, index, language);
            if ends {
                let span = Span::new(self.tokens[start].span().start, self.tokens[index].span().end);
                self.sentences.push(Sentence { first: start, end: index + 1, span, block });
                start = index + 1;
            }
        }
    }

    /// Whether the token at `index` is the last of a sentence that began at `start`.
    fn closes(&self, folded: &str, start: usize, index: usize, language: &Contractions) -> bool {
        let sign = |at: usize| {
            self.tokens.get(at).filter(|token| token.kind == Kind::Punctuation).map(|_| self.text(at, folded))
        };
        let Some(next) = self.tokens.get(index + 1) else {
            return true;
        };
        let spaced = next.span().start > self.tokens[index].span().end;
        // Scripts without spaces have none after a sentence either.
        let before_ideograph = next.span().of(folded).starts_with(is_ideograph);
        let wide = sign(index).is_some_and(|sign| sign == "。" || (before_ideograph && matches!(sign, "!" | "?")));
        if !spaced && !wide {
            return false;
        }
        // Closing quotes and brackets belong to the sentence that they close.
        let mut at = index;
        while at > start && sign(at).is_some_and(|sign| matches!(sign, "\"" | "'" | ")" | "]")) {
            at -= 1;
        }
        if !spaced && sign(index + 1).is_some_and(|sign| matches!(sign, "\"" | "'" | ")" | "」" | "）")) {
            return false;
        }
        match sign(at) {
            Some("!" | "?" | "…" | "。") => true,
            Some(".") => !self.abbreviates(folded, start, at, language),
            _ => false,
        }
    }

    /// Whether the full stop at `at` belongs to an abbreviation, an initial or a list number.
    fn abbreviates(&self, folded: &str, start: usize, at: usize, language: &Contractions) -> bool {
        if at == start {
            return false;
        }
        let end = self.tokens[at].span().end;
        let mut from = at;
        while from > start && self.tokens[from - 1].span().end == self.tokens[from].span().start {
            from -= 1;
        }
        let written = Span::new(self.tokens[from].span().start, end).of(folded);
        let word = self.text(at - 1, folded);
        let numbers_a_list = from == start && at == start + 1 && word.chars().all(|ch| ch.is_ascii_digit());
        let initial =
            at - from == 1 && word.chars().count() == 1 && word.chars().all(char::is_alphabetic) && word != "i";
        numbers_a_list || initial || language.abbreviations.contains(written.trim_start_matches(['(', '"', '\'']))
    }
}

/// Inputs are at most 1 GiB, so that every offset and count fits.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Scripts that are written without spaces, one word to a character.
pub(super) fn is_ideograph(ch: char) -> bool {
    matches!(ch,
        '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_word(ch: char) -> bool {
    ch.is_alphanumeric() || ch == '_' || unicode_normalization::char::is_combining_mark(ch)
}

/// Whether a sign between `last` and `after` is part of the word: `we're`, `follow-up`, `1,000`.
fn joins(last: char, sign: char, after: Option<char>) -> bool {
    let Some(after) = after.filter(|after| is_word(*after) && !is_ideograph(*after)) else {
        return false;
    };
    match sign {
        '\'' | '-' => true,
        '.' | ',' => last.is_ascii_digit() && after.is_ascii_digit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn language() -> Contractions {
        Contractions {
            suffixes: vec!["n't".into(), "'re".into(), "'s".into()],
            whole: FxHashMap::from_iter([("can't".into(), vec!["can".into(), "not".into()])]),
            abbreviations: HashSet::from(["e.g.".into(), "mr.".into()]),
        }
    }

    fn read(text: &str) -> (String, Words) {
        let folded = fold(text, &[Span::new(0, text.len())], &[]);
        let words = Words::read(folded.mapped.text(), &folded.blocks, &folded.breaks, &language());
        (folded.mapped.text().to_owned(), words)
    }

    fn sentences(text: &str) -> Vec<String> {
        let (folded, words) = read(text);
        words.sentences.iter().map(|sentence| sentence.span.of(&folded).to_owned()).collect()
    }

    #[test]
    fn contractions_are_two_words() {
        let (folded, words) = read("We're sure you can't follow-up, isn't it");
        let written: Vec<_> = (0..words.tokens.len()).map(|at| words.text(at, &folded)).collect();
        assert_eq!(written, ["we", "'re", "sure", "you", "can", "not", "follow-up", ",", "is", "n't", "it"]);
    }

    #[test]
    fn sentences_end_at_their_closing_signs() {
        assert_eq!(
            sentences("Hi Mr. Li! It costs 1.5 (see p. 3). \"Why?\" e.g. this."),
            ["hi mr. li!", "it costs 1.5 (see p. 3).", "\"why?\"", "e.g. this."]
        );
        assert_eq!(sentences("1. Open it. 2. Close it"), ["1. open it.", "2. close it"]);
        assert_eq!(sentences("您好。请等待！谢谢"), ["您好。", "请等待!", "谢谢"]);
        assert_eq!(sentences("Hi Anna,\nWe looked"), ["hi anna,", "we looked"]);
    }
}
