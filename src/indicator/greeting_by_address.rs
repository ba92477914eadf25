//! It greets an address instead of a person.
//!
//! # Detects
//!
//! The recipient's whole address after a word of greeting or in the subject, or its domain-less part where that
//! is no name.
//!
//! # Why it matters
//!
//! It greets your address, not you: the sender does not know your name.
//!
//! # False positives
//!
//! Services at which one has no name, only an address: many web applications write `Hello a@example.com!` by
//! default.
//!
//! # References
//!
//! - APWG phishing activity trends reports

use crate::message::{Place, Text, normalise};

use super::{
    Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, wording::Phrases,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "greeting-by-address",
    title: Bilingual {
        ja: "宛先アドレスでの呼びかけ", en: "it greets an address instead of a person"
    },
    category: Some(Category::Phishing),
    family: Family::Knowledge,
    weight: Hundredths(90),
    hard: false,
    basis: Basis::Prior("who has an account with somebody is greeted by name"),
    why: Bilingual {
        ja: "名前ではなくメールアドレスで呼びかけています。相手はあなたを知りません。",
        en: "It greets your address, not you: the sender does not know your name.",
    },
    genuine: Bilingual {
        ja: "口座や契約のある会社は、名前で呼びかけます。",
        en: "A company that knows you greets you by name.",
    },
    false_positives: Bilingual {
        ja: "名前を登録しないサービス。「○○@example.com 様」と書くウェブアプリも多くあります。",
        en: "Services at which one has no name, only an address: many web applications write `Hello a@example.com!` by default.",
    },
    references: &["APWG phishing activity trends reports"],
    check,
};

/// Octets of normalised text in which a greeting stands.
const EARLY: usize = 400;
/// Words of greeting, normalised.
static GREETINGS: Phrases = Phrases::new(&[
    "dear",
    "hello",
    "hi",
    "hey",
    "attention",
    "attn:",
    "dear user",
    "dear customer",
    "user:",
    "dear,",
    "hello,",
    "hi,",
    "greetings",
    "hallo",
    "guten tag",
    "sehr geehrte/r",
    "sehr geehrter",
    "bonjour",
    "cher",
    "chere",
    "estimado",
    "estimado/a",
    "hola",
    "gentile",
    "salve",
    "ciao",
    "prezado",
    "ola",
    "geachte",
    "beste",
    "拝啓",
    "您好:",
    "valued",
    "dear valued",
    "notice to",
]);

fn greeted(text: &Text, called: &str) -> Option<std::ops::Range<usize>> {
    let span = text.find(called).filter(|span| span.start <= EARLY)?;
    let before = text.normal().get(..span.start)?.trim_end();
    let after = text.normal().get(span.end..)?;
    let whole = called.contains('@') || !after.starts_with(['@', '.', '-']);
    let greeted = before.is_empty()
        || GREETINGS.end(before)
        || after.starts_with('様')
        || after.starts_with("さま")
        || (called.contains('@') && after.starts_with([',', '!']) && !before.ends_with([':', '<', '(']));
    (greeted && whole).then_some(span)
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    for written in observables.recipients() {
        let addr = normalise(written);
        if addr.len() < 6 {
            continue;
        }
        let subject = &observables.message.subject;
        if let Some(span) = subject.find(&addr) {
            return Some(Observation { place: Place::Subject, excerpt: subject.excerpt(span) });
        }
        // `john-d42` is no name that anybody is greeted by.
        let local = addr.split('@').next().unwrap_or_default();
        let odd = local.len() >= 6 && local.contains(|c: char| !c.is_ascii_alphabetic());
        if odd && subject.normal().starts_with(local) {
            return Some(Observation { place: Place::Subject, excerpt: subject.excerpt(0..local.len()) });
        }
        let seen = observables.visible().skip(1).find_map(|(index, text)| {
            let span = greeted(text, &addr).or_else(|| odd.then(|| greeted(text, local)).flatten())?;
            Some(Observation { place: Place::Text(index), excerpt: text.excerpt(span) })
        });
        if seen.is_some() {
            return seen;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn its_pair_in_the_corpus_tells_it_from_its_look_alike() {
        let threat = include_str!("../../tests/corpus/threat/greeting-by-address_dear_en.eml");
        let benign = include_str!("../../tests/corpus/benign/greeting-by-address_name_en.eml");
        assert!(testing::fires_raw(&INDICATOR, threat));
        assert!(!testing::fires_raw(&INDICATOR, benign));
    }
}
