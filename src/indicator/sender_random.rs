//! A sender's address of random letters.
//!
//! # Detects
//!
//! A From domain whose name has long runs of consonants or letters and digits mixed, or such a local part.
//!
//! # Why it matters
//!
//! The sender's address looks as if a machine had made it.
//!
//! # False positives
//!
//! Automatic addresses of ticket systems.
//!
//! # References
//!
//! - rspamd#5591

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, brand,
    observables::organisation, wording::is_random,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "sender-random",
    title: Bilingual {
        ja: "でたらめな差出人アドレス", en: "a sender's address of random letters"
    },
    category: None,
    family: Family::Sender,
    weight: Hundredths(110),
    hard: false,
    basis: Basis::Prior(
        "machines make such names by the thousand; bounce addresses of services look like them and are left out",
    ),
    why: Bilingual {
        ja: "差出人のアドレスが、機械的に作られた文字列です。",
        en: "The sender's address looks as if a machine had made it.",
    },
    genuine: Bilingual {
        ja: "会社のアドレスは、読める名前です。",
        en: "A company's address is a name that can be read.",
    },
    false_positives: Bilingual {
        ja: "問い合わせシステムの自動アドレス。",
        en: "Automatic addresses of ticket systems.",
    },
    references: &["rspamd#5591"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author()?;
    let (local, _) = author.addr.rsplit_once('@')?;
    let domain = brand::core_of(organisation(&author.domain));
    let plain = local.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_random(domain) || (plain && local.len() <= 16 && is_random(local)))
        .then(|| Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(&author.addr) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/sender-random_letters_en.eml");
        let benign = include_str!("../../tests/corpus/benign/sender-random_word_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
