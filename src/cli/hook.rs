//! `tonelint hook`: a plain git hook, without a framework.
//!
//! A hook that was there before stays: it is kept beside ours under [`KEPT`], runs first, and
//! `uninstall` puts it back. Nothing is overwritten that did not come from here. Where another program
//! looks after the hooks, `install` leaves them to it and says what to tell it.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use clap::{CommandFactory, Parser, ValueHint};
use xxhash_rust::xxh3::xxh3_64;

use super::args::{Cli, HookCommand};
use super::configs::absolute;
use super::terminal::Terminal;
use super::{Exit, Failure};

/// The hook's file name.
const NAME: &str = "pre-commit";
/// What the hook that was there before is called while ours is in its place.
const KEPT: &str = "pre-commit.before-tonelint";
/// Begins the line by which a hook of ours is known; the checksum of the lines below it follows.
const MARK: &str = "# tonelint-hook 1 ";
/// Ours, from the line after the mark.
const BODY: &str = include_str!("hook.sh");

pub(super) fn run(command: &HookCommand, terminal: &Terminal) -> Result<Exit, Failure> {
    match command {
        HookCommand::Install { shared, check } => install(*shared, check, terminal),
        HookCommand::Uninstall => uninstall(terminal),
    }
}

fn install(shared: bool, check: &[String], terminal: &Terminal) -> Result<Exit, Failure> {
    let line = ["tonelint", "check", "--staged", "--force-exclude"].into_iter().chain(check.iter().map(String::as_str));
    if let Err(error) = Cli::try_parse_from(line) {
        let _ = error.print();
        return Ok(Exit::Error);
    }
    let hooks = Hooks::find()?;
    if git(&["rev-parse", "--is-bare-repository"])? == Path::new("true") {
        return Err(Failure::Said(
            "this repository is bare: nothing is committed in it, so that the hook would never run; install it in a clone".into(),
        ));
    }
    let check = &from_the_top(check)?;
    if hooks.folder.ends_with(".husky/_") {
        return Err(Failure::Said(
            "husky looks after this repository's hooks; add the line `tonelint check --staged --force-exclude` to .husky/pre-commit"
                .into(),
        ));
    }
    if hooks.is_shared && !shared {
        return Err(Failure::Said(format!(
            "core.hooksPath is {}, outside of this repository: other repositories may run its hooks too; `tonelint hook install --shared` installs there all the same",
            hooks.folder.display()
        )));
    }
    let said = |error: &io::Error| Failure::Said(format!("{}: {error}", hooks.folder.display()));
    let (hook, kept) = (hooks.folder.join(NAME), hooks.folder.join(KEPT));
    let before = Hook::read(&hook)?;
    if let Hook::Managed(manager) = before {
        let mut message = manager.lines(check);
        if let Some(moved) = hooks.moved()? {
            let moved = shown(&moved);
            message.push_str(&format!("\n\n{moved} is tonelint's hook; `tonelint hook uninstall` takes it away"));
        }
        return Err(Failure::Said(message));
    }
    fs::create_dir_all(&hooks.folder).map_err(|error| said(&error))?;
    match before {
        Hook::Changed => return Err(changed(&hook)),
        Hook::Others if exists(&kept) => {
            return Err(Failure::Said(format!(
                "{} came after tonelint's hook, and {} is kept from before it: put the one that you want in place of the other, then install again",
                hook.display(),
                kept.display()
            )));
        }
        Hook::Others => {
            // Under two names for a moment, rather than under none.
            fs::hard_link(&hook, &kept).or_else(|_| fs::rename(&hook, &kept)).map_err(|error| said(&error))?;
        }
        Hook::None | Hook::Ours | Hook::Managed(_) => {}
    }
    write(&hook, script(check).as_bytes()).map_err(|error| said(&error))?;
    let mut out = terminal.out();
    let verb = if before == Hook::Ours { "renewed" } else { "installed" };
    writeln!(out, "{verb} {}: it checks what is staged before each commit", shown(&hook))?;
    if exists(&kept) {
        writeln!(out, "the hook that was there is kept as {KEPT} and runs first")?;
    }
    writeln!(
        out,
        "see      tonelint check --staged\nskip     git commit --no-verify, or TONELINT=0 git commit\nremove   tonelint hook uninstall"
    )?;
    out.flush()?;
    Ok(Exit::Clean)
}

