//! [`Draft`]: what the records say of a day; [`Draft::day`] adds what was read out of the messages and what is known of
//! the record itself.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::Value;

use super::day::{
    self, Account, Act, Action, Bounds, Clocks, Corrected, Correction, Day, Demanded, Fault, Hits, Integrity,
    Item, Kind, OfCategory, OfSeverity, Outage, Reason, Repeat, Scope, Status, Storage, Tally, Valued,
    Verify, Versions, Witness,
};
use super::moment::Moment;
use super::period::Period;
use super::words;
use crate::case::Letter;
use crate::evidence::{CaseId, Digest, EvidenceId, Head, Note, Position};
use crate::indicator::{Category, Hundredths};
use crate::message::Excerpt;
use crate::verdict::{self, Level, Severity};

/// So many messages are listed; the others are counted.
pub const MOST_ITEMS: usize = 200;
/// So many acts are listed of each kind.
const MOST_ACTS: usize = 200;
/// So many outages, faults and the like.
const MOST_FAULTS: usize = 100;
/// Values of one kind in one message.
const MOST_VALUES: usize = 5;
/// Characters of a machine word.
const LONGEST_WORD: usize = 64;
/// Days in the month.
const MONTH: i64 = 31;
/// A restart takes less: when nobody watched for less than this, nobody needs to know.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);

