//! Names of documents. A URI is kept as the client writes it, for it is asked for by the same letters.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands in a path as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The file that a URI names; `None` for other schemes, other machines, and what is no name here.
pub(super) fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = strip_scheme(uri, "file:")?;
    let rest = match rest.strip_prefix("//") {
        Some(rest) => {
            let (host, _) = rest.split_once('/')?;
            if !(host.is_empty() || host.eq_ignore_ascii_case("localhost")) {
                return None;
            }
            &rest[host.len()..]
        }
        None => rest,
    };
    let bytes: Vec<u8> = percent_decode_str(rest).collect();
    if !bytes.starts_with(b"/") || bytes.contains(&0) {
        return None;
    }
    path_of(bytes)
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    let text = String::from_utf8(bytes).ok()?;
    let drive = text.strip_prefix('/').filter(|rest| rest.as_bytes().get(1) == Some(&b':'));
    Some(PathBuf::from(drive.unwrap_or(&text)))
}

fn strip_scheme<'u>(uri: &'u str, scheme: &str) -> Option<&'u str> {
    let (head, rest) = uri.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// The URI of a file.
pub(super) fn of_path(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let slash = if text.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", utf8_percent_encode(&text, PLAIN))
}

/// The last part of a URI's path, decoded: what a person calls the document.
pub(super) fn name(uri: &str) -> String {
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit(['/', ':']).next().unwrap_or_default();
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_with_spaces_and_any_letters() {
        let path = Path::new("/a b/größe 😀#1%.md");
        assert_eq!(of_path(path), "file:///a%20b/gr%C3%B6%C3%9Fe%20%F0%9F%98%80%231%25.md");
        assert_eq!(to_path(&of_path(path)).as_deref(), Some(path));
        // As some clients write it.
        assert_eq!(to_path("file:///a b/größe 😀%231%25.md").as_deref(), Some(path));
        assert_eq!(to_path("file:/a.md").as_deref(), Some(Path::new("/a.md")));
        assert_eq!(to_path("FILE://localhost/a.md").as_deref(), Some(Path::new("/a.md")));
    }

    #[test]
    fn what_is_no_file_here_has_no_path() {
        for uri in
            ["untitled:Untitled-1", "https://example.org/a.md", "file://other/a.md", "file:///a%00.md", "file:", ""]
        {
            assert_eq!(to_path(uri), None, "{uri}");
        }
        assert_eq!(name("untitled:Untitled-1"), "Untitled-1");
        assert_eq!(name("vscode-vfs://github/o/r/antwort%20f%C3%BCr.md?x"), "antwort für.md");
    }
}
