//! The recipient's own details are quoted back, with a demand.
//!
//! # Detects
//!
//! A field that quotes the recipient's name or postal address, or the claim to know it, together with a
//! threat or a story of a failed cancellation. A demand to pay alone is not enough: every genuine bill
//! quotes the address it is for. Beside the threat to publish, to hurt or to be bought off, also the name that stands in
//! To, a name, address or telephone number of `[identity]`, or the shape of a Japanese postal address that is not a firm's
//! signature.
//!
//! # Why it matters
//!
//! It shows that it knows name or address, to frighten. Leaked lists are used so.
//!
//! # False positives
//!
//! Shops that confirm an order; forms.
//!
//! # References
//!
//! - Ehime and Ikeda city notices on bills with real name and address (2025)

use crate::message::{Excerpt, Place, Text, normalise};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "own-details-quoted",
    title: Bilingual {
        ja: "本人の氏名・住所の引用", en: "own name or address quoted with a demand"
    },
    category: Some(Category::Extortion),
    family: Family::Knowledge,
    weight: Hundredths(280),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "氏名や住所を知っていると示して怖がらせる手口です。漏えいした名簿が使われることがあります。",
        en: "It shows that it knows name or address, to frighten. Leaked lists are used so.",
    },
    genuine: Bilingual {
        ja: "本物の事業者は、氏名や住所のほかに、契約の内容・契約日・利用の明細を示せます。氏名と住所だけでは、契約の証拠になりません。",
        en: "A genuine creditor can show what was agreed, when, and what was used. Your name and address alone prove no contract.",
    },
    false_positives: Bilingual {
        ja: "注文を確認する店、申込書。",
        en: "Shops that confirm an order; forms.",
    },
    references: &["Ehime and Ikeda city notices on bills with real name and address (2025)"],
    check,
};

/// The prefectures: what a postal address begins with.
const PREFECTURES: &[&str] = &[
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
    "〒",
];
/// Octets of normalised text within which the rest of an address stands: about forty characters.
const ADDRESS: usize = 130;
/// Octets around an address in which a firm's signature would show.
const SIGNATURE: usize = 90;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    claimed(observables).or_else(|| {
        let says = |slot: &Slot| observables.says(*slot);
        let unpaid = [Slot::UnpaidDebt, Slot::CancellationIncomplete, Slot::QuotedDetails].iter().any(says);
        let threat = observables.said_unquoted(Slot::PublishThreat).is_some()
            || observables.said_unquoted(Slot::ViolenceThreat).is_some()
            || (unpaid && observables.says(Slot::HomeVisit));
        threat.then(|| {
            own_name(observables).or_else(|| configured(observables)).or_else(|| address(observables))
        })?
    })
}

/// Characters of a name, and of an address or number, below which it may stand anywhere by chance.
const LEAST_OF_A_NAME: usize = 3;
const LEAST_OF_AN_ADDRESS: usize = 6;

/// What the person wrote down as theirs, in a text of the body, however it is spaced or hyphenated.
fn configured(observables: &Observables<'_>) -> Option<Observation> {
    let own = |values: &[String], least: usize| -> Vec<Vec<char>> {
        let squeezed = |value: &String| normalise(value).chars().filter(|c| !separates(*c)).collect();
        values.iter().map(squeezed).filter(|value: &Vec<char>| value.len() >= least).collect()
    };
    let mut all = own(&observables.context.own_names, LEAST_OF_A_NAME);
    all.extend(own(&observables.context.own_postal, LEAST_OF_AN_ADDRESS));
    if all.is_empty() {
        return None;
    }
    observables.visible().filter(|(index, _)| *index > 0).find_map(|(index, text)| {
        let span = all.iter().find_map(|value| found(text.normal(), value))?;
        Some(Observation { place: Place::Text(index), excerpt: Excerpt::new(text.quote(span)) })
    })
}

fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | 'ー' | '(' | ')' | '・' | '.' | ',')
}

/// Separators in a row that are passed over within a value.
const MOST_SEPARATORS: usize = 3;

/// Where a value without separators stands in a text that may have some in it.
fn found(text: &str, value: &[char]) -> Option<std::ops::Range<usize>> {
    let (first, rest) = value.split_first()?;
    text.char_indices().filter(|(_, c)| c == first).find_map(|(start, c)| {
        let mut end = start + c.len_utf8();
        for wanted in rest {
            let mut passed = 0;
            loop {
                let next = text.get(end..)?.chars().next()?;
                if next == *wanted {
                    end += next.len_utf8();
                    break;
                }
                if !separates(next) || passed == MOST_SEPARATORS {
                    return None;
                }
                passed += 1;
                end += next.len_utf8();
            }
        }
        Some(start..end)
    })
}

/// The name that stands in To, in full, in a text of the body.
fn own_name(observables: &Observables<'_>) -> Option<Observation> {
    observables.message.to.iter().find_map(|to| {
        let name: String = to.name.normal().split_whitespace().collect();
        let whole = name.chars().count() >= 3 && !name.contains('@');
        observables.visible().filter(|(index, _)| whole && *index > 0).find_map(|(index, text)| {
            let at = text.normal().find(name.as_str())?;
            let excerpt = Excerpt::new(text.quote(at..at + name.len()));
            Some(Observation { place: Place::Text(index), excerpt })
        })
    })
}

