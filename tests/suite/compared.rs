//! What holds for one file holds where it is compared with others too: suppressions, sections, and what
//! of it is new.

use std::process::Command;

use super::support::{Folder, Run, run_in};

/// Replies of which each is at odds with the others: two times for one thing.
fn folder(more: &[(&str, &str)]) -> Folder {
    let shared = [
        (".git/keep", ""),
        ("tonelint.yml", "channel: macro\n"),
        ("a.md", "The refund takes 3 days.\n"),
        ("b.md", "The refund takes 3 days.\n"),
        ("c.md", "Hello.\n\nThe refund takes 5 days.\n"),
    ];
    Folder::with(&shared, more)
}

fn check(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&[&["check", "--select", "TM006,JG009,tonelint", "--format", "compact", "--quiet"], args].concat())
}

fn write(folder: &Folder, name: &str, text: &str) {
    std::fs::write(folder.path().join(name), text).expect("a file");
}

#[test]
fn what_is_suppressed_takes_no_part() {
    let folder = folder(&[]);
    assert!(check(&folder, &["."]).stdout.starts_with("c.md:3:12: info TM006"));
    for hushed in [
        "Hello.\n\nThe refund takes 5 days. <!-- tonelint-disable-line TM006 -->\n",
        "Hello.\n\n<!-- tonelint-disable-next-line time -- by the bank -->\nThe refund takes 5 days.\n",
        "---\ntonelint-disable: [TM006]\n---\nThe refund takes 5 days.\n",
        "<!-- tonelint-disable -->\n\nThe refund takes 5 days.\n",
    ] {
        write(&folder, "c.md", hushed);
        let run = check(&folder, &["."]);
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""), "{hushed}");
    }
    // Nothing is compared there: the suppression is of no use, and goes.
    let useless = "Hello. <!-- tonelint-disable-line TM006 -->\n\nThe refund takes 3 days.\n";
    write(&folder, "c.md", useless);
    assert!(check(&folder, &["."]).stdout.starts_with("c.md:1:8: warning TL001"));
    check(&folder, &["--fix", "."]);
    assert_eq!(folder.read("c.md"), "Hello.\n\nThe refund takes 3 days.\n");
    // A place that is suppressed is not named either.
    write(&folder, "b.md", "The refund takes 3 days. <!-- tonelint-disable-line -->\n");
    write(&folder, "c.md", "The refund takes 5 days.\n");
    let shown = folder.run(&["check", "--select", "TM006", "."]).stdout;
    assert!(shown.contains("a.md:1:12") && !shown.contains("b.md"), "{shown}");
}

#[test]
fn suppressions_hold_in_utf_16() {
    let folder = folder(&[]);
    let text = "\u{FEFF}Größe 😀. The refund takes 5 days. <!-- tonelint-disable-line TM006 -->\n\nUtilize it.\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("c.md"), bytes).expect("a file");
    assert_eq!(check(&folder, &["."]).stdout, "");
    let run = folder.run(&["check", "--format", "compact", "--select", "TM006,JG001,JG,BU", "--quiet", "c.md"]);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.shown());
}

#[test]
fn sections_hold() {
    let sections = |said: &str| format!("channel: macro\nfiles:\n  - match: c.md\n{said}");
    let folder = folder(&[]);
    for (said, found) in [
        ("    channel: macro\n", "c.md:3:12: info TM006"),
        ("    severity: {TM006: error}\n", "c.md:3:12: error TM006"),
        ("    severity: {time: off}\n", ""),
        ("    ignore: [TM006]\n", ""),
        ("    channel: email\n", ""),
    ] {
        write(&folder, "tonelint.yml", &sections(said));
        let run = folder.run(&["check", "--format", "compact", "--quiet", "--ignore", "structure,closing", "."]);
        assert!(run.stdout.starts_with(found) && run.stdout.is_empty() == found.is_empty(), "{said}{}", run.shown());
        assert_eq!(run.status, i32::from(said.contains("error")), "{said}");
    }
    // Switched on for some files only: those are compared among themselves.
    let some = "channel: macro\nignore: [TM006]\nselect: [PA]\nfiles:\n  - match: [a.md, c.md]\n    select: [TM006]\n";
    write(&folder, "tonelint.yml", &some.replace("ignore: [TM006]\n", ""));
    write(&folder, "b.md", "The refund takes 9 days.\n");
    let shown = folder.run(&["check", "."]).stdout;
    assert!(shown.contains("TM006") && !shown.contains("b.md"), "{shown}");
    // Words that stay in one place only.
    write(&folder, "tonelint.yml", "channel: macro\nfiles:\n  - match: d.md\n    vocabulary: [coupon code]\n");
    write(&folder, "d.md", "Type the coupon code.\n");
    write(&folder, "e.md", "Type the promo code.\n");
    assert!(!check(&folder, &["."]).stdout.contains("JG009"));
    write(&folder, "tonelint.yml", "channel: macro\n");
    assert!(check(&folder, &["."]).stdout.contains("JG009"));
}

