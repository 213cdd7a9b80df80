//! The phrase language: a reader of what is written into what it means.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use super::model::Phrase;
use crate::text::fold_word;

/// The longest phrase or pattern, in bytes.
pub(super) const MAX_LEN: usize = 4096;
/// How deep groups may stand in each other.
const MAX_DEPTH: usize = 50;
/// How many elements a phrase may have once its lists are put in.
const MAX_ELEMENTS: usize = 20_000;

/// Elements that follow each other.
pub type Sequence = Vec<Element>;

/// Sequences of which one is said. A named list is one and the same wherever it is used.
pub type Alternatives = Arc<[Sequence]>;

/// A part of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// A written word, folded; more than one where it is a contraction.
    Word(SmolStr),
    /// Any inflection of a word.
    Inflected(SmolStr),
    /// A sign.
    Sign(char),
    /// Any one word.
    AnyWord,
    /// Up to six words of the same sentence.
    Gap,
    /// A placeholder that a person was to fill in, written `<unfilled>`.
    Unfilled,
    /// Any entry of a named list of the pack.
    List(SmolStr),
    /// One of these.
    OneOf(Alternatives),
    /// None or one of these.
    Optional(Alternatives),
    /// The sentence's start.
    Start,
    /// The sentence's end, before its closing signs.
    End,
    /// What stands here is kept under a name.
    Capture(SmolStr, Sequence),
}

/// What is wrong with a phrase, and where in it (in bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub at: usize,
}

impl fmt::Display for PhraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Reads a phrase.
pub(super) fn parse(text: &str) -> Result<Sequence, PhraseError> {
    if text.len() > MAX_LEN {
        return Err(PhraseError { message: format!("too long: {} bytes, at most {MAX_LEN}", text.len()), at: 0 });
    }
    let mut reader = Reader { text, at: 0, depth: 0 };
    let sequence = reader.sequence()?;
    match reader.peek() {
        None => Ok(sequence),
        Some(ch) => {
            Err(reader.error(format!("`{ch}` closes nothing that is open; write `\\{ch}` for the sign itself")))
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn error(&self, message: impl Into<String>) -> PhraseError {
        PhraseError { message: message.into(), at: self.at }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn sequence(&mut self) -> Result<Sequence, PhraseError> {
        let mut sequence = Vec::new();
        while let Some(ch) = self.peek() {
            match ch {
                '|' | ')' | ']' | '}' => break,
                _ if ch.is_whitespace() => self.at += ch.len_utf8(),
                _ if self.eat("...") => sequence.push(Element::Gap),
                '(' => sequence.push(Element::OneOf(self.group(")")?.into())),
                '[' => sequence.push(Element::Optional(self.group("]")?.into())),
                '*' => self.sign(&mut sequence, Element::AnyWord),
                '^' => self.sign(&mut sequence, Element::Start),
                '$' => self.sign(&mut sequence, Element::End),
                '<' => sequence.push(self.list()?),
                '{' => sequence.push(self.capture()?),
                '~' => return Err(self.error("`~` stands right after the word that it inflects")),
                '>' => {
                    return Err(self.error("`>` closes nothing that is open; write `\\>` for the sign itself"));
                }
                _ => self.word(&mut sequence)?,
            }
        }
        Ok(sequence)
    }

    fn sign(&mut self, sequence: &mut Sequence, element: Element) {
        sequence.push(element);
        self.at += 1;
    }

    fn group(&mut self, close: &str) -> Result<Vec<Sequence>, PhraseError> {
        let open = self.at;
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("groups stand more than {MAX_DEPTH} deep in each other")));
        }
        let mut alternatives = vec![self.sequence()?];
        while self.eat("|") {
            alternatives.push(self.sequence()?);
        }
        if !self.eat(close) {
            self.at = open;
            let sign = self.peek().unwrap_or('(');
            return Err(self.error(format!("`{sign}` is never closed; write `\\{sign}` for the sign itself")));
        }
        self.depth -= 1;
        if alternatives.iter().any(Vec::is_empty) {
            self.at = open;
            return Err(self.error("an empty alternative; use `[…]` for what may be left out"));
        }
        Ok(alternatives)
    }

    fn name(&mut self) -> SmolStr {
        let rest = self.rest();
        let len = rest.find(|ch: char| !(ch.is_alphanumeric() || ch == '-' || ch == '_')).unwrap_or(rest.len());
        let name = SmolStr::new(&rest[..len]);
        self.at += len;
        name
    }

    fn list(&mut self) -> Result<Element, PhraseError> {
        let open = self.at;
        self.at += 1;
        let name = self.name();
        if name.is_empty() || !self.eat(">") {
            self.at = open;
            return Err(self.error("a list is written `<name>`; write `\\<` for the sign itself"));
        }
        Ok(if name == "unfilled" { Element::Unfilled } else { Element::List(name) })
    }

    fn capture(&mut self) -> Result<Element, PhraseError> {
        let open = self.at;
        self.at += 1;
        let name = self.name();
        if name.is_empty() || !self.eat(":") {
            self.at = open;
            return Err(self.error("a capture is written `{name: phrase}`; write `\\{` for the sign itself"));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("groups stand more than {MAX_DEPTH} deep in each other")));
        }
        let inside = self.sequence()?;
        if !self.eat("}") || inside.is_empty() {
            self.at = open;
            return Err(self.error("a capture is written `{name: phrase}`"));
        }
        self.depth -= 1;
        Ok(Element::Capture(name, inside))
    }

    fn word(&mut self, sequence: &mut Sequence) -> Result<(), PhraseError> {
        let mut written = String::new();
        let mut chars = self.rest().chars().peekable();
        let mut len = 0;
        while let Some(ch) = chars.next() {
            let joined = match ch {
                '\\' => {
                    let Some(sign) = chars.next() else {
                        if !written.is_empty() {
                            break;
                        }
                        return Err(self.error("a backslash at the end takes no sign"));
                    };
                    if written.is_empty() && !sign.is_alphanumeric() {
                        self.at += 1 + sign.len_utf8();
                        sequence.push(Element::Sign(fold_sign(sign)));
                        return Ok(());
                    }
                    if !sign.is_alphanumeric() {
                        break;
                    }
                    len += 1;
                    written.push(sign);
                    len += sign.len_utf8();
                    continue;
                }
                _ if ch.is_alphanumeric() || ch == '_' || unicode_normalization::char::is_combining_mark(ch) => true,
                _ if written.is_empty() => false,
                '\'' | '’' | '-' | '.' | ',' => {
                    let after = chars.peek().copied();
                    let digits = written.ends_with(|last: char| last.is_ascii_digit());
                    match ch {
                        '.' | ',' => digits && after.is_some_and(|after| after.is_ascii_digit()),
                        _ => after.is_some_and(char::is_alphanumeric),
                    }
                }
                _ => false,
            };
            if !joined {
                break;
            }
            written.push(ch);
            len += ch.len_utf8();
        }
        if written.is_empty() {
            let sign = self.peek().unwrap_or_default();
            self.at += sign.len_utf8();
            sequence.push(Element::Sign(fold_sign(sign)));
            return Ok(());
        }
        self.at += len;
        let folded = SmolStr::from(fold_word(&written));
        if self.eat("~") {
            sequence.push(Element::Inflected(folded));
        } else {
            sequence.push(Element::Word(folded));
        }
        Ok(())
    }
}

