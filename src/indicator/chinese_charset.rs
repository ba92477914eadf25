//! Japanese in a character set of Chinese or Korean.
//!
//! # Detects
//!
//! Japanese text in a mail whose header fields or parts are labelled gb2312, gbk, gb18030, big5, euc-kr and
//! the like.
//!
//! # Why it matters
//!
//! It is in Japanese, but written with a character set of Chinese or Korean: a mark of mail made abroad.
//!
//! # False positives
//!
//! Branches and partners in China and Korea who write Japanese.
//!
//! # References
//!
//! - IANA character sets
//! - SpamAssassin: CHARSET_FARAWAY

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "chinese-charset",
    title: Bilingual {
        ja: "中国語・韓国語の文字コードの日本語メール",
        en: "Japanese in a character set of Chinese or Korean",
    },
    category: None,
    family: Family::Language,
    weight: Hundredths(120),
    hard: false,
    basis: Basis::Prior("partners in China write so as well; kept small"),
    why: Bilingual {
        ja: "日本語なのに、中国語や韓国語の文字コードで書かれています。国外で作られたメールの特徴です。",
        en: "It is in Japanese, but written with a character set of Chinese or Korean: a mark of mail made abroad.",
    },
    genuine: Bilingual {
        ja: "日本の事業者は UTF-8 か ISO-2022-JP で送ります。",
        en: "Japanese companies send UTF-8 or ISO-2022-JP.",
    },
    false_positives: Bilingual {
        ja: "中国・韓国の支社や取引先からの日本語メール。",
        en: "Branches and partners in China and Korea who write Japanese.",
    },
    references: &["IANA character sets", "SpamAssassin: CHARSET_FARAWAY"],
    check,
};

const LABELS: &[&str] = &[
    "gb2312",
    "gbk",
    "gb18030",
    "gb_2312-80",
    "hz-gb-2312",
    "big5",
    "big5-hkscs",
    "euc-kr",
    "ks_c_5601-1987",
    "euc-tw",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let label = observables.message.charsets.iter().find(|label| LABELS.contains(&label.as_str()))?;
    observables
        .is_japanese()
        .then(|| Observation { place: Place::Message, excerpt: Excerpt::new(&format!("charset={label}")) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_japanese_and_not_on_chinese() {
        let raw = |label: &str, body: &str| {
            testing::raw(
                &format!("From: a@shop.example\r\nContent-Type: text/plain; charset={label}\r\n"),
                body,
            )
        };
        let japanese = "このたびはご利用いただきありがとうございます。ご確認をお願いいたします。";
        assert!(testing::fires_raw(&INDICATOR, &raw("gb2312", japanese)));
        assert!(testing::fires_raw(&INDICATOR, &raw("GBK", japanese)));
        assert!(!testing::fires_raw(&INDICATOR, &raw("utf-8", japanese)));
        assert!(!testing::fires_raw(&INDICATOR, &raw("gb2312", "Your order has been shipped.")));
    }
}
