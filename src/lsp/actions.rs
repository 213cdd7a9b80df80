//! Code actions. Every edit is one that `mend` made or let pass: it reads the file again before anybody
//! may write it, so that what is offered is right in every format.

use std::collections::HashMap;

use gen_lsp_types as lsp;
use serde_json::json;

use super::check::{Checked, Draft, Points, Replacement, SafeFixes, What};
use super::client::Client;
use super::commands;
use super::document::Document;
use super::jobs::LONG;
use crate::config::FAMILY;
use crate::finding::{Edit, Finding, Suggestion};
use crate::mend;
use crate::report::printable_line;
use crate::rule::{Applicability, PackError};
use crate::text::Span;

/// Of how many findings of a selection the actions are offered.
const MAX_FINDINGS: usize = 10;
/// How much of a rewrite a title shows, in characters.
const SHOWN: usize = 72;
/// The kind of the action that applies all safe rewrites.
pub(super) const FIX_ALL: &str = "source.fixAll.tonelint";
/// The family of which a match of several words may be a name of the team's own.
const NAMES: &str = "jargon";
/// How many words such a name has at most.
const MAX_WORDS: usize = 3;

/// The actions for a stretch of a document. `only` are kinds of which one is wanted; none is all.
pub(super) fn actions(checked: &Checked, stretch: Span, only: &[String], client: &Client) -> Vec<lsp::CodeAction> {
    let document = &checked.document;
    let wanted = |kind: &str| {
        let within = |one: &String| one.is_empty() || kind == one || kind.starts_with(&format!("{one}."));
        only.is_empty() || only.iter().any(within)
    };
    let draft = match &checked.what {
        What::Draft(draft) => draft,
        What::Configuration(errors) | What::Pack(errors) if wanted("quickfix") => {
            return errors.iter().filter_map(|error| respelt(checked, error, stretch, client)).collect();
        }
        _ => return Vec::new(),
    };
    let mut actions = Vec::new();
    if wanted("quickfix") {
        let touches = |finding: &&Finding| finding.span.start <= stretch.end && stretch.start <= finding.span.end;
        let findings: Vec<&Finding> = draft.report.findings.iter().filter(touches).take(MAX_FINDINGS).collect();
        for finding in &findings {
            let diagnostic = checked.diagnostics.iter().find(|one| is_of(one, finding, document, client));
            let about = diagnostic.map(|one| vec![one.clone()]);
            rewrites(draft, document, finding, about.as_ref(), client, &mut actions);
        }
        // Each is tried with a check of the whole, which takes its time in a long document.
        let silenced = if document.text.len() < LONG { MAX_FINDINGS } else { 1 };
        for finding in findings.iter().take(silenced) {
            let diagnostic = checked.diagnostics.iter().find(|one| is_of(one, finding, document, client));
            let about = diagnostic.map(|one| vec![one.clone()]);
            silence(draft, document, finding, about.as_ref(), client, &mut actions);
        }
    }
    if wanted(FIX_ALL)
        && let Some((edits, count)) = fix_all(draft)
    {
        actions.push(lsp::CodeAction {
            title: format!("Mend what surely keeps the meaning ({count})"),
            kind: Some(kind(FIX_ALL)),
            edit: Some(workspace_edit(document, edits, client)),
            ..lsp::CodeAction::default()
        });
    }
    actions
}

/// The word that an error of a configuration or a pack says was meant.
fn respelt(checked: &Checked, error: &PackError, stretch: Span, client: &Client) -> Option<lsp::CodeAction> {
    let document = &checked.document;
    let meant = error.help.as_ref()?.strip_prefix("did you mean `")?.strip_suffix("`?")?;
    let unknown = error.message.split('`').nth(1)?;
    let at = error.span.of(&document.text).find(unknown)? + error.span.start;
    let span = Span::new(at, at + unknown.len());
    let touches = span.start <= stretch.end && stretch.start <= span.end && *error.text == *document.text;
    let range = Points::of(document, client.encoding).range(error.span);
    touches.then(|| lsp::CodeAction {
        title: format!("Write: {meant}"),
        kind: Some(lsp::CodeActionKind::QuickFix),
        diagnostics: checked.diagnostics.iter().find(|one| one.range == range).map(|one| vec![one.clone()]),
        is_preferred: Some(true),
        edit: Some(workspace_edit(document, &[(span, meant.to_owned())], client)),
        ..lsp::CodeAction::default()
    })
}

fn kind(name: &str) -> lsp::CodeActionKind {
    lsp::CodeActionKind::from(name.to_owned())
}

/// Whether a diagnostic is a finding's.
fn is_of(diagnostic: &lsp::Diagnostic, finding: &Finding, document: &Document, client: &Client) -> bool {
    let same =
        |data: &serde_json::Value| data.get("fingerprint").and_then(|one| one.as_str()) == Some(&finding.fingerprint);
    diagnostic.data.as_ref().is_some_and(same)
        && diagnostic.range == Points::of(document, client.encoding).range(finding.span)
}

