//! What the person asked for with `komainu quarantine release`: the message goes back to where it came from.
//!
//! A move like any other: announced in the record, made, and recorded as it ended. From the asking on the message is
//! released, whatever becomes of the move.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use tracing::{info, warn};

use super::Error;
use super::account::Account;
use super::mailbox::Open;
use super::quarantine::{Intent, Quarantine, is_refused};
use super::settled::Settled;
use crate::evidence::{Lesson, Method, Position};
use crate::imap::{Mailbox, MovePath, Session};
use crate::message::Message;
use crate::store::{Asked, Batch};

/// Where mail goes whose own mailbox is not there any more.
const INBOX: &str = "INBOX";

impl Account {
    /// Does what was asked for and not tried yet. Leaves another mailbox selected.
    pub(super) async fn give_back(&mut self, session: &mut Session) -> Result<(), Error> {
        let asked = self.store.releases(self.name()).await?;
        if asked.is_empty() {
            return Ok(());
        }
        if !self.may_move() || matches!(session.move_path(), MovePath::None(_)) {
            let why = if self.may_move() {
                "a release was asked for, and the server offers no safe way to move: drag the message back by hand"
            } else {
                "a release was asked for, and this account only observes: drag the message back by hand"
            };
            self.pulse.went_wrong(self.name(), why.to_owned());
            warn!(account = self.name(), messages = asked.len(), "{why}");
            return Ok(());
        }
        let mut by_mailbox: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
        for one in asked {
            by_mailbox.entry(one.mailbox.clone()).or_default().push(one);
        }
        for (name, asked) in by_mailbox {
            info!(account = self.name(), messages = asked.len(), "moving back what the person asked for");
            match self.give_back_from(session, &name, asked).await {
                // One mailbox that is closed to us must not keep the account from being watched.
                Err(Error::Imap(error)) if is_refused(&error) => {
                    warn!(account = self.name(), %error, "what was asked for cannot be moved back now");
                    self.pulse.went_wrong(self.name(), format!("a release was asked for: {error}"));
                }
                other => other?,
            }
        }
        self.heed_lessons().await
    }

    async fn give_back_from(
        &mut self,
        session: &mut Session,
        name: &str,
        asked: Vec<Asked>,
    ) -> Result<(), Error> {
        self.beat();
        let path = session.move_path();
        let Some(mut source) = self.source(session, name).await? else {
            // The mailbox is gone, and what stood there with it.
            return self.settle_without_a_move(&asked, Settled::gone).await;
        };
        let (standing, gone) = self.stand_there(session, &source, asked).await?;
        self.settle_without_a_move(&gone, Settled::gone).await?;
        if !source.may_move {
            let all: Vec<Asked> = standing.into_iter().map(|(one, _)| one).collect();
            return self.settle_without_a_move(&all, |intent| Settled::refused(intent, "read-only")).await;
        }
        let mut by_destination: BTreeMap<String, Vec<(Asked, u32)>> = BTreeMap::new();
        for (one, uid) in standing {
            // What the person put there themselves came from wherever they took it.
            let to = if one.came_in == name { INBOX } else { &one.came_in };
            by_destination.entry(to.to_owned()).or_default().push((one, uid));
        }
        for (to, all) in by_destination {
            let mut destination = self.destination(session, &to, path).await?;
            let mut intents = Vec::new();
            let mut commit = Batch::default();
            for (one, uid) in &all {
                let intent = destination.intent_back(one, source.position(self.name(), *uid));
                self.learn_from(&mut commit, one).await?;
                commit.entries.push(intent.entry());
                intents.push(intent);
            }
            self.store.commit(commit).await?;
            self.select(session, &mut source).await?;
            self.settle(session, &mut source, &mut destination, intents, Instant::now()).await?;
        }
        Ok(())
    }

    /// The mailbox that messages are to be moved out of, selected; none where it is not there.
    pub(super) async fn source(&self, session: &mut Session, name: &str) -> Result<Option<Open>, Error> {
        let Some(mailbox) = session.find_mailbox(name).await? else { return Ok(None) };
        let selected = match session.select(&mailbox).await {
            Ok(selected) => selected,
            Err(error) if error.code() == Some("NONEXISTENT") => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(Open {
            mailbox,
            uidvalidity: selected.uidvalidity,
            start_uid: 1,
            next_uid: 1,
            may_move: !selected.read_only && !selected.uid_not_sticky,
            look_only: false,
        }))
    }

