//! text/html as a person sees it, what they do not see of it, and its links.
//!
//! One pass over html5ever's tokens, no tree: linear in time, and the only depth is a capped stack.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
};

use super::style::{Look, Style};

/// Elements open at once beyond this are read as if they were not there.
const MAX_OPEN: usize = 256;
/// Attributes of one tag beyond this are read as text.
const MAX_ATTRIBUTES: usize = 256;
/// How far up an end tag looks for its start.
const MAX_CLOSE: usize = 64;

/// A link of an HTML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HtmlLink {
    pub(super) target: String,
    /// Visible text, as a span of [`View::visible`].
    pub(super) text: Range<usize>,
}

/// An HTML text taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct View {
    pub(super) visible: String,
    pub(super) hidden: String,
    pub(super) links: Vec<HtmlLink>,
    /// There were more links than the cap.
    pub(super) links_cut: bool,
}

/// Takes an HTML text apart; at most `max_links` links are kept.
pub(super) fn view(html: &str, max_links: usize) -> View {
    let sink = Sink(RefCell::new(State { max_links, ..State::default() }));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(&tame(html)));
    // The sink asks for nothing that would stop the tokenizer before the end.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut state = tokenizer.sink.0.into_inner();
    state.close_link();
    state.view
}

/// Where the scan of [`tame`] is within a tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scan {
    Text,
    Name,
    Between,
    BeforeValue,
    Bare,
    Quoted(u8),
}

