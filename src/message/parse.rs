//! Octets to [`Message`]. Total: every cut and every repair is a [`Defect`].

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::attachment::{Budget, is_text};
use super::header::{self, Head};
use super::param::Parameters;
use super::{Address, Defect, Kind, Message, Text, TextKind, Work};
use super::{address, authentication, image, mime, tnef, uu};

/// How deep message/rfc822 is followed.
const MAX_MESSAGES: usize = 16;
/// How deep all nesting is followed, multiparts included.
const MAX_DEPTH: usize = 48;
/// Parts of all levels.
const MAX_PARTS: usize = 1_000;
/// Octets of one text, in UTF-8.
pub(super) const MAX_TEXT: usize = 512 * 1024;
/// Octets of one HTML source, of which text is only a part.
pub(super) const MAX_HTML: usize = 2 * MAX_TEXT;
/// Octets of all texts.
pub(super) const MAX_TEXTS: usize = 4 * MAX_TEXT;
/// Links of all texts.
pub(super) const MAX_LINKS: usize = 2_000;
/// Octets of all text sources; tags alone give no text and cost all the same.
pub(super) const MAX_SOURCES: usize = 8 * MAX_TEXT;
/// Octets of a text in which files are looked for that are written into it.
const MAX_WRITTEN: usize = 64 * MAX_TEXT;
/// TNEF streams of all parts.
const MAX_TNEF: usize = 8;
/// QR codes of all images.
pub(super) const MAX_CODES: usize = 16;
/// Octets that transfer decoding may give in all.
const MAX_DECODED: usize = 256 * 1024 * 1024;

/// Fields that may stand once only (RFC 5322 §3.6).
const SINGLE: [&str; 10] =
    ["from", "sender", "reply-to", "to", "cc", "date", "subject", "message-id", "in-reply-to", "references"];

impl Message {
    /// Takes a message apart. Never fails; what was broken, missing or cut is in [`Message::defects`].
    pub fn parse(octets: &[u8]) -> Message {
        run(octets, BTreeSet::new())
    }

    /// As [`Message::parse`], for the first octets of a larger message: adds [`Defect::Partial`].
    pub fn parse_partial(octets: &[u8]) -> Message {
        run(octets, BTreeSet::from([Defect::Partial]))
    }
}

fn run(octets: &[u8], defects: BTreeSet<Defect>) -> Message {
    let mut walk = Walk { defects, ..Walk::default() };
    walk.message.size = octets.len();
    if octets.is_empty() {
        walk.defects.insert(Defect::Empty);
    }
    if octets.contains(&0) {
        walk.defects.insert(Defect::Nul);
    }
    // Some programs save messages with a UTF-8 byte order mark in front, which is part of no field.
    let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    let head = header::split(octets);
    if head.fields.is_empty() {
        walk.defects.insert(Defect::NoHeader);
    }
    walk.top(&head);
    if !octets.is_empty() {
        walk.entity(&head, Level::default());
    }
    walk.finish()
}

/// Where an entity stands.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    depth: usize,
    messages: usize,
    /// Directly below multipart/digest, where message/rfc822 is the default (RFC 2046 §5.1.5).
    digest: bool,
}

impl Level {
    fn deeper(self) -> Level {
        Level { depth: self.depth + 1, digest: false, ..self }
    }
}

#[derive(Default)]
pub(super) struct Walk {
    pub(super) message: Message,
    pub(super) defects: BTreeSet<Defect>,
    parts: usize,
    pub(super) text_octets: usize,
    decoded: usize,
    tnefs: usize,
    pub(super) sources: usize,
    pub(super) budget: Budget,
    pub(super) images: image::Budget,
}

/// The charset that raw octets of header fields most likely are in.
fn hint(head: &Head<'_>) -> Option<String> {
    let raw = head.first("content-type")?;
    Parameters::parse(raw, None).get("charset").map(str::to_owned)
}

impl Walk {
    fn finish(mut self) -> Message {
        self.note(self.budget.cut, Defect::ArchiveCut);
        self.note(self.images.cut, Defect::ImagesCut);
        self.message.defects = self.defects.into_iter().collect();
        self.message.work = Work {
            parts: self.parts,
            decoded: self.decoded,
            inflated: self.budget.inflated(),
            searched: self.budget.searched(),
            text: self.text_octets,
        };
        self.message
    }

    pub(super) fn note(&mut self, condition: bool, defect: Defect) {
        if condition {
            self.defects.insert(defect);
        }
    }

