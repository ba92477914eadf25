//! A case, put together from records, notes and what was read out of the messages.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::ledger::{Act, Ledger, opening};
use super::letter::Letter;
use super::note::{Note, Subject};
use super::standing::Standing;
use crate::evidence::{CaseId, Digest, Entry, EvidenceId, Position, internaldate};
use crate::indicator::{Category, Hundredths};
use crate::verdict::{Level, Severity};

/// A case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its number.
    pub id: CaseId,
    /// When it was opened.
    pub opened: Timestamp,
    /// What it is called or whom it is about; none where that was erased.
    pub subject: Option<Subject>,
    /// Nothing of it is erased for its age.
    pub held: bool,
    /// Its messages, by the time they came.
    pub members: Vec<Member>,
    /// What the person tells, by the time it happened.
    pub accounts: Vec<Account>,
    /// Bundles that were written.
    pub exports: Vec<Export>,
    /// When nobody watched an account of this case, from its first message on.
    pub gaps: Vec<Gap>,
    /// Its own records.
    pub acts: Vec<Act>,
}

/// A message of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its id.
    pub id: EvidenceId,
    /// How it was taken into the record.
    pub capture: Capture,
    /// The last judgement.
    pub judgement: Option<Judgement>,
    /// Machine word where it could not be judged.
    pub not_judged: Option<String>,
    /// What was read out of it; none where that was erased.
    pub letter: Option<Letter>,
    /// Its octets were erased.
    pub erased: bool,
    /// All records of it, in order.
    pub acts: Vec<Act>,
}

/// How a message was taken into the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// Record.
    pub seq: u64,
    /// By our own clock.
    pub at: Timestamp,
    /// Where it stood.
    pub position: Position,
    /// Of the octets.
    pub sha256: Digest,
    /// Octets.
    pub size: u64,
    /// Only the first octets of a larger message.
    pub partial: bool,
    /// INTERNALDATE as given.
    pub internaldate: String,
    /// The same as a point in time, where it can be read.
    pub received: Option<Timestamp>,
    /// Which server gave it, in `context/<sha256>.json`.
    pub session: Option<Digest>,
}

/// A judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Level.
    pub level: Level,
    /// Category.
    pub category: Option<Category>,
    /// Severity.
    pub severity: Option<Severity>,
    /// Sum of the findings.
    pub score: Hundredths,
    /// Indicator ids and what each added.
    pub findings: Vec<(String, Hundredths)>,
    /// By what it was judged.
    pub context: Digest,
}

/// What the person tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Record.
    pub seq: u64,
    /// When it was written.
    pub written: Timestamp,
    /// When it happened, as the person says.
    pub when: Option<Timestamp>,
    /// Their words; none where they were erased.
    pub text: Option<String>,
}

/// A bundle that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Record.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// `full` or `lite`.
    pub variant: String,
    /// Of its `tagmanifest-sha256.txt`.
    pub sha256: Digest,
}

/// When nobody was watching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Record.
    pub seq: u64,
    /// Whose; none: all accounts.
    pub account: Option<String>,
    /// From.
    pub from: Timestamp,
    /// Until.
    pub until: Timestamp,
    /// Machine word.
    pub reason: String,
}

impl Case {
    /// Puts a case together; none where it was never opened. Notes and letters that are not there were erased.
    pub fn of(
        id: CaseId,
        ledger: &Ledger,
        notes: &BTreeMap<Digest, Note>,
        letters: &BTreeMap<EvidenceId, Letter>,
    ) -> Option<Self> {
        let acts = ledger.cases.get(&id)?;
        let (opened, note) = opening(acts)?;
        let subject = notes.get(&note).map(|note| note.subject.clone());
        let mut chosen: BTreeSet<EvidenceId> = acts
            .iter()
            .filter_map(|act| match &act.entry {
                Entry::CaseAdded { ids, .. } => Some(ids.iter().copied()),
                _ => None,
            })
            .flatten()
            .collect();
        if let Some(Subject::Sender(address)) = &subject {
            let same = |letter: &Letter| letter.from.iter().any(|from| from.to_lowercase() == *address);
            chosen.extend(letters.iter().filter(|(_, letter)| same(letter)).map(|(id, _)| *id));
        }
        let mut members: Vec<Member> = chosen
            .into_iter()
            .filter_map(|id| Member::of(id, ledger.messages.get(&id)?, letters.get(&id)))
            .collect();
        members.sort_by_key(|member| (member.came(), member.capture.seq));
        let mut accounts: Vec<Account> = acts
            .iter()
            .filter_map(|act| match act.entry {
                Entry::CaseNote { sha256, .. } => Some(Account::of(act, notes.get(&sha256))),
                _ => None,
            })
            .collect();
        accounts.sort_by_key(|account| (account.happened(), account.seq));
        Some(Self {
            id,
            opened: opened.at,
            subject,
            held: acts.iter().rev().find_map(|act| match act.entry {
                Entry::CaseHeld { held, .. } => Some(held),
                _ => None,
            }) == Some(true),
            gaps: gaps(ledger, &members),
            members,
            accounts,
            exports: acts.iter().filter_map(export).collect(),
            acts: acts.clone(),
        })
    }

    /// When its first message came: the earliest INTERNALDATE.
    pub fn began(&self) -> Option<Timestamp> {
        self.members.first().map(Member::came)
    }

    /// When its last message came.
    pub fn latest(&self) -> Option<Timestamp> {
        self.members.last().map(Member::came)
    }

