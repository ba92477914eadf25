//! Findings to score, level, category, severity; and from there to the action.
//!
//! The score is the sum of the findings, and nothing else: what a message starts from ([`BASE_RATE`]), what a family that
//! says the same thing several times may add at most ([`FAMILY_CAP`]), and where one witness alone may not decide
//! ([`GATE`]), are findings themselves. The level follows from the score alone.
#![deny(clippy::disallowed_methods)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::indicator::{self, Category, Context, Family, Finding, Hundredths, Indicator};
use crate::message::{Excerpt, Message, Place};
use crate::model;

/// Id of the finding that every message starts from.
pub const BASE_RATE: &str = "base-rate";
/// Id of the finding that takes away what a family has beyond its cap.
pub const FAMILY_CAP: &str = "family-cap";
/// Id of the finding that holds a single soft family below the threshold.
pub const GATE: &str = "single-family-gate";

/// Id of the finding that holds the mail of a sender whom the person released below the threshold.
pub const RELEASED: &str = "released-sender-gate";

/// What the soft findings of one family add at most. With the base rate, it stays below the default threshold.
const MOST_OF_A_FAMILY: i32 = 500;

/// What a family has to add to count as a witness of its own: a whisper does not carry a verdict.
const LEAST_OF_A_WITNESS: i32 = 50;

/// What a message is judged to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing that adds up. Never shown as "safe".
    Clean,
    /// Stays where it is, and is in the digest.
    Suspicious,
    /// Goes to quarantine.
    Threat,
}

/// How much it presses; `urgent` is told at once by later parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Severity {
    Low,
    High,
    Urgent,
}

/// From which score on a message is what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Score from which a message is suspicious.
    pub suspicious: Hundredths,
    /// Score from which a message is a threat.
    pub threat: Hundredths,
}

/// The judgement of one message. Its findings add up to its score.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What it is judged to be.
    pub level: Level,
    /// Sum of the findings' weights.
    pub score: Hundredths,
    /// What the score was held against.
    pub thresholds: Thresholds,
    /// What kind of threat; none where the level is clean.
    pub category: Option<Category>,
    /// How much it presses; none where the level is clean.
    pub severity: Option<Severity>,
    /// Catalogue order, `base-rate` first, caps and gates last.
    pub findings: Vec<Finding>,
}

/// What the person wants done with threats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Move them.
    Quarantine,
    /// Record them, and leave them where they are.
    Observe,
}

/// What is to be done with a message.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing; clean.
    Keep,
    /// Nothing on the server; it is recorded and stands in the digest.
    Note,
    /// Evidence, then the move to the quarantine mailbox.
    Quarantine,
}

/// The pure half of the path: message to verdict.
pub fn judge(message: &Message, context: &Context, thresholds: &Thresholds) -> Verdict {
    let mut seen = indicator::examine(message, context);
    let heard = model::hear(message).into_iter();
    seen.extend(heard.filter(|finding| !context.disabled.iter().any(|id| id == finding.indicator)));
    indicator::heed_the_person(&mut seen);
    Verdict::reach(seen, thresholds)
}

/// What follows from a verdict.
pub fn decide(verdict: &Verdict, mode: Mode) -> Action {
    match (verdict.level, mode) {
        (Level::Clean, _) => Action::Keep,
        (Level::Suspicious, _) | (Level::Threat, Mode::Observe) => Action::Note,
        (Level::Threat, Mode::Quarantine) => Action::Quarantine,
    }
}

impl Default for Thresholds {
    /// 3.00 and 5.00: odds of 20 and 150 to 1, as far as the weights are honest log-odds.
    fn default() -> Self {
        Self { suspicious: Hundredths(300), threat: Hundredths(500) }
    }
}

impl Thresholds {
    /// The level of a score.
    pub fn level(&self, score: Hundredths) -> Level {
        if score >= self.threat {
            Level::Threat
        } else if score >= self.suspicious {
            Level::Suspicious
        } else {
            Level::Clean
        }
    }
}

impl Verdict {
    /// Sums findings (catalogue order), after the base rate and before caps and the gate.
    pub fn reach(seen: Vec<Finding>, thresholds: &Thresholds) -> Self {
        Self::reach_from(indicator::weights().base_rate, seen, thresholds)
    }

    /// The same from another base rate: for whoever fits one.
    pub fn reach_from(base_rate: Hundredths, seen: Vec<Finding>, thresholds: &Thresholds) -> Self {
        let mut findings =
            vec![own(BASE_RATE, base_rate, "what a message starts from, before anything is seen in it")];
        findings.extend(seen);
        let caps = caps(&findings);
        findings.extend(caps);
        findings.extend(gate(&findings, *thresholds));
        findings.extend(released(&findings, *thresholds));

        let score = total(&findings);
        let level = thresholds.level(score);
        let told = level != Level::Clean;
        Self {
            level,
            score,
            thresholds: *thresholds,
            category: told.then(|| category(&findings)),
            severity: told.then(|| severity(&findings)),
            findings,
        }
    }
}

