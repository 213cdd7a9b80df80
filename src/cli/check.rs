//! `tonelint check`.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use globset::{Glob, GlobMatcher};

use super::args::{CheckArgs, InputFormat, OutputFormat};
use super::output::{self, Outputs};
use super::progress::Progress;
use super::terminal::Terminal;
use super::{Exit, Failure, files, packs, walk};
use crate::config::{Config, FileConfig, Known};
use crate::finding::Finding;
use crate::fix;
use crate::format::Format;
use crate::linter::Linter;
use crate::reply::Facts;
use crate::report::{self, InputError, Outcome, Report};
use crate::rule::{Applicability, Rule, Severity};
use crate::source::{MAX_BYTES, Source};

/// Names of a configuration file, the first found counts.
const CONFIG_NAMES: [&str; 2] = ["tonelint.yml", ".tonelint.yml"];

/// One input that was checked.
struct Checked {
    report: Report,
    /// Kept where an excerpt will be shown.
    source: Option<Source>,
    /// What standard input became, where it was fixed.
    fixed_text: Option<String>,
    fixed: usize,
}

pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let outputs = Outputs::of(args)?;
    let named = walk::named(args)?;
    let nothing_named = args.paths.is_empty() && args.files_from.is_none();
    let from_stdin = nothing_named || named.iter().any(|path| path.as_os_str() == "-");
    if nothing_named && std::io::stdin().is_terminal() {
        let usage = "nothing to read: name files or directories, or pipe a draft in (see `tonelint check --help`)";
        return Err(Failure::Said(usage.into()));
    }
    let paths: Vec<PathBuf> = named.into_iter().filter(|path| path.as_os_str() != "-").collect();
    let threads = threads(args.jobs);
    let (files, mut errors) = walk::files(&paths, args.force_exclude, threads);
    let configs = Configs::load(args, &files, terminal)?;

    let inputs = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Checked)>> = Mutex::new(Vec::with_capacity(files.len()));
    let keep_source = outputs.need_sources();
    let done = Progress::new(files.len());
    let work = || {
        loop {
            let index = inputs.fetch_add(1, Ordering::Relaxed);
            let Some(path) = files.get(index) else { break };
            let checked = guarded(&path.display().to_string(), || file(path, args, &configs, keep_source));
            if let Ok(mut results) = results.lock() {
                results.push((index, checked));
            }
            done.advance();
        }
    };
    done.shown_while(terminal.shows_progress() && !args.quiet, || {
        if threads > 1 && files.len() > 1 {
            std::thread::scope(|scope| {
                for _ in 0..threads.min(files.len()) {
                    scope.spawn(work);
                }
            });
        } else {
            work();
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(index, _)| *index);
    let mut checked: Vec<Checked> = results.into_iter().map(|(_, checked)| checked).collect();
    if from_stdin {
        let name = args.stdin_filename.clone().unwrap_or_else(|| "-".into());
        checked.insert(0, guarded(&name, || stdin(&name, args, &configs)));
    }

    let mut report = Report::default();
    let mut sources = HashMap::new();
    let mut fixed = 0;
    let mut fixed_text = None;
    for mut one in checked {
        one.report
            .findings
            .retain(|finding| args.severity.is_none_or(|least| finding.severity >= Severity::from(least)));
        if let Some(source) = one.source.filter(|_| !one.report.findings.is_empty()) {
            sources.insert(source.name().to_owned(), source);
        }
        fixed += one.fixed;
        fixed_text = fixed_text.or(one.fixed_text);
        report.absorb(one.report);
    }
    report.errors.append(&mut errors);
    report.sort();
    for error in &report.errors {
        terminal.complain(&format!("{}: {}", error.path, error.message));
    }
    // Of a whole tree, most files that hold no reply were never meant to.
    if args.verbose || (paths.len() == 1 && files.len() == 1 && !args.quiet) {
        for note in &report.notes {
            terminal.note(&format!("note: {}: {}", note.path, note.message));
        }
    }
    let rules = output::rules_of(&report, configs.rules());
    let root = output::Root::find();
    let from_root = |path: &str| root.path_of(path);
    let fail_from = args.fail_on.severity();
    let outcome = Outcome { report: &report, sources: &sources, rules: &rules, fail_from, from_root: &from_root };
    let written = outputs.write_files(&outcome);
    outputs.step_summary(&outcome, terminal);
    write(&outcome, &outputs, fixed, fixed_text.as_deref(), args, terminal)?;
    written?;
    Ok(exit(&report, args, terminal))
}

fn threads(asked: usize) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        asked => asked.min(256),
    }
}

fn exit(report: &Report, args: &CheckArgs, terminal: &Terminal) -> Exit {
    if !report.errors.is_empty() {
        return Exit::Error;
    }
    if let Some(most) = args.max_warnings {
        let warnings = report.findings.iter().filter(|finding| finding.severity == Severity::Warning).count();
        if warnings > most {
            terminal.complain(&format!("{warnings} warnings are more than the {most} that --max-warnings lets pass"));
            return Exit::Findings;
        }
    }
    let fails = |finding: &Finding| {
        let passes = args.max_warnings.is_some() && finding.severity == Severity::Warning;
        !passes && args.fail_on.severity().is_some_and(|least| finding.severity >= least)
    };
    if report.findings.iter().any(fails) { Exit::Findings } else { Exit::Clean }
}

