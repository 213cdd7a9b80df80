//! From the paths of the command line to the files to read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::{WalkBuilder, WalkState};

use super::args::CheckArgs;
use super::configs::absolute;
use super::{Failure, files};
use crate::format::Format;
use crate::report::InputError;
use crate::source::MAX_BYTES;

/// The files below some paths, in order, each once; and the paths that could not be followed.
///
/// A path that names a file is always read. In a directory, files are read whose ending names a
/// format, unless `.gitignore` or `.ignore` leaves them out; links are not followed, and what is no
/// regular file is passed over.
pub(super) fn files(paths: &[PathBuf], jobs: usize) -> (Vec<PathBuf>, Vec<InputError>) {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => walk(path, jobs, &mut files, &mut errors),
            Ok(_) => files.push(path.clone()),
            Err(error) => {
                let message = match error.kind() {
                    std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
                    std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
                    _ => error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase(),
                };
                errors.push(InputError { path: path.display().to_string(), message });
            }
        }
    }
    let mut files: Vec<PathBuf> = files.iter().map(|file| normal(file)).collect();
    files.sort();
    files.dedup();
    errors.sort();
    (files, errors)
}

/// The paths that the command line and the file of `--files-from` name.
pub(super) fn named(args: &CheckArgs) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = args.paths.clone();
    let Some(list) = &args.files_from else { return Ok(paths) };
    let from_stdin = list.as_os_str() == "-";
    if from_stdin && paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::Said("standard input is either the list of `--files-from -` or a draft, not both".into()));
    }
    let bytes = if from_stdin { files::read_stdin() } else { files::read(list, MAX_BYTES) };
    let bytes = bytes.map_err(|message| Failure::Said(format!("--files-from {}: {message}", list.display())))?;
    let by_zero = bytes.contains(&0);
    for entry in bytes.split(|byte| *byte == if by_zero { 0 } else { b'\n' }) {
        let entry = if by_zero { entry } else { entry.strip_suffix(b"\r").unwrap_or(entry) };
        if !entry.is_empty() {
            // Here `-` is a file of that name.
            let path = path_of(entry);
            paths.push(if path.as_os_str() == "-" { Path::new(".").join(path) } else { path });
        }
    }
    Ok(paths)
}

/// A path from the bytes that a list or git writes it in.
#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Whether a name on the way from the asked paths to a file begins with a dot, as those of tools do: such
/// files are read only where they are named.
pub(super) fn is_hidden(file: &Path, asked: &[PathBuf]) -> bool {
    let whole = absolute(file);
    let below = asked
        .iter()
        .filter_map(|path| whole.strip_prefix(absolute(path)).ok())
        .min_by_key(|rest| rest.as_os_str().len());
    below.unwrap_or(file).components().any(|part| match part {
        std::path::Component::Normal(name) => name.as_encoded_bytes().starts_with(b"."),
        _ => false,
    })
}

/// A path without `.` in it.
fn normal(path: &Path) -> PathBuf {
    let plain: PathBuf = path.components().filter(|part| !matches!(part, std::path::Component::CurDir)).collect();
    if plain.as_os_str().is_empty() { path.to_owned() } else { plain }
}

/// The largest file of patterns that is read, in bytes: each pattern costs some hundred times its length.
const MAX_IGNORE: u64 = 256 << 10;

/// Whether a folder's patterns are more than can be read; says so.
pub(super) fn too_many_patterns(folder: &Path) -> Option<InputError> {
    [".gitignore", ".ignore"].into_iter().find_map(|name| {
        let path = folder.join(name);
        let bytes = path.metadata().ok().filter(|metadata| metadata.len() > MAX_IGNORE)?.len();
        let message = format!("too large: {bytes} bytes, at most {MAX_IGNORE} are read; nothing below it is checked");
        Some(InputError { path: path.display().to_string(), message })
    })
}

fn walk(root: &Path, jobs: usize, files: &mut Vec<PathBuf>, errors: &mut Vec<InputError>) {
    let whole = absolute(root);
    // Up to the repository's root, as the patterns are looked for.
    let mut above = Vec::new();
    for folder in whole.ancestors() {
        above.push(folder);
        if folder.join(".git").exists() {
            break;
        }
    }
    if let Some(error) = too_many_patterns(root).or_else(|| above.into_iter().skip(1).find_map(too_many_patterns)) {
        errors.push(error);
        return;
    }
    let found = Mutex::new((Vec::new(), Vec::new()));
    let left_out: Arc<Mutex<Vec<InputError>>> = Arc::default();
    let seen = left_out.clone();
    let mut builder = WalkBuilder::new(root);
    builder.hidden(true).require_git(false).follow_links(false).threads(jobs).filter_entry(move |entry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let Some(error) = is_folder.then(|| too_many_patterns(entry.path())).flatten() else { return true };
        if let Ok(mut seen) = seen.lock() {
            seen.push(error);
        }
        false
    });
    builder.build_parallel().run(|| {
        Box::new(|entry| {
            let Ok(mut found) = found.lock() else {
                return WalkState::Quit;
            };
            match entry {
                Ok(entry) => {
                    let regular = entry.file_type().is_some_and(|kind| kind.is_file());
                    let readable = Format::of_name(&entry.path().to_string_lossy()).is_some();
                    if regular && readable {
                        found.0.push(entry.into_path());
                    }
                }
                Err(error) => found.1.push(explain(root, &error)),
            }
            WalkState::Continue
        })
    });
    if let Ok((mut more, mut wrong)) = found.into_inner() {
        files.append(&mut more);
        errors.append(&mut wrong);
    }
    if let Ok(mut left_out) = left_out.lock() {
        errors.append(&mut left_out);
    }
}

fn explain(root: &Path, error: &ignore::Error) -> InputError {
    let (path, message) = match error {
        ignore::Error::WithDepth { err, .. } => return explain(root, err),
        ignore::Error::WithPath { path, err } => (path.as_path(), err.to_string()),
        other => (root, other.to_string()),
    };
    let message = message.split(" (os error").next().unwrap_or_default().to_lowercase();
    InputError { path: path.display().to_string(), message }
}
