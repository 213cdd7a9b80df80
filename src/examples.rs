//! Running the examples of rules: a hit fires its rule, a miss fires none of its family, a safe fix
//! makes of a text what the rule says.

use std::fmt;

use crate::fix;
use crate::linter::Linter;
use crate::reply::{Channel, Facts};
use crate::rule::{Applicability, Example, Rule};
use crate::source::Source;

/// How many hits and misses a built-in rule has at least.
const LEAST: usize = 2;

/// What came of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many rules were tested.
    pub rules: usize,
    /// How many examples were run.
    pub examples: usize,
    /// What was not as the rules say.
    pub failures: Vec<Failure>,
}

/// An example that is not as its rule says.
#[derive(Debug)]
pub struct Failure {
    /// The file of the rule.
    pub file: String,
    /// The rule's code.
    pub code: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.code, self.message)
    }
}

/// Runs every example of every rule of a linter.
#[must_use]
pub fn test(linter: &Linter) -> Outcome {
    let mut outcome = Outcome::default();
    for rule in linter.rules() {
        outcome.rules += 1;
        let mut fail = |message: String| {
            outcome.failures.push(Failure {
                file: rule.origin.file.to_string(),
                code: rule.code.clone(),
                message: crate::report::printable(&message),
            });
        };
        if rule.origin.builtin && (rule.hits.len() < LEAST || rule.misses.len() < LEAST) {
            fail(format!(
                "has {} hits and {} misses; each rule shows at least {LEAST} of both",
                rule.hits.len(),
                rule.misses.len()
            ));
        }
        let claims_safe = rule.rewrites.iter().chain(rule.replace.iter().flat_map(|plain| &plain.to));
        let claims_safe = claims_safe.into_iter().any(|rewrite| rewrite.applicability == Applicability::Safe);
        if claims_safe && rule.origin.builtin && !rule.hits.iter().any(|hit| hit.fixed.is_some()) {
            fail("claims a safe fix, and no hit shows it with `fixed`".into());
        }
        for hit in &rule.hits {
            if let Err(message) = check_hit(linter, rule, hit) {
                fail(message);
            }
        }
        for miss in &rule.misses {
            if let Err(message) = check_miss(linter, rule, miss) {
                fail(message);
            }
        }
        outcome.examples += rule.hits.len() + rule.misses.len();
    }
    outcome
}

fn findings(linter: &Linter, rule: &Rule, example: &Example, text: &str) -> Vec<crate::Finding> {
    let texts = std::iter::once(text).chain(example.others.iter().map(String::as_str)).enumerate();
    let sources: Vec<Source> = texts
        .filter_map(|(index, text)| Source::new(format!("example-{index:04}.md"), text.as_bytes().to_vec()).ok())
        .collect();
    let usual = if example.others.is_empty() { Channel::Email } else { Channel::Macro };
    let facts = Facts {
        language: (rule.language != "any").then(|| rule.language.clone()),
        channel: example.channel.or(Some(usual)),
        customer: example.customer,
        ..Facts::default()
    };
    linter.with_all_rules().lint_run(&sources, &facts.into()).findings
}

fn check_hit(linter: &Linter, rule: &Rule, hit: &Example) -> Result<(), String> {
    let found = findings(linter, rule, hit, &hit.text);
    let fires = found.iter().any(|finding| finding.code == rule.code);
    if !fires {
        let others: Vec<_> = found.iter().map(|finding| format!("{} on {:?}", finding.code, finding.prose)).collect();
        let others = if others.is_empty() { "nothing does".into() } else { others.join(", ") };
        return Err(format!("does not fire on {}; {others}", written(hit)));
    }
    let Some(wanted) = &hit.fixed else {
        return Ok(());
    };
    let of_rule = |text: &str| {
        let mut found = findings(linter, rule, hit, text);
        found.retain(|finding| finding.code == rule.code);
        found
    };
    let fixed = fix::to_fixpoint(&hit.text, Applicability::Safe, of_rule);
    if fixed.text == *wanted {
        Ok(())
    } else {
        Err(format!("makes {:?} of {:?}, not {wanted:?}", fixed.text, hit.text))
    }
}

fn check_miss(linter: &Linter, rule: &Rule, miss: &Example) -> Result<(), String> {
    let found = findings(linter, rule, miss, &miss.text);
    // What is opt-in is silent in another rule's miss.
    let on = |code: &str| code == rule.code || linter.rules().iter().any(|one| one.code == code && one.on);
    match found.iter().find(|finding| finding.family == rule.family && on(&finding.code)) {
        None => Ok(()),
        Some(finding) => Err(format!("fires {} on {:?} in the miss {}", finding.code, finding.prose, written(miss))),
    }
}

fn written(example: &Example) -> String {
    let texts = std::iter::once(&example.text).chain(&example.others);
    texts.map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ")
}
