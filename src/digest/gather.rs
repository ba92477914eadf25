//! [`Gather`]: takes the chain record by record, and gives a [`Draft`] for each day that was asked for.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use memchr::memmem;

use super::day::{Action, Kind, Scope};
use super::draft::{Count, Draft, Gap, Pending, Told};
use super::period::Period;
use crate::evidence::{
    Appended, CaseId, Digest, Entry, EvidenceId, Lesson, Outcome, Position, Record, Refetch, internaldate,
};
use crate::indicator::Category;
use crate::verdict::Level;

/// A sender's earlier mail is looked for so far back.
pub const LOOK_BACK: SignedDuration = SignedDuration::from_hours(90 * 24);
/// So many messages of earlier days are kept for that, the latest.
const MOST_EARLIER: usize = 1_000;

/// Without a record for so long the service does not run: its heartbeat is hourly.
const SILENT: SignedDuration = SignedDuration::from_mins(90);

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

impl Key {
    fn id(&self) -> Option<EvidenceId> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Position(_) => None,
        }
    }
}

/// What became of a message, and in which draft it is; none: in an earlier digest.
#[derive(Debug, Clone, Copy)]
struct Known {
    level: Option<Level>,
    category: Option<Category>,
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
    /// What stands in quarantine, by the record.
    quarantined: HashSet<EvidenceId>,
    /// What is being moved out of it, as the person asked, and to where.
    returning: HashMap<EvidenceId, String>,
    cases: HashMap<EvidenceId, CaseId>,
    earlier: VecDeque<(EvidenceId, Timestamp)>,
    month: BTreeMap<Date, Count>,
    /// The day to which records before the first digest are counted.
    running: Option<Period>,
    gaps: Vec<Gap>,
    ruleset: Option<Digest>,
    records: u64,
    /// Time of the first and of the last record.
    span: Option<(Timestamp, Timestamp)>,
    /// The service stopped in order, and did not start again.
    stopped: Option<Timestamp>,
    /// The record of the digest before the first one: what came before it was known to that one.
    written_before: Option<u64>,
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
            quarantined: HashSet::new(),
            returning: HashMap::new(),
            cases: HashMap::new(),
            earlier: VecDeque::new(),
            month: BTreeMap::new(),
            running: None,
            gaps: Vec::new(),
            ruleset: None,
            records: 0,
            span: None,
            stopped: None,
            written_before: None,
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
        self.gaps.extend(self.silence());
        let first = self.span.map(|(first, _)| first);
        for draft in &mut self.drafts {
            let Period { start, end, .. } = draft.period;
            draft.began = first.filter(|first| start < *first && *first < end);
        }
        let began = self.drafts.first().map(|draft| draft.period.start);
        for draft in &mut self.drafts {
            draft.told(&self.gaps, &self.month, &self.cases, began, self.written_before);
        }
        self.drafts
    }

    /// Nobody watches now: the service stopped and did not start again, or its hourly heartbeat is not there.
    fn silence(&self) -> Option<Gap> {
        let (_, last) = self.span?;
        let quiet = last.checked_add(SILENT).is_ok_and(|until| until < self.now).then_some(last);
        let from = self.stopped.or(quiet)?;
        let reason = "not-running".to_owned();
        Some(Gap { seq: self.records, account: None, from, until: self.now, reason, open: true, taker: None })
    }

    /// Ends the days that end before this record, and begins those that begin with it.
    fn reach(&mut self, seq: u64, at: Timestamp) {
        self.span = Some(self.span.map_or((at, at), |(first, _)| (first, at)));
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
        match &record.entry {
            Entry::ScanBatch { clean, .. } => {
                self.count(|count| count.clean = count.clean.saturating_add(*clean));
            }
            Entry::ServiceStop => self.stopped = Some(at),
            Entry::ServiceStart { .. } => self.stopped = None,
            Entry::DigestWritten { next, .. }
                if self.drafts.first().is_some_and(|draft| draft.first == *next) =>
            {
                self.written_before = Some(seq);
            }
            _ => {}
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
                open: false,
                taker,
            });
        }
        let earlier = match &record.entry {
            // What the person asked for is told as that, and corrects nothing.
            Entry::MoveResult { id, .. } if self.returning.remove(id).is_some() => false,
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
            Entry::ServiceStart { synchronised, .. } => draft.synchronised = *synchronised,
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
            Entry::AppendResult { outcome: Appended::Refused, reason, .. } => {
                draft.fault("append-result", reason.as_deref(), at);
            }
            Entry::Notified { reason: Some(reason), .. } => draft.fault("notified", Some(reason), at),
            Entry::ReleaseAsked { id } => draft.act(seq, at, "release-asked", None, Some(*id), None),
            Entry::Learned { id, lesson, .. } => {
                let lesson = match lesson {
                    Lesson::Wanted => "wanted",
                    Lesson::Unwanted => "unwanted",
                };
                draft.act(seq, at, "learned", Some(lesson), Some(*id), None);
            }
            Entry::Unlearned { id } => draft.act(seq, at, "unlearned", None, Some(*id), None),
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
