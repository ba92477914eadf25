//! One command at a time: written, answered by its own tag, or the connection is gone.

use std::collections::{BTreeMap, VecDeque};
use std::io::ErrorKind;
use std::time::Duration;

use async_imap::Client;
use async_imap::imap_proto::rfc4315::UidSetMember;
use async_imap::imap_proto::{MailboxDatum, Outcome as Parsed, Response, ResponseCode, Status};
use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, timeout};

use super::Timeouts;
use super::command::Command;
use super::connect::Transport;
use super::error::{Error, Exceeded, ServerText};
use super::guard::{Counts, Guard};

/// Called with each untagged response while a command runs.
pub(super) type Untagged<'a> = &'a mut (dyn FnMut(&Response<'_>) + Send);

/// How a tagged reply, or a greeting, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Ok,
    No,
    Bad,
}

/// COPYUID (RFC 4315): UIDVALIDITY of the destination, and the two sets as given.
#[derive(Debug, Clone)]
pub(super) struct CopyUid {
    pub(super) uidvalidity: u32,
    pub(super) from: Vec<UidSetMember>,
    pub(super) to: Vec<UidSetMember>,
}

/// A tagged reply.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) end: End,
    /// Response code's word, in capitals.
    pub(super) code: Option<String>,
    pub(super) copyuid: Option<CopyUid>,
    pub(super) text: ServerText,
}

impl Outcome {
    /// Anything but OK becomes the error it is.
    pub(super) fn ok(self, command: &'static str) -> Result<Self, Error> {
        let Self { end, code, text, .. } = self;
        match end {
            End::Ok => Ok(Self { end, code, text, copyuid: self.copyuid }),
            End::No => Err(Error::No { command, code, text }),
            End::Bad => Err(Error::Bad { command, code, text }),
        }
    }
}

/// What one response means to the executor itself; callers see the response too.
pub(super) enum Event {
    Done(String, Outcome),
    Continue,
    Bye(Option<String>, ServerText),
    Exists(u32),
    Expunge,
    Other,
}

/// A command that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    name: String,
    word: &'static str,
}

impl Tag {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

#[derive(Debug)]
pub(super) struct Executor<T: Transport> {
    client: Option<Client<Guard<T>>>,
    tags: u32,
    /// Sent, not answered. Not empty at the start of a command: the one before was abandoned.
    pending: VecDeque<Tag>,
    finished: BTreeMap<String, Outcome>,
    bye: Option<(Option<String>, ServerText)>,
    /// Messages in the mailbox as last told, so that new ones can be told from others.
    pub(super) exists: u32,
    /// EXISTS grew since the last IDLE: there is something to look at, whatever IDLE says.
    pub(super) mail: bool,
    pub(super) timeouts: Timeouts,
}

impl<T: Transport> Executor<T> {
    pub(super) fn new(stream: T, timeouts: Timeouts) -> Self {
        Self {
            client: Some(Client::new(Guard::new(stream))),
            tags: 0,
            pending: VecDeque::new(),
            finished: BTreeMap::new(),
            bye: None,
            exists: 0,
            mail: false,
            timeouts,
        }
    }

    /// The stream underneath. What async-imap and the guard hold unread is dropped, so that plaintext sent ahead of a TLS
    /// handshake is never taken for a reply under TLS (RFC 9051 §6.2.1, CVE-2011-0411).
    pub(super) fn into_inner(self) -> Option<T> {
        self.client.map(|client| client.into_inner().into_inner())
    }

    pub(super) fn counts(&self) -> Counts {
        self.client.as_ref().map(|client| client.get_ref().counts()).unwrap_or_default()
    }

    /// How many octets of literals each response of the next commands may announce.
    pub(super) fn expect_literals(&mut self, cap: u64) {
        if let Some(client) = self.client.as_mut() {
            client.get_mut().expect(cap);
        }
    }

    pub(super) const fn is_open(&self) -> bool {
        self.client.is_some()
    }

    pub(super) fn drop_connection(&mut self) {
        self.client = None;
    }

    /// Runs one command to its tagged reply. NO and BAD are outcomes, not errors.
    pub(super) async fn run(
        &mut self,
        command: Command<'_>,
        untagged: Untagged<'_>,
    ) -> Result<Outcome, Error> {
        let tag = self.send(command).await?;
        self.finish(tag, untagged).await
    }

    /// Runs one command whose untagged responses do not matter, and wants OK.
    pub(super) async fn run_ok(&mut self, command: Command<'_>) -> Result<Outcome, Error> {
        self.run(command, &mut |_| {}).await?.ok(command.word())
    }

