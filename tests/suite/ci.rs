//! What ships for other tools says what the code says: recipes, hooks, the action, the release.

use tonelint::format::Format;

use super::support::{Folder, files_below, root, run};

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).expect(name)
}

fn yaml(name: &str) -> serde_yaml::Value {
    serde_yaml::from_str(&read(name)).expect("YAML")
}

#[test]
fn recipes_name_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    let pattern =
        regex::Regex::new(r"tonelint(?:==|@v)([0-9][0-9.]*[0-9])|rev: v([0-9][0-9.]*[0-9])").expect("a pattern");
    let mut named = 0;
    for file in files_below(&root().join("docs/ci")).iter().chain([&root().join("README.md")]) {
        let text = std::fs::read_to_string(file).expect("a text");
        for found in pattern.captures_iter(&text) {
            let said = found.get(1).or(found.get(2)).expect("a version").as_str();
            assert_eq!(said, version, "{}", file.display());
            named += 1;
        }
    }
    assert!(named >= 5, "{named}");
}

/// Whatever is read by its name is given to the hooks, and nothing else.
#[test]
fn hooks_take_the_files_that_are_read() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let mut patterns: Vec<String> = Vec::new();
    for hook in hooks.as_sequence().expect("hooks") {
        patterns.push(hook["files"].as_str().expect("a pattern").to_owned());
        let entry = hook["entry"].as_str().expect("an entry");
        // The hook that was not asked to write does not; neither forgets what is excluded.
        assert_eq!(entry.contains("--fix"), hook["id"] == "tonelint-fix", "{entry}");
        assert!(entry.starts_with("tonelint check") && entry.contains("--force-exclude"), "{entry}");
        assert_eq!(hook["verbose"], true);
    }
    let wheel = yaml("docs/ci/pre-commit-wheel.yaml");
    patterns.push(wheel["repos"][0]["hooks"][0]["files"].as_str().expect("a pattern").to_owned());
    let endings = "md markdown mdown mkd txt text ltxt plain html htm xhtml tpl eml json jsonc code-snippets yml yaml csv tsv \
                   MD Txt html.erb json.j2 md.liquid txt.jinja yml.jinja2 erb liquid rs toml docx png md.bak xml py";
    for pattern in patterns {
        let pattern = regex::Regex::new(&pattern).expect("a pattern");
        for ending in endings.split_whitespace() {
            let name = format!("a folder/größe 😀.{ending}");
            assert_eq!(pattern.is_match(&name), Format::of_name(&name).is_some(), "{name}");
        }
    }
}

#[test]
fn arguments_in_recipes_are_known() {
    // Each line that calls `tonelint check` is tried with `--help` after it, which reads the arguments.
    let mut tried = 0;
    for file in files_below(&root().join("docs/ci"))
        .iter()
        .chain([&root().join("src/cli/hook.sh"), &root().join("packaging/action/check")])
    {
        let text = std::fs::read_to_string(file).expect("a text");
        for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', '/'])) {
            let Some((_, rest)) = line.split_once("tonelint check ") else { continue };
            let args: Vec<&str> =
                rest.split_whitespace().take_while(|arg| !arg.contains(['|', ';', '"', '$', '`', '}'])).collect();
            let run = run(&[&["check"], &args[..], &["--help"]].concat());
            assert_eq!(run.status, 0, "{}: {line}\n{}", file.display(), run.shown());
            tried += 1;
        }
    }
    assert!(tried >= 5, "{tried}");
}

#[test]
fn the_text_of_a_pull_request_is_markdown_on_standard_input() {
    let folder = Folder::new(&[(".git/keep", "")]);
    let args = ["check", "--input-format", "md", "--format", "compact", "-"];
    let run = super::support::run_in(
        folder.path(),
        &args,
        "Fixes #1.\r\n\r\n```\nKindly do the needful.\n```\r\n\r\nKindly do the needful.\r\n",
    );
    assert!(run.stdout.starts_with("-:7:8: "), "{}", run.shown());
}

/// The release publishes to PyPI nothing but wheels, and makes every archive that the action installs.
#[test]
fn the_release_makes_what_is_installed() {
    let workflow = yaml(".github/workflows/release.yml");
    let targets: Vec<String> = workflow["jobs"]["binaries"]["strategy"]["matrix"]["include"]
        .as_sequence()
        .expect("a matrix")
        .iter()
        .map(|one| one["target"].as_str().expect("a target").to_owned())
        .collect();
    let install = read("packaging/action/install");
    let installed: Vec<&str> =
        install.lines().filter_map(|line| line.split_once("target=")?.1.split(' ').next()).collect();
    assert!(installed.len() >= 5, "{installed:?}");
    for target in installed.into_iter().filter(|target| !target.starts_with(['$', '-'])) {
        assert!(targets.iter().any(|known| known == target), "{target}");
    }
    let steps = workflow["jobs"]["publish"]["steps"].as_sequence().expect("steps");
    let pypi = steps
        .iter()
        .find(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("pypi-publish")))
        .expect("a step");
    assert_eq!(pypi["with"]["packages-dir"], "wheels");
    assert!(steps.iter().filter_map(|step| step["run"].as_str()).any(|run| run.contains("cp \"$part\"/*.whl wheels/")));
    // The inputs of the action are what its script reads.
    let action = yaml("action.yml");
    let script = read("packaging/action/check") + &install;
    for (name, _) in action["inputs"].as_mapping().expect("inputs") {
        let name = name.as_str().expect("a name");
        let variable = format!("INPUT_{}", name.to_uppercase().replace('-', "_"));
        assert!(script.contains(&variable) || ["sarif", "category"].contains(&name), "{name}");
    }
}
