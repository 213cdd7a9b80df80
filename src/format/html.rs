//! HTML, read by `html5gum`: a tokenizer after the WHATWG standard that gives the bytes of every
//! token, and needs no tree of what may be half a document.

use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use html5gum::{Spanned, Tokenizer};

use super::{Projection, Reading};
use crate::reply::{Reply, Writing};
use crate::text::{Mapped, Span};

/// Elements whose content no customer reads as prose.
const HIDDEN: &[&str] = &[
    "script", "style", "head", "code", "pre", "kbd", "samp", "tt", "var", "template", "noscript", "svg", "math",
    "object", "iframe", "select", "textarea",
];
/// Of these, those whose content nobody sees at all.
const UNSEEN: &[&str] =
    &["script", "style", "head", "template", "noscript", "svg", "math", "object", "iframe", "select", "textarea"];
/// Elements that stand inside a line of text; all others begin and end a paragraph.
const INLINE: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "b",
    "bdi",
    "bdo",
    "big",
    "cite",
    "data",
    "del",
    "dfn",
    "em",
    "font",
    "i",
    "ins",
    "label",
    "mark",
    "q",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "u",
    "wbr",
    "attribute",
    "img",
    "br",
    "code",
    "kbd",
    "samp",
    "tt",
    "var",
    "script",
    "style",
    "nobr",
];
/// What an element of code is in a sentence: a word of its own, so that the sentence stays one.
const CODE: &str = "\u{FFFC}";
/// Elements that have no content.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
/// Attributes that are read aloud or shown.
const SPOKEN: &[&str] = &["alt", "title"];

pub(super) fn read(text: &str, body: Span, reading: &Reading) -> Reply {
    let mut projection = Projection::default();
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut hidden: Vec<Vec<u8>> = Vec::new();
    let mut spoken = Vec::new();
    let Ok(tokens) = Tokenizer::new_with_emitter(body.of(text), emitter).collect::<Result<Vec<_>, _>>();
    for token in tokens {
        match token {
            Token::StartTag(tag) => start(&tag, text, body, reading, &mut projection, &mut hidden, &mut spoken),
            Token::EndTag(tag) => {
                if let Some(at) = hidden.iter().rposition(|name| **name == **tag.name) {
                    hidden.truncate(at);
                }
                if !is(&tag.name, INLINE) {
                    projection.end_quote();
                }
                if !is(&tag.name, INLINE) {
                    projection.end_block();
                }
            }
            Token::String(Spanned { span, .. }) if hidden.is_empty() => {
                decode(text, Span::new(body.start + span.start, body.start + span.end), &mut projection);
            }
            Token::String(Spanned { span, .. }) => {
                let words = references(&body.of(text)[span.start..span.end], body.start + span.start);
                if hidden.iter().any(|name| is(name, UNSEEN)) || words.text().trim().is_empty() {
                } else if hidden.first().is_some_and(|name| name == b"blockquote") {
                    let depth = hidden.iter().filter(|name| *name == b"blockquote").count();
                    projection.quote(&words, depth);
                } else {
                    projection.code.append(&words);
                }
            }
            _ => {}
        }
    }
    projection.end_block();
    let attributes = projection.prose.len();
    for span in spoken {
        decode(text, span, &mut projection);
        projection.end_block();
    }
    let mut reply = projection.finish();
    reply.places.push((attributes, vec![Writing::Attribute]));
    reply
}

/// What stands between the texts of a page: tags and comments, as written.
pub(super) fn tags(text: &str, body: Span) -> Vec<(Span, String)> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let Ok(tokens) = Tokenizer::new_with_emitter(body.of(text), emitter).collect::<Result<Vec<_>, _>>();
    // What a comment says to tonelint is not of the page.
    let is_remark = |span: &html5gum::Span<usize>| {
        span.start < span.end && body.of(text)[span.start..span.end].contains("tonelint-")
    };
    let spans = tokens.into_iter().filter_map(|token| match token {
        Token::StartTag(tag) => Some(tag.span),
        Token::EndTag(tag) => Some(tag.span),
        Token::Comment(comment) if !is_remark(&comment.span) => Some(comment.span),
        _ => None,
    });
    let placed = spans.map(|span| Span::new(body.start + span.start, body.start + span.end.max(span.start)));
    placed.map(|span| (span, span.of(text).to_owned())).collect()
}

fn is(name: &[u8], list: &[&str]) -> bool {
    list.iter().any(|one| one.as_bytes() == name)
}

fn start(
    tag: &StartTag<usize>,
    text: &str,
    body: Span,
    reading: &Reading,
    projection: &mut Projection,
    hidden: &mut Vec<Vec<u8>>,
    spoken: &mut Vec<Span>,
) {
    let span = Span::new(body.start + tag.span.start, body.start + tag.span.end);
    let name: &[u8] = &tag.name;
    if name == b"br" && hidden.is_empty() {
        projection.stands_for("\n", span);
    } else if !is(name, INLINE) {
        projection.end_block();
    }
    let hides = is(name, HIDDEN) || (name == b"blockquote" && !reading.quotes);
    if name == b"code" && hidden.is_empty() {
        projection.opaque(CODE, span);
    }
    if hidden.is_empty() {
        for (attribute, value) in &tag.attributes {
            if is(attribute, SPOKEN)
                && let Some(value) =
                    attribute_value(text, Span::new(body.start + value.span.start, body.start + value.span.end))
            {
                spoken.push(value);
            }
        }
    }
    if hides && !tag.self_closing && !is(name, VOID) {
        hidden.push(name.to_vec());
    }
}

/// The value within an attribute's span, without its quotes.
fn attribute_value(text: &str, span: Span) -> Option<Span> {
    let written = text.get(span.start..span.end)?;
    let equals = written.find('=')?;
    let value = &written[equals + 1..];
    let start = span.start + equals + 1 + (value.len() - value.trim_start().len());
    let value = text.get(start..span.end)?.trim_end_matches(['>', '/']).trim_end();
    let quote = value.starts_with(['"', '\'']);
    let inner = value.trim_start_matches(['"', '\'']).trim_end_matches(['"', '\'']);
    let start = start + usize::from(quote);
    (!inner.trim().is_empty()).then(|| Span::new(start, (start + inner.len()).min(text.len())))
}

/// Text between tags: as it stands, but for character references.
fn decode(text: &str, span: Span, projection: &mut Projection) {
    let decoded = references(span.of(text), span.start);
    if projection.open.is_none() && decoded.text().trim().is_empty() {
        return;
    }
    projection.mapped(&decoded);
}

/// Text with its character references (`&rsquo;`, `&#8217;`) decoded; it begins at `origin`.
fn references(raw: &str, origin: usize) -> Mapped {
    let mut mapped = Mapped::default();
    let mut at = 0;
    while let Some(found) = raw[at..].find('&') {
        let start = at + found;
        mapped.push_verbatim(&raw[at..start], origin + at);
        let rest = &raw[start..];
        let name =
            rest[1..].find(|ch: char| !(ch.is_ascii_alphanumeric() || ch == '#')).map_or(rest.len(), |end| end + 1);
        let len = (name + usize::from(rest[name..].starts_with(';'))).min(40.max(name));
        let decoded = htmlize::unescape(&rest[..len]);
        if decoded == rest[..len] {
            mapped.push_verbatim(&rest[..len], origin + start);
        } else {
            mapped.push_whole(&decoded, Span::new(origin + start, origin + start + len));
        }
        at = start + len;
    }
    mapped.push_verbatim(&raw[at..], origin + at);
    mapped
}