    /// Writes a command that stands alone.
    pub(super) async fn send(&mut self, command: Command<'_>) -> Result<Tag, Error> {
        if !self.pending.is_empty() {
            self.client = None;
        }
        self.send_more(command).await
    }

    /// Writes a command behind others that are not answered yet.
    pub(super) async fn send_more(&mut self, command: Command<'_>) -> Result<Tag, Error> {
        if self.client.is_none() {
            return Err(Error::Poisoned);
        }
        self.tags = self.tags.wrapping_add(1);
        let tag = Tag { name: format!("K{}", self.tags), word: command.word() };
        // Before the first octet is written: if this future is dropped half-way, the next command finds it here.
        self.pending.push_back(tag.clone());
        let mut line = format!("{} {}\r\n", tag.name, command.line()).into_bytes();
        let written = self.write(&line).await;
        super::auth::wipe(&mut line);
        written.map(|()| tag)
    }

    /// Writes octets of the command in hand: DONE, an answer to a challenge. One write, past async-imap's encoder, which would
    /// print it at TRACE.
    pub(super) async fn write(&mut self, octets: &[u8]) -> Result<(), Error> {
        let limit = self.timeouts.write;
        let client = self.client.as_mut().ok_or(Error::Poisoned)?;
        let stream = client.get_mut();
        let written = timeout(limit, async {
            stream.write_all(octets).await?;
            stream.flush().await
        })
        .await;
        let error = match written {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => self.io(error),
            Err(_) => Error::Timeout { what: "writing a command" },
        };
        self.client = None;
        Err(error)
    }

    /// Reads until the reply to `tag` is there.
    pub(super) async fn finish(&mut self, tag: Tag, untagged: Untagged<'_>) -> Result<Outcome, Error> {
        let end = Instant::now() + self.timeouts.command;
        loop {
            if let Some(outcome) = self.finished.remove(&tag.name) {
                return Ok(outcome);
            }
            self.event(end, "a reply", untagged).await?;
        }
    }

    /// Reads one response, books what it means, and hands it on.
    pub(super) async fn event(
        &mut self,
        end: Instant,
        what: &'static str,
        untagged: Untagged<'_>,
    ) -> Result<Event, Error> {
        let event = self
            .next(end, what, |response| {
                if !matches!(response, Response::Done { .. } | Response::Continue(_)) {
                    untagged(response);
                }
                meaning(response)
            })
            .await?;
        match &event {
            Event::Done(name, outcome) => {
                if let Some(at) = self.pending.iter().position(|tag| tag.name == *name) {
                    self.pending.remove(at);
                    self.finished.insert(name.clone(), outcome.clone());
                }
            }
            Event::Bye(code, text) => self.bye = Some((code.clone(), text.clone())),
            Event::Exists(count) => {
                self.mail |= *count > self.exists;
                self.exists = *count;
            }
            Event::Expunge => self.exists = self.exists.saturating_sub(1),
            Event::Continue | Event::Other => {}
        }
        Ok(event)
    }

