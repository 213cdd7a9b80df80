//! What `docs/configuration.md` says between its commands, sentence by sentence.

use super::support::Folder;

const PACK: &str = r#"
language: en
family: own
rules:
  - {code: OW001, name: no-guys, message: m, find: [guys]}
  - {code: OW002, name: no-hey, message: m, find: [hey]}
  - {code: OW003, name: no-yo, message: m, find: [yo], default: off}
"#;
const TEXT: &str = "Hey guys, yo.\n";

fn folder(files: &[(&str, &str)]) -> Folder {
    Folder::with(&[(".git/keep", ""), ("tone/own.yml", PACK)], files)
}

/// What is found in a file, as `code severity`.
fn found(folder: &Folder, args: &[&str], path: &str) -> Vec<String> {
    let run = folder.run(
        &[&["check", "--no-builtin", "--quiet", "--format", "compact", "--rules", "tone"], args, &[path]].concat(),
    );
    assert_ne!(run.status, 2, "{}", run.shown());
    let words = |line: &str| {
        let (_, rest) = line.split_once(": ").expect("a place");
        let mut words = rest.split(' ');
        let severity = words.next().expect("a severity");
        format!("{} {severity}", words.next().expect("a code"))
    };
    run.stdout.lines().map(words).collect()
}

fn with(config: &str, args: &[&str]) -> Vec<String> {
    found(&folder(&[("tonelint.yml", config), ("a.md", TEXT)]), args, "a.md")
}

#[test]
fn selectors_name_rules_in_five_ways() {
    let (guys, hey, yo) = ("OW001 warning", "OW002 warning", "OW003 warning");
    assert_eq!(with("", &[]), [hey, guys]);
    for one in ["OW001", "no-guys"] {
        assert_eq!(with(&format!("select: [{one}]"), &[]), [guys]);
        assert_eq!(with(&format!("ignore: [{one}]"), &[]), [hey]);
    }
    for all in ["OW", "OW0", "own", "all"] {
        assert_eq!(with(&format!("select: [{all}]"), &[]), [hey, guys], "{all}");
        assert_eq!(with(&format!("ignore: [{all}]"), &[]), Vec::<String>::new(), "{all}");
    }
    // What is off by default is switched on by code or name.
    assert_eq!(with("select: [all, OW003]", &[]), [hey, guys, yo]);
    assert_eq!(with("select: [no-yo]", &[]), [yo]);
    // The most exact one wins, of equally exact ones the last.
    assert_eq!(
        with("severity: {OW001: error, no-guys: info, own: info, all: off}", &[]),
        ["OW002 info", "OW001 error"]
    );
    assert_eq!(with("severity: {OW: info, OW0: error}", &[]), ["OW002 error", "OW001 error"]);
    assert_eq!(with("severity: {own: off}", &[]), Vec::<String>::new());
}

#[test]
fn globs_are_relative_to_their_file() {
    for (glob, path, holds) in [
        ("replies/*.md", "replies/a.md", true),
        ("replies/*.md", "replies/deep/a.md", false),
        ("replies/**/*.md", "replies/deep/er/a.md", true),
        ("replies/**/*.md", "replies/a.md", true),
        ("chat/", "chat/deep/a.md", true),
        ("chat/", "replies/chat/a.md", false),
        ("*.md", "replies/deep/a.md", true),
        ("a.md", "replies/deep/a.md", true),
        ("team/a.md", "team/a.md", true),
    ] {
        let config = format!("files:\n  - match: \"{glob}\"\n    ignore: [OW001]\n");
        let folder = folder(&[("tonelint.yml", &config), (path, TEXT)]);
        assert_eq!(found(&folder, &[], path).len(), if holds { 1 } else { 2 }, "{glob} {path}");
    }
    // A file that is extended keeps its own folder.
    let shared = ("team/shared.yml", "files:\n  - match: replies/a.md\n    ignore: [OW001]\n");
    let folder = folder(&[
        ("tonelint.yml", "extends: team/shared.yml\n"),
        shared,
        ("replies/a.md", TEXT),
        ("team/replies/a.md", TEXT),
    ]);
    assert_eq!((found(&folder, &[], "replies/a.md").len(), found(&folder, &[], "team/replies/a.md").len()), (2, 1));
}

