//! How right the rules are on labelled replies.
//!
//! ```sh
//! cargo run --release --example evaluate -- tests/evaluation/en.jsonl
//! ```
//!
//! Each line of the file is a text with the labels that readers gave it (`tests/evaluation/README.md`).
//! Texts that may not be shipped are named only; they are read from the corpus at `--corpus DIR`, and left
//! out where it is not there. All is counted twice: every finding, and warnings and errors only. `--set NAME` keeps one part, `--errors` lists what is wrong and missed, and
//! `--rates FILE…` counts instead how often each rule speaks in 1,000 texts.

#![expect(clippy::print_stdout, reason = "it prints")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tonelint::config::Known;
use tonelint::reply::{Channel, Facts};
use tonelint::rule::Severity;
use tonelint::{Config, Finding, Linter, Source};

/// A labelled text.
#[derive(Deserialize)]
struct Row {
    id: String,
    set: String,
    pool: String,
    channel: Channel,
    text: Option<String>,
    /// How many texts of the corpus it stands for, where that is known.
    weight: Option<f64>,
    #[serde(default)]
    expected: BTreeSet<String>,
    #[serde(default)]
    optional: BTreeSet<String>,
}

/// A text of the corpus.
#[derive(Deserialize)]
struct Turn {
    source: String,
    id: serde_json::Value,
    text: String,
}

/// Which families speak of which label, and which rules speak of what no label names.
#[derive(Deserialize)]
struct Labels {
    labels: BTreeMap<String, Vec<String>>,
    unlabelled: BTreeSet<String>,
}

/// The same, each text counted as often as it stands for others.
#[derive(Default)]
struct Estimate {
    texts: usize,
    good: f64,
    disturbed: f64,
    right: f64,
    spoken: f64,
    found: f64,
    expected: f64,
}

#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    found: usize,
    expected: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    let mut corpus = PathBuf::from("../shared/corpus");
    let (mut set, mut errors, mut rates) = (None, false, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--corpus" => corpus = args.next().ok_or("--corpus names a folder")?.into(),
            "--set" => set = Some(args.next().ok_or("--set names a set")?),
            "--errors" => errors = true,
            "--rates" => rates = true,
            _ => files.push(PathBuf::from(arg)),
        }
    }
    let linter = Linter::builtin(Config::default());
    if rates {
        return count(&linter, &files);
    }
    let known = Corpus::open(&corpus);
    for file in &files {
        let labels: Labels = serde_json::from_str(&fs::read_to_string(file.with_file_name("labels.json"))?)?;
        let rows = fs::read_to_string(file)?;
        let rows: Vec<Row> = rows.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        let rows: Vec<Row> = rows.into_iter().filter(|row| set.as_ref().is_none_or(|set| *set == row.set)).collect();
        println!("== all findings");
        evaluate(&linter, &known, &labels, &rows, Severity::Info, errors);
        println!("\n== warnings and errors");
        evaluate(&linter, &known, &labels, &rows, Severity::Warning, false);
    }
    Ok(())
}

fn lint(linter: &Linter, text: &str, channel: Channel) -> Vec<Finding> {
    let Ok(source) = Source::new("reply.txt", text.as_bytes().to_vec()) else {
        return Vec::new();
    };
    let known = Known::from(Facts { channel: Some(channel), ..Facts::default() });
    linter.lint_with(&source, &known).findings
}

fn evaluate(
    linter: &Linter,
    corpus: &Corpus,
    Labels { labels, unlabelled }: &Labels,
    rows: &[Row],
    least: Severity,
    errors: bool,
) {
    let (mut texts, mut absent, mut good, mut disturbed) = (0, 0, 0, 0);
    let mut families: BTreeMap<String, Score> = BTreeMap::new();
    let mut by_label: BTreeMap<String, Score> = BTreeMap::new();
    let mut estimate = Estimate::default();
    let (mut wrong, mut missed) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(text) = row.text.clone().or_else(|| corpus.text(&row.id)) else {
            absent += 1;
            continue;
        };
        texts += 1;
        let mut found = lint(linter, &text, row.channel);
        found.retain(|finding| finding.severity >= least && !unlabelled.contains(&finding.code));
        let is_fine = row.expected.is_empty() && row.optional.is_empty();
        let warnings = found.iter().filter(|finding| finding.severity >= Severity::Warning).count();
        if is_fine && row.pool == "natural" {
            good += 1;
            disturbed += warnings;
        }
        let weight = row.weight.unwrap_or_default();
        estimate.texts += usize::from(row.weight.is_some());
        if is_fine {
            estimate.good += weight;
            estimate.disturbed += weight * ratio(warnings, 1);
        }
        for finding in &found {
            // What no label speaks of cannot be judged by labels.
            if !labels.values().flatten().any(|family| *family == finding.family) {
                continue;
            }
            let fits = |label: &String| labels.get(label).is_some_and(|all| all.contains(&finding.family));
            let score = families.entry(finding.family.clone()).or_default();
            estimate.spoken += weight;
            if row.expected.iter().chain(&row.optional).any(fits) {
                score.right += 1;
                estimate.right += weight;
            } else {
                score.wrong += 1;
                wrong.push(format!("{} {:?} in {}", finding.code, finding.prose, shown(row, &text)));
            }
        }
        for label in &row.expected {
            let Some(accepted) = labels.get(label) else { continue };
            let is_found = found.iter().any(|finding| accepted.contains(&finding.family));
            for score in [by_label.entry(label.clone()).or_default(), families.entry(accepted[0].clone()).or_default()]
            {
                score.expected += 1;
                score.found += usize::from(is_found);
            }
            estimate.expected += weight;
            estimate.found += if is_found { weight } else { 0.0 };
            if !is_found {
                missed.push(format!("{label} in {}", shown(row, &text)));
            }
        }
    }
    println!("{texts} texts; {absent} left out, for their corpus is not here");
    println!("{good} good ones at their natural rate, {disturbed} warnings or errors on them");
    print("family", &families, true);
    print("label", &by_label, false);
    if estimate.texts > 0 {
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        println!(
            "\n{} texts, each counted as often as its like stands in the corpus: precision {:.2}, recall {:.2}, {:.2} warnings or \
             errors per 100 good texts",
            estimate.texts,
            share(estimate.right, estimate.spoken),
            share(estimate.found, estimate.expected),
            100.0 * share(estimate.disturbed, estimate.good),
        );
    }
    if errors {
        println!("\nwrong:\n{}\n\nmissed:\n{}", wrong.join("\n"), missed.join("\n"));
    }
}

