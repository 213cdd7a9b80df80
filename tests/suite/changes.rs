//! Only what is new: baselines, `--since`, `--staged`, and excludes for named files.

use std::path::Path;
use std::process::{Command, Stdio};

use super::support::{Folder, Run, TWO_WORDS, run_in};

fn folder(files: &[(&str, &str)]) -> Folder {
    Folder::with(&[("tonelint.yml", "rules: [tone]\nselect: [own]\n"), ("tone/own.yml", TWO_WORDS)], files)
}

fn check_in(folder: &Path, args: &[&str]) -> Run {
    run_in(folder, &[&["check", "--no-builtin", "--format", "compact"], args].concat(), "")
}

fn check(folder: &Folder, args: &[&str]) -> Run {
    check_in(folder.path(), args)
}

/// The findings of a run, without its summary.
fn found(run: &Run) -> Vec<&str> {
    run.stdout.lines().filter(|line| line.contains(": warning ")).collect()
}

fn git(folder: &Folder, args: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder.path()).args(args).stdout(Stdio::null()).stderr(Stdio::null());
    for (name, value) in [
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@b"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@b"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
    ] {
        command.env(name, value);
    }
    assert!(command.status().expect("git starts").success(), "git {args:?}");
}

fn commit(folder: &Folder) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "x"]);
}

fn write(folder: &Folder, name: &str, text: &str) {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().expect("in the folder")).expect("a folder");
    std::fs::write(path, text).expect("writable");
}

#[test]
fn a_baseline_knows_text_that_moves_and_tells_what_is_mended() {
    let folder =
        folder(&[(".git/keep", ""), ("a.md", "Hello hey there.\n\nDear guys of old.\n"), ("b.md", "One hey more.\n")]);
    let first = check(&folder, &["--write-baseline", "a.md", "b.md"]);
    insta::assert_snapshot!(format!(
        "{}--- tonelint-baseline.json\n{}",
        first.shown(),
        folder.read("tonelint-baseline.json")
    ));
    write(&folder, "tonelint.yml", "rules: [tone]\nselect: [own]\nbaseline: tonelint-baseline.json\n");
    assert_eq!(check(&folder, &["a.md", "b.md"]).status, 0);
    // Moved down, and into another file that takes the place of the old one.
    write(&folder, "a.md", "# New\n\nText.\n\nDear guys of old.\n\nHello hey there.\n");
    std::fs::rename(folder.path().join("b.md"), folder.path().join("c.md")).expect("renamed");
    let moved = check(&folder, &["a.md", "c.md"]);
    assert_eq!((moved.status, found(&moved).len()), (0, 0), "{}", moved.shown());
    // The same words once more are a new finding: it is counted.
    write(&folder, "c.md", "One hey more.\n\nOne hey more.\n");
    assert_eq!(found(&check(&folder, &["a.md", "c.md"])).len(), 1);
    write(&folder, "c.md", "Fine.\n");
    let mended = check(&folder, &["a.md", "c.md"]);
    assert_eq!(
        mended.stderr,
        "tonelint-baseline.json: 2 known, not shown\ntonelint-baseline.json: 1 mended; --write-baseline takes them out\n"
    );
    let part = check(&folder, &["--write-baseline", "c.md"]);
    assert_eq!(part.stderr, "wrote tonelint-baseline.json: 2 known, 0 of them new; 1 mended and taken out\n");
    assert_eq!(check(&folder, &["a.md", "c.md"]).stderr, "tonelint-baseline.json: 2 known, not shown\n");
}

#[test]
fn a_baseline_that_is_missing_or_damaged_is_an_error() {
    let folder = folder(&[
        (".git/keep", ""),
        ("a.md", "hey\n"),
        ("bad.json", "{\"schema\": 1}"),
        ("new.json", "{\"schema\": 9, \"tool\": \"tonelint\", \"findings\": []}"),
    ]);
    let mut shown = String::new();
    for name in ["gone.json", "bad.json", "new.json"] {
        let run = check(&folder, &["--baseline", name, "a.md"]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.shown());
        shown.push_str(&run.stderr);
    }
    let kept = folder.read("bad.json");
    assert_eq!(check(&folder, &["--baseline", "bad.json", "--write-baseline", "a.md"]).status, 2);
    assert_eq!(folder.read("bad.json"), kept);
    insta::assert_snapshot!(shown);
}

#[test]
fn since_reports_changed_lines_and_follows_renames() {
    let folder = folder(&[
        ("a.md", "hey one\n\nfine\n\nfine\n"),
        ("b.md", "hey two\n\nmany\n\nlines\n\nstay\n\nas they were\n"),
        ("c.md", "hey\n"),
    ]);
    git(&folder, &["init", "-q", "-b", "main"]);
    commit(&folder);
    git(&folder, &["checkout", "-q", "-b", "work"]);
    write(&folder, "a.md", "hey one\n\nguys\n\nfine\n");
    git(&folder, &["mv", "b.md", "sub b.md"]);
    write(&folder, "sub b.md", "hey two\n\nmany\n\nlines\n\nstay\n\nas guys were\n");
    commit(&folder);
    write(&folder, "new.md", "hey new\n");
    // What comes to the other branch meanwhile is not ours.
    git(&folder, &["checkout", "-q", "main"]);
    write(&folder, "c.md", "hey\n\nhey\n");
    git(&folder, &["commit", "-q", "-am", "y"]);
    git(&folder, &["checkout", "-q", "work"]);
    let run = check(&folder, &["--since", "main"]);
    insta::assert_snapshot!(run.shown());
    assert_eq!(found(&check(&folder, &["--since", "main", "a.md"])).len(), 1);
    let below = check_in(&folder.path().join("tone"), &["--since", "main", ".."]);
    assert!(below.stdout.contains("../a.md:3:1"), "{}", below.shown());
    let unknown = check(&folder, &["--since", "nowhere"]);
    assert_eq!((unknown.status, unknown.stderr.as_str()), (2, "tonelint: git knows no revision `nowhere`\n"));
}

