//! [`Day`]: what a digest says, as a value. Its JSON is the file that counts; text and HTML follow from it.

mod item;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use crate::evidence::{CaseId, Digest, EvidenceId};
use crate::indicator::Category;
use crate::message::Excerpt;
use crate::verdict::{Level, Severity};

pub use item::{Action, Demanded, Item, Kind, Reason, Valued};

/// Version of [`Day`]'s form; any change of its fields raises it, as none that is not known is read.
pub const SCHEMA_VERSION: u32 = 1;

/// What a digest says: everything that its text and its page show. `docs/digest.schema.json` describes the JSON.
///
/// What a sender wrote is in it as [`Excerpt`] only: bounded, escaped, defanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The local calendar day; of a stretch, the day in which it ends.
    pub date: Date,
    /// IANA name of the zone whose day it is; an offset such as `+09:00` where the zone has no name.
    pub timezone: String,
    /// A day that is over, or something else that is only looked at.
    pub scope: Scope,
    /// From when to when.
    pub period: Bounds,
    /// When the record began, where that was within the period: nobody watched before.
    pub watching_since: Option<Moment>,
    /// When it was put together.
    pub made: Moment,
    /// How komainu itself did.
    pub status: Status,
    /// Messages judged: clean, suspicious and threats.
    pub scanned: u64,
    /// Of these, with nothing that adds up; counted when their `scan-batch` record was written.
    pub clean: u64,
    /// Of these, suspicious: they stay where they are.
    pub suspicious: u64,
    /// Of these, threats.
    pub threats: u64,
    /// Of these, moved to quarantine.
    pub quarantined: u64,
    /// Messages that could not be judged. Beside `scanned`.
    pub not_judged: u64,
    /// Messages that the person moved into quarantine themselves. Beside `scanned`.
    pub reported: u64,
    /// The threats, by what they are and how much they press.
    pub hits: Hits,
    /// Threats, suspicious, reported and not judged, the heaviest first.
    pub items: Vec<Item>,
    /// Items beyond the most that are listed.
    pub items_left: u64,
    /// Senders of today's hits that wrote before.
    pub repeats: Vec<Repeat>,
    /// What the person did, in order.
    pub actions_by_user: Vec<Act>,
    /// What komainu did with messages of earlier days, in order.
    pub actions_later: Vec<Act>,
    /// Acts beyond the most that are listed.
    pub actions_left: u64,
    /// When nobody was watching.
    pub outages: Vec<Outage>,
    /// What went wrong, by kind.
    pub errors: Vec<Fault>,
    /// The clocks.
    pub clock: Clocks,
    /// Of the record.
    pub integrity: Integrity,
    /// Of the disk; none where it is not known.
    pub storage: Option<Storage>,
    /// By what it was judged.
    pub versions: Versions,
    /// The accounts, as they stand when the digest is made.
    pub accounts: Vec<Account>,
    /// Day by day up to this one, at most 31.
    pub month: Vec<Tally>,
    /// What a digest before could not know.
    pub corrections: Vec<Correction>,
}

/// What a digest covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// A local calendar day that is over.
    Day,
    /// A day that is not over yet: looked at, written nowhere.
    SoFar,
    /// A stretch of time that somebody asked for: looked at, written nowhere.
    Stretch,
}

/// From when to when, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Local.
    pub start: Moment,
    /// Local; the first moment that is no longer of it.
    pub end: Moment,
    /// The same in UTC.
    pub start_utc: jiff::Timestamp,
    /// The same in UTC.
    pub end_utc: jiff::Timestamp,
}

/// How komainu did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It watched all the time, and judged what came.
    Ok,
    /// Something was not watched, not judged or not done.
    Degraded,
    /// Nothing was watched, or the record does not verify.
    Failed,
}

/// The threats, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hits {
    /// Only those that there are.
    pub by_category: Vec<OfCategory>,
    /// Only those that there are, the heaviest first.
    pub by_severity: Vec<OfSeverity>,
}

/// How many of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfCategory {
    /// Which.
    pub category: Category,
    /// How many.
    pub count: u64,
}

