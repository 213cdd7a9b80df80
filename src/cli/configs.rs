//! Configuration files: found from each input's folder upwards, put together with what they extend and
//! with what was typed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};

use super::args::{CheckArgs, InputFormat};
use super::terminal::Terminal;
use super::{Failure, packs};
use crate::config::{Config, ConfigError, FileConfig, Known};
use crate::format::Format;
use crate::linter::Linter;
use crate::reply::Facts;
use crate::source::DEFAULT_BYTES;

/// Names of a configuration file, the first found counts.
pub(super) const NAMES: [&str; 2] = ["tonelint.yml", ".tonelint.yml"];
/// How many files may extend each other.
const MAX_LAYERS: usize = 16;

/// One file or profile of a configuration.
pub(super) struct Layer {
    pub(super) file: FileConfig,
    /// The folder that its paths and globs are relative to.
    pub(super) base: PathBuf,
}

/// A linter, and what its configuration says of some files.
pub(super) struct Configured {
    pub(super) linter: Arc<Linter>,
    /// What it was put together from, the weakest first.
    pub(super) layers: Vec<Layer>,
    /// For each section, by layer and index: its globs.
    globs: Vec<(usize, usize, Vec<GlobMatcher>)>,
    /// What holds for every file.
    known: Known,
    /// Where the known findings are, if a file says so.
    pub(super) baseline: Option<PathBuf>,
    /// The largest input that is read, in bytes.
    pub(super) max_bytes: usize,
    /// Whether `--select` overrides what sections select.
    selected: bool,
}

/// The linters of a run: one for each configuration file that holds for some input.
pub(super) struct Configs {
    linters: Vec<Configured>,
    /// Folder to the index of its linter.
    of_folder: HashMap<PathBuf, usize>,
    /// Configuration file, or none, to the index of its linter.
    of_file: HashMap<Option<PathBuf>, usize>,
    /// One configuration for all, by `--config` or `--isolated`.
    single: bool,
}

impl Configs {
    pub(super) fn load(args: &CheckArgs, files: &[PathBuf], terminal: &Terminal) -> Result<Self, Failure> {
        let mut configs =
            Self { linters: Vec::new(), of_folder: HashMap::new(), of_file: HashMap::new(), single: true };
        if let Some(path) = &args.settings.config {
            configs.add(Some(path), args, terminal)?;
            return Ok(configs);
        }
        if args.settings.isolated {
            configs.add(None, args, terminal)?;
            return Ok(configs);
        }
        configs.single = false;
        let stdin = args.stdin_filename.as_ref().map_or_else(|| PathBuf::from("-"), PathBuf::from);
        configs.load_for(files.iter().chain([&stdin]), args, terminal)?;
        Ok(configs)
    }

    /// Reads the configurations of more files.
    pub(super) fn load_for<'f>(
        &mut self,
        files: impl Iterator<Item = &'f PathBuf>,
        args: &CheckArgs,
        terminal: &Terminal,
    ) -> Result<(), Failure> {
        if self.single {
            return Ok(());
        }
        for file in files {
            let folder = folder_of(file);
            if self.of_folder.contains_key(&folder) {
                continue;
            }
            let config = nearest(&folder);
            let index = match self.of_file.get(&config) {
                Some(index) => *index,
                None => {
                    let index = self.add(config.as_deref(), args, terminal)?;
                    self.of_file.insert(config, index);
                    index
                }
            };
            self.of_folder.insert(folder, index);
        }
        Ok(())
    }

    fn add(&mut self, path: Option<&Path>, args: &CheckArgs, terminal: &Terminal) -> Result<usize, Failure> {
        self.linters.push(configured(path, args, &packs::read_text, terminal)?);
        Ok(self.linters.len() - 1)
    }

    /// The configuration for a file.
    pub(super) fn configured(&self, path: &Path) -> &Configured {
        let index = if self.single { 0 } else { self.of_folder.get(&folder_of(path)).copied().unwrap_or(0) };
        &self.linters[index]
    }

    /// All configurations of the run.
    pub(super) fn all(&self) -> &[Configured] {
        &self.linters
    }

    /// The linter for a file, and what its configuration says of that file.
    pub(super) fn of(&self, path: &Path) -> (&Linter, Known) {
        let configured = self.configured(path);
        (&configured.linter, configured.known(path))
    }
}

