//! A stranger seeks trust.
//!
//! # Detects
//!
//! At least two phrases of the approach (the widow, the barrister, the confidential proposal), together
//! with a windfall or a request for details.
//!
//! # Why it matters
//!
//! A stranger tells a fate and asks for trust.
//!
//! # False positives
//!
//! Charities, letters of condolence.
//!
//! # References
//!
//! - FTC consumer advice: advance-fee fraud, gift cards, fake renewals

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "confidence-approach",
    title: Bilingual { ja: "見知らぬ人からの信頼の求め", en: "a stranger seeks trust" },
    category: Some(Category::AdvanceFee),
    family: Family::Approach,
    weight: Hundredths(500),
    hard: false,
    basis: Basis::Prior("fitted by eye on advance-fee mail of many lists; to be fitted with the model"),
    why: Bilingual {
        ja: "見知らぬ人が、境遇や信頼を語って近づいています。信じさせてから、送金や手数料を求める手口です。",
        en: "A stranger tells a fate and asks for trust. Once it is given, money is asked for.",
    },
    genuine: Bilingual {
        ja: "面識のない人が、事情を打ち明けて信頼や秘密を求めることは、ふつうありません。用件のある人は、名前・所属・どこで連絡先を知ったかを示します。",
        en: "Somebody with an honest reason to write says who they are, where they got your address and what it is about. They need no trust in advance.",
    },
    false_positives: Bilingual {
        ja: "慈善団体、お悔やみの手紙。", en: "Charities, letters of condolence."
    },
    references: &["FTC consumer advice: advance-fee fraud, gift cards, fake renewals"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let aim = observables.says(Slot::Windfall) || observables.says(Slot::DetailsRequest);
    (aim && observables.count(Slot::Stranger) >= 2).then(|| observables.said(Slot::Stranger))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Dear beloved, I am Mrs. Example, a widow. My late husband left an inheritance.",
            "余命わずかの資産家です。身寄りがなく、遺産を受け取っていただけませんか。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["Dear friend, thank you for the party", "余命を扱った映画です"] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
