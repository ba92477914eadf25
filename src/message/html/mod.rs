//! text/html as a person sees it, what they do not see of it, and its links.
//!
//! One pass over the tokens (`token`; what is rare `rest`, by html5ever), no tree: linear in time, and the only depth is a
//! capped stack.

mod content;
mod names;
mod rest;
mod token;

use std::ops::Range;

use super::Markup;
use super::qr::Canvas;
use super::sheet::Sheet;
use super::style::{Look, Style};
use super::tame::tame;
use content::{attr, cell};
use names::{is_block, is_void};
use token::{Content, Sink, Tag};

/// Elements open at once beyond this are read as if they were not there.
const MAX_OPEN: usize = 256;
/// How far up an end tag looks for its start.
const MAX_CLOSE: usize = 64;
/// Images within the source that are kept, and octets of all.
const MAX_EMBEDDED: usize = 24;
/// An attribute shorter than this holds no image.
const MIN_EMBEDDED: usize = 80;

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
    pub(super) markup: Markup,
    /// What is drawn with characters and boxes.
    pub(super) canvas: Canvas,
    /// `data:` URIs of images, as written.
    pub(super) embedded: Vec<String>,
    /// What the codes say that services are asked to make.
    pub(super) ordered: Vec<Vec<u8>>,
}

/// Takes an HTML text apart; at most `max_links` links are kept.
pub(super) fn view(html: &str, max_links: usize) -> View {
    let state = read(html, State { max_links, ..State::default() });
    if !state.late_sheet {
        return state.view;
    }
    // A sheet that comes after the text it is for.
    read(html, State { max_links, sheet: state.sheet, ..State::default() }).view
}

fn read(html: &str, mut state: State) -> State {
    let html = tame(html);
    let left = token::read(&html, &mut state);
    if !left.is_empty() {
        state = rest::read(left, state);
    }
    state.close_link();
    state.view.canvas.finish();
    state
}

#[derive(Default)]
struct State {
    view: View,
    open: Vec<Open>,
    /// The `<a>` that is open: index of its link, if it was kept, and where its text began.
    link: Option<(Option<usize>, usize)>,
    base: String,
    sheet: Sheet,
    late_sheet: bool,
    max_links: usize,
    /// Within `<style>`, `<script>`, `<title>`, ...: seen by nobody.
    raw: Option<Raw>,
    /// Hidden text was put right after a letter, and nothing visible since.
    wedge: bool,
}

/// An element whose content is no markup.
#[derive(Clone, PartialEq, Eq)]
enum Raw {
    /// A style sheet, as far as it was read.
    Sheet(String),
    Other,
}

struct Open {
    name: Box<str>,
    look: Look,
    /// What it would be in a drawing, as long as it has no content: whether it is dark, and how many modules wide.
    cell: Option<(bool, u16)>,
}

impl Sink for State {
    fn start(&mut self, tag: &Tag<'_>) -> Option<Content> {
        let name: &str = &tag.name;
        let raw = match name {
            "script" => Some(Content::Script),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(Content::Raw),
            "title" | "textarea" => Some(Content::Escapable),
            _ => None,
        };
        if is_block(name) {
            self.break_line();
        }
        let style = self.style(tag);
        let look = self.look().within(&style);
        self.embedded(tag);
        self.view.markup.element(name, |key| attr(tag, key), &style, look);
        self.content(tag, name, &style, look);
        if raw.is_some() {
            self.raw = Some(if name == "style" { Raw::Sheet(String::new()) } else { Raw::Other });
            return raw;
        }
        if !is_void(name) && !tag.self_closing && self.open.len() < MAX_OPEN {
            let cell = cell(tag, name, &style, look);
            if let Some(around) = self.open.last_mut() {
                around.cell = None;
            }
            self.open.push(Open { name: name.into(), look, cell });
        }
        None
    }

