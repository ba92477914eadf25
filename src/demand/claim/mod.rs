//! Who the message says it is: in its display name, in how it introduces itself, in its signature, by its brand.

mod display;
mod introduction;
mod organisation;
mod signature;

use self::display::display;
use self::introduction::introductions;
use self::organisation::ends_strongly;
use self::signature::signatures;
use crate::indicator::Context;
use crate::message::{Excerpt, Message, Place, normalise};

use super::page::{Page, clean};
use super::{Claim, PayKind, PayTo, Quote};

/// Characters of a claim.
const LONGEST: usize = 60;

/// The claim with the most to say for it.
pub(super) fn claim(
    message: &Message,
    context: &Context,
    pages: &[Page<'_>],
    pay_to: &[PayTo],
) -> Option<Claim> {
    let mut best: Option<(u8, Claim)> = None;
    let mut offer = |weight: u8, value: String, quote: Quote| {
        let value = tidy(&value);
        let long = value.chars().count();
        if (2..=LONGEST).contains(&long) && best.as_ref().is_none_or(|(other, _)| weight > *other) {
            best = Some((weight, Claim { value, quote }));
        }
    };
    if let Some((weight, value)) = display(message, context) {
        let quote = Quote { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(&value) };
        offer(weight, value, quote);
    }
    for page in pages {
        if page.place == Place::Subject {
            for bracketed in bracketed(&clean(page_text(page))) {
                if context.brand_named(&normalise(&bracketed)).is_some() || ends_strongly(&bracketed) {
                    let quote = page.quote_of(&bracketed);
                    offer(42, bracketed, quote);
                }
            }
            continue;
        }
        for (weight, value, words) in
            introductions(page, context).into_iter().chain(signatures(page, context))
        {
            let quote = page.quote_of(&words);
            offer(weight, value, quote);
        }
    }
    // What is paid through is not who is to be paid.
    if let Some((brand, quote)) = brand(pages, context)
        && !pay_to.iter().any(|pay| {
            // An exchange that is recommended for buying coins signs nothing either.
            pay.kind == PayKind::Crypto || context.brand_named(&normalise(&pay.value)) == Some(brand)
        })
    {
        offer(32, brand.to_owned(), quote);
    }
    best.map(|(_, claim)| claim)
}

fn page_text<'p>(page: &Page<'p>) -> &'p str {
    page.lines.first().map_or("", |line| line.written)
}

/// 【Amazon】, [PayPal], 「…」 at the head of a subject.
fn bracketed(subject: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (open, close) in [('【', '】'), ('[', ']'), ('「', '」'), ('<', '>')] {
        if let Some((_, rest)) = subject.split_once(open)
            && let Some((inner, _)) = rest.split_once(close)
        {
            out.push(inner.to_owned());
        }
    }
    out
}

/// The brand that the subject or the text speaks of first.
fn brand<'c>(pages: &[Page<'_>], context: &'c Context) -> Option<(&'c str, Quote)> {
    pages.iter().find_map(|page| {
        let head = page.normal.get(..page.normal.floor_char_boundary(1_500)).unwrap_or(page.normal);
        let name = context.brand_named(head)?;
        Some((name, page.quote_of(name)))
    })
}

/// Without honorifics of address, brackets and signs at the ends.
fn tidy(value: &str) -> String {
    value
        .trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '"' | '\''
                        | '<'
                        | '>'
                        | '「'
                        | '」'
                        | '【'
                        | '】'
                        | '・'
                        | '-'
                        | '='
                        | '*'
                        | ':'
                        | '、'
                        | '。'
                        | ','
                )
        })
        .to_owned()
}
