//! `tonelint config`: what holds for a path, and where each value comes from.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::args::{CheckArgs, SettingsArgs};
use super::configs::{Configs, Configured, from_here, is_profile};
use super::terminal::Terminal;
use super::{Exit, Failure};
use crate::config::{self, Setting};
use crate::report::printable_line;

/// Keys of which each value is added to those before it; of the others the last one holds.
const ADDED: [&str; 6] = ["extends", "ignore", "severity", "vocabulary", "rules", "times"];
/// All keys, in the order in which they are shown, with what holds where nothing says more.
const KEYS: [(&str, &str); 16] = [
    ("extends", ""),
    ("language", "en"),
    ("channel", "macro in files of many replies, email in others"),
    ("customer", "regular"),
    ("select", "all"),
    ("ignore", ""),
    ("severity", ""),
    ("vocabulary", ""),
    ("rules", ""),
    ("baseline", ""),
    ("suppress", ""),
    ("hours", ""),
    ("max-file-size", "64MiB"),
    ("format", ""),
    ("fields", ""),
    ("times", ""),
];

pub(super) fn run(
    path: Option<&Path>,
    schema: bool,
    config: Option<&Path>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    if schema {
        let mut out = terminal.out();
        out.write_all(config::schema().as_bytes())?;
        out.flush()?;
        return Ok(Exit::Clean);
    }
    let mut out = terminal.page();
    let path = path.unwrap_or(Path::new("."));
    // A folder stands for what lies in it; a path need not be there to be asked about.
    let probe = if path.is_dir() { path.join("reply.md") } else { path.to_owned() };
    let settings = SettingsArgs { config: config.map(Path::to_owned), ..SettingsArgs::default() };
    let args = CheckArgs { settings, ..CheckArgs::default() };
    let configs = Configs::load(&args, std::slice::from_ref(&probe), terminal)?;
    let configured = configs.configured(&probe);
    let files: Vec<PathBuf> = configured
        .layers
        .iter()
        .filter(|layer| !is_profile(layer.file.name()))
        .map(|layer| layer.file.name().into())
        .collect();
    match files.as_slice() {
        [] => {
            writeln!(out, "{}: no configuration file; the defaults hold", printable_line(&path.display().to_string()))?
        }
        files => {
            let names: Vec<String> = files.iter().rev().map(|file| from_here(file).display().to_string()).collect();
            writeln!(
                out,
                "{}: {}",
                printable_line(&path.display().to_string()),
                printable_line(&names.join(", which extends "))
            )?;
        }
    }
    let lines = lines(configured, &probe);
    let width = lines.iter().map(|(_, value, _)| value.chars().count()).max().unwrap_or(0).min(60);
    let mut last = "";
    for (key, value, origin) in &lines {
        let shown = if *key == last { "" } else { key };
        last = key;
        writeln!(out, "  {shown:<13} {:<width$}  {}", printable_line(value), printable_line(origin))?;
    }
    let (linter, known) = configs.of(&probe);
    let effective = linter.config().under(&known.selection);
    let on = linter.rules().iter().filter(|rule| effective.wants(rule)).count();
    writeln!(out, "{on} of {} rules are on", linter.rules().len())?;
    out.flush()?;
    Ok(Exit::Clean)
}

/// Key, value and origin of everything that holds for a path.
fn lines(configured: &Configured, path: &Path) -> Vec<(&'static str, String, String)> {
    let sections = configured.sections(path);
    let mut said: Vec<(&Setting, String)> = Vec::new();
    for in_sections in [false, true] {
        for (index, layer) in configured.layers.iter().enumerate() {
            let holds = |setting: &&Setting| match setting.section {
                None => !in_sections,
                Some(section) => in_sections && sections.contains(&(index, section)),
            };
            for setting in layer.file.settings.iter().filter(holds) {
                let name = from_here(Path::new(layer.file.name())).display().to_string();
                let origin = match setting.section.and_then(|section| layer.file.sections.get(section)) {
                    _ if is_profile(&name) => format!("profile {name}"),
                    Some(section) => format!("{name}:{} ({})", setting.line, section.globs.join(", ")),
                    None => format!("{name}:{}", setting.line),
                };
                said.push((setting, origin));
            }
        }
    }
    let mut lines = Vec::new();
    for (key, default) in KEYS {
        let of_key: Vec<&(&Setting, String)> = said.iter().filter(|(setting, _)| setting.key == key).collect();
        if of_key.is_empty() && !default.is_empty() {
            lines.push((key, default.to_owned(), "default".to_owned()));
        }
        // A list that is replaced is replaced whole: by the last place that says it.
        let group = of_key.last().map(|(setting, origin)| (setting.section, origin.split(':').next()));
        for (setting, origin) in of_key.iter().map(|one| (one.0, &one.1)) {
            if ADDED.contains(&key) || Some((setting.section, origin.split(':').next())) == group {
                lines.push((key, setting.value.clone(), origin.clone()));
            }
        }
    }
    lines
}
