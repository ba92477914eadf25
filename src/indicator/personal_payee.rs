//! A company that is paid at a person's account.
//!
//! # Detects
//!
//! A Japanese bank account (branch, kind, seven digits) whose holder bears no mark of a company, in a message
//! that claims a debt, threatens, or speaks for a firm.
//!
//! # Why it matters
//!
//! It speaks for a firm but is paid at a person's account. Do not pay; call the firm at its published number.
//!
//! # False positives
//!
//! Clubs, landlords and sole traders, whose account bears their own name.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud
//! - National Consumer Affairs Center of Japan

use std::ops::Range;

use crate::message::{Excerpt, Place, normalise};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "personal-payee",
    title: Bilingual { ja: "個人名義の振込先", en: "the payee is a person" },
    category: None,
    family: Family::Payment,
    weight: Hundredths(200),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "会社や事務所を名乗りながら、振込先が個人名義です。振り込まず、会社の公式の番号で確かめてください。",
        en: "It speaks for a firm but is paid at a person's account. Do not pay; call the firm at its published number.",
    },
    genuine: Bilingual {
        ja: "会社や事務所への支払いは、法人名義の口座に振り込みます。",
        en: "Firms are paid at an account in the name of the firm.",
    },
    false_positives: Bilingual {
        ja: "サークル、大家、個人事業主。口座は本人名義です。",
        en: "Clubs, landlords and sole traders, whose account bears their own name.",
    },
    references: &[
        "National Police Agency of Japan: methods of special fraud",
        "National Consumer Affairs Center of Japan",
    ],
    check,
};

/// What the name of an account shows that is not a person's.
const CORPORATE: &[&str] = &[
    "カ)",
    "(カ",
    "ユ)",
    "(ユ",
    "ド)",
    "シヤ)",
    "ザイ)",
    "株式会社",
    "有限会社",
    "合同会社",
    "社団",
    "財団",
    "組合",
    "協会",
    "カイケイ",
    "クラブ",
    "ガツコウ",
    "ベンゴシ",
    "ジムシヨ",
    "シヨクドウ",
    "シヤダン",
    "NPO",
    "トクヒ)",
    "会計",
    "会",
    "店",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let claim = [
        Slot::UnpaidDebt,
        Slot::LegalThreat,
        Slot::PublishThreat,
        Slot::BuyOff,
        Slot::HomeVisit,
        Slot::CancellationIncomplete,
        Slot::UpfrontFee,
        Slot::Windfall,
        Slot::InvestmentLure,
        Slot::BankChange,
        Slot::MoneyPlea,
    ]
    .iter()
    .any(|slot| observables.says(*slot));
    if !claim {
        return None;
    }
    observables.visible().find_map(|(index, text)| {
        let holder = text.quote(holder(text.normal())?);
        // The normal form folds kana that are drawn like kanji, so their kind is seen in what was written.
        let kana = |c: char| ('ァ'..='ヺ').contains(&c) || ('ｦ'..='ﾝ').contains(&c);
        let normal = normalise(holder);
        let person =
            holder.starts_with(kana) && !CORPORATE.iter().any(|mark| normal.contains(&normalise(mark)));
        let place = if index == 0 { Place::Subject } else { Place::Text(index) };
        person.then(|| Observation { place, excerpt: Excerpt::new(holder) })
    })
}

/// Where the name is that follows kind and number of an account: 普通 1234567 タナカ.
fn holder(normal: &str) -> Option<Range<usize>> {
    let (_, after) = normal.split_once("普通")?;
    let start = after.find(|c: char| c.is_ascii_digit()).filter(|at| *at <= 15)?;
    let rest = after.get(start..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let name = rest.get(digits..)?.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(');
    let name = name.trim_start_matches("口座").trim_start_matches("名義").trim_start_matches([':', '人']);
    let start = normal.len() - name.len();
    let end = name.char_indices().nth(12).map_or(normal.len(), |(at, _)| start + at);
    (6..=7).contains(&digits).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "未納料金は下記へ。ひまわり銀行 本店 普通 1234567 タナカ ヒロシ",
            "未納料金は下記へ。ひまわり銀行 本店 普通1234567 口座名義:ヤマモト ケン",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "未納料金は下記へ。みほん銀行 見本支店 普通 0001112 カ)サンプルシヨウカイ",
            "会費は下記へ。みほん銀行 見本支店 普通 1234567 タナカ ヒロシ",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
