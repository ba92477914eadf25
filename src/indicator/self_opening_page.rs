//! A mail that leads on by itself.
//!
//! # Detects
//!
//! `<meta http-equiv=refresh>` with a web address in the body.
//!
//! # Why it matters
//!
//! Opening it is meant to lead on to another site by itself.
//!
//! # False positives
//!
//! Web pages that were sent as a mail as they are.
//!
//! # References
//!
//! - WHATWG HTML §4.2.5.3 (http-equiv refresh)
//! - SpamAssassin: HTML_META_REFRESH

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "self-opening-page",
    title: Bilingual { ja: "自動で移動する仕掛け", en: "a mail that leads on by itself" },
    category: Some(Category::Phishing),
    family: Family::Markup,
    weight: Hundredths(230),
    hard: false,
    basis: Basis::Prior("mail programs ignore it, so that honest senders have no use for it"),
    why: Bilingual {
        ja: "開くだけで別のサイトへ移動させる仕掛けがあります。",
        en: "Opening it is meant to lead on to another site by itself.",
    },
    genuine: Bilingual {
        ja: "正規のメールは自動で移動しません。",
        en: "A genuine mail leads nowhere by itself.",
    },
    false_positives: Bilingual {
        ja: "ウェブページをそのまま送ったメール。",
        en: "Web pages that were sent as a mail as they are.",
    },
    references: &["WHATWG HTML §4.2.5.3 (http-equiv refresh)", "SpamAssassin: HTML_META_REFRESH"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let target = &observables.message.markup.refresh;
    observables
        .is_strange_url(target)
        .then(|| Observation { place: Place::Message, excerpt: Excerpt::new(target) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn html(body: &str) -> String {
        testing::raw("From: News <news@shop.example>\r\nContent-Type: text/html; charset=utf-8\r\n", body)
    }

    #[test]
    fn fires_on_other_sites_and_not_on_plain_reloads() {
        assert!(testing::fires_raw(
            &INDICATOR,
            &html("<meta http-equiv=refresh content='0; url=https://login.test/'>")
        ));
        for body in
            ["<meta http-equiv=refresh content='300'>", "<meta charset=utf-8><p>url=https://login.test/</p>"]
        {
            assert!(!testing::fires_raw(&INDICATOR, &html(body)), "{body}");
        }
    }
}
