use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static FACE: LazyLock<Face> = LazyLock::new(|| Face::shipped().unwrap());

#[test]
fn what_cannot_be_seen_is_named() {
    for (from, to) in [
        ("a\u{202E}b", "a[U+202E]b"),
        ("\u{2066}\u{200F}\u{200B}", "[U+2066][U+200F][U+200B]"),
        ("nul\0", "nul[U+0000]"),
        ("soft\u{AD}hyphen", "soft[U+00AD]hyphen"),
        ("\u{E000}\u{378}\u{FFFF}", "[U+E000][U+0378][U+FFFF]"),
        ("𠮷野家😀", "[U+20BB7]野家[U+1F600]"),
        ("ไทย", "[U+0E44][U+0E17][U+0E22]"),
        ("ع", "[U+0639]"),
        ("葛\u{E0100}", "葛[U+E0100]"),
        ("a\u{300}\u{301}", "à[U+0301]"),
        ("か\u{3099}き", "がき"),
        ("\u{3099}", "[U+3099]"),
        ("ｱﾎﾞﾘｼﾞﾝ", "ｱﾎﾞﾘｼﾞﾝ"),
        ("a\tb\u{A0}c", "a    b c"),
        ("a\nb", "a[U+000A]b"),
        ("[U+202E]", "[U+202E]"),
    ] {
        assert_eq!(shown(from, &FACE), to);
    }
}

#[test]
fn a_name_typed_by_a_sender_is_not_in_our_hand() {
    let typed = line("[U+202E]", Hand::Quoted, &FACE);
    let named = line("\u{202E}", Hand::Quoted, &FACE);
    assert!(typed.iter().all(|sign| sign.hand == Hand::Quoted));
    assert!(named.iter().all(|sign| sign.hand == Hand::Shown(true)));
}

#[test]
fn line_feeds_are_lines() {
    let text = Text::of("一\r\n二\n", Tone::Plain).and("三", Tone::Strong);
    let lines: Vec<String> =
        signs(&text, &FACE).iter().map(|line| line.iter().map(|sign| sign.ch).collect()).collect();
    assert_eq!(lines, ["一", "二", "三"]);
    assert_eq!(signs(&Text::default(), &FACE).len(), 1);
}

proptest! {
    /// Every sign has a glyph that is not .notdef, and nothing that acts on others is among them.
    #[test]
    fn all_signs_can_be_drawn(text in "\\PC*|(?s).{0,80}|[\u{200B}-\u{2070}\u{E000}\u{FE00}-\u{FE0F}か\u{3099}\u{300}-\u{36F}]{0,40}") {
        for sign in line(&text, Hand::Quoted, &FACE) {
            prop_assert!(sign.glyph.id != 0);
            prop_assert!(FACE.glyph(sign.ch).is_some());
            prop_assert!(!sign.ch.is_control() && !is_combining_mark(sign.ch));
        }
    }

    /// What was typed can be told from what is shown: numbers read back give the text (in composed form).
    #[test]
    fn nothing_is_lost(text in "[^\\[\t\u{A0}]{0,60}") {
        use unicode_normalization::UnicodeNormalization as _;
        let mut back = String::new();
        let mut signs = line(&text, Hand::Plain, &FACE).into_iter().peekable();
        while let Some(sign) = signs.next() {
            if sign.hand == Hand::Plain {
                back.push(sign.ch);
                continue;
            }
            let number: String = signs.by_ref().map(|sign| sign.ch).take_while(|ch| *ch != ']').collect();
            back.push(char::from_u32(u32::from_str_radix(number.strip_prefix("U+").unwrap(), 16).unwrap()).unwrap());
        }
        prop_assert_eq!(back.nfc().collect::<String>(), text.nfc().collect::<String>());
    }
}
