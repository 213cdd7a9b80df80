//! Plain text: paragraphs apart by empty lines, `>` quotes, lists by their signs.

use std::sync::LazyLock;

use regex::Regex;

use super::{Projection, Reading};
use crate::reply::Reply;
use crate::text::Span;

/// How mail programs begin the mail that is answered: a line of signs, or none, and a copy of its head.
const HISTORY: &str = concat!(
    r"(?mx)^(?:",
    r"(?:-{3,}\s*\p{L}[\p{L}\ '’]*-{3,}|_{20,})\s*\n(?:\W?\p{L}[\p{L}\ ]{1,14}\W?\ ?:\W?\ .*\n){2,}",
    r"|\W?(?:From|Von|De|Da|Van)\ ?:\W?\ .*\n\W?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado|Inviato|Data|Verzonden)\ ?:\W?\ .*\n",
    r")"
);

#[expect(clippy::expect_used, reason = "the pattern is a constant, and the tests compile it")]
static HISTORY_HEAD: LazyLock<Regex> = LazyLock::new(|| Regex::new(HISTORY).expect("the pattern of heads is valid"));

/// Offset of the mail that a text answers, if a mail program has put it below without quote signs.
pub(super) fn history(text: &str) -> Option<usize> {
    if !text.contains(':') {
        return None;
    }
    HISTORY_HEAD.find(text).map(|head| head.start())
}

/// Appends what a stretch of text quotes: the lines with quote signs, or else all of it.
pub(super) fn quotes(text: &str, stretch: Span, all: bool, reply: &mut Reply) {
    let mut apart = true;
    for line in lines(text, stretch) {
        let written = line.of(text);
        let sign =
            if is_quote(written) { written.len() - written.trim_start_matches([' ', '\t', '>']).len() } else { 0 };
        if !all && sign == 0 {
            apart |= !written.trim().is_empty();
            continue;
        }
        let words = &written[sign..];
        if !words.trim().is_empty() {
            let depth = usize::from(all) + written[..sign].matches('>').count();
            if apart || reply.depths.last().is_none_or(|(_, before)| *before != depth) {
                // Where the depth is another, the last one says that it stands apart.
                let before = reply.depths.last().map(|(_, before)| *before);
                if apart && before.is_some_and(|before| before != depth) {
                    reply.depths.push((reply.quoted.len(), depth));
                }
                reply.depths.push((reply.quoted.len(), depth));
            }
            apart = false;
        }
        reply.quoted.push_verbatim(words, line.start + sign);
    }
}

/// The line above the first quoted lines that says who wrote them and when (`On … wrote:`), or the two of
/// a wrapped one. It is known by its year.
pub(super) fn quoted_head(text: &str, body: Span) -> Option<Span> {
    if !body.of(text).contains('>') {
        return None;
    }
    let lines = lines(text, body);
    let quote = lines.iter().position(|line| is_quote(line.of(text)))?;
    let says = |index: usize| lines.get(index).map_or("", |line| line.of(text).trim());
    let last = (0..quote).rev().find(|index| !says(*index).is_empty())?;
    if !says(last).ends_with(':') {
        return None;
    }
    let first =
        if has_year(says(last)) { last } else { last.checked_sub(1).filter(|before| has_year(says(*before)))? };
    Some(lines.get(first)?.cover(*lines.get(last)?))
}

pub(super) fn has_year(line: &str) -> bool {
    line.split(|ch: char| !ch.is_ascii_digit()).any(|number| number.len() == 4)
}

pub(super) fn read(text: &str, body: Span, reading: &Reading) -> Reply {
    let mut projection = Projection::default();
    let lines: Vec<Span> = lines(text, body);
    let head = quoted_head(text, body);
    for (index, line) in lines.iter().enumerate() {
        let written = line.of(text);
        let bare = written.trim_end_matches(['\n', '\r']);
        let quoted = is_quote(bare);
        let introduces_quote =
            bare.trim_end().ends_with(':') && lines.get(index + 1).is_some_and(|next| is_quote(next.of(text)));
        if bare.trim().is_empty()
            || (!reading.quotes && (quoted || introduces_quote || head.is_some_and(|head| head.contains(*line))))
        {
            projection.end_block();
            continue;
        }
        let item = list_sign(bare);
        if item > 0 || quoted != previous_is_quote(text, &lines, index) {
            projection.end_block();
        }
        let skip = item + if quoted { bare.len() - bare.trim_start_matches([' ', '\t', '>']).len() } else { 0 };
        projection.text(&written[skip.min(bare.len())..], line.start + skip.min(bare.len()));
    }
    projection.finish()
}

fn lines(text: &str, body: Span) -> Vec<Span> {
    let mut at = body.start;
    let mut lines = Vec::new();
    while at < body.end {
        let rest = &text[at..body.end];
        let len = match rest.find(['\n', '\r']) {
            Some(end) if rest[end..].starts_with("\r\n") => end + 2,
            Some(end) => end + 1,
            None => rest.len(),
        };
        lines.push(Span::new(at, at + len));
        at += len;
    }
    lines
}

fn is_quote(line: &str) -> bool {
    line.trim_start_matches([' ', '\t']).starts_with('>')
}

fn previous_is_quote(text: &str, lines: &[Span], index: usize) -> bool {
    index.checked_sub(1).and_then(|before| lines.get(before)).is_some_and(|line| is_quote(line.of(text)))
}

/// Bytes of the sign that makes a line a list item, with the space after it; 0 where there is none.
fn list_sign(line: &str) -> usize {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let rest = &line[indent..];
    let digits = rest.len() - rest.trim_start_matches(|ch: char| ch.is_ascii_digit()).len();
    let sign = match rest[digits..].chars().next() {
        Some('.' | ')') if (1..=3).contains(&digits) => digits + 1,
        Some(bullet @ ('-' | '*' | '+' | '•' | '–')) if digits == 0 => bullet.len_utf8(),
        _ => return 0,
    };
    let after = &rest[sign..];
    let space = after.len() - after.trim_start_matches([' ', '\t']).len();
    if space == 0 { 0 } else { indent + sign + space }
}
