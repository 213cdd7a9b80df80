//! Suppressions: in each format's own syntax, reported when they are of no use, taken out and put in.

use super::support::{Folder, Run, TWO_WORDS, check as check_own};

fn folder(files: &[(&str, &str)]) -> Folder {
    Folder::with(&[(".git/keep", ""), ("tone/own.yml", TWO_WORDS)], files)
}

fn check(folder: &Folder, args: &[&str]) -> Run {
    check_own(folder, &[&["--format", "compact", "--quiet"], args].concat())
}

/// What is found in a file: `line rule`.
fn found(name: &str, text: &str) -> Vec<String> {
    found_with("suppress: lint\n", name, text)
}

fn found_with(config: &str, name: &str, text: &str) -> Vec<String> {
    let folder = folder(&[(name, text), ("tonelint.yml", config)]);
    let run = check(&folder, &[name]);
    assert_eq!(run.stderr, "", "{text}");
    run.stdout
        .lines()
        .map(|line| {
            let rest = &line[name.len() + 1..];
            let at = rest.split(':').next().unwrap_or_default();
            format!("{at} {}", rest.split_whitespace().nth(2).unwrap_or_default())
        })
        .collect()
}

const NONE: [&str; 0] = [];

#[test]
fn markdown_and_html_have_comments() {
    let line = "hey guys <!-- tonelint-disable-line no-guys -->\n";
    assert_eq!(found("a.md", line), ["1 no-hey"]);
    assert_eq!(found("a.html", line), ["1 no-hey"]);
    assert_eq!(
        found("a.md", "<!-- tonelint-disable-next-line own -- they like it -->\n\nhey guys\nguys\n"),
        ["4 no-guys"]
    );
    assert_eq!(
        found(
            "a.md",
            "hey\n\n<!-- tonelint-disable no-hey, no-guys -->\n\nhey guys\n\n<!-- tonelint-enable no-guys -->\n\nhey guys\n"
        ),
        ["1 no-hey", "9 no-guys"]
    );
    assert_eq!(found("a.md", "hey\n\n<!-- tonelint-disable-file no-hey -->\n"), NONE);
    assert_eq!(found("a.md", "- hey guys <!-- tonelint-disable-line -->\n- hey\n"), ["2 no-hey"]);
    assert_eq!(
        found("a.md", "| a | b |\n|---|---|\n| hey <!-- tonelint-disable-line --> | guys |\n| hey | x |\n"),
        ["4 no-hey"]
    );
    assert_eq!(found("a.md", "```\n<!-- tonelint-disable -->\n```\n\nhey\n"), ["5 no-hey"]);
    assert_eq!(found("a.md", "<!-- tonelint-disable\n  no-hey\n-->\n\nhey\n"), NONE);
}

#[test]
fn front_matter_has_a_list() {
    for list in ["[no-hey, no-guys]", "no-hey no-guys", "\n  - no-hey\n  - no-guys", "own"] {
        for name in ["a.md", "a.txt"] {
            assert_eq!(
                found(name, &format!("---\ntitle: x\ntonelint-disable: {list}\n---\nhey guys\n")),
                NONE,
                "{list}"
            );
        }
    }
}

#[test]
fn yaml_has_comments() {
    let text = "# a\n- content: hey guys  # tonelint-disable-line no-hey\n- content: hey\n";
    assert_eq!(found("a.yml", text), ["2 no-guys", "3 no-hey"]);
    let block = "# tonelint-disable-next-line no-hey\n- content: |\n    Hello,\n    hey # tonelint-disable-line\n\n    hey guys\n- content: hey\n";
    assert_eq!(found("a.yml", block), ["6 no-guys", "7 no-hey"]);
    let region = "- content: hey\n# tonelint-disable\n- content: hey\n# tonelint-enable\n- content: hey\n";
    assert_eq!(found("a.yml", region), ["1 no-hey", "5 no-hey"]);
}

#[test]
fn json_and_csv_have_a_key_or_column_that_is_configured() {
    let json = "[{\"lint\": \"no-hey\", \"content\": \"hey guys\"},\n {\"content\": \"hey\"}]";
    assert_eq!(found("a.json", json), ["1 no-guys", "2 no-hey"]);
    assert_eq!(found_with("", "a.json", json), ["1 no-hey", "1 no-guys", "2 no-hey"]);
    let list = "{\"lint\": [\"no-hey\", \"no-guys\"], \"replies\": [{\"content\": \"hey guys\"}]}";
    assert_eq!(found("a.json", list), NONE);
    assert_eq!(found("a.yml", "- content: hey\n  lint: own\n- content: hey\n"), ["3 no-hey"]);
    assert_eq!(found("a.csv", "id,content,lint\n1,hey guys,no-hey\n2,hey,\n"), ["2 no-guys", "3 no-hey"]);
    let comments = "[{\n// tonelint-disable-next-line no-hey\n\"content\": \"hey guys\"},\n {\"content\": \"hey // tonelint-disable-line\"}]";
    assert_eq!(found("a.json", comments), ["3 no-guys", "4 no-hey"]);
}

#[test]
fn a_mail_has_a_header() {
    assert_eq!(found("a.eml", "Subject: x\nX-Tonelint-Disable: no-hey\n\nhey guys\n"), ["4 no-guys"]);
}

