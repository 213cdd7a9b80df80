//! Prose of which a customer reads one of several: branches of a template's `if`, and spintax
//! (`{Hi|Hello there}`).

use std::sync::LazyLock;

use regex::Regex;

use crate::reply::Choice;
use crate::text::Span;

/// Marks that open, go on with, or close a choice, in Liquid and Jinja, Handlebars, Smarty and ERB.
const MARKS: [&str; 3] = [
    r"^(?:\{%-?\s*(?:if|unless|case|ifchanged)\b|\{\{\s*#(?:if|unless)\b|\{if\b|<%-?\s*(?:if|unless|case)\b)",
    r"^(?:\{%-?\s*(?:else|elsif|elif|elseif|when)\b|\{\{\s*else\b|\{else|<%-?\s*(?:else|elsif|when)\b)",
    r"^(?:\{%-?\s*(?:endif|endunless|endcase|endifchanged)\b|\{\{\s*/(?:if|unless)\b|\{/if\b|<%-?\s*end\b)",
];

#[expect(clippy::expect_used, reason = "the patterns are constants, and the tests compile them")]
static MARK: LazyLock<[Regex; 3]> =
    LazyLock::new(|| MARKS.map(|pattern| Regex::new(pattern).expect("the marks of choices are valid")));

#[expect(clippy::expect_used, reason = "the pattern is a constant, and the tests compile it")]
static SPINTAX: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{[^{}|_.$%#]*(?:\|[^{}|]*)+\}").expect("the pattern of spintax is valid"));

/// The choices in a prose whose placeholders are known, the inner ones first.
pub(super) fn find(prose: &str, opaque: &[Span]) -> Vec<Choice> {
    let mut open: Vec<(Span, usize, Vec<Span>)> = Vec::new();
    let mut choices = Vec::new();
    for mark in opaque.iter().filter(|mark| mark.of(prose).starts_with(['{', '<'])) {
        let kind = MARK.iter().position(|pattern| pattern.is_match(mark.of(prose)));
        match (kind, open.last_mut()) {
            (Some(0), _) => open.push((*mark, mark.end, Vec::new())),
            (Some(1), Some((_, from, branches))) => {
                branches.push(Span::new(*from, mark.start));
                *from = mark.end;
            }
            (Some(2), Some(_)) => {
                if let Some((first, from, mut branches)) = open.pop() {
                    branches.push(Span::new(from, mark.start));
                    if branches.len() == 1 {
                        // Without an `else` the customer may read nothing here.
                        branches.push(Span::new(mark.end, mark.end));
                    }
                    choices.push(Choice { whole: first.cover(*mark), branches });
                }
            }
            _ => {}
        }
    }
    choices
}

/// The choices that spintax offers.
pub(super) fn spintax(prose: &str) -> Vec<Choice> {
    if !prose.contains('{') || !prose.contains('|') {
        return Vec::new();
    }
    let hits = SPINTAX.find_iter(prose).filter(|hit| {
        let before = prose[..hit.start()].chars().next_back();
        let after = prose[hit.end()..].chars().next();
        // Doubled braces are a placeholder with a fallback.
        before != Some('{') && after != Some('}') && !matches!(before, Some('$' | '%' | '#'))
    });
    let choice = |hit: regex::Match<'_>| {
        let mut at = hit.start() + 1;
        let inside = &prose[at..hit.end() - 1];
        let branches = inside.split('|').map(|branch| {
            let span = Span::new(at, at + branch.len());
            at = span.end + 1;
            span
        });
        Choice { branches: branches.collect(), whole: Span::new(hit.start(), hit.end()) }
    };
    hits.map(choice).collect()
}
