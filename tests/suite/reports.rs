//! What other programs read: the report formats, where they go, and which files a run takes.

use std::collections::HashSet;
use std::path::Path;

use serde_json::Value;

use super::support::{Folder, Run, check, command, run_in};

const PACK: &str = r#"
family: own
rules:
  - name: sorry-you
    severity: error
    summary: an apology for the customer's experience
    message: "`{match}` is about {what}, not about us"
    why: It leaves open who did it.
    source: test
    find: ["we are sorry you have {what: [this|a] (problem|issue)}"]
    rewrite: ["I'm sorry we {did what}."]
    examples:
      hit: ["We're sorry you have a problem."]
      miss: ["We're sorry."]
  - name: plain
    message: "`{match}` has a plainer word: `{rewrite}`"
    replace:
      utilize~: {to: use, safe: true}
  - name: echo
    severity: info
    message: "{match}"
    find: ["/zz.*zz/"]
"#;

const DRAFT: &str =
    "\u{FEFF}Hi 😀, utilize 你好 utilize\r\n\r\nWe’re **sorry** you have\r\nthis problem: é 🙂 utilize\r\n";

const FORMATS: [&str; 10] =
    ["human", "compact", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson"];

fn folder(files: &[(&str, &str)]) -> Folder {
    Folder::with(&[("tone/own.yml", PACK), (".git/keep", "")], files)
}

fn parsed(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).expect("JSON")
}

#[test]
fn each_format() {
    let folder = folder(&[("sub dir/dräft #1.md", DRAFT), ("clean.md", "Hi"), ("tone/keep", "")]);
    std::fs::write(folder.path().join("broken.md"), b"caf\xe9").expect("a file");
    let mut shown = String::new();
    for format in &FORMATS[4..] {
        let run = check(&folder, &["--format", format, "sub dir", "clean.md", "broken.md"]);
        shown.push_str(&format!("## {format}\n{}\n", run.shown()));
    }
    for format in &FORMATS[4..] {
        shown.push_str(&format!("## {format}, clean\n{}\n", check(&folder, &["--format", format, "clean.md"]).shown()));
    }
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    insta::assert_snapshot!(shown.replace(version, "v[VERSION]"));
}

#[test]
fn columns_are_in_the_unit_of_each_format() {
    let folder = folder(&[("draft.md", DRAFT)]);
    let findings = parsed(&check(&folder, &["--format", "json", "draft.md"]))["findings"].clone();
    let texts: Vec<&str> = findings.as_array().expect("a list").iter().filter_map(|one| one["text"].as_str()).collect();
    assert_eq!(texts.len(), 4, "{texts:?}");
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("small");

    let sarif = parsed(&check(&folder, &["--format", "sarif", "draft.md"]));
    let lines: Vec<Vec<u16>> =
        DRAFT.trim_start_matches('\u{FEFF}').split('\n').map(|line| line.encode_utf16().collect()).collect();
    for (result, text) in sarif["runs"][0]["results"].as_array().expect("a list").iter().zip(&texts) {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let (start, end) = (number(&region["startLine"]) - 1, number(&region["endLine"]) - 1);
        let mut units: Vec<u16> = lines[start..=end].join(&u16::from(b'\n'));
        units.truncate(units.len() - lines[end].len() + number(&region["endColumn"]) - 1);
        assert_eq!(String::from_utf16_lossy(&units[number(&region["startColumn"]) - 1..]), *text);
        let from = number(&region["byteOffset"]);
        assert_eq!(&DRAFT[from..from + number(&region["byteLength"])], *text);
    }

    let rdjson = parsed(&check(&folder, &["--format", "rdjson", "draft.md"]));
    let lines: Vec<&str> = DRAFT.split('\n').collect();
    for (diagnostic, text) in rdjson["diagnostics"].as_array().expect("a list").iter().zip(&texts) {
        let range = &diagnostic["location"]["range"];
        let (start, end) = (number(&range["start"]["line"]) - 1, number(&range["end"]["line"]) - 1);
        let mut bytes = lines[start..=end].join("\n");
        bytes.truncate(bytes.len() - lines[end].len() + number(&range["end"]["column"]) - 1);
        assert_eq!(&bytes[number(&range["start"]["column"]) - 1..], *text);
    }
}

