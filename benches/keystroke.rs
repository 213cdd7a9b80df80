//! How long it takes inside the language server from a keystroke to its diagnostics: a stretch of typing
//! in a draft of 5 KB, key by key, through the whole server in memory. `typing.json` is what Neovim 0.7 told its
//! server while a draft was revised in it, with slips, corrections, substitutions and undone changes; places
//! count UTF-16 units.
//!
//! `cargo bench --bench keystroke`

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on should say where")]
#![expect(clippy::print_stdout, reason = "it is what a benchmark is for")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const URI: &str = "untitled:draft";

struct Client<R, W> {
    input: W,
    output: BufReader<R>,
}

impl<R: Read, W: Write> Client<R, W> {
    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The next message of the server, not yet read as JSON, which is the client's work.
    fn receive(&mut self) -> String {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("the server writes");
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(said) => length = said.parse().expect("a number"),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("the server writes");
        String::from_utf8(body).expect("UTF-8")
    }

    /// The diagnostics of a version.
    fn diagnostics(&mut self, version: usize) -> usize {
        let wanted = format!("\"version\":{version}}}");
        loop {
            let body = self.receive();
            if body.contains("publishDiagnostics") && body.contains(&wanted) {
                let message: Value = serde_json::from_str(&body).expect("JSON");
                return message["params"]["diagnostics"].as_array().map_or(0, Vec::len);
            }
        }
    }
}

fn main() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/typing.json");
    let typing: Value = serde_json::from_slice(&std::fs::read(path).expect("the stretch of typing")).expect("JSON");
    let edits = typing["edits"].as_array().expect("edits");
    let (for_server, to_server) = std::io::pipe().expect("a pipe");
    let (from_server, of_server) = std::io::pipe().expect("a pipe");
    let server = std::thread::spawn(|| tonelint::cli::language_server(for_server, of_server));
    let mut client = Client { input: to_server, output: BufReader::new(from_server) };
    let hello = json!({ "processId": null, "rootUri": null, "capabilities": {} });
    client.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello }));
    client.receive();
    client.notify("initialized", json!({}));
    let document = json!({ "uri": URI, "languageId": "markdown", "version": 0, "text": typing["start"] });
    client.notify("textDocument/didOpen", json!({ "textDocument": document }));
    client.diagnostics(0);

    let rounds = 5;
    let mut times: Vec<Duration> = Vec::with_capacity(rounds * edits.len());
    let mut version = 0;
    let mut found = 0;
    for _ in 0..rounds {
        for edit in edits {
            let number = |index: usize| edit[index].as_u64().expect("a number");
            let range = json!({
                "start": { "line": number(0), "character": number(1) },
                "end": { "line": number(2), "character": number(3) },
            });
            version += 1;
            let params = json!({
                "textDocument": { "uri": URI, "version": version },
                "contentChanges": [{ "range": range, "text": edit[4] }],
            });
            let start = Instant::now();
            client.notify("textDocument/didChange", params);
            found = client.diagnostics(version);
            times.push(start.elapsed());
        }
        version += 1;
        let again = json!({ "textDocument": { "uri": URI, "version": version }, "contentChanges": [{ "text": typing["start"] }] });
        client.notify("textDocument/didChange", again);
        client.diagnostics(version);
    }
    client.send(&json!({ "jsonrpc": "2.0", "id": 2, "method": "shutdown" }));
    client.receive();
    client.notify("exit", Value::Null);
    assert_eq!(server.join().expect("the server ends"), 0);

    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 1000].as_secs_f64() * 1000.0;
    let size = |key: &str| typing[key].as_str().map_or(0, str::len);
    println!(
        "{} keystrokes in a draft of {} to {} bytes, {found} findings at the end",
        times.len(),
        size("start"),
        size("end")
    );
    for (name, share) in [("median", 500), ("95 %", 950), ("99 %", 990), ("longest", 1000)] {
        println!("{name:>8}: {:.2} ms", at(share));
    }
}
