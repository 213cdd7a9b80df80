//! Configuration: what holds where, where it comes from, and what is said of its mistakes.

use super::support::{Folder, root, run, run_in, without_counts};

const PACK: &str = r#"
family: own
rules:
  - {name: no-guys, message: "`{match}`", find: [guys]}
  - {name: no-hey, message: "`{match}`", find: [hey], severity: info}
  - {name: no-yo, message: "`{match}`", find: [yo], default: off}
"#;

const TEXT: &str = "hey guys, yo";

fn folder(files: &[(&str, &str)]) -> Folder {
    Folder::with(&[(".git/keep", ""), ("tone/own.yml", PACK)], files)
}

/// What is found, as `path rule severity`.
fn found(folder: &Folder, args: &[&str]) -> Vec<String> {
    let run = folder.run(&[&["check", "--no-builtin", "--format", "compact", "--quiet"], args].concat());
    assert!(run.stderr.is_empty(), "{}", run.shown());
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let short = |line: Vec<String>| {
        let path = line[0].split(':').next().unwrap_or_default().to_owned();
        format!("{path} {} {}", line[2], line[1])
    };
    run.stdout.lines().map(|line| short(words(line))).collect()
}

#[test]
fn the_nearest_file_wins_and_the_repository_ends_the_search() {
    let folder = folder(&[
        ("tonelint.yml", "rules: [tone]\n"),
        ("a.md", TEXT),
        ("team/tonelint.yml", "rules: [../tone]\nignore: [no-guys]\n"),
        ("team/b/c.md", TEXT),
        ("other/.git/keep", ""),
        ("other/d.md", TEXT),
    ]);
    let all = found(&folder, &["."]);
    assert_eq!(all, ["a.md no-hey info", "a.md no-guys warning", "team/b/c.md no-hey info"]);
}

#[test]
fn what_extends_wins_over_what_it_extends() {
    let folder = folder(&[
        (
            "base/shared.yml",
            "rules: [../tone]\nignore: [no-hey]\nseverity: {own: error}\nfiles: [{match: \"x/**\", ignore: [own]}]\n",
        ),
        ("tonelint.yml", "extends: [gentle, base/shared.yml]\nseverity: {no-guys: info}\nselect: [all, no-yo]\n"),
        ("a.md", TEXT),
        // A glob is relative to the file that it stands in.
        ("x/a.md", TEXT),
        ("base/x/a.md", TEXT),
    ]);
    let all = found(&folder, &["."]);
    let hits = ["no-guys info", "no-yo error"];
    let wanted: Vec<String> =
        ["a.md", "x/a.md"].iter().flat_map(|path| hits.iter().map(move |hit| format!("{path} {hit}"))).collect();
    assert_eq!(all, wanted);
}

#[test]
fn sections_switch_rules_on_and_off() {
    let folder = folder(&[
        (
            "tonelint.yml",
            "rules: [tone]\nchannel: email\nfiles:\n\
             - {match: chat/, channel: chat, select: [own, no-yo], severity: {no-hey: error}}\n\
             - {match: \"*.txt\", ignore: [no-guys], vocabulary: [hey]}\n",
        ),
        ("a.md", TEXT),
        ("deep/b.txt", TEXT),
        ("chat/deep/c.md", TEXT),
    ]);
    assert_eq!(
        found(&folder, &["."]),
        [
            "a.md no-hey info",
            "a.md no-guys warning",
            "chat/deep/c.md no-hey error",
            "chat/deep/c.md no-guys warning",
            "chat/deep/c.md no-yo warning",
        ]
    );
    // What is typed is the strongest.
    assert_eq!(found(&folder, &["--select", "no-hey", "chat"]), ["chat/deep/c.md no-hey error"]);
}

#[test]
fn a_section_wins_over_the_file_and_a_flag_over_both() {
    let pack = "rules: [{name: closing, message: m, require: {in: closing, any: [bye], when: {words: 1}}, channels: {chat: off}}]";
    let folder = Folder::new(&[
        ("tone/own.yml", pack),
        ("tonelint.yml", "rules: [tone]\nchannel: email\nfiles: [{match: chat/, channel: chat}]\n"),
        ("a.md", TEXT),
        ("chat/a.md", TEXT),
    ]);
    assert_eq!(found(&folder, &["."]), ["a.md closing warning"]);
    assert_eq!(found(&folder, &["--channel", "email", "chat"]), ["chat/a.md closing warning"]);
    assert_eq!(found(&folder, &["--channel", "chat", "a.md"]), [""; 0]);
}

