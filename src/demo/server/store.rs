//! The mail in memory: users, mailboxes, messages, with the numbers that RFC 9051 §2.3.1 demands of a server.

use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One message as the store keeps it.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) octets: Arc<[u8]>,
    pub(super) flags: BTreeSet<String>,
    pub(super) internaldate: Timestamp,
    /// The identity that stays with the octets through moves and copies (X-GM-MSGID, and EMAILID printed from it).
    pub(super) identity: u64,
    /// The value of [`Mailbox::flag_changes`] when the flags last changed, and by which session (0: not by one).
    pub(super) flagged_at: u64,
    pub(super) flagged_by: u64,
}

/// One mailbox. Counters only grow; a session compares them with what it saw last.
#[derive(Debug, Clone)]
pub(super) struct Mailbox {
    pub(super) uidvalidity: u32,
    pub(super) uidnext: u32,
    pub(super) messages: BTreeMap<u32, Message>,
    /// Messages from this UID on are `\Recent` for the next session that selects the mailbox.
    pub(super) recent_from: u32,
    pub(super) read_only: bool,
    pub(super) uid_not_sticky: bool,
    /// An RFC 6154 attribute, for example `\Junk`.
    pub(super) special_use: Option<&'static str>,
    pub(super) expunged: u64,
    pub(super) flag_changes: u64,
    /// Tells a mailbox from another of the same name that was made after it was deleted.
    pub(super) generation: u64,
}

impl Mailbox {
    fn new(uidvalidity: u32, generation: u64) -> Self {
        Self {
            uidvalidity,
            uidnext: 1,
            messages: BTreeMap::new(),
            recent_from: 1,
            read_only: false,
            uid_not_sticky: false,
            special_use: None,
            expunged: 0,
            flag_changes: 0,
            generation,
        }
    }

    pub(super) fn add(&mut self, message: Message) -> u32 {
        let uid = self.uidnext;
        self.uidnext = self.uidnext.saturating_add(1);
        self.messages.insert(uid, message);
        uid
    }

    pub(super) fn remove(&mut self, uid: u32) -> Option<Message> {
        let message = self.messages.remove(&uid)?;
        self.expunged += 1;
        Some(message)
    }

    /// Changes the flags of one message and notes who did it; `by` is the session, 0 for the oracle.
    pub(super) fn set_flags(&mut self, uid: u32, by: u64, change: impl FnOnce(&mut BTreeSet<String>)) {
        let Some(message) = self.messages.get_mut(&uid) else { return };
        let before = message.flags.clone();
        change(&mut message.flags);
        if message.flags != before {
            self.flag_changes += 1;
            message.flagged_at = self.flag_changes;
            message.flagged_by = by;
        }
    }

    pub(super) fn unseen(&self) -> usize {
        self.messages.values().filter(|message| !message.flags.contains("\\Seen")).count()
    }
}

/// One person's mail. Names are as on the wire: modified UTF-7, with the profile's prefix.
#[derive(Debug, Clone, Default)]
pub(super) struct User {
    pub(super) password: Option<String>,
    pub(super) token: Option<String>,
    pub(super) mailboxes: BTreeMap<String, Mailbox>,
    pub(super) subscribed: BTreeSet<String>,
}

/// Everything the server holds.
#[derive(Debug, Default)]
pub(super) struct Mail {
    pub(super) users: BTreeMap<String, User>,
    next_uidvalidity: u32,
    next_identity: u64,
    next_generation: u64,
}

impl Mail {
    pub(super) fn new(first_uidvalidity: u32) -> Self {
        Self {
            users: BTreeMap::new(),
            next_uidvalidity: first_uidvalidity,
            next_identity: 0x1234_5678_9abc_0001,
            next_generation: 1,
        }
    }

    /// A new, greater UIDVALIDITY for each mailbox made, so that delete and create is seen (RFC 9051 §2.3.1.1).
    pub(super) fn uidvalidity(&mut self) -> u32 {
        let value = self.next_uidvalidity;
        self.next_uidvalidity = self.next_uidvalidity.wrapping_add(1).max(1);
        value
    }

    pub(super) fn message(
        &mut self,
        octets: Arc<[u8]>,
        internaldate: Timestamp,
        flags: BTreeSet<String>,
    ) -> Message {
        let identity = self.next_identity;
        self.next_identity += 1;
        Message { octets, flags, internaldate, identity, flagged_at: 0, flagged_by: 0 }
    }

    pub(super) fn mailbox(&self, user: &str, name: &str) -> Option<&Mailbox> {
        self.users.get(user)?.mailboxes.get(name)
    }

    pub(super) fn mailbox_mut(&mut self, user: &str, name: &str) -> Option<&mut Mailbox> {
        self.users.get_mut(user)?.mailboxes.get_mut(name)
    }

    /// Makes the mailbox where it is not there yet, and the user with it.
    pub(super) fn ensure(&mut self, user: &str, name: &str) -> &mut Mailbox {
        let missing = self.mailbox(user, name).is_none();
        let (uidvalidity, generation) = if missing {
            self.next_generation += 1;
            (self.uidvalidity(), self.next_generation)
        } else {
            (0, 0)
        };
        let user = self.users.entry(user.to_owned()).or_default();
        user.mailboxes.entry(name.to_owned()).or_insert_with(|| Mailbox::new(uidvalidity, generation))
    }

    /// A new UIDVALIDITY and new UIDs from 1.
    pub(super) fn renumber(&mut self, user: &str, name: &str, uidvalidity: u32) {
        self.next_generation += 1;
        let generation = self.next_generation;
        let Some(mailbox) = self.mailbox_mut(user, name) else { return };
        let mut fresh = Mailbox::new(uidvalidity, generation);
        fresh.read_only = mailbox.read_only;
        fresh.special_use = mailbox.special_use;
        for (_, message) in std::mem::take(&mut mailbox.messages) {
            fresh.add(Message { flagged_at: 0, flagged_by: 0, ..message });
        }
        *mailbox = fresh;
    }

    /// Takes messages from one mailbox to another; pairs of old and new UID in the order given. Unknown UIDs are skipped.
    pub(super) fn transfer(
        &mut self,
        user: &str,
        (from, to): (&str, &str),
        uids: &[u32],
        keep: bool,
    ) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for &uid in uids {
            let taken = self.mailbox_mut(user, from).and_then(|mailbox| {
                if keep { mailbox.messages.get(&uid).cloned() } else { mailbox.remove(uid) }
            });
            let Some(mut message) = taken else { continue };
            message.flagged_at = 0;
            message.flagged_by = 0;
            if let Some(target) = self.mailbox_mut(user, to) {
                pairs.push((uid, target.add(message)));
            }
        }
        pairs
    }
}

/// `INBOX` is one name in any case (RFC 9051 §5.1); all others are as they are.
pub(super) fn canonical(name: &str) -> String {
    if name.eq_ignore_ascii_case("INBOX") { "INBOX".to_owned() } else { name.to_owned() }
}
