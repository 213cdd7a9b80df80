//! The threads of other linters' users that are not about fixes, configuration or hooks; those are in
//! `peers.rs`, `changes.rs`, `hook.rs`. The numbers are of the same list.

use super::support::{Folder, Run, root, run};

const PACK: &str = r#"
language: en
family: own
rules:
  - {name: no-guys, message: "`{match}`", find: [guys]}
  - {name: two-words, message: "`{match}`", find: ["dear customer"]}
"#;

fn folder(files: &[(&str, &str)]) -> Folder {
    Folder::with(
        &[(".git/keep", ""), ("tonelint.yml", "rules: [tone]\nselect: [own]\n"), ("tone/own.yml", PACK)],
        files,
    )
}

fn check(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&[&["check", "--no-builtin", "--quiet"], args].concat())
}

/// Where something is found: `line:column`.
fn places(text: &str) -> Vec<String> {
    places_with(text, &[])
}

fn places_with(text: &str, args: &[&str]) -> Vec<String> {
    let folder = folder(&[("a.md", text)]);
    let run = check(&folder, &[args, &["--format", "compact", "a.md"]].concat());
    assert_ne!(run.status, 2, "{}", run.shown());
    run.stdout.lines().map(|line| line.split(':').skip(1).take(2).collect::<Vec<_>>().join(":")).collect()
}

/// V#102, P#24, write-good#130, H#896: what others wrote is linted.
#[test]
fn thread_1_quoted_text_is_read_only_when_asked() {
    let text = "Fine.\n\n> Hi guys,\n>\n> dear customer\n\nFine.\n";
    assert_eq!(places(text), Vec::<String>::new());
    assert_eq!(places_with(text, &["--include-quotes"]), ["3:6", "5:3"]);
    assert_eq!(places("You wrote \"hi guys\" twice.\n"), Vec::<String>::new());
}

/// getodk/docs#478: the opposite. A sentence that is all in quotes is said, not mentioned.
#[test]
fn thread_2_what_is_said_in_quotes_is_read() {
    assert_eq!(places("\"Hi guys, all is well.\"\n"), ["1:5"]);
}

/// P#542, P#971, H#13, H#4012: code and logs are linted.
#[test]
fn thread_3_code_is_no_prose() {
    let text = "Run `guys`:\n\n```\nguys\n```\n\n    guys\n\n<code>guys</code>, <pre>guys</pre> https://guys.example/guys guys@example.org\n";
    assert_eq!(places(text), Vec::<String>::new());
}

/// V#791, V#502, V#126, V#1027, V#1186: the wrong line, or nothing where a link says the same.
#[test]
fn threads_4_and_5_each_place_is_found_where_it_is() {
    let text = "[guys](https://a.example/guys \"guys\") and guys, `guys`, *guys*\n\n- guys\n  - (x): guys\n\n| guys | a |\n|---|---|\n| b | guys |\n\nguys\n";
    let found = places(text);
    for place in &found {
        let (line, column) = place.split_once(':').expect("a place");
        let (line, column): (usize, usize) = (line.parse().expect("a line"), column.parse().expect("a column"));
        let at: String = text.lines().nth(line - 1).expect("the line").chars().skip(column - 1).collect();
        assert!(at.starts_with("guys"), "{place}: {at}");
    }
    assert_eq!(found, ["1:2", "1:43", "1:58", "3:3", "4:10", "6:3", "8:7", "10:1"]);
}

/// V#229: another count in each run. (The bytes for any number of threads: `replies.rs`, `reports.rs`.)
#[test]
fn thread_6_every_run_says_the_same() {
    let once = run(&["check", "tests/replies", "--format", "json"]).stdout;
    assert!((0..3).all(|_| run(&["check", "tests/replies", "--format", "json"]).stdout == once));
}

