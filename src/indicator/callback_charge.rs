//! A charge that can be undone by telephone.
//!
//! # Detects
//!
//! A renewal or purchase that was not made, a request to call in order to cancel, a telephone number, and
//! at most one linked site.
//!
//! # Why it matters
//!
//! It wants you to call the number about a charge you did not make. Do not call it.
//!
//! # False positives
//!
//! Genuine renewal notices, which link to the account.
//!
//! # References
//!
//! - FTC consumer advice: advance-fee fraud, gift cards, fake renewals

use crate::message::Link;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "callback-charge",
    title: Bilingual {
        ja: "覚えのない請求と電話への誘導", en: "a charge that can be undone by telephone"
    },
    category: Some(Category::Callback),
    family: Family::Callback,
    weight: Hundredths(430),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "覚えのない請求で驚かせ、電話をかけさせる手口です。記載の番号にはかけないでください。",
        en: "It wants you to call the number about a charge you did not make. Do not call it.",
    },
    genuine: Bilingual {
        ja: "本物の請求は、サービスにサインインすれば明細と取り消しの方法が見られます。メールの電話番号だけが頼りになることはありません。",
        en: "A genuine charge stands in your account and on your card statement, and can be cancelled there. The number in the mail is never the only way.",
    },
    false_positives: Bilingual {
        ja: "本物の更新案内。会員ページへのリンクがある。",
        en: "Genuine renewal notices, which link to the account.",
    },
    references: &["FTC consumer advice: advance-fee fraud, gift cards, fake renewals"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    if !observables.says(Slot::CallDemand) || !observables.says(Slot::UnexpectedCharge) {
        return None;
    }
    let mut sites: Vec<&str> = observables
        .message
        .links
        .iter()
        .filter(|link| is_web(link))
        .map(|link| link.domain.as_str())
        .collect();
    sites.sort_unstable();
    sites.dedup();
    (sites.len() <= 1 && observables.has_telephone()).then(|| observables.said(Slot::UnexpectedCharge))?
}

fn is_web(link: &Link) -> bool {
    link.scheme.starts_with("http")
}

/// Nine to fifteen digits with the usual separators, beginning with `+`, `0`, `1` or a bracket.
pub(super) fn has_telephone(normal: &str) -> bool {
    let is_number = |octet: &u8| octet.is_ascii_digit() || b"+-() .".contains(octet);
    normal.as_bytes().split(|octet| !is_number(octet)).filter(|run| run.len() > 9).any(|run| {
        let run = std::str::from_utf8(run).unwrap_or_default().trim_matches([' ', '-', '.']);
        (9..=15).contains(&run.bytes().filter(u8::is_ascii_digit).count())
            && run.starts_with(['+', '0', '1', '('])
            && run.contains(['-', ' ', '(', '+'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "Your subscription has been renewed and $399.99 charged. To cancel, call +1 808 555 0100.",
            "自動更新により49,800円が請求されます。キャンセルをご希望の場合は下記番号までお電話ください。 050-5555-0100",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in
            ["Your subscription has been renewed. Thank you.", "To cancel a booking, call us at reception."]
        {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
