use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Report;

/// How often each rule spoke, the most frequent first, and how often per hundred replies.
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
    Ok(())
}
