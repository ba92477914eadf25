//! Words that are broken up out of sight.
//!
//! # Detects
//!
//! Invisible characters or hidden text between the letters of words, three times or more; characters that
//! turn the direction of writing in a text without right-to-left letters.
//!
//! # Why it matters
//!
//! Invisible characters stand within words, so that filters cannot read them.
//!
//! # False positives
//!
//! Soft hyphens at syllables of long words, and joiners in scripts that need them; both are left out.
//!
//! # References
//!
//! - Unicode Technical Report #36, §3.5
//! - SpamAssassin: FUZZY_*, MIXED_ES
//! - Microsoft Security: invisible characters in phishing (2021)

use crate::message::{Excerpt, Place, TextKind};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "split-words",
    title: Bilingual {
        ja: "見えない文字で切られた言葉", en: "words broken up by what nobody sees"
    },
    category: None,
    family: Family::Disguise,
    weight: Hundredths(240),
    hard: false,
    basis: Basis::Prior("a means of evasion by itself; public corpora hold few"),
    why: Bilingual {
        ja: "フィルターに言葉を読ませないため、文字の間に見えない文字が挟まれています。",
        en: "Invisible characters stand within words, so that filters cannot read them.",
    },
    genuine: Bilingual {
        ja: "正規のメールは言葉の途中に見えない文字を入れません。",
        en: "A genuine sender has no reason to put invisible characters into words.",
    },
    false_positives: Bilingual {
        ja: "長い単語の分綴のソフトハイフン、ペルシア語などの結合制御。どちらも除いている。",
        en: "Soft hyphens at syllables of long words, and joiners in scripts that need them; both are left out.",
    },
    references: &[
        "Unicode Technical Report #36, §3.5",
        "SpamAssassin: FUZZY_*, MIXED_ES",
        "Microsoft Security: invisible characters in phishing (2021)",
    ],
    check,
};

/// From how many on: one or two come by copying.
const MANY: usize = 3;
/// Octets of one text that are looked at.
const MOST: usize = 64 * 1024;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let name = observables.author().map_or("", |author| author.name.original());
    if let Some(around) = broken(name) {
        return Some(Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(around) });
    }
    let written =
        observables.visible().filter(|(_, text)| !text.original().is_ascii()).find_map(|(index, text)| {
            let text = text.original();
            let text = text.get(..text.floor_char_boundary(MOST))?;
            let around = broken(text)?;
            Some(Observation { place: observables.place(index), excerpt: Excerpt::new(around) })
        });
    written.or_else(|| {
        let markup = &observables.message.markup;
        if markup.turned > 0 && !observables.visible().any(|(_, text)| text.original().chars().any(is_rtl)) {
            let excerpt = Excerpt::new("letters that run backwards");
            return Some(Observation { place: Place::Message, excerpt });
        }
        let wedges = markup.wedges >= MANY;
        let hidden = |(_, view): &(usize, &crate::message::TextView)| view.kind == TextKind::Hidden;
        let (index, view) = observables.message.texts.iter().enumerate().find(hidden).filter(|_| wedges)?;
        Some(Observation { place: Place::Text(index + 1), excerpt: Excerpt::new(view.text.original()) })
    })
}

/// Where the third break within a word is, or the first turn of direction.
fn broken(text: &str) -> Option<&str> {
    if !may_be_broken(text) {
        return None;
    }
    let mut breaks = 0;
    // Kind of the letter before the invisible characters, how long the piece is, and whether any stood since.
    let (mut before, mut piece, mut gap, mut soft) = (Kind::Other, 0, false, false);
    let mut turned: Option<usize> = None;
    for (at, ch) in text.char_indices() {
        match ch {
            '\u{AD}' => (gap, soft) = (true, true),
            '\u{34F}' | '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' => {
                gap = true;
            }
            // U+202D is what telephones put around numbers that are copied.
            '\u{202E}' => {
                turned.get_or_insert(at);
            }
            _ if is_rtl(ch) => return None,
            _ => {
                let kind = Kind::of(ch);
                // Hyphenation parts syllables; what parts one letter or two is none.
                if gap && kind != Kind::Other && kind == before && (!soft || piece <= 2) {
                    breaks += 1;
                    if breaks == MANY {
                        return text.get(text.floor_char_boundary(at.saturating_sub(60))..);
                    }
                }
                piece = if gap || kind != before { 1 } else { piece + 1 };
                (before, gap, soft) = (kind, false, false);
            }
        }
    }
    turned.and_then(|at| text.get(text.floor_char_boundary(at.saturating_sub(30))..))
}

/// Whether any of the characters stands in a text by which [`broken`] finds a place, by their octets in UTF-8: most texts
/// have none.
fn may_be_broken(text: &str) -> bool {
    text.as_bytes().windows(3).any(|octets| {
        matches!(
            octets,
            [0xC2, 0xAD, _]
                | [0xCD, 0x8F, _]
                | [0xE1, 0xA0, 0x8E]
                | [0xE2, 0x80, 0x8B..=0x8D | 0xAE]
                | [0xE2, 0x81, 0xA0..=0xA4]
                | [0xEF, 0xBB, 0xBF]
        )
    })
}

/// Letters that are written from right to left.
fn is_rtl(ch: char) -> bool {
    matches!(ch, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// What kind of letter: phrases are parted where kana ends, so only what lies between two kanji counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Latin,
    Kanji,
    Other,
}

impl Kind {
    fn of(ch: char) -> Kind {
        match ch {
            _ if ch.is_ascii_alphabetic() => Kind::Latin,
            '\u{4E00}'..='\u{9FFF}' => Kind::Kanji,
            _ => Kind::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_words_that_are_broken_up() {
        for words in [
            "Ve\u{200B}rify your acc\u{200C}ount pass\u{2060}word",
            "未\u{200B}納 料\u{200B}金 最\u{200B}終 通\u{200B}告",
            "P\u{AD}a\u{AD}y\u{AD}pal",
            "open \u{202E}gpj.exe",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words:?}");
        }
        let html = "<p>Pay<i style='display:none'>qx</i>pal acc<i style='display:none'>vv</i>ount lo<b style='font-size:0'>k</b>gin</p>";
        let raw = testing::raw("From: a@shop.example\r\nContent-Type: text/html; charset=utf-8\r\n", html);
        assert!(testing::fires_raw(&INDICATOR, &raw));
        let html = "<p>Your <span style='unicode-bidi:bidi-override;direction:rtl'>tnuocca</span></p>";
        let raw = testing::raw("From: a@shop.example\r\nContent-Type: text/html; charset=utf-8\r\n", html);
        assert!(testing::fires_raw(&INDICATOR, &raw));
    }

    #[test]
    fn hyphens_joiners_and_line_breaks_are_silent() {
        for words in [
            "Versicherungs\u{AD}bedingungen, Datenschutz\u{AD}erkl\u{E4}rung, Allgemeine Geschäfts\u{AD}bedingungen, Kunden\u{AD}service",
            "می\u{200C}خواهم می\u{200C}روم می\u{200C}دانم نمی\u{200C}شود",
            "お知らせを\u{200B}ご確認の\u{200B}うえ、\u{200B}お手続きを\u{200B}お願いします",
            "Sale now\u{200C}\u{A0}\u{200C}\u{A0}\u{200C}\u{A0}\u{200C}\u{A0}",
            "\u{FEFF}Hello",
            "Call \u{202D}+81 3 0000 0000\u{202C} today",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words:?}");
        }
    }
}
