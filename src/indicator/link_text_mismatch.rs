//! A link shows one address and goes to another.
//!
//! # Detects
//!
//! A link whose visible text is itself a URL, or a brand's domain, of another registrable domain than the
//! target's.
//!
//! # Why it matters
//!
//! What the link shows is not where it goes.
//!
//! # False positives
//!
//! Click counters of newsletters; link rewriting by mail gateways.
//!
//! # References
//!
//! - RFC 9110 §4.2.4 (userinfo and misleading URIs)
//! - Public suffix list

use crate::message::{Excerpt, Link, Place};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation,
    brand::Brands,
    hosts::{Class, Destination},
    observables::organisation,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "link-text-mismatch",
    title: Bilingual {
        ja: "表示と異なるリンク先", en: "a link shows one address and goes to another"
    },
    category: Some(Category::Phishing),
    family: Family::Link,
    weight: Hundredths(320),
    hard: false,
    basis: Basis::Prior(
        "newsletters show it through click counters, which are left out as far as they are known",
    ),
    why: Bilingual {
        ja: "表示されたアドレスと、実際のリンク先が違います。本物のサイトへ行くと思わせて別のサイトへ導く手口です。",
        en: "What the link shows is not where it goes: it looks like the real site and leads to another.",
    },
    genuine: Bilingual {
        ja: "本物の差出人は、表示したアドレスと同じサイトへ案内します。表示のアドレスを自分で打ち込めば、本物のサイトに行けます。",
        en: "A genuine sender leads to the address that it shows. Type the address shown yourself, and you come to the real site.",
    },
    false_positives: Bilingual {
        ja: "メールマガジンのクリック計測、メールゲートウェイによるリンクの書き換え。",
        en: "Click counters of newsletters; link rewriting by mail gateways.",
    },
    references: &["RFC 9110 §4.2.4 (userinfo and misleading URIs)", "Public suffix list"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    observables.destinations().iter().find_map(|destination| {
        let link = message.links.get(destination.link - 1)?;
        misleads(observables, link, destination).then(|| Observation {
            place: Place::Link(destination.link),
            excerpt: Excerpt::new(&format!("{} -> {}", link.text.original().trim(), destination.host)),
        })
    })
}

/// A sender who shows its own domain and counts clicks elsewhere does not mislead; but that excuse does not hold for a
/// brand's domain, which is what is forged.
fn misleads(observables: &Observables<'_>, link: &Link, destination: &Destination) -> bool {
    let Some(shown) = shown_host(observables.brands(), link.text.normal()) else { return false };
    // Gateways are unpacked; services that count clicks rewrite links by profession.
    if !link.scheme.starts_with("http") || matches!(destination.class, Some(Class::Esp | Class::Wrapper)) {
        return false;
    }
    let shown = organisation(shown);
    if shown == destination.domain {
        return false;
    }
    if let Some(brand) = observables.brands().owner(shown) {
        return !brand.perhaps_owns(&destination.host) && !observables.author_is_authenticated();
    }
    let author = observables.author().map_or("", |author| organisation(&author.domain));
    // Where the provider checked the author and did not find it authentic, the name it shows excuses nothing.
    let forged = observables.trusted_results().next().is_some() && !observables.author_is_authenticated();
    author != shown || forged
}

/// The host of a text that is itself a URL: with a scheme, or `www.`, or a brand's bare domain.
fn shown_host<'t>(brands: &Brands, text: &'t str) -> Option<&'t str> {
    let text = text.trim();
    let (plain, scheme) = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .map_or((text, false), |rest| (rest, true));
    let host = plain.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let like_a_host =
        host.contains('.') && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
    (like_a_host && (scheme || host.starts_with("www.") || brands.owner(organisation(host)).is_some()))
        .then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn html(anchor: &str) -> String {
        testing::raw(
            "From: News <news@shop.example.com>\r\nContent-Type: text/html; charset=utf-8\r\n",
            &format!("<p>Hello</p>{anchor}"),
        )
    }

    #[test]
    fn another_registrable_domain_than_shown_fires() {
        for anchor in [
            r#"<a href="https://evil.test/login">https://www.bank.example/login</a>"#,
            r#"<a href="https://evil.test/">www.amazon.co.jp</a>"#,
            r#"<a href="https://evil.test/">amazon.co.jp</a>"#,
        ] {
            assert!(testing::fires_raw(&INDICATOR, &html(anchor)), "{anchor}");
        }
    }

    #[test]
    fn the_same_organisation_words_and_the_senders_own_counter_are_silent() {
        for anchor in [
            r#"<a href="https://www.amazon.co.jp/x">amazon.co.jp</a>"#,
            r#"<a href="https://evil.test/">Log in here</a>"#,
            r#"<a href="https://evil.test/">README.md</a>"#,
            r#"<a href="https://clicks.test/1">https://www.example.com/news</a>"#,
        ] {
            assert!(!testing::fires_raw(&INDICATOR, &html(anchor)), "{anchor}");
        }
    }
}
