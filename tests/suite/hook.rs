//! `tonelint hook`, with a real git and a stand-in for the tonelint that the hook runs.

#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::support::{Folder, Run};

/// Says how it was called, and ends as the file `status` beside it says.
const STAND_IN: &str =
    "#!/bin/sh\necho \"stand-in $*\"\nread -r status < \"$(dirname \"$0\")/status\"\nexit \"$status\"\n";

const OLD_HOOK: &str = "#!/bin/sh\necho \"old hook $0\"\nexit \"${OLD_STATUS:-0}\"\n";

struct Repository {
    folder: Folder,
}

impl Repository {
    fn new() -> Self {
        let folder =
            Folder::new(&[("bin/tonelint", STAND_IN), ("bin/status", "0\n"), ("config", ""), ("repo/a.md", "Hi\n")]);
        let made = Self { folder };
        executable(&made.folder.path().join("bin/tonelint"));
        made.git(&["init", "--quiet", "."]);
        made.git(&["add", "-A"]);
        made
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap_or_default();
        command.current_dir(folder).env("PATH", format!("{}:{path}", self.folder.path().join("bin").display()));
        for (name, value) in [("GIT_CONFIG_NOSYSTEM", "1"), ("TONELINT", ""), ("LC_ALL", "C")] {
            command.env(name, value);
        }
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            command.env_remove(name);
        }
        command.env("GIT_CONFIG_GLOBAL", self.folder.path().join("config"));
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Tim").env(format!("GIT_{role}_EMAIL"), "tim@example.org");
        }
        command
    }

    fn run(&self, mut command: Command) -> Run {
        let output = command.output().expect("it runs");
        let here = self.folder.path().to_string_lossy().into_owned();
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8").replace(&here, "[HERE]");
        Run { status: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn git(&self, args: &[&str]) -> Run {
        let mut command = self.command("git", &self.path());
        command.args(args);
        self.run(command)
    }

    fn commit(&self, more: &[(&str, &str)]) -> Run {
        let mut command = self.command("git", &self.path());
        command.args(["commit", "--quiet", "--allow-empty", "-m", "x"]).envs(more.iter().copied());
        self.run(command)
    }

    fn hook_in(&self, folder: &Path, args: &[&str]) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_tonelint"), folder);
        command.arg("hook").args(args);
        self.run(command)
    }

    fn hook(&self, args: &[&str]) -> Run {
        self.hook_in(&self.path(), args)
    }

    fn ends_with(&self, status: u8) {
        std::fs::write(self.folder.path().join("bin/status"), format!("{status}\n")).expect("a file");
    }
}

fn executable(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
}

fn old_hook(path: &Path) {
    std::fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
    std::fs::write(path, OLD_HOOK).expect("a file");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o750)).expect("a mode");
}

#[test]
fn a_commit_is_checked() {
    let repository = Repository::new();
    let mut shown = repository.hook(&["install"]).shown();
    for status in [0, 1, 2] {
        repository.ends_with(status);
        let commit = repository.commit(&[]);
        assert_eq!(commit.status, i32::from(status != 0), "{}", commit.shown());
        shown.push_str(&format!("## a check that ends with {status}\n{}", commit.shown()));
    }
    shown.push_str(&format!("## TONELINT=0\n{}", repository.commit(&[("TONELINT", "0")]).shown()));
    let subfolder = repository.file("sub");
    std::fs::create_dir(&subfolder).expect("a folder");
    shown.push_str(&format!("## uninstall\n{}", repository.hook_in(&subfolder, &["uninstall"]).shown()));
    assert_eq!(repository.commit(&[]).status, 0);
    shown.push_str(&format!("## once more\n{}", repository.hook(&["uninstall"]).shown()));
    insta::assert_snapshot!(shown);
}

#[test]
fn arguments_for_the_check() {
    let repository = Repository::new();
    assert_eq!(repository.hook(&["install", "--", "--fail-on", "error", "--config", "it's here.yml"]).status, 0);
    let commit = repository.commit(&[]);
    assert!(
        commit.shown().contains("stand-in check --staged --force-exclude --fail-on error --config it's here.yml\n"),
        "{}",
        commit.shown()
    );
    let renewed = repository.hook(&["install"]);
    assert!(renewed.stdout.starts_with("renewed"), "{}", renewed.shown());
    assert!(repository.commit(&[]).shown().contains("stand-in check --staged --force-exclude\n"));
    let wrong = repository.hook(&["install", "--", "--fail-on", "everything"]);
    assert_eq!((wrong.status, wrong.stderr.contains("everything")), (2, true), "{}", wrong.shown());
}

