//! A known company writes, and every link leads to its own site.
//!
//! # Detects
//!
//! An author at a known brand's own domain, links to that brand's own sites only (at least one, and none to a place of
//! the brand where anybody can put anything), answers that go nowhere else, and no program, archive or page attached.
//!
//! # Why it matters
//!
//! Even where the sender is forged, who follows these links ends at the brand itself: nothing can be stolen there.
//!
//! # False positives
//!
//! Scams that want a telephone call or an answer, and carry a brand's links for show.
//!
//! # References
//!
//! - RFC 7489 §2.4 (what alignment cannot tell)

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot,
    observables::is_freemail, organisation,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "links-at-the-brand",
    title: Bilingual {
        ja: "リンク先がすべて差出人のブランド自身のサイト",
        en: "every link leads to the brand that writes",
    },
    category: None,
    family: Family::Mitigation,
    weight: Hundredths(-300),
    hard: false,
    basis: Basis::Prior(
        "set by hand: a link to the brand's own site cannot steal; bounded, because a scam may ask for a call instead",
    ),
    why: Bilingual {
        ja: "リンクをたどっても、行き先はそのブランド自身のサイトです。差出人が偽でも、そこで情報は盗まれません。",
        en: "Who follows these links ends at the brand itself; even if the sender is forged, nothing is stolen there.",
    },
    genuine: Bilingual {
        ja: "本物の会社の知らせは、自社のサイトへ案内します。それでもアプリやブックマークから開くのが安全です。",
        en: "A company's own notice leads to its own site. Opening it from the app or a bookmark is safer still.",
    },
    false_positives: Bilingual {
        ja: "本物のリンクを飾りに置き、電話や返信へ誘う詐欺。",
        en: "Scams that carry a brand's links for show and want a call or an answer.",
    },
    references: &["RFC 7489 §2.4"],
    check,
};

/// What a scam wants beside a click.
const OTHER_ROUTES: &[Slot] = &[
    Slot::CodeHandover,
    Slot::CryptoDemand,
    Slot::PublishThreat,
    Slot::SafeAccount,
    Slot::RemoteHelp,
    Slot::AtmRefund,
    Slot::CallDemand,
    Slot::UnexpectedCharge,
    Slot::GiftCard,
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author()?;
    let brand = observables.brands().owner(&author.domain).filter(|_| !is_freemail(&author.domain))?;
    let answers = observables.message.reply_to.iter();
    let elsewhere = answers
        .clone()
        .any(|to| !brand.owns(&to.domain) && organisation(&to.domain) != organisation(&author.domain));
    let carries = observables.message.attachments.iter().any(|file| !file.kind.is_image());
    if elsewhere || carries || OTHER_ROUTES.iter().any(|slot| observables.says(*slot)) {
        return None;
    }
    let mut web = observables.destinations().iter().peekable();
    let first = web.peek()?.link;
    let home =
        web.all(|to| brand.owns(&to.host) && !to.class.is_some_and(super::hosts::Class::is_open_to_anybody));
    home.then(|| Observation {
        place: observables.link_place(first - 1),
        excerpt: Excerpt::new(&format!("{} -> {}", author.domain, brand.name)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let forged = include_str!("../../tests/corpus/threat/links-at-the-brand_one_elsewhere_en.eml");
        let genuine = include_str!("../../tests/corpus/benign/links-at-the-brand_own_site_en.eml");
        assert!(!testing::fires_raw(&INDICATOR, forged));
        assert!(testing::fires_raw(&INDICATOR, genuine));
    }
}
