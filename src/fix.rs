//! Applying edits to a text.

use crate::finding::{Edit, Finding};
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

/// Applies what can be applied in one pass, and says how many findings that fixes. Of edits that
/// overlap, the first by position is applied; a rewrite is applied whole or not at all.
#[must_use]
pub fn apply(text: &str, findings: &[Finding], trust: Applicability) -> (String, usize) {
    let mut rewrites: Vec<&[Edit]> = findings
        .iter()
        .filter_map(|finding| finding.rewrites.first())
        .filter(|rewrite| rewrite.applicability >= trust && !rewrite.edits.is_empty())
        .map(|rewrite| rewrite.edits.as_slice())
        .collect();
    rewrites.sort_by_key(|edits| edits.first().map(|edit| edit.span));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut applied = 0;
    for edits in rewrites {
        let fits = edits.first().is_some_and(|edit| edit.span.start >= at)
            && edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start)
            && edits.iter().all(|edit| text.get(edit.span.start..edit.span.end).is_some());
        if !fits {
            continue;
        }
        for edit in edits {
            out.push_str(&text[at..edit.span.start]);
            out.push_str(&edit.text);
            at = edit.span.end;
        }
        applied += 1;
    }
    out.push_str(&text[at..]);
    (out, applied)
}
