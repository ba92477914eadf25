//! An office that answers a mobile telephone.
//!
//! # Detects
//!
//! Somebody who speaks as an office, a court, a bureau, a law firm or a help desk, and gives a mobile (070, 080,
//! 090), internet (050) or foreign number, beside a claim.
//!
//! # Why it matters
//!
//! It speaks as an office but answers a mobile, internet or foreign number. Look the real number up yourself.
//!
//! # False positives
//!
//! Small firms and tradespeople; 050 numbers are honest in themselves.
//!
//! # References
//!
//! - National Police Agency of Japan: methods of special fraud
//! - National Consumer Affairs Center of Japan

use std::sync::LazyLock;

use crate::message::{Excerpt, Place, normalise};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "office-on-mobile",
    title: Bilingual {
        ja: "事務所を名乗る携帯・IP電話番号", en: "an office on a mobile number"
    },
    category: None,
    family: Family::Sender,
    weight: Hundredths(190),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "役所や事務所、サポート窓口を名乗りながら、連絡先が携帯電話や050、海外の番号です。本物の番号は、自分で調べてください。",
        en: "It speaks as an office but answers a mobile, internet or foreign number. Look the real number up yourself.",
    },
    genuine: Bilingual {
        ja: "役所や事務所、サポート窓口は、公表している固定電話やフリーダイヤルを使います。",
        en: "Offices and help desks use the published land line or toll-free number.",
    },
    false_positives: Bilingual {
        ja: "小さな会社や職人。050番号それ自体は正当です。",
        en: "Small firms and tradespeople; 050 numbers are honest in themselves.",
    },
    references: &[
        "National Police Agency of Japan: methods of special fraud",
        "National Consumer Affairs Center of Japan",
    ],
    check,
};

/// Prefixes of mobile and internet telephones in Japan, and the plus of international ones other than Japan's land lines.
const PREFIXES: &[&str] = &[
    "050-", "070-", "080-", "090-", "+81 50", "+81 80", "+81 90", "+1 ", "+44 ", "+1-", "+86", "+852", "+63",
];

/// What an office calls itself.
const OFFICES: &[&str] = &[
    "センター",
    "法務",
    "社会保険",
    "生活安全",
    "保険課",
    "事務局",
    "事務所",
    "管理局",
    "管理課",
    "還付課",
    "年金課",
    "相談窓口",
    "受付窓口",
    "サポート",
    "裁判所",
    "捜査",
    "警察",
    "検察",
    "検事",
    "総務省",
    "国税",
    "税務",
    "年金機構",
    "協会",
    "財団",
    "弁護士",
    "債権",
    "料金",
    "お客様",
    "窓口",
    "カスタマー",
    "オペレーター",
    "返金課",
    "登録完了",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let claim = [
        Slot::UnpaidDebt,
        Slot::LegalThreat,
        Slot::UnexpectedCharge,
        Slot::AtmRefund,
        Slot::SafeAccount,
        Slot::RemoteHelp,
        Slot::VagueService,
        Slot::PayoutPending,
    ]
    .iter()
    .any(|slot| observables.says(*slot));
    if !claim {
        return None;
    }
    let named = observables.author().is_some_and(|author| speaks_as_office(author.name.normal()));
    if !(named || observables.visible().any(|(_, text)| speaks_as_office(text.normal()))) {
        return None;
    }
    observables.visible().find_map(|(index, text)| {
        let normal = text.normal();
        let at = PREFIXES.iter().find_map(|prefix| normal.find(prefix))?;
        let rest = normal.get(at..)?;
        let end = rest.find(|c: char| !(c.is_ascii_digit() || "+- ()".contains(c))).unwrap_or(rest.len());
        let number = rest.get(..end)?.trim();
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let place = if index == 0 { Place::Subject } else { Place::Text(index) };
        (10..=14).contains(&digits).then(|| Observation { place, excerpt: Excerpt::new(number) })
    })
}

/// [`OFFICES`] as they stand in normal text.
static NORMAL: LazyLock<Vec<String>> = LazyLock::new(|| OFFICES.iter().map(|word| normalise(word)).collect());

fn speaks_as_office(normal: &str) -> bool {
    NORMAL.iter().any(|word| normal.contains(word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "料金お客様センターです。未納料金の件でご連絡ください。090-0000-0199",
            "ウイルスに感染しています。サポートへお電話ください。050-0000-0199",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "料金お客様センターです。未納料金の件でご連絡ください。03-0000-0199",
            "未納の件、よろしく。090-0000-0199",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
