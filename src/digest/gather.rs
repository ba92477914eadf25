//! [`Gather`]: takes the chain record by record, and gives a [`Draft`] for each day that was asked for.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use memchr::memmem;

use super::day::{Action, Kind, Scope};
use super::draft::{Count, Draft, Gap, Pending, Told};
use super::period::Period;
use crate::evidence::{CaseId, Digest, Entry, EvidenceId, Outcome, Position, Record, Refetch, internaldate};
use crate::verdict::Level;

/// A sender's earlier mail is looked for so far back.
pub const LOOK_BACK: SignedDuration = SignedDuration::from_hours(90 * 24);
/// So many messages of earlier days are kept for that, the latest.
const MOST_EARLIER: usize = 1_000;

/// Actions that carry nothing from one day to another; half of a chain and more.
const OF_ITS_DAY: [&str; 3] =
    ["\"event.action\":\"cursor\"", "\"event.action\":\"heartbeat\"", "\"event.action\":\"view\""];

/// Where the first digest begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// At this record: where the digest before ended.
    Record(u64),
    /// At the first record of that time or later.
    Time(Timestamp),
}

/// A message by its evidence id, or, where no octets came, by where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Id(EvidenceId),
    Position(Position),
}

/// What became of a message, and in which draft it is; none: in an earlier digest.
#[derive(Debug, Clone, Copy)]
struct Known {
    level: Option<Level>,
    place: Option<(usize, usize)>,
}

/// Puts days together from the records of the chain, which are to be taken in order, from the first on, to its end: what
/// lies before the first day says who is known already, what comes after the last one how things went on. Linear.
#[derive(Debug)]
pub struct Gather {
    zone: TimeZone,
    now: Timestamp,
    from: From,
    scope: Scope,
    waiting: VecDeque<Period>,
    drafts: Vec<Draft>,
    /// The last draft still takes records.
    open: bool,
    known: HashMap<Key, Known>,
    captures: HashMap<EvidenceId, (Position, Option<Timestamp>, Digest)>,
    cases: HashMap<EvidenceId, CaseId>,
    earlier: VecDeque<(EvidenceId, Timestamp)>,
    month: BTreeMap<Date, Count>,
    /// The day to which records before the first digest are counted.
    running: Option<Period>,
    gaps: Vec<Gap>,
    ruleset: Option<Digest>,
    records: u64,
}

impl Gather {
    /// Days that are due ([`super::due`]), ascending; `now` is when they are put together.
    pub fn days(zone: &TimeZone, now: Timestamp, first_seq: u64, days: Vec<Period>) -> Self {
        Self::new(zone, now, From::Record(first_seq), Scope::Day, days)
    }

    /// What there is from a point on until now, which is looked at and not written.
    pub fn look(zone: &TimeZone, now: Timestamp, from: From, scope: Scope, period: Period) -> Self {
        Self::new(zone, now, from, scope, vec![period])
    }

    fn new(zone: &TimeZone, now: Timestamp, from: From, scope: Scope, days: Vec<Period>) -> Self {
        Self {
            zone: zone.clone(),
            now,
            from,
            scope,
            waiting: days.into(),
            drafts: Vec::new(),
            open: false,
            known: HashMap::new(),
            captures: HashMap::new(),
            cases: HashMap::new(),
            earlier: VecDeque::new(),
            month: BTreeMap::new(),
            running: None,
            gaps: Vec::new(),
            ruleset: None,
            records: 0,
        }
    }

    /// Takes the next line of the chain. One that this version cannot read is counted.
    pub fn take_line(&mut self, seq: u64, line: &str) {
        self.records = seq.saturating_add(1);
        // A quotation mark inside a JSON string is escaped, so that these stand nowhere else.
        let named = |words: &[&str]| {
            words.iter().any(|word| memmem::find(line.as_bytes(), word.as_bytes()).is_some())
        };
        if named(&OF_ITS_DAY) {
            if let Some(at) = time_of(line) {
                self.reach(seq, at);
            }
            return;
        }
        if let Ok(record) = Record::from_line(line) {
            self.take(&record);
        }
    }

    /// Takes the next record of the chain.
    pub fn take(&mut self, record: &Record) {
        self.records = record.seq.saturating_add(1);
        self.reach(record.seq, record.at);
        self.message(record);
        self.of_day(record);
    }

    /// The chain has ended. Every day that was asked for, ascending.
    pub fn finish(mut self) -> Vec<Draft> {
        while !self.waiting.is_empty() {
            self.begin(self.records);
        }
        if let Some(last) = self.drafts.last_mut().filter(|_| self.open) {
            last.next = self.records;
        }
        let began = self.drafts.first().map(|draft| draft.period.start);
        for draft in &mut self.drafts {
            draft.told(&self.gaps, &self.month, &self.cases, began);
        }
        self.drafts
    }

