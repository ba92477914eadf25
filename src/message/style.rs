//! Whether an element's style hides its text: inline styles, the old presentation attributes, and what a style sheet
//! says of its name, class or id ([`super::sheet`]).

use std::borrow::Cow;

/// A colour as 0xRRGGBB.
type Colour = u32;

/// Colours whose channels all differ by no more than this look the same: `#fff` and `#f5f5f5`.
const ALIKE: u32 = 12;
/// Pixels, or ems of at least 8 pixels, beyond which a text that is pushed aside is off the screen.
const OFF_SCREEN: f32 = -480.0;

/// What is said of an element. What is not said is none, so that styles can be laid over each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    none: Option<bool>,
    faded: Option<bool>,
    transparent: Option<bool>,
    tiny: Option<bool>,
    invisible: Option<bool>,
    flat: Option<bool>,
    narrow: Option<bool>,
    clipped: Option<bool>,
    cut_away: Option<bool>,
    indented: Option<bool>,
    off_screen: Option<bool>,
    floating: Option<bool>,
    covering: Option<bool>,
    pre: Option<bool>,
    turned: Option<bool>,
    fore: Option<Colour>,
    back: Back,
    /// Pixels, where they are said.
    pub(super) width: Option<u16>,
    pub(super) height: Option<u16>,
}

/// A background.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Back {
    /// That of the element around it.
    #[default]
    Same,
    /// An image, or something that cannot be read.
    Unknown,
    Known(Colour),
}

impl From<Option<Colour>> for Back {
    fn from(colour: Option<Colour>) -> Back {
        colour.map_or(Back::Unknown, Back::Known)
    }
}

/// How text within an element looks, with what it inherits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    gone: bool,
    tiny: bool,
    invisible: bool,
    indented: bool,
    /// White space is shown as it is written.
    pub(super) pre: bool,
    fore: Option<Colour>,
    back: Option<Colour>,
}

impl Default for Look {
    fn default() -> Self {
        let back = Some(0x00FF_FFFF);
        Look { gone: false, tiny: false, invisible: false, indented: false, pre: false, fore: None, back }
    }
}

impl Look {
    /// Text of which nothing is said, as it is written.
    pub(super) fn written() -> Look {
        Look { pre: true, ..Look::default() }
    }

    /// `display:none` and its like cannot be undone further in; size, visibility and colours can.
    pub(super) fn within(self, style: &Style) -> Look {
        Look {
            gone: self.gone || style.gone(),
            tiny: style.tiny.unwrap_or(self.tiny),
            invisible: style.invisible.unwrap_or(self.invisible),
            indented: style.indented.unwrap_or(self.indented),
            pre: style.pre.unwrap_or(self.pre),
            fore: style.fore.or(self.fore),
            back: match style.back {
                Back::Same => self.back,
                Back::Unknown => None,
                Back::Known(colour) => Some(colour),
            },
        }
    }

    /// True where a person does not see text that looks so.
    pub(super) fn hidden(self) -> bool {
        let same = |fore: Colour| self.back.is_some_and(|back| alike(fore, back));
        self.gone || self.tiny || self.invisible || self.indented || self.fore.is_some_and(same)
    }

    /// Whether text is dark, and whether its ground is: for what is drawn with characters and boxes.
    pub(super) fn darkness(self) -> (bool, bool) {
        (is_dark(self.fore.unwrap_or(0)), is_dark(self.back.unwrap_or(0x00FF_FFFF)))
    }

    /// True where nothing in it is shown, whatever its own colours and sizes say.
    pub(super) fn gone(self) -> bool {
        self.gone || self.invisible
    }
}

fn alike(one: Colour, other: Colour) -> bool {
    [16, 8, 0].into_iter().all(|shift| ((one >> shift) & 255).abs_diff((other >> shift) & 255) <= ALIKE)
}

fn is_dark(colour: Colour) -> bool {
    let [_, red, green, blue] = colour.to_be_bytes();
    u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29 < 128 << 8
}

