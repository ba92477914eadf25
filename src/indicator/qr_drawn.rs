//! A QR code that is drawn with characters or table cells.
//!
//! # Detects
//!
//! A QR code without an image: block characters, `#`, table cells or boxes with background colours; and
//! what it says is a web address of neither the sender nor a known brand.
//!
//! # Why it matters
//!
//! The code is drawn without an image, so that programs which look into images find nothing.
//!
//! # False positives
//!
//! Logs of terminal programs, and tickets drawn as tables for those who show no images; both lead to the
//! sender itself.
//!
//! # References
//!
//! - Barracuda: QR codes built from ASCII and Unicode characters (2024)
//! - Microsoft Security: QR codes in HTML tables (2025)

use crate::message::{Excerpt, Make};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "qr-drawn",
    title: Bilingual {
        ja: "文字や表で描かれたQRコード", en: "a QR code drawn with characters or cells"
    },
    category: Some(Category::Phishing),
    family: Family::Disguise,
    weight: Hundredths(250),
    hard: false,
    basis: Basis::Prior("a means of evasion by itself, but hardly any such mail is public"),
    why: Bilingual {
        ja: "画像を調べる仕組みをすり抜けるため、QRコードを文字や表のマスで描いています。",
        en: "The code is drawn without an image, so that programs which look into images find nothing.",
    },
    genuine: Bilingual {
        ja: "正規の事業者はQRコードを画像で載せます。",
        en: "A genuine sender puts its code into an image.",
    },
    false_positives: Bilingual {
        ja: "端末向けのログや、画像を表示しない人のために表で描いた入場券。どちらも自社のアドレスを指す。",
        en: "Logs of terminal programs, and tickets drawn as tables for those who show no images; both lead to the sender itself.",
    },
    references: &[
        "Barracuda: QR codes built from ASCII and Unicode characters (2024)",
        "Microsoft Security: QR codes in HTML tables (2025)",
    ],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    message.codes.iter().filter(|code| code.make == Make::Drawn).find_map(|code| {
        let content = message.texts.get(code.text.checked_sub(1)?)?.text.original();
        let link = message
            .links
            .iter()
            .find(|link| content.contains(&*link.target) && link.scheme.starts_with("http"))?;
        observables
            .is_strange(&link.host)
            .then(|| Observation { place: observables.place(code.text), excerpt: Excerpt::new(content) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    use crate::message::drawing;

    #[test]
    fn fires_on_foreign_addresses_and_not_on_tickets_and_the_senders_own() {
        assert!(testing::fires(&INDICATOR, &drawing("https://login.test/v")));
        for content in ["TICKET 12345", "https://www.shop.example/t/1"] {
            assert!(!testing::fires(&INDICATOR, &drawing(content)), "{content}");
        }
    }
}
