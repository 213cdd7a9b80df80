//! Markdown, read by `pulldown-cmark`: the only maintained parser of it that gives the byte range of
//! every event, inline ones included, so that no position is ever searched for again.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{Projection, Reading, plain};
use crate::reply::Reply;
use crate::text::{Mapped, Span};

pub(super) fn read(text: &str, body: Span, reading: &Reading) -> Reply {
    let mut projection = Projection::default();
    // What the enclosing elements hold that is no prose.
    let mut open: Vec<Option<Left>> = Vec::new();
    let mut tagged = false;
    // A draft that begins with an indented block is an indented draft, not code.
    let indented_draft = body.of(text).trim_start_matches(['\n', '\r']).starts_with(['\t', ' ']);
    let shows = Shows { quotes: reading.quotes, indented: indented_draft };
    let head = plain::quoted_head(text, body).filter(|_| !reading.quotes);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(body.of(text), options).into_offset_iter() {
        let origin = Span::new(body.start + range.start, body.start + range.end);
        match event {
            Event::Start(tag) => {
                if is_block(&tag) {
                    projection.end_block();
                }
                open.push(shows.leaves_out(&tag));
            }
            Event::End(tag) => {
                if ends_block(tag) {
                    tagged = false;
                    projection.end_block();
                }
                if open.pop().flatten() == Some(Left::Quote) || open.contains(&Some(Left::Quote)) {
                    projection.end_quote();
                }
            }
            event if open.iter().any(Option::is_some) => {
                let kind = open.iter().flatten().next();
                let mut left = Mapped::default();
                match event {
                    Event::Text(words) | Event::Code(words) => left.push(&words, origin, text),
                    Event::SoftBreak | Event::HardBreak => left.push_whole("\n", origin),
                    _ => {}
                }
                match kind {
                    Some(Left::Quote) => {
                        let depth = open.iter().filter(|left| **left == Some(Left::Quote)).count();
                        projection.quote(&left, depth);
                    }
                    Some(Left::Code) => projection.code.append(&left),
                    _ => {}
                }
            }
            _ if head.is_some_and(|head| head.contains(origin)) => {}
            // Code in tags, as some write it; a paragraph ends it at the latest.
            Event::InlineHtml(tag) => {
                let tag = tag.trim_start_matches('<').to_ascii_lowercase();
                let name = tag.trim_start_matches('/').split(|ch: char| !ch.is_ascii_alphanumeric()).next();
                if name.is_some_and(|name| ["code", "kbd", "samp", "tt", "pre"].contains(&name)) {
                    tagged = !tag.starts_with('/');
                }
            }
            Event::Text(code) if tagged => {
                projection.opaque(&code, origin);
                projection.code.push(&code, origin, text);
            }
            Event::Text(prose) => {
                if origin.of(text) == &*prose {
                    projection.text(&prose, origin.start);
                } else {
                    projection.stands_for(&prose, origin);
                }
            }
            Event::Code(code) => {
                projection.opaque(&code, origin);
                projection.code.push(&code, origin, text);
            }
            Event::SoftBreak | Event::HardBreak => projection.stands_for("\n", origin),
            Event::Rule => projection.end_block(),
            _ => {}
        }
    }
    projection.finish()
}

/// The fenced blocks of a document, each under the heading that it stands below.
pub(super) fn fences(text: &str, body: Span) -> Vec<(String, Mapped)> {
    let mut fences: Vec<(String, Mapped)> = Vec::new();
    let mut heading = String::new();
    let (mut in_heading, mut in_fence) = (false, false);
    for (event, range) in Parser::new(body.of(text)).into_offset_iter() {
        let origin = Span::new(body.start + range.start, body.start + range.end);
        match event {
            Event::Start(Tag::Heading { .. }) => {
                in_heading = true;
                heading.clear();
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                in_fence = true;
                fences.push((heading.clone(), Mapped::default()));
            }
            Event::End(TagEnd::CodeBlock) => in_fence = false,
            Event::Text(words) if in_heading => heading.push_str(&words),
            Event::Text(words) if in_fence => {
                if let Some((_, fence)) = fences.last_mut() {
                    fence.push(&words, origin, text);
                }
            }
            _ => {}
        }
    }
    fences
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Superscript | Tag::Subscript
    )
}

fn ends_block(tag: TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Superscript
            | TagEnd::Subscript
    )
}

/// What of the elements that are usually no prose is read all the same.
#[derive(Clone, Copy)]
struct Shows {
    quotes: bool,
    indented: bool,
}

/// Why an element is no prose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    Quote,
    Code,
    Markup,
}

impl Shows {
    fn leaves_out(self, tag: &Tag<'_>) -> Option<Left> {
        match tag {
            Tag::CodeBlock(CodeBlockKind::Indented) if self.indented => None,
            Tag::CodeBlock(_) => Some(Left::Code),
            Tag::HtmlBlock | Tag::MetadataBlock(_) => Some(Left::Markup),
            Tag::BlockQuote(_) if !self.quotes => Some(Left::Quote),
            _ => None,
        }
    }
}
