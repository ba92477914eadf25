//! LOGIN, AUTHENTICATE PLAIN (RFC 4616) and XOAUTH2, STARTTLS.

use super::Security;
use super::reply::Reply;
use super::session::Session;
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
        self.let_in(user)
    }

    pub(super) async fn authenticate(
        &mut self,
        mechanism: &AuthMechanism<'_>,
        initial: Option<Vec<u8>>,
    ) -> Result<Reply, End> {
        let token = *mechanism == AuthMechanism::XOAuth2 && self.shared.tokens;
        if *mechanism != AuthMechanism::Plain && !token {
            return Ok(Reply::no("[CANNOT] That mechanism is not offered"));
        }
        if self.must_encrypt() {
            return Ok(Reply::no("[PRIVACYREQUIRED] STARTTLS first"));
        }
        if initial.is_some() && !self.shared.sasl_ir {
            return Ok(Reply::bad("SASL-IR is not offered"));
        }
        let message = match initial {
            Some(initial) => Some(initial),
            None => self.challenge("").await?,
        };
        // `*` cancels, and it is not base64 either (RFC 9051 §6.2.2).
        let Some(message) = message else { return Ok(Reply::bad("Cancelled")) };
        if token {
            return self.with_token(&message).await;
        }
        let mut parts = message.split(|octet| *octet == 0);
        Ok(match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(as_whom), Some(user), Some(password), None) if as_whom.is_empty() || as_whom == user => {
                self.login(user, password)
            }
            _ => Reply::no("[AUTHENTICATIONFAILED] Authentication failed"),
        })
    }

    /// Asks, and gives the answer; `None` where it is not base64.
    async fn challenge(&mut self, text: &str) -> Result<Option<Vec<u8>>, End> {
        self.say(&format!("+ {}\r\n", STANDARD.encode(text)));
        self.wire.flush().await?;
        let line = self.wire.line().await?;
        Ok(STANDARD.decode(line.trim_ascii()).ok())
    }

    /// XOAUTH2, as Google and Microsoft speak it: a token that is refused is told in a challenge, which the client answers
    /// with nothing before it hears NO.
    async fn with_token(&mut self, message: &[u8]) -> Result<Reply, End> {
        let message = String::from_utf8_lossy(message).into_owned();
        let mut parts = message.split('\u{1}');
        let user = parts.next().and_then(|part| part.strip_prefix("user=")).unwrap_or_default();
        let token = parts.next().and_then(|part| part.strip_prefix("auth=Bearer "));
        let right = self.shared.look(|state| {
            let known = state.mail.users.get(user).and_then(|user| user.token.as_deref());
            known.is_some() && known == token
        });
        if right && self.user.is_none() {
            return Ok(self.let_in(user));
        }
        self.challenge("{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"https://mail.example/\"}")
            .await?;
        Ok(Reply::no("[AUTHENTICATIONFAILED] Authentication failed"))
    }

    fn let_in(&mut self, user: &str) -> Reply {
        self.user = Some(user.to_owned());
        self.seat(|seat| seat.user = Some(user.to_owned()));
        Reply::ok(format!("[CAPABILITY {}] Logged in", self.capabilities()))
    }
}
