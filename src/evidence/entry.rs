//! What happens, as it goes into the chain.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{CaseId, Digest, EvidenceId, Position, wire};
use crate::indicator::{Category, Hundredths};
use crate::verdict::{Level, Severity};

/// How a message goes to quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// UID MOVE (RFC 6851).
    Move,
    /// UID COPY, UID STORE +FLAGS.SILENT \Deleted, UID EXPUNGE of that UID (RFC 4315).
    Copy,
}

/// How a move ended. Each intent has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It stands in the quarantine mailbox, and no longer in the source.
    Moved,
    /// Somebody else moved or deleted it first; nothing was done, the evidence is kept.
    GoneByOther,
    /// The server refused; it stays where it was.
    Refused,
}

/// What stood where a message was moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refetch {
    /// The same octets.
    Same,
    /// Other octets of the same canonical form: the server writes messages anew.
    Reserialised,
    /// Another message.
    Different,
    /// Nothing under that UID any more: somebody took it away, or the mailbox was made anew.
    Gone,
}

/// What is told to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// A day's digest.
    Digest,
    /// A message that cannot wait until then.
    Alert,
}

/// How a message of our own got into the person's mailbox, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Appended {
    /// The server took it.
    Done,
    /// It was there already: an earlier try had reached the server.
    Found,
    /// The server refused it; the notice stands in the files all the same.
    Refused,
}

/// By which way a notice goes beside the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The one HTTPS endpoint of the configuration.
    Https,
    /// A notification on the desktop.
    Desktop,
}

/// What the person's act says about who sent a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lesson {
    /// Taken out of quarantine: they want mail of this sender.
    Wanted,
    /// Put into quarantine: they do not.
    Unwanted,
}

