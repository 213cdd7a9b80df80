//! Markdown, read by `pulldown-cmark`: the only maintained parser of it that gives the byte range of
//! every event, inline ones included, so that no position is ever searched for again.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Projection, Reading};
use crate::reply::Reply;
use crate::text::Span;

pub(super) fn read(text: &str, body: Span, reading: Reading) -> Reply {
    let mut projection = Projection::default();
    // How many enclosing elements are no prose.
    let mut hidden = 0_usize;
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(body.of(text), options).into_offset_iter() {
        let origin = Span::new(body.start + range.start, body.start + range.end);
        match event {
            Event::Start(tag) => {
                if is_block(&tag) {
                    projection.end_block();
                }
                if hides(&tag, reading) {
                    hidden += 1;
                }
            }
            Event::End(tag) => {
                if ends_block(tag) {
                    projection.end_block();
                }
                if ends_hidden(tag, reading) {
                    hidden = hidden.saturating_sub(1);
                }
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

fn hides(tag: &Tag<'_>, reading: Reading) -> bool {
    match tag {
        Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => true,
        Tag::BlockQuote(_) => !reading.quotes,
        _ => false,
    }
}

fn ends_hidden(tag: TagEnd, reading: Reading) -> bool {
    match tag {
        TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => true,
        TagEnd::BlockQuote(_) => !reading.quotes,
        _ => false,
    }
}
