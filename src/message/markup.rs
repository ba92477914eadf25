//! [`Markup`]: what HTML does beside showing text, gathered tag by tag.

use super::style::{Look, Style};
use super::{Form, Markup};

/// Targets of one kind that are kept.
const MAX_KEPT: usize = 16;
/// An image of no more pixels on a side than this is there to be fetched, not to be seen.
const PIXEL: u16 = 2;

impl Markup {
    /// Notes an element by its start tag.
    pub(super) fn element<'t>(
        &mut self,
        name: &str,
        attr: impl Fn(&str) -> Option<&'t str>,
        style: &Style,
        look: Look,
    ) {
        let backwards = name == "bdo" && attr("dir").is_some_and(|dir| dir.eq_ignore_ascii_case("rtl"));
        self.turned += usize::from(style.turns() || backwards);
        match name {
            "form" if self.forms.len() < MAX_KEPT => {
                let action = attr("action").unwrap_or_default().trim().to_owned();
                let post = attr("method").is_some_and(|method| method.trim().eq_ignore_ascii_case("post"));
                self.forms.push(Form { action, post, ..Form::default() });
            }
            "input" => self.input(attr("type").unwrap_or("text"), attr("name").unwrap_or_default()),
            "textarea" | "select" => self.input("text", ""),
            "script"
                if !attr("type").is_some_and(|kind| kind.contains("json") || kind.contains("template")) =>
            {
                self.scripts += 1;
                if let Some(source) = attr("src")
                    && self.remote_script.is_empty()
                {
                    source.clone_into(&mut self.remote_script);
                }
            }
            "img" => self.image(attr("src").unwrap_or_default(), style, look),
            _ => {}
        }
    }

    fn input(&mut self, kind: &str, name: &str) {
        let kind = kind.to_ascii_lowercase();
        if matches!(kind.as_str(), "hidden" | "submit" | "button" | "image" | "reset") {
            return;
        }
        let secret = kind == "password" || {
            let name = name.to_ascii_lowercase();
            ["passw", "pwd", "cvv", "cvc", "cardn", "card_n", "pin"].iter().any(|word| name.contains(word))
        };
        // An input outside all forms is a script's.
        if self.forms.is_empty() {
            self.forms.push(Form::default());
        }
        if let Some(form) = self.forms.last_mut() {
            form.fields += 1;
            form.secret |= secret;
        }
    }

    fn image(&mut self, source: &str, style: &Style, look: Look) {
        let small = |side: Option<u16>| side.is_some_and(|side| side <= PIXEL);
        let remote =
            source.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("http")) || source.starts_with("//");
        let unseen = small(style.width) || small(style.height) || look.gone();
        if !unseen {
            self.images += 1;
        } else if remote && self.pixels.len() < MAX_KEPT {
            self.pixels.push(source.to_owned());
        }
    }

    /// The image that was noted last is a link.
    pub(super) fn linked(&mut self) {
        self.linked_images = (self.linked_images + 1).min(self.images);
    }

    /// Adds what another HTML part does.
    pub(super) fn absorb(&mut self, other: Markup) {
        self.forms.extend(other.forms);
        self.forms.truncate(MAX_KEPT);
        self.pixels.extend(other.pixels);
        self.pixels.truncate(MAX_KEPT);
        for (mine, theirs) in [
            (&mut self.refresh, other.refresh),
            (&mut self.base, other.base),
            (&mut self.remote_script, other.remote_script),
            (&mut self.overlay, other.overlay),
        ] {
            if mine.is_empty() {
                *mine = theirs;
            }
        }
        self.scripts += other.scripts;
        self.images += other.images;
        self.linked_images += other.linked_images;
        self.alt += other.alt;
        self.wedges += other.wedges;
        self.turned += other.turned;
        self.preheader += other.preheader;
    }
}
