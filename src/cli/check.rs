//! `tonelint check`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::args::{CheckArgs, OutputFormat};
use super::configs::{Configs, absolute};
use super::exclude::Excludes;
use super::output::{self, Outputs};
use super::progress::Progress;
use super::terminal::Terminal;
use super::{Exit, Failure, baseline, files, git, walk};
use crate::config::Known;
use crate::finding::{Finding, Related};
use crate::fix;
use crate::format::Format;
use crate::linter::{self, Linter};
use crate::mend::{self, Hushed, Mended};
use crate::report::{self, InputError, Outcome, Report, UnknownFact};
use crate::repository::Learned;
use crate::rule::Applicability;
use crate::source::{MAX_BYTES, Source, SourceError};

/// One input that was checked.
struct Checked {
    report: Report,
    /// Kept where an excerpt will be shown.
    source: Option<Source>,
    /// What standard input became, where it was fixed.
    fixed_text: Option<String>,
    /// How many findings were mended, or would be.
    fixed: usize,
    /// What would be written, where it is only shown.
    diff: String,
}

pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let outputs = Outputs::of(args)?;
    let named = walk::named(args)?;
    let nothing_named = args.paths.is_empty() && args.files_from.is_none() && !args.staged && args.since.is_none();
    let from_stdin = nothing_named || named.iter().any(|path| path.as_os_str() == "-");
    if nothing_named && std::io::stdin().is_terminal() {
        let usage = "nothing to read: name files or directories, or pipe a draft in (see `tonelint check --help`)";
        return Err(Failure::Said(usage.into()));
    }
    let paths: Vec<PathBuf> = named.into_iter().filter(|path| path.as_os_str() != "-").collect();
    let threads = threads(args.jobs);
    let given = Given::ask(args, &paths)?;
    let (mut files, mut errors) = match &given {
        Given::Files => walk::files(&paths, threads),
        Given::Staged(blobs) | Given::Since(blobs) => of_blobs(blobs, &paths),
    };
    if args.force_exclude {
        let mut excludes = Excludes::default();
        files.retain(|file| !excludes.hold_for(file));
    }
    files.retain(|file| !outputs.writes(file));
    let files = files;
    // The process ends with the run: to take its rules apart would be a tenth of a short one.
    let mut configs = ManuallyDrop::new(Configs::load(args, &files, terminal)?);

    let keep_source = outputs.need_sources();
    let done = Progress::new(files.len());
    let mut checked = Vec::new();
    done.shown_while(terminal.shows_progress() && !args.quiet, || {
        checked = in_parallel(threads, &files, |path| {
            let checked = guarded(&path.display().to_string(), || file(path, &given, args, &configs, keep_source));
            done.advance();
            checked
        });
    });
    if from_stdin {
        let name = args.stdin_filename.clone().unwrap_or_else(|| "-".into());
        checked.insert(0, guarded(&name, || stdin(&name, args, &configs)));
    }

    let mut report = Report::default();
    let mut sources = HashMap::new();
    let mut learned = Learned::default();
    for one in &mut checked {
        learned.absorb(std::mem::take(&mut one.report.learned));
    }
    if !learned.is_empty() {
        learned.absorb(rest(&given, &paths, &files, args, (&mut configs, threads), terminal)?);
    }
    let opened = (files.as_slice(), &given, &*configs);
    let kept = args.add_suppressions.then(|| learned.clone());
    let mut compared = across(learned, &checked, opened, keep_source, &mut sources);
    if let Some(mut learned) = kept.filter(|_| !compared.report.findings.is_empty()) {
        hush_compared(&compared.report.findings, &mut checked[usize::from(from_stdin)..], &mut learned, args, opened);
        compared = across(learned, &checked, opened, keep_source, &mut sources);
    }
    let mut fixed = 0;
    let mut fixed_text = None;
    let mut diffs = String::new();
    for mut one in checked.into_iter().chain([compared]) {
        one.report.findings.retain(|finding| args.reports(finding));
        if let Some(source) = one.source.filter(|_| one.report.speaks()) {
            sources.insert(source.name().to_owned(), source);
        }
        fixed += one.fixed;
        diffs.push_str(&one.diff);
        fixed_text = fixed_text.or(one.fixed_text);
        report.absorb(one.report);
    }
    report.errors.append(&mut errors);
    report.sort();
    let mut all = files.clone();
    if from_stdin {
        all.push(PathBuf::from(args.stdin_filename.as_deref().unwrap_or("-")));
    }
    baseline::apply(&mut report, &all, &configs, args, terminal)?;
    let rules = output::rules_of(&report, configs.all().iter().flat_map(|one| one.linter.rules()));
    if args.redact {
        report.redact(&rules);
    }
    for error in &report.errors {
        terminal.complain(&format!("{}: {}", error.path, error.message));
    }
    if !args.quiet {
        say_unknown(&report.unknown, args.verbose, terminal);
    }
    // Of a whole tree, most files that hold no reply were never meant to.
    if args.verbose || fixes(args) || args.add_suppressions || (paths.len() == 1 && files.len() == 1 && !args.quiet) {
        for note in &report.notes {
            terminal.note(&format!("note: {}: {}", note.path, note.message));
        }
    }
    if args.diff {
        unless_closed(terminal.print(&diffs).map_err(Failure::from))?;
        if !args.quiet {
            let left = report.findings.len() - fixed.min(report.findings.len());
            terminal.note(&format!("{fixed} would be mended, {left} left"));
        }
        return Ok(exit(&report, args, terminal));
    }
    let root = output::Root::find();
    let from_root = |path: &str| root.path_of(path);
    let fail_from = args.fail_on.severity();
    let outcome = Outcome { report: &report, sources: &sources, rules: &rules, fail_from, from_root: &from_root };
    let written = outputs.write_files(&outcome);
    outputs.step_summary(&outcome, terminal);
    unless_closed(write(&outcome, &outputs, fixed, fixed_text.as_deref(), args, terminal))?;
    written?;
    Ok(exit(&report, args, terminal))
}

