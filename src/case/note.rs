//! What the person says of a case. It can be erased, so it is not in the chain; its digest is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::evidence::CaseId;

/// `notes/<sha256>.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Note {
    /// 32 random hexadecimal digits: a short text could else be guessed from its digest.
    pub salt: String,
    /// Of which case.
    pub case: CaseId,
    /// When it was written.
    pub at: Timestamp,
    /// When that happened of which it tells, as the person says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Timestamp>,
    /// What it says.
    pub subject: Subject,
}

/// What a [`Note`] says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The case is what the person calls so; its messages are put into it one by one.
    Named(String),
    /// The case is all mail whose From address is this one (lower case), past and to come.
    Sender(String),
    /// The person's own account: paid, clicked, called; when.
    Account(String),
}

impl Note {
    /// The file's octets.
    pub fn to_octets(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut octets = serde_json::to_vec(self)?;
        octets.push(b'\n');
        Ok(octets)
    }

    /// Reads the file's octets.
    pub fn from_octets(octets: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(octets)
    }
}
