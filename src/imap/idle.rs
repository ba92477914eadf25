//! IDLE (RFC 2177), of its own: async-imap's hangs on NO, panics on BAD, loses an EXISTS that comes before `+`, takes a closed
//! connection for an interruption, and lets keepalives put off the refresh for ever.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::command::Command;
use super::error::Error;
use super::executor::{End, Event};
use super::session::Session;

/// Why a wait ended. IDLE only wakes: whatever it says, the caller looks with [`Session::summaries`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Wake {
    /// The server told of messages, now or since the last wait.
    Mail,
    /// The time is over; the line was refreshed.
    Deadline,
    /// The caller's `stop` came first. The connection may be gone.
    Stopped,
    /// The server ended IDLE itself.
    Ended,
    /// The server does not offer IDLE, or answered NO or BAD: poll instead.
    Unsupported,
}

impl Session {
    /// Waits in the selected mailbox until something comes, `deadline` is over or `stop` is ready.
    ///
    /// Cancel-safe in the sense of this module: dropping it gives up the connection. Keepalives (`* OK Still here`) do not
    /// extend `deadline`. Choose at most 5 minutes: Gmail and NAT forget after 10, and Courier only looks once a minute.
    pub async fn idle(
        &mut self,
        deadline: Duration,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<Wake, Error> {
        if std::mem::take(&mut self.executor.mail) {
            return Ok(Wake::Mail);
        }
        if !self.capabilities.has("IDLE") {
            return Ok(Wake::Unsupported);
        }
        let mut stop = std::pin::pin!(stop);
        let end = Instant::now() + deadline;
        let tag = self.executor.send(Command::Idle).await?;
        let mut limit = Instant::now() + self.executor.timeouts.read;
        let mut wake = None;
        let mut waiting = true;
        // Until `+`: an EXISTS may come first (Exchange), or a refusal instead.
        while waiting {
            tokio::select! {
                biased;
                () = sleep_until(limit) => {
                    self.executor.drop_connection();
                    let stopped = wake == Some(Wake::Stopped);
                    return if stopped { Ok(Wake::Stopped) } else { Err(Error::Timeout { what: "the go-ahead for IDLE" }) };
                }
                () = &mut stop, if wake != Some(Wake::Stopped) => {
                    wake = Some(Wake::Stopped);
                    limit = Instant::now() + self.executor.timeouts.stop;
                }
                event = self.executor.next_in_idle() => match event? {
                    Event::Continue => waiting = false,
                    Event::Exists(_) => wake = wake.or(Some(Wake::Mail)),
                    Event::Done(name, outcome) if tag.is(&name) => return Ok(self.ended(wake, outcome.end)),
                    Event::Bye(code, text) => return Err(self.farewell(code, text)),
                    _ => {}
                },
            }
        }
        while wake.is_none() {
            tokio::select! {
                biased;
                () = &mut stop => wake = Some(Wake::Stopped),
                () = sleep_until(end) => wake = Some(Wake::Deadline),
                event = self.executor.next_in_idle() => match event? {
                    Event::Exists(_) => wake = Some(Wake::Mail),
                    Event::Done(name, _) if tag.is(&name) => return Ok(self.ended(wake, End::Ok)),
                    Event::Bye(code, text) => return Err(self.farewell(code, text)),
                    _ => {}
                },
            }
        }
        self.done(tag, wake.unwrap_or(Wake::Deadline)).await
    }

    async fn done(&mut self, tag: super::executor::Tag, wake: Wake) -> Result<Wake, Error> {
        let stopped = wake == Wake::Stopped;
        let limit = if stopped { self.executor.timeouts.stop } else { self.executor.timeouts.done };
        let ended = match self.executor.write(b"DONE\r\n").await {
            Ok(()) => self.executor.finish_within(tag, limit, &mut |_| {}).await,
            Err(error) => Err(error),
        };
        match ended {
            // NO or BAD to DONE: IDLE is over all the same.
            Ok(_) if wake == Wake::Deadline && std::mem::take(&mut self.executor.mail) => Ok(Wake::Mail),
            Ok(_) => {
                self.executor.mail &= wake != Wake::Mail;
                Ok(wake)
            }
            Err(_) if stopped => {
                self.executor.drop_connection();
                Ok(Wake::Stopped)
            }
            Err(error) => Err(error),
        }
    }

    fn ended(&mut self, wake: Option<Wake>, end: End) -> Wake {
        let told = std::mem::take(&mut self.executor.mail);
        match wake {
            Some(wake) => wake,
            None if told => Wake::Mail,
            None if end == End::Ok => Wake::Ended,
            None => Wake::Unsupported,
        }
    }

    fn farewell(&mut self, code: Option<String>, text: super::ServerText) -> Error {
        self.executor.drop_connection();
        Error::Bye { code, text }
    }
}
