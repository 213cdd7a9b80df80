//! The repository's own order: data flows one way, and each module imports only what stands before
//! it.

use super::support::{files_below, root};

/// Modules in the order in which they may import each other; those of one row may not.
const LAYERS: &[&[&str]] = &[
    &["text"],
    &["yaml"],
    &["time"],
    &["source"],
    &["reply"],
    &["format"],
    &["rule"],
    &["engine"],
    &["finding"],
    &["outline"],
    &["trust"],
    &["fix"],
    &["config"],
    &["repository"],
    &["report"],
    &["linter"],
    &["mend"],
    &["examples"],
    &["lsp"],
    &["cli"],
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

#[test]
fn imports_go_one_way() {
    let src = root().join("src");
    for file in files_below(&src) {
        let relative = file.strip_prefix(&src).expect("below it").to_string_lossy().replace('\\', "/");
        let module = relative.split(['/', '.']).next().unwrap_or_default();
        if matches!(module, "lib" | "main") {
            continue;
        }
        let own =
            layer(module).unwrap_or_else(|| panic!("{relative}: give `{module}` its place in tests/suite/tidy.rs"));
        let text = std::fs::read_to_string(&file).expect("readable");
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let name: String = used.chars().take_while(|ch| ch.is_alphanumeric() || *ch == '_').collect();
                if let Some(other) = layer(&name) {
                    assert!(
                        other <= own,
                        "{relative}:{}: `{module}` imports `{name}`, which stands after it",
                        index + 1
                    );
                }
            }
        }
    }
}

#[test]
fn only_one_file_names_each_replaceable_crate() {
    for (name, home) in
        [("serde_yaml", "yaml.rs"), ("codespan_reporting", "report/human.rs"), ("pulldown_cmark", "format/markdown.rs")]
    {
        for file in files_below(&root().join("src")) {
            let text = std::fs::read_to_string(&file).expect("readable");
            let named =
                text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(&format!("{name}::")));
            assert!(!named || file.ends_with(home), "{} names {name}; only src/{home} does", file.display());
        }
    }
}

#[test]
fn the_library_reaches_no_file_process_or_network() {
    let forbidden = ["std::fs", "std::env", "std::process", "std::net", "std::thread", "println!", "SystemTime"];
    // The language server works on threads; the rest of the world is behind `Desk` there too.
    for file in files_below(&root().join("src")) {
        if file.starts_with(root().join("src/cli")) || file.ends_with("main.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("readable");
        let is_server = file.starts_with(root().join("src/lsp"));
        for word in forbidden.into_iter().filter(|word| !(is_server && *word == "std::thread")) {
            assert!(!text.contains(word), "{} uses {word}", file.display());
        }
    }
}
