use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::evidence::{Checkpoint, Entry, Record, SecretKey, Tree};

const ORIGIN: &str = "komainu.invalid/0123456789abcdef0123456789abcdef";

/// A log that is written by hand, so that it can be written wrongly.
#[derive(Default)]
struct Log {
    lines: Vec<String>,
    tree: Tree,
    notes: Vec<(u64, String)>,
    at: i64,
    boot: u128,
}

fn key(n: u8) -> SecretKey {
    SecretKey::new(&[n; 32])
}

impl Log {
    fn push(&mut self, entry: Entry) -> &mut Self {
        let prev = self.lines.last().map_or(Digest::ZERO, |line| Digest::of(line.as_bytes()));
        let at = Timestamp::from_millisecond(1_795_478_400_000 + self.at).unwrap();
        let event = Uuid::from_u128(self.lines.len() as u128);
        let mut record = Record::new(self.lines.len() as u64, prev, at, event, entry);
        record.clock = Some(Clock { boot_id: Uuid::from_u128(self.boot), boottime_ms: 5_000 });
        let line = record.to_line().unwrap();
        self.tree.push(line.as_bytes());
        self.lines.push(line);
        self
    }

    fn sign(&mut self, key: &SecretKey) -> &mut Self {
        let checkpoint =
            Checkpoint { origin: ORIGIN.to_owned(), size: self.tree.size(), root: self.tree.root() };
        self.notes.push((self.tree.size(), checkpoint.sign(key)));
        self
    }

    fn rotate(&mut self, next: &SecretKey) -> &mut Self {
        self.push(Entry::KeyRotated { public_key: next.public().to_base64() })
    }

    fn audit(&self) -> Audit {
        let mut audit = Audit::new(ORIGIN, Some(key(0).public()));
        for (size, note) in &self.notes {
            audit.note("note", *size, note.as_bytes());
        }
        self.lines.iter().for_each(|line| audit.line(line.as_bytes(), "chain"));
        audit
    }

    fn whats(&self) -> Vec<What> {
        self.audit().finish().findings.iter().map(|finding| finding.what).collect()
    }
}

fn log() -> Log {
    Log::default()
}

#[test]
fn each_key_signs_from_its_turn_on_and_not_before() {
    let good = |log: &mut Log| {
        log.push(Entry::Heartbeat).sign(&key(0)).rotate(&key(1)).sign(&key(0));
    };
    let mut one = log();
    good(&mut one);
    assert_eq!(one.whats(), []);
    one.push(Entry::Heartbeat).sign(&key(1)).rotate(&key(2)).sign(&key(1));
    let report = one.audit().finish();
    assert_eq!((report.findings, report.covered, report.checkpoints, report.rolls), (vec![], 4, 4, 2));

    // The new key signs the checkpoint that the old one has to sign.
    let mut one = log();
    one.push(Entry::Heartbeat).rotate(&key(1)).sign(&key(1)).push(Entry::Heartbeat).sign(&key(1));
    assert_eq!(one.whats(), [What::Signature, What::Roll]);
    // Nobody signs it.
    let mut one = log();
    one.push(Entry::Heartbeat).rotate(&key(1)).push(Entry::Heartbeat).sign(&key(1));
    assert_eq!(one.whats(), [What::Roll]);
    // The old one signs on.
    let mut one = log();
    good(&mut one);
    one.push(Entry::Heartbeat).sign(&key(0));
    assert_eq!(one.whats(), [What::Signature, What::Uncovered { records: 1 }]);
    // Two rolls in a row.
    let mut one = log();
    good(&mut one);
    one.rotate(&key(2)).sign(&key(1)).push(Entry::Heartbeat).sign(&key(2));
    assert_eq!(one.whats(), []);
    // What no checkpoint leads to does not verify by a later one.
    let mut one = log();
    good(&mut one);
    one.rotate(&key(2)).push(Entry::Heartbeat).sign(&key(2));
    assert_eq!(one.whats(), [What::Roll]);
}

