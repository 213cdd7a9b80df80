//! Running the binary as its user would.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a run printed, and how it ended.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The whole run as a snapshot shows it.
    pub(crate) fn shown(&self) -> String {
        let mut shown = format!("exit {}\n", self.status);
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                shown.push_str(&format!("--- {name}\n{text}"));
            }
        }
        shown
    }
}

/// Runs the binary in a folder, with nothing of the environment that changes its output.
pub(crate) fn run_in(folder: &Path, args: &[&str], stdin: &str) -> Run {
    let mut child = command(folder, args).spawn().expect("the binary starts");
    child.stdin.take().expect("a pipe").write_all(stdin.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
    }
}

/// The binary, ready to start.
pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tonelint"));
    command.current_dir(folder).args(args);
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the binary at the repository's root.
pub(crate) fn run(args: &[&str]) -> Run {
    run_in(root(), args, "")
}

/// A folder of files for one test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder"));
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("in the folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        folder
    }

    /// A folder with the files that all tests of a module need, and a test's own.
    pub(crate) fn with(shared: &[(&str, &str)], own: &[(&str, &str)]) -> Self {
        Self::new(&[shared, own].concat())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("the file is there")
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        run_in(self.path(), args, "")
    }
}

/// A pack of two rules, `no-guys` and `no-hey`, each of one word.
pub(crate) const TWO_WORDS: &str = r#"
family: own
rules:
  - {name: no-guys, message: "`{match}`", find: [guys]}
  - {name: no-hey, message: "`{match}`", find: [hey]}
"#;

/// Checks with the packs of the folder `tone` and no others.
pub(crate) fn check(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&[&["check", "--no-builtin", "--rules", "tone"], args].concat())
}

/// What is printed, without how many rules there are, which grows.
pub(crate) fn without_counts(shown: &str) -> String {
    let pattern = regex::Regex::new(r"(?m)^\d+ of \d+ rules are on$").expect("a pattern");
    pattern.replace_all(shown, "N of M rules are on").into_owned()
}

/// All files below a folder, in order.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
