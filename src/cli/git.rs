//! What git knows: the blobs that are staged, and what changed since a revision.
//!
//! git is asked for lists and blobs only; nothing is stashed, checked out or written.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::configs::absolute;
use crate::source::MAX_BYTES;

/// A file at a revision.
pub(super) struct Blob {
    /// Where it lies, as seen from the current folder.
    pub(super) path: PathBuf,
    /// Its bytes; none where there were none.
    pub(super) bytes: Option<Vec<u8>>,
}

/// Runs git and returns what it prints.
fn git(args: &[&str]) -> Result<Vec<u8>, String> {
    let output = command(args).output().map_err(|error| format!("git could not be started: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed");
    Err(format!("git: {}", line.trim_start_matches("fatal: ")))
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new("git");
    // Nothing of the user's settings may start a program or wait for a lock.
    command.args([
        "--no-optional-locks",
        "--literal-pathspecs",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.quotePath=false",
    ]);
    command.args(args).env("LC_ALL", "C").stdin(Stdio::null());
    command
}

/// The repository's root, from the root of the file system.
pub(super) fn top() -> Result<PathBuf, String> {
    let mut root = git(&["rev-parse", "--show-toplevel"])?;
    while root.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        root.pop();
    }
    Ok(path_of(&root))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// A path of the repository as seen from the current folder.
fn from_here(top: &Path, name: &[u8]) -> PathBuf {
    relative(&top.join(path_of(name)))
}

/// A path of the file system as seen from the current folder.
pub(super) fn relative(whole: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    let mut up = PathBuf::new();
    for folder in here.ancestors() {
        if let Ok(rest) = whole.strip_prefix(folder) {
            return up.join(rest);
        }
        up.push("..");
    }
    whole.to_owned()
}

/// Whether a path is one of those that were asked for, or lies below one; all are where none is.
fn is_asked(path: &Path, asked: &[PathBuf]) -> bool {
    let path = absolute(path);
    asked.is_empty() || asked.iter().any(|one| path.starts_with(absolute(one)))
}

/// What differs, as git prints it for programs whatever its settings are.
fn raw_diff(more: &[&str]) -> Result<Vec<u8>, String> {
    let plain = ["diff", "--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-relative"];
    git(&[plain.as_slice(), more].concat())
}

/// The regular files that are staged and differ from the last commit, with their staged bytes.
pub(super) fn staged(asked: &[PathBuf]) -> Result<Vec<Blob>, String> {
    let top = top()?;
    let raw = raw_diff(&["--cached", "--no-renames", "--diff-filter=AMT"])?;
    let mut fields = raw.split(|byte| *byte == 0);
    let mut wanted = Vec::new();
    while let (Some(meta), Some(name)) = (fields.next(), fields.next()) {
        // `:old-mode new-mode old-blob new-blob status`
        let meta = String::from_utf8_lossy(meta).into_owned();
        let words: Vec<&str> = meta.split(' ').collect();
        let (Some(mode), Some(blob)) = (words.get(1), words.get(3)) else { continue };
        let path = from_here(&top, name);
        if mode.starts_with("100") && is_asked(&path, asked) {
            wanted.push((path, (*blob).to_owned()));
        }
    }
    let names: Vec<Vec<u8>> = wanted.iter().map(|(_, blob)| blob.clone().into_bytes()).collect();
    let blobs = blobs(&names)?;
    Ok(wanted.into_iter().zip(blobs).map(|((path, _), bytes)| Blob { path, bytes }).collect())
}

/// The regular files of the index, each with the name of its blob.
pub(super) fn index(asked: &[PathBuf]) -> Result<Vec<(PathBuf, Vec<u8>)>, String> {
    let top = top()?;
    let mut command = command(&["ls-files", "--stage", "-z"]);
    let output = command.current_dir(&top).output().map_err(|error| format!("git could not be started: {error}"))?;
    let mut files = Vec::new();
    for entry in output.stdout.split(|byte| *byte == 0) {
        // `mode blob stage<TAB>path`
        let Some(tab) = entry.iter().position(|byte| *byte == b'\t') else { continue };
        let meta = String::from_utf8_lossy(&entry[..tab]).into_owned();
        let words: Vec<&str> = meta.split(' ').collect();
        let path = from_here(&top, &entry[tab + 1..]);
        if let [mode, blob, "0"] = words[..]
            && mode.starts_with("100")
            && is_asked(&path, asked)
        {
            files.push((path, blob.as_bytes().to_vec()));
        }
    }
    Ok(files)
}

/// The files of the work tree that differ from where `revision` and the current commit part, each with
/// what it was then; a file that is new since, or not tracked, was nothing.
pub(super) fn since(revision: &str, asked: &[PathBuf]) -> Result<Vec<Blob>, String> {
    let top = top()?;
    let commit = format!("{revision}^{{commit}}");
    let commit = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])
        .map_err(|_| format!("git knows no revision `{revision}`"))?;
    let commit = String::from_utf8_lossy(&commit).trim().to_owned();
    // What came to the other branch meanwhile is not ours.
    let base =
        git(&["merge-base", &commit, "HEAD"]).map_or(commit, |base| String::from_utf8_lossy(&base).trim().to_owned());
    let raw = raw_diff(&["-M", "--diff-filter=AMRT", &base])?;
    let mut fields = raw.split(|byte| *byte == 0);
    let mut wanted: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    while let (Some(meta), Some(name)) = (fields.next(), fields.next()) {
        let meta = String::from_utf8_lossy(meta).into_owned();
        let words: Vec<&str> = meta.split(' ').collect();
        let (Some(mode), Some(blob), Some(status)) = (words.get(1), words.get(2), words.get(4)) else { continue };
        let name = if status.starts_with('R') { fields.next().unwrap_or(name) } else { name };
        let path = from_here(&top, name);
        if mode.starts_with("100") && is_asked(&path, asked) {
            let old = (!status.starts_with('A')).then(|| (*blob).as_bytes().to_vec());
            wanted.push((path, old));
        }
    }
    let listed = {
        let mut command = command(&["ls-files", "--others", "--exclude-standard", "-z"]);
        let output =
            command.current_dir(&top).output().map_err(|error| format!("git could not be started: {error}"))?;
        output.stdout
    };
    for name in listed.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let path = from_here(&top, name);
        if is_asked(&path, asked) && path.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            wanted.push((path, None));
        }
    }
    let names: Vec<Vec<u8>> = wanted.iter().filter_map(|(_, old)| old.clone()).collect();
    let mut old = blobs(&names)?.into_iter();
    let known = wanted.into_iter().map(|(path, had)| Blob { path, bytes: had.and_then(|_| old.next().flatten()) });
    Ok(known.collect())
}

