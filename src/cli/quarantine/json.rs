//! `komainu quarantine show --format json`.

use serde_json::json;

use super::advice::{if_already, what_to_do};
use super::list::as_json;
use super::release::author;
use super::show::{basis, told};
use crate::case::{Member, Standing, demanded};
use crate::cli::desk::{Desk, Stop};
use crate::cli::text::{category_word, finding_title};
use crate::store::read::Reading;

/// All of it for a program.
pub(super) fn whole(desk: &Desk, reading: &Reading, member: &Member) -> Result<serde_json::Value, Stop> {
    let standing: Standing = member.standing();
    let basis = basis(desk, reading, member)?;
    let vouched = author(reading, member).map_err(|error| desk.store(&error))?;
    let mut value = as_json(member, &standing);
    let findings: Vec<serde_json::Value> = member
        .judgement
        .as_ref()
        .map(|judgement| told(judgement, member.letter.as_ref()))
        .unwrap_or_default()
        .into_iter()
        .map(|(id, weight, seen)| {
            json!({
                "indicator": id,
                "title": finding_title(id, desk.lang),
                "weight": weight.as_f64(),
                "where": seen.map(|seen| &seen.place),
                "excerpt": seen.map(|seen| &seen.excerpt),
            })
        })
        .collect();
    let demand: serde_json::Map<String, serde_json::Value> = member
        .letter
        .as_ref()
        .and_then(|letter| letter.demand.as_ref())
        .map(|demand| demanded(demand, desk.lang))
        .unwrap_or_default()
        .into_iter()
        .map(|(slot, values)| (slot.to_owned(), values.into()))
        .collect();
    let category = member.judgement.as_ref().and_then(|judgement| judgement.category);
    let severity = member.judgement.as_ref().and_then(|judgement| judgement.severity);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("findings".to_owned(), findings.into());
        fields.insert(
            "thresholds".to_owned(),
            json!(basis.thresholds.map(|(suspicious, threat)| {
                json!({"suspicious": suspicious.as_f64(), "threat": threat.as_f64()})
            })),
        );
        fields.insert("demand".to_owned(), demand.into());
        fields.insert("category_word".to_owned(), json!(category.map(|one| category_word(one, desk.lang))));
        fields
            .insert("release_covers".to_owned(), json!(if vouched.is_some() { "sender" } else { "message" }));
        fields.insert("sender_vouched_for".to_owned(), json!(vouched.map(|author| author.address)));
        let mut advice: Vec<&str> = what_to_do(severity, desk.lang);
        advice.push(if_already(category, desk.lang));
        fields.insert("advice".to_owned(), json!(advice));
    }
    Ok(value)
}
