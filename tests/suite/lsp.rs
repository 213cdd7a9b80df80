//! The language server, as an editor sees it: whole conversations with the binary.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use super::support::{Folder, command};

/// How long the server may be silent before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

const PACK: &str = r#"
language: en
family: own
rules:
  - name: no-utilize
    message: "`{match}` is long for use"
    why: Short words are read sooner.
    severity: info
    replace: {utilize~: {to: use~, safe: true}}
  - name: no-guys
    message: "`{match}` is no way to call them"
    why: Some of them are no guys.
    find: [guys]
    rewrite: [{to: everyone, applicability: unsafe}]
  - name: no-sorry-you
    severity: error
    message: "`{match}` is sorry for them, not for us"
    find: ["[we are] sorry you"]
    rewrite: ["I'm sorry that {what we did}."]
"#;

/// An editor.
struct Editor {
    child: Child,
    inbox: Receiver<Option<Value>>,
    requests: i64,
    /// What came and was not waited for.
    seen: Vec<Value>,
    /// Documents as the editor has them: version and text.
    documents: HashMap<String, (i64, String)>,
    /// What it answers when it is asked for settings.
    settings: Value,
}

impl Editor {
    /// Starts the server in a folder, and says hello.
    fn start(folder: &Folder, args: &[&str], capabilities: Value, options: Value) -> Self {
        let mut editor = Self::silent(folder, args);
        let root = uri_of(folder, "");
        let params = json!({
            "processId": std::process::id(),
            "rootUri": root.trim_end_matches('/'),
            "capabilities": capabilities,
            "initializationOptions": options,
        });
        let answer = editor.ask("initialize", params);
        assert!(answer.get("capabilities").is_some(), "{answer}");
        editor.notify("initialized", json!({}));
        editor
    }

    /// The same with the packs of `tone` and no others.
    fn with_pack(folder: &Folder) -> Self {
        Self::start(folder, &["--no-builtin", "--rules", "tone"], json!({}), Value::Null)
    }

    /// Starts the server and says nothing.
    fn silent(folder: &Folder, args: &[&str]) -> Self {
        let mut child = command(folder.path(), &[&["lsp"], args].concat()).spawn().expect("the server starts");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let (events, inbox) = channel();
        std::thread::spawn(move || {
            while let Some(message) = receive(&mut output) {
                let _ = events.send(Some(message));
            }
            let _ = events.send(None);
        });
        Self { child, inbox, requests: 0, seen: Vec::new(), documents: HashMap::new(), settings: Value::Null }
    }

