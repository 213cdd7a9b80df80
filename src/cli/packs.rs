//! Packs and configuration from files.

use std::path::{Path, PathBuf};

use super::Failure;
use super::args::PackArgs;
use super::configs::Read;
use super::files;
use super::terminal::Terminal;
use crate::rule::{Pack, PackError};

/// The largest pack or configuration, in bytes.
const MAX_BYTES: usize = 4 << 20;
/// How deep packs may lie in a directory.
const MAX_DEPTH: usize = 16;

/// The built-in packs, or only their grammars where their rules are left out, and those of
/// directories.
pub(super) fn load(
    args: &PackArgs,
    more: &[PathBuf],
    text_of: Read<'_>,
    terminal: &Terminal,
) -> Result<Vec<Pack>, Failure> {
    assemble(crate::builtin_rules(), args, more, text_of, terminal)
}

/// The same, with the examples of the built-in rules.
pub(super) fn load_with_examples(args: &PackArgs, terminal: &Terminal) -> Result<Vec<Pack>, Failure> {
    assemble(crate::builtin_packs(), args, &[], &read_text, terminal)
}

fn assemble(
    builtin: Result<Vec<Pack>, Vec<PackError>>,
    args: &PackArgs,
    more: &[PathBuf],
    text_of: Read<'_>,
    terminal: &Terminal,
) -> Result<Vec<Pack>, Failure> {
    let mut packs = builtin.map_err(|errors| {
        terminal.show(&errors);
        Failure::Said(String::new())
    })?;
    if args.no_builtin {
        packs = grammars(packs);
    }
    for dir in args.rules.iter().chain(more) {
        let mut more = load_dir(dir, &packs, text_of, terminal)?;
        // A grammar of their own takes the place of the built-in one.
        packs.retain(|pack| {
            pack.grammar.is_none() || !more.iter().any(|one| one.grammar.is_some() && one.language == pack.language)
        });
        packs.append(&mut more);
    }
    Ok(packs)
}

/// What packs say of their languages, without their rules.
pub(super) fn grammars(packs: Vec<Pack>) -> Vec<Pack> {
    let of_language = |pack: &Pack| pack.grammar.is_some() || pack.moves.is_some() || pack.time.is_some();
    packs.into_iter().filter(of_language).map(|pack| Pack { rules: Vec::new(), ..pack }).collect()
}

/// The packs of a directory, or the one pack that a path names.
pub(super) fn load_dir(
    dir: &Path,
    known: &[Pack],
    text_of: Read<'_>,
    terminal: &Terminal,
) -> Result<Vec<Pack>, Failure> {
    let files = pack_files(dir).map_err(Failure::Said)?;
    if files.is_empty() {
        return Err(Failure::Said(format!("{}: there is no rule file (.yml or .yaml) here", dir.display())));
    }
    let mut packs: Vec<Pack> = Vec::new();
    let mut grammars: Vec<Pack> = known.iter().filter(|pack| pack.grammar.is_some()).cloned().collect();
    let mut wrong = false;
    for file in files {
        let name = file.display().to_string();
        let text = match text_of(&file) {
            Ok(text) => text,
            Err(message) => {
                terminal.complain(&format!("{name}: {message}"));
                wrong = true;
                continue;
            }
        };
        match Pack::read_among(&name, &text, false, &grammars) {
            Ok(pack) => {
                if pack.grammar.is_some() {
                    grammars.retain(|known| known.language != pack.language);
                    grammars.push(pack.clone());
                }
                packs.push(pack);
            }
            Err(errors) => {
                terminal.show(&errors);
                wrong = true;
            }
        }
    }
    if wrong { Err(Failure::Said(String::new())) } else { Ok(packs) }
}

/// Reads a pack or a configuration as text.
pub(super) fn read_text(path: &Path) -> Result<String, String> {
    let bytes = files::read(path, MAX_BYTES)?;
    String::from_utf8(bytes).map_err(|error| format!("not UTF-8 at byte {}", error.utf8_error().valid_up_to()))
}

fn pack_files(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let metadata = dir.metadata().map_err(|_| format!("{}: no such file or directory", dir.display()))?;
    if !metadata.is_dir() {
        return Ok(vec![dir.to_owned()]);
    }
    let walker =
        ignore::WalkBuilder::new(dir).standard_filters(false).follow_links(true).max_depth(Some(MAX_DEPTH)).build();
    let mut files = Vec::new();
    for entry in walker {
        let entry = entry.map_err(|error| error.to_string())?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        let is_pack = entry.path().extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
        if is_file && is_pack {
            files.push(entry.into_path());
        }
    }
    // A grammar first: its lists are its language's.
    files.sort_by_key(|file| (file.file_stem().is_none_or(|name| name != "grammar"), file.clone()));
    Ok(files)
}
