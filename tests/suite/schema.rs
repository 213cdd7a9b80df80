//! The JSON Schema of rule files.

use super::support::{Folder, files_below, root, run};

fn validator() -> jsonschema::Validator {
    let schema = serde_json::from_str(&run(&["rules", "schema"]).stdout).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

fn value(yaml: &str) -> serde_json::Value {
    serde_yaml::from_str(yaml).expect("YAML")
}

#[test]
fn the_schema_of_rules_is_published() {
    let printed = run(&["rules", "schema"]).stdout;
    let path = root().join("docs/rules.schema.json");
    if std::env::var_os("TONELINT_BLESS").is_some() {
        std::fs::write(&path, &printed).expect("writable");
    }
    let published = std::fs::read_to_string(&path).expect("docs/rules.schema.json is there");
    assert_eq!(published, printed, "run TONELINT_BLESS=1 cargo test");
}

#[test]
fn every_rule_file_that_ships_fits_the_schema() {
    let validator = validator();
    let files = files_below(&root().join("rules"));
    let packs: Vec<_> = files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "yml")).collect();
    assert!(packs.len() > 20, "{packs:?}");
    for pack in packs {
        let text = std::fs::read_to_string(pack).expect("readable");
        let wrong: Vec<String> =
            validator.iter_errors(&value(&text)).map(|error| format!("{} {error}", error.instance_path)).collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", pack.display());
    }
    // So do the examples of the documentation.
    let page = std::fs::read_to_string(root().join("docs/rule-language.md")).expect("the page");
    let blocks = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let blocks: Vec<&str> = blocks.filter(|block| block.contains("rules:")).collect();
    assert_eq!(blocks.len(), 2);
    assert!(blocks.iter().all(|block| validator.is_valid(&value(block))));
}

/// What the schema refuses, the reader refuses, and the other way round where shapes say it.
#[test]
fn a_broken_rule_file_fits_neither_the_schema_nor_the_reader() {
    let validator = validator();
    let good = "rules:\n  - {name: a, message: m, find: [guys]}\n";
    assert!(validator.is_valid(&value(good)));
    for (right, wrong) in [
        ("message: m", "massage: m"),
        ("message: m", "message: m, severity: loud"),
        ("name: a, ", ""),
        ("find: [guys]", "find: guys"),
        (", find: [guys]", ""),
        ("find: [guys]", "find: [guys], in: tail"),
        ("find: [guys]", "find: [guys], profiles: {angry: off}"),
        ("find: [guys]", "find: [guys], only-for: [angry]"),
        ("find: [guys]", "find: [guys], unless: {within: far, any: [a]}"),
        ("find: [guys]", "find: [guys], rewrite: [{text: folks}]"),
        ("find: [guys]", "order: {first: [apologise], then: [time]}"),
        ("find: [guys]", "across: {of: words}"),
        ("rules:", "moves: {dance: [we dance]}\nrules:"),
        ("rules:", "lang: en\nrules:"),
    ] {
        let broken = good.replace(right, wrong);
        assert_ne!(broken, good);
        assert!(!validator.is_valid(&value(&broken)), "{broken}");
        let folder = Folder::new(&[(".git/keep", ""), ("tone/own.yml", &broken), ("a.md", "Hi.\n")]);
        assert_eq!(folder.run(&["check", "--rules", "tone", "a.md"]).status, 2, "{broken}");
    }
}

#[test]
fn an_order_is_of_one_kind() {
    let pack =
        "rules:\n  - name: a\n    message: m\n    order: {first: [apology], then: [time], not-last: [apology]}\n";
    let folder = Folder::new(&[(".git/keep", ""), ("tone/own.yml", pack), ("a.md", "Hi.\n")]);
    insta::assert_snapshot!(folder.run(&["check", "--no-builtin", "--rules", "tone", "a.md"]).shown());
}
