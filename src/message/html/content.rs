//! What a tag itself holds: links, texts of attributes, images that stand in the source.

use super::token::Tag;
use super::{HtmlLink, MAX_EMBEDDED, MIN_EMBEDDED, State};
use crate::message::qr;
use crate::message::style::{Look, Style};

impl State {
    /// Links and texts that are in the tag itself.
    pub(super) fn content(&mut self, tag: &Tag<'_>, name: &str, style: &Style, look: Look) {
        match name {
            "a" => {
                self.close_link();
                let at = attr(tag, "href").map(|href| self.push_link(href));
                self.link = Some((at.flatten(), self.view.visible.len()));
                if style.covers()
                    && let Some(target) = attr(tag, "href")
                {
                    target.clone_into(&mut self.view.markup.overlay);
                }
            }
            "area" => self.push_link_of(tag, "href"),
            "form" => self.push_link_of(tag, "action"),
            "iframe" => self.push_link_of(tag, "src"),
            "base" if self.base.is_empty() => {
                attr(tag, "href").unwrap_or_default().clone_into(&mut self.base);
            }
            "meta" => {
                let refresh = attr(tag, "http-equiv").is_some_and(|v| v.eq_ignore_ascii_case("refresh"));
                if refresh && let Some((_, target)) = attr(tag, "content").and_then(|v| v.split_once('=')) {
                    let target = target.trim_matches([' ', '\'', '"']);
                    target.clone_into(&mut self.view.markup.refresh);
                    self.push_link(target);
                }
            }
            "img" => {
                if self.link.is_some() {
                    self.view.markup.linked();
                }
                if let Some(ordered) = attr(tag, "src").and_then(qr::ordered)
                    && self.view.ordered.len() < MAX_EMBEDDED
                {
                    self.view.ordered.push(ordered);
                }
                if let Some(alt) = attr(tag, "alt") {
                    self.view.markup.alt += if look.hidden() { 0 } else { alt.trim().len() };
                    self.put(alt, look);
                }
            }
            "input" => {
                let shown = attr(tag, "type")
                    .is_some_and(|t| matches!(t.to_ascii_lowercase().as_str(), "submit" | "button"));
                if shown && let Some(value) = attr(tag, "value") {
                    self.put(value, look);
                }
            }
            "td" | "th" => self.put(" ", look),
            _ => {}
        }
    }

    /// Keeps the images that stand in the source itself.
    pub(super) fn embedded(&mut self, tag: &Tag<'_>) {
        for (_, value) in tag.attrs.iter().filter(|(_, value)| value.len() >= MIN_EMBEDDED) {
            self.embedded_in(value);
        }
    }

    pub(super) fn embedded_in(&mut self, value: &str) {
        let mut rest = value;
        while self.view.embedded.len() < MAX_EMBEDDED
            && let Some(at) = rest.find("data:image/")
        {
            let found = rest.get(at..).unwrap_or_default();
            let end = found.find(['"', '\'', ')', '<', '>']).unwrap_or(found.len());
            self.view.embedded.push(found.get(..end).unwrap_or_default().to_owned());
            rest = found.get(end..).unwrap_or_default();
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
        if relative {
            self.view.markup.base.clone_from(&self.base);
        }
        let target = if relative {
            format!("{}/{}", self.base.trim_end_matches('/'), target.trim_start_matches('/'))
        } else {
            target.to_owned()
        };
        let here = self.view.visible.len();
        self.view.links.push(HtmlLink { target, text: here..here });
        Some(self.view.links.len() - 1)
    }

    fn push_link_of(&mut self, tag: &Tag<'_>, key: &str) {
        if let Some(target) = attr(tag, key) {
            self.push_link(target);
        }
    }

    pub(super) fn close_link(&mut self) {
        let here = self.view.visible.len();
        if let Some((Some(at), from)) = self.link.take()
            && let Some(link) = self.view.links.get_mut(at)
        {
            link.text = from..here;
        }
    }
}

/// What an element would be in a drawing: a table cell, or a box that has its own ground.
pub(super) fn cell(tag: &Tag<'_>, name: &str, style: &Style, look: Look) -> Option<(bool, u16)> {
    let (_, dark) = look.darkness();
    match name {
        "td" | "th" => {
            let span = attr(tag, "colspan").and_then(|span| span.trim().parse().ok());
            Some((dark, span.unwrap_or(1)))
        }
        "div" | "span" | "i" | "b" | "p" | "a" | "li" if style.has_ground() => {
            Some((dark, style.width.unwrap_or(1)))
        }
        _ => None,
    }
}

pub(super) fn attr<'t>(tag: &'t Tag<'_>, key: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|(name, _)| name == key).map(|(_, value)| &**value)
}