    /// The header fields of the message itself.
    fn top(&mut self, head: &Head<'_>) {
        let hint = hint(head);
        let hint = hint.as_deref();
        self.note(head.cut, Defect::TextCut);
        for name in SINGLE {
            let twice = head.fields.iter().filter(|field| field.name == name).nth(1).is_some();
            self.note(twice, Defect::DuplicateField);
        }
        let mut above_first_received = true;
        for field in &head.fields {
            let (value, repaired) = header::unstructured(field.raw, hint);
            self.note(repaired, Defect::Charset);
            if matches!(field.name.as_str(), "subject" | "from") {
                self.labels(field.raw);
            }
            let message = &mut self.message;
            match field.name.as_str() {
                "received" => above_first_received = false,
                "authentication-results" => {
                    message.authentication.push(authentication::parse(&value, above_first_received));
                }
                "subject" if message.subject.is_empty() => {
                    message.subject = Text::new(&value);
                    let other = header::second_reading(field.raw, hint);
                    self.push_text(TextKind::Plain, other.unwrap_or_default());
                }
                "return-path" if message.return_path.is_empty() => {
                    value.trim_matches(['<', '>', ' ']).clone_into(&mut message.return_path);
                }
                "message-id" if message.message_id.is_empty() => {
                    message.message_id =
                        address::ids(&value).into_iter().next().unwrap_or_else(|| value.clone());
                }
                "in-reply-to" | "references" => message.references.extend(address::ids(&value)),
                "date" if message.date.is_none() => message.date = address::date(&value),
                name @ ("from" | "sender" | "reply-to" | "to" | "cc") => {
                    let (list, _) = address::addresses(field.raw, hint);
                    let into: &mut Vec<Address> = match name {
                        "from" => &mut message.from,
                        "sender" => &mut message.sender,
                        "reply-to" => &mut message.reply_to,
                        "to" => &mut message.to,
                        _ => &mut message.cc,
                    };
                    into.extend(list);
                }
                _ => {}
            }
            self.message.fields.push((field.name.clone(), value));
        }
    }

    /// One entity: a message, or a part of one.
    fn entity(&mut self, head: &Head<'_>, level: Level) {
        if self.parts >= MAX_PARTS {
            self.defects.insert(Defect::PartsCut);
            return;
        }
        self.parts += 1;
        let kind = head.first("content-type").map(|raw| Parameters::parse(raw, None)).unwrap_or_default();
        self.note(kind.repaired, Defect::Charset);
        let media = match kind.value.as_str() {
            "" if level.digest => "message/rfc822",
            "" => "text/plain",
            media => media,
        };
        if media.starts_with("multipart/") {
            let boundary = kind.get("boundary").unwrap_or_default();
            let digest = media == "multipart/digest";
            if self.multipart(head.body, boundary, digest, level) {
                return;
            }
            // RFC 2045 §6.4 forbids to encode a multipart; programs that decode it all the same show what is in it.
            let (decoded, _) = mime::decode(head.body, &encoding(head), false);
            if let Cow::Owned(decoded) = &decoded {
                self.decoded = self.decoded.saturating_add(decoded.len());
                if self.multipart(decoded, boundary, digest, level) {
                    return;
                }
            }
            self.note(!head.body.trim_ascii().is_empty(), Defect::Boundary);
        }
        self.leaf(head, &kind, media, level);
    }

    /// The parts of a multipart body. False where there are none.
    fn multipart(&mut self, body: &[u8], boundary: &str, digest: bool, level: Level) -> bool {
        let left = MAX_PARTS - self.parts;
        let (mut parts, mut cut) = mime::split(body, boundary, left);
        if parts.is_empty() {
            let Some(guess) = mime::guess_boundary(body) else { return false };
            (parts, cut) = mime::split(body, &guess, left);
            self.note(true, Defect::Boundary);
        }
        self.note(cut, Defect::PartsCut);
        if level.depth >= MAX_DEPTH {
            self.defects.insert(Defect::DepthCut);
            return true;
        }
        for part in parts {
            // A part without fields begins with a blank line; without that as well it is all body.
            let head = header::split(part);
            self.entity(&head, Level { digest, ..level.deeper() });
        }
        true
    }

