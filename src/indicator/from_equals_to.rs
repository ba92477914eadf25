//! Sender and recipient are the same.
//!
//! # Detects
//!
//! The only address of To is that of From, where the provider did not authenticate it.
//!
//! # Why it matters
//!
//! Sender and recipient are the same address. A From field is easily forged.
//!
//! # False positives
//!
//! Notes to oneself; newsletters with hidden recipients.
//!
//! # References
//!
//! - RFC 5322 §3.6
//! - IPA: mails that claim to have hacked the recipient

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "from-equals-to",
    title: Bilingual { ja: "差出人と宛先が同じ", en: "sender and recipient are the same" },
    category: None,
    family: Family::Sender,
    weight: Hundredths(120),
    hard: false,
    basis: Basis::Prior("people write notes to themselves; forgers hide the other recipients so"),
    why: Bilingual {
        ja: "差出人と宛先が同じアドレスです。差出人は簡単に偽れます。",
        en: "Sender and recipient are the same address. A From field is easily forged.",
    },
    genuine: Bilingual {
        ja: "会社からのメールでは、差出人は会社自身のアドレスです。",
        en: "Mail from a company has the company's address as sender.",
    },
    false_positives: Bilingual {
        ja: "自分宛ての控え、宛先を隠したお知らせ。",
        en: "Notes to oneself; newsletters with hidden recipients.",
    },
    references: &["RFC 5322 §3.6", "IPA: mails that claim to have hacked the recipient"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| author.addr.contains('@'))?;
    let same = observables.message.to.iter().all(|to| to.addr.eq_ignore_ascii_case(&author.addr));
    (same && !observables.message.to.is_empty() && !observables.author_is_authenticated())
        .then(|| Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(&author.addr) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/from-equals-to_self_en.eml");
        let benign = include_str!("../../tests/corpus/benign/from-equals-to_other_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
