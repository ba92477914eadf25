//! A mail that is one linked image.
//!
//! # Detects
//!
//! HTML in which next to nothing is written and one to three images are links to somebody else than the
//! sender or a known brand; no longer plain version, no list.
//!
//! # Why it matters
//!
//! The text was made an image, so that filters cannot read it.
//!
//! # False positives
//!
//! Advertisements of one image; those with a way to unsubscribe are left out.
//!
//! # References
//!
//! - SpamAssassin: HTML_IMAGE_ONLY_*
//! - Sublime rules: image as content

use crate::message::{Excerpt, Place, TextKind};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "image-only",
    title: Bilingual { ja: "画像だけのメール", en: "a mail that is one linked image" },
    category: Some(Category::Phishing),
    family: Family::Markup,
    weight: Hundredths(70),
    hard: false,
    basis: Basis::Prior("advertisements look the same; kept small"),
    why: Bilingual {
        ja: "文章を画像にして、フィルターに読ませないようにしています。",
        en: "The text was made an image, so that filters cannot read it.",
    },
    genuine: Bilingual {
        ja: "正規の事業者は、画像を表示しない人のために文章も入れます。",
        en: "A genuine sender writes its text for those who show no images.",
    },
    false_positives: Bilingual {
        ja: "画像一枚の広告（配信停止の案内があるものは除く）。",
        en: "Advertisements of one image; those with a way to unsubscribe are left out.",
    },
    references: &["SpamAssassin: HTML_IMAGE_ONLY_*", "Sublime rules: image as content"],
    check,
};

/// Letters and signs that do not make a text.
const FEW: usize = 60;
/// Of a plain version, from which on it is a text.
const PLAIN: usize = 200;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let markup = &message.markup;
    if markup.linked_images == 0 || markup.images > 3 || observables.is_list_mail() {
        return None;
    }
    let long = |kind: TextKind| -> usize {
        message
            .texts
            .iter()
            .filter(|view| view.kind == kind)
            .map(|view| view.text.normal().chars().count())
            .sum()
    };
    let written = long(TextKind::Html).saturating_sub(markup.alt);
    let (index, link) = message
        .links
        .iter()
        .enumerate()
        .find(|(_, link)| link.scheme.starts_with("http") && observables.is_strange(&link.host))?;
    (written < FEW && long(TextKind::Plain) < PLAIN)
        .then(|| Observation { place: Place::Link(index + 1), excerpt: Excerpt::new(&link.target) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn html(body: &str) -> String {
        testing::raw("From: News <news@shop.example>\r\nContent-Type: text/html; charset=utf-8\r\n", body)
    }

    #[test]
    fn fires_on_one_linked_image_and_not_on_text_or_the_senders_own() {
        let image = "<a href='https://login.test/'><img src='https://login.test/a.png'></a>";
        assert!(testing::fires_raw(&INDICATOR, &html(image)));
        for body in [
            format!("<p>{}</p>{image}", "We open a new branch next week, come and see us. ".repeat(3)),
            "<a href='https://www.shop.example/'><img src='https://www.shop.example/a.png'></a>".to_owned(),
            "<img src='https://login.test/a.png'>".to_owned(),
        ] {
            assert!(!testing::fires_raw(&INDICATOR, &html(&body)), "{body}");
        }
    }
}
