//! Checkpoints: how many lines the chain has and the root over them, signed. C2SP tlog-checkpoint in a C2SP signed note,
//! without extension lines:
//!
//! ```text
//! komainu.invalid/<32 hex>            the log's name, and the key's
//! 57                                  how many lines
//! <base64>                            root (RFC 6962 §2.1)
//!
//! — komainu.invalid/<32 hex> <base64> 4 octets of key id, 64 of Ed25519 signature over the text above
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::{Digest, PublicKey, SecretKey};

/// A note is not longer than this; ours have about 270 octets, and witnesses may have put their own signatures below.
pub const NOTE_MAX: usize = 16 * 1024;
/// A text that a note is looked for in ([`Note::within`]) is not longer than this: a digest as a mail program saves it.
pub const SAVED_MAX: usize = 1024 * 1024;
/// So many signatures are looked at.
const SIGNATURES_MAX: usize = 32;
/// Signature type 1 of C2SP signed-note: Ed25519.
const ED25519: u8 = 1;

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, the content of `evidence/origin`.
    pub origin: String,
    /// How many lines it covers.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

/// A checkpoint as it was found, with signatures nobody has verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// Key id and signature of each line that could be one of ours.
    signatures: Vec<([u8; 4], [u8; 64])>,
}

/// Not a checkpoint in a signed note, or none as komainu writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a signed checkpoint")]
pub struct NotANote;

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    /// The note. Ed25519 is deterministic: the same checkpoint and key give the same octets.
    pub fn sign(&self, key: &SecretKey) -> String {
        let text = self.text();
        let mut signature = key_id(&self.origin, key.public()).to_vec();
        signature.extend_from_slice(&key.sign(text.as_bytes()));
        format!("{text}\n\u{2014} {} {}\n", self.origin, STANDARD.encode(signature))
    }
}

impl Note {
    /// Reads a note. Total, bounded; takes nothing but the form above, with one or more signatures.
    pub fn parse(octets: &[u8]) -> Result<Self, NotANote> {
        if octets.len() > NOTE_MAX {
            return Err(NotANote);
        }
        let text = std::str::from_utf8(octets).map_err(|_| NotANote)?;
        let (body, below) = text.split_once("\n\n").ok_or(NotANote)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(NotANote);
        };
        if !is_name(origin) {
            return Err(NotANote);
        }
        let number: u64 = size.parse().map_err(|_| NotANote)?;
        let root = STANDARD.decode(root).ok().and_then(|root| root.try_into().ok()).ok_or(NotANote)?;
        // One spelling a number: no sign, no leading zero.
        if number.to_string() != size {
            return Err(NotANote);
        }
        let checkpoint = Checkpoint { origin: origin.to_owned(), size: number, root: Digest(root) };
        let mut signatures = Vec::new();
        let lines = below.strip_suffix('\n').ok_or(NotANote)?;
        for (n, line) in lines.split('\n').enumerate() {
            let (name, signature) =
                line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' ')).ok_or(NotANote)?;
            let signature = STANDARD.decode(signature).map_err(|_| NotANote)?;
            if n >= SIGNATURES_MAX || !is_name(name) {
                return Err(NotANote);
            }
            // Those of other names are other people's, and of other lengths other kinds.
            if let (true, Some((id, signature))) = (name == origin, signature.split_first_chunk())
                && let Ok(signature) = signature.try_into()
            {
                signatures.push((*id, signature));
            }
        }
        Ok(Self { checkpoint, signatures })
    }

    /// Reads the first note in a text that somebody kept: the note alone, or the digest around it, with line ends of
    /// either kind, a byte order mark, white space or `>` in front of lines. What is signed is compared octet by octet
    /// all the same. `verify.sh` reads it likewise.
    pub fn within(octets: &[u8]) -> Result<Self, NotANote> {
        if octets.len() > SAVED_MAX || octets.contains(&0) {
            return Err(NotANote);
        }
        let text = String::from_utf8_lossy(octets);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let bare = |line: &str| -> String {
            line.trim_start_matches([' ', '\t', '>']).trim_end_matches([' ', '\t', '\r']).to_owned()
        };
        let lines: Vec<String> = text.split('\n').map(bare).collect();
        let signature = |line: &String| line.starts_with("\u{2014} ");
        for at in lines.windows(5) {
            let [name, size, root, gap, first] = at else { continue };
            if !is_name(name) || !is_size(size) || !is_root(root) || !gap.is_empty() || !signature(first) {
                continue;
            }
            let from = lines.iter().skip_while(|line| !std::ptr::eq(*line, first));
            let below: Vec<&str> = from.take_while(|line| signature(line)).map(String::as_str).collect();
            return Self::parse(format!("{name}\n{size}\n{root}\n\n{}\n", below.join("\n")).as_bytes());
        }
        Err(NotANote)
    }

    /// True where this key signed it.
    pub fn is_signed_by(&self, key: PublicKey) -> bool {
        let id = key_id(&self.checkpoint.origin, key);
        let text = self.checkpoint.text();
        self.signatures.iter().any(|(of, signature)| *of == id && key.verifies(text.as_bytes(), signature))
    }
}

/// A key's name in a note: not empty, no white space, no `+` (C2SP signed-note).
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// A number as it stands in a note.
fn is_size(text: &str) -> bool {
    (1..=19).contains(&text.len())
        && text.bytes().all(|octet| octet.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

/// Base64 of 32 octets.
fn is_root(text: &str) -> bool {
    let base64 = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    text.len() == 44 && text.strip_suffix('=').is_some_and(|digits| digits.bytes().all(base64))
}

fn key_id(name: &str, key: PublicKey) -> [u8; 4] {
    let digest =
        Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(key.octets()).finalize();
    digest.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