impl Style {
    /// Reads the attributes that are styles by another name.
    pub(super) fn of_attributes<'t>(attr: impl Fn(&str) -> Option<&'t str>) -> Style {
        let mut style = Style { none: attr("hidden").map(|_| true), ..Style::default() };
        if attr("background").is_some() {
            style.back = Back::Unknown;
        }
        if let Some(colour) = attr("bgcolor").and_then(colour) {
            style.back = Back::Known(colour);
        }
        style.fore = attr("color").or_else(|| attr("text")).and_then(colour);
        let pixels = |key: &str| attr(key).and_then(|value| pixels(value.trim()));
        (style.width, style.height) = (pixels("width"), pixels("height"));
        style
    }

    /// Reads declarations; the second style is of those that are `!important`.
    pub(super) fn of_declarations(declarations: &str) -> (Style, Style) {
        let (mut plain, mut important) = (Style::default(), Style::default());
        let lower = if declarations.bytes().any(|octet| octet.is_ascii_uppercase()) {
            Cow::Owned(declarations.to_ascii_lowercase())
        } else {
            Cow::Borrowed(declarations)
        };
        for (key, value) in lower.split(';').filter_map(|declaration| declaration.split_once(':')) {
            match value.split_once('!') {
                Some((value, word)) if word.trim() == "important" => {
                    important.declare(key.trim(), value.trim());
                }
                _ => plain.declare(key.trim(), value.trim()),
            }
        }
        (plain, important)
    }

    /// Lays another style over this one.
    pub(super) fn overlay(&mut self, over: &Style) {
        let lay = |under: &mut Option<bool>, over: Option<bool>| *under = over.or(*under);
        lay(&mut self.none, over.none);
        lay(&mut self.faded, over.faded);
        lay(&mut self.transparent, over.transparent);
        lay(&mut self.tiny, over.tiny);
        lay(&mut self.invisible, over.invisible);
        lay(&mut self.flat, over.flat);
        lay(&mut self.narrow, over.narrow);
        lay(&mut self.clipped, over.clipped);
        lay(&mut self.cut_away, over.cut_away);
        lay(&mut self.indented, over.indented);
        lay(&mut self.off_screen, over.off_screen);
        lay(&mut self.floating, over.floating);
        lay(&mut self.covering, over.covering);
        lay(&mut self.pre, over.pre);
        lay(&mut self.turned, over.turned);
        self.fore = over.fore.or(self.fore);
        self.width = over.width.or(self.width);
        self.height = over.height.or(self.height);
        if over.back != Back::Same {
            self.back = over.back;
        }
    }

    /// Whether the element has a background of its own that can be told.
    pub(super) fn has_ground(&self) -> bool {
        matches!(self.back, Back::Known(_))
    }

    /// Whether anything is said of the background.
    pub(super) fn has_back(&self) -> bool {
        self.back != Back::Same
    }

    /// The background is something that cannot be told.
    pub(super) fn forget_ground(&mut self) {
        self.back = Back::Unknown;
    }

    /// Whether its letters run against their own direction, so that words are written backwards.
    pub(super) fn turns(&self) -> bool {
        self.turned == Some(true)
    }

    /// Whether the element lies over all that stands around it.
    pub(super) fn covers(&self) -> bool {
        self.floating == Some(true) && self.covering == Some(true)
    }

    fn gone(&self) -> bool {
        let yes = |said: Option<bool>| said == Some(true);
        yes(self.none)
            || yes(self.faded)
            || yes(self.transparent)
            || yes(self.cut_away)
            || ((yes(self.flat) || yes(self.narrow)) && yes(self.clipped))
            || (yes(self.off_screen) && yes(self.floating))
    }

    fn declare(&mut self, key: &str, value: &str) {
        let amount = number(value);
        let nothing = amount.map(|(n, _)| n <= 0.0);
        let far =
            amount.map(|(n, unit)| n * if matches!(unit, "em" | "rem") { 8.0 } else { 1.0 } < OFF_SCREEN);
        match key {
            "display" => self.none = Some(value == "none"),
            "visibility" => self.invisible = Some(matches!(value, "hidden" | "collapse")),
            "opacity" => self.faded = amount.map(|(n, unit)| n < if unit == "%" { 5.0 } else { 0.05 }),
            "font-size" => {
                self.tiny = amount.map(|(n, unit)| n <= 0.0 || (n <= 1.0 && matches!(unit, "px" | "pt")));
            }
            "font" => {
                let zero = value.split([' ', '/']).any(|word| matches!(word, "0" | "0px" | "1px"));
                self.tiny = Some(zero);
            }
            "max-height" | "height" => {
                self.flat = nothing.or(self.flat);
                self.covering = Some(value == "100%");
                self.height = pixels(value).or(self.height);
            }
            "max-width" | "width" => {
                self.narrow = nothing.or(self.narrow);
                self.width = pixels(value).or(self.width);
            }
            "overflow" => self.clipped = Some(matches!(value, "hidden" | "clip")),
            "clip" => {
                self.cut_away =
                    Some(value.starts_with("rect(") && !value.bytes().any(|b| matches!(b, b'2'..=b'9')));
            }
            "clip-path" => self.cut_away = Some(matches!(value, "inset(50%)" | "inset(100%)")),
            "transform" => self.cut_away = Some(matches!(value, "scale(0)" | "scale(0,0)" | "scale(0, 0)")),
            "unicode-bidi" => self.turned = Some(matches!(value, "bidi-override" | "isolate-override")),
            "white-space" => self.pre = Some(value.starts_with("pre") || value == "break-spaces"),
            "text-indent" => self.indented = far,
            "left" | "top" | "right" | "margin-left" | "margin-top" => {
                self.off_screen = Some(far == Some(true) || self.off_screen == Some(true));
            }
            "position" => self.floating = Some(matches!(value, "absolute" | "fixed")),
            "color" if value == "transparent" => self.transparent = Some(true),
            "color" => {
                self.fore = colour(value).or(self.fore);
                self.transparent =
                    Some(value.replace(' ', "").ends_with(",0)") && value.starts_with("rgba("));
            }
            "background-color" => self.back = colour(value).into(),
            "background" => {
                let named = value.split_whitespace().find_map(colour).or_else(|| colour(value));
                self.back = if value.contains("url(") { Back::Unknown } else { named.into() };
            }
            _ => {}
        }
    }
}

