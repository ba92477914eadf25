//! What the person's acts teach: a release and a report, about a sender whom a trusted result names, and nobody else.

use std::sync::Arc;

use tracing::info;

use super::Error;
use super::account::Account;
use crate::evidence::{Digest, Entry, EvidenceId, Lesson, SenderNote, context};
use crate::indicator::{Context, Decision, Learned, vouched};
use crate::message::Message;
use crate::store::{Batch, salt};

impl Account {
    /// Judges by the lessons that stand from here on.
    pub(super) async fn heed_lessons(&mut self) -> Result<(), Error> {
        let standing = self.store.lessons(self.name()).await?;
        self.taught = standing.iter().map(|taught| (taught.id, taught.lesson)).collect();
        let learned = Learned::of(standing.into_iter().filter_map(|taught| {
            let says = match taught.lesson {
                Lesson::Wanted => Decision::Allow,
                Lesson::Unwanted => Decision::Block,
            };
            Some((taught.sha256.to_string(), taught.sender?.sender, says))
        }));
        if learned != self.judging.learned {
            let judging = Context { learned, ..(*self.judging).clone() };
            let octets = context(&judging, &self.watch.thresholds);
            self.context = (Digest::of(&octets), octets);
            self.judging = Arc::new(judging);
        }
        Ok(())
    }

    /// Adds what an act teaches to the batch that records it, once a message. Nothing where no trusted result names the
    /// sender: then anybody may have written it. Whoever takes out again what they put in takes only that back.
    pub(super) fn learn(
        &self,
        commit: &mut Batch,
        id: EvidenceId,
        lesson: Lesson,
        message: &Message,
    ) -> Result<(), Error> {
        let said = |entry: &Entry| matches!(entry, Entry::Learned { id: of, .. } | Entry::Unlearned { id: of } if *of == id);
        match self.taught.get(&id) {
            _ if commit.entries.iter().any(said) => return Ok(()),
            Some(before) if *before == lesson => return Ok(()),
            Some(_) => {
                commit.entries.push(Entry::Unlearned { id });
                return Ok(());
            }
            None => {}
        }
        let Some(author) = vouched(message, &self.judging.authserv_ids) else {
            info!(account = self.name(), evidence = %id, "nothing is learned: no trusted result names the sender");
            return Ok(());
        };
        let note = SenderNote { salt: salt()?, sender: author.address, domain: author.domain }.to_octets();
        commit.entries.push(Entry::Learned { id, lesson, sha256: Digest::of(&note) });
        commit.notes.push(note);
        info!(account = self.name(), evidence = %id, ?lesson, "learned of an authenticated sender");
        Ok(())
    }
}

/// True where an entry changes what is learned.
pub(super) fn is_of_lessons(entry: &Entry) -> bool {
    matches!(entry, Entry::Learned { .. } | Entry::Unlearned { .. })
}
