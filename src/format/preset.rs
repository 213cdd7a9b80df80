//! Exports of helpdesks: which fields a customer reads. One table; the facts are from the vendors'
//! references and from real files.

use std::sync::LazyLock;

use regex::Regex;

use super::table::{Cell, Row};
use super::tree::Tree;
use super::{Reading, field};
use crate::reply::{Reply, Said, Writing};
use crate::text::{Mapped, Span};

/// What a map of an export looks like, and what a customer reads of it.
struct Shape {
    /// Whose it is, as the configuration names it.
    system: &'static str,
    /// Keys that such a map has.
    needs: &'static [&'static str],
    /// Paths whose value says that nobody is sent this.
    off: &'static [(&'static str, &'static [&'static str])],
    /// Paths to prose. Of the paths of one entry only the first that is there is read: the rest are
    /// the same text in another form.
    prose: &'static [&'static [&'static str]],
}

const NO: &[&str] = &["false", "0", "no"];

/// The first shape that fits is taken. In a path, `[]` is each item of a list, and `[key=value]`
/// each item that has it.
const SHAPES: &[Shape] = &[
    // Zendesk macros
    Shape {
        system: "zendesk",
        needs: &["actions"],
        off: &[("active", NO), ("actions[field=comment_mode_is_public].value", NO)],
        prose: &[
            &["actions[field=subject].value"],
            &["actions[field=comment_value].value", "actions[field=comment_value_html].value"],
            &["actions[field=side_conversation].value"],
            // Gorgias
            &["actions[].arguments.subject"],
            &["actions[].arguments.body_text", "actions[].arguments.body_html"],
        ],
    },
    // Zendesk dynamic content
    Shape { system: "zendesk", needs: &["variants"], off: &[], prose: &[&["variants[].content"]] },
    // Intercom
    Shape {
        system: "intercom",
        needs: &["body_text"],
        off: &[("archived", &["true"])],
        prose: &[&["subject"], &["body_text", "body"]],
    },
    // osTicket's canned responses
    Shape { system: "osticket", needs: &["title", "response"], off: &[("isenabled", NO)], prose: &[&["response"]] },
    // GitHub's issue forms
    Shape {
        system: "github",
        needs: &["type", "attributes"],
        off: &[],
        prose: &[&["attributes.label"], &["attributes.description"], &["attributes.value"]],
    },
    // espanso
    Shape { system: "espanso", needs: &["trigger"], off: &[], prose: &[&["replace", "markdown", "html"]] },
    Shape { system: "espanso", needs: &["triggers"], off: &[], prose: &[&["replace", "markdown", "html"]] },
    // VS Code snippets
    Shape { system: "vscode", needs: &["prefix", "body"], off: &[], prose: &[&["body"]] },
    // Zammad
    Shape { system: "zammad", needs: &["content", "keywords"], off: &[("active", NO)], prose: &[&["content"]] },
    // Freshdesk
    Shape { system: "freshdesk", needs: &["content_html"], off: &[], prose: &[&["content", "content_html"]] },
    // Help Scout
    Shape { system: "help-scout", needs: &["chatText"], off: &[], prose: &[&["text", "chatText"]] },
    // Front, osTicket's mail templates
    Shape { system: "front", needs: &["subject", "body"], off: &[("active", NO)], prose: &[&["subject"], &["body"]] },
];

/// Keys that hold reply text by convention, where no shape fits: content of Chatwoot, Discourse and
/// WordPress.org, body of Front and saved replies, and those of home-made tools.
const CONVENTION: &[&[&str]] = &[
    &["content", "content_html"],
    &["body_text", "body", "body_html"],
    &["reply", "reply_text"],
    &["response", "response_text"],
    &["canned_response"],
    &["macro"],
    &["comment_value", "comment_value_html"],
];

/// Keys that hold reply text only beside a name: by themselves they are too common.
const NAMED_CONVENTION: &[&[&str]] =
    &[&["text", "html"], &["message"], &["message.text"], &["template"], &["replace"], &["snippet"]];

/// Keys that name a reply.
const NAMES: &[&str] =
    &["name", "title", "label", "shortcut", "short_code", "shortcode", "slug", "abbreviation", "tag"];

/// Keys that switch a map of any shape off.
const OFF: &[(&str, &[&str])] =
    &[("active", NO), ("isActive", NO), ("enabled", NO), ("isenabled", NO), ("archived", &["true"])];