fn fold_sign(sign: char) -> char {
    fold_word(&sign.to_string()).chars().next().unwrap_or(sign)
}

/// Named lists, as they are written, and with their own lists put in as far as these were needed.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) written: HashMap<String, Vec<Sequence>>,
    /// The entries, and how many elements they are with all their lists put in.
    resolved: HashMap<SmolStr, (Alternatives, usize)>,
}

impl Lists {
    pub(super) fn new(written: HashMap<String, Vec<Sequence>>) -> Self {
        Self { written, resolved: HashMap::new() }
    }

    /// Puts the entries of named lists in the place of their names.
    pub(super) fn resolve(&mut self, sequence: Sequence) -> Result<Sequence, String> {
        let (resolved, size) = self.sequence(sequence, &mut Vec::new())?;
        if size > MAX_ELEMENTS {
            return Err(format!("more than {MAX_ELEMENTS} words once its lists are put in"));
        }
        Ok(resolved)
    }

    fn sequence(&mut self, sequence: Sequence, open: &mut Vec<SmolStr>) -> Result<(Sequence, usize), String> {
        let mut size = sequence.len();
        let mut resolved = Vec::with_capacity(sequence.len());
        for element in sequence {
            let (element, more) = match element {
                Element::List(name) => {
                    let (entries, more) = self.list(name, open)?;
                    (Element::OneOf(entries), more)
                }
                Element::OneOf(all) => {
                    let (all, more) = self.alternatives(&all, open)?;
                    (Element::OneOf(all), more)
                }
                Element::Optional(all) => {
                    let (all, more) = self.alternatives(&all, open)?;
                    (Element::Optional(all), more)
                }
                Element::Capture(name, inside) => {
                    let (inside, more) = self.sequence(inside, open)?;
                    (Element::Capture(name, inside), more)
                }
                other => (other, 0),
            };
            size = size.saturating_add(more);
            resolved.push(element);
        }
        Ok((resolved, size))
    }

    fn alternatives(&mut self, all: &Alternatives, open: &mut Vec<SmolStr>) -> Result<(Alternatives, usize), String> {
        if !all.iter().any(names_a_list) {
            return Ok((all.clone(), all.iter().map(size_of).fold(0, usize::saturating_add)));
        }
        let mut size = 0_usize;
        let mut resolved = Vec::with_capacity(all.len());
        for one in all.iter() {
            let (one, more) = self.sequence(one.clone(), open)?;
            size = size.saturating_add(more);
            resolved.push(one);
        }
        Ok((resolved.into(), size))
    }

