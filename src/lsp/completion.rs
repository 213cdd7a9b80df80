//! Completion: rules where they are named, values of a configuration, and beginnings of sentences.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types as lsp;

use super::check::{Checked, Office, Points, What};
use super::client::Client;
use super::document::Document;
use super::hover;
use crate::config::FileConfig;
use crate::reply::{Channel, Customer};
use crate::rule::{Move, Piece, Template};
use crate::text::Span;

/// What can be written at a place.
pub(super) fn items(checked: &Checked, offset: usize, office: &Office, client: &Client) -> Vec<lsp::CompletionItem> {
    let document = &checked.document;
    match &checked.what {
        What::Configuration(_) => match key_at(document, offset) {
            Some("select" | "ignore" | "severity") => rules(checked, offset, office),
            Some("customer") => values(Customer::ALL.iter().map(|one| one.name())),
            Some("channel") => values(Channel::ALL.iter().map(|one| one.name())),
            Some("extends") => values(FileConfig::profiles()),
            _ => Vec::new(),
        },
        What::Draft(_) if hover::names_rules(checked, offset) => rules(checked, offset, office),
        What::Draft(draft) => {
            let said = &draft.ruling.linter.config().facts.language;
            let language = said.as_deref().or(draft.ruling.known.facts.language.as_deref()).unwrap_or("en");
            if is_empty_line(document, offset) {
                starters(draft.ruling.linter.starters(language), document, offset, office, client)
            } else {
                Vec::new()
            }
        }
        What::Pack(_) | What::Unreadable => Vec::new(),
    }
}

/// Whether nothing stands before a place on its line. Editors that ask at each letter get nothing.
fn is_empty_line(document: &Document, offset: usize) -> bool {
    let line = document.lines.span(&document.text, document.lines.line_of(offset));
    line.and_then(|line| document.text.get(line.start..offset)).is_some_and(|before| before.trim().is_empty())
}

/// The codes, names and families of rules.
fn rules(checked: &Checked, offset: usize, office: &Office) -> Vec<lsp::CompletionItem> {
    let document = &checked.document;
    let (word, _) = document.word_at(offset);
    let range = Points::of(document, office.encoding).range(Span::new(word.start, offset.max(word.start)));
    let item =
        |label: &str, detail: String, about: &str, kind: lsp::CompletionItemKind, order: u8| lsp::CompletionItem {
            label: label.to_owned(),
            kind: Some(kind),
            detail: Some(detail),
            documentation: (!about.is_empty()).then(|| about.into()),
            sort_text: Some(format!("{order}{label}")),
            text_edit: Some(lsp::TextEdit { range, new_text: label.to_owned() }.into()),
            ..lsp::CompletionItem::default()
        };
    let ruling = office.ruling(document);
    let mut families = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for rule in ruling.linter.rules() {
        *families.entry(rule.family.as_str()).or_insert(0) += 1;
        if !seen.insert(rule.code.as_str()) {
            continue;
        }
        items.push(item(&rule.code, rule.name.clone(), &rule.summary, lsp::CompletionItemKind::Constant, 0));
        if rule.name != rule.code {
            items.push(item(&rule.name, rule.code.clone(), &rule.summary, lsp::CompletionItemKind::Constant, 1));
        }
    }
    let family = |(family, count): (&str, i32)| {
        item(family, format!("family of {count} rules"), "", lsp::CompletionItemKind::Module, 2)
    };
    items.extend(families.into_iter().map(family));
    items
}

fn values<'v>(values: impl Iterator<Item = &'v str>) -> Vec<lsp::CompletionItem> {
    let item = |value: &str| lsp::CompletionItem {
        label: value.to_owned(),
        kind: Some(lsp::CompletionItemKind::EnumMember),
        ..lsp::CompletionItem::default()
    };
    values.map(item).collect()
}

/// The keys whose values are known.
const KEYS: [&str; 6] = ["select", "ignore", "severity", "customer", "channel", "extends"];

/// Which of [`KEYS`] a place is the value of, or below, as the text is indented.
fn key_at(document: &Document, offset: usize) -> Option<&'static str> {
    let at = document.lines.line_of(offset);
    let mut below: Option<(usize, bool)> = None;
    for number in (0..=at).rev() {
        let line = document.lines.span(&document.text, number)?;
        // Only what stands before the place counts of its own line.
        let text = if number == at { document.text.get(line.start..offset)? } else { line.of(&document.text) };
        let bare = text.trim();
        if bare.starts_with('#') || (bare.is_empty() && number != at) {
            continue;
        }
        let indent = text.len() - text.trim_start_matches(' ').len();
        let is_item = bare.starts_with('-');
        // A list may stand as far to the left as its key.
        let is_above = below.is_none_or(|(was, item)| indent < was || (indent == was && item && !is_item));
        if !is_above {
            continue;
        }
        let key = bare.trim_start_matches(['-', ' ']).split_once(':').map(|(key, _)| key.trim_end());
        if let Some(known) = key.and_then(|key| KEYS.iter().find(|known| **known == key)) {
            return Some(known);
        }
        below = Some((indent, is_item));
    }
    None
}

/// Beginnings of sentences that make a move, and closings.
fn starters(
    starters: &[(Move, Vec<String>)],
    document: &Document,
    offset: usize,
    office: &Office,
    client: &Client,
) -> Vec<lsp::CompletionItem> {
    let place = Points::of(document, office.encoding).place(offset);
    let range = lsp::Range { start: place, end: place };
    let mut items = Vec::new();
    for (one, texts) in starters {
        for text in texts {
            let number = items.len();
            let new_text = if client.snippets { snippet(text) } else { text.clone() };
            items.push(lsp::CompletionItem {
                label: text.clone(),
                kind: Some(lsp::CompletionItemKind::Snippet),
                detail: Some(one.name().to_owned()),
                // The order of a reply.
                sort_text: Some(format!("{number:03}")),
                insert_text_format: client.snippets.then_some(lsp::InsertTextFormat::Snippet),
                text_edit: Some(lsp::TextEdit { range, new_text }.into()),
                ..lsp::CompletionItem::default()
            });
        }
    }
    items
}

/// A text with gaps as editors walk through them.
fn snippet(text: &str) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}");
    let mut out = String::new();
    let mut gaps = 0;
    for piece in Template::read(text).pieces() {
        match piece {
            Piece::Text(text) => out.push_str(&escaped(text)),
            Piece::Place(name) => {
                gaps += 1;
                out.push_str(&format!("${{{gaps}:{}}}", escaped(name)));
            }
        }
    }
    out
}