#[expect(clippy::expect_used, reason = "the pattern is a constant, and the tests compile it")]
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<(?:/?(?:p|br|div|ul|ol|li|a|b|i|u|strong|em|span|h[1-6]|table|tr|td|img|blockquote|font|pre|code|hr|html|body)(?:\s[^<>]*)?/?>|!--)|&(?:[a-z]{2,8}|#\d{2,5}|#x[0-9a-f]{2,5});")
        .expect("the pattern of tags is valid")
});

/// Whether a field is HTML: it has tags of a letter, or character references.
pub(super) fn is_html(text: &str) -> bool {
    text.contains(['<', '&']) && TAG.is_match(text)
}

/// The replies of a JSON or YAML file.
pub(super) fn replies(tree: &Tree, reading: &Reading) -> Vec<Reply> {
    let mut replies = Vec::new();
    if reading.fields.is_empty() {
        collect(tree, "", reading, &mut replies);
    } else {
        for (location, value) in reading.fields.iter().flat_map(|path| follow(tree, path, "")) {
            prose(value, &location, reading, &mut replies);
        }
    }
    for reply in &mut replies {
        let around = reply.location.as_deref().map(|place| around(tree, place)).unwrap_or_default();
        times(reading, reply, |key| around.iter().rev().find_map(|map| said(map.get(key)?)));
    }
    replies
}

/// The maps around the text at a place, the outermost first.
fn around<'t>(tree: &'t Tree, place: &str) -> Vec<&'t Tree> {
    let mut maps = vec![tree];
    let mut here = tree;
    for step in place.split(['.', '[']) {
        let next = match (here, step.strip_suffix(']')) {
            (Tree::List(items), Some(index)) => index.parse().ok().and_then(|index: usize| items.get(index)),
            (map, None) if step.is_empty() => Some(map),
            (map, None) => map.get(step),
            (map, Some(key)) => map.get(key),
        };
        let Some(next) = next else { break };
        here = next;
        maps.push(here);
    }
    maps
}

/// A time as a tree says it.
fn said(value: &Tree) -> Option<Said> {
    let (text, span) = match value {
        Tree::Text(text, _) => (text.text(), text.origin(Span::new(0, text.len()))),
        Tree::Other(written) if written.starts_with(|ch: char| ch.is_ascii_digit()) => {
            (written.as_str(), Span::new(0, 0))
        }
        _ => return None,
    };
    super::says_something(text).then(|| Said { text: text.trim().to_owned(), span })
}

/// Fills in the times that stand beside a text. What the text says itself stays.
fn times(reading: &Reading, reply: &mut Reply, find: impl Fn(&str) -> Option<Said>) {
    let at = reply.prose.origin(Span::new(0, 0));
    let (names, facts) = (&reading.times, &mut reply.facts);
    for (fact, name, own) in [
        (&mut facts.received, &names.received, "received"),
        (&mut facts.promised, &names.promised, "promised"),
        (&mut facts.sent, &names.sent, "sent"),
    ] {
        if fact.is_none() {
            *fact = find(name.as_deref().unwrap_or(own));
            // A number's own place is not known; its reply's is near enough.
            if let Some(said) = fact.as_mut().filter(|said| said.span.is_empty()) {
                said.span = at;
            }
        }
    }
}

/// The helpdesk of the first map in a file whose shape is known.
pub(super) fn system(tree: &Tree) -> Option<&'static str> {
    match tree {
        Tree::List(items) => items.iter().find_map(system),
        Tree::Map(entries) => {
            let shape = SHAPES.iter().find(|shape| shape.fits(tree)).map(|shape| {
                let is_gorgias = !follow(tree, "actions[].arguments", "").is_empty();
                if is_gorgias { "gorgias" } else { shape.system }
            });
            shape.or_else(|| entries.iter().find_map(|(_, value)| system(value)))
        }
        Tree::Text(..) | Tree::Other(_) => None,
    }
}

fn collect(tree: &Tree, path: &str, reading: &Reading, replies: &mut Vec<Reply>) {
    match tree {
        Tree::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{path}[{index}]"), reading, replies);
            }
        }
        Tree::Map(entries) => {
            if OFF
                .iter()
                .any(|(key, values)| tree.get(key).and_then(Tree::written).is_some_and(|value| values.contains(&value)))
            {
                return;
            }
            if let Some(shape) = SHAPES.iter().find(|shape| shape.fits(tree)) {
                shape.read(tree, path, reading, replies);
                return;
            }
            if is_rule_pack(tree) {
                return;
            }
            let named = NAMES.iter().any(|name| tree.get(name).is_some());
            for paths in CONVENTION.iter().chain(if named { NAMED_CONVENTION } else { &[] }) {
                let mut found = paths.iter().flat_map(|one| follow(tree, one, path));
                if let Some((location, value)) = found.find(|(_, value)| has_prose(value)) {
                    prose(value, &location, reading, replies);
                }
            }
            let inside = entries.iter().filter(|(_, value)| matches!(value, Tree::Map(_) | Tree::List(_)));
            for (key, value) in inside.filter(|(key, _)| !(named && key == "message")) {
                collect(value, &join(path, key), reading, replies);
            }
        }
        Tree::Text(..) | Tree::Other(_) => {}
    }
}

