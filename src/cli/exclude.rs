//! Excludes for paths that are named: `--force-exclude`, which hooks pass.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::configs::absolute;

/// Whether `.gitignore` or `.ignore` leaves a file out, from the repository's root down to it; the
/// nearest says.
pub(super) fn is_excluded(path: &Path) -> bool {
    let path = absolute(path);
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in path.ancestors().skip(1) {
        folders.push(folder.to_owned());
        if folder.join(".git").exists() {
            break;
        }
    }
    let mut excluded = false;
    for folder in folders.iter().rev() {
        for name in [".gitignore", ".ignore"] {
            let rules = ignore_file(folder, name);
            let matched = rules.matched_path_or_any_parents(&path, false);
            excluded = (excluded || matched.is_ignore()) && !matched.is_whitelist();
        }
    }
    excluded
}

fn ignore_file(folder: &Path, name: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    let file = folder.join(name);
    if file.is_file() {
        // A line that is no pattern excludes nothing, as git has it.
        let _ = builder.add(file);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
