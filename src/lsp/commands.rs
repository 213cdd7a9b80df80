//! Commands.

use std::path::PathBuf;
use std::sync::Arc;

use gen_lsp_types as lsp;
use serde_json::{Value, json};

use super::actions;
use super::check::{Checked, Office, Points, Replacement, What};
use super::client::Client;
use super::document::Document;
use super::message::{self, Failed};
use super::requests::Work;
use super::server::{Answer, Ask};
use super::uri;
use crate::config::FileConfig;
use crate::text::LineIndex;

/// Puts a word into the vocabulary of the nearest configuration: `[uri, word]`.
pub(super) const ADD_TO_VOCABULARY: &str = "tonelint.addToVocabulary";
/// Switches a rule off in the nearest configuration: `[uri, code]`.
pub(super) const DISABLE_RULE: &str = "tonelint.disableRule";
/// Applies all safe rewrites: `[uri]`.
const FIX_ALL: &str = "tonelint.fixAll";
/// The outline of a document: `[uri]`.
const OUTLINE: &str = "tonelint.outline";
/// Checks a text that is not open: `[text, {languageId, uri?}]`.
const CHECK_TEXT: &str = "tonelint.checkText";
/// All commands.
pub(super) const ALL: [&str; 5] = [ADD_TO_VOCABULARY, DISABLE_RULE, FIX_ALL, OUTLINE, CHECK_TEXT];

/// A command and its arguments.
#[derive(serde::Deserialize)]
pub(super) struct Command {
    command: String,
    #[serde(default)]
    arguments: Vec<Value>,
}

/// The work of a command. `open` are the documents that may be configuration files.
pub(super) fn work(params: Command, open: Vec<Arc<Document>>, client: Client) -> Result<Work, Failed> {
    let Command { command, arguments } = params;
    let wrong = |what: &str| Failed::new(message::INVALID_PARAMS, format!("`{command}` takes {what}"));
    let text = |index: usize| arguments.get(index).and_then(Value::as_str).map(str::to_owned);
    Ok(match command.as_str() {
        ADD_TO_VOCABULARY => {
            let (uri, word) = text(0).zip(text(1)).ok_or_else(|| wrong("[uri, word]"))?;
            let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
            if word.is_empty() {
                return Err(wrong("a word"));
            }
            configure(uri, open, client, move |text| FileConfig::knowing(text, &[word]))
        }
        DISABLE_RULE => {
            let (uri, code) = text(0).zip(text(1)).ok_or_else(|| wrong("[uri, code]"))?;
            let is_selector = |ch: char| ch.is_alphanumeric() || ch == '-' || ch == '_';
            if code.is_empty() || !code.chars().all(is_selector) {
                return Err(wrong("the code of a rule"));
            }
            configure(uri, open, client, move |text| FileConfig::ignoring(text, &[code]))
        }
        FIX_ALL => {
            let uri = text(0).ok_or_else(|| wrong("[uri]"))?;
            if !client.applies_edits {
                return Err(Failed::new(message::REQUEST_FAILED, "this editor takes no edits from a server"));
            }
            Work::on_checked(uri, move |_, checked| fix_all(checked, &client))
        }
        OUTLINE => {
            let uri = text(0).ok_or_else(|| wrong("[uri]"))?;
            Work::on_checked(uri, outline)
        }
        CHECK_TEXT => {
            let written = text(0).ok_or_else(|| wrong("[text, {languageId, uri?}]"))?;
            let about = arguments.get(1).cloned().unwrap_or_default();
            let said = |key: &str| about.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (language, uri) = (said("languageId"), said("uri"));
            Work::alone(uri.clone(), move |office, _| {
                let document = Arc::new(Document::new(uri, language, 0, written));
                let diagnostics = office.check_piece(document).diagnostics;
                Answer::new(json!({ "diagnostics": diagnostics }))
            })
        }
        _ => return Err(Failed::new(message::INVALID_PARAMS, format!("no command is called `{command}`"))),
    })
}

