//! `customer` and `channel` in front matter, which other tools use as well.

use super::support::Folder;

fn reply(front_matter: &str) -> String {
    format!("---\n{front_matter}\n---\nHi Anna,\n\nThe courier lost it. A new lamp reaches you on Friday.\n")
}

#[test]
fn names_of_customers_and_channels_are_read_in_any_spelling() {
    let mut shown = String::new();
    for front_matter in
        ["customer: vip", "customer: VIP", "customer: never_satisfied", "customer: Never Satisfied ", "channel: CHAT"]
    {
        let folder = Folder::new(&[("a.md", &reply(front_matter))]);
        let run = folder.run(&["outline", "--format", "json", "a.md"]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{front_matter}");
        let said: Vec<&str> = run.stdout.lines().filter(|line| line.contains("\"c")).map(str::trim).take(2).collect();
        shown.push_str(&format!("{front_matter}\n    {}\n", said.join(" ")));
    }
    insta::assert_snapshot!(shown);
    // The same words mean the same wherever they stand.
    let typed = Folder::new(&[("a.md", &reply("x: y"))]);
    let written = Folder::new(&[("a.md", &reply("x: y")), ("tonelint.yml", "customer: VIP\nchannel: E_mail\n")]);
    assert!(typed.run(&["check", "--customer", "VIP", "--channel", "EMAIL", "a.md"]).stdout.contains("CT001"));
    assert!(written.run(&["check", "a.md"]).stderr.contains("did you mean `email`?"));
    std::fs::write(written.path().join("tonelint.yml"), "customer: VIP\n").expect("a file");
    assert!(written.run(&["check", "a.md"]).stdout.contains("CT001"));
    let explained = typed.run(&["explain", "Never_Satisfied"]);
    assert_eq!(explained.shown(), typed.run(&["explain", "never-satisfied"]).shown());
}

/// A site of another tool goes through, and its values, which may be names of customers, are not told.
#[test]
fn what_is_no_value_of_ours_is_said_once_of_each_kind() {
    let folder = Folder::new(&[
        ("a.md", &reply("title: x\nchannel: youtube")),
        ("b.md", &reply("channel: youtube")),
        ("c.md", &reply("customer: Jane Doe")),
        ("d.md", &reply("customer: John Roe")),
        ("e.md", &reply("customer: vpi")),
        ("f.md", &reply("customer: 12")),
        ("g.md", &reply("customer: [vip]\nchannel: true")),
        ("h.md", &reply("customer: \"{{name}}\"\nchannel:")),
        ("i.csv", "body,customer,channel\n\"Hi, it is here.\",Jane Doe,web\n"),
        (
            "j.json",
            "{\"name\": \"x\", \"body\": \"Hi, it is here.\", \"customer\": \"Jane Doe\", \"channel\": \"web\"}",
        ),
    ]);
    let mut shown = String::new();
    for args in [
        &["check", "."][..],
        &["check", "--verbose", "."],
        &["check", "--quiet", "."],
        &["check", "c.md"],
        &["check", "--customer", "regular", "--channel", "email", "."],
        &["outline", "e.md"],
        &["trust", "c.md"],
    ] {
        let run = folder.run(args);
        assert_eq!(run.status, 0, "{}", run.shown());
        shown.push_str(&format!("$ tonelint {}\n{}\n", args.join(" "), run.shown()));
    }
    assert!(!shown.contains("Jane") && !shown.contains("youtube"), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn names_that_nobody_has_are_guessed() {
    let folder = Folder::new(&[("a.md", "x")]);
    let mut shown = String::new();
    for name in ["CT999", "ct99", "vpi", "VPI", "never-satisifed", "vip-excus", "youtube"] {
        let run = folder.run(&["explain", name]);
        assert_eq!(run.status, 2);
        shown.push_str(&run.stderr);
    }
    insta::assert_snapshot!(shown);
}
