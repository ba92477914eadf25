//! The catalogue: observables to findings. One file an indicator; data, not code, wherever it can be.
#![deny(clippy::disallowed_methods)]

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::message::{Excerpt, Message, Place};

/// Log-odds in integer hundredths: 210 is printed as `2.10`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hundredths(pub i32);

/// What a message wants to be taken for; DESIGN §4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Category {
    FakeBilling,
    Extortion,
    Phishing,
    Bec,
    AdvanceFee,
    Callback,
    Malware,
    Other,
}

/// What a judgement depends on beside the message itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// The account's own addresses, lower case.
    pub own_addresses: Vec<String>,
    /// Whose Authentication-Results fields count (RFC 8601 §2.5), lower case.
    pub authserv_ids: Vec<String>,
    /// When the message arrived (INTERNALDATE), where it is known.
    pub received_at: Option<Timestamp>,
}

/// One indicator that was seen, with what it adds to the score and the words it was seen in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The indicator's id, kebab-case; also `base-rate` and gates, see `verdict`.
    pub indicator: &'static str,
    /// What it adds.
    pub weight: Hundredths,
    /// Where it was seen.
    #[serde(rename = "where")]
    pub place: Place,
    /// The words, as they were written.
    pub excerpt: Excerpt,
}

/// Every indicator of the catalogue, in catalogue order, over one message.
pub fn examine(_message: &Message, _context: &Context) -> Vec<Finding> {
    Vec::new()
}
