//! A message in a digest.

use serde::{Deserialize, Serialize};

use crate::digest::moment::Moment;
use crate::evidence::{CaseId, EvidenceId};
use crate::indicator::Category;
use crate::message::Excerpt;
use crate::verdict::{Level, Severity};

/// Why a message is in a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It was judged.
    Judged,
    /// The person moved it into quarantine.
    Reported,
    /// It could not be judged.
    NotJudged,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Why it is here.
    pub kind: Kind,
    /// None where no octets came.
    pub evidence_id: Option<EvidenceId>,
    /// The record by which it belongs to this digest.
    pub seq: u64,
    /// Whose.
    pub account: Excerpt,
    /// Where it came.
    pub mailbox: Excerpt,
    /// INTERNALDATE; none where the server's could not be read.
    pub internaldate: Option<Moment>,
    /// When it was judged, by our clock.
    pub processed_at: Moment,
    /// None where it was not judged.
    pub level: Option<Level>,
    /// None where it was not judged, or is clean.
    pub category: Option<Category>,
    /// None where it was not judged, or is clean.
    pub severity: Option<Severity>,
    /// None where it was not judged.
    pub score: Option<f64>,
    /// The name beside the address, which anybody can write.
    pub from_display: Option<Excerpt>,
    /// The From address, which anybody can write.
    pub from_addr: Option<Excerpt>,
    /// Where an answer would go, where that is another address.
    pub reply_to: Option<Excerpt>,
    /// Decoded.
    pub subject: Option<Excerpt>,
    /// Names of attached files, the first of them.
    pub attachments: Vec<Excerpt>,
    /// What it demands.
    pub demand: Option<Demanded>,
    /// Why it was judged so, the weightiest first.
    pub reasons: Vec<Reason>,
    /// Machine word where it could not be judged.
    pub not_judged: Option<String>,
    /// What was done.
    pub action: Action,
    /// The mailbox in which it stands after that, as far as the record knows.
    pub folder: Option<Excerpt>,
    /// The case into which it was put.
    pub case: Option<CaseId>,
    /// The content was erased since.
    pub erased: bool,
}

/// What a message demands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demanded {
    /// Who it says it is.
    pub claims_to_be: Option<Excerpt>,
    /// How much: the kind is the currency.
    pub amounts: Vec<Valued>,
    /// By when; none where none is given or it cannot be read.
    pub deadline: Option<Moment>,
    /// Where to pay.
    pub pay_to: Vec<Valued>,
    /// Whom to contact.
    pub contacts: Vec<Valued>,
}

/// A value with its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Valued {
    /// Machine word: `bank`, `phone`, ...
    pub kind: Excerpt,
    /// As it was read.
    pub value: Excerpt,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Its id.
    pub indicator: String,
    /// What it added.
    pub weight: f64,
    /// The words in which it was seen; none where there are none, or they were erased.
    pub excerpt: Option<Excerpt>,
}

/// What was done with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It stands in quarantine.
    Moved,
    /// It stays where it was: that is what was decided.
    Kept,
    /// It was to be moved, and has not been yet.
    Pending,
    /// The server did not move it.
    Refused,
    /// Somebody else moved or deleted it first.
    GoneByOther,
    /// The person put it into quarantine.
    MovedByUser,
    /// The person took it out again.
    Released,
}
