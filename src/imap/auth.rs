//! Getting in: AUTHENTICATE PLAIN where offered, else LOGIN; tried once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::time::Instant;

use super::command::Command;
use super::connect::Transport;
use super::error::Error;
use super::executor::{End, Event, Executor, Outcome};
use super::session::Capabilities;
use super::utf7::quote;

/// A password. It is never printed, and its octets are overwritten when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes it over.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        let mut octets = std::mem::take(&mut self.0).into_bytes();
        wipe(&mut octets);
    }
}

/// Overwrites a buffer that held a secret; `black_box` keeps the compiler from leaving that out.
pub(super) fn wipe(octets: &mut [u8]) {
    octets.fill(0);
    std::hint::black_box(octets);
}

/// Codes of a NO that do not speak of the password (RFC 5530; THROTTLED is Gmail's).
const NOT_NOW: [&str; 6] = ["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED", "CONTACTADMIN"];

/// Logs in. A refusal is [`Error::Refused`] and is not tried again in another way: servers count failures and lock accounts.
pub(super) async fn log_in<T: Transport>(
    executor: &mut Executor<T>,
    capabilities: &Capabilities,
    user: &str,
    password: &Secret,
) -> Result<(), Error> {
    let outcome = if capabilities.has("AUTH=PLAIN") {
        plain(executor, capabilities.has("SASL-IR"), user, password).await?
    } else if capabilities.has("LOGINDISABLED") {
        return Err(Error::NoLogin { reason: "the server offers neither AUTH=PLAIN nor LOGIN" });
    } else {
        let (Some(user), Some(password)) = (quote(user), quote(password.expose())) else {
            return Err(Error::NoLogin {
                reason: "the server offers LOGIN only, which cannot carry this user or password",
            });
        };
        let password = Secret::new(password);
        executor.run(Command::Login(&user, password.expose()), &mut |_| {}).await?
    };
    match outcome.end {
        End::Ok => Ok(()),
        End::No if !is_passing(&outcome) => Err(Error::Refused { code: outcome.code, text: outcome.text }),
        End::No => Err(Error::No { command: "LOGIN", code: outcome.code, text: outcome.text }),
        End::Bad => Err(Error::Bad { command: "LOGIN", code: outcome.code, text: outcome.text }),
    }
}

fn is_passing(outcome: &Outcome) -> bool {
    let text = outcome.text.as_str().to_ascii_lowercase();
    let crowded = ["too many simultaneous", "too many connections", "maximum number of connections"];
    outcome.code.as_deref().is_some_and(|code| NOT_NOW.contains(&code))
        || crowded.iter().any(|words| text.contains(words))
}

async fn plain<T: Transport>(
    executor: &mut Executor<T>,
    initial_response: bool,
    user: &str,
    password: &Secret,
) -> Result<Outcome, Error> {
    if user.contains('\0') || password.expose().contains('\0') {
        return Err(Error::NoLogin { reason: "user or password contains NUL" });
    }
    let message = Secret::new(format!("\0{user}\0{}", password.expose()));
    let base64 = Secret::new(STANDARD.encode(message.expose()));
    if initial_response {
        return executor.run(Command::AuthenticatePlain(Some(base64.expose())), &mut |_| {}).await;
    }
    let tag = executor.send(Command::AuthenticatePlain(None)).await?;
    let end = Instant::now() + executor.timeouts.command;
    loop {
        match executor.event(end, "the go-ahead for AUTHENTICATE", &mut |_| {}).await? {
            Event::Continue => break,
            Event::Done(..) => return executor.finish(tag, &mut |_| {}).await,
            _ => {}
        }
    }
    let mut line = format!("{}\r\n", base64.expose()).into_bytes();
    let written = executor.write(&line).await;
    wipe(&mut line);
    written?;
    executor.finish(tag, &mut |_| {}).await
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_does_not_print_itself() {
        let secret = Secret::new("correct horse".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