fn total(findings: &[Finding]) -> Hundredths {
    Hundredths(findings.iter().fold(0, |sum, finding| finding.weight.0.saturating_add(sum)))
}

/// The soft, incriminating findings' sum by family. A finding from outside the catalogue has no family: all of them are one.
/// The base rate says nothing of this message, whatever its sign: it is nobody's witness.
fn families(findings: &[Finding]) -> BTreeMap<Option<Family>, i32> {
    let mut sums = BTreeMap::new();
    let speaks =
        |finding: &&Finding| finding.weight.0 > 0 && !is_hard(finding) && finding.indicator != BASE_RATE;
    for finding in findings.iter().filter(speaks) {
        let sum: &mut i32 = sums.entry(family(finding)).or_default();
        *sum = sum.saturating_add(finding.weight.0);
    }
    sums
}

fn caps(findings: &[Finding]) -> Vec<Finding> {
    families(findings)
        .into_iter()
        .filter(|(_, sum)| *sum > MOST_OF_A_FAMILY)
        .map(|(family, sum)| {
            let name =
                family.map_or_else(|| "other".to_owned(), |family| format!("{family:?}").to_lowercase());
            own(
                FAMILY_CAP,
                Hundredths(MOST_OF_A_FAMILY - sum),
                &format!("family {name}: one witness, however often it speaks"),
            )
        })
        .collect()
}

/// No single soft family quarantines: what would be a threat by it alone is held just below.
fn gate(findings: &[Finding], thresholds: Thresholds) -> Option<Finding> {
    let score = total(findings);
    let witnesses = families(findings).values().filter(|sum| **sum >= LEAST_OF_A_WITNESS).count();
    let hard = findings.iter().any(|finding| finding.weight.0 > 0 && is_hard(finding));
    (thresholds.level(score) == Level::Threat && witnesses < 2 && !hard).then(|| {
        let below = Hundredths(thresholds.threat.0.saturating_sub(1).saturating_sub(score.0));
        own(GATE, below, "fewer than two independent families, and no hard fact: held below the threshold")
    })
}

/// Words alone do not quarantine a sender again whom the person released: what would be a threat without a hard fact is held
/// just below, where it is still noted.
fn released(findings: &[Finding], thresholds: Thresholds) -> Option<Finding> {
    let score = total(findings);
    let hard = findings.iter().any(|finding| finding.weight.0 > 0 && is_hard(finding));
    (indicator::is_released(findings) && thresholds.level(score) == Level::Threat && !hard).then(|| {
        let below = Hundredths(thresholds.threat.0.saturating_sub(1).saturating_sub(score.0));
        own(
            RELEASED,
            below,
            "you took mail of this sender out of quarantine, and no hard fact speaks against it",
        )
    })
}

/// The category with the most weight; among equals the first. What is common to all kinds has no voice.
fn category(findings: &[Finding]) -> Category {
    let mut sums: BTreeMap<Category, i32> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.weight.0 > 0) {
        if let Some(category) = known(finding).and_then(|indicator| indicator.category) {
            let sum = sums.entry(category).or_default();
            *sum = sum.saturating_add(finding.weight.0);
        }
    }
    let most = sums.into_iter().max_by_key(|(category, sum)| (*sum, std::cmp::Reverse(*category)));
    most.map_or(Category::Other, |(category, _)| category)
}

/// Urgent: life is threatened, or the person's own name or address is quoted together with a threat. High: any other
/// extortion, or the law or a visit together with a deadline.
fn severity(findings: &[Finding]) -> Severity {
    let any = |ids: &[&str]| findings.iter().any(|finding| ids.contains(&finding.indicator));
    if any(&["violence-threat", "own-details-quoted"]) {
        Severity::Urgent
    } else if any(&["publication-threat", "sextortion-script"])
        || (any(&["legal-threat", "court-by-mail", "invented-agency", "home-visit-threat"])
            && any(&["deadline", "final-notice", "ultimatum"]))
    {
        Severity::High
    } else {
        Severity::Low
    }
}

fn family(finding: &Finding) -> Option<Family> {
    match finding.indicator {
        model::TEXT => Some(Family::Wording),
        model::SHAPE => Some(Family::Build),
        _ => known(finding).map(|indicator| indicator.family),
    }
}

fn known(finding: &Finding) -> Option<&'static Indicator> {
    indicator::indicator(finding.indicator)
}

fn is_hard(finding: &Finding) -> bool {
    known(finding).is_some_and(|indicator| indicator.hard)
}

