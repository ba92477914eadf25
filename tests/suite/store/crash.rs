//! A process that commits is killed, again and again, at points nobody chose. What it was told is durable has to be
//! there, once, and whole.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use komainu::store::fault::{Fault, Faults, Step};
use rustix::process::{Signal, getpid, kill_process};

use komainu::evidence::audit::Grade;
use komainu::store::verify;

use super::*;

const DIR: &str = "KOMAINU_TEST_STORE_DIR";
const AT: &str = "KOMAINU_TEST_STORE_STEP";
const OCTETS: &str = "KOMAINU_TEST_STORE_OCTETS";
const CHILD: &str = "store::crash::child";

/// Kills its own process at the n-th step; or in the middle of an append, after so many octets.
struct Kill {
    step: AtomicU64,
    octets: Option<usize>,
}

impl Faults for Kill {
    fn at(&self, step: Step) -> Fault {
        let cut = self.octets.is_some();
        let now = !cut && self.step.fetch_sub(1, Ordering::SeqCst) == 1;
        // The store wants to take a failed append back: this is the moment at which the cut line stands there.
        if now || (cut && step == Step::Truncate) {
            kill_process(getpid(), Signal::KILL).unwrap();
            std::thread::park();
        }
        match self.octets {
            Some(octets) if step == Step::Append && self.step.fetch_sub(1, Ordering::SeqCst) == 1 => {
                Fault::Short(octets, 5)
            }
            _ => Fault::Pass,
        }
    }
}

fn tell(what: std::fmt::Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{what}").unwrap();
    out.flush().unwrap();
}

/// The process that is killed; as a test of its own it does nothing.
#[test]
fn child() {
    let (Ok(dir), Ok(at)) = (std::env::var(DIR), std::env::var(AT)) else { return };
    let octets = std::env::var(OCTETS).ok().map(|octets| octets.parse().unwrap());
    let faults = Kill { step: AtomicU64::new(at.parse().unwrap()), octets };
    let store = Store::open_with(Path::new(&dir), Arc::new(faults)).unwrap();
    tell(format_args!("open"));
    run(async {
        tokio::join!(account(&store, "a"), account(&store, "b"));
    });
}

async fn account(store: &Store, name: &str) {
    // What the last process left open is settled first, as the monitor does it.
    for open in store.open_intents(name).await.unwrap() {
        assert!(store.at(&open.position).await.unwrap().is_some());
        store.commit(entries(vec![moved(open.id, open.position.uid + 1000)])).await.unwrap();
        tell(format_args!("moved {}", open.id.0));
    }
    let done = store.handled(&inbox(name, 1), 1).await.unwrap();
    let first = done.last().map_or(1, |last| last + 1);
    for uid in first..first + 8 {
        let id = new_id();
        store.commit(hit(id, &inbox(name, uid))).await.unwrap();
        tell(format_args!("hit {}", id.0));
        store.commit(entries(vec![moved(id, uid + 1000)])).await.unwrap();
        tell(format_args!("moved {}", id.0));
        if uid % 3 == 0 {
            store.erase(vec![id], "asked").await.unwrap();
            tell(format_args!("erased {}", id.0));
        }
        if uid % 4 == 0 {
            store.checkpoint().await.unwrap();
        }
    }
}

/// When a child dies.
enum Death {
    Step(u64),
    Append { nth: u64, octets: usize },
    After(Duration),
}

