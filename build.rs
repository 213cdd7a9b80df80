//! Lists the packs under `rules/`, so that a new one is a file there and nothing else.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=rules");
    let rules = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    let mut packs = Vec::new();
    collect(&rules, &mut packs)?;
    packs.sort();
    let mut list = String::from("&[\n");
    for pack in packs {
        let name = pack.strip_prefix(&rules).unwrap_or(&pack).to_string_lossy().replace('\\', "/");
        list.push_str(&format!("    ({name:?}, include_str!({:?})),\n", pack.display().to_string()));
    }
    list.push_str("]\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("packs.rs"), list)
}

fn collect(folder: &Path, packs: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, packs)?;
        } else if path.extension().is_some_and(|ending| ending == "yml") {
            packs.push(path);
        }
    }
    Ok(())
}
