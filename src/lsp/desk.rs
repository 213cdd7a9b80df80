//! What the server needs of the world: files, settings from files, processes. The command line has it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::settings::Settings;
use crate::config::Known;
use crate::finding::Finding;
use crate::linter::Linter;
use crate::outline::Outline;
use crate::rule::PackError;

/// What holds for one document.
#[derive(Clone)]
pub struct Ruling {
    /// The linter.
    pub linter: Arc<Linter>,
    /// What is known of the document.
    pub known: Known,
    /// The configuration file that holds, if one does.
    pub configuration: Option<PathBuf>,
    /// Directories and files with packs of the team's own.
    pub rules: Vec<PathBuf>,
    /// What is wrong with the configuration, so that it does not hold: in one line, with its place.
    pub trouble: Option<String>,
    /// The file of findings that are known and not reported, if there is one.
    pub baseline: Option<PathBuf>,
}

/// Texts of files that an editor has open, which stand for what is on the disk.
pub type Drafts = BTreeMap<PathBuf, Arc<str>>;

/// The world around the server.
pub trait Desk: Send + Sync {
    /// What holds for a path; for a document that has none, `None`.
    fn ruling(&self, path: Option<&Path>, settings: &Settings) -> Ruling;

    /// Those of the findings of a document that its baseline does not know.
    fn unknown(&self, ruling: &Ruling, findings: Vec<Finding>) -> Vec<Finding>;

    /// Takes these texts of configuration files and packs for what is on the disk, and reads all others
    /// again when they are needed.
    fn refresh(&self, drafts: Drafts);

    /// Whether something that was read has changed on the disk since.
    fn has_changed(&self) -> bool;

    /// Whether a file is one of those by which it is known what holds.
    fn concerns(&self, path: &Path) -> bool;

    /// Whether configuration files are read at all.
    fn is_configurable(&self) -> bool;

    /// What is wrong with the text of a configuration file.
    fn configuration_errors(&self, path: Option<&Path>, text: &str, settings: &Settings) -> Vec<PackError>;

    /// What is wrong with the text of a pack.
    fn pack_errors(&self, path: Option<&Path>, text: &str, settings: &Settings) -> Vec<PackError>;

    /// Reads a file that people edit, such as a configuration; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, in words.
    fn read(&self, path: &Path) -> Result<Option<String>, String>;

    /// Writes a file whole, if it is still as it was read; `None` where it was not there.
    ///
    /// # Errors
    ///
    /// Why it cannot be written, in words.
    fn write(&self, path: &Path, before: Option<&str>, text: &str) -> Result<(), String>;

    /// The outlines as `tonelint outline` prints them.
    fn outline(&self, name: &str, outlines: &[Outline]) -> String;

    /// Whether a process is there.
    fn is_alive(&self, process: i32) -> bool;
}
