//! Folding: the form of a text that rules see.
//!
//! Case-folded, composed, apostrophes and quotes straight, one space for any white space, nothing
//! invisible, full-width and mathematical letters narrowed. Every byte maps back.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::{Mapped, Span};

/// The one character that stands for a placeholder, code or a link in folded text.
pub const OPAQUE: char = '\u{FFFC}';

/// The same for a placeholder that a person was to fill in: `[NAME]`, `{Insert Screenshot}`.
pub const UNFILLED: char = '\u{FFFA}';

/// A short line of at most this many characters ends on purpose, a longer one was wrapped.
const SHORT_LINE: usize = 45;

/// Folded text with the way back to the text that was folded.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// The folded text; its blocks are separated by a newline.
    pub mapped: Mapped,
    /// The blocks that were given, as spans of the folded text.
    pub blocks: Vec<Span>,
    /// Offsets of those spaces that stand for a line break which ends a sentence.
    pub breaks: Vec<usize>,
}

/// Folds the blocks of `text`. Each span of `opaque` becomes one [`OPAQUE`].
///
/// `blocks` and `opaque` are spans of `text`, in order and apart; an opaque span lies in one block.
///
/// ```
/// use tonelint::text::{Span, fold};
/// let folded = fold("We’RE\n  sorry", &[Span::new(0, 15)], &[]);
/// assert_eq!(folded.mapped.text(), "we're sorry");
/// assert_eq!(folded.mapped.origin(Span::new(6, 11)), Span::new(10, 15));
/// ```
#[must_use]
pub fn fold(text: &str, blocks: &[Span], opaque: &[Span]) -> Folded {
    let mut folded = Folded::default();
    let mut opaque = opaque.iter().copied().peekable();
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            folded.mapped.push_whole("\n", Span::new(block.start, block.start));
        }
        let start = folded.mapped.len();
        let mut at = block.start;
        while let Some(hole) = opaque.next_if(|hole| hole.start < block.end) {
            folded.run(text, Span::new(at, hole.start.max(at)), start);
            let sign = if is_unfilled(hole.of(text)) { UNFILLED } else { OPAQUE };
            folded.mapped.push_whole(sign.encode_utf8(&mut [0; 4]), hole);
            at = hole.end;
        }
        folded.run(text, Span::new(at, block.end.max(at)), start);
        folded.blocks.push(Span::new(start, folded.mapped.len()));
    }
    folded
}

/// Whether a placeholder is one that a person fills in by hand: capitals or plain words in brackets,
/// which no template engine would.
fn is_unfilled(placeholder: &str) -> bool {
    let inside = |open, close| placeholder.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    if let Some(name) = inside('[', ']') {
        return name.starts_with(char::is_uppercase);
    }
    inside('{', '}').is_some_and(|name| {
        name.contains(' ')
            && name.starts_with(char::is_uppercase)
            && name.chars().all(|ch| ch.is_alphabetic() || ch == ' ')
    })
}

/// Folds one word or phrase, as the texts that it is compared with are folded.
#[must_use]
pub fn fold_word(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii_graphic()) {
        return word.to_ascii_lowercase();
    }
    fold(word, &[Span::new(0, word.len())], &[]).mapped.text().to_owned()
}

impl Folded {
    fn run(&mut self, text: &str, run: Span, block_start: usize) {
        let source = run.of(text);
        let bytes = source.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let plain = ascii_run(&bytes[at..]);
            if plain > 0 {
                let piece = source[at..at + plain].to_ascii_lowercase();
                self.mapped.push_verbatim(&piece, run.start + at);
                at += plain;
                continue;
            }
            let cluster = cluster_len(&source[at..]);
            let piece = &source[at..at + cluster];
            let origin = Span::new(run.start + at, run.start + at + cluster);
            at += cluster;
            match piece.chars().next() {
                Some(space) if space.is_whitespace() => {
                    let mut end = at;
                    for ch in source[at..].chars().take_while(|ch| ch.is_whitespace() || is_invisible(*ch)) {
                        end += ch.len_utf8();
                    }
                    let origin = Span::new(origin.start, run.start + end);
                    at = end;
                    self.space(text, origin, block_start, run.end);
                }
                _ => self.letter(piece, origin),
            }
        }
    }

    fn space(&mut self, text: &str, origin: Span, block_start: usize, end: usize) {
        let here = self.mapped.text();
        if here.len() == block_start || here.ends_with(' ') {
            return;
        }
        let next = text[origin.end..end].chars().next();
        // A line wrap between ideographs is no space to a reader.
        if let (Some(before), Some(after)) = (here.chars().next_back(), next)
            && super::words::is_ideograph(before)
            && super::words::is_ideograph(after)
        {
            return;
        }
        let breaks = origin.of(text).contains(['\n', '\r']) && ends_on_purpose(text, origin, next);
        if breaks {
            self.breaks.push(self.mapped.len());
        }
        if origin.len() == 1 {
            self.mapped.push_verbatim(" ", origin.start);
        } else {
            self.mapped.push_whole(" ", origin);
        }
    }

    fn letter(&mut self, piece: &str, origin: Span) {
        let mut signs = piece.chars();
        let joined =
            signs.next().is_some_and(|first| !first.is_alphanumeric() && (is_regional(first) || signs.any(is_joining)));
        // An emoji is one sign, of however many people or flags it is made.
        let visible = piece.chars().filter(|ch| !is_invisible(*ch)).take(if joined { 1 } else { usize::MAX });
        let composed: String = visible.nfc().collect();
        let compatible: String = composed.nfkc().collect();
        // Compatibility forms only where they are letters or digits: a full-width or
        // mathematical letter, not the acute accent that would fall apart into a space.
        let chosen = if compatible.chars().all(|ch| ch.is_alphanumeric() || ch.is_ascii_punctuation()) {
            compatible
        } else {
            composed
        };
        // Last of all, for some signs come apart into ones that are made straight.
        let mut folded = String::with_capacity(chosen.len());
        for ch in chosen.to_lowercase().nfc() {
            match straight(ch) {
                Some(straight) => folded.push_str(straight),
                None => folded.push(if ch == 'ς' { 'σ' } else { ch }),
            }
        }
        self.mapped.push_whole(&folded, origin);
    }
}

