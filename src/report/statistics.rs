use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Report, printable_line};

/// Findings over several replies that are listed at most.
const LISTED: usize = 20;

/// How often each rule spoke, the most frequent first, and how often per hundred replies; then what was
/// found over several replies, what stands in most places first.
///
/// # Errors
///
/// What the writer says.
pub fn statistics(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry((&finding.code, &finding.name)).or_insert(0) += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    if !rows.is_empty() {
        writeln!(out, "{:>7}  {:>11}  rule", "found", "per 100")?;
    }
    for ((code, name), count) in rows {
        // One decimal is all that a share of replies can bear.
        let tenths = (count * 1000 + report.replies / 2) / report.replies.max(1);
        writeln!(out, "{count:>7}  {:>9}.{}  {code} {name}", tenths / 10, tenths % 10)?;
    }
    let mut across: Vec<_> = report.findings.iter().filter(|one| report.across.contains(&one.code)).collect();
    across.sort_by_key(|finding| std::cmp::Reverse(finding.related.len()));
    if !across.is_empty() {
        writeln!(out, "\n{:>7}  over several replies", "places")?;
    }
    for finding in across.iter().take(LISTED) {
        let (code, path, start) = (&finding.code, printable_line(&finding.path), finding.start);
        let message = printable_line(&finding.message);
        writeln!(out, "{:>7}  {code} {message} ({path}:{}:{})", finding.related.len() + 1, start.line, start.column)?;
    }
    if across.len() > LISTED {
        writeln!(out, "{:>7}  and {} more", "", across.len() - LISTED)?;
    }
    Ok(())
}