#[test]
fn staged_reads_the_index_and_never_the_work_tree() {
    let folder = folder(&[("a.md", "hey one\n"), ("b c.md", "fine\n"), ("old.md", "fine\n")]);
    git(&folder, &["init", "-q", "-b", "main"]);
    // Before the first commit, all that is staged is new.
    git(&folder, &["add", "a.md"]);
    assert_eq!(found(&check(&folder, &["--staged"])).len(), 1);
    commit(&folder);
    assert_eq!(found(&check(&folder, &["--staged"])).len(), 0);
    // Staged bad, mended in the work tree only; and the other way round.
    write(&folder, "b c.md", "hey guys\n");
    git(&folder, &["add", "b c.md"]);
    write(&folder, "b c.md", "fine again\n");
    write(&folder, "old.md", "hey in the work tree\n");
    write(&folder, "é.md", "hey new\n");
    git(&folder, &["add", "é.md"]);
    std::fs::remove_file(folder.path().join("é.md")).expect("gone");
    let run = check(&folder, &["--staged"]);
    insta::assert_snapshot!(run.shown());
    assert_eq!(found(&check(&folder, &["--staged", "b c.md"])).len(), 2);
    assert_eq!(check(&folder, &["--staged", "gone.md"]).status, 2);
    assert_eq!(check(&folder, &["--staged", "--fix"]).status, 2);
    assert_eq!(folder.read("b c.md"), "fine again\n");
    // A git that is set to show what is below the current folder only.
    git(&folder, &["config", "diff.relative", "true"]);
    std::fs::create_dir(folder.path().join("sub")).expect("a folder");
    let args = ["check", "--no-builtin", "--format", "compact", "--staged"];
    let below = run_in(&folder.path().join("sub"), &args, "");
    assert_eq!((found(&below).len(), below.status), (found(&run).len(), run.status), "{}", below.shown());
}

#[test]
fn without_a_repository_git_is_an_error() {
    let folder = folder(&[("a.md", "hey\n")]);
    for args in [&["--staged"][..], &["--since", "HEAD"]] {
        let mut command = super::support::command(folder.path(), &[&["check"], args].concat());
        command.env("GIT_CEILING_DIRECTORIES", folder.path().parent().expect("a parent"));
        let output = command.stdin(Stdio::null()).output().expect("it ends");
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("not a git repository"));
    }
}

#[test]
fn excludes_hold_for_named_files_when_asked() {
    let folder = folder(&[
        (".git/keep", ""),
        (".gitignore", "vendor/\n*.txt\n!keep.txt\n"),
        ("vendor/deep/a.md", "hey\n"),
        ("b.txt", "hey\n"),
        ("keep.txt", "hey\n"),
    ]);
    let named = ["vendor/deep/a.md", "b.txt", "keep.txt"];
    assert_eq!(found(&check(&folder, &named)).len(), 3);
    let run = check(&folder, &[&["--force-exclude"], &named[..]].concat());
    assert_eq!(found(&run), ["keep.txt:1:1: warning no-hey `hey`"]);
}

#[test]
fn warnings_can_fail_and_are_always_printed() {
    let folder = folder(&[(".git/keep", ""), ("a.md", "hey guys\n")]);
    for (args, status) in [
        (&["a.md"][..], 1),
        (&["--fail-on", "error", "a.md"], 0),
        (&["--fail-on", "never", "a.md"], 0),
        (&["--max-warnings", "2", "a.md"], 0),
        (&["--max-warnings", "1", "a.md"], 1),
    ] {
        let run = check(&folder, args);
        assert_eq!((run.status, found(&run).len()), (status, 2), "{args:?}");
    }
}

#[test]
fn a_folder_with_too_many_patterns_is_an_error() {
    let folder = folder(&[("a.md", "hey\n"), ("big/b.md", "hey\n"), ("big/deep/c.md", "hey\n")]);
    write(&folder, "big/.gitignore", &"**/a*/**/b*\n".repeat(30_000));
    let run = check(&folder, &["."]);
    assert_eq!(run.status, 2);
    assert_eq!(found(&run).len(), 1, "{}", run.shown());
    assert!(run.stderr.contains("big/.gitignore: too large: 360000 bytes"), "{}", run.shown());
    // What is above counts too.
    assert_eq!(check(&folder, &["big/deep"]).status, 2);
    assert_eq!(check(&folder, &["big"]).status, 2);
    assert_eq!(check(&folder, &["big/deep/c.md"]).status, 1);
}
