use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter, Serializer};

use super::escape::is_harmful;
use super::{InputError, Report};
use crate::finding::Finding;

#[derive(Serialize)]
struct Document<'r> {
    schema: u32,
    tool: &'static str,
    version: &'static str,
    findings: &'r [Finding],
    errors: &'r [InputError],
    summary: Summary<'r>,
}

#[derive(Serialize)]
struct Summary<'r> {
    files: usize,
    replies: usize,
    findings: usize,
    by_family: BTreeMap<&'r str, usize>,
}

/// The whole report as one JSON object.
///
/// # Errors
///
/// What the writer says.
pub fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: 1,
        tool: "tonelint",
        version: env!("CARGO_PKG_VERSION"),
        findings: &report.findings,
        errors: &report.errors,
        summary: Summary {
            files: report.files,
            replies: report.replies,
            findings: report.findings.len(),
            by_family: report.by_family(),
        },
    };
    write_pretty(&document, out)
}

/// Any document, with nothing in it that a terminal would act on.
pub(super) fn write_pretty<T: Serialize>(document: &T, out: &mut dyn Write) -> io::Result<()> {
    document.serialize(&mut Serializer::with_formatter(&mut *out, Inert(PrettyFormatter::new())))?;
    writeln!(out)
}

/// One JSON object a finding, each on a line of its own.
///
/// # Errors
///
/// What the writer says.
pub fn jsonl(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        finding.serialize(&mut Serializer::with_formatter(&mut *out, Inert(serde_json::ser::CompactFormatter)))?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes what a terminal would act on as an escape, which JSON itself asks for C0 only.
struct Inert<F>(F);

impl<F: Formatter> Formatter for Inert<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_harmful) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let ch = rest[at..].chars().next().unwrap_or_default();
            write!(writer, "\\u{:04x}", u32::from(ch))?;
            rest = &rest[at + ch.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}
