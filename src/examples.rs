//! Running the examples of rules: a hit fires its rule, a miss fires none of its family, a safe fix
//! makes of a text what the rule says.

use std::fmt;

use crate::fix;
use crate::linter::Linter;
use crate::reply::{Channel, Customer, Facts};
use crate::rule::{Applicability, Example, Flawed, Profile, Rule};
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
    /// The rule's code, or the kind of customer.
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
    for profile in linter.profiles() {
        let shown = check_profile(linter, profile);
        outcome.examples += profile.good.len() + profile.bad.len();
        outcome.failures.extend(shown.into_iter().map(|message| Failure {
            file: profile.origin.file.to_string(),
            code: profile.customer.to_string(),
            message: crate::report::printable(&message),
        }));
    }
    outcome
}

/// What is not as a kind of customer's page says: in a good reply no rule fires that is on, in a bad one those that
/// it names; one of them at least would be silent or milder for a regular customer, where any rule of the packs would.
fn check_profile(linter: &Linter, profile: &Profile) -> Vec<String> {
    let mut wrong = Vec::new();
    if profile.origin.builtin && profile.customer != Customer::Regular {
        for (kind, count) in [("good", profile.good.len()), ("bad", profile.bad.len())] {
            if count == 0 {
                wrong.push(format!("shows no {kind} reply"));
            }
        }
    }
    let rule_of = |code: &str| linter.rules().iter().find(|rule| rule.code == code);
    let findings = |text: &str| {
        let mut found = Vec::new();
        if let Ok(source) = Source::new("example.md", text.as_bytes().to_vec()) {
            let facts = Facts {
                language: Some(profile.language.clone()),
                channel: Some(Channel::Email),
                customer: Some(profile.customer),
                ..Facts::default()
            };
            found = linter.with_all_rules().lint_run(&[source], &facts.into()).findings;
        }
        found.retain(|finding| rule_of(&finding.code).is_none_or(|rule| rule.on));
        found
    };
    for reply in &profile.good {
        if let Some(finding) = findings(reply).first() {
            wrong.push(format!("fires {} on {:?} in the good reply {reply:?}", finding.code, finding.prose));
        }
    }
    let graver = |rule: &Rule| {
        let level = |customer| rule.severity_for(customer, Channel::Email);
        level(profile.customer) > level(Customer::Regular)
    };
    for Flawed { text, finds } in &profile.bad {
        let found = findings(text);
        for code in finds {
            if !found.iter().any(|finding| finding.code == *code) {
                let others: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
                let others = if others.is_empty() { "nothing does".into() } else { others.join(", ") };
                wrong.push(format!("does not fire {code} in the bad reply {text:?}; {others}"));
            }
        }
        if linter.rules().iter().any(graver) && !finds.iter().filter_map(|code| rule_of(code)).any(graver) {
            wrong.push(format!("the bad reply {text:?} names no rule that is graver for this customer"));
        }
    }
    wrong
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