    /// Under which UID each stands in the selected mailbox; and those that stand there no more.
    async fn stand_there(
        &mut self,
        session: &mut Session,
        source: &Open,
        asked: Vec<Asked>,
    ) -> Result<(Vec<(Asked, u32)>, Vec<Asked>), Error> {
        let valid = |one: &Asked| one.uid.filter(|_| one.uidvalidity == source.uidvalidity);
        let uids: Vec<u32> = asked.iter().filter_map(valid).collect();
        let present = session.present(&uids).await?;
        let mut standing = Vec::new();
        let mut gone = Vec::new();
        let mut unknown = Vec::new();
        for one in asked {
            match valid(&one) {
                Some(uid) if present.contains(&uid) => standing.push((one, uid)),
                Some(_) => gone.push(one),
                None => unknown.push(one),
            }
        }
        if unknown.is_empty() {
            return Ok((standing, gone));
        }
        // Numbered anew, or moved there by a server that tells no UIDs: known by its octets, where no other message of the
        // record is known to stand under that UID.
        let sizes: BTreeSet<u64> = unknown.iter().map(|one| one.size).collect();
        let mut digests = self.digests_from(session, 1, &sizes).await?;
        let taken: BTreeSet<u32> =
            self.store.moved_in(&source.position(self.name(), 1)).await?.into_iter().collect();
        for one in unknown {
            let free = digests.get_mut(&one.sha256).and_then(|uids| {
                uids.iter().copied().find(|uid| !taken.contains(uid)).inspect(|uid| {
                    uids.remove(uid);
                })
            });
            match free {
                Some(uid) => standing.push((one, uid)),
                None => gone.push(one),
            }
        }
        Ok((standing, gone))
    }

    /// Where messages go back to. A mailbox that is not there any more is not made again: the inbox takes its place.
    pub(super) async fn destination(
        &self,
        session: &mut Session,
        name: &str,
        path: MovePath,
    ) -> Result<Quarantine, Error> {
        let mailbox = session.find_mailbox(name).await?.unwrap_or_else(Mailbox::inbox);
        let status = session.status(&mailbox).await?;
        let uidvalidity = status.uidvalidity.ok_or(Error::NoUidvalidity)?;
        let uidnext = match status.uidnext {
            Some(uidnext) => uidnext,
            None => session.uid_next(&mailbox).await?,
        };
        Ok(Quarantine { mailbox, uidvalidity, uidnext, path, is_made: false })
    }

    /// Ends requests for which nothing can be sent: announced and ended at once, so that the record says how.
    async fn settle_without_a_move(
        &mut self,
        asked: &[Asked],
        how: impl Fn(&Intent) -> Settled,
    ) -> Result<(), Error> {
        if asked.is_empty() {
            return Ok(());
        }
        let mut commit = Batch::default();
        let mut settled = Vec::new();
        for one in asked {
            let intent = nowhere(self.name(), one);
            self.learn_from(&mut commit, one).await?;
            commit.entries.push(intent.entry());
            settled.push(how(&intent));
        }
        commit.entries.extend(settled.iter().map(Settled::entry));
        self.store.commit(commit).await?;
        for one in settled {
            self.tell_settled(one, Instant::now().elapsed());
        }
        Ok(())
    }

    /// What the release of a message teaches, once.
    async fn learn_from(&mut self, commit: &mut Batch, one: &Asked) -> Result<(), Error> {
        if one.erased {
            return Ok(());
        }
        if let Some(octets) = self.store.blob(one.sha256).await? {
            let fenced = std::panic::AssertUnwindSafe(|| Message::parse(&octets));
            if let Ok(message) = std::panic::catch_unwind(fenced) {
                self.learn(commit, one.id, Lesson::Wanted, &message)?;
            }
        }
        Ok(())
    }
}

/// The announcement of a move that is not made: of a message that stands there no more, or may not be moved.
fn nowhere(account: &str, one: &Asked) -> Intent {
    Intent {
        id: one.id,
        position: Position {
            account: account.to_owned(),
            mailbox: one.mailbox.clone(),
            uidvalidity: one.uidvalidity,
            uid: one.uid.unwrap_or(0),
        },
        method: Method::Move,
        destination: if one.came_in == one.mailbox { INBOX.to_owned() } else { one.came_in.clone() },
        destination_uidvalidity: 0,
        destination_uidnext: 0,
        copied: None,
        sha256: one.sha256,
        size: one.size,
        back: true,
    }
}
