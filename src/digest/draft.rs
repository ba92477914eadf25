//! [`Draft`]: what the records say of a day; [`Draft::day`] adds what was read out of the messages and what is known of
//! the record itself.

mod complete;
mod items;

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::day::{Act, Action, Kind, OfCategory, Outage, Scope, Tally};
use super::moment::Moment;
use super::period::Period;
use super::words;
use crate::evidence::{CaseId, Digest, EvidenceId, Head, Position};
use crate::indicator::{Category, Hundredths};
use crate::message::Excerpt;
use crate::verdict::{Level, Severity};

/// So many messages are listed; the others are counted.
pub const MOST_ITEMS: usize = 200;
/// So many acts are listed of each kind.
const MOST_ACTS: usize = 200;
/// So many outages, faults and the like.
const MOST_FAULTS: usize = 100;
/// Characters of a machine word.
const LONGEST_WORD: usize = 64;
/// Days in the month.
const MONTH: i64 = 31;
/// A restart takes less: when nobody watched for less than this, nobody needs to know.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);

/// What is known beside records and letters when a digest is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Where the chain ended.
    pub head: Option<Head>,
    /// The latest checkpoint, verbatim.
    pub checkpoint: Option<String>,
    /// SHA-256 of the first public key.
    pub fingerprint: Option<Digest>,
    /// The whole record was verified, and how that went; none: only that its lines follow from each other.
    pub verified: Option<bool>,
    /// Octets of evidence, and octets free.
    pub storage: Option<(u64, u64)>,
    /// Accounts, and when each was last looked at.
    pub accounts: Vec<(String, Option<Timestamp>)>,
    /// What is not watched at this moment: whose (none: all), since when, machine word.
    pub unwatched: Vec<(Option<String>, Timestamp, String)>,
    /// Cases of a sender, by the address in lower case.
    pub senders: BTreeMap<String, CaseId>,
}

/// What the records say of a message's judgement.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Told {
    pub level: Option<Level>,
    pub category: Option<Category>,
    pub severity: Option<Severity>,
    pub score: Option<Hundredths>,
    pub findings: Vec<(String, Hundredths)>,
    pub not_judged: Option<String>,
}

/// A machine word: what is none, because a newer version or somebody else wrote it, is made one.
pub(super) fn machine(word: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '?' };
    word.chars().take(LONGEST_WORD).map(plain).collect()
}

/// A message of the day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pending {
    pub id: Option<EvidenceId>,
    pub kind: Kind,
    pub seq: u64,
    pub at: Timestamp,
    pub position: Option<Position>,
    pub received: Option<Timestamp>,
    pub told: Told,
    pub action: Action,
    /// Where it was to be moved.
    pub destination: Option<String>,
    /// Where the person put it.
    pub returned: Option<String>,
    pub erased: bool,
}

/// When nobody was watching, as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap {
    pub seq: u64,
    pub account: Option<String>,
    pub from: Timestamp,
    pub until: Timestamp,
    pub reason: String,
    /// It has not ended.
    pub open: bool,
    /// The draft to which its record belongs.
    pub taker: Option<usize>,
}

/// Counts of a day in the month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub by_category: BTreeMap<Category, u64>,
    pub suspicious: u64,
    pub clean: u64,
    pub not_judged: u64,
}

impl Count {
    pub(super) fn add(&mut self, told: &Told) {
        match told.level {
            Some(Level::Threat) => {
                *self.by_category.entry(told.category.unwrap_or(Category::Other)).or_default() += 1;
            }
            Some(Level::Suspicious) => self.suspicious += 1,
            Some(Level::Clean) => self.clean += 1,
            None => self.not_judged += 1,
        }
    }

    /// A message that was counted is none of these after all.
    pub(super) fn take_back(&mut self, level: Option<Level>, category: Option<Category>) {
        let count = match level {
            Some(Level::Threat) => self.by_category.entry(category.unwrap_or(Category::Other)).or_default(),
            Some(Level::Suspicious) => &mut self.suspicious,
            Some(Level::Clean) => &mut self.clean,
            None => &mut self.not_judged,
        };
        *count = count.saturating_sub(1);
        self.by_category.retain(|_, count| *count > 0);
    }
}

/// A day as far as the records go.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Which.
    pub period: Period,
    /// The first record of it.
    pub first: u64,
    /// The first record that is no longer of it.
    pub next: u64,
    pub(super) scope: Scope,
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
    pub(super) clean: u64,
    pub(super) items: Vec<Pending>,
    pub(super) earlier: Vec<(EvidenceId, Timestamp)>,
    pub(super) accounts: BTreeMap<String, (u64, Option<Timestamp>)>,
    pub(super) acts: Vec<Act>,
    pub(super) laters: Vec<Act>,
    pub(super) acts_left: u64,
    pub(super) faults: BTreeMap<(String, Option<String>), (u64, Timestamp)>,
    pub(super) corrected: Vec<(u64, Option<EvidenceId>, Option<Level>)>,
    pub(super) witnesses: BTreeMap<String, (u64, Timestamp)>,
    pub(super) synchronised: Option<bool>,
    pub(super) max_step_ms: u64,
    pub(super) ruleset: Option<Digest>,
    /// When the record began, where that was in this period.
    pub(super) began: Option<Timestamp>,
    pub(super) outages: Vec<Outage>,
    pub(super) late: Vec<(u64, Outage)>,
    pub(super) month: Vec<Tally>,
    pub(super) cases: HashMap<EvidenceId, CaseId>,
}