fn write(
    outcome: &Outcome<'_>,
    outputs: &Outputs,
    fixed: usize,
    fixed_text: Option<&str>,
    args: &CheckArgs,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let report = outcome.report;
    let mut out = terminal.out();
    let for_people = outputs.stdout.is_some_and(OutputFormat::is_for_people);
    if let Some(text) = fixed_text.filter(|_| for_people) {
        // What was piped in goes out mended; what is left to say goes beside it.
        out.write_all(text.as_bytes())?;
        out.flush()?;
        if !args.quiet {
            terminal.note(&report.summary());
        }
        return Ok(());
    }
    match outputs.stdout {
        Some(format) => outputs.render(format, outcome, terminal.human(), &mut out)?,
        None if !args.quiet => terminal.note(&report.summary()),
        None => {}
    }
    if args.statistics && for_people {
        report::statistics(report, &mut out)?;
    } else if args.statistics {
        let mut table = Vec::new();
        report::statistics(report, &mut table)?;
        terminal.note(String::from_utf8_lossy(&table).trim_end());
    }
    if for_people && !args.quiet {
        if fixed > 0 {
            writeln!(out, "{fixed} mended")?;
        }
        writeln!(out, "{}", report.summary())?;
    }
    out.flush()?;
    Ok(())
}

/// Runs a check so that a defect of ours in one input leaves the others checked.
fn guarded(name: &str, check: impl FnOnce() -> Checked) -> Checked {
    catch_unwind(AssertUnwindSafe(check))
        .unwrap_or_else(|_| Checked::error(name, "tonelint failed on this input; please report it".into()))
}

impl Checked {
    fn error(path: &str, message: String) -> Self {
        let errors = vec![InputError { path: path.to_owned(), message }];
        Self { report: Report { errors, ..Report::default() }, source: None, fixed_text: None, fixed: 0 }
    }
}

fn stdin(name: &str, args: &CheckArgs, configs: &Configs) -> Checked {
    let read = files::read_stdin().and_then(|bytes| Source::new(name, bytes).map_err(|error| error.to_string()));
    let source = match read {
        Ok(source) => source,
        Err(message) => return Checked::error(name, message),
    };
    let (linter, known) = configs.of(Path::new(name));
    if !args.fix {
        return Checked {
            report: lint(linter, &source, &known, args),
            source: Some(source),
            fixed_text: None,
            fixed: 0,
        };
    }
    let (fixed, source) = mend(&source, linter, &known);
    let report = lint(linter, &source, &known, args);
    Checked { report, fixed_text: Some(source.text().to_owned()), source: Some(source), fixed }
}

fn file(path: &Path, args: &CheckArgs, configs: &Configs, keep_source: bool) -> Checked {
    let name = path.display().to_string();
    let bytes = match files::read(path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(message) => return Checked::error(&name, message),
    };
    let mut source = match Source::new(name.clone(), bytes) {
        Ok(source) => source,
        Err(error) => return Checked::error(&name, error.to_string()),
    };
    let (linter, known) = configs.of(path);
    let mut fixed = 0;
    if args.fix {
        let (count, mended) = mend(&source, linter, &known);
        if mended.text() != source.text() {
            if let Err(message) = files::replace(path, source.text().as_bytes(), mended.text().as_bytes()) {
                return Checked::error(&name, message);
            }
            source = mended;
            fixed = count;
        }
    }
    let report = lint(linter, &source, &known, args);
    let source = (keep_source && !report.findings.is_empty()).then_some(source);
    Checked { report, source, fixed_text: None, fixed }
}

fn lint(linter: &Linter, source: &Source, known: &Known, args: &CheckArgs) -> Report {
    let mut report = linter.lint_with(source, known);
    if args.redact {
        report.redact(linter.rules());
    }
    report
}

/// How many findings were fixed, and the source after it.
fn mend(source: &Source, linter: &Linter, known: &Known) -> (usize, Source) {
    let lint = |text: &str| match Source::new(source.name(), text.as_bytes().to_vec()) {
        Ok(source) => linter.lint_with(&source, known).findings,
        Err(_) => Vec::new(),
    };
    let fixed = fix::to_fixpoint(source.text(), Applicability::Safe, lint);
    match Source::new(source.name(), fixed.text.into_bytes()) {
        // What a file holds is what it held: no fix may turn a text into something else.
        Ok(mended) if linter.same_shape(source, &mended, known) => (fixed.fixed, mended),
        _ => (0, source.clone()),
    }
}

/// A linter, and what its configuration says of some files.
struct Configured {
    linter: Linter,
    sections: Vec<(GlobMatcher, Known)>,
    /// The folder that the globs are relative to.
    base: PathBuf,
}

/// The linters of a run: one for each configuration file that holds for some input.
struct Configs {
    linters: Vec<Configured>,
    /// Folder to the index of its linter.
    of_folder: HashMap<PathBuf, usize>,
    /// One configuration for all, by `--config` or `--isolated`.
    single: bool,
}