fn own(id: &'static str, weight: Hundredths, words: &str) -> Finding {
    Finding { indicator: id, weight, place: Place::Message, excerpt: Excerpt::new(words) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::indicator::CATALOGUE;

    fn base() -> Hundredths {
        indicator::weights().base_rate
    }

    fn finding(indicator: &Indicator) -> Finding {
        own(indicator.id, indicator.in_force(), "seen")
    }

    fn verdict(ids: &[&str]) -> Verdict {
        let seen = ids.iter().map(|id| finding(indicator::indicator(id).unwrap())).collect();
        Verdict::reach(seen, &Thresholds::default())
    }

    /// Of findings that weigh this much each, whatever the weights in force: those are learned anew now and then.
    fn weighing(weight: i32, ids: &[&str]) -> Verdict {
        let seen = ids.iter().map(|id| own(indicator::indicator(id).unwrap().id, Hundredths(weight), "seen"));
        Verdict::reach(seen.collect(), &Thresholds::default())
    }

    fn any_findings() -> impl Strategy<Value = Vec<Finding>> {
        prop::collection::vec((0..CATALOGUE.len()).prop_map(|index| finding(CATALOGUE[index])), 0..40)
    }

    fn any_thresholds() -> impl Strategy<Value = Thresholds> {
        (-1000..2000, 0..1000).prop_map(|(suspicious, more)| Thresholds {
            suspicious: Hundredths(suspicious),
            threat: Hundredths(suspicious + more),
        })
    }

    proptest! {
        #[test]
        fn findings_add_up_to_the_score_and_the_level_follows_from_it(
            findings in any_findings(),
            thresholds in any_thresholds(),
        ) {
            let verdict = Verdict::reach(findings, &thresholds);
            let sum: i32 = verdict.findings.iter().map(|finding| finding.weight.0).sum();
            prop_assert_eq!(Hundredths(sum), verdict.score);
            prop_assert_eq!(verdict.level, thresholds.level(verdict.score));
            prop_assert_eq!(verdict.findings[0].indicator, BASE_RATE);
            prop_assert_eq!(verdict.category.is_some(), verdict.level != Level::Clean);
            prop_assert_eq!(verdict.severity.is_some(), verdict.level != Level::Clean);
        }

        #[test]
        fn no_single_soft_family_quarantines(
            family in 0..CATALOGUE.len(),
            repeat in 1usize..20,
            thresholds in any_thresholds(),
        ) {
            let family = CATALOGUE[family].family;
            let seen: Vec<Finding> = CATALOGUE
                .iter()
                .filter(|indicator| !indicator.hard && indicator.family == family)
                .flat_map(|indicator| std::iter::repeat_n(finding(indicator), repeat))
                .collect();
            prop_assert_ne!(Verdict::reach(seen, &thresholds).level, Level::Threat);
        }
    }

    #[test]
    fn nothing_seen_is_clean_at_the_base_rate() {
        let verdict = verdict(&[]);
        assert_eq!((verdict.level, verdict.score, verdict.category), (Level::Clean, base(), None));
        assert_eq!(verdict.findings.len(), 1);
    }

    #[test]
    fn a_family_beyond_its_cap_is_cut_by_a_finding() {
        let verdict =
            weighing(MOST_OF_A_FAMILY / 2, &["unpaid-debt", "vague-service", "cancellation-incomplete"]);
        assert!(verdict.findings.iter().any(|finding| finding.indicator == FAMILY_CAP));
        // Above that, the gate holds one family below the threshold.
        let held = Thresholds::default().threat.0 - 1;
        assert_eq!(verdict.score, Hundredths((MOST_OF_A_FAMILY + base().0).min(held)));
    }

    #[test]
    fn the_gate_is_listed_where_a_low_threshold_would_let_one_family_decide() {
        let low = Thresholds { suspicious: Hundredths(base().0 + 50), threat: Hundredths(base().0 + 100) };
        let verdict = Verdict::reach(vec![own("legal-threat", Hundredths(200), "seen")], &low);
        assert_eq!(verdict.findings.last().unwrap().indicator, GATE);
        assert_eq!((verdict.score, verdict.level), (Hundredths(low.threat.0 - 1), Level::Suspicious));
    }

    #[test]
    fn one_hard_fact_can_quarantine() {
        let verdict = verdict(&["executable-attachment"]);
        assert_eq!((verdict.level, verdict.category), (Level::Threat, Some(Category::Malware)));
    }

    #[test]
    fn severity_follows_what_is_threatened() {
        let severity = |ids: &[&str]| weighing(1_000, ids).severity;
        assert_eq!(
            severity(&["ultimatum", "publication-threat", "own-details-quoted", "legal-threat"]),
            Some(Severity::Urgent)
        );
        assert_eq!(severity(&["violence-threat", "crypto-payment"]), Some(Severity::Urgent));
        assert_eq!(
            severity(&["unpaid-debt", "vague-service", "legal-threat", "deadline"]),
            Some(Severity::High)
        );
        assert_eq!(severity(&["executable-attachment"]), Some(Severity::Low));
    }

    #[test]
    fn in_observe_mode_a_threat_is_only_noted() {
        let threat = weighing(1_000, &["executable-attachment"]);
        assert_eq!(decide(&threat, Mode::Quarantine), Action::Quarantine);
        assert_eq!(decide(&threat, Mode::Observe), Action::Note);
        assert_eq!(decide(&verdict(&[]), Mode::Quarantine), Action::Keep);
    }
}
