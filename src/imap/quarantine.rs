//! Moving, and the steps that make up a move where MOVE is missing. Nothing here removes what it was not given by UID.

use std::collections::{BTreeMap, BTreeSet};

use async_imap::imap_proto::rfc4315::UidSetMember;
use async_imap::imap_proto::{Response, Status};

use super::command::{Command, Set};
use super::error::Error;
use super::mailbox::Mailbox;
use super::outcome::{CopyUid, copyuid};
use super::session::{Capabilities, Session};

/// How messages can be moved on a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum MovePath {
    /// UID MOVE (RFC 6851): each message moves as a whole or stays.
    Move,
    /// UID COPY, `\Deleted`, UID EXPUNGE of exactly that UID (RFC 4315).
    Copy,
    /// Not at all.
    None(NoMove),
}

/// Why messages cannot be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoMove {
    /// Without UIDPLUS only a plain EXPUNGE is left, which removes what other clients marked.
    #[error("the server has neither MOVE nor UIDPLUS")]
    Neither,
    /// On Gmail `\Deleted` and EXPUNGE take off a label, archive or delete, as the account is set.
    #[error("Gmail without MOVE: removing the copy could delete the message")]
    Gmail,
}

/// What a server said about a move or copy. The absence of a pair proves nothing, and neither does OK: `UID MOVE` of a UID that
/// does not exist is answered OK by Dovecot and Cyrus (measured).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moved {
    /// Old UID to new UID, as COPYUID gives them; only UIDs that were asked for.
    pub pairs: BTreeMap<u32, u32>,
    /// UIDVALIDITY of the destination, where COPYUID was given.
    pub dest_uidvalidity: Option<u32>,
}

impl Capabilities {
    /// How messages can be moved here.
    pub fn move_path(&self) -> MovePath {
        if self.has("MOVE") {
            MovePath::Move
        } else if self.has("X-GM-EXT-1") {
            MovePath::None(NoMove::Gmail)
        } else if self.has("UIDPLUS") {
            MovePath::Copy
        } else {
            MovePath::None(NoMove::Neither)
        }
    }
}

impl Session {
    /// Most UIDs of one move or copy command.
    pub const MOVE_MAX: usize = Set::MAX;

    /// `UID MOVE`, in one command, at most [`Session::MOVE_MAX`] UIDs. After any error other than NO and BAD the outcome is
    /// unknown; after NO and BAD single messages may still have moved (RFC 6851 §3.3). Look it up.
    pub async fn move_to(&mut self, uids: &[u32], dest: &Mailbox) -> Result<Moved, Error> {
        let set = self.movable(uids, MovePath::Move)?;
        self.relocate(uids, Command::Move(&set, dest)).await
    }

    /// `UID COPY`, in one command, at most [`Session::MOVE_MAX`] UIDs. All or nothing (RFC 9051 §6.4.7).
    pub async fn copy_to(&mut self, uids: &[u32], dest: &Mailbox) -> Result<Moved, Error> {
        let set = self.movable(uids, MovePath::Copy)?;
        self.relocate(uids, Command::Copy(&set, dest)).await
    }

    /// Marks `\Deleted`, after the copy was verified.
    pub async fn mark_deleted(&mut self, uids: &[u32]) -> Result<(), Error> {
        let set = self.movable(uids, MovePath::Copy)?;
        self.executor.run_ok(Command::MarkDeleted(&set)).await.map(|_| ())
    }

    /// Takes the mark off again.
    pub async fn unmark_deleted(&mut self, uids: &[u32]) -> Result<(), Error> {
        let set = whole(uids)?;
        self.executor.run_ok(Command::UnmarkDeleted(&set)).await.map(|_| ())
    }

    /// Removes exactly these UIDs where they are marked `\Deleted`; only with UIDPLUS.
    pub async fn uid_expunge(&mut self, uids: &[u32]) -> Result<(), Error> {
        let set = self.movable(uids, MovePath::Copy)?;
        self.executor.run_ok(Command::UidExpunge(&set)).await.map(|_| ())
    }

    /// The set, if this server may be asked to do this. The steps of a copy are refused where MOVE exists too: there only a
    /// recovery may finish what an earlier run began, and Gmail never.
    fn movable(&self, uids: &[u32], path: MovePath) -> Result<Set, Error> {
        let able = match path {
            MovePath::Move => self.capabilities.has("MOVE"),
            MovePath::Copy => self.capabilities.has("UIDPLUS") && !self.capabilities.has("X-GM-EXT-1"),
            MovePath::None(_) => false,
        };
        if !able {
            return Err(Error::Unsupported { what: "moving in this way on this server" });
        }
        if self.selected.is_none() {
            return Err(Error::Unsupported { what: "moving while no mailbox is selected" });
        }
        whole(uids)
    }

    async fn relocate(&mut self, uids: &[u32], command: Command<'_>) -> Result<Moved, Error> {
        let mut told: Vec<CopyUid> = Vec::new();
        let outcome = self
            .executor
            .run(command, &mut |response| {
                // One for each range on some servers; more than there are UIDs is no answer.
                if let Response::Data { status: Status::Ok, outcome } = response
                    && told.len() < uids.len()
                {
                    told.extend(copyuid(outcome));
                }
            })
            .await?;
        let outcome = outcome.ok(command.word())?;
        told.extend(outcome.copyuid);
        let mut moved = Moved::default();
        for copyuid in &told {
            pair(&mut moved, uids, copyuid);
        }
        Ok(moved)
    }
}

