//! SARIF 2.1.0, as GitHub code scanning and others read it.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::json::write_pretty;
use super::outcome::{Outcome, Placed, Region, Unit};
use crate::finding::{Edit, Finding, Suggestion};
use crate::rule::{Example, Rule, Severity};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What paths are relative to; whoever reads the report knows where that is.
const ROOT: &str = "SRCROOT";

/// The run as a SARIF log. Columns count UTF-16 code units, paths are relative to the repository's
/// root.
///
/// # Errors
///
/// What the writer says.
pub fn sarif(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let index: HashMap<&str, usize> =
        outcome.rules.iter().enumerate().map(|(at, rule)| (rule.code.as_str(), at)).collect();
    let mut occurrences: HashMap<(&str, &str), usize> = HashMap::new();
    let report = outcome.report;
    let stands = Stands { baseline: !report.known.is_empty(), suppressions: !report.suppressed.is_empty() };
    let mut results: Vec<Value> = Vec::new();
    for (findings, stand) in
        [(&report.findings, Stand::New), (&report.known, Stand::Known), (&report.suppressed, Stand::Suppressed)]
    {
        for placed in outcome.placed(findings, Unit::Utf16) {
            let finding = placed.finding;
            let occurrence = occurrences.entry((&finding.path, &finding.fingerprint)).or_insert(0);
            *occurrence += 1;
            let rule = index.get(finding.code.as_str()).copied();
            let mut result = result(outcome, &placed, rule, *occurrence);
            // Where one result says how it stands, all do.
            if stands.baseline {
                result["baselineState"] = if stand == Stand::New { "new" } else { "unchanged" }.into();
            }
            if stands.suppressions {
                result["suppressions"] =
                    if stand == Stand::Suppressed { json!([{ "kind": "inSource" }]) } else { json!([]) };
            }
            results.push(result);
        }
    }
    let errors: Vec<Value> = outcome
        .report
        .errors
        .iter()
        .map(|error| {
            json!({
                "level": "error",
                "message": { "text": format!("cannot be checked: {}", error.message) },
                "locations": [{ "physicalLocation": { "artifactLocation": artifact(outcome, &error.path) } }],
            })
        })
        .collect();
    let mut invocation = json!({ "executionSuccessful": errors.is_empty() });
    if !errors.is_empty() {
        invocation["toolExecutionNotifications"] = errors.into();
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tonelint",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": super::HOME,
                "rules": outcome.rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": { ROOT: { "description": { "text": "The root of the repository" } } },
            "invocations": [invocation],
            "results": results,
        }],
    });
    write_pretty(&log, out)
}

/// How a finding stands to what is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    New,
    /// In the baseline.
    Known,
    /// By a comment of the file.
    Suppressed,
}

/// What the results of a run are told apart by.
struct Stands {
    baseline: bool,
    suppressions: bool,
}

fn descriptor(rule: &Rule) -> Value {
    let sentence = |text: &str| {
        let mut text = text.to_owned();
        if let Some(first) = text.get(..1) {
            let upper = first.to_uppercase();
            text.replace_range(..1, &upper);
        }
        if !text.ends_with(['.', '!', '?']) {
            text.push('.');
        }
        text
    };
    let summary = if rule.summary.is_empty() { &rule.name } else { &rule.summary };
    let why = if rule.why.is_empty() { summary } else { &rule.why };
    let rewrites: Vec<String> = rule.rewrites.iter().map(|rewrite| rewrite.to.written()).collect();
    let mut text = sentence(why);
    let mut markdown = text.clone();
    if !rewrites.is_empty() {
        text.push_str("\nWrite instead:");
    }
    for rewrite in &rewrites {
        text.push_str(&format!("\n- {rewrite}"));
    }
    let texts = |examples: &[Example]| examples.iter().map(|example| example.text.clone()).collect();
    for (title, texts) in
        [("Write instead", rewrites), ("It finds", texts(&rule.hits)), ("It leaves alone", texts(&rule.misses))]
    {
        if !texts.is_empty() {
            markdown.push_str(&format!("\n\n**{title}**\n"));
        }
        for text in texts {
            markdown.push_str(&format!("\n- {}", code(&text.split_whitespace().collect::<Vec<_>>().join(" "))));
        }
    }
    let mut value = json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": sentence(summary) },
        "fullDescription": { "text": sentence(why) },
        "help": { "text": text, "markdown": markdown },
        "defaultConfiguration": { "level": level(rule.severity), "enabled": rule.on },
        "properties": { "tags": ["tone", rule.family], "problem.severity": problem(rule.severity) },
    });
    if rule.origin.builtin {
        value["helpUri"] = super::page(&crate::report::rule_page(&rule.code)).into();
    }
    value
}

