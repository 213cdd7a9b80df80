//! Frames: heads and bodies of messages, as bytes.
//!
//! No crate's reader is used: those at hand take whatever `Content-Length` says for the size of a buffer,
//! and read a head of any length.

use std::io::{self, BufRead, BufReader, Read, Write};

/// The longest line of a head, in bytes.
const MAX_LINE: usize = 8 << 10;
/// The longest head, in bytes.
const MAX_HEAD: usize = 64 << 10;
/// The largest body, in bytes: a document of the largest size that is read, with its escapes.
const MAX_BODY: usize = 64 << 20;

/// Why no further frame can be read.
#[derive(Debug)]
pub(super) enum Broken {
    /// The client closed its end, be it inside of a frame.
    Closed,
    /// What came is no frame, and where the next one starts is unknown.
    Malformed(&'static str),
}

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

/// Reads frames.
pub(super) struct Frames<R> {
    input: BufReader<R>,
}

impl<R: Read> Frames<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, input) }
    }

    /// The body of the next frame.
    pub(super) fn next(&mut self) -> Result<Vec<u8>, Broken> {
        let mut length = None;
        let mut head = 0;
        loop {
            let line = self.line()?;
            head += line.len();
            if head > MAX_HEAD {
                return Err(Broken::Malformed("a head of more than 64 KiB"));
            }
            let line = line.trim_ascii_end();
            if line.is_empty() {
                match length {
                    Some(length) => return self.body(length),
                    None => return Err(Broken::Malformed("a head without Content-Length")),
                }
            }
            let Some(colon) = line.iter().position(|byte| *byte == b':') else {
                return Err(Broken::Malformed("a line of a head without a colon"));
            };
            let (name, value) = line.split_at(colon);
            if name.eq_ignore_ascii_case(b"content-length") {
                let value =
                    number(value[1..].trim_ascii()).ok_or(Broken::Malformed("a Content-Length that is none"))?;
                if length.is_some_and(|known| known != value) {
                    return Err(Broken::Malformed("two lengths of one body"));
                }
                length = Some(value);
            }
        }
    }

    /// Reads to the end, and keeps nothing.
    pub(super) fn drain(&mut self) {
        let _ = io::copy(&mut self.input, &mut io::sink());
    }

    /// A line of a head with its end.
    fn line(&mut self) -> Result<Vec<u8>, Broken> {
        let mut line = Vec::new();
        (&mut self.input).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
        match line.last() {
            Some(b'\n') if line.len() <= MAX_LINE => Ok(line),
            _ if line.len() > MAX_LINE => Err(Broken::Malformed("a line of more than 8 KiB in a head")),
            _ => Err(Broken::Closed),
        }
    }

    fn body(&mut self, length: usize) -> Result<Vec<u8>, Broken> {
        if length > MAX_BODY {
            return Err(Broken::Malformed("a body of more than 64 MiB"));
        }
        // It grows as bytes come, not as the head says.
        let mut body = Vec::new();
        (&mut self.input).take(length as u64).read_to_end(&mut body)?;
        if body.len() == length { Ok(body) } else { Err(Broken::Closed) }
    }
}

/// A number of digits only; neither signs nor points nor what overflows.
fn number(value: &[u8]) -> Option<usize> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(value).ok().filter(|_| digits)?.parse().ok()
}

/// Writes a frame.
pub(super) fn write(out: &mut impl Write, body: &[u8]) -> io::Result<()> {
    write!(out, "Content-Length: {}\r\n\r\n", body.len())?;
    out.write_all(body)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> (Vec<String>, Option<&'static str>) {
        let mut frames = Frames::new(bytes);
        let mut bodies = Vec::new();
        loop {
            match frames.next() {
                Ok(body) => bodies.push(String::from_utf8_lossy(&body).into_owned()),
                Err(Broken::Closed) => return (bodies, None),
                Err(Broken::Malformed(what)) => return (bodies, Some(what)),
            }
        }
    }

    #[test]
    fn heads_are_read_as_the_protocol_writes_them() {
        let one = "Content-Length: 2\r\n\r\n{}content-length:3\r\nContent-Type: x\r\nX: y\r\n\r\n[1]";
        assert_eq!(all(one.as_bytes()), (vec!["{}".into(), "[1]".into()], None));
        assert_eq!(all(b"Content-Length: 5\r\n\r\n{}"), (vec![], None));
    }

    #[test]
    fn what_is_no_frame_ends_the_reading() {
        for head in ["-5", "a", "", "1.5", "99999999999999999999999999", "1000000000000", "2\r\nContent-Length: 3"] {
            let (bodies, what) = all(format!("Content-Length: {head}\r\n\r\n{{}}").as_bytes());
            assert!(bodies.is_empty() && what.is_some(), "{head}");
        }
        let long = format!("X: {}", "a".repeat(MAX_LINE));
        assert!(all(long.as_bytes()).1.is_some());
        let many = "X: y\r\n".repeat(MAX_HEAD / 6 + 1);
        assert!(all(many.as_bytes()).1.is_some());
        assert!(all(b"X: y\r\n\r\n{}").1.is_some());
    }
}