    fn write(&mut self, bytes: &[u8]) {
        let input = self.child.stdin.as_mut().expect("a pipe");
        // A server that has ended does not read on.
        let _ = input.write_all(bytes).and_then(|()| input.flush());
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.write(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and does not wait.
    fn request(&mut self, method: &str, params: Value) -> i64 {
        self.requests += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.requests, "method": method, "params": params }));
        self.requests
    }

    /// Sends a request and waits for its result, or its error.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        self.answer(&json!(id))
    }

    fn answer(&mut self, id: &Value) -> Value {
        let mut message = self.wait(|message| message.get("id") == Some(id) && message.get("method").is_none());
        message.get_mut("result").or(None).map(Value::take).unwrap_or_else(|| message["error"].take())
    }

    /// The next message, in order, for which `wanted` holds; what the server asks is answered.
    fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(index) = self.seen.iter().position(&wanted) {
            return self.seen.remove(index);
        }
        loop {
            let message = self.inbox.recv_timeout(PATIENCE).expect("the server says something");
            let message = message.expect("the server is there");
            if let (Some(id), Some(method)) = (message.get("id"), message.get("method")) {
                let id = id.clone();
                let result = match method.as_str() {
                    Some("workspace/configuration") => {
                        let items = message["params"]["items"].as_array().expect("items");
                        // Settings of folders stand beside those of the workspace under the folders' URIs.
                        let of = |item: &Value| item["scopeUri"].as_str().and_then(|uri| self.settings.get(uri));
                        items.iter().map(|item| of(item).unwrap_or(&self.settings).clone()).collect()
                    }
                    Some("workspace/applyEdit") => {
                        let edit = message["params"]["edit"].clone();
                        self.apply(&edit);
                        json!({ "applied": true })
                    }
                    _ => Value::Null,
                };
                self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
            }
            if wanted(&message) {
                return message;
            }
            self.seen.push(message);
        }
    }

    fn open(&mut self, uri: &str, language: &str, text: &str) -> String {
        self.documents.insert(uri.to_owned(), (1, text.to_owned()));
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.told(uri)
    }

    /// Has a document read otherwise, by one edit of all that differs, and gives the diagnostics.
    fn becomes(&mut self, uri: &str, text: &str) -> String {
        let (version, old) = self.documents.get_mut(uri).expect("it is open");
        *version += 1;
        let head = old.chars().zip(text.chars()).take_while(|(one, other)| one == other).count();
        let (line, column) = place(&old.chars().take(head).collect::<String>());
        let (last_line, last_column) = place(old);
        let range = json!({
            "start": { "line": line, "character": column },
            "end": { "line": last_line, "character": last_column },
        });
        let rest: String = text.chars().skip(head).collect();
        let params = json!({
            "textDocument": { "uri": uri, "version": *version },
            "contentChanges": [{ "range": range, "text": rest }],
        });
        *old = text.to_owned();
        self.notify("textDocument/didChange", params);
        self.told(uri)
    }

    /// The next diagnostics of a document's newest version, one a line.
    fn told(&mut self, uri: &str) -> String {
        shown(&self.diagnostics(uri))
    }

    fn diagnostics(&mut self, uri: &str) -> Value {
        let version = self.documents.get(uri).map(|(version, _)| *version);
        let is_it = move |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == *uri
                && message["params"].get("version").and_then(Value::as_i64) == version
        };
        self.wait(is_it)["params"]["diagnostics"].take()
    }

    /// The actions for a line, with what each makes of the document.
    fn actions(&mut self, uri: &str, line: usize) -> Vec<Value> {
        self.actions_of(uri, line, Value::Null)
    }

    fn actions_of(&mut self, uri: &str, line: usize, only: Value) -> Vec<Value> {
        let range = json!({
            "start": { "line": line, "character": 0 },
            "end": { "line": line, "character": 10_000 },
        });
        let context = json!({ "diagnostics": [], "only": only });
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
        self.ask("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
    }

    /// Takes an action, and gives the diagnostics after it.
    fn take(&mut self, uri: &str, line: usize, title: &str) -> String {
        let actions = self.actions(uri, line);
        let titles: Vec<&str> = actions.iter().filter_map(|action| action["title"].as_str()).collect();
        let action = actions.iter().find(|action| action["title"] == *title);
        let edit = action.unwrap_or_else(|| panic!("{title} is none of {titles:?}"))["edit"].clone();
        let text = applied(self.text(uri), &edit, uri);
        self.becomes(uri, &text)
    }

    fn text(&self, uri: &str) -> &str {
        &self.documents.get(uri).expect("it is open").1
    }

    /// Applies an edit to what is open, or on the disk.
    fn apply(&mut self, edit: &Value) {
        for change in edit["documentChanges"].as_array().into_iter().flatten() {
            let uri = change["textDocument"]["uri"].as_str().or(change["uri"].as_str()).expect("a URI").to_owned();
            if change["kind"] == "create" {
                self.documents.insert(uri, (0, String::new()));
                continue;
            }
            let before = self.documents.get(&uri).map_or_else(
                || std::fs::read_to_string(uri.trim_start_matches("file://")).unwrap_or_default(),
                |(_, text)| text.clone(),
            );
            let after = applied(&before, edit, &uri);
            let version = self.documents.get(&uri).map_or(0, |(version, _)| *version);
            self.documents.insert(uri, (version, after));
        }
    }

    /// What a person was told in messages.
    fn messages(&self) -> Vec<&str> {
        let messages = self.seen.iter().filter(|message| message["method"] == "window/showMessage");
        messages.filter_map(|message| message["params"]["message"].as_str()).collect()
    }

    /// Says goodbye, and gives the exit status.
    fn leave(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        self.ended()
    }

    fn ended(mut self) -> i32 {
        drop(self.child.stdin.take());
        let mut stderr = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("UTF-8");
        assert!(!stderr.contains("defect"), "{stderr}");
        self.child.wait().expect("it ends").code().unwrap_or(-1)
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn receive(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().strip_prefix("Content-Length: ") {
            Some(said) => length = said.parse().expect("a number"),
            None => {
                assert_eq!(line, "\r\n", "nothing but the protocol on standard output");
                break;
            }
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}

/// The line and UTF-16 column of a text's end.
fn place(text: &str) -> (usize, usize) {
    let line = text.matches('\n').count();
    let last = text.rsplit('\n').next().unwrap_or_default();
    (line, last.encode_utf16().count())
}

/// The byte of a line and a UTF-16 column.
fn byte_of(text: &str, position: &Value) -> usize {
    let number = |key: &str| usize::try_from(position[key].as_u64().expect("a number")).expect("small");
    let start: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
    let mut units = 0;
    let rest = text[start..].char_indices();
    let at = rest.take_while(|(_, ch)| {
        units += ch.len_utf16();
        units <= number("character")
    });
    start + at.last().map_or(0, |(at, ch)| at + ch.len_utf8())
}

/// A text after an edit of its document.
fn applied(text: &str, edit: &Value, uri: &str) -> String {
    let listed = edit["documentChanges"].as_array().into_iter().flatten();
    let of_document =
        listed.filter(|change| change["textDocument"]["uri"] == *uri).flat_map(|change| change["edits"].as_array());
    let mut edits: Vec<&Value> = of_document.chain(edit["changes"][uri].as_array()).flatten().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(byte_of(text, &edit["range"]["start"])));
    let mut text = text.to_owned();
    for edit in edits {
        let (start, end) = (byte_of(&text, &edit["range"]["start"]), byte_of(&text, &edit["range"]["end"]));
        text.replace_range(start..end, edit["newText"].as_str().expect("a text"));
    }
    text
}

fn shown(diagnostics: &Value) -> String {
    let mut shown = String::new();
    for one in diagnostics.as_array().expect("a list") {
        let at = |end: &str| format!("{}:{}", one["range"][end]["line"], one["range"][end]["character"]);
        let severity = ["", "error", "warning", "info", "hint"]
            [usize::try_from(one["severity"].as_u64().unwrap_or(0)).unwrap_or(0)];
        let code = one["code"].as_str().unwrap_or("-");
        let message = one["message"].as_str().unwrap_or_default();
        shown.push_str(&format!("{}-{} {severity} {code} {message}\n", at("start"), at("end")));
    }
    if shown.is_empty() { "nothing\n".into() } else { shown }
}

fn uri_of(folder: &Folder, name: &str) -> String {
    format!("file://{}/{name}", folder.path().display())
}

fn with_pack(files: &[(&str, &str)]) -> Folder {
    Folder::with(&[("tone/own.yml", PACK)], files)
}

/// Titles of actions, and what each makes of the text, without the folder's name.
fn offered(editor: &Editor, folder: &Folder, uri: &str, actions: &[Value]) -> String {
    let mut shown = String::new();
    for action in actions {
        let preferred = if action["isPreferred"] == true { ", preferred" } else { "" };
        shown.push_str(&format!(
            "{} ({}{preferred})\n",
            action["title"].as_str().expect("a title"),
            action["kind"].as_str().expect("a kind")
        ));
        if action.get("edit").is_some() {
            for line in applied(editor.text(uri), &action["edit"], uri).lines() {
                shown.push_str(&format!("    {line}\n"));
            }
        }
        if let Some(command) = action.get("command") {
            shown.push_str(&format!("    {} {}\n", command["command"], command["arguments"]));
        }
    }
    shown.replace(&folder.path().display().to_string(), "FOLDER")
}

const DRAFT: &str = "Hi guys,\n\nPlease utilize it. Sorry you waited.\n";

#[test]
fn a_draft_is_checked_mended_and_clean() {
    let folder = with_pack(&[]);
    let mut editor = Editor::with_pack(&folder);
    let uri = uri_of(&folder, "an answer.md");
    let mut log = editor.open(&uri, "markdown", DRAFT);
    let actions = editor.actions(&uri, 0);
    log.push_str(&format!("--- line 0\n{}", offered(&editor, &folder, &uri, &actions)));
    let actions = editor.actions(&uri, 2);
    log.push_str(&format!("--- line 2\n{}", offered(&editor, &folder, &uri, &actions)));
    log.push_str(&format!("--- everyone\n{}", editor.take(&uri, 0, "Write: everyone")));
    let actions = editor.actions_of(&uri, 0, json!(["source.fixAll"]));
    log.push_str(&format!("--- source.fixAll\n{}", offered(&editor, &folder, &uri, &actions)));
    log.push_str(&format!("--- suppressed\n{}", editor.take(&uri, 2, "Suppress no-sorry-you on this line")));
    log.push_str(&format!("--- use\n{}", editor.take(&uri, 2, "Write: use")));
    log.push_str(&format!("--- at last\n{}", editor.text(&uri)));
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    editor.documents.remove(&uri);
    log.push_str(&format!("--- closed\n{}", editor.told(&uri)));
    insta::assert_snapshot!(log);
    assert_eq!(editor.leave(), 0);
}

#[test]
fn edits_are_right_in_every_format() {
    let folder = with_pack(&[]);
    let mut editor = Editor::with_pack(&folder);
    let mut log = String::new();
    for (name, language, text) in [
        ("a.html", "html", "<p>Please&nbsp;uti<b>lize</b> it &amp; ask the <i>guys</i>.</p>\n"),
        ("a.txt", "plaintext", "---\nlanguage: en\n---\nPlease utilize it, guys.\n"),
        ("a.json", "json", "{\"macros\": [{\"body\": \"Please utilize \\\"it\\\", guys.\"}]}\n"),
        ("a.csv", "csv", "title,body\nx,\"Please utilize it, guys\"\n"),
        ("a.eml", "mail", "From: a@example.org\nSubject: Lamp\n\nPlease utilize it, guys.\n"),
        ("a.yml", "yaml", "macros:\n  - body: 'Please utilize it, guys'\n"),
    ] {
        let uri = uri_of(&folder, name);
        log.push_str(&format!("=== {name}\n{}", editor.open(&uri, language, text)));
        for line in 0..text.lines().count() {
            let actions = editor.actions_of(&uri, line, json!(["quickfix"]));
            let edits: Vec<Value> = actions.into_iter().filter(|action| action.get("edit").is_some()).collect();
            log.push_str(&offered(&editor, &folder, &uri, &edits));
        }
    }
    insta::assert_snapshot!(log);
}

/// Rewrites with gaps of every kind: a name, words, a list, an amount.
const GAPS: &str = r#"
rules:
  - name: vague
    message: "{match}"
    find: ["soon"]
    rewrite: ["by {time} on {date}", "{What you did}. {What happens next, by when}.", "in {a number: two days, $40}", "because {…why.}", ""]
"#;

#[test]
fn each_rewrite_is_offered_with_its_gaps() {
    let folder = Folder::with(&[("tone/own.yml", GAPS)], &[]);
    let mut editor = Editor::with_pack(&folder);
    let mut log = String::new();
    for (name, language, text) in [
        ("a.md", "markdown", "Hi {{name}}, you hear from {agent} soon, or at {time}.\n"),
        ("a.html", "html", "<p>You&rsquo;ll hear soon, {{name}}.</p>\n"),
        ("a.json", "json", "{\"macros\": [{\"body\": \"You hear soon.\"}]}\n"),
        ("a.yml", "yaml", "macros:\n  - body: soon you hear\n"),
    ] {
        let uri = uri_of(&folder, name);
        editor.open(&uri, language, text);
        let line = text.lines().position(|line| line.contains("soon")).expect("it is there");
        let actions = editor.actions_of(&uri, line, json!(["quickfix"]));
        let writes = |action: &Value| action["title"].as_str().is_some_and(|title| title.starts_with("Write"));
        let writes: Vec<Value> = actions.into_iter().filter(writes).collect();
        log.push_str(&format!("=== {name}\n{}", offered(&editor, &folder, &uri, &writes)));
    }
    insta::assert_snapshot!(log);
}

#[test]
fn columns_are_in_the_units_that_were_agreed_on() {
    let folder = with_pack(&[]);
    let text = "😀 e\u{301}te\u{301} 👍🏽 guys\r\n漢字 guys\n";
    let mut log = String::new();
    for offered in [json!(["utf-8", "utf-16"]), json!(["utf-32"]), json!(["utf-16"]), json!(["latin-1"]), Value::Null] {
        let capabilities = json!({ "general": { "positionEncodings": offered } });
        let mut editor = Editor::silent(&folder, &["--no-builtin", "--rules", "tone"]);
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities });
        let agreed = editor.ask("initialize", params)["capabilities"]["positionEncoding"].clone();
        editor.notify("initialized", json!({}));
        log.push_str(&format!("{offered} → {agreed}\n{}", editor.open("untitled:1", "markdown", text)));
        assert_eq!(editor.leave(), 0);
    }
    insta::assert_snapshot!(log);
}

