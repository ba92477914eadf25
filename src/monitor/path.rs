//! The path of one batch of messages:
//!
//! fetch -> parse -> examine -> verdict -> action -> evidence (fsynced) -> move -> evidence of the outcome -> cursor

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use tracing::{info, warn};
use uuid::Uuid;

use super::Error;
use super::account::Account;
use super::assemble::{Assembler, REFUSED, Received};
use super::event::Event;
use super::judge::{Hit, Judged, Judgement, Keep, judge, not_judged};
use super::lessons::is_of_lessons;
use super::mailbox::Open;
use super::quarantine::{Intent, Quarantine};
use super::release::Freed;
use crate::evidence::{Entry, EvidenceId, Lesson, Position, canonical_digest, meta};
use crate::imap::{Session, Summary};
use crate::store::{Batch, Clean};
use crate::verdict::{Action, Level, Severity, decide};

impl Account {
    /// One batch, from the server to its settled place. `woke` is when the mail was noticed.
    pub(super) async fn handle(
        &mut self,
        session: &mut Session,
        at: &mut Open,
        quarantine: Option<&mut Quarantine>,
        batch: &[Summary],
        woke: Instant,
    ) -> Result<(), Error> {
        let quarantine = quarantine.filter(|_| !at.look_only);
        let judged = self.fetch_and_judge(session, at, batch, Keep::Hits).await?;
        self.beat();
        let released = self.find_released(session, at, quarantine.as_deref(), &judged).await?;
        let (commit, intents, events) = self.decide(at, quarantine.as_deref(), judged, &released)?;
        let taught = commit.entries.iter().any(is_of_lessons);
        self.store.commit(commit).await?;
        if taught {
            self.heed_lessons().await?;
        }
        let urgent = events.iter().any(is_urgent);
        for event in events {
            self.tell(event);
        }
        if urgent {
            self.second_look.notify_one();
            self.herald.notify_one();
        }
        if let Some(quarantine) = quarantine {
            self.settle(session, at, quarantine, intents, woke).await?;
        }
        Ok(())
    }

    /// Streams the bodies through the judging; octets of clean mail are dropped at once.
    pub(super) async fn fetch_and_judge(
        &mut self,
        session: &mut Session,
        at: &Open,
        batch: &[Summary],
        keep: Keep,
    ) -> Result<Vec<Judged>, Error> {
        // A lesson that was taken back a moment ago counts no more, wherever this task is.
        if self.stirred.has_changed().unwrap_or(false) {
            self.heed_lessons().await?;
        }
        let mut judged = Vec::with_capacity(batch.len());
        let watch = Arc::clone(&self.watch);
        let judging = Arc::clone(&self.judging);
        let by = (&*judging, watch.thresholds);
        self.bodies(session, at, batch, &mut |summary, received| {
            judged.push(match received {
                Received::Whole(octets) => judge(summary, octets, false, by, keep),
                Received::Head(octets) => judge(summary, octets, true, by, keep),
                Received::Missing(reason) => not_judged(summary, reason, &[]),
            });
        })
        .await?;
        Ok(judged)
    }

