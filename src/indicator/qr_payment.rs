//! A payment request in a QR code.
//!
//! # Detects
//!
//! A QR code that holds a crypto-currency address or payment request (`bitcoin:`, `ethereum:`, …), or a
//! payment request of a wallet app.
//!
//! # Why it matters
//!
//! The QR code holds an account to pay to. What is paid so cannot be called back.
//!
//! # False positives
//!
//! Exchanges, and pages that ask for donations.
//!
//! # References
//!
//! - BIP 21, BIP 321 (bitcoin: URIs)
//! - EIP-681
//! - Sublime rules: QR code with a crypto-currency address

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, wallet};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "qr-payment",
    title: Bilingual { ja: "QRコードの送金先", en: "a payment request in a QR code" },
    category: Some(Category::Extortion),
    family: Family::Payment,
    weight: Hundredths(160),
    hard: false,
    basis: Basis::Prior("one witness together with crypto-address; few such mails are public"),
    why: Bilingual {
        ja: "QRコードに送金先が入っています。読み取って送金すると取り戻せません。",
        en: "The QR code holds an account to pay to. What is paid so cannot be called back.",
    },
    genuine: Bilingual {
        ja: "正規の請求は、会社の請求書や公式アプリで支払います。メールのQRコードで暗号資産を送らせることはありません。",
        en: "A genuine bill is paid through an invoice or the company's own app, never by a crypto-currency code in a mail.",
    },
    false_positives: Bilingual {
        ja: "暗号資産の取引所や寄付の案内。",
        en: "Exchanges, and pages that ask for donations.",
    },
    references: &[
        "BIP 21, BIP 321 (bitcoin: URIs)",
        "EIP-681",
        "Sublime rules: QR code with a crypto-currency address",
    ],
    check,
};

/// Schemes that ask a wallet to pay.
const SCHEMES: &[&str] = &[
    "bitcoin:",
    "bitcoincash:",
    "ethereum:",
    "litecoin:",
    "dogecoin:",
    "tron:",
    "monero:",
    "solana:",
    "ripple:",
    "lightning:",
    "wxp://",
    "alipays:",
    "upi://",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    message.codes.iter().find_map(|code| {
        let content = message.texts.get(code.text.checked_sub(1)?)?.text.original().trim();
        let lower = content.to_ascii_lowercase();
        let asks = SCHEMES.iter().any(|scheme| lower.starts_with(scheme));
        let wallet = || {
            content
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| word.len() >= 26 && wallet::currency(word).is_some())
        };
        (asks || wallet())
            .then(|| Observation { place: observables.place(code.text), excerpt: Excerpt::new(content) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    use crate::message::drawing;

    #[test]
    fn fires_on_wallets_and_not_on_other_contents() {
        for content in
            ["bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=0.2", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]
        {
            assert!(testing::fires(&INDICATOR, &drawing(content)), "{content}");
        }
        for content in ["https://www.shop.example/pay", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "TICKET 12345"]
        {
            assert!(!testing::fires(&INDICATOR, &drawing(content)), "{content}");
        }
    }
}