/// All safe rewrites, as the edits that put them in place, and how many findings they mend.
pub(super) fn fix_all(draft: &Draft) -> Option<&SafeFixes> {
    draft.safe_fixes.get_or_init(|| safe_fixes(draft)).as_ref()
}

fn safe_fixes(draft: &Draft) -> Option<SafeFixes> {
    let trusted = |finding: &Finding| crate::fix::trusted(finding, Applicability::Safe).is_some();
    if !draft.report.findings.iter().any(trusted) {
        return None;
    }
    let Draft { source, ruling, report, .. } = draft;
    let mended = mend::mend_report(&ruling.linter, source, &ruling.known, Applicability::Safe, report.clone());
    let edits = replacements(source.text(), mended.source.text());
    (!edits.is_empty()).then_some((edits, mended.fixed.len()))
}

/// Each rewrite of a finding.
fn rewrites(
    draft: &Draft,
    document: &Document,
    finding: &Finding,
    about: Option<&Vec<lsp::Diagnostic>>,
    client: &Client,
    actions: &mut Vec<lsp::CodeAction>,
) {
    let mut offered: Vec<(String, Vec<Replacement>, bool)> = Vec::new();
    for rewrite in &finding.rewrites {
        let Some(edits) = placed(draft, finding, rewrite) else { continue };
        let text: String = printable_line(&rewrite.text).chars().take(SHOWN).collect();
        let more = if rewrite.text.chars().count() > SHOWN { "…" } else { "" };
        let has_gaps = rewrite.applicability == Applicability::Example && rewrite.text.contains('{');
        let title = match (rewrite.text.is_empty(), rewrite.edits.is_empty(), has_gaps) {
            (true, ..) => "Write: nothing (leave it out)".to_owned(),
            (_, true, true) => format!("Add: {text}{more} (fill in the gaps)"),
            (_, true, false) => format!("Add: {text}{more}"),
            (_, false, true) => format!("Write: {text}{more} (fill in the gaps)"),
            (_, false, false) => format!("Write: {text}{more}"),
        };
        offered.push((title, edits, rewrite.applicability > Applicability::Example));
    }
    // The one that an editor takes when nobody chooses.
    let preferred = offered.iter().filter(|(_, _, whole)| *whole).count() == 1;
    for (title, edits, whole) in offered {
        actions.push(lsp::CodeAction {
            title,
            kind: Some(lsp::CodeActionKind::QuickFix),
            diagnostics: about.cloned(),
            is_preferred: (preferred && whole).then_some(true),
            edit: Some(workspace_edit(document, &edits, client)),
            ..lsp::CodeAction::default()
        });
    }
}

/// The edits that put a rewrite in place, if it can stand there.
fn placed(draft: &Draft, finding: &Finding, rewrite: &Suggestion) -> Option<Vec<Replacement>> {
    let Draft { source, ruling, .. } = draft;
    let edits: Vec<&Edit> = rewrite.edits.iter().collect();
    let next = if rewrite.applicability > Applicability::Example && !edits.is_empty() {
        mend::applied(&ruling.linter, source, &ruling.known, &edits)?
    } else {
        // What goes beside the words that are there comes after them.
        let text = match edits.is_empty() {
            true => format!("{} {}", finding.prose, rewrite.text),
            false => rewrite.text.clone(),
        };
        mend::put(&ruling.linter, source, &ruling.known, finding, &text)?
    };
    let edits = replacements(source.text(), next.text());
    (!edits.is_empty()).then_some(edits)
}

/// What makes a finding go away without mending it.
fn silence(
    draft: &Draft,
    document: &Document,
    finding: &Finding,
    about: Option<&Vec<lsp::Diagnostic>>,
    client: &Client,
    actions: &mut Vec<lsp::CodeAction>,
) {
    if finding.family == FAMILY {
        return;
    }
    let Draft { source, ruling, report, .. } = draft;
    let (linter, known) = (&ruling.linter, &ruling.known);
    let action = |title: String| lsp::CodeAction {
        title,
        kind: Some(lsp::CodeActionKind::QuickFix),
        diagnostics: about.cloned(),
        ..lsp::CodeAction::default()
    };
    let this = |one: &Finding| one.code == finding.code && one.span == finding.span;
    let here = mend::hush_report(linter, source, known, report, this);
    let in_file = mend::hush_in_file(linter, source, known, report, &finding.code);
    let in_file_text = in_file.as_ref().map(|source| source.text());
    if here.done > 0 && Some(here.source.text()) != in_file_text {
        let edits = replacements(source.text(), here.source.text());
        let edit = Some(workspace_edit(document, &edits, client));
        actions.push(lsp::CodeAction { edit, ..action(format!("Suppress {} on this line", finding.code)) });
    }
    if let Some(text) = in_file_text {
        let edit = Some(workspace_edit(document, &replacements(source.text(), text), client));
        actions.push(lsp::CodeAction { edit, ..action(format!("Suppress {} in this file", finding.code)) });
    }
    // Commands on this document take one argument more.
    let command = |title: &str, name: &str, argument: &str| {
        let arguments = Some(vec![json!(document.uri), json!(argument)]);
        Some(lsp::Command { title: title.to_owned(), command: name.to_owned(), arguments, ..lsp::Command::default() })
    };
    let word = finding.prose.trim();
    let words = word.split_whitespace().count();
    let most = if finding.family == NAMES { MAX_WORDS } else { 1 };
    if (1..=most).contains(&words) && word.chars().any(char::is_alphanumeric) && !word.contains(['\n', '.', '?', '!']) {
        let title = format!("Add \u{201c}{}\u{201d} to the vocabulary in tonelint.yml", printable_line(word));
        actions.push(lsp::CodeAction { command: command(&title, commands::ADD_TO_VOCABULARY, word), ..action(title) });
    }
    let title = format!("Turn {} off in tonelint.yml", finding.code);
    actions.push(lsp::CodeAction { command: command(&title, commands::DISABLE_RULE, &finding.code), ..action(title) });
}

