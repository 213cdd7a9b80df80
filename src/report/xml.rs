//! Text for XML 1.0, which has no place at all for most controls.

use super::escape::is_harmful;

/// The text as an attribute's value or an element's text.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' => out.push_str("&#10;"),
            // Not even as a reference may these stand in a document.
            _ if is_harmful(ch) || matches!(ch, '\u{FFFE}' | '\u{FFFF}') => out.extend(ch.escape_unicode()),
            _ => out.push(ch),
        }
    }
    out
}
