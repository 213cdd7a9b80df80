//! Who speaks where in what a reply quotes: heads of mails (`On … wrote:`, `From: …`) and the depth of
//! quotation part it into turns.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::plain::has_year;
use crate::reply::{Head, Reply, Turn};
use crate::text::Span;

/// Deeper quotation is read as this deep.
const DEEPEST: usize = 64;
/// Longer lines are no heads.
const LONGEST: usize = 500;
/// A copied head has no more lines.
const MOST_LABELS: usize = 12;

#[expect(clippy::expect_used, reason = "the patterns are constants, and the tests compile them")]
static LABEL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\W{0,3}\p{L}[\p{L}\ -]{0,14}\W{0,2}\ ?:(?:\W*\s|$)").expect("a valid pattern"));

/// The line of a copied head that names who wrote, in the languages of [`super::plain`]'s heads.
#[expect(clippy::expect_used, reason = "the patterns are constants, and the tests compile them")]
static FROM: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\W{0,3}(?:From|Von|De|Da|Van)\W{0,2}\ ?:\W*\s").expect("a valid pattern"));

#[expect(clippy::expect_used, reason = "the patterns are constants, and the tests compile them")]
static CLOCK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d[:.]\d\d\b").expect("a valid pattern"));

struct Line<'t> {
    span: Span,
    text: &'t str,
    depth: usize,
    /// Whether it stands apart from what is quoted before it.
    apart: bool,
}

impl Line<'_> {
    fn says(&self) -> bool {
        !self.text.trim().is_empty()
    }

    fn introduces(&self) -> bool {
        self.text.len() <= LONGEST && self.text.trim_end().ends_with(':')
    }
}

/// Where a depth of quotation has come to.
struct Level {
    back: usize,
    head: Option<Arc<Head>>,
    said: bool,
}

/// The turns of what a reply quotes, in the order of the text. Its heads are in none.
pub(super) fn read(reply: &Reply) -> Vec<Turn> {
    let lines = lines(reply);
    let above = reply.quoted_head.text();
    let above = (!above.is_empty()).then(|| Arc::new(Head { text: above.to_owned(), author: above.to_owned() }));
    let mut turns: Vec<Turn> = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    let mut pending: Option<Arc<Head>> = None;
    // Whether the next words go on with the last turn.
    let mut goes_on = false;
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        if !line.says() {
            index += 1;
            continue;
        }
        if line.apart {
            levels.clear();
            goes_on = false;
        }
        goes_on &= levels.len() == line.depth;
        levels.truncate(line.depth);
        while levels.len() < line.depth {
            let back = levels.last().map_or(1, |level| level.back + 1);
            let head = if levels.is_empty() { above.clone() } else { None };
            levels.push(Level { back, head, said: false });
        }
        let Some(level) = levels.last_mut() else { break };
        if let Some(head) = pending.take() {
            level.head = Some(head);
        }
        if let Some((head, count, is_deeper)) = head(&lines, index) {
            goes_on = false;
            index += count;
            if is_deeper {
                pending = Some(Arc::new(head));
            } else {
                level.back += usize::from(level.said);
                level.said = false;
                level.head = Some(Arc::new(head));
            }
            continue;
        }
        level.said = true;
        match turns.last_mut().filter(|_| goes_on) {
            Some(turn) => turn.words = turn.words.cover(line.span),
            None => turns.push(Turn { back: level.back, head: level.head.clone(), words: line.span }),
        }
        goes_on = true;
        index += 1;
    }
    turns
}

fn lines(reply: &Reply) -> Vec<Line<'_>> {
    let mut depths = reply.depths.iter().peekable();
    let (mut depth, mut at) = (1, 0);
    let mut apart = false;
    let lines = reply.quoted.text().split_inclusive('\n').map(|text| {
        let span = Span::new(at, at + text.len());
        at = span.end;
        while let Some((_, deep)) = depths.next_if(|(from, _)| *from < span.end) {
            apart |= depth == *deep && span.start > 0;
            depth = (*deep).clamp(1, DEEPEST);
        }
        let line = Line { span, text, depth, apart };
        apart &= !line.says();
        line
    });
    lines.collect()
}

/// The head that begins at a line, how many lines it has, and whether what it is above of is quoted deeper.
fn head(lines: &[Line<'_>], at: usize) -> Option<(Head, usize, bool)> {
    let first = lines.get(at)?;
    let alike = |index: usize| lines.get(index).filter(|line| line.depth == first.depth && line.says());
    let deeper = |count: usize| {
        let next = lines.iter().skip(at + count).find(|line| line.says());
        next.is_some_and(|line| line.depth > first.depth)
    };
    let text = |count: usize| {
        let parts: Vec<&str> = lines.iter().skip(at).take(count).map(|line| line.text.trim()).collect();
        parts.join("\n")
    };
    let is_label = |line: &&Line<'_>| line.text.len() <= LONGEST && LABEL.is_match(line.text);
    // `-----Original Message-----`, `Begin forwarded message:`
    let is_rule = first.introduces() || ["---", "___", "***"].iter().any(|sign| first.text.starts_with(sign));
    let blank = || lines.iter().skip(at + 1).take_while(|line| !line.says()).count();
    let above = if is_rule && !is_label(&first) { 1 + blank() } else { 0 };
    let labels = (above..above + MOST_LABELS).take_while(|index| alike(at + index).filter(is_label).is_some()).count();
    if labels >= 2 {
        let block = lines.iter().skip(at + above).take(labels);
        let author = block.clone().find(|line| FROM.is_match(line.text));
        if let Some(author) = author.filter(|_| block.clone().any(|line| has_year(line.text))) {
            let author = author.text.split_once(':').map_or("", |(_, value)| value).trim().to_owned();
            let count = above + labels;
            return Some((Head { text: text(count), author }, count, deeper(count)));
        }
    }
    let count = match alike(at + 1).filter(|next| next.introduces()) {
        _ if first.introduces() => 1,
        // Long heads are wrapped.
        Some(next) if first.text.len() <= LONGEST && has_year(first.text) && !has_year(next.text) => 2,
        _ => return None,
    };
    let text = text(count);
    let is_deeper = deeper(count);
    // Where nothing shows that another one's words follow, it has to say when they were written.
    (is_deeper || has_year(&text) && CLOCK.is_match(&text))
        .then(|| (Head { author: text.clone(), text }, count, is_deeper))
}
