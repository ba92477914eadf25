//! How it looks: measures in points (1/72 inch), colours.

/// A4 (ISO 216), 210 × 297 mm.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;

/// Where text stands. 25 mm at the left leave room for two holes (JIS S 6041: 12 mm from the edge).
pub(super) const LEFT: f32 = 71.0;
pub(super) const RIGHT: f32 = WIDTH - 51.0;
pub(super) const TOP: f32 = 57.0;
pub(super) const BOTTOM: f32 = HEIGHT - 71.0;
pub(super) const MEASURE: f32 = RIGHT - LEFT;

/// A colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink(pub(super) u8, pub(super) u8, pub(super) u8);

pub(super) const BLACK: Ink = Ink(0x1F, 0x24, 0x26);
/// The one accent: a dark blue-green.
pub(super) const ACCENT: Ink = Ink(0x0B, 0x4F, 0x5C);
pub(super) const ACCENT_GROUND: Ink = Ink(0xEE, 0xF4, 0xF5);
pub(super) const GREY: Ink = Ink(0x5C, 0x66, 0x6A);
pub(super) const HAIR: Ink = Ink(0xC9, 0xD0, 0xD2);
/// Others' words stand on a ground of their own, so that a print in black shows it, too.
pub(super) const OTHERS: Ink = Ink(0x5A, 0x42, 0x2B);
pub(super) const OTHERS_GROUND: Ink = Ink(0xF3, 0xED, 0xE3);
pub(super) const OTHERS_BAR: Ink = Ink(0xB9, 0xA6, 0x8C);
/// Of `[U+XXXX]`, so that the same characters typed by a sender do not look like it.
pub(super) const NOTATION: Ink = Ink(0xA3, 0x2A, 0x2A);

/// Size and leading of a piece of text, and what its plain words look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dress {
    pub(super) size: f32,
    /// From one base line to the next.
    pub(super) leading: f32,
    pub(super) ink: Ink,
    /// There is no second font: the strokes are drawn with an outline.
    pub(super) bold: bool,
}

impl Dress {
    const fn new(size: f32, leading: f32, ink: Ink, bold: bool) -> Self {
        Self { size, leading, ink, bold }
    }

    /// From the top of a line to its base line: the em box of a kanji, 0.88 above and 0.12 below, in the middle.
    pub(super) fn ascent(self) -> f32 {
        (self.leading - self.size) / 2.0 + self.size * 0.88
    }
}

pub(super) const TITLE: Dress = Dress::new(21.0, 29.0, ACCENT, true);
pub(super) const SUBTITLE: Dress = Dress::new(10.5, 17.0, GREY, false);
pub(super) const HEADING: Dress = Dress::new(14.5, 21.0, ACCENT, true);
pub(super) const SUBHEADING: Dress = Dress::new(11.5, 18.0, ACCENT, true);
/// 1.6 between lines: what JIS X 4051 and its practice call for with 40 and more characters in a line.
pub(super) const BODY: Dress = Dress::new(10.0, 16.0, BLACK, false);
pub(super) const CELL: Dress = Dress::new(9.0, 14.0, BLACK, false);
pub(super) const LABEL: Dress = Dress::new(9.0, 14.0, GREY, false);
pub(super) const HEAD: Dress = Dress::new(8.5, 14.0, ACCENT, true);
pub(super) const VERBATIM: Dress = Dress::new(9.0, 13.5, BLACK, false);
pub(super) const FOOT: Dress = Dress::new(7.5, 11.0, GREY, false);
