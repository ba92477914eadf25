//! Letters of another script that are drawn alike.
//!
//! # Detects
//!
//! A Latin word with Greek or Cyrillic letters that look like its own; a Japanese word in which a kana
//! stands for a kanji that is drawn like it, or the other way round.
//!
//! # Why it matters
//!
//! Letters of another script stand in for those they look like, so that filters and searches do not find
//! the word.
//!
//! # False positives
//!
//! Greek signs and units, and texts that really are Russian or Greek; both are left out.
//!
//! # References
//!
//! - Unicode Technical Standard #39, §5
//! - SpamAssassin: FUZZY_*
//! - Sublime rules: mixed scripts in subject

use crate::message::{Excerpt, Place, latin_like, normalise};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "mixed-script",
    title: Bilingual { ja: "形の似た別の文字", en: "letters of another script, drawn alike" },
    category: None,
    family: Family::Disguise,
    weight: Hundredths(230),
    hard: false,
    basis: Basis::Prior("a means of evasion by itself; public corpora hold few"),
    why: Bilingual {
        ja: "見た目は同じで別の文字が混ぜてあります。フィルターや検索に言葉を読ませないためです。",
        en: "Letters of another script stand in for those they look like, so that filters and searches do not find the word.",
    },
    genuine: Bilingual {
        ja: "正規の事業者が自社の名前や手続きの言葉を、別の文字で書くことはありません。",
        en: "A genuine sender writes its name and its words with the letters they have.",
    },
    false_positives: Bilingual {
        ja: "ギリシャ文字の記号や単位、ロシア語の文章（どちらも除いている）。",
        en: "Greek signs and units, and texts that really are Russian or Greek; both are left out.",
    },
    references: &[
        "Unicode Technical Standard #39, §5",
        "SpamAssassin: FUZZY_*",
        "Sublime rules: mixed scripts in subject",
    ],
    check,
};

/// Octets of one text that are looked at.
const MOST: usize = 64 * 1024;
/// Letters of the other script from which on a text is written in it.
const WRITTEN: usize = 20;

/// Kana and kanji that are drawn alike.
const PAIRS: &[(char, char)] = &[
    ('カ', '力'),
    ('ロ', '口'),
    ('エ', '工'),
    ('ニ', '二'),
    ('ハ', '八'),
    ('タ', '夕'),
    ('ト', '卜'),
    ('オ', '才'),
    ('チ', '千'),
    ('ー', '一'),
];
/// Words that are worth disguising.
const WORDS: &[&str] = &[
    "カード",
    "アカウント",
    "カスタマー",
    "ログイン",
    "ロック",
    "コード",
    "サポート",
    "ギフト",
    "セキュリティ",
    "サーバー",
    "メール",
    "パスワード",
    "ポイント",
    "クレジット",
    "オンライン",
    "コンビニ",
    "ビットコイン",
    "チャージ",
    "エラー",
    "口座",
    "入力",
    "窓口",
    "協力",
    "工事",
    "一時",
    "一部",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let name = observables.author().map_or("", |author| author.name.original());
    if let Some(word) = foreign_letters(name).or_else(|| japanese(name)) {
        return Some(Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(word) });
    }
    observables.visible().filter(|(_, text)| !text.original().is_ascii()).find_map(|(index, text)| {
        let text = text.original();
        let text = text.get(..text.floor_char_boundary(MOST))?;
        let word = foreign_letters(text).or_else(|| japanese(text))?;
        Some(Observation { place: observables.place(index), excerpt: Excerpt::new(word) })
    })
}

/// A Latin word with look-alikes, in a text that is not itself written in their script.
fn foreign_letters(text: &str) -> Option<&str> {
    // Greek and Cyrillic are two octets, of which the first is one of these.
    if !text.bytes().any(|octet| (0xCD..=0xD4).contains(&octet)) {
        return None;
    }
    let (mut first, mut honest) = (None, 0);
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        let latin = word.chars().filter(char::is_ascii_alphabetic).count();
        let other = word.chars().filter(|c| matches!(*c, '\u{370}'..='\u{52F}')).count();
        let alike = word.chars().filter(|c| is_disguise(*c)).count();
        // `вWord`: a quotation mark of another charset, misread.
        let mut letters = word.chars();
        let misread = letters.next().is_some_and(|c| !c.is_ascii() && c.is_lowercase())
            && letters.next().is_some_and(char::is_uppercase);
        if latin >= 2 && alike > 0 && alike == other && latin + other >= 4 && !misread {
            first.get_or_insert(word);
        } else {
            honest += other;
        }
    }
    first.filter(|_| honest < WRITTEN)
}

