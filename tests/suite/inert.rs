//! In GitHub Actions nothing of what is linted becomes a command of the runner, whatever is printed.

use super::support::{Folder, command};

/// The lines that the runner would take for commands, and what follows a stop is none.
fn commands(shown: &str) -> Vec<&str> {
    let mut stopped: Option<String> = None;
    let mut found = Vec::new();
    for line in shown.lines() {
        let rest = line.trim_start();
        match &stopped {
            Some(end) if rest == end => stopped = None,
            Some(_) => {}
            None => {
                if let Some(word) = rest.strip_prefix("::stop-commands::") {
                    stopped = Some(format!("::{word}::"));
                } else if rest.starts_with("::") || line.contains("##[") {
                    found.push(line);
                }
            }
        }
    }
    assert_eq!(stopped, None, "commands stay stopped");
    found
}

#[test]
fn no_linted_line_is_a_command_in_github_actions() {
    let pack = "rules:\n  - name: no-guys\n    message: '`{match}`'\n    find: [guys]\n    rewrite: [\"folks\\n::error::this ##[error]\"]\n    safe: true\n  - {name: no-hey, message: a, find: [hey], rewrite: [hello], safe: true}\n";
    let text = "::error::one\n::add-mask::a ##[error]b\n\nHey guys ::error::x y.\n   ::debug::x\n";
    let names = ["::error::a.md", "##[error]b.md", "c\n::error::c.md", "d.md"];
    let mut files = vec![("tone/own.yml", pack), (".git/keep", "")];
    files.extend(names.map(|name| (name, text)));
    let folder = Folder::new(&files);
    let run = |args: &[&str], in_actions: bool| {
        let mut command = command(folder.path(), args);
        if in_actions {
            command.env("GITHUB_ACTIONS", "true");
        } else {
            command.env_remove("GITHUB_ACTIONS");
        }
        let output = command.output().expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (text(output.stdout), text(output.stderr))
    };
    let own = ["check", "--no-builtin", "--rules", "tone"];
    for args in [
        &["."][..],
        &["--format", "compact", "."],
        &["--diff", "."],
        &["--verbose", "--statistics", "."],
        &["::error::gone.md", "c\n::error::gone.md"],
        &["--select", "::error::no", "."],
    ] {
        let args = [&own, args].concat();
        let (out, err) = run(&args, true);
        assert!(!out.is_empty() || !err.is_empty());
        assert_eq!((commands(&out), commands(&err)), (vec![], vec![]), "{args:?}\n{out}{err}");
    }
    let (out, _) = run(&["outline", "::error::a.md"], true);
    assert_eq!(commands(&out), Vec::<&str>::new(), "{out}");
    // The diff is the same between its two lines, and elsewhere nothing is changed.
    let (there, here) =
        (run(&[&own, &["--diff", "."][..]].concat(), true).0, run(&[&own, &["--diff", "."][..]].concat(), false).0);
    let lines: Vec<&str> = there.lines().collect();
    assert!(here.contains("\n ::add-mask::a ##[error]b\n"), "{here}");
    assert_eq!(lines[1..lines.len() - 1], here.lines().collect::<Vec<_>>());
    assert!(run(&[&own, &["."][..]].concat(), false).0.contains("\n    ::error::this ##["));
    let (here, _) = run(&[&own, &["--format", "compact", "."][..]].concat(), false);
    assert!(here.starts_with("##[error]b.md:4:1: warning"), "{here}");
}