/// Ends a tag after [`MAX_ATTRIBUTES`]. html5ever compares each attribute with all before it, so that one tag of two
/// megaoctets would cost minutes; what comes after is text then, which hides nothing.
fn tame(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut copied, mut count) = (0, 0usize);
    let mut scan = Scan::Text;
    let mut open = false;
    for (at, byte) in html.bytes().enumerate() {
        let blank = byte.is_ascii_whitespace() || byte == b'/';
        scan = match scan {
            Scan::Text if open && (byte.is_ascii_alphabetic() || byte == b'/') => {
                count = 0;
                Scan::Name
            }
            Scan::Text => Scan::Text,
            Scan::Quoted(quote) if byte == quote => Scan::Between,
            Scan::Quoted(_) => scan,
            _ if byte == b'>' => Scan::Text,
            Scan::BeforeValue if byte.is_ascii_whitespace() => scan,
            Scan::BeforeValue if matches!(byte, b'"' | b'\'') => Scan::Quoted(byte),
            Scan::BeforeValue => Scan::Bare,
            Scan::Bare if byte.is_ascii_whitespace() => Scan::Between,
            Scan::Name | Scan::Between if byte == b'=' => Scan::BeforeValue,
            Scan::Name if blank => Scan::Between,
            Scan::Between if !blank => {
                count += 1;
                Scan::Name
            }
            Scan::Bare | Scan::Name | Scan::Between => scan,
        };
        open = byte == b'<';
        if count > MAX_ATTRIBUTES && html.is_char_boundary(at) {
            out.push_str(html.get(copied..at).unwrap_or_default());
            out.push('>');
            (copied, count, scan) = (at, 0, Scan::Text);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

struct Sink(RefCell<State>);

#[derive(Default)]
struct State {
    view: View,
    open: Vec<Open>,
    /// The `<a>` that is open: index of its link, if it was kept, and where its text began.
    link: Option<(Option<usize>, usize)>,
    base: String,
    style_seen: bool,
    max_links: usize,
    /// Text of `<style>`, `<script>`, `<title>`, ...: seen by nobody.
    raw: bool,
}

struct Open {
    name: String,
    look: Look,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                return match tag.kind {
                    TagKind::StartTag => state.start(&tag),
                    TagKind::EndTag => {
                        state.end(&tag.name);
                        TokenSinkResult::Continue
                    }
                };
            }
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn look(&self) -> Look {
        self.open.last().map_or_else(Look::default, |open| open.look)
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let raw = match name {
            "script" => Some(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
            "title" | "textarea" => Some(RawKind::Rcdata),
            _ => None,
        };
        self.style_seen |= name == "style";
        if is_block(name) {
            self.break_line();
        }
        let style = Style::of(|key| attr(tag, key), self.style_seen);
        let look = self.look().within(&style);
        match name {
            "a" => {
                self.close_link();
                let at = attr(tag, "href").map(|href| self.push_link(href));
                self.link = Some((at.flatten(), self.view.visible.len()));
            }
            "area" | "form" | "iframe" => {
                if let Some(target) = attr(
                    tag,
                    if name == "form" {
                        "action"
                    } else if name == "area" {
                        "href"
                    } else {
                        "src"
                    },
                ) {
                    self.push_link(target);
                }
            }
            "base" if self.base.is_empty() => {
                attr(tag, "href").unwrap_or_default().clone_into(&mut self.base);
            }
            "meta" => {
                let refresh = attr(tag, "http-equiv").is_some_and(|v| v.eq_ignore_ascii_case("refresh"));
                if refresh && let Some((_, target)) = attr(tag, "content").and_then(|v| v.split_once('=')) {
                    self.push_link(target.trim_matches([' ', '\'', '"']));
                }
            }
            "img" => {
                if let Some(alt) = attr(tag, "alt") {
                    self.put(alt, look.hidden());
                }
            }
            "input" => {
                let shown = attr(tag, "type")
                    .is_some_and(|t| matches!(t.to_ascii_lowercase().as_str(), "submit" | "button"));
                if shown && let Some(value) = attr(tag, "value") {
                    self.put(value, look.hidden());
                }
            }
            "td" | "th" => self.put(" ", look.hidden()),
            _ => {}
        }
        if let Some(kind) = raw {
            self.raw = true;
            return TokenSinkResult::RawData(kind);
        }
        if !is_void(name) && !tag.self_closing && self.open.len() < MAX_OPEN {
            self.open.push(Open { name: name.to_owned(), look });
        }
        TokenSinkResult::Continue
    }

    fn end(&mut self, name: &str) {
        if self.raw {
            self.raw = false;
            return;
        }
        if is_block(name) {
            self.break_line();
        }
        if name == "a" {
            self.close_link();
        }
        let above = self.open.iter().rev().take(MAX_CLOSE).position(|open| open.name == name);
        if let Some(above) = above {
            self.open.truncate(self.open.len() - above - 1);
        }
    }

    fn text(&mut self, text: &str) {
        if !self.raw {
            let hidden = self.look().hidden();
            self.put(text, hidden);
        }
    }

    /// Adds text, white space runs closed up.
    fn put(&mut self, text: &str, hidden: bool) {
        let out = if hidden { &mut self.view.hidden } else { &mut self.view.visible };
        let mut space = out.is_empty() || out.ends_with([' ', '\n']);
        for ch in text.chars() {
            if matches!(ch, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                if !space {
                    out.push(' ');
                    space = true;
                }
            } else {
                out.push(ch);
                space = false;
            }
        }
    }

    fn break_line(&mut self) {
        for out in [&mut self.view.visible, &mut self.view.hidden] {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
        }
    }

    fn push_link(&mut self, target: &str) -> Option<usize> {
        if self.view.links.len() >= self.max_links {
            self.view.links_cut = true;
            return None;
        }
        let relative = !self.base.is_empty()
            && !target.contains(':')
            && !target.starts_with("//")
            && !target.starts_with('#')
            && !target.is_empty();
        let target = if relative {
            format!("{}/{}", self.base.trim_end_matches('/'), target.trim_start_matches('/'))
        } else {
            target.to_owned()
        };
        let here = self.view.visible.len();
        self.view.links.push(HtmlLink { target, text: here..here });
        Some(self.view.links.len() - 1)
    }

    fn close_link(&mut self) {
        let here = self.view.visible.len();
        if let Some((Some(at), from)) = self.link.take()
            && let Some(link) = self.view.links.get_mut(at)
        {
            link.text = from..here;
        }
    }
}

fn attr<'t>(tag: &'t Tag, key: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == key).map(|attribute| &*attribute.value)
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "blockquote"
            | "br"
            | "center"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
            | "ul"
    )
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_hidden_links() {
        let view = view(
            "<html><head><title>t</title><style>p{color:red}</style><base href='https://base.example/'></head>\
             <body><script>var x = '<p>no</p>';</script><p>最終&#36890;告<br>二行 &amp; 目</p>\
             <div style='display:none'>隠<b>し</b></div><span style=\"font-size:0px\">zero<i style='font-size:14px'>big</i></span>\
             <a href=\"https://a.example/?a=1&amp;b=2\">押<b>す</b></a><a href=x.html>rel</a>\
             <form action='https://f.example/'><input type=submit value=送信></form><img alt='絵' src=x>\
             <div bgcolor='#ffffff'><font color=white>white</font></div></body>",
            10,
        );
        assert_eq!(view.visible.trim_end(), "最終通告\n二行 & 目\nbig押すrel\n送信\n絵");
        assert_eq!(view.hidden.split_whitespace().collect::<String>(), "隠しzerowhite");
        let links: Vec<_> = view
            .links
            .iter()
            .map(|l| (l.target.as_str(), view.visible.get(l.text.clone()).unwrap()))
            .collect();
        assert_eq!(
            links,
            [
                ("https://a.example/?a=1&b=2", "押す"),
                ("https://base.example/x.html", "rel"),
                ("https://f.example/", "")
            ]
        );
    }

    #[test]
    fn deep_and_broken() {
        let deep = "<div>".repeat(200_000) + "深" + &"</b></div>".repeat(200_000);
        assert_eq!(view(&deep, 10).visible.trim(), "深");
        for broken in [
            "<",
            "<a",
            "<a href",
            "<a href='",
            "</",
            "<!--",
            "<![CDATA[",
            "&#",
            "<style>x",
            "\0<p\0>\0",
            "<title>",
        ] {
            let _ = view(broken, 10);
        }
        assert!(view(&"<a href=x>".repeat(11), 10).links_cut);
    }

    #[test]
    fn one_tag_of_many_attributes() {
        let mut tag = String::from("<p>前</p><a href=\"https://a.example/?x=1 y/2'3\" ");
        for n in 0..200_000 {
            let attribute =
                format!("{}{n}{}", ["x", "'", "y=", "/z"][n % 4], [" ", "/", "=' '", "=\"/\""][n / 4 % 4]);
            tag.push_str(&attribute);
        }
        tag.push_str(">後</a>");
        let view = view(&tag, 10);
        assert!(view.visible.starts_with("前") && view.visible.trim_end().ends_with("後"));
        assert_eq!(view.links[0].target, "https://a.example/?x=1 y/2'3");
        let image = format!("<img src='data:image/png;base64,{}' alt=絵>", "AAAA/".repeat(1000));
        assert!(matches!(tame(&image), Cow::Borrowed(_)));
    }
}
