//! Writing the digests: every day that is over and has none yet, at the start and as time goes by.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tracing::{error, info, warn};

use super::Pulse;
use super::account::NOT_RECORDED;
use super::task::Task;
use super::telling::Telling;
use crate::control::status;
use crate::digest::{self, Facts, Period, due};
use crate::evidence::{Digest, Entry};
use crate::store::digest::{Asked, Shelf, belongs, digests, first_record};
use crate::store::{self, Batch, Layout, Store};

/// A day is told of so long after its end: what was under way at midnight has settled.
const SETTLE: SignedDuration = SignedDuration::from_mins(5);
/// After a failure so many looks are left out: each try reads the whole chain.
const PAUSE: u32 = 10;
/// By which name trouble with digests stands in the status.
const DIGEST: &str = "digest";

/// The task that writes digests.
#[derive(Debug)]
pub(super) struct Scribe {
    task: Task,
}

impl Scribe {
    /// `news` counts up after each digest.
    pub(super) fn start(
        store: Store,
        pulse: Pulse,
        telling: watch::Receiver<Option<Arc<Telling>>>,
        news: watch::Sender<u64>,
    ) -> Self {
        Self { task: Task::start(write_on(store, pulse, telling, news)) }
    }

    /// Ends it, and waits until its handle on the store is gone.
    pub(super) async fn end(self) {
        self.task.end().await;
    }
}

async fn write_on(
    store: Store,
    pulse: Pulse,
    mut telling: watch::Receiver<Option<Arc<Telling>>>,
    news: watch::Sender<u64>,
) {
    let mut settle = SignedDuration::ZERO;
    let mut first = None;
    loop {
        let mut wait = super::telling::LOOK;
        let plan = telling.borrow_and_update().clone();
        if let Some(plan) = plan {
            let written = write_due(&store, &pulse, &plan, &mut first, settle).await;
            wait = plan.look;
            settle = SETTLE;
            match written {
                Ok(0) => {}
                Ok(days) => {
                    info!(days, "digest written");
                    news.send_modify(|news| *news = news.wrapping_add(1));
                }
                Err(error) => {
                    if pulse.hindered(DIGEST, Some(error.to_string())) {
                        error!(%error, "the digest cannot be written; it is tried again");
                    }
                    wait = wait.saturating_mul(PAUSE);
                }
            }
        }
        tokio::select! {
            changed = telling.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Writes what is due. How many days.
async fn write_due(
    store: &Store,
    pulse: &Pulse,
    telling: &Telling,
    first: &mut Option<Timestamp>,
    settle: SignedDuration,
) -> Result<usize, store::Error> {
    let layout = store.layout().clone();
    if first.is_none() {
        let layout = layout.clone();
        *first = blocking(move || first_record(&layout)).await?;
    }
    let Some(began) = *first else { return Ok(0) };
    let now = store.now().await?;
    let over = now.checked_sub(settle).unwrap_or(now);
    let written = store.written().await?;
    let days = due(&written, began, over, &telling.zone);
    if days.is_empty() {
        return Ok(0);
    }
    // The digest carries the latest checkpoint as a witness: it is to cover as much as it can. Without a key there is none.
    if let Err(error) = store.checkpoint().await {
        warn!(%error, "the digest has no checkpoint of this hour");
    }
    let job = Job {
        layout,
        shelf: store.shelf(&telling.log_dir),
        telling: telling.clone(),
        now,
        first_seq: written.next_seq(),
        facts: facts(pulse, now),
    };
    let (entries, strangers) = blocking(move || job.write(days)).await?;
    let stands = (!strangers.is_empty())
        .then(|| format!("{} is of another record; it stays as it is", strangers.join(", ")));
    if let Some(why) = &stands {
        error!("{why}");
    }
    pulse.hindered(DIGEST, stands);
    let days = entries.len();
    for entry in entries {
        match store.commit(Batch { entries: vec![entry], ..Batch::default() }).await {
            Ok(()) | Err(store::Error::DigestExists(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(days)
}

/// What a run of days is made of; for a thread of its own, because it reads the whole chain.
struct Job {
    layout: Layout,
    shelf: Shelf,
    telling: Telling,
    now: Timestamp,
    first_seq: u64,
    facts: Facts,
}

impl Job {
    /// Puts each day's files where they belong. What is to be recorded, in order, and files that are not of this record.
    ///
    /// A JSON that stands there without a record is of a start that was cut short: it is taken as it is, and what is
    /// missing beside it follows from it, so that the octets are the same.
    fn write(mut self, days: Vec<Period>) -> Result<(Vec<Entry>, Vec<String>), store::Error> {
        let (mut entries, mut strangers, mut fresh) = (Vec::new(), Vec::new(), Vec::new());
        for period in days {
            let Some(json) = self.shelf.json(period.date)? else {
                fresh.push(period);
                continue;
            };
            let day = digest::from_json(&json).ok().filter(|day| day.date == period.date && fresh.is_empty());
            match day {
                Some(day) if belongs(&self.layout, &day, self.first_seq)? => {
                    entries.push(self.put(&day, &json)?);
                }
                // Its records are told of on the next day that is written.
                _ => strangers.push(digest::file_name(period.date, digest::Form::Json)),
            }
        }
        if !fresh.is_empty() {
            let asked = Asked::Days(self.first_seq, fresh);
            let facts = self.facts.clone();
            for day in digests(&self.layout, &self.telling.zone, self.now, asked, facts)? {
                let json = digest::json(&day);
                entries.push(self.put(&day, json.as_bytes())?);
            }
        }
        Ok((entries, strangers))
    }

    fn put(&mut self, day: &digest::Day, json: &[u8]) -> Result<Entry, store::Error> {
        let lang = self.telling.language;
        self.shelf.put(day.date, json, &digest::text(day, lang), &digest::html(day, lang))?;
        self.first_seq = day.integrity.next_seq;
        Ok(Entry::DigestWritten {
            date: day.date,
            first: day.integrity.first_seq,
            next: day.integrity.next_seq,
            sha256: Digest::of(json),
        })
    }
}

/// What only the running service knows.
fn facts(pulse: &Pulse, now: Timestamp) -> Facts {
    let accounts = pulse.report(now).accounts;
    let watching = |account: &status::Account| account.state == status::State::Watching;
    Facts {
        unwatched: accounts
            .iter()
            .filter(|account| matches!(account.state, status::State::Lost | status::State::Refused))
            .map(|account| {
                let reason = if account.trouble.is_some() { NOT_RECORDED } else { "not-reached" };
                (Some(account.name.clone()), account.since, reason.to_owned())
            })
            .collect(),
        accounts: accounts
            .iter()
            .map(|account| {
                let looked = if watching(account) { Some(now) } else { account.last_message };
                (account.name.clone(), looked)
            })
            .collect(),
        ..Facts::default()
    }
}

/// Runs what reads and writes files in a thread of its own, so that no account waits for it.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, store::Error> + Send + 'static,
) -> Result<T, store::Error> {
    spawn_blocking(work).await.unwrap_or(Err(store::Error::Gone))
}
