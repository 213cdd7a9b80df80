//! The command line as its user sees it. The packs are the tests' own, so that no test knows what a
//! rule file says.

use super::support::{Folder, check, run_in};

const PACK: &str = r#"
family: own
words:
  trouble: [problem, issue]
rules:
  - name: sorry-you
    severity: error
    summary: an apology for the customer's experience
    message: "`{match}` is about {what}, not about us"
    why: >
      It says sorry for what happened to the customer and leaves open who did it, which
      sounds like blame to someone who is upset already.
    source: test
    find: ["(we are|I am) sorry you have {what: [this|a] <trouble>}"]
    unless: {within: next-sentence, any: ["our fault"]}
    rewrite: ["I'm sorry we {did what}."]
    examples:
      hit: ["We're sorry you have a problem."]
      miss: ["We're sorry you have a problem. It is our fault."]
  - name: plain
    severity: info
    message: "`{match}` has a plainer word: `{rewrite}`"
    replace:
      utilize~: {to: use, safe: true}
      an excellent: {to: a good, safe: true}
      in the event that: if
  - name: no-closing
    message: "nothing invites an answer"
    require: {in: closing, any: ["let me know", "$ ?"], when: {words: 5}}
    channels: {chat: off}
    rewrite: ["Let me know if that works."]
"#;

fn folder(files: &[(&str, &str)]) -> Folder {
    Folder::with(&[("tone/own.yml", PACK), (".git/keep", "")], files)
}

const DRAFT: &str = "\
Hi Anna,

We’re **sorry** you have
this problem. Utilizing the app helps.

> We are sorry you have a problem.

Best,
Tim
";

#[test]
fn human() {
    let folder = folder(&[("draft.md", DRAFT)]);
    insta::assert_snapshot!(check(&folder, &["draft.md"]).shown());
}

#[test]
fn compact() {
    let folder = folder(&[("draft.md", DRAFT)]);
    insta::assert_snapshot!(check(&folder, &["--format", "compact", "."]).shown());
}

#[test]
fn json() {
    let folder = folder(&[("draft.md", DRAFT)]);
    insta::assert_snapshot!(check(&folder, &["--format", "json", "draft.md", "gone.md"]).shown());
}

#[test]
fn jsonl() {
    let folder = folder(&[("draft.md", DRAFT)]);
    insta::assert_snapshot!(check(&folder, &["--format", "jsonl", "--severity", "error", "draft.md"]).shown());
}

#[test]
fn the_underline_stays_under_the_words() {
    let lines = [
        "tab\there: utilize it",
        "wide 你好世界: utilize it",
        "combining e\u{301}e\u{301}e\u{301}: utilize it",
        "family 👩\u{200D}👩\u{200D}👧 and ❤\u{FE0F} and 👍🏽: utilize it",
        "full width ｕｔｉｌｉｚｅ it",
        "escape \u{1b}[31m: utilize it",
        "right to left \u{202E}abc\u{202C}: utilize it",
    ];
    let long = format!("{} utilize it {}", "word ".repeat(100), "word ".repeat(100));
    let text = format!("{}\n\n{long}\n", lines.join("\n\n"));
    let folder = folder(&[("x.txt", &text)]);
    insta::assert_snapshot!(check(&folder, &["--select", "plain", "x.txt"]).shown());
}

#[test]
fn colors() {
    let folder = folder(&[("draft.txt", "utilize it")]);
    let always = check(&folder, &["--color", "always", "--quiet", "draft.txt"]);
    insta::assert_snapshot!(always.stdout.replace('\u{1b}', "^"));
    assert!(!check(&folder, &["draft.txt"]).stdout.contains('\u{1b}'));
    for (name, value, colored) in [
        ("CLICOLOR_FORCE", "1", true),
        ("CLICOLOR_FORCE", "0", false),
        ("NO_COLOR", "1", false),
        ("NO_COLOR", "", false),
    ] {
        let args = ["check", "--no-builtin", "--rules", "tone", "draft.txt"];
        let output = super::support::command(folder.path(), &args).env(name, value).output().expect("it runs");
        assert_eq!(output.stdout.contains(&0x1b), colored, "{name}={value}");
    }
}

