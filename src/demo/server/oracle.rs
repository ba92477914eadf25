//! The server's handle, and what tests see and do behind its back.

use super::fault::Fault;
use super::names;
use super::state::{Shared, State};
use super::store::canonical;
use super::{Options, Stored, cert, listen};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server that runs until it is shut down or dropped. Mailbox names are as people write them, not as on the wire.
pub struct Server {
    shared: Arc<Shared>,
    addr: SocketAddr,
    ca_pem: String,
    pin: [u8; 32],
    accepting: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
        self.shared.drop_all();
    }
}

impl Server {
    /// Binds 127.0.0.1 and serves. Each user has an INBOX.
    ///
    /// # Errors
    /// Where the port is taken, or no certificate could be made.
    pub async fn start(options: Options) -> io::Result<Self> {
        let cert::Made { ca_pem, pin, acceptor } = cert::make(options.presented)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared::new(&options, acceptor));
        for (user, password) in options.users {
            shared.look(|state| {
                state.mail.ensure(&user, "INBOX");
                if let Some(user) = state.mail.users.get_mut(&user) {
                    user.password = Some(password);
                    user.subscribed.insert("INBOX".to_owned());
                }
            });
        }
        let accepting = tokio::spawn(listen::accept(listener, shared.clone()));
        Ok(Self { shared, addr, ca_pem, pin, accepting })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The authority to trust, as PEM.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// SHA-256 of the public key (SubjectPublicKeyInfo) that it presents, for pinning.
    pub fn spki_sha256(&self) -> [u8; 32] {
        self.pin
    }

    /// Stops listening and drops all connections.
    pub async fn shutdown(mut self) {
        self.accepting.abort();
        // It ends as cancelled: that is what was asked for.
        let _ = (&mut self.accepting).await;
        self.shared.drop_all();
    }

    /// Puts a message into a mailbox and wakes who waits for it; gives its UID. Mailbox and user are made where missing.
    pub fn deliver(
        &self,
        user: &str,
        mailbox: &str,
        octets: impl Into<Arc<[u8]>>,
        internaldate: Option<Timestamp>,
        flags: &[&str],
    ) -> u32 {
        let octets = octets.into();
        self.shared.change(|state| put(state, user, mailbox, octets, internaldate, flags))
    }

    /// As [`Server::deliver`], for many, with one wake; gives their UIDs.
    pub fn deliver_many(
        &self,
        user: &str,
        mailbox: &str,
        messages: impl IntoIterator<Item = Arc<[u8]>>,
    ) -> Vec<u32> {
        self.shared.change(|state| {
            messages.into_iter().map(|octets| put(state, user, mailbox, octets, None, &[])).collect()
        })
    }

    /// The messages of a mailbox in the order of their UIDs; empty where there is no such mailbox.
    pub fn snapshot(&self, user: &str, mailbox: &str) -> Vec<Stored> {
        self.shared.look(|state| state.snapshot(user, mailbox))
    }

    /// The names of a user's mailboxes.
    pub fn mailboxes(&self, user: &str) -> Vec<String> {
        self.shared.look(|state| state.mailboxes(user))
    }

    /// The command lines received so far, without passwords and literals.
    pub fn commands(&self) -> Vec<String> {
        self.shared.look(|state| state.commands().to_vec())
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.shared.look(|state| state.connections())
    }

    /// UIDVALIDITY and UIDNEXT of a mailbox.
    pub fn numbers(&self, user: &str, mailbox: &str) -> Option<(u32, u32)> {
        self.shared.look(|state| state.numbers(user, mailbox))
    }

    /// Changes a password for logins from now on.
    pub fn set_password(&self, user: &str, password: &str) {
        self.shared.change(|state| {
            state.mail.users.entry(user.to_owned()).or_default().password = Some(password.to_owned());
        });
    }

    /// Changes the access token for logins from now on; `None` refuses every token, as when it has expired.
    pub fn set_token(&self, user: &str, token: Option<&str>) {
        self.shared.change(|state| {
            state.mail.users.entry(user.to_owned()).or_default().token = token.map(str::to_owned);
        });
    }

    /// Makes a mailbox, as the person's mail program would.
    pub fn create(&self, user: &str, mailbox: &str) {
        let name = wire(mailbox);
        self.shared.change(|state| {
            state.mail.ensure(user, &name);
        });
    }

    /// Deletes a mailbox with its mail; who has it open is told BYE.
    pub fn delete(&self, user: &str, mailbox: &str) {
        let name = wire(mailbox);
        self.shared.change(|state| {
            if let Some(user) = state.mail.users.get_mut(user) {
                user.mailboxes.remove(&name);
                user.subscribed.remove(&name);
            }
        });
    }