/// Where the inputs come from.
enum Given {
    /// The work tree.
    Files,
    /// The staged content of files.
    Staged(HashMap<PathBuf, Option<Vec<u8>>>),
    /// The work tree, of which only the lines count that are not in these.
    Since(HashMap<PathBuf, Option<Vec<u8>>>),
}

impl Given {
    fn ask(args: &CheckArgs, paths: &[PathBuf]) -> Result<Self, Failure> {
        let by_path = |blobs: Vec<git::Blob>| blobs.into_iter().map(|blob| (blob.path, blob.bytes)).collect();
        if args.staged {
            return git::staged(paths).map(|blobs| Self::Staged(by_path(blobs))).map_err(Failure::Said);
        }
        match &args.since {
            Some(revision) => {
                git::since(revision, paths).map(|blobs| Self::Since(by_path(blobs))).map_err(Failure::Said)
            }
            None => Ok(Self::Files),
        }
    }
}

/// The files of git's list that can be read, or that are named, and the paths that are nowhere.
fn of_blobs(blobs: &HashMap<PathBuf, Option<Vec<u8>>>, paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<InputError>) {
    let is_named = |file: &PathBuf| paths.iter().any(|path| absolute(path) == absolute(file));
    let can_be_read = |file: &&PathBuf| {
        (Format::of_name(&file.to_string_lossy()).is_some() && !walk::is_hidden(file, paths)) || is_named(file)
    };
    let mut files: Vec<PathBuf> = blobs.keys().filter(can_be_read).cloned().collect();
    files.sort();
    let is_nowhere =
        |path: &&PathBuf| !path.exists() && !blobs.keys().any(|file| absolute(file).starts_with(absolute(path)));
    let gone = paths
        .iter()
        .filter(is_nowhere)
        .map(|path| InputError { path: path.display().to_string(), message: "no such file or directory".into() });
    (files, gone.collect())
}

fn threads(asked: usize) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        asked => asked.min(256),
    }
}