fn git(folder: &Folder, args: &[&str]) {
    let config = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").current_dir(folder.path()).args(config).args(args).output().expect("git");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn repository() -> Folder {
    let folder = folder(&[("d.md", "Type the promo code.\n"), ("sub/keep", "")]);
    std::fs::remove_dir_all(folder.path().join(".git")).expect("gone");
    git(&folder, &["init", "-q", "-b", "main"]);
    git(&folder, &["add", "-A"]);
    git(&folder, &["commit", "-q", "-m", "x"]);
    folder
}

/// What is new is compared with all the rest, and only what is new is reported.
#[test]
fn since_compares_what_is_new_with_the_rest() {
    let folder = repository();
    let since = |more: &[&str]| check(&folder, &[&["--since", "HEAD"], more].concat()).stdout;
    assert_eq!(since(&[]), "");
    // What was at odds before is no news, even where its file has changed.
    write(&folder, "c.md", "Hello, hello.\n\nThe refund takes 5 days.\n");
    assert_eq!(since(&[]), "");
    write(&folder, "new.md", "The refund takes 9 days.\n");
    write(&folder, "code.md", "Type the coupon code.\n");
    let found = since(&[]);
    assert!(found.contains("new.md:1:12: info TM006") && found.contains("code.md:1:10: info JG009"), "{found}");
    assert_eq!(found.lines().count(), 2, "{found}");
    // What agrees with the rest is no fault.
    write(&folder, "new.md", "The refund takes 3 days.\n");
    assert_eq!(since(&["new.md"]), "");
    // The rest is what lies below the named paths.
    write(&folder, "new.md", "The refund takes 9 days.\n");
    assert_eq!(since(&["new.md"]), "");
    let below = folder.run(&["check", "--since", "HEAD", "--select", "TM006", "."]).stdout;
    assert!(below.contains("a.md:1:12"), "{below}");
    // Paths are those of the current folder.
    write(&folder, "sub/new.md", "The refund takes 11 days.\n");
    write(&folder, "sub/b.md", "The refund takes 3 days.\n");
    git(&folder, &["add", "sub/b.md"]);
    git(&folder, &["commit", "-q", "-m", "y", "--", "sub/b.md"]);
    let shown = run_in(&folder.path().join("sub"), &["check", "--since", "HEAD", "--select", "TM006"], "").stdout;
    let places = shown.split("also in ").nth(1).expect("other places");
    assert!(places.contains("../a.md:1:12") && places.contains(" b.md:1:12"), "{shown}");
    assert!(!shown.contains("sub/"), "{shown}");
}

#[test]
fn staged_is_compared_with_the_index() {
    let folder = repository();
    let staged = || check(&folder, &["--staged"]).stdout;
    write(&folder, "new.md", "The refund takes 9 days.\n");
    assert_eq!(staged(), "");
    git(&folder, &["add", "new.md"]);
    assert!(staged().starts_with("new.md:1:12: info TM006"), "{}", staged());
    // The work tree is not asked: neither of what is staged, nor of the rest.
    write(&folder, "new.md", "Hello.\n");
    for name in ["a.md", "b.md", "c.md"] {
        write(&folder, name, "The refund takes 9 days.\n");
    }
    assert!(staged().starts_with("new.md:1:12: info TM006"), "{}", staged());
    git(&folder, &["add", "a.md", "b.md", "c.md"]);
    assert_eq!(staged(), "");
}

#[test]
fn hidden_files_are_read_only_where_they_are_named() {
    let folder = repository();
    std::fs::create_dir(folder.path().join(".github")).expect("a folder");
    write(&folder, ".github/new.md", "Kindly do the needful.\n");
    git(&folder, &["add", "-A"]);
    let check =
        |args: &[&str]| folder.run(&[&["check", "--quiet", "--format", "compact", "--select", "BU"], args].concat());
    for how in [&["--staged"][..], &["--since", "HEAD"], &["."]] {
        assert_eq!(check(how).stdout, "", "{how:?}");
    }
    for how in [&["--staged", ".github"][..], &["--since", "HEAD", ".github/new.md"], &[".github"]] {
        assert!(check(how).stdout.starts_with(".github/new.md:1:8: "), "{how:?}");
    }
}

#[test]
fn the_other_places_are_in_the_reports_for_programs() {
    let folder = folder(&[("macros.json", "[{\"content\": \"Hello 😀! The refund takes 7 days.\"}]\n")]);
    let check = |args: &[&str]| folder.run(&[&["check", "--select", "TM006", "."], args].concat()).stdout;
    insta::assert_snapshot!(check(&["--format", "rdjson"]));
    let sarif: serde_json::Value = serde_json::from_str(&check(&["--format", "sarif"])).expect("JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&sarif["runs"][0]["results"]).expect("JSON"));
    // What they say there is theirs.
    for format in ["json", "sarif", "rdjson", "human"] {
        let shown = check(&["--redact", "--format", format]);
        assert!(shown.contains("a.md") && !shown.contains("days"), "{shown}");
    }
}