#[test]
fn a_hook_that_was_there_runs_first_and_comes_back() {
    let repository = Repository::new();
    let hook = repository.file(".git/hooks/pre-commit");
    old_hook(&hook);
    let mut shown = repository.hook(&["install"]).shown();
    shown.push_str(&format!("## commit\n{}", repository.commit(&[]).shown()));
    let refused = repository.commit(&[("OLD_STATUS", "3")]);
    assert!(!refused.shown().contains("stand-in"), "{}", refused.shown());
    shown.push_str(&format!("## the old hook refuses\n{}", refused.shown()));
    assert_eq!(repository.hook(&["install"]).status, 0, "a second install");
    shown.push_str(&format!("## uninstall\n{}", repository.hook(&["uninstall"]).shown()));
    assert_eq!(std::fs::read_to_string(&hook).expect("it is back"), OLD_HOOK);
    assert_eq!(hook.metadata().expect("it is back").permissions().mode() & 0o777, 0o750);
    assert!(!repository.file(".git/hooks/pre-commit.before-tonelint").exists());
    insta::assert_snapshot!(shown);
}

#[test]
fn a_hook_that_is_a_link_stays_one() {
    let repository = Repository::new();
    let hook = repository.file(".git/hooks/pre-commit");
    old_hook(&repository.file("scripts/check.sh"));
    std::fs::create_dir_all(repository.file(".git/hooks")).expect("a folder");
    symlink("../../scripts/check.sh", &hook).expect("a link");
    assert_eq!(repository.hook(&["install"]).status, 0);
    assert_eq!(std::fs::read_to_string(repository.file("scripts/check.sh")).expect("it is there"), OLD_HOOK);
    let commit = repository.commit(&[]).shown();
    assert!(commit.contains("old hook") && commit.contains("stand-in"), "{commit}");
    assert_eq!(repository.hook(&["uninstall"]).status, 0);
    assert_eq!(std::fs::read_link(&hook).expect("a link").to_string_lossy(), "../../scripts/check.sh");
}

#[test]
fn a_hook_that_is_not_executable_stays_so() {
    let repository = Repository::new();
    let hook = repository.file(".git/hooks/pre-commit");
    old_hook(&hook);
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o644)).expect("a mode");
    assert_eq!(repository.hook(&["install"]).status, 0);
    assert!(!repository.commit(&[]).shown().contains("old hook"));
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let repository = Repository::new();
    let hook = repository.file(".git/hooks/pre-commit");
    let mut shown = String::new();
    repository.hook(&["install"]);
    let ours = std::fs::read_to_string(&hook).expect("it is there");
    std::fs::write(&hook, format!("{ours}echo mine\n")).expect("a file");
    for args in [&["install"][..], &["uninstall"]] {
        let run = repository.hook(args);
        assert_eq!(run.status, 2);
        shown.push_str(&format!("## {} where it was changed\n{}", args[0], run.shown()));
    }
    assert!(std::fs::read_to_string(&hook).expect("it is there").ends_with("echo mine\n"));

    old_hook(&hook);
    shown.push_str(&format!("## uninstall where another stands\n{}", repository.hook(&["uninstall"]).shown()));
    repository.hook(&["install"]);
    std::fs::write(&hook, "#!/bin/sh\necho newer\n").expect("a file");
    let run = repository.hook(&["install"]);
    assert_eq!(run.status, 2);
    shown.push_str(&format!("## install where two stand\n{}", run.shown()));
    assert_eq!(std::fs::read_to_string(&hook).expect("it is there"), "#!/bin/sh\necho newer\n");
    insta::assert_snapshot!(shown);
}