    /// Reads one response. Cancel-safe: what was read stays in the parser's buffer.
    pub(super) async fn next<R>(
        &mut self,
        end: Instant,
        what: &'static str,
        take: impl FnOnce(&Response<'_>) -> R,
    ) -> Result<R, Error> {
        let read = self.timeouts.read;
        let result = loop {
            let before = self.counts().octets;
            let client = self.client.as_mut().ok_or(Error::Poisoned)?;
            let left = end.saturating_duration_since(Instant::now());
            match timeout(read.min(left), client.read_response()).await {
                Ok(Ok(Some(response))) => break Ok(take(response.parsed())),
                Ok(Ok(None)) => break Err(self.ended()),
                Ok(Err(error)) => break Err(self.io(error)),
                // A large literal on a slow line is no silence.
                Err(_) if self.counts().octets > before && Instant::now() < end => {}
                Err(_) if self.bye.is_some() => break Err(self.ended()),
                Err(_) => break Err(Error::Timeout { what }),
            }
        };
        if result.is_err() {
            self.client = None;
        }
        result
    }

    /// As [`Self::next`] without the limit on silence: for IDLE, where silence is what is asked for. The caller bounds it.
    pub(super) async fn next_in_idle(&mut self) -> Result<Event, Error> {
        let client = self.client.as_mut().ok_or(Error::Poisoned)?;
        let error = match client.read_response().await {
            Ok(Some(response)) => {
                let event = meaning(response.parsed());
                match &event {
                    Event::Bye(code, text) => self.bye = Some((code.clone(), text.clone())),
                    Event::Exists(count) => self.exists = *count,
                    Event::Expunge => self.exists = self.exists.saturating_sub(1),
                    Event::Done(name, _) => self.pending.retain(|tag| tag.name != *name),
                    Event::Continue | Event::Other => {}
                }
                return Ok(event);
            }
            Ok(None) => self.ended(),
            Err(error) => self.io(error),
        };
        self.client = None;
        Err(error)
    }

    fn ended(&mut self) -> Error {
        match self.bye.take() {
            Some((code, text)) => Error::Bye { code, text },
            None => Error::Closed,
        }
    }

    fn io(&mut self, error: std::io::Error) -> Error {
        if let Some(exceeded) = self.client.as_ref().and_then(|client| client.get_ref().fault()) {
            return Error::Guard { exceeded };
        }
        if let Some(exceeded) = error.get_ref().and_then(|inner| inner.downcast_ref::<Exceeded>()) {
            return Error::Guard { exceeded: *exceeded };
        }
        match error.kind() {
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected => self.ended(),
            // async-imap's own errors quote what the server sent; that must go no further.
            ErrorKind::Other => Error::Protocol { what: "a response cannot be read" },
            _ => Error::Io(error),
        }
    }

    /// Waits `limit` for the reply to `tag`, whatever else comes.
    pub(super) async fn finish_within(
        &mut self,
        tag: Tag,
        limit: Duration,
        untagged: Untagged<'_>,
    ) -> Result<Outcome, Error> {
        let word = tag.word;
        let ended = timeout(limit, self.finish(tag, untagged)).await;
        ended.unwrap_or_else(|_| {
            self.client = None;
            Err(Error::Timeout { what: word })
        })
    }
}

fn meaning(response: &Response<'_>) -> Event {
    match response {
        Response::Done { tag, status, outcome } => {
            let end = match status {
                Status::Ok => End::Ok,
                Status::No => End::No,
                Status::Bad | Status::Bye | Status::PreAuth => End::Bad,
            };
            Event::Done(tag.0.clone(), owned(end, outcome))
        }
        Response::Continue(_) => Event::Continue,
        Response::Data { status: Status::Bye, outcome } => Event::Bye(code_word(outcome), text(outcome)),
        Response::MailboxData(MailboxDatum::Exists(count)) => Event::Exists(*count),
        Response::Expunge(_) => Event::Expunge,
        _ => Event::Other,
    }
}

fn owned(end: End, parsed: &Parsed<'_>) -> Outcome {
    Outcome { end, code: code_word(parsed), copyuid: copyuid(parsed), text: text(parsed) }
}

pub(super) fn text(parsed: &Parsed<'_>) -> ServerText {
    ServerText::new(parsed.information.as_deref().unwrap_or_default())
}

/// COPYUID, in an untagged OK (MOVE) or in the tagged one (COPY, Gmail's MOVE).
pub(super) fn copyuid(parsed: &Parsed<'_>) -> Option<CopyUid> {
    match &parsed.code {
        Some(ResponseCode::CopyUid(uidvalidity, from, to)) => {
            Some(CopyUid { uidvalidity: *uidvalidity, from: from.clone(), to: to.clone() })
        }
        _ => None,
    }
}

/// The response code's first word. imap-proto types the old ones and leaves the others (AUTHENTICATIONFAILED, LIMIT, …) in the text.
pub(super) fn code_word(parsed: &Parsed<'_>) -> Option<String> {
    let typed = match &parsed.code {
        Some(ResponseCode::Alert) => "ALERT",
        Some(ResponseCode::BadCharset(_)) => "BADCHARSET",
        Some(ResponseCode::Capabilities(_)) => "CAPABILITY",
        Some(ResponseCode::ReadOnly) => "READ-ONLY",
        Some(ResponseCode::ReadWrite) => "READ-WRITE",
        Some(ResponseCode::TryCreate) => "TRYCREATE",
        Some(ResponseCode::UidNotSticky) => "UIDNOTSTICKY",
        Some(ResponseCode::CopyUid(..)) => "COPYUID",
        Some(ResponseCode::UidNext(_)) => "UIDNEXT",
        Some(ResponseCode::UidValidity(_)) => "UIDVALIDITY",
        Some(_) => return None,
        None => {
            let inner = parsed.information.as_deref()?.strip_prefix('[')?;
            let word = inner.split([' ', ']']).next()?;
            let plain = word.len() <= 40
                && !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
            return plain.then(|| word.to_ascii_uppercase());
        }
    };
    Some(typed.to_owned())
}
