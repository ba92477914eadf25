//! A process that writes digests is killed at every step: no half digest, no second record, the same octets in the end.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use komainu::digest::{Form, date_of, file_name, from_json};
use komainu::document::Language;
use komainu::evidence::Clock;
use komainu::monitor::{Observer, Pulse, Service, Telling};
use komainu::store::fault::{Fault, Faults, Step};
use rustix::process::{Signal, getpid, kill_process};

use super::*;

const DIR: &str = "KOMAINU_TEST_DIGEST_DIR";
const AT: &str = "KOMAINU_TEST_DIGEST_STEP";
const CHILD: &str = "store::digests::child";
const DATES: [&str; 3] = ["2026-11-21", "2026-11-22", "2026-11-23"];

/// A clock that stands, and death at the n-th step.
struct Kill {
    now: Timestamp,
    step: AtomicU64,
}

impl Faults for Kill {
    fn at(&self, _: Step) -> Fault {
        if self.step.fetch_sub(1, Ordering::SeqCst) == 1 {
            kill_process(getpid(), Signal::KILL).unwrap();
            std::thread::park();
        }
        Fault::Pass
    }

    fn clocks(&self) -> Option<(Timestamp, Option<Clock>)> {
        Some((self.now, None))
    }
}

fn faults(now: &str, step: u64) -> Arc<Kill> {
    Arc::new(Kill { now: now.parse().unwrap(), step: AtomicU64::new(step) })
}

/// The process that is killed; as a test of its own it does nothing.
#[test]
fn child() {
    let (Ok(dir), Ok(at)) = (std::env::var(DIR), std::env::var(AT)) else { return };
    let dir = Path::new(&dir);
    let store =
        Store::open_with(&dir.join("state"), faults("2026-11-24T00:06:00Z", at.parse().unwrap())).unwrap();
    run(async {
        let service =
            Service::start(store.clone(), Vec::new(), Pulse::default(), Observer::none()).await.unwrap();
        service.tell(Telling {
            log_dir: dir.join("log"),
            zone: TimeZone::UTC,
            language: Language::Ja,
            https: None,
            look: Duration::from_millis(5),
        });
        while store.written().await.unwrap().days.len() < DATES.len() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        service.stop().await.unwrap();
    });
}

/// True where the child lived to its end.
fn life(dir: &Path, step: u64) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([CHILD, "--exact", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .env(AT, step.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.wait().unwrap().success()
}

/// Three days with a hit each.
fn three_days(dir: &Path) {
    fs::create_dir(dir.join("log")).unwrap();
    for (n, date) in DATES.iter().enumerate() {
        let now = format!("{date}T10:00:00Z");
        let store = Store::open_with(&dir.join("state"), faults(&now, 0)).unwrap();
        run(store.commit(hit(new_id(), &inbox("a", n as u32 + 1)))).unwrap();
    }
}

/// What stands in the folder under a final name; each file whole.
fn examine(dir: &Path, seen: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(dir.join("log")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().extension().is_some_and(|extension| extension == "tmp") {
            continue;
        }
        let octets = fs::read(entry.path()).unwrap();
        if let Some(date) = date_of(&name) {
            assert_eq!(from_json(&octets).unwrap().date, date);
        }
        assert!(octets.ends_with(b"\n"), "{name} is not whole");
        let first = seen.entry(name.clone()).or_insert_with(|| octets.clone());
        assert_eq!(*first, octets, "{name} has changed");
    }
    let mut written: Vec<Date> = Vec::new();
    for record in chain(&dir.join("state")) {
        if let Entry::DigestWritten { date, sha256, .. } = record.entry {
            assert!(!written.contains(&date), "{date} twice");
            written.push(date);
            for form in [Form::Json, Form::Text, Form::Html] {
                let octets = seen.get(&file_name(date, form)).expect("a record without its file");
                if form == Form::Json {
                    assert_eq!(Digest::of(octets), sha256);
                }
            }
        }
    }
}

#[test]
fn killed_at_every_step_the_same_digests_stand_there_once() {
    let mut step = 1;
    loop {
        let dir = scratch();
        three_days(dir.path());
        let mut seen = BTreeMap::new();
        let lived = life(dir.path(), step);
        // The store is mended first, as every start does.
        drop(Store::open_with(&dir.path().join("state"), faults("2026-11-24T00:06:00Z", 0)).unwrap());
        examine(dir.path(), &mut seen);
        // A second death soon after the next start, and then a whole life.
        life(dir.path(), 60 + step % 40);
        examine(dir.path(), &mut seen);
        assert!(life(dir.path(), 0), "step {step}");
        examine(dir.path(), &mut seen);
        assert_eq!(seen.len(), 9, "step {step}");
        if lived {
            break;
        }
        step += 1;
    }
    println!("{step} steps");
    assert!(step > 60, "{step}");
}
