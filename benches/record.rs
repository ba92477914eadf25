//! A year of 50 hits a day: what an append costs, how fast the record verifies and opens, what a report on 200 messages
//! takes. `cargo bench --bench record [-- DIR]`; DIR is on the disk that is to be measured (default: the build's).
//!
//! Appends are what the service does for a hit: blob, meta, four records in one append with fdatasync, then the outcome.
//! The clocks are the bench's, so that keys roll as they would in a year; everything else is real. Prints figures, judges
//! none.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a program of measurements: whatever fails should end it"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use komainu::demand;
use komainu::demo::samples::{Expected, SAMPLES};
use komainu::evidence::{
    Clock, Digest, Entry, EvidenceId, Method, Outcome, Position, canonical_digest, context, meta,
};
use komainu::indicator::Context;
use komainu::message::Message;
use komainu::store::fault::{Fault, Faults, Step};
use komainu::store::{Batch, Clean, Store, verify};
use komainu::verdict::{self, Thresholds};
use uuid::Uuid;

const DAYS: u32 = 365;
const HITS: u32 = 50;
/// Clean messages of a day; a scan batch covers a quarter of an hour of them.
const CLEAN: u32 = 96;
const CASE: usize = 200;
/// 2025-01-01T00:00:00Z
const START: i64 = 1_735_689_600_000;
const DAY: i64 = 86_400_000;

/// A clock that the bench sets.
#[derive(Default)]
struct Hand(AtomicI64);

impl Faults for Hand {
    fn at(&self, _: Step) -> Fault {
        Fault::Pass
    }

    fn clocks(&self) -> Option<(Timestamp, Option<Clock>)> {
        let time = self.0.load(Ordering::Relaxed);
        let clock = Clock { boot_id: Uuid::nil(), boottime_ms: time as u64 };
        Some((Timestamp::from_millisecond(START + time).unwrap(), Some(clock)))
    }
}

fn main() {
    let argument = std::env::args().skip(1).find(|argument| argument != "--bench");
    let place = argument.map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    std::fs::create_dir_all(&place).unwrap();
    let dir = place.join(format!("komainu-record-{}", std::process::id()));
    let ids = fill(&dir);
    measure(&dir, &ids);
    std::fs::remove_dir_all(&dir).unwrap();
}

/// A year. Returns the ids of the last messages, for a case.
fn fill(dir: &Path) -> Vec<EvidenceId> {
    let hand = Arc::new(Hand::default());
    let store = Store::open_with(dir, hand.clone()).unwrap();
    let threats: Vec<&[u8]> =
        SAMPLES.iter().filter(|sample| sample.expected == Expected::Quarantine).map(|s| s.octets).collect();
    let settings = (Context::default(), Thresholds::default());
    let context = context(&settings.0, &settings.1);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut times = Vec::new();
    let mut ids = Vec::new();
    let started = Instant::now();
    for day in 0..DAYS {
        for hit in 0..HITS {
            hand.0.store(i64::from(day) * DAY + i64::from(hit) * DAY / i64::from(HITS), Ordering::Relaxed);
            let number = day * HITS + hit;
            let mut octets = format!("X-Number: {number}\r\n").into_bytes();
            octets.extend_from_slice(threats[number as usize % threats.len()]);
            let id = EvidenceId(Uuid::now_v7());
            let batch = hit_of(id, number + 1, octets, &settings, context.clone());
            let begun = Instant::now();
            runtime.block_on(store.commit(batch)).unwrap();
            times.push(begun.elapsed());
            let outcome = Entry::MoveResult {
                id,
                outcome: Outcome::Moved,
                destination_uid: Some(number + 1),
                reason: None,
            };
            runtime.block_on(store.commit(Batch { entries: vec![outcome], ..Batch::default() })).unwrap();
            ids.push(id);
        }
        runtime.block_on(quiet_mail(&store, day));
    }
    times.sort();
    let at = |share: usize| times[times.len() * share / 100];
    println!(
        "append of a hit, fsynced: p50 {:?}, p99 {:?} (aim p50 2 ms), {} hits in {:?}",
        at(50),
        at(99),
        times.len(),
        started.elapsed()
    );
    ids.split_off(ids.len() - CASE)
}

