//! Short links that are completed with a foreign address.
//!
//! # Detects
//!
//! `<base href>` of neither the sender nor a known brand, with relative links in the body.
//!
//! # Why it matters
//!
//! Most of where the links lead is written apart from them, so that checks of links find nothing.
//!
//! # False positives
//!
//! Newsletters made from web pages.
//!
//! # References
//!
//! - WHATWG HTML §4.2.3 (base)
//! - Avanan: split URLs with base tags (baseStriker, 2018)

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "foreign-base",
    title: Bilingual { ja: "隠されたリンクの起点", en: "links that are completed elsewhere" },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(130),
    hard: false,
    basis: Basis::Prior("mail programs treat it differently; honest senders hardly use it"),
    why: Bilingual {
        ja: "リンクの行き先の大半を別の場所に書き、検査をすり抜けようとしています。",
        en: "Most of where the links lead is written apart from them, so that checks of links find nothing.",
    },
    genuine: Bilingual {
        ja: "正規のメールはリンクに行き先の全体を書きます。",
        en: "A genuine mail writes each link in full.",
    },
    false_positives: Bilingual {
        ja: "ウェブページから作られたニュースレター。",
        en: "Newsletters made from web pages.",
    },
    references: &["WHATWG HTML §4.2.3 (base)", "Avanan: split URLs with base tags (baseStriker, 2018)"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let base = &observables.message.markup.base;
    observables
        .is_strange_url(base)
        .then(|| Observation { place: Place::Message, excerpt: Excerpt::new(base) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn html(body: &str) -> String {
        testing::raw("From: News <news@shop.example>\r\nContent-Type: text/html; charset=utf-8\r\n", body)
    }

    #[test]
    fn fires_on_foreign_bases_with_relative_links() {
        assert!(testing::fires_raw(
            &INDICATOR,
            &html("<base href='https://login.test/'><a href='verify'>Verify</a>")
        ));
        for body in [
            "<base href='https://www.shop.example/'><a href='verify'>Verify</a>",
            "<base href='https://login.test/'><a href='https://www.shop.example/'>Shop</a>",
            "<base target=_blank><a href='x'>X</a>",
        ] {
            assert!(!testing::fires_raw(&INDICATOR, &html(body)), "{body}");
        }
    }
}
