//! The manners of real servers, as far as a client can trip over them.

/// Whose manners the server has. The figures and quirks are observed ones; see each variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Profile {
    /// Dovecot 2.3: MOVE, UIDPLUS, IDLE, `/`, COPYUID of a MOVE in an untagged OK before the EXPUNGEs.
    #[default]
    Dovecot,
    /// Courier 5: UIDPLUS but no MOVE, mailboxes under `INBOX.`, no UIDNEXT in SELECT, tagged COPYUID.
    Courier,
    /// Gmail: X-GM-EXT-1, COPYUID of a MOVE in the tagged OK.
    Gmail,
    /// Exchange Online: EXISTS in front of the `+` of IDLE and not again after it; COPYUID without its sets.
    Exchange,
    /// Neither MOVE nor UIDPLUS: nothing can be moved safely here.
    Bare,
    /// As Dovecot, but without IDLE (`BAD`).
    NoIdle,
}

impl Profile {
    /// The hierarchy delimiter.
    pub fn delimiter(self) -> char {
        if self == Self::Courier { '.' } else { '/' }
    }

    /// The prefix that every mailbox but INBOX has.
    pub fn prefix(self) -> &'static str {
        if self == Self::Courier { "INBOX." } else { "" }
    }

    /// Whether `UID MOVE` is there (RFC 6851).
    pub fn moves(self) -> bool {
        !matches!(self, Self::Courier | Self::Bare)
    }

    /// Whether `UID EXPUNGE`, COPYUID and APPENDUID are there (RFC 4315).
    pub fn uidplus(self) -> bool {
        self != Self::Bare
    }

    /// Whether IDLE is there (RFC 2177).
    pub fn idles(self) -> bool {
        self != Self::NoIdle
    }

    pub(super) fn uidnext_in_select(self) -> bool {
        self != Self::Courier
    }

    pub(super) fn gmail(self) -> bool {
        self == Self::Gmail
    }

    /// The capabilities after authentication, without `IMAP4rev1` and those of authentication.
    pub(super) fn capabilities(self, objectid: bool) -> Vec<&'static str> {
        let mut list = vec!["ID", "ENABLE", "NAMESPACE", "UNSELECT", "CHILDREN", "SPECIAL-USE", "LITERAL+"];
        let mut offer = |there: bool, name| {
            if there {
                list.push(name);
            }
        };
        offer(self.idles(), "IDLE");
        offer(self.moves(), "MOVE");
        offer(self.uidplus(), "UIDPLUS");
        offer(self.gmail(), "X-GM-EXT-1");
        offer(objectid, "OBJECTID");
        list
    }
}
