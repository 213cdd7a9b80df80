//! `tonelint explain`.

use std::io::Write;

use super::args::PackArgs;
use super::terminal::Terminal;
use super::{Exit, Failure, packs};
use crate::reply::{Channel, Customer, canonical};
use crate::rule::{Across, Among, Called, Profile, Rule, Severity};

pub(super) fn run(name: &str, args: &PackArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let packs = packs::load_with_examples(args, terminal)?;
    let rules: Vec<&Rule> = packs.iter().flat_map(|pack| &pack.rules).collect();
    if let Ok(customer) = name.parse::<Customer>() {
        let mut out = terminal.page();
        for profile in packs.iter().flat_map(|pack| &pack.profiles).filter(|one| one.customer == customer) {
            profile_page(profile, &rules, &mut out)?;
        }
        out.flush()?;
        return Ok(Exit::Clean);
    }
    let upper = name.to_uppercase();
    let named: Vec<_> =
        rules.iter().filter(|rule| rule.code == upper || rule.name == name || rule.code == name).collect();
    // What is said of suppressions is no rule of a pack.
    if let Some(page) = crate::config::explain_suppression(name) {
        let mut out = terminal.page();
        writeln!(out, "{page}")?;
        out.flush()?;
        return Ok(Exit::Clean);
    }
    if named.is_empty() {
        let customers = Customer::ALL.iter().map(|customer| customer.name());
        let names = rules.iter().flat_map(|rule| [rule.code.as_str(), rule.name.as_str()]).chain(customers);
        let ways = [upper, name.to_owned(), canonical(name)];
        let near = ways.iter().find_map(|name| crate::rule::nearest(name, names.clone()));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(Failure::Said(format!("no rule and no kind of customer is called `{name}`{near}")));
    }
    let mut out = terminal.page();
    for rule in named {
        page(rule, &mut out)?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

/// What to do for a kind of customer, and which rules change for it.
fn profile_page(profile: &Profile, rules: &[&Rule], out: &mut dyn Write) -> std::io::Result<()> {
    let wrap = |text: &str| textwrap::fill(text, 88);
    writeln!(out, "{}\n\n{}", profile.customer, wrap(&profile.who))?;
    for (title, lines) in [("Write", &profile.write), ("Don't write", &profile.avoid)] {
        writeln!(out, "\n{title}")?;
        for line in lines {
            writeln!(out, "  {line}")?;
        }
    }
    for reply in &profile.good {
        writeln!(out, "\nA reply that does\n{}", indented(reply))?;
    }
    for reply in &profile.bad {
        writeln!(out, "\nA reply that doesn't\n{}\n", indented(&reply.text))?;
        for code in &reply.finds {
            for rule in rules.iter().filter(|rule| rule.code == *code && rule.language == profile.language) {
                writeln!(out, "  {code} {}: {}", rule.name, rule.summary)?;
            }
        }
    }
    let email = Channel::Email;
    let mut changed: Vec<String> = Vec::new();
    for rule in rules {
        let usual = rule.severity_for(Customer::Regular, email);
        let here = rule.severity_for(profile.customer, email);
        if usual != here {
            let name = |level: Option<Severity>| level.map_or("off", Severity::name);
            changed.push(format!("  {} {:<28} {} instead of {}", rule.code, rule.name, name(here), name(usual)));
        }
    }
    if !changed.is_empty() {
        changed.sort();
        writeln!(out, "\nRules that change\n{}", changed.join("\n"))?;
    }
    if !profile.source.is_empty() {
        writeln!(out, "\nSource: {}", profile.source)?;
    }
    writeln!(out)
}

fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("  {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// What a rule compares, in words.
fn compares(across: &Across) -> String {
    let names = |called: &[Called]| called.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    match &across.of {
        Among::Sentences { most, share, words, .. } => {
            let share = if *share > 0.0 { format!(" and {} % of them", share * 100.0) } else { String::new() };
            format!(
                "It compares the replies of a run: sentences of {words} words or more, in more than {most} replies{share}."
            )
        }
        Among::Replies { alike, words } => format!(
            "It compares the replies of a run: those of {words} words or more with {} % or more of their word sequences in common.",
            alike * 100.0
        ),
        Among::Promises { things, .. } => {
            format!("It compares the replies of a run: the times that they promise for each of {}.", names(things))
        }
        Among::Names(terms) => {
            let terms: Vec<String> = terms.iter().map(|term| names(term).replace(", ", " / ")).collect();
            format!("It compares the replies of a run: the names for {}.", terms.join("; "))
        }
    }
}

fn page(rule: &Rule, out: &mut dyn Write) -> std::io::Result<()> {
    let options = textwrap::Options::new(88);
    let wrap = |text: &str| textwrap::fill(text, &options);
    let off = if rule.on { "" } else { ", off unless selected" };
    writeln!(out, "{} {}  ({}, {}{off})", rule.code, rule.name, rule.family, rule.severity)?;
    writeln!(out, "\n{}", wrap(&rule.summary))?;
    if let Some(across) = &rule.across {
        writeln!(out, "\n{}", wrap(&compares(across)))?;
    }
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
            let one = if example.others.is_empty() { "  " } else { "  - " };
            for text in std::iter::once(&example.text).chain(&example.others) {
                let indent = format!("\n{:width$}", "", width = one.len());
                writeln!(out, "{one}{}", text.trim_end().replace('\n', &indent))?;
            }
            if !example.others.is_empty() {
                writeln!(out)?;
            }
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
