//! Applying edits to a text.

use crate::finding::{Edit, Finding, Suggestion};
use crate::rule::Applicability;

/// How often a text is fixed again at most, before it is taken for one that never settles.
pub const MAX_PASSES: usize = 10;

/// What fixing made of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The text after it; the original where nothing could be done or it never settled.
    pub text: String,
    /// How many findings were fixed.
    pub fixed: usize,
    /// Whether a further pass would change nothing.
    pub settled: bool,
}

/// Applies the first rewrite of each finding that can be trusted at least so far, and lints again,
/// until nothing more is to be done.
pub fn to_fixpoint(text: &str, trust: Applicability, mut lint: impl FnMut(&str) -> Vec<Finding>) -> Fixed {
    let mut current = text.to_owned();
    let mut fixed = 0;
    let mut seen = vec![current.clone()];
    for _ in 0..MAX_PASSES {
        let (next, applied) = apply(&current, &lint(&current), trust);
        if applied == 0 || next == current {
            return Fixed { text: current, fixed, settled: true };
        }
        if seen.contains(&next) {
            break;
        }
        fixed += applied;
        seen.push(next.clone());
        current = next;
    }
    // Rules that undo or feed each other: better as it was than halfway round.
    Fixed { text: text.to_owned(), fixed: 0, settled: false }
}

/// Applies what can be applied in one pass, and says how many findings that fixes.
#[must_use]
pub fn apply(text: &str, findings: &[Finding], trust: Applicability) -> (String, usize) {
    let chosen = choose(text, findings, |finding| trusted(finding, trust));
    let edits: Vec<&Edit> = chosen.iter().flat_map(|(_, rewrite)| &rewrite.edits).collect();
    (splice(text, &edits), chosen.len())
}

/// The first rewrite of a finding that can be trusted at least so far, and that is an edit.
#[must_use]
pub fn trusted(finding: &Finding, trust: Applicability) -> Option<&Suggestion> {
    finding.rewrites.iter().find(|rewrite| rewrite.applicability >= trust && !rewrite.edits.is_empty())
}

/// What can be applied in one pass: of rewrites whose edits overlap, the first by position. A rewrite
/// is applied whole or not at all; edits that only touch are apart.
pub fn choose<'f>(
    text: &str,
    findings: &'f [Finding],
    rewrite: impl Fn(&'f Finding) -> Option<&'f Suggestion>,
) -> Vec<(usize, &'f Suggestion)> {
    let mut rewrites: Vec<(usize, &Suggestion)> =
        findings.iter().enumerate().filter_map(|(index, finding)| Some((index, rewrite(finding)?))).collect();
    rewrites.sort_by_key(|(index, rewrite)| (rewrite.edits.first().map(|edit| edit.span), *index));
    let mut at = 0;
    rewrites.retain(|(_, rewrite)| {
        let edits = &rewrite.edits;
        let fits = edits.first().is_some_and(|edit| edit.span.start >= at)
            && edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start)
            && edits.iter().all(|edit| text.get(edit.span.start..edit.span.end).is_some());
        if fits {
            at = edits.last().map_or(at, |edit| edit.span.end);
        }
        fits
    });
    rewrites
}

/// A text with edits that are in order, apart, and on character boundaries; others are passed over.
#[must_use]
pub fn splice(text: &str, edits: &[&Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let Some(between) = text.get(at..edit.span.start).filter(|_| text.is_char_boundary(edit.span.end)) else {
            continue;
        };
        out.push_str(between);
        out.push_str(&edit.text);
        at = edit.span.end.max(at);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
