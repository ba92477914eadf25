//! Octets to [`Message`]. Total: every cut and every repair is a [`Defect`].

use std::collections::BTreeSet;

use super::header::{self, Head};
use super::image::{self, Budget};
use super::param::Parameters;
use super::{Address, Attachment, Code, Defect, Make, Message, Origin, Place, Text, TextKind, TextView};
use super::{address, attachment, authentication, charset, html, link, mime, qr};

/// How deep message/rfc822 is followed.
const MAX_MESSAGES: usize = 16;
/// How deep all nesting is followed, multiparts included.
const MAX_DEPTH: usize = 48;
/// Parts of all levels.
const MAX_PARTS: usize = 1_000;
/// Octets of one text, in UTF-8.
const MAX_TEXT: usize = 1024 * 1024;
/// Octets of one HTML source, of which text is only a part.
const MAX_HTML: usize = 2 * MAX_TEXT;
/// Octets of all texts.
const MAX_TEXTS: usize = 4 * MAX_TEXT;
/// Links of all texts.
const MAX_LINKS: usize = 2_000;
/// Charset labels that are kept.
const MAX_CHARSETS: usize = 16;
/// QR codes of all images.
const MAX_CODES: usize = 16;
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
    walk.note(walk.images.cut, Defect::ImagesCut);
    walk.message.defects = walk.defects.into_iter().collect();
    walk.message
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
struct Walk {
    message: Message,
    defects: BTreeSet<Defect>,
    parts: usize,
    text_octets: usize,
    decoded: usize,
    images: Budget,
}

/// The charset that raw octets of header fields most likely are in.
fn hint(head: &Head<'_>) -> Option<String> {
    let raw = head.first("content-type")?;
    Parameters::parse(raw, None).get("charset").map(str::to_owned)
}

impl Walk {
    fn note(&mut self, condition: bool, defect: Defect) {
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
                "subject" if message.subject.is_empty() => message.subject = Text::new(&value),
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
        if media.starts_with("multipart/")
            && let Some(boundary) = kind.get("boundary")
        {
            let left = MAX_PARTS - self.parts;
            let (parts, cut) = mime::split(head.body, boundary, left);
            if !parts.is_empty() {
                self.note(cut, Defect::PartsCut);
                self.multipart(&parts, media == "multipart/digest", level);
                return;
            }
        }
        self.leaf(head, &kind, media, level);
    }

    fn multipart(&mut self, parts: &[&[u8]], digest: bool, level: Level) {
        if level.depth >= MAX_DEPTH {
            self.defects.insert(Defect::DepthCut);
            return;
        }
        for part in parts {
            // A part without fields begins with a blank line; without that as well it is all body.
            let head = header::split(part);
            self.entity(&head, Level { digest, ..level.deeper() });
        }
    }

    fn leaf(&mut self, head: &Head<'_>, kind: &Parameters, media: &str, level: Level) {
        let encoding = head.first("content-transfer-encoding").map(|raw| header::text(raw, None).0);
        let encoding = encoding
            .unwrap_or_default()
            .split(['(', ';'])
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        if self.decoded > MAX_DECODED {
            self.defects.insert(Defect::PartsCut);
            return;
        }
        let (octets, broken) = mime::decode(head.body, &encoding);
        self.note(broken, Defect::Encoding);
        if let std::borrow::Cow::Owned(decoded) = &octets {
            self.decoded = self.decoded.saturating_add(decoded.len());
        }
        let disposition =
            head.first("content-disposition").map(|raw| Parameters::parse(raw, None)).unwrap_or_default();
        self.note(disposition.repaired, Defect::Charset);
        let name = disposition.get("filename").or_else(|| kind.get("name")).unwrap_or_default();
        let attached = disposition.value == "attachment";
        let text = media.starts_with("text/") || !media.contains('/') || media.starts_with("multipart/");
        let message = matches!(media, "message/rfc822" | "message/global" | "message/news");
        if attached || !text || !name.is_empty() {
            self.attach(name, media, &octets, message);
        }
        if message {
            self.nested(&octets, level);
        } else if text || (attached_text(media, name, &octets) && attached) {
            let kind_of_text =
                if attached || level.messages > 0 { TextKind::Nested } else { TextKind::Plain };
            let is_html = matches!(media, "text/html" | "text/x-amp-html")
                || (kind_of_text == TextKind::Nested && attachment::sniff(&octets) == "html");
            self.text(&octets, kind.get("charset"), is_html, kind_of_text);
        }
    }

    /// Keeps a charset label as it is declared.
    fn label(&mut self, label: &str) {
        let label = label.trim_matches(['"', ' ']).to_ascii_lowercase();
        let charsets = &mut self.message.charsets;
        if (1..=40).contains(&label.len())
            && charsets.len() < MAX_CHARSETS
            && let Err(at) = charsets.binary_search(&label)
        {
            charsets.insert(at, label);
        }
    }

    /// The labels of the encoded-words of a field (RFC 2047 §2).
    fn labels(&mut self, raw: &[u8]) {
        let raw = String::from_utf8_lossy(raw);
        for word in raw.split("=?").skip(1) {
            if let Some((label, _)) = word.split_once('?') {
                self.label(label.split('*').next().unwrap_or_default());
            }
        }
    }

