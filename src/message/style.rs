//! Whether an element's own style hides its text. Inline styles and the old presentation attributes only.

/// A colour as 0xRRGGBB.
type Colour = u32;

/// What an element itself says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Style {
    gone: bool,
    tiny: Option<bool>,
    invisible: Option<bool>,
    fore: Option<Colour>,
    back: Back,
}

/// A background.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Back {
    /// That of the element around it.
    #[default]
    Same,
    /// An image, or a class of a style sheet.
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
    fore: Option<Colour>,
    back: Option<Colour>,
}

impl Default for Look {
    fn default() -> Self {
        Look { gone: false, tiny: false, invisible: false, fore: None, back: Some(0x00FF_FFFF) }
    }
}

impl Look {
    /// `display:none` and its like cannot be undone further in; size, visibility and colours can.
    pub(super) fn within(self, style: &Style) -> Look {
        Look {
            gone: self.gone || style.gone,
            tiny: style.tiny.unwrap_or(self.tiny),
            invisible: style.invisible.unwrap_or(self.invisible),
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
        self.gone || self.tiny || self.invisible || self.fore.is_some_and(|fore| self.back == Some(fore))
    }
}

impl Style {
    /// Reads an element by its attributes. `sheet`: a style sheet was seen, so that a class may set a background.
    pub(super) fn of<'t>(attr: impl Fn(&str) -> Option<&'t str>, sheet: bool) -> Style {
        let mut style = Style { gone: attr("hidden").is_some(), ..Style::default() };
        if (sheet && (attr("class").is_some() || attr("id").is_some())) || attr("background").is_some() {
            style.back = Back::Unknown;
        }
        if let Some(colour) = attr("bgcolor").and_then(colour) {
            style.back = Back::Known(colour);
        }
        style.fore = attr("color").or_else(|| attr("text")).and_then(colour);
        if let Some(inline) = attr("style") {
            style.inline(inline);
        }
        style
    }

    fn inline(&mut self, inline: &str) {
        let lower = inline.to_ascii_lowercase();
        let (mut zero_height, mut clipped) = (false, false);
        for (key, value) in lower.split(';').filter_map(|declaration| declaration.split_once(':')) {
            let value = value.trim().trim_end_matches("!important").trim_end();
            match key.trim() {
                "display" => self.gone |= value == "none",
                "visibility" => self.invisible = Some(matches!(value, "hidden" | "collapse")),
                "opacity" => self.gone |= number(value).is_some_and(|(n, _)| n < 0.05),
                "font-size" => {
                    self.tiny = number(value).map(|(n, unit)| n <= 0.0 || (n <= 1.0 && unit == "px"));
                }
                "font" => {
                    let zero = value.split([' ', '/']).any(|word| matches!(word, "0" | "0px" | "1px"));
                    if zero {
                        self.tiny = Some(true);
                    }
                }
                "max-height" | "height" | "max-width" | "width" => {
                    zero_height |= number(value).is_some_and(|(n, _)| n <= 0.0);
                }
                "overflow" => clipped = value == "hidden",
                "color" => {
                    self.fore = if value == "transparent" { None } else { colour(value).or(self.fore) }
                }
                "background-color" => self.back = colour(value).into(),
                "background" => {
                    let named = value.split_whitespace().find_map(colour);
                    self.back = if value.contains("url(") { Back::Unknown } else { named.into() };
                }
                _ => {}
            }
            if key.trim() == "color" && value == "transparent" {
                self.gone = true;
            }
        }
        self.gone |= zero_height && clipped;
    }
}

/// A number and its unit.
fn number(value: &str) -> Option<(f32, &str)> {
    let end =
        value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(value.len());
    let (n, unit) = value.split_at(end);
    n.parse().ok().map(|n| (n, unit.trim()))
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

    fn hidden(inline: &'static str) -> bool {
        Look::default().within(&Style::of(|key| (key == "style").then_some(inline), false)).hidden()
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
            "color:rgb(255, 255, 255)",
            "color:#000;background:#000",
            "color:transparent",
            "max-height:0;overflow:hidden",
            "font:0/0 a",
        ] {
            assert!(hidden(style), "{style}");
        }
        for style in [
            "",
            "display:block",
            "font-size:14px",
            "font-size:1em",
            "opacity:1",
            "color:#333",
            "color:#fff;background:#000",
            "overflow:hidden",
            "color:#fff;background:url(x.png)",
        ] {
            assert!(!hidden(style), "{style}");
        }
    }
}