/// Letters that nobody takes for a Greek sign: α, β, μ, Ω and their like are written beside Latin ones by anybody.
fn is_disguise(ch: char) -> bool {
    let cyrillic = matches!(ch, '\u{400}'..='\u{52F}');
    let greek = matches!(
        ch,
        'ο' | 'ν'
            | 'ρ'
            | 'τ'
            | 'υ'
            | 'ι'
            | 'κ'
            | 'η'
            | 'ε'
            | 'χ'
            | 'Α'
            | 'Β'
            | 'Ε'
            | 'Ζ'
            | 'Η'
            | 'Ι'
            | 'Κ'
            | 'Μ'
            | 'Ν'
            | 'Ο'
            | 'Ρ'
            | 'Τ'
            | 'Υ'
            | 'Χ'
    );
    (cyrillic || greek) && ch.to_lowercase().all(|lower| latin_like(lower).is_some())
}

/// A word of [`WORDS`] in which a kana and a kanji have changed places.
fn japanese(text: &str) -> Option<&str> {
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        let after = chars.peek().map_or(' ', |(_, next)| *next);
        if !matches!(
            ch,
            'カ' | '力'
                | 'ロ'
                | '口'
                | 'エ'
                | '工'
                | 'ニ'
                | '二'
                | 'ハ'
                | '八'
                | 'タ'
                | '夕'
                | 'ト'
                | '卜'
                | 'オ'
                | '才'
                | 'チ'
                | '千'
                | 'ー'
                | '一'
        ) {
            before = ch;
            continue;
        }
        let out_of_place = PAIRS.iter().any(|&(kana, kanji)| {
            (ch == kanji && (is_katakana(before) || is_katakana(after)))
                || (ch == kana
                    && (is_kanji(before) || is_kanji(after))
                    && !is_katakana(before)
                    && !is_katakana(after))
        });
        before = ch;
        if out_of_place && let Some(word) = disguised(text, at) {
            return Some(word);
        }
    }
    None
}

/// The word around a place that is one of [`WORDS`] to a reader and not as it is written.
fn disguised(text: &str, at: usize) -> Option<&str> {
    // Six characters of three octets on either side.
    let from = text.floor_char_boundary(at.saturating_sub(18));
    let around = text.get(from..text.floor_char_boundary(at + 21))?;
    let normal = normalise(around);
    WORDS
        .iter()
        .any(|word| {
            let covers = |start: usize| start <= at - from && at - from < start + word.len();
            normal.contains(&*normalise(word))
                && !around.match_indices(word).any(|(start, _)| covers(start))
                && word.chars().any(|c| {
                    PAIRS.iter().any(|&(kana, kanji)| {
                        let there = text.get(at..).and_then(|rest| rest.chars().next());
                        (c == kana && there == Some(kanji)) || (c == kanji && there == Some(kana))
                    })
                })
        })
        .then_some(around)
}

fn is_katakana(ch: char) -> bool {
    matches!(ch, 'ァ'..='ヺ' | 'ー')
}

fn is_kanji(ch: char) -> bool {
    matches!(ch, '\u{4E00}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_disguised_words() {
        for words in [
            "Verify your \u{440}ay\u{440}al account",
            "Your \u{410}m\u{430}zon order",
            "ギフト力ードの番号を送ってください",
            "クレジットカ一ドの更新",
            "ア力ウントが停止されました",
            "ロ座情報の確認",
            "暗証番号を入カしてください",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
    }

    #[test]
    fn honest_mixtures_are_silent() {
        for words in [
            "Привет, вот новости о программе и ее авторах, IT-отдел, Wi-Fi и iPhone",
            "10 μm, 5 kΩ, αGEL, β-carotene, Δt, PICO-8",
            "コミュニケーション力アップ講座、ブランド力とエネルギー力",
            "カードローンと口座、入力、二酸化炭素、一部エリア、ハ八ツ橋",
            "工エンジン、タ方",
            "\u{432}Mayumi said",
            "Καλημέρα σας, το προϊόν Windows",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
