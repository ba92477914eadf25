//! A chain without files: records one after the other, and the letters that belong to them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use komainu::case::{Demanded, Filed, Letter, Valued};
use komainu::digest::{Day, Draft, Facts, Gather, Period, due, period::Written};
use komainu::evidence::{Digest, Entry, EvidenceId, Head, Method, Outcome, Position, Record};
use komainu::indicator::{Category, Hundredths};
use komainu::verdict::{Level, Severity};
use uuid::Uuid;

/// A signed checkpoint as komainu writes them.
pub(super) const NOTE: &str = "komainu.invalid/027e5be6f1072d86772d87e223f8f145\n73\nQUoR+Gz+QLtlAjcodBc06J6N4p2FcP+UmA+4MAdTJgY=\n\n\u{2014} komainu.invalid/027e5be6f1072d86772d87e223f8f145 mmIXEC9mqqhF+o+KDr61xgkMtt8QmmkVA2pemrg/tU3IlKjWEwV59fIvtRapNSsOOl7Zzrx67idsXsiNcvqUTYcheA8=\n";

pub(super) struct Log {
    pub(super) records: Vec<Record>,
    pub(super) letters: BTreeMap<EvidenceId, Letter>,
    pub(super) now: Timestamp,
    uid: u32,
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

impl Log {
    pub(super) fn new() -> Self {
        Self { records: Vec::new(), letters: BTreeMap::new(), now: Timestamp::UNIX_EPOCH, uid: 0 }
    }

    /// The records that come now are of this time.
    pub(super) fn at(&mut self, time: &str) -> &mut Self {
        self.now = at(time);
        self
    }

    pub(super) fn enter(&mut self, entry: Entry) -> &mut Self {
        let seq = self.records.len() as u64;
        self.records.push(Record {
            seq,
            prev: Digest::ZERO,
            at: self.now,
            event_id: Uuid::from_u128(u128::from(seq)),
            clock: None,
            more: 0,
            entry,
            extra: serde_json::Map::new(),
        });
        self
    }

    pub(super) fn clean(&mut self, count: u64) -> &mut Self {
        self.enter(Entry::ScanBatch {
            account: "hanako".into(),
            mailbox: "INBOX".into(),
            uidvalidity: 1,
            uids: "1:9".into(),
            clean: count,
            next_uid: 10,
        })
    }

    pub(super) fn position(&mut self) -> Position {
        self.uid += 1;
        Position { account: "hanako".into(), mailbox: "INBOX".into(), uidvalidity: 1, uid: self.uid }
    }

    /// Captured and judged.
    pub(super) fn judged(
        &mut self,
        level: Level,
        category: Option<Category>,
        severity: Option<Severity>,
        letter: Letter,
    ) -> EvidenceId {
        let position = self.position();
        let id = EvidenceId(Uuid::from_u128(
            0x0197_7ea7_8e1b_7000_9738_0000_0000_0000 + u128::from(self.uid) * 0x1_0000_0001,
        ));
        let octets = Digest::of(&self.uid.to_be_bytes());
        self.letters.insert(id, letter);
        let internaldate = self.now.strftime("%d-%b-%Y %H:%M:%S +0000").to_string();
        self.enter(Entry::Captured {
            id,
            position,
            sha256: octets,
            size: 100,
            partial: false,
            internaldate,
            flags: vec![],
            rfc822_size: None,
            server_identity: None,
            canonical: octets,
            meta_sha256: octets,
            session: None,
        });
        self.enter(Entry::Judged {
            id,
            level,
            category,
            severity,
            score: Hundredths(756),
            findings: vec![
                ("base-rate".into(), Hundredths(-300)),
                ("own-details-quoted".into(), Hundredths(280)),
                ("deadline".into(), Hundredths(120)),
            ],
            context: Digest::of(b"context"),
        });
        id
    }

    pub(super) fn threat(&mut self, category: Category, severity: Severity) -> EvidenceId {
        let letter = letter("seikyu@invoice.example", "弁護士法人〇〇", "最終通告");
        let id = self.judged(Level::Threat, Some(category), Some(severity), letter);
        self.moved(id);
        id
    }

    pub(super) fn moved(&mut self, id: EvidenceId) -> &mut Self {
        self.intend(id);
        self.enter(Entry::MoveResult { id, outcome: Outcome::Moved, destination_uid: Some(1), reason: None })
    }

    pub(super) fn intend(&mut self, id: EvidenceId) -> &mut Self {
        let position = Position { account: "hanako".into(), mailbox: "INBOX".into(), uidvalidity: 1, uid: 1 };
        self.enter(Entry::MoveIntent {
            id,
            position,
            method: Method::Move,
            destination: "komainu隔離".into(),
            destination_uidvalidity: 1,
            destination_uidnext: 1,
        })
    }

    pub(super) fn start(&mut self) -> &mut Self {
        self.enter(Entry::ServiceStart { version: "0".into(), program: None, synchronised: Some(true) })
    }

    pub(super) fn stop(&mut self) -> &mut Self {
        self.enter(Entry::ServiceStop)
    }

    pub(super) fn gap(&mut self, from: &str, until: &str, reason: &str) -> &mut Self {
        self.enter(Entry::WatchGap { account: None, from: at(from), until: at(until), reason: reason.into() })
    }

    /// What is known beside.
    pub(super) fn facts(&self) -> Facts {
        Facts {
            head: Some(Head { seq: self.records.len() as u64, prev: Digest::of(b"head") }),
            checkpoint: Some(NOTE.into()),
            fingerprint: Some(Digest::of(b"key")),
            verified: Some(true),
            storage: Some((12_300_000, 41_000_000_000)),
            accounts: vec![("hanako".into(), None)],
            ..Facts::default()
        }
    }

