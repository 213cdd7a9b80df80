//! Requests about a document: what is read of them, and the work that answers them.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::check::{Checked, Office};
use super::client::Client;
use super::document::{Document, Place, Stretch};
use super::message::{self, Failed};
use super::server::Answer;
use super::{actions, completion, hover, outline};

/// The work that answers a request.
pub(super) struct Work {
    pub(super) uri: String,
    /// Whether it is about what is open.
    pub(super) needs_document: bool,
    #[expect(clippy::type_complexity, reason = "it is written once")]
    pub(super) run: Box<dyn FnOnce(&Office, &Arc<Document>, Option<Arc<Checked>>) -> Result<Answer, Failed> + Send>,
}

impl Work {
    /// Work that needs no check, on a document that need not be open.
    pub(super) fn alone(
        uri: String,
        run: impl FnOnce(&Office, &Arc<Document>) -> Result<Answer, Failed> + Send + 'static,
    ) -> Self {
        let run = |office: &Office, document: &Arc<Document>, _: Option<Arc<Checked>>| run(office, document);
        Self { uri, needs_document: false, run: Box::new(run) }
    }

    /// Work that needs the document checked.
    pub(super) fn on_checked(
        uri: String,
        run: impl FnOnce(&Office, &Checked) -> Result<Answer, Failed> + Send + 'static,
    ) -> Self {
        let run = move |office: &Office, document: &Arc<Document>, known: Option<Arc<Checked>>| {
            if known.is_none() && document.is_stale() {
                return Err(Failed::new(message::CONTENT_MODIFIED, "the document has changed since"));
            }
            let is_new = known.is_none();
            let checked = known.unwrap_or_else(|| Arc::new(office.check(document.clone())));
            let answer = run(office, &checked)?;
            Ok(Answer { checked: is_new.then_some(checked), ..answer })
        };
        Self { uri, needs_document: true, run: Box::new(run) }
    }
}

#[derive(Deserialize)]
struct Named {
    uri: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeAction {
    text_document: Named,
    range: Stretch,
    #[serde(default)]
    context: Context,
}

#[derive(Default, Deserialize)]
struct Context {
    only: Option<Vec<String>>,
}

pub(super) fn code_action(params: CodeAction, client: Client) -> Work {
    Work::on_checked(params.text_document.uri, move |office, checked| {
        let span = checked.document.span(params.range, office.encoding);
        let only = params.context.only.unwrap_or_default();
        Answer::new(actions::actions(checked, span, &only, &client))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct At {
    text_document: Named,
    position: Place,
}

pub(super) fn hover(params: At) -> Work {
    Work::on_checked(params.text_document.uri, move |office, checked| {
        let offset = checked.document.offset(params.position, office.encoding);
        Answer::new(hover::hover(checked, offset, office))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pull {
    text_document: Named,
    previous_result_id: Option<String>,
}

pub(super) fn pull(params: Pull) -> Work {
    let run = move |office: &Office, document: &Arc<Document>, known: Option<Arc<Checked>>| {
        if known.is_none() && document.is_stale() {
            let data = Some(json!({ "retriggerRequest": true }));
            return Err(Failed { data, ..Failed::new(message::SERVER_CANCELLED, "the document has changed since") });
        }
        if office.settings.on_save && document.dirty {
            // What was said when it was saved holds on.
            let report = match &params.previous_result_id {
                Some(result) => json!({ "kind": "unchanged", "resultId": result }),
                None => json!({ "kind": "full", "items": [] }),
            };
            return Answer::new(report);
        }
        let is_new = known.is_none();
        let checked = known.unwrap_or_else(|| Arc::new(office.check(document.clone())));
        let items: Value = serde_json::to_value(&checked.diagnostics).unwrap_or_default();
        let result = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(items.to_string().as_bytes()));
        let report = if params.previous_result_id.as_deref() == Some(&result) {
            json!({ "kind": "unchanged", "resultId": result })
        } else {
            json!({ "kind": "full", "resultId": result, "items": items })
        };
        Ok(Answer { checked: is_new.then_some(checked), ..Answer::new(report)? })
    };
    Work { uri: params.text_document.uri, needs_document: true, run: Box::new(run) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Completion {
    text_document: Named,
    position: Place,
}

pub(super) fn completion(params: Completion, client: Client) -> Work {
    Work::on_checked(params.text_document.uri, move |office, checked| {
        let offset = checked.document.offset(params.position, office.encoding);
        Answer::new(completion::items(checked, offset, office, &client))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfDocument {
    text_document: Named,
}

pub(super) fn symbols(params: OfDocument) -> Work {
    Work::on_checked(params.text_document.uri, |office, checked| {
        Answer::new(outline::symbols(checked, office.encoding))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Within {
    text_document: Named,
    range: Stretch,
}

pub(super) fn hints(params: Within) -> Work {
    Work::on_checked(params.text_document.uri, move |office, checked| {
        if !office.settings.inlay_hints {
            return Answer::new(json!([]));
        }
        let span = checked.document.span(params.range, office.encoding);
        Answer::new(outline::hints(checked, span, office.encoding))
    })
}
