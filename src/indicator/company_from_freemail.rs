//! An institution that writes from a free address.
//!
//! # Detects
//!
//! A display name of an office, a bank, a law firm or a support desk, at a provider that gives addresses to
//! anybody.
//!
//! # Why it matters
//!
//! It speaks as an institution, from an address that anybody can have.
//!
//! # False positives
//!
//! Very small businesses and clubs.
//!
//! # References
//!
//! - FTC consumer advice: advance-fee fraud, gift cards, fake renewals

use crate::message::{Excerpt, Place, normalise};

use super::{
    Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, brand,
    observables::is_freemail,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "company-from-freemail",
    title: Bilingual {
        ja: "フリーメールを使う企業・団体",
        en: "an institution that writes from a free address",
    },
    category: None,
    family: Family::Sender,
    weight: Hundredths(220),
    hard: false,
    basis: Basis::Prior("thin in public corpora; set by hand after the published descriptions"),
    why: Bilingual {
        ja: "企業や事務所を名乗りながら、誰でも取れるフリーメールから送られています。本物の企業は自社のドメインを使います。",
        en: "It speaks as an institution, from an address that anybody can have. A real one uses its own domain.",
    },
    genuine: Bilingual {
        ja: "企業・法律事務所・官公庁は、自分のドメインのアドレスから送ります。公式サイトに載っている連絡先と見比べられます。",
        en: "A company, law firm or office writes from its own domain, which you can compare with the contact on its official site.",
    },
    false_positives: Bilingual {
        ja: "ごく小さな事業者や団体。", en: "Very small businesses and clubs."
    },
    references: &["FTC consumer advice: advance-fee fraud, gift cards, fake renewals"],
    check,
};

/// What institutions call themselves, normalised.
const INSTITUTIONS: &[&str] = &[
    "support",
    "service",
    "services",
    "billing",
    "department",
    "dept",
    "bank",
    "security",
    "customer",
    "admin",
    "administrator",
    "helpdesk",
    "help desk",
    "foundation",
    "lottery",
    "ministry",
    "embassy",
    "united nations",
    "barrister",
    "attorney",
    "law firm",
    "chambers",
    "ceo",
    "director",
    "president",
    "invoice",
    "payment",
    "payments",
    "renewal",
    "office",
    "federal",
    "fbi",
    "company",
    "ltd",
    "inc",
    "subscription",
    "order",
    "株式会社",
    "有限会社",
    "サポート",
    "カスタマー",
    "事務局",
    "センター",
    "銀行",
    "弁護士",
    "法律事務所",
    "司法書士",
    "債権",
    "裁判所",
    "法務省",
    "社長",
    "代表取締役",
    "相談窓口",
    "運営",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let author = observables.author().filter(|author| is_freemail(&author.domain))?;
    let name = author.name.normal();
    INSTITUTIONS.iter().any(|word| brand::contains_word(name, &normalise(word))).then(|| Observation {
        place: Place::Header("from".to_owned()),
        excerpt: Excerpt::new(&format!("{} <{}>", author.name.original().trim(), author.addr)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn from(from: &str) -> bool {
        testing::fires_raw(&INDICATOR, &testing::raw(&format!("From: {from}\r\n"), "hello"))
    }

    #[test]
    fn institutions_at_free_addresses_fire_and_people_do_not() {
        assert!(from("Example Billing Department <billing77@freemail.test>"));
        assert!(
            from("\"=?UTF-8?B?5p625rO56KaL5pys5bCC5rOV5b6L5LqL5YuZ5omA?=\" <a@freemail.test>")
                || from("=?UTF-8?B?5rOV5b6L5LqL5YuZ5omA?= <a@freemail.test>")
        );
        assert!(!from("Hanako Yamada <hanako77@freemail.test>"));
        assert!(!from("Example Billing Department <billing@example.com>"));
    }
}