fn shown(row: &Row, text: &str) -> String {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
    format!("{}: {text}", row.id)
}

fn print(title: &str, scores: &BTreeMap<String, Score>, precision: bool) {
    let share = |part: usize, whole: usize| {
        if whole == 0 { "    –".to_owned() } else { format!("{:5.2}", ratio(part, whole)) }
    };
    let mut all = Score::default();
    println!("\n{title:<22} {}recall", if precision { "precision  findings  F1     " } else { "" });
    for (name, score) in scores {
        all.right += score.right;
        all.wrong += score.wrong;
        all.found += score.found;
        all.expected += score.expected;
        line(name, score, precision, share);
    }
    line("all", &all, precision, share);
}

fn line(name: &str, score: &Score, precision: bool, share: impl Fn(usize, usize) -> String) {
    let spoken = score.right + score.wrong;
    let recall = share(score.found, score.expected);
    if !precision {
        println!("{name:<22} {recall} of {}", score.expected);
        return;
    }
    let (right, found) = (ratio(score.right, spoken), ratio(score.found, score.expected));
    let f1 = if right + found > 0.0 { 2.0 * right * found / (right + found) } else { 0.0 };
    println!("{name:<22} {:>9} {spoken:>9} {f1:>5.2} {recall} of {}", share(score.right, spoken), score.expected);
}

#[expect(clippy::cast_precision_loss, reason = "counts of texts")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Counts how often each rule speaks in 1,000 texts of files of turns.
fn count(linter: &Linter, files: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let mut spoken: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut totals = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let turns = read_turns(file)?;
        totals.push(turns.len());
        for turn in turns {
            for finding in lint(linter, &turn.text, Channel::Chat) {
                let key = format!("{} {} | {}", finding.code, finding.name, finding.severity);
                spoken.entry(key).or_insert_with(|| vec![0; files.len()])[index] += 1;
            }
        }
    }
    for (rule, counts) in spoken {
        let rates = counts.iter().zip(&totals).map(|(count, total)| format!("{:.1}", 1000.0 * ratio(*count, *total)));
        println!("| {rule} | {} |", rates.collect::<Vec<_>>().join(" | "));
    }
    Ok(())
}

fn read_turns(file: &Path) -> Result<Vec<Turn>, Box<dyn Error>> {
    let text = fs::read_to_string(file)?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// The texts that are not shipped, by their ids.
struct Corpus {
    texts: HashMap<String, String>,
}

impl Corpus {
    fn open(folder: &Path) -> Self {
        let mut texts = HashMap::new();
        for name in ["turns_free.jsonl", "turns_evaluate_only.jsonl"] {
            for turn in read_turns(&folder.join(name)).unwrap_or_default() {
                let id = turn.id.as_str().map_or_else(|| turn.id.to_string(), str::to_owned);
                texts.insert(format!("{}/{id}", turn.source), turn.text);
            }
        }
        let linter = Linter::builtin(Config::default());
        for entry in fs::read_dir(folder.join("docs")).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(source) = fs::read(entry.path()).map_err(drop).and_then(|b| Source::new(&*name, b).map_err(drop))
            else {
                continue;
            };
            for reply in linter.replies(&source, &Known::default()).unwrap_or_default() {
                let blocks = reply.blocks.iter().map(|block| block.of(reply.prose.text()).trim());
                let id = format!("{name}#{}", reply.location.as_deref().unwrap_or_default());
                texts.insert(id, blocks.collect::<Vec<_>>().join("\n\n"));
            }
        }
        Self { texts }
    }

    fn text(&self, id: &str) -> Option<String> {
        self.texts.get(id).cloned()
    }
}