/// What makes one text of another, line by line, and of each changed stretch only what differs.
pub(super) fn replacements(old: &str, new: &str) -> Vec<Replacement> {
    let diff = similar::TextDiff::from_lines(old, new);
    let starts = |text: &str| -> Vec<usize> {
        let lines = text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        });
        std::iter::once(0).chain(lines).collect()
    };
    let (of_old, of_new) = (starts(old), starts(new));
    let at = |starts: &[usize], line: usize| starts.get(line).or(starts.last()).copied().unwrap_or(0);
    let mut all = Vec::new();
    for op in diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal) {
        let span = Span::new(at(&of_old, op.old_range().start), at(&of_old, op.old_range().end));
        let text = new.get(at(&of_new, op.new_range().start)..at(&of_new, op.new_range().end)).unwrap_or_default();
        all.push(trimmed(old, span, text));
    }
    all
}

/// A replacement without what both texts share at their ends; no character and no line end is parted.
fn trimmed(old: &str, span: Span, new: &str) -> Replacement {
    let was = span.of(old);
    let parts = |text: &str, at: usize| {
        !text.is_char_boundary(at) || (at > 0 && text.as_bytes().get(at - 1..=at) == Some(b"\r\n"))
    };
    let shared = was.bytes().zip(new.bytes()).take_while(|(one, other)| one == other).count();
    let head = (0..=shared).rev().find(|at| !parts(was, *at) && !parts(new, *at)).unwrap_or(0);
    let (was_rest, new_rest) = (&was[head..], &new[head..]);
    let shared = was_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(|(one, other)| one == other).count();
    let fits = |len: &usize| !parts(was, was.len() - len) && !parts(new, new.len() - len);
    let tail = (0..=shared).rev().find(fits).unwrap_or(0);
    let text = new_rest[..new_rest.len() - tail].to_owned();
    (Span::new(span.start + head, span.end - tail), text)
}

/// Edits of one document, for the version that they were made from where the client can tell.
pub(super) fn workspace_edit(document: &Document, edits: &[Replacement], client: &Client) -> lsp::WorkspaceEdit {
    let mut points = Points::of(document, client.encoding);
    let edits: Vec<lsp::TextEdit> =
        edits.iter().map(|(span, text)| lsp::TextEdit { range: points.range(*span), new_text: text.clone() }).collect();
    edit_of(&document.uri, Some(document.version), edits, client)
}

/// Edits of a document by its URI.
pub(super) fn edit_of(
    uri: &str,
    version: Option<i32>,
    edits: Vec<lsp::TextEdit>,
    client: &Client,
) -> lsp::WorkspaceEdit {
    if client.versioned_edits {
        let text_document = lsp::OptionalVersionedTextDocumentIdentifier {
            text_document_identifier: lsp::TextDocumentIdentifier { uri: uri.into() },
            version,
        };
        let edits = edits.into_iter().map(lsp::Edit::TextEdit).collect();
        let change = lsp::TextDocumentEdit { text_document, edits };
        return lsp::WorkspaceEdit { document_changes: Some(vec![change.into()]), ..lsp::WorkspaceEdit::default() };
    }
    let changes = HashMap::from([(uri.into(), edits)]);
    lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_replaced() {
        for (old, new, wanted) in [
            ("a\nb\nc\n", "a\nx\nc\n", vec![(2, 3, "x")]),
            ("one two\r\n", "one\r\n", vec![(3, 7, "")]),
            ("a\r\nb", "a\r\nx\r\nb", vec![(3, 3, "x\r\n")]),
            ("ä\nb\n", "ö\nb\nc\n", vec![(0, 2, "ö"), (5, 5, "c\n")]),
            ("same", "same", vec![]),
        ] {
            let found = replacements(old, new);
            let found: Vec<_> = found.iter().map(|(span, text)| (span.start, span.end, text.as_str())).collect();
            assert_eq!(found, wanted, "{old:?}");
        }
    }
}