    fn attach(&mut self, name: &str, media: &str, octets: &[u8], message: bool) {
        let sniffed = if message { "eml" } else { attachment::sniff(octets) };
        let (encrypted, members) = attachment::look_inside(sniffed, octets);
        self.message.attachments.push(Attachment {
            name: Text::new(name),
            declared: media.to_owned(),
            sniffed,
            size: octets.len(),
            encrypted,
            members,
        });
        if image::is_known(sniffed) || sniffed == "svg" {
            let codes = if sniffed == "svg" {
                qr::in_svg(octets, &mut self.images)
            } else {
                qr::in_image(sniffed, octets, &mut self.images)
            };
            self.codes(&codes, &Place::Attachment(self.message.attachments.len()), Make::Image);
        }
    }

    /// What QR codes say: a text each, and where it is or holds a URL, a link as well.
    fn codes(&mut self, contents: &[Vec<u8>], carrier: &Place, make: Make) {
        for content in contents {
            if self.message.codes.len() >= MAX_CODES {
                self.images.cut = true;
                return;
            }
            let content = charset::decode(content, None).text;
            let before = self.message.links.len();
            if link::is_whole(&content) {
                self.push_link(&content, Text::default());
            } else {
                for span in link::bare(&content) {
                    self.push_link(content.get(span).unwrap_or_default(), Text::default());
                }
            }
            for link in self.message.links.iter_mut().skip(before) {
                link.origin = Origin::Code;
            }
            let texts = self.message.texts.len();
            self.push_text(TextKind::Code, content.into_owned());
            if self.message.texts.len() > texts {
                let text = self.message.texts.len();
                self.message.codes.push(Code { carrier: carrier.clone(), make, text });
            }
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

    fn text(&mut self, octets: &[u8], declared: Option<&str>, is_html: bool, kind: TextKind) {
        let most = if is_html { MAX_HTML } else { MAX_TEXT };
        let some = octets.get(..most).unwrap_or(octets);
        self.note(some.len() < octets.len(), Defect::TextCut);
        if let Some(label) = declared {
            self.label(label);
        }
        let decoded = charset::decode(some, declared);
        self.note(decoded.repaired, Defect::Charset);
        if is_html {
            self.html(&decoded.text, kind);
        } else {
            for span in link::bare(&decoded.text) {
                self.push_link(decoded.text.get(span).unwrap_or_default(), Text::default());
            }
            let drawn = qr::in_text(&decoded.text, &mut self.images);
            self.push_text(kind, decoded.text.into_owned());
            self.codes(&drawn, &Place::Text(self.message.texts.len()), Make::Drawn);
        }
    }

    fn html(&mut self, source: &str, kind: TextKind) {
        let left = MAX_LINKS.saturating_sub(self.message.links.len());
        let view = html::view(source, left);
        self.note(view.links_cut, Defect::LinksCut);
        for link in &view.links {
            let text = view.visible.get(link.text.clone()).unwrap_or_default();
            self.push_link(&link.target, Text::new(text.trim()));
        }
        // A URL that is only written is a link as well: mail programs make it one.
        let mut links = view.links.iter().map(|link| &link.text).filter(|span| !span.is_empty()).peekable();
        for span in link::bare(&view.visible) {
            while links.peek().is_some_and(|link| link.end <= span.start) {
                links.next();
            }
            if links.peek().is_none_or(|link| link.start >= span.end) {
                self.push_link(view.visible.get(span).unwrap_or_default(), Text::default());
            }
        }
        let seen = if kind == TextKind::Plain { TextKind::Html } else { kind };
        let texts = self.message.texts.len();
        self.push_text(seen, view.visible.trim_end().to_owned());
        let carrier = if self.message.texts.len() > texts { Place::Text(texts + 1) } else { Place::Message };
        if !view.hidden.trim().is_empty() {
            self.push_text(TextKind::Hidden, view.hidden.trim_end().to_owned());
        }
        let drawn = view.canvas.codes(&mut self.images);
        self.codes(&drawn, &carrier, Make::Drawn);
        for uri in &view.embedded {
            let embedded = qr::in_uri(uri, &mut self.images);
            self.codes(&embedded, &carrier, Make::Embedded);
        }
        // Interactive mail (AMP) has scripts and forms by design, and runs in a frame of its own.
        let head = source.get(..source.floor_char_boundary(512)).unwrap_or_default();
        let amp = ["amp4email", "\u{26A1}4email"].iter().any(|word| head.contains(word));
        if kind == TextKind::Plain && !amp {
            self.message.markup.absorb(view.markup);
        }
    }

    fn push_link(&mut self, target: &str, text: Text) {
        if self.message.links.len() >= MAX_LINKS {
            self.defects.insert(Defect::LinksCut);
        } else {
            self.message.links.push(link::link(target, text));
        }
    }

    fn push_text(&mut self, kind: TextKind, mut text: String) {
        let left = MAX_TEXT.min(MAX_TEXTS - self.text_octets.min(MAX_TEXTS));
        if text.len() > left {
            self.defects.insert(Defect::TextCut);
            text.truncate(text.floor_char_boundary(left));
        }
        self.text_octets += text.len();
        if !text.is_empty() {
            self.message.texts.push(TextView { kind, text: Text::from_string(text) });
        }
    }
}

/// True where an attached file is text that a mail program or browser would show, whatever its declared type.
fn attached_text(media: &str, name: &str, octets: &[u8]) -> bool {
    let html = attachment::sniff(octets) == "html";
    let lower = name.to_ascii_lowercase();
    html && (media.contains("html")
        || [".htm", ".html", ".xhtml", ".shtml"].iter().any(|end| lower.ends_with(end)))
}
