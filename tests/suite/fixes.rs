//! Fixes: real files in, whole files out, and the laws that hold for any of them.

use proptest::prelude::*;
use tonelint::config::Known;
use tonelint::mend::mend;
use tonelint::rule::{Applicability, Pack};
use tonelint::{Config, Linter, Source};

use super::support::{Folder, check, run_in};

const PACK: &str = r#"
language: en
family: own
rules:
  - name: plain
    message: "`{match}`"
    replace:
      utilize~: {to: use, safe: true}
      prior to: {to: before, safe: true}
      an excellent: {to: a good, safe: true}
      subsequently: {to: afterwards, safe: true}
      asap: {to: as soon as possible, safe: true}
      simply: {to: "", safe: true}
      exceedingly: {to: "", safe: true}
      kindly ask: {to: ask, safe: true}
      issue: {to: problem, safe: true}
  - name: quotes
    message: "`{match}`"
    find: ["zz odd"]
    rewrite: [{to: "it's \"so\", R&D", applicability: safe}]
  - name: captures
    message: "`{match}`"
    find: ["we are sorry about the {what: (delay|wait)}"]
    rewrite: [{to: "the {what} is our fault", applicability: unsafe}]
  - name: guess
    message: "`{match}`"
    find: ["at your convenience"]
    rewrite: ["{when}", {to: "when it suits you", applicability: unsafe}]
"#;

fn linter() -> &'static Linter {
    static LINTER: std::sync::LazyLock<Linter> = std::sync::LazyLock::new(|| {
        let mut packs = tonelint::builtin_packs().expect("the built-in packs are valid");
        packs.retain(|pack| pack.grammar.is_some());
        packs.iter_mut().for_each(|pack| pack.rules.clear());
        packs.push(Pack::read("test.yml", PACK, false).expect("a valid pack"));
        Linter::new(packs, Config::default()).expect("no code is taken twice")
    });
    &LINTER
}

fn fixed_at(name: &str, text: &str, trust: Applicability) -> String {
    let source = Source::new(name, text.as_bytes().to_vec()).expect("a text");
    mend(linter(), &source, &Known::default(), trust).source.text().to_owned()
}

fn fixed(name: &str, text: &str) -> String {
    fixed_at(name, text, Applicability::Safe)
}

#[test]
fn case_inflection_articles_and_spaces_come_out_right() {
    for (before, after) in [
        ("Utilizing it is easy.", "Using it is easy."),
        ("She utilized it, and UTILIZES THE APP.", "She used it, and USES THE APP."),
        ("It is an excellent idea.", "It is a good idea."),
        ("An issue is here.", "A problem is here."),
        ("Please answer ASAP.", "Please answer as soon as possible."),
        ("PLEASE ANSWER ASAP.", "PLEASE ANSWER AS SOON AS POSSIBLE."),
        ("Simply click Save.", "Click Save."),
        ("Simply, click Save.", "Click Save."),
        ("You can simply click Save.", "You can click Save."),
        ("It is, simply, done.", "It is done."),
        ("Do it simply.", "Do it."),
        ("It was an exceedingly good day.", "It was a good day."),
        ("And I kindly ask you.", "And I ask you."),
        ("Kindly ask them.", "Ask them."),
        ("Send it prior to\nthe call.", "Send it before\nthe call."),
        ("Send it prior\nto the call.", "Send it before\nthe call."),
        ("Send it prior\r\nto the call.\r\n", "Send it before\r\nthe call.\r\n"),
        ("Please answer\nasap.", "Please answer\nas soon as possible."),
        // A placeholder, markup or code in it: nobody's to change.
        ("It is an **excellent** idea.", "It is an **excellent** idea."),
        ("Run `utilize` and {{utilize}}.", "Run `utilize` and {{utilize}}."),
    ] {
        assert_eq!(fixed("a.md", before), after, "{before}");
    }
}

#[test]
fn unsafe_fixes_fill_captures_and_pass_over_examples() {
    let draft = "We are sorry about the delay. Call at your convenience.";
    assert_eq!(fixed("a.md", draft), draft);
    let mended = "The delay is our fault. Call when it suits you.";
    assert_eq!(fixed_at("a.md", draft, Applicability::Unsafe), mended);
}

