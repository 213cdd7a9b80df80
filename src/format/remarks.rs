//! What a file says to the linter: comments in its own syntax, a key beside a reply, a column of a
//! table, an entry of front matter, a header of a mail.

use super::tree::Tree;
use super::{Format, front_matter, table, tree};
use crate::source::Source;
use crate::text::Span;

/// The word that every remark to the linter begins with.
const WORD: &str = "tonelint-";
/// The entry of front matter, and the end of the header of a mail.
const ENTRY: &str = "tonelint-disable";
/// The header of a mail.
const HEADER: &str = "x-tonelint-disable";

/// Where a remark stands, which says what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A comment.
    Comment,
    /// Beside a reply, or in its row: all replies whose location begins so.
    Beside(String),
    /// In the head of the file.
    Head,
}

/// One remark to the linter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// All of it, marks and keys included.
    pub whole: Span,
    /// What it says, in the file; what stands there is the text itself, not an escape.
    pub text: Span,
    /// Where it stands.
    pub place: Place,
}

/// The remarks of a file, in order. `key` is the key beside a reply, or the column, that holds them.
#[must_use]
pub fn remarks(source: &Source, format: Format, key: Option<&str>) -> Vec<Remark> {
    let (text, start) = (source.text(), source.content_start());
    if key.is_none() && !text.contains(WORD) && !text.to_ascii_lowercase().contains(HEADER) {
        return Vec::new();
    }
    let mut found = Vec::new();
    match format {
        Format::Json | Format::Yaml => {
            let parsed = if format == Format::Json { tree::json(text) } else { tree::yaml(text) };
            if let Ok(tree) = parsed {
                let scalars: Vec<Span> = tree.leaves().into_iter().map(|(span, _)| span).collect();
                let outside = |at: usize| !scalars.iter().any(|span| span.start <= at && at < span.end);
                let signs: &[&str] = if format == Format::Json { &["//", "/*"] } else { &["#"] };
                for sign in signs {
                    lines(text, sign, outside, &mut found);
                }
                if let Some(key) = key {
                    beside(&tree, "", key, text, &mut found);
                }
            }
            html(text, start, &mut found);
        }
        Format::Csv | Format::Tsv => {
            if let Some(key) = key {
                let rows = table::rows(text, start, if format == Format::Csv { b',' } else { b'\t' });
                column(&rows, key, &mut found);
            }
            html(text, start, &mut found);
        }
        Format::Mail => {
            header(text, start, &mut found);
            html(text, start, &mut found);
        }
        Format::Plain => entry(text, start, &mut found),
        Format::Markdown | Format::Html => {
            entry(text, start, &mut found);
            html(text, start, &mut found);
        }
    }
    found.sort_by_key(|remark| remark.whole);
    found
}

/// The place of a reply's row or field, as remarks beside it name it.
#[must_use]
pub fn is_beside(place: &str, location: &str) -> bool {
    location
        .strip_prefix(place)
        .is_some_and(|rest| place.is_empty() || rest.is_empty() || rest.starts_with(['.', '[', ',']))
}

fn html(text: &str, start: usize, found: &mut Vec<Remark>) {
    for (at, _) in text.match_indices("<!--").filter(|(at, _)| *at >= start) {
        let inside = &text[at + 4..];
        let lead = inside.len() - inside.trim_start().len();
        if !inside[lead..].starts_with(WORD) {
            continue;
        }
        let Some(end) = inside.find("-->") else { continue };
        let said = inside[lead..end].trim_end().len();
        let from = at + 4 + lead;
        found.push(Remark {
            whole: Span::new(at, at + 4 + end + 3),
            text: Span::new(from, from + said),
            place: Place::Comment,
        });
    }
}

/// Comments that go on to the end of their line.
fn lines(text: &str, sign: &str, outside: impl Fn(usize) -> bool, found: &mut Vec<Remark>) {
    for (at, _) in text.match_indices(sign) {
        let inside = &text[at + sign.len()..];
        let line = &inside[..inside.find(['\n', '\r']).unwrap_or(inside.len())];
        let line = if sign == "/*" { &line[..line.find("*/").unwrap_or(line.len())] } else { line };
        let lead = line.len() - line.trim_start().len();
        if !line[lead..].starts_with(WORD) || !outside(at) {
            continue;
        }
        let from = at + sign.len() + lead;
        let said = line[lead..].trim_end().len();
        let closes = if text[from + said..].trim_start().starts_with("*/") && sign == "/*" {
            text[from + said..].find("*/").map_or(0, |end| end + 2)
        } else {
            0
        };
        found.push(Remark {
            whole: Span::new(at, from + said + closes),
            text: Span::new(from, from + said),
            place: Place::Comment,
        });
    }
}

