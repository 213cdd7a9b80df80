//! `tonelint explain`.

use std::io::Write;

use super::args::PackArgs;
use super::terminal::Terminal;
use super::{Exit, Failure, packs};
use crate::rule::Rule;

pub(super) fn run(name: &str, args: &PackArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let packs = packs::load(args, &[], terminal)?;
    let rules: Vec<&Rule> = packs.iter().flat_map(|pack| &pack.rules).collect();
    let upper = name.to_uppercase();
    let named: Vec<_> =
        rules.iter().filter(|rule| rule.code == upper || rule.name == name || rule.code == name).collect();
    // What is said of suppressions is no rule of a pack.
    if let Some(page) = crate::config::explain_suppression(name) {
        let mut out = terminal.out();
        writeln!(out, "{page}")?;
        out.flush()?;
        return Ok(Exit::Clean);
    }
    if named.is_empty() {
        let names = rules.iter().flat_map(|rule| [rule.code.as_str(), rule.name.as_str()]);
        let near = crate::rule::nearest(&upper, names.clone()).or_else(|| crate::rule::nearest(name, names));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(Failure::Said(format!("no rule is called `{name}`{near}")));
    }
    let mut out = terminal.out();
    for rule in named {
        page(rule, &mut out)?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn page(rule: &Rule, out: &mut dyn Write) -> std::io::Result<()> {
    let options = textwrap::Options::new(88);
    let wrap = |text: &str| textwrap::fill(text, &options);
    let off = if rule.on { "" } else { ", off unless selected" };
    writeln!(out, "{} {}  ({}, {}{off})", rule.code, rule.name, rule.family, rule.severity)?;
    writeln!(out, "\n{}", wrap(&rule.summary))?;
    if !rule.why.is_empty() {
        writeln!(out, "\nWhy\n{}", wrap(&rule.why))?;
    }
    let rewrites: Vec<String> = rule.rewrites.iter().map(|rewrite| rewrite.to.written()).collect();
    if !rewrites.is_empty() {
        writeln!(out, "\nWrite instead")?;
        for rewrite in rewrites {
            writeln!(out, "  {rewrite}")?;
        }
    }
    for (title, examples) in [("It finds", &rule.hits), ("It leaves alone", &rule.misses)] {
        if !examples.is_empty() {
            writeln!(out, "\n{title}")?;
        }
        for example in examples {
            writeln!(out, "  {}", example.text.trim_end().replace('\n', "\n  "))?;
        }
    }
    for (customer, level) in &rule.levels.customers {
        writeln!(out, "\nFor a customer who is {customer}: {level:?}")?;
    }
    for (channel, level) in &rule.levels.channels {
        writeln!(out, "\nIn the channel {channel}: {level:?}")?;
    }
    if !rule.source.is_empty() {
        writeln!(out, "\nSource: {}", rule.source)?;
    }
    writeln!(out)
}