#[test]
fn what_is_written_is_escaped_as_its_place_asks() {
    for (name, before, after) in [
        (
            "a.json",
            r#"{ "content" : "See zz odd b",  "n": 1.0e5 }"#,
            r#"{ "content" : "See it's \"so\", R&D b",  "n": 1.0e5 }"#,
        ),
        ("a.json", r#"{"content": "<p>See zz odd b</p>"}"#, r#"{"content": "<p>See it's \"so\", R&amp;D b</p>"}"#),
        ("a.html", "<p>See zz odd b</p>", "<p>See it's \"so\", R&amp;D b</p>"),
        (
            "a.html",
            "<p><img alt='See zz odd b' src=x></p>",
            "<p><img alt='See it&#39;s &quot;so&quot;, R&amp;D b' src=x></p>",
        ),
        ("a.yml", "body: 'See zz odd b' # here\nname: x\n", "body: 'See it''s \"so\", R&D b' # here\nname: x\n"),
        ("a.yml", "body: \"See zz odd b\"\n", "body: \"See it's \\\"so\\\", R&D b\"\n"),
        ("a.yml", "body: See zz odd b  # here\n", "body: See it's \"so\", R&D b  # here\n"),
        ("a.yml", "{body: See zz odd b}\n", "{body: See zz odd b}\n"),
        ("a.yml", "body: |\n  See zz odd\n  b\n", "body: |\n  See it's \"so\", R&D\n  b\n"),
        ("a.csv", "id,body\n1,See zz odd b\n2,x\n", "id,body\n1,\"See it's \"\"so\"\", R&D b\"\n2,x\n"),
        ("a.csv", "id,body\n1,zz odd\n", "id,body\n1,\"it's \"\"so\"\", R&D\"\n"),
        ("a.csv", "id,body\r\n1,\"See zz odd b\"\r\n", "id,body\r\n1,\"See it's \"\"so\"\", R&D b\"\r\n"),
        (
            "a.eml",
            "Subject: Hi\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nCaf=C3=A9 a=3Db: we utilize it there, and there is nothing to do but this.\n",
            "Subject: Hi\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nCaf=C3=A9 a=3Db: we use it there, and there is nothing to do but this.\n",
        ),
    ] {
        assert_eq!(fixed(name, before), after, "{before}");
    }
}

#[test]
fn letters_of_an_ascii_file_stay_escaped() {
    let pack =
        "language: any\nrules: [{name: n, message: m, find: [zz odd], rewrite: [{to: café, applicability: safe}]}]";
    let packs = vec![Pack::read("t.yml", pack, false).expect("a pack")];
    let linter = Linter::new(packs, Config::default()).expect("a linter");
    let source = Source::new("a.json", br#"{"content": "zz odd, caf\u00e9"}"#.to_vec()).expect("a text");
    let mended = mend(&linter, &source, &Known::default(), Applicability::Safe).source;
    assert_eq!(mended.text(), r#"{"content": "caf\u00e9, caf\u00e9"}"#);
}

#[test]
fn rewrites_that_make_it_no_better_are_not_applied() {
    let pack = |rules: &str| {
        let text = format!("language: any\nfamily: own\nrules:\n{rules}");
        Linter::new(vec![Pack::read("t.yml", &text, false).expect("a pack")], Config::default()).expect("a linter")
    };
    let after = |linter: &Linter, text: &str| {
        let source = Source::new("a.md", text.as_bytes().to_vec()).expect("a text");
        let mended = mend(linter, &source, &Known::default(), Applicability::Safe);
        (mended.source.text().to_owned(), mended.circle)
    };
    let worse = pack(
        "  - {name: a, message: m, find: [utilize], rewrite: [{to: leverage it, applicability: safe}]}\n  - {name: b, message: m, find: [leverage]}\n",
    );
    assert_eq!(after(&worse, "utilize"), ("utilize".into(), vec![]));
    let circle = pack(
        "  - {name: a, message: m, find: [utilize], rewrite: [{to: leverage, applicability: safe}]}\n  - {name: b, message: m, find: [leverage], rewrite: [{to: utilize, applicability: safe}]}\n",
    );
    assert_eq!(after(&circle, "utilize").0, "utilize");
    assert!(!after(&circle, "utilize").1.is_empty());
    let placeholder = pack(
        "  - {name: a, message: m, find: [dear customer], rewrite: [{to: \"{{name}} dear\", applicability: safe}]}\n",
    );
    assert_eq!(after(&placeholder, "Hi dear customer").0, "Hi dear customer");
}

fn folder(files: &[(&str, &str)]) -> Folder {
    Folder::with(&[("tone/own.yml", PACK), (".git/keep", "")], files)
}

#[test]
fn counts_of_what_is_mended_and_left() {
    let folder = folder(&[("a.md", "We utilize it at your convenience.\n"), ("b.md", "Utilize it.\n")]);
    insta::assert_snapshot!(check(&folder, &["--fix", "a.md", "b.md"]).shown());
    assert_eq!(folder.read("a.md"), "We use it at your convenience.\n");
    let rest = check(&folder, &["--unsafe-fixes", "a.md", "b.md", "--format", "compact"]);
    assert_eq!(rest.shown(), "exit 0\n--- stdout\n1 mended, none left\n2 files and 2 replies read: nothing to mend\n");
}

#[test]
fn a_diff_writes_nothing_and_applies() {
    let files = [
        ("a.md", "One.\nTwo.\nThree.\n\nWe utilize it.\n\nFour\nFive\nSix\nSeven\n\nPrior to this, simply go.\n"),
        ("sub/with space.txt", "We utilize it\r\nprior to this,\r\nsimply"),
        ("é.json", "{\"content\": \"We utilize it\"}"),
    ];
    let folder = folder(&files);
    let run = check(&folder, &["--diff", "a.md", "sub", "é.json"]);
    insta::assert_snapshot!(run.shown());
    for (name, text) in files {
        assert_eq!(folder.read(name), text);
    }
    let git = |args: &[&str]| {
        let mut child = std::process::Command::new("git");
        child.current_dir(folder.path()).args(args).env("GIT_DIR", folder.path().join("none"));
        child.stdin(std::process::Stdio::piped()).spawn().expect("git starts")
    };
    let mut apply = git(&["apply", "-"]);
    std::io::Write::write_all(&mut apply.stdin.take().expect("a pipe"), run.stdout.as_bytes()).expect("it reads");
    assert!(apply.wait().expect("it ends").success());
    assert_eq!(folder.read("sub/with space.txt"), "We use it\r\nbefore this,\r\n");
    assert_eq!(folder.read("é.json"), "{\"content\": \"We use it\"}");
    assert!(folder.read("a.md").contains("Before this, go."));
    assert_eq!(check(&folder, &["--diff", "a.md", "sub", "é.json"]).stdout, "");
}

#[test]
fn standard_input_comes_out_fixed() {
    let folder = folder(&[]);
    let args = ["check", "--no-builtin", "--rules", "tone", "--fix", "-"];
    insta::assert_snapshot!(run_in(folder.path(), &args, "We utilize it\r\nat your convenience.").shown());
    assert_eq!(run_in(folder.path(), &args, "Fine.").stdout, "Fine.");
}

#[cfg(unix)]
#[test]
fn files_keep_what_they_are() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let folder = folder(&[
        ("real.md", "\u{FEFF}We utilize it.\r\nSo.\n"),
        ("locked.md", "We utilize it."),
        ("twin.md", "We utilize it."),
    ]);
    let path = |name: &str| folder.path().join(name);
    symlink("real.md", path("link.md")).expect("a link");
    std::fs::hard_link(path("twin.md"), path("other.md")).expect("a link");
    std::fs::set_permissions(path("real.md"), std::fs::Permissions::from_mode(0o640)).expect("a mode");
    std::fs::set_permissions(path("locked.md"), std::fs::Permissions::from_mode(0o444)).expect("a mode");
    let run = check(&folder, &["--fix", "--format", "compact", "link.md", "locked.md", "twin.md"]);
    insta::assert_snapshot!(run.shown());
    assert_eq!(folder.read("real.md"), "\u{FEFF}We use it.\r\nSo.\n");
    assert!(path("link.md").symlink_metadata().expect("there").is_symlink());
    assert_eq!(path("real.md").metadata().expect("there").permissions().mode() & 0o777, 0o640);
    assert_eq!(folder.read("locked.md"), "We utilize it.");
    assert_eq!(folder.read("other.md"), folder.read("twin.md"));
    assert_eq!(path("twin.md").metadata().expect("there").nlink(), 2);
}

/// Paragraphs of words, some of them faults, with placeholders and signs among them.
fn draft() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "We",
        "utilize",
        "Utilized",
        "it",
        "prior",
        "to",
        "an",
        "excellent",
        "a",
        "simply",
        "Simply",
        "the",
        "issue",
        "an issue",
        "ASAP",
        "zz",
        "odd",
        "{{name}}",
        "[NAME]",
        "%{x}",
        "`utilize`",
        "**utilize**",
        "*prior* to",
        "R&D",
        "\"so\"",
        "it's",
        "é",
        "😀",
        "C:\\x",
        "<b>utilize</b>",
        "&amp;",
        "exceedingly",
        "subsequently",
        "- utilize",
        "> utilize",
        "http://utilize.example/prior",
    ]);
    let gaps = prop::sample::select(vec![" ", " ", " ", " ", ". ", ", ", "? ", ": ", "\n", "\n\n", "  ", "\r\n"]);
    let pairs = prop::collection::vec((words, gaps), 1..30);
    pairs.prop_map(|pairs| pairs.into_iter().flat_map(|(word, gap)| [word, gap]).collect::<String>().trim_end().into())
}