fn beside(tree: &Tree, path: &str, key: &str, text: &str, found: &mut Vec<Remark>) {
    let say = |value: &Tree, found: &mut Vec<Remark>| {
        if let Tree::Text(said, _) = value {
            let span = said.origin(Span::new(0, said.len()));
            if !said.is_empty() && span.of(text) == said.text() {
                found.push(Remark { whole: span, text: span, place: Place::Beside(path.to_owned()) });
            }
        }
    };
    match tree {
        Tree::List(items) => {
            for (index, item) in items.iter().enumerate() {
                beside(item, &format!("{path}[{index}]"), key, text, found);
            }
        }
        Tree::Map(entries) => {
            for (name, value) in entries {
                match value {
                    Tree::List(items) if name == key => items.iter().for_each(|item| say(item, found)),
                    value if name == key => say(value, found),
                    value => {
                        let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                        beside(value, &inner, key, text, found);
                    }
                }
            }
        }
        Tree::Text(..) | Tree::Other(_) => {}
    }
}

/// Where codes can be added in the row of a table in which a reply stands, and whether there are some.
pub(crate) fn in_row(source: &Source, format: Format, key: &str, location: &str) -> Option<(usize, bool)> {
    let delimiter = if format == Format::Csv { b',' } else { b'\t' };
    let row: usize = location.strip_prefix("row ")?.split(',').next()?.parse().ok()?;
    let rows = table::rows(source.text(), source.content_start(), delimiter);
    let at = rows.first()?.iter().position(|cell| cell.text().trim().eq_ignore_ascii_case(key))?;
    let cell = rows.get(row.checked_sub(1)?)?.get(at)?;
    Some((cell.end, !cell.text().trim().is_empty()))
}

fn column(rows: &[table::Row], key: &str, found: &mut Vec<Remark>) {
    let Some((head, rows)) = rows.split_first() else { return };
    let named = |cell: &table::Cell| cell.text().trim().trim_start_matches('\u{FEFF}').eq_ignore_ascii_case(key);
    let Some(at) = head.iter().position(named) else { return };
    for (index, row) in rows.iter().enumerate() {
        if let Some(cell) = row.get(at).filter(|cell| !cell.text().trim().is_empty()) {
            let text = cell.text.origin(Span::new(0, cell.text.len()));
            found.push(Remark { whole: text, text, place: Place::Beside(format!("row {}", index + 2)) });
        }
    }
}

fn header(text: &str, start: usize, found: &mut Vec<Remark>) {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let bare = line.trim_end();
        if bare.is_empty() {
            return;
        }
        if let Some((name, value)) = bare.split_once(':')
            && name.eq_ignore_ascii_case(HEADER)
        {
            let from = at + name.len() + 1 + (value.len() - value.trim_start().len());
            found.push(Remark {
                whole: Span::new(at, at + line.len()),
                text: Span::new(from, from + value.trim().len()),
                place: Place::Head,
            });
        }
        at += line.len();
    }
}

/// `tonelint-disable: [PA001, TR]` in front matter, on one line or as a list.
fn entry(text: &str, start: usize, found: &mut Vec<Remark>) {
    let Some((block, _)) = front_matter::split(text, start) else { return };
    let yaml = block.of(text);
    let mut at = block.start;
    let mut lines = yaml.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let from = at;
        at += line.len();
        let Some(value) = line.strip_prefix(ENTRY).and_then(|rest| rest.trim_start().strip_prefix(':')) else {
            continue;
        };
        let mut said = Span::new(from + line.len() - value.len(), from + line.trim_end().len());
        while let Some(item) =
            lines.next_if(|next| next.trim_start().starts_with('-') && !next.trim_end().ends_with("---"))
        {
            at += item.len();
            said.end = at - (item.len() - item.trim_end().len());
        }
        if said.start <= said.end {
            found.push(Remark { whole: Span::new(from, at), text: said, place: Place::Head });
        }
    }
}
