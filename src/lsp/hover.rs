//! Hovers: why a finding is one, and what to write instead; what a rule is, where one is named.

use gen_lsp_types as lsp;

use super::check::{Checked, Office, Points, What, page};
use super::document::Document;
use super::ours;
use crate::finding::Finding;
use crate::report::{self, printable, printable_line};
use crate::rule::Rule;
use crate::text::{Encoding, Span};

/// How many rules of a family are listed.
const MAX_LISTED: usize = 40;

/// What to show for a place.
pub(super) fn hover(checked: &Checked, offset: usize, office: &Office) -> Option<lsp::Hover> {
    let document = &checked.document;
    let mut texts = Vec::new();
    let mut range = None;
    if names_rules(checked, offset) {
        let (span, word) = document.word_at(offset);
        let is_key = document.text.get(span.end..).is_some_and(|rest| rest.starts_with(':'));
        let key = is_key.then(|| ours::about_key(&checked.what, word)).flatten();
        texts.extend(key.map(|about| format!("`{word}`: {about}")).or_else(|| named(word, checked, office)));
        range = (!texts.is_empty()).then_some(span);
    }
    if let What::Draft(draft) = &checked.what {
        let covers = |finding: &&Finding| finding.span.start <= offset && offset <= finding.span.end;
        let findings: Vec<&Finding> = draft.report.findings.iter().filter(covers).collect();
        texts.extend(findings.iter().map(|finding| about(finding)));
        range = range.or(findings.first().map(|finding| finding.span));
    }
    Some(shown(texts.join("\n\n---\n\n"), range?, document, office.encoding))
}

/// What a word means that names rules.
fn named(word: &str, checked: &Checked, office: &Office) -> Option<String> {
    if word.is_empty() {
        return None;
    }
    let ruling = office.ruling(&checked.document);
    let named: Vec<&Rule> = ruling.linter.rules().iter().filter(|rule| rule.is_named_by(word)).collect();
    match named.as_slice() {
        [] => crate::config::explain_suppression(word).filter(|_| crate::config::is_ours(word)),
        [rule] => Some(rule_page(rule)),
        rules => {
            // A family, or the beginning of codes.
            let list = rules.iter().take(MAX_LISTED).map(|rule| format!("- `{}` {}", rule.code, plain(&rule.summary)));
            let more = rules.len().saturating_sub(MAX_LISTED);
            let more = if more > 0 { format!("\n- … and {more} more") } else { String::new() };
            Some(format!("{} rules\n\n{}{more}", rules.len(), list.collect::<Vec<_>>().join("\n")))
        }
    }
}

/// Whether rules are named at a place: in a remark to the linter, or in a configuration.
pub(super) fn names_rules(checked: &Checked, offset: usize) -> bool {
    let document = &checked.document;
    if matches!(checked.what, What::Configuration(_) | What::Pack(_)) {
        return true;
    }
    let line = document.lines.span(&document.text, document.lines.line_of(offset));
    let before = line.and_then(|line| document.text.get(line.start..offset)).unwrap_or_default();
    let line = line.map_or("", |line| line.of(&document.text)).to_ascii_lowercase();
    let is_remark = line.contains("tonelint-disable") || line.contains("tonelint-enable");
    is_remark && before.to_ascii_lowercase().contains("tonelint-") && !before.contains("-->")
}

fn shown(text: String, span: Span, document: &Document, encoding: Encoding) -> lsp::Hover {
    let contents = lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: text };
    lsp::Hover { contents: contents.into(), range: Some(Points::of(document, encoding).range(span)) }
}

/// A text of rules or of a reply, so that Markdown shows it as it is.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in printable(text).chars() {
        if matches!(ch, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~') {
            out.push('\\');
        }
        out.push(ch);
    }
    out
}

fn title(code: &str, name: &str) -> String {
    if code == name { format!("**{}**", plain(code)) } else { format!("**{}** {}", plain(code), plain(name)) }
}

fn rewrite_list(texts: impl Iterator<Item = String>) -> String {
    let list: Vec<String> = texts
        .map(|text| match text.is_empty() {
            true => "- leave it out".to_owned(),
            false => format!("- {}", plain(&printable_line(&text))),
        })
        .collect();
    if list.is_empty() { String::new() } else { format!("\n\nWrite instead:\n\n{}", list.join("\n")) }
}

fn about(finding: &Finding) -> String {
    let mut text =
        format!("{} ({})\n\n{}", title(&finding.code, &finding.name), finding.severity, plain(&finding.message));
    if !finding.why.is_empty() {
        text.push_str(&format!("\n\n{}", plain(finding.why.trim())));
    }
    text.push_str(&rewrite_list(finding.rewrites.iter().map(|rewrite| rewrite.text.clone())));
    if let Some(page) = page(finding) {
        text.push_str(&format!("\n\n[{}]({page})", plain(&finding.code)));
    }
    text
}

fn rule_page(rule: &Rule) -> String {
    let off = if rule.on { "" } else { ", off unless selected" };
    let mut text = format!("{} ({}, {}{off})", title(&rule.code, &rule.name), rule.family, rule.severity);
    for part in [&rule.summary, &rule.why] {
        if !part.is_empty() {
            text.push_str(&format!("\n\n{}", plain(part.trim())));
        }
    }
    text.push_str(&rewrite_list(rule.rewrites.iter().map(|rewrite| rewrite.to.written())));
    if rule.origin.builtin {
        text.push_str(&format!("\n\n[{}]({})", rule.code, report::page(&report::rule_page(&rule.code))));
    }
    text
}