#[test]
fn a_hover_says_why_and_what_to_write() {
    let folder = with_pack(&[]);
    let mut editor = Editor::with_pack(&folder);
    let uri = uri_of(&folder, "a.md");
    let text = "Hi guys,\n\nPlease *utilize* it. <!-- tonelint-disable-line no-guys, own -->\n";
    editor.open(&uri, "markdown", text);
    let mut log = String::new();
    for (line, character) in [(0, 5), (2, 10), (2, 55), (2, 65), (2, 30), (1, 0), (99, 99)] {
        let params = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } });
        let hover = editor.ask("textDocument/hover", params);
        let value = hover["contents"]["value"].as_str().unwrap_or("nothing");
        log.push_str(&format!("=== {line}:{character} {}\n{value}\n", hover["range"]));
    }
    insta::assert_snapshot!(log);
}

#[test]
fn rules_values_and_starters_are_completed() {
    let folder = with_pack(&[]);
    let capabilities = json!({ "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } });
    let mut editor = Editor::start(&folder, &["--no-builtin", "--rules", "tone"], capabilities, Value::Null);
    let draft = uri_of(&folder, "a.md");
    editor.open(&draft, "markdown", "Hi Anna,\n\nI did\n\n<!-- tonelint-disable no- -->\n");
    let config = uri_of(&folder, "tonelint.yml");
    let text = "select:\n  - no\nignore: [no-guys, \nseverity:\n  own: error\n  no-\nchannel: \ncustomer: v\nvocabulary: [\nextends: \n";
    editor.open(&config, "yaml", text);
    let mut log = String::new();
    let places = [
        (&draft, 4, 24),
        (&draft, 1, 0),
        (&draft, 2, 5),
        (&config, 1, 6),
        (&config, 2, 18),
        (&config, 5, 5),
        (&config, 6, 9),
        (&config, 7, 11),
        (&config, 8, 13),
        (&config, 9, 9),
    ];
    for (uri, line, character) in places {
        let params = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } });
        let items = editor.ask("textDocument/completion", params);
        let name = uri.rsplit('/').next().unwrap_or_default();
        log.push_str(&format!("=== {name} {line}:{character}\n"));
        for item in items.as_array().expect("a list") {
            let text = item["textEdit"]["newText"].as_str().or(item["label"].as_str()).unwrap_or_default();
            log.push_str(&format!("{text} ({})\n", item["detail"].as_str().unwrap_or_default()));
        }
    }
    insta::assert_snapshot!(log);
}

