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
    genuine: Bilingual {
        ja: "本物の督促は、契約・金額・期日・問い合わせ先を示し、すでに払った人への断りを添えます。この文だけでは本物とは言えません。",
        en: "A genuine reminder names the contract, the sum, the date and where to ask, and allows for having been paid already. These words alone do not make it genuine.",
    },
    false_positives: Bilingual {
        ja: "公共料金などの督促をまねたフィッシング。そのため引く点数は小さい。",
        en: "Phishing that copies the reminder of a utility, which is why it takes away so little.",
    },
    references: &["Development corpus: genuine dunning of utilities, card companies and shops"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let owed = observables.says(Slot::UnpaidDebt) || observables.says(Slot::Ultimatum);
    owed.then(|| observables.said(Slot::CrossedInPost))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_reminder_and_not_without_a_debt() {
        for words in [
            "料金が未払いとなっております。行き違いにお支払い済みの場合はご容赦ください",
            "Your overdue balance is $4. If you have already paid, please ignore this.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["行き違いにお支払いの節はご容赦ください", "料金が未払いとなっております"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
