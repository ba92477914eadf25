//! Japanese that nobody born to it writes.
//!
//! # Detects
//!
//! Forms of address that only translations have (「親愛なるお客様」「尊敬するお客様」, …); or two of: 「、」 and 「，」 mixed,
//! spaces before 「。」「、」, commas of ASCII between kana, half-width and full-width katakana mixed.
//!
//! # Why it matters
//!
//! It has forms of address or punctuation that machine translation leaves behind.
//!
//! # False positives
//!
//! Friends abroad, and services abroad that use translation.
//!
//! # References
//!
//! - IPA: how to tell phishing and sextortion mail
//! - Council of Anti-Phishing Japan: how to tell phishing mail

use std::sync::LazyLock;

use crate::message::{Excerpt, normalise};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "translated-style",
    title: Bilingual { ja: "翻訳調の不自然な日本語", en: "Japanese as a translation writes it" },
    category: None,
    family: Family::Language,
    weight: Hundredths(170),
    hard: false,
    basis: Basis::Prior("known from published descriptions; to be fitted with the model"),
    why: Bilingual {
        ja: "機械翻訳に多い、不自然な呼びかけや句読点があります。",
        en: "It has forms of address or punctuation that machine translation leaves behind.",
    },
    genuine: Bilingual {
        ja: "日本の事業者は「○○様」「お客様各位」のように呼びかけます。",
        en: "A Japanese company addresses you by name, or as 「お客様各位」.",
    },
    false_positives: Bilingual {
        ja: "外国の友人や、翻訳を使う海外のサービス。",
        en: "Friends abroad, and services abroad that use translation.",
    },
    references: &[
        "IPA: how to tell phishing and sextortion mail",
        "Council of Anti-Phishing Japan: how to tell phishing mail",
    ],
    check,
};

/// Octets of one text that are looked at.
const MOST: usize = 64 * 1024;

/// Forms of address that translations from English and Chinese have; own wording after published descriptions.
const ADDRESSES: &[&str] = &[
    "親愛なるお客",
    "親愛なる会員",
    "親愛なるユーザ",
    "親愛なる利用者",
    "親愛なるメンバー",
    "親愛なる顧客",
    "親愛なるカード",
    "尊敬するお客",
    "尊敬なるお客",
    "尊敬する会員",
    "尊敬するユーザ",
    "尊敬する顧客",
    "尊敬されるお客",
    "尊敬のお客",
    "尊敬なる会員",
    "大切な顧客、",
    "敬愛するお客",
    "敬愛なるお客",
    "こんにちは、親愛",
    "こんにちは、尊敬",
];

static NORMAL: LazyLock<Vec<String>> =
    LazyLock::new(|| ADDRESSES.iter().map(|phrase| normalise(phrase)).collect());

fn check(observables: &Observables<'_>) -> Option<Observation> {
    if !observables.is_japanese() {
        return None;
    }
    observables.visible().filter(|(_, text)| !text.original().is_ascii()).find_map(|(index, text)| {
        let address = NORMAL.iter().find_map(|phrase| text.find(phrase)).map(|span| text.excerpt(span));
        let excerpt = address.or_else(|| {
            let written = text.original();
            Marks::of(written.get(..written.floor_char_boundary(MOST))?).excerpt()
        })?;
        Some(Observation { place: observables.place(index), excerpt })
    })
}

/// How a text is punctuated.
#[derive(Debug, Default)]
struct Marks {
    commas: usize,
    foreign_commas: usize,
    ascii_commas: usize,
    spaces_before: usize,
    half_width: usize,
    full_width: usize,
    place: Option<String>,
}

impl Marks {
    fn of(text: &str) -> Marks {
        let mut marks = Marks::default();
        let mut before = ('\n', '\n');
        for (at, ch) in text.char_indices() {
            let kana = |c: char| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '\u{4E00}'..='\u{9FFF}');
            let odd = match ch {
                '、' | '。' if matches!(before.1, ' ' | '\u{3000}') && kana(before.0) => {
                    &mut marks.spaces_before
                }
                '、' => &mut marks.commas,
                '，' if kana(before.1) => &mut marks.foreign_commas,
                _ if before.1 == ',' && kana(before.0) && kana(ch) => &mut marks.ascii_commas,
                '\u{FF71}'..='\u{FF9D}' => &mut marks.half_width,
                'ア'..='ン' => &mut marks.full_width,
                _ => {
                    before = (before.1, ch);
                    continue;
                }
            };
            *odd += 1;
            if matches!(ch, '，') && marks.place.is_none() {
                let from = text.floor_char_boundary(at.saturating_sub(30));
                marks.place = Some(text.get(from..).unwrap_or_default().chars().take(30).collect());
            }
            before = (before.1, ch);
        }
        marks
    }

    /// Two marks of four; each has honest causes by itself.
    fn excerpt(&self) -> Option<Excerpt> {
        let mixed_commas = self.commas > 1 && self.foreign_commas > 1;
        let mixed_widths = self.half_width > 5 && self.full_width > 5;
        let marks = [mixed_commas, mixed_widths, self.ascii_commas > 1, self.spaces_before > 1];
        let place = self.place.as_deref().unwrap_or("spacing and punctuation");
        (marks.into_iter().filter(|mark| *mark).count() > 1).then(|| Excerpt::new(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_translations() {
        for words in [
            "親愛なるお客様。あなたのアカウントに問題がありますので、ご確認ください。",
            "尊敬するお客様へ、いつもご利用いただきありがとうございます。確認をお願いします。",
            "お客様のアカウントは，停止されました 。ご確認，お願いします 、ありがとう、ございます、よろしくお願いします。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
    }

    #[test]
    fn honest_japanese_is_silent() {
        for words in [
            "お客様各位。平素より格別のご高配を賜り、厚く御礼申し上げます。ご確認のほど、よろしくお願いいたします。",
            "本研究では，提案手法の有効性を検証し，従来手法と比較した．その結果，精度が向上したことを示す．",
            "口座名義はｶ)ﾃｽﾄｼﾖｳｼﾞです。オンラインショップからのご注文、ありがとうございます。",
            "親愛なる友よ、元気ですか。こちらはみんな元気にしています。また会いましょう。",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
