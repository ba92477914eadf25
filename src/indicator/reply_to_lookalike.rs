//! Answers go to a look-alike of the sender.
//!
//! # Detects
//!
//! A Reply-To whose domain is one letter from From's, or equal once confusable characters are folded.
//!
//! # Why it matters
//!
//! The domain to which an answer would go is one letter from the sender's.
//!
//! # False positives
//!
//! A company that also owns its misspelling.
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
    id: "reply-to-lookalike",
    title: Bilingual {
        ja: "返信先が差出人に似せたドメイン", en: "answers go to a look-alike of the sender"
    },
    category: Some(Category::Bec),
    family: Family::Sender,
    weight: Hundredths(380),
    hard: false,
    basis: Basis::Prior("who answers would not notice; nobody owns both names by chance"),
    why: Bilingual {
        ja: "返信先のドメインが、差出人のドメインと一文字違いです。",
        en: "The domain to which an answer would go is one letter from the sender's.",
    },
    genuine: Bilingual {
        ja: "返信は、差出人と同じドメインに届きます。",
        en: "An answer goes to the sender's own domain.",
    },
    false_positives: Bilingual {
        ja: "自社の綴り違いのドメインも持つ会社。",
        en: "A company that also owns its misspelling.",
    },
    references: &["FBI IC3: business e-mail compromise"],
    check,
};

/// Names shorter than this are a letter apart by accident.
const SHORTEST: usize = 6;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| author.domain.contains('.'))?;
    let own = organisation(&author.domain);
    let one = brand::core_of(own);
    let reply = observables.message.reply_to.iter().find(|reply| {
        let other = organisation(&reply.domain);
        let two = brand::core_of(other);
        one != two
            && one.len() >= SHORTEST
            && two.len() >= SHORTEST
            && !is_freemail(other)
            && (brand::one_apart(one, two) || brand::skeleton(one) == brand::skeleton(two))
    })?;
    Some(Observation {
        place: Place::Header("reply-to".to_owned()),
        excerpt: Excerpt::new(&format!("{} (From: {})", reply.addr, author.addr)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/reply-to-lookalike_letter_en.eml");
        let benign = include_str!("../../tests/corpus/benign/reply-to-lookalike_same_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
