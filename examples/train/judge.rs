//! From learned weights to verdicts, by the very rules that the service judges with: bounds, caps and the gate.

use std::collections::BTreeMap;

use komainu::indicator::{self, Category, Family, Finding, Hundredths};
use komainu::message::{Excerpt, Place};
use komainu::model::{SHAPE, SHAPE_BOUNDS, TEXT, TEXT_BOUNDS};
use komainu::verdict::{Thresholds, Verdict};

use super::corpus::Sample;
use super::model::{Learned, Table};

/// Sources in which an indicator has to be seen before its weight is fitted.
pub(crate) const LEAST_SOURCES: usize = 3;

/// What one message adds up to before the base rate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sum {
    pub score: i32,
    /// Too few witnesses to quarantine.
    pub gated: bool,
    /// What the text and the shape add, in hundredths.
    pub text: i32,
    pub shape: i32,
}

/// The weights of indicators in force: fitted within bounds, or as set by hand.
pub(crate) fn indicators(table: &Table, learned: &Learned, scale: f64) -> BTreeMap<&'static str, Hundredths> {
    indicator::CATALOGUE
        .iter()
        .map(|indicator| {
            let prior = indicator.weight.0;
            if !is_fitted(table, indicator) {
                return (indicator.id, indicator.weight);
            }
            let fitted =
                (learned.weights[table.indicators[indicator.id] as usize] * scale * 100.0).round() as i32;
            (indicator.id, Hundredths(fitted.clamp(5, prior * 2 + 50)))
        })
        .collect()
}

/// What is thin in public corpora, hard facts, what speaks against, who somebody is and how a message was sent are never
/// fitted: a corpus shows too little of them, or lies.
pub(crate) fn is_fitted(table: &Table, indicator: &indicator::Indicator) -> bool {
    let thin =
        [Category::FakeBilling, Category::Extortion, Category::Callback, Category::Bec, Category::Malware];
    !indicator.hard
        && indicator.weight.0 > 0
        && !indicator.category.is_some_and(|category| thin.contains(&category))
        && !matches!(
            indicator.family,
            Family::Authentication | Family::Person | Family::Mitigation | Family::Transport
        )
        && table.sources.get(indicator.id).is_some_and(|sources| sources.len() >= LEAST_SOURCES)
}

pub(crate) fn sum(
    table: &Table,
    learned: &Learned,
    weights: &BTreeMap<&'static str, Hundredths>,
    sample: &Sample,
    at: usize,
    scale: f64,
) -> Sum {
    let row = &table.rows.rows[at];
    let part = |index: usize| -> f64 {
        let (columns, value) = &row[index];
        value * columns.iter().map(|column| learned.weights[*column as usize]).sum::<f64>()
    };
    let bounded = |value: f64, (least, most): (i32, i32)| {
        Hundredths(((value * scale * 100.0).round() as i32).clamp(least, most))
    };
    let finding =
        |indicator, weight| Finding { indicator, weight, place: Place::Message, excerpt: Excerpt::new("") };
    let mut seen: Vec<Finding> = sample.findings.iter().map(|id| finding(*id, weights[id])).collect();
    let text = bounded(part(0), TEXT_BOUNDS);
    let shape = bounded(part(1), SHAPE_BOUNDS);
    seen.push(finding(TEXT, text));
    seen.push(finding(SHAPE, shape));
    let never = Thresholds { suspicious: Hundredths(i32::MAX), threat: Hundredths(i32::MAX) };
    let ever = Thresholds { suspicious: Hundredths(-100_000), threat: Hundredths(-100_000) };
    let score = Verdict::reach_from(Hundredths(0), seen.clone(), &never).score.0;
    let gated = Verdict::reach_from(Hundredths(0), seen, &ever).score.0 < -100_000;
    Sum { score, gated, text: text.0, shape: shape.0 }
}
