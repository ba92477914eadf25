//! Faults: what the server does wrong on purpose, and when.

use std::collections::{BTreeMap, BTreeSet};

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The socket is closed (FIN), without TLS close_notify.
    Close,
    /// The socket is reset (RST).
    Reset,
    /// The socket stays open and nothing more is ever sent: a frozen server, or a black hole on the way.
    Stall,
}

/// The status of an answer that refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Tagged NO.
    No,
    /// Tagged BAD.
    Bad,
}

/// When a fault strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// When the next connection is accepted, in front of the TLS handshake; only cuts strike here.
    Connect,
    /// At the greeting of the next connection.
    Greeting,
    /// At the next command of this name, in capitals; `FETCH` means `UID FETCH` too, `UID FETCH` only that one.
    Command(String),
    /// At the command with this number, counted over all connections from 1 since the start of the server; the DONE of an
    /// IDLE and lines that were not understood count, too.
    Number(u64),
    /// At every next command.
    Any,
}

/// What goes wrong. Octets are those of the protocol, before TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// The connection ends when so many octets of the reply are sent.
    CutAfter(usize, Cut),
    /// The connection ends when so many octets in all, counted from here on, are sent.
    CutConnectionAfter(usize, Cut),
    /// Everything up to the tagged reply is sent, then the connection ends.
    CutBeforeTagged(Cut),
    /// The tagged reply is sent, then the connection ends.
    CutAfterTagged(Cut),
    /// The command has no effect, nothing is answered, the connection ends.
    CrashBeforeEffect,
    /// The command has its effect, nothing is answered, the connection ends.
    CrashAfterEffect,
    /// The command has its effect on the first so many messages of its set, nothing is answered, the connection ends.
    CrashMidway(usize),
    /// The reply is sent one octet a write.
    Fragments,
    /// The command has no effect and is refused with this text, which may begin with a response code in brackets.
    Refuse(Refusal, String),
    /// The command has its effect and is refused all the same.
    RefuseAfterEffect(Refusal, String),
    /// The command is answered OK and has no effect.
    Pretend,
    /// COPYUID and APPENDUID are left out.
    NoCopyUid,
    /// COPYUID is sent with this text in place of the numbers.
    CopyUid(String),
    /// FETCH says nothing about this UID.
    OmitUid(u32),
    /// FETCH answers every body section with NIL.
    NilBody,
    /// FETCH answers every body section with an empty string.
    EmptyBody,
    /// FETCH answers every body section with these octets, as servers do that cannot get at a message.
    Body(Vec<u8>),
    /// FETCH of a body section of this UID is refused with this text, when the messages in front of it are told.
    PoisonUid(u32, String),
    /// RFC822.SIZE is wrong by so much.
    SizeOff(i64),
    /// UID is left out of FETCH replies.
    NoUid,
    /// These octets go out in front of the reply. They should end in CRLF where a whole line is meant.
    Inject(Vec<u8>),
    /// These octets go out in place of the reply, without effect; `{tag}` stands for the tag.
    Replace(Vec<u8>),
    /// An untagged BYE with this text is sent, and the connection is closed.
    Bye(String),
    /// IDLE is entered, and never announces anything.
    SilentIdle,
    /// The server ends IDLE by itself with a tagged OK at once.
    EndIdle,
    /// The command waits, without effect, until [`super::Server::release`].
    HoldBeforeEffect,
    /// The command has its effect, and its reply waits until [`super::Server::release`].
    HoldAfterEffect,
}

/// One fault: an act, its time, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// When it strikes.
    pub when: When,
    /// What it does.
    pub act: Act,
    /// How many times more; it is forgotten when that is used up.
    pub times: u32,
}

impl Fault {
    /// Once, at the next command of this name.
    pub fn once(command: &str, act: Act) -> Self {
        Self { when: When::Command(command.to_owned()), act, times: 1 }
    }

    /// At each command of this name, until the faults are cleared.
    pub fn always(command: &str, act: Act) -> Self {
        Self { when: When::Command(command.to_owned()), act, times: u32::MAX }
    }

    /// Once, at the greeting of the next connection.
    pub fn greeting(act: Act) -> Self {
        Self { when: When::Greeting, act, times: 1 }
    }
}

/// The faults that wait.
#[derive(Debug, Default)]
pub(super) struct Faults {
    waiting: Vec<Fault>,
}

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.waiting.push(fault);
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes what strikes when a connection is accepted.
    pub(super) fn strike_connect(&mut self) -> Option<Cut> {
        self.take_if(|when| *when == When::Connect).cut_after.map(|(_, cut)| cut)
    }

    /// Takes what strikes now: `name` is the command as in `UID FETCH`, empty at the greeting.
    pub(super) fn strike(&mut self, name: &str, number: u64) -> Plan {
        self.take_if(|when| match when {
            When::Connect => false,
            When::Greeting => name.is_empty(),
            When::Command(wanted) => {
                name == wanted || name.strip_prefix("UID ").is_some_and(|rest| rest == wanted)
            }
            When::Number(wanted) => !name.is_empty() && number == *wanted,
            When::Any => !name.is_empty(),
        })
    }

    fn take_if(&mut self, strikes: impl Fn(&When) -> bool) -> Plan {
        let mut plan = Plan::default();
        for fault in &mut self.waiting {
            if fault.times > 0 && strikes(&fault.when) {
                if fault.times != u32::MAX {
                    fault.times -= 1;
                }
                plan.take(fault.act.clone());
            }
        }
        self.waiting.retain(|fault| fault.times > 0);
        plan
    }
}