/// Findings that say how the score is put together, and nothing of the message.
const SUMS: [&str; 3] = [verdict::BASE_RATE, verdict::FAMILY_CAP, verdict::GATE];

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

    /// The part of a gap that lies between two points; none of one that is too short to be told. How long the whole of
    /// it was decides, so that midnight does not hide one that it cuts in two.
    fn outage(&self, gap: &Gap, start: Timestamp, end: Timestamp) -> Option<Outage> {
        let (from, until) = (gap.from.max(start), gap.until.min(end));
        let told = gap.until.duration_since(gap.from) >= SHORTEST;
        (told && from < until).then(|| Outage {
            account: gap.account.as_deref().map(Excerpt::new),
            from: self.moment(from),
            until: self.moment(until),
            minutes: words::minutes(until.duration_since(from)),
            reason: machine(&gap.reason),
            open: gap.open,
        })
    }

    /// The messages that are listed, the heaviest first.
    fn listed(&self) -> Vec<&Pending> {
        let mut listed: Vec<&Pending> = self
            .items
            .iter()
            .filter(|item| item.told.level != Some(Level::Clean) || item.kind == Kind::Reported)
            .collect();
        listed.sort_by_key(|item| {
            let told = &item.told;
            (std::cmp::Reverse((told.severity, told.level, told.score.map(|score| score.0))), item.seq)
        });
        listed
    }

    /// The messages whose letters [`Draft::day`] wants: those that are listed, and those of the days before in which a
    /// sender of today may be found again.
    pub fn wanted(&self) -> Vec<EvidenceId> {
        let listed = self.listed();
        let today = listed.iter().take(MOST_ITEMS).filter_map(|item| item.id);
        let earlier = self.earlier.iter().map(|(id, _)| *id).filter(|_| !listed.is_empty());
        today.chain(earlier).collect()
    }

    /// The digest. Letters that are not there were erased.
    pub fn day(self, letters: &BTreeMap<EvidenceId, Letter>, facts: &Facts) -> Day {
        let listed = self.listed();
        let items: Vec<Item> =
            listed.iter().take(MOST_ITEMS).map(|item| self.item(item, letters, facts)).collect();
        let items_left = listed.len().saturating_sub(MOST_ITEMS) as u64;
        let repeats = self.repeats(&listed, letters);
        let outages = self.all_outages(facts);
        let of_level = |level: Level| {
            let judged = self.items.iter().filter(|item| item.kind == Kind::Judged);
            judged.filter(|item| item.told.level == Some(level)).count() as u64
        };
        let of_kind = |kind: Kind| self.items.iter().filter(|item| item.kind == kind).count() as u64;
        let clean = self.clean.saturating_add(of_level(Level::Clean));
        let (suspicious, threats) = (of_level(Level::Suspicious), of_level(Level::Threat));
        let mut day = Day {
            schema_version: day::SCHEMA_VERSION,
            date: self.period.date,
            timezone: self
                .zone
                .iana_name()
                .map_or_else(|| Moment::new(self.period.start, &self.zone).offset(), str::to_owned),
            scope: self.scope,
            period: self.bounds(),
            watching_since: self.began.map(|at| self.moment(at)),
            made: self.moment(self.now),
            status: Status::Ok,
            scanned: clean.saturating_add(suspicious).saturating_add(threats),
            clean,
            suspicious,
            threats,
            quarantined: self.quarantined(),
            not_judged: of_kind(Kind::NotJudged),
            reported: of_kind(Kind::Reported),
            hits: self.hits(),
            items,
            items_left,
            repeats,
            outages,
            errors: self.errors(),
            clock: Clocks { synchronised: self.synchronised, max_step_ms: self.max_step_ms },
            integrity: self.integrity(facts),
            storage: facts.storage.map(|(bytes, free)| Storage { bytes, free }),
            versions: Versions { app: env!("CARGO_PKG_VERSION").to_owned(), ruleset: self.ruleset },
            accounts: self.accounts(facts),
            corrections: self.corrections(),
            actions_by_user: self.acts,
            actions_later: self.laters,
            actions_left: self.acts_left,
            month: self.month,
        };
        day.status = day.judge();
        day
    }

    fn bounds(&self) -> Bounds {
        let Period { start, end, .. } = self.period;
        Bounds { start: self.moment(start), end: self.moment(end), start_utc: start, end_utc: end }
    }

    fn quarantined(&self) -> u64 {
        let moved = |item: &&Pending| {
            item.kind == Kind::Judged
                && item.told.level == Some(Level::Threat)
                && matches!(item.action, Action::Moved | Action::Released)
        };
        self.items.iter().filter(moved).count() as u64
    }

    fn hits(&self) -> Hits {
        let mut by_category: BTreeMap<Category, u64> = BTreeMap::new();
        let mut by_severity: BTreeMap<Severity, u64> = BTreeMap::new();
        let threats = self
            .items
            .iter()
            .filter(|item| item.kind == Kind::Judged && item.told.level == Some(Level::Threat));
        for item in threats {
            *by_category.entry(item.told.category.unwrap_or(Category::Other)).or_default() += 1;
            *by_severity.entry(item.told.severity.unwrap_or(Severity::Low)).or_default() += 1;
        }
        let severities = by_severity.into_iter().rev();
        Hits {
            by_category: categories(&by_category),
            by_severity: severities.map(|(severity, count)| OfSeverity { severity, count }).collect(),
        }
    }

    fn item(&self, item: &Pending, letters: &BTreeMap<EvidenceId, Letter>, facts: &Facts) -> Item {
        let letter = item.id.and_then(|id| letters.get(&id)).filter(|_| !item.erased);
        let first = |list: &[String]| list.iter().find(|one| !one.is_empty()).map(|one| Excerpt::new(one));
        let from = letter.and_then(|letter| first(&letter.from));
        let reply =
            letter.and_then(|letter| first(&letter.reply_to)).filter(|reply| Some(reply) != from.as_ref());
        let by_sender =
            || letter.and_then(Letter::sender).and_then(|sender| facts.senders.get(&sender)).copied();
        let position = item.position.as_ref();
        Item {
            kind: item.kind,
            evidence_id: item.id,
            seq: item.seq,
            account: Excerpt::new(position.map_or("", |position| &position.account)),
            mailbox: Excerpt::new(position.map_or("", |position| &position.mailbox)),
            internaldate: item.received.map(|at| self.moment(at)),
            processed_at: self.moment(item.at),
            level: item.told.level,
            category: item.told.category,
            severity: item.told.severity,
            score: item.told.score.map(Hundredths::as_f64),
            from_display: letter.and_then(|letter| first(&letter.names)),
            from_addr: from,
            reply_to: reply,
            subject: letter.map(|letter| Excerpt::new(&letter.subject)),
            attachments: letter.map(attachments).unwrap_or_default(),
            demand: letter.and_then(demanded),
            reasons: reasons(&item.told, letter),
            not_judged: item.told.not_judged.as_deref().map(machine),
            action: item.action,
            folder: match item.action {
                Action::Moved | Action::Pending => item.destination.as_deref(),
                Action::Released => item.returned.as_deref(),
                Action::GoneByOther => None,
                Action::Kept | Action::Refused | Action::MovedByUser => {
                    position.map(|position| position.mailbox.as_str())
                }
            }
            .map(Excerpt::new),
            case: item.id.and_then(|id| self.cases.get(&id).copied()).or_else(by_sender),
            erased: item.erased,
        }
    }

    fn repeats(&self, listed: &[&Pending], letters: &BTreeMap<EvidenceId, Letter>) -> Vec<Repeat> {
        let sender = |id: EvidenceId| letters.get(&id).and_then(Letter::sender);
        let mut today: BTreeMap<String, u64> = BTreeMap::new();
        for id in listed.iter().take(MOST_ITEMS).filter_map(|item| item.id) {
            if let Some(sender) = sender(id) {
                *today.entry(sender).or_default() += 1;
            }
        }
        let mut before: BTreeMap<String, (u64, Timestamp)> = BTreeMap::new();
        for (id, at) in &self.earlier {
            if let Some(sender) = sender(*id).filter(|sender| today.contains_key(sender)) {
                let (count, first) = before.entry(sender).or_insert((0, *at));
                *count += 1;
                *first = (*first).min(*at);
            }
        }
        let mut repeats: Vec<Repeat> = before
            .into_iter()
            .map(|(sender, (count, first))| {
                let today = today.get(&sender).copied().unwrap_or_default();
                let first_seen = self.moment(first);
                Repeat { sender: Excerpt::new(&sender), today, count: count + today, first_seen }
            })
            .collect();
        repeats.sort_by_key(|repeat| std::cmp::Reverse(repeat.count));
        repeats.truncate(MOST_FAULTS);
        repeats
    }

    fn all_outages(&self, facts: &Facts) -> Vec<Outage> {
        let mut outages = self.outages.clone();
        let end = self.period.end.min(self.now);
        for (account, since, reason) in &facts.unwatched {
            let gap = Gap {
                seq: self.next,
                account: account.clone(),
                from: *since,
                until: self.now,
                reason: reason.clone(),
                open: true,
                taker: None,
            };
            outages.extend(self.outage(&gap, self.period.start, end));
        }
        outages.sort_by_key(|outage| outage.from);
        outages.truncate(MOST_FAULTS);
        outages
    }

    fn errors(&self) -> Vec<Fault> {
        self.faults
            .iter()
            .map(|((what, detail), (count, last))| Fault {
                what: what.clone(),
                detail: detail.clone(),
                count: *count,
                last: self.moment(*last),
            })
            .collect()
    }

    fn integrity(&self, facts: &Facts) -> Integrity {
        let parsed = facts.checkpoint.as_ref().and_then(|note| Note::parse(note.as_bytes()).ok());
        let checkpoint = parsed.map(|note| note.checkpoint);
        let root = checkpoint.as_ref().and_then(|checkpoint| {
            // The third line of the signed text, as it stands there.
            checkpoint.text().lines().nth(2).map(str::to_owned)
        });
        let head = facts.head.unwrap_or(Head::GENESIS);
        Integrity {
            first_seq: self.first,
            next_seq: self.next,
            records: head.seq,
            head: head.prev,
            checkpoint: facts.checkpoint.clone().filter(|_| checkpoint.is_some()),
            checkpoint_size: checkpoint.as_ref().map(|checkpoint| checkpoint.size),
            checkpoint_root: root,
            fingerprint: facts.fingerprint,
            verify: match facts.verified {
                None => Verify::Chain,
                Some(true) => Verify::Ok,
                Some(false) => Verify::Failed,
            },
            witnesses: self
                .witnesses
                .iter()
                .map(|(kind, (size, at))| Witness { kind: kind.clone(), size: *size, at: self.moment(*at) })
                .collect(),
        }
    }

    fn accounts(&self, facts: &Facts) -> Vec<Account> {
        let mut all: BTreeMap<&str, (u64, Option<Timestamp>)> = BTreeMap::new();
        for (name, checked) in &facts.accounts {
            all.insert(name, (0, *checked));
        }
        for (name, (messages, last)) in &self.accounts {
            let entry = all.entry(name).or_default();
            entry.0 += messages;
            entry.1 = entry.1.max(*last);
        }
        for item in &self.items {
            if let Some(position) = &item.position {
                let entry = all.entry(&position.account).or_default();
                entry.0 += 1;
                entry.1 = entry.1.max(Some(item.at));
            }
        }
        all.into_iter()
            .map(|(name, (messages, last))| Account {
                name: Excerpt::new(name),
                last_checked: last.map(|at| self.moment(at)),
                messages,
            })
            .collect()
    }

    fn corrections(&self) -> Vec<Correction> {
        let late = self.late.iter().map(|(seq, outage)| Correction {
            seq: *seq,
            what: Corrected::Outage,
            evidence_id: None,
            outage: Some(outage.clone()),
            level: None,
        });
        let anew = self.corrected.iter().take(MOST_FAULTS).map(|(seq, id, level)| Correction {
            seq: *seq,
            what: Corrected::Verdict,
            evidence_id: *id,
            outage: None,
            level: *level,
        });
        late.chain(anew).collect()
    }
}

