//! What a message demands, in words.

use crate::case::words::{contact_word, pay_word, want_word};
use crate::demand::Demand;
use crate::message::Excerpt;

use super::text::Lang;

/// What a message demands, a line a slot: `請求額: 298000 JPY`. Every value is bounded and defanged.
pub(super) fn demand_lines(demand: &Demand, lang: Lang) -> Vec<String> {
    let join = |values: Vec<String>| values.join(lang.pick("、", ", "));
    let shown = |value: &str| Excerpt::new(value).to_string();
    let slots = [
        (
            lang.pick("名乗り", "claims to be"),
            demand.claims_to_be.iter().map(|claim| shown(&claim.value)).collect(),
        ),
        (
            lang.pick("要求", "wants"),
            demand.wants.iter().map(|wanted| want_word(wanted.want, lang).to_owned()).collect(),
        ),
        (
            lang.pick("金額", "amount"),
            demand
                .amounts
                .iter()
                .map(|amount| format!("{} {}", amount.decimal(), amount.currency.code()))
                .collect(),
        ),
        (lang.pick("期限", "deadline"), demand.deadline.iter().map(ToString::to_string).collect()),
        (
            lang.pick("支払先", "pay to"),
            demand
                .pay_to
                .iter()
                .map(|pay| format!("{}: {}", pay_word(pay.kind, lang), shown(&pay.value)))
                .collect(),
        ),
        (
            lang.pick("連絡先", "contact"),
            demand
                .contacts
                .iter()
                .map(|contact| format!("{}: {}", contact_word(contact.kind, lang), shown(&contact.value)))
                .collect::<Vec<String>>(),
        ),
    ];
    slots
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| format!("{name}: {}", join(values)))
        .collect()
}