/// What goes wrong in one reply.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) cut_after: Option<(usize, Cut)>,
    pub(super) cut_connection_after: Option<(usize, Cut)>,
    pub(super) before_tagged: Option<Cut>,
    pub(super) after_tagged: Option<Cut>,
    pub(super) fragments: bool,
    pub(super) crash_before: bool,
    pub(super) refuse: Option<(Refusal, String)>,
    pub(super) refuse_after: Option<(Refusal, String)>,
    pub(super) pretend: bool,
    /// The effect reaches only the first so many messages.
    pub(super) only: Option<usize>,
    pub(super) no_copyuid: bool,
    pub(super) copyuid: Option<String>,
    pub(super) omit: BTreeSet<u32>,
    pub(super) nil_body: bool,
    pub(super) empty_body: bool,
    pub(super) body: Option<Vec<u8>>,
    pub(super) poison: BTreeMap<u32, String>,
    pub(super) size_off: i64,
    pub(super) no_uid: bool,
    pub(super) inject: Vec<u8>,
    pub(super) replace: Option<Vec<u8>>,
    pub(super) bye: Option<String>,
    pub(super) silent_idle: bool,
    pub(super) end_idle: bool,
    pub(super) hold_before: bool,
    pub(super) hold_after: bool,
}

impl Plan {
    fn take(&mut self, act: Act) {
        match act {
            Act::CutAfter(octets, cut) => self.cut_after = Some((octets, cut)),
            Act::CutConnectionAfter(octets, cut) => self.cut_connection_after = Some((octets, cut)),
            Act::CutBeforeTagged(cut) => self.before_tagged = Some(cut),
            Act::CutAfterTagged(cut) => self.after_tagged = Some(cut),
            Act::CrashBeforeEffect => self.crash_before = true,
            Act::CrashAfterEffect => self.cut_after = Some((0, Cut::Close)),
            Act::CrashMidway(messages) => {
                self.only = Some(messages);
                self.cut_after = Some((0, Cut::Close));
            }
            Act::Fragments => self.fragments = true,
            Act::Refuse(status, text) => self.refuse = Some((status, text)),
            Act::RefuseAfterEffect(status, text) => self.refuse_after = Some((status, text)),
            Act::Pretend => self.pretend = true,
            Act::NoCopyUid => self.no_copyuid = true,
            Act::CopyUid(text) => self.copyuid = Some(text),
            Act::OmitUid(uid) => {
                self.omit.insert(uid);
            }
            Act::NilBody => self.nil_body = true,
            Act::EmptyBody => self.empty_body = true,
            Act::SizeOff(octets) => self.size_off = octets,
            Act::NoUid => self.no_uid = true,
            Act::Inject(octets) => self.inject.extend(octets),
            Act::Replace(octets) => self.replace = Some(octets),
            Act::Bye(text) => self.bye = Some(text),
            Act::SilentIdle => self.silent_idle = true,
            Act::EndIdle => self.end_idle = true,
            Act::Body(octets) => self.body = Some(octets),
            Act::PoisonUid(uid, text) => {
                self.poison.insert(uid, text);
            }
            Act::HoldBeforeEffect => self.hold_before = true,
            Act::HoldAfterEffect => self.hold_after = true,
        }
    }
}

/// Replies that have stopped IMAP libraries; for [`Act::Inject`] and [`Act::Replace`].
pub mod trigger {
    /// A character of several octets right behind a response code: a slice inside a character.
    pub fn dash_after_code() -> Vec<u8> {
        "* OK [ALERT]\u{2013}x\r\n".as_bytes().to_vec()
    }

    /// A BODYSTRUCTURE of so many opening brackets: recursion until the stack ends.
    pub fn nested_structure(depth: usize) -> Vec<u8> {
        let mut line = b"* 1 FETCH (BODYSTRUCTURE ".to_vec();
        line.resize(line.len() + depth, b'(');
        line.extend_from_slice(b"\r\n");
        line
    }

    /// A literal announced at 524,000,000 octets, of which ten come: memory taken on the word of the server.
    pub fn announced_literal() -> Vec<u8> {
        b"* 1 FETCH (UID 1 BODY[] {524000000}\r\n0123456789".to_vec()
    }

    /// A tagged BAD without text.
    pub fn bare_bad() -> Vec<u8> {
        b"{tag} BAD\r\n".to_vec()
    }
}