    /// Places in the chain of every record that is about this case, ascending.
    pub fn records(&self) -> BTreeSet<u64> {
        let members = self.members.iter().flat_map(|member| &member.acts);
        let acts = self.acts.iter().chain(members).map(|act| act.seq);
        acts.chain(self.gaps.iter().map(|gap| gap.seq)).collect()
    }

    /// The notes that it names.
    pub fn notes(&self) -> impl Iterator<Item = Digest> + '_ {
        self.acts.iter().filter_map(|act| match act.entry {
            Entry::CaseOpened { sha256, .. } | Entry::CaseNote { sha256, .. } => Some(sha256),
            _ => None,
        })
    }

    /// Its members, the most severe first; of one severity the highest score, then the latest.
    pub fn by_weight(&self) -> Vec<&Member> {
        let mut members: Vec<&Member> = self.members.iter().collect();
        members.sort_by_key(|member| std::cmp::Reverse((member.weight(), member.came())));
        members
    }

    /// The heaviest category and severity among its messages.
    pub fn heaviest(&self) -> Option<&Judgement> {
        self.by_weight().first().and_then(|member| member.judgement.as_ref())
    }

    /// The accounts in whose mailboxes its messages came.
    pub fn mailboxes(&self) -> BTreeSet<(&str, &str)> {
        self.members
            .iter()
            .map(|member| {
                (member.capture.position.account.as_str(), member.capture.position.mailbox.as_str())
            })
            .collect()
    }
}

fn export(act: &Act) -> Option<Export> {
    match &act.entry {
        Entry::Exported { variant, sha256, .. } => {
            Some(Export { seq: act.seq, at: act.at, variant: variant.clone(), sha256: *sha256 })
        }
        _ => None,
    }
}

/// Gaps of the members' accounts that end after the first message came.
fn gaps(ledger: &Ledger, members: &[Member]) -> Vec<Gap> {
    let Some(began) = members.first().map(Member::came) else { return Vec::new() };
    let accounts: BTreeSet<&str> =
        members.iter().map(|member| member.capture.position.account.as_str()).collect();
    ledger
        .gaps
        .iter()
        .filter_map(|act| match &act.entry {
            Entry::WatchGap { account, from, until, reason }
                if *until >= began
                    && account.as_ref().is_none_or(|account| accounts.contains(account.as_str())) =>
            {
                Some(Gap {
                    seq: act.seq,
                    account: account.clone(),
                    from: *from,
                    until: *until,
                    reason: reason.clone(),
                })
            }
            _ => None,
        })
        .collect()
}

impl Member {
    fn of(id: EvidenceId, acts: &[Act], letter: Option<&Letter>) -> Option<Self> {
        let capture = acts.iter().find_map(Capture::of)?;
        let judgement = acts.iter().rev().find_map(Judgement::of);
        let erased = |act: &Act| matches!(&act.entry, Entry::Erased { contents, .. } if contents.contains(&capture.sha256));
        Some(Self {
            id,
            judgement,
            not_judged: acts.iter().rev().find_map(|act| match &act.entry {
                Entry::NotJudged { reason, .. } => Some(reason.clone()),
                _ => None,
            }),
            letter: letter.cloned(),
            erased: acts.iter().any(erased),
            acts: acts.to_vec(),
            capture,
        })
    }

    /// A message of the record, whether it is in a case or not; none where it was never taken in.
    pub fn find(id: EvidenceId, ledger: &Ledger, letter: Option<&Letter>) -> Option<Self> {
        Self::of(id, ledger.messages.get(&id)?, letter)
    }

    /// Where it stands, by the record.
    pub fn standing(&self) -> Standing {
        Standing::of(&self.acts)
    }

    /// When it came: INTERNALDATE, which the server sets; our own clock where that cannot be read.
    pub fn came(&self) -> Timestamp {
        self.capture.received.unwrap_or(self.capture.at)
    }

    /// Severity, level and score: by how much it matters.
    pub fn weight(&self) -> (Option<Severity>, Option<Level>, i32) {
        let judgement = self.judgement.as_ref();
        (
            judgement.and_then(|judgement| judgement.severity),
            judgement.map(|judgement| judgement.level),
            judgement.map_or(0, |judgement| judgement.score.0),
        )
    }

    /// Until when something is demanded, as komainu read it.
    pub fn deadline(&self) -> Option<Timestamp> {
        let written = self.letter.as_ref()?.demand.as_ref()?.deadline.as_ref()?;
        jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M%:z", written).ok()?.to_timestamp().ok()
    }
}

impl Capture {
    fn of(act: &Act) -> Option<Self> {
        let Entry::Captured { position, sha256, size, partial, internaldate: written, session, .. } =
            &act.entry
        else {
            return None;
        };
        Some(Self {
            seq: act.seq,
            at: act.at,
            position: position.clone(),
            sha256: *sha256,
            size: *size,
            partial: *partial,
            received: internaldate(written),
            internaldate: written.clone(),
            session: *session,
        })
    }
}

impl Judgement {
    fn of(act: &Act) -> Option<Self> {
        let Entry::Judged { level, category, severity, score, findings, context, .. } = &act.entry else {
            return None;
        };
        Some(Self {
            level: *level,
            category: *category,
            severity: *severity,
            score: *score,
            findings: findings.clone(),
            context: *context,
        })
    }
}

impl Account {
    fn of(act: &Act, note: Option<&Note>) -> Self {
        let text = note.and_then(|note| match &note.subject {
            Subject::Account(text) => Some(text.clone()),
            _ => None,
        });
        Self { seq: act.seq, written: act.at, when: note.and_then(|note| note.when), text }
    }

    /// When it happened; where the person does not say, when it was written.
    pub fn happened(&self) -> Timestamp {
        self.when.unwrap_or(self.written)
    }
}