fn uninstall(terminal: &Terminal) -> Result<Exit, Failure> {
    let hooks = Hooks::find()?;
    let (hook, kept) = (hooks.folder.join(NAME), hooks.folder.join(KEPT));
    let said = |error: &io::Error| Failure::Said(format!("{}: {error}", hooks.folder.display()));
    let mut out = terminal.out();
    match Hook::read(&hook)? {
        Hook::Changed => return Err(changed(&hook)),
        found @ (Hook::None | Hook::Others | Hook::Managed(_)) => {
            let Some(moved) = hooks.moved()? else {
                writeln!(out, "{}: tonelint's hook is not installed", shown(&hook))?;
                out.flush()?;
                return Ok(Exit::Clean);
            };
            // What we kept takes the place that it would have had without us. The other program's own hook is in
            // its place already, and would run itself.
            if matches!(found, Hook::Managed(_)) && Hook::read(&kept)? == found {
                fs::remove_file(&kept).map_err(|error| said(&error))?;
            }
            if exists(&kept) {
                fs::rename(&kept, &moved).map_err(|error| said(&error))?;
                writeln!(out, "{}: the hook that was there before is back", shown(&moved))?;
            } else {
                fs::remove_file(&moved).map_err(|error| said(&error))?;
                writeln!(out, "{} removed: another program had moved tonelint's hook there", shown(&moved))?;
            }
        }
        Hook::Ours if exists(&kept) => {
            fs::rename(&kept, &hook).map_err(|error| said(&error))?;
            writeln!(out, "{}: the hook that was there before is back", shown(&hook))?;
        }
        Hook::Ours => {
            fs::remove_file(&hook).map_err(|error| said(&error))?;
            writeln!(out, "{} removed", shown(&hook))?;
        }
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn changed(hook: &Path) -> Failure {
    Failure::Said(format!(
        "{} is tonelint's hook, changed by hand: it stays as it is; move it away to install or uninstall",
        hook.display()
    ))
}

/// Where git looks for the hooks of the repository that this folder belongs to.
struct Hooks {
    folder: PathBuf,
    /// Whether that is neither in the repository's git folder nor in its work tree.
    is_shared: bool,
}

impl Hooks {
    fn find() -> Result<Self, Failure> {
        // `--git-path` knows of core.hooksPath and of the git folder that worktrees share.
        let folder = absolute(&git(&["rev-parse", "--git-path", "hooks"])?);
        let common = absolute(&git(&["rev-parse", "--git-common-dir"])?);
        let tree = git(&["rev-parse", "--show-toplevel"]).map(|path| absolute(&path));
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let inside = |root: &Path| folder.starts_with(root) || real(&folder).starts_with(real(root));
        let is_shared = !inside(&common) && !tree.is_ok_and(|tree| inside(&tree));
        Ok(Self { folder, is_shared })
    }

    /// Our hook, where another program has moved it.
    fn moved(&self) -> Result<Option<PathBuf>, Failure> {
        for manager in [Manager::PreCommit, Manager::Lefthook] {
            let path = self.folder.join(manager.moved());
            match Hook::read(&path)? {
                Hook::Ours => return Ok(Some(path)),
                Hook::Changed => return Err(changed(&path)),
                Hook::None | Hook::Others | Hook::Managed(_) => {}
            }
        }
        Ok(None)
    }
}

/// What git answers: one path.
fn git(args: &[&str]) -> Result<PathBuf, Failure> {
    // A repository may name a program that git would run for its file system monitor.
    let output = Command::new("git").args(["-c", "core.fsmonitor=false"]).args(args).output();
    let output = output.map_err(|error| Failure::Said(format!("git cannot be run: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::Said(said.trim().trim_start_matches("fatal: ").to_owned()));
    }
    let mut bytes = output.stdout;
    while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        bytes.pop();
    }
    Ok(super::walk::path_of(&bytes))
}

/// What stands at the hook's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hook {
    None,
    /// As it was written here.
    Ours,
    /// Ours, and then changed.
    Changed,
    /// Written by another program, which moves other hooks out of its way when it comes again.
    Managed(Manager),
    Others,
}

impl Hook {
    fn read(path: &Path) -> Result<Self, Failure> {
        if !exists(path) {
            return Ok(Self::None);
        }
        // A link that leads nowhere, or what is no text, is someone else's.
        let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let Some((_, rest)) = text.split_once(MARK) else {
            return if path.is_dir() {
                Err(Failure::Said(format!("{} is a directory", path.display())))
            } else {
                Ok(Manager::of(&text).map_or(Self::Others, Self::Managed))
            };
        };
        let (sum, body) = rest.split_once('\n').unwrap_or_default();
        Ok(if sum == checksum(body) { Self::Ours } else { Self::Changed })
    }
}

/// A program that looks after the hooks of a repository, and writes them itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manager {
    PreCommit,
    Lefthook,
}

impl Manager {
    /// Whose hook this is.
    fn of(text: &str) -> Option<Self> {
        if text.contains("File generated by pre-commit: https://pre-commit.com") {
            Some(Self::PreCommit)
        } else if text.contains("call_lefthook run ") {
            Some(Self::Lefthook)
        } else {
            None
        }
    }

    /// What it calls the hook that it found in its place.
    fn moved(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit.legacy",
            Self::Lefthook => "pre-commit.old",
        }
    }

    /// What to write into its configuration, with these arguments for the check.
    fn lines(self, check: &[String]) -> String {
        // A JSON string is a YAML string too.
        let yaml = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::PreCommit => {
                let (repository, version) = (env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"));
                let args: Vec<String> = check.iter().map(|arg| yaml(arg)).collect();
                let args =
                    if args.is_empty() { String::new() } else { format!("\n        args: [{}]", args.join(", ")) };
                format!(
                    "pre-commit looks after this repository's hooks; put this into .pre-commit-config.yaml, under `repos:`\n\n  \
                     - repo: {repository}\n    rev: v{version}\n    hooks:\n      - id: tonelint{args}"
                )
            }
            Self::Lefthook => {
                let mut run = "tonelint check --staged --force-exclude".to_owned();
                if !check.is_empty() {
                    run.extend(check.iter().map(|arg| format!(" {}", quoted(arg))));
                    run = yaml(&run);
                }
                format!(
                    "lefthook looks after this repository's hooks; put this into lefthook.yml\n\n\
                     pre-commit:\n  jobs:\n    - name: tonelint\n      run: {run}"
                )
            }
        }
    }
}

