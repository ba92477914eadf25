//! The courtesy of an honest reminder.
//!
//! # Detects
//!
//! "If this crossed with your payment, please excuse us", in a text that claims a debt; or the offer to talk about terms.
//!
//! # Why it matters
//!
//! Honest reminders allow for having been paid already. It takes away a little; fakes copy it, too.
//!
//! # False positives
//!
//! Phishing that copies the reminder of a utility, which is why it takes away so little.
//!
//! # References
//!
//! - Development corpus: genuine dunning of utilities, card companies and shops

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "crossed-in-post",
    title: Bilingual { ja: "行き違いの場合の断り書き", en: "the courtesy of an honest reminder" },
    category: None,
    family: Family::Mitigation,
    weight: Hundredths(-150),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "本物の督促によくある断り書きです。点数を少しだけ下げます。",
        en: "Honest reminders allow for having been paid already. It takes away a little; fakes copy it, too.",
    },
    false_positives: "Phishing that copies the reminder of a utility, which is why it takes away so little.",
    references: &["Development corpus: genuine dunning of utilities, card companies and shops"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let owed = observables.says(Slot::UnpaidDebt) || observables.says(Slot::Ultimatum);
    owed.then(|| observables.said(Slot::CrossedInPost))?
}