    fn drafts(&self, mut gather: Gather) -> Vec<Draft> {
        for record in &self.records {
            gather.take(record);
        }
        gather.finish()
    }

    /// The digests that are due at `now`, as the service would write them; each is written down in the chain.
    pub(super) fn write(&mut self, written: &mut Written, zone: &TimeZone, now: &str) -> Vec<Day> {
        self.at(now);
        let first = self.records.first().map_or(self.now, |record| record.at);
        let days = due(written, first, self.now, zone);
        let gather = Gather::days(zone, self.now, written.next_seq(), days);
        let facts = self.facts();
        let days: Vec<Day> =
            self.drafts(gather).into_iter().map(|draft| draft.day(&self.letters, &facts)).collect();
        for day in &days {
            let (first, next) = (day.integrity.first_seq, day.integrity.next_seq);
            written.add(day.date, first, next);
            self.enter(Entry::DigestWritten { date: day.date, first, next, sha256: Digest::of(b"file") });
        }
        days
    }

    /// One day.
    pub(super) fn day(&self, date: &str, zone: &TimeZone, now: &str) -> Day {
        self.day_with(date, zone, now, &self.facts())
    }

    pub(super) fn day_with(&self, date: &str, zone: &TimeZone, now: &str, facts: &Facts) -> Day {
        let period = Period::of(date.parse().unwrap(), zone).unwrap();
        let from = komainu::digest::From::Time(period.start);
        let gather = Gather::look(zone, at(now), from, komainu::digest::Scope::Day, period);
        self.drafts(gather).pop().unwrap().day(&self.letters, facts)
    }
}

pub(super) fn valued(kind: &str, value: &str) -> Valued {
    Valued { kind: kind.into(), value: value.into(), ..Valued::default() }
}

pub(super) fn letter(from: &str, name: &str, subject: &str) -> Letter {
    Letter { from: vec![from.into()], names: vec![name.into()], subject: subject.into(), ..Letter::default() }
}

/// Four weeks in the life of a mailbox, and a day with something of everything.
pub(super) fn full() -> Day {
    let mut log = Log::new();
    log.at("2026-10-24T22:00:00Z").start();
    let kinds =
        [Category::FakeBilling, Category::Phishing, Category::Extortion, Category::Bec, Category::Callback];
    for n in 0..29_usize {
        let date = format!("2026-10-{:02}", 25 + n);
        let date = if n < 7 { date } else { format!("2026-11-{:02}", n - 6) };
        log.at(&format!("{date}T02:00:00Z")).clean(20 + n as u64);
        for hit in 0..(n * 7 % 5) {
            log.threat(kinds[(n + hit * 2) % kinds.len()], Severity::Low);
        }
    }
    let earlier = log.at("2026-11-21T03:00:00Z").threat(Category::Extortion, Severity::High);
    log.at("2026-11-22T16:00:00Z").start();
    log.at("2026-11-22T20:40:00Z").gap("2026-11-22T17:10:00Z", "2026-11-22T20:40:00Z", "not-reached");
    let demand = Demanded {
        claims_to_be: Some("弁護士法人〇〇".into()),
        amounts: vec![valued("JPY", "398000")],
        deadline: Some("2026-11-23T23:59+09:00".into()),
        pay_to: vec![valued("bank", "架空銀行 本店 普通 1234567")],
        contacts: vec![valued("phone", "03-5555-0190"), valued("url", "https://pay.example/verify?id=1")],
        ..Demanded::default()
    };
    let threat = Letter {
        reply_to: vec!["answer@other.example".into()],
        attachments: vec![Filed { name: "請求書.pdf.exe".into(), ..Filed::default() }],
        demand: Some(demand),
        ..letter("seikyu@invoice.example", "弁護士法人〇〇", "【最終通告】あなたの氏名と住所を公開します")
    };
    log.at("2026-11-23T01:15:00Z");
    let urgent = log.judged(Level::Threat, Some(Category::Extortion), Some(Severity::Urgent), threat);
    log.moved(urgent);
    log.clean(34);
    let refused = letter("info@bank.example", "架空みほん銀行", "お取引の一時制限について");
    let refused = log.judged(Level::Threat, Some(Category::Phishing), Some(Severity::High), refused);
    log.intend(refused);
    log.enter(Entry::MoveResult {
        id: refused,
        outcome: Outcome::Refused,
        destination_uid: None,
        reason: Some("no".into()),
    });
    let doubtful = letter("keiri@partner.example", "経理部", "11月分ご請求書の送付");
    log.judged(Level::Suspicious, Some(Category::Bec), Some(Severity::Low), doubtful);
    let position = log.position();
    log.enter(Entry::NotJudged { id: None, position, reason: "too-large".into() });
    log.at("2026-11-23T05:00:00Z");
    let position = log.position();
    log.enter(Entry::ReleaseAsked { id: earlier });
    log.enter(Entry::Released { id: earlier, position, identity: "sha256".into() });
    log.enter(Entry::Witness { kind: "append".into(), size: 73, sha256: Digest::of(b"note") });
    log.at("2026-11-23T14:59:00Z").enter(Entry::Heartbeat);
    log.at("2026-11-23T15:00:00Z").enter(Entry::Heartbeat);
    log.day("2026-11-23", &zone("Asia/Tokyo"), "2026-11-23T15:05:00Z")
}
