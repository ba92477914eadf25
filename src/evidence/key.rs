//! Ed25519 keys (RFC 8032) as they stand in files: PKCS#8 and SubjectPublicKeyInfo (RFC 8410) in PEM, which `openssl`
//! reads.
//!
//! Both forms are of fixed length, so they are written and compared here octet by octet; no other form is taken.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use super::Digest;

/// DER before the 32 octets of a public key: SEQUENCE, AlgorithmIdentifier 1.3.101.112, BIT STRING.
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// DER before the 32 octets of a secret key: version 0, the same algorithm, OCTET STRING in an OCTET STRING.
const PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A key that signs checkpoints; its octets are cleared when it is dropped.
pub struct SecretKey(SigningKey);

/// A key that checkpoints are verified with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Not an Ed25519 key in the one form that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 key in PEM (RFC 8410)")]
pub struct NotAKey;

impl SecretKey {
    /// From 32 random octets.
    pub fn new(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// From its PEM file.
    pub fn from_pem(text: &str) -> Result<Self, NotAKey> {
        let der = unarmoured(text, "PRIVATE KEY")?;
        let seed = der.strip_prefix(&PKCS8).and_then(|seed| seed.try_into().ok()).ok_or(NotAKey)?;
        Ok(Self::new(seed))
    }

    /// As a PEM file, mode 0600 where it is stored.
    pub fn to_pem(&self) -> String {
        armoured(&[&PKCS8[..], self.0.as_bytes()].concat(), "PRIVATE KEY")
    }

    /// The other half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.0.sign(text).to_bytes()
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SecretKey").field(&self.public()).finish()
    }
}

impl PublicKey {
    /// From its PEM file.
    pub fn from_pem(text: &str) -> Result<Self, NotAKey> {
        Self::from_spki(&unarmoured(text, "PUBLIC KEY")?)
    }

    /// From `komainu.public_key` of a record: the base64 of its SubjectPublicKeyInfo.
    pub fn from_base64(text: &str) -> Result<Self, NotAKey> {
        Self::from_spki(&STANDARD.decode(text).map_err(|_| NotAKey)?)
    }

    fn from_spki(der: &[u8]) -> Result<Self, NotAKey> {
        let octets = der.strip_prefix(&SPKI).and_then(|key| key.try_into().ok()).ok_or(NotAKey)?;
        VerifyingKey::from_bytes(octets).map(Self).map_err(|_| NotAKey)
    }

    /// SubjectPublicKeyInfo, 44 octets of DER.
    pub fn spki(&self) -> Vec<u8> {
        [&SPKI[..], self.0.as_bytes()].concat()
    }

    /// The SubjectPublicKeyInfo in base64: the body of the PEM file, 60 characters.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.spki())
    }

    /// As a PEM file.
    pub fn to_pem(&self) -> String {
        armoured(&self.spki(), "PUBLIC KEY")
    }

    /// SHA-256 of the SubjectPublicKeyInfo, to be compared by eye.
    pub fn fingerprint(&self) -> Digest {
        Digest::of(&self.spki())
    }

    pub(super) fn octets(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Strict: no key of small order, no second spelling of a signature.
    pub(super) fn verifies(&self, text: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(text, &Signature::from_bytes(signature)).is_ok()
    }
}

fn armoured(der: &[u8], label: &str) -> String {
    // Both forms are shorter than a PEM line of 64 characters.
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

fn unarmoured(text: &str, label: &str) -> Result<Vec<u8>, NotAKey> {
    let body = text
        .strip_prefix(&format!("-----BEGIN {label}-----\n"))
        .and_then(|rest| rest.strip_suffix(&format!("\n-----END {label}-----\n")))
        .ok_or(NotAKey)?;
    STANDARD.decode(body).map_err(|_| NotAKey)
}

#[cfg(test)]
mod tests;