/// The same text as each format holds it, between fields that are nobody's to change.
fn forms(text: &str) -> Vec<(&'static str, String)> {
    let json = serde_json::json!([{ "name": "utilize", "content": text, "n": 1 }, { "content": "Fine." }]);
    let cell = text.replace('"', "\"\"");
    let bare: String = text.replace(['"', ',', '\n', '\r'], " ");
    vec![
        ("a.md", text.to_owned()),
        ("a.txt", text.to_owned()),
        ("a.html", format!("<!-- utilize -->\n<p title=\"so\">{text}</p>\n<pre>utilize</pre>")),
        ("a.json", serde_json::to_string_pretty(&json).expect("JSON")),
        ("a.yml", format!("# utilize\n{}", serde_yaml::to_string(&json).expect("YAML"))),
        ("b.yml", format!("content: \"{}\"  # utilize\n", text.escape_default())),
        ("a.csv", format!("id,content,note\r\n1,\"{cell}\",utilize\r\n2,Fine.,\"x\"\r\n")),
        ("b.csv", format!("id,content,note\n1,{bare},utilize\n2,Fine.,\"x\"\n")),
        ("a.eml", format!("Subject: We utilize it\nX-Note: utilize\n\n{text}\n")),
    ]
}

#[test]
fn what_only_fails_together_is_no_circle() {
    // Without "exceedingly" and "simply", the last line would be a list item; one of the two may go.
    let mail = "Subject: We utilize it\n\nutilize issue issue issue <b>utilize</b> simply simply We\nexceedingly  simply - utilize\n";
    let source = Source::new("a.eml", mail.as_bytes().to_vec()).expect("a text");
    let mended = mend(linter(), &source, &Known::default(), Applicability::Safe);
    assert_eq!(mended.circle, Vec::<String>::new());
    insta::assert_snapshot!(mended.source.text());
}

