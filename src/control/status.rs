//! What the running service says of itself. Names of accounts and counts; no mail content.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::store::Kept;

/// The service, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Program version.
    pub version: String,
    /// Process id.
    pub pid: u32,
    /// Since when it runs.
    pub started: Timestamp,
    /// Its accounts, by name.
    pub accounts: Vec<Account>,
    /// Counts since the start.
    pub counts: Counts,
    /// The record; none where it cannot be asked.
    pub record: Option<Record>,
    /// What of the service's own work cannot be done, and why: `digest: …`.
    #[serde(default)]
    pub troubles: Vec<String>,
}

/// The record, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Lines of the chain.
    pub records: u64,
    /// When the last of them was written.
    pub last: Option<Timestamp>,
    /// Messages whose content is kept.
    pub messages: u64,
    /// Their octets.
    pub octets: u64,
    /// Octets that the disk still takes.
    pub free: u64,
    /// The last witness outside this machine.
    pub witness: Option<Witness>,
    /// The day of the last digest.
    pub digest: Option<Date>,
}

/// A checkpoint that this machine cannot take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// `directory`, `append`, `rfc3161`.
    pub kind: String,
    /// How many lines it vouches for.
    pub size: u64,
    /// When it was made.
    pub at: Timestamp,
}

impl From<Kept> for Record {
    fn from(kept: Kept) -> Self {
        let Kept { records, last_at, messages, octets, free, witness, digest } = kept;
        let witness = witness.map(|(kind, size, at)| Witness { kind, size, at });
        Self { records, last: last_at, messages, octets, free, witness, digest }
    }
}

/// One account, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// As the configuration names it.
    pub name: String,
    /// What it is doing.
    pub state: State,
    /// Since when it has been in this state.
    pub since: Timestamp,
    /// When a message was last judged; none since the start.
    pub last_message: Option<Timestamp>,
    /// How long the last move took, from the notice of new mail to the server's word that it is done; milliseconds.
    pub lag_ms: Option<u64>,
    /// The last thing that went wrong, and when, also where it is over.
    pub last_error: Option<(Timestamp, String)>,
    /// What keeps it from moving anything; none where nothing does.
    pub trouble: Option<String>,
    /// Until when it only judges, where `observe-for` still runs.
    pub observes_until: Option<Timestamp>,
}

/// What an account is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Signing in or reading.
    Connecting,
    /// Signed in and caught up.
    Watching,
    /// Not watching: waiting to try again.
    Lost,
    /// Not watching: refused by the server, not tried again.
    Refused,
}

/// Counts since the start of the service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Judged, all levels.
    pub judged: u64,
    /// Moved to quarantine.
    pub quarantined: u64,
    /// Suspicious, left in place.
    pub suspicious: u64,
    /// Could not be judged.
    pub not_judged: u64,
}
