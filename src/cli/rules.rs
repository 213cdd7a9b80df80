//! `tonelint rules`.

use std::io::Write;

use super::args::{PackArgs, RulesCommand};
use super::terminal::Terminal;
use super::{Exit, Failure, packs};
use crate::config::Config;
use crate::examples;
use crate::linter::Linter;
use crate::rule::{self, Pack};

pub(super) fn run(command: Option<&RulesCommand>, args: &PackArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    match command {
        None | Some(RulesCommand::List) => list(&packs::load_with_examples(args, terminal)?, terminal),
        Some(RulesCommand::Markdown) => markdown(&packs::load_with_examples(args, terminal)?, terminal),
        Some(RulesCommand::Schema) => {
            let mut out = terminal.out();
            out.write_all(rule::schema().as_bytes())?;
            out.flush()?;
            Ok(Exit::Clean)
        }
        Some(RulesCommand::Test { dir: None }) => test(packs::load_with_examples(args, terminal)?, terminal),
        Some(RulesCommand::Test { dir: Some(dir) }) => {
            // A team's packs are read with the built-in grammars of their languages.
            let mut grammars = packs::grammars(crate::builtin_packs().unwrap_or_default());
            let mut packs = packs::load_dir(dir, &grammars, &packs::read_text, terminal)?;
            grammars
                .retain(|known| !packs.iter().any(|pack| pack.grammar.is_some() && pack.language == known.language));
            packs.append(&mut grammars);
            test(packs, terminal)
        }
    }
}

fn list(packs: &[Pack], terminal: &Terminal) -> Result<Exit, Failure> {
    let mut rules: Vec<_> = packs.iter().flat_map(|pack| &pack.rules).collect();
    rules.sort_by(|one, other| (&one.code, &one.language).cmp(&(&other.code, &other.language)));
    let mut out = terminal.page();
    for rule in rules {
        let level = if rule.on { rule.severity.name() } else { "off" };
        writeln!(out, "{:<7} {:<3} {level:<8} {:<28} {}", rule.code, rule.language, rule.name, rule.summary)?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

/// Every rule's page in one document; each has its code for an anchor.
fn markdown(packs: &[Pack], terminal: &Terminal) -> Result<Exit, Failure> {
    let mut rules: Vec<_> = packs.iter().flat_map(|pack| &pack.rules).collect();
    rules.sort_by(|one, other| (&one.code, &one.language).cmp(&(&other.code, &other.language)));
    let mut out = terminal.out();
    writeln!(out, "# Rules\n\nMade from the packs under `rules/` by `tonelint rules markdown`.")?;
    for rule in rules {
        let off = if rule.on { "" } else { ", off unless selected" };
        writeln!(
            out,
            "\n## {}\n\n**{}** ({}, {}{off}): {}.",
            rule.code, rule.name, rule.family, rule.severity, rule.summary
        )?;
        writeln!(out, "\n{}", rule.why)?;
        if !rule.rewrites.is_empty() {
            writeln!(out, "\nWrite instead:\n")?;
        }
        for rewrite in &rule.rewrites {
            writeln!(out, "- {}", rewrite.to.written())?;
        }
        if !rule.replace.is_empty() {
            writeln!(out, "\nIt knows plainer words for {} phrases.", rule.replace.len())?;
        }
        for (title, examples) in [("finds", &rule.hits), ("leaves alone", &rule.misses)] {
            writeln!(out, "\nIt {title}:\n")?;
            for example in examples {
                let texts = std::iter::once(&example.text).chain(&example.others);
                let texts = texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'"));
                writeln!(out, "- {}", texts.map(|text| format!("`{text}`")).collect::<Vec<_>>().join(" · "))?;
            }
        }
        writeln!(out, "\nSource: {}.", rule.source)?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn test(packs: Vec<Pack>, terminal: &Terminal) -> Result<Exit, Failure> {
    let linter = Linter::new(packs, Config::default()).map_err(|errors| Failure::Said(errors.join("\ntonelint: ")))?;
    let outcome = examples::test(&linter);
    let mut out = terminal.page();
    for failure in &outcome.failures {
        writeln!(out, "{failure}")?;
    }
    writeln!(
        out,
        "{} rules, {} examples: {}",
        outcome.rules,
        outcome.examples,
        if outcome.failures.is_empty() {
            "all as they say".into()
        } else {
            format!("{} not as they say", outcome.failures.len())
        }
    )?;
    out.flush()?;
    Ok(if outcome.failures.is_empty() { Exit::Clean } else { Exit::Error })
}
