//! A helper who wants to be let into the device.
//!
//! # Detects
//!
//! Remote control offered against a virus, or the wish that the device be left on, together with a telephone number to call.
//!
//! # Why it matters
//!
//! It wants to be let into your device. Switch it off or close the browser; call nobody who is named there.
//!
//! # False positives
//!
//! Help desks that announce maintenance.
//!
//! # References
//!
//! - IPA: fake warnings of a virus that ask for a call

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "remote-help",
    title: Bilingual { ja: "遠隔操作・サポートへの誘導", en: "a helper who wants to be let in" },
    category: Some(Category::Callback),
    family: Family::Remote,
    weight: Hundredths(280),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "遠隔操作で端末に入り込もうとする手口です。表示された番号に電話せず、画面を閉じてください。",
        en: "It wants to be let into your device. Switch it off or close the browser; call nobody who is named there.",
    },
    genuine: Bilingual {
        ja: "本物のサポートは、こちらから問い合わせたときに、公式サイトの窓口で応じます。メールや画面の番号に電話させて遠隔操作を求めることはありません。",
        en: "Genuine support answers when you ask, at the contact on the official site. It does not write first, or have you install a tool that lets it in.",
    },
    false_positives: Bilingual {
        ja: "保守作業を知らせる社内の窓口。",
        en: "Help desks that announce maintenance.",
    },
    references: &["IPA: fake warnings of a virus that ask for a call"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let asked = observables.says(Slot::CallDemand) || observables.says(Slot::UnexpectedCharge);
    asked.then(|| observables.said(Slot::RemoteHelp))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "ウイルスが検出されました。電源を切らず、サポート窓口までお電話ください",
            "Your computer is infected. Our technician will connect remotely.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["電源を切らずに退社してください", "The technician visits on Monday."] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
