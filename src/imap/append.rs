//! Putting a message of our own into a mailbox, and looking whether it is there already.

use async_imap::imap_proto::{AttributeValue, Response};
use memchr::memmem;
use tokio::time::Instant;

use super::command::{Command, Items, Set};
use super::error::Error;
use super::fetch::uid_of;
use super::mailbox::Mailbox;
use super::outcome::Event;
use super::session::Session;

/// Messages whose Message-ID is asked for in one command.
const WINDOW: u32 = 500;
/// So many messages, the newest, are looked through: 20,000 took 0.8 s on a local server. A mailbox for digests has a
/// few hundred a year; whoever fills it with other mail must not make each look-up long.
const LOOKED_THROUGH: u32 = 20_000;

impl Session {
    /// Puts a message into a mailbox, without flags and without a date. UIDVALIDITY and UID of where it stands, where the
    /// server tells.
    ///
    /// The octets are sent only when the server asks for them (RFC 9051 §6.3.12, a synchronising literal): it can refuse a
    /// missing mailbox (TRYCREATE) or a full one (OVERQUOTA) before. After an error that does not keep the connection it
    /// is unknown whether the message is there: it is to be looked for ([`Session::find_message_id`]).
    pub async fn append(&mut self, mailbox: &Mailbox, octets: &[u8]) -> Result<Option<(u32, u32)>, Error> {
        let command = Command::Append(mailbox, octets.len());
        let word = command.word();
        let tag = self.executor.send(command).await?;
        let end = Instant::now() + self.executor.timeouts.command;
        let mut sent = false;
        while self.executor.is_pending(&tag) {
            let event = self.executor.event(end, "the reply to APPEND", &mut |_| {}).await?;
            if matches!(event, Event::Continue) {
                if sent {
                    self.executor.drop_connection();
                    return Err(Error::Protocol { what: "APPEND is asked to go on twice" });
                }
                sent = true;
                self.executor.write(octets).await?;
                self.executor.write(b"\r\n").await?;
            }
        }
        let outcome = self.executor.finish(tag, &mut |_| {}).await?.ok(word)?;
        if !sent {
            self.executor.drop_connection();
            return Err(Error::Protocol { what: "APPEND is done before the message was asked for" });
        }
        Ok(outcome.appenduid)
    }

    /// The UID of a message of the selected mailbox that has this Message-ID (with its angle brackets), the newest where
    /// there are several. SEARCH would ask the server; but what it answers is not always what stands there, and its
    /// answers are not read here (`command.rs`).
    pub async fn find_message_id(&mut self, message_id: &str) -> Result<Option<u32>, Error> {
        let mut last = self.executor.exists;
        let oldest = last.saturating_sub(LOOKED_THROUGH);
        let finder = memmem::Finder::new(message_id.as_bytes());
        while last > oldest {
            let first = last.saturating_sub(WINDOW - 1).max(oldest.saturating_add(1));
            let set = Set::range(first, Some(last));
            let mut found = None;
            let outcome = self
                .executor
                .run(Command::FetchNumbers(&set, Items::MessageId), &mut |response| {
                    if header_of(response).is_some_and(|header| finder.find(header).is_some()) {
                        found = found.max(uid_of(response));
                    }
                })
                .await?;
            outcome.ok("FETCH")?;
            if found.is_some() {
                return Ok(found);
            }
            last = first.saturating_sub(1);
        }
        Ok(None)
    }
}

/// Header fields of a FETCH response.
fn header_of<'r>(response: &'r Response<'_>) -> Option<&'r [u8]> {
    let Response::Fetch(_, attributes) = response else { return None };
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section: Some(_), data, .. } => data.as_deref(),
        _ => None,
    })
}