    fn leaf(&mut self, head: &Head<'_>, kind: &Parameters, media: &str, level: Level) {
        if self.decoded > MAX_DECODED {
            self.defects.insert(Defect::PartsCut);
            return;
        }
        let disposition =
            head.first("content-disposition").map(|raw| Parameters::parse(raw, None)).unwrap_or_default();
        self.note(disposition.repaired, Defect::Charset);
        let name = disposition.get("filename").or_else(|| kind.get("name")).unwrap_or_default();
        let attached = disposition.value == "attachment";
        let text = media != "text/calendar"
            && (media.starts_with("text/") || !media.contains('/') || media.starts_with("multipart/"));
        let file = attached || !text || !name.is_empty();
        let (mut octets, broken) = mime::decode(head.body, &encoding(head), !file);
        self.note(broken, Defect::Encoding);
        if let Cow::Owned(decoded) = &octets {
            self.decoded = self.decoded.saturating_add(decoded.len());
        }
        let mut message = matches!(media, "message/rfc822" | "message/global" | "message/news");
        if message && !header::is_message(&octets) && header::is_message(head.body) {
            // Called encoded, but written plainly.
            octets = Cow::Borrowed(head.body);
        }
        // Called something else, so that it is not looked into.
        message |= (attached || !text) && header::is_message(&octets);
        let mut is = Kind::Unknown;
        if file {
            is = self.attach(name, media, &octets, message);
        }
        match is {
            Kind::Eml => self.nested(&octets, level),
            Kind::Tnef => self.tnef(&octets, level),
            Kind::Ics => {}
            _ if text || (attached && is_readable(media, name, is, &octets)) => {
                let nested = attached || level.messages > 0;
                let shown = if nested { TextKind::Nested } else { TextKind::Plain };
                let is_html = matches!(media, "text/html" | "text/x-amp-html")
                    || (nested && matches!(is, Kind::Html | Kind::Hta));
                self.text(&octets, kind, is_html, shown);
                if !is_html {
                    for file in uu::files(octets.get(..MAX_WRITTEN).unwrap_or(&octets)) {
                        let (name, _) = header::text(&file.name, kind.get("charset"));
                        self.file(&name, &file.octets, level);
                    }
                }
            }
            _ => {}
        }
    }

    /// A file that was found elsewhere than in a part of its own.
    fn file(&mut self, name: &str, octets: &[u8], level: Level) {
        if self.parts >= MAX_PARTS {
            self.defects.insert(Defect::PartsCut);
            return;
        }
        self.parts += 1;
        self.decoded = self.decoded.saturating_add(octets.len());
        let media = "application/octet-stream";
        let is = self.attach(name, media, octets, header::is_message(octets));
        match is {
            Kind::Eml => self.nested(octets, level),
            Kind::Tnef => self.tnef(octets, level),
            _ if is_readable(media, name, is, octets) => {
                let is_html = matches!(is, Kind::Html | Kind::Hta);
                self.text(octets, &Parameters::default(), is_html, TextKind::Nested);
            }
            _ => {}
        }
    }

    /// What Outlook wrapped up: the body that it shows, and the files.
    fn tnef(&mut self, octets: &[u8], level: Level) {
        if level.messages >= MAX_MESSAGES || level.depth >= MAX_DEPTH || self.tnefs >= MAX_TNEF {
            self.defects.insert(Defect::DepthCut);
            return;
        }
        self.tnefs += 1;
        let level = Level { messages: level.messages + 1, ..level.deeper() };
        let shown = if level.messages > 1 { TextKind::Nested } else { TextKind::Plain };
        let tnef = tnef::read(octets);
        self.note(tnef.broken, Defect::Encoding);
        self.push_text(TextKind::Nested, tnef.subject);
        for body in tnef.bodies {
            match body {
                tnef::Body::Plain(octets, charset) => {
                    self.text(octets, &Parameters::charset(charset), false, shown);
                }
                tnef::Body::Html(octets) => self.text(octets, &Parameters::default(), true, shown),
                tnef::Body::Text(text) => self.plain(shown, text),
                tnef::Body::Markup(source) => self.html(&source, shown),
            }
        }
        for file in tnef.files {
            self.file(&file.name, file.octets, level);
        }
    }

    /// A message within the message.
    fn nested(&mut self, octets: &[u8], level: Level) {
        if level.messages >= MAX_MESSAGES || level.depth >= MAX_DEPTH {
            self.defects.insert(Defect::DepthCut);
            return;
        }
        let head = header::split(octets.trim_ascii_start());
        let hint = hint(&head);
        let mut lines = Vec::new();
        for name in ["from", "subject"] {
            if let Some(raw) = head.first(name) {
                let (value, repaired) = header::unstructured(raw, hint.as_deref());
                self.note(repaired, Defect::Charset);
                lines.push(value);
            }
        }
        if !lines.is_empty() {
            self.push_text(TextKind::Nested, lines.join("\n"));
        }
        self.entity(&head, Level { messages: level.messages + 1, ..level.deeper() });
    }
}

/// The transfer encoding by its name alone, lower case.
fn encoding(head: &Head<'_>) -> String {
    let encoding =
        head.first("content-transfer-encoding").map(|raw| header::text(raw, None).0).unwrap_or_default();
    encoding.split(['(', ';']).next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// True where a file is a page or text that a mail program or browser would show, whatever its declared type.
fn is_readable(media: &str, name: &str, is: Kind, octets: &[u8]) -> bool {
    match is {
        Kind::Html => media.contains("html") || Kind::promised(name) == Kind::Html,
        Kind::Text => is_text(octets),
        _ => false,
    }
}
