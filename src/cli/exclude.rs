//! Excludes for paths that are named: `--force-exclude`, which hooks pass.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::configs::absolute;
use super::walk;

/// What `.gitignore` and `.ignore` leave out, from the repository's root down; the nearest says.
#[derive(Default)]
pub(super) struct Excludes {
    /// Folder to the rules that hold in it, the weakest first.
    of_folder: HashMap<PathBuf, Arc<[Gitignore]>>,
}

impl Excludes {
    /// Whether a file is left out.
    pub(super) fn hold_for(&mut self, path: &Path) -> bool {
        let path = absolute(path);
        let Some(folder) = path.parent() else { return false };
        let mut excluded = false;
        for rules in self.of(folder).iter() {
            let matched = rules.matched_path_or_any_parents(&path, false);
            excluded = (excluded || matched.is_ignore()) && !matched.is_whitelist();
        }
        excluded
    }

    fn of(&mut self, folder: &Path) -> Arc<[Gitignore]> {
        if let Some(known) = self.of_folder.get(folder) {
            return known.clone();
        }
        let is_root = folder.join(".git").exists();
        let above = folder.parent().filter(|_| !is_root).map(|above| self.of(above));
        let own = [".gitignore", ".ignore"].into_iter().filter_map(|name| ignore_file(folder, name));
        let rules: Arc<[Gitignore]> = above.iter().flat_map(|above| above.iter().cloned()).chain(own).collect();
        self.of_folder.insert(folder.to_owned(), rules.clone());
        rules
    }
}

fn ignore_file(folder: &Path, name: &str) -> Option<Gitignore> {
    let file = folder.join(name);
    if !file.is_file() || walk::too_many_patterns(folder).is_some() {
        return None;
    }
    let mut builder = GitignoreBuilder::new(folder);
    // A line that is no pattern excludes nothing, as git has it.
    let _ = builder.add(file);
    builder.build().ok()
}
