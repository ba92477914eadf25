//! Who gave a message: the server as it showed itself on that connection. One file for all messages of a connection.

use serde::{Deserialize, Serialize};

/// A server, as it showed itself. Stored as `context/<sha256>.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// As configured.
    pub host: String,
    /// TCP.
    pub port: u16,
    /// The address that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How the line was encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<PeerTls>,
    /// The first line it said, without the response code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
    /// What it offers, in capitals, in order.
    pub capabilities: Vec<String>,
}

/// An encrypted line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerTls {
    /// Such as `TLSv1_3`.
    pub version: String,
    /// Such as `TLS13_AES_256_GCM_SHA384`.
    pub cipher: String,
    /// The certificates it showed, its own first: base64 of DER.
    pub certificates: Vec<String>,
}

impl Peer {
    /// The file's octets; nothing where it cannot be written, which does not happen.
    pub fn to_octets(&self) -> Vec<u8> {
        let mut octets = serde_json::to_vec(self).unwrap_or_default();
        octets.push(b'\n');
        octets
    }
}