/// One thing that happened, as it goes into the chain. No mail content.
///
/// The serde attributes are the file format: ECS names where ECS has one, else `imap.*`, `evidence.*`, `komainu.*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event.action", rename_all = "kebab-case")]
pub enum Entry {
    /// The service started.
    ServiceStart {
        /// Program version.
        #[serde(rename = "agent.version")]
        version: String,
        /// SHA-256 of the program's file, where it can be read.
        #[serde(rename = "process.hash.sha256", default, skip_serializing_if = "Option::is_none")]
        program: Option<Digest>,
        /// What the system says of its clock; none where it says nothing.
        #[serde(rename = "clock.synchronised", default, skip_serializing_if = "Option::is_none")]
        synchronised: Option<bool>,
    },
    /// The service stopped in order.
    ServiceStop,
    /// A mailbox is watched from this UID on; what lies below was there before.
    WatchStart {
        /// `position.uid` is the first UID that will be judged.
        #[serde(flatten, with = "wire::position")]
        position: Position,
    },
    /// A mailbox's UIDVALIDITY changed; earlier UIDs are void. `position` is the new one, `uid` the first to judge.
    UidvalidityChanged {
        /// The new UIDVALIDITY and start UID.
        #[serde(flatten, with = "wire::position")]
        position: Position,
        /// The UIDVALIDITY before.
        #[serde(rename = "imap.uidvalidity_was")]
        was: u32,
    },
    /// Octets were taken into the record.
    #[serde(rename = "evidence-captured")]
    Captured {
        /// Given to it now.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
        /// Where it was fetched.
        #[serde(flatten, with = "wire::position")]
        position: Position,
        /// Of the octets as received.
        #[serde(rename = "evidence.sha256")]
        sha256: Digest,
        /// Octets.
        #[serde(rename = "evidence.size")]
        size: u64,
        /// True where only the first octets of a larger message were taken.
        #[serde(rename = "evidence.partial")]
        partial: bool,
        /// INTERNALDATE as the server gave it.
        #[serde(rename = "imap.internaldate")]
        internaldate: String,
        /// Flags as the server gave them.
        #[serde(rename = "imap.flags")]
        flags: Vec<String>,
        /// RFC822.SIZE as the server gave it.
        #[serde(rename = "imap.rfc822_size", default, skip_serializing_if = "Option::is_none")]
        rfc822_size: Option<u64>,
        /// X-GM-MSGID or EMAILID, where the server gives one.
        #[serde(rename = "imap.server_identity", default, skip_serializing_if = "Option::is_none")]
        server_identity: Option<String>,
        /// SHA-256 of the canonical form ([`canonical_digest`](super::canonical_digest)).
        #[serde(rename = "evidence.canonical_sha256")]
        canonical: Digest,
        /// SHA-256 of `meta/<id>.json`.
        #[serde(rename = "evidence.meta_sha256")]
        meta_sha256: Digest,
        /// SHA-256 of `context/<sha256>.json`: which server, under which certificate, said what of itself.
        #[serde(rename = "evidence.session_sha256", default, skip_serializing_if = "Option::is_none")]
        session: Option<Digest>,
    },
    /// A judgement.
    #[serde(rename = "verdict")]
    Judged {
        /// Whose.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
        /// Level.
        #[serde(rename = "komainu.level")]
        level: Level,
        /// Category, where not clean.
        #[serde(rename = "komainu.category", default, skip_serializing_if = "Option::is_none")]
        category: Option<Category>,
        /// Severity, where not clean.
        #[serde(rename = "komainu.severity", default, skip_serializing_if = "Option::is_none")]
        severity: Option<Severity>,
        /// Sum of the findings.
        #[serde(rename = "event.risk_score", with = "wire::decimal")]
        score: Hundredths,
        /// Indicator ids and what each added.
        #[serde(rename = "komainu.findings", with = "wire::findings")]
        findings: Vec<(String, Hundredths)>,
        /// SHA-256 of `context/<sha256>.json`, by which it can be computed again.
        #[serde(rename = "evidence.context_sha256")]
        context: Digest,
    },
    /// A message could not be judged; it stays where it is.
    NotJudged {
        /// The evidence, where octets came.
        #[serde(rename = "email.local_id", default, skip_serializing_if = "Option::is_none")]
        id: Option<EvidenceId>,
        /// Where it stands.
        #[serde(flatten, with = "wire::position")]
        position: Position,
        /// Machine word: `too-large`, `fetch-refused`, `no-octets`, `panic`, ...
        #[serde(rename = "event.reason")]
        reason: String,
    },
    /// A move is about to be sent, or may have been.
    MoveIntent {
        /// What.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
        /// From where.
        #[serde(flatten, with = "wire::position")]
        position: Position,
        /// How.
        #[serde(rename = "imap.method")]
        method: Method,
        /// The quarantine mailbox, decoded.
        #[serde(rename = "imap.dest_mailbox")]
        destination: String,
        /// Its UIDVALIDITY before the move.
        #[serde(rename = "imap.dest_uidvalidity")]
        destination_uidvalidity: u32,
        /// Its UIDNEXT before the move: the message cannot stand below it.
        #[serde(rename = "imap.dest_uidnext")]
        destination_uidnext: u32,
    },
    /// The copy stands in the destination; the source is still to be expunged.
    Copied {
        /// What.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
        /// Its UID in the destination.
        #[serde(rename = "imap.dest_uid")]
        destination_uid: u32,
    },
    /// How a move ended.
    MoveResult {
        /// What.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
        /// How.
        #[serde(rename = "komainu.outcome")]
        outcome: Outcome,
        /// UID in the destination, where moved and known.
        #[serde(rename = "imap.dest_uid", default, skip_serializing_if = "Option::is_none")]
        destination_uid: Option<u32>,
        /// Machine word where not moved.
        #[serde(rename = "event.reason", default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A message stands outside of quarantine because the person wanted it: never moved again.
    #[serde(rename = "release")]
    Released {
        /// The message that was in quarantine.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
        /// Where it stands now.
        #[serde(flatten, with = "wire::position")]
        position: Position,
        /// By which identity it was known again: `server`, `sha256`, `canonical`; `moved` where komainu moved it there
        /// itself, as the person asked, and the server told where.
        #[serde(rename = "evidence.identity")]
        identity: String,
    },
    /// Messages judged clean: their UIDs and how many; nothing else is kept.
    ScanBatch {
        /// The account.
        #[serde(rename = "komainu.account")]
        account: String,
        /// The mailbox, decoded.
        #[serde(rename = "imap.mailbox")]
        mailbox: String,
        /// Its UIDVALIDITY.
        #[serde(rename = "imap.uidvalidity")]
        uidvalidity: u32,
        /// UIDs as an IMAP sequence-set, `4:17,20`.
        #[serde(rename = "imap.uids")]
        uids: String,
        /// How many.
        #[serde(rename = "komainu.clean")]
        clean: u64,
        /// Every UID below this one is handled.
        #[serde(rename = "imap.next_uid")]
        next_uid: u32,
    },
    /// Every UID of the mailbox below `position.uid` is handled.
    Cursor {
        /// The next UID to judge.
        #[serde(flatten, with = "wire::position")]
        position: Position,
    },
    /// Something was mended at start: `torn-tail`, ...
    Recovery {
        /// Machine word.
        #[serde(rename = "event.reason")]
        what: String,
        /// SHA-256 of the octets set aside, where there are any.
        #[serde(rename = "evidence.sha256", default, skip_serializing_if = "Option::is_none")]
        sha256: Option<Digest>,
    },
    /// Still running; hourly.
    Heartbeat,
    /// Nobody was watching: the service did not run, or the server could not be reached.
    WatchGap {
        /// Whose; none where it was all accounts.
        #[serde(rename = "komainu.account", default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
        /// When it is last known to have been watched.
        #[serde(rename = "event.start")]
        from: Timestamp,
        /// From when on it was watched again.
        #[serde(rename = "event.end")]
        until: Timestamp,
        /// Machine word: `not-running`, `not-reached`; `not-recorded`: evidence could not be written.
        #[serde(rename = "event.reason")]
        reason: String,
    },
    /// Wall clock and the clock that nobody sets went different ways since the record before.
    ClockStep {
        /// How far the wall clock went ahead of the other one, milliseconds; negative: back.
        #[serde(rename = "clock.step_ms")]
        step_ms: i64,
    },
    /// Checkpoints after the one that covers this record are signed with this key; the one before is erased.
    KeyRotated {
        /// The new key: base64 of its SubjectPublicKeyInfo (RFC 8410), the body of a PEM file.
        #[serde(rename = "komainu.public_key")]
        public_key: String,
    },
    /// A checkpoint was put where this machine cannot take it back.
    Witness {
        /// `directory`, `append`, `rfc3161`.
        #[serde(rename = "komainu.witness")]
        kind: String,
        /// How many records it covers.
        #[serde(rename = "komainu.checkpoint_size")]
        size: u64,
        /// SHA-256 of the note, or of the timestamp authority's reply.
        #[serde(rename = "evidence.sha256")]
        sha256: Digest,
    },
    /// The message was fetched again from where it was moved to.
    #[serde(rename = "refetch-verified")]
    Refetched {
        /// What.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
        /// Where it was looked for.
        #[serde(flatten, with = "wire::position")]
        position: Position,
        /// What was there.
        #[serde(rename = "komainu.refetch")]
        found: Refetch,
        /// Of the octets that were there, where they are not the same.
        #[serde(rename = "evidence.sha256", default, skip_serializing_if = "Option::is_none")]
        sha256: Option<Digest>,
    },
    /// The person moved a message into quarantine: that it is a threat is their word.
    #[serde(rename = "report")]
    Reported {
        /// Captured for this.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
        /// Where it stands.
        #[serde(flatten, with = "wire::position")]
        position: Position,
    },
    /// The evidence was looked at.
    #[serde(rename = "view")]
    Viewed {
        /// Which.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
    },
    /// Content went for good: these files may be missing, and no others.
    #[serde(rename = "evidence-erased")]
    Erased {
        /// Of which message; none where it was a note.
        #[serde(rename = "email.local_id", default, skip_serializing_if = "Option::is_none")]
        id: Option<EvidenceId>,
        /// SHA-256 of each file.
        #[serde(rename = "evidence.erased")]
        contents: Vec<Digest>,
        /// Machine word: `asked`, `retention`.
        #[serde(rename = "event.reason")]
        reason: String,
    },
    /// A case was opened. What it is called and whom it is about stands in `notes/<sha256>.json`.
    CaseOpened {
        /// Its number.
        #[serde(rename = "komainu.case")]
        case: CaseId,
        /// Of the note, which is salted: it may be short.
        #[serde(rename = "evidence.sha256")]
        sha256: Digest,
    },
    /// Messages were put into a case.
    CaseAdded {
        /// Its number.
        #[serde(rename = "komainu.case")]
        case: CaseId,
        /// Which.
        #[serde(rename = "komainu.evidence")]
        ids: Vec<EvidenceId>,
    },
    /// The person's own account of what they did or saw, in `notes/<sha256>.json`.
    CaseNote {
        /// Its number.
        #[serde(rename = "komainu.case")]
        case: CaseId,
        /// Of the note, which is salted: it may be short.
        #[serde(rename = "evidence.sha256")]
        sha256: Digest,
    },
    /// Nothing of this case is erased for its age, or no longer so.
    CaseHeld {
        /// Its number.
        #[serde(rename = "komainu.case")]
        case: CaseId,
        /// True: held.
        #[serde(rename = "komainu.held")]
        held: bool,
    },
    /// A bundle was written for somebody outside.
    #[serde(rename = "export")]
    Exported {
        /// Of which case.
        #[serde(rename = "komainu.case")]
        case: CaseId,
        /// `full` or `lite`.
        #[serde(rename = "komainu.variant")]
        variant: String,
        /// Of its `tagmanifest-sha256.txt`, which binds every file in it.
        #[serde(rename = "evidence.sha256")]
        sha256: Digest,
    },
    /// The configuration in force changed; SHA-256 of its effective form without secrets.
    ConfigChanged {
        /// Digest.
        #[serde(rename = "komainu.config_sha256")]
        sha256: Digest,
    },
    /// A day's digest is written: it covers these records, and is never changed.
    DigestWritten {
        /// The day, in the time zone of the configuration.
        #[serde(rename = "komainu.digest_date")]
        date: Date,
        /// The first record that it covers.
        #[serde(rename = "komainu.first_seq")]
        first: u64,
        /// The first that it no longer covers.
        #[serde(rename = "komainu.next_seq")]
        next: u64,
        /// Of its JSON file, which has all that the others show.
        #[serde(rename = "evidence.sha256")]
        sha256: Digest,
    },
    /// A message of our own is about to be put into the person's own mailbox, or may have been.
    AppendIntent {
        /// The account.
        #[serde(rename = "komainu.account")]
        account: String,
        /// The mailbox as the configuration names it: decoded, without the server's prefix.
        #[serde(rename = "imap.mailbox")]
        mailbox: String,
        /// Its Message-ID without angle brackets, by which it is looked for before any other try.
        #[serde(rename = "email.message_id")]
        message_id: String,
        /// What it is.
        #[serde(rename = "komainu.notice")]
        notice: Notice,
        /// The messages that it is about, where it is an alert.
        #[serde(rename = "komainu.evidence", default, skip_serializing_if = "Vec::is_empty")]
        ids: Vec<EvidenceId>,
        /// Of its octets.
        #[serde(rename = "evidence.sha256")]
        sha256: Digest,
    },
    /// How that ended. Each intent has exactly one.
    AppendResult {
        /// The account.
        #[serde(rename = "komainu.account")]
        account: String,
        /// Its Message-ID.
        #[serde(rename = "email.message_id")]
        message_id: String,
        /// How.
        #[serde(rename = "komainu.outcome")]
        outcome: Appended,
        /// UIDVALIDITY and UID of where it stands, where the server tells (RFC 4315 APPENDUID).
        #[serde(rename = "imap.dest_uidvalidity", default, skip_serializing_if = "Option::is_none")]
        uidvalidity: Option<u32>,
        /// See above.
        #[serde(rename = "imap.dest_uid", default, skip_serializing_if = "Option::is_none")]
        uid: Option<u32>,
        /// Machine word where refused.
        #[serde(rename = "event.reason", default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Counts were told to the person by another way; never content.
    Notified {
        /// By which.
        #[serde(rename = "komainu.way")]
        way: Way,
        /// Of what.
        #[serde(rename = "komainu.notice")]
        notice: Notice,
        /// The messages that it was about, where it was an alert.
        #[serde(rename = "komainu.evidence", default, skip_serializing_if = "Vec::is_empty")]
        ids: Vec<EvidenceId>,
        /// Machine word where it could not be told.
        #[serde(rename = "event.reason", default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The person asked for a message to be moved back from quarantine: from here on it is released.
    ReleaseAsked {
        /// Which.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
    },
    /// The person's act says something about a sender whom a trusted result names. Whom, stands in
    /// `notes/<sha256>.json`.
    Learned {
        /// The message that it was learned from.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
        /// What.
        #[serde(rename = "komainu.lesson")]
        lesson: Lesson,
        /// Of the note, which is salted.
        #[serde(rename = "evidence.sha256")]
        sha256: Digest,
    },
    /// What was learned from a message no longer counts.
    Unlearned {
        /// Which.
        #[serde(rename = "email.local_id")]
        id: EvidenceId,
    },
    /// What a newer version wrote: an action this one does not know, or one it knows with fields it cannot read.
    #[serde(skip)]
    Unknown {
        /// `event.action`.
        action: String,
        /// Every field that is not common to all lines.
        fields: Map<String, Value>,
    },
}

impl Entry {
    /// True where only a service that watches writes it: when it was made, somebody watched.
    pub fn is_of_the_watch(&self) -> bool {
        matches!(
            self,
            Self::ServiceStart { .. }
                | Self::ServiceStop
                | Self::Heartbeat
                | Self::WatchStart { .. }
                | Self::UidvalidityChanged { .. }
                | Self::Cursor { .. }
                | Self::ScanBatch { .. }
                | Self::Captured { .. }
                | Self::Judged { .. }
                | Self::NotJudged { .. }
                | Self::MoveIntent { .. }
                | Self::MoveResult { .. }
                | Self::Released { .. }
                | Self::Reported { .. }
                | Self::Refetched { .. }
        )
    }
}
