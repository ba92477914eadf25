//! An [`Entry`] with its place in the chain, and the line it is written as.

use jiff::fmt::strtime;
use jiff::{Timestamp, TimestampRound, Unit};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::evidence::{Appended, Digest, Entry, Outcome, Refetch};
use crate::verdict::Level;

/// A line with its LF is shorter than this many octets, so that it fits into a C2SP tlog-tiles entry (64 KiB).
pub const LINE_MAX: usize = 60 * 1024;

/// Elastic Common Schema that the names come from.
const ECS_VERSION: &str = "9.0.0";

/// Fields that follow from others; written for readers that know ECS only, not read back.
const DERIVED: [&str; 8] = [
    "ecs.version",
    "email.delivery_timestamp",
    "email.direction",
    "event.category",
    "event.dataset",
    "event.kind",
    "event.outcome",
    "event.action",
];

/// An [`Entry`] with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// From 0, without gaps.
    pub seq: u64,
    /// SHA-256 of the previous line with its LF; 32 zero octets for the first.
    pub prev: Digest,
    /// Wall clock, UTC, whole milliseconds.
    pub at: Timestamp,
    /// This record's own name, a UUIDv7; unlike `seq` it stays unique where chains are put together.
    pub event_id: Uuid,
    /// A clock that nobody can set, beside the one that anybody can.
    pub clock: Option<Clock>,
    /// How many further lines were committed together with this one. A chain never ends on a line with more to come,
    /// except where a crash cut the append.
    pub more: u32,
    /// What happened.
    pub entry: Entry,
    /// Fields of a newer version on an action that this one knows.
    pub extra: Map<String, Value>,
}

/// CLOCK_BOOTTIME of a boot: counts through suspend, is not adjusted, starts at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// The kernel's id of this boot.
    #[serde(rename = "clock.boot_id")]
    pub boot_id: Uuid,
    /// Milliseconds since that boot.
    #[serde(rename = "clock.boottime_ms")]
    pub boottime_ms: u64,
}

impl Clock {
    /// How far the wall clock went ahead of this one since `before`, in milliseconds, where that is more than clocks
    /// do by themselves: 2 s (an NTP step is recorded at 128 ms already, but so is a stopped process), and 0.1 % of the
    /// time between (NTP slews at 0.05 %). None within one and the same boot only; another boot began another clock.
    pub fn step(self, at: Timestamp, before: Self, before_at: Timestamp) -> Option<i64> {
        if self.boot_id != before.boot_id {
            return None;
        }
        let boot = i128::from(self.boottime_ms) - i128::from(before.boottime_ms);
        let wall = i128::from(at.as_millisecond()) - i128::from(before_at.as_millisecond());
        let step = wall - boot;
        let usual = 2_000 + boot.unsigned_abs() / 1_000;
        (step.unsigned_abs() > usual).then(|| i64::try_from(step).unwrap_or(i64::MAX))
    }
}

/// A line that is no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No JSON object.
    #[error("not a JSON object")]
    Json,
    /// A field that every line has is missing or not what it should be.
    #[error("field {0:?} is missing or has the wrong form")]
    Field(&'static str),
}

/// The line's fields in the order in which they are written.
#[derive(Serialize)]
struct Line<'a> {
    prev: Digest,
    seq: u64,
    #[serde(rename = "@timestamp")]
    at: String,
    #[serde(rename = "ecs.version")]
    ecs: &'static str,
    #[serde(rename = "event.id")]
    event_id: Uuid,
    #[serde(rename = "event.dataset")]
    dataset: &'static str,
    #[serde(rename = "event.kind")]
    kind: &'static str,
    #[serde(rename = "event.category", skip_serializing_if = "Option::is_none")]
    category: Option<[&'static str; 1]>,
    #[serde(rename = "event.outcome", skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    #[serde(rename = "event.action", skip_serializing_if = "Option::is_none")]
    unknown: Option<&'a str>,
    #[serde(flatten)]
    entry: Option<&'a Entry>,
    #[serde(rename = "email.direction", skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    #[serde(rename = "email.delivery_timestamp", skip_serializing_if = "Option::is_none")]
    delivered: Option<String>,
    #[serde(flatten)]
    extra: &'a Map<String, Value>,
    #[serde(flatten)]
    clock: Option<&'a Clock>,
    #[serde(rename = "komainu.more", skip_serializing_if = "is_zero")]
    more: u32,
}

impl Record {
    /// A record at `seq` after `prev`. `at` is cut to whole milliseconds.
    pub fn new(seq: u64, prev: Digest, at: Timestamp, event_id: Uuid, entry: Entry) -> Self {
        let round = TimestampRound::new().smallest(Unit::Millisecond).mode(jiff::RoundMode::Trunc);
        let at = at.round(round).unwrap_or(at);
        Self { seq, prev, at, event_id, clock: None, more: 0, entry, extra: Map::new() }
    }

    /// The line, LF included.
    pub fn to_line(&self) -> Result<String, serde_json::Error> {
        let (entry, unknown, extra) = match &self.entry {
            Entry::Unknown { action, fields } => (None, Some(action.as_str()), fields),
            known => (Some(known), None, &self.extra),
        };
        let delivered = match &self.entry {
            Entry::Captured { internaldate, .. } => delivery_timestamp(internaldate),
            _ => None,
        };
        let line = Line {
            prev: self.prev,
            seq: self.seq,
            at: millis(self.at),
            ecs: ECS_VERSION,
            event_id: self.event_id,
            dataset: "komainu.evidence",
            kind: self.entry.kind(),
            category: self.entry.category(),
            outcome: self.entry.outcome(),
            unknown,
            entry,
            direction: matches!(self.entry, Entry::Captured { .. }).then_some("inbound"),
            delivered,
            extra,
            clock: self.clock.as_ref(),
            more: self.more,
        };
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        Ok(text)
    }

