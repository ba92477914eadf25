//! A session's view of the mailbox that it has selected: message sequence numbers, and what it has been told.

use super::store::{Mailbox, Message};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The view; the sequence number of a message is its place in `uids`, counted from 1.
#[derive(Debug)]
pub(super) struct View {
    pub(super) mailbox: String,
    pub(super) read_only: bool,
    pub(super) uids: Vec<u32>,
    pub(super) recent: BTreeSet<u32>,
    generation: u64,
    next: u32,
    expunged: u64,
    flag_changes: u64,
}

impl View {
    /// Opens a mailbox; the first that opens it for writing gets its recent messages (RFC 3501 §2.3.2; RFC 9051 has
    /// dropped the flag, but clients still look at it).
    pub(super) fn open(name: &str, mailbox: &mut Mailbox, read_only: bool) -> Self {
        let mut view = Self {
            mailbox: name.to_owned(),
            read_only: read_only || mailbox.read_only,
            uids: mailbox.messages.keys().copied().collect(),
            recent: BTreeSet::new(),
            generation: mailbox.generation,
            next: mailbox.uidnext,
            expunged: mailbox.expunged,
            flag_changes: mailbox.flag_changes,
        };
        view.claim_recent(mailbox);
        view
    }

    fn claim_recent(&mut self, mailbox: &mut Mailbox) {
        self.recent.extend(mailbox.messages.range(mailbox.recent_from..).map(|(uid, _)| *uid));
        if !self.read_only {
            mailbox.recent_from = mailbox.uidnext;
        }
    }

    /// Whether this is still the mailbox that was opened, and not another in its place.
    pub(super) fn is_of(&self, mailbox: &Mailbox) -> bool {
        self.generation == mailbox.generation
    }

    pub(super) fn sequence(&self, uid: u32) -> Option<usize> {
        self.uids.binary_search(&uid).ok().map(|at| at + 1)
    }

    /// Writes what changed since the last time. EXPUNGE only where the protocol allows numbers to shift (RFC 9051 §7.5.1).
    pub(super) fn update(&mut self, mailbox: &mut Mailbox, me: u64, shift: bool, out: &mut Vec<u8>) {
        let mut text = String::new();
        if shift && self.expunged != mailbox.expunged {
            self.expunged = mailbox.expunged;
            // From the end, so that no number that is still to be sent shifts.
            for at in (0..self.uids.len()).rev() {
                let gone = self.uids.get(at).is_some_and(|uid| !mailbox.messages.contains_key(uid));
                if gone {
                    let uid = self.uids.remove(at);
                    self.recent.remove(&uid);
                    let _ = write!(text, "* {} EXPUNGE\r\n", at + 1);
                }
            }
        }
        if self.next != mailbox.uidnext {
            let before = self.uids.len();
            self.uids.extend(mailbox.messages.range(self.next..).map(|(uid, _)| *uid));
            self.next = mailbox.uidnext;
            if self.uids.len() != before {
                self.claim_recent(mailbox);
                let _ = write!(text, "* {} EXISTS\r\n* {} RECENT\r\n", self.uids.len(), self.recent.len());
            }
        }
        if self.flag_changes != mailbox.flag_changes {
            for (at, uid) in self.uids.iter().enumerate() {
                let Some(message) = mailbox.messages.get(uid) else { continue };
                if message.flagged_at > self.flag_changes && message.flagged_by != me {
                    let flags = self.flags(*uid, message);
                    let _ = write!(text, "* {} FETCH (UID {uid} FLAGS {flags})\r\n", at + 1);
                }
            }
            self.flag_changes = mailbox.flag_changes;
        }
        out.extend_from_slice(text.as_bytes());
    }

    /// The flags in brackets, with `\Recent` where it applies to this session.
    pub(super) fn flags(&self, uid: u32, message: &Message) -> String {
        let mut list: Vec<&str> = message.flags.iter().map(String::as_str).collect();
        if self.recent.contains(&uid) {
            list.push("\\Recent");
        }
        format!("({})", list.join(" "))
    }
}
