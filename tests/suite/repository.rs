//! What many canned responses say among themselves, as a user sees it: one file of many, many files of
//! one, several configurations, any number of threads.

use proptest::prelude::*;
use tonelint::config::Known;
use tonelint::{Config, Linter, Report, Source, compare};

use super::support::{Folder, run_in};

const CODES: &str = "RB014,RB015,TM006,JG009";

const MACROS: &str = r#"{"macros": [
 {"title": "a", "actions": [{"field": "comment_value", "value": "Hi {{ticket.requester.name}},\n\nYour trust means everything to our company. We'll send your refund within 3 days."}]},
 {"title": "b", "actions": [{"field": "comment_value", "value": "Your trust means everything to our company. The refund takes 5 days. Type the promo code below."}]},
 {"title": "c", "actions": [{"field": "comment_value", "value": "Your trust means everything to our company. The coupon code is in the mail that we sent on Monday."}]},
 {"title": "d", "actions": [{"field": "comment_value", "value": "Your trust means everything to our company. The coupon code is in the mail that we sent on Friday."}]},
 {"title": "e", "actions": [{"field": "comment_value", "value": "Your trust means everything to our company. The box was torn, and the shoes got wet."}]}
]}
"#;

const REFUNDS: &str =
    "Hi {{name}},\n\nWe refund it within 5 business days. Your trust means everything to\nour **company**.\n";

fn folder() -> Folder {
    Folder::new(&[
        ("tonelint.yml", "channel: macro\n"),
        ("macros.json", MACROS),
        ("refunds.md", REFUNDS),
        ("later/tonelint.yml", "channel: macro\nignore: [TM006]\n"),
        ("later/box.md", "Your trust means everything to our company. The refund takes 9 days.\n"),
    ])
}

#[test]
fn a_run_over_many_replies() {
    let run = folder().run(&["check", ".", "--select", CODES, "--statistics"]);
    insta::assert_snapshot!(run.shown());
}

#[test]
fn places_in_other_files_are_in_json() {
    let run = folder().run(&["check", ".", "--select", "TM006", "--format", "json"]);
    insta::assert_snapshot!(run.shown());
}

#[test]
fn any_number_of_threads_says_the_same() {
    let folder = folder();
    let args = |jobs| ["check", ".", "--select", CODES, "--format", "json", "--jobs", jobs];
    let one = folder.run(&args("1")).stdout;
    assert!(one.contains("RB014"), "{one}");
    for jobs in ["2", "3", "8"] {
        assert_eq!(one, folder.run(&args(jobs)).stdout);
    }
}

#[test]
fn one_reply_alone_and_letters_are_not_compared() {
    let folder = Folder::new(&[("a.md", "The refund takes 3 days."), ("b.md", "The refund takes 5 days.")]);
    let check = |args: &[&str]| folder.run(&[&["check", "--select", CODES, "--format", "compact"], args].concat());
    assert_eq!(check(&["a.md", "b.md"]).stdout.lines().count(), 1);
    assert_eq!(check(&["--channel", "macro", "a.md"]).stdout.lines().count(), 1);
    assert_eq!(check(&["--channel", "macro", "a.md", "b.md"]).stdout.lines().count(), 2);
    assert_eq!(check(&["--channel", "macro", "--ignore", "time", "a.md", "b.md"]).stdout.lines().count(), 1);
    assert_eq!(check(&["--channel", "macro", "--severity", "warning", "a.md", "b.md"]).stdout.lines().count(), 1);
    assert_eq!(check(&["--channel", "macro", "--fail-on", "info", "a.md", "b.md"]).status, 1);
    let piped = ["check", "--select", CODES, "--format", "compact", "--channel", "macro", "-", "a.md"];
    let run = run_in(folder.path(), &piped, "The refund takes 5 days.");
    assert!(run.stdout.starts_with("a.md:1:12: info TM006"), "{}", run.shown());
}

