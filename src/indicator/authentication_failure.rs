//! The provider's own check of the sender failed.
//!
//! # Detects
//!
//! DMARC fail, or SPF fail without a DKIM pass, from a pinned authserv-id and above the first Received
//! field. Anything else is text of the sender.
//!
//! # Why it matters
//!
//! The receiving server found that the sender is not who it says.
//!
//! # False positives
//!
//! Forwarding and mailing lists break SPF and often DKIM.
//!
//! # References
//!
//! - RFC 8601 §2.5, §5
//! - RFC 7489 §6

use crate::message::{Excerpt, Place};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "authentication-failure",
    title: Bilingual { ja: "送信ドメイン認証の失敗", en: "sender authentication failed" },
    category: None,
    family: Family::Authentication,
    weight: Hundredths(160),
    hard: false,
    basis: Basis::Prior("authentication and identity are priors always"),
    why: Bilingual {
        ja: "受信サーバーの検査で、差出人のドメインから送られたことを確認できませんでした。差出人は偽れます。",
        en: "The receiving server could not confirm that it comes from the domain it names. A sender's name is easily forged.",
    },
    genuine: Bilingual {
        ja: "事業者や官公庁の多くは、受信サーバーが確認できる認証（SPF・DKIM・DMARC）を付けて送ります。心当たりがあれば、以前から知っている連絡先で確かめられます。",
        en: "Most companies and offices send mail that your provider can verify (SPF, DKIM, DMARC). If you expected it, ask through an address or number known from before.",
    },
    false_positives: Bilingual {
        ja: "転送やメーリングリストでは、SPF が、そしてしばしば DKIM も失敗する。",
        en: "Forwarding and mailing lists break SPF and often DKIM.",
    },
    references: &["RFC 8601 §2.5, §5", "RFC 7489 §6"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let result = |method: &str, results: &[&str]| {
        observables.trusted_results().find(|r| r.method == method && results.contains(&r.result.as_str()))
    };
    let failed = result("dmarc", &["fail"]).or_else(|| {
        result("spf", &["fail"])
            .filter(|_| result("dkim", &["pass"]).is_none() && result("dmarc", &["pass"]).is_none())
    })?;
    Some(Observation {
        place: Place::Header("authentication-results".to_owned()),
        excerpt: Excerpt::new(&format!("{}={} {}", failed.method, failed.result, failed.domain)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn results(field: &str) -> bool {
        let received = "Received: from x by y; Tue, 24 Nov 2026 09:00:00 +0900\r\nFrom: a@example.com\r\n";
        testing::fires_raw(
            &INDICATOR,
            &testing::raw(&format!("Authentication-Results: {field}\r\n{received}"), "hello"),
        )
    }

    #[test]
    fn only_failures_that_the_own_provider_states_count() {
        assert!(results("mx.example.net; dmarc=fail header.from=example.com"));
        assert!(results("mx.example.net; spf=fail smtp.mailfrom=example.com"));
        assert!(!results(
            "mx.example.net; spf=fail smtp.mailfrom=example.org; dkim=pass header.d=example.com"
        ));
        assert!(!results("mx.example.net; dmarc=pass header.from=example.com"));
        assert!(!results("mx.evil.test; dmarc=fail header.from=example.com"));
    }
}
