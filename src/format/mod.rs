//! Formats: which replies a file holds, and which of its bytes a customer reads.

mod choice;
mod front_matter;
mod html;
mod mail;
mod markdown;
mod opaque;
mod plain;
mod preset;
mod remarks;
mod table;
mod tree;
mod turns;

use std::fmt;

#[cfg(feature = "lsp")]
pub(crate) use mail::has_head;
pub(crate) use remarks::in_row;
pub use remarks::{Place, Remark, is_beside, remarks};

use crate::reply::{Reply, Writing};
use crate::source::Source;
use crate::text::{Mapped, Span};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Markdown, as `CommonMark` and GitHub write it.
    Markdown,
    /// Plain text, as typed into a mail program.
    Plain,
    /// HTML, a whole page or a piece of one.
    Html,
    /// A mail.
    Mail,
    /// JSON, with comments where there are any.
    Json,
    /// YAML.
    Yaml,
    /// Comma-separated values, with a head row.
    Csv,
    /// Tab-separated values, with a head row.
    Tsv,
}

impl Format {
    /// The format that a file name's ending says, if it is one that can be read. Endings of template
    /// languages (`.erb`, `.liquid`) are looked behind.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let (rest, ending) = file.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" | "mdown" | "mkd" => Some(Self::Markdown),
            "txt" | "text" | "ltxt" | "plain" => Some(Self::Plain),
            "html" | "htm" | "xhtml" | "tpl" => Some(Self::Html),
            "eml" => Some(Self::Mail),
            "json" | "jsonc" | "code-snippets" => Some(Self::Json),
            "yml" | "yaml" => Some(Self::Yaml),
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            "erb" | "liquid" | "hbs" | "handlebars" | "j2" | "jinja" | "jinja2" | "njk" | "mustache" => {
                Self::of_name(rest)
            }
            _ => None,
        }
    }

    /// The format that a name in the configuration says: that of a format, or of a helpdesk.
    #[must_use]
    pub fn of_system(name: &str) -> Option<Self> {
        SYSTEMS.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// The names that [`Format::of_system`] knows.
    pub fn systems() -> impl Iterator<Item = &'static str> {
        SYSTEMS.iter().map(|(name, _)| *name)
    }

    /// Its name on the command line and in the configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Plain => "txt",
            Self::Html => "html",
            Self::Mail => "eml",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
        }
    }
}

/// Formats and helpdesks by name. A helpdesk's export is known by its shape; its name says how the
/// file is written.
const SYSTEMS: &[(&str, Format)] = &[
    ("md", Format::Markdown),
    ("txt", Format::Plain),
    ("html", Format::Html),
    ("eml", Format::Mail),
    ("json", Format::Json),
    ("yaml", Format::Yaml),
    ("csv", Format::Csv),
    ("tsv", Format::Tsv),
    ("zendesk", Format::Json),
    ("intercom", Format::Json),
    ("help-scout", Format::Json),
    ("freshdesk", Format::Json),
    ("gorgias", Format::Json),
    ("front", Format::Json),
    ("hubspot", Format::Json),
    ("chatwoot", Format::Json),
    ("discourse", Format::Json),
    ("zammad", Format::Csv),
    ("osticket", Format::Yaml),
    ("github", Format::Yaml),
    ("espanso", Format::Yaml),
    ("textexpander", Format::Csv),
    ("vscode", Format::Json),
];

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a file cannot be read as the format that it should be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes of the file.
    pub at: usize,
}

/// What of a file counts as prose.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Whether quoted text (`>`) is read too.
    pub quotes: bool,
    /// Paths to the texts of a file of many replies; empty where its shape says it.
    pub fields: Vec<String>,
    /// The names under which a file of many replies says their times.
    pub times: TimeFields,
}

/// The keys or columns that hold the times of the replies beside them, by the name of each fact; a fact
/// without one is looked for under its own name.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TimeFields {
    /// When the customer's message came.
    pub received: Option<String>,
    /// Until when, or how soon, an answer was promised.
    pub promised: Option<String>,
    /// When the reply was sent.
    pub sent: Option<String>,
}

/// The replies of a file, in the order in which they stand there. A file of many replies that holds
/// none is no error: not every JSON file is an export.
///
/// # Errors
///
/// If the file is not what its format asks for.
pub fn read(source: &Source, format: Format, reading: &Reading) -> Result<Vec<Reply>, FormatError> {
    let (text, start) = (source.text(), source.content_start());
    let replies = match format {
        Format::Markdown if keeps_replies_in_fences(source.name()) => fenced(text, start, reading),
        Format::Markdown | Format::Plain | Format::Html => vec![letter(text, start, format, reading)],
        Format::Mail => vec![mail::read(text, start, reading)?],
        Format::Json => preset::replies(&tree::json(text)?, reading),
        Format::Yaml => preset::replies(&tree::yaml(text)?, reading),
        Format::Csv => {
            let rows = table::rows(text, start, b',');
            preset::snippets(&rows, reading).unwrap_or_else(|| preset::rows(&rows, reading))
        }
        Format::Tsv => preset::rows(&table::rows(text, start, b'\t'), reading),
    };
    Ok(replies)
}

