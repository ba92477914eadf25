//! A connection that is logged in.

use std::collections::BTreeSet;
use std::time::Duration;

use async_imap::imap_proto::{Capability, Response, ResponseCode, Status};
use tokio::time::Instant;

use super::command::Command;
use super::connect::{Transport, tcp};
use super::error::Error;
use super::executor::Executor;
use super::guard::Counts;
use super::mailbox::Mailbox;
use super::outcome::{End, code_word, text};
use super::{Endpoint, Security, auth, tls};
use crate::evidence::Peer;

/// Most capabilities kept, and most octets of one.
const CAPABILITIES_MAX: usize = 256;
const CAPABILITY_MAX: usize = 128;

/// What a server offers, compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capabilities(BTreeSet<String>);

impl Capabilities {
    /// Whether this is offered, such as `IDLE` or `AUTH=PLAIN`.
    pub fn has(&self, capability: &str) -> bool {
        self.0.contains(&capability.to_ascii_uppercase())
    }

    /// All, in capitals, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    #[cfg(test)]
    pub(super) fn from_words<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut known = Self::default();
        words.for_each(|word| known.add(word));
        known
    }

    fn add(&mut self, word: &str) {
        if self.0.len() < CAPABILITIES_MAX && word.len() <= CAPABILITY_MAX {
            self.0.insert(word.to_ascii_uppercase());
        }
    }

    fn look(&mut self, response: &Response<'_>) {
        match response {
            Response::Capabilities(list) => self.take(list),
            Response::Data { outcome, .. } => {
                if let Some(ResponseCode::Capabilities(list)) = &outcome.code {
                    self.take(list);
                }
            }
            _ => {}
        }
    }

    fn take(&mut self, list: &[Capability<'_>]) {
        for capability in list {
            match capability {
                Capability::Imap4rev1 => self.add("IMAP4REV1"),
                Capability::Auth(mechanism) => self.add(&format!("AUTH={mechanism}")),
                Capability::Atom(atom) => self.add(atom),
            }
        }
    }
}

/// What stands between the levels of the hierarchy.
#[derive(Debug, Clone, Copy)]
pub(super) enum Delimiter {
    NotAsked,
    /// None where there is no hierarchy.
    Known(Option<char>),
}

/// A connection that is logged in. See the module's documentation for what its methods promise.
#[derive(Debug)]
pub struct Session {
    pub(super) executor: Executor<Box<dyn Transport>>,
    pub(super) capabilities: Capabilities,
    pub(super) delimiter: Delimiter,
    pub(super) selected: Option<Mailbox>,
    peer: Peer,
}

impl Session {
    /// Connects, encrypts, logs in, and asks what the server offers.
    pub async fn connect(endpoint: &Endpoint) -> Result<Self, Error> {
        let mut peer = Peer { host: endpoint.host.clone(), port: endpoint.port, ..Peer::default() };
        let mut stream = tcp(&endpoint.host, endpoint.port, &endpoint.timeouts).await?;
        peer.address = stream.peer_addr().ok().map(|address| address.ip().to_string());
        if endpoint.security == Security::StartTls {
            // There is no second greeting after STARTTLS (RFC 9051 §6.2.1).
            let (inner, greeting) = starttls(stream, endpoint).await?;
            (stream, peer.greeting) = (inner, Some(greeting));
        }
        let stream = tls::wrap(stream, &endpoint.host, &endpoint.trust, &endpoint.timeouts).await?;
        peer.tls = Some(tls::shown(&stream));
        let mut executor: Executor<Box<dyn Transport>> = Executor::new(Box::new(stream), endpoint.timeouts);
        if endpoint.security == Security::Tls {
            peer.greeting = Some(greet(&mut executor).await?);
        }
        Self::enter(executor, endpoint, peer).await
    }

    /// Begins with the greeting on a stream that is secure already: an accepted TLS connection, or a pipe in a test. Nothing in
    /// the service calls it with a bare socket.
    pub async fn over(stream: impl Transport + 'static, endpoint: &Endpoint) -> Result<Self, Error> {
        let mut executor: Executor<Box<dyn Transport>> = Executor::new(Box::new(stream), endpoint.timeouts);
        let greeting = Some(greet(&mut executor).await?);
        let peer = Peer { host: endpoint.host.clone(), port: endpoint.port, greeting, ..Peer::default() };
        Self::enter(executor, endpoint, peer).await
    }

    async fn enter(
        mut executor: Executor<Box<dyn Transport>>,
        endpoint: &Endpoint,
        mut peer: Peer,
    ) -> Result<Self, Error> {
        let before = ask_capabilities(&mut executor).await?;
        auth::log_in(&mut executor, &before, &endpoint.user, &endpoint.password).await?;
        // Exchange offers MOVE only to those who are logged in.
        let capabilities = ask_capabilities(&mut executor).await?;
        peer.capabilities = capabilities.iter().map(str::to_owned).collect();
        let mut session =
            Self { executor, capabilities, delimiter: Delimiter::NotAsked, selected: None, peer };
        if session.capabilities.has("ID") {
            session.introduce().await?;
        }
        Ok(session)
    }