/// Whether a file is a pack of rules of ours, which quotes faults.
fn is_rule_pack(tree: &Tree) -> bool {
    let Some(Tree::List(rules)) = tree.get("rules") else { return false };
    let kinds = ["find", "replace", "require"];
    rules.iter().any(|rule| rule.get("message").is_some() && kinds.iter().any(|kind| rule.get(kind).is_some()))
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Whether a value is a text that says something.
fn has_prose(value: &Tree) -> bool {
    matches!(value, Tree::Text(text, _) if !text.text().trim().is_empty())
}

/// The text of a value: a text, or the lines of a list.
fn prose(value: &Tree, path: &str, reading: &Reading, replies: &mut Vec<Reply>) {
    match value {
        Tree::Text(text, writing) if !text.text().trim().is_empty() => {
            replies.push(field(text, *writing, path.to_owned(), reading));
        }
        Tree::List(lines) => {
            let mut joined = Mapped::default();
            let mut written = Writing::Sealed;
            for line in lines {
                let Tree::Text(line, writing) = line else { continue };
                written = *writing;
                if !joined.is_empty() {
                    let end = joined.origin(crate::text::Span::new(joined.len() - 1, joined.len())).end;
                    joined.push_whole("\n", crate::text::Span::new(end, end));
                }
                joined.append(line);
            }
            if !joined.text().trim().is_empty() {
                replies.push(field(&joined, written, path.to_owned(), reading));
            }
        }
        _ => {}
    }
}

impl Shape {
    fn fits(&self, tree: &Tree) -> bool {
        self.needs.iter().all(|key| tree.get(key).is_some())
            && self.prose.iter().flat_map(|paths| paths.iter()).any(|path| !follow(tree, path, "").is_empty())
    }

    fn read(&self, tree: &Tree, path: &str, reading: &Reading, replies: &mut Vec<Reply>) {
        let says = |value: &Tree, values: &[&str]| value.written().is_some_and(|written| values.contains(&written));
        if self.off.iter().any(|(off, values)| follow(tree, off, "").iter().any(|(_, value)| says(value, values))) {
            return;
        }
        for paths in self.prose {
            for one in *paths {
                let found = follow(tree, one, path);
                for (location, value) in &found {
                    prose(last_text(value), location, reading, replies);
                }
                if !found.is_empty() {
                    break;
                }
            }
        }
    }
}

/// Zendesk writes `["channel:all", "text"]` where the text goes to some channels only.
fn last_text(value: &Tree) -> &Tree {
    match value {
        Tree::List(items) if matches!(items.first(), Some(Tree::Text(first, _)) if first.text().starts_with("channel:")) => {
            items.last().unwrap_or(value)
        }
        _ => value,
    }
}

/// The values at the end of a path, each with where it stands.
fn follow<'t>(tree: &'t Tree, path: &str, at: &str) -> Vec<(String, &'t Tree)> {
    let Some((step, rest)) = path.split_once('.').map(|(step, rest)| (step, Some(rest))).or(Some((path, None))) else {
        return Vec::new();
    };
    let (key, condition) =
        step.split_once('[').map_or((step, None), |(key, rest)| (key, Some(rest.trim_end_matches(']'))));
    // A list at the root has no key: `[].body`.
    let value = if key.is_empty() { Some(tree) } else { tree.get(key) };
    let Some(value) = value else { return Vec::new() };
    let here = if key.is_empty() { at.to_owned() } else { join(at, key) };
    let found: Vec<(String, &Tree)> = match (condition, value) {
        (None, value) => vec![(here, value)],
        (Some(condition), Tree::List(items)) => {
            let holds = |item: &Tree| match condition.split_once('=') {
                None => true,
                Some((key, wanted)) => item.get(key).and_then(Tree::written) == Some(wanted),
            };
            let numbered = items.iter().enumerate().filter(|(_, item)| holds(item));
            numbered.map(|(index, item)| (format!("{here}[{index}]"), item)).collect()
        }
        _ => Vec::new(),
    };
    match rest {
        None => found,
        Some(rest) => found.into_iter().flat_map(|(at, value)| follow(value, rest, &at)).collect(),
    }
}

