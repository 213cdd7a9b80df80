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
