//! What a record says of a message.

use jiff::Timestamp;

use super::{Gather, Key, Known, LOOK_BACK, MOST_EARLIER};
use crate::digest::day::{Action, Kind};
use crate::digest::draft::{Pending, Told};
use crate::evidence::{Entry, EvidenceId, Outcome, Record, internaldate};

impl Gather {
    /// What a record says of a message.
    pub(super) fn message(&mut self, record: &Record) {
        match &record.entry {
            Entry::Captured { id, position, sha256, internaldate: written, .. } => {
                self.captures.insert(*id, (position.clone(), internaldate(written), *sha256));
            }
            Entry::Judged { id, level, category, severity, score, findings, context } => {
                self.ruleset = Some(*context);
                let told = Told {
                    level: Some(*level),
                    category: *category,
                    severity: *severity,
                    score: Some(*score),
                    findings: findings.clone(),
                    not_judged: None,
                };
                self.judged(record, Key::Id(*id), Kind::Judged, &told);
            }
            Entry::NotJudged { id, position, reason } => {
                let told = Told { not_judged: Some(reason.clone()), ..Told::default() };
                let key = id.map_or_else(|| Key::Position(position.clone()), Key::Id);
                self.judged(record, key, Kind::NotJudged, &told);
            }
            Entry::Reported { id, .. } => {
                // It was judged for this, and is not counted among what came.
                if let Some(known) = self.known.get(&Key::Id(*id)).copied() {
                    self.count(|count| count.take_back(known.level, known.category));
                }
                self.quarantined.insert(*id);
                self.became(*id, |item| {
                    item.kind = Kind::Reported;
                    item.action = Action::MovedByUser;
                });
            }
            Entry::MoveIntent { id, destination, .. } if self.quarantined.contains(id) => {
                self.returning.insert(*id, destination.clone());
            }
            Entry::MoveIntent { id, destination, .. } => self.became(*id, |item| {
                item.action = Action::Pending;
                item.destination = Some(destination.clone());
            }),
            Entry::MoveResult { id, outcome, .. } => self.settled(*id, *outcome),
            Entry::Released { id, position, .. } => self.became(*id, |item| {
                item.action = Action::Released;
                item.returned = Some(position.mailbox.clone());
            }),
            Entry::Erased { id: Some(id), contents, .. } => {
                let octets = self.captures.get(id).map(|(.., sha256)| *sha256);
                let gone = octets.is_some_and(|octets| contents.contains(&octets));
                self.became(*id, |item| item.erased |= gone);
            }
            Entry::CaseAdded { case, ids } => {
                self.cases.extend(ids.iter().map(|id| (*id, *case)));
            }
            _ => {}
        }
    }

    /// The first word on a message puts it into a digest; a later one changes what stands there, or is a correction.
    fn judged(&mut self, record: &Record, key: Key, kind: Kind, told: &Told) {
        let Some(known) = self.known.get(&key).copied() else {
            let place = self.enter(record, &key, kind, told);
            self.known.insert(key, Known { level: told.level, category: told.category, place });
            return;
        };
        match known.place {
            Some(place) if self.is_current(place) => self.item(place, |item| {
                item.kind = kind;
                item.told = told.clone();
            }),
            _ if known.level != told.level => {
                let id = key.id();
                if let Some(draft) = self.draft() {
                    draft.corrected.push((record.seq, id, told.level));
                }
            }
            _ => {}
        }
        self.known.insert(key, Known { level: told.level, category: told.category, ..known });
    }

    /// Puts a message into the draft that takes records now. Where it stands in there; none where none does.
    fn enter(&mut self, record: &Record, key: &Key, kind: Kind, told: &Told) -> Option<(usize, usize)> {
        self.count(|count| count.add(told));
        let capture = key.id().and_then(|id| self.captures.get(&id));
        let position = match key {
            Key::Position(position) => Some(position.clone()),
            Key::Id(_) => capture.map(|(position, ..)| position.clone()),
        };
        let received = capture.and_then(|(_, received, _)| *received);
        let earlier = key.id().map(|id| self.earlier(id, record.at));
        let last = self.drafts.len().checked_sub(1)?;
        let draft = self.draft()?;
        draft.items.push(Pending {
            id: key.id(),
            kind,
            seq: record.seq,
            at: record.at,
            position,
            received,
            told: told.clone(),
            action: Action::Kept,
            destination: None,
            returned: None,
            erased: false,
        });
        if draft.earlier.is_empty() {
            draft.earlier = earlier.unwrap_or_default();
        }
        Some((last, draft.items.len().saturating_sub(1)))
    }

    /// Remembers a message for the days to come. Gives those of the days before where it is the first of its day.
    fn earlier(&mut self, id: EvidenceId, at: Timestamp) -> Vec<(EvidenceId, Timestamp)> {
        let earliest = at.checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
        while self.earlier.len() >= MOST_EARLIER || self.earlier.front().is_some_and(|(_, at)| *at < earliest)
        {
            self.earlier.pop_front();
        }
        let first = self.open
            && self.drafts.last().is_some_and(|draft| draft.items.iter().all(|item| item.id.is_none()));
        let before = if first { self.earlier.iter().copied().collect() } else { Vec::new() };
        self.earlier.push_back((id, at));
        before
    }

    fn is_current(&self, (draft, _): (usize, usize)) -> bool {
        self.open && self.drafts.len().checked_sub(1) == Some(draft)
    }

    fn item(&mut self, (draft, item): (usize, usize), change: impl FnOnce(&mut Pending)) {
        if let Some(item) = self.drafts.get_mut(draft).and_then(|draft| draft.items.get_mut(item)) {
            change(item);
        }
    }

    /// How a move ended. One out of quarantine that was not made leaves the message where it was said to be.
    fn settled(&mut self, id: EvidenceId, outcome: Outcome) {
        if let Some(to) = self.returning.get(&id).cloned() {
            if outcome == Outcome::Moved {
                self.quarantined.remove(&id);
                self.became(id, |item| {
                    item.action = Action::Released;
                    item.returned = Some(to);
                });
            }
            return;
        }
        if outcome == Outcome::Moved {
            self.quarantined.insert(id);
        }
        self.became(id, |item| {
            item.action = match outcome {
                Outcome::Moved => Action::Moved,
                Outcome::GoneByOther => Action::GoneByOther,
                Outcome::Refused => Action::Refused,
            }
        });
    }

    /// What became of a message, in whichever digest it stands.
    fn became(&mut self, id: EvidenceId, change: impl FnOnce(&mut Pending)) {
        if let Some(Known { place: Some(place), .. }) = self.known.get(&Key::Id(id)).copied() {
            self.item(place, change);
        }
    }

    /// Whether a message belongs to a digest before the one that takes records now.
    pub(super) fn is_earlier(&self, id: EvidenceId) -> bool {
        match self.known.get(&Key::Id(id)) {
            Some(Known { place: Some(place), .. }) => !self.is_current(*place),
            Some(_) => true,
            None => false,
        }
    }
}
