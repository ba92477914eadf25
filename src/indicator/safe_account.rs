//! An authority that wants money moved so that it can be examined.
//!
//! # Detects
//!
//! At least two of: an account used in a crime, an arrest, secrecy of the investigation, money to be moved to a named account, questioning by chat.
//!
//! # Why it matters
//!
//! It speaks as the police and wants money moved. No authority does that, or questions anybody over a chat.
//!
//! # False positives
//!
//! News and bulletins that describe it.
//!
//! # References
//!
//! - National Police Agency of Japan: impostors of the police in special fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "safe-account",
    title: Bilingual {
        ja: "警察などを装い資金を移させる手口", en: "money is to be moved for an authority"
    },
    category: Some(Category::FakeBilling),
    family: Family::Legal,
    weight: Hundredths(430),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "警察などを装い、お金を移させようとしています。捜査機関が送金を求めたり、LINEで取り調べたりすることはありません。",
        en: "It speaks as the police and wants money moved. No authority does that, or questions anybody over a chat.",
    },
    genuine: Bilingual {
        ja: "本物の警察官は、メールやSNSで捜査を告げず、資産を調べるために送金させることもありません。相手の所属と名前を聞き、警察署の代表番号か #9110 で確かめられます。",
        en: "Genuine police do not announce an investigation by mail or chat and never have money moved to be examined. Ask for name and station, and call the police's public number (#9110 in Japan).",
    },
    false_positives: Bilingual {
        ja: "手口を説明するニュースや注意喚起。",
        en: "News and bulletins that describe it.",
    },
    references: &["National Police Agency of Japan: impostors of the police in special fraud"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    (observables.count(Slot::SafeAccount) >= 2).then(|| observables.said(Slot::SafeAccount))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "あなたの口座が犯罪に使われています。残高を当局指定の口座に移してください",
            "Money laundering was found in your account. Move the balance to a safe account.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["口座の残高のお知らせ", "当局指定の口座に移"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
