//! The main loop: what is open, what is asked, what is under way.

mod checks;
mod workspace;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::lsp::check::{Checked, Office};
use crate::lsp::client::Client;
use crate::lsp::desk::{Desk, Drafts};
use crate::lsp::document::{Change, Document};
use crate::lsp::frame::{self, Broken, Frames};
use crate::lsp::jobs::{Jobs, LONG};
use crate::lsp::message::{self, Failed, Id, Incoming};
use crate::lsp::settings::Settings;
use crate::lsp::{actions, commands, uri};
use crate::text::Encoding;

/// How many messages may wait to be read.
const WAITING: usize = 256;
/// How long the client may take for what is left to be written when the server ends.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How often it is asked whether the client still lives.
const PULSE: Duration = Duration::from_secs(3);
/// How long nothing must be typed in a long document before it is checked, at least and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

/// What wakes the main loop.
enum Event {
    Message(Incoming),
    /// The client is gone, or what it sends is no protocol.
    Ended(Option<&'static str>),
    /// A check is done; `None` where it failed.
    Checked {
        uri: String,
        revision: u64,
        took: Duration,
        checked: Option<Arc<Checked>>,
    },
    /// An answer is made.
    Answered {
        id: Id,
        answer: Result<Answer, Failed>,
    },
}

/// An answer, and what it teaches.
pub(super) struct Answer {
    pub(super) value: Value,
    pub(super) checked: Option<Arc<Checked>>,
    /// What the main loop asks of the client, after the answer.
    pub(super) asks: Option<Ask>,
    /// Whether it changed what holds.
    pub(super) refreshes: bool,
}

impl Answer {
    pub(super) fn new(value: impl serde::Serialize) -> Result<Self, Failed> {
        match serde_json::to_value(value) {
            Ok(value) => Ok(Self { value, checked: None, asks: None, refreshes: false }),
            Err(_) => Err(Failed::new(message::INTERNAL_ERROR, "the answer cannot be written")),
        }
    }
}

/// An edit that the client is asked to apply.
pub(super) struct Ask {
    params: Value,
    draft: Option<Edited>,
}

/// A file with its text before and after an edit of ours that the client applies.
type Edited = (PathBuf, String, String);

impl Ask {
    /// Asks for an edit; `draft` is what it makes of a file by which it is known what holds.
    pub(super) fn edit(label: &str, edit: &gen_lsp_types::WorkspaceEdit, draft: Option<Edited>) -> Self {
        Self { params: json!({ "label": label, "edit": edit }), draft }
    }
}

/// What an answer of the client is for.
enum Asked {
    /// The settings: for the whole workspace, then for each of these folders.
    Settings(Vec<String>),
    /// An edit.
    Edit(Option<Edited>),
    Nothing,
}

/// A document that is open, and what is known of it.
struct Open {
    document: Arc<Document>,
    checked: Option<Arc<Checked>>,
    /// The revision of which a check is under way.
    running: Option<u64>,
    /// When to check it; `None` where there is no need.
    due: Option<Instant>,
    /// How long the last check took.
    took: Duration,
}

struct Folder {
    uri: String,
    path: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nobody has said hello.
    Before,
    Running,
    /// The client wants no more.
    After,
}

struct Server {
    desk: Arc<dyn Desk>,
    out: Sender<Vec<u8>>,
    events: SyncSender<Event>,
    jobs: Jobs,
    phase: Phase,
    client: Client,
    process: Option<i32>,
    folders: Vec<Folder>,
    /// What the client said at the start.
    options: Value,
    settings: Arc<Settings>,
    /// What settings a folder has of its own.
    of_folder: HashMap<String, Arc<Settings>>,
    documents: HashMap<String, Open>,
    /// Texts of configuration files and packs that are open, the last that had no mistake.
    drafts: Drafts,
    /// What edits of ours made of files that are not open, with what was there before.
    edited: BTreeMap<PathBuf, (String, String)>,
    /// Requests under way, with the flag by which they are told to stop.
    pending: HashMap<String, Arc<AtomicBool>>,
    asked: HashMap<i64, Asked>,
    next: i64,
    /// What was said in messages, so as to say it once.
    told: HashSet<String>,
    /// The client said goodbye; how the process ends.
    ended: Option<u8>,
}

/// Serves one client until it is gone, and says with which status to end: 0 after `shutdown` and `exit`,
/// else 1. `complain` gets one line on why, where the client is not to blame for leaving.
pub fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    desk: Arc<dyn Desk>,
    complain: impl Fn(&str),
) -> u8 {
    let (events, inbox) = sync_channel(WAITING);
    let (out, outbox) = channel();
    let (written, is_written) = channel();
    let read = events.clone();
    thread::spawn(move || reader(input, &read));
    thread::spawn(move || {
        writer(output, &outbox);
        let _ = written.send(());
    });
    let mut server = Server {
        desk,
        out,
        events,
        jobs: Jobs::new(),
        phase: Phase::Before,
        client: Client::read(&Value::Null),
        process: None,
        folders: Vec::new(),
        options: Value::Null,
        settings: Arc::default(),
        of_folder: HashMap::new(),
        documents: HashMap::new(),
        drafts: Drafts::new(),
        edited: BTreeMap::new(),
        pending: HashMap::new(),
        asked: HashMap::new(),
        next: 0,
        told: HashSet::new(),
        ended: None,
    };
    let status = server.run(&inbox, &complain);
    drop(server);
    let _ = is_written.recv_timeout(LAST_WORDS);
    status
}