#[test]
fn vocabulary_is_no_second_name() {
    let folder = Folder::new(&[
        ("tonelint.yml", "channel: macro\nvocabulary: [Promo Code]\n"),
        ("a.md", "Type the promo code."),
        ("b.md", "Type the coupon code."),
    ]);
    assert_eq!(folder.run(&["check", ".", "--select", CODES, "--format", "compact"]).stdout.lines().count(), 1);
}

#[test]
fn fixing_leaves_them_as_they_are() {
    let folder = folder();
    let before = folder.read("macros.json");
    folder.run(&["check", ".", "--select", CODES, "--fix"]);
    assert_eq!(folder.read("macros.json"), before);
}

#[test]
fn spans_are_the_file_s_own_in_utf_16() {
    let folder = Folder::new(&[("b.txt", "The refund takes 5 days.")]);
    let text = "\u{FEFF}Größe 😀. The refund takes 3 days.";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("a.txt"), &bytes).expect("a file");
    std::fs::write(folder.path().join("c.txt"), &bytes).expect("a file");
    let run = folder.run(&["check", ".", "--channel", "macro", "--select", "TM006", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let related = report["findings"][0]["related"].as_array().expect("places");
    let spans = related.iter().map(|one| &one["span"]);
    let words: Vec<String> = spans
        .map(|span| {
            let at = |key: &str| usize::try_from(span[key].as_u64().expect("a number")).expect("it fits");
            let units = bytes[at("start")..at("end")].chunks(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
            String::from_utf16(&units.collect::<Vec<_>>()).expect("whole characters")
        })
        .collect();
    assert_eq!(words, ["takes 3 days", "takes 3 days"], "{}", run.shown());
}

#[test]
fn a_mistake_in_a_rule_that_compares_points_at_it() {
    let rule = "  - {name: a, message: b";
    let packs = [
        ("another kind's key", format!("{rule}, across: {{of: sentences, alike: 0.8}}}}")),
        ("a limit of nothing", format!("{rule}, across: {{of: sentences, most: 0}}}}")),
        ("a share over all", format!("{rule}, across: {{of: sentences, share: 2}}}}")),
        ("hardly alike", format!("{rule}, across: {{of: replies, alike: 0.1}}}}")),
        ("unknown kind", format!("{rule}, across: {{of: words}}}}")),
        ("with something else", format!("{rule}, find: [c], across: {{of: replies}}}}")),
        ("no times", format!("{rule}, across: {{of: promises, things: {{c: c}}}}}}")),
        ("no things", format!("{rule}, find: [c], across: {{of: promises}}}}")),
        ("no names", format!("{rule}, across: {{of: names}}}}")),
        ("one name", format!("{rule}, across: {{of: names, names: [{{c: c}}]}}}}")),
        ("a bad phrase", format!("{rule}, across: {{of: names, names: [{{c: c, d: [\"(\"]}}]}}}}")),
        ("one reply as a hit", format!("{rule}, across: {{of: replies}}, examples: {{hit: [c]}}}}")),
        ("one of several", format!("{rule}, across: {{of: replies}}, examples: {{hit: [{{texts: [c]}}]}}}}")),
        ("several for one", format!("{rule}, find: [c], examples: {{hit: [{{texts: [c, d]}}]}}}}")),
        ("both", format!("{rule}, across: {{of: replies}}, examples: {{miss: [{{text: c, texts: [c, d]}}]}}}}")),
        ("fixed", format!("{rule}, across: {{of: replies}}, examples: {{hit: [{{texts: [c, d], fixed: e}}]}}}}")),
    ];
    let mut shown = String::new();
    let compares = "find: [c], across: {of: promises, things: {c: c}}}";
    let wordless = ("no words for times", format!("language: xx\nrules:\n{rule}, {compares}\n"));
    let packs = packs.into_iter().map(|(title, rule)| (title, format!("rules:\n{rule}\n")));
    for (title, pack) in packs.chain([wordless]) {
        let folder = Folder::new(&[("tone/p.yml", &pack), ("a.md", "Hi")]);
        let run = folder.run(&["check", "--no-builtin", "--rules", "tone", "a.md"]);
        assert_eq!(run.status, 2, "{title}: {}", run.shown());
        shown.push_str(&format!("## {title}\n{}\n", run.stderr));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_team_compares_what_it_likes() {
    let pack = "rules:\n  - name: our-names\n    message: '`{match}` is `{other}`'\n    across:\n      of: names\n      note: '{name}'\n      names:\n        - {Acme Cloud: acme cloud, the platform: [the platform, our platform]}\n";
    let files = [("tone/p.yml", pack), ("a.md", "Open the platform."), ("b.md", "Open Acme Cloud.")];
    let folder = Folder::new(&files);
    let run = folder.run(&["check", "--no-builtin", "--rules", "tone", "a.md", "b.md"]);
    insta::assert_snapshot!(run.shown());
}

fn linted(linter: &Linter, sources: &[Source]) -> Report {
    let mut report = Report::default();
    for source in sources {
        report.absorb(linter.lint(source));
    }
    compare(&mut report, |name| {
        let source = sources.iter().find(|source| source.name() == name)?;
        Some((source.clone(), linter.replies(source, &Known::default()).ok()?))
    });
    report.sort();
    report
}

#[test]
fn a_file_that_changes_meanwhile_is_an_error() {
    let config = Config {
        facts: tonelint::reply::Facts { channel: Some(tonelint::reply::Channel::Macro), ..Default::default() },
        select: vec!["TM006".into()],
        ..Config::default()
    };
    let linter = Linter::builtin(config);
    let mut report = Report::default();
    for (name, text) in [("a.md", "The refund takes 3 days."), ("b.md", "The refund takes 5 days.")] {
        report.absorb(linter.lint(&Source::new(name, text.as_bytes().to_vec()).expect("a text")));
    }
    compare(&mut report, |name| Some((Source::new(name, b"Thanks.".to_vec()).ok()?, Vec::new())));
    assert!(report.findings.is_empty());
    assert_eq!(report.errors.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// What is found does not depend on the order in which files are read, and each place holds what
    /// it is about.
    #[test]
    fn order_changes_nothing(picks in proptest::collection::vec((0..6_usize, 0..6_usize), 2..9), seed in any::<u64>()) {
        let sentences = [
            "The refund takes 3 days.", "Your refund takes **5 days**.", "Type the promo code.", "Your trust means everything to our company.",
            "The coupon code is in the mail that we sent you on Monday morning, below the picture.", "We&rsquo;re here 😀.",
        ];
        let config = Config {
            facts: tonelint::reply::Facts { channel: Some(tonelint::reply::Channel::Macro), ..Default::default() },
            select: CODES.split(',').map(str::to_owned).collect(),
            ..Config::default()
        };
        let linter = Linter::builtin(config);
        let mut sources: Vec<Source> = picks.iter().enumerate().map(|(index, (one, other))| {
            let text = format!("{}\n\n{}", sentences[*one], sentences[*other]);
            Source::new(format!("{index}.md"), text.into_bytes()).expect("a text")
        }).collect();
        let shown = |report: &Report| serde_json::to_string(&report.findings).expect("JSON");
        let first = linted(&linter, &sources);
        for finding in &first.findings {
            prop_assert!(!finding.related.is_empty());
            for related in &finding.related {
                let source = sources.iter().find(|source| source.name() == related.path).expect("it was read");
                prop_assert_eq!(tonelint::finding::Place::from(source.position(related.span.start)), related.start);
                prop_assert!(!related.span.of(source.text()).is_empty());
            }
        }
        let count = sources.len();
        let turn = usize::try_from(seed % count as u64).expect("it fits");
        sources.rotate_left(turn);
        if seed % 2 == 0 {
            sources.reverse();
        }
        prop_assert_eq!(shown(&first), shown(&linted(&linter, &sources)));
    }
}
