//! What the verification reads of a line: in one pass, without a copy, and nothing less strictly than [`Record`].
//!
//! [`Record`]: crate::evidence::Record

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use crate::evidence::{Clock, Digest, EvidenceId, PublicKey};

/// A line's fields, as far as they are looked at. A field of the wrong type makes the line unreadable.
#[derive(Deserialize)]
pub(super) struct Look<'a> {
    #[serde(rename = "@timestamp")]
    pub(super) at: Timestamp,
    #[serde(rename = "event.id")]
    _event_id: Uuid,
    #[serde(rename = "event.action", borrow)]
    pub(super) action: Cow<'a, str>,
    #[serde(rename = "komainu.more", default)]
    _more: u32,
    #[serde(rename = "clock.boot_id", default)]
    boot_id: Option<Uuid>,
    #[serde(rename = "clock.boottime_ms", default)]
    boottime_ms: Option<u64>,
    #[serde(rename = "clock.step_ms", default)]
    step_ms: Option<i64>,
    #[serde(rename = "email.local_id", default)]
    id: Option<EvidenceId>,
    #[serde(rename = "evidence.sha256", default, borrow)]
    sha256: Option<Cow<'a, str>>,
    #[serde(rename = "evidence.meta_sha256", default, borrow)]
    meta: Option<Cow<'a, str>>,
    #[serde(rename = "evidence.session_sha256", default, borrow)]
    session: Option<Cow<'a, str>>,
    #[serde(rename = "evidence.context_sha256", default, borrow)]
    context: Option<Cow<'a, str>>,
    #[serde(rename = "evidence.erased", default)]
    erased: Option<Vec<Digest>>,
    #[serde(rename = "komainu.public_key", default, borrow)]
    public_key: Option<Cow<'a, str>>,
}

/// What a record asks of the rest of the store.
pub(super) enum Asks {
    /// Nothing.
    Nothing,
    Captured {
        id: EvidenceId,
        blob: Digest,
        meta: Digest,
        session: Option<Digest>,
    },
    Context(Digest),
    Note(Digest),
    Tail(Digest),
    Erased(Vec<Digest>),
    Key(PublicKey),
    ClockStep(i64),
}

impl<'a> Look<'a> {
    /// None where it is not a record.
    pub(super) fn at(line: &'a str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }

    /// Both or none.
    pub(super) fn clock(&self) -> Option<Clock> {
        Some(Clock { boot_id: self.boot_id?, boottime_ms: self.boottime_ms? })
    }

    /// None where a field is missing or is not what its action needs.
    pub(super) fn asks(self) -> Option<Asks> {
        Some(match &*self.action {
            "evidence-captured" => Asks::Captured {
                id: self.id?,
                blob: digest(self.sha256)?,
                meta: digest(self.meta)?,
                session: match self.session {
                    Some(session) => Some(session.parse().ok()?),
                    None => None,
                },
            },
            "verdict" => Asks::Context(digest(self.context)?),
            "case-opened" | "case-note" | "learned" => Asks::Note(digest(self.sha256)?),
            "recovery" => match self.sha256 {
                Some(sha256) => Asks::Tail(sha256.parse().ok()?),
                None => Asks::Nothing,
            },
            "evidence-erased" => Asks::Erased(self.erased?),
            "key-rotated" => Asks::Key(PublicKey::from_base64(&self.public_key?).ok()?),
            "clock-step" => Asks::ClockStep(self.step_ms?),
            _ => Asks::Nothing,
        })
    }
}

fn digest(text: Option<Cow<'_, str>>) -> Option<Digest> {
    text?.parse().ok()
}
