//! Whole replies: their outline, what they lack, and what the customer wrote before.

use std::collections::{BTreeMap, BTreeSet};

use tonelint::config::Known;
use tonelint::rule::Severity;
use tonelint::{Config, Linter, Source};

use super::support::{Folder, files_below, root, run_in};

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
    for customer in ["meek", "aggressive", "vip", "complainer", "never-satisfied", "leaving"] {
        insta::assert_snapshot!(format!("page of {customer}"), folder().run(&["explain", customer]).shown());
    }
    insta::assert_snapshot!(folder().run(&["explain", "mek"]).shown());
}

#[test]
fn replies_on_a_customers_page_are_tested_as_those_of_rules() {
    let pack = "language: en
rules:
  - {name: no-soon, message: \"say when\", find: [soon], only-for: [vip], examples: {hit: [{text: Soon., customer: vip}]}}
  - {name: no-well, message: \"say how\", find: [well]}
customers:
  vip:
    who: Somebody.
    write: [when]
    avoid: [soon]
    examples:
      good: [\"It comes soon.\", \"It comes on Friday.\"]
      bad:
        - {text: \"It comes soon.\", finds: [no-soon]}
        - {text: \"All is well.\", finds: [no-well]}
        - {text: \"It comes.\", finds: [no-soon, no-such-rule]}
";
    insta::assert_snapshot!(Folder::new(&[("tone/own.yml", pack)]).run(&["rules", "test", "tone"]).shown());
}

#[test]
fn an_outline_reads_the_same_configuration_as_check() {
    let folder = Folder::new(&[
        (
            "tonelint.yml",
            "files:
  - {match: export.json, fields: [\"rows[].answer\"], customer: vip}
  - {match: notes/, format: md, channel: chat}
",
        ),
        ("export.json", r#"{"rows": [{"id": 7, "question": "Where is it?", "answer": "Hi Ana,\n\nIt ships today."}]}"#),
        ("notes/one.note", "Hi *Ana*,\n\nI've shipped it.\n"),
        ("own/tonelint.yml", "rules: [tone]\n"),
        (
            "own/tone/moves.yml",
            "language: xx
moves: {greeting: [oi], handoff: [passo]}
rules: [{name: no-oi, message: \"say more\", find: [oi], default: off}]
",
        ),
        ("own/reply.md", "---\nlanguage: xx\n---\nOi Ana. Eu passo isso adiante.\n"),
        ("broken/tonelint.yml", "custmer: vip\n"),
        ("broken/reply.md", "Hi Ana.\n"),
    ]);
    insta::assert_snapshot!("sections", folder.run(&["outline", "export.json"]).shown());
    insta::assert_snapshot!("segments", folder.run(&["outline", "export.json", "--segments"]).shown());
    insta::assert_snapshot!(
        "format and channel",
        folder.run(&["outline", "notes/one.note", "--format", "json"]).shown()
    );
    insta::assert_snapshot!("packs", folder.run(&["outline", "own/reply.md"]).shown());
    insta::assert_snapshot!("isolated", folder.run(&["outline", "own/reply.md", "--isolated"]).shown());
    insta::assert_snapshot!("typed", folder.run(&["outline", "export.json", "--customer", "meek"]).shown());
    insta::assert_snapshot!("mistake", folder.run(&["outline", "broken/reply.md"]).shown());
    insta::assert_snapshot!("nowhere", folder.run(&["outline", "none.md"]).shown());
}

#[test]
fn an_outline_of_standard_input() {
    let folder = folder();
    let args = ["outline", "-", "--stdin-filename", "draft.html"];
    insta::assert_snapshot!(run_in(folder.path(), &args, "<p>Hi <b>Ana</b>,</p><p>It ships today.</p>").shown());
}

#[test]
fn a_condition_about_the_customer_needs_their_words() {
    let quoted = "I found it with the number.\n\n> My order is 48213.\n";
    let folder = Folder::new(&[("a.md", quoted), ("b.md", "Could you send me your order number?\n")]);
    assert_eq!(folder.run(&["check", ".", "--select", "RC"]).status, 0);
}

/// A rule about the whole reply, a reply that breaks it paragraph by paragraph, its customer, and what mends it.
const LACKING: &[(&str, &[&str], &str, &str)] = &[
    (
        "RC001",
        &[
            "Hi Ana,",
            "I've escalated this to our engineers, who know the payment page best.",
            "Please wait for them.",
            "Tim",
        ],
        "regular",
        "Your ticket number is 48213.",
    ),
    (
        "RC009",
        &["Hello,", "The bill counts the old meter. Our team will correct it.", "Please keep the old one.", "Billing"],
        "regular",
        "It is done by Friday.",
    ),
    (
        "EM003",
        &[
            "Hello,",
            "Please restart the router and send us the number on its back.",
            "Our engineers look at the line then.",
            "Tim",
            "> The internet drops every evening, this cannot go on.",
        ],
        "regular",
        "I understand how annoying a line is that fails each evening.",
    ),
    (
        "ST010",
        &[
            "Hi Ana,",
            "I understand how frustrating it is when a parcel is late, mostly in winter.",
            "The roads are bad then.",
            "Tim",
            "> My parcel is still not here!",
        ],
        "vip",
        "I'll call the courier at noon.",
    ),
    (
        "CT003",
        &["Hi Ana,", "I've logged it for the team.", "Have a good day.", "Tim"],
        "meek",
        "Which step was unclear to you?",
    ),
    (
        "CT011",
        &[
            "Dear Mr Lang,",
            "Unfortunately we cannot go on with this matter, which was looked at with great care by my colleague.",
            "Thank you for the letter.",
            "Noor Aziz",
        ],
        "never-satisfied",
        "On 3 May we agreed on 20 euros.",
    ),
];

#[test]
fn what_a_reply_supplies_anywhere_is_not_missing() {
    for (code, paragraphs, customer, supply) in LACKING {
        let finds = |paragraphs: &[&str]| {
            let folder = Folder::new(&[("a.md", &paragraphs.join("\n\n"))]);
            folder.run(&["check", "a.md", "--select", code, "--customer", customer, "--format", "compact"]).stdout
        };
        assert!(finds(paragraphs).contains(code), "{code}: {}", finds(paragraphs));
        let body = paragraphs.iter().rposition(|one| !one.starts_with('>')).expect("a name below");
        for at in 1..=body {
            let mut mended = paragraphs.to_vec();
            mended.insert(at, supply);
            assert!(!finds(&mended).contains(code), "{code} in {mended:?}: {}", finds(&mended));
        }
    }
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

/// What the rules make of the forty replies, beside what a reader expected.
#[derive(Default)]
struct Comparison {
    moves: BTreeMap<String, Agreement>,
    findings: Agreement,
    complaints: Agreement,
    /// Each thing on which they differ: `-` what the reader alone saw, `+` what the rules alone saw.
    differences: BTreeSet<String>,
}

impl Comparison {
    fn of_the_forty() -> Self {
        let linter = Linter::builtin(Config::default());
        let mut this = Self::default();
        for path in files_below(&root().join("tests/replies/whole")) {
            let written = path.with_extension("expected");
            if path.extension().is_none_or(|ending| ending != "md") || !written.is_file() {
                continue;
            }
            let expected: Expected =
                serde_yaml::from_str(&std::fs::read_to_string(&written).expect("readable")).expect("as written");
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).expect("readable");
            let source = Source::new(path.display().to_string(), bytes).expect("UTF-8");
            this.compare(&name, &expected, &linter, &source);
        }
        this
    }

    fn compare(&mut self, name: &str, expected: &Expected, linter: &Linter, source: &Source) {
        let outline = linter.outline(source, &Known::default()).expect("a reply").remove(0);
        let mut differ = |sign: char, what: &str, text: &str| {
            let text: String = text.chars().take(40).collect();
            let at = if text.is_empty() { String::new() } else { format!(": {text}") };
            self.differences.insert(format!("{name} {sign} {what}{at}"));
        };
        match expected.complaint == outline.complaint {
            true => self.complaints.0 += 1,
            false => {
                self.complaints.1 += 1;
                differ(if expected.complaint { '-' } else { '+' }, "complaint", "");
            }
        }
        for line in &outline.sentences {
            let reads = |one: &&Sentence| line.text.starts_with(&one.text) || one.text.starts_with(&line.text);
            let Some(wanted) = expected.outline.iter().find(reads) else { continue };
            let found: BTreeSet<String> = line.moves.iter().map(|one| one.name().to_owned()).collect();
            for one in found.union(&wanted.moves.iter().cloned().collect()) {
                let agreement = self.moves.entry(one.clone()).or_default();
                match (wanted.moves.contains(one), found.contains(one)) {
                    (true, true) => agreement.0 += 1,
                    (true, false) => {
                        agreement.1 += 1;
                        differ('-', one, &line.text);
                    }
                    _ => {
                        agreement.2 += 1;
                        differ('+', one, &line.text);
                    }
                }
            }
        }
        let report = linter.lint(source).findings.into_iter();
        let found: Vec<_> = report.map(|one| (one.code, one.severity)).collect();
        // Where no rule existed, the reader wrote the family alone.
        let is = |wanted: &str, code: &str| {
            code == wanted || (wanted.chars().all(char::is_alphabetic) && code.starts_with(wanted))
        };
        for one in &expected.findings {
            if found.iter().any(|(code, _)| is(&one.code, code)) {
                self.findings.0 += 1;
            } else {
                self.findings.1 += 1;
                differ('-', &one.code, "");
            }
        }
        for (code, severity) in &found {
            if *severity > Severity::Info && !expected.findings.iter().any(|one| is(&one.code, code)) {
                self.findings.2 += 1;
                differ('+', code, "");
            }
        }
    }
}

#[test]
fn how_far_the_rules_agree_with_a_reader_of_forty_replies() {
    let compared = Comparison::of_the_forty();
    let mut table = String::from("                 right  missed  alone\n");
    let moves = compared.moves.iter().map(|(name, agreement)| (name.as_str(), agreement));
    for (name, Agreement(right, missed, alone)) in moves.chain([("findings", &compared.findings)]) {
        table.push_str(&format!("{name:<15} {right:>6} {missed:>7} {alone:>6}\n"));
    }
    let Agreement(same, other, _) = compared.complaints;
    table.push_str(&format!("complaint seen as the reader does: {same} of {}\n", same + other));
    insta::assert_snapshot!(table);
}

#[test]
fn each_difference_from_the_reader_is_explained() {
    let file = root().join("tests/replies/whole/DISAGREEMENTS");
    let text = std::fs::read_to_string(file).expect("readable");
    let written: BTreeMap<String, String> = serde_yaml::from_str(&text).expect("differences with explanations");
    assert!(written.values().all(|why| why.len() > 10), "an explanation is a sentence");
    let written: BTreeSet<String> = written.into_keys().collect();
    let found = Comparison::of_the_forty().differences;
    let lines = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).map(|line| format!("  {line}\n")).collect::<String>()
    };
    let (new, gone) = (lines(&found, &written), lines(&written, &found));
    assert!(
        new.is_empty() && gone.is_empty(),
        "tests/replies/whole/DISAGREEMENTS explains not:\n{new}and explains what is no difference any more:\n{gone}"
    );
}
