//! What the person moved into quarantine themselves: their word that it is a threat. It is taken into the record, judged
//! as any message is, and stays where they put it.

use std::collections::BTreeSet;

use tracing::info;
use uuid::Uuid;

use super::Error;
use super::account::Account;
use super::event::Event;
use super::judge::{Judged, Judgement, Keep};
use super::lessons::is_of_lessons;
use super::mailbox::Open;
use super::quarantine::Quarantine;
use crate::evidence::{Entry, EvidenceId, Lesson};
use crate::imap::{SUMMARIES_MAX, Session};
use crate::store::{Batch, Identity};

/// Messages that are taken in at once.
const AT_ONCE: usize = 50;

impl Account {
    /// Takes in what stands in the quarantine mailbox and was not moved there by us. What was there before it was first
    /// looked at is nobody's report. Leaves another mailbox selected.
    pub(super) async fn take_reports(
        &mut self,
        session: &mut Session,
        quarantine: &Quarantine,
    ) -> Result<(), Error> {
        self.beat();
        let status = match session.status(&quarantine.mailbox).await {
            Err(error) if error.keeps_connection() => return Ok(()),
            status => status?,
        };
        let (Some(uidvalidity), Some(uidnext)) = (status.uidvalidity, status.uidnext) else { return Ok(()) };
        let mut open = Open {
            mailbox: quarantine.mailbox.clone(),
            uidvalidity,
            start_uid: uidnext,
            next_uid: uidnext,
            may_move: false,
            look_only: false,
        };
        let position = open.position(self.name(), uidnext);
        match self.store.watched(self.name(), open.mailbox.name()).await? {
            Some(watched) if watched.cursor.uidvalidity == uidvalidity => {
                open.next_uid = watched.cursor.uid;
            }
            before => {
                let entry = match before {
                    None => Entry::WatchStart { position: position.clone() },
                    Some(watched) => Entry::UidvalidityChanged {
                        position: position.clone(),
                        was: watched.cursor.uidvalidity,
                    },
                };
                let batch = Batch { entries: vec![entry], cursor: Some(position), ..Batch::default() };
                return Ok(self.store.commit(batch).await?);
            }
        }
        if open.next_uid >= uidnext || session.examine(&open.mailbox).await?.uidvalidity != uidvalidity {
            return Ok(());
        }
        let mut new = session.summaries(open.next_uid, None).await?;
        // A look is bounded; the next one goes on where this one ended.
        let past = match new.last() {
            Some(last) if new.len() >= SUMMARIES_MAX => last.uid.saturating_add(1),
            _ => uidnext,
        };
        let at = open.position(self.name(), open.next_uid);
        let known: BTreeSet<u32> = self.store.moved_in(&at).await?.into_iter().collect();
        let handled: BTreeSet<u32> = self.store.handled(&at, open.next_uid).await?.into_iter().collect();
        new.retain(|summary| {
            !summary.deleted && !known.contains(&summary.uid) && !handled.contains(&summary.uid)
        });
        for some in new.chunks(AT_ONCE) {
            let judged = self.fetch_and_judge(session, &open, some, Keep::All).await?;
            for message in judged {
                self.take_report(&open, message).await?;
            }
        }
        let next = open.position(self.name(), past);
        let batch = Batch { cursor: Some(next), ..Batch::default() };
        Ok(self.store.commit(batch).await?)
    }

    async fn take_report(&mut self, open: &Open, message: Judged) -> Result<(), Error> {
        let Judged { summary, sha256, outcome, .. } = message;
        let position = open.position(self.name(), summary.uid);
        let known = self.store.by_identity(self.name(), &Identity::Octets(sha256)).await?;
        // Ours, moved on a server that tells no UIDs.
        let ours = known.iter().any(|known| {
            !known.released
                && known
                    .moved_to
                    .as_ref()
                    .is_some_and(|(mailbox, _, uid)| uid.is_none() && mailbox == open.mailbox.name())
        });
        if ours {
            return Ok(());
        }
        let mut commit = Batch::default();
        match outcome {
            Judgement::Hit(hit) => {
                let id = EvidenceId(Uuid::now_v7());
                self.enter(&mut commit, id, &position, &summary, &hit);
                commit.entries.push(Entry::Reported { id, position: position.clone() });
                self.learn(&mut commit, id, Lesson::Unwanted, &hit.message)?;
                commit.blobs.push(hit.octets);
                info!(account = self.name(), uid = position.uid, evidence = %id, "reported by the person");
                self.observer.tell(Event::Reported { position, id });
            }
            Judgement::NotJudged { reason, octets } => {
                self.enter_not_judged(&mut commit, position, &summary, reason, octets);
            }
            Judgement::Clean(_) => return Ok(()),
        }
        let taught = commit.entries.iter().any(is_of_lessons);
        self.store.commit(commit).await?;
        if taught { self.heed_lessons().await } else { Ok(()) }
    }
}