impl Day {
    /// How komainu did, from all the rest.
    fn judge(&self) -> Status {
        let length = self.period.end.at().min(self.made.at()).duration_since(self.period.start.at());
        let out = self.unwatched();
        let most = SignedDuration::from_secs(60);
        if self.integrity.verify == Verify::Failed
            || (self.scanned == 0 && out > SignedDuration::ZERO && length - out <= most)
        {
            Status::Failed
        } else if out > SignedDuration::ZERO || self.not_judged > 0 || !self.errors.is_empty() {
            Status::Degraded
        } else {
            Status::Ok
        }
    }

    /// For how long something was not watched: the union of the outages.
    pub fn unwatched(&self) -> SignedDuration {
        let mut spans: Vec<(Timestamp, Timestamp)> =
            self.outages.iter().map(|outage| (outage.from.at(), outage.until.at())).collect();
        spans.sort_unstable();
        let mut total = SignedDuration::ZERO;
        let mut reached = Timestamp::MIN;
        for (from, until) in spans {
            let from = from.max(reached);
            if from < until {
                total += until.duration_since(from);
                reached = until;
            }
        }
        total
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

fn attachments(letter: &Letter) -> Vec<Excerpt> {
    letter.attachments.iter().take(MOST_VALUES).map(|file| Excerpt::new(&file.name)).collect()
}

fn demanded(letter: &Letter) -> Option<Demanded> {
    let demand = letter.demand.as_ref()?;
    let valued = |list: &[crate::case::Valued]| {
        let most = list.iter().take(MOST_VALUES);
        most.map(|one| Valued { kind: Excerpt::new(&one.kind), value: Excerpt::new(&one.text()) }).collect()
    };
    Some(Demanded {
        claims_to_be: demand.claims_to_be.as_deref().map(Excerpt::new),
        amounts: valued(&demand.amounts),
        deadline: demand.deadline.as_deref().and_then(deadline),
        pay_to: valued(&demand.pay_to),
        contacts: valued(&demand.contacts),
    })
}

/// As it is kept, without seconds, in the offset in which it was read.
fn deadline(written: &str) -> Option<Moment> {
    let (minute, offset) = written.split_at_checked(16)?;
    format!("{minute}:00{offset}").parse().ok()
}

/// What spoke for the judgement, the weightiest first, with the words in which it was seen.
fn reasons(told: &Told, letter: Option<&Letter>) -> Vec<Reason> {
    let mut findings: Vec<&(String, Hundredths)> =
        told.findings.iter().filter(|(id, weight)| weight.0 > 0 && !SUMS.contains(&id.as_str())).collect();
    findings.sort_by_key(|(_, weight)| std::cmp::Reverse(weight.0));
    findings
        .into_iter()
        .take(MOST_VALUES)
        .map(|(indicator, weight)| Reason {
            indicator: machine(indicator),
            weight: weight.as_f64(),
            excerpt: letter.and_then(|letter| {
                let seen = letter.findings.iter().find(|seen| seen.indicator == *indicator)?;
                let shown = serde_json::from_value::<Excerpt>(Value::String(seen.excerpt.clone()));
                shown.ok().filter(|shown| !shown.as_str().is_empty())
            }),
        })
        .collect()
}
