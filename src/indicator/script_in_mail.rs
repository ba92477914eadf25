//! A script within the mail.
//!
//! # Detects
//!
//! A script element in the body that is fetched from elsewhere than the sender; structured data (JSON-LD) is
//! none, and interactive mail (AMP) is left out.
//!
//! # Why it matters
//!
//! The mail holds a program. Mail programs do not run it; a browser that opens the file does.
//!
//! # False positives
//!
//! Web pages that were sent as a mail as they are.
//!
//! # References
//!
//! - SpamAssassin: HTML_TAG_EXIST_SCRIPT
//! - Sublime rules: script tags in body

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "script-in-mail",
    title: Bilingual { ja: "メール内のスクリプト", en: "a script within the mail" },
    category: None,
    family: Family::Markup,
    weight: Hundredths(120),
    hard: false,
    basis: Basis::Prior("a few honest senders send web pages as they are"),
    why: Bilingual {
        ja: "メールにプログラムが入っています。メールソフトでは動きませんが、ブラウザーで開くと動きます。",
        en: "The mail holds a program. Mail programs do not run it; a browser that opens the file does.",
    },
    genuine: Bilingual {
        ja: "正規のメールにプログラムは要りません。",
        en: "A genuine mail needs no program.",
    },
    false_positives: Bilingual {
        ja: "ウェブページをそのまま送ったメール。",
        en: "Web pages that were sent as a mail as they are.",
    },
    references: &["SpamAssassin: HTML_TAG_EXIST_SCRIPT", "Sublime rules: script tags in body"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let script = &observables.message.markup.remote_script;
    observables
        .is_strange_url(script)
        .then(|| Observation { place: Place::Message, excerpt: Excerpt::new(script) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn html(body: &str) -> String {
        testing::raw("From: News <news@shop.example>\r\nContent-Type: text/html; charset=utf-8\r\n", body)
    }

    #[test]
    fn fires_on_foreign_scripts_and_not_on_structured_data() {
        let foreign = "<p>Wait</p><script src='https://cdn.test/x.js'></script>";
        assert!(testing::fires_raw(&INDICATOR, &html(foreign)));
        for body in [
            "<script type='application/ld+json'>{}</script><script type='application/ld+json'>{}</script>",
            "<script src='https://www.shop.example/x.js'></script>",
            "<p>Write &lt;script src='https://cdn.test/x.js'&gt;</p>",
        ] {
            assert!(!testing::fires_raw(&INDICATOR, &html(body)), "{body}");
        }
    }
}
