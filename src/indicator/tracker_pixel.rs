//! An unseen image that tells the sender of the opening, in a mail that is no list's.
//!
//! # Detects
//!
//! An image of at most two pixels, or hidden, fetched from somebody else than the sender or a known brand,
//! in a mail without the header fields of lists.
//!
//! # Why it matters
//!
//! Showing the images tells the sender that you opened it. Leave them off.
//!
//! # False positives
//!
//! Business mail sent by sales tools.
//!
//! # References
//!
//! - RFC 8058, RFC 2919 (fields of lists)
//! - SpamAssassin: T_REMOTE_IMAGE

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "tracker-pixel",
    title: Bilingual {
        ja: "開封を知らせる見えない画像", en: "an unseen image that reports the opening"
    },
    category: None,
    family: Family::Markup,
    weight: Hundredths(10),
    hard: false,
    basis: Basis::Prior("honest mail has it as well; almost nothing by itself"),
    why: Bilingual {
        ja: "画像を表示すると、開封したことが差出人に伝わります。画像を表示しないでください。",
        en: "Showing the images tells the sender that you opened it. Leave them off.",
    },
    genuine: Bilingual {
        ja: "正規の事業者も開封を数えますが、配信停止の案内を付けて一斉に送ります。",
        en: "Genuine companies count openings as well, in bulk mail that offers to unsubscribe.",
    },
    false_positives: Bilingual {
        ja: "営業支援ツールで送られた仕事のメール。",
        en: "Business mail sent by sales tools.",
    },
    references: &["RFC 8058, RFC 2919 (fields of lists)", "SpamAssassin: T_REMOTE_IMAGE"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let pixels = &observables.message.markup.pixels;
    let pixel = pixels.iter().find(|pixel| observables.is_strange_url(pixel))?;
    (!observables.is_list_mail()).then(|| Observation { place: Place::Message, excerpt: Excerpt::new(pixel) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn html(body: &str) -> String {
        testing::raw("From: News <news@shop.example>\r\nContent-Type: text/html; charset=utf-8\r\n", body)
    }

    #[test]
    fn fires_on_foreign_pixels_and_not_on_pictures_and_lists() {
        assert!(testing::fires_raw(
            &INDICATOR,
            &html("<p>Hello</p><img src='https://t.test/p?id=1' width=1 height=1>")
        ));
        for body in [
            "<p>Hello</p><img src='https://t.test/logo.png' width=120 height=40>",
            "<p>Hello</p><img src='https://img.shop.example/p' width=1 height=1>",
        ] {
            assert!(!testing::fires_raw(&INDICATOR, &html(body)), "{body}");
        }
        let listed = html("<img src='https://t.test/p' width=1>").replacen(
            "MIME",
            "List-Unsubscribe: <https://shop.example/u>\r\nMIME",
            1,
        );
        assert!(!testing::fires_raw(&INDICATOR, &listed));
    }
}