/// A reader that has seen enough, such as `head`, changes nothing about what was found.
fn unless_closed(written: Result<(), Failure>) -> Result<(), Failure> {
    match written {
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Says which values in front matter are none of ours: each kind once, for a site of another tool has the same in
/// every file.
fn say_unknown(all: &[UnknownFact], each: bool, terminal: &Terminal) {
    let mut kinds: BTreeMap<(&str, Option<&str>), Vec<&UnknownFact>> = BTreeMap::new();
    for one in all {
        kinds.entry((one.key, one.near)).or_default().push(one);
    }
    for places in kinds.values() {
        let shown = if each { places.len() } else { 1 };
        for (index, one) in places.iter().take(shown).enumerate() {
            let more = places.len() - shown;
            let more = if index + 1 == shown && more > 0 { format!(" (and {more} more)") } else { String::new() };
            terminal.note(&format!("note: {}: {}{more}", one.path, one.message));
        }
    }
}

fn exit(report: &Report, args: &CheckArgs, terminal: &Terminal) -> Exit {
    if !report.errors.is_empty() {
        return Exit::Error;
    }
    if let Some(most) = args.max_warnings {
        let [(_, errors), (_, warnings), _] = report.by_severity();
        if warnings > most {
            terminal.complain(&format!("{warnings} warnings are more than the {most} that --max-warnings lets pass"));
        }
        let fails = args.fail_on.severity().is_some() && (errors > 0 || warnings > most);
        return if fails { Exit::Findings } else { Exit::Clean };
    }
    let fails = |finding: &Finding| args.fail_on.severity().is_some_and(|least| finding.severity >= least);
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
    let for_people = outputs.stdout.is_some_and(OutputFormat::is_for_people);
    if let Some(text) = fixed_text.filter(|_| for_people) {
        // What was piped in goes out mended; what is left to say goes beside it.
        let mut out = terminal.out();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        if !args.quiet {
            terminal.note(&mended(fixed, report, args));
            terminal.note(&report.summary());
        }
        return Ok(());
    }
    let mut out: Box<dyn Write> = if for_people { terminal.page() } else { Box::new(terminal.out()) };
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
        if args.add_suppressions {
            writeln!(out, "{fixed} suppressed, {} left", report.findings.len())?;
        } else if fixes(args) {
            writeln!(out, "{}", mended(fixed, report, args))?;
        }
        writeln!(out, "{}", report.summary())?;
    }
    out.flush()?;
    Ok(())
}

/// From how many bytes on a file is checked while no other such file is.
const LARGE: usize = 16 << 20;
static ALONE: Mutex<()> = Mutex::new(());

/// Runs a check so that a defect of ours in one input leaves the others checked.
fn guarded(name: &str, check: impl FnOnce() -> Checked) -> Checked {
    catch_unwind(AssertUnwindSafe(check))
        .unwrap_or_else(|_| Checked::error(name, "tonelint failed on this input; please report it".into()))
}

impl Checked {
    fn error(path: &str, message: String) -> Self {
        let errors = vec![InputError { path: path.to_owned(), message }];
        Self {
            report: Report { errors, ..Report::default() },
            source: None,
            fixed_text: None,
            fixed: 0,
            diff: String::new(),
        }
    }
}

fn stdin(name: &str, args: &CheckArgs, configs: &Configs) -> Checked {
    let most = configs.configured(Path::new(name)).max_bytes;
    let read = files::read_stdin()
        .and_then(|bytes| within(bytes, most))
        .and_then(|bytes| Source::new(name, bytes).map_err(|error| error.to_string()));
    let source = match read {
        Ok(source) => source,
        Err(message) => return Checked::error(name, message),
    };
    let (linter, known) = configs.of(Path::new(name));
    let (mut checked, mended) = one(source, args, linter, &known);
    if let Some(mended) = mended {
        // Mended or not: what is piped through comes out again.
        checked.fixed_text = Some(mended.source.text().to_owned());
        checked.report = mended.report;
        checked.source = Some(mended.source);
    }
    checked
}

/// Bytes that are not more than may be read.
fn within(bytes: Vec<u8>, most: usize) -> Result<Vec<u8>, String> {
    if bytes.len() > most { Err(SourceError::too_large(bytes.len() as u64, most).to_string()) } else { Ok(bytes) }
}

fn file(path: &Path, given: &Given, args: &CheckArgs, configs: &Configs, keep_source: bool) -> Checked {
    let name = path.display().to_string();
    let most = configs.configured(path).max_bytes;
    let read = match given {
        Given::Staged(blobs) => blobs
            .get(path)
            .cloned()
            .flatten()
            .ok_or_else(|| "its staged content cannot be read, or is too large".to_owned())
            .and_then(|bytes| within(bytes, most)),
        _ => files::read(path, most),
    };
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(message) => return Checked::error(&name, message),
    };
    // A check takes many times the memory of its file.
    let _alone = (bytes.len() > LARGE).then(|| ALONE.lock().unwrap_or_else(PoisonError::into_inner));
    let source = match Source::new(name.clone(), bytes) {
        Ok(source) => source,
        Err(error) => return Checked::error(&name, error.to_string()),
    };
    let (linter, known) = configs.of(path);
    let (mut checked, mended) = one(source, args, linter, &known);
    if let Some(mended) = mended
        && let Some(source) = checked.source.take()
    {
        if mended.source.text() == source.text() {
            checked.source = Some(source);
        } else if let Err(message) = files::replace(path, source.text().as_bytes(), mended.source.text().as_bytes()) {
            checked.report.errors.push(InputError { path: name, message });
            checked.fixed = 0;
            checked.source = Some(source);
        } else {
            let notes = std::mem::take(&mut checked.report.notes);
            checked.report = mended.report;
            checked.report.notes = notes;
            checked.source = Some(mended.source);
        }
    }
    if let (Given::Since(blobs), Some(source)) = (given, &checked.source)
        && let Some(Some(old)) = blobs.get(path)
    {
        let old = Source::new("", old.clone()).map(|old| old.text().to_owned()).unwrap_or_default();
        let changed = report::changed_lines(&old, source.text());
        let is_changed = |start, end| changed.iter().any(|(first, last)| start <= *last && end >= *first);
        let is_new = |finding: &Finding| is_changed(finding.start.line, finding.end.line);
        checked.report.findings.retain(is_new);
        checked.report.learned.age(is_changed);
    }
    if !keep_source || !checked.report.speaks() {
        checked.source = None;
    }
    checked
}

