//! Markdown, read by `pulldown-cmark`: the only maintained parser of it that gives the byte range of
//! every event, inline ones included, so that no position is ever searched for again.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{Projection, Reading};
use crate::reply::Reply;
use crate::text::{Mapped, Span};

pub(super) fn read(text: &str, body: Span, reading: &Reading) -> Reply {
    let mut projection = Projection::default();
    // How many enclosing elements are no prose.
    let mut hidden = 0_usize;
    let mut open = Vec::new();
    // A draft that begins with an indented block is an indented draft, not code.
    let indented_draft = body.of(text).trim_start_matches(['\n', '\r']).starts_with(['\t', ' ']);
    let shows = Shows { quotes: reading.quotes, indented: indented_draft };
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(body.of(text), options).into_offset_iter() {
        let origin = Span::new(body.start + range.start, body.start + range.end);
        match event {
            Event::Start(tag) => {
                if is_block(&tag) {
                    projection.end_block();
                }
                let hides = shows.hides(&tag);
                open.push(hides);
                hidden += usize::from(hides);
            }
            Event::End(tag) => {
                if ends_block(tag) {
                    projection.end_block();
                }
                hidden -= usize::from(open.pop() == Some(true));
            }
            _ if hidden > 0 => {}
            Event::Text(prose) => {
                if origin.of(text) == &*prose {
                    projection.text(&prose, origin.start);
                } else {
                    projection.stands_for(&prose, origin);
                }
            }
            Event::Code(code) => projection.opaque(&code, origin),
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
                    if origin.of(text) == &*words {
                        fence.push_verbatim(&words, origin.start);
                    } else {
                        fence.push_whole(&words, origin);
                    }
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

impl Shows {
    fn hides(self, tag: &Tag<'_>) -> bool {
        match tag {
            Tag::CodeBlock(CodeBlockKind::Indented) => !self.indented,
            Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => true,
            Tag::BlockQuote(_) => !self.quotes,
            _ => false,
        }
    }
}