fn fix_all(checked: &Checked, client: &Client) -> Result<Answer, Failed> {
    let What::Draft(draft) = &checked.what else {
        return Err(Failed::new(message::REQUEST_FAILED, "there is no reply in this document"));
    };
    let Some((edits, mended)) = actions::fix_all(draft) else {
        return Answer::new(json!({ "mended": 0 }));
    };
    let edit = actions::workspace_edit(&checked.document, edits, client);
    let mut answer = Answer::new(json!({ "mended": mended }))?;
    answer.asks = Some(Ask::edit("Mend what surely keeps the meaning", &edit, None));
    Ok(answer)
}

fn outline(office: &Office, checked: &Checked) -> Result<Answer, Failed> {
    let What::Draft(draft) = &checked.what else {
        return Err(Failed::new(message::REQUEST_FAILED, "there is no reply in this document"));
    };
    let outlines = draft.ruling.linter.outline(&draft.source, &draft.ruling.known);
    let outlines = outlines
        .map_err(|error| Failed::new(message::REQUEST_FAILED, draft.source.located(error.at, &error.message)))?;
    let text = office.desk.outline(&uri::name(&checked.document.uri), &outlines);
    Answer::new(json!({ "text": text, "outline": outlines }))
}

/// An edit of the configuration file that holds for a document; a new one beside the workspace's root
/// where none does.
fn configure(
    uri: String,
    open: Vec<Arc<Document>>,
    client: Client,
    change: impl FnOnce(&str) -> Option<String> + Send + 'static,
) -> Work {
    let failed = |message: String| Failed::new(message::REQUEST_FAILED, message);
    Work::alone(uri, move |office, document| {
        let ruling = office.ruling(document);
        let beside = || document.path.as_ref().and_then(|path| path.parent()).map(PathBuf::from);
        let new = || office.folder.clone().or_else(beside).map(|folder| folder.join("tonelint.yml"));
        let Some(path) = ruling.configuration.clone().or_else(new).filter(|_| office.desk.is_configurable()) else {
            return Err(failed("there is no folder for a tonelint.yml, or none is read".to_owned()));
        };
        let shown = path.display();
        let opened = open.iter().find(|one| one.path.as_ref() == Some(&path));
        let before = match opened {
            Some(document) => Some(document.text.clone()),
            None => office.known_text(&path).map_err(|message| failed(format!("{shown}: {message}")))?,
        };
        let Some(after) = change(before.as_deref().unwrap_or_default()) else {
            return Err(failed(format!(
                "{shown}: it cannot be added there by a program; it has errors, or unusual YAML"
            )));
        };
        if before.as_deref() == Some(&after) {
            return Answer::new(Value::Null);
        }
        let can_create = client.creates_files && client.versioned_edits;
        if client.applies_edits && (before.is_some() || can_create) {
            let old = before.clone().unwrap_or_default();
            let lines = LineIndex::new(&old);
            let mut points = Points::new(&old, &lines, office.encoding);
            let edits: Vec<Replacement> = actions::replacements(&old, &after);
            let edits =
                edits.into_iter().map(|(span, text)| lsp::TextEdit { range: points.range(span), new_text: text });
            let uri = opened.map_or_else(|| uri::of_path(&path), |document| document.uri.clone());
            let mut edit = actions::edit_of(&uri, opened.map(|document| document.version), edits.collect(), &client);
            if before.is_none()
                && let Some(changes) = &mut edit.document_changes
            {
                let create = lsp::CreateFile::new(uri.as_str().into(), None, None);
                changes.insert(0, create.into());
            }
            let mut answer = Answer::new(Value::Null)?;
            let draft = (path.clone(), before.unwrap_or_default(), after);
            answer.asks = Some(Ask::edit("Edit tonelint.yml", &edit, Some(draft)));
            return Ok(answer);
        }
        let written = office.desk.write(&path, before.as_deref(), &after);
        written.map_err(|message| failed(format!("{shown}: {message}")))?;
        let mut answer = Answer::new(Value::Null)?;
        answer.refreshes = true;
        Ok(answer)
    })
}
