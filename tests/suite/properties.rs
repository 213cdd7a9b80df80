//! Laws that hold for any text.

use proptest::prelude::*;
use tonelint::rule::Pack;
use tonelint::text::{LineIndex, fold_word};
use tonelint::{Config, Linter, Source};

/// A pack whose phrases are found in the texts that are made up below.
const PACK: &str = r#"
rules:
  - name: sorry-you
    message: "{match}"
    find: ["[we are] sorry [that] you (have|had)", "please ... hold", "problem~ $"]
    rewrite: ["pardon"]
  - name: words
    message: "{match}"
    replace: {utilize~: {to: use, safe: true}, prior to: {to: before, safe: true}}
"#;

static LINTER: std::sync::LazyLock<Linter> = std::sync::LazyLock::new(build);

fn linter() -> &'static Linter {
    &LINTER
}

fn build() -> Linter {
    let mut packs = tonelint::builtin_packs().expect("the built-in packs are valid");
    packs.retain(|pack| pack.grammar.is_some());
    for pack in &mut packs {
        pack.rules.clear();
    }
    packs.push(Pack::read("test.yml", PACK, false).expect("a valid pack"));
    Linter::new(packs, Config::default()).expect("no code is taken twice")
}

/// Words of phrases with what may stand between them: markup, wraps, quotes, odd characters.
fn draft() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "We're",
        "we",
        "are",
        "sorry",
        "that",
        "you",
        "have",
        "had",
        "Please",
        "hold",
        "problems",
        "problem",
        "utilizing",
        "Utilise",
        "prior",
        "to",
        "the",
        "a",
        "**sorry**",
        "_you_",
        "`code`",
        "{{name}}",
        "[NAME]",
        "https://example.org/x",
        "we\u{2019}re",
        "so\u{AD}rry",
        "ｓｏｒｒｙ",
        "naïve",
        "İ",
        "й",
        "😀",
        "👩‍👩‍👧",
        "請",
        "\u{301}",
        "&amp;",
        "\\*",
        "<b>",
        "</b>",
    ]);
    let gaps = prop::sample::select(vec![
        " ", " ", " ", " ", "  ", "\n", "\r\n", "\n\n", "\n> ", "\n- ", ". ", ", ", "? ", "\u{A0}", "\t", "\r",
        "\n```\n", "\n    ",
    ]);
    prop::collection::vec((words, gaps), 0..40)
        .prop_map(|pairs| pairs.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
}

fn check(name: &str, text: &str) -> Result<(), TestCaseError> {
    let linter = linter();
    let source =
        Source::new(name, text.as_bytes().to_vec()).map_err(|error| TestCaseError::reject(error.to_string()))?;
    let report = linter.lint(&source);
    let lines = LineIndex::new(text);
    for finding in &report.findings {
        let span = finding.span;
        prop_assert!(span.start < span.end && span.end <= text.len());
        prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
        prop_assert_eq!(&finding.text, span.of(text));
        let start = lines.position(text, span.start);
        let bom = usize::from(text.starts_with('\u{FEFF}') && start.line == 1);
        prop_assert_eq!((finding.start.line, finding.start.column), (start.line, start.column - bom));
        // Where no markup stands in it, the source under the span folds to what matched.
        if !finding.text.contains(['*', '_', '&', '\\', '<', '\n', '\r', '`', '>']) {
            prop_assert_eq!(fold_word(&finding.text), fold_word(&finding.prose));
        }
        let words = fold_word(&finding.prose);
        prop_assert!(
            ["sorry", "hold", "problem", "utili", "prior"].iter().any(|word| words.contains(word)),
            "{words:?} is no phrase of the pack"
        );
    }
    Ok(())
}

const REGEX: &str = r"rules: [{name: any-the, message: '{match}', find: ['/\b(the|any)\b/']}]";

/// All built-in rules, and one that is a regular expression.
fn all_rules() -> Linter {
    let mut packs = tonelint::builtin_packs().expect("the built-in packs are valid");
    packs.push(Pack::read("regex.yml", REGEX, false).expect("a valid pack"));
    Linter::new(packs, Config::default()).expect("no code is taken twice")
}

/// Whole replies, those with a quoted message too.
static REPLIES: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replies/whole");
    let paths = std::fs::read_dir(folder).expect("the replies are there").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("a text")).collect()
});

/// An edit: where, how many bytes go, and what comes.
fn edit() -> impl Strategy<Value = (prop::sample::Index, usize, &'static str)> {
    let comes = prop::sample::select(vec![
        "",
        "s",
        " ",
        ". ",
        "\n\n",
        "'",
        "\"",
        " sorry",
        " you should have ",
        "any inconvenience",
        " soon",
        "{{name}}",
        "é",
    ]);
    (any::<prop::sample::Index>(), 0_usize..12, comes)
}

/// Paragraphs of words that no format gives a meaning of its own.
fn prose() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "We're",
        "we",
        "are",
        "sorry",
        "that",
        "you",
        "have",
        "had",
        "Please",
        "hold",
        "problems",
        "utilizing",
        "prior",
        "to",
        "the",
        "a",
        "we\u{2019}re",
        "naïve",
        "\"so\"",
        "й",
        "😀",
        "請",
        "R&D",
        "it's",
        "5",
        "tab",
        "C:\\x",
    ]);
    let gaps = prop::sample::select(vec![" ", " ", " ", ". ", ", ", "? ", ": ", "\n", "\n\n"]);
    let pairs = prop::collection::vec((words, gaps), 1..30);
    pairs.prop_map(|pairs| {
        let text: String = pairs.into_iter().flat_map(|(word, gap)| [word, gap]).collect();
        text.trim_end().to_owned()
    })
}