impl Draft {
    pub(super) fn new(scope: Scope, period: Period, first: u64, now: Timestamp, zone: &TimeZone) -> Self {
        Self {
            period,
            first,
            next: first,
            scope,
            now,
            zone: zone.clone(),
            clean: 0,
            items: Vec::new(),
            earlier: Vec::new(),
            accounts: BTreeMap::new(),
            acts: Vec::new(),
            laters: Vec::new(),
            acts_left: 0,
            faults: BTreeMap::new(),
            corrected: Vec::new(),
            witnesses: BTreeMap::new(),
            synchronised: None,
            max_step_ms: 0,
            ruleset: None,
            began: None,
            outages: Vec::new(),
            late: Vec::new(),
            month: Vec::new(),
            cases: HashMap::new(),
        }
    }

    pub(super) fn step(&mut self, step_ms: i64) {
        self.max_step_ms = self.max_step_ms.max(step_ms.unsigned_abs());
    }

    pub(super) fn fault(&mut self, what: &str, detail: Option<&str>, at: Timestamp) {
        let key = (what.to_owned(), detail.map(machine));
        if self.faults.len() < MOST_FAULTS || self.faults.contains_key(&key) {
            let (count, last) = self.faults.entry(key).or_insert((0, at));
            *count += 1;
            *last = at;
        }
    }

    pub(super) fn witness(&mut self, kind: &str, size: u64, at: Timestamp) {
        self.witnesses.insert(machine(kind), (size, at));
    }

    pub(super) fn act(
        &mut self,
        seq: u64,
        at: Timestamp,
        what: &str,
        detail: Option<&str>,
        evidence_id: Option<EvidenceId>,
        case: Option<CaseId>,
    ) {
        if self.acts.len() >= MOST_ACTS {
            self.acts_left += 1;
            return;
        }
        let at = self.moment(at);
        let detail = detail.map(machine);
        self.acts.push(Act { at, seq, what: what.to_owned(), detail, evidence_id, case });
    }

    pub(super) fn later(
        &mut self,
        seq: u64,
        at: Timestamp,
        what: &str,
        detail: Option<&str>,
        evidence_id: Option<EvidenceId>,
    ) {
        if self.laters.len() >= MOST_ACTS {
            self.acts_left += 1;
            return;
        }
        let at = self.moment(at);
        let detail = detail.map(machine);
        self.laters.push(Act { at, seq, what: what.to_owned(), detail, evidence_id, case: None });
    }

    fn moment(&self, at: Timestamp) -> Moment {
        Moment::new(at, &self.zone)
    }

    /// What is known when the chain has ended. `began`: when the first draft of this run begins; `written`: the record
    /// of the digest before it.
    pub(super) fn told(
        &mut self,
        gaps: &[Gap],
        month: &BTreeMap<Date, Count>,
        cases: &HashMap<EvidenceId, CaseId>,
        began: Option<Timestamp>,
        written: Option<u64>,
    ) {
        let Period { date, start, end } = self.period;
        for gap in gaps {
            self.outages.extend(self.outage(gap, start, end.min(self.now)));
            if began == Some(start) && gap.taker == Some(0) && written.is_some_and(|before| gap.seq > before)
            {
                let late = self.outage(gap, Timestamp::MIN, start);
                self.late.extend(late.map(|late| (gap.seq, late)));
            }
        }
        self.outages.truncate(MOST_FAULTS);
        self.late.truncate(MOST_FAULTS);
        let first = month.keys().next().copied().unwrap_or(date).min(date);
        let mut day = date.checked_sub((MONTH - 1).days()).unwrap_or(first).max(first);
        while day <= date {
            let count = month.get(&day).cloned().unwrap_or_default();
            self.month.push(tally(day, &count));
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        let own = self.items.iter().filter_map(|item| item.id);
        self.cases = own.filter_map(|id| Some((id, *cases.get(&id)?))).collect();
    }

    /// The record began only after this period: nobody watched, and nothing could be checked.
    pub(super) fn not_begun(&mut self, first: Timestamp) {
        let Period { start, end, .. } = self.period;
        let reason = "not-running".to_owned();
        let gap = Gap { seq: 0, account: None, from: start, until: first, reason, open: false, taker: None };
        self.outages.extend(self.outage(&gap, start, end));
    }

    /// The part of a gap that lies between two points; none of one that is too short to be told. How long the whole of
    /// it was decides, so that midnight does not hide one that it cuts in two.
    fn outage(&self, gap: &Gap, start: Timestamp, end: Timestamp) -> Option<Outage> {
        let (from, until) = (gap.from.max(start), gap.until.min(end));
        let told = gap.until.duration_since(gap.from) >= SHORTEST || gap.reason == "not-recorded";
        (told && from < until).then(|| Outage {
            account: gap.account.as_deref().map(Excerpt::new),
            from: self.moment(from),
            until: self.moment(until),
            minutes: words::minutes(until.duration_since(from)),
            reason: machine(&gap.reason),
            open: gap.open,
        })
    }
}

fn tally(date: Date, count: &Count) -> Tally {
    Tally {
        date,
        by_category: categories(&count.by_category),
        suspicious: count.suspicious,
        clean: count.clean,
        not_judged: count.not_judged,
    }
}

fn categories(counts: &BTreeMap<Category, u64>) -> Vec<OfCategory> {
    counts.iter().map(|(category, count)| OfCategory { category: *category, count: *count }).collect()
}