    /// Reads a line, with or without its LF. What a newer version wrote is kept: [`Entry::Unknown`], [`Record::extra`].
    pub fn from_line(line: &str) -> Result<Self, Unreadable> {
        let mut fields: Map<String, Value> = serde_json::from_str(line).map_err(|_| Unreadable::Json)?;
        let prev = text(&mut fields, "prev")?.parse().map_err(|_| Unreadable::Field("prev"))?;
        let seq = fields.remove("seq").and_then(|v| v.as_u64()).ok_or(Unreadable::Field("seq"))?;
        let at = text(&mut fields, "@timestamp")?.parse().map_err(|_| Unreadable::Field("@timestamp"))?;
        let event_id = text(&mut fields, "event.id")?.parse().map_err(|_| Unreadable::Field("event.id"))?;
        let more = match fields.remove("komainu.more") {
            None => 0,
            Some(v) => v.as_u64().and_then(|n| n.try_into().ok()).ok_or(Unreadable::Field("komainu.more"))?,
        };
        let clock = clock(&mut fields);
        let action = match fields.get("event.action") {
            Some(Value::String(action)) => action.clone(),
            _ => return Err(Unreadable::Field("event.action")),
        };
        let entry = serde_json::from_value::<Entry>(Value::Object(fields.clone()));
        fields.retain(|name, _| !DERIVED.contains(&name.as_str()));
        let (entry, extra) = match entry {
            Err(_) => (Entry::Unknown { action, fields }, Map::new()),
            Ok(entry) => {
                if let Ok(Value::Object(known)) = serde_json::to_value(&entry) {
                    fields.retain(|name, _| !known.contains_key(name));
                }
                (entry, fields)
            }
        };
        Ok(Self { seq, prev, at, event_id, clock, more, entry, extra })
    }
}

impl Entry {
    /// ECS `event.kind`.
    fn kind(&self) -> &'static str {
        match self {
            Self::Judged { level: Level::Suspicious | Level::Threat, .. } => "alert",
            Self::Heartbeat => "state",
            _ => "event",
        }
    }

    /// ECS `event.category`; one of the values ECS allows.
    fn category(&self) -> Option<[&'static str; 1]> {
        match self {
            Self::ServiceStart { .. }
            | Self::ServiceStop
            | Self::Heartbeat
            | Self::WatchGap { .. }
            | Self::ClockStep { .. }
            | Self::DigestWritten { .. }
            | Self::Notified { .. }
            | Self::Recovery { .. } => Some(["process"]),
            Self::ConfigChanged { .. } | Self::KeyRotated { .. } => Some(["configuration"]),
            Self::Unknown { .. } => None,
            _ => Some(["email"]),
        }
    }

    /// ECS `event.outcome`, where something was tried.
    fn outcome(&self) -> Option<&'static str> {
        match self {
            Self::MoveIntent { .. }
            | Self::AppendIntent { .. }
            | Self::MoveResult { outcome: Outcome::GoneByOther, .. } => Some("unknown"),
            Self::MoveResult { outcome: Outcome::Moved, .. }
            | Self::AppendResult { outcome: Appended::Done | Appended::Found, .. }
            | Self::Notified { reason: None, .. }
            | Self::Refetched { found: Refetch::Same | Refetch::Reserialised, .. } => Some("success"),
            Self::MoveResult { outcome: Outcome::Refused, .. }
            | Self::AppendResult { outcome: Appended::Refused, .. }
            | Self::Notified { .. }
            | Self::NotJudged { .. }
            | Self::Refetched { .. } => Some("failure"),
            _ => None,
        }
    }
}

/// `2026-11-24T00:00:00.123Z`; always three digits, so that lines of one kind are of one width.
fn millis(at: Timestamp) -> String {
    strtime::format("%Y-%m-%dT%H:%M:%S.%3fZ", at).unwrap_or_else(|_| at.to_string())
}

/// INTERNALDATE (RFC 9051 date-time, `" 1-Nov-2026 09:00:00 +0900"`) as a point in time, where it can be read.
pub fn internaldate(written: &str) -> Option<Timestamp> {
    strtime::parse("%d-%b-%Y %H:%M:%S %z", written.trim()).ok()?.to_timestamp().ok()
}

/// INTERNALDATE as ECS has it.
fn delivery_timestamp(written: &str) -> Option<String> {
    internaldate(written).map(millis)
}

fn text(fields: &mut Map<String, Value>, name: &'static str) -> Result<String, Unreadable> {
    match fields.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(Unreadable::Field(name)),
    }
}

/// Both or none: one without the other says nothing.
fn clock(fields: &mut Map<String, Value>) -> Option<Clock> {
    let boot_id = fields.get("clock.boot_id")?.as_str()?.parse().ok()?;
    let boottime_ms = fields.get("clock.boottime_ms")?.as_u64()?;
    fields.retain(|name, _| !matches!(name.as_str(), "clock.boot_id" | "clock.boottime_ms"));
    Some(Clock { boot_id, boottime_ms })
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

#[cfg(test)]
mod tests;