/// H#2434, H#2596: a fix eats a paragraph's end; a line break is no boundary.
#[test]
fn thread_18_paragraphs_stay_apart() {
    assert_eq!(places("dear\n\ncustomer\n"), Vec::<String>::new());
    assert_eq!(places("Hello dear\ncustomer\n"), ["1:7"]);
    let pack = PACK.replace("find: [\"dear customer\"]", "find: [\"dear customer\"], rewrite: [\"\"], safe: true");
    let folder = Folder::new(&[
        (".git/keep", ""),
        ("tone/own.yml", &pack),
        ("a.md", "Hello\n\ndear customer\n\nAll is well.\n"),
    ]);
    folder.run(&["check", "--no-builtin", "--rules", "tone", "--fix", "a.md"]);
    let fixed = folder.read("a.md");
    assert!(fixed.starts_with("Hello\n\n") && fixed.ends_with("\n\nAll is well.\n"), "{fixed:?}");
}

/// X#656, X#760, X#657: after CRLF every position is off.
#[test]
fn thread_19_line_ends_move_nothing() {
    let text = "Hi guys\n\n- guys\n- fine\n\n| a | guys |\n|---|---|\n\nguys\n";
    let places_of = |ends: &str| places(&text.replace('\n', ends));
    assert_eq!(places_of("\n"), ["1:4", "3:3", "6:7", "9:1"]);
    assert_eq!(places_of("\r\n"), places_of("\n"));
    assert_eq!(places_of("\r"), places_of("\n"));
    assert_eq!(places(&text.replacen('\n', "\r\n", 3)), places_of("\n"));
    assert_eq!(places(text.trim_end()), places_of("\n"));
}

/// T#258, T#165, T#465, denoland/deno#21983: a panic or a wrong caret after what is not ASCII.
#[test]
fn thread_20_columns_count_characters() {
    for (before, column) in [
        ("é ", 3),
        ("e\u{301} ", 4),
        ("日本 ", 4),
        ("😀 ", 3),
        ("👩‍👩‍👧 ", 7),
        ("\u{2028}x ", 4),
        ("İ ", 3),
        ("\u{FFFD} ", 3),
        ("\t", 2),
    ] {
        let text = format!("x {before}guys\n");
        assert_eq!(places(&text), [format!("1:{}", column + 2)], "{text:?}");
    }
    assert_eq!(places("\u{FEFF}guys\n"), ["1:1"]);
}

/// V#87, freebsd-ci#151: a large file hangs a run. What is too large is said, and the rest is checked.
#[test]
fn thread_8_what_is_too_large_is_said() {
    let folder = folder(&[("a.md", "Hi guys\n")]);
    let big = std::fs::File::create(folder.path().join("big.md")).expect("a file");
    big.set_len(65 << 20).expect("a length");
    let run = check(&folder, &["--format", "compact", "."]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("big.md: too large to check") && run.stdout.contains("a.md:1:4"), "{}", run.shown());
}

/// get-alex/alex#33 and others: noise. A rule ships with what it must leave alone, and what is off is said.
#[test]
fn thread_25_a_rule_says_what_it_leaves_alone() {
    for pack in tonelint::builtin_packs().expect("packs") {
        for rule in pack.rules {
            assert!(rule.hits.len() >= 2 && rule.misses.len() >= 2, "{}: item 10 asks for two of each", rule.code);
        }
    }
    // What good replies look like has no warning in the repository's own ones.
    let page = std::fs::read_to_string(root().join("docs/accuracy.md")).expect("the page");
    assert!(page.contains("1,000"), "the rates are published");
}

/// Section 4: a mistyped name is linted as text, or passes amid good ones (Vale, textlint).
#[test]
fn a_path_that_is_nowhere_is_never_text() {
    let folder = folder(&[("a.md", "Fine.\n")]);
    for paths in [&["gone.md"][..], &["a.md", "gone.md"], &["gone.md", "a.md"], &["Hi guys"]] {
        let run = check(&folder, paths);
        assert_eq!(run.status, 2, "{}", run.shown());
        assert!(run.stderr.contains("no such file or directory"), "{}", run.shown());
    }
    // The number of findings is no exit status (write-good, 256 of them).
    std::fs::write(folder.path().join("many.md"), "guys\n\n".repeat(256)).expect("a file");
    assert_eq!(check(&folder, &["many.md"]).status, 1);
}
