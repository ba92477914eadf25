//! What all sessions share, and how they learn that it changed.

use super::Stored;
use super::fault::Faults;
use super::names;
use super::profile::Profile;
use super::store::{Mail, Mailbox, canonical};
use super::{Options, Security};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// The lines that the log holds at most.
const LOG_LINES: usize = 100_000;

/// What one connection is doing.
#[derive(Debug, Default)]
pub(super) struct Seat {
    pub(super) user: Option<String>,
    pub(super) mailbox: Option<String>,
    pub(super) idling: bool,
    pub(super) held: bool,
}

/// All that can be looked at in [`super::Server::wait_until`].
#[derive(Debug)]
pub struct State {
    pub(super) mail: Mail,
    commands: Vec<String>,
    /// How many commands there have been, also those that the log has lost.
    number: u64,
    pub(super) seats: BTreeMap<u64, Seat>,
    pub(super) opened: u64,
    pub(super) faults: Faults,
    pub(super) refusing: bool,
}

impl State {
    pub(super) fn new(first_uidvalidity: u32) -> Self {
        Self {
            mail: Mail::new(first_uidvalidity),
            commands: Vec::new(),
            number: 0,
            seats: BTreeMap::new(),
            opened: 0,
            faults: Faults::default(),
            refusing: false,
        }
    }

    /// Writes a line into the log and gives its number, from 1.
    pub(super) fn log(&mut self, line: String) -> u64 {
        // A demo that is kept open for weeks must not fill memory with its log.
        if self.commands.len() >= LOG_LINES {
            self.commands.drain(..LOG_LINES / 2);
        }
        self.commands.push(line);
        self.number += 1;
        self.number
    }

    /// The messages of a mailbox in the order of their UIDs; empty where there is no such mailbox.
    pub fn snapshot(&self, user: &str, mailbox: &str) -> Vec<Stored> {
        self.mailbox(user, mailbox).map(stored).unwrap_or_default()
    }

    /// How many messages a mailbox has; 0 where there is no such mailbox.
    pub fn count(&self, user: &str, mailbox: &str) -> usize {
        self.mailbox(user, mailbox).map_or(0, |mailbox| mailbox.messages.len())
    }

    /// UIDVALIDITY and UIDNEXT of a mailbox.
    pub fn numbers(&self, user: &str, mailbox: &str) -> Option<(u32, u32)> {
        self.mailbox(user, mailbox).map(|mailbox| (mailbox.uidvalidity, mailbox.uidnext))
    }

    /// The names of a user's mailboxes, as people write them.
    pub fn mailboxes(&self, user: &str) -> Vec<String> {
        let user = self.mail.users.get(user);
        let names = user.map(|user| user.mailboxes.keys());
        names
            .into_iter()
            .flatten()
            .map(|name| names::from_wire(name).unwrap_or_else(|| name.clone()))
            .collect()
    }

    /// The command lines received so far, over all connections, without passwords and literals; at least the last 50,000.
    pub fn commands(&self) -> &[String] {
        &self.commands
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.seats.len()
    }

    /// How many connections have been opened since the start.
    pub fn opened(&self) -> u64 {
        self.opened
    }

    /// How many of the user's connections wait in IDLE on this mailbox.
    pub fn idling(&self, user: &str, mailbox: &str) -> usize {
        let wire = canonical(&names::to_wire(mailbox));
        let idles = |seat: &&Seat| {
            seat.idling
                && seat.user.as_deref() == Some(user)
                && seat.mailbox.as_deref() == Some(wire.as_str())
        };
        self.seats.values().filter(idles).count()
    }

    /// How many faults still wait to strike.
    pub fn faults_waiting(&self) -> usize {
        self.faults.waiting()
    }

    /// How many commands are held ([`super::Act::HoldBeforeEffect`]).
    pub fn held(&self) -> usize {
        self.seats.values().filter(|seat| seat.held).count()
    }

    fn mailbox(&self, user: &str, mailbox: &str) -> Option<&Mailbox> {
        self.mail.mailbox(user, &canonical(&names::to_wire(mailbox)))
    }
}

fn stored(mailbox: &Mailbox) -> Vec<Stored> {
    let messages = mailbox.messages.iter();
    messages
        .map(|(uid, message)| Stored {
            uid: *uid,
            flags: message.flags.clone(),
            internaldate: message.internaldate,
            octets: message.octets.clone(),
        })
        .collect()
}

/// The state and its bells.
pub(super) struct Shared {
    state: Mutex<State>,
    pub(super) changed: watch::Sender<u64>,
    /// Rings when all connections are to be dropped.
    pub(super) dropping: watch::Sender<u64>,
    /// Rings when held commands may go on.
    pub(super) released: watch::Sender<u64>,
    pub(super) profile: Profile,
    pub(super) security: Security,
    pub(super) objectid: bool,
    pub(super) sasl_ir: bool,
    pub(super) tokens: bool,
    pub(super) acceptor: TlsAcceptor,
}

impl Shared {
    pub(super) fn new(options: &Options, acceptor: TlsAcceptor) -> Self {
        Self {
            state: Mutex::new(State::new(options.uidvalidity.max(1))),
            changed: watch::Sender::new(0),
            dropping: watch::Sender::new(0),
            released: watch::Sender::new(0),
            profile: options.profile,
            security: options.security,
            objectid: options.objectid,
            sasl_ir: options.sasl_ir,
            tokens: options.tokens,
            acceptor,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in another session leaves whole values behind: every change is made by small, total steps.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks, or makes a change that nobody waits for.
    pub(super) fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.lock())
    }

    /// Makes a change and wakes everybody who waits for one, once.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.send_modify(|version| *version = version.wrapping_add(1));
        result
    }

    pub(super) fn drop_all(&self) {
        self.dropping.send_modify(|version| *version = version.wrapping_add(1));
    }
}