    /// Says who is asking (RFC 2971): name and version of the program, nothing else. The answer does not matter.
    pub(super) async fn introduce(&mut self) -> Result<(), Error> {
        self.executor.run(Command::Id, &mut |_| {}).await.map(|_| ())
    }

    /// What the server offers, as told after logging in.
    pub const fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// The server, as it showed itself.
    pub const fn peer(&self) -> &Peer {
        &self.peer
    }

    /// The mailbox that is selected or examined now.
    pub const fn selected(&self) -> Option<&Mailbox> {
        self.selected.as_ref()
    }

    /// How messages can be moved here.
    pub fn move_path(&self) -> super::MovePath {
        self.capabilities.move_path()
    }

    /// What the framing guard has seen on this connection; zero once it is gone.
    pub fn counts(&self) -> Counts {
        self.executor.counts()
    }

    /// False once the connection was given up; every call then ends in [`Error::Poisoned`].
    pub const fn is_open(&self) -> bool {
        self.executor.is_open()
    }

    /// Asks for a sign of life.
    pub async fn noop(&mut self) -> Result<(), Error> {
        self.executor.run_ok(Command::Noop).await.map(|_| ())
    }

    /// Says goodbye and closes, within 2 s, whatever the server does. LOGOUT removes no message.
    pub async fn logout(mut self) {
        let limit = Duration::from_secs(2);
        let _ = tokio::time::timeout(limit, self.executor.run(Command::Logout, &mut |_| {})).await;
    }
}

/// What the server says first.
async fn greet<T: Transport>(executor: &mut Executor<T>) -> Result<String, Error> {
    let end = Instant::now() + executor.timeouts.read;
    let greeting = executor
        .next(end, "the greeting", |response| match response {
            Response::Data { status: Status::Ok, outcome }
                if !text(outcome).as_str().starts_with("[X-SKIPPED]") =>
            {
                Ok(text(outcome).as_str().to_owned())
            }
            Response::Data { status: Status::Bye, outcome } => {
                Err(Error::Bye { code: code_word(outcome), text: text(outcome) })
            }
            Response::Data { status: Status::PreAuth, .. } => {
                Err(Error::Greeting { reason: "PREAUTH: the session would belong to nobody who logged in" })
            }
            _ => Err(Error::Greeting { reason: "it is not that of an IMAP server" }),
        })
        .await?;
    if greeting.is_err() {
        executor.drop_connection();
    }
    greeting
}

async fn ask_capabilities<T: Transport>(executor: &mut Executor<T>) -> Result<Capabilities, Error> {
    let mut capabilities = Capabilities::default();
    executor.run(Command::Capability, &mut |response| capabilities.look(response)).await?.ok("CAPABILITY")?;
    Ok(capabilities)
}

/// STARTTLS up to the handshake. Refused are: not offered, NO, BAD; the greeting PREAUTH, by which a person on the line skips it
/// (CVE-2014-2567 and its like).
async fn starttls<T: Transport>(stream: T, endpoint: &Endpoint) -> Result<(T, String), Error> {
    let mut executor = Executor::new(stream, endpoint.timeouts);
    let greeting = greet(&mut executor).await?;
    if !ask_capabilities(&mut executor).await?.has("STARTTLS") {
        return Err(Error::StartTlsStripped);
    }
    let outcome = executor.run(Command::StartTls, &mut |_| {}).await?;
    if outcome.end != End::Ok {
        return Err(Error::StartTlsStripped);
    }
    executor.into_inner().map(|stream| (stream, greeting)).ok_or(Error::Poisoned)
}

#[cfg(test)]
mod tests {
    use super::super::{Endpoint, Limits, Mailbox, Session, Summary};

    fn is_send<T: Send>(_: T) {}

    /// Checked by the compiler: every future can live in a task of its own.
    #[expect(dead_code, reason = "only has to compile")]
    fn every_future_is_send(mut session: Session, endpoint: &Endpoint, mailbox: &Mailbox) {
        is_send(Session::connect(endpoint));
        is_send(session.select(mailbox));
        is_send(session.uid_next(mailbox));
        is_send(session.ensure_mailbox(""));
        is_send(session.summaries(1, None));
        is_send(session.bodies(&[Summary::default()], &Limits::default(), &mut |_, _| {}));
        is_send(session.move_to(&[1], mailbox));
        is_send(session.append(mailbox, b""));
        is_send(session.find_message_id(""));
        is_send(session.idle(std::time::Duration::ZERO, std::future::pending()));
        is_send(session.logout());
    }
}
