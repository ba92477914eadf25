//! The digest from the record to the person: written on its day, put into their own mailbox once, told by HTTPS.

mod append;
mod days;
mod notify;
mod witness;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use komainu::demo::server::{Options, Profile, Stored};
use komainu::digest::{Day, Form, file_name, from_json};
use komainu::document::Language;
use komainu::evidence::{Clock, Entry};
use komainu::monitor::Telling;
use komainu::store::fault::{Fault, Faults, Step};
use uuid::Uuid;

use crate::support::world::{USER, World, in_time};

pub(crate) const DIGESTS: &str = "komainu日報";

/// A clock that stands until it is set.
#[derive(Clone)]
pub(crate) struct SetClock {
    now: Arc<Mutex<Timestamp>>,
    began: Timestamp,
    boot: Uuid,
}

impl SetClock {
    /// At a local time of a zone, `2026-10-24T08:00`.
    pub(crate) fn at(local: &str, zone: &str) -> Self {
        let now = moment(local, zone);
        Self { now: Arc::new(Mutex::new(now)), began: now, boot: Uuid::now_v7() }
    }

    pub(crate) fn set(&self, local: &str, zone: &str) {
        *self.now.lock().unwrap() = moment(local, zone);
    }
}

pub(crate) fn moment(local: &str, zone: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().unwrap();
    TimeZone::get(zone).unwrap().to_ambiguous_zoned_datetime(local).compatible().unwrap().timestamp()
}

impl Faults for SetClock {
    fn at(&self, _: Step) -> Fault {
        Fault::Pass
    }

    fn clocks(&self) -> Option<(Timestamp, Option<Clock>)> {
        let now = *self.now.lock().unwrap();
        let boottime_ms = u64::try_from(now.duration_since(self.began).as_millis()).unwrap() + 1_000_000;
        Some((now, Some(Clock { boot_id: self.boot, boottime_ms })))
    }
}

/// A person in Berlin whose digests are written, with a clock that the test sets.
pub(crate) struct Story {
    pub(crate) world: World,
    pub(crate) clock: SetClock,
    pub(crate) zone: &'static str,
}

impl Story {
    pub(crate) async fn new(of: Profile, begins: &str) -> Self {
        let zone = "Europe/Berlin";
        let options = Options { profile: of, ..Options::default() };
        let mut world =
            if of == Profile::Courier { World::prefixed(options).await } else { World::new(options).await };
        let clock = SetClock::at(begins, zone);
        world.faults = Some(Arc::new(clock.clone()));
        world.telling = Some(Telling {
            log_dir: world.dir.path().join("log"),
            zone: TimeZone::get(zone).unwrap(),
            language: Language::Ja,
            https: None,
            look: Duration::from_millis(20),
        });
        std::fs::create_dir(world.dir.path().join("log")).unwrap();
        Self { world, clock, zone }
    }

    pub(crate) fn set(&self, local: &str) {
        self.clock.set(local, self.zone);
    }

    pub(crate) fn log_dir(&self) -> PathBuf {
        self.world.dir.path().join("log")
    }

    /// Every digest that was written, by what the record says, with its JSON.
    pub(crate) fn days(&self) -> Vec<Day> {
        let written: Vec<Date> = self.written().into_iter().map(|(date, ..)| date).collect();
        written
            .into_iter()
            .map(|date| {
                let octets = std::fs::read(self.log_dir().join(file_name(date, Form::Json))).unwrap();
                from_json(&octets).unwrap()
            })
            .collect()
    }

    /// Date, first and next of each digest on record.
    pub(crate) fn written(&self) -> Vec<(Date, u64, u64)> {
        let records = self.world.records();
        let entries = records.into_iter().filter_map(|record| match record.entry {
            Entry::DigestWritten { date, first, next, .. } => Some((date, first, next)),
            _ => None,
        });
        entries.collect()
    }

    /// Waits until the record speaks of a digest of that day; its files are read, because the store is open elsewhere.
    pub(crate) async fn until_written(&self, date: &str) {
        let date: Date = date.parse().unwrap();
        self.until(
            "the digest is written",
            |entry| matches!(entry, Entry::DigestWritten { date: of, .. } if *of == date),
        )
        .await;
    }

    /// Waits until the record has such an entry.
    pub(crate) async fn until(&self, what: &str, is_it: impl Fn(&Entry) -> bool) {
        in_time(what, async {
            while !self.world.records().iter().any(|record| is_it(&record.entry)) {
                // Not synchronisation: a file is polled, because the record is all that an outsider sees.
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    }

    /// How the announced messages ended, in order.
    pub(crate) fn results(&self) -> Vec<(komainu::evidence::Appended, Option<String>)> {
        let records = self.world.records();
        let entries = records.into_iter().filter_map(|record| match record.entry {
            Entry::AppendResult { outcome, reason, .. } => Some((outcome, reason)),
            _ => None,
        });
        entries.collect()
    }

    pub(crate) fn mailbox(&self) -> String {
        let prefix = self.world.quarantine().strip_suffix("komainu隔離").unwrap().to_owned();
        format!("{prefix}{DIGESTS}")
    }

    /// What stands in the mailbox for digests.
    pub(crate) fn posted(&self) -> Vec<Stored> {
        self.world.server.snapshot(USER, &self.mailbox())
    }
}
