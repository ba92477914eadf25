//! One session: the order of a command's reply, and which command goes where.

use super::Security;
use super::command::{self, Parsed};
use super::fault::{Cut, Plan};
use super::reply::{Reply, with_tag};
use super::state::{Seat, Shared};
use super::view::View;
use super::wire::{End, Wire};
use imap_codec::imap_types::command::CommandBody;
use std::fmt::Write as _;
use std::sync::Arc;
use tokio::sync::watch;

/// One connection's state.
pub(super) struct Session {
    pub(super) id: u64,
    pub(super) wire: Wire,
    pub(super) shared: Arc<Shared>,
    pub(super) user: Option<String>,
    pub(super) view: Option<View>,
    /// Taken before anything is awaited, so that no ring is missed.
    dropping: watch::Receiver<u64>,
    /// What goes wrong with the command that is being served.
    pub(super) plan: Plan,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.shared.change(|state| state.seats.remove(&self.id));
    }
}

impl Session {
    pub(super) fn new(id: u64, wire: Wire, shared: Arc<Shared>) -> Self {
        shared.change(|state| state.seats.insert(id, Seat::default()));
        let dropping = shared.dropping.subscribe();
        Self { id, wire, shared, user: None, view: None, dropping, plan: Plan::default() }
    }

    /// Serves until the connection ends.
    pub(super) async fn run(mut self) {
        let mut dropping = self.dropping.clone();
        let end = tokio::select! {
            end = self.talk() => end,
            _ = dropping.changed() => End::Gone,
        };
        match end {
            End::Gone | End::Cut(Cut::Close) => {}
            End::Orderly => self.wire.close().await,
            End::Cut(Cut::Reset) => self.wire.reset(),
            End::Cut(Cut::Stall) => tokio::select! {
                () = self.wire.swallow() => {}
                _ = dropping.changed() => {}
            },
        }
    }

    async fn talk(&mut self) -> End {
        if let Err(end) = self.greet().await {
            return end;
        }
        loop {
            if let Err(end) = self.next().await {
                return end;
            }
        }
    }

    async fn greet(&mut self) -> Result<(), End> {
        if let Some(cut) = self.shared.change(|state| state.faults.strike_connect()) {
            return Err(End::Cut(cut));
        }
        if self.shared.security == Security::Tls {
            let acceptor = self.shared.acceptor.clone();
            self.wire.encrypt(&acceptor).await?;
        }
        self.plan = self.shared.change(|state| state.faults.strike("", 0));
        self.wire.arm(&self.plan);
        if self.struck("*").await? {
            return Ok(());
        }
        let greeting = format!("* OK [CAPABILITY {}] komainu demo server ready\r\n", self.capabilities());
        self.say(&greeting);
        self.wire.flush().await
    }