    fn list(&mut self, name: SmolStr, open: &mut Vec<SmolStr>) -> Result<(Alternatives, usize), String> {
        if let Some(known) = self.resolved.get(&name) {
            return Ok(known.clone());
        }
        if open.contains(&name) {
            return Err(format!("the list <{name}> holds itself"));
        }
        let Some(entries) = self.written.get(name.as_str()).cloned() else {
            return Err(unknown_list(&name, &self.written));
        };
        open.push(name.clone());
        let resolved = self.alternatives(&entries.into(), open)?;
        open.pop();
        self.resolved.insert(name, resolved.clone());
        Ok(resolved)
    }
}

fn names_a_list(sequence: &Sequence) -> bool {
    sequence.iter().any(|element| match element {
        Element::List(_) => true,
        Element::OneOf(all) | Element::Optional(all) => all.iter().any(names_a_list),
        Element::Capture(_, inside) => names_a_list(inside),
        _ => false,
    })
}

/// How many elements a sequence without lists is.
fn size_of(sequence: &Sequence) -> usize {
    let inside = sequence.iter().map(|element| match element {
        Element::OneOf(all) | Element::Optional(all) => all.iter().map(size_of).fold(0, usize::saturating_add),
        Element::Capture(_, inside) => size_of(inside),
        _ => 0,
    });
    inside.fold(sequence.len(), usize::saturating_add)
}

fn unknown_list(name: &str, lists: &HashMap<String, Vec<Sequence>>) -> String {
    let near = crate::rule::pack::nearest(name, lists.keys().map(String::as_str));
    match near {
        Some(near) => format!("there is no list <{name}> under `words`; did you mean <{near}>?"),
        None => format!("there is no list <{name}> under `words`"),
    }
}

/// Whether a phrase can match without a word.
pub(super) fn may_be_empty(sequence: &Sequence) -> bool {
    sequence.iter().all(|element| match element {
        Element::Gap | Element::Optional(_) | Element::Start | Element::End => true,
        Element::OneOf(all) => all.iter().any(may_be_empty),
        Element::Capture(_, inside) => may_be_empty(inside),
        Element::Word(_)
        | Element::Inflected(_)
        | Element::Sign(_)
        | Element::AnyWord
        | Element::Unfilled
        | Element::List(_) => false,
    })
}

/// Whether some word or sign of the phrase must be there letter for letter.
pub(super) fn has_anchor(sequence: &Sequence) -> bool {
    sequence.iter().any(|element| match element {
        Element::Word(_) | Element::Inflected(_) | Element::Sign(_) | Element::Unfilled => true,
        Element::OneOf(all) => all.iter().all(has_anchor),
        Element::Capture(_, inside) => has_anchor(inside),
        _ => false,
    })
}

/// The words of a phrase that stand in any inflection.
pub(crate) fn inflected_words(phrase: &Phrase) -> Vec<String> {
    fn collect(sequence: &Sequence, words: &mut Vec<String>) {
        for element in sequence {
            match element {
                Element::Inflected(word) => words.push(word.to_string()),
                Element::OneOf(all) | Element::Optional(all) => all.iter().for_each(|one| collect(one, words)),
                Element::Capture(_, inside) => collect(inside, words),
                _ => {}
            }
        }
    }
    let mut words = Vec::new();
    if let Phrase::Words(sequence) = phrase {
        collect(sequence, &mut words);
    }
    words
}

/// A phrase without lists, such as a grammar's; `None` if it cannot be read.
pub(crate) fn read_phrase(written: &str) -> Option<Phrase> {
    let sequence = parse(written).ok()?;
    (has_anchor(&sequence) && !may_be_empty(&sequence)).then(|| Phrase::Words(sequence.into()))
}

/// The names of a phrase's captures.
pub(super) fn captures(sequence: &Sequence, names: &mut Vec<String>) {
    for element in sequence {
        match element {
            Element::Capture(name, inside) => {
                names.push(name.to_string());
                captures(inside, names);
            }
            Element::OneOf(all) | Element::Optional(all) => all.iter().for_each(|one| captures(one, names)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Element {
        Element::Word(text.into())
    }

    #[test]
    fn reads_what_is_written() {
        assert_eq!(
            parse("^ (we are|I’m) [very] sorry, ... <what> * utilize~ {it: a b} \\* $").unwrap_or_default(),
            [
                Element::Start,
                Element::OneOf([vec![word("we"), word("are")], vec![word("i'm")]].into()),
                Element::Optional([vec![word("very")]].into()),
                word("sorry"),
                Element::Sign(','),
                Element::Gap,
                Element::List("what".into()),
                Element::AnyWord,
                Element::Inflected("utilize".into()),
                Element::Capture("it".into(), vec![word("a"), word("b")]),
                Element::Sign('*'),
                Element::End,
            ]
        );
        assert_eq!(
            parse("e.g. 1,000").unwrap_or_default(),
            [word("e"), Element::Sign('.'), word("g"), Element::Sign('.'), word("1,000")]
        );
    }

    #[test]
    fn what_cannot_be_read_is_an_error_at_its_place() {
        for (text, at) in [("a (b", 2), ("a b)", 3), ("a <b", 2), ("~a", 0), ("a {b}", 2), ("(a|)", 0), ("a\\", 1)] {
            assert_eq!(parse(text).map_err(|error| error.at), Err(at), "{text}");
        }
        assert!(parse(&"(".repeat(4000)).is_err());
    }
}
