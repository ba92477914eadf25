//! A quoted correspondent's domain, changed by a letter.
//!
//! # Detects
//!
//! Addresses in the text or in To and Cc whose domain is one letter from the sender's, or equal once confusable
//! characters are folded, without being it.
//!
//! # Why it matters
//!
//! The quoted conversation was with a domain that the sender's only resembles. So conversations are taken over.
//!
//! # False positives
//!
//! Two honest companies of nearly one name.
//!
//! # References
//!
//! - FBI IC3: business e-mail compromise

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, brand,
    observables::{is_freemail, organisation},
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "thread-hijack",
    title: Bilingual {
        ja: "会話の相手に似せた差出人",
        en: "a quoted correspondent's domain, changed by a letter",
    },
    category: Some(Category::Bec),
    family: Family::Sender,
    weight: Hundredths(400),
    hard: false,
    basis: Basis::Prior("a stolen conversation goes on from a domain that only looks like the partner's"),
    why: Bilingual {
        ja: "引用された会話の相手と一文字違いのドメインから送られています。会話を乗っ取る手口です。",
        en: "The quoted conversation was with a domain that the sender's only resembles. So conversations are taken over.",
    },
    genuine: Bilingual {
        ja: "会話の相手は、いつもと同じドメインから返事をします。口座の変更などは電話で確かめられます。",
        en: "Your correspondent answers from the same domain as always. Check a change of account by telephone.",
    },
    false_positives: Bilingual {
        ja: "名前のよく似た二つの会社。",
        en: "Two honest companies of nearly one name.",
    },
    references: &["FBI IC3: business e-mail compromise"],
    check,
};

/// Octets of a text that are looked at, and addresses in it.
const LOOK: usize = 32 * 1024;
const MANY: usize = 60;
/// Names shorter than this are a letter apart by accident.
const SHORTEST: usize = 6;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let author = observables.author().filter(|author| author.domain.contains('.'))?;
    let own = organisation(&author.domain);
    if is_freemail(own) || brand::core_of(own).len() < SHORTEST {
        return None;
    }
    let near = |domain: &str| {
        let other = organisation(domain);
        let (one, two) = (brand::core_of(own), brand::core_of(other));
        other != own
            && two.len() >= SHORTEST
            && !is_freemail(other)
            && one != two
            && (brand::one_apart(one, two) || brand::skeleton(one) == brand::skeleton(two))
    };
    let found = message.to.iter().chain(&message.cc).map(|to| to.domain.clone()).find(|domain| near(domain));
    let found = found.or_else(|| {
        message.texts.iter().find_map(|view| {
            let normal = view.text.normal();
            let normal = normal.get(..normal.floor_char_boundary(LOOK)).unwrap_or_default();
            normal.split('@').skip(1).take(MANY).find_map(|rest| {
                let end = rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')))
                    .unwrap_or(rest.len());
                let domain = rest.get(..end)?.trim_end_matches('.');
                (domain.contains('.') && near(domain)).then(|| domain.to_owned())
            })
        })
    })?;
    Some(Observation {
        place: Place::Header("from".to_owned()),
        excerpt: Excerpt::new(&format!("{} / {found}", author.addr)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/thread-hijack_letter_en.eml");
        let benign = include_str!("../../tests/corpus/benign/thread-hijack_same_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
