//! Text of others, made harmless before it is shown.

use std::io::{self, Write};

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

/// The text with no line that a CI service takes for a command: of GitHub Actions, `::` at the start of a line and
/// `##[` anywhere. A space parts their signs.
#[must_use]
pub fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start();
        if let Some(after) = rest.strip_prefix("::") {
            out.push_str(&line[..line.len() - rest.len()]);
            out.push_str(": :");
            out.push_str(&after.replace("##[", "## ["));
        } else {
            out.push_str(&line.replace("##[", "## ["));
        }
    }
    out
}

/// Makes all that is written through it [`inert`], line by line; flush it at the end.
pub struct Inert<W: Write> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Inert<W> {
    /// Writes into `out`.
    pub fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }

    fn finish_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        match std::str::from_utf8(&line) {
            Ok(text) => self.out.write_all(inert(text).as_bytes()),
            Err(_) => self.out.write_all(&line),
        }
    }
}

impl<W: Write> Write for Inert<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.finish_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.finish_line()?;
        self.out.flush()
    }
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
