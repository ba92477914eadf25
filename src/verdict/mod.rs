//! Findings to score, level, category, severity; and from there to the action.
#![deny(clippy::disallowed_methods)]

use serde::{Deserialize, Serialize};

use crate::indicator::{Category, Finding, Hundredths};

/// What a message is judged to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
