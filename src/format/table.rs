//! CSV and TSV: rows of fields, each of which knows where its characters stand.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use crate::reply::Writing;
use crate::text::{Mapped, Span};

/// A field, decoded, and how it is written.
pub(super) struct Cell {
    pub(super) text: Mapped,
    pub(super) writing: Writing,
    /// Where more could be written in it: after its text, before its closing quote.
    pub(super) end: usize,
}

/// A row of fields.
pub(super) type Row = Vec<Cell>;

impl Cell {
    /// What it says.
    pub(super) fn text(&self) -> &str {
        self.text.text()
    }
}

/// Reads all rows. CSV has no errors: any bytes are some rows.
pub(super) fn rows(text: &str, start: usize, delimiter: u8) -> Vec<Row> {
    let mut reader: Reader = ReaderBuilder::new().delimiter(delimiter).build();
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut at = start;
    let mut field_start = start;
    let mut buffer = [0; 4096];
    loop {
        let input = &text.as_bytes()[at..];
        let (result, read, _) = reader.read_field(input, &mut buffer);
        at += read;
        match result {
            ReadFieldResult::InputEmpty if read == 0 && input.is_empty() => {
                // The reader is asked once more with nothing, and says what the last field was.
            }
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            ReadFieldResult::Field { record_end } => {
                let span = Span::new(field_start, at);
                let quoted = span.of(text).trim_start_matches(['\n', '\r']).starts_with('"');
                let writing = Writing::Field { delimiter: char::from(delimiter), quoted };
                let end = written_end(span.of(text), delimiter) + span.start;
                row.push(Cell { text: field(text, span, delimiter), writing, end });
                field_start = at;
                if record_end {
                    rows.push(std::mem::take(&mut row));
                }
            }
            ReadFieldResult::End => break,
        }
    }
    rows
}

/// Every field, and a mark at each row's end.
pub(super) fn leaves(rows: &[Row]) -> Vec<(Span, String)> {
    let mut leaves = Vec::new();
    for row in rows {
        leaves.extend(row.iter().map(|cell| {
            let text = &cell.text;
            (text.origin(Span::new(0, text.len())), text.text().to_owned())
        }));
        leaves.push((Span::new(0, 0), String::new()));
    }
    leaves
}

/// Where the text of a field as written ends.
fn written_end(written: &str, delimiter: u8) -> usize {
    let bare = written.trim_end_matches(['\n', '\r']);
    let bare =
        if bare.len() == written.len() { bare.strip_suffix(char::from(delimiter)).unwrap_or(bare) } else { bare };
    let closed = bare.trim_start_matches(['\n', '\r']).starts_with('"') && bare.ends_with('"');
    if closed { bare.len() - 1 } else { bare.len() }
}

/// A field as written, with what ends it, decoded.
fn field(text: &str, span: Span, delimiter: u8) -> Mapped {
    let ends: &[char] = &[char::from(delimiter), '\n', '\r'];
    let written = span.of(text);
    let lead = written.len() - written.trim_start_matches(['\n', '\r']).len();
    let written = &written[lead..];
    let start = span.start + lead;
    let mut mapped = Mapped::default();
    if !written.starts_with('"') {
        let end = written.find(ends).unwrap_or(written.len());
        mapped.push_verbatim(&written[..end], start);
        return mapped;
    }
    let mut at = 1;
    while let Some(found) = written[at..].find('"') {
        mapped.push_verbatim(&written[at..at + found], start + at);
        at += found + 1;
        if !written[at..].starts_with('"') {
            return mapped;
        }
        mapped.push_whole("\"", Span::new(start + at - 1, start + at + 1));
        at += 1;
    }
    mapped.push_verbatim(&written[at..], start + at);
    mapped
}

#[cfg(test)]
mod tests {
    use super::rows;
    use crate::text::Span;

    #[test]
    fn fields_know_where_they_stand() {
        let text = "id,body\r\n1,\"a \"\"b\"\"\nc\"\n2,d\n";
        let rows = rows(text, 0, b',');
        let texts: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(|field| field.text()).collect()).collect();
        assert_eq!(texts, [vec!["id", "body"], vec!["1", "a \"b\"\nc"], vec!["2", "d"]]);
        let body = &rows[1][1].text;
        let at = body.text().find('b').unwrap_or_default();
        assert_eq!(body.origin(Span::new(at, at + 1)).of(text), "b");
        assert_eq!(rows[2][1].text.origin(Span::new(0, 1)), Span::new(text.len() - 2, text.len() - 1));
    }
}
