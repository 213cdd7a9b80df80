//! Reading and writing files.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use crate::source::{MAX_BYTES, SourceError};

/// Why a file could not be read or written, in words.
pub(super) type FileError = String;

/// Reads a regular file, up to `limit` bytes.
pub(super) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, FileError> {
    let file = open(path).map_err(|error| said(&error))?;
    let metadata = file.metadata().map_err(|error| said(&error))?;
    if metadata.is_dir() {
        return Err("is a directory".into());
    }
    if !metadata.is_file() {
        return Err("not a regular file".into());
    }
    if metadata.len() > limit as u64 {
        return Err(SourceError::too_large(metadata.len(), limit).to_string());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    // It may grow while it is read.
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| said(&error))?;
    Ok(bytes)
}

/// Opens without waiting for a writer, should the path be a pipe.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        const O_NONBLOCK: i32 = if cfg!(target_os = "linux") { 0o4000 } else { 0x4 };
        options.custom_flags(O_NONBLOCK);
    }
    options.open(path)
}

/// Reads standard input, up to the largest input.
pub(super) fn read_stdin() -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| said(&error))?;
    Ok(bytes)
}

/// Writes a file whole or not at all, if it still holds what was read from it.
///
/// What is written stands in the same directory before it takes the file's place, so that no one
/// ever sees half of it. Links are followed; mode and owner stay.
pub(super) fn replace(path: &Path, read_before: &[u8], text: &[u8]) -> Result<(), FileError> {
    let target = path.canonicalize().map_err(|error| said(&error))?;
    let metadata = target.metadata().map_err(|error| said(&error))?;
    if metadata.permissions().readonly() {
        return Err("is read-only; it stays as it was".into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if metadata.nlink() > 1 {
            return Err("has more than one hard link, which writing would part; it stays as it was".into());
        }
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut draft = tempfile::Builder::new().prefix(".tonelint-").tempfile_in(folder).map_err(|error| said(&error))?;
    draft.write_all(text).and_then(|()| draft.as_file().sync_all()).map_err(|error| said(&error))?;
    draft.as_file().set_permissions(metadata.permissions()).map_err(|error| said(&error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        // Only the superuser may give a file away; for others the owner is right already.
        let _ = fchown(draft.as_file(), Some(metadata.uid()), Some(metadata.gid()));
    }
    if read(&target, MAX_BYTES)? != read_before {
        return Err("was changed by someone else meanwhile; it stays as it is".into());
    }
    draft.persist(&target).map_err(|error| said(&error.error))?;
    // The new name must outlive a power cut too; where a folder cannot be synced, nothing is lost but that.
    #[cfg(unix)]
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Writes a file that is not there yet, whole or not at all.
pub(super) fn create(path: &Path, text: &[u8]) -> Result<(), FileError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut draft = draft(folder)?;
    draft.write_all(text).and_then(|()| draft.as_file().sync_all()).map_err(|error| said(&error))?;
    draft.persist_noclobber(path).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => "is there already; it stays as it is".to_owned(),
        _ => said(&error.error),
    })?;
    Ok(())
}

/// Writes a file in the place of what is there, whole or not at all. What is no regular file, such as
/// a terminal or a pipe, is written to as it is.
pub(super) fn write(path: &Path, text: &[u8]) -> Result<(), FileError> {
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return File::create(path).and_then(|mut file| file.write_all(text)).map_err(|error| said(&error));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut draft = draft(folder)?;
    draft.write_all(text).map_err(|error| said(&error))?;
    draft.persist(path).map_err(|error| said(&error.error))?;
    Ok(())
}

/// A file of everybody's mode, to be written before it takes its name.
fn draft(folder: &Path) -> Result<tempfile::NamedTempFile, FileError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tonelint-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder).map_err(|error| said(&error))
}

/// An error of the system in plain words, without its number.
fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on should say where")]
mod tests {
    use super::{create, replace};

    #[test]
    fn a_file_that_changed_meanwhile_stays_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.md");
        std::fs::write(&path, "theirs").expect("writable");
        let error = replace(&path, b"read before", b"ours");
        assert!(error.is_err_and(|message| message.contains("changed by someone else")));
        assert_eq!(std::fs::read(&path).expect("there"), b"theirs");
        assert!(create(&path, b"ours").is_err());
        assert_eq!(std::fs::read(&path).expect("there"), b"theirs");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "no draft is left");
        assert!(replace(&path, b"theirs", b"ours").is_ok());
        assert_eq!(std::fs::read(&path).expect("there"), b"ours");
    }
}
