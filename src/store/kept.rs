//! How much a store keeps, and what vouches for it: for `komainu status`.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::store::error::Error;
use crate::store::fault::Step;

/// A store in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Records in the chain.
    pub records: u64,
    /// When the last of them was made.
    pub last_at: Option<Timestamp>,
    /// Messages whose content is kept.
    pub messages: u64,
    /// Their octets, each message counted by itself.
    pub octets: u64,
    /// Octets that the disk still takes from us.
    pub free: u64,
    /// The last witness: its kind, how many records it vouches for, and when it was made.
    pub witness: Option<(String, u64, Timestamp)>,
    /// The day of the last digest that was written.
    pub digest: Option<Date>,
}

/// Octets that a disk still takes from whoever is no root.
pub fn free(dir: &Path) -> Result<u64, Error> {
    let stat = rustix::fs::statvfs(dir).map_err(|e| Error::io(Step::Read, dir, e.into()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}
