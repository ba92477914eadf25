//! What binds the lines: each names the SHA-256 of the one before it.

use serde::de::IgnoredAny;

use crate::evidence::{Digest, LINE_MAX};

/// Where a chain ends: what the next line has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its sequence number; also how many lines there are.
    pub seq: u64,
    /// What it has to name as its predecessor.
    pub prev: Digest,
}

/// Why a line does not follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// It has no LF at its end: the write was cut.
    #[error("torn: no line end")]
    Torn,
    /// It has [`LINE_MAX`] octets or more.
    #[error("longer than a record can be")]
    TooLong,
    /// It does not begin as a record does, or is not one JSON object in UTF-8.
    #[error("not a record")]
    NotARecord,
    /// It was not written after this one.
    #[error("its sequence number is {found}, not {expected}")]
    Seq {
        /// What would follow.
        expected: u64,
        /// What stands there.
        found: u64,
    },
    /// The line before it is not the one that it was written after.
    #[error("the line before it was changed, or this one is not its successor")]
    Prev,
}

/// Verifies lines as they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    head: Head,
}

impl Head {
    /// Of the empty chain.
    pub const GENESIS: Self = Self { seq: 0, prev: Digest::ZERO };

    /// Behind one more line, LF included.
    #[must_use]
    pub fn after(self, line: &str) -> Self {
        Self { seq: self.seq.saturating_add(1), prev: Digest::of(line.as_bytes()) }
    }
}

impl Chain {
    /// Goes on from a head.
    pub fn from(head: Head) -> Self {
        Self { head }
    }

    /// Takes the next line, LF included. After an error the chain stands where it stood.
    pub fn push(&mut self, line: &[u8]) -> Result<(), Break> {
        let (prev, seq) = link(line)?;
        self.follow(prev, seq, line)
    }

    /// As [`Chain::push`], of a line that has been read already.
    pub(super) fn follow(&mut self, prev: Digest, seq: u64, line: &[u8]) -> Result<(), Break> {
        if seq != self.head.seq {
            return Err(Break::Seq { expected: self.head.seq, found: seq });
        }
        if prev != self.head.prev {
            return Err(Break::Prev);
        }
        self.head = Head { seq: seq.saturating_add(1), prev: Digest::of(line) };
        Ok(())
    }

    /// Where it ends now.
    pub fn head(&self) -> Head {
        self.head
    }
}

/// Verifies whole lines from a head on; the error says how many lines were good. Only a head known from elsewhere, or
/// a line that follows, vouches for the last line.
pub fn verify(octets: &[u8], from: Head) -> Result<Head, (u64, Break)> {
    let mut chain = Chain::from(from);
    for line in octets.split_inclusive(|b| *b == b'\n') {
        chain.push(line).map_err(|why| (chain.head.seq - from.seq, why))?;
    }
    Ok(chain.head)
}

/// What a line (LF included) says of itself: SHA-256 of its predecessor, and its own sequence number. The fixed prefix
/// is held to the octet, as `cut` needs it.
pub fn link(line: &[u8]) -> Result<(Digest, u64), Break> {
    let (text, prev, seq) = shape(line)?;
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Ok((prev, seq)),
        Err(_) => Err(Break::NotARecord),
    }
}

/// As [`link`], without looking whether the whole is JSON: for who reads it himself. The text is without its LF.
pub(super) fn shape(line: &[u8]) -> Result<(&str, Digest, u64), Break> {
    if line.len() >= LINE_MAX {
        return Err(Break::TooLong);
    }
    let text = line.strip_suffix(b"\n").ok_or(Break::Torn)?;
    let text = std::str::from_utf8(text).map_err(|_| Break::NotARecord)?;
    if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_some() {
        return Err(Break::NotARecord);
    }
    let (prev, seq) = prefix(text).ok_or(Break::NotARecord)?;
    Ok((text, prev, seq))
}

/// False for a line that was committed together with lines that still follow ([`Record::more`](super::Record::more)).
/// Reads the line's end only: an unescaped quotation mark after a comma cannot stand inside a JSON string.
pub fn ends_batch(line: &[u8]) -> bool {
    const FIELD: &[u8] = b",\"komainu.more\":";
    let line = line.strip_suffix(b"}\n").unwrap_or(line);
    let name = line.trim_ascii_end().iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |at| at + 1);
    !line.get(..name).is_some_and(|start| start.ends_with(FIELD) && name < line.len())
}

fn prefix(text: &str) -> Option<(Digest, u64)> {
    let (prev, rest) = text.strip_prefix("{\"prev\":\"")?.split_at_checked(64)?;
    let (seq, rest) = rest.strip_prefix("\",\"seq\":")?.split_once(',')?;
    rest.strip_prefix("\"@timestamp\":\"")?;
    let number: u64 = seq.parse().ok()?;
    // One spelling a number: no sign, no leading zero.
    (number.to_string() == seq).then_some(())?;
    Some((prev.parse().ok()?, number))
}

#[cfg(test)]
mod tests;