#[test]
fn what_suppresses_nothing_is_said_and_taken_out() {
    let files = [
        (
            "a.md",
            "hey <!-- tonelint-disable-line no-hey, no-guys -->\n\n<!-- tonelint-disable-next-line no-gays -->\nHello\n\n<!-- tonelint-disable -->\n",
        ),
        ("b.yml", "# tonelint-disable no-guys -- once\n- content: Hello\n  lint: no-hey\n"),
        ("c.txt", "---\ntonelint-disable: [no-hey, no-guys]\ntitle: x\n---\nhey\n"),
        ("d.html", "<p>Hello</p> <!-- tonelint-disable-line own --><p>hey</p>\n<!-- tonelint-disable-line own -->\n"),
        ("tonelint.yml", "suppress: lint\n"),
    ];
    let folder = folder(&files);
    let names = ["a.md", "b.yml", "c.txt", "d.html"];
    let before = check(&folder, &names).shown();
    // What did not run is not judged.
    assert_eq!(check(&folder, &["--select", "no-hey", "c.txt"]).status, 0);
    assert_eq!(check(&folder, &["--ignore", "unused-suppression,TL002", "a.md"]).status, 0);
    let fix = check(&folder, &[&["--fix"], &names[..]].concat()).shown();
    let after: String = names.iter().map(|name| format!("--- {name}\n{}", folder.read(name))).collect();
    insta::assert_snapshot!(format!("{before}{fix}{after}"));
    assert_eq!(check(&folder, &names).status, 0);
    assert!(folder.run(&["explain", "TL001"]).stdout.starts_with("TL001 unused-suppression"));
}

#[test]
fn suppressions_are_written_for_what_is_there() {
    let files = [
        ("a.md", "# hey\n\nOne guys and\nhey guys.  \nmore\n\n- hey\n\n| a |\n|---|\n| hey |\n"),
        ("b.yml", "# mine\n- name: x\n  content: |\n    Hello,\n    hey guys\n- content: 'hey'\n"),
        ("c.json", "[\n  {\n    \"name\": \"x\",\n    \"content\": \"hey guys\"\n  },\n  { \"content\": \"Hi\" }\n]\n"),
        ("d.html", "<p>hey</p>\r\n<p title=\"hey\">guys</p>\r\n"),
        ("e.eml", "Subject: x\n\nhey\n"),
        ("f.txt", "hey\n"),
        ("h.txt", "---\nlanguage: en\n---\nhey guys\n"),
        ("g.csv", "id,content,lint,n\r\n1,hey,,x\r\n2,\"hey guys\",\"no-hey\",x\r\n3,guys,\"\",\r\n"),
        ("tonelint.yml", "suppress: lint\n"),
    ];
    let folder = folder(&files);
    let names = ["a.md", "b.yml", "c.json", "d.html", "e.eml", "f.txt", "h.txt", "g.csv"];
    let run = folder.run(
        &[&["check", "--no-builtin", "--rules", "tone", "--format", "compact", "--add-suppressions"], &names[..]]
            .concat(),
    );
    let after: String = names.iter().map(|name| format!("--- {name}\n{}", folder.read(name))).collect();
    insta::assert_snapshot!(format!("{}{after}", run.shown()));
    let again = check(&folder, &names);
    assert_eq!(again.stdout.lines().count(), 1, "{}", again.shown());
    // What is said of the file without a place for one is a way that works.
    let said = run.stderr.split('`').find(|part| part.starts_with("files: ")).expect("a way out").to_owned();
    let config = folder.read("tonelint.yml");
    std::fs::write(folder.path().join("tonelint.yml"), format!("{config}{said}\n")).expect("writable");
    assert_eq!(check(&folder, &names).stdout, "");
}

#[test]
fn without_a_key_or_a_column_a_suppression_has_no_place() {
    let files =
        [("a.json", "[{\"content\": \"hey\"}]"), ("b.csv", "id,content\n1,hey guys\n"), ("c \"d\".txt", "hey\n")];
    let folder = folder(&files);
    let run = check(&folder, &["--add-suppressions", "a.json", "b.csv", "c \"d\".txt"]);
    insta::assert_snapshot!(run.shown());
    assert!(files.iter().all(|(name, text)| folder.read(name) == *text));
}

#[test]
fn what_a_comparison_finds_is_suppressed_at_each_place() {
    let macros = "- name: a\n  content: \"We will send your refund within 7 days. What else can I do for you?\"\n\
                  - name: b\n  content: \"We will send your refund within 9 days. What else can I do for you?\"\n";
    let files = [("a.yml", macros), ("b.md", "We'll send your refund within 3 days. What else can I do?\n")];
    let folder = Folder::new(&files);
    let check =
        |args: &[&str]| folder.run(&[&["check", "--channel", "macro", "--format", "compact", "."], args].concat());
    let before = check(&[]).shown();
    let run = check(&["--add-suppressions"]).shown();
    let after: String = files.iter().map(|(name, _)| format!("--- {name}\n{}", folder.read(name))).collect();
    insta::assert_snapshot!(format!("{before}{run}{after}{}", check(&[]).shown()));
}