impl Configs {
    fn load(args: &CheckArgs, files: &[PathBuf], terminal: &Terminal) -> Result<Self, Failure> {
        let mut configs = Self { linters: Vec::new(), of_folder: HashMap::new(), single: true };
        if let Some(path) = &args.config {
            configs.add(Some(path), args, terminal)?;
            return Ok(configs);
        }
        if args.isolated {
            configs.add(None, args, terminal)?;
            return Ok(configs);
        }
        configs.single = false;
        let mut known: HashMap<Option<PathBuf>, usize> = HashMap::new();
        let stdin = args.stdin_filename.as_ref().map_or_else(|| PathBuf::from("-"), PathBuf::from);
        for file in files.iter().chain([&stdin]) {
            let folder = folder_of(file);
            if configs.of_folder.contains_key(&folder) {
                continue;
            }
            let config = nearest_config(&folder);
            let index = match known.get(&config) {
                Some(index) => *index,
                None => {
                    let index = configs.add(config.as_deref(), args, terminal)?;
                    known.insert(config, index);
                    index
                }
            };
            configs.of_folder.insert(folder, index);
        }
        Ok(configs)
    }

    fn add(&mut self, path: Option<&Path>, args: &CheckArgs, terminal: &Terminal) -> Result<usize, Failure> {
        let file = match path {
            Some(path) => {
                let name = from_here(path).display().to_string();
                let text = packs::read_text(path).map_err(|message| Failure::Said(format!("{name}: {message}")))?;
                if args.verbose {
                    terminal.note(&format!("configuration: {name}"));
                }
                FileConfig::read(&name, &text).map_err(|error| {
                    terminal.show(&[*error]);
                    Failure::Said(String::new())
                })?
            }
            None => FileConfig::default(),
        };
        let base = path.map(folder_of).unwrap_or_default();
        let more: Vec<PathBuf> = file.rules.iter().map(|dir| base.join(dir)).collect();
        let packs = packs::load(&args.packs, &more, terminal)?;
        let config = with_args(file.config, args);
        let linter = Linter::new(packs, config).map_err(|errors| Failure::Said(errors.join("\ntonelint: ")))?;
        let unknown = linter.config().unknown_selectors(linter.rules());
        if let Some((selector, near)) = unknown.first() {
            let near = near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(Failure::Said(format!("no rule is called `{selector}`{near}")));
        }
        if let Some(language) =
            linter.config().facts.language.as_deref().filter(|one| !linter.languages().any(|known| known == *one))
        {
            let mut known: Vec<&str> = linter.languages().collect();
            known.sort_unstable();
            return Err(Failure::Said(format!(
                "there are no rules for the language `{language}`, only for {}",
                known.join(", ")
            )));
        }
        let mut sections = Vec::new();
        for section in file.sections {
            let glob = Glob::new(&section.glob).map_err(|error| Failure::Said(error.to_string()))?;
            sections.push((glob.compile_matcher(), section.known));
        }
        self.linters.push(Configured { linter, sections, base });
        Ok(self.linters.len() - 1)
    }

    /// The rules of all linters.
    fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.linters.iter().flat_map(|configured| configured.linter.rules())
    }

    /// The linter for a file, and what its configuration says of that file.
    fn of(&self, path: &Path) -> (&Linter, Known) {
        let index = if self.single { 0 } else { self.of_folder.get(&folder_of(path)).copied().unwrap_or(0) };
        let Configured { linter, sections, base } = &self.linters[index];
        let relative = absolute(path);
        let relative = relative.strip_prefix(absolute(base)).unwrap_or(path);
        // A later section overrides an earlier one.
        let facts = sections
            .iter()
            .filter(|(glob, _)| glob.is_match(relative))
            .fold(Known::default(), |facts, (_, section)| section.clone().or(facts));
        (linter, facts)
    }
}

fn with_args(mut config: Config, args: &CheckArgs) -> Config {
    let typed = Facts { language: args.language.clone(), channel: args.channel, customer: args.customer };
    config.facts = typed.or(config.facts);
    if !args.select.is_empty() {
        config.select.clone_from(&args.select);
    }
    config.ignore.extend(args.ignore.iter().cloned());
    config.format = args.input_format.map(|format| match format {
        InputFormat::Md => Format::Markdown,
        InputFormat::Txt => Format::Plain,
        InputFormat::Html => Format::Html,
        InputFormat::Eml => Format::Mail,
        InputFormat::Json => Format::Json,
        InputFormat::Yaml => Format::Yaml,
        InputFormat::Csv => Format::Csv,
        InputFormat::Tsv => Format::Tsv,
    });
    config.quotes = args.include_quotes;
    config
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn folder_of(path: &Path) -> PathBuf {
    absolute(path).parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// A path as short as it can be written from the current folder.
fn from_here(path: &Path) -> &Path {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path)
}

/// The nearest configuration file from a folder upwards, to the repository's root.
fn nearest_config(folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        for name in CONFIG_NAMES {
            let path = folder.join(name);
            if path.is_file() {
                return Some(path);
            }
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}
