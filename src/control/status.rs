//! What the running service says of itself. Names of accounts and counts; no mail content.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