    /// Ends the days that end before this record, and begins those that begin with it.
    fn reach(&mut self, seq: u64, at: Timestamp) {
        if self.drafts.is_empty() {
            let begins = match self.from {
                From::Record(first) => seq >= first,
                From::Time(first) => at >= first,
            };
            if begins {
                self.begin(seq);
            } else if self.running.is_none_or(|day| day.ends_before(at, self.now)) {
                self.running = Period::at(at, &self.zone);
            }
        }
        while self.open && self.drafts.last().is_some_and(|draft| draft.period.ends_before(at, self.now)) {
            if self.waiting.is_empty() {
                self.open = false;
                if let Some(last) = self.drafts.last_mut() {
                    last.next = seq;
                }
            } else {
                self.begin(seq);
            }
        }
    }

    /// Begins the next day with this record.
    fn begin(&mut self, seq: u64) {
        if let Some(last) = self.drafts.last_mut() {
            last.next = seq;
        }
        let Some(period) = self.waiting.pop_front() else { return };
        self.drafts.push(Draft::new(self.scope, period, seq, self.now, &self.zone));
        self.open = true;
    }

    /// The draft that takes records now.
    fn draft(&mut self) -> Option<&mut Draft> {
        if self.open { self.drafts.last_mut() } else { None }
    }

    /// The day to which a record counts in the month.
    fn today(&self) -> Option<Date> {
        match self.drafts.last() {
            Some(draft) => self.open.then_some(draft.period.date),
            None => self.running.map(|day| day.date),
        }
    }

    fn count(&mut self, add: impl FnOnce(&mut Count)) {
        if let Some(date) = self.today() {
            add(self.month.entry(date).or_default());
        }
    }