/// What a runner of GitHub Actions would take for a command, after the runner's own source.
fn commands(output: &str) -> Vec<&str> {
    output.lines().filter(|line| line.trim_start().starts_with("::") || line.contains("##[")).collect()
}

#[test]
fn linted_text_gives_no_workflow_command() {
    let draft = "zz\u{2028}::set-output name=a::b %0A::error::c ##[add-mask]d,e:f zz\n";
    let name = "::error file=a,line=1::%0A##[group]x.md";
    let folder = folder(&[(name, &draft.repeat(12))]);
    let run = check(&folder, &["--format", "github", "--fail-on", "info", "--", name]);
    assert_eq!(run.status, 1);
    for line in commands(&run.stdout) {
        let known = ["::group::", "::notice title=", "::endgroup::"];
        assert!(known.iter().any(|start| line.starts_with(start)), "{line}");
        let (head, _) = line[2..].split_once("::").expect("a command");
        assert!(!head.contains("::") && head.matches(',').count() <= 5, "{head}");
    }
    insta::assert_snapshot!(run.shown());
}

#[test]
fn github_shows_ten_annotations_and_the_summary_all() {
    let draft = "utilize it.\n\n".repeat(12);
    let folder = folder(&[("a|b.md", &draft), ("gone", "")]);
    let summary = folder.path().join("summary.md");
    let args = ["check", "--no-builtin", "--rules", "tone", "--format", "github", "a|b.md", "missing.md"];
    let output = command(folder.path(), &args).env("GITHUB_STEP_SUMMARY", &summary).output().expect("it runs");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(stdout.matches("::warning ").count(), 10, "{stdout}");
    assert_eq!(stdout.matches("::error ").count(), 1, "{stdout}");
    insta::assert_snapshot!(folder.read("summary.md"));
    assert!(check(&folder, &["--format", "github", "a|b.md"]).stdout.contains("2 without an annotation"));
}

#[test]
fn gitlab_takes_no_two_findings_for_one() {
    let folder = folder(&[("a.md", &"utilize it.\n\n".repeat(5)), ("b.md", "utilize it.\n")]);
    let issues = parsed(&check(&folder, &["--format", "gitlab", "a.md", "b.md", "gone.md", "gone2.md"]));
    let issues = issues.as_array().expect("a list");
    let fingerprints: HashSet<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    assert_eq!((issues.len(), fingerprints.len()), (8, 8));
}

#[test]
fn paths_are_the_repositorys_where_a_service_reads_them() {
    let folder = folder(&[("replies/de/a.md", "utilize it.")]);
    let inside = folder.path().join("replies/de");
    let run = |format| {
        run_in(&inside, &["check", "--no-builtin", "--rules", "../../tone", "--format", format, "../de/a.md"], "")
    };
    for (format, path) in [
        ("sarif", "\"uri\": \"replies/de/a.md\""),
        ("github", "file=replies/de/a.md,"),
        ("gitlab", "\"path\": \"replies/de/a.md\""),
        ("rdjson", "\"path\": \"../de/a.md\""),
        ("checkstyle", "name=\"../de/a.md\""),
    ] {
        let run = run(format);
        assert!(run.stdout.contains(path), "{}", run.shown());
    }
}

#[test]
fn several_reports_in_one_run() {
    let folder = folder(&[("a.md", "utilize it.\n"), ("old.sarif", "old")]);
    let run =
        check(&folder, &["--format", "sarif=old.sarif", "--format", "compact", "--format", "junit=out.xml", "a.md"]);
    insta::assert_snapshot!(run.shown());
    assert!(folder.read("old.sarif").contains("\"version\": \"2.1.0\""));
    assert!(folder.read("out.xml").contains("<testsuites"));

    let run = check(&folder, &["--format", "json", "--output", "out.json", "a.md"]);
    insta::assert_snapshot!(run.shown());
    let quiet = check(&folder, &["--format", "json", "-o", "out.json", "--quiet", "a.md"]);
    assert_eq!((quiet.status, quiet.stdout, quiet.stderr), (1, String::new(), String::new()));
    assert!(serde_json::from_str::<Value>(&folder.read("out.json")).is_ok());
    let people = check(&folder, &["--output", "out.txt", "a.md"]);
    assert_eq!(people.status, 1);
    assert!(folder.read("out.txt").starts_with("warning[plain]"), "{}", folder.read("out.txt"));
}