#[test]
fn exit_codes() {
    let folder =
        folder(&[("bad.md", "We're sorry you have a problem."), ("good.md", "Thanks!"), ("info.md", "Utilize it.")]);
    for (args, status) in [
        (vec!["good.md"], 0),
        (vec!["bad.md"], 1),
        (vec!["info.md"], 0),
        (vec!["--fail-on", "info", "info.md"], 1),
        (vec!["--fail-on", "never", "bad.md"], 0),
        (vec!["--ignore", "sorry-you,no-closing", "bad.md"], 0),
        (vec!["bad.md", "gone.md"], 2),
        (vec!["We're sorry you have a problem."], 2),
        (vec!["--select", "nothing-like-it", "good.md"], 2),
        (vec!["--language", "tlh", "good.md"], 2),
        (vec!["--channel", "pigeon", "good.md"], 2),
        (vec!["--no-such-flag"], 2),
    ] {
        let run = check(&folder, &args);
        assert_eq!(run.status, status, "{args:?}\n{}", run.shown());
        assert_eq!(run.status == 2, !run.stderr.is_empty(), "{args:?}\n{}", run.shown());
    }
}

#[test]
fn errors_of_inputs_leave_the_others_checked() {
    let folder = folder(&[("bad.md", "We're sorry you have a problem.")]);
    std::fs::write(folder.path().join("latin1.md"), b"caf\xe9").expect("a file");
    std::fs::write(folder.path().join("binary.txt"), b"a\0b").expect("a file");
    insta::assert_snapshot!(check(&folder, &["--format", "compact", ".", "gone.md"]).shown());
}

#[test]
fn standard_input() {
    let folder = folder(&[]);
    let args = ["check", "--no-builtin", "--rules", "tone", "--format", "compact"];
    let draft = "We're sorry you have `x` a problem.\n\nWe are sorry you have\nan\nissue. Utilize this problem.";
    let plain = run_in(folder.path(), &args, draft);
    assert!(plain.stdout.starts_with("-:"), "{}", plain.shown());
    let named = run_in(folder.path(), &[&args[..], &["-", "--stdin-filename", "mail/draft.md"]].concat(), draft);
    assert!(named.stdout.starts_with("mail/draft.md:"), "{}", named.shown());
}

#[test]
fn fixes_only_what_is_safe() {
    let draft = "Hi,\r\n\r\nUtilizing it is an excellent idea, in the event that **you** UTILIZE it. Let me know.\r\n";
    let folder = folder(&[("draft.md", draft)]);
    let run = check(&folder, &["--fix", "--format", "compact", "draft.md"]);
    let mended = "Hi,\r\n\r\nUsing it is a good idea, in the event that **you** USE it. Let me know.\r\n";
    assert_eq!(folder.read("draft.md"), mended, "{}", run.shown());
    let again = check(&folder, &["--fix", "--format", "compact", "draft.md"]);
    assert_eq!(folder.read("draft.md"), mended, "{}", again.shown());
    let args = ["check", "--no-builtin", "--rules", "tone", "--fix", "-"];
    assert_eq!(run_in(folder.path(), &args, "I utilized it.").stdout, "I used it.");
}

#[test]
fn a_configuration_holds_for_what_lies_below_it() {
    let folder = folder(&[
        ("tonelint.yml", "rules: [tone]\nignore: [plain]\nfiles:\n  - match: 'chat/**'\n    channel: chat\n"),
        ("a.md", "We all utilize it here every day."),
        ("chat/b.md", "We all utilize it here every day."),
    ]);
    insta::assert_snapshot!(folder.run(&["check", "--no-builtin", "--format", "compact", "a.md", "chat"]).shown());
    let isolated = folder.run(&["check", "--isolated", "--no-builtin", "a.md"]);
    assert_eq!(isolated.status, 0, "{}", isolated.shown());
}

#[test]
fn vocabulary_stays() {
    let folder = folder(&[("tonelint.yml", "vocabulary: [Utilize Cloud]\n"), ("a.txt", "Utilize Cloud\n\nutilize it")]);
    let run = check(&folder, &["--format", "compact", "--select", "plain", "a.txt"]);
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("a.txt")).count(), 1, "{}", run.shown());
}

#[test]
fn a_mistake_in_a_configuration_points_at_it() {
    let folder = folder(&[("tonelint.yml", "language: en\nselct: [all]\n"), ("a.md", "Hi")]);
    insta::assert_snapshot!(check(&folder, &["a.md"]).shown());
}