fn placeholders(text: &str) -> Vec<String> {
    let pattern = regex::Regex::new(r"\{\{.*?\}\}|%\{.*?\}|\[NAME\]|http://utilize\.example/prior").expect("a pattern");
    pattern.find_iter(text).map(|hit| hit.as_str().to_owned()).collect()
}

/// Where two texts differ, as the parts before and after that are the same.
fn common(one: &str, other: &str) -> (usize, usize) {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let head = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let tail = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    (head, tail)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn laws_of_fixing(text in draft()) {
        for (name, file) in forms(&text) {
            let Ok(source) = Source::new(name, file.clone().into_bytes()) else { continue };
            let before = linter().lint(&source);
            if !before.errors.is_empty() {
                continue;
            }
            let known = Known::default();
            let once = mend(linter(), &source, &known, Applicability::Safe);
            prop_assert!(once.circle.is_empty());
            // Fixing twice is fixing once.
            let twice = mend(linter(), &once.source, &known, Applicability::Safe);
            prop_assert_eq!(twice.source.text(), once.source.text(), "{} of {:?}", name, file);
            // No placeholder changes.
            prop_assert_eq!(placeholders(once.source.text()), placeholders(&file));
            // The file parses, and holds as many replies.
            let after = linter().lint(&once.source);
            prop_assert!(after.errors.is_empty());
            prop_assert_eq!(after.replies, before.replies);
            // No fault is new.
            let codes = |report: &tonelint::Report, code: &str| {
                report.findings.iter().filter(|finding| finding.code == code).count()
            };
            for finding in &after.findings {
                prop_assert!(codes(&after, &finding.code) <= codes(&before, &finding.code), "{:?}", finding);
            }
            // Bytes before the first edit and after the last are the same. What a fix brings to light is mended
            // too, and stands elsewhere.
            let alone = once.fixed.len() <= before.findings.len();
            if let Some(first) = before.findings.iter().map(|finding| finding.span.start).min().filter(|_| alone) {
                let (head, tail) = common(&file, once.source.text());
                let last = before.findings.iter().map(|finding| finding.span.end).max().unwrap_or(file.len());
                // An article before it (on the line above, with an indent and a tag between), a space or a letter
                // after it, and quotes around its field may go with it.
                let slack = if name == "b.csv" { file.len() } else { 16 };
                prop_assert!(head + slack >= first.min(file.len()), "{name}: {file:?}");
                prop_assert!(tail + slack >= file.len().saturating_sub(last), "{name}: {file:?}");
            }
            if name.ends_with(".json") {
                let value: serde_json::Value = serde_json::from_str(once.source.text()).expect("it parses");
                prop_assert_eq!(&value[0]["name"], "utilize");
                prop_assert_eq!(&value[1]["content"], "Fine.");
            }
            if name.ends_with(".yml") {
                prop_assert!(serde_yaml::from_str::<serde_yaml::Value>(once.source.text()).is_ok());
                prop_assert!(once.source.text().contains("# utilize"));
            }
        }
    }
}