fn result(outcome: &Outcome<'_>, placed: &Placed<'_>, rule: Option<usize>, occurrence: usize) -> Value {
    let finding = placed.finding;
    let mut region = region_of(placed.region);
    region.insert("byteOffset".to_owned(), finding.span.start.into());
    region.insert("byteLength".to_owned(), (finding.span.end - finding.span.start).into());
    if !finding.text.is_empty() {
        region.insert("snippet".to_owned(), json!({ "text": finding.text }));
    }
    let location = place(outcome, &finding.path, region, finding.reply.as_deref());
    let mut value = json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": { "text": format!("{}\n{}", finding.message, finding.help) },
        "locations": [location],
        "partialFingerprints": { "tonelint/v1": format!("{}:{occurrence}", finding.fingerprint) },
    });
    if let Some(rule) = rule {
        value["ruleIndex"] = rule.into();
    }
    let related: Vec<Value> = outcome
        .related(finding, Unit::Utf16)
        .into_iter()
        .enumerate()
        .map(|(id, (related, place))| {
            // Where the input is not at hand its columns are not known in these units.
            let region = place.map_or_else(|| line(related.start.line), region_of);
            let mut location = self::place(outcome, &related.path, region, related.reply.as_deref());
            location["id"] = id.into();
            if !related.message.is_empty() {
                location["message"] = json!({ "text": related.message });
            }
            location
        })
        .collect();
    if !related.is_empty() {
        value["relatedLocations"] = related.into();
    }
    let fixes = fixes(outcome, placed, finding);
    if !fixes.is_empty() {
        value["fixes"] = fixes.into();
    }
    value
}

fn fixes(outcome: &Outcome<'_>, placed: &Placed<'_>, finding: &Finding) -> Vec<Value> {
    let fix = |(rewrite, edits): &(&Suggestion, Vec<(Region, &Edit)>)| {
        let replacements: Vec<Value> = edits
            .iter()
            .map(
                |(place, edit)| json!({ "deletedRegion": region_of(*place), "insertedContent": { "text": edit.text } }),
            )
            .collect();
        json!({
            "description": { "text": if rewrite.text.is_empty() { "leave it out" } else { &rewrite.text } },
            "artifactChanges": [{ "artifactLocation": artifact(outcome, &finding.path), "replacements": replacements }],
        })
    };
    placed.rewrites.iter().map(fix).collect()
}

fn place(outcome: &Outcome<'_>, path: &str, region: Map<String, Value>, reply: Option<&str>) -> Value {
    let mut location = json!({ "physicalLocation": { "artifactLocation": artifact(outcome, path), "region": region } });
    if let Some(reply) = reply {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": reply, "kind": "reply" }]);
    }
    location
}

fn line(number: usize) -> Map<String, Value> {
    Map::from_iter([("startLine".to_owned(), number.into())])
}

fn region_of(region: Region) -> Map<String, Value> {
    [
        ("startLine", region.start.0),
        ("startColumn", region.start.1),
        ("endLine", region.end.0),
        ("endColumn", region.end.1),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.into()))
    .collect()
}

fn artifact(outcome: &Outcome<'_>, path: &str) -> Value {
    json!({ "uri": uri(&(outcome.from_root)(path)), "uriBaseId": ROOT })
}

/// A path as a relative reference: what has a meaning in addresses is written as `%xx`.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A text between as many backticks as it takes.
fn code(text: &str) -> String {
    let longest = text.split(|ch| ch != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest > 0 { format!("{fence} {text} {fence}") } else { format!("{fence}{text}{fence}") }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// The words of GitHub's code scanning.
fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    }
}
