//! The talk is to go on in a chat.
//!
//! # Detects
//!
//! A stranger, a suitor, an employer or an adviser who asks to go on in LINE, Telegram, Signal or WhatsApp.
//!
//! # Why it matters
//!
//! It moves the talk to a place without records. Do not add them, do not answer.
//!
//! # False positives
//!
//! Part-time employers who take applications by LINE, which promise nothing.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "moves-to-chat",
    title: Bilingual { ja: "見知らぬ相手がチャットへ誘う", en: "a stranger moves to a chat" },
    category: Some(Category::Other),
    family: Family::Contact,
    weight: Hundredths(300),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "儲け話や好意を見せて、LINEやテレグラムなど記録の残りにくい場所へ誘っています。追加せず、返信しないでください。",
        en: "It moves the talk to a place without records. Do not add them, do not answer.",
    },
    genuine: Bilingual {
        ja: "本物の助言者や雇い主は、会社の連絡先で話し、儲けを約束しません。",
        en: "Genuine advisers and employers speak from their firm and promise no profit.",
    },
    false_positives: Bilingual {
        ja: "LINEで応募を受ける店。儲け話はありません。",
        en: "Part-time employers who take applications by LINE, which promise nothing.",
    },
    references: &["National Police Agency of Japan: methods of special fraud"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let story = [
        Slot::JobLure,
        Slot::InvestmentLure,
        Slot::Affection,
        Slot::GuaranteedReturn,
        Slot::SafeAccount,
        Slot::Windfall,
    ]
    .iter()
    .any(|slot| observables.said_openly(*slot).is_some());
    story.then(|| observables.said_openly(Slot::ChatChannel))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "スマホだけで日給3万円。応募はLINEで「仕事」と送ってください。",
            "あなたのプロフィールを見て恋に落ちました。ワッツアップで話したいです。",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in ["PTAのLINEグループに参加してください。", "ビデオ通話で話そう。LINEするね。"]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