#[test]
fn the_moves_are_symbols_and_hints() {
    let folder = with_pack(&[]);
    let options = json!({ "inlayHints": true });
    let mut editor = Editor::start(&folder, &["--no-builtin", "--rules", "tone"], json!({}), options);
    let letter = uri_of(&folder, "a.md");
    let text = "Hi 😀 Anna,\n\nI'm sorry about the delay. I've refunded $20.\n\nRegards,\nTim\n";
    editor.open(&letter, "markdown", text);
    let export = uri_of(&folder, "a.json");
    editor.open(
        &export,
        "json",
        "{\"macros\": [{\"body\": \"I'm sorry about that.\"}, {\"body\": \"I've refunded $20.\"}]}\n",
    );
    let mut log = String::new();
    for uri in [&letter, &export] {
        let symbols = editor.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }));
        log.push_str(&format!("=== symbols\n{}\n", serde_json::to_string_pretty(&symbols).expect("JSON")));
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
        let hints = editor.ask("textDocument/inlayHint", json!({ "textDocument": { "uri": uri }, "range": range }));
        log.push_str("=== hints\n");
        for hint in hints.as_array().expect("a list") {
            log.push_str(&format!(
                "{}:{} {}\n",
                hint["position"]["line"], hint["position"]["character"], hint["label"]
            ));
        }
    }
    let outline =
        editor.ask("workspace/executeCommand", json!({ "command": "tonelint.outline", "arguments": [letter] }));
    log.push_str(&format!("=== tonelint.outline\n{}", outline["text"].as_str().expect("a text")));
    assert_eq!(outline["outline"][0]["sentences"][0]["moves"][0], "greeting");
    insta::assert_snapshot!(log);
}