#[test]
fn what_no_checkpoint_covers_is_never_verified() {
    assert_eq!(log().whats(), [What::Uncovered { records: 0 }]);
    let mut one = log();
    assert_eq!(one.push(Entry::Heartbeat).whats(), [What::Uncovered { records: 1 }]);
    assert_eq!(one.sign(&key(0)).audit().finish().grade(), Grade::Notice);
    one.push(Entry::Heartbeat);
    assert_eq!(one.audit().finish().grade(), Grade::Unsigned);
    one.lines.truncate(0);
    assert_eq!(one.audit().finish().grade(), Grade::Fail);
}

#[test]
fn an_erasure_counts_only_under_a_checkpoint_and_only_for_what_was_before_it() {
    let sha256 = Digest::of(b"note");
    let case = "C-2026-0001".parse().unwrap();
    let noted = Entry::CaseNote { case, sha256 };
    let erased = Entry::Erased { id: None, contents: vec![sha256], reason: "asked".into() };
    let mut one = log();
    one.push(noted.clone()).push(erased);
    assert_eq!(one.whats(), [What::ErasureUnsigned(Kind::Note), What::Uncovered { records: 2 }]);
    one.sign(&key(0));
    let report = one.audit().finish();
    assert_eq!((report.findings, report.erased), (vec![], 1));
    let mut audit = one.audit();
    audit.content(Kind::Note, Name::Digest(sha256), sha256, "notes/x");
    assert_eq!(audit.finish().findings[0].what, What::ErasedIsThere(Kind::Note));
    // It came again.
    one.push(noted).sign(&key(0));
    assert_eq!(one.whats(), [What::ContentMissing(Kind::Note)]);
}

#[test]
fn clocks_that_go_apart_have_to_be_recorded() {
    let mut one = log();
    one.push(Entry::Heartbeat);
    one.at = 2_000;
    one.push(Entry::Heartbeat).sign(&key(0));
    assert_eq!(one.whats(), []);
    one.at = -60_000;
    one.push(Entry::ClockStep { step_ms: -62_000 }).push(Entry::Heartbeat).sign(&key(0));
    assert_eq!(one.whats(), [What::ClockStep(-62_000)]);
    one.at = 10_000;
    one.push(Entry::Heartbeat).sign(&key(0));
    assert_eq!(one.whats(), [What::ClockStep(-62_000), What::ClockSet(70_000)]);
    one.boot = 1;
    one.at = 0;
    one.push(Entry::Heartbeat).sign(&key(0));
    assert_eq!(one.whats()[2..], [What::Boot { back: true }]);
}

#[test]
fn a_line_that_is_no_record_is_found() {
    let mut one = log();
    one.push(Entry::Heartbeat).push(Entry::Heartbeat).sign(&key(0));
    let line = one.lines[0].clone();
    for bad in [
        line.replace("heartbeat", "clock-step"),
        line.replace("heartbeat", "evidence-captured"),
        line.replace("heartbeat", "key-rotated"),
        line.replace("event.id\":\"0", "event.id\":\"x"),
        line.replace("event.action", "event.axtion"),
        line.replace("00Z\"", "00Q\""),
        line.replace("}\n", "}}\n"),
        line.replace('\n', "\r\n"),
    ] {
        assert_ne!(bad, line);
        one.lines[0] = bad.clone();
        assert_eq!(one.audit().finish().grade(), Grade::Fail, "{bad}");
    }
}

proptest! {
    /// What is read in one pass is not read more kindly.
    #[test]
    fn what_the_strict_reader_refuses_is_refused(at in 0.0_f64..1.0, change in 1_u8..128, cut in any::<bool>()) {
        let mut one = log();
        one.push(Entry::ClockStep { step_ms: 7 });
        let mut octets = one.lines[0].trim_end().as_bytes().to_vec();
        let at = (at * octets.len() as f64) as usize;
        if cut { octets.truncate(at) } else { octets[at] ^= change }
        octets.push(b'\n');
        if let Ok((text, ..)) = shape(&octets) {
            prop_assert!(Look::at(text).is_none() || Record::from_line(text).is_ok(), "{}", text);
        }
    }
}