impl Configured {
    /// The sections that hold for a file, by layer and index, the weakest first.
    pub(super) fn sections(&self, path: &Path) -> Vec<(usize, usize)> {
        let path = absolute(path);
        let holds = |(layer, _, globs): &&(usize, usize, Vec<GlobMatcher>)| {
            let base = self.layers.get(*layer).map(|layer| layer.base.as_path()).unwrap_or(Path::new(""));
            path.strip_prefix(base).is_ok_and(|relative| globs.iter().any(|glob| glob.is_match(relative)))
        };
        self.globs.iter().filter(holds).map(|(layer, section, _)| (*layer, *section)).collect()
    }

    /// What the configuration says of a file: a later section over an earlier one, and all over what
    /// holds for every file.
    pub(super) fn known(&self, path: &Path) -> Known {
        let mut known = self.known.clone();
        for (layer, section) in self.sections(path) {
            let Some(section) = self.layers.get(layer).and_then(|layer| layer.file.sections.get(section)) else {
                continue;
            };
            let mut said = section.known.clone();
            if self.selected {
                said.selection.select.clear();
            }
            known = said.or(known);
        }
        known
    }
}

/// Reads the text of a file.
pub(super) type Read<'r> = &'r dyn Fn(&Path) -> Result<String, String>;

/// Reads a configuration with all that it extends, and puts a linter together after it.
pub(super) fn configured(
    path: Option<&Path>,
    args: &CheckArgs,
    text_of: Read<'_>,
    terminal: &Terminal,
) -> Result<Configured, Failure> {
    let mut layers = Vec::new();
    if let Some(path) = path {
        let mut open = Vec::new();
        let note = |path: &Path| {
            if args.verbose {
                terminal.note(&format!("configuration: {}", from_here(path).display()));
            }
        };
        read(path, None, &mut open, &mut layers, (text_of, &note)).map_err(|wrong| wrong.failure(terminal))?;
    }
    if path.is_none() && args.verbose && !args.settings.isolated {
        terminal.note("no configuration file; the defaults hold");
    }
    let fail = |errors: &[ConfigError]| {
        terminal.show(errors);
        Failure::Said(String::new())
    };
    let mut globs = Vec::new();
    let mut config = Config::default();
    let mut more = Vec::new();
    let mut baseline = None;
    let mut suppress = None;
    let mut max_bytes = None;
    for (at, Layer { file, base }) in layers.iter().enumerate() {
        for (index, rules) in file.rules.iter().enumerate() {
            let dir = base.join(rules);
            if !dir.exists() {
                return Err(fail(&[file.wrong_rules(index, format!("{rules}: no such file or directory"))]));
            }
            more.push(dir);
        }
        for (index, section) in file.sections.iter().enumerate() {
            let compiled = section.globs.iter().map(|glob| {
                // As in .gitignore: a folder's name stands for all that lies below it, `*` is within one
                // name, and what names no folder is found in any.
                let glob = if glob.ends_with('/') { format!("{glob}**") } else { glob.clone() };
                let glob = if glob.contains('/') { glob } else { format!("**/{glob}") };
                GlobBuilder::new(&glob).literal_separator(true).build().map(|glob| glob.compile_matcher())
            });
            match compiled.collect::<Result<Vec<_>, _>>() {
                Ok(matchers) => globs.push((at, index, matchers)),
                Err(error) => return Err(fail(&[file.wrong_glob(index, error.to_string())])),
            }
        }
        config.facts = file.config.facts.clone().or(config.facts);
        config = config.under(&file.config.selection());
        if let Some(hours) = &file.hours {
            config.hours = hours.clone();
        }
        baseline = file.baseline.as_ref().map(|name| base.join(name)).or(baseline);
        suppress = file.suppress.clone().or(suppress);
        max_bytes = file.max_file_size.or(max_bytes);
    }
    let mut linter_config = with_args(config.clone(), args);
    let sections = layers.iter().flat_map(|layer| &layer.file.sections);
    linter_config.sometimes = sections.flat_map(|section| section.known.selection.select.clone()).collect();
    let packs = packs::load(&args.settings.packs, &more, text_of, terminal)?;
    let linter = Linter::new(packs, linter_config).map_err(|errors| Failure::Said(errors.join("\ntonelint: ")))?;
    let mut languages: Vec<&str> = linter.languages().collect();
    languages.sort_unstable();
    // What a profile names may be in no pack that is loaded here.
    let own = layers.iter().filter(|layer| !is_profile(layer.file.name()));
    let mistakes: Vec<ConfigError> = own.flat_map(|layer| layer.file.mistakes(linter.rules(), &languages)).collect();
    if !mistakes.is_empty() {
        return Err(fail(&mistakes));
    }
    let typed = Config { select: args.select.clone(), ignore: args.ignore.clone(), ..Config::default() };
    if let Some((selector, near)) = typed.unknown_selectors(linter.rules()).first() {
        let near = near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(Failure::Said(format!("no rule is called `{selector}`{near}")));
    }
    if let Some(language) = args.facts.language.as_deref().filter(|one| !languages.contains(one)) {
        return Err(Failure::Said(format!(
            "there are no rules for the language `{language}`, only for {}",
            languages.join(", ")
        )));
    }
    let known = Known { facts: config.facts, suppress, ..Known::default() };
    let linter = Arc::new(linter);
    let max_bytes = args.max_file_size.or(max_bytes).unwrap_or(DEFAULT_BYTES);
    Ok(Configured { linter, layers, globs, known, baseline, max_bytes, selected: !args.select.is_empty() })
}

