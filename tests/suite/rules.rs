//! The built-in packs: whole, and as their examples say.

use tonelint::rule::Phrase;
use tonelint::{Config, Linter, Source};

use super::support::{root, run};

#[test]
fn every_rule_does_what_its_examples_say() {
    let run = run(&["rules", "test"]);
    assert_eq!(run.status, 0, "{}", run.shown());
}

/// A phrase that is tried often gets another program, and a set of them another automaton.
#[test]
fn what_is_looked_for_often_is_found_all_the_same() {
    let packs = tonelint::builtin_packs().expect("the built-in packs are valid");
    let hits = packs.iter().flat_map(|pack| &pack.rules).flat_map(|rule| &rule.hits);
    let texts: Vec<&str> = hits.step_by(3).map(|hit| hit.text.trim()).collect();
    let long = Source::new("all.md", texts.join("\n\n").into_bytes()).expect("a text");
    let short =
        Source::new("one.md", texts.concat().chars().take(200).collect::<String>().into_bytes()).expect("a text");
    let linter = Linter::builtin(Config::default());
    let found = |source: &Source| serde_json::to_string(&linter.lint(source).findings).expect("JSON");
    let first = (found(&long), found(&short));
    for _ in 0..70 {
        found(&short);
    }
    for _ in 0..3 {
        found(&long);
    }
    assert!(first.0.len() > 100_000, "{}", first.0.len());
    assert!(first == (found(&long), found(&short)));
}

#[test]
fn every_regular_expression_of_a_pack_compiles() {
    for pack in tonelint::builtin_packs().expect("the built-in packs are valid") {
        for rule in &pack.rules {
            let clauses = rule.unless.iter().chain(&rule.only_if).flat_map(|clause| &clause.any);
            for phrase in rule.find.iter().chain(clauses) {
                if let Phrase::Regex(pattern) = phrase {
                    assert!(regex::Regex::new(pattern).is_ok(), "{}: {pattern}", rule.code);
                }
            }
        }
    }
}

#[test]
fn every_built_in_rule_says_why_and_who_says_so() {
    for pack in tonelint::builtin_packs().expect("the built-in packs are valid") {
        for rule in &pack.rules {
            for (key, text) in [("summary", &rule.summary), ("why", &rule.why), ("source", &rule.source)] {
                assert!(!text.is_empty(), "{} has no {key}", rule.code);
            }
            assert!(
                !rule.rewrites.is_empty() || !rule.replace.is_empty(),
                "{} says nothing to write instead",
                rule.code
            );
        }
    }
}

#[test]
fn the_pages_of_the_rules_are_up_to_date() {
    let pages = run(&["rules", "markdown"]).stdout;
    let written = std::fs::read_to_string(root().join("docs/rules.md")).expect("docs/rules.md");
    assert!(pages == written, "run `cargo run -- rules markdown > docs/rules.md`");
}