#[test]
fn the_configuration_is_followed_while_it_changes() {
    let folder = with_pack(&[("tonelint.yml", "ignore: [no-guys]\nrules: [tone]\n"), ("a.md", DRAFT)]);
    let mut editor = Editor::start(
        &folder,
        &["--no-builtin"],
        json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } }),
        Value::Null,
    );
    let draft = uri_of(&folder, "a.md");
    let config = uri_of(&folder, "tonelint.yml");
    let mut log = editor.open(&draft, "markdown", DRAFT);
    // On the disk, by somebody else.
    std::fs::write(folder.path().join("tonelint.yml"), "rules: [tone]\n").expect("writable");
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": config, "type": 2 }] }));
    log.push_str(&format!("--- nothing is ignored\n{}", editor.told(&draft)));
    // In this editor, before it is written.
    log.push_str(&format!("--- the file itself\n{}", editor.open(&config, "yaml", "rules: [tone]\n")));
    log.push_str(&format!("--- half typed\n{}", editor.becomes(&config, "rules: [tone]\nignore: [no-gu]\n")));
    log.push_str(&format!("--- typed\n{}", editor.becomes(&config, "rules: [tone]\nignore: [no-guys, no-utilize]\n")));
    log.push_str(&format!("--- and so\n{}", editor.told(&draft)));
    log.push_str(&format!("--- broken\n{}", editor.becomes(&config, "rules: [tone]\nignroe: [no-guys]\n")));
    // A mistake on the disk is told, and the rest is checked without the file.
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": config } }));
    std::fs::write(folder.path().join("tonelint.yml"), "ignroe: []\nrules: [tone]\n").expect("writable");
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": config, "type": 2 }] }));
    let is_told = |message: &Value| message["method"] == "window/showMessage";
    let told = editor.wait(is_told)["params"]["message"].clone();
    log.push_str(&format!(
        "--- told\n{}\n",
        told.as_str().expect("a text").replace(&folder.path().display().to_string(), "FOLDER")
    ));
    insta::assert_snapshot!(log);
}

#[test]
fn each_folder_has_its_own_settings() {
    let folder = with_pack(&[
        ("one/tonelint.yml", "ignore: [no-guys]\n"),
        ("two/inner/tonelint.yml", "ignore: [no-sorry-you]\n"),
        ("three/x", ""),
    ]);
    let (one, two, three) = (uri_of(&folder, "one"), uri_of(&folder, "two"), uri_of(&folder, "three"));
    let mut editor = Editor::silent(&folder, &["--no-builtin", "--rules", "tone"]);
    editor.settings = json!({});
    editor.settings[&two] = json!({ "ignore": ["no-utilize"] });
    let params = json!({
        "processId": null,
        "rootUri": null,
        "capabilities": { "workspace": { "configuration": true, "workspaceFolders": true } },
        "workspaceFolders": [{ "uri": one, "name": "one" }, { "uri": two, "name": "two" }],
    });
    editor.ask("initialize", params);
    editor.notify("initialized", json!({}));
    // The settings are there before the first draft.
    editor.wait(|message| message["method"] == "workspace/configuration");
    let mut log = String::new();
    for name in ["one/a.md", "two/a.md", "two/inner/a.md", "three/a.md"] {
        log.push_str(&format!("=== {name}\n{}", editor.open(&uri_of(&folder, name), "markdown", DRAFT)));
    }
    log.push_str(&format!("=== untitled, in the first folder\n{}", editor.open("untitled:1", "markdown", DRAFT)));
    editor.settings[&three] = json!({ "select": ["no-guys"] });
    let event = json!({ "added": [{ "uri": three, "name": "three" }], "removed": [{ "uri": two, "name": "two" }] });
    editor.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    editor.wait(|message| message["method"] == "workspace/configuration");
    for name in ["two/a.md", "three/a.md"] {
        let uri = uri_of(&folder, name);
        let about = json!({ "uri": uri, "languageId": "markdown" });
        let params = json!({ "command": "tonelint.checkText", "arguments": [DRAFT, about] });
        let told = editor.ask("workspace/executeCommand", params);
        log.push_str(&format!("=== {name}, later\n{}", shown(&told["diagnostics"])));
    }
    insta::assert_snapshot!(log.replace(&folder.path().display().to_string(), "FOLDER"));
}

#[test]
fn a_client_that_watches_no_files_is_looked_after() {
    let folder = with_pack(&[("tonelint.yml", "ignore: [no-guys]\n")]);
    let mut editor = Editor::with_pack(&folder);
    let draft = uri_of(&folder, "a.md");
    assert!(!editor.open(&draft, "markdown", DRAFT).contains("no-guys"));
    std::fs::write(folder.path().join("tonelint.yml"), "ignore: [no-utilize, no-sorry-you]\n").expect("writable");
    assert_eq!(editor.told(&draft), "0:3-0:7 warning no-guys `guys` is no way to call them\n");
}

#[test]
fn settings_stand_over_the_configuration() {
    let folder = with_pack(&[("tonelint.yml", "ignore: [no-guys]\n"), ("other.yml", "select: [no-guys]\n")]);
    let capabilities = json!({ "workspace": { "configuration": true } });
    let mut editor = Editor::start(&folder, &["--no-builtin"], capabilities, json!({ "rules": "tone" }));
    let draft = uri_of(&folder, "a.md");
    let mut log = editor.open(&draft, "markdown", DRAFT);
    for settings in [
        json!({ "ignore": ["no-utilize"] }),
        json!({ "configuration": "other.yml" }),
        json!({ "select": ["no-such"], "customer": "grumpy", "run": "sometimes", "customre": "vip" }),
        json!({ "tonelint": { "select": ["no-sorry-you"] } }),
    ] {
        editor.settings = settings.clone();
        editor.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
        log.push_str(&format!("--- {settings}\n{}", editor.told(&draft)));
    }
    editor.ask(
        "textDocument/hover",
        json!({ "textDocument": { "uri": draft }, "position": { "line": 0, "character": 0 } }),
    );
    log.push_str(&format!("--- told\n{}\n", editor.messages().join("\n")));
    insta::assert_snapshot!(log);
}

