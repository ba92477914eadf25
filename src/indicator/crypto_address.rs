//! A crypto-currency address whose checksum is right.
//!
//! # Detects
//!
//! Base58Check (BTC, LTC, DOGE, DASH, TRX), Bech32 and Bech32m (BTC, LTC), EIP-55 (ETH) with a correct
//! checksum, also with invisible characters or spaces pushed in.
//!
//! # Why it matters
//!
//! The text holds a payable crypto-currency address; its checksum is right.
//!
//! # False positives
//!
//! Exchanges, donation pages, developers.
//!
//! # References
//!
//! - BIP 173, BIP 350
//! - EIP-55
//! - Base58Check: Bitcoin protocol documentation

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, wallet};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "crypto-address",
    title: Bilingual { ja: "暗号資産アドレス", en: "a crypto-currency address" },
    category: Some(Category::Extortion),
    family: Family::Payment,
    weight: Hundredths(200),
    hard: false,
    basis: Basis::Prior("kept below what would matter alone: newsletters and developers quote addresses"),
    why: Bilingual {
        ja: "本文に暗号資産の送金先があります（検査符号も正しい）。送ると取り戻せません。",
        en: "The text holds a payable crypto-currency address; its checksum is right. What is sent there cannot be taken back.",
    },
    genuine: Bilingual {
        ja: "本物の請求書は、事業者名義の口座やカード決済を示します。メール本文の暗号資産アドレスに送らせることはありません。",
        en: "A genuine bill names an account in the company's name or a card payment. It does not have you send coins to an address in the mail.",
    },
    false_positives: Bilingual {
        ja: "取引所、寄付のページ、開発者。",
        en: "Exchanges, donation pages, developers.",
    },
    references: &["BIP 173, BIP 350", "EIP-55", "Base58Check: Bitcoin protocol documentation"],
    check,
};

/// Words looked at in one text; a longer text is not written to be read.
const MOST_WORDS: usize = 20_000;
/// Letters of a word that is looked at.
const SHORTEST: usize = 26;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.crypto_address().cloned()
}

pub(super) fn first(observables: &Observables<'_>) -> Option<Observation> {
    observables.visible().find_map(|(index, text)| {
        if !holds_long_word(text.original()) {
            return None;
        }
        let place = observables.place(index);
        let visible: String = text.original().chars().filter(|c| !is_invisible(*c)).collect();
        visible
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| word.len() >= SHORTEST)
            .take(MOST_WORDS)
            .find(|word| wallet::currency(word).is_some())
            .map(|word| Observation { place, excerpt: Excerpt::new(word) })
    })
}

/// Whether a text may hold a word as long as an address. What is not ASCII may be invisible; kana and kanji, of which the
/// first octet is one of these, are not.
fn holds_long_word(text: &str) -> bool {
    let mut long = 0;
    text.bytes().any(|octet| {
        if octet.is_ascii_alphanumeric() {
            long += 1;
        } else if octet.is_ascii() || (0xE3..=0xE9).contains(&octet) {
            long = 0;
        }
        long >= SHORTEST
    })
}

/// Zero-width characters, joiners and the soft hyphen: pushed into an address, they hide it from a search and not from a reader.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Send it to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa now",
            "1A1zP1eP5QG\u{200b}efi2DMPTfTL5SLmv7DivfNa",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "Send it to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb now",
            "commit 5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
