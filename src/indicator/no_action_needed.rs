//! Nothing needs to be done, and no secret is asked for.
//!
//! # Detects
//!
//! A notice that says that nothing needs to be done, that it carries no link, or that secrets are never asked for
//! by mail; and that asks for none.
//!
//! # Why it matters
//!
//! It asks for nothing and says that secrets are never asked for by mail, as genuine notices do.
//!
//! # False positives
//!
//! Scams that copy a genuine notice whole.
//!
//! # References
//!
//! - Genuine notices of banks and shops

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "no-action-needed",
    title: Bilingual {
        ja: "手続き不要・番号を尋ねないという案内", en: "nothing needs to be done"
    },
    category: None,
    family: Family::Mitigation,
    weight: Hundredths(-150),
    hard: false,
    basis: Basis::Prior("set by hand, small: anybody can write it, but few scams can afford to"),
    why: Bilingual {
        ja: "手続きを求めず、暗証番号などを尋ねないと書いています。本物の会社の知らせに多い書き方です。",
        en: "It asks for nothing and says that secrets are never asked for by mail, as genuine notices do.",
    },
    genuine: Bilingual {
        ja: "本物の知らせは、手続きが要らないこと、番号を尋ねないことを書きます。",
        en: "Genuine notices say that nothing is needed and that no secret is asked for.",
    },
    false_positives: Bilingual {
        ja: "本物の知らせを丸写しした詐欺。",
        en: "Scams that copy a genuine notice whole.",
    },
    references: &["Genuine notices of banks and shops"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let asks = [
        Slot::CredentialRequest,
        Slot::CodeHandover,
        Slot::CryptoDemand,
        Slot::PublishThreat,
        Slot::SafeAccount,
        Slot::RemoteHelp,
        Slot::AtmRefund,
        Slot::ShortDeadline,
    ]
    .iter()
    .any(|slot| observables.says(*slot));
    (!asks).then(|| observables.said(Slot::NoAction))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "新しい端末からのログインがありました。ご本人の場合、何もする必要はありません。",
            "当行が暗証番号をお聞きすることはありません。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "ログインがありました。24時間以内に確認してください。",
            "当行が暗証番号をお聞きすることはありません。24時間以内に確認してください。",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