#[test]
fn words_and_rules_go_into_the_configuration() {
    let capabilities = json!({
        "workspace": {
            "applyEdit": true,
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
        },
    });
    let text = "# ours\nvocabulary:\n  - SSO # a product\nchannel: email\n";
    for (case, capabilities, files) in [
        ("on the disk", json!({}), vec![("tonelint.yml", text)]),
        ("by the editor", capabilities.clone(), vec![("tonelint.yml", text)]),
        ("on the disk, where there is none", json!({}), vec![]),
        ("by the editor, where there is none", capabilities.clone(), vec![]),
    ] {
        let folder = with_pack(&files);
        let mut editor =
            Editor::start(&folder, &["--no-builtin", "--rules", "tone"], capabilities.clone(), Value::Null);
        let draft = uri_of(&folder, "a.md");
        let config = uri_of(&folder, "tonelint.yml");
        editor.open(&draft, "markdown", DRAFT);
        for (command, argument) in [("tonelint.addToVocabulary", "guys"), ("tonelint.disableRule", "no-sorry-you")] {
            let done =
                editor.ask("workspace/executeCommand", json!({ "command": command, "arguments": [draft, argument] }));
            assert_eq!(done, Value::Null, "{case}");
            editor.told(&draft);
        }
        let by_editor = capabilities.get("workspace").is_some();
        let after = if by_editor { editor.text(&config).to_owned() } else { folder.read("tonelint.yml") };
        let wanted = if files.is_empty() {
            "vocabulary: [guys]\nignore: [no-sorry-you]\n".to_owned()
        } else {
            "# ours\nvocabulary:\n  - guys\n  - SSO # a product\nchannel: email\nignore: [no-sorry-you]\n".to_owned()
        };
        assert_eq!(after, wanted, "{case}");
        let text = format!("{DRAFT}\nUtilize it.\n");
        assert_eq!(
            editor.becomes(&draft, &text),
            "2:7-2:14 info no-utilize `utilize` is long for use\n4:0-4:7 info no-utilize `Utilize` is long for use\n",
            "{case}"
        );
    }
}

#[test]
fn our_own_files_have_diagnostics_and_hovers() {
    let folder = with_pack(&[("tone/broken.yml", "family: own\nrules: []\n")]);
    let mut editor = Editor::start(&folder, &["--no-builtin", "--rules", "tone"], json!({}), Value::Null);
    let mut log = String::new();
    let pack = "language: en\nfamily: own\nrules:\n  - name: two\n    message: \"`{match}`\"\n    find: [\"a (b\", \"...\"]\n    severty: error\n";
    for (name, text) in [
        ("tonelint.yml", "select: [no-guys]\nignore: [no-gyus]\nseverity: {own: louder}\n"),
        ("sub/.tonelint.yml", "select: [no-guys]\nignore: [no-gyus]\nrules: [gone]\nlanguage: xx\n"),
        ("sub/tonelint.yml", "rules: [gone]\n"),
        ("tone/broken.yml", pack),
        ("elsewhere.yml", "language: en\nfamily: own\nrules:\n  - name: two\n    message: x\n    find: [\"a (b\"]\n"),
        ("other.yml", "jobs:\n  - run: guys\n"),
    ] {
        let uri = uri_of(&folder, name);
        log.push_str(&format!("=== {name}\n{}", editor.open(&uri, "yaml", text)));
    }
    let params = json!({ "textDocument": { "uri": uri_of(&folder, "tonelint.yml") }, "position": { "line": 0, "character": 12 } });
    let hover = editor.ask("textDocument/hover", params);
    let uri = uri_of(&folder, "tone/broken.yml");
    let actions = editor.actions(&uri, 6);
    log.push_str(&format!("=== what was meant\n{}", offered(&editor, &folder, &uri, &actions)));
    log.push_str(&format!("=== hover\n{}\n", hover["contents"]["value"].as_str().unwrap_or("nothing")));
    for (name, line, character) in
        [("tonelint.yml", 2, 3), ("tone/broken.yml", 5, 6), ("tone/broken.yml", 4, 6), ("tone/broken.yml", 6, 6)]
    {
        let position = json!({ "line": line, "character": character });
        let params = json!({ "textDocument": { "uri": uri_of(&folder, name) }, "position": position });
        let hover = editor.ask("textDocument/hover", params);
        let text = hover["contents"]["value"].as_str().unwrap_or("nothing");
        log.push_str(&format!("=== {name} {line}:{character}\n{text}\n"));
    }
    insta::assert_snapshot!(log);
}

