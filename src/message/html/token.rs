//! Tags and text of an HTML source, as html5ever's tokenizer tells them (WHATWG HTML §13.2.5), for what mail is made of.
//!
//! html5ever takes most of its input character by character, copies each into a buffer and each name into a table of names;
//! that was a third of what parsing cost. Here a tag is a slice of the source. What is rare and takes many states is left to
//! html5ever: scripts with comments in them, NUL, and whatever a source ends within. Tests hold both to the same tokens, down
//! to where a text is cut, because what is hidden between two texts is counted.

mod reference;

use std::borrow::Cow;

use reference::Reference;

/// Takes tokens.
pub(super) trait Sink {
    /// The start of an element; says whether its content is no markup.
    fn start(&mut self, tag: &Tag<'_>) -> Option<Content>;
    /// The end of an element of this name.
    fn end(&mut self, name: &str);
    /// Text, as it is read.
    fn text(&mut self, text: &str);
}

/// How the content of an element is read that is no markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Script,
    /// As it stands.
    Raw,
    /// With character references.
    Escapable,
}

/// A tag; names in small letters.
#[derive(Debug, Default)]
pub(super) struct Tag<'a> {
    pub(super) name: Cow<'a, str>,
    /// Names and values, each name once.
    pub(super) attrs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(super) self_closing: bool,
}

/// The name of the element whose content may hold what looks like its end and is not.
const SCRIPT: &str = "script";

/// Reads a source up to where only html5ever can read on, and gives what is left: it begins outside of any tag.
pub(super) fn read<'a>(html: &'a str, sink: &mut impl Sink) -> &'a str {
    if memchr::memchr(0, html.as_bytes()).is_some() {
        return html;
    }
    let at = if html.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { html, at, edge: 0, single: false, tag: Tag::default() };
    while let Some(octet) = reader.octet(reader.at) {
        if reader.next(octet, sink).is_none() {
            return html.get(reader.at..).unwrap_or_default();
        }
    }
    ""
}

struct Reader<'a> {
    html: &'a str,
    at: usize,
    /// A text ends here at the latest: what was read for a character reference and was none.
    edge: usize,
    /// The next character is a text of its own.
    single: bool,
    tag: Tag<'a>,
}

impl<'a> Reader<'a> {
    fn octet(&self, at: usize) -> Option<u8> {
        self.html.as_bytes().get(at).copied()
    }