    /// Says what a fault wants said in front of, or in place of, the reply; whether nothing more is to be said.
    async fn struck(&mut self, tag: &str) -> Result<bool, End> {
        if self.plan.crash_before {
            return Err(End::Cut(Cut::Close));
        }
        let inject = std::mem::take(&mut self.plan.inject);
        self.wire.out().extend(inject);
        if let Some(text) = self.plan.bye.take() {
            self.say(&format!("* BYE {text}\r\n"));
            self.wire.flush().await?;
            return Err(End::Orderly);
        }
        if let Some(octets) = self.plan.replace.take() {
            let octets = with_tag(&octets, tag);
            self.wire.out().extend(octets);
            self.wire.flush().await?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Waits until the test lets go.
    async fn hold(&self) {
        let mut released = self.shared.released.subscribe();
        self.seat(|seat| seat.held = true);
        // The sender lives in `shared`, which this session holds.
        let _ = released.changed().await;
        self.seat(|seat| seat.held = false);
    }

    async fn next(&mut self) -> Result<(), End> {
        let frame = self.wire.command().await?;
        match command::parse(&frame) {
            Ok(parsed) => self.serve(parsed).await,
            Err(unparsed) => {
                self.shared.change(|state| state.log(unparsed.log));
                let tag = unparsed.tag.unwrap_or_else(|| "*".to_owned());
                self.say(&format!("{tag} BAD Not understood\r\n"));
                self.wire.flush().await
            }
        }
    }

    async fn serve(&mut self, parsed: Parsed) -> Result<(), End> {
        let Parsed { tag, name, body, extras, log } = parsed;
        self.plan = self.shared.change(|state| {
            let number = state.log(log);
            state.faults.strike(&name, number)
        });
        self.wire.arm(&self.plan);
        if self.struck(&tag).await? {
            return Ok(());
        }
        let (starts_tls, ends) = (body == CommandBody::StartTLS, body == CommandBody::Logout);
        let mut reply = if let Some((refusal, text)) = self.plan.refuse.take() {
            Reply::refusal(refusal, text)
        } else if self.plan.pretend {
            Reply::ok("Done")
        } else {
            if self.plan.hold_before {
                self.hold().await;
            }
            self.dispatch(body, &extras).await?
        };
        if self.plan.hold_after {
            self.hold().await;
        }
        if let Some((refusal, text)) = self.plan.refuse_after.take() {
            reply = Reply::refusal(refusal, text);
        }
        // Numbers must not shift under a command that names messages by number (RFC 9051 §7.5.1).
        self.update(!matches!(name.as_str(), "FETCH" | "STORE" | "SEARCH")).await?;
        if let Some(cut) = self.plan.before_tagged {
            self.wire.flush().await?;
            return Err(End::Cut(cut));
        }
        self.say(&format!("{tag} {} {}\r\n", reply.status, reply.text));
        self.wire.flush().await?;
        if let Some(cut) = self.plan.after_tagged {
            return Err(End::Cut(cut));
        }
        if starts_tls && reply.is_ok() {
            let acceptor = self.shared.acceptor.clone();
            self.wire.encrypt(&acceptor).await?;
        }
        if ends { Err(End::Orderly) } else { Ok(()) }
    }

    async fn dispatch(
        &mut self,
        body: CommandBody<'static>,
        extras: &[command::Extra],
    ) -> Result<Reply, End> {
        match body {
            CommandBody::Capability => {
                let line = format!("* CAPABILITY {}\r\n", self.capabilities());
                self.say(&line);
                Ok(Reply::ok("Capability completed"))
            }
            CommandBody::Noop | CommandBody::Check => Ok(Reply::ok("Done")),
            CommandBody::Logout => {
                self.say("* BYE Good bye\r\n");
                Ok(Reply::ok("Logout completed"))
            }
            CommandBody::Id { .. } => {
                self.say("* ID (\"name\" \"komainu demo server\")\r\n");
                Ok(Reply::ok("ID completed"))
            }
            CommandBody::StartTLS => Ok(self.start_tls()),
            CommandBody::Login { username, password } => {
                Ok(self.login(username.as_ref(), password.declassify().as_ref()))
            }
            CommandBody::Authenticate { mechanism, initial_response } => {
                let initial = initial_response.map(|secret| secret.declassify().to_vec());
                self.authenticate(&mechanism, initial).await
            }
            _ if self.user.is_none() => Ok(Reply::bad("Log in first")),
            CommandBody::Idle if self.shared.profile.idles() => self.idle().await,
            CommandBody::Fetch { sequence_set, macro_or_item_names, uid } => {
                self.fetch(&sequence_set, macro_or_item_names, extras, uid).await
            }
            body => match self.with_mailboxes(body) {
                Ok(reply) => Ok(reply),
                Err(body) => Ok(self.with_messages(*body)),
            },
        }
    }

    pub(super) fn say(&mut self, text: &str) {
        self.wire.out().extend_from_slice(text.as_bytes());
    }

    /// Tells the others what this session is doing.
    pub(super) fn seat(&self, change: impl FnOnce(&mut Seat)) {
        self.shared.change(|state| {
            if let Some(seat) = state.seats.get_mut(&self.id) {
                change(seat);
            }
        });
    }

    /// What CAPABILITY says here and now.
    pub(super) fn capabilities(&self) -> String {
        let mut list = String::from("IMAP4rev1");
        let mut offer = |name: &str| {
            let _ = write!(list, " {name}");
        };
        if self.user.is_some() {
            let all = self.shared.profile.capabilities(self.shared.objectid);
            all.into_iter().for_each(offer);
            return list;
        }
        offer("LITERAL+");
        offer("ID");
        if self.must_encrypt() {
            offer("STARTTLS");
            offer("LOGINDISABLED");
        } else {
            offer("AUTH=PLAIN");
            if self.shared.tokens {
                offer("AUTH=XOAUTH2");
            }
            if self.shared.sasl_ir {
                offer("SASL-IR");
            }
        }
        list
    }

    pub(super) fn must_encrypt(&self) -> bool {
        self.shared.security == Security::StartTls && !self.wire.encrypted()
    }
}
