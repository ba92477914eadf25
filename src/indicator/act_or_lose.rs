//! Hours to act at a link, or something is lost.
//!
//! # Detects
//!
//! A deadline of hours or today, together with something that the reader would lose (account, parcel, points,
//! current, pay) and a link, with a debt and the law, or with a file to be run.
//!
//! # Why it matters
//!
//! It gives hours, names a loss and offers a link. Look in the official app or site, opened by yourself.
//!
//! # False positives
//!
//! Last-day reminders of shops and ticket agents; they name what was ordered.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: urgent notices

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "act-or-lose",
    title: Bilingual {
        ja: "短い期限・失うもの・リンク", en: "hours to act, or something is lost"
    },
    category: Some(Category::Phishing),
    family: Family::Pressure,
    weight: Hundredths(220),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "「本日中」「24時間以内」に手続きをしないと失う、と急がせてリンクを開かせる手口です。公式アプリか、自分で開いた公式サイトで確認してください。",
        en: "It gives hours, names a loss and offers a link. Look in the official app or site, opened by yourself.",
    },
    genuine: Bilingual {
        ja: "期限は日付で示し、何日も前から知らせ、リンク以外の方法(アプリ、窓口、電話)も書きます。",
        en: "It gives a date days ahead, and other ways than the link: app, counter, telephone.",
    },
    false_positives: Bilingual {
        ja: "店やチケット会社の最終日のお知らせ。注文した品が書かれています。",
        en: "Last-day reminders of shops and ticket agents; they name what was ordered.",
    },
    references: &["Council of Anti-Phishing Japan: urgent notices"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let says = |slots: &[Slot]| slots.iter().any(|slot| observables.says(*slot));
    if !says(&[Slot::ShortDeadline]) {
        return None;
    }
    let link = observables.message.links.iter().any(|link| link.scheme.starts_with("http"));
    let act = link && says(&[Slot::VerifyDemand, Slot::CredentialRequest, Slot::PaymentDemand]);
    let law = says(&[Slot::LegalThreat, Slot::HomeVisit, Slot::CourtByMail]);
    let owed = says(&[Slot::UnpaidDebt]) && law && says(&[Slot::PaymentDemand, Slot::ContactDemand]);
    let run = says(&[Slot::RunFile]);
    if owed || run {
        return observables.said(Slot::ShortDeadline);
    }
    act.then(|| observables.said_openly(Slot::Loss))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "24時間以内に下記より確認されない場合、口座は凍結されます。 https://login.example/",
            "本日をもって会員資格は失効いたします。ログインして更新してください https://login.example/",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "12月10日までに更新がない場合、サービスは停止されます。こちらから手続き https://login.example/",
            "24時間以内に口座は凍結されます。",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
