//! What the walk over the parts gathers: texts, links, files, codes; each within its cap.

use super::attachment::Inspection;
use super::param::Parameters;
use super::parse::{MAX_CODES, MAX_HTML, MAX_LINKS, MAX_SOURCES, MAX_TEXT, MAX_TEXTS, Walk};
use super::{Attachment, Code, Defect, Kind, Make, Origin, Place, Text, TextKind, TextView};
use super::{attachment, charset, flowed, html, image, link, qr};

/// Charset labels that are kept.
const MAX_CHARSETS: usize = 16;

impl Walk {
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
    pub(super) fn labels(&mut self, raw: &[u8]) {
        let raw = String::from_utf8_lossy(raw);
        for word in raw.split("=?").skip(1) {
            if let Some((label, _)) = word.split_once('?') {
                self.label(label.split('*').next().unwrap_or_default());
            }
        }
    }

    pub(super) fn attach(&mut self, name: &str, media: &str, octets: &[u8], message: bool) -> Kind {
        let seen = if message {
            Inspection { kind: Kind::Eml, ..Inspection::default() }
        } else {
            attachment::inspect(octets, name, media, &mut self.budget)
        };
        for target in seen.targets.iter().filter(|target| !target.starts_with("mailto:")) {
            self.push_link(target, Text::default());
        }
        // A calendar shows an entry by itself; a document wants to be opened.
        let text = if seen.kind == Kind::Ics { TextKind::Plain } else { TextKind::Nested };
        let texts = self.message.texts.len();
        self.plain(text, seen.text);
        self.message.attachments.push(Attachment {
            name: Text::new(name),
            declared: media.to_owned(),
            kind: seen.kind,
            features: seen.features,
            size: octets.len(),
            encrypted: seen.encrypted,
            members: seen.members,
            targets: seen.targets,
            text: (self.message.texts.len() > texts).then_some(texts + 1),
        });
        let is = seen.kind;
        let mut codes = match is {
            Kind::Svg => qr::in_svg(octets, &mut self.images),
            Kind::Pdf => qr::in_pdf(octets, &mut self.images),
            _ if image::is_known(is.name()) => qr::in_image(is.name(), octets, &mut self.images),
            _ => Vec::new(),
        };
        for picture in &seen.pictures {
            codes.extend(qr::in_image(attachment::sniff(picture), picture, &mut self.images));
        }
        self.codes(&codes, &Place::Attachment(self.message.attachments.len()), Make::Image);
        is
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

    /// Text in a charset that `field`, its Content-Type, may name.
    pub(super) fn text(&mut self, octets: &[u8], field: &Parameters, is_html: bool, kind: TextKind) {
        let most = if is_html { MAX_HTML } else { MAX_TEXT }.min(MAX_SOURCES - self.sources);
        let some = octets.get(..most).unwrap_or(octets);
        self.note(some.len() < octets.len(), Defect::TextCut);
        self.sources += some.len();
        if let Some(label) = field.get("charset") {
            self.label(label);
        }
        let decoded = charset::decode(some, field.get("charset"));
        self.note(decoded.repaired, Defect::Charset);
        let other = charset::second(some, field.get("charset"), &decoded.text);
        if is_html {
            self.html(&decoded.text, kind);
        } else {
            let flowed = field.get("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
            let text = if flowed {
                let delete = field.get("delsp").is_some_and(|value| value.eq_ignore_ascii_case("yes"));
                flowed::unfold(&decoded.text, delete)
            } else {
                decoded.text.into_owned()
            };
            self.plain(kind, text);
        }
        if let Some(other) = other {
            if is_html { self.html(&other, kind) } else { self.plain(kind, other) }
        }
    }

    /// Plain text, in which a mail program makes links of what looks like one.
    pub(super) fn plain(&mut self, kind: TextKind, text: String) {
        for span in link::bare(&text) {
            self.push_link(text.get(span).unwrap_or_default(), Text::default());
        }
        let drawn = qr::in_text(&text, &mut self.images);
        self.push_text(kind, text);
        self.codes(&drawn, &Place::Text(self.message.texts.len()), Make::Drawn);
    }

    pub(super) fn html(&mut self, source: &str, kind: TextKind) {
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
        self.codes(&view.ordered, &carrier, Make::Ordered);
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

    pub(super) fn push_text(&mut self, kind: TextKind, mut text: String) {
        let left = MAX_TEXT.min(MAX_TEXTS - self.text_octets.min(MAX_TEXTS));
        if text.len() > left {
            self.defects.insert(Defect::TextCut);
            text.truncate(text.floor_char_boundary(left));
        }
        // A text that was cut, or put together bit by bit, stays for as long as the message does.
        text.shrink_to_fit();
        self.text_octets += text.len();
        if !text.is_empty() {
            self.message.texts.push(TextView { kind, text: Text::from_string(text) });
        }
    }
}