fn whole(uids: &[u32]) -> Result<Set, Error> {
    if uids.len() > Set::MAX {
        return Err(Error::Unsupported { what: "more UIDs than one command takes" });
    }
    Set::exactly(uids).ok_or(Error::Unsupported { what: "a command about no message" })
}

/// Both sets are positional (RFC 4315 §3): expanded in order and paired. A COPYUID whose sets differ in length, or that names
/// UIDs that were not asked for, or one copy for two messages, gives no pair at all: guessing would tie a message's record to
/// another message, and the copy path would remove two originals for it.
fn pair(moved: &mut Moved, uids: &[u32], copyuid: &CopyUid) {
    let limit = uids.len();
    let (Some(from), Some(to)) = (expand(&copyuid.from, limit), expand(&copyuid.to, limit)) else { return };
    if from.len() != to.len() || from.is_empty() || !from.iter().all(|uid| uids.contains(uid)) {
        return;
    }
    if moved.dest_uidvalidity.is_some_and(|known| known != copyuid.uidvalidity) {
        return;
    }
    let known = to.iter().filter(|uid| moved.pairs.values().any(|known| known == *uid)).count();
    let repeated = from.iter().zip(&to).filter(|(from, to)| moved.pairs.get(from) == Some(to)).count();
    if !distinct(&from) || !distinct(&to) || known != repeated {
        return;
    }
    moved.dest_uidvalidity = Some(copyuid.uidvalidity);
    moved.pairs.extend(from.into_iter().zip(to));
}

fn distinct(uids: &[u32]) -> bool {
    uids.iter().collect::<BTreeSet<_>>().len() == uids.len()
}

fn expand(set: &[UidSetMember], limit: usize) -> Option<Vec<u32>> {
    let mut uids = Vec::new();
    for member in set {
        let range = match member {
            UidSetMember::Uid(uid) => *uid..=*uid,
            UidSetMember::UidRange(range) => range.clone(),
        };
        for uid in range {
            if uids.len() >= limit || uid == 0 {
                return None;
            }
            uids.push(uid);
        }
    }
    Some(uids)
}

#[cfg(test)]
mod tests {
    use super::{CopyUid, MovePath, Moved, NoMove, UidSetMember, pair};
    use crate::imap::Capabilities;

    fn given(from: &[UidSetMember], to: &[UidSetMember], uids: &[u32]) -> Moved {
        let mut moved = Moved::default();
        pair(&mut moved, uids, &CopyUid { uidvalidity: 9, from: from.to_vec(), to: to.to_vec() });
        moved
    }

    #[test]
    fn sets_are_expanded_in_order_and_paired() {
        let moved = given(&[7.into(), (3..=4).into()], &[(20..=22).into()], &[3, 4, 7]);
        assert_eq!(moved.pairs.into_iter().collect::<Vec<_>>(), [(3, 21), (4, 22), (7, 20)]);
    }

    #[test]
    fn a_copyuid_that_does_not_fit_gives_no_pairs() {
        assert_eq!(given(&[(1..=u32::MAX).into()], &[(1..=u32::MAX).into()], &[1, 2]), Moved::default());
        assert_eq!(given(&[1.into(), 2.into()], &[8.into()], &[1, 2]), Moved::default());
        assert_eq!(given(&[5.into()], &[8.into()], &[1]), Moved::default());
        assert_eq!(given(&[0.into()], &[8.into()], &[0]), Moved::default());
        assert_eq!(given(&[1.into(), 2.into()], &[8.into(), 8.into()], &[1, 2]), Moved::default());
        assert_eq!(given(&[1.into(), 1.into()], &[8.into(), 9.into()], &[1, 2]), Moved::default());
    }

    #[test]
    fn a_second_copyuid_may_repeat_the_first_and_not_contradict_it() {
        let mut moved = Moved::default();
        for (from, to) in [(1, 8), (1, 8), (2, 8), (2, 9)] {
            let copyuid = CopyUid { uidvalidity: 9, from: vec![from.into()], to: vec![to.into()] };
            pair(&mut moved, &[1, 2], &copyuid);
        }
        assert_eq!(moved.pairs.into_iter().collect::<Vec<_>>(), [(1, 8), (2, 9)]);
    }

    #[test]
    fn gmail_is_never_copied() {
        let path = |list: &str| Capabilities::from_words(list.split(' ')).move_path();
        assert_eq!(path("IMAP4rev1 move UIDPLUS"), MovePath::Move);
        assert_eq!(path("IMAP4rev1 UidPlus"), MovePath::Copy);
        assert_eq!(path("IMAP4rev1 UIDPLUS X-GM-EXT-1"), MovePath::None(NoMove::Gmail));
        assert_eq!(path("IMAP4rev1 X-GM-EXT-1 MOVE"), MovePath::Move);
        assert_eq!(path("IMAP4rev1"), MovePath::None(NoMove::Neither));
    }
}
