//! The pages of `docs/` that show runs: each is done again, in order, and must show what is printed.
//!
//! A comment before a block says what it is: `file: NAME` is written, `run` is a command with its output,
//! `shows: NAME` is a file as it is by then. `TONELINT_BLESS=1 cargo test` writes the blocks anew.

use super::support::{Folder, root, run_in, without_counts};

/// What a run prints, with its status where it is not 0.
fn printed(folder: &Folder, command: &str) -> String {
    let (stdin, command) = match command.split_once(" | ") {
        Some((echo, command)) => (format!("{}\n", echo.trim_start_matches("echo ").trim_matches('"')), command),
        None => (String::new(), command),
    };
    let args: Vec<&str> = command.split_whitespace().skip(1).collect();
    let run = run_in(folder.path(), &args, &stdin);
    let mut shown = without_counts(&format!("{}{}", run.stdout, run.stderr));
    if run.status != 0 {
        shown.push_str(&format!("(exit {})\n", run.status));
    }
    shown
}

fn again(page: &str) -> String {
    let folder = Folder::new(&[(".git/keep", "")]);
    let mut out = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(&format!("{line}\n"));
        let Some(what) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) else { continue };
        let fence = lines.next().expect("a block after the comment");
        let body: String = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        let body = match what.split_once(": ") {
            Some(("file", name)) => {
                let path = folder.path().join(name);
                std::fs::create_dir_all(path.parent().expect("in the folder")).expect("a folder");
                std::fs::write(path, &body).expect("a file");
                body
            }
            Some(("shows", name)) => folder.read(name),
            _ => {
                let command = body.lines().next().and_then(|line| line.strip_prefix("$ ")).expect("a command");
                let command = command.to_owned();
                // The echo's own pipe is part of the line that is shown.
                format!("$ {command}\n{}", printed(&folder, &command))
            }
        };
        out.push_str(&format!("{fence}\n{body}```\n"));
    }
    out
}

#[test]
fn the_walk_through_of_the_configuration_holds() {
    let path = root().join("docs/configuration.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let now = again(&page);
    if std::env::var_os("TONELINT_BLESS").is_some() {
        std::fs::write(&path, &now).expect("writable");
    }
    let page = std::fs::read_to_string(&path).expect("the page");
    assert_eq!(now, page, "run TONELINT_BLESS=1 cargo test");
}

#[test]
fn every_key_of_the_configuration_is_on_the_page() {
    let page = std::fs::read_to_string(root().join("docs/configuration.md")).expect("the page");
    let schema = std::fs::read_to_string(root().join("docs/tonelint.schema.json")).expect("the schema");
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    let keys = schema["properties"].as_object().expect("keys");
    for key in keys.keys() {
        assert!(page.contains(&format!("`{key}`")), "{key}");
    }
}
