//! The commands that change messages: STORE, COPY, MOVE, EXPUNGE, APPEND; and SEARCH, which names them.

use super::mailboxes::wire_name;
use super::profile::Profile;
use super::reply::Reply;
use super::search;
use super::session::Session;
use super::view::View;
use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::datetime::DateTime;
use imap_codec::imap_types::extensions::binary::LiteralOrLiteral8;
use imap_codec::imap_types::flag::{Flag, StoreResponse, StoreType};
use imap_codec::imap_types::mailbox::Mailbox;
use imap_codec::imap_types::sequence::{SeqOrUid, Sequence, SequenceSet};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

impl Session {
    /// Serves the commands that work on messages.
    pub(super) fn with_messages(&mut self, body: CommandBody<'static>) -> Reply {
        match body {
            CommandBody::Append { mailbox, flags, date, message } => {
                return self.append(&mailbox, &flags, date.as_ref(), message);
            }
            _ if self.view.is_none() => return Reply::bad("Select a mailbox first"),
            _ => {}
        }
        match body {
            CommandBody::Store { sequence_set, kind, response, flags, uid } => {
                self.store(&sequence_set, kind, response, &flags, uid)
            }
            CommandBody::Copy { sequence_set, mailbox, uid } => {
                self.transfer(&sequence_set, &mailbox, uid, true)
            }
            CommandBody::Move { sequence_set, mailbox, uid } if self.shared.profile.moves() => {
                self.transfer(&sequence_set, &mailbox, uid, false)
            }
            CommandBody::ExpungeUid { sequence_set } if self.shared.profile.uidplus() => {
                match self.resolve(&sequence_set, true) {
                    Ok(uids) => self.expunge(&uids),
                    Err(reply) => reply,
                }
            }
            CommandBody::Expunge => {
                let all = self.view.as_ref().map(|view| view.uids.clone()).unwrap_or_default();
                self.expunge(&all)
            }
            CommandBody::Close => {
                let view = self.view.as_ref();
                let all = view.filter(|view| !view.read_only).map(|view| view.uids.clone());
                self.expunge(&all.unwrap_or_default());
                self.leave()
            }
            CommandBody::Search { charset, criteria, uid } => {
                let known = charset.as_ref().is_none_or(|charset| {
                    let name = charset.as_ref();
                    name.eq_ignore_ascii_case("UTF-8") || name.eq_ignore_ascii_case("US-ASCII")
                });
                if !known {
                    return Reply::no("[BADCHARSET (UTF-8 US-ASCII)] Unknown charset");
                }
                self.search(criteria.as_ref(), uid)
            }
            _ => Reply::bad("Not offered here"),
        }
    }

    /// The UIDs that a set names in this session's view, ascending.
    pub(super) fn resolve(&self, set: &SequenceSet, uid: bool) -> Result<Vec<u32>, Reply> {
        let Some(view) = self.view.as_ref() else { return Err(Reply::bad("Select a mailbox first")) };
        resolve(view, set, uid).ok_or_else(|| Reply::bad("No message has that number"))
    }

    fn read_only(&self) -> bool {
        self.view.as_ref().is_none_or(|view| view.read_only)
    }

    /// The user, and the name of the selected mailbox.
    pub(super) fn place(&self) -> (String, String) {
        let mailbox = self.view.as_ref().map(|view| view.mailbox.clone());
        (self.user.clone().unwrap_or_default(), mailbox.unwrap_or_default())
    }

