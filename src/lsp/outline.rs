//! What each sentence of a reply does, as symbols and as hints in the text.

use gen_lsp_types as lsp;

use super::check::{Checked, Points, What};
use crate::outline::{Line, Outline};
use crate::rule::Move;
use crate::text::{Encoding, Span};

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
        let moves: Vec<lsp::DocumentSymbol> = made.map(|line| symbol(line, &mut points)).collect();
        let cover = outline.sentences.iter().map(|line| line.span).reduce(Span::cover);
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

fn symbol(line: &Line, points: &mut Points<'_>) -> lsp::DocumentSymbol {
    of(names(&line.moves), Some(line.text.clone()), lsp::SymbolKind::String, points.range(line.span), None)
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