#[test]
fn hooks_elsewhere() {
    let repository = Repository::new();
    repository.git(&["config", "core.hooksPath", "tools/git hooks"]);
    assert_eq!(repository.hook(&["install"]).status, 0);
    assert!(repository.file("tools/git hooks/pre-commit").exists());
    assert!(repository.commit(&[]).shown().contains("stand-in"));
    assert_eq!(repository.hook(&["uninstall"]).status, 0);

    let shared = repository.folder.path().join("shared hooks");
    repository.git(&["config", "core.hooksPath", &shared.to_string_lossy()]);
    let mut shown = repository.hook(&["install"]).shown();
    assert!(!shared.join("pre-commit").exists());
    shown.push_str(&repository.hook(&["install", "--shared"]).shown());
    assert!(repository.commit(&[]).shown().contains("stand-in"));
    repository.git(&["config", "core.hooksPath", ".husky/_"]);
    shown.push_str(&repository.hook(&["install"]).shown());
    shown.push_str(&repository.hook_in(repository.folder.path(), &["install"]).shown());
    insta::assert_snapshot!(shown);
}

#[test]
fn a_work_tree_of_its_own_shares_the_hook() {
    let repository = Repository::new();
    assert_eq!(repository.commit(&[]).status, 0);
    let tree = repository.folder.path().join("tree");
    let added = repository.git(&["worktree", "add", "--quiet", &tree.to_string_lossy()]);
    assert_eq!(added.status, 0, "{}", added.shown());
    assert_eq!(repository.hook_in(&tree, &["install"]).status, 0);
    assert!(repository.file(".git/hooks/pre-commit").exists());
    assert!(repository.commit(&[]).shown().contains("stand-in"));
}

#[test]
fn a_tonelint_that_is_gone_lets_nothing_through_in_silence() {
    let repository = Repository::new();
    assert_eq!(repository.hook(&["install"]).status, 0);
    // Off the path, the one that installed the hook is run.
    std::fs::remove_file(repository.folder.path().join("bin/tonelint")).expect("it was there");
    let hook = repository.file(".git/hooks/pre-commit");
    let text = std::fs::read_to_string(&hook).expect("it is there");
    assert!(text.contains(&format!("tonelint='{}'", env!("CARGO_BIN_EXE_tonelint"))), "{text}");
    std::fs::write(&hook, text.replace(env!("CARGO_BIN_EXE_tonelint"), "/gone/tonelint")).expect("a file");
    let commit = repository.commit(&[]);
    assert_eq!(commit.status, 1);
    insta::assert_snapshot!(commit.shown());
}

/// The heads and the calls of what pre-commit 4 and lefthook 2 write.
const PRE_COMMITS: &str = "#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n# ID: 138fd403232d2ddd5efb44317e38bf03\necho managed\n";
const LEFTHOOKS: &str =
    "#!/bin/sh\n\ncall_lefthook()\n{\n  echo managed\n}\n\ncall_lefthook run \"pre-commit\" \"$@\"\n";

