//! Whole runs on the real replies that ship with the repository.

use super::support::run;

#[test]
fn real_replies() {
    let run = run(&["check", "tests/replies", "--format", "compact", "--statistics"]);
    insta::assert_snapshot!(run.shown());
}

#[test]
fn any_number_of_threads_says_the_same() {
    let one = run(&["check", "tests/replies", "--format", "json", "--jobs", "1"]).stdout;
    for jobs in ["2", "3", "8"] {
        assert_eq!(one, run(&["check", "tests/replies", "--format", "json", "--jobs", jobs]).stdout);
    }
}

#[test]
fn the_readme_shows_what_is_printed() {
    let readme = std::fs::read_to_string(super::support::root().join("README.md")).expect("README.md");
    let (_, block) = readme.split_once("```text\n").expect("a block of text");
    let (shown, _) = block.split_once("```").expect("its end");
    let (command, printed) = shown.split_once('\n').expect("a command");
    let draft = command.split('"').nth(1).expect("a draft in quotes");
    let run = super::support::run_in(super::support::root(), &["check", "-"], &format!("{draft}\n"));
    assert_eq!(printed, run.stdout);
}
