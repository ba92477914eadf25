//! Telling the person by the ways beside the mailbox: that a digest has something to say, and at once what is urgent.
//! Counts, how much they press, and short evidence ids; nothing that a sender wrote, no account, no address.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};
use tracing::{info, warn};

use super::Pulse;
use super::https::{Endpoint, Failure, Message};
use super::task::Task;
use super::telling::{Telling, speaks};
use crate::digest::{self, Day, Form};
use crate::document::Language;
use crate::evidence::{Entry, EvidenceId, Notice, Way};
use crate::store::{self, Batch, Store, Urgent};
use crate::verdict::Severity;

/// What comes in one burst is told once.
const GATHER: Duration = Duration::from_secs(2);
/// Waits between tries; after the last one it is given up, and that is on record.
const TRIES: [Duration; 6] = [
    Duration::from_secs(2),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
    Duration::from_secs(900),
    Duration::from_secs(1800),
];
/// An urgent message is told of within this time, or not any more.
const AT_ONCE: SignedDuration = SignedDuration::from_hours(48);
/// So many ids are named.
const NAMED: usize = 5;
/// Digits of an evidence id: the first two groups, which hold its millisecond.
const SHORT: usize = 13;
/// By which name trouble stands in the status.
const NOTIFY: &str = "notify";

/// The task that tells.
#[derive(Debug)]
pub(super) struct Herald {
    wanted: Arc<Notify>,
    task: Task,
}

impl Herald {
    /// `news` changes when a digest was written.
    pub(super) fn start(
        store: Store,
        pulse: Pulse,
        telling: watch::Receiver<Option<Arc<Telling>>>,
        news: watch::Receiver<u64>,
    ) -> Self {
        let wanted = Arc::new(Notify::new());
        let task = Task::start(tell_on(store, pulse, telling, news, Arc::clone(&wanted)));
        Self { wanted, task }
    }

    /// To be notified when something cannot wait.
    pub(super) fn wanted(&self) -> Arc<Notify> {
        Arc::clone(&self.wanted)
    }

    /// Ends it, and waits until its handle on the store is gone.
    pub(super) async fn end(self) {
        self.task.end().await;
    }
}

async fn tell_on(
    store: Store,
    pulse: Pulse,
    mut telling: watch::Receiver<Option<Arc<Telling>>>,
    mut news: watch::Receiver<u64>,
    wanted: Arc<Notify>,
) {
    // A day that has nothing to say is looked at once.
    let mut quiet = None;
    loop {
        tokio::select! {
            () = wanted.notified() => {}
            changed = news.changed() => if changed.is_err() { return },
            changed = telling.changed() => if changed.is_err() { return },
        }
        tokio::time::sleep(GATHER).await;
        let Some(plan) = telling.borrow_and_update().clone() else { continue };
        let Some(endpoint) = &plan.https else { continue };
        if let Err(error) = tell(&store, &pulse, &plan, endpoint, &mut quiet).await {
            // The accounts' own tasks do what is to be done about the store.
            warn!(%error, "what was told cannot be recorded");
        }
    }
}

async fn tell(
    store: &Store,
    pulse: &Pulse,
    telling: &Telling,
    endpoint: &Endpoint,
    quiet: &mut Option<Date>,
) -> Result<(), store::Error> {
    let now = store.now().await?;
    let urgent = store.urgent_untold(Way::Https, now.checked_sub(AT_ONCE).unwrap_or(Timestamp::MIN)).await?;
    if !urgent.is_empty() {
        let ids: Vec<EvidenceId> = urgent.iter().map(|urgent| urgent.id).collect();
        let failure = send(pulse, endpoint, &of_urgent(&urgent, telling.language)).await;
        record(store, Notice::Alert, ids, failure).await?;
    }
    let Some(date) = store.digest_untold(Way::Https).await?.filter(|date| *quiet != Some(*date)) else {
        return Ok(());
    };
    let path = telling.log_dir.join(digest::file_name(date, Form::Json));
    let day = tokio::fs::read(path).await.ok().and_then(|octets| digest::from_json(&octets).ok());
    let Some(day) = day.filter(speaks) else {
        *quiet = Some(date);
        return Ok(());
    };
    let failure = send(pulse, endpoint, &of_day(&day, telling.language)).await;
    record(store, Notice::Digest, Vec::new(), failure).await
}

/// Tries until it is taken or given up: then why, in a machine word.
async fn send(pulse: &Pulse, endpoint: &Endpoint, message: &Message) -> Option<String> {
    let mut waits = TRIES.into_iter();
    loop {
        let why = match endpoint.post(message).await {
            Ok(()) => {
                pulse.hindered(NOTIFY, None);
                info!("told by HTTPS");
                return None;
            }
            Err(Failure::Passing(why)) => why,
            Err(Failure::Final(why)) => {
                pulse.hindered(NOTIFY, Some(why.clone()));
                warn!(why, "the notification endpoint does not take it; not tried again");
                return Some(why);
            }
        };
        pulse.hindered(NOTIFY, Some(why.clone()));
        let Some(wait) = waits.next() else {
            warn!(why, "the notification endpoint does not take it; given up");
            return Some(why);
        };
        warn!(why, retry_in_ms = wait.as_millis() as u64, "the notification endpoint does not take it");
        tokio::time::sleep(wait).await;
    }
}

async fn record(
    store: &Store,
    notice: Notice,
    ids: Vec<EvidenceId>,
    reason: Option<String>,
) -> Result<(), store::Error> {
    let entries = vec![Entry::Notified { way: Way::Https, notice, ids, reason }];
    store.commit(Batch { entries, ..Batch::default() }).await
}

fn of_urgent(urgent: &[Urgent], lang: Language) -> Message {
    let n = urgent.len();
    let mut text = match lang {
        Language::Ja => format!("緊急のメールが {n} 通あります。返信も支払いもせず、記録をご覧ください。"),
        Language::En => format!("{n} urgent. Do not reply, do not pay; look at the record."),
    };
    text.push('\n');
    text.push_str(lang.pick("証拠番号:", "Evidence:"));
    for urgent in urgent.iter().take(NAMED) {
        let id = urgent.id.to_string();
        // Writing to a String cannot fail.
        let _ = write!(text, " {}", id.get(..SHORT).unwrap_or_default());
    }
    if n > NAMED {
        text.push_str(" …");
    }
    text.push('\n');
    Message { title: "komainu", priority: 5, tag: "rotating_light", text }
}

fn of_day(day: &Day, lang: Language) -> Message {
    let urgent = day.hits.by_severity.iter().filter(|one| one.severity == Severity::Urgent);
    let urgent: u64 = urgent.map(|one| one.count).sum();
    let Day { date, threats, suspicious, not_judged, .. } = day;
    let trouble = day.outages.len() + day.errors.len();
    let text = match lang {
        Language::Ja => format!(
            "{date} の日報: 脅威 {threats} 件（うち緊急 {urgent} 件）、不審 {suspicious} 件、検査できず {not_judged} 件、監視の中断や不具合 {trouble} 件\n"
        ),
        Language::En => format!(
            "Digest of {date}: {threats} threats ({urgent} urgent), {suspicious} suspicious, {not_judged} not judged, {trouble} outages or faults\n"
        ),
    };
    Message { title: "komainu", priority: if urgent > 0 { 4 } else { 3 }, tag: "memo", text }
}
