//! What can go wrong, typed, with nothing of the server's own words in what is printed by default.

use std::fmt;

/// Words of a server: bounded, controls and bidirectional marks escaped. Not part of any [`Error`]'s message, because a server's
/// text may name addresses or quote mail, which the journal must not hold; `check` may show it to the person who asks.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ServerText(String);

impl ServerText {
    const MAX: usize = 200;

    pub(super) fn new(text: &str) -> Self {
        let mut kept = String::new();
        for (index, c) in text.chars().enumerate() {
            if index == Self::MAX {
                kept.push('…');
                break;
            }
            let invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
            if c.is_control() || invisible {
                kept.extend(c.escape_unicode());
            } else {
                kept.push(c);
            }
        }
        Self(kept)
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Without the words: errors are logged with `?` sooner or later.
impl fmt::Debug for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerText({} octets)", self.0.len())
    }
}

impl fmt::Display for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which cap of the framing guard was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    /// Literals of one response, octets.
    #[error("a literal of {announced} octets was announced where at most {cap} are taken")]
    Literal {
        /// Announced, with what the response held before it.
        announced: u64,
        /// Allowed.
        cap: u64,
    },
    /// A line outside literals, octets.
    #[error("a line is longer than {cap} octets")]
    Line {
        /// Allowed.
        cap: u64,
    },
    /// Parentheses within each other, outside quotes.
    #[error("parentheses are nested deeper than {cap}")]
    Nesting {
        /// Allowed.
        cap: u64,
    },
    /// A tagged reply that says neither OK, NO nor BAD.
    #[error("a tagged reply cannot be read")]
    Reply,
}

/// What a session ends in. Messages hold no words of the server's; see [`Error::server_text`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server does not accept user and password. Permanent: trying again locks accounts.
    #[error("the server refused the login{}", in_brackets(.code.as_deref()))]
    Refused {
        /// Response code, such as AUTHENTICATIONFAILED.
        code: Option<String>,
        /// Its words.
        text: ServerText,
    },
    /// The server offers no way to log in that this can use.
    #[error("no usable way to log in: {reason}")]
    NoLogin {
        /// Why.
        reason: &'static str,
    },
    /// TLS failed. `certificate` says that the certificate was refused: permanent until somebody acts.
    #[error("TLS: {reason}")]
    Tls {
        /// What rustls says; it holds names from the certificate, no mail.
        reason: String,
        /// Not believed, expired, or for another name.
        certificate: bool,
    },
    /// The server does not do STARTTLS, or somebody on the line took it out. Permanent.
    #[error("the server does not offer STARTTLS, and mail is never fetched over an unencrypted line")]
    StartTlsStripped,
    /// The greeting is not one that a login can follow; PREAUTH is refused too, because nobody proved anything.
    #[error("the server's greeting cannot be used: {reason}")]
    Greeting {
        /// Why.
        reason: &'static str,
    },
    /// The name does not resolve, or no address answers.
    #[error("no connection to {host}:{port}: {source}")]
    Connect {
        /// Host.
        host: String,
        /// Port.
        port: u16,
        /// Of the last address tried.
        source: std::io::Error,
    },
    /// Nothing came in time.
    #[error("no answer in time: {what}")]
    Timeout {
        /// What was awaited.
        what: &'static str,
    },
    /// The connection ended in the middle.
    #[error("the server closed the connection")]
    Closed,
    /// The server said goodbye.
    #[error("the server ended the session (BYE){}", in_brackets(.code.as_deref()))]
    Bye {
        /// Response code, such as UNAVAILABLE.
        code: Option<String>,
        /// Its words.
        text: ServerText,
    },
    /// Tagged NO.
    #[error("{command}: NO{}", in_brackets(.code.as_deref()))]
    No {
        /// Command word.
        command: &'static str,
        /// Response code.
        code: Option<String>,
        /// Its words.
        text: ServerText,
    },
    /// Tagged BAD.
    #[error("{command}: BAD{}", in_brackets(.code.as_deref()))]
    Bad {
        /// Command word.
        command: &'static str,
        /// Response code.
        code: Option<String>,
        /// Its words.
        text: ServerText,
    },
    /// A cap on what a server may send was exceeded, and the connection was dropped.
    #[error("hostile or broken server: {exceeded}")]
    Guard {
        /// Which.
        exceeded: Exceeded,
    },
    /// The server breaks the protocol in a way that leaves no safe meaning.
    #[error("protocol: {what}")]
    Protocol {
        /// What.
        what: &'static str,
    },
    /// This cannot be written as an IMAP argument, or the server lacks what it needs.
    #[error("cannot be done here: {what}")]
    Unsupported {
        /// What.
        what: &'static str,
    },
    /// An earlier command was abandoned, so that nothing said on this connection can be matched any more.
    #[error("the connection was given up after an earlier fault")]
    Poisoned,
    /// The socket failed.
    #[error("connection: {0}")]
    Io(std::io::Error),
}

impl Error {
    /// Whether waiting and connecting again may help. False: somebody must act first (sysexits 77 and 78).
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused { .. }
            | Self::NoLogin { .. }
            | Self::StartTlsStripped
            | Self::Unsupported { .. } => false,
            Self::Tls { certificate, .. } => !certificate,
            _ => true,
        }
    }

    /// Whether the server's side refused us for good: exit status 77.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. }
                | Self::NoLogin { .. }
                | Self::StartTlsStripped
                | Self::Tls { certificate: true, .. }
        )
    }

    /// Whether the connection can still be used: only after a plain NO or BAD, or where nothing was sent.
    pub fn keeps_connection(&self) -> bool {
        matches!(self, Self::No { .. } | Self::Bad { .. } | Self::Unsupported { .. })
    }

    /// The server's words, bounded and escaped; not for the journal.
    pub fn server_text(&self) -> Option<&ServerText> {
        match self {
            Self::Refused { text, .. }
            | Self::Bye { text, .. }
            | Self::No { text, .. }
            | Self::Bad { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Response code of a NO, BAD, BYE or refusal, in capitals.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. }
            | Self::Bye { code, .. }
            | Self::No { code, .. }
            | Self::Bad { code, .. } => code.as_deref(),
            _ => None,
        }
    }
}

fn in_brackets(code: Option<&str>) -> String {
    code.map_or_else(String::new, |code| format!(" [{code}]"))
}
