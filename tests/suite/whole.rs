//! Whole replies: their outline, what they lack, and what the customer wrote before.

use std::collections::BTreeMap;

use tonelint::config::Known;
use tonelint::rule::Severity;
use tonelint::{Config, Linter, Source};

use super::support::{Folder, files_below, root};

const REPLY: &str = "Hi Ana,

I'm sorry that we charged you twice. I've refunded $20 to your card today; it takes 3 to 5 days to show on your
statement. Could you send me your order number, so that I can see why it happened?

Let me know if you have any questions.

Best,
Tim

> You charged me twice for order 48213! This is ridiculous.
";

fn folder() -> Folder {
    Folder::new(&[("refund.md", REPLY), ("macros.json", MACROS)])
}

const MACROS: &str = r#"{"macros": [
  {"title": "Hours", "actions": [{"field": "comment_value", "value": "Hi {{ticket.requester.first_name}},\n\nWe open at nine.\n\nMia"}]},
  {"title": "Lamp", "actions": [{"field": "comment_value", "value": "Hi,\n\nYou can return the lamp. Sorry about the glass."}]}
]}"#;

#[test]
fn an_outline_names_the_moves_of_each_sentence() {
    insta::assert_snapshot!(folder().run(&["outline", "refund.md"]).shown());
}

#[test]
fn an_outline_shows_each_reply_of_a_file() {
    insta::assert_snapshot!(folder().run(&["outline", "macros.json"]).shown());
}

#[test]
fn an_outline_as_json() {
    insta::assert_snapshot!(folder().run(&["outline", "refund.md", "--format", "json"]).shown());
}

#[test]
fn what_the_customer_gave_already_is_shown_beside_the_question() {
    insta::assert_snapshot!(folder().run(&["check", "refund.md", "--select", "RC003"]).shown());
    insta::assert_snapshot!(folder().run(&["check", "refund.md", "--select", "RC003", "--format", "json"]).shown());
}

#[test]
fn a_kind_of_customer_has_a_page() {
    let run = folder().run(&["explain", "meek"]);
    assert_eq!(run.status, 0);
    for word in ["meek", "Write", "Don't write", "Rules that change"] {
        assert!(run.stdout.contains(word), "{}", run.shown());
    }
    insta::assert_snapshot!(folder().run(&["explain", "mek"]).shown());
}

#[test]
fn a_condition_about_the_customer_needs_their_words() {
    let quoted = "I found it with the number.\n\n> My order is 48213.\n";
    let folder = Folder::new(&[("a.md", quoted), ("b.md", "Could you send me your order number?\n")]);
    assert_eq!(folder.run(&["check", ".", "--select", "RC"]).status, 0);
}

/// What a reader expects of a reply, written down before the rules were run on it.
#[derive(serde::Deserialize)]
struct Expected {
    complaint: bool,
    outline: Vec<Sentence>,
    #[serde(default)]
    findings: Vec<Wanted>,
}

#[derive(serde::Deserialize)]
struct Sentence {
    text: String,
    moves: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Wanted {
    code: String,
}

/// How often the tool and the reader agree: right, missed by the tool, seen by the tool alone.
#[derive(Default)]
struct Agreement(usize, usize, usize);

impl Agreement {
    fn count<T: PartialEq>(&mut self, expected: &[T], found: &[T]) {
        self.0 += expected.iter().filter(|one| found.contains(one)).count();
        self.1 += expected.iter().filter(|one| !found.contains(one)).count();
        self.2 += found.iter().filter(|one| !expected.contains(one)).count();
    }
}

#[test]
fn how_far_the_rules_agree_with_a_reader_of_forty_replies() {
    let linter = Linter::builtin(Config::default());
    let mut moves: BTreeMap<String, Agreement> = BTreeMap::new();
    let (mut findings, mut complaints) = (Agreement::default(), Agreement::default());
    for path in files_below(&root().join("tests/replies/whole")) {
        let written = path.with_extension("expected");
        if path.extension().is_none_or(|ending| ending != "md") || !written.is_file() {
            continue;
        }
        let expected: Expected =
            serde_yaml::from_str(&std::fs::read_to_string(&written).expect("readable")).expect("as written");
        let bytes = std::fs::read(&path).expect("readable");
        let source = Source::new(path.display().to_string(), bytes).expect("UTF-8");
        let outline = linter.outline(&source, &Known::default()).expect("a reply").remove(0);
        complaints.count(&[expected.complaint], &[outline.complaint]);
        for line in &outline.sentences {
            let reads = |one: &&Sentence| line.text.starts_with(&one.text) || one.text.starts_with(&line.text);
            let Some(wanted) = expected.outline.iter().find(reads) else { continue };
            let found: Vec<String> = line.moves.iter().map(|one| one.name().to_owned()).collect();
            for one in wanted.moves.iter().chain(&found) {
                let agreement = moves.entry(one.clone()).or_default();
                match (wanted.moves.contains(one), found.contains(one)) {
                    (true, true) => agreement.0 += 1,
                    (true, false) => agreement.1 += 1,
                    _ => agreement.2 += 1,
                }
            }
        }
        let wanted: Vec<String> = expected.findings.into_iter().map(|one| one.code).collect();
        let report = linter.lint(&source).findings.into_iter();
        let found: Vec<String> = report
            .filter(|one| one.severity > Severity::Info || wanted.contains(&one.code))
            .map(|one| one.code)
            .collect();
        findings.count(&wanted, &found);
    }
    let mut table = String::from("                 right  missed  alone\n");
    for (name, Agreement(right, missed, alone)) in
        moves.iter().map(|(name, agreement)| (name.as_str(), agreement)).chain([("findings", &findings)])
    {
        // A move that both name was counted from both sides.
        let right = if name == "findings" { *right } else { right / 2 };
        table.push_str(&format!("{name:<15} {right:>6} {missed:>7} {alone:>6}\n"));
    }
    table.push_str(&format!(
        "complaint seen as the reader does: {} of {}\n",
        complaints.0,
        complaints.0 + complaints.1
    ));
    insta::assert_snapshot!(table);
}
