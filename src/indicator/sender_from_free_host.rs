//! A sender at a free hosting service.
//!
//! # Detects
//!
//! A From domain below a free hosting service, dynamic DNS, or a trial tenant's onmicrosoft.com.
//!
//! # Why it matters
//!
//! It comes from a domain that anybody can have at no cost.
//!
//! # False positives
//!
//! Small businesses that never set up their own domain.
//!
//! # References
//!
//! - `config/hosts.toml`

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, hosts,
    observables::organisation,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "sender-from-free-host",
    title: Bilingual { ja: "無料ホスティングの差出人", en: "a sender at a free hosting service" },
    category: Some(Category::Phishing),
    family: Family::Sender,
    weight: Hundredths(200),
    hard: false,
    basis: Basis::Prior(
        "trial tenants and free pages have addresses of their own, which companies replace by theirs",
    ),
    why: Bilingual {
        ja: "誰でも無料で作れるドメインから送られています。",
        en: "It comes from a domain that anybody can have at no cost.",
    },
    genuine: Bilingual {
        ja: "会社は、自分のドメインのアドレスから送ります。",
        en: "A company writes from its own domain.",
    },
    false_positives: Bilingual {
        ja: "自分のドメインを持たない小さな事業者。",
        en: "Small businesses that never set up their own domain.",
    },
    references: &["`config/hosts.toml`"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author()?;
    let open = hosts::class_of_host(&author.domain).is_some_and(hosts::Class::is_open_to_anybody);
    let below = organisation(&author.domain) == author.domain || author.domain.matches('.').count() >= 2;
    ((open && below) || author.domain.ends_with(".onmicrosoft.com"))
        .then(|| Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(&author.addr) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/sender-from-free-host_tenant_en.eml");
        let benign = include_str!("../../tests/corpus/benign/sender-from-free-host_own_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
