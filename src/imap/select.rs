//! SELECT and STATUS.

use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode, StatusAttribute};

use super::command::{Command, Items, Set};
use super::error::Error;
use super::fetch::uid_of;
use super::mailbox::Mailbox;
use super::outcome::Outcome;
use super::session::Session;

/// A mailbox that was selected: the tagged OK and UIDVALIDITY were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// UIDVALIDITY.
    pub uidvalidity: u32,
    /// UIDNEXT; Courier and 163 leave it out, see [`Session::uid_next`].
    pub uidnext: Option<u32>,
    /// Messages in it.
    pub exists: u32,
    /// Nothing can be moved out of it.
    pub read_only: bool,
    /// UIDs do not last beyond this session (RFC 4315); nothing may be moved by them.
    pub uid_not_sticky: bool,
}

/// What STATUS says; servers leave out what they like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// UIDVALIDITY.
    pub uidvalidity: Option<u32>,
    /// UIDNEXT.
    pub uidnext: Option<u32>,
    /// Messages in it.
    pub messages: Option<u32>,
}

#[derive(Default)]
struct Seen {
    uidvalidity: Option<u32>,
    uidnext: Option<u32>,
    exists: Option<u32>,
    read_only: bool,
    uid_not_sticky: bool,
}

impl Seen {
    fn look(&mut self, response: &Response<'_>) {
        match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => self.exists = Some(*count),
            // An untagged NO is a warning (ALERT, UIDNOTSTICKY), not the command's end.
            Response::Data { outcome, .. } => match &outcome.code {
                Some(ResponseCode::UidValidity(value)) => self.uidvalidity = Some(*value),
                Some(ResponseCode::UidNext(value)) => self.uidnext = Some(*value),
                Some(ResponseCode::ReadOnly) => self.read_only = true,
                Some(ResponseCode::UidNotSticky) => self.uid_not_sticky = true,
                _ => {}
            },
            _ => {}
        }
    }
}

impl Session {
    /// Selects a mailbox for reading and moving.
    pub async fn select(&mut self, mailbox: &Mailbox) -> Result<Selected, Error> {
        self.open(mailbox, Command::Select(mailbox)).await
    }

    /// Selects a mailbox read-only.
    pub async fn examine(&mut self, mailbox: &Mailbox) -> Result<Selected, Error> {
        self.open(mailbox, Command::Examine(mailbox)).await
    }

    async fn open(&mut self, mailbox: &Mailbox, command: Command<'_>) -> Result<Selected, Error> {
        self.selected = None;
        let (mut seen, mut outcome) = self.open_once(command).await?;
        if outcome.text.as_str().to_ascii_lowercase().contains("unsafe login") {
            // 163, 126 and QQ want to be told who is asking, whatever they advertise.
            self.introduce().await?;
            (seen, outcome) = self.open_once(command).await?;
        }
        let outcome = outcome.ok(command.word())?;
        let uidvalidity = seen.uidvalidity.filter(|&value| value != 0);
        let uidvalidity =
            uidvalidity.ok_or(Error::Protocol { what: "a mailbox was selected without UIDVALIDITY" })?;
        let exists = seen.exists.ok_or(Error::Protocol { what: "a mailbox was selected without EXISTS" })?;
        self.executor.exists = exists;
        // What was there at SELECT is what the caller looks at next.
        self.executor.mail = false;
        self.selected = Some(mailbox.clone());
        let code = outcome.code.as_deref();
        Ok(Selected {
            uidvalidity,
            uidnext: seen.uidnext.filter(|&value| value != 0),
            exists,
            read_only: matches!(command, Command::Examine(_))
                || (seen.read_only && code != Some("READ-WRITE"))
                || code == Some("READ-ONLY"),
            uid_not_sticky: seen.uid_not_sticky || code == Some("UIDNOTSTICKY"),
        })
    }

    async fn open_once(&mut self, command: Command<'_>) -> Result<(Seen, Outcome), Error> {
        let mut seen = Seen::default();
        self.executor.exists = 0;
        let outcome = self.executor.run(command, &mut |response| seen.look(response)).await?;
        Ok((seen, outcome))
    }

    /// STATUS of a mailbox that is not selected.
    pub async fn status(&mut self, mailbox: &Mailbox) -> Result<Status, Error> {
        let mut status = Status::default();
        let outcome = self
            .executor
            .run(Command::Status(mailbox), &mut |response| {
                let Response::MailboxData(MailboxDatum::Status { mailbox: of, status: given }) = response
                else {
                    return;
                };
                // Unasked STATUS of other mailboxes exists (NOTIFY).
                let of = super::utf7::unescape(of);
                if of != mailbox.wire() && of != mailbox.name() {
                    return;
                }
                for attribute in given {
                    match attribute {
                        StatusAttribute::Messages(value) => status.messages = Some(*value),
                        StatusAttribute::UidNext(value) if *value != 0 => status.uidnext = Some(*value),
                        StatusAttribute::UidValidity(value) if *value != 0 => {
                            status.uidvalidity = Some(*value);
                        }
                        _ => {}
                    }
                }
            })
            .await?;
        outcome.ok("STATUS")?;
        Ok(status)
    }

    /// UIDNEXT of a mailbox by whatever way the server gives it: SELECT where it is not selected, STATUS (Courier leaves it out of
    /// SELECT), the last message's UID and one (163 leaves it out of both). An empty mailbox that tells in no way begins at 1.
    pub async fn uid_next(&mut self, mailbox: &Mailbox) -> Result<u32, Error> {
        // Where it is selected already it stays as it is: in observe mode it is only examined.
        if self.selected.as_ref() != Some(mailbox) {
            let selected = self.select(mailbox).await?;
            if let Some(next) = selected.uidnext {
                return Ok(next);
            }
        }
        match self.status(mailbox).await {
            Ok(Status { uidnext: Some(next), .. }) => return Ok(next),
            Ok(_) | Err(Error::No { .. } | Error::Bad { .. }) => {}
            Err(error) => return Err(error),
        }
        if self.executor.exists == 0 {
            return Ok(1);
        }
        let mut last = 0;
        let set = Set::last();
        let outcome = self
            .executor
            .run(Command::Fetch(&set, Items::Uid), &mut |response| {
                last = last.max(uid_of(response).unwrap_or(0));
            })
            .await?;
        outcome.ok("UID FETCH")?;
        if last == 0 {
            return Err(Error::Protocol { what: "the server tells no UID of a mailbox that has messages" });
        }
        Ok(last.saturating_add(1))
    }
}