/// A number and its unit.
fn number(value: &str) -> Option<(f32, &str)> {
    let end =
        value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(value.len());
    let (n, unit) = value.split_at(end);
    n.parse().ok().map(|n| (n, unit.trim()))
}

/// A length in pixels.
fn pixels(value: &str) -> Option<u16> {
    let (n, unit) = number(value)?;
    (matches!(unit, "" | "px") && (0.0..=9_999.0).contains(&n)).then_some(n.round() as u16)
}

fn colour(value: &str) -> Option<Colour> {
    let value = value.trim().to_ascii_lowercase();
    if let Some(hex) = value.strip_prefix('#') {
        return match hex.len() {
            3 | 4 => hex.get(..3)?.chars().try_fold(0, |all, c| Some((all << 8) | (c.to_digit(16)? * 0x11))),
            6 | 8 => u32::from_str_radix(hex.get(..6)?, 16).ok(),
            _ => None,
        };
    }
    if let Some(list) = value.strip_prefix("rgb(").or_else(|| value.strip_prefix("rgba(")) {
        let mut parts = list.split([',', ')', ' ', '/']).filter(|part| !part.is_empty());
        let mut next = || parts.next().and_then(|part| part.parse::<u8>().ok()).map(u32::from);
        return Some((next()? << 16) | (next()? << 8) | next()?);
    }
    match value.as_str() {
        "white" => Some(0x00FF_FFFF),
        "black" => Some(0),
        "red" => Some(0x00FF_0000),
        "blue" => Some(0x0000_00FF),
        "green" => Some(0x0000_8000),
        "yellow" => Some(0x00FF_FF00),
        "gray" | "grey" => Some(0x0080_8080),
        "silver" => Some(0x00C0_C0C0),
        "whitesmoke" => Some(0x00F5_F5F5),
        "snow" => Some(0x00FF_FAFA),
        "ivory" => Some(0x00FF_FFF0),
        _ if value.len() == 6 && value.bytes().all(|b| b.is_ascii_hexdigit()) => {
            u32::from_str_radix(&value, 16).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(inline: &str) -> bool {
        let (mut style, important) = Style::of_declarations(inline);
        style.overlay(&important);
        Look::default().within(&style).hidden()
    }

    #[test]
    fn ways_to_hide() {
        for style in [
            "display:none",
            "DISPLAY : NONE !important",
            "visibility:hidden",
            "font-size:0",
            "font-size: 1px;",
            "opacity:0",
            "opacity:0.01",
            "color:#fff",
            "color:#fdfdfd",
            "color:rgb(255, 255, 255)",
            "color:#000;background:#000",
            "color:transparent",
            "color:rgba(0, 0, 0, 0)",
            "max-height:0;overflow:hidden",
            "font:0/0 a",
            "text-indent:-9999px",
            "position:absolute;left:-9999px",
            "position:absolute; top:-999em",
            "clip:rect(1px,1px,1px,1px)",
            "clip-path: inset(50%)",
            "display:none !important;display:block",
        ] {
            assert!(hidden(style), "{style}");
        }
        for style in [
            "",
            "display:block",
            "font-size:14px",
            "font-size:1em",
            "font:14px/1.5 Arial",
            "opacity:1",
            "color:#333",
            "color:#fff;background:#000",
            "overflow:hidden",
            "max-height:0",
            "color:#fff;background:url(x.png)",
            "margin-left:-20px",
            "margin-left:-9999px",
            "mso-hide:all",
            "text-indent:-1em",
            "display:none;display:block",
        ] {
            assert!(!hidden(style), "{style}");
        }
    }
}
