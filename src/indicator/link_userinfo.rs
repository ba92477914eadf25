//! A link with a name before an @.
//!
//! # Detects
//!
//! An http link with userinfo before the host.
//!
//! # Why it matters
//!
//! What stands before the @ of a link is not where it goes. It is there to be read as if it were.
//!
//! # False positives
//!
//! Links to private repositories that carry a user name.
//!
//! # References
//!
//! - RFC 3986 §7.6
//! - Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01

use crate::message::Excerpt;

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, wording::authority,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-userinfo",
    title: Bilingual { ja: "「@」で偽装したリンク", en: "a link with a name before an @" },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(260),
    hard: false,
    basis: Basis::Prior("browsers ignore what stands before the @; mail has no honest use for it"),
    why: Bilingual {
        ja: "リンクの「@」より前の部分は行き先ではありません。見せかけのために使われます。",
        en: "What stands before the @ of a link is not where it goes. It is there to be read as if it were.",
    },
    genuine: Bilingual {
        ja: "本物のリンクに「@」より前の部分はありません。",
        en: "Genuine links have nothing before an @.",
    },
    false_positives: Bilingual {
        ja: "利用者名を含む非公開リポジトリへのリンク。",
        en: "Links to private repositories that carry a user name.",
    },
    references: &["RFC 3986 §7.6", "Council of Anti-Phishing Japan: monthly reports 2025-07 to 2026-01"],
    check,
};

/// An address that somebody made a link of has nothing behind it, and no dot before the @.
fn hides(authority: &str, target: &str) -> bool {
    let Some((user, host)) = authority.rsplit_once('@') else { return false };
    let after = target.rsplit_once(host).map_or("", |(_, after)| after);
    user.contains(['.', '[', '%']) || after.len() > 1
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let found = observables.message.links.iter().enumerate().find(|(_, link)| {
        link.scheme.starts_with("http")
            && authority(&link.target).is_some_and(|authority| hides(authority, &link.target))
    })?;
    Some(Observation { place: observables.link_place(found.0), excerpt: Excerpt::new(&found.1.target) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/link-userinfo_bank_en.eml");
        let benign = include_str!("../../tests/corpus/benign/link-userinfo_path_at_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