#[test]
fn where_another_program_looks_after_the_hooks() {
    let mut shown = String::new();
    for (text, moved) in [(PRE_COMMITS, "pre-commit.legacy"), (LEFTHOOKS, "pre-commit.old")] {
        let repository = Repository::new();
        let folder = repository.file(".git/hooks");
        let (hook, moved) = (folder.join("pre-commit"), folder.join(moved));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(&hook, text).expect("a file");
        executable(&hook);
        let mut both = |title: &str| {
            for args in [&["install"][..], &["uninstall"]] {
                shown.push_str(&format!("## {title}: {}\n{}", args[0], repository.hook(args).shown()));
            }
            assert_eq!(std::fs::read_to_string(&hook).expect("it is there"), text);
            assert!(!folder.join("pre-commit.before-tonelint").exists());
        };
        both("theirs");

        // Ours was there first, and the other program moved it.
        std::fs::remove_file(&hook).expect("it is there");
        let displace = || {
            assert_eq!(repository.hook(&["install"]).status, 0);
            std::fs::rename(&hook, &moved).expect("moved");
            std::fs::write(&hook, text).expect("a file");
        };
        displace();
        both("ours moved");
        assert!(!moved.exists());

        // One more that was there before ours takes the place that it would have had.
        old_hook(&hook);
        displace();
        both("ours moved, another kept");
        assert_eq!(std::fs::read_to_string(&moved).expect("it is back"), OLD_HOOK);
        std::fs::remove_file(&moved).expect("it is there");

        // Changed by hand, it stays.
        std::fs::remove_file(&hook).expect("it is there");
        displace();
        let ours = std::fs::read_to_string(&moved).expect("it is there");
        std::fs::write(&moved, format!("{ours}echo mine\n")).expect("a file");
        assert_eq!(repository.hook(&["uninstall"]).status, 2);
        assert!(moved.exists());

        // Theirs in our keeping would be run by itself.
        std::fs::write(&moved, ours).expect("a file");
        std::fs::write(folder.join("pre-commit.before-tonelint"), text).expect("a file");
        both("ours moved, theirs kept");
        assert!(!moved.exists());
    }
    let repository = Repository::new();
    for text in [PRE_COMMITS, LEFTHOOKS] {
        std::fs::create_dir_all(repository.file(".git/hooks")).expect("a folder");
        std::fs::write(repository.file(".git/hooks/pre-commit"), text).expect("a file");
        let run = repository.hook(&["install", "--", "--fail-on", "error", "--config=it's \"here\".yml"]);
        shown.push_str(&format!("## with arguments\n{}", run.shown()));
    }
    let version = env!("CARGO_PKG_VERSION");
    insta::assert_snapshot!(shown.replace(&format!("v{version}"), "v[VERSION]"));
}

#[test]
fn a_bare_repository_has_no_commits_to_check() {
    let repository = Repository::new();
    let bare = repository.folder.path().join("bare.git");
    assert_eq!(repository.git(&["init", "--quiet", "--bare", &bare.to_string_lossy()]).status, 0);
    let run = repository.hook_in(&bare, &["install"]);
    assert_eq!(run.status, 2);
    assert!(!bare.join("hooks/pre-commit").exists());
    insta::assert_snapshot!(run.shown());

    // A work tree that belongs to it has.
    assert_eq!(repository.commit(&[]).status, 0);
    assert_eq!(repository.git(&["push", "--quiet", &bare.to_string_lossy(), "HEAD:main"]).status, 0);
    let tree = repository.folder.path().join("tree");
    let mut add = repository.command("git", &bare);
    add.args(["worktree", "add", "--quiet"]).arg(&tree).arg("main");
    let added = repository.run(add);
    assert_eq!(added.status, 0, "{}", added.shown());
    assert_eq!(repository.hook_in(&tree, &["install"]).status, 0);
    assert!(bare.join("hooks/pre-commit").exists());
}

#[test]
fn paths_among_the_arguments_are_from_where_it_is_called() {
    let repository = Repository::new();
    let deep = repository.file("sub/deep");
    std::fs::create_dir_all(&deep).expect("a folder");
    for name in ["b.json", "sub/c.yml", "sub/deep/error", "../outside.json"] {
        std::fs::write(repository.file(name), "").expect("a file");
    }
    let called = |folder: &Path, args: &[&str]| {
        let run = repository.hook_in(folder, &[&["install", "--"], args].concat());
        assert_eq!(run.status, 0, "{}", run.shown());
        let shown = repository.commit(&[]).shown();
        let line = shown.lines().find_map(|line| line.strip_prefix("stand-in check --staged --force-exclude"));
        line.unwrap_or_else(|| panic!("{shown}")).trim_start().to_owned()
    };
    for (args, wanted) in [
        (&["--baseline", "../../b.json"][..], "--baseline b.json"),
        (&["--config=../c.yml", "--rules", "."], "--config=sub/c.yml --rules sub/deep"),
        (&["--baseline", "../../../outside.json"], "--baseline ../outside.json"),
        // A word that is no path stays, whatever is called like it; so does what is not there from here.
        (&["--fail-on", "error", "-q", "error"], "--fail-on error -q sub/deep/error"),
        (&["--baseline", "b.json", "-j", "1", "--", "error"], "--baseline b.json -j 1 -- sub/deep/error"),
        (&["../.."], "."),
    ] {
        assert_eq!(called(&deep, args), wanted);
    }
    assert_eq!(called(&repository.path(), &["--baseline", "sub/../b.json"]), "--baseline sub/../b.json");
}
