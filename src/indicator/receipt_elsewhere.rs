//! The read receipt goes to somebody else.
//!
//! # Detects
//!
//! A request for a read receipt that goes to an address of another organisation than the author's.
//!
//! # Why it matters
//!
//! The receipt goes to another organisation than the sender.
//!
//! # False positives
//!
//! Mail sent by an agency.
//!
//! # References
//!
//! - RFC 8098 §2.1
//! - rspamd: HEADER_RCONFIRM_MISMATCH, HEADER_FORGED_MDN

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, organisation, read_receipt,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "receipt-elsewhere",
    title: Bilingual {
        ja: "差出人と違う宛先への開封確認", en: "the read receipt goes to somebody else"
    },
    category: None,
    family: Family::Sender,
    weight: Hundredths(110),
    hard: false,
    basis: Basis::Prior("rspamd and Stalwart weigh it so; no figures of our own"),
    why: Bilingual {
        ja: "開封確認の送り先が差出人と違います。",
        en: "The receipt goes to another organisation than the sender.",
    },
    genuine: Bilingual {
        ja: "正規の差出人は、開封確認を自分のアドレスで受け取ります。",
        en: "A genuine sender takes the receipt at its own address.",
    },
    false_positives: Bilingual { ja: "代行業者が送るメール。", en: "Mail sent by an agency." },
    references: &["RFC 8098 §2.1", "rspamd: HEADER_RCONFIRM_MISMATCH, HEADER_FORGED_MDN"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author()?;
    observables
        .message
        .fields
        .iter()
        .filter(|(name, _)| read_receipt::FIELDS.contains(&name.as_str()))
        .find_map(|(name, value)| {
            let (_, domain) = value.trim().trim_end_matches('>').rsplit_once('@')?;
            let domain = domain.to_ascii_lowercase();
            let plain = !domain.is_empty()
                && domain.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
            (plain && !author.domain.is_empty() && organisation(&domain) != organisation(&author.domain))
                .then(|| Observation { place: Place::Header(name.clone()), excerpt: Excerpt::new(value) })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_another_organisation_only() {
        let raw = |to: &str| {
            testing::raw(
                &format!("From: Shop <a@mail.shop.example>\r\nDisposition-Notification-To: {to}\r\n"),
                "Hello",
            )
        };
        assert!(testing::fires_raw(&INDICATOR, &raw("Desk <x@collect.test>")));
        for to in ["<b@shop.example>", "Desk", ""] {
            assert!(!testing::fires_raw(&INDICATOR, &raw(to)), "{to}");
        }
    }
}