    fn end(&mut self, name: &str) {
        if let Some(raw) = self.raw.take() {
            if let Raw::Sheet(css) = raw {
                self.late_sheet |= !self.view.visible.trim().is_empty() && !css.trim().is_empty();
                self.embedded_in(&css);
                self.sheet.add(&css);
            }
            return;
        }
        if is_block(name) {
            self.break_line();
        }
        if name == "a" {
            self.close_link();
        }
        let above = self.open.iter().rev().take(MAX_CLOSE).position(|open| &*open.name == name);
        if let Some(above) = above {
            let at = self.open.len() - above - 1;
            match self.open.get(at).and_then(|open| open.cell) {
                Some((dark, wide)) if above == 0 => self.view.canvas.cell(dark, wide),
                // What has something in it ends a row of boxes; `</tbody>` and the like find none.
                _ if !matches!(name, "td" | "th") => self.view.canvas.row_end(),
                _ => {}
            }
            self.open.truncate(at);
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.raw {
            Some(Raw::Sheet(css)) => css.push_str(text),
            Some(Raw::Other) => {}
            None => {
                let look = self.look();
                if !look.gone() {
                    self.view.canvas.text(text, look);
                }
                if let Some(around) = self.open.last_mut()
                    && around.cell.is_some()
                    && !text.trim().is_empty()
                {
                    around.cell = None;
                }
                self.put(text, look);
            }
        }
    }
}

impl State {
    fn look(&self) -> Look {
        self.open.last().map_or_else(Look::default, |open| open.look)
    }

    /// What the element's attributes and the sheets say of it, the last word last (CSS Cascading 4 §6).
    fn style(&self, tag: &Tag<'_>) -> Style {
        let mut style =
            if tag.attrs.is_empty() { Style::default() } else { Style::of_attributes(|key| attr(tag, key)) };
        if &*tag.name == "pre" {
            style.overlay(&Style::of_declarations("white-space:pre").0);
        }
        let (class, id) = (attr(tag, "class"), attr(tag, "id"));
        let mut important = Style::default();
        if !self.sheet.is_empty() || self.sheet.unread_ground {
            if self.sheet.unread_ground && (class.is_some() || id.is_some()) {
                style.forget_ground();
            }
            let said = self.sheet.style(&tag.name, class, id);
            style.overlay(&said.0);
            important = said.1;
        }
        if let Some(inline) = attr(tag, "style") {
            let said = Style::of_declarations(inline);
            style.overlay(&said.0);
            important.overlay(&said.1);
        }
        // `<noscript>` is shown where mail is read: nothing runs scripts there.
        if &*tag.name == "template" {
            style.overlay(&Style::of_declarations("display:none").0);
        }
        style.overlay(&important);
        style
    }

    /// Adds text, white space runs closed up.
    fn put(&mut self, text: &str, look: Look) {
        let hidden = look.hidden();
        self.wedge(text, hidden);
        let out = if hidden { &mut self.view.hidden } else { &mut self.view.visible };
        let mut space = out.is_empty() || out.ends_with([' ', '\n']);
        let mut rest = text;
        while !rest.is_empty() {
            let long = rest.bytes().position(|octet| octet.is_ascii_whitespace()).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(long);
            out.push_str(word);
            space &= word.is_empty();
            rest = tail.trim_start_matches(|ch: char| ch.is_ascii_whitespace());
            if rest.len() < tail.len() && !space {
                out.push(' ');
                space = true;
            }
        }
    }

    /// Counts hidden text that stands between two letters of one word.
    fn wedge(&mut self, text: &str, hidden: bool) {
        let letter = |ch: Option<char>| ch.is_some_and(char::is_alphabetic);
        if hidden {
            let within = letter(self.view.visible.chars().next_back()) && !text.trim().is_empty();
            self.wedge |= within;
            if self.view.visible.trim_end().is_empty() {
                self.view.markup.preheader += text.trim().len();
            }
        } else if let Some(first) = text.chars().next() {
            if self.wedge && first.is_alphabetic() {
                self.view.markup.wedges += 1;
            }
            self.wedge = false;
        }
    }

    fn break_line(&mut self) {
        self.wedge = false;
        self.view.canvas.line_end();
        for out in [&mut self.view.visible, &mut self.view.hidden] {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
        }
    }
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
    }
}
