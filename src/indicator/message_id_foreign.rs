//! A message id of another domain.
//!
//! # Detects
//!
//! The right side of Message-ID is the domain of neither From, Sender, Return-Path nor a known service, in mail
//! that is no list's.
//!
//! # Why it matters
//!
//! The message id was made at another domain than the sender's.
//!
//! # False positives
//!
//! Programs that take the machine's name.
//!
//! # References
//!
//! - RFC 5322 §3.6.4

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, hosts,
    observables::{is_freemail, organisation},
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "message-id-foreign",
    title: Bilingual {
        ja: "メッセージIDのドメインが差出人と異なる", en: "a message id of another domain"
    },
    category: None,
    family: Family::Transport,
    weight: Hundredths(20),
    hard: false,
    basis: Basis::Prior("programs and services make ids of their own: a hint only"),
    why: Bilingual {
        ja: "メッセージIDの作られた場所が、差出人のドメインと違います。",
        en: "The message id was made at another domain than the sender's.",
    },
    genuine: Bilingual {
        ja: "メッセージIDは、ふつう差出人のドメインで作られます。",
        en: "A message id is mostly made at the sender's domain.",
    },
    false_positives: Bilingual {
        ja: "機械の名前を使うソフト。",
        en: "Programs that take the machine's name.",
    },
    references: &["RFC 5322 §3.6.4"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let author = observables.author().filter(|author| !author.domain.is_empty())?;
    let (_, made) = message.message_id.rsplit_once('@')?;
    let made = made.trim_matches(['[', ']', '>']).to_lowercase();
    let known = hosts::class_of_host(&made).is_some()
        || is_freemail(organisation(&made))
        || observables.brands().owner(&made).is_some()
        || !made.contains('.');
    let list = message.fields.iter().any(|(name, _)| name.starts_with("list-"));
    let own = [&author.domain]
        .into_iter()
        .chain(message.sender.iter().map(|sender| &sender.domain))
        .any(|domain| hosts::related(organisation(domain), organisation(&made)));
    (!known && !list && !own).then(|| Observation {
        place: Place::Header("message-id".to_owned()),
        excerpt: Excerpt::new(&message.message_id),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/message-id-foreign_other_en.eml");
        let benign = include_str!("../../tests/corpus/benign/message-id-foreign_same_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