/// A prefecture or postal code, then a municipality, then a number; and no firm beside it.
fn address(observables: &Observables<'_>) -> Option<Observation> {
    observables.visible().find_map(|(index, text)| {
        let span = PREFECTURES.iter().find_map(|prefecture| address_at(text, &normalise(prefecture)))?;
        let place = if index == 0 { Place::Subject } else { Place::Text(index) };
        Some(Observation { place, excerpt: Excerpt::new(text.quote(span)) })
    })
}

fn address_at(text: &Text, prefecture: &str) -> Option<std::ops::Range<usize>> {
    let normal = text.normal();
    let start = normal.find(prefecture)?;
    let end = normal.floor_char_boundary(normal.len().min(start + ADDRESS));
    let rest = normal.get(start + prefecture.len()..end)?;
    let town = rest.find(|c| "市区町村郡".contains(c))?;
    let number = rest.get(town..)?;
    let numbered = ["丁目", "番地", "番", "号", "大字"].iter().any(|mark| number.contains(mark))
        || number.bytes().any(|b| b.is_ascii_digit());
    let from = normal.floor_char_boundary(start.saturating_sub(SIGNATURE));
    let to = normal.floor_char_boundary(normal.len().min(end + SIGNATURE));
    let around = normal.get(from..to)?;
    let firm = ["株式会社", "有限会社", "事務所", "電話:", "tel", "お問い合わせ", "代表"]
        .iter()
        .any(|mark| around.contains(normalise(mark).as_str()));
    (numbered && !firm).then_some(start..end)
}

/// A field that quotes them, or the claim to know them.
fn claimed(observables: &Observables<'_>) -> Option<Observation> {
    [
        Slot::PublishThreat,
        Slot::LegalThreat,
        Slot::HomeVisit,
        Slot::CancellationIncomplete,
        Slot::ViolenceThreat,
    ]
    .iter()
    .any(|slot| observables.says(*slot))
    .then(|| observables.said(Slot::QuotedDetails))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn the_name_in_to_and_a_postal_address_count_beside_a_threat() {
        let fires = |to: &str, body: &str| {
            testing::fires_raw(
                &INDICATOR,
                &testing::raw(&format!("From: a <a@x.example>\r\nTo: {to}\r\n"), body),
            )
        };
        let named = "\"=?UTF-8?B?5bGx55SwIOiKseWtkA==?=\" <hanako@example.net>";
        assert!(fires(named, "山田花子様、払わなければあなたの写真をネットに流します。"));
        assert!(!fires(named, "山田花子様、ご請求額は1,000円です。法的手続きに移ります。"));
        assert!(!fires("hanako@example.net", "払わなければあなたの写真をネットに流します。"));
        for threat in [
            "実家(〒380-0000長野県見本市大字見本一二三番地)に写真を送る。払わなければ家族に知らせる。",
            "東京都中野区見本町二丁目14-8。払わなければ写真をばらまく。",
        ] {
            assert!(fires("hanako@example.net", threat), "{threat}");
        }
        assert!(!fires(
            "hanako@example.net",
            "写真をばらまく被害が出ています。見本株式会社 東京都中野区見本町2-14-8"
        ));
    }

    #[test]
    fn what_the_person_wrote_down_as_theirs_is_found_however_it_is_spaced() {
        let context = crate::indicator::Context {
            own_names: vec!["山田 花子".to_owned(), "Hanako Yamada".to_owned(), "林".to_owned()],
            own_postal: vec!["見本市架空町1-2-3".to_owned(), "03-0000-1234".to_owned()],
            ..crate::indicator::Context::default()
        };
        let judged = |body: &str| {
            let raw = testing::raw("From: a <a@x.example>\r\nTo: hanako@example.net\r\n", body);
            let message = crate::message::Message::parse(raw.as_bytes());
            crate::verdict::judge(&message, &context, &crate::verdict::Thresholds::default())
        };
        let seen = |body: &str| {
            judged(body).findings.iter().any(|finding| finding.indicator == "own-details-quoted")
        };
        let threat = "払わなければあなたの写真をネットに流します。";
        for own in [
            "山田花子様",
            "山田　花子 様",
            "HANAKO  YAMADA",
            "見本市架空町１－２－３",
            "(03) 0000-1234",
            "0300001234",
        ] {
            assert!(seen(&format!("{own}、{threat}")), "{own}");
            assert!(!seen(&format!("{own}、ご請求額は1,000円です。")), "{own}");
        }
        for other in ["山田太郎様", "林様", "見本市架空町1-2", "山田----花子"] {
            assert!(!seen(&format!("{other}、{threat}")), "{other}");
        }
        let verdict =
            judged(&format!("山田花子様、{threat} 24時間以内に3万円をビットコインで送金してください。"));
        assert_eq!(verdict.severity, Some(crate::verdict::Severity::Urgent), "{:#?}", verdict.findings);
    }

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "退会手続きが完了していません。ご登録住所：東京都架空区見本町",
            "If you do not pay, we will publish your name and address. We know where you live.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "ご登録住所：東京都架空区見本町 に発送しました",
            "10月分の料金をお支払いください。ご契約住所：東京都架空区見本町",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