/// Waits until the client has written what it is writing, for a while.
fn await_end(inbox: &Receiver<Event>) {
    let end = Instant::now() + LAST_WORDS;
    while let Ok(event) = inbox.recv_timeout(end.saturating_duration_since(Instant::now())) {
        if matches!(event, Event::Ended(None)) {
            return;
        }
    }
}

fn reader(input: impl Read, events: &SyncSender<Event>) {
    let mut frames = Frames::new(input);
    loop {
        let event = match frames.next() {
            Ok(body) => Event::Message(message::read(&body)),
            Err(Broken::Closed) => Event::Ended(None),
            Err(Broken::Malformed(what)) => {
                let _ = events.send(Event::Ended(Some(what)));
                // A client that is cut off while it writes may take it ill.
                frames.drain();
                Event::Ended(None)
            }
        };
        let is_last = matches!(event, Event::Ended(_));
        if events.send(event).is_err() || is_last {
            return;
        }
    }
}

fn writer(mut output: impl Write, outbox: &Receiver<Vec<u8>>) {
    for body in outbox {
        if frame::write(&mut output, &body).is_err() {
            return;
        }
    }
}

fn params<T: DeserializeOwned>(value: Value) -> Result<T, Failed> {
    // The error of serde may show what it read.
    serde_json::from_value(value)
        .map_err(|_| Failed::new(message::INVALID_PARAMS, "the params are not as this asks for"))
}

