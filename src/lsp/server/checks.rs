//! Checks: of which documents, when, and what the client is told.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Asked, Event, Server};
use crate::lsp::check::{Checked, What};

impl Server {
    /// Wants a document checked, after a while.
    pub(super) fn want(&mut self, uri: &str, pause: Duration) {
        if self.client.pulls {
            // The client asks itself.
            return;
        }
        if let Some(open) = self.documents.get_mut(uri) {
            open.due = Some(Instant::now() + pause);
        }
    }

    /// Starts the checks that are due; of one document, one at a time.
    pub(super) fn start_checks(&mut self) {
        let now = Instant::now();
        let due: Vec<String> = self
            .documents
            .iter()
            .filter(|(_, open)| open.running.is_none() && open.due.is_some_and(|due| due <= now))
            .map(|(uri, _)| uri.clone())
            .collect();
        for uri in due {
            let Some(open) = self.documents.get_mut(&uri) else { continue };
            let document = open.document.clone();
            open.due = None;
            open.running = Some(document.revision);
            let office = self.office(&document);
            let (done, failed) = (self.events.clone(), self.events.clone());
            let revision = document.revision;
            let again = uri.clone();
            let bytes = document.text.len();
            let task = move || {
                let start = Instant::now();
                // It may have waited behind others.
                let checked = (!document.is_stale()).then(|| Arc::new(office.check(document)));
                let _ = done.send(Event::Checked { uri, revision, took: start.elapsed(), checked });
            };
            let gave_up = move || {
                let took = Duration::ZERO;
                let _ = failed.send(Event::Checked { uri: again, revision, took, checked: None });
            };
            self.jobs.add(bytes, task, gave_up);
        }
    }

    pub(super) fn checked(&mut self, uri: &str, revision: u64, took: Duration, checked: Option<Arc<Checked>>) {
        let Some(open) = self.documents.get_mut(uri).filter(|open| open.running == Some(revision)) else { return };
        open.running = None;
        let is_newest = open.document.revision == revision;
        let Some(checked) = checked else {
            if is_newest {
                self.log("tonelint failed on this document; please report it");
            }
            return;
        };
        open.took = took;
        if is_newest {
            self.publish(checked);
        }
    }

    fn publish(&mut self, checked: Arc<Checked>) {
        let document = checked.document.clone();
        let params = json!({
            "uri": document.uri,
            "version": document.version,
            "diagnostics": checked.diagnostics,
        });
        self.notify("textDocument/publishDiagnostics", params);
        self.learn(checked);
    }

    /// Keeps what was found out of a document, if it is the newest.
    pub(super) fn learn(&mut self, checked: Arc<Checked>) {
        if let Some(open) = self.documents.get_mut(&checked.document.uri)
            && open.document.revision == checked.document.revision
        {
            open.checked = Some(checked.clone());
            self.heed(&checked);
        }
    }

    /// Takes to heart what a check says of the settings.
    fn heed(&mut self, checked: &Checked) {
        match &checked.what {
            What::Draft(draft) => {
                if let Some(trouble) = &draft.ruling.trouble {
                    self.tell(&format!("{trouble}; checking without it"));
                }
            }
            What::Configuration(errors) | What::Pack(errors) if errors.is_empty() => {
                let document = &checked.document;
                let Some(path) = document.path.clone().filter(|path| self.desk.concerns(path)) else { return };
                let text = document.text.as_str();
                let is_known = match self.drafts.get(&path) {
                    Some(known) => **known == *text,
                    None => !document.dirty,
                };
                self.edited.remove(&path);
                if !is_known {
                    self.drafts.insert(path, text.into());
                    self.refresh();
                }
            }
            What::Configuration(_) | What::Pack(_) | What::Unreadable => {}
        }
    }

    /// Checks all that is open.
    pub(super) fn recheck(&mut self) {
        let uris: Vec<String> = self.documents.keys().cloned().collect();
        for uri in uris {
            if let Some(open) = self.documents.get_mut(&uri) {
                Arc::make_mut(&mut open.document).touch();
                open.checked = None;
            }
            self.want(&uri, Duration::ZERO);
        }
        self.refresh_diagnostics();
    }

    /// Has a client that asks for diagnostics ask again.
    pub(super) fn refresh_diagnostics(&mut self) {
        if self.client.pulls && self.client.refreshes_diagnostics {
            self.ask("workspace/diagnostic/refresh", Value::Null, Asked::Nothing);
        }
    }
}