    fn rest(&self, at: usize) -> &'a str {
        self.html.get(at..).unwrap_or_default()
    }

    /// One token, of which this is the first octet. None where html5ever has to go on.
    fn next(&mut self, octet: u8, sink: &mut impl Sink) -> Option<()> {
        let single = std::mem::take(&mut self.single);
        match octet {
            b'<' => return self.markup(sink),
            b'&' => {
                let read = Reference::read(self.rest(self.at + 1), false);
                for ch in read.chars.into_iter().flatten() {
                    sink.text(ch.encode_utf8(&mut [0; 4]));
                }
                self.at += 1 + read.long;
                self.edge = self.at + read.looked_at;
            }
            b'\r' | b'\n' => {
                sink.text("\n");
                self.at += 1;
                if octet == b'\r' {
                    self.at += usize::from(self.octet(self.at) == Some(b'\n'));
                    self.single = true;
                }
            }
            _ => {
                let rest = self.rest(self.at);
                let long = if single {
                    rest.chars().next().map_or(1, char::len_utf8)
                } else {
                    let most = if self.edge > self.at { self.edge - self.at } else { rest.len() };
                    let some = rest.as_bytes().get(..most).unwrap_or(rest.as_bytes());
                    memchr::memchr3(b'<', b'&', b'\r', some).unwrap_or(some.len())
                };
                sink.text(rest.get(..long).unwrap_or(rest));
                self.at += long;
            }
        }
        Some(())
    }

    /// What begins with `<`.
    fn markup(&mut self, sink: &mut impl Sink) -> Option<()> {
        match self.octet(self.at + 1)? {
            b'!' if self.rest(self.at + 2).starts_with("--") => self.at = self.comment_end(self.at + 4)?,
            // A document type or a bogus comment.
            b'!' | b'?' => self.at = self.behind(self.at + 2, b'>')?,
            b'/' => match self.octet(self.at + 2)? {
                first if first.is_ascii_alphabetic() => {
                    self.at = self.tag(self.at + 2)?;
                    sink.end(&self.tag.name);
                }
                _ => self.at = self.behind(self.at + 2, b'>')?,
            },
            first if first.is_ascii_alphabetic() => {
                let end = self.tag(self.at + 1)?;
                if self.tag.name == SCRIPT && !self.is_plain_script(end) {
                    return None;
                }
                self.at = end;
                if sink.start(&self.tag).is_some() {
                    self.content(sink);
                }
            }
            _ => {
                sink.text("<");
                self.at += 1;
                self.single = true;
            }
        }
        Some(())
    }

    /// The octet behind the next of this one.
    fn behind(&self, at: usize, octet: u8) -> Option<usize> {
        memchr::memchr(octet, self.rest(at).as_bytes()).map(|long| at + long + 1)
    }

    /// The octet behind a comment whose text begins at `at`.
    fn comment_end(&self, at: usize) -> Option<usize> {
        let body = self.rest(at);
        for abrupt in [">", "->"] {
            if body.starts_with(abrupt) {
                return Some(at + abrupt.len());
            }
        }
        let mut from = 0;
        loop {
            let dashes = from + body.get(from..)?.find("--")?;
            let behind = body.get(dashes + 2..)?;
            for end in [">", "!>"] {
                if behind.starts_with(end) {
                    return Some(at + dashes + 2 + end.len());
                }
            }
            from = dashes + 1;
        }
    }

    /// Reads a tag whose name begins at `at`; gives the octet behind it.
    fn tag(&mut self, at: usize) -> Option<usize> {
        let mut at = at;
        let long = self.until(at, |octet| is_space(octet) || matches!(octet, b'/' | b'>'))?;
        self.tag.name = lower(self.rest(at).get(..long)?);
        self.tag.attrs.clear();
        self.tag.self_closing = false;
        at += long;
        loop {
            at += self.until(at, |octet| !is_space(octet))?;
            match self.octet(at)? {
                b'>' => return Some(at + 1),
                b'/' => {
                    at += 1;
                    if self.octet(at)? == b'>' {
                        self.tag.self_closing = true;
                        return Some(at + 1);
                    }
                }
                // Even `=`, where a name is expected.
                _ => at = self.attribute(at)?,
            }
        }
    }

    /// Reads an attribute; gives the octet behind it.
    fn attribute(&mut self, at: usize) -> Option<usize> {
        let long = 1 + self.until(at + 1, |octet| is_space(octet) || matches!(octet, b'/' | b'>' | b'='))?;
        let name = lower(self.rest(at).get(..long)?);
        let mut at = at + long;
        let mut value = Cow::Borrowed("");
        let sign = at + self.until(at, |octet| !is_space(octet))?;
        if self.octet(sign)? == b'=' {
            at = sign + 1;
            at += self.until(at, |octet| !is_space(octet))?;
            match self.octet(at)? {
                b'>' => {}
                quote @ (b'"' | b'\'') => {
                    let end = self.behind(at + 1, quote)?;
                    value = plain(self.html.get(at + 1..end - 1)?);
                    at = end;
                }
                _ => {
                    let long = self.until(at, |octet| is_space(octet) || octet == b'>')?;
                    value = plain(self.rest(at).get(..long)?);
                    at += long;
                }
            }
        }
        if self.tag.attrs.iter().all(|(known, _)| *known != name) {
            self.tag.attrs.push((name, value));
        }
        Some(at)
    }

    /// How many octets stand before one of these; none where there is none.
    fn until(&self, at: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
        self.html.as_bytes().get(at..)?.iter().position(|octet| is(*octet))
    }

    /// The content of the element that was read last, which is no markup, and its end.
    fn content(&mut self, sink: &mut impl Sink) {
        let from = self.at;
        let end = self.content_end(from);
        sink.text(&lines(self.html.get(from..end.unwrap_or(self.html.len())).unwrap_or_default()));
        match end.and_then(|end| self.tag(end + 2)) {
            Some(behind) => {
                self.at = behind;
                sink.end(&self.tag.name);
            }
            None => self.at = self.html.len(),
        }
    }

    /// Where the `</` of that end stands.
    fn content_end(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at += self.rest(at).find("</")?;
            let name = self.html.as_bytes().get(at + 2..at + 2 + self.tag.name.len())?;
            let behind = self.octet(at + 2 + name.len())?;
            if name.eq_ignore_ascii_case(self.tag.name.as_bytes())
                && (is_space(behind) || matches!(behind, b'/' | b'>'))
            {
                return Some(at);
            }
            at += 2;
        }
    }

    /// Whether a script ends at its first end tag.
    fn is_plain_script(&self, from: usize) -> bool {
        self.content_end(from)
            .and_then(|end| self.html.get(from..end))
            .is_some_and(|script| !script.contains("<!--"))
    }
}

/// White space of HTML; a carriage return becomes a line feed before anything else.
fn is_space(octet: u8) -> bool {
    matches!(octet, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ')
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|octet| octet.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Line ends as line feeds.
fn lines(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The value of an attribute: line ends as line feeds, character references read.
fn plain(value: &str) -> Cow<'_, str> {
    let mut rest = value;
    let mut out = String::new();
    while let Some(at) = memchr::memchr2(b'&', b'\r', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = from.get(1..).unwrap_or_default();
        if from.starts_with('&') {
            let read = Reference::read(rest, true);
            out.extend(read.chars.into_iter().flatten());
            rest = rest.get(read.long..).unwrap_or_default();
        } else {
            out.push('\n');
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
    }
    if rest.len() == value.len() {
        return Cow::Borrowed(value);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests;