#[test]
fn reports_that_cannot_be_written() {
    let folder = folder(&[("a.md", "utilize it.\n")]);
    let mut shown = String::new();
    for args in [
        &["--format", "json", "--format", "sarif", "a.md"][..],
        &["--format", "json=x", "--format", "sarif=x", "a.md"],
        &["--format", "json=x", "--output", "y", "a.md"],
        &["--format", "json=", "a.md"],
        &["--format", "no/such/format=x", "a.md"],
        &["--format", "json=no/such/folder/x", "a.md"],
        &["--output", ".", "a.md"],
    ] {
        let run = check(&folder, args);
        assert_eq!(run.status, 2, "{args:?}\n{}", run.shown());
        shown.push_str(&format!("## {}\n{}\n", args.join(" "), run.stderr));
    }
    insta::assert_snapshot!(shown);
    assert!(!folder.path().join("x").exists());
}

#[test]
fn redacted_reports_hold_no_word_of_a_reply() {
    let folder = folder(&[(
        "a.md",
        "Dear Rosamund, we are sorry you have a problem. Utilizing it, Zebedee.\n\nzz Marmaduke zz\n",
    )]);
    for format in FORMATS {
        let run = check(&folder, &["--redact", "--fail-on", "info", "--format", format, "a.md"]);
        assert_eq!(run.status, 1);
        let shown = run.shown();
        for word in ["Rosamund", "Zebedee", "Marmaduke", "Utiliz", "Using"] {
            assert!(!shown.contains(word), "{format} says {word}:\n{shown}");
        }
        assert!(shown.contains("sorry-you"), "{format}\n{shown}");
    }
    insta::assert_snapshot!(check(&folder, &["--redact", "a.md"]).shown());
}

#[test]
fn max_warnings() {
    let folder = folder(&[("two.md", "utilize it.\n\nutilize it.\n"), ("error.md", "We're sorry you have a problem.")]);
    for (args, status) in [
        (&["--max-warnings", "1", "two.md"][..], 1),
        (&["--max-warnings", "2", "two.md"], 0),
        (&["--max-warnings", "2", "two.md", "error.md"], 1),
        (&["--max-warnings", "0", "--fail-on", "error", "two.md"], 1),
        (&["--max-warnings", "2", "--fail-on", "never", "error.md"], 0),
    ] {
        let run = check(&folder, args);
        assert_eq!(run.status, status, "{args:?}\n{}", run.shown());
        assert!(
            run.stdout.contains("two.md:1:1") || !args.contains(&"two.md"),
            "warnings that pass are shown\n{}",
            run.shown()
        );
    }
    insta::assert_snapshot!(check(&folder, &["--max-warnings", "1", "--format", "compact", "two.md"]).shown());
}

#[test]
fn files_from_a_list() {
    let folder = folder(&[
        ("a b.md", "utilize it."),
        ("ä.md", "utilize it."),
        ("c.md", "Hi"),
        ("lines", "a b.md\r\n\nä.md\n"),
        ("zeros", "a b.md\0ä.md\0"),
        ("none", ""),
    ]);
    let found = |run: &Run| run.stdout.lines().filter(|line| line.contains(": warning ")).count();
    for args in [&["--files-from", "lines"][..], &["--files-from", "zeros"], &["--files-from", "zeros", "c.md"]] {
        let run = check(&folder, &[&["--format", "compact"], args].concat());
        assert_eq!((run.status, found(&run)), (1, 2), "{}", run.shown());
    }
    let args = ["check", "--no-builtin", "--rules", "tone", "--format", "compact", "--files-from", "-"];
    assert_eq!(found(&run_in(folder.path(), &args, "a b.md\0")), 1);
    let none = check(&folder, &["--files-from", "none"]);
    assert_eq!(none.status, 0, "{}", none.shown());
    for args in [&["--files-from", "gone"][..], &["--files-from", "-", "-"]] {
        let run = check(&folder, args);
        assert_eq!((run.status, run.stderr.is_empty()), (2, false), "{}", run.shown());
    }
}

