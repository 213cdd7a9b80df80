//! Baselines: read, asked and written.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use super::args::CheckArgs;
use super::configs::{Configs, absolute, from_here};
use super::terminal::Terminal;
use super::{Failure, files};
use crate::config::Baseline;
use crate::finding::Finding;
use crate::report::Report;
use crate::source::MAX_BYTES;

/// The file that is written where none is named.
const NAME: &str = "tonelint-baseline.json";

/// Takes out of a report what is known, or writes down what is there, and says what came of it.
pub(super) fn apply(
    report: &mut Report,
    checked: &[PathBuf],
    configs: &Configs,
    args: &CheckArgs,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let file_of = |path: &Path| -> Option<PathBuf> {
        let named = args.baseline.clone().or_else(|| configs.configured(path).baseline.clone());
        named.or_else(|| args.write_baseline.then(|| PathBuf::from(NAME)))
    };
    let mut parts: BTreeMap<PathBuf, (Vec<&Path>, Vec<Finding>)> = BTreeMap::new();
    for path in checked {
        if let Some(file) = file_of(path) {
            parts.entry(absolute(&file)).or_default().0.push(path);
        }
    }
    let mut left = Vec::new();
    for finding in std::mem::take(&mut report.findings) {
        match file_of(Path::new(&finding.path)).and_then(|file| parts.get_mut(&absolute(&file))) {
            Some((_, findings)) => findings.push(finding),
            None => left.push(finding),
        }
    }
    for (file, (paths, findings)) in parts {
        let shown = from_here(&file).display().to_string();
        let said = |message: String| Failure::Said(format!("{shown}: {message}"));
        let bytes = match files::read(&file, MAX_BYTES) {
            Ok(bytes) => Some(bytes),
            Err(_) if args.write_baseline && !file.exists() => None,
            Err(message) if !file.exists() => return Err(said(format!("{message} (--write-baseline writes it)"))),
            Err(message) => return Err(said(message)),
        };
        let text = bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let old = text.as_deref().map_or(Ok(Baseline::default()), Baseline::read).map_err(said)?;
        let base = file.parent().unwrap_or(Path::new("")).to_owned();
        let name = |path: &Path| name(&base, path);
        let open: HashSet<String> = paths.iter().map(|path| name(path)).collect();
        let is_open = |path: &str| open.contains(path) || !base.join(path).exists();
        let of_finding = |finding: &Finding| name(Path::new(&finding.path));
        if args.write_baseline {
            let mut new = old.of_files(|path| !is_open(path));
            findings.iter().for_each(|finding| new.add(&of_finding(finding), finding));
            let sorted = old.sort(findings, of_finding, is_open);
            let text = new.write();
            let written = match &bytes {
                Some(bytes) if bytes == text.as_bytes() => Ok(()),
                Some(bytes) => files::replace(&file, bytes, text.as_bytes()),
                None => files::create(&file, text.as_bytes()),
            };
            written.map_err(said)?;
            if !args.quiet {
                let (all, added, gone) = (new.len(), sorted.new.len(), sorted.mended);
                terminal.note(&format!("wrote {shown}: {all} known, {added} of them new; {gone} mended and taken out"));
                if args.baseline.is_none() && configs.all().iter().all(|one| one.baseline.is_none()) {
                    terminal.note(&format!(
                        "say `baseline: {NAME}` in tonelint.yml, or give --baseline {NAME} to the next run"
                    ));
                }
            }
            report.known.extend(sorted.known);
            report.known.extend(sorted.new);
        } else {
            let sorted = old.sort(findings, of_finding, is_open);
            if !args.quiet && !sorted.known.is_empty() {
                terminal.note(&format!("{shown}: {} known, not shown", sorted.known.len()));
            }
            if !args.quiet && sorted.mended > 0 && !args.staged && args.since.is_none() {
                terminal.note(&format!("{shown}: {} mended; --write-baseline takes them out", sorted.mended));
            }
            report.known.extend(sorted.known);
            left.extend(sorted.new);
        }
    }
    report.findings = left;
    report.sort();
    Ok(())
}

/// Reads a baseline, if it is one.
#[cfg(feature = "lsp")]
pub(super) fn read(file: &Path) -> Option<Baseline> {
    let bytes = files::read(file, MAX_BYTES).ok()?;
    Baseline::read(&String::from_utf8_lossy(&bytes)).ok()
}

/// Those findings of one file that a baseline does not know.
#[cfg(feature = "lsp")]
pub(super) fn unknown(baseline: &Baseline, file: &Path, findings: Vec<Finding>) -> Vec<Finding> {
    let base = file.parent().unwrap_or(Path::new("")).to_owned();
    let of_finding = |finding: &Finding| name(&base, Path::new(&finding.path));
    let here = findings.first().map(of_finding);
    let is_open = |path: &str| here.as_deref() == Some(path) || !base.join(path).exists();
    let mut left = baseline.sort(findings, of_finding, is_open).new;
    left.sort_by(|one, other| (one.span, &one.code).cmp(&(other.span, &other.code)));
    left
}

/// A path as a baseline in `base` names it.
fn name(base: &Path, path: &Path) -> String {
    let whole = absolute(path);
    whole.strip_prefix(base).unwrap_or(&whole).to_string_lossy().replace('\\', "/")
}