/// The real replies and exports of every format: they still parse, by readers that are not ours, and a
/// second run changes nothing.
#[test]
fn every_real_file_is_mended_once_and_stays_what_it_is() {
    let from = super::support::root().join("tests/replies");
    let folder = Folder::new(&[(".git/keep", "")]);
    for path in super::support::files_below(&from) {
        let to = folder.path().join(path.strip_prefix(&from).expect("below it"));
        std::fs::create_dir_all(to.parent().expect("in the folder")).expect("a folder");
        std::fs::copy(&path, to).expect("copied");
    }
    let run = folder.run(&["check", "--unsafe-fixes", "--fail-on", "never", "--quiet", "."]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let mut changed = 0;
    let texts = || -> Vec<Vec<u8>> {
        super::support::files_below(folder.path()).iter().map(|path| std::fs::read(path).expect("readable")).collect()
    };
    for path in super::support::files_below(folder.path()) {
        let Ok(old) = std::fs::read_to_string(from.join(path.strip_prefix(folder.path()).expect("below it"))) else {
            continue;
        };
        let new = std::fs::read_to_string(&path).expect("a text still");
        changed += usize::from(old != new);
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("json") => {
                let read = |text: &str| serde_json::from_str::<serde_json::Value>(text);
                assert!(
                    read(&old).is_err() || shape(&read(&old).expect("JSON")) == shape(&read(&new).expect("JSON")),
                    "{path:?}"
                );
            }
            Some("yml" | "yaml") => {
                let read = |text: &str| serde_yaml::from_str::<serde_json::Value>(text);
                assert!(
                    read(&old).is_err() || shape(&read(&old).expect("YAML")) == shape(&read(&new).expect("YAML")),
                    "{path:?}"
                );
            }
            _ => {}
        }
        assert_eq!(old.matches('\r').count(), new.matches('\r').count(), "{path:?}");
    }
    assert!(changed > 20, "{changed} files changed");
    let once = texts();
    folder.run(&["check", "--unsafe-fixes", "--fail-on", "never", "--quiet", "."]);
    assert!(once == texts(), "a second run changes something");
}

/// A value without its texts.
fn shape(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::String(_) => Value::Null,
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
        other => other.clone(),
    }
}