/// Works on all items, in several threads, and returns what comes of them in their order.
fn in_parallel<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if threads <= 1 || items.len() <= 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    let some = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            let result = work(item);
            if let Ok(mut results) = results.lock() {
                results.push((index, result));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(some);
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// How many blobs are asked of git at once.
const BATCH: usize = 256;

/// What all that is not new says, to be compared with what is: the rest of the index for `--staged`, the
/// rest of the work tree for `--since`. It is not checked, only learned from.
fn rest(
    given: &Given,
    paths: &[PathBuf],
    files: &[PathBuf],
    args: &CheckArgs,
    (configs, threads): (&mut Configs, usize),
    terminal: &Terminal,
) -> Result<Learned, Failure> {
    let new: HashSet<PathBuf> = files.iter().map(|file| absolute(file)).collect();
    let learn = |configs: &Configs, path: &Path, bytes: Option<Vec<u8>>| {
        let source = Source::new(path.display().to_string(), bytes?).ok()?;
        let (linter, known) = configs.of(path);
        let mut learned = linter.learn(&source, &known);
        learned.age(|_, _| false);
        Some(learned)
    };
    let mut all = Learned::default();
    match given {
        Given::Files => {}
        Given::Since(_) => {
            let mut rest = if paths.is_empty() {
                let top = git::top().map_err(Failure::Said)?;
                walk::files(&[top], threads).0.iter().map(|path| git::relative(path)).collect()
            } else {
                walk::files(paths, threads).0
            };
            rest.retain(|path| !new.contains(&absolute(path)));
            configs.load_for(rest.iter(), args, terminal)?;
            let learned = in_parallel(threads, &rest, |path| {
                learn(configs, path, files::read(path, configs.configured(path).max_bytes).ok())
            });
            learned.into_iter().flatten().for_each(|one| all.absorb(one));
        }
        Given::Staged(_) => {
            let mut excludes = Excludes::default();
            let mut rest = git::index(paths).map_err(Failure::Said)?;
            rest.retain(|(path, _)| {
                let can_be_read = Format::of_name(&path.to_string_lossy()).is_some() && !walk::is_hidden(path, paths);
                can_be_read && !new.contains(&absolute(path)) && !excludes.hold_for(path)
            });
            configs.load_for(rest.iter().map(|(path, _)| path), args, terminal)?;
            for batch in rest.chunks(BATCH) {
                let names: Vec<Vec<u8>> = batch.iter().map(|(_, blob)| blob.clone()).collect();
                let blobs = git::blobs(&names).map_err(Failure::Said)?;
                let read: Vec<_> = batch.iter().zip(blobs).collect();
                let learned = in_parallel(threads, &read, |((path, _), bytes)| learn(configs, path, bytes.clone()));
                learned.into_iter().flatten().for_each(|one| all.absorb(one));
            }
        }
    }
    Ok(all)
}

/// What the replies of all inputs say among themselves. `sources` gets the inputs that are to be shown.
fn across(
    learned: Learned,
    checked: &[Checked],
    (files, given, configs): (&[PathBuf], &Given, &Configs),
    keep_source: bool,
    sources: &mut HashMap<String, Source>,
) -> Checked {
    let mut report = Report { learned, ..Report::default() };
    let paths: HashMap<String, &PathBuf> = files.iter().map(|path| (path.display().to_string(), path)).collect();
    linter::compare(&mut report, |name| {
        let source = match paths.get(name) {
            Some(path) => {
                let bytes = match given {
                    Given::Staged(blobs) => blobs.get(*path).cloned().flatten()?,
                    Given::Files | Given::Since(_) => files::read(path, MAX_BYTES).ok()?,
                };
                Source::new(name, bytes).ok()?
            }
            // Standard input cannot be read again; it was kept.
            None => checked.iter().filter_map(|one| one.source.as_ref()).find(|source| source.name() == name)?.clone(),
        };
        let (linter, known) = configs.of(Path::new(name));
        let replies = linter.replies(&source, &known).ok()?;
        if keep_source {
            sources.insert(name.to_owned(), source.clone());
        }
        Some((source, replies))
    });
    Checked { report, source: None, fixed_text: None, fixed: 0, diff: String::new() }
}

/// Checks one input, and says what it becomes where it is to be written.
fn one(source: Source, args: &CheckArgs, linter: &Linter, known: &Known) -> (Checked, Option<Mended>) {
    let report = linter.lint_with(&source, known);
    let mut checked = Checked { report, source: Some(source), fixed_text: None, fixed: 0, diff: String::new() };
    if args.add_suppressions {
        let Some(source) = &checked.source else { return (checked, None) };
        let hushed = mend::hush(linter, source, known, |finding| args.reports(finding));
        checked.fixed = hushed.done;
        let mut report = linter.lint_with(&hushed.source, known);
        if hushed.left > 0 {
            let message = no_place(linter.format_of(source, known), &hushed, source.name());
            let error = InputError { path: source.name().to_owned(), message };
            checked.report.errors.push(error.clone());
            report.errors.push(error);
        }
        return (checked, Some(Mended { source: hushed.source, report, fixed: Vec::new(), circle: Vec::new() }));
    }
    if !fixes(args) {
        return (checked, None);
    }
    let trust = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let Some(source) = &checked.source else { return (checked, None) };
    let mended = mend::mend_report(linter, source, known, trust, checked.report.clone());
    checked.fixed = mended.fixed.len();
    if !mended.circle.is_empty() {
        let rules = mended.circle.join(", ");
        let message = format!("nothing is mended here: the rewrites of {rules} undo each other");
        checked.report.notes.push(InputError { path: source.name().to_owned(), message });
    }
    if args.diff {
        checked.diff = report::diff(source.name(), source.text(), mended.source.text());
        return (checked, None);
    }
    (checked, Some(mended))
}

/// Suppresses what a comparison of replies found, at each of its places in files, and reads those files again.
/// `checked` are the files' own reports, in their order.
fn hush_compared(
    found: &[Finding],
    checked: &mut [Checked],
    learned: &mut Learned,
    args: &CheckArgs,
    (files, _, configs): (&[PathBuf], &Given, &Configs),
) {
    let mut places: HashMap<String, Vec<Finding>> = HashMap::new();
    for finding in found.iter().filter(|one| args.reports(one)) {
        let there = finding.related.iter().cloned().map(|other| {
            let Related { path, reply, span, start, end, .. } = other;
            Finding { path, reply, span, start, end, ..finding.clone() }
        });
        for one in there.chain([finding.clone()]) {
            places.entry(one.path.clone()).or_default().push(one);
        }
    }
    for (path, checked) in files.iter().zip(checked) {
        let name = path.display().to_string();
        let Some(places) = places.get(&name) else { continue };
        let (linter, known) = configs.of(path);
        let read = files::read(path, MAX_BYTES)
            .and_then(|bytes| Source::new(name.clone(), bytes).map_err(|error| error.to_string()));
        let hushed = read.map(|source| (mend::hush_places(linter, &source, &known, places), source));
        let written = hushed.and_then(|(hushed, source)| {
            if hushed.done > 0 {
                files::replace(path, source.text().as_bytes(), hushed.source.text().as_bytes())?;
            }
            Ok(hushed)
        });
        match written {
            Ok(hushed) => {
                let mut report = linter.lint_with(&hushed.source, &known);
                learned.update(&name, std::mem::take(&mut report.learned));
                report.errors = std::mem::take(&mut checked.report.errors);
                if hushed.left > 0 {
                    let message = no_place(linter.format_of(&hushed.source, &known), &hushed, &name);
                    report.errors.push(InputError { path: name, message });
                }
                checked.fixed += hushed.done;
                checked.report = report;
                checked.source = checked.source.is_some().then_some(hushed.source);
            }
            Err(message) => checked.report.errors.push(InputError { path: name, message }),
        }
    }
}

/// Why findings cannot be suppressed in a file, and what can be done instead.
fn no_place(format: Format, hushed: &Hushed, name: &str) -> String {
    let why = match format {
        _ if hushed.source.is_transcoded() => "a file that is not UTF-8 is not edited",
        Format::Json => "JSON has no comments (unless `suppress:` in tonelint.yml names a key for codes)",
        Format::Csv | Format::Tsv => {
            "a table has no comments (unless `suppress:` in tonelint.yml names a column for codes)"
        }
        Format::Plain => "plain text has no comments",
        _ => "a comment there would change what is read",
    };
    let name = globset::escape(name);
    let (name, codes) = (name.replace('\\', "\\\\").replace('"', "\\\""), hushed.left_codes.join(", "));
    format!(
        "{} not suppressed: {why}; write `files: [{{match: \"{name}\", ignore: [{codes}]}}]` in tonelint.yml, or use \
         --write-baseline",
        hushed.left
    )
}

/// Whether anything is to be mended, or shown mended.
fn fixes(args: &CheckArgs) -> bool {
    args.fix || args.unsafe_fixes || args.diff
}

/// How many findings are mended, and how many are left.
fn mended(fixed: usize, report: &Report, args: &CheckArgs) -> String {
    let left = report.findings.len();
    let more = report.findings.iter().filter(|finding| fix::trusted(finding, Applicability::Unsafe).is_some()).count();
    match (left, more) {
        (0, _) => format!("{fixed} mended, none left"),
        (_, more) if more > 0 && !args.unsafe_fixes => {
            format!("{fixed} mended, {left} left; --unsafe-fixes mends {more} of them, for you to look at")
        }
        _ => format!("{fixed} mended, {left} left"),
    }
}
