//! Cards, services and other ways by name, where they stand beside a word of paying.

use std::ops::Range;

use crate::demand::PayTo;
use crate::demand::cue::Cue;
use crate::demand::page::Page;

use super::{PayKind, found};

/// Octets within which the word of paying must stand.
const NEAR: usize = 70;

pub(super) fn products(page: &Page<'_>) -> Vec<PayTo> {
    let mut out: Vec<(Range<usize>, PayTo)> = Vec::new();
    for (cue, kind, vague) in [
        (Cue::GiftCard, PayKind::GiftCard, false),
        (Cue::Wallet, PayKind::Ewallet, false),
        (Cue::GiftCardKind, PayKind::GiftCard, true),
        (Cue::MoneyWay, PayKind::Other, true),
    ] {
        for span in page.cues.all(cue) {
            let taken = out.iter().any(|(other, _)| other.start < span.end && span.start < other.end);
            if !taken && used(page, span, cue) {
                out.push((
                    span.clone(),
                    found(kind, page.written(span.clone()), vague, page.quote(span.clone())),
                ));
            }
        }
    }
    out.sort_by_key(|(span, _)| span.start);
    out.into_iter().map(|(_, pay)| pay).collect()
}

/// Whether it is a way to pay here, and not a sender, a topic or a logo.
fn used(page: &Page<'_>, span: &Range<usize>, cue: Cue) -> bool {
    let cues = &page.cues;
    let near = |cue: Cue, within: usize| cues.distance(cue, span).is_some_and(|distance| distance <= within);
    let follows = page.normal.get(span.end..).unwrap_or_default().trim_start();
    let bought = ["を購入", "をご購入", "を買", "をコンビニ", "で支払", "でお支払", "で送", "を送"]
        .iter()
        .any(|word| follows.starts_with(word));
    let asked = bought || near(Cue::Pay, NEAR) || near(Cue::HandOver, NEAR);
    match cue {
        Cue::GiftCard => asked || near(Cue::HandOver, 200),
        Cue::GiftCardKind => near(Cue::HandOver, 160) || near(Cue::Pay, 40),
        Cue::Wallet => {
            let by = [
                "で",
                "にて",
                "へ",
                "に",
                "による",
                "経由",
                "または",
                "又は",
                "か",
                "、",
                "・",
                "を使",
                "を利用",
                "の送",
                "(",
                "$",
            ];
            let behind = by.iter().any(|word| follows.starts_with(word))
                || cues
                    .after(Cue::WalletUse, span.end, 4)
                    .is_some_and(|used| !page.normal.get(used).unwrap_or_default().is_ascii());
            let before = cues.before(Cue::WalletUse, span.start, 4).is_some_and(|use_| {
                let word = page.normal.get(use_).unwrap_or_default();
                ["via", "using", "through", "with", "by", "to my", "or", "pay", "on", "only"].contains(&word)
                    || !word.is_ascii()
            });
            let listed =
                page.normal.get(..span.start).is_some_and(|head| head.ends_with([',', '、', '・', '/']));
            asked && (behind || before || listed) || behind && near(Cue::Pay, 140)
        }
        _ => asked,
    }
}
