//! Every command that komainu can send. There is no way past this list: the executor takes nothing else.
//!
//! Absent by intent: CLOSE and EXPUNGE (they remove what other clients marked), DELETE, RENAME, STORE of any flag but
//! `\Deleted`, FETCH of `RFC822` or `BODY[…]` without PEEK (they set `\Seen`), SEARCH (the parser is quadratic in the length of its
//! answer, and dies on `MODSEQ`), NAMESPACE and RETURN options but SPECIAL-USE (answers that the parser cannot read).
//!
//! APPEND carries a message of our own, and neither flags nor a date: it is new mail of the moment it comes.

use super::mailbox::Mailbox;

/// One command, arguments already in wire form.
#[derive(Clone, Copy)]
pub(super) enum Command<'a> {
    Capability,
    StartTls,
    /// Base64 of the SASL PLAIN message where the server takes an initial response.
    AuthenticatePlain(Option<&'a str>),
    /// Both already quoted.
    Login(&'a str, &'a str),
    Id,
    /// Reference and pattern, already quoted.
    List(&'a str),
    /// Every mailbox, with its special uses.
    ListSpecial,
    Create(&'a Mailbox),
    Subscribe(&'a Mailbox),
    Select(&'a Mailbox),
    Examine(&'a Mailbox),
    Status(&'a Mailbox),
    Fetch(&'a Set, Items),
    /// By number in the mailbox, not by UID: for the newest so many messages.
    FetchNumbers(&'a Set, Items),
    /// Octets of the literal that follows when the server asks for it.
    Append(&'a Mailbox, usize),
    Move(&'a Set, &'a Mailbox),
    Copy(&'a Set, &'a Mailbox),
    MarkDeleted(&'a Set),
    UnmarkDeleted(&'a Set),
    UidExpunge(&'a Set),
    Idle,
    Noop,
    Logout,
}

/// What a FETCH asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Items {
    Uid,
    /// What judging needs to know before the body; with the server's own identity where it has one.
    Summary(Identity),
    Body,
    /// Offset and length.
    Part(u64, u32),
    /// The Message-ID field alone.
    MessageId,
}

/// Which identity of its own a server offers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    None,
    /// X-GM-EXT-1.
    Gmail,
    /// OBJECTID (RFC 8474).
    EmailId,
}

impl Command<'_> {
    /// Command word, for errors.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Capability => "CAPABILITY",
            Self::StartTls => "STARTTLS",
            Self::AuthenticatePlain(_) => "AUTHENTICATE",
            Self::Login(..) => "LOGIN",
            Self::Id => "ID",
            Self::List(_) | Self::ListSpecial => "LIST",
            Self::Create(_) => "CREATE",
            Self::Subscribe(_) => "SUBSCRIBE",
            Self::Select(_) => "SELECT",
            Self::Examine(_) => "EXAMINE",
            Self::Status(_) => "STATUS",
            Self::Fetch(..) => "UID FETCH",
            Self::FetchNumbers(..) => "FETCH",
            Self::Append(..) => "APPEND",
            Self::Move(..) => "UID MOVE",
            Self::Copy(..) => "UID COPY",
            Self::MarkDeleted(_) | Self::UnmarkDeleted(_) => "UID STORE",
            Self::UidExpunge(_) => "UID EXPUNGE",
            Self::Idle => "IDLE",
            Self::Noop => "NOOP",
            Self::Logout => "LOGOUT",
        }
    }

    /// The line without its tag and CRLF.
    pub(super) fn line(&self) -> String {
        let word = self.word();
        match self {
            Self::Capability | Self::StartTls | Self::Idle | Self::Noop | Self::Logout => word.to_owned(),
            Self::AuthenticatePlain(None) => format!("{word} PLAIN"),
            Self::AuthenticatePlain(Some(initial)) => format!("{word} PLAIN {initial}"),
            Self::Login(user, password) => format!("{word} {user} {password}"),
            Self::Id => {
                format!("{word} (\"name\" \"komainu\" \"version\" \"{}\")", env!("CARGO_PKG_VERSION"))
            }
            Self::List(pattern) => format!("{word} \"\" {pattern}"),
            Self::ListSpecial => format!("{word} \"\" \"*\" RETURN (SPECIAL-USE)"),
            Self::Create(mailbox)
            | Self::Subscribe(mailbox)
            | Self::Select(mailbox)
            | Self::Examine(mailbox) => {
                format!("{word} {}", mailbox.quoted())
            }
            Self::Status(mailbox) => format!("{word} {} (MESSAGES UIDNEXT UIDVALIDITY)", mailbox.quoted()),
            Self::Append(mailbox, octets) => format!("{word} {} {{{octets}}}", mailbox.quoted()),
            Self::Fetch(set, items) | Self::FetchNumbers(set, items) => {
                format!("{word} {} {}", set.0, items.wire())
            }
            Self::Move(set, mailbox) | Self::Copy(set, mailbox) => {
                format!("{word} {} {}", set.0, mailbox.quoted())
            }
            Self::MarkDeleted(set) => format!("{word} {} +FLAGS.SILENT (\\Deleted)", set.0),
            Self::UnmarkDeleted(set) => format!("{word} {} -FLAGS.SILENT (\\Deleted)", set.0),
            Self::UidExpunge(set) => format!("{word} {}", set.0),
        }
    }
}

impl Items {
    fn wire(self) -> String {
        match self {
            Self::Uid => "(UID)".to_owned(),
            Self::Summary(identity) => {
                let more = match identity {
                    Identity::None => "",
                    Identity::Gmail => " X-GM-MSGID",
                    Identity::EmailId => " EMAILID",
                };
                format!("(UID FLAGS RFC822.SIZE INTERNALDATE{more})")
            }
            Self::Body => "(UID BODY.PEEK[])".to_owned(),
            Self::Part(offset, length) => format!("(UID BODY.PEEK[]<{offset}.{length}>)"),
            Self::MessageId => "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])".to_owned(),
        }
    }
}

/// A UID set in wire form, never empty, never naming a UID that was not asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set(String);

impl Set {
    /// Most UIDs in one command: keeps the line within what servers take (8000 octets, RFC 7162 §4).
    pub(super) const MAX: usize = 500;

    /// Exactly these UIDs, runs written as ranges; none where there is none. At most [`Set::MAX`] are taken.
    pub(super) fn exactly(uids: &[u32]) -> Option<Self> {
        let mut sorted: Vec<u32> = uids.iter().copied().filter(|&uid| uid != 0).take(Self::MAX).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for uid in sorted {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == uid => *last = uid,
                _ => runs.push((uid, uid)),
            }
        }
        let parts: Vec<String> = runs
            .iter()
            .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}:{last}") })
            .collect();
        (!parts.is_empty()).then(|| Self(parts.join(",")))
    }

    /// From `first` to `last`, or to the end. Only for FETCH: `n:*` also names the last message where its UID is below n.
    pub(super) fn range(first: u32, last: Option<u32>) -> Self {
        let first = first.max(1);
        Self(last.map_or_else(|| format!("{first}:*"), |last| format!("{first}:{}", last.max(first))))
    }

    /// The last message of the mailbox.
    pub(super) fn last() -> Self {
        Self("*".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Items, Set};

    #[test]
    fn a_set_names_exactly_what_was_asked() {
        assert_eq!(Set::exactly(&[7, 3, 4, 5, 5, 0, 9]).unwrap().0, "3:5,7,9");
        assert_eq!(Set::exactly(&[u32::MAX, u32::MAX - 1]).unwrap().0, "4294967294:4294967295");
        assert!(Set::exactly(&[]).is_none());
        assert!(Set::exactly(&[0]).is_none());
    }

    #[test]
    fn bodies_are_only_peeked_at() {
        let set = Set::exactly(&[1]).unwrap();
        assert_eq!(Command::Fetch(&set, Items::Body).line(), "UID FETCH 1 (UID BODY.PEEK[])");
        assert_eq!(Command::Fetch(&set, Items::Part(512, 9)).line(), "UID FETCH 1 (UID BODY.PEEK[]<512.9>)");
    }
}
