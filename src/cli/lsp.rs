//! `tonelint lsp`: the language server's world.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::SystemTime;

use super::args::{CheckArgs, FactsArgs, LspArgs, PackArgs, SettingsArgs};
use super::configs::{self, Configured, absolute, is_profile, nearest_of};
use super::terminal::Terminal;
use super::{Exit, Failure, baseline, files, outline, packs};
use crate::config::{Baseline, Config, FileConfig};
use crate::finding::Finding;
use crate::linter::{self, Linter};
use crate::lsp::{Desk, Drafts, Ruling, Settings};
use crate::outline::Outline;
use crate::rule::{Pack, PackError};
use crate::text::Span;

/// Columns of an outline that an editor shows.
const WIDTH: usize = 100;
/// Serves an editor until it is gone.
pub(super) fn run(args: LspArgs, terminal: &Terminal) -> Exit {
    // What a defect of ours says of itself may hold a customer's words.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
        let _ = io::Write::write_all(
            &mut io::stderr(),
            format!("tonelint: a defect{place}; please report it\n").as_bytes(),
        );
    }));
    let LspArgs { stdio: _, settings } = args;
    let desk = Arc::new(Disk::new(settings));
    match crate::lsp::serve(io::stdin(), io::stdout(), desk, |message| terminal.complain(message)) {
        0 => Exit::Clean,
        _ => Exit::Findings,
    }
}

/// Serves a client over any two streams, with the settings that hold where nothing is typed.
pub fn language_server(input: impl io::Read + Send + 'static, output: impl io::Write + Send + 'static) -> u8 {
    crate::lsp::serve(input, output, Arc::new(Disk::new(SettingsArgs::default())), |_| {})
}

/// The files of this machine.
struct Disk {
    typed: SettingsArgs,
    kept: Mutex<Kept>,
}

/// What was read already.
#[derive(Default)]
struct Kept {
    drafts: Arc<Drafts>,
    /// The configuration file that holds in a folder.
    of_folder: HashMap<PathBuf, Option<PathBuf>>,
    linters: Vec<Arc<Linted>>,
    baselines: HashMap<PathBuf, Option<Arc<Baseline>>>,
}

/// The linter for a configuration file and some settings.
struct Linted {
    file: Option<PathBuf>,
    settings: Settings,
    made: OnceLock<Made>,
}

/// A configuration, and what was wrong so that another holds in its place.
struct Made {
    configured: Option<Configured>,
    trouble: Option<String>,
    /// What was read for it, with how it was then.
    read: Vec<(PathBuf, Stamp)>,
}

/// How a file was: when it was written and how large it is; `None` where it was not there.
type Stamp = Option<(SystemTime, u64)>;