/// The arguments for the check as they are right from the top of the work tree, where git runs hooks: paths
/// of files that are there from here are changed, all else stays.
fn from_the_top(check: &[String]) -> Result<Vec<String>, Failure> {
    let prefix = git(&["rev-parse", "--show-prefix"])?;
    if prefix.as_os_str().is_empty() {
        return Ok(check.to_vec());
    }
    let command = Cli::command();
    let options: Vec<&clap::Arg> =
        command.find_subcommand("check").into_iter().flat_map(clap::Command::get_arguments).collect();
    let option = |name: &str| {
        options.iter().copied().find(|arg| {
            name.strip_prefix("--").map_or_else(
                || {
                    name.strip_prefix('-')
                        .is_some_and(|short| arg.get_short().is_some_and(|one| short == one.to_string()))
                },
                |long| arg.get_long() == Some(long),
            )
        })
    };
    let is_path = |arg: &clap::Arg| matches!(arg.get_value_hint(), ValueHint::FilePath | ValueHint::AnyPath);
    let mut made = Vec::new();
    let mut args = check.iter();
    let mut only_paths = false;
    while let Some(arg) = args.next() {
        if only_paths || !arg.starts_with('-') || arg == "-" {
            made.push(moved_up(&prefix, arg));
        } else if arg == "--" {
            only_paths = true;
            made.push(arg.clone());
        } else if let Some((name, value)) = arg.split_once('=') {
            let value = if option(name).is_some_and(is_path) { moved_up(&prefix, value) } else { value.to_owned() };
            made.push(format!("{name}={value}"));
        } else {
            made.push(arg.clone());
            let Some(option) = option(arg).filter(|option| option.get_action().takes_values()) else { continue };
            made.extend(
                args.next().map(|value| if is_path(option) { moved_up(&prefix, value) } else { value.clone() }),
            );
        }
    }
    Ok(made)
}

/// The path of a file as it is from the top of the work tree, where the folder that we are in is `prefix`.
fn moved_up(prefix: &Path, value: &str) -> String {
    let path = Path::new(value);
    if path.is_absolute() || !path.exists() {
        return value.to_owned();
    }
    let mut folders: Vec<&OsStr> = prefix.iter().collect();
    // Only what leads up at the start: further on a link may lead elsewhere.
    let mut parts = path.components().peekable();
    while let Some(part) = parts.next_if(|part| matches!(part, Component::CurDir | Component::ParentDir)) {
        if part == Component::ParentDir && folders.pop().is_none_or(|last| last == "..") {
            folders.push(OsStr::new(".."));
        }
    }
    let moved: PathBuf = folders.into_iter().chain(parts.map(Component::as_os_str)).collect();
    match moved.to_str() {
        Some("") => ".".to_owned(),
        Some(text) if text.starts_with('-') => format!("./{text}"),
        Some(text) => text.to_owned(),
        None => value.to_owned(),
    }
}

/// Whether something is there, be it a link that leads nowhere.
fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn checksum(body: &str) -> String {
    format!("{:016x}", xxh3_64(body.as_bytes()))
}

/// The whole hook.
fn script(check: &[String]) -> String {
    // Programs with windows start git with a short PATH.
    let program =
        std::env::current_exe().ok().and_then(|path| path.to_str().map(quoted)).unwrap_or_else(|| "''".into());
    let more: String = check.iter().map(|arg| format!(" {}", quoted(arg))).collect();
    let body = BODY.replace("@KEPT@", KEPT).replace("@PROGRAM@", &program).replace(" @MORE@", &more);
    format!("#!/bin/sh\n{MARK}{}\n{body}", checksum(&body))
}

/// A text as one word of the shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Writes an executable file in the place of what is there, all at once.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut draft = tempfile::Builder::new().prefix(".tonelint-").tempfile_in(folder)?;
    draft.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        draft.as_file().set_permissions(fs::Permissions::from_mode(0o755))?;
    }
    draft.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A path as short as it can be said from here.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