/// Length of the leading run of ASCII that folds byte by byte: graphic characters and single
/// spaces between them.
fn ascii_run(bytes: &[u8]) -> usize {
    let mut len = 0;
    while let Some(byte) = bytes.get(len) {
        let next = bytes.get(len + 1).copied().unwrap_or(b'\n');
        let take = match byte {
            // The last ASCII letter before a combining mark belongs to that mark's cluster.
            b'!'..=b'~' => next.is_ascii(),
            b' ' => len > 0 && (b'!'..=b'~').contains(&next),
            _ => false,
        };
        if !take {
            break;
        }
        len += 1;
    }
    len
}

/// Whether a character makes one emoji of what is around it: a joiner, a variation, a tone of skin.
fn is_joining(ch: char) -> bool {
    matches!(ch, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// Whether a character is one of the two letters of a flag.
fn is_regional(ch: char) -> bool {
    matches!(ch, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Bytes of the first character with the marks that combine with it, or of a joined emoji.
fn cluster_len(text: &str) -> usize {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return 0 };
    let len = first.len_utf8();
    if first.is_whitespace() || is_invisible(first) {
        return len;
    }
    if !first.is_alphanumeric() && chars.next().is_some_and(|next| is_joining(next) || is_regional(first)) {
        return text.graphemes(true).next().map_or(len, str::len);
    }
    let marks = text[len..].chars().take_while(|ch| is_combining_mark(*ch));
    len + marks.map(char::len_utf8).sum::<usize>()
}

/// Whether a line break was meant: after a short line or one that ends in a comma or colon, before
/// one that begins with a capital.
fn ends_on_purpose(text: &str, origin: Span, next: Option<char>) -> bool {
    if next.is_none_or(char::is_lowercase) {
        return false;
    }
    let before = text[..origin.start].trim_end();
    let line = before.rfind(['\n', '\r']).map_or(before, |at| &before[at + 1..]);
    line.ends_with([',', ':']) || line.chars().take(SHORT_LINE + 1).count() <= SHORT_LINE
}

fn straight(ch: char) -> Option<&'static str> {
    Some(match ch {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{02B9}' | '\u{2032}' | '\u{FF07}' | '\u{00B4}' => "'",
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{00AB}' | '\u{00BB}' | '\u{2033}' | '\u{FF02}'
        | '\u{300C}' | '\u{300D}' => "\"",
        '\u{2010}' | '\u{2011}' | '\u{FE63}' | '\u{FF0D}' => "-",
        OPAQUE | UNFILLED => "\u{FFFD}",
        _ => return None,
    })
}

/// Characters that a reader does not see and that therefore hide no phrase.
fn is_invisible(ch: char) -> bool {
    matches!(ch,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF9}' | '\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
        || (ch.is_control() && !ch.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folds(text: &str) -> String {
        fold_word(text)
    }

    #[test]
    fn what_a_reader_takes_for_the_same_folds_to_the_same() {
        for twin in [
            "We’re sorry",
            "WE'RE SORRY",
            "weʼre\u{00A0}sorry",
            "we＇re \n sorry",
            "w\u{200B}e're s\u{00AD}orry",
            "ｗｅ're ｓｏｒｒｙ",
            "we're \u{1D42C}\u{1D428}\u{1D42B}\u{1D42B}\u{1D432}",
        ] {
            assert_eq!(folds(twin), "we're sorry", "{twin:?}");
        }
        assert_eq!(folds("той"), folds("тои\u{306}"));
        assert_eq!(folds("ΣΑΣ"), folds("σας"));
    }

    #[test]
    fn a_joined_emoji_is_one_sign() {
        assert_eq!(folds("x 👩\u{200D}👩\u{200D}👧 👍🏽 🇩🇪 ❤\u{FE0F}\u{200D}🔥 y"), "x 👩 👍 🇩 ❤ y");
    }

    #[test]
    fn a_wrap_between_ideographs_is_no_space() {
        assert_eq!(folds("请您\n等待"), "请您等待");
    }

    #[test]
    fn only_a_short_line_before_a_capital_ends_a_sentence() {
        let breaks = |text: &str| fold(text, &[Span::new(0, text.len())], &[]).breaks.len();
        assert_eq!(breaks("Hi Anna,\nWe looked"), 1);
        assert_eq!(breaks("we are\nsorry"), 0);
        assert_eq!(breaks("this is a line that has been wrapped by a mail program\nAnna"), 0);
    }
}