fn stamp(path: &Path) -> Stamp {
    let metadata = path.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

impl Disk {
    fn new(typed: SettingsArgs) -> Self {
        Self { typed, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The arguments that settings stand for.
    fn args(&self, settings: &Settings) -> CheckArgs {
        let mut rules = self.typed.packs.rules.clone();
        rules.extend(settings.rules.iter().cloned());
        CheckArgs {
            select: settings.select.clone(),
            ignore: settings.ignore.clone(),
            facts: FactsArgs {
                language: settings.language.clone(),
                channel: settings.channel,
                customer: settings.customer,
            },
            settings: SettingsArgs {
                packs: PackArgs { rules, no_builtin: self.typed.packs.no_builtin },
                ..SettingsArgs::default()
            },
            ..CheckArgs::default()
        }
    }

    /// The configuration file that holds for a path.
    fn file_for(&self, path: Option<&Path>, settings: &Settings) -> Option<PathBuf> {
        if self.typed.isolated {
            return None;
        }
        if let Some(file) = settings.configuration.as_ref().or(self.typed.config.as_ref()) {
            return Some(absolute(file));
        }
        let folder = absolute(path?).parent()?.to_owned();
        let mut kept = self.kept();
        let drafts = kept.drafts.clone();
        kept.of_folder.entry(folder).or_insert_with_key(|folder| holding(folder, &drafts)).clone()
    }

    fn baseline(&self, file: &Path) -> Option<Arc<Baseline>> {
        let mut kept = self.kept();
        let read = || baseline::read(file).map(Arc::new);
        kept.baselines.entry(file.to_owned()).or_insert_with(read).clone()
    }

    fn linted(&self, file: Option<PathBuf>, settings: &Settings) -> (Arc<Linted>, Arc<Drafts>) {
        let mut kept = self.kept();
        // Settings that change no finding are the same here.
        let settings = Settings { inlay_hints: false, on_save: false, ..settings.clone() };
        let known = kept.linters.iter().find(|one| one.file == file && one.settings == settings).cloned();
        let linted = known.unwrap_or_else(|| {
            let new = Arc::new(Linted { file, settings, made: OnceLock::new() });
            kept.linters.push(new.clone());
            new
        });
        (linted, kept.drafts.clone())
    }

    fn make(&self, linted: &Linted, drafts: &Drafts) -> Made {
        let args = self.args(&linted.settings);
        let mut trouble = None;
        let mut read: Vec<(PathBuf, Stamp)> = Vec::new();
        let mut add = |paths: Vec<PathBuf>| {
            read.extend(paths.into_iter().map(|path| (absolute(&path), stamp(&path))));
        };
        add(linted.file.iter().chain(&args.settings.packs.rules).cloned().collect());
        // Where a setting or the file has a mistake, what is left without it is better than nothing.
        let without = CheckArgs { settings: SettingsArgs::default(), ..CheckArgs::default() };
        let file = linted.file.as_deref();
        let packs_only = CheckArgs { settings: self.args(&linted.settings).settings, ..CheckArgs::default() };
        let attempts = [(file, &args), (file, &packs_only), (None, &args), (None, &packs_only), (None, &without)];
        for (file, args) in attempts {
            let paths = RefCell::new(Vec::new());
            let configured = self.configured(file, args, drafts, &paths);
            add(paths.into_inner());
            match configured {
                Ok(mut configured) => {
                    // Nobody else has it yet.
                    if let Some(linter) = Arc::get_mut(&mut configured.linter) {
                        linter.remember();
                    }
                    add(rule_folders(&configured));
                    add(configured.baseline.iter().cloned().collect());
                    return Made { configured: Some(configured), trouble, read };
                }
                Err(said) => trouble = trouble.or(Some(one_line(&said))),
            }
        }
        Made { configured: None, trouble, read }
    }

    fn configured(
        &self,
        file: Option<&Path>,
        args: &CheckArgs,
        drafts: &Drafts,
        paths: &RefCell<Vec<PathBuf>>,
    ) -> Result<Configured, (Vec<PackError>, Vec<String>)> {
        let keeping = Terminal::keeping();
        let read = |path: &Path| {
            paths.borrow_mut().push(path.to_owned());
            text_of(path, drafts)
        };
        configs::configured(file, args, &read, &keeping).map_err(|failure| {
            let said = keeping.kept();
            let mut complaints = said.complaints;
            if let Failure::Said(message) = failure
                && !message.is_empty()
            {
                complaints.push(message);
            }
            (said.errors, complaints)
        })
    }
}

/// The configuration file that holds in a folder, be it written yet or not.
fn holding(folder: &Path, drafts: &Drafts) -> Option<PathBuf> {
    nearest_of(folder, |path| path.is_file() || drafts.contains_key(path))
}

fn text_of(path: &Path, drafts: &Drafts) -> Result<String, String> {
    match drafts.get(&absolute(path)) {
        Some(text) => Ok(text.to_string()),
        None => packs::read_text(path),
    }
}

/// Where a configuration reads rules from.
fn rule_folders(configured: &Configured) -> Vec<PathBuf> {
    let own = configured.layers.iter().filter(|layer| !is_profile(layer.file.name()));
    own.flat_map(|layer| layer.file.rules.iter().map(|rules| absolute(&layer.base.join(rules)))).collect()
}

/// The first of what is wrong.
fn one_line((errors, complaints): &(Vec<PackError>, Vec<String>)) -> String {
    let first = errors.first().map(ToString::to_string).or_else(|| complaints.first().cloned());
    let more = (errors.len() + complaints.len()).saturating_sub(1);
    let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    format!("{}{more}", first.unwrap_or_default())
}

impl Desk for Disk {
    fn ruling(&self, path: Option<&Path>, settings: &Settings) -> Ruling {
        let (linted, drafts) = self.linted(self.file_for(path, settings), settings);
        let made = linted.made.get_or_init(|| self.make(&linted, &drafts));
        let trouble = made.trouble.clone();
        let Some(configured) = &made.configured else {
            let linter = Arc::new(Linter::builtin(Config::default()));
            return Ruling {
                linter,
                known: Default::default(),
                configuration: None,
                rules: Vec::new(),
                trouble,
                baseline: None,
            };
        };
        let rules = rule_folders(configured).into_iter();
        let typed = self.typed.packs.rules.iter().chain(&settings.rules).map(|rules| absolute(rules));
        Ruling {
            linter: configured.linter.clone(),
            known: path.map(|path| configured.known(path)).unwrap_or_default(),
            configuration: linted.file.clone(),
            rules: rules.chain(typed).collect(),
            trouble,
            baseline: configured.baseline.clone(),
        }
    }

    fn unknown(&self, ruling: &Ruling, findings: Vec<Finding>) -> Vec<Finding> {
        match &ruling.baseline {
            Some(file) => match self.baseline(file) {
                Some(known) => baseline::unknown(&known, file, findings),
                None => findings,
            },
            None => findings,
        }
    }

    fn refresh(&self, drafts: Drafts) {
        *self.kept() = Kept { drafts: Arc::new(drafts), ..Kept::default() };
    }

    fn has_changed(&self) -> bool {
        let kept = self.kept();
        let mut read = kept.linters.iter().filter_map(|linted| linted.made.get()).flat_map(|made| &made.read);
        kept.of_folder.iter().any(|(folder, file)| holding(folder, &kept.drafts) != *file)
            || read.any(|(path, was)| stamp(path) != *was)
    }

    fn concerns(&self, path: &Path) -> bool {
        let is_named = path.file_name().is_some_and(|name| configs::NAMES.iter().any(|known| name == *known));
        let kept = self.kept();
        let mut read = kept.linters.iter().filter_map(|linted| linted.made.get()).flat_map(|made| &made.read);
        // A new file in a folder that was read counts too, if it can be a pack.
        let is_yaml = path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
        is_named || read.any(|(known, was)| path == known || (is_yaml && was.is_some() && path.starts_with(known)))
    }

    fn is_configurable(&self) -> bool {
        !self.typed.isolated
    }

    fn configuration_errors(&self, path: Option<&Path>, text: &str, settings: &Settings) -> Vec<PackError> {
        let Some(path) = path else {
            // One that is no file yet can be read, but nothing that it names.
            return FileConfig::read("tonelint.yml", text).err().map(|error| *error).into_iter().collect();
        };
        let mut drafts = (*self.kept().drafts).clone();
        drafts.insert(absolute(path), text.into());
        let args = CheckArgs { settings: self.args(settings).settings, ..CheckArgs::default() };
        match self.configured(Some(path), &args, &drafts, &RefCell::default()) {
            Ok(_) => Vec::new(),
            Err((mut errors, complaints)) => {
                errors.extend(complaints.into_iter().map(|message| at_head(path, text, message)));
                errors
            }
        }
    }

    fn pack_errors(&self, path: Option<&Path>, text: &str, _: &Settings) -> Vec<PackError> {
        let name = path.map_or_else(|| "rules.yml".to_owned(), |path| configs::from_here(path).display().to_string());
        let grammars = packs::grammars(linter::builtin_rules().unwrap_or_default());
        let builtin = path.is_some_and(|path| path.components().any(|part| part.as_os_str() == "rules"));
        match Pack::read_among(&name, text, false, &grammars) {
            Ok(pack) if !builtin => {
                let clash = Linter::new(vec![pack], Config::default()).err().unwrap_or_default();
                clash.into_iter().map(|message| at_head(Path::new(&name), text, message)).collect()
            }
            Ok(_) => Vec::new(),
            Err(errors) => errors,
        }
    }

    fn read(&self, path: &Path) -> Result<Option<String>, String> {
        if path.exists() { packs::read_text(path).map(Some) } else { Ok(None) }
    }

    fn write(&self, path: &Path, before: Option<&str>, text: &str) -> Result<(), String> {
        match before {
            Some(before) => files::replace(path, before.as_bytes(), text.as_bytes()),
            None => files::create(path, text.as_bytes()),
        }
    }

    fn outline(&self, name: &str, outlines: &[Outline]) -> String {
        let mut out = Vec::new();
        for (index, one) in outlines.iter().enumerate() {
            let gap: &[u8] = if index > 0 { b"\n" } else { b"" };
            out.extend_from_slice(gap);
            // A vector takes all that is written.
            let _ = outline::text(name, one, WIDTH, &mut out);
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    fn is_alive(&self, process: i32) -> bool {
        is_alive(process)
    }
}

fn at_head(path: &Path, text: &str, message: String) -> PackError {
    let file = configs::from_here(path).display().to_string();
    PackError { file: file.into(), text: text.into(), span: Span::new(0, 0), message, help: None }
}

/// Whether there is such a process; one of somebody else's is there too.
#[cfg(unix)]
fn is_alive(process: i32) -> bool {
    let Some(process) = rustix::process::Pid::from_raw(process).filter(|_| process > 0) else { return true };
    rustix::process::test_kill_process(process) != Err(rustix::io::Errno::SRCH)
}

/// Elsewhere the end of standard input has to do.
#[cfg(not(unix))]
fn is_alive(_: i32) -> bool {
    true
}
