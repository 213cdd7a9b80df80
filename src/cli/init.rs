//! `tonelint init`: a commented configuration file, with the exports of helpdesks that lie there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use super::configs::NAMES;
use super::terminal::Terminal;
use super::{Exit, Failure, files, walk};
use crate::config;
use crate::format::{self, Format};
use crate::source::{DEFAULT_BYTES, Source};

/// How many files are looked into at most.
const MAX_FILES: usize = 2000;
/// The schema's file, beside the configuration.
const SCHEMA: &str = "tonelint.schema.json";

const HEAD: &str = "\
# What tonelint looks for in the replies below this folder. `tonelint config PATH` shows what holds for
# a path, and where each value comes from.

# Start from a profile (strict, gentle, chat, macros) or from a file that your teams share:
# extends: gentle

# The language of these replies, where they do not say another.
# language: en

# How these replies reach the customer: email, chat or macro.
# channel: email

# Who reads them: regular, meek, aggressive, vip, complainer, never-satisfied or leaving.
# customer: regular

# Rules to run: codes, beginnings of codes, names, families or all. Some are off unless they are named here.
# select: [all]

# Rules to leave out: codes, beginnings of codes, names or families. `tonelint rules list` has them all.
# ignore: [JG001]

# How severe a rule or family is here: error, warning, info or off.
# severity: {jargon: info, PA001: error}

# Words that are yours and stay, such as names of products.
# vocabulary: [SSO, Acme Cloud]

# Rules of your own: `rules: [tone/]` reads tone/*.yml.
# rules: [tone/]

# The findings of today, to be mended later: `tonelint check --write-baseline`.
# baseline: tonelint-baseline.json

# The key beside a reply, or the column of a table, that lists the codes to leave out there.
# suppress: tonelint

# Business time, for `tonelint trust`.
# hours: {days: [monday, tuesday, wednesday, thursday, friday], from: \"09:00\", to: \"17:00\", zone: UTC}

# The largest file that is read, at most 1024MiB.
# max-file-size: 64MiB
";

pub(super) fn run(folder: Option<&Path>, schema: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let folder = folder.unwrap_or(Path::new("."));
    for name in NAMES {
        if folder.join(name).exists() {
            let path = folder.join(name);
            return Err(Failure::Said(format!("{} is there already; it stays as it is", path.display())));
        }
    }
    if !folder.is_dir() {
        return Err(Failure::Said(format!("{}: no such directory", folder.display())));
    }
    let found = exports(folder);
    let mut text = String::new();
    if schema {
        let _ = writeln!(text, "# yaml-language-server: $schema={SCHEMA}");
    }
    text.push_str(HEAD);
    text.push_str(&sections(&found));
    if schema {
        files::create(&folder.join(SCHEMA), config::schema().as_bytes())
            .map_err(|message| Failure::Said(format!("{}: {message}", folder.join(SCHEMA).display())))?;
    }
    let path = folder.join(NAMES[0]);
    files::create(&path, text.as_bytes()).map_err(|message| Failure::Said(format!("{}: {message}", path.display())))?;
    let mut out = terminal.out();
    writeln!(out, "wrote {}", path.display())?;
    for ((system, pattern), replies) in &found {
        let replies = if *replies == 1 { "1 reply".to_owned() } else { format!("{replies} replies") };
        writeln!(out, "  {pattern}: {system}, {replies}")?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

/// The exports below a folder: helpdesk and pattern to how many replies there are.
fn exports(folder: &Path) -> BTreeMap<(&'static str, String), usize> {
    let (paths, _) = walk::files(&[folder.to_owned()], 1);
    let mut found = BTreeMap::new();
    for path in paths.iter().take(MAX_FILES) {
        let name = path.to_string_lossy();
        let Some(format @ (Format::Json | Format::Yaml | Format::Csv | Format::Tsv)) = Format::of_name(&name) else {
            continue;
        };
        let source = files::read(path, DEFAULT_BYTES).ok().and_then(|bytes| Source::new(name, bytes).ok());
        let Some((system, replies)) = source.and_then(|source| format::recognise(&source, format)) else { continue };
        let relative = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let pattern = match (relative.rsplit_once('/'), relative.rsplit_once('.')) {
            (Some((parent, _)), Some((_, ending))) => format!("{parent}/*.{ending}"),
            _ => relative,
        };
        *found.entry((system, pattern)).or_insert(0) += replies;
    }
    found
}

/// The sections for what was found; two helpdesks in one folder need no section, for an export is known
/// by its shape.
fn sections(found: &BTreeMap<(&'static str, String), usize>) -> String {
    let mut text = String::from("\n# Settings for some files; a later section wins over an earlier one.\n");
    if found.is_empty() {
        text.push_str("# files:\n#   - match: \"macros/**\"\n#     channel: macro\n#     ignore: [closing]\n");
        return text;
    }
    text.push_str("files:\n");
    let mut patterns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (system, pattern) in found.keys() {
        patterns.entry(pattern).or_default().push(system);
    }
    for (pattern, systems) in patterns {
        let quoted = serde_json::to_string(pattern).unwrap_or_default();
        let _ = writeln!(text, "  # {}\n  - match: {quoted}\n    channel: macro", systems.join(", "));
        if let [system] = systems.as_slice() {
            let is_helpdesk = Format::of_system(system).is_some_and(|format| format.name() != *system);
            text.push_str(&if is_helpdesk { format!("    format: {system}\n") } else { String::new() });
        }
    }
    text
}