#[test]
fn what_is_no_file_is_checked_by_its_language() {
    let folder = with_pack(&[("tonelint.yml", "ignore: [no-sorry-you]\n")]);
    let mut editor = Editor::with_pack(&folder);
    let mut log = String::new();
    for (uri, language, text) in [
        (
            "untitled:Untitled-1",
            "markdown",
            "---\nlanguage: en\ntonelint-disable: [no-utilize]\n---\nHi `guys`, *guys*, utilize it.\n",
        ),
        ("untitled:Untitled-2", "plaintext", "Hi `guys`, sorry you waited.\n"),
        ("untitled:Untitled-3", "html", "<p title='guys'>gu<b>ys</b></p>\n"),
        ("untitled:x.md", "json", "{\"macros\": [{\"body\": \"guys\"}], \"guys\": 1}\n"),
        ("vscode-vfs://github/o/r/antwort%20f%C3%BCr.md", "markdown", "guys\n"),
        ("http://example.org/a.md?x#y", "", "guys\n"),
        ("file:///nowhere%20at%20all/%FF/g%C3%BC.md", "markdown", "guys\n"),
        ("file:///C:/a%3Ab.txt", "plaintext", "guys\n"),
        ("garbage", "", "guys\n"),
        ("", "", "guys\n"),
        ("untitled:y", "json", "{\"macros\": [\n"),
        ("untitled:z", "markdown", "a\u{0}b guys\n"),
    ] {
        log.push_str(&format!("=== {uri} ({language})\n{}", editor.open(uri, language, text)));
    }
    insta::assert_snapshot!(log);
    assert_eq!(editor.leave(), 0);
}

#[test]
fn a_client_that_pulls_is_not_pushed() {
    let folder = with_pack(&[]);
    let capabilities = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true }, "configuration": true },
    });
    let mut editor = Editor::start(&folder, &["--no-builtin", "--rules", "tone"], capabilities, Value::Null);
    let uri = uri_of(&folder, "a.md");
    let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": DRAFT });
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    let first = editor.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(first["kind"], "full");
    assert_eq!(first["items"].as_array().map(Vec::len), Some(3));
    let params = json!({ "textDocument": { "uri": uri }, "previousResultId": first["resultId"] });
    assert_eq!(
        editor.ask("textDocument/diagnostic", params.clone()),
        json!({ "kind": "unchanged", "resultId": first["resultId"] })
    );
    let change = json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": "Hi guys" }] });
    editor.notify("textDocument/didChange", change);
    let second = editor.ask("textDocument/diagnostic", params);
    assert_eq!(shown(&second["items"]), "0:3-0:7 warning no-guys `guys` is no way to call them\n");
    editor.settings = json!({ "ignore": ["no-guys"] });
    editor.notify("workspace/didChangeConfiguration", json!({}));
    editor.wait(|message| message["method"] == "workspace/diagnostic/refresh");
    let third = editor.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(shown(&third["items"]), "nothing\n");
    assert!(editor.seen.iter().all(|message| message["method"] != "textDocument/publishDiagnostics"));
}

#[test]
fn checks_can_wait_for_the_file_to_be_saved() {
    let folder = with_pack(&[]);
    let mut editor =
        Editor::start(&folder, &["--no-builtin", "--rules", "tone"], json!({}), json!({ "run": "onSave" }));
    let uri = uri_of(&folder, "a.md");
    assert!(editor.open(&uri, "markdown", "Hi guys").contains("no-guys"));
    let change = json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": "Hi all" }] });
    editor.notify("textDocument/didChange", change);
    editor.documents.insert(uri.clone(), (2, "Hi all".into()));
    let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 4 } });
    assert_eq!(editor.ask("textDocument/hover", params), Value::Null);
    assert!(editor.seen.iter().all(|message| message["method"] != "textDocument/publishDiagnostics"));
    editor.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(editor.told(&uri), "nothing\n");
}

#[test]
fn each_request_has_one_answer() {
    let folder = with_pack(&[]);
    let mut editor = Editor::with_pack(&folder);
    let uri = uri_of(&folder, "a.md");
    // Long enough to be under way when it is cancelled.
    let long = "Hi all, please look at it. ".repeat(20_000);
    let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": long });
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 9 } });
    let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } });
    let cancelled = editor.request("textDocument/codeAction", params.clone());
    editor.notify("$/cancelRequest", json!({ "id": cancelled }));
    editor.notify("$/cancelRequest", json!({ "id": 4711 }));
    editor.notify("$/cancelRequest", json!({ "id": "x" }));
    assert_eq!(editor.answer(&json!(cancelled))["code"], -32800);
    // Of ten versions only the last is told of, and what was asked of one that is gone is not answered for it.
    let asked: Vec<i64> = (2..=10)
        .map(|version| {
            let text = format!("{long}{version} guys");
            let change =
                json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [{ "text": text }] });
            editor.notify("textDocument/didChange", change);
            editor.request("textDocument/codeAction", params.clone())
        })
        .collect();
    for id in asked {
        let answer = editor.answer(&json!(id));
        assert!(answer.is_array() || answer["code"] == -32801, "{answer}");
    }
    editor.documents.insert(uri.clone(), (10, String::new()));
    assert!(editor.told(&uri).contains("no-guys"));
    let published = editor.seen.iter().filter(|message| message["method"] == "textDocument/publishDiagnostics");
    let versions: Vec<_> = published.map(|message| message["params"]["version"].clone()).collect();
    assert!(versions.len() < 9, "{versions:?}");
    assert!(editor.seen.iter().all(|message| message["id"] != cancelled), "a second answer");
    assert_eq!(editor.leave(), 0);
}