/// Runs one child; its acknowledgements go to `acknowledged`. True where it lived to its end.
fn life(dir: &Path, death: &Death, acknowledged: &mut BTreeSet<String>) -> bool {
    let (step, octets, timer) = match death {
        Death::Step(step) => (*step, None, None),
        Death::Append { nth, octets } => (*nth, Some(*octets), None),
        Death::After(time) => (u64::MAX, None, Some(*time)),
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([CHILD, "--exact", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .env(AT, step.to_string())
        .envs(octets.map(|octets| (OCTETS, octets.to_string())))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let pid = rustix::process::Pid::from_child(&child);
    std::thread::scope(|scope| {
        // Not synchronisation: the moment of the kill is meant to be anybody's guess.
        let killer = timer.map(|after| {
            scope.spawn(move || {
                std::thread::sleep(after);
                let _ = kill_process(pid, Signal::KILL);
            })
        });
        for line in out.lines().map_while(Result::ok) {
            if ["hit ", "moved ", "erased "].iter().any(|word| line.starts_with(word)) {
                acknowledged.insert(line);
            }
        }
        if let Some(killer) = killer {
            killer.join().unwrap();
        }
    });
    child.wait().unwrap().success()
}

/// Opens what a killed process left, and compares it with what was acknowledged. `seen` content is not read again.
fn examine(dir: &Path, acknowledged: &BTreeSet<String>, seen: &mut BTreeSet<EvidenceId>) {
    drop(open(dir));
    let (mut hits, mut positions) = (BTreeSet::new(), BTreeSet::new());
    let (mut intents, mut results) = (BTreeSet::new(), BTreeSet::new());
    let records = chain(dir);
    let erased: BTreeSet<EvidenceId> = records
        .iter()
        .filter_map(|record| match &record.entry {
            Entry::Erased { id, .. } => *id,
            _ => None,
        })
        .collect();
    for record in records {
        match record.entry {
            Entry::Captured { id, position, sha256, meta_sha256, .. } => {
                assert!(hits.insert(id));
                assert!(positions.insert(position.clone()), "{position:?} twice");
                if erased.contains(&id) || !seen.insert(id) {
                    continue;
                }
                let blob = dir.join(format!("evidence/blobs/{}/{sha256}.eml", &sha256.to_string()[..2]));
                assert_eq!(fs::read(blob).unwrap(), mail(&position));
                let name = id.0.to_string();
                let meta = fs::read(dir.join(format!("evidence/meta/{}/{name}.json", &name[34..]))).unwrap();
                assert_eq!(Digest::of(&meta), meta_sha256);
            }
            Entry::Judged { context, .. } => {
                assert!(dir.join(format!("evidence/context/{context}.json")).is_file());
            }
            Entry::MoveIntent { id, .. } => assert!(intents.insert(id)),
            Entry::MoveResult { id, .. } => assert!(results.insert(id)),
            Entry::Cursor { .. } | Entry::Recovery { .. } | Entry::Erased { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    // Each hit is one batch: all of it or nothing.
    assert_eq!(intents, hits);
    assert!(results.is_subset(&intents));
    for line in acknowledged {
        let (what, id) = line.split_once(' ').unwrap();
        let id = EvidenceId(id.parse().unwrap());
        let all = match what {
            "hit" => &hits,
            "moved" => &results,
            _ => &erased,
        };
        assert!(all.contains(&id), "{line}");
    }
    // Opened and closed in order, all of it is signed, and nothing is missing that is not on record as erased.
    let report = verify(dir, None, &[]).unwrap().report;
    assert!(report.records == 0 || report.grade() == Grade::Notice, "{report:?}");
}

#[test]
fn killed_at_every_step_of_its_life() {
    let mut dir = scratch();
    let (mut acknowledged, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut total = 0;
    // From the making of the first directory into steady work.
    for step in 1..=160 {
        if step % 10 == 0 {
            dir = scratch();
            total += std::mem::take(&mut acknowledged).len();
        }
        assert!(!life(dir.path(), &Death::Step(step), &mut acknowledged), "step {step} was not reached");
        examine(dir.path(), &acknowledged, &mut seen);
    }
    assert!(total > 160, "{total}");
}

/// At steps and octets by chance; more than two thousand deaths with `tests/run --soak`.
#[test]
fn killed_by_chance() {
    let rounds = if std::env::var_os("KOMAINU_TEST_SOAK").is_some() { 2200 } else { 48 };
    let mut dir = scratch();
    let (mut acknowledged, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut deaths = 0;
    for round in 0..rounds {
        if round % 12 == 0 {
            dir = scratch();
            acknowledged.clear();
        }
        let death = if round % 4 == 3 {
            Death::Append { nth: fastrand::u64(1..24), octets: fastrand::usize(1..6000) }
        } else {
            Death::Step(fastrand::u64(1..420))
        };
        deaths += u32::from(!life(dir.path(), &death, &mut acknowledged));
        examine(dir.path(), &acknowledged, &mut seen);
    }
    println!("{deaths} deaths");
    // Some steps lie behind the end of a short life.
    assert!(deaths >= rounds * 9 / 11, "{deaths} of {rounds}");
}

#[test]
fn killed_at_any_time() {
    let dir = scratch();
    let (mut acknowledged, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..40 {
        let after = Duration::from_micros(fastrand::u64(2_000..45_000));
        life(dir.path(), &Death::After(after), &mut acknowledged);
        examine(dir.path(), &acknowledged, &mut seen);
    }
}

#[test]
fn killed_in_the_middle_of_an_append() {
    let dir = scratch();
    let (mut acknowledged, mut seen) = (BTreeSet::new(), BTreeSet::new());
    // No append is as short as 200 octets, so every other one is cut for certain, in its first line. The rest may be cut
    // in any line, or not at all: a hit of two accounts is about 5,000 octets in eight lines, a result far less.
    for round in 0..40 {
        let octets = if round % 2 == 0 { fastrand::usize(1..200) } else { fastrand::usize(200..6000) };
        let death = Death::Append { nth: 1 + round % 5, octets };
        life(dir.path(), &death, &mut acknowledged);
        examine(dir.path(), &acknowledged, &mut seen);
    }
    let recovered = chain(dir.path()).iter().filter(|r| matches!(r.entry, Entry::Recovery { .. })).count();
    assert!(recovered >= 20, "{recovered}");
}