#[test]
fn from_weak_to_strong() {
    let shared = [
        ("one.yml", "severity: {OW001: info}\nignore: [OW002]\nvocabulary: [guys]\n"),
        ("two.yml", "severity: {OW001: error}\nselect: [OW001, OW002, OW003]\n"),
    ];
    let with = |config: &str, args: &[&str]| {
        let own = [("tonelint.yml", config), ("a.md", TEXT)];
        found(&folder(&[&shared[..], &own].concat()), args, "a.md")
    };
    // The last of a list is the strongest; lists are added to.
    assert_eq!(with("extends: [one.yml, two.yml]\n", &[]), ["OW003 warning"]);
    let shared = [("one.yml", "severity: {OW001: info}\nignore: [OW002]\n"), shared[1]];
    let with = |config: &str, args: &[&str]| {
        let own = [("tonelint.yml", config), ("a.md", TEXT)];
        found(&folder(&[&shared[..], &own].concat()), args, "a.md")
    };
    assert_eq!(with("extends: [one.yml, two.yml]\n", &[]), ["OW001 error", "OW003 warning"]);
    assert_eq!(with("extends: [two.yml, one.yml]\n", &[]), ["OW001 info", "OW003 warning"]);
    // The file itself, its sections from the first to the last, what is typed.
    assert_eq!(with("extends: two.yml\nseverity: {OW001: info}\nselect: [OW001]\n", &[]), ["OW001 info"]);
    let sections = "severity: {OW001: info}\nfiles:\n  - match: a.md\n    severity: {OW001: error}\n    select: [OW002]\n  - match: \"*.md\"\n    select: [OW001]\n";
    assert_eq!(with(sections, &[]), ["OW001 error"]);
    assert_eq!(with(sections, &["--select", "OW002"]), ["OW002 warning"]);
    assert_eq!(with(sections, &["--ignore", "OW001"]), Vec::<String>::new());
}

#[test]
fn what_a_reply_says_of_itself_is_weaker() {
    let pack = "rules:\n  - {name: no-guys, message: m, find: [guys], channels: {chat: off}}\n";
    let text = "---\nchannel: chat\n---\nHi guys.\n";
    let found = |config: &str, args: &[&str]| {
        let folder = Folder::new(&[(".git/keep", ""), ("tone/p.yml", pack), ("tonelint.yml", config), ("a.md", text)]);
        found(&folder, args, "a.md").len()
    };
    assert_eq!(found("", &[]), 0);
    assert_eq!(found("channel: email", &[]), 1);
    assert_eq!(found("files: [{match: a.md, channel: email}]", &[]), 1);
    assert_eq!(found("channel: chat\nfiles: [{match: a.md, channel: email}]", &["--channel", "chat"]), 0);
    assert_eq!(found("", &["--channel", "email"]), 1);
}

#[test]
fn the_nearest_of_two_names_holds_alone() {
    let folder = folder(&[
        (".tonelint.yml", "ignore: [OW001]\n"),
        ("a.md", TEXT),
        ("below/tonelint.yml", "ignore: [OW002]\n"),
        ("below/a.md", TEXT),
        ("below/deep/a.md", TEXT),
        ("other/.git/keep", ""),
        ("other/a.md", TEXT),
    ]);
    assert_eq!(found(&folder, &[], "a.md"), ["OW002 warning"]);
    assert_eq!(found(&folder, &[], "below/a.md"), ["OW001 warning"]);
    assert_eq!(found(&folder, &[], "below/deep/a.md"), ["OW001 warning"]);
    assert_eq!(found(&folder, &[], "other/a.md").len(), 2);
    assert_eq!(found(&folder, &["--isolated"], "a.md").len(), 2);
    assert_eq!(found(&folder, &["--config", "below/tonelint.yml"], "a.md"), ["OW001 warning"]);
}

#[test]
fn a_baseline_counts_and_follows_text_to_other_files() {
    let folder = folder(&[("a.md", "Hey there.\n\nHey there.\n"), ("b.md", "Fine.\n")]);
    let check = |args: &[&str]| {
        folder.run(
            &[
                &[
                    "check",
                    "--no-builtin",
                    "--rules",
                    "tone",
                    "--format",
                    "compact",
                    "--quiet",
                    "--baseline",
                    "base.json",
                ],
                args,
            ]
            .concat(),
        )
    };
    check(&["--write-baseline", "."]);
    assert_eq!(check(&["."]).stdout, "");
    // A third time is once too often.
    std::fs::write(folder.path().join("a.md"), "Hey there.\n\nHey there.\n\nHey there.\n").expect("a file");
    assert_eq!(check(&["."]).stdout.lines().count(), 1);
    // To another file as well.
    std::fs::write(folder.path().join("a.md"), "Hey there.\n").expect("a file");
    std::fs::write(folder.path().join("b.md"), "Fine.\n\nMore.\n\nHey there.\n").expect("a file");
    assert_eq!(check(&["."]).stdout, "");
    // Of files that are not checked, everything is kept.
    check(&["--write-baseline", "b.md"]);
    assert_eq!(check(&["a.md"]).stdout, "");
    let gone = folder.run(&["check", "--no-builtin", "--rules", "tone", "--baseline", "gone.json", "a.md"]);
    assert_eq!((gone.status, gone.stdout.as_str()), (2, ""), "{}", gone.shown());
}
