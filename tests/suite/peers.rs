//! What users of other linters complain of, each as a test here. The numbers are those of the threads
//! that were read: vale-cli/vale (V), crate-ci/typos (T), Automattic/harper (H), textlint (X), alex.

use super::support::{Folder, Run, run_in};

const PACK: &str = r#"
language: en
family: own
rules:
  - name: plain
    message: "`{match}` has a plainer word: `{rewrite}`"
    replace:
      utilize~: {to: use, safe: true}
      prior to: {to: before, safe: true}
      big long phrase: {to: phrase, safe: true}
      simply: {to: "", safe: true}
      café: {to: bar, safe: true}
  - {name: other, message: m, replace: {long phrase here: {to: words, safe: true}}}
  - {name: no-guys, message: "`{match}` leaves some out: say everyone", find: [guys], rewrite: [everyone]}
"#;

fn folder(files: &[(&str, &str)]) -> Folder {
    Folder::with(
        &[("tonelint.yml", "rules: [tone]\nselect: [own]\n"), ("tone/own.yml", PACK), (".git/keep", "")],
        files,
    )
}

fn check(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&[&["check", "--no-builtin"], args].concat())
}

fn fixed(name: &str, text: &str) -> String {
    let folder = folder(&[(name, text)]);
    let run = check(&folder, &["--fix", "--quiet", "--fail-on", "never", name]);
    assert_eq!(run.status, 0, "{}", run.shown());
    folder.read(name)
}

/// V#546, V#333, V#409, V#1123: placeholders are flagged, and users write broken patterns for them.
#[test]
fn thread_9_placeholders_need_no_setting() {
    for placeholder in
        ["{{ utilize }}", "{% utilize guys %}", "%{utilize}", "{{#if utilize}}", "<%= utilize %>", "[UTILIZE]"]
    {
        let folder = folder(&[("a.md", &format!("Hi {placeholder}, all is well.\n"))]);
        let run = check(&folder, &["a.md"]);
        assert_eq!(run.status, 0, "{placeholder}: {}", run.shown());
    }
}

/// n8n-io/n8n-docs#4992: tags of a site generator make every pull request red.
#[test]
fn thread_10_tags_of_templates_are_no_prose() {
    let text =
        "{% hint style=\"utilize\" %}\nAll is well.\n{% endhint %}\n\n{% tab title=\"guys\" %}\nFine.\n{% endtab %}\n";
    let folder = folder(&[("a.md", text)]);
    assert_eq!(check(&folder, &["a.md"]).status, 0);
}

/// V#911, V#383, V#922: keys of data files are linted.
#[test]
fn thread_11_keys_are_never_prose() {
    let files = [
        ("a.json", "[{\"utilize\": 1, \"guys\": \"guys\", \"name\": \"utilize\", \"content\": \"Fine.\"}]"),
        ("b.yml", "- name: utilize guys\n  utilize: guys\n  content: Fine.\n"),
        ("c.csv", "utilize,guys,content\nutilize,guys,Fine.\n"),
    ];
    let folder = folder(&files);
    for (name, _) in files {
        assert_eq!(check(&folder, &[name]).status, 0, "{name}");
    }
    let chosen = folder.read("tonelint.yml") + "files: [{match: \"*.json\", fields: [\"[].guys\"]}]\n";
    std::fs::write(folder.path().join("tonelint.yml"), chosen).expect("writable");
    assert_eq!(check(&folder, &["a.json"]).status, 1);
}

/// V#514, V#218, V#1093; mckinsey/vizro#540: warnings cannot fail a run, or are hidden where they don't.
#[test]
fn thread_12_warnings_can_fail_and_are_never_hidden() {
    let folder = folder(&[("a.md", "Hi guys.\n")]);
    let strict = check(&folder, &["a.md"]);
    let lenient = check(&folder, &["--fail-on", "error", "a.md"]);
    assert_eq!((strict.status, lenient.status), (1, 0));
    assert_eq!(strict.stdout, lenient.stdout);
}

/// V#653; aspect-build/rules_lint#743: a format for machines that drops the severity.
#[test]
fn thread_13_every_format_says_the_severity() {
    let folder = folder(&[("a.md", "Hi guys.\n")]);
    for format in ["human", "compact", "json", "jsonl"] {
        let run = check(&folder, &["--format", format, "a.md"]);
        assert!(run.stdout.contains("warning"), "{format}: {}", run.stdout);
    }
}

/// V#939, V#329, V#70: fixes are described and never applied.
#[test]
fn thread_14_fixes_are_applied_by_class() {
    let folder = folder(&[("a.md", "Hi guys, we utilize it.\n")]);
    check(&folder, &["--fix", "a.md"]);
    assert_eq!(folder.read("a.md"), "Hi guys, we use it.\n");
    check(&folder, &["--unsafe-fixes", "a.md"]);
    assert_eq!(folder.read("a.md"), "Hi everyone, we use it.\n");
}

/// T#570; docspec/docspec#280: a hook rewrites by default, and breaks names and code.
#[test]
fn thread_15_nothing_is_written_unless_asked() {
    let text = "We utilize it. `utilize` <code>utilize</code> https://utilize.example\n";
    let folder = folder(&[("a.md", text)]);
    for args in [&["a.md"][..], &["--diff", "a.md"], &["--force-exclude", "a.md"]] {
        check(&folder, args);
        assert_eq!(folder.read("a.md"), text, "{args:?}");
    }
    check(&folder, &["--fix", "a.md"]);
    assert_eq!(folder.read("a.md"), text.replacen("utilize", "use", 1));
}