#[test]
fn a_mistake_in_a_pack_points_at_it() {
    let rule = "  - {name: a, message: b, find: [c]";
    let packs = [
        ("unknown key", format!("rules:\n{rule}, sevrity: error}}\n")),
        ("unknown severity", format!("rules:\n{rule}, severity: fatal}}\n")),
        ("open group", "rules:\n  - name: a\n    message: b\n    find:\n      - \"sorry (you\"\n".into()),
        ("empty match", "rules:\n  - {name: a, message: b, find: [\"[very] ...\"]}\n".into()),
        ("no word", "rules:\n  - {name: a, message: b, find: [\"* *\"]}\n".into()),
        ("bad regex", "rules:\n  - {name: a, message: b, find: [\"/(abc/\"]}\n".into()),
        ("empty regex", "rules:\n  - {name: a, message: b, find: [\"/x*/\"]}\n".into()),
        ("unknown list", "words: {trouble: [a]}\nrules:\n  - {name: a, message: b, find: [\"<truoble>\"]}\n".into()),
        (
            "list in itself",
            "words: {a: [\"<b> x\"], b: [\"<a>\"]}\nrules:\n  - {name: a, message: b, find: [\"<a>\"]}\n".into(),
        ),
        ("same name", format!("rules:\n{rule}}}\n{rule}}}\n")),
        ("nothing to find", "rules:\n  - {name: a, message: b}\n".into()),
        ("unknown customer", format!("rules:\n{rule}, profiles: {{meeek: off}}}}\n")),
        ("two at once", "rules:\n  - {name: a, message: b, find: [\"(\", \"]\"]}\n".into()),
        ("no map", "just a text\n".into()),
        ("syntax", "rules: [\n".into()),
    ];
    let mut shown = String::new();
    for (title, pack) in packs {
        let folder = Folder::new(&[("tone/p.yml", &pack), ("a.md", "Hi")]);
        let run = folder.run(&["check", "--no-builtin", "--rules", "tone", "a.md"]);
        assert_eq!(run.status, 2, "{title}");
        shown.push_str(&format!("## {title}\n{}\n", run.stderr));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn examples_that_are_not_as_they_say() {
    let pack = "rules:\n  - name: a\n    message: b\n    replace: {c: {to: d, safe: true}}\n    examples:\n      hit: [x, {text: a c, fixed: a e}]\n      miss: [c]\n";
    let folder = Folder::new(&[("tone/p.yml", pack)]);
    insta::assert_snapshot!(folder.run(&["rules", "test", "tone"]).shown());
}

#[test]
fn explain_and_list() {
    let folder = folder(&[]);
    let mut shown = folder.run(&["explain", "sorry-you", "--no-builtin", "--rules", "tone"]).shown();
    shown.push_str(&folder.run(&["rules", "list", "--no-builtin", "--rules", "tone"]).shown());
    shown.push_str(&folder.run(&["explain", "sory-you", "--no-builtin", "--rules", "tone"]).shown());
    insta::assert_snapshot!(shown);
}

#[test]
fn completions_and_manual_are_printed() {
    let folder = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(folder.run(&["completions", shell]).stdout.contains("tonelint"), "{shell}");
    }
    assert!(folder.run(&["man"]).stdout.contains(".TH tonelint"));
}

#[test]
fn each_command_has_a_page_of_the_manual() {
    let folder = folder(&[]);
    assert_eq!(folder.run(&["man", "--out", "man/man1"]).shown(), "exit 0\n");
    let page = |name: &str| std::fs::read_to_string(folder.path().join("man/man1").join(name)).expect(name);
    assert!(page("tonelint-check.1").contains(r"\-\-staged"));
    assert_eq!(page("tonelint-check.1"), folder.run(&["man", "check"]).stdout);
    assert_eq!(page("tonelint-hook-install.1"), folder.run(&["man", "hook", "install"]).stdout);
    // Each page that a page names is there, and nothing that is hidden.
    let name = regex::Regex::new(r"(tonelint[a-z\\-]*)\(1\)").expect("a pattern");
    let (mut waiting, mut seen) = (vec!["tonelint".to_owned()], std::collections::BTreeSet::new());
    while let Some(one) = waiting.pop() {
        let text = page(&format!("{one}.1"));
        assert!(text.contains(&format!(".TH {one} 1 ")), "{text}");
        waiting.extend(
            name.captures_iter(&text).map(|found| found[1].replace('\\', "")).filter(|one| !seen.contains(one)),
        );
        seen.insert(one);
    }
    let files = std::fs::read_dir(folder.path().join("man/man1")).expect("a folder").count();
    assert_eq!(seen.len(), files, "{seen:?}");
    let unknown = folder.run(&["man", "hook", "instal"]);
    assert_eq!(
        (unknown.status, unknown.stderr.contains("tonelint hook has no command `instal`")),
        (2, true),
        "{}",
        unknown.shown()
    );
}

#[test]
fn fields_of_an_unknown_export_are_named_in_the_configuration() {
    let folder = folder(&[
        (
            "tonelint.yml",
            "files:\n  - match: '*.json'\n    fields: ['[].steps[].say']\n  - match: '*.dat'\n    format: csv\n    fields: [say]\n",
        ),
        ("a.json", "[{\"note\": \"utilize\", \"steps\": [{\"say\": \"Utilize it.\"}, {\"do\": \"utilize\"}]}]"),
        ("b.dat", "id,say\n1,Utilize it.\n"),
        ("other/c.json", "[{\"steps\": [{\"say\": \"Utilize it.\"}]}]"),
        ("other/tonelint.yml", ""),
    ]);
    let mut shown = check(&folder, &["--format", "compact", "--select", "plain", "a.json", "b.dat"]).shown();
    shown.push_str(&check(&folder, &["--format", "compact", "--select", "plain", "other/c.json"]).shown());
    insta::assert_snapshot!(shown);
}

#[test]
fn an_unknown_helpdesk_is_an_error_in_the_configuration() {
    let folder = folder(&[("tonelint.yml", "files:\n  - match: '*.json'\n    format: zendeks\n"), ("a.md", "Hi")]);
    insta::assert_snapshot!(check(&folder, &["a.md"]).shown());
}

#[test]
fn a_file_that_is_not_what_it_is_called() {
    let folder =
        folder(&[("a.json", "{\"body\": \"x\"\n, \u{1F600}"), ("b.yaml", "a: [1\nb: 2\n"), ("c.json", "{\"a\": 1}")]);
    insta::assert_snapshot!(check(&folder, &["--format", "compact", "a.json", "b.yaml", "c.json"]).shown());
}

#[test]
fn segments_show_what_is_read() {
    let folder = folder(&[
        (
            "a.md",
            "---\nlanguage: en\n---\nHi {{name}}, see `code` and **bold**.\n\n> quoted\n\nhttps://example.org it is\n",
        ),
        (
            "b.json",
            "{\"macros\": [{\"title\": \"t\", \"actions\": [{\"field\": \"comment_value_html\", \"value\": \"<p>We&rsquo;re\\u00a0here</p>\"}]}]}",
        ),
        (
            "c.eml",
            "From: a@b.example\nSubject: Re: late\n\nIt is here.\n\n> Is it?\n\n-----Original Message-----\nFrom: Anna\nSent: Monday\n\nMy order is late.\n",
        ),
        (
            "d.html",
            "<p>See <code>a &lt; b</code></p><blockquote><p>Is <b>it</b>?</p></blockquote><pre>x</pre><script>y</script>",
        ),
    ]);
    let mut shown = folder.run(&["outline", "--segments", "a.md"]).shown();
    shown.push_str(&folder.run(&["outline", "--segments", "b.json"]).shown());
    shown.push_str(&folder.run(&["outline", "--segments", "c.eml"]).shown());
    shown.push_str(&folder.run(&["outline", "--segments", "d.html"]).shown());
    insta::assert_snapshot!(shown);
}

#[test]
fn each_branch_of_a_choice_is_read() {
    let folder = folder(&[
        ("a.md", "{% if vip %}We are{% else %}I am{% endif %} sorry you have {% if x %}a problem{% endif %}."),
        ("b.md", "{Hi|Hello there}, {utilize|I am sorry you have a problem}."),
        ("c.md", "We {{#if a}}are{{else}}were{{/if}} sorry you have <% if x %>this issue<% else %>it<% end %>."),
        ("d.md", "We are {name|there} sorry you have {first_name|x} a problem"),
    ]);
    insta::assert_snapshot!(
        check(&folder, &["--format", "compact", "--ignore", "no-closing", "a.md", "b.md", "c.md", "d.md"]).shown()
    );
}
