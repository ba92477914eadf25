//! A link that lies over the whole mail.
//!
//! # Detects
//!
//! A link that is laid over everything by its style (`position:absolute` or `fixed`, full height), to
//! somebody else than the sender or a known brand.
//!
//! # Why it matters
//!
//! An invisible link lies over everything, so that any click opens it.
//!
//! # False positives
//!
//! Advertisements whose whole area is a link; those to the sender itself are left out.
//!
//! # References
//!
//! - CSS Positioned Layout 3
//! - Sublime rules: overlaid links

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "overlay-link",
    title: Bilingual { ja: "画面全体を覆うリンク", en: "a link over the whole mail" },
    category: Some(Category::Phishing),
    family: Family::Markup,
    weight: Hundredths(140),
    hard: false,
    basis: Basis::Prior("a means of deception, but advertisements do the like"),
    why: Bilingual {
        ja: "どこを押しても同じリンクが開くよう、見えないリンクが全体に重ねてあります。",
        en: "An invisible link lies over everything, so that any click opens it.",
    },
    genuine: Bilingual {
        ja: "正規のメールは、押す場所が見えるようにします。",
        en: "A genuine mail shows where to click.",
    },
    false_positives: Bilingual {
        ja: "画像全体をリンクにした広告（自社あてなら当たらない）。",
        en: "Advertisements whose whole area is a link; those to the sender itself are left out.",
    },
    references: &["CSS Positioned Layout 3", "Sublime rules: overlaid links"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let target = &observables.message.markup.overlay;
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
    fn fires_on_what_covers_all_and_not_on_buttons() {
        let cover = "position:absolute;top:0;left:0;width:100%;height:100%";
        assert!(testing::fires_raw(
            &INDICATOR,
            &html(&format!("<a style='{cover}' href='https://login.test/'></a><p>Hi</p>"))
        ));
        for body in [
            format!("<a style='{cover}' href='https://www.shop.example/'></a>"),
            "<a style='display:block;width:100%;height:40px' href='https://login.test/'>Go</a>".to_owned(),
        ] {
            assert!(!testing::fires_raw(&INDICATOR, &html(&body)), "{body}");
        }
    }
}
