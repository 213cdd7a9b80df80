//! Where reports go: standard output, files, the summary of a CI step.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::{CheckArgs, Output, OutputFormat};
use super::configs::absolute;
use super::terminal::Terminal;
use super::{Failure, files};
use crate::format::Format;
use crate::report::{self, Human, Outcome, Report};
use crate::rule::Rule;

/// Columns of a report for people in a file.
const FILE_WIDTH: usize = 100;

/// The reports that a run writes.
pub(super) struct Outputs {
    /// To standard output.
    pub(super) stdout: Option<OutputFormat>,
    /// To files.
    files: Vec<(OutputFormat, PathBuf)>,
    redact: bool,
}

impl Outputs {
    /// What the arguments ask for.
    pub(super) fn of(args: &CheckArgs) -> Result<Self, Failure> {
        let mut stdout = None;
        let mut files = Vec::new();
        for Output { format, file } in &args.format {
            match file {
                Some(file) => files.push((*format, file.clone())),
                None if stdout.is_some() => {
                    return Err(Failure::Said(
                        "only one report goes to standard output; name a file for the others: `--format sarif=out.sarif`".into(),
                    ));
                }
                None => stdout = Some(*format),
            }
        }
        match (&args.output, stdout.take()) {
            (Some(file), Some(format)) => files.push((format, file.clone())),
            (Some(_), None) => {
                return Err(Failure::Said("`--output` has no report to write: each `--format` names its file".into()));
            }
            (None, format) => stdout = format,
        }
        let mut names = HashSet::new();
        for (_, file) in &files {
            if !names.insert(absolute(file)) {
                return Err(Failure::Said(format!("two reports would be written to {}", file.display())));
            }
            // `--output replies/*.md` names a reply, and the shell does not say so.
            let could_be_read = Format::of_name(&file.to_string_lossy()).is_some();
            if could_be_read && std::fs::read(file).is_ok_and(|bytes| !is_report(&String::from_utf8_lossy(&bytes))) {
                return Err(Failure::Said(format!(
                    "{} is there already and is no report; it stays as it is. Name another file for the report, or delete it",
                    file.display()
                )));
            }
        }
        Ok(Self { stdout, files, redact: args.redact })
    }

    /// Whether a file is one that a report of this run is written to.
    pub(super) fn writes(&self, file: &Path) -> bool {
        self.files.iter().any(|(_, report)| absolute(report) == absolute(file))
    }

    /// Whether some report shows or measures the inputs themselves.
    pub(super) fn need_sources(&self) -> bool {
        let needs =
            |format: OutputFormat| matches!(format, OutputFormat::Human | OutputFormat::Sarif | OutputFormat::Rdjson);
        self.stdout.is_some_and(needs) || self.files.iter().any(|(format, _)| needs(*format))
    }

    /// Writes the reports that go to files, each whole or not at all.
    pub(super) fn write_files(&self, outcome: &Outcome<'_>) -> Result<(), Failure> {
        for (format, path) in &self.files {
            let mut text = Vec::new();
            let human = Human { color: false, width: FILE_WIDTH };
            self.render(*format, outcome, human, &mut text)?;
            if format.is_for_people() {
                writeln!(text, "{}", outcome.report.summary())?;
            }
            files::write(path, &text)
                .map_err(|message| Failure::Said(format!("{}: cannot write the report: {message}", path.display())))?;
        }
        Ok(())
    }

    /// Writes one report.
    pub(super) fn render(
        &self,
        format: OutputFormat,
        outcome: &Outcome<'_>,
        human: Human,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            OutputFormat::Human => {
                // Said once, a reason teaches; said ten times, it hides the findings.
                let mut explained = HashSet::new();
                for finding in &outcome.report.findings {
                    let source = outcome.sources.get(&finding.path).filter(|_| !self.redact);
                    human.finding(source, finding, explained.insert(&finding.code), out)?;
                }
                Ok(())
            }
            OutputFormat::Compact => report::compact(outcome.report, out),
            OutputFormat::Json => report::json(outcome.report, out),
            OutputFormat::Jsonl => report::jsonl(outcome.report, out),
            OutputFormat::Sarif => report::sarif(outcome, out),
            OutputFormat::Github => report::github(outcome, out),
            OutputFormat::Gitlab => report::gitlab(outcome, out),
            OutputFormat::Junit => report::junit(outcome, out),
            OutputFormat::Checkstyle => report::checkstyle(outcome, out),
            OutputFormat::Rdjson => report::rdjson(outcome, out),
        }
    }

    /// Adds every finding to the summary of the step, where GitHub Actions names a file for it.
    pub(super) fn step_summary(&self, outcome: &Outcome<'_>, terminal: &Terminal) {
        if self.stdout != Some(OutputFormat::Github) {
            return;
        }
        let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return };
        let text = report::github_summary(outcome);
        let written = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()));
        if let Err(error) = written {
            terminal.note(&format!("note: the step's summary was not written: {error}"));
        }
    }
}

/// Whether a file is empty or holds a report of an earlier run, which may be written over.
fn is_report(text: &str) -> bool {
    let marks = [
        "\"findings\"",
        "\"fingerprint\"",
        "\"name\": \"tonelint\"",
        "\"name\":\"tonelint\"",
        "<checkstyle",
        "<testsuite",
        " read: ",
    ];
    let text = text.trim();
    matches!(text, "" | "[]") || marks.iter().any(|mark| text.contains(mark))
}

/// The rules that spoke, in order of their codes, each once.
pub(super) fn rules_of<'r>(report: &Report, all: impl Iterator<Item = &'r Rule>) -> Vec<&'r Rule> {
    let findings = report.findings.iter().chain(&report.suppressed).chain(&report.known);
    let mut silent: HashSet<&str> = findings.map(|finding| finding.code.as_str()).collect();
    let mut rules: Vec<&Rule> = all.filter(|rule| silent.remove(rule.code.as_str())).collect();
    rules.sort_by(|one, other| one.code.cmp(&other.code));
    rules
}

/// Paths as they are called from the root of the repository that the run stands in; from the current
/// folder where there is no repository.
pub(super) struct Root {
    root: PathBuf,
}

impl Root {
    pub(super) fn find() -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        let root = repository_of(&here).unwrap_or(&here).to_owned();
        Self { root }
    }

    /// The path of a file that was given relative to the current folder, with `/` between its parts.
    pub(super) fn path_of(&self, path: &str) -> String {
        let inside = absolute(Path::new(path));
        let inside =
            inside.strip_prefix(&self.root).map_or_else(|_| path.to_owned(), |path| path.display().to_string());
        if cfg!(windows) { inside.replace('\\', "/") } else { inside }
    }
}

/// The nearest folder upwards that holds a repository.
pub(super) fn repository_of(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.join(".git").exists())
}
