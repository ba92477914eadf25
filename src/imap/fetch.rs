//! What stands in the selected mailbox: UIDs, sizes, flags, dates, identities.

use std::collections::{BTreeMap, BTreeSet};

use async_imap::imap_proto::{AttributeValue, Response};
use jiff::Timestamp;
use jiff::fmt::strtime;

use super::command::{Command, Identity, Items, Set};
use super::error::Error;
use super::session::Session;

/// Most summaries of one call. A full mailbox is asked for in steps; a server that never stops cannot fill the memory.
pub const SUMMARIES_MAX: usize = 20_000;
/// Longest INTERNALDATE and identity kept; RFC 8474 gives object ids 255 octets, RFC 9051 dates 26.
const TEXT_MAX: usize = 255;
/// Most flags kept of one message; servers allow about 26 keywords (Maildir) to a few hundred.
const FLAGS_MAX: usize = 32;

/// A message as it is known before its body is fetched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// UID.
    pub uid: u32,
    /// RFC822.SIZE in octets; a hint, because Exchange and bridges give sizes that are not exact.
    pub size: Option<u32>,
    /// INTERNALDATE as given.
    pub internaldate: String,
    /// `\Deleted` is set: somebody else is about to remove it.
    pub deleted: bool,
    /// Flags as given; at most 32.
    pub flags: Vec<String>,
    /// X-GM-MSGID or EMAILID.
    pub server_identity: Option<String>,
}

impl Summary {
    /// Whether a flag is set; compared without regard to case (RFC 9051 §2.3.2).
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|set| set.eq_ignore_ascii_case(flag))
    }

    /// INTERNALDATE as a point in time, where it can be read (RFC 9051 §9, `date-time`).
    pub fn received_at(&self) -> Option<Timestamp> {
        strtime::parse("%d-%b-%Y %H:%M:%S %z", self.internaldate.trim()).ok()?.to_timestamp().ok()
    }
}

impl Session {
    /// The messages with UIDs from `first` to `last` (to the end where none), ascending, each once.
    ///
    /// At most [`SUMMARIES_MAX`], and then the lowest: ask again from the last one's UID and one. Responses without a UID, below
    /// `first` (`n:*` names the last message whatever its UID) and repeated ones are dropped.
    pub async fn summaries(&mut self, first: u32, last: Option<u32>) -> Result<Vec<Summary>, Error> {
        let first = first.max(1);
        let range = first..=last.unwrap_or(u32::MAX);
        let identity = if self.capabilities.has("X-GM-EXT-1") {
            Identity::Gmail
        } else if self.capabilities.has("OBJECTID") {
            Identity::EmailId
        } else {
            Identity::None
        };
        let set = Set::range(first, last);
        let mut found: BTreeMap<u32, Summary> = BTreeMap::new();
        let outcome = self
            .executor
            .run(Command::Fetch(&set, Items::Summary(identity)), &mut |response| {
                let Some(uid) = uid_of(response).filter(|uid| range.contains(uid)) else { return };
                let summary = found.entry(uid).or_insert_with(|| Summary { uid, ..Summary::default() });
                read_into(summary, response);
                if found.len() > SUMMARIES_MAX {
                    found.pop_last();
                }
            })
            .await?;
        outcome.ok("UID FETCH")?;
        Ok(found.into_values().collect())
    }

    /// Which of these UIDs are in the selected mailbox.
    pub async fn present(&mut self, uids: &[u32]) -> Result<BTreeSet<u32>, Error> {
        let asked: BTreeSet<u32> = uids.iter().copied().collect();
        let mut found = BTreeSet::new();
        for part in uids.chunks(Set::MAX) {
            let Some(set) = Set::exactly(part) else { continue };
            let outcome = self
                .executor
                .run(Command::Fetch(&set, Items::Uid), &mut |response| {
                    found.extend(uid_of(response).filter(|uid| asked.contains(uid)));
                })
                .await?;
            outcome.ok("UID FETCH")?;
        }
        Ok(found)
    }
}

/// UID of a FETCH response.
pub(super) fn uid_of(response: &Response<'_>) -> Option<u32> {
    let Response::Fetch(_, attributes) = response else { return None };
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) if *uid != 0 => Some(*uid),
        _ => None,
    })
}

/// A later, unasked FETCH of the same message only adds what it carries.
fn read_into(summary: &mut Summary, response: &Response<'_>) {
    let Response::Fetch(_, attributes) = response else { return };
    for attribute in attributes {
        match attribute {
            AttributeValue::Rfc822Size(size) => summary.size = Some(*size),
            AttributeValue::InternalDate(date) => {
                summary.internaldate = date.chars().take(TEXT_MAX).collect();
            }
            AttributeValue::Flags(flags) => {
                summary.deleted = flags.iter().any(|flag| flag.eq_ignore_ascii_case("\\Deleted"));
                summary.flags =
                    flags.iter().take(FLAGS_MAX).map(|flag| flag.chars().take(TEXT_MAX).collect()).collect();
            }
            AttributeValue::GmailMsgId(id) => summary.server_identity = Some(id.to_string()),
            AttributeValue::EmailId(id) if id.len() <= TEXT_MAX => {
                summary.server_identity = Some(id.to_string());
            }
            _ => {}
        }
    }
}
