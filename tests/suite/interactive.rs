//! `tonelint fix --interactive`, in a terminal that util-linux's `script` makes.

#![cfg(target_os = "linux")]

use std::io::Write;
use std::process::{Command, Stdio};

use super::support::{Folder, command};

const PACK: &str = r#"
rules:
  - {name: no-guys, message: "`{match}`", find: [guys], rewrite: [everyone, "{who}"]}
  - {name: no-hey, message: "`{match}`", find: [hey], rewrite: [hello]}
  - {name: no-yo, message: "`{match}`", find: [yo]}
"#;

/// Types some keys, and returns what stands on the screen and the exit status.
fn typing(folder: &Folder, keys: &str) -> (String, i32) {
    let program = command(folder.path(), &[]).get_program().to_string_lossy().into_owned();
    let line = format!("{program} fix --interactive --no-builtin --rules tone --color never a.md b.json");
    let mut child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(folder.path())
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script is there");
    let mut input = child.stdin.take().expect("a pipe");
    for key in keys.chars() {
        // A person looks before typing; a key that comes before the question is the terminal's to lose.
        std::thread::sleep(std::time::Duration::from_millis(150));
        input.write_all(key.encode_utf8(&mut [0; 4]).as_bytes()).expect("it reads");
        input.flush().expect("it reads");
    }
    let output = child.wait_with_output().expect("it ends");
    drop(input);
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
}

fn folder() -> Folder {
    Folder::new(&[
        (".git/keep", ""),
        ("tone/own.yml", PACK),
        ("a.md", "Hey guys, yo.\n\nHey you guys.\n"),
        ("b.json", "{\"content\": \"Hey guys\"}"),
    ])
}

#[test]
fn each_finding_gets_its_choice() {
    let folder = folder();
    // Hey: the rewrite. guys: an own text. yo: ignored here. Hey: skipped. guys: the rule is ignored.
    // b.json: the rewrite; the rule goes into the configuration.
    let (screen, status) = typing(&folder, "1e\u{7f}\u{7f}\u{7f}\u{7f}all \"of\" you\risr1y");
    assert_eq!(
        folder.read("a.md"),
        "Hello all \"of\" you, yo. <!-- tonelint-disable-line no-yo -->\n\nHey you guys.\n",
        "{screen}"
    );
    assert_eq!(folder.read("b.json"), "{\"content\": \"Hello guys\"}", "{screen}");
    assert_eq!(folder.read("tonelint.yml"), "ignore: [no-guys]\n", "{screen}");
    assert!(screen.contains("3 mended, 1 ignored, 1 left"), "{screen}");
    assert_eq!(status, 1);
}

#[test]
fn quitting_writes_what_was_chosen() {
    let folder = folder();
    let (screen, status) = typing(&folder, "1q");
    assert_eq!(folder.read("a.md"), "Hello guys, yo.\n\nHey you guys.\n", "{screen}");
    assert_eq!((folder.read("b.json").as_str(), status), ("{\"content\": \"Hey guys\"}", 1), "{screen}");
}

#[test]
fn without_a_terminal_it_says_so() {
    let run = folder().run(&["fix", "--interactive", "a.md"]);
    assert_eq!(
        (run.status, run.stderr.as_str()),
        (2, "tonelint: --interactive needs a terminal; `tonelint check --fix` needs none\n")
    );
    let folder = folder();
    let fixed = folder.run(&["fix", "--unsafe-fixes", "--no-builtin", "--rules", "tone", "--quiet", "a.md"]);
    assert_eq!(folder.read("a.md"), "Hello everyone, yo.\n\nHello you everyone.\n", "{}", fixed.shown());
}