/// The snippets of a comma-separated table, if it is TextExpander's: abbreviation, text and perhaps a
/// label, with no head.
pub(super) fn snippets(rows: &[Row], reading: &Reading) -> Option<Vec<Reply>> {
    if !reading.fields.is_empty() || !is_textexpander(rows) {
        return None;
    }
    let snippets = rows.iter().enumerate().filter_map(|(index, row)| {
        let cell = row.get(1).filter(|cell| !cell.text().trim().is_empty())?;
        Some(field(&cell.text, cell.writing, format!("row {}, column 2", index + 1), reading))
    });
    Some(snippets.collect())
}

fn is_textexpander(rows: &[Row]) -> bool {
    let is_snippet = |row: &Row| {
        let says = |at: usize| row.get(at).map_or("", |cell| cell.text().trim());
        (2..=3).contains(&row.len()) && !says(0).is_empty() && !says(0).contains(char::is_whitespace)
    };
    let speaks = rows.first().and_then(|row| row.get(1)).is_some_and(|cell| cell.text().trim().contains(' '));
    speaks && rows.iter().all(is_snippet)
}

/// The replies of a table. Its head says which columns hold them.
pub(super) fn rows(rows: &[Row], reading: &Reading) -> Vec<Reply> {
    let Some((head, rows)) = rows.split_first() else { return Vec::new() };
    let names: Vec<String> =
        head.iter().map(|name| name.text().trim().trim_start_matches('\u{FEFF}').to_lowercase()).collect();
    let column = |name: &str| names.iter().position(|one| one == name);
    let mut replies = Vec::new();
    let mut prose_columns = Vec::new();
    for group in CONVENTION
        .iter()
        .chain([&["subject"] as &[&str], &["comment"], &["answer"], &["reply_text"], &["snippet"]].iter())
    {
        prose_columns.extend(group.iter().find_map(|name| column(name)));
    }
    let off: Vec<(usize, &[&str])> =
        OFF.iter().filter_map(|(name, values)| Some((column(&name.to_lowercase())?, *values))).collect();
    if !reading.fields.is_empty() {
        prose_columns = reading.fields.iter().filter_map(|field| column(&field.to_lowercase())).collect();
    }
    for (index, row) in rows.iter().enumerate() {
        let said = |at: usize| row.get(at).map_or("", |cell| cell.text().trim());
        if off.iter().any(|(at, values)| values.contains(&said(*at).to_lowercase().as_str())) {
            continue;
        }
        // Rows are counted as a spreadsheet does, the head among them.
        let place = |name: &str| format!("row {}, column {name}", index + 2);
        let first = replies.len();
        for at in &prose_columns {
            if let (Some(cell), Some(name)) = (row.get(*at), names.get(*at))
                && !cell.text().trim().is_empty()
            {
                replies.push(field(&cell.text, cell.writing, place(name), reading));
            }
        }
        for (cell, name) in row.iter().zip(&names).filter(|(_, name)| name.ends_with("_json") || *name == "actions") {
            nested(cell, &place(name), reading, &mut replies);
        }
        for reply in replies.iter_mut().skip(first) {
            times(reading, reply, |name| {
                let cell = row.get(column(&name.to_lowercase())?)?;
                let text = &cell.text;
                let span = text.origin(Span::new(0, text.len()));
                super::says_something(text.text()).then(|| Said { text: text.text().trim().to_owned(), span })
            });
        }
    }
    replies
}

/// JSON in a cell: a list of actions, as importers of macros write it.
fn nested(cell: &Cell, place: &str, reading: &Reading, replies: &mut Vec<Reply>) {
    let Ok(tree) = super::tree::json(cell.text()) else { return };
    let tree = match tree {
        list @ Tree::List(_) => Tree::Map(vec![("actions".into(), list)]),
        other => other,
    };
    let mut found = Vec::new();
    collect(&tree, "", reading, &mut found);
    for mut reply in found {
        reply.prose = reply.prose.over(&cell.text);
        reply.quoted = reply.quoted.over(&cell.text);
        reply.quoted_head = reply.quoted_head.over(&cell.text);
        reply.code = reply.code.over(&cell.text);
        reply.facts = reply.facts.over(&cell.text);
        reply.places.iter_mut().for_each(|(_, writings)| writings.push(cell.writing));
        reply.location = Some(format!("{place}, {}", reply.location.unwrap_or_default()));
        replies.push(reply);
    }
}