fn hit_of(
    id: EvidenceId,
    uid: u32,
    octets: Vec<u8>,
    (context, thresholds): &(Context, Thresholds),
    stored: Vec<u8>,
) -> Batch {
    let position = inbox(uid);
    let message = Message::parse(&octets);
    let verdict = verdict::judge(&message, context, thresholds);
    let demand = demand::extract(&message, context, true);
    let meta = meta(id, &position, &message, Some(&verdict), demand.as_ref());
    let entries = vec![
        Entry::Captured {
            id,
            position: position.clone(),
            sha256: Digest::of(&octets),
            size: octets.len() as u64,
            partial: false,
            internaldate: "24-Nov-2026 09:00:00 +0900".into(),
            flags: Vec::new(),
            rfc822_size: Some(octets.len() as u64),
            server_identity: None,
            canonical: canonical_digest(&octets),
            meta_sha256: Digest::of(&meta),
            session: None,
        },
        Entry::Judged {
            id,
            level: verdict.level,
            category: verdict.category,
            severity: verdict.severity,
            score: verdict.score,
            findings: verdict.findings.iter().map(|f| (f.indicator.to_owned(), f.weight)).collect(),
            context: Digest::of(&stored),
        },
        Entry::MoveIntent {
            id,
            position: position.clone(),
            method: Method::Move,
            destination: "komainu隔離".into(),
            destination_uidvalidity: 3,
            destination_uidnext: uid,
        },
        Entry::Cursor { position: inbox(uid + 1) },
    ];
    Batch {
        blobs: vec![octets],
        metas: vec![(id, meta)],
        contexts: vec![stored],
        entries,
        ..Batch::default()
    }
}

async fn quiet_mail(store: &Store, day: u32) {
    for part in 0..CLEAN {
        let uid = 1_000_000 + day * CLEAN + part;
        let clean =
            Clean { position: inbox(uid), sha256: Digest::of(&uid.to_be_bytes()), server_identity: None };
        store.commit(Batch { clean: vec![clean], ..Batch::default() }).await.unwrap();
        if part % 4 == 3 {
            let entry = store.unbatched_clean("hanako", "INBOX").await.unwrap().unwrap();
            store.commit(Batch { entries: vec![entry, Entry::Heartbeat], ..Batch::default() }).await.unwrap();
        }
    }
}

fn inbox(uid: u32) -> Position {
    Position { account: "hanako".into(), mailbox: "INBOX".into(), uidvalidity: 7, uid }
}

fn measure(dir: &Path, ids: &[EvidenceId]) {
    let median = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2]
    };
    let mut opened = 0;
    let open = (0..5).map(|_| {
        let begun = Instant::now();
        let store = Store::open(dir).unwrap();
        let took = begun.elapsed();
        opened = store.opened().records;
        took
    });
    let open = median(open.collect());
    println!("open: median {open:?} (aim 100 ms), {opened} records");

    let mut records = 0;
    let verified = (0..3).map(|_| {
        let begun = Instant::now();
        let report = verify(dir, None, &[]).unwrap().report;
        records = report.records;
        begun.elapsed()
    });
    let verified = median(verified.collect());
    println!(
        "verify: median {verified:?} for {records} records with all their files: {:.0} records/s (aim 50,000)",
        records as f64 / verified.as_secs_f64()
    );

    let program = env!("CARGO_BIN_EXE_komainu");
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let case = |arguments: &[&str]| {
        let out = Command::new(program)
            .args(["case"])
            .args(arguments)
            .args(["--store", dir.to_str().unwrap(), "--lang", "en"])
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let mut open = vec!["open", "--name", "a year"];
    open.extend(ids.iter().map(String::as_str));
    case(&open);
    let out = dir.join("out");
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(["case", "report", &ids[0], "--out", out.to_str().unwrap()])
        .args(["--store", dir.to_str().unwrap()])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    let status = loop {
        let text = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let now = text.lines().find(|line| line.starts_with("VmHWM:"));
        let kib = now.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success());
    println!(
        "report on {} messages out of {opened} records, both languages: {:?} (aim 5 s), peak {} MiB (aim 256)",
        ids.len(),
        begun.elapsed(),
        peak / 1024
    );
}