    fn store(
        &mut self,
        set: &SequenceSet,
        kind: StoreType,
        response: StoreResponse,
        flags: &[Flag<'_>],
        uid: bool,
    ) -> Reply {
        if self.read_only() {
            return Reply::no("[READ-ONLY] Mailbox is read-only");
        }
        let mut uids = match self.resolve(set, uid) {
            Ok(uids) => uids,
            Err(reply) => return reply,
        };
        uids.truncate(self.plan.only.unwrap_or(usize::MAX));
        let named: BTreeSet<String> = flags.iter().map(ToString::to_string).collect();
        let (user, name) = self.place();
        let (id, out) = (self.id, self.wire.out());
        let Some(view) = self.view.as_ref() else { return Reply::bad("Select a mailbox first") };
        self.shared.change(|state| {
            let Some(mailbox) = state.mail.mailbox_mut(&user, &name) else { return };
            let mut text = String::new();
            for one in uids {
                mailbox.set_flags(one, id, |flags| match kind {
                    StoreType::Replace => flags.clone_from(&named),
                    StoreType::Add => flags.extend(named.iter().cloned()),
                    StoreType::Remove => flags.retain(|flag| !named.contains(flag)),
                });
                let (Some(message), Some(number)) = (mailbox.messages.get(&one), view.sequence(one)) else {
                    continue;
                };
                if response == StoreResponse::Answer {
                    let flags = view.flags(one, message);
                    let shown = if uid { format!("UID {one} ") } else { String::new() };
                    let _ = write!(text, "* {number} FETCH ({shown}FLAGS {flags})\r\n");
                }
            }
            out.extend_from_slice(text.as_bytes());
        });
        Reply::ok("Store completed")
    }

    fn transfer(&mut self, set: &SequenceSet, target: &Mailbox<'_>, uid: bool, keep: bool) -> Reply {
        let target = wire_name(target);
        if !keep && self.read_only() {
            return Reply::no("[READ-ONLY] Mailbox is read-only");
        }
        let mut uids = match self.resolve(set, uid) {
            Ok(uids) => uids,
            Err(reply) => return reply,
        };
        uids.truncate(self.plan.only.unwrap_or(usize::MAX));
        let (user, name) = self.place();
        let moved = self.shared.change(|state| {
            let uidvalidity = state.mail.mailbox(&user, &target)?.uidvalidity;
            Some((uidvalidity, state.mail.transfer(&user, (&name, &target), &uids, keep)))
        });
        let Some((uidvalidity, pairs)) = moved else {
            return Reply::no("[TRYCREATE] No such mailbox");
        };
        let verb = if keep { "Copy completed" } else { "Move completed" };
        let Some(code) = self.copyuid(uidvalidity, &pairs) else { return Reply::ok(verb) };
        let tagged = keep || matches!(self.shared.profile, Profile::Gmail | Profile::Exchange);
        if tagged {
            return Reply::ok(format!("[{code}] {verb}"));
        }
        self.say(&format!("* OK [{code}] Moved UIDs\r\n"));
        Reply::ok(verb)
    }

    fn copyuid(&self, uidvalidity: u32, pairs: &[(u32, u32)]) -> Option<String> {
        if pairs.is_empty() || self.plan.no_copyuid || !self.shared.profile.uidplus() {
            return None;
        }
        if let Some(text) = &self.plan.copyuid {
            return Some(format!("COPYUID {text}"));
        }
        if self.shared.profile == Profile::Exchange {
            return Some(format!("COPYUID {uidvalidity}  "));
        }
        let from = compact(pairs.iter().map(|pair| pair.0));
        let to = compact(pairs.iter().map(|pair| pair.1));
        Some(format!("COPYUID {uidvalidity} {from} {to}"))
    }

    /// Takes away those of these messages that are `\Deleted`.
    fn expunge(&mut self, uids: &[u32]) -> Reply {
        if self.read_only() {
            return Reply::no("[READ-ONLY] Mailbox is read-only");
        }
        let (user, name) = self.place();
        let most = self.plan.only.unwrap_or(usize::MAX);
        self.shared.change(|state| {
            let Some(mailbox) = state.mail.mailbox_mut(&user, &name) else { return };
            let deleted = uids.iter().filter(|uid| {
                mailbox.messages.get(uid).is_some_and(|message| message.flags.contains("\\Deleted"))
            });
            let deleted: Vec<u32> = deleted.copied().take(most).collect();
            for uid in deleted {
                mailbox.remove(uid);
            }
        });
        Reply::ok("Expunge completed")
    }

    fn append(
        &mut self,
        mailbox: &Mailbox<'_>,
        flags: &[Flag<'_>],
        date: Option<&DateTime>,
        message: LiteralOrLiteral8<'_>,
    ) -> Reply {
        let name = wire_name(mailbox);
        let octets: Arc<[u8]> = match message {
            LiteralOrLiteral8::Literal(literal) => Arc::from(literal.into_inner().as_ref()),
            LiteralOrLiteral8::Literal8(literal) => Arc::from(literal.data.as_ref()),
        };
        let date = date.and_then(|date| Timestamp::from_second(date.as_ref().timestamp()).ok());
        let flags = flags.iter().map(ToString::to_string).collect();
        let user = self.user.clone().unwrap_or_default();
        let added = self.shared.change(|state| {
            state.mail.mailbox(&user, &name)?;
            let message = state.mail.message(octets, date.unwrap_or_else(Timestamp::now), flags);
            let mailbox = state.mail.mailbox_mut(&user, &name)?;
            Some((mailbox.uidvalidity, mailbox.add(message)))
        });
        match added {
            None => Reply::no("[TRYCREATE] No such mailbox"),
            Some((uidvalidity, uid)) if self.shared.profile.uidplus() && !self.plan.no_copyuid => {
                Reply::ok(format!("[APPENDUID {uidvalidity} {uid}] Append completed"))
            }
            Some(_) => Reply::ok("Append completed"),
        }
    }

    fn search(&mut self, criteria: &[imap_codec::imap_types::search::SearchKey<'_>], uid: bool) -> Reply {
        let (user, name) = self.place();
        let Some(view) = self.view.as_ref() else { return Reply::bad("Select a mailbox first") };
        let hits = self.shared.look(|state| {
            let Some(mailbox) = state.mail.mailbox(&user, &name) else { return Vec::new() };
            let mut hits = Vec::new();
            for (at, one) in view.uids.iter().enumerate() {
                let Some(message) = mailbox.messages.get(one) else { continue };
                let candidate = search::Candidate { view, uid: *one, message };
                if criteria.iter().all(|key| candidate.fits(key)) {
                    hits.push(if uid { *one as usize } else { at + 1 });
                }
            }
            hits
        });
        let mut line = String::from("* SEARCH");
        for hit in hits {
            let _ = write!(line, " {hit}");
        }
        line.push_str("\r\n");
        self.say(&line);
        Reply::ok("Search completed")
    }
}

/// The ranges of a set with `*` filled in, low end first.
fn ranges(view: &View, set: &SequenceSet, uid: bool) -> impl Iterator<Item = (u32, u32)> {
    let last = if uid { view.uids.last().copied().unwrap_or(1) } else { view.uids.len() as u32 };
    let value = move |end: &SeqOrUid| match end {
        SeqOrUid::Value(value) => value.get(),
        SeqOrUid::Asterisk => last,
    };
    set.0.as_ref().iter().map(move |range| {
        let (a, b) = match range {
            Sequence::Single(one) => (value(one), value(one)),
            Sequence::Range(from, to) => (value(from), value(to)),
        };
        (a.min(b), a.max(b))
    })
}

/// Whether a set names this message.
pub(super) fn names(view: &View, set: &SequenceSet, by_uid: bool, uid: u32) -> bool {
    let number = if by_uid { Some(uid) } else { view.sequence(uid).map(|number| number as u32) };
    number.is_some_and(|number| ranges(view, set, by_uid).any(|(low, high)| low <= number && number <= high))
}

/// The UIDs that a set names, ascending; `None` where it names a sequence number that is not there.
pub(super) fn resolve(view: &View, set: &SequenceSet, uid: bool) -> Option<Vec<u32>> {
    let mut uids = Vec::new();
    for (low, high) in ranges(view, set, uid) {
        let span = if uid {
            view.uids.partition_point(|one| *one < low)..view.uids.partition_point(|one| *one <= high)
        } else {
            (low as usize).checked_sub(1)?..high as usize
        };
        uids.extend_from_slice(view.uids.get(span)?);
    }
    uids.sort_unstable();
    uids.dedup();
    Some(uids)
}

/// Ascending numbers as a set, `1:3,7`.
fn compact(numbers: impl Iterator<Item = u32>) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some(run) if run.1.checked_add(1) == Some(number) => run.1 = number,
            _ => runs.push((number, number)),
        }
    }
    let shown = runs.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}:{b}") });
    shown.collect::<Vec<_>>().join(",")
}
