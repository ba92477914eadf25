//! [`Gather`]: takes the chain record by record, and gives a [`Draft`] for each day that was asked for.

mod acts;
mod messages;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use memchr::memmem;

use super::day::Scope;
use super::draft::{Count, Draft, Gap};
use super::period::Period;
use crate::evidence::{CaseId, Digest, EvidenceId, Position, Record};
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
            if let Some(first) = first.filter(|first| draft.period.end <= *first) {
                draft.not_begun(first);
            }
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
}

/// The time of a line, read without reading the whole of it.
fn time_of(line: &str) -> Option<Timestamp> {
    let (_, rest) = line.split_once("\"@timestamp\":\"")?;
    rest.split_once('"')?.0.parse().ok()
}
