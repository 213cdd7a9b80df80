//! What each sentence of a reply does, as symbols and as hints in the text.

use gen_lsp_types as lsp;

use super::check::{Checked, Points, What};
use crate::outline::{Line, Outline};
use crate::rule::Move;
use crate::text::{Encoding, Span};

/// How many characters of a sentence its symbol shows.
const WORDS: usize = 60;

fn outlines(checked: &Checked) -> Vec<Outline> {
    let What::Draft(draft) = &checked.what else { return Vec::new() };
    draft.ruling.linter.outline(&draft.source, &draft.ruling.known).unwrap_or_default()
}

fn names(moves: &[Move]) -> String {
    moves.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ")
}

/// The replies of a document, and the moves over their sentences.
pub(super) fn symbols(checked: &Checked, encoding: Encoding) -> Vec<lsp::DocumentSymbol> {
    let mut points = Points::of(&checked.document, encoding);
    let mut all = Vec::new();
    for outline in outlines(checked) {
        let made = outline.sentences.iter().filter(|line| !line.moves.is_empty());
        let mut moves: Vec<lsp::DocumentSymbol> = made.map(|line| symbol(line, &mut points)).collect();
        let cover = outline.sentences.iter().map(|line| line.span).reduce(Span::cover);
        if let Some(cover) = cover.filter(|_| outline.complaint && !outline.missing.is_empty()) {
            let end = points.range(Span::new(cover.end, cover.end));
            moves.push(of(format!("missing: {}", names(&outline.missing)), None, lsp::SymbolKind::Event, end, None));
        }
        match (outline.reply, cover) {
            (Some(reply), Some(cover)) => {
                let range = points.range(cover);
                let detail = outline.complaint.then(|| "answers a complaint".to_owned());
                all.push(of(reply, detail, lsp::SymbolKind::Namespace, range, Some(moves)));
            }
            _ => all.extend(moves),
        }
    }
    all
}

/// Many editors list a symbol's name and nothing else.
fn symbol(line: &Line, points: &mut Points<'_>) -> lsp::DocumentSymbol {
    let words: String = line.text.chars().take(WORDS).collect();
    let more = if line.text.chars().nth(WORDS).is_some() { "…" } else { "" };
    let name = format!("{}: {words}{more}", names(&line.moves));
    of(name, None, lsp::SymbolKind::String, points.range(line.span), None)
}

#[expect(deprecated, reason = "a field of the type that must be named")]
fn of(
    name: String,
    detail: Option<String>,
    kind: lsp::SymbolKind,
    range: lsp::Range,
    children: Option<Vec<lsp::DocumentSymbol>>,
) -> lsp::DocumentSymbol {
    lsp::DocumentSymbol { name, detail, kind, tags: None, deprecated: None, range, selection_range: range, children }
}

/// The moves at the starts of their sentences, within a stretch.
pub(super) fn hints(checked: &Checked, within: Span, encoding: Encoding) -> Vec<lsp::InlayHint> {
    let mut points = Points::of(&checked.document, encoding);
    let outlines = outlines(checked);
    let lines = outlines.iter().flat_map(|outline| &outline.sentences);
    let seen =
        lines.filter(|line| !line.moves.is_empty() && within.start <= line.span.start && line.span.start <= within.end);
    let hints = seen.map(|line| lsp::InlayHint {
        position: points.place(line.span.start),
        label: names(&line.moves).into(),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_left: None,
        padding_right: Some(true),
        data: None,
    });
    hints.collect()
}
