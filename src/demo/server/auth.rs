//! LOGIN, AUTHENTICATE PLAIN (RFC 4616), STARTTLS.

use super::Security;
use super::session::{Reply, Session};
use super::wire::End;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imap_codec::imap_types::auth::AuthMechanism;

impl Session {
    pub(super) fn start_tls(&mut self) -> Reply {
        if self.shared.security != Security::StartTls || self.wire.encrypted() {
            return Reply::bad("STARTTLS is not offered here");
        }
        self.user = None;
        Reply::ok("Begin TLS negotiation now")
    }

    pub(super) fn login(&mut self, user: &[u8], password: &[u8]) -> Reply {
        if self.must_encrypt() {
            return Reply::no("[PRIVACYREQUIRED] STARTTLS first");
        }
        if self.user.is_some() {
            return Reply::bad("Logged in already");
        }
        let Ok(user) = std::str::from_utf8(user) else {
            return Reply::no("[AUTHENTICATIONFAILED] Authentication failed");
        };
        let right = self.shared.look(|state| {
            let known = state.mail.users.get(user).and_then(|user| user.password.as_deref());
            known.is_some_and(|known| known.as_bytes() == password)
        });
        if !right {
            return Reply::no("[AUTHENTICATIONFAILED] Authentication failed");
        }
        self.user = Some(user.to_owned());
        self.seat(|seat| seat.user = Some(user.to_owned()));
        Reply::ok(format!("[CAPABILITY {}] Logged in", self.capabilities()))
    }

    pub(super) async fn authenticate(
        &mut self,
        mechanism: &AuthMechanism<'_>,
        initial: Option<Vec<u8>>,
    ) -> Result<Reply, End> {
        if *mechanism != AuthMechanism::Plain {
            return Ok(Reply::no("[CANNOT] Only PLAIN is offered"));
        }
        if self.must_encrypt() {
            return Ok(Reply::no("[PRIVACYREQUIRED] STARTTLS first"));
        }
        if initial.is_some() && !self.shared.sasl_ir {
            return Ok(Reply::bad("SASL-IR is not offered"));
        }
        let message = if let Some(initial) = initial {
            initial
        } else {
            self.say("+ \r\n");
            self.wire.flush().await?;
            let line = self.wire.line().await?;
            match STANDARD.decode(line.trim_ascii()) {
                Ok(message) => message,
                // `*` cancels, and it is not base64 either (RFC 9051 §6.2.2).
                Err(_) => return Ok(Reply::bad("Cancelled")),
            }
        };
        let mut parts = message.split(|octet| *octet == 0);
        Ok(match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(as_whom), Some(user), Some(password), None) if as_whom.is_empty() || as_whom == user => {
                self.login(user, password)
            }
            _ => Reply::no("[AUTHENTICATIONFAILED] Authentication failed"),
        })
    }
}
