//! `tonelint fix --interactive`: each finding in turn, and one key for what to do about it.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use dialoguer::Input;
use dialoguer::console::{Key, Term, style};

use super::args::CheckArgs;
use super::configs::{Configs, NAMES, absolute, from_here};
use super::terminal::Terminal;
use super::{Exit, Failure, files, walk};
use crate::config::{FileConfig, Known};
use crate::finding::{Edit, Finding};
use crate::linter::Linter;
use crate::mend;
use crate::report::{printable, printable_line};
use crate::rule::Applicability;
use crate::source::Source;

/// What came of a walk.
#[derive(Default)]
struct Tally {
    mended: usize,
    ignored: usize,
    left: usize,
    /// How many of those left fail the run.
    failing: usize,
    /// Codes that are left out from now on.
    rules: Vec<String>,
    quit: bool,
    failed: bool,
}

/// What a person chose.
enum Choice {
    /// The source as it is from now on.
    Mended(Box<Source>),
    Ignored(Box<Source>),
    IgnoredRule,
    Skipped,
    Quit,
}

pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::Said("--interactive needs a terminal; `tonelint check --fix` needs none".into()));
    }
    let paths = if args.paths.is_empty() { vec![PathBuf::from(".")] } else { args.paths.clone() };
    let (files, errors) = walk::files(&paths, 1);
    for error in &errors {
        terminal.complain(&format!("{}: {}", error.path, error.message));
    }
    let configs = Configs::load(args, &files, terminal)?;
    let mut tally = Tally { failed: !errors.is_empty(), ..Tally::default() };
    for path in &files {
        if let Err(message) = file(path, args, &configs, terminal, &mut tally)? {
            terminal.complain(&format!("{}: {message}", path.display()));
            tally.failed = true;
        }
        if tally.quit {
            break;
        }
    }
    let mut out = terminal.out();
    writeln!(out, "{} mended, {} ignored, {} left", tally.mended, tally.ignored, tally.left)?;
    out.flush()?;
    if !tally.rules.is_empty() {
        leave_out(&tally.rules, files.first().map_or(Path::new("."), PathBuf::as_path), args, terminal)?;
    }
    Ok(match (tally.failed, tally.failing) {
        (true, _) => Exit::Error,
        (_, 0) => Exit::Clean,
        _ => Exit::Findings,
    })
}

/// Walks the findings of one file, and writes what was chosen.
fn file(
    path: &Path,
    args: &CheckArgs,
    configs: &Configs,
    terminal: &Terminal,
    tally: &mut Tally,
) -> Result<Result<(), String>, Failure> {
    let name = path.display().to_string();
    let read = files::read(path, configs.configured(path).max_bytes)
        .and_then(|bytes| Source::new(name, bytes).map_err(|error| error.to_string()));
    let before = match read {
        Ok(source) => source,
        Err(message) => return Ok(Err(message)),
    };
    let (linter, known) = configs.of(path);
    let report = linter.lint_with(&before, &known);
    if let Some(error) = report.errors.first() {
        return Ok(Err(error.message.clone()));
    }
    let mut source = before.clone();
    let mut skipped: HashSet<(String, usize)> = HashSet::new();
    let mut from = 0;
    let is_shown = |finding: &Finding, tally: &Tally| args.reports(finding) && !tally.rules.contains(&finding.code);
    while !tally.quit {
        let findings = linter.lint_with(&source, &known).findings;
        let open = |finding: &&Finding| {
            finding.span.start >= from
                && !skipped.contains(&(finding.code.clone(), finding.span.start))
                && is_shown(finding, tally)
        };
        let mut rest = findings.iter().filter(open);
        let Some(finding) = rest.next() else { break };
        let more = rest.count();
        match ask(&source, finding, more, linter, &known, terminal)? {
            Choice::Mended(next) => {
                tally.mended += 1;
                from = common_start(source.text(), next.text()).min(finding.span.start);
                source = *next;
            }
            Choice::Ignored(next) => {
                tally.ignored += 1;
                source = *next;
            }
            Choice::IgnoredRule => tally.rules.push(finding.code.clone()),
            Choice::Skipped => {
                skipped.insert((finding.code.clone(), finding.span.start));
                from = finding.span.start;
            }
            Choice::Quit => tally.quit = true,
        }
    }
    let left = linter.lint_with(&source, &known).findings;
    let left: Vec<&Finding> = left.iter().filter(|finding| is_shown(finding, tally)).collect();
    tally.left += left.len();
    let fails = |finding: &&&Finding| args.fail_on.severity().is_some_and(|least| finding.severity >= least);
    tally.failing += left.iter().filter(fails).count();
    if source.text() == before.text() {
        return Ok(Ok(()));
    }
    Ok(files::replace(path, before.text().as_bytes(), source.text().as_bytes()))
}

/// How many bytes two texts share at their heads.
fn common_start(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count()
}

