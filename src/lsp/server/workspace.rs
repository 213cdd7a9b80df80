//! The workspace: folders, settings, and the files by which it is known what holds.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Asked, Edited, FilesChanged, FoldersChanged, Phase, Server, folder};
use crate::lsp::settings::Settings;
use crate::lsp::uri;

impl Server {
    pub(super) fn initialized(&mut self) {
        let mut registrations = Vec::new();
        if self.client.registers_watchers {
            let watchers = [json!({ "globPattern": "**/*.{yml,yaml,json}" })];
            registrations.push(json!({
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": watchers },
            }));
        }
        if self.client.registers_configuration {
            registrations.push(json!({
                "id": "settings",
                "method": "workspace/didChangeConfiguration",
                "registerOptions": { "section": "tonelint" },
            }));
        }
        if !registrations.is_empty() {
            self.ask("client/registerCapability", json!({ "registrations": registrations }), Asked::Nothing);
        }
        self.ask_settings();
    }

    /// Asks for the settings of the workspace, and of each folder where there are several.
    fn ask_settings(&mut self) {
        if !self.client.configuration {
            return;
        }
        let several = self.folders.len() > 1;
        let folders: Vec<String> = self.folders.iter().filter(|_| several).map(|folder| folder.uri.clone()).collect();
        let of_folder = folders.iter().map(|uri| json!({ "scopeUri": uri, "section": "tonelint" }));
        let items: Vec<Value> = std::iter::once(json!({ "section": "tonelint" })).chain(of_folder).collect();
        self.ask("workspace/configuration", json!({ "items": items }), Asked::Settings(folders));
    }

    pub(super) fn configured(&mut self, value: &Value) {
        if self.client.configuration {
            self.ask_settings();
        } else {
            let said = value.get("settings").cloned().unwrap_or_default();
            self.settle(&said, Vec::new());
        }
    }

    /// Takes settings: for the workspace, and for folders.
    pub(super) fn settle(&mut self, said: &Value, of_folders: Vec<(String, Value)>) {
        let root = self.root();
        let settings = self.read_settings(said, root.as_deref());
        let mut of_folder = HashMap::new();
        for (uri, value) in of_folders {
            let path = uri::to_path(&uri);
            let settings = self.read_settings(&value, path.as_deref());
            of_folder.insert(uri, settings);
        }
        if settings == self.settings && of_folder == self.of_folder {
            return;
        }
        self.settings = settings;
        self.of_folder = of_folder;
        self.recheck();
        if self.client.refreshes_hints {
            self.ask("workspace/inlayHint/refresh", Value::Null, Asked::Nothing);
        }
    }

    /// What is said now over what was said at the start.
    fn read_settings(&mut self, said: &Value, folder: Option<&Path>) -> Arc<Settings> {
        // Some clients send the whole section by its name.
        let inner = |value: &Value| value.get("tonelint").filter(|one| one.is_object()).unwrap_or(value).clone();
        let mut all = inner(&self.options);
        match (all.as_object_mut(), inner(said)) {
            (Some(all), Value::Object(said)) => all.extend(said),
            (_, Value::Null) => {}
            (_, said) => all = said,
        }
        let (settings, wrong) = Settings::read(&all, folder);
        wrong.iter().for_each(|message| self.tell(message));
        Arc::new(settings)
    }

    pub(super) fn folders_changed(&mut self, params: &FoldersChanged) {
        let event = &params.event;
        self.folders.retain(|folder| event.removed.iter().all(|gone| gone.uri != folder.uri));
        self.folders.extend(event.added.iter().map(|new| folder(&new.uri)));
        self.ask_settings();
        self.recheck();
    }

    pub(super) fn files_changed(&mut self, params: &FilesChanged) {
        let paths: Vec<PathBuf> = params.changes.iter().filter_map(|change| uri::to_path(&change.uri)).collect();
        let before = self.edited.len();
        self.edited.retain(|path, _| !paths.contains(path));
        if before != self.edited.len() || paths.iter().any(|path| self.desk.concerns(path)) {
            self.refresh();
        }
    }

    /// Looks whether what holds has changed on the disk.
    pub(super) fn look(&mut self) {
        // A client's watchers see what is in its folders; a configuration may lie above them.
        if self.phase != Phase::Running {
            return;
        }
        let desk = self.desk.clone();
        let before = self.edited.len();
        self.edited.retain(|path, (before, _)| desk.read(path).ok().flatten().unwrap_or_default() == *before);
        if before != self.edited.len() || desk.has_changed() {
            self.refresh();
        }
    }

    /// An edit of ours was applied. Where the client does not show the file, it may not have written it yet.
    pub(super) fn edited(&mut self, draft: Option<Edited>) {
        let Some((path, before, after)) = draft else { return };
        if self.documents.values().all(|open| open.document.path.as_ref() != Some(&path)) {
            self.edited.insert(path, (before, after));
            self.refresh();
        }
    }

    /// Reads again what holds, and checks all that is open.
    pub(super) fn refresh(&mut self) {
        let mut drafts = self.drafts.clone();
        for (path, (_, text)) in &self.edited {
            drafts.entry(path.clone()).or_insert_with(|| text.as_str().into());
        }
        self.desk.refresh(drafts);
        self.recheck();
    }
}
