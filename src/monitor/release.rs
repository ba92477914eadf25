//! What the person took out of quarantine: told from what was sent again, so that it is never moved again.

use std::collections::{BTreeMap, BTreeSet};

use super::Error;
use super::account::Account;
use super::judge::{Judged, Judgement};
use super::mailbox::Open;
use super::quarantine::Quarantine;
use crate::evidence::{EvidenceId, canonical_digest};
use crate::imap::Session;
use crate::store::{Identity, Known};

/// A message of a batch that the person had taken out of quarantine.
#[derive(Debug)]
pub(super) struct Freed {
    pub(super) uid: u32,
    /// The message that was in quarantine.
    pub(super) id: EvidenceId,
    /// By which identity it was known again.
    pub(super) identity: &'static str,
    /// True where this is the act itself, and not the same mail once more.
    pub(super) first: bool,
}

/// A message that was moved: UIDVALIDITY and UID there, where known.
type Moved<'k> = (&'k Known, u32, Option<u32>);

impl Account {
    /// Messages of a batch that the person had taken out of quarantine: strong identity equal,
    /// and the quarantined message gone. Anything weaker is a new delivery.
    pub(super) async fn find_released(
        &mut self,
        session: &mut Session,
        source: &mut Open,
        quarantine: Option<&Quarantine>,
        judged: &[Judged],
    ) -> Result<Vec<Freed>, Error> {
        let Some(quarantine) = quarantine else { return Ok(Vec::new()) };
        let mut released = Vec::new();
        for message in judged {
            let Judgement::Hit(hit) = &message.outcome else { continue };
            let summary = &message.summary;
            let mut identities = Vec::new();
            if let Some(identity) = &summary.server_identity {
                identities.push(("server", Identity::Server(identity.clone())));
            }
            identities.push(("sha256", Identity::Octets(message.sha256)));
            let canonical = canonical_digest(&hit.octets);
            identities.push(("canonical", Identity::Canonical(canonical, summary.internaldate.clone())));
            for (word, identity) in identities {
                let known = self.store.by_identity(self.name(), &identity).await?;
                let moved: Vec<&Known> =
                    known.iter().filter(|known| known.released || known.moved_to.is_some()).collect();
                if moved.is_empty() {
                    continue;
                }
                let before = moved.iter().find(|known| known.released).map(|known| known.id);
                let gone = match before {
                    // What was released once is never moved again, whatever has become of the quarantine since.
                    Some(id) => Some(id),
                    None => self.first_gone(session, quarantine, &moved, hit.octets.len() as u64).await?,
                };
                self.select(session, source).await?;
                if let Some(id) = gone {
                    let first = before.is_none();
                    released.push(Freed { uid: summary.uid, id, identity: word, first });
                }
                break;
            }
        }
        Ok(released)
    }

    /// The first of these messages that no longer stands in the quarantine mailbox that it was moved to. Where its UID is
    /// void (another UIDVALIDITY, or no UID was told), it is looked for by its octets. Leaves another mailbox selected.
    async fn first_gone(
        &self,
        session: &mut Session,
        quarantine: &Quarantine,
        moved: &[&Known],
        size: u64,
    ) -> Result<Option<EvidenceId>, Error> {
        let mut by_mailbox: BTreeMap<&str, Vec<Moved<'_>>> = BTreeMap::new();
        for known in moved {
            if let Some((name, uidvalidity, uid)) = &known.moved_to {
                by_mailbox.entry(name).or_default().push((known, *uidvalidity, *uid));
            }
        }
        for (name, all) in by_mailbox {
            self.beat();
            let mailbox = if name == quarantine.mailbox.name() {
                Some(quarantine.mailbox.clone())
            } else {
                session.find_mailbox(name).await?
            };
            let Some(mailbox) = mailbox else { return Ok(all.first().map(|(known, ..)| known.id)) };
            let now = session.examine(&mailbox).await?.uidvalidity;
            let valid: BTreeMap<u32, EvidenceId> = all
                .iter()
                .filter(|(_, uidvalidity, _)| *uidvalidity == now)
                .filter_map(|(known, _, uid)| Some(((*uid)?, known.id)))
                .collect();
            let there = session.present(&valid.keys().copied().collect::<Vec<_>>()).await?;
            if let Some((_, id)) = valid.iter().find(|(uid, _)| !there.contains(uid)) {
                return Ok(Some(*id));
            }
            let void: Vec<&Known> = all
                .iter()
                .filter(|(_, uidvalidity, uid)| *uidvalidity != now || uid.is_none())
                .map(|(known, ..)| *known)
                .collect();
            if void.is_empty() {
                continue;
            }
            let mut digests = self.digests_from(session, 1, &BTreeSet::from([size])).await?;
            for known in void {
                let uids = digests.entry(known.sha256).or_default();
                uids.retain(|uid| !valid.contains_key(uid));
                if uids.pop_first().is_none() {
                    return Ok(Some(known.id));
                }
            }
        }
        Ok(None)
    }
}