/// How many of a severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfSeverity {
    /// Which.
    pub severity: Severity,
    /// How many.
    pub count: u64,
}

/// A sender that wrote before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// From address.
    pub sender: Excerpt,
    /// In this digest.
    pub today: u64,
    /// In all, this digest and the 90 days before.
    pub count: u64,
    /// The first of these, by our clock.
    pub first_seen: Moment,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// When, by our clock.
    pub at: Moment,
    /// Record.
    pub seq: u64,
    /// The action of the record.
    pub what: String,
    /// Machine word that says more: the outcome of a move, the reason of an erasure.
    pub detail: Option<String>,
    /// With which message.
    pub evidence_id: Option<EvidenceId>,
    /// With which case.
    pub case: Option<CaseId>,
}

/// When nobody was watching.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outage {
    /// Whose; none: all accounts.
    pub account: Option<Excerpt>,
    /// From when, within the period.
    pub from: Moment,
    /// Until when, within the period.
    pub until: Moment,
    /// Whole minutes, rounded up.
    pub minutes: u64,
    /// Machine word: `not-running`, `not-reached`, `not-recorded`.
    pub reason: String,
    /// It had not ended when the digest was made.
    pub open: bool,
}

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The action of the record.
    pub what: String,
    /// Machine word that says more.
    pub detail: Option<String>,
    /// How often.
    pub count: u64,
    /// The last time.
    pub last: Moment,
}

/// The clocks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clocks {
    /// What the system says of its clock; none where it says nothing.
    pub synchronised: Option<bool>,
    /// The largest step of the wall clock, milliseconds; 0 where there was none.
    pub max_step_ms: u64,
}

/// Of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Integrity {
    /// The first record of this digest.
    pub first_seq: u64,
    /// The first record that is no longer of it.
    pub next_seq: u64,
    /// How many records the chain had when the digest was made.
    pub records: u64,
    /// SHA-256 of the last of these.
    pub head: Digest,
    /// The latest checkpoint then, verbatim.
    pub checkpoint: Option<String>,
    /// How many records it covers.
    pub checkpoint_size: Option<u64>,
    /// Its root, base64.
    pub checkpoint_root: Option<String>,
    /// SHA-256 of the first public key: the record's own name.
    pub fingerprint: Option<Digest>,
    /// Whether it was verified.
    pub verify: Verify,
    /// Where checkpoints were put meanwhile.
    pub witnesses: Vec<Witness>,
}

/// Whether the record was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verify {
    /// Each line follows from the one before.
    Chain,
    /// The whole record: lines, checkpoints, content.
    Ok,
    /// Something does not fit.
    Failed,
}

/// A checkpoint that was put elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// Machine word: `directory`, `append`, `rfc3161`.
    pub kind: String,
    /// How many records the latest covers.
    pub size: u64,
    /// When.
    pub at: Moment,
}

/// Of the disk, octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// That the evidence takes.
    pub bytes: u64,
    /// That are free.
    pub free: u64,
}

/// By what it was judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// The program.
    pub app: String,
    /// SHA-256 of the latest context of a verdict: thresholds, tables, model.
    pub ruleset: Option<Digest>,
}

/// An account, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its name in the configuration.
    pub name: Excerpt,
    /// When it was last looked at, as far as is known.
    pub last_checked: Option<Moment>,
    /// Messages of it that this digest counts.
    pub messages: u64,
}

/// A day in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Which.
    pub date: Date,
    /// The threats.
    pub by_category: Vec<OfCategory>,
    /// Suspicious.
    pub suspicious: u64,
    /// Clean.
    pub clean: u64,
    /// Not judged.
    pub not_judged: u64,
}

/// What a digest before could not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Record.
    pub seq: u64,
    /// What is corrected.
    pub what: Corrected,
    /// Of a message that was judged anew.
    pub evidence_id: Option<EvidenceId>,
    /// Of an outage.
    pub outage: Option<Outage>,
    /// Of a message that was judged anew: what it is now.
    pub level: Option<Level>,
}

/// What is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Corrected {
    /// Nobody was watching, which is known only now.
    Outage,
    /// A message was judged anew.
    Verdict,
}