    /// What a record says of a message.
    fn message(&mut self, record: &Record) {
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
                self.judged(record, Key::Id(*id), Kind::Judged, told);
            }
            Entry::NotJudged { id, position, reason } => {
                let told = Told { not_judged: Some(reason.clone()), ..Told::default() };
                let key = id.map_or_else(|| Key::Position(position.clone()), Key::Id);
                if id.is_none() {
                    self.judged_at(record, key, position.clone(), told);
                } else {
                    self.judged(record, key, Kind::NotJudged, told);
                }
            }
            Entry::Reported { id, .. } => self.became(*id, |item| {
                item.kind = Kind::Reported;
                item.action = Action::MovedByUser;
            }),
            Entry::MoveIntent { id, .. } => self.became(*id, |item| item.action = Action::Pending),
            Entry::MoveResult { id, outcome, .. } => self.became(*id, |item| {
                item.action = match outcome {
                    Outcome::Moved => Action::Moved,
                    Outcome::GoneByOther => Action::GoneByOther,
                    Outcome::Refused => Action::Refused,
                }
            }),
            Entry::Released { id, position, .. } => self.became(*id, |item| {
                item.action = Action::Released;
                item.folder = Some(position.mailbox.clone());
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
        if let Entry::MoveIntent { id, destination, .. } = &record.entry {
            self.became(*id, |item| item.folder = Some(destination.clone()));
        }
    }

    /// The first word on a message puts it into a digest; a later one changes what stands there, or is a correction.
    fn judged(&mut self, record: &Record, key: Key, kind: Kind, told: Told) {
        let capture = match &key {
            Key::Id(id) => self.captures.get(id).cloned(),
            Key::Position(position) => Some((position.clone(), None, Digest::ZERO)),
        };
        let (position, received) =
            capture.map_or_else(|| (None, None), |(position, received, _)| (Some(position), received));
        let id = match &key {
            Key::Id(id) => Some(*id),
            Key::Position(_) => None,
        };
        match self.known.get(&key).copied() {
            Some(Known { place: Some(place), .. }) if self.is_current(place) => {
                self.item(place, |item| {
                    item.kind = kind;
                    item.told = told.clone();
                });
            }
            Some(known) => {
                if known.level != told.level
                    && let Some(draft) = self.draft()
                {
                    draft.corrected.push((record.seq, id, told.level));
                }
                self.known.insert(key, Known { level: told.level, ..known });
                return;
            }
            None => {
                self.enter(record, id, kind, position, received, told.clone());
                let place = self
                    .drafts
                    .len()
                    .checked_sub(1)
                    .filter(|_| self.open)
                    .and_then(|draft| Some((draft, self.drafts.get(draft)?.items.len().checked_sub(1)?)));
                self.known.insert(key, Known { level: told.level, place });
                return;
            }
        }
        if let Some(known) = self.known.get_mut(&key) {
            known.level = told.level;
        }
    }

    fn judged_at(&mut self, record: &Record, key: Key, position: Position, told: Told) {
        debug_assert_eq!(key, Key::Position(position));
        self.judged(record, key, Kind::NotJudged, told);
    }

    fn enter(
        &mut self,
        record: &Record,
        id: Option<EvidenceId>,
        kind: Kind,
        position: Option<Position>,
        received: Option<Timestamp>,
        told: Told,
    ) {
        self.count(|count| count.add(&told));
        let (seq, at) = (record.seq, record.at);
        if let Some(draft) = self.draft() {
            draft.items.push(Pending {
                id,
                kind,
                seq,
                at,
                folder: position.as_ref().map(|position| position.mailbox.clone()),
                position,
                received,
                told,
                action: Action::Kept,
                erased: false,
            });
        }
        if let Some(id) = id {
            let earliest = at.checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
            while self.earlier.len() >= MOST_EARLIER
                || self.earlier.front().is_some_and(|(_, at)| *at < earliest)
            {
                self.earlier.pop_front();
            }
            if let Some(draft) = self.drafts.last_mut().filter(|_| self.open)
                && draft.earlier.is_empty()
                && draft.items.len() == 1
            {
                draft.earlier = self.earlier.iter().copied().collect();
            }
            self.earlier.push_back((id, at));
        }
    }

    fn is_current(&self, (draft, _): (usize, usize)) -> bool {
        self.open && self.drafts.len().checked_sub(1) == Some(draft)
    }

    fn item(&mut self, (draft, item): (usize, usize), change: impl FnOnce(&mut Pending)) {
        if let Some(item) = self.drafts.get_mut(draft).and_then(|draft| draft.items.get_mut(item)) {
            change(item);
        }
    }

    /// What became of a message, in whichever digest it stands.
    fn became(&mut self, id: EvidenceId, change: impl FnOnce(&mut Pending)) {
        if let Some(Known { place: Some(place), .. }) = self.known.get(&Key::Id(id)).copied() {
            self.item(place, change);
        }
    }

    /// Whether a message belongs to a digest before the one that takes records now.
    fn is_earlier(&self, id: EvidenceId) -> bool {
        match self.known.get(&Key::Id(id)) {
            Some(Known { place: Some(place), .. }) => !self.is_current(*place),
            Some(_) => true,
            None => false,
        }
    }

    /// What a record says of the day in which it was written.
    fn of_day(&mut self, record: &Record) {
        let (seq, at) = (record.seq, record.at);
        if let Entry::ScanBatch { clean, .. } = &record.entry {
            self.count(|count| count.clean = count.clean.saturating_add(*clean));
        }
        if let Entry::WatchGap { account, from, until, reason } = &record.entry
            && !self.drafts.is_empty()
        {
            let taker = self.open.then_some(self.drafts.len().saturating_sub(1));
            self.gaps.push(Gap {
                seq,
                account: account.clone(),
                from: *from,
                until: *until,
                reason: reason.clone(),
                taker,
            });
        }
        let earlier = match &record.entry {
            Entry::MoveResult { id, .. } | Entry::Refetched { id, .. } => self.is_earlier(*id),
            _ => false,
        };
        let ruleset = self.ruleset;
        let Some(draft) = self.draft() else { return };
        draft.ruleset = ruleset;
        match &record.entry {
            Entry::ScanBatch { account, clean, .. } => {
                draft.clean = draft.clean.saturating_add(*clean);
                let (messages, last) = draft.accounts.entry(account.clone()).or_default();
                *messages = messages.saturating_add(*clean);
                *last = (*last).max(Some(at));
            }
            Entry::ServiceStart { synchronised, .. } => {
                draft.synchronised = *synchronised;
            }
            Entry::ClockStep { step_ms } => draft.step(*step_ms),
            Entry::Recovery { what, .. } => draft.fault("recovery", Some(what), at),
            Entry::MoveResult { id, outcome, reason, .. } => {
                if *outcome == Outcome::Refused {
                    draft.fault("move-refused", reason.as_deref(), at);
                }
                if earlier {
                    draft.later(seq, at, "move-result", Some(word(*outcome)), Some(*id));
                }
            }
            Entry::Refetched { id, found, .. } => {
                let found = match found {
                    Refetch::Different => "different",
                    Refetch::Gone => "gone",
                    Refetch::Same | Refetch::Reserialised => return,
                };
                draft.fault("refetch-verified", Some(found), at);
                if earlier {
                    draft.later(seq, at, "refetch-verified", Some(found), Some(*id));
                }
            }
            Entry::Witness { kind, size, .. } => draft.witness(kind, *size, at),
            Entry::Released { id, .. } => draft.act(seq, at, "release", None, Some(*id), None),
            Entry::Reported { id, .. } => draft.act(seq, at, "report", None, Some(*id), None),
            Entry::Erased { id, reason, .. } if reason == "asked" => {
                draft.act(seq, at, "evidence-erased", Some(reason), *id, None);
            }
            Entry::CaseOpened { case, .. } => draft.act(seq, at, "case-opened", None, None, Some(*case)),
            Entry::CaseAdded { case, .. } => draft.act(seq, at, "case-added", None, None, Some(*case)),
            Entry::CaseNote { case, .. } => draft.act(seq, at, "case-note", None, None, Some(*case)),
            Entry::CaseHeld { case, held } => {
                let held = if *held { "on" } else { "off" };
                draft.act(seq, at, "case-held", Some(held), None, Some(*case));
            }
            Entry::Exported { case, variant, .. } => {
                draft.act(seq, at, "export", Some(variant), None, Some(*case));
            }
            _ => {}
        }
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Moved => "moved",
        Outcome::GoneByOther => "gone-by-other",
        Outcome::Refused => "refused",
    }
}

/// The time of a line, read without reading the whole of it.
fn time_of(line: &str) -> Option<Timestamp> {
    let (_, rest) = line.split_once("\"@timestamp\":\"")?;
    rest.split_once('"')?.0.parse().ok()
}