/// The helpdesk that a file is an export of, by its shape, and how many replies it holds; `None` where it
/// holds none. A file of an unknown shape is `json`, `yaml`, `csv` or `tsv`.
#[must_use]
pub fn recognise(source: &Source, format: Format) -> Option<(&'static str, usize)> {
    let replies = read(source, format, &Reading::default()).ok().filter(|replies| !replies.is_empty())?;
    let tree = match format {
        Format::Json => tree::json(source.text()).ok(),
        Format::Yaml => tree::yaml(source.text()).ok(),
        _ => None,
    };
    let system = tree.and_then(|tree| preset::system(&tree)).filter(|system| Format::of_system(system) == Some(format));
    let system = system.unwrap_or(format.name());
    Some((system, replies.len()))
}

/// What a file holds beside and around the prose of its replies, each with where it stands: the values of
/// JSON and YAML with their keys, the fields of a table, the tags of HTML, the headers of a mail.
///
/// # Errors
///
/// If the file is not what its format asks for.
pub(crate) fn rest(source: &Source, format: Format) -> Result<Vec<(Span, String)>, FormatError> {
    let (text, start) = (source.text(), source.content_start());
    Ok(match format {
        Format::Markdown | Format::Plain => Vec::new(),
        Format::Html => html::tags(text, Span::new(start, text.len())),
        Format::Mail => mail::headers(text, start)?,
        Format::Json => tree::json(text)?.leaves(),
        Format::Yaml => tree::yaml(text)?.leaves(),
        Format::Csv => table::leaves(&table::rows(text, start, b',')),
        Format::Tsv => table::leaves(&table::rows(text, start, b'\t')),
    })
}

/// Whether a file is named as the ones in which projects collect replies to paste, each inside a code
/// fence (`.github/SAVED_REPLIES.md`); what stands around the fences is for maintainers.
fn keeps_replies_in_fences(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase().replace(['-', ' '], "_");
    ["saved_repl", "canned_repl", "canned_respon"].iter().any(|one| file.contains(one))
}

/// The replies in the code fences of a document; the document itself, if it has none.
fn fenced(text: &str, start: usize, reading: &Reading) -> Vec<Reply> {
    let fences = markdown::fences(text, Span::new(start, text.len()));
    if fences.is_empty() {
        return vec![letter(text, start, Format::Markdown, reading)];
    }
    let replies = fences.iter().enumerate().map(|(index, (heading, fence))| {
        let place = if heading.is_empty() { format!("fence {}", index + 1) } else { heading.clone() };
        let mut reply = field(fence, Writing::Plain, place, reading);
        // A fence shows what is pasted, whatever it is.
        reply.places.iter_mut().for_each(|(_, writings)| writings.retain(|one| *one != Writing::Plain));
        reply
    });
    replies.collect()
}

/// Where a letter's body begins: after its front matter.
#[must_use]
pub(crate) fn body_start(source: &Source) -> usize {
    front_matter::read(source.text(), source.content_start()).1
}

/// The end of a letter's front matter, before its last line, where nothing is suppressed there yet.
pub(crate) fn free_head(source: &Source) -> Option<usize> {
    let (block, _) = front_matter::split(source.text(), source.content_start())?;
    let said = block.of(source.text());
    (said.ends_with('\n') && !said.contains("tonelint-disable")).then_some(block.end)
}

/// The one reply of a text.
fn letter(text: &str, start: usize, format: Format, reading: &Reading) -> Reply {
    let (facts, start) = front_matter::read(text, start);
    let end = signature(text, start);
    let history = (format == Format::Plain).then(|| plain::history(&text[start..])).flatten();
    let body = Span::new(start, history.map_or(end, |at| end.min(start + at)));
    let mut reply = match format {
        Format::Markdown => markdown::read(text, body, reading),
        Format::Html => html::read(text, body, reading),
        _ => plain::read(text, body, reading),
    };
    if format == Format::Plain && !reading.quotes {
        let history = history.map_or(text.len(), |at| start + at);
        plain::quotes(text, Span::new(body.start, history), false, &mut reply);
        plain::quotes(text, Span::new(history, text.len()), true, &mut reply);
    }
    if let Some(head) = plain::quoted_head(text, Span::new(start, end)) {
        reply.quoted_head.push_verbatim(head.of(text), head.start);
    }
    reply.turns = turns::read(&reply);
    reply.facts = facts;
    let writing = match format {
        Format::Markdown => Writing::Markdown,
        Format::Html => Writing::Html,
        _ => Writing::Plain,
    };
    reply.places.insert(0, (0, vec![writing]));
    reply
}

