//! Lists the packs under `rules/`, so that a new one is a file there and nothing else, and writes each as
//! JSON without its examples: that is read far quicker than YAML, and linting needs no more.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=rules");
    let rules = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut packs = Vec::new();
    collect(&rules, &mut packs)?;
    packs.sort();
    let mut list = String::from("&[\n");
    for pack in packs {
        let name = pack.strip_prefix(&rules).unwrap_or(&pack).to_string_lossy().replace('\\', "/");
        let quick = out.join(name.replace('/', "-")).with_extension("json");
        fs::write(&quick, without_examples(&fs::read_to_string(&pack)?))?;
        let (yaml, json) = (pack.display().to_string(), quick.display().to_string());
        list.push_str(&format!("    ({name:?}, include_str!({yaml:?}), include_str!({json:?})),\n"));
    }
    list.push_str("]\n");
    fs::write(out.join("packs.rs"), list)
}

/// A pack as JSON; what is no YAML stays as it is, and is an error when the pack is read.
fn without_examples(yaml: &str) -> String {
    let Ok(mut pack) = serde_yaml::from_str::<serde_yaml::Value>(yaml) else {
        return yaml.to_owned();
    };
    let rules = pack.get_mut("rules").and_then(serde_yaml::Value::as_sequence_mut);
    for rule in rules.into_iter().flatten().filter_map(serde_yaml::Value::as_mapping_mut) {
        rule.remove("examples");
    }
    let customers = pack.get_mut("customers").and_then(serde_yaml::Value::as_mapping_mut);
    for (_, customer) in customers.into_iter().flatten() {
        if let Some(customer) = customer.as_mapping_mut() {
            customer.remove("examples");
        }
    }
    serde_json::to_string(&pack).unwrap_or_else(|_| yaml.to_owned())
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
