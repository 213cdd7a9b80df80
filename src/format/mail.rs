//! Mail (RFC 5322 and MIME), read by `mail-parser`: it finds the parts and says where their encoded
//! bytes stand; they are decoded here, byte by byte, so that every character has its way back.

use encoding_rs::Encoding as Charset;
use mail_parser::{
    Address, Encoding, Header, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use super::{Format, FormatError, Reading, letter};
use crate::reply::{Choice, Person, Reply, Said, Writing};
use crate::text::{Mapped, Span};

/// So many senders and recipients are looked at.
const MOST_PEOPLE: usize = 16;

/// Reads the one reply of a mail: its subject, and its text, or else its HTML.
pub(super) fn read(text: &str, start: usize, reading: &Reading) -> Result<Reply, FormatError> {
    let message = MessageParser::default().parse(&text.as_bytes()[start..]);
    let Some(message) = message else {
        return Err(FormatError { message: "this is no mail: it has no headers".into(), at: start });
    };
    let mut reply = Reply::default();
    reply.facts.sent = date(&message, start);
    reply.from = people([message.from(), message.reply_to()]);
    reply.to = people([message.to(), message.cc()]);
    if let Some(subject) = subject(&message, text, start) {
        reply.prose.append(&subject);
        reply.blocks.push(Span::new(0, reply.prose.len()));
        reply.has_subject = true;
        reply.places.push((0, vec![Writing::Ascii]));
    }
    let body = message.text_body.first().or(message.html_body.first());
    let Some(part) = body.and_then(|id| message.parts.get(*id as usize)) else { return Ok(reply) };
    let format = match &part.body {
        PartType::Html(_) => Format::Html,
        PartType::Text(_) => Format::Plain,
        _ => return Ok(reply),
    };
    let decoded = decode(part, text, start);
    let read = letter(decoded.text(), 0, format, reading);
    let base = if reply.prose.is_empty() {
        0
    } else {
        let at = read.prose.over(&decoded).origin(Span::new(0, 0)).start;
        reply.prose.push_whole("\n\n", Span::new(at, at));
        reply.prose.len()
    };
    reply.prose.append(&read.prose.over(&decoded));
    let shift = |span: &Span| Span::new(span.start + base, span.end + base);
    reply.blocks.extend(read.blocks.iter().map(shift));
    reply.opaque.extend(read.opaque.iter().map(shift));
    reply.choices.extend(
        read.choices.iter().map(|choice| Choice {
            whole: shift(&choice.whole),
            branches: choice.branches.iter().map(shift).collect(),
        }),
    );
    let writing = writing(part, text, start);
    reply.places.extend(read.places.into_iter().map(|(from, mut writings)| {
        writings.extend(writing);
        (from + base, writings)
    }));
    reply.quoted = read.quoted.over(&decoded);
    reply.quoted_head = read.quoted_head.over(&decoded);
    reply.depths = read.depths;
    reply.turns = read.turns;
    reply.code = read.code.over(&decoded);
    let sent = reply.facts.sent.take();
    reply.facts = read.facts.over(&decoded);
    reply.facts.sent = reply.facts.sent.take().or(sent);
    Ok(reply)
}

/// Those whom headers name, the first ones.
fn people(headers: [Option<&Address<'_>>; 2]) -> Vec<Person> {
    let named = headers.into_iter().flatten().flat_map(Address::iter).take(MOST_PEOPLE);
    let said = |text: Option<&str>| text.unwrap_or_default().to_owned();
    named.map(|one| Person { name: said(one.name()), address: said(one.address()) }).collect()
}

/// Whether a text begins as a mail does, with a header (RFC 5322, 2.2).
#[cfg(feature = "lsp")]
pub(crate) fn has_head(text: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    text.split_once(':').is_some_and(|(name, _)| is_name(name))
}

/// When the mail was sent, if its head says so in a way that can be read.
fn date(message: &Message<'_>, start: usize) -> Option<Said> {
    let header = message.parts.first()?.headers.iter().find(|header| header.name == HeaderName::Date)?;
    let HeaderValue::DateTime(date) = &header.value else { return None };
    let span = Span::new(start + header.offset_start as usize, start + header.offset_end as usize);
    date.is_valid().then(|| Said { text: date.to_rfc3339(), span })
}

/// The headers of a mail and of its parts, and the parts that are no text, as written.
pub(super) fn headers(text: &str, start: usize) -> Result<Vec<(Span, String)>, FormatError> {
    let Some(message) = MessageParser::default().parse(&text.as_bytes()[start..]) else {
        return Err(FormatError { message: "this is no mail: it has no headers".into(), at: start });
    };
    let mut rest = Vec::new();
    for part in &message.parts {
        let written = |from: u32, to: u32| Span::new(start + from as usize, start + to.max(from) as usize);
        for header in &part.headers {
            rest.push(written(header.offset_start, header.offset_end));
        }
        if !matches!(part.body, PartType::Text(_) | PartType::Html(_) | PartType::Multipart(_)) {
            rest.push(written(part.offset_body, part.offset_end));
        }
    }
    Ok(rest.into_iter().map(|span| (span, span.of(text).to_owned())).collect())
}

/// The subject. Encoded words stand for it as a whole.
fn subject(message: &Message<'_>, text: &str, start: usize) -> Option<Mapped> {
    let is_subject = |header: &&Header<'_>| header.name == HeaderName::Subject;
    let header = message.parts.first()?.headers.iter().find(is_subject)?;
    let HeaderValue::Text(decoded) = &header.value else { return None };
    let raw = Span::new(start + header.offset_start as usize, start + header.offset_end as usize);
    let written = raw.of(text);
    let lead = written.len() - written.trim_start().len();
    let raw = Span::new(raw.start + lead, raw.start + lead + written.trim().len());
    let mut mapped = Mapped::default();
    mapped.push(decoded.trim(), raw, text);
    (!mapped.is_empty()).then_some(mapped)
}

/// The text of a part, each character with the encoded bytes that it came from.
fn decode(part: &MessagePart<'_>, text: &str, start: usize) -> Mapped {
    let span = Span::new(start + part.offset_body as usize, start + part.offset_end as usize);
    let raw = text.as_bytes().get(span.start..span.end).unwrap_or_default();
    let charset = charset_of(part);
    match part.encoding {
        Encoding::None => {
            // The whole file is UTF-8, so this part is.
            let mut mapped = Mapped::default();
            mapped.push_verbatim(span.of(text), span.start);
            mapped
        }
        Encoding::QuotedPrintable => characters(quoted_printable(raw), span.start, text, charset),
        Encoding::Base64 => characters(base64(raw), span.start, text, charset),
    }
}

/// How a text is written in a part, beside its own markup.
fn writing(part: &MessagePart<'_>, text: &str, start: usize) -> Option<Writing> {
    let raw = Span::new(start + part.offset_body as usize, start + part.offset_end as usize).of(text);
    match part.encoding {
        Encoding::None => {
            let kind = part.content_transfer_encoding().unwrap_or("7bit").trim();
            (raw.is_ascii() && kind.eq_ignore_ascii_case("7bit")).then_some(Writing::Ascii)
        }
        Encoding::QuotedPrintable => Some(Writing::QuotedPrintable(charset_of(part))),
        Encoding::Base64 => Some(Writing::Sealed),
    }
}

fn charset_of(part: &MessagePart<'_>) -> &'static Charset {
    let label = part.content_type().and_then(|kind| kind.attribute("charset")).unwrap_or("utf-8");
    Charset::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8)
}

/// Decoded bytes, each with its encoded bytes, from the part's start.
type Bytes<'r> = Box<dyn Iterator<Item = (u8, usize, usize)> + 'r>;

/// RFC 2045, section 6.7.
fn quoted_printable(raw: &[u8]) -> Bytes<'_> {
    let mut at = 0;
    Box::new(std::iter::from_fn(move || {
        loop {
            let byte = *raw.get(at)?;
            if byte != b'=' {
                at += 1;
                return Some((byte, at - 1, at));
            }
            let rest = &raw[at + 1..];
            let hex = |index: usize| rest.get(index).and_then(|digit| char::from(*digit).to_digit(16));
            if let (Some(high), Some(low)) = (hex(0), hex(1)) {
                at += 3;
                let byte = u8::try_from(high * 16 + low).unwrap_or(b'?');
                return Some((byte, at - 3, at));
            }
            // A soft line break, with the white space that some mailers leave before it.
            let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            match rest.get(space) {
                Some(b'\r') if rest.get(space + 1) == Some(&b'\n') => at += space + 3,
                Some(b'\n' | b'\r') => at += space + 2,
                _ => {
                    at += 1;
                    return Some((b'=', at - 1, at));
                }
            }
        }
    }))
}

/// RFC 2045, section 6.8. A byte came from the signs that hold its bits.
fn base64(raw: &[u8]) -> Bytes<'_> {
    let mut at = 0;
    let mut bits: u32 = 0;
    let mut held = 0;
    let mut first = 0;
    Box::new(std::iter::from_fn(move || {
        loop {
            let sign = *raw.get(at)?;
            at += 1;
            let value = match sign {
                b'A'..=b'Z' => sign - b'A',
                b'a'..=b'z' => sign - b'a' + 26,
                b'0'..=b'9' => sign - b'0' + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                _ => continue,
            };
            if held == 0 {
                first = at - 1;
            }
            bits = (bits << 6) | u32::from(value);
            held += 6;
            if held >= 8 {
                held -= 8;
                let byte = u8::try_from((bits >> held) & 0xFF).unwrap_or(0);
                let from = first;
                first = at - 1;
                return Some((byte, from, at));
            }
        }
    }))
}

/// Bytes as characters of a charset.
fn characters(bytes: Bytes<'_>, origin: usize, text: &str, charset: &'static Charset) -> Mapped {
    let mut decoder = charset.new_decoder_without_bom_handling();
    let mut mapped = Mapped::default();
    let mut pending: Option<Span> = None;
    for (byte, start, end) in bytes {
        let span = Span::new(origin + start, origin + end);
        let span = pending.map_or(span, |before: Span| before.cover(span));
        let mut buffer = [0; 16];
        let (_, _, written, _) = decoder.decode_to_utf8(&[byte], &mut buffer, false);
        match std::str::from_utf8(&buffer[..written]) {
            Ok(decoded) if !decoded.is_empty() => {
                mapped.push(decoded, span, text);
                pending = None;
            }
            _ => pending = Some(span),
        }
    }
    mapped
}
