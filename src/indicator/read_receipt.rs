//! The sender wants to be told that the mail was opened.
//!
//! # Detects
//!
//! Disposition-Notification-To, Return-Receipt-To, X-Confirm-Reading-To or Read-Receipt-To.
//!
//! # Why it matters
//!
//! The sender asks to be told that you opened it. Telling confirms that your address is in use.
//!
//! # False positives
//!
//! Business mail.
//!
//! # References
//!
//! - RFC 8098 §2.1
//! - rspamd: HEADER_RCONFIRM_MISMATCH

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "read-receipt",
    title: Bilingual { ja: "開封確認の要求", en: "a request for a read receipt" },
    category: None,
    family: Family::Markup,
    weight: Hundredths(30),
    hard: false,
    basis: Basis::Prior("honest business mail has it as well; almost nothing by itself"),
    why: Bilingual {
        ja: "開封したことを差出人に知らせるよう求めています。知らせると、アドレスが使われていることが分かります。",
        en: "The sender asks to be told that you opened it. Telling confirms that your address is in use.",
    },
    genuine: Bilingual {
        ja: "取引先や知人も開封確認を求めることがあります。",
        en: "Business partners ask for receipts, too.",
    },
    false_positives: Bilingual { ja: "仕事のメール。", en: "Business mail." },
    references: &["RFC 8098 §2.1", "rspamd: HEADER_RCONFIRM_MISMATCH"],
    check,
};

pub(super) const FIELDS: &[&str] =
    &["disposition-notification-to", "return-receipt-to", "x-confirm-reading-to", "read-receipt-to"];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let (name, value) =
        observables.message.fields.iter().find(|(name, _)| FIELDS.contains(&name.as_str()))?;
    Some(Observation { place: Place::Header(name.clone()), excerpt: Excerpt::new(value) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_each_of_the_fields() {
        for name in ["Disposition-Notification-To", "X-Confirm-Reading-To"] {
            let raw = testing::raw(&format!("From: a@shop.example\r\n{name}: a@shop.example\r\n"), "Hello");
            assert!(testing::fires_raw(&INDICATOR, &raw), "{name}");
        }
        let raw = testing::raw("From: a@shop.example\r\nReply-To: a@shop.example\r\n", "Hello");
        assert!(!testing::fires_raw(&INDICATOR, &raw));
    }
}