/// Why a configuration could not be read.
enum Wrong {
    Said(String),
    Shown(Box<ConfigError>),
}

impl Wrong {
    fn failure(self, terminal: &Terminal) -> Failure {
        match self {
            Self::Said(message) => Failure::Said(message),
            Self::Shown(error) => {
                terminal.show(&[*error]);
                Failure::Said(String::new())
            }
        }
    }
}

/// Reads a file and what it extends, the weakest first.
fn read(
    path: &Path,
    from: Option<(&FileConfig, usize)>,
    open: &mut Vec<PathBuf>,
    layers: &mut Vec<Layer>,
    (text_of, note): (Read<'_>, &dyn Fn(&Path)),
) -> Result<(), Wrong> {
    let name = from_here(path).display().to_string();
    let wrong = |message: String, help: Option<String>| match from {
        Some((file, index)) => Wrong::Shown(Box::new(file.wrong_extends(index, message, help))),
        None => Wrong::Said(format!("{name}: {message}")),
    };
    let whole = path.canonicalize().unwrap_or_else(|_| absolute(path));
    if open.contains(&whole) {
        return Err(wrong(format!("{name} extends itself"), None));
    }
    if open.len() >= MAX_LAYERS {
        return Err(wrong(format!("more than {MAX_LAYERS} files extend each other"), None));
    }
    let text = text_of(path).map_err(|message| match from {
        Some((file, index)) => {
            let profiles: Vec<&str> = FileConfig::profiles().collect();
            let help = format!("it is a file relative to this one, or one of {}", profiles.join(", "));
            Wrong::Shown(Box::new(file.wrong_extends(index, format!("{name}: {message}"), Some(help))))
        }
        None => Wrong::Said(format!("{name}: {message}")),
    })?;
    note(path);
    let file = FileConfig::read(&name, &text).map_err(Wrong::Shown)?;
    let base = folder_of(path);
    open.push(whole);
    for (index, extended) in file.extends.iter().enumerate() {
        match FileConfig::profile(extended) {
            Some(profile) => layers.push(Layer { file: profile.map_err(Wrong::Shown)?, base: base.clone() }),
            None => read(&base.join(extended), Some((&file, index)), open, layers, (text_of, note))?,
        }
    }
    open.pop();
    layers.push(Layer { file, base });
    Ok(())
}

pub(super) fn is_profile(name: &str) -> bool {
    FileConfig::profiles().any(|profile| profile == name)
}

fn with_args(mut config: Config, args: &CheckArgs) -> Config {
    // What a configuration knows of the replies is weaker than its sections; what was typed is not.
    let (channel, customer) = (args.facts.channel, args.facts.customer);
    config.facts = Facts { language: args.facts.language.clone(), channel, customer, ..Facts::default() };
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

/// A path from the root, without `.` and `..` in it.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in whole.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

fn folder_of(path: &Path) -> PathBuf {
    absolute(path).parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// A path as short as it can be written from the current folder.
pub(super) fn from_here(path: &Path) -> &Path {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path)
}

/// The nearest configuration file from a folder upwards, to the repository's root.
pub(super) fn nearest(folder: &Path) -> Option<PathBuf> {
    nearest_of(folder, Path::is_file)
}

/// The same, where `is_file` says which files there are.
pub(super) fn nearest_of(folder: &Path, is_file: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        for name in NAMES {
            let path = folder.join(name);
            if is_file(&path) {
                return Some(path);
            }
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}