/// H#929, H#2685, H#3468: overlapping fixes corrupt the text.
#[test]
fn thread_16_overlapping_fixes_are_one_after_the_other() {
    assert_eq!(fixed("a.md", "A big long phrase here, yes.\n"), "A phrase here, yes.\n");
    assert_eq!(fixed("a.md", "Any long phrase here, yes.\n"), "Any words, yes.\n");
}

/// X#731, X#732: fixes that only touch each other are not applied.
#[test]
fn thread_17_touching_fixes_are_both_applied() {
    assert_eq!(fixed("a.md", "You simply utilize/utilize it.\n"), "You use/use it.\n");
}

/// T#347, T#548, T#360, T#1043: excludes are forgotten for files that are named.
#[test]
fn thread_22_excludes_hold_for_named_files() {
    let folder = folder(&[(".gitignore", "vendor/\n"), ("vendor/a.md", "Hi guys.\n"), ("b.md", "Fine.\n")]);
    assert_eq!(check(&folder, &["vendor/a.md"]).status, 1);
    let run = check(&folder, &["--force-exclude", "vendor/a.md", "b.md"]);
    assert_eq!(run.shown(), "exit 0\n--- stdout\n1 file and 1 reply read: nothing to mend\n");
}

/// V#1117, V#1095, V#176, V#605: sections replace instead of adding, and globs depend on where one stands.
#[test]
fn thread_23_sections_add_and_globs_are_relative_to_their_file() {
    let config = "rules: [tone]\nignore: [plain]\nfiles:\n  - {match: \"sub/*.md\", vocabulary: [guys]}\n";
    let folder =
        folder(&[("tonelint.yml", config), ("sub/a.md", "Hi guys, utilize.\n"), ("a.md", "Hi guys, utilize.\n")]);
    let compact = |from: &str, path: &str| {
        let run =
            run_in(&folder.path().join(from), &["check", "--no-builtin", "--quiet", "--format", "compact", path], "");
        run.stdout.lines().count()
    };
    for (from, inner, outer) in
        [(".", "sub/a.md", "a.md"), ("sub", "a.md", "../a.md"), ("tone", "../sub/a.md", "../a.md")]
    {
        assert_eq!((compact(from, inner), compact(from, outer)), (0, 1), "from {from}");
    }
    assert!(folder.run(&["config", "sub/a.md"]).stdout.contains("tonelint.yml:4 (sub/*.md)"));
}

/// V#261, V#529, V#927, V#1032, V#1073; H#105; T#316: inline switches fail inside blocks.
#[test]
fn thread_24_suppressions_work_inside_lists_tables_and_notes() {
    let text = "\
- one
  - two guys <!-- tonelint-disable-line no-guys -- a band -->

| a | b |
|---|---|
| guys <!-- tonelint-disable-line --> | x |

A note[^1].

[^1]: For guys. <!-- tonelint-disable-line no-guys -->

<!-- tonelint-disable-next-line no-guys -->
## For guys

<!-- tonelint-disable no-guys -->

1. guys

   guys

<!-- tonelint-enable no-guys -->
";
    let folder = folder(&[("a.md", text)]);
    let run = check(&folder, &["a.md"]);
    assert_eq!(run.status, 0, "{}", run.shown());
}

/// get-alex/alex#33; veniceai/api-docs#188: the text of a quick fix is a note and no replacement.
#[test]
fn item_13_a_rewrite_is_text_and_no_note() {
    let folder = folder(&[("a.md", "Hi guys.\n")]);
    let run = check(&folder, &["--format", "json", "a.md"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(report["findings"][0]["rewrites"][0]["text"], "everyone");
    check(&folder, &["--unsafe-fixes", "--quiet", "a.md"]);
    assert_eq!(check(&folder, &["a.md"]).status, 0, "what is written lints clean");
}

/// Items 14 and 15: the search goes up from each file; no configuration is no error, and said aloud.
#[test]
fn items_14_and_15_no_configuration_is_said_when_asked() {
    let folder = Folder::new(&[(".git/keep", ""), ("a.md", "Fine.\n")]);
    let quiet = folder.run(&["check", "a.md"]);
    assert_eq!((quiet.status, quiet.stderr.as_str()), (0, ""));
    assert!(folder.run(&["check", "--verbose", "a.md"]).stderr.contains("no configuration file"));
    assert!(folder.run(&["config", "a.md"]).stdout.contains("no configuration file; the defaults hold"));
    let typed = folder.run(&["check", "--select", "jargn", "a.md"]);
    assert_eq!(typed.shown(), "exit 2\n--- stderr\ntonelint: no rule is called `jargn`; did you mean `jargon`?\n");
}

/// Items 23 and 24: one policy for overlaps, a fixed point, and the same bytes everywhere else.
#[test]
fn items_23_and_24_fixing_again_changes_nothing() {
    let text = "\u{FEFF}We utilize\tit  prior to\r\nthe café,\rguys. \n\nutilize";
    let once = fixed("a.txt", text);
    assert_eq!(once, "\u{FEFF}We use\tit  before\r\nthe bar,\rguys. \n\nuse");
    assert_eq!(fixed("a.txt", &once), once);
}