    /// Gives a mailbox a new UIDVALIDITY and its messages new UIDs from 1, as after a restore; who has it open is told BYE.
    pub fn set_uidvalidity(&self, user: &str, mailbox: &str, uidvalidity: u32) {
        let name = wire(mailbox);
        self.shared.change(|state| state.mail.renumber(user, &name, uidvalidity));
    }

    /// Makes a mailbox readable only, or writable again, for those who select it from now on.
    pub fn set_read_only(&self, user: &str, mailbox: &str, read_only: bool) {
        let name = wire(mailbox);
        self.shared.change(|state| state.mail.ensure(user, &name).read_only = read_only);
    }

    /// Makes a mailbox say UIDNOTSTICKY when it is selected.
    pub fn set_uid_not_sticky(&self, user: &str, mailbox: &str, value: bool) {
        let name = wire(mailbox);
        self.shared.change(|state| state.mail.ensure(user, &name).uid_not_sticky = value);
    }

    /// Gives a mailbox a special use, for example `\Junk` (RFC 6154), which LIST tells.
    pub fn set_special_use(&self, user: &str, mailbox: &str, attribute: &'static str) {
        let name = wire(mailbox);
        self.shared.change(|state| state.mail.ensure(user, &name).special_use = Some(attribute));
    }

    /// Takes messages away for good, as another client's expunge would; says how many were there.
    pub fn expunge(&self, user: &str, mailbox: &str, uids: &[u32]) -> usize {
        let name = wire(mailbox);
        self.shared.change(|state| {
            let Some(mailbox) = state.mail.mailbox_mut(user, &name) else { return 0 };
            uids.iter().filter(|uid| mailbox.remove(**uid).is_some()).count()
        })
    }

    /// Moves one message as the person would with their own mail program; gives its new UID.
    pub fn move_by_person(&self, user: &str, from: &str, uid: u32, to: &str) -> Option<u32> {
        let (from, to) = (wire(from), wire(to));
        self.shared.change(|state| {
            state.mail.ensure(user, &to);
            state.mail.transfer(user, (&from, &to), &[uid], false).first().map(|pair| pair.1)
        })
    }

    /// Sets or clears one flag, as the person would.
    pub fn flag_by_person(&self, user: &str, mailbox: &str, uid: u32, flag: &str, set: bool) {
        let name = wire(mailbox);
        self.shared.change(|state| {
            if let Some(mailbox) = state.mail.mailbox_mut(user, &name) {
                mailbox.set_flags(uid, 0, |flags| {
                    if set {
                        flags.insert(flag.to_owned());
                    } else {
                        flags.remove(flag);
                    }
                });
            }
        });
    }

    /// Arms a fault. Faults add up; each is forgotten when it is used up.
    pub fn fault(&self, fault: Fault) {
        self.shared.change(|state| state.faults.add(fault));
    }

    /// Forgets all faults that have not struck yet.
    pub fn clear_faults(&self) {
        self.shared.change(|state| state.faults.clear());
    }

    /// Lets all held commands go on.
    pub fn release(&self) {
        self.shared.released.send_modify(|version| *version = version.wrapping_add(1));
    }

    /// Whether new connections are closed at once, as by a server that is down behind a balancer.
    pub fn refuse_connections(&self, refuse: bool) {
        self.shared.change(|state| state.refusing = refuse);
    }

    /// Drops all connections, without BYE.
    pub fn disconnect_all(&self) {
        self.shared.drop_all();
    }

    /// Waits until the state is as asked; it is looked at now and after each change. Never ends by itself. The question is
    /// asked under the server's lock, so it must not call the server.
    pub async fn wait_until(&self, mut is_so: impl FnMut(&State) -> bool) {
        let mut changed = self.shared.changed.subscribe();
        while !self.shared.look(|state| is_so(state)) {
            // The sender lives as long as this handle, so it cannot be closed.
            if changed.changed().await.is_err() {
                return;
            }
        }
    }
}

fn wire(mailbox: &str) -> String {
    canonical(&names::to_wire(mailbox))
}

fn put(
    state: &mut State,
    user: &str,
    mailbox: &str,
    octets: Arc<[u8]>,
    internaldate: Option<Timestamp>,
    flags: &[&str],
) -> u32 {
    let flags: BTreeSet<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    let message = state.mail.message(octets, internaldate.unwrap_or_else(Timestamp::now), flags);
    state.mail.ensure(user, &wire(mailbox)).add(message)
}