impl Server {
    fn run(&mut self, inbox: &Receiver<Event>, complain: &dyn Fn(&str)) -> u8 {
        let mut pulse = Instant::now();
        loop {
            let now = Instant::now();
            let due = self.documents.values().filter_map(|open| open.due).min();
            let wait = due.map_or(PULSE, |due| due.saturating_duration_since(now)).min(PULSE);
            let event = match inbox.recv_timeout(wait) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return 1,
            };
            if let Some(event) = event {
                if let Event::Ended(what) = &event {
                    if let Some(what) = what {
                        complain(&format!("the client sent {what}"));
                        await_end(inbox);
                    }
                    return 1;
                }
                // A defect of ours must not end the session unseen.
                let id = match &event {
                    Event::Message(Incoming::Request { id, .. }) => Some(id.clone()),
                    _ => None,
                };
                if catch_unwind(AssertUnwindSafe(|| self.handle(event))).is_err() {
                    let message = "tonelint failed on this message; please report it";
                    match id {
                        Some(id) => self.answered_at_once(id, Failed::new(message::INTERNAL_ERROR, message)),
                        None => self.log(message),
                    }
                }
            }
            if let Some(status) = self.ended {
                return status;
            }
            self.start_checks();
            if pulse.elapsed() >= PULSE {
                pulse = Instant::now();
                if self.process.is_some_and(|process| !self.desk.is_alive(process)) {
                    return 1;
                }
                self.look();
            }
        }
    }

    fn send(&self, body: Vec<u8>) {
        // A client that is gone is seen on the other side.
        let _ = self.out.send(body);
    }

    fn notify(&self, method: &str, params: Value) {
        self.send(message::notification(method, params));
    }

    fn ask(&mut self, method: &str, params: Value, asked: Asked) {
        self.next += 1;
        self.asked.insert(self.next, asked);
        self.send(message::request(self.next, method, params));
    }

    fn log(&self, text: &str) {
        self.notify("window/logMessage", json!({ "type": 1, "message": text }));
    }

    /// Says something to the person at the editor, once.
    fn tell(&mut self, text: &str) {
        if self.told.insert(text.to_owned()) {
            self.notify("window/showMessage", json!({ "type": 2, "message": format!("tonelint: {text}") }));
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Message(Incoming::Request { id, method, params }) => self.request(id, &method, params),
            Event::Message(Incoming::Notification { method, params }) => self.notification(&method, params),
            Event::Message(Incoming::Response { id, result }) => self.response(&id, result),
            Event::Message(Incoming::Malformed { id, error }) => self.send(message::response(id, Err(error))),
            Event::Checked { uri, revision, took, checked } => self.checked(&uri, revision, took, checked),
            Event::Answered { id, answer } => self.answered(id, answer),
            Event::Ended(_) => {}
        }
    }

    // ---- requests

    fn request(&mut self, id: Id, method: &str, value: Value) {
        let result = match (self.phase, method) {
            (Phase::Before, "initialize") => Some(self.initialize(&value)),
            (Phase::Before, _) => Some(Err(Failed::new(message::NOT_INITIALIZED, "`initialize` comes first"))),
            (Phase::After, _) => Some(Err(Failed::new(message::INVALID_REQUEST, "`shutdown` was the last request"))),
            (_, "initialize") => Some(Err(Failed::new(message::INVALID_REQUEST, "`initialize` comes once"))),
            (_, "shutdown") => {
                self.phase = Phase::After;
                Some(Ok(Value::Null))
            }
            _ if self.pending.contains_key(&id.to_string()) => {
                Some(Err(Failed::new(message::INVALID_REQUEST, "a request with this id is under way")))
            }
            _ => match self.start(&id, method, value) {
                Ok(()) => None,
                Err(error) => Some(Err(error)),
            },
        };
        if let Some(result) = result {
            self.send(message::response(id, result));
        }
    }

    fn initialize(&mut self, value: &Value) -> Result<Value, Failed> {
        self.phase = Phase::Running;
        self.client = Client::read(value);
        self.process = value.get("processId").and_then(Value::as_i64).and_then(|id| i32::try_from(id).ok());
        let folders = value.get("workspaceFolders").and_then(Value::as_array);
        let mut uris: Vec<&str> = folders.into_iter().flatten().filter_map(|one| one.get("uri")?.as_str()).collect();
        if uris.is_empty() {
            uris.extend(value.get("rootUri").and_then(Value::as_str));
        }
        self.folders = uris.into_iter().map(folder).collect();
        let options = value.get("initializationOptions").cloned().unwrap_or(Value::Null);
        let (settings, wrong) = Settings::read(&options, self.root().as_deref());
        self.settings = Arc::new(settings);
        self.options = options;
        wrong.iter().for_each(|message| self.tell(message));
        if self.process.is_some_and(|process| !self.desk.is_alive(process)) {
            self.ended = Some(1);
        }
        Ok(self.capabilities())
    }

    fn capabilities(&self) -> Value {
        let encoding = match self.client.encoding {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
            Encoding::Utf32 => "utf-32",
        };
        let mut capabilities = json!({
            "positionEncoding": encoding,
            "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
            "hoverProvider": true,
            "completionProvider": { "resolveProvider": false },
            "documentSymbolProvider": true,
            "inlayHintProvider": true,
            "codeActionProvider": { "codeActionKinds": ["quickfix", actions::FIX_ALL] },
            "executeCommandProvider": { "commands": commands::ALL },
            "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } },
        });
        if self.client.pulls {
            capabilities["diagnosticProvider"] =
                json!({ "identifier": "tonelint", "interFileDependencies": false, "workspaceDiagnostics": false });
        }
        json!({ "capabilities": capabilities, "serverInfo": { "name": "tonelint", "version": env!("CARGO_PKG_VERSION") } })
    }

    /// Starts what answers a request.
    fn start(&mut self, id: &Id, method: &str, value: Value) -> Result<(), Failed> {
        use crate::lsp::requests;
        let work: requests::Work = match method {
            "textDocument/codeAction" => requests::code_action(params(value)?, self.client.clone()),
            "textDocument/hover" => requests::hover(params(value)?),
            "textDocument/completion" => requests::completion(params(value)?, self.client.clone()),
            "textDocument/documentSymbol" => requests::symbols(params(value)?),
            "textDocument/inlayHint" => requests::hints(params(value)?),
            "workspace/executeCommand" => {
                let is_yaml = |open: &&Open| open.document.uri.ends_with("ml");
                let open = self.documents.values().filter(is_yaml).map(|open| open.document.clone()).collect();
                commands::work(params(value)?, open, self.client.clone())?
            }
            "textDocument/diagnostic" if self.client.pulls => requests::pull(params(value)?),
            _ => return Err(Failed::new(message::METHOD_NOT_FOUND, format!("no method is called `{method}`"))),
        };
        let (document, known) = match self.documents.get(&work.uri) {
            Some(open) => (open.document.clone(), open.checked.clone()),
            None if work.needs_document => {
                return Err(Failed::new(message::INVALID_PARAMS, "the document is not open"));
            }
            None => (Arc::new(Document::new(work.uri.clone(), String::new(), 0, String::new())), None),
        };
        let known = known.filter(|checked| checked.document.revision == document.revision);
        let office = self.office(&document);
        let stop = Arc::new(AtomicBool::new(false));
        self.pending.insert(id.to_string(), stop.clone());
        let (done, failed) = (self.events.clone(), self.events.clone());
        let (id, again) = (id.clone(), id.clone());
        let bytes = document.text.len();
        let task = move || {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let answer = (work.run)(&office, &document, known);
            let _ = done.send(Event::Answered { id, answer });
        };
        let gave_up = move || {
            let error = Failed::new(message::INTERNAL_ERROR, "tonelint failed on this request; please report it");
            let _ = failed.send(Event::Answered { id: again, answer: Err(error) });
        };
        self.jobs.add(bytes, task, gave_up);
        Ok(())
    }

    fn answered_at_once(&mut self, id: Id, error: Failed) {
        self.pending.remove(&id.to_string());
        self.send(message::response(id, Err(error)));
    }

    fn answered(&mut self, id: Id, answer: Result<Answer, Failed>) {
        if self.pending.remove(&id.to_string()).is_none() {
            // It was cancelled, and has its answer.
            return;
        }
        match answer {
            Ok(answer) => {
                self.send(message::response(id, Ok(answer.value)));
                if let Some(checked) = answer.checked {
                    self.learn(checked);
                }
                if let Some(Ask { params, draft }) = answer.asks {
                    self.ask("workspace/applyEdit", params, Asked::Edit(draft));
                }
                if answer.refreshes {
                    self.refresh();
                }
            }
            Err(error) => self.send(message::response(id, Err(error))),
        }
    }

    // ---- notifications

    fn notification(&mut self, method: &str, value: Value) {
        if method == "exit" {
            self.ended = Some(u8::from(self.phase != Phase::After));
            return;
        }
        if self.phase != Phase::Running {
            return;
        }
        // What cannot be read of a notification can be answered by nothing but a line in a log.
        let done = match method {
            "initialized" => {
                self.initialized();
                Ok(())
            }
            "$/cancelRequest" => {
                self.cancel(&value);
                Ok(())
            }
            "textDocument/didOpen" => params(value).map(|params| self.opened(params)),
            "textDocument/didChange" => params(value).map(|params| self.changed(params)),
            "textDocument/didSave" => params(value).map(|params| self.saved(&params)),
            "workspace/didChangeConfiguration" => {
                self.configured(&value);
                Ok(())
            }
            "workspace/didChangeWatchedFiles" => params(value).map(|params| self.files_changed(&params)),
            "workspace/didChangeWorkspaceFolders" => params(value).map(|params| self.folders_changed(&params)),
            "textDocument/didClose" => params(value).map(|params| self.closed(&params)),
            _ => Ok(()),
        };
        if done.is_err() {
            self.log(&format!("the params of `{method}` are not as the protocol has them; it is passed over"));
        }
    }

    fn cancel(&mut self, value: &Value) {
        let Some(id) = value.get("id") else { return };
        if let Some(stop) = self.pending.remove(&id.to_string()) {
            stop.store(true, Ordering::Relaxed);
            self.send(message::response(id.clone(), Err(Failed::new(message::CANCELLED, "cancelled"))));
        }
    }

    fn opened(&mut self, params: Opened) {
        let Opened { text_document: item } = params;
        let document = Document::new(item.uri.clone(), item.language_id, item.version, item.text);
        let open = Open { document: Arc::new(document), checked: None, running: None, due: None, took: Duration::ZERO };
        if let Some(before) = self.documents.insert(item.uri.clone(), open) {
            // Opened twice: what is under way for the first is stale.
            before.document.retire();
        }
        self.want(&item.uri, Duration::ZERO);
    }

    fn changed(&mut self, params: Changed) {
        let encoding = self.client.encoding;
        let Changed { text_document: id, content_changes: changes } = params;
        let Some(open) = self.documents.get_mut(&id.uri) else { return };
        let version = id.version.unwrap_or(open.document.version);
        Arc::make_mut(&mut open.document).apply(version, changes, encoding);
        let is_long = open.document.text.len() >= LONG;
        let pause = if is_long { open.took.clamp(PAUSE.0, PAUSE.1) } else { Duration::ZERO };
        let document = open.document.clone();
        if !self.settings_of(&document).on_save {
            self.want(&id.uri, pause);
        }
    }

    fn saved(&mut self, params: &Named) {
        let uri = &params.text_document.uri;
        let Some(open) = self.documents.get_mut(uri) else { return };
        Arc::make_mut(&mut open.document).dirty = false;
        let document = open.document.clone();
        if document.path.as_ref().is_some_and(|path| self.desk.concerns(path)) {
            self.refresh();
        } else if self.settings_of(&document).on_save {
            self.want(uri, Duration::ZERO);
            self.refresh_diagnostics();
        }
    }

    fn closed(&mut self, params: &Named) {
        let uri = &params.text_document.uri;
        let Some(open) = self.documents.remove(uri) else { return };
        open.document.retire();
        if !self.client.pulls {
            self.notify("textDocument/publishDiagnostics", json!({ "uri": uri, "diagnostics": [] }));
        }
        if open.document.path.as_ref().is_some_and(|path| self.drafts.remove(path).is_some()) {
            self.refresh();
        }
    }

    /// What a check of a document needs.
    fn office(&self, document: &Document) -> Office {
        Office {
            desk: self.desk.clone(),
            settings: self.settings_of(document),
            folder: self.root(),
            encoding: self.client.encoding,
            drafts: Arc::new(
                self.edited.iter().map(|(path, (_, text))| (path.clone(), text.as_str().into())).collect(),
            ),
        }
    }

    /// The settings of the innermost folder that a document lies in.
    fn settings_of(&self, document: &Document) -> Arc<Settings> {
        let holds = |folder: &&Folder| {
            folder
                .path
                .as_ref()
                .is_some_and(|folder| document.path.as_ref().is_some_and(|path| path.starts_with(folder)))
        };
        let folder = self.folders.iter().filter(holds).max_by_key(|folder| folder.uri.len());
        folder.and_then(|folder| self.of_folder.get(&folder.uri)).unwrap_or(&self.settings).clone()
    }

    /// The first folder of the workspace.
    fn root(&self) -> Option<PathBuf> {
        self.folders.iter().find_map(|folder| folder.path.clone())
    }

    fn response(&mut self, id: &Id, result: Option<Value>) {
        let Some(asked) = id.as_i64().and_then(|id| self.asked.remove(&id)) else { return };
        match asked {
            Asked::Nothing => {}
            Asked::Settings(folders) => {
                let Some(Value::Array(values)) = result else { return };
                let mut values = values.into_iter();
                let said = values.next().unwrap_or_default();
                let of_folders: Vec<(String, Value)> = folders.into_iter().zip(values).collect();
                self.settle(&said, of_folders);
            }
            Asked::Edit(draft) => {
                let applied = result.as_ref().and_then(|result| result.get("applied")).and_then(Value::as_bool);
                if applied == Some(true) {
                    self.edited(draft);
                } else {
                    self.tell("the editor did not apply an edit");
                }
            }
        }
    }
}

fn folder(uri: &str) -> Folder {
    Folder { uri: uri.to_owned(), path: uri::to_path(uri) }
}

/// A document as it is opened.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
    text_document: Item,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    uri: String,
    #[serde(default)]
    language_id: String,
    #[serde(default)]
    version: i32,
    text: String,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    text_document: Versioned,
    content_changes: Vec<Change>,
}

#[derive(serde::Deserialize)]
struct Versioned {
    uri: String,
    version: Option<i32>,
}

/// A document that is named.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    text_document: NamedDocument,
}

#[derive(serde::Deserialize)]
struct NamedDocument {
    uri: String,
}

#[derive(serde::Deserialize)]
struct FilesChanged {
    changes: Vec<NamedDocument>,
}

#[derive(serde::Deserialize)]
struct FoldersChanged {
    event: FoldersEvent,
}

#[derive(serde::Deserialize)]
struct FoldersEvent {
    #[serde(default)]
    added: Vec<NamedDocument>,
    #[serde(default)]
    removed: Vec<NamedDocument>,
}
