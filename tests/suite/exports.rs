//! Every place a reply is kept: the same five faults and five look-alikes, as each system would write
//! them, give the same findings, at the bytes that hold the words.

use tonelint::text::fold_word;
use tonelint::{Config, Linter, Source};

use super::support::{files_below, root, run};

/// Codes of the faults, and a word that each span holds once it is decoded.
const FAULTS: &[&str] = &["CL001", "JG001", "PA001", "PA004", "TR001"];

#[test]
fn every_system_gives_the_same_findings() {
    let config = Config {
        select: FAULTS.iter().map(|code| (*code).to_owned()).collect(),
        facts: tonelint::reply::Facts { channel: Some(tonelint::reply::Channel::Macro), ..Default::default() },
        ..Config::default()
    };
    let linter = Linter::builtin(config);
    let mut prose_of_first = None;
    for file in files_below(&root().join("tests/replies/exports")) {
        let name = file.strip_prefix(root()).expect("below it").to_string_lossy().into_owned();
        let source = Source::new(name.clone(), std::fs::read(&file).expect("readable")).expect("a text");
        let report = linter.lint(&source);
        assert!(report.errors.is_empty(), "{name}: {:?}", report.errors);
        let mut codes: Vec<&str> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
        codes.sort_unstable();
        assert_eq!(codes, FAULTS, "{name}");
        let mut prose: Vec<String> = report.findings.iter().map(|finding| fold_word(&finding.prose)).collect();
        prose.sort();
        let first = prose_of_first.get_or_insert_with(|| prose.clone());
        assert_eq!(&prose, first, "{name}");
        for finding in &report.findings {
            assert_eq!(finding.text, finding.span.of(source.text()), "{name}");
            if !name.ends_with("base64.eml") {
                // The words that matched begin and end where the span does.
                let words = fold_word(&finding.prose);
                let last = words.rsplit([' ', '\'']).next().unwrap_or_default().trim_end_matches('?').to_owned();
                let written = fold_word(&finding.text);
                assert!(written.contains(&last), "{name}: {written:?} holds no {last:?}");
            }
        }
    }
}

#[test]
fn where_each_reply_stands() {
    let run = run(&["check", "tests/replies/exports", "--select", "PA001", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let mut shown = String::new();
    for finding in report["findings"].as_array().expect("a list") {
        let reply = finding["reply"].as_str().unwrap_or("-");
        let path = finding["path"].as_str().unwrap_or_default().trim_start_matches("tests/replies/exports/");
        shown.push_str(&format!("{path}: {reply}, line {}\n", finding["start"]["line"]));
    }
    insta::assert_snapshot!(shown);
}
