//! A change as a unified diff, as `git apply` and `patch` read it.

use std::time::Duration;

use similar::TextDiff;

/// How long a shortest difference is looked for; after that a correct longer one is taken.
const EFFORT: Duration = Duration::from_secs(5);

/// The difference between two texts of a file, below `a/` and `b/` as git writes it; empty where they
/// are the same.
///
/// ```
/// use tonelint::report::diff;
/// assert_eq!(diff("a.md", "x\ny", "x\nz"), "--- a/a.md\n+++ b/a.md\n@@ -1,2 +1,2 @@\n x\n-y\n\\ No newline at end of file\n+z\n\\ No newline at end of file\n");
/// ```
#[must_use]
pub fn diff(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    // A line is what ends with a line feed, whatever the file takes for one: so do git and patch.
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let mut config = TextDiff::configure();
    config.newline_terminated(true).timeout(EFFORT);
    let difference = config.diff_slices(&old, &new);
    let mut unified = difference.unified_diff();
    let (a, b) = (path("a", name), path("b", name));
    unified.context_radius(3).missing_newline_hint(true).header(&a, &b).to_string()
}

/// The lines of `after` (from 1, first and last) that are not as they were in `before`; where lines are
/// gone, those beside the gap. A different line end is no difference.
#[must_use]
pub fn changed_lines(before: &str, after: &str) -> Vec<(usize, usize)> {
    let lines = |text: &str| -> Vec<String> {
        text.split_inclusive('\n').map(|line| line.trim_end_matches(['\n', '\r']).to_owned()).collect()
    };
    let (old, new) = (lines(before), lines(after));
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
    let mut config = TextDiff::configure();
    config.timeout(EFFORT);
    let difference = config.diff_slices(&old, &new);
    let changed = difference.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal);
    changed
        .map(|op| {
            let range = op.new_range();
            if range.is_empty() { (range.start.max(1), range.start + 1) } else { (range.start + 1, range.end) }
        })
        .collect()
}

/// A name as git writes it: quoted where it holds what a line of a diff cannot, and with a tab where a
/// space would end it.
fn path(side: &str, name: &str) -> String {
    let name = name.replace('\\', "/");
    let name = format!("{side}/{}", name.trim_start_matches('/'));
    if name.chars().any(|ch| ch.is_control() || ch == '"' || !ch.is_ascii()) {
        let mut quoted = String::from('"');
        for byte in name.bytes() {
            match byte {
                b'"' => quoted.push_str("\\\""),
                b' '..=b'~' => quoted.push(char::from(byte)),
                _ => quoted.push_str(&format!("\\{byte:03o}")),
            }
        }
        quoted.push('"');
        return quoted;
    }
    if name.contains(' ') { format!("{name}\t") } else { name }
}