/// What is found: code, and the words in the form that rules see.
fn found(name: &str, text: &str) -> Vec<(String, String)> {
    let source = Source::new(name, text.as_bytes().to_vec()).expect("a text");
    let report = linter().lint(&source);
    assert!(report.errors.is_empty(), "{name}: {:?}\n{text}", report.errors);
    report.findings.into_iter().map(|finding| (finding.code, fold_word(&finding.prose))).collect()
}

fn csv_field(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\u{2019}', "&rsquo;");
    let paragraphs = escaped.split("\n\n").map(|paragraph| format!("<p>{paragraph}</p>\n"));
    paragraphs.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, ..ProptestConfig::default() })]

    #[test]
    fn the_same_text_is_read_from_every_format(text in prose()) {
        let here = found("draft.md", &text);
        let json = serde_json::json!({ "content": text });
        prop_assert_eq!(&found("draft.json", &json.to_string()), &here);
        let ascii: String = json.to_string().chars().map(|ch| {
            let mut units = [0; 2];
            if ch.is_ascii() { ch.to_string() } else { ch.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect() }
        }).collect();
        prop_assert_eq!(&found("draft.json", &ascii), &here);
        let yaml = serde_yaml::to_string(&json).expect("YAML");
        prop_assert_eq!(&found("draft.yaml", &yaml), &here);
        // YAML knows no surrogates.
        if !ascii.contains("\\ud") {
            prop_assert_eq!(&found("draft.yaml", &ascii), &here);
        }
        prop_assert_eq!(&found("draft.csv", &format!("id,content\r\n1,{}\r\n", csv_field(&text))), &here);
        prop_assert_eq!(&found("draft.html", &html(&text)), &here);
        let nested = serde_json::json!([{ "content": html(&text) }]).to_string();
        prop_assert_eq!(&found("draft.json", &nested), &here);
    }

    #[test]
    fn a_span_in_json_decodes_to_the_words_that_matched(text in prose()) {
        let file = serde_json::json!({ "content": text }).to_string();
        let source = Source::new("draft.json", file.into_bytes()).expect("a text");
        for finding in linter().lint(&source).findings {
            let decoded: String = serde_json::from_str(&format!("\"{}\"", finding.text)).expect("whole escapes");
            prop_assert_eq!(fold_word(&decoded), fold_word(&finding.prose));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn spans_of_drafts_map_back(text in draft()) {
        check("draft.md", &text)?;
        check("draft.txt", &text)?;
    }

    #[test]
    fn spans_of_any_text_map_back(text in "\\PC{0,80}") {
        let text = format!("{text} we are sorry you have {text}");
        check("draft.md", &text)?;
        check("draft.txt", &text)?;
    }

    #[test]
    fn a_byte_order_mark_shifts_no_column(text in draft()) {
        check("draft.md", &format!("\u{FEFF}{text}"))?;
    }

    #[test]
    fn line_ends_change_no_finding(text in draft()) {
        let unix = text.replace("\r\n", "\n").replace('\r', "\n");
        let places = |text: &str| -> Vec<(String, usize, usize)> {
            let source = Source::new("draft.md", text.as_bytes().to_vec()).expect("a text");
            let report = linter().lint(&source);
            report.findings.into_iter().map(|one| (one.code, one.start.line, one.start.column)).collect()
        };
        prop_assert_eq!(places(&unix), places(&unix.replace('\n', "\r\n")));
    }

    #[test]
    fn folding_twice_is_folding_once(text in "\\PC{0,60}") {
        let once = fold_word(&text);
        prop_assert_eq!(fold_word(&once), once);
    }

    #[test]
    fn fixing_twice_is_fixing_once(text in draft()) {
        let linter = linter();
        let lint = |text: &str| match Source::new("draft.md", text.as_bytes().to_vec()) {
            Ok(source) => linter.lint(&source).findings,
            Err(_) => Vec::new(),
        };
        let safe = tonelint::rule::Applicability::Safe;
        let once = tonelint::fix::to_fixpoint(&text, safe, lint);
        prop_assert!(once.settled);
        prop_assert_eq!(tonelint::fix::to_fixpoint(&once.text, safe, lint).text, once.text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(source) = Source::new("draft.md", bytes) {
            let _ = linter().lint(&source);
        }
    }

    #[test]
    fn any_text_is_a_pack_or_an_error_in_it(text in "\\PC{0,60}") {
        let pack = format!("rules: [{{name: a, message: b, find: [{text:?}]}}]");
        if let Err(errors) = Pack::read("p.yml", &pack, false) {
            for error in errors {
                prop_assert!(error.span.end <= pack.len() && pack.is_char_boundary(error.span.start));
            }
        }
    }
}

static FORGETS: std::sync::LazyLock<Linter> = std::sync::LazyLock::new(all_rules);
static REMEMBERS: std::sync::LazyLock<Linter> = std::sync::LazyLock::new(|| {
    let mut linter = all_rules();
    linter.remember();
    linter
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn what_is_remembered_changes_no_finding(reply in any::<prop::sample::Index>(), edits in prop::collection::vec(edit(), 1..8)) {
        let mut text = reply.get(&REPLIES).clone();
        for (at, goes, comes) in edits {
            let boundary = |mut at: usize| {
                while !text.is_char_boundary(at) {
                    at += 1;
                }
                at
            };
            let start = boundary(at.index(text.len() + 1));
            let end = boundary((start + goes).min(text.len()));
            text.replace_range(start..end, comes);
            let source = Source::new("draft.md", text.as_bytes().to_vec()).expect("a text");
            let said = |linter: &Linter| serde_json::to_string(&linter.lint(&source).findings).expect("JSON");
            prop_assert_eq!(said(&REMEMBERS), said(&FORGETS), "{}", text);
        }
    }
}
