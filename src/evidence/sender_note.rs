//! Whom a lesson is about. It can be erased, so it is not in the chain; its digest is.

use serde::{Deserialize, Serialize};

/// `notes/<sha256>.json` of an [`Entry::Learned`](super::Entry::Learned).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderNote {
    /// 32 random hexadecimal digits: an address could else be guessed from its digest.
    pub salt: String,
    /// The sender's address, lower case.
    pub sender: String,
    /// The domain that was found authentic, aligned with the address.
    pub domain: String,
}

impl SenderNote {
    /// The file's octets.
    pub fn to_octets(&self) -> Vec<u8> {
        // Three strings: nothing in them can fail to be written.
        let mut octets = serde_json::to_vec(self).unwrap_or_default();
        octets.push(b'\n');
        octets
    }

    /// Reads the file's octets.
    pub fn from_octets(octets: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(octets)
    }
}