/// The bytes of some blobs, in order; none where one is missing or too large to be read.
pub(super) fn blobs(names: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, String> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let failed = |error: std::io::Error| format!("git: {error}");
    let mut child = command(&["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("git could not be started: {error}"))?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("git could not be started".into());
    };
    let found = std::thread::scope(|scope| {
        // Written beside the reading: either pipe may be full first.
        scope.spawn(move || {
            for name in names {
                if input.write_all(name).and_then(|()| input.write_all(b"\n")).is_err() {
                    return;
                }
            }
        });
        let mut output = BufReader::new(output);
        names.iter().map(|_| blob(&mut output)).collect::<Result<Vec<_>, _>>()
    });
    let _ = child.wait();
    found.map_err(failed)
}

/// One answer of `git cat-file --batch`: a line with name, kind and size, the bytes, a line feed.
fn blob(output: &mut BufReader<impl Read>) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = String::new();
    output.read_line(&mut head)?;
    let mut words = head.split_whitespace().skip(1);
    let (Some("blob"), Some(size)) = (words.next(), words.next()) else { return Ok(None) };
    let size: u64 = size.parse().map_err(std::io::Error::other)?;
    let mut bytes = Vec::new();
    if size > MAX_BYTES as u64 {
        std::io::copy(&mut output.take(size + 1), &mut std::io::sink())?;
        return Ok(None);
    }
    output.take(size).read_to_end(&mut bytes)?;
    output.read_exact(&mut [0])?;
    Ok(Some(bytes))
}