/// Shows a finding and asks until a choice can be carried out.
fn ask(
    source: &Source,
    finding: &Finding,
    more: usize,
    linter: &Linter,
    known: &Known,
    terminal: &Terminal,
) -> Result<Choice, Failure> {
    let term = Term::stdout();
    {
        let mut out = terminal.out();
        writeln!(out)?;
        // The rewrites come below, each with its key.
        let shown = Finding { rewrites: Vec::new(), ..finding.clone() };
        terminal.human().finding(Some(source), &shown, true, &mut out)?;
        for (index, rewrite) in finding.rewrites.iter().enumerate().take(9) {
            let text = if rewrite.text.is_empty() { "(leave it out)" } else { &rewrite.text };
            let gaps = if has_gaps(&rewrite.text) { "  (you fill in the gaps)" } else { "" };
            writeln!(out, "  {}  {}{gaps}", style(index + 1).bold(), printable_line(text))?;
        }
        let after = if more == 0 { "the last one here".to_owned() } else { format!("{more} more in this file") };
        let keys =
            [("e", "type my own"), ("i", "ignore it here"), ("r", "ignore this rule"), ("s", "skip"), ("q", "quit")];
        let keys: Vec<String> = keys.iter().map(|(key, what)| format!("{} {what}", style(key).bold())).collect();
        writeln!(out, "  {}   ({after})", keys.join("  "))?;
        out.flush()?;
    }
    loop {
        let choice = match term.read_key() {
            Ok(Key::Char(key)) => key,
            Ok(Key::Escape) => 'q',
            Ok(Key::Enter) => 's',
            Ok(_) => continue,
            // A terminal that is gone has no more to say.
            Err(_) => return Ok(Choice::Quit),
        };
        let done = match choice {
            '1'..='9' => {
                let index = usize::try_from(u32::from(choice) - u32::from('1')).unwrap_or(usize::MAX);
                let Some(rewrite) = finding.rewrites.get(index) else { continue };
                let edits: Vec<&Edit> = rewrite.edits.iter().collect();
                if rewrite.applicability > Applicability::Example && !edits.is_empty() {
                    mend::applied(linter, source, known, &edits)
                } else {
                    let added = if edits.is_empty() {
                        format!("{} {}", finding.prose, rewrite.text)
                    } else {
                        rewrite.text.clone()
                    };
                    let text = if has_gaps(&rewrite.text) { typed(&added) } else { Some(added) };
                    let Some(text) = text else { continue };
                    if gaps(&rewrite.text).any(|gap| text.contains(gap)) {
                        term.write_line("  a gap is left; take it once more, and fill it in")
                            .map_err(Failure::Output)?;
                        continue;
                    }
                    mend::put(linter, source, known, finding, &text)
                }
            }
            'e' => {
                let Some(text) = typed(&finding.prose.split_whitespace().collect::<Vec<_>>().join(" ")) else {
                    continue;
                };
                mend::put(linter, source, known, finding, &text)
            }
            'i' => {
                let is_it = |one: &Finding| one.code == finding.code && one.span == finding.span;
                let hushed = mend::hush(linter, source, known, is_it);
                if hushed.done > 0 {
                    term.write_line("  ignored here").map_err(Failure::Output)?;
                    return Ok(Choice::Ignored(Box::new(hushed.source)));
                }
                term.write_line("  there is no place for a comment in this file; r ignores the rule")
                    .map_err(Failure::Output)?;
                continue;
            }
            'r' => return Ok(Choice::IgnoredRule),
            's' | 'n' | ' ' => return Ok(Choice::Skipped),
            'q' => return Ok(Choice::Quit),
            _ => continue,
        };
        match done {
            Some(next) => {
                term.write_line(&format!("  {}", style("mended").green())).map_err(Failure::Output)?;
                return Ok(Choice::Mended(Box::new(next)));
            }
            None => term
                .write_line("  that cannot be written here: it would change a placeholder, markup or the file's shape")
                .map_err(Failure::Output)?,
        }
    }
}

/// The gaps of a rewrite, `{…}`, that a person fills in.
fn gaps(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices('{').map(|(at, _)| &text[at..]);
    starts.filter_map(|rest| rest.find('}').map(|end| &rest[..=end]))
}

fn has_gaps(text: &str) -> bool {
    gaps(text).next().is_some()
}

/// A text that a person edits; none where they left it empty or gave up.
fn typed(initial: &str) -> Option<String> {
    let input = Input::<String>::new().with_prompt("  write").with_initial_text(printable(initial)).allow_empty(true);
    input.interact_text().ok().filter(|text| !text.trim().is_empty())
}

/// Asks whether some rules are to be left out for good, and writes that down.
fn leave_out(rules: &[String], path: &Path, args: &CheckArgs, terminal: &Terminal) -> Result<(), Failure> {
    let folder = absolute(path).parent().map(Path::to_owned).unwrap_or_default();
    let found = args.settings.config.clone().or_else(|| super::configs::nearest(&folder));
    let file = found.clone().unwrap_or_else(|| PathBuf::from(NAMES[0]));
    let list = rules.join(", ");
    let shown = from_here(&file).display().to_string();
    let term = Term::stdout();
    term.write_str(&format!("write `ignore: [{list}]` into {}? (y/N) ", printable_line(&shown)))
        .map_err(Failure::Output)?;
    let answer = term.read_key();
    term.write_line(if matches!(answer, Ok(Key::Char('y'))) { "y" } else { "n" }).map_err(Failure::Output)?;
    if !matches!(answer, Ok(Key::Char('y'))) {
        return Ok(());
    }
    let old = match &found {
        Some(file) => super::packs::read_text(file).map_err(|message| Failure::Said(format!("{shown}: {message}")))?,
        None => String::new(),
    };
    let Some(new) = FileConfig::ignoring(&old, rules) else {
        terminal.complain(&format!("{shown}: add `ignore: [{list}]` by hand; its list cannot be extended safely"));
        return Ok(());
    };
    let written = match found {
        Some(file) => files::replace(&file, old.as_bytes(), new.as_bytes()),
        None => files::create(&file, new.as_bytes()),
    };
    written.map_err(|message| Failure::Said(format!("{shown}: {message}")))
}
