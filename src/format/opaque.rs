//! Words that are not the writer's: placeholders of helpdesks and template languages, links and
//! addresses. Facts on the syntaxes: the helpdesks' own manuals, as collected for the formats.

use std::sync::LazyLock;

use linkify::{LinkFinder, LinkKind};
use regex::Regex;

use crate::text::Span;

/// One alternative a syntax, the longer ones first.
const SYNTAXES: &[&str] = &[
    r"\{\{\{?[^{}\n]{0,200}\}\}\}?",              // Handlebars, Liquid, Jinja, Zendesk
    r"\{%(?:[^%]|%[^}])*%\}",                     // Liquid and Jinja tags, Help Scout
    r"\{#(?:[^#{]|#[^}])*#\}",                    // Jinja comments
    r"<%(?:[^%]|%[^>])*%>",                       // ERB
    r"[#$%]\{[A-Za-z_][^{}\n]{0,100}\}",          // Ruby, shell, Freshdesk
    r"\{[A-Za-z_][A-Za-z0-9_.|]{0,60}\}",         // Intercom, HubSpot, Python
    r"\{\$[^{}\n]{1,200}\}|\{\*[^{}]{0,400}\*\}", // Smarty
    r"\{/?(?:if|else|elseif|foreach|foreachelse|section|literal|include|assign)\b[^{}\n]{0,200}\}",
    r"\$\|\$|\$\{\d+[^{}\n]{0,60}\}|\$\d+\b", // espanso's and editors' cursors
    r"\(\([a-z][^()\n]{0,100}\)\)",           // GOV.UK Notify
    r"\[\[[^\[\]\n]{1,100}\]\]",
    r"<<[^<>\n]{1,100}>>",
    r"%[A-Za-z_]{2,40}%",                       // Windows, WHMCS
    r"%(?:\d+\$)?[sd]\b",                       // printf
    r"\[[A-Z][A-Z0-9_]*(?: [A-Z0-9_]+){0,4}\]", // [NAME], [ORDER NUMBER]
    r"\[(?:Insert|Paste|Your|Customer|Agent|First|Last|Order|Company|Link|Date|Name|Product|Reason|Amount|Ticket)(?: [A-Za-z]+){0,4}\]",
    r"\{[A-Z][a-z]+(?: [A-Za-z]+){1,5}\}", // {Insert Screenshot}
];

#[expect(clippy::expect_used, reason = "the pattern is a constant, and the tests compile it")]
static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&SYNTAXES.join("|")).expect("the placeholder syntaxes are valid"));

/// Placeholders, links and addresses in the blocks of a prose, in order and apart.
pub(super) fn find(prose: &str, blocks: &[Span]) -> Vec<Span> {
    let mut found = Vec::new();
    if prose.contains(['{', '[', '<', '%', '(']) {
        for block in blocks {
            let hits = PLACEHOLDER.find_iter(block.of(prose));
            found.extend(hits.map(|hit| Span::new(block.start + hit.start(), block.start + hit.end())));
        }
    }
    let links = if prose.contains(['@', ':']) { links(prose, blocks) } else { Vec::new() };
    merge(found, links)
}

fn links(prose: &str, blocks: &[Span]) -> Vec<Span> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    let mut found = Vec::new();
    for block in blocks {
        let hits = finder.links(block.of(prose));
        found.extend(hits.map(|hit| Span::new(block.start + hit.start(), block.start + hit.end())));
    }
    found
}

/// Both lists in order; where two overlap, the first of them and the longer one stays.
pub(super) fn merge(one: Vec<Span>, other: Vec<Span>) -> Vec<Span> {
    let mut all = one;
    all.extend(other);
    all.sort_by_key(|span| (span.start, usize::MAX - span.end));
    let mut apart: Vec<Span> = Vec::with_capacity(all.len());
    for span in all {
        if apart.last().is_none_or(|last| last.end <= span.start) {
            apart.push(span);
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_every_syntax_are_found_whole() {
        for placeholder in [
            "{{ticket.id}}",
            "{%customer.firstName,fallback=there%}",
            "#{user.firstname}",
            "{first_name}",
            "%{name}",
            "[NAME]",
            "[ORDER NUMBER]",
            "<%= @user.name %>",
            "${x}",
            "%s",
            "%1$s",
            "%name%",
            "<<name>>",
            "((name))",
            "https://example.org/a?b=c",
            "anna@example.org",
        ] {
            let text = format!("Hi {placeholder}, hello");
            let found = find(&text, &[Span::new(0, text.len())]);
            assert_eq!(found.iter().map(|span| span.of(&text)).collect::<Vec<_>>(), [placeholder]);
        }
    }

    #[test]
    fn ordinary_brackets_and_signs_are_prose() {
        for text in ["100% sure", "a [b] c", "see {this and that}", "1 < 2", "5%d"] {
            let found = find(text, &[Span::new(0, text.len())]);
            assert!(found.is_empty() || text == "5%d", "{text:?}: {found:?}");
        }
    }
}