/// Whether a value under a key of ours says something: it is not empty, and no placeholder that a
/// helpdesk fills in later.
fn says_something(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text != "null" && !["{{", "{%", "<%", "%{", "#{"].iter().any(|mark| text.contains(mark))
}

/// The reply that a field of a file holds.
fn field(text: &Mapped, writing: Writing, location: String, reading: &Reading) -> Reply {
    let format = if preset::is_html(text.text()) { Format::Html } else { Format::Markdown };
    let mut reply = letter(text.text(), 0, format, reading);
    reply.prose = reply.prose.over(text);
    reply.quoted = reply.quoted.over(text);
    reply.quoted_head = reply.quoted_head.over(text);
    reply.code = reply.code.over(text);
    reply.facts = reply.facts.over(text);
    reply.location = Some(location);
    reply.places.iter_mut().for_each(|(_, writings)| writings.push(writing));
    reply
}

/// Offset of the signature's mark, `-- ` on a line of its own (RFC 3676, section 4.3); the text's
/// end where there is none. Mail programs and editors strip the space, so `--` after an empty line
/// counts as well.
fn signature(text: &str, start: usize) -> usize {
    let mut at = start;
    let mut after_blank = false;
    for line in text[start..].split_inclusive(['\n', '\r']) {
        let bare = line.trim_end_matches(['\n', '\r']);
        if bare == "-- " || (bare == "--" && after_blank) {
            return at;
        }
        if !(bare.is_empty() && line == "\n" && text[..at].ends_with('\r')) {
            after_blank = bare.trim().is_empty();
        }
        at += line.len();
    }
    text.len()
}

/// Collects the prose of one reply, block by block.
#[derive(Default)]
struct Projection {
    prose: Mapped,
    blocks: Vec<Span>,
    opaque: Vec<Span>,
    open: Option<usize>,
    quoted: Mapped,
    depths: Vec<(usize, usize)>,
    code: Mapped,
}

impl Projection {
    /// Prose that stands in the source as it is read.
    fn text(&mut self, text: &str, origin: usize) {
        self.begin(origin);
        self.prose.push_verbatim(text, origin);
    }

    /// Prose that stands for other bytes of the source.
    fn stands_for(&mut self, text: &str, origin: Span) {
        self.begin(origin.start);
        self.prose.push_whole(text, origin);
    }

    /// Prose that has its way back already.
    fn mapped(&mut self, text: &Mapped) {
        self.begin(text.origin(Span::new(0, 0)).start);
        self.prose.append(text);
    }

    /// Words of somebody else, which the customer does not read as the reply's, so many quotes deep.
    fn quote(&mut self, text: &Mapped, depth: usize) {
        let before = self.depths.last().map(|(_, depth)| *depth);
        if before != Some(depth) && !text.text().trim().is_empty() {
            self.end_quote();
            self.depths.push((self.quoted.len(), depth));
        }
        self.quoted.append(text);
    }

    /// Ends a paragraph of what is quoted.
    fn end_quote(&mut self) {
        let end = self.quoted.len();
        if end > 0 && !self.quoted.text().ends_with("\n\n") {
            let at = self.quoted.origin(Span::new(end - 1, end)).end;
            self.quoted.push_whole("\n\n", Span::new(at, at));
        }
    }

    /// A stretch of the source that is one word whatever its letters.
    fn opaque(&mut self, text: &str, origin: Span) {
        self.begin(origin.start);
        let start = self.prose.len();
        self.prose.push_whole(text, origin);
        self.opaque.push(Span::new(start, self.prose.len()));
    }

    fn begin(&mut self, origin: usize) {
        if self.open.is_none() {
            if !self.blocks.is_empty() {
                self.prose.push_whole("\n\n", Span::new(origin, origin));
            }
            self.open = Some(self.prose.len());
        }
    }

    /// Ends the block; what follows is another.
    fn end_block(&mut self) {
        if let Some(start) = self.open.take() {
            self.blocks.push(Span::new(start, self.prose.len()));
        }
    }

    fn finish(mut self) -> Reply {
        self.end_block();
        let text = self.prose.text();
        let mut choices = choice::spintax(text);
        let spun = |span: &Span| choices.iter().any(|choice| choice.whole == *span);
        let found = opaque::find(text, &self.blocks).into_iter().filter(|span| !spun(span)).collect();
        let opaque = opaque::merge(self.opaque, found);
        choices.extend(choice::find(text, &opaque));
        Reply {
            prose: self.prose,
            blocks: self.blocks,
            opaque,
            quoted: self.quoted,
            depths: self.depths,
            code: self.code,
            choices,
            ..Reply::default()
        }
    }
}