#[test]
fn the_report_is_the_same_for_any_number_of_threads() {
    let names: Vec<String> = (0..60).map(|number| format!("d{}/f{number}.md", number % 7)).collect();
    let texts: Vec<String> = (0..60).map(|number| "utilize it.\n\n".repeat(number % 4)).collect();
    let files: Vec<(&str, &str)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&files);
    for format in FORMATS {
        let of = |jobs: &str| {
            let run = check(&folder, &["--format", format, "--jobs", jobs, ".", "gone.md", "d1/f1.md"]);
            (run.status, run.stdout, run.stderr)
        };
        let one = of("1");
        assert_eq!(one.0, 2);
        for jobs in ["2", "8", "0"] {
            assert_eq!(of(jobs), one, "{format} --jobs {jobs}");
        }
    }
}

#[test]
fn a_check_that_is_not_watched_draws_no_bar() {
    let folder = folder(&[("a.md", "Hi")]);
    let run = check(&folder, &["."]);
    assert!(!run.stderr.contains("checking"), "{}", run.shown());
    assert!(Path::new(&folder.path().join("a.md")).exists());
}

#[test]
fn sarif_says_what_is_suppressed_and_what_is_known() {
    let folder = folder(&[("a.md", "utilize 😀 this.\n\nutilize that. <!-- tonelint-disable-line plain -->\n")]);
    let known = check(&folder, &["--write-baseline", "--baseline", "known.json", "a.md"]);
    assert_eq!(known.status, 0, "{}", known.shown());
    std::fs::write(folder.path().join("a.md"), format!("😀 utilize it.\n\n{}", folder.read("a.md"))).expect("a file");
    let log = parsed(&check(&folder, &["--baseline", "known.json", "--format", "sarif", "a.md"]));
    let results = log["runs"][0]["results"].as_array().expect("a list");
    let stands: Vec<String> = results
        .iter()
        .map(|result| {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let (line, column) = (&region["startLine"], &region["startColumn"]);
            format!("{line}:{column} {} {}", result["baselineState"], result["suppressions"])
        })
        .collect();
    assert_eq!(stands, ["1:4 \"new\" []", "3:1 \"unchanged\" []", "5:1 \"unchanged\" [{\"kind\":\"inSource\"}]"]);
}

#[test]
fn a_report_takes_the_place_of_no_reply() {
    let folder = folder(&[("replies/a.md", DRAFT), ("replies/b.md", "Hi"), ("macros.json", "[{\"content\": \"Hi\"}]")]);
    for args in [
        ["--format", "json", "-o", "replies/a.md", "replies/b.md"].as_slice(),
        &["--format", "sarif=macros.json", "."],
        &["--format", "sarif=x.json", "--format", "gitlab=./x.json", "."],
    ] {
        let run = check(&folder, args);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.shown());
        assert!(run.stderr.contains("is no report") || run.stderr.contains("two reports"), "{}", run.shown());
    }
    assert_eq!(folder.read("replies/a.md"), DRAFT);
    // A run that finds the report of the last one does not read it, and writes it again.
    for format in FORMATS {
        for dir in ["replies", "."] {
            let report = format!("{format}={dir}/report.txt");
            let runs = [(); 2].map(|()| check(&folder, &["--quiet", "--format", &report, dir]).shown());
            assert_eq!(runs[0], runs[1], "{report}");
            std::fs::remove_file(folder.path().join(dir).join("report.txt")).expect("it is there");
        }
    }
}

#[test]
fn a_reader_that_has_seen_enough_changes_no_status() {
    let folder = folder(&[("a.md", &"We utilize it.\n\n".repeat(4000))]);
    for format in FORMATS {
        let args = ["check", "--no-builtin", "--rules", "tone", "--format", format, "--fail-on", "info", "a.md"];
        let mut child = command(folder.path(), &args).stdout(std::process::Stdio::piped()).spawn().expect("it starts");
        // Standard output is closed before the first byte is written.
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}
