//! The font: which characters it has, how wide they are.

use std::collections::HashMap;
use std::sync::Arc;

use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// BIZ UDPGothic Regular, zstd: config/font/README.md.
static PACKED: &[u8] = include_bytes!("../../config/font/BIZUDPGothic-Regular.ttf.zst");

/// Octets of the font itself.
const UNPACKED: usize = 4_669_688;

/// Units of an em: what advances are counted in.
pub(super) const EM: f32 = 2048.0;

/// The zero with a stroke, which GSUB `zero` puts in place of U+0030: a digest's 0 is no O.
pub(super) const SLASHED_ZERO: u16 = 12_879;

/// One character's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyph {
    /// Its number in the font; never 0, which is .notdef.
    pub(super) id: u16,
    /// In units of an em.
    pub(super) advance: u16,
}

/// The font, unpacked.
pub(super) struct Face {
    glyphs: HashMap<char, Glyph>,
    font: Font,
}

impl Face {
    /// Unpacks the font that is compiled in.
    pub(super) fn shipped() -> Option<Self> {
        let mut octets = Vec::with_capacity(UNPACKED);
        ruzstd::decoding::FrameDecoder::new().decode_all_to_vec(PACKED, &mut octets).ok()?;
        Self::new(octets)
    }

    fn new(octets: Vec<u8>) -> Option<Self> {
        let octets = Arc::new(octets);
        let reader = FontRef::new(&octets).ok()?;
        let metrics = reader.glyph_metrics(Size::unscaled(), LocationRef::default());
        let glyphs = reader
            .charmap()
            .mappings()
            .filter_map(|(code, id)| {
                let advance = metrics.advance_width(id)?;
                let id = u16::try_from(id.to_u32()).ok().filter(|id| *id != 0)?;
                Some((char::from_u32(code)?, Glyph { id, advance: advance as u16 }))
            })
            .collect();
        Some(Self { glyphs, font: Font::new(octets.clone().into(), 0)? })
    }

    /// A character's form, where the font has one.
    pub(super) fn glyph(&self, ch: char) -> Option<Glyph> {
        self.glyphs.get(&ch).copied()
    }

    /// As it is embedded.
    pub(super) fn font(&self) -> Font {
        self.font.clone()
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use skrifa::GlyphId;

    use super::*;

    #[test]
    fn the_font_is_the_one_that_the_readme_names() {
        let mut octets = Vec::with_capacity(UNPACKED);
        ruzstd::decoding::FrameDecoder::new().decode_all_to_vec(PACKED, &mut octets).unwrap();
        assert_eq!(octets.len(), UNPACKED);
        let readme = include_str!("../../config/font/README.md");
        for part in [&octets[..], PACKED] {
            assert!(readme.contains(&hex::encode(Sha256::digest(part))));
        }
        let reader = FontRef::new(&octets).unwrap();
        assert!(
            (f32::from(reader.metrics(Size::unscaled(), LocationRef::default()).units_per_em) - EM).abs()
                < 0.1
        );
        assert!(
            reader
                .glyph_metrics(Size::unscaled(), LocationRef::default())
                .advance_width(GlyphId::new(SLASHED_ZERO.into()))
                .is_some()
        );
    }

    #[test]
    fn has_what_reports_are_written_in() {
        let face = Face::shipped().unwrap();
        for ch in "あ漢ｱﾞ髙﨑①㈱〜～—―…¥€©£·•→①Ⅳ㎡".chars() {
            assert!(face.glyph(ch).is_some(), "{ch}");
        }
        assert_eq!(face.glyph('あ').unwrap().advance, 2007);
        assert_eq!(face.glyph('0').unwrap().advance, 1556);
        for ch in "𠮷😀\u{202E}\u{0}\u{FEFF}กع\u{E000}".chars() {
            assert_eq!(face.glyph(ch), None, "{ch:?}");
        }
    }
}
