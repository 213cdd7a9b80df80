//! Text of others, made harmless before it is shown.

/// The text with every character that a terminal would act on written out (`\u{1b}`), line breaks
/// and tabs apart.
#[must_use]
pub fn printable(text: &str) -> String {
    escaped(text, |ch| matches!(ch, '\n' | '\t'))
}

/// The same on one line: line breaks and tabs are written out too.
#[must_use]
pub fn printable_line(text: &str) -> String {
    escaped(text, |_| false)
}

fn escaped(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        if is_harmful(ch) && !keep(ch) {
            out.extend(ch.escape_unicode());
        } else {
            out.push(ch);
        }
    }
    out
}

/// Controls of terminals (C0, DEL, C1), line separators, and those that turn the direction of text.
pub(super) fn is_harmful(ch: char) -> bool {
    ch.is_control()
        || matches!(ch, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
