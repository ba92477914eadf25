//! A stranger's code is to be scanned.
//!
//! # Detects
//!
//! A request to scan a QR code, and a QR code that leads to a web address of neither the sender nor a known
//! brand, which is not offered for clicking as well; not in mail of lists.
//!
//! # Why it matters
//!
//! It asks you to scan a code that leads to somebody else than the sender.
//!
//! # False positives
//!
//! Codes of events and surveys from friends and schools.
//!
//! # References
//!
//! - FBI IC3 I-011822-PSA: tampered QR codes
//! - Sublime rules: QR code with suspicious indicators

use crate::message::{Excerpt, Origin, normalise};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "qr-scan",
    title: Bilingual {
        ja: "差出人と違う先へ導くQRコードの読み取り要求",
        en: "a stranger's code is to be scanned",
    },
    category: Some(Category::Phishing),
    family: Family::Code,
    weight: Hundredths(110),
    hard: false,
    basis: Basis::Prior("one witness together with qr-link; events send the like, so that it is kept small"),
    why: Bilingual {
        ja: "QRコードを読み取るよう求めていますが、行き先は差出人のサイトではありません。",
        en: "It asks you to scan a code that leads to somebody else than the sender.",
    },
    genuine: Bilingual {
        ja: "正規の事業者のQRコードは、その事業者のサイトを指し、同じリンクを文章にも載せます。",
        en: "A genuine sender's code leads to its own site, and the same link stands in the text.",
    },
    false_positives: Bilingual {
        ja: "知人や学校からの、行事やアンケートのQRコード。",
        en: "Codes of events and surveys from friends and schools.",
    },
    references: &[
        "FBI IC3 I-011822-PSA: tampered QR codes",
        "Sublime rules: QR code with suspicious indicators",
    ],
    check,
};

/// Requests to scan, normalised; own wording.
const REQUESTS: &[&str] = &[
    "scan the qr",
    "scan this qr",
    "scan a qr",
    "scan qr",
    "scan the code",
    "scan this code",
    "scan the barcode",
    "scanning the qr",
    "scan with your",
    "scan to ",
    "scan below",
    "qr code below",
    "qr code with your",
    "point your phone",
    "point your camera",
    "using your phone's camera",
    "with your mobile device",
    "QRコードを読み取",
    "QRコードをスキャン",
    "二次元コードを読み取",
    "二次元バーコードを読み取",
    "コードを読み取",
    "コードをスキャン",
    "スキャンして",
    "QRコードから",
    "QRコードにアクセス",
    "スマートフォンで読み取",
    "カメラで読み取",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let links = &observables.message.links;
    let (index, link) = links.iter().enumerate().find(|(_, link)| {
        link.origin == Origin::Code && link.scheme.starts_with("http") && observables.is_strange(&link.host)
    })?;
    let clickable = links.iter().any(|other| other.origin == Origin::Body && other.domain == link.domain);
    let asked = || {
        observables
            .visible()
            .any(|(_, text)| REQUESTS.iter().any(|request| text.normal().contains(&*normalise(request))))
    };
    (!clickable && !observables.is_list_mail() && asked())
        .then(|| Observation { place: observables.link_place(index), excerpt: Excerpt::new(&link.target) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    use crate::message::drawing;

    #[test]
    fn fires_on_a_strangers_code_that_is_to_be_scanned() {
        for words in ["Please scan the QR code below.", "QRコードを読み取ってください。"] {
            assert!(
                testing::fires(&INDICATOR, &format!("{words}\r\n{}", drawing("https://login.test/v"))),
                "{words}"
            );
        }
    }

    #[test]
    fn the_senders_code_and_one_that_is_a_link_too_are_silent() {
        for (words, content) in [
            ("Please scan the QR code below.", "https://www.shop.example/v"),
            ("Please scan the QR code below, or follow https://tickets.test/", "https://tickets.test/v"),
            ("Please scan the QR code at the gate.", "TICKET 12345"),
            ("The concert begins at seven.", "https://tickets.test/v"),
        ] {
            assert!(!testing::fires(&INDICATOR, &format!("{words}\r\n{}", drawing(content))), "{words}");
        }
    }
}
