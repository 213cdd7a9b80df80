//! Markdown, read by `pulldown-cmark`: the only maintained parser of it that gives the byte range of
//! every event, inline ones included, so that no position is ever searched for again.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{Projection, Reading};
use crate::reply::Reply;
use crate::text::Span;

pub(super) fn read(text: &str, body: Span, reading: Reading) -> Reply {
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