#[test]
fn what_is_no_protocol_is_refused() {
    let folder = with_pack(&[]);
    let mut editor = Editor::silent(&folder, &["--no-builtin", "--rules", "tone"]);
    let mut log = String::new();
    let tell = |editor: &mut Editor, log: &mut String, what: &str, body: &[u8]| {
        editor.write(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        editor.write(body);
        let answer = editor.wait(|message| message.get("error").is_some());
        log.push_str(&format!("{what}: id {}, {}\n", answer["id"], answer["error"]));
    };
    tell(
        &mut editor,
        &mut log,
        "too early",
        br#"{"jsonrpc":"2.0","id":"a","method":"textDocument/hover","params":{}}"#,
    );
    editor.ask("initialize", json!({ "processId": null, "rootUri": null, "capabilities": 7 }));
    editor.notify("initialized", json!(null));
    tell(&mut editor, &mut log, "twice", br#"{"jsonrpc":"2.0","id":5,"method":"initialize","params":{}}"#);
    tell(&mut editor, &mut log, "no such method", br#"{"jsonrpc":"2.0","id":6,"method":"zz/none"}"#);
    tell(&mut editor, &mut log, "not open", br#"{"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":{"textDocument":{"uri":"x:y"},"position":{"line":0,"character":0}}}"#);
    tell(
        &mut editor,
        &mut log,
        "wrong params",
        br#"{"jsonrpc":"2.0","id":8,"method":"textDocument/hover","params":{"textDocument":5}}"#,
    );
    tell(&mut editor, &mut log, "no params", br#"{"jsonrpc":"2.0","id":9,"method":"textDocument/codeAction"}"#);
    tell(&mut editor, &mut log, "a batch", b"[]");
    tell(&mut editor, &mut log, "a number", b"1");
    tell(&mut editor, &mut log, "not UTF-8", b"\"\xff\"");
    tell(&mut editor, &mut log, "not JSON", b"{guys");
    tell(&mut editor, &mut log, "nested", "[".repeat(100_000).as_bytes());
    tell(&mut editor, &mut log, "an id that is none", br#"{"jsonrpc":"2.0","id":{},"method":"shutdown"}"#);
    tell(&mut editor, &mut log, "neither nor", br#"{"jsonrpc":"2.0","id":10}"#);
    tell(
        &mut editor,
        &mut log,
        "no such command",
        br#"{"jsonrpc":"2.0","id":11,"method":"workspace/executeCommand","params":{"command":"rm"}}"#,
    );
    tell(
        &mut editor,
        &mut log,
        "no arguments",
        br#"{"jsonrpc":"2.0","id":12,"method":"workspace/executeCommand","params":{"command":"tonelint.disableRule"}}"#,
    );
    tell(&mut editor, &mut log, "no code", br#"{"jsonrpc":"2.0","id":13,"method":"workspace/executeCommand","params":{"command":"tonelint.disableRule","arguments":["x:y","a, b]"]}}"#);
    // Nothing that cannot be answered ends it.
    for message in [
        json!({ "jsonrpc": "2.0", "method": "zz/none" }),
        json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": { "textDocument": { "uri": "x:y", "version": 1 }, "contentChanges": [] } }),
        json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": [1] }),
        json!({ "jsonrpc": "2.0", "method": "textDocument/didClose", "params": { "textDocument": { "uri": "x:y" } } }),
        json!({ "jsonrpc": "2.0", "id": 99, "result": null }),
        json!({ "jsonrpc": "2.0", "id": "zz", "error": { "code": 1, "message": "" } }),
    ] {
        editor.send(&message);
    }
    log.push_str(&editor.open("x:y", "markdown", "Hi guys"));
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    tell(&mut editor, &mut log, "too late", br#"{"jsonrpc":"2.0","id":14,"method":"textDocument/hover","params":{}}"#);
    insta::assert_snapshot!(log);
    editor.notify("exit", Value::Null);
    assert_eq!(editor.ended(), 0);
}

#[test]
fn the_server_ends_with_its_client() {
    let folder = with_pack(&[]);
    let mut editor = Editor::with_pack(&folder);
    editor.notify("exit", Value::Null);
    assert_eq!(editor.ended(), 1, "without shutdown");
    assert_eq!(Editor::silent(&folder, &[]).ended(), 1, "before it said a word");
    let editor = Editor::with_pack(&folder);
    assert_eq!(editor.ended(), 1, "in the middle");
    // A process that was there and is gone.
    let mut gone = command(folder.path(), &["--version"]).spawn().expect("it starts");
    gone.wait().expect("it ends");
    let mut editor = Editor::silent(&folder, &[]);
    let params = json!({ "processId": gone.id(), "rootUri": null, "capabilities": {} });
    editor.request("initialize", params);
    assert_eq!(editor.child.wait().expect("it ends").code(), Some(1), "with its client");
}

#[test]
fn what_the_customer_wrote_is_related() {
    let folder = Folder::new(&[]);
    let mut editor = Editor::start(&folder, &["--isolated"], json!({}), Value::Null);
    let uri = uri_of(&folder, "a.md");
    let text = "Hi Zoë,\n\nPlease tell us your order number.\n\nRegards,\nTim\n\n> 😀 My order number is 48213, and the lamp is broken.\n";
    let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
    editor.documents.insert(uri.clone(), (1, text.into()));
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    let diagnostics = editor.diagnostics(&uri);
    let related = diagnostics.as_array().expect("a list").iter().find_map(|one| one["relatedInformation"].get(0));
    let related = related.unwrap_or_else(|| panic!("nothing is related: {}", shown(&diagnostics)));
    assert_eq!(related["location"]["uri"], *uri);
    assert_eq!(related["location"]["range"]["start"]["line"], 7);
    assert!(diagnostics[0]["codeDescription"]["href"].as_str().is_some_and(|href| href.starts_with("https://")));
}