    /// Hands each message to `take`, whole where it came in parts. One that ends the connection again and again is
    /// missing in the end, and stops nobody.
    pub(super) async fn bodies(
        &mut self,
        session: &mut Session,
        at: &Open,
        batch: &[Summary],
        take: &mut (dyn FnMut(&Summary, Received<'_>) + Send),
    ) -> Result<(), Error> {
        let (out, wanted): (Vec<Summary>, Vec<Summary>) =
            batch.iter().cloned().partition(|summary| self.strikes.is_out(at, summary));
        for summary in &out {
            take(summary, Received::Missing("fetch-ends-connection"));
        }
        let mut came = BTreeSet::new();
        let mut refused = BTreeSet::new();
        let mut parts = Assembler::default();
        let ended = session
            .bodies(&wanted, &self.watch.limits, &mut |summary, body| {
                self.beat();
                parts.take(summary, body, |received| {
                    if received == Received::Missing(REFUSED) {
                        refused.insert(summary.uid);
                        return;
                    }
                    came.insert(summary.uid);
                    take(summary, received);
                });
            })
            .await;
        // One that is refused beside others that come is that message's own fault. Where none comes it is rather the
        // server's, which may be over soon (UNAVAILABLE, SERVERBUG): what is not judged now would never be.
        let passing = came.is_empty() && !refused.is_empty();
        let mut again = false;
        if ended.is_ok() {
            for summary in wanted.iter().filter(|summary| refused.contains(&summary.uid)) {
                if passing {
                    self.strikes.strike(at, summary);
                }
                if passing && !self.strikes.is_out(at, summary) {
                    again = true;
                } else {
                    came.insert(summary.uid);
                    take(summary, Received::Missing(REFUSED));
                }
            }
        }
        for summary in &wanted {
            if came.contains(&summary.uid) {
                self.strikes.forget(at, summary);
            } else if ended.is_err() {
                self.strikes.strike(at, summary);
            }
        }
        ended?;
        if again { Err(Error::NothingGiven) } else { Ok(()) }
    }

    /// What is to be written, what is to be moved, and what there is to tell.
    fn decide(
        &self,
        at: &mut Open,
        quarantine: Option<&Quarantine>,
        judged: Vec<Judged>,
        released: &[Freed],
    ) -> Result<(Batch, Vec<Intent>, Vec<Event>), Error> {
        let mut commit = Batch::default();
        let mut intents = Vec::new();
        let mut events = Vec::new();
        for message in judged {
            let position = at.position(self.name(), message.summary.uid);
            at.next_uid = at.next_uid.max(message.summary.uid.saturating_add(1));
            if let Some(freed) = released.iter().find(|freed| freed.uid == message.summary.uid) {
                self.enter_released(&mut commit, freed, &position, &message)?;
                events.push(Event::Released { position: position.clone(), id: freed.id });
                commit.clean.push(clean(position, &message));
                continue;
            }
            let Judged { summary, sha256, subject, outcome } = message;
            match outcome {
                Judgement::Clean(verdict) => {
                    commit.clean.push(Clean {
                        position: position.clone(),
                        sha256,
                        server_identity: summary.server_identity.clone(),
                    });
                    let verdict = Box::new(verdict);
                    events.push(Event::Judged { position, subject, verdict, action: Action::Keep, id: None });
                }
                Judgement::NotJudged { reason, octets } => {
                    events.push(Event::NotJudged { position: position.clone(), reason: reason.to_owned() });
                    self.enter_not_judged(&mut commit, position, &summary, reason, octets);
                }
                Judgement::Hit(hit) => {
                    let action = self.action(&hit, at, quarantine);
                    let id = EvidenceId(Uuid::now_v7());
                    self.enter(&mut commit, id, &position, &summary, &hit);
                    if let (Action::Quarantine, Some(quarantine)) = (action, quarantine) {
                        let intent = quarantine.intent(id, position.clone(), sha256, hit.octets.len());
                        commit.entries.push(intent.entry());
                        intents.push(intent);
                    }
                    commit.blobs.push(hit.octets);
                    let verdict = Box::new(hit.verdict);
                    events.push(Event::Judged { position, subject, verdict, action, id: Some(id) });
                }
            }
        }
        if !commit.entries.is_empty() {
            commit.entries.push(Entry::Cursor { position: at.position(self.name(), at.next_uid) });
        }
        commit.cursor = Some(at.position(self.name(), at.next_uid));
        Ok((commit, intents, events))
    }

    /// The release, and what it teaches: once, however often the same mail comes again.
    fn enter_released(
        &self,
        commit: &mut Batch,
        freed: &Freed,
        position: &Position,
        message: &Judged,
    ) -> Result<(), Error> {
        let identity = freed.identity.to_owned();
        commit.entries.push(Entry::Released { id: freed.id, position: position.clone(), identity });
        if let (true, Judgement::Hit(hit)) = (freed.first, &message.outcome) {
            self.learn(commit, freed.id, Lesson::Wanted, &hit.message)?;
        }
        Ok(())
    }

    /// The action of a hit, held back where a move cannot be made or proven.
    fn action(&self, hit: &Hit, at: &Open, quarantine: Option<&Quarantine>) -> Action {
        let action = decide(&hit.verdict, self.watch.mode);
        let can_move = !hit.partial && at.may_move && quarantine.is_some_and(Quarantine::can_move);
        if action == Action::Quarantine && !can_move { Action::Note } else { action }
    }

    /// Captured and judged, with the files they name.
    pub(super) fn enter(
        &self,
        commit: &mut Batch,
        id: EvidenceId,
        position: &Position,
        summary: &Summary,
        hit: &Hit,
    ) {
        let meta = meta(id, position, &hit.message, Some(&hit.verdict), hit.demand.as_ref());
        commit.entries.push(self.captured(id, position, summary, &hit.octets, &meta, hit.partial));
        commit.entries.push(Entry::Judged {
            id,
            level: hit.verdict.level,
            category: hit.verdict.category,
            severity: hit.verdict.severity,
            score: hit.verdict.score,
            findings: hit
                .verdict
                .findings
                .iter()
                .map(|finding| (finding.indicator.to_owned(), finding.weight))
                .collect(),
            context: self.context.0,
        });
        commit.metas.push((id, meta));
        self.name_contexts(commit);
    }

    /// The record of a message that was taken in.
    fn captured(
        &self,
        id: EvidenceId,
        position: &Position,
        summary: &Summary,
        octets: &[u8],
        meta: &[u8],
        partial: bool,
    ) -> Entry {
        Entry::Captured {
            id,
            position: position.clone(),
            sha256: crate::evidence::Digest::of(octets),
            size: octets.len() as u64,
            partial,
            internaldate: summary.internaldate.clone(),
            flags: summary.flags.clone(),
            rfc822_size: summary.size.map(u64::from),
            server_identity: summary.server_identity.clone(),
            canonical: canonical_digest(octets),
            meta_sha256: crate::evidence::Digest::of(meta),
            session: Some(self.peer.0),
        }
    }

    /// What every capture names: by what it is judged, and who gave it.
    fn name_contexts(&self, commit: &mut Batch) {
        if commit.contexts.is_empty() {
            commit.contexts.extend([self.context.1.clone(), self.peer.1.clone()]);
        }
    }

    /// What could not be judged, with the octets that came.
    pub(super) fn enter_not_judged(
        &self,
        commit: &mut Batch,
        position: Position,
        summary: &Summary,
        reason: &'static str,
        octets: Vec<u8>,
    ) {
        let id = (!octets.is_empty()).then(|| EvidenceId(Uuid::now_v7()));
        if let Some(id) = id {
            let meta = meta(id, &position, &crate::message::Message::default(), None, None);
            let partial = reason == "too-large";
            commit.entries.push(self.captured(id, &position, summary, &octets, &meta, partial));
            commit.metas.push((id, meta));
            commit.blobs.push(octets);
            self.name_contexts(commit);
        }
        commit.entries.push(Entry::NotJudged { id, position, reason: reason.to_owned() });
    }

    /// Logs without content, counts, and tells those who watch.
    fn tell(&self, event: Event) {
        match &event {
            Event::Judged { position, verdict, action, id, .. } => {
                self.pulse.judged(self.name());
                self.pulse.count(|counts| {
                    counts.judged = counts.judged.saturating_add(1);
                    if verdict.level == Level::Suspicious {
                        counts.suspicious = counts.suspicious.saturating_add(1);
                    }
                });
                if let Some(id) = id {
                    info!(
                        account = self.name(), uid = position.uid, level = ?verdict.level,
                        score = %verdict.score, action = ?action, evidence = %id, "judged"
                    );
                }
            }
            Event::NotJudged { position, reason } => {
                self.pulse.count(|counts| {
                    counts.not_judged = counts.not_judged.saturating_add(1);
                });
                warn!(account = self.name(), uid = position.uid, reason, "could not be judged; it stays");
            }
            Event::Released { position, id } => {
                info!(account = self.name(), uid = position.uid, evidence = %id, "released by the person; it stays");
            }
            _ => {}
        }
        self.observer.tell(event);
    }
}

/// A threat that cannot wait for the digest.
fn is_urgent(event: &Event) -> bool {
    matches!(event, Event::Judged { verdict, .. }
        if verdict.level == Level::Threat && verdict.severity == Some(Severity::Urgent))
}

fn clean(position: Position, message: &Judged) -> Clean {
    Clean { position, sha256: message.sha256, server_identity: message.summary.server_identity.clone() }
}
