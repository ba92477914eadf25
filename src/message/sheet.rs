//! Style sheets, as far as they say of an element by its name, class or id what can hide it.
//!
//! Only rules that hold on any screen are taken: what stands within `@media` for small screens, for dark ones or for
//! printing is another look of the same mail. Selectors that look at more than the element itself (`a b`, `a > b`, `:hover`,
//! `[x]`) are left out: taken without the rest of their condition they would hide what a person sees.

use std::collections::BTreeMap;

use super::style::Style;

/// Rules of all sheets of a text that are kept.
const MAX_RULES: usize = 4_000;
/// Classes of one element that are looked up.
const MAX_CLASSES: usize = 16;

/// What the style sheets of a text say.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// By `name`, `.class`, `#id`, `name.class` or `name#id`.
    rules: BTreeMap<String, (Style, Style)>,
    /// A rule that is not taken sets a background: nobody knows what lies behind text then.
    pub(super) unread_ground: bool,
}

impl Sheet {
    /// True where nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Adds a style sheet. Linear in its length.
    pub(super) fn add(&mut self, css: &str) {
        let css = without_comments(css);
        let mut rest = css.as_str();
        while let Some((selectors, after)) = rest.split_once('{') {
            // `@import x;` and the like end without a block.
            let selectors = selectors.rsplit(';').next().unwrap_or_default();
            let selectors = selectors.trim_start_matches(|c: char| c.is_whitespace() || c == '}').trim_end();
            if let Some(at_rule) = selectors.strip_prefix('@') {
                if !holds_always(at_rule) {
                    rest = after_block(after);
                    continue;
                }
                // Its rules follow; the bracket that closes it is skipped before the next selector.
                rest = after;
                continue;
            }
            let (declarations, after) = after.split_once('}').unwrap_or((after, ""));
            self.rule(selectors, declarations);
            rest = after;
        }
    }

    fn rule(&mut self, selectors: &str, declarations: &str) {
        let style = Style::of_declarations(declarations);
        if style == Default::default() {
            return;
        }
        for selector in selectors.split(',') {
            let selector =
                selector.trim_matches(|c: char| c.is_whitespace() || c == '}').to_ascii_lowercase();
            let marks = selector.bytes().filter(|b| matches!(b, b'.' | b'#')).count();
            let simple =
                selector.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'#' | b'-' | b'_'));
            if selector.is_empty() || !simple || marks > 1 || self.rules.len() >= MAX_RULES {
                self.unread_ground |= style.0.has_back() || style.1.has_back();
                continue;
            }
            let (plain, important) = self.rules.entry(selector).or_default();
            plain.overlay(&style.0);
            important.overlay(&style.1);
        }
    }

    /// What is said of an element: plainly, and `!important`; name before class before id (CSS Cascading 4 §6.4.3).
    pub(super) fn style(&self, name: &str, class: Option<&str>, id: Option<&str>) -> (Style, Style) {
        let (mut plain, mut important) = (Style::default(), Style::default());
        let mut key = String::new();
        let mut lay = |parts: [&str; 3]| {
            key.clear();
            for part in parts {
                key.push_str(part);
            }
            key.make_ascii_lowercase();
            if let Some(said) = self.rules.get(&key) {
                plain.overlay(&said.0);
                important.overlay(&said.1);
            }
        };
        lay([name, "", ""]);
        for class in class.unwrap_or_default().split_ascii_whitespace().take(MAX_CLASSES) {
            lay(["", ".", class]);
            lay([name, ".", class]);
        }
        if let Some(id) = id {
            lay(["", "#", id]);
            lay([name, "#", id]);
        }
        (plain, important)
    }
}

/// Whether the rules of an at-rule hold on any screen.
fn holds_always(at_rule: &str) -> bool {
    let lower = at_rule.to_ascii_lowercase();
    let Some(condition) = lower.strip_prefix("media") else { return false };
    matches!(condition.trim(), "" | "screen" | "all" | "only screen")
}

/// What follows a block whose opening bracket has been read.
fn after_block(css: &str) -> &str {
    let mut open = 1usize;
    for (at, byte) in css.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return css.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    // What old programs need around a sheet so that they do not show it.
    out.replace("<!--", "").replace("-->", "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::style::Look;

    fn hidden(sheet: &Sheet, name: &str, class: &str, id: &str) -> bool {
        let (mut style, important) = sheet.style(name, Some(class), Some(id));
        style.overlay(&important);
        Look::default().within(&style).hidden()
    }

    #[test]
    fn names_classes_and_ids() {
        let mut sheet = Sheet::default();
        sheet.add(
            "@import 'x.css'; <!-- /* .no{display:none} */ .gone, p.tiny { display : none } .tiny{font-size:14px}
             #far{position:absolute;left:-9999px} span{color:#fff} .seen{color:#000}
             @media screen { .inner{opacity:0} } @media print { .print{display:none} }
             @media (prefers-color-scheme: dark) { .dark{color:#fff} a{display:none} }
             @media only screen and (max-width:600px) { .wide{display:none!important} }
             div .deep{display:none} a:hover{display:none} .x.y{display:none} .last{visibility:hidden",
        );
        for (name, class, id) in [
            ("p", "gone", ""),
            ("P", "a GONE b", ""),
            ("p", "tiny", ""),
            ("i", "", "far"),
            ("span", "", ""),
            ("i", "inner", ""),
            ("i", "last", ""),
        ] {
            assert!(hidden(&sheet, name, class, id), "{name} {class} {id}");
        }
        for (name, class, id) in [
            ("p", "", ""),
            ("b", "tiny", ""),
            ("p", "no", ""),
            ("span", "seen", ""),
            ("p", "print dark wide deep x y", ""),
            ("a", "", ""),
        ] {
            assert!(!hidden(&sheet, name, class, id), "{name} {class} {id}");
        }
    }

    #[test]
    fn broken_sheets() {
        for css in
            ["", "{", "}", "@", "@media{", "a{b", "a{b:c", "/*", "a{}{}{}}}}", "@media screen{a{}", "@x{{{"]
        {
            Sheet::default().add(css);
        }
        let mut sheet = Sheet::default();
        let rules: Vec<String> = (0..10_000).map(|n| format!(".c{n}{{display:none}}")).collect();
        sheet.add(&rules.concat());
        assert_eq!(sheet.rules.len(), MAX_RULES);
    }
}
