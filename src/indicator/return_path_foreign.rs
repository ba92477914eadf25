//! Bounces go to another domain.
//!
//! # Detects
//!
//! A Return-Path of another organisation than From's that is no known mail service, in mail that is no list's.
//!
//! # Why it matters
//!
//! The address for bounces is of another domain than the sender's.
//!
//! # False positives
//!
//! Mailing services that are not in the table; forwarders.
//!
//! # References
//!
//! - RFC 5321 §4.4
//! - RFC 7489 §3.1

use crate::message::{Excerpt, Place};

use super::{
    Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, hosts,
    observables::organisation,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "return-path-foreign",
    title: Bilingual {
        ja: "配送元のドメインが差出人と異なる", en: "bounces go to another domain"
    },
    category: None,
    family: Family::Transport,
    weight: Hundredths(40),
    hard: false,
    basis: Basis::Prior("lists, services and forwarders do so all the time: a hint only"),
    why: Bilingual {
        ja: "配送エラーの戻り先が、差出人のドメインと違います。",
        en: "The address for bounces is of another domain than the sender's.",
    },
    genuine: Bilingual {
        ja: "会社のメールの戻り先は、会社か配信サービスのドメインです。",
        en: "Bounces of a company's mail go to the company or to a mail service.",
    },
    false_positives: Bilingual {
        ja: "一覧に載っていない配信サービス、転送。",
        en: "Mailing services that are not in the table; forwarders.",
    },
    references: &["RFC 5321 §4.4", "RFC 7489 §3.1"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let author = observables.author().filter(|author| !author.domain.is_empty())?;
    let (_, bounce) = message.return_path.rsplit_once('@')?;
    let bounce = bounce.trim_end_matches('>').to_lowercase();
    let service = hosts::class_of_host(&bounce).is_some();
    let list = message.fields.iter().any(|(name, _)| name.starts_with("list-"));
    (!service && !list && !hosts::related(organisation(&bounce), organisation(&author.domain))).then(|| {
        Observation {
            place: Place::Header("return-path".to_owned()),
            excerpt: Excerpt::new(&message.return_path),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/return-path-foreign_other_en.eml");
        let benign = include_str!("../../tests/corpus/benign/return-path-foreign_same_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