#[test]
fn mistakes_point_into_the_file() {
    let mut shown = String::new();
    for text in [
        "ignore: [no-guy]\n",
        "severity: {owm: info}\n",
        "severity: {own: warn}\n",
        "extends: gentel\n",
        "extends: tonelint.yml\n",
        "files:\n  - match: \"a[\"\n",
        "files:\n  - match: a\n    chanel: chat\n",
        "files:\n  - match: a\n    select: [no-gays]\n",
        "rules: [tone, gone]\n",
        "language: xx\n",
        "channel: e-mail\n",
        "ignore: [no-guys\n",
        "ignore: [a]\nignore: [b]\n",
    ] {
        let folder = folder(&[("tonelint.yml", text), ("a.md", TEXT)]);
        let run = folder.run(&["check", "--no-builtin", "--rules", "tone", "a.md"]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{text}{}", run.shown());
        shown.push_str(&run.stderr);
        shown.push('\n');
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn config_says_where_each_value_comes_from() {
    let folder = folder(&[
        ("base.yml", "rules: [tone]\nvocabulary: [Acme]\nselect: [own]\n"),
        (
            "tonelint.yml",
            "extends: [strict, base.yml]\nchannel: email\nfiles:\n  - match: chat/\n    channel: chat\n    severity: {no-hey: off}\n  - match: chat/*.json\n    times: {received: came, sent: went}\n",
        ),
    ]);
    let at = |path: &str| folder.run(&["config", path]).shown();
    let all = [at("."), at("chat/new.md"), at("chat/new.json"), at("/")].concat();
    insta::assert_snapshot!(without_counts(&all));
}

#[test]
fn init_writes_a_file_that_holds_and_never_over_one() {
    let export = std::fs::read_to_string(root().join("tests/replies/exports/zendesk-macros.json")).expect("there");
    let chatwoot = std::fs::read_to_string(root().join("tests/replies/exports/osticket-canned.yaml")).expect("there");
    let folder = Folder::new(&[(".git/keep", ""), ("macros/all.json", &export), ("canned.yaml", &chatwoot)]);
    let written_run = folder.run(&["init", "--schema"]);
    let written = folder.read("tonelint.yml");
    insta::assert_snapshot!(format!("{}--- tonelint.yml\n{written}", written_run.shown()));
    assert_ne!(folder.run(&["check", "--quiet", "."]).status, 2);
    let again = folder.run(&["init"]);
    assert_eq!((again.status, folder.read("tonelint.yml")), (2, written));
    // Every key of the schema is in it, each as a line that holds once it is uncommented; so is it in the
    // example of the documentation.
    let schema: serde_json::Value = serde_json::from_str(&run(&["config", "--schema"]).stdout).expect("JSON");
    let uncommented = folder.read("tonelint.yml").replace("# ", "");
    let example = std::fs::read_to_string(root().join("docs/example.tonelint.yml")).expect("the example");
    let section = &schema["$defs"]["RawSection"]["properties"];
    for key in schema["properties"].as_object().expect("keys").keys() {
        assert!(uncommented.contains(&format!("\n{key}:")), "{key}: {uncommented}");
        assert!(example.contains(&format!("\n{key}:")), "{key}");
        let line = folder.read("tonelint.yml").lines().find_map(|line| {
            line.strip_prefix("# ").filter(|line| line.starts_with(&format!("{key}:"))).map(str::to_owned)
        });
        if let Some(line) = line.filter(|_| !["rules", "baseline"].contains(&key.as_str())) {
            let folder = Folder::new(&[(".git/keep", ""), ("tonelint.yml", &line), ("a.md", "Hi.\n")]);
            assert_eq!(folder.run(&["check", "--quiet", "a.md"]).status, 0, "{line}");
        }
    }
    for key in section.as_object().expect("keys").keys() {
        assert!(example.contains(&format!(" {key}:")), "{key}");
    }
}

#[test]
fn files_up_to_a_size_are_read() {
    let folder = Folder::new(&[(".git/keep", ""), ("tonelint.yml", "max-file-size: 1KiB\n")]);
    std::fs::write(folder.path().join("a.md"), "We utilize it.\n".repeat(80)).expect("a file");
    let check = |args: &[&str]| {
        folder.run(&[&["check", "--quiet", "--format", "compact", "--fail-on", "never"], args].concat())
    };
    let error = "tonelint: a.md: too large to check: 1200 bytes, at most 1024 are read (see --max-file-size)\n";
    let run = check(&["a.md"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (2, "", error));
    // The other inputs are checked, and what was typed is stronger.
    std::fs::write(folder.path().join("b.md"), "We utilize it.\n").expect("a file");
    assert_eq!(check(&["."]).stdout.lines().count(), 1);
    assert_eq!(check(&["--max-file-size", "2K", "."]).stdout.matches("`utilize`").count(), 81);
    let piped = |args: &[&str]| run_in(folder.path(), &[&["check", "--quiet"], args].concat(), &"Fine. ".repeat(300));
    assert_eq!((piped(&["-"]).status, piped(&["--max-file-size", "1MiB", "-"]).status), (2, 0));
    let wrong = |size: &str| folder.run(&["check", "--max-file-size", size, "b.md"]);
    insta::assert_snapshot!(
        [wrong("1025MiB"), wrong("0"), wrong("big"), wrong("16MB")].map(|run| run.shown()).join("\n")
    );
    std::fs::write(folder.path().join("tonelint.yml"), "language: en\nmax-file-size: 2GiB\n").expect("a file");
    insta::assert_snapshot!(folder.run(&["check", "b.md"]).shown());
}

#[test]
fn the_schema_is_the_types_and_holds_the_examples() {
    let printed = run(&["config", "--schema"]).stdout;
    let path = root().join("docs/tonelint.schema.json");
    if std::env::var_os("TONELINT_BLESS").is_some() {
        std::fs::write(&path, &printed).expect("writable");
    }
    let published = std::fs::read_to_string(&path).expect("docs/tonelint.schema.json is there");
    assert_eq!(published, printed, "run TONELINT_BLESS=1 cargo test");
    let schema: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let fits = |text: &str| {
        let value: serde_json::Value = serde_yaml::from_str(text).expect("YAML");
        validator.is_valid(&value)
    };
    assert!(fits(include_str!("../../docs/example.tonelint.yml")));
    for wrong in ["chanel: chat", "channel: fax", "severity: {PA: loud}", "files: [{channel: chat}]", "ignore: PA"] {
        assert!(!fits(wrong), "{wrong}");
    }
}
