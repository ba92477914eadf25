//! Is every account's loop alive, and in what state: the source of the watchdog's ping and of the STATUS text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::control::status::{self, Counts, Status};

/// What an account is doing, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Signing in or reading.
    Connecting,
    /// Signed in and caught up.
    Watching,
    /// Waiting to try again.
    Lost(String),
    /// Refused by the server; not tried again.
    Refused(String),
}

#[derive(Debug)]
struct Account {
    state: State,
    since: Timestamp,
    due: Instant,
    trouble: Option<String>,
    last_message: Option<Timestamp>,
    lag: Option<Duration>,
    last_error: Option<(Timestamp, String)>,
    observes_until: Option<Timestamp>,
}

impl Account {
    fn new(due: Instant) -> Self {
        Self {
            state: State::Connecting,
            since: Timestamp::now(),
            due,
            trouble: None,
            last_message: None,
            lag: None,
            last_error: None,
            observes_until: None,
        }
    }
}

impl Account {
    fn report(&self, name: &str) -> status::Account {
        status::Account {
            name: name.to_owned(),
            state: match self.state {
                State::Connecting => status::State::Connecting,
                State::Watching => status::State::Watching,
                State::Lost(_) => status::State::Lost,
                State::Refused(_) => status::State::Refused,
            },
            since: self.since,
            last_message: self.last_message,
            lag_ms: self.lag.map(|lag| u64::try_from(lag.as_millis()).unwrap_or(u64::MAX)),
            last_error: self.last_error.clone(),
            trouble: self.trouble.clone(),
            observes_until: self.observes_until,
        }
    }
}

#[derive(Debug, Default)]
struct Inner {
    accounts: BTreeMap<String, Account>,
    counts: Counts,
    /// What of the service's own work cannot be done, and why.
    troubles: BTreeMap<String, String>,
}

/// Shared by the accounts' tasks and the service's own loop.
#[derive(Debug, Clone)]
pub struct Pulse {
    inner: Arc<Mutex<Inner>>,
    changed: Arc<watch::Sender<()>>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { inner: Arc::default(), changed: Arc::new(watch::channel(()).0) }
    }
}

impl Pulse {
    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        // The lock guards plain values that stay whole even if a holder panicked.
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The account promises to be heard of again within `within`.
    pub(super) fn promise(&self, account: &str, within: Duration) {
        self.with(|inner| {
            let due = Instant::now() + within;
            inner.accounts.entry(account.to_owned()).or_insert_with(|| Account::new(due)).due = due;
        });
    }

    pub(super) fn set(&self, account: &str, state: State, within: Duration) {
        self.promise(account, within);
        let changed = self.with(|inner| {
            inner.accounts.get_mut(account).is_some_and(|entry| {
                let changed = entry.state != state;
                if changed {
                    entry.since = Timestamp::now();
                }
                if let State::Lost(why) | State::Refused(why) = &state {
                    entry.last_error = Some((Timestamp::now(), why.clone()));
                }
                entry.state = state;
                changed
            })
        });
        if changed {
            self.changed.send_replace(());
        }
    }

    pub(super) fn forget(&self, account: &str) {
        self.with(|inner| inner.accounts.remove(account));
        self.changed.send_replace(());
    }

    pub(super) fn count(&self, add: impl FnOnce(&mut Counts)) {
        self.with(|inner| add(&mut inner.counts));
        self.changed.send_replace(());
    }

    /// Sets or clears what keeps an account from moving anything.
    pub(super) fn trouble(&self, account: &str, what: Option<String>) {
        let changed = self.with(|inner| {
            inner.accounts.get_mut(account).is_some_and(|entry| {
                let changed = entry.trouble != what;
                entry.trouble = what;
                changed
            })
        });
        if changed {
            self.changed.send_replace(());
        }
    }

    /// Sets or clears what of the service's own work cannot be done, and why. True where that is news.
    pub(super) fn hindered(&self, what: &str, why: Option<String>) -> bool {
        let changed = self.with(|inner| match why {
            Some(why) => inner.troubles.insert(what.to_owned(), why.clone()).as_ref() != Some(&why),
            None => inner.troubles.remove(what).is_some(),
        });
        if changed {
            self.changed.send_replace(());
        }
        changed
    }

    /// A message of this account was judged, now.
    pub(super) fn judged(&self, account: &str) {
        let now = Timestamp::now();
        self.with(|inner| {
            if let Some(entry) = inner.accounts.get_mut(account) {
                entry.last_message = Some(now);
            }
        });
    }

    /// A move took so long, from the notice of new mail on.
    pub(super) fn moved(&self, account: &str, after: Duration) {
        self.with(|inner| {
            if let Some(entry) = inner.accounts.get_mut(account) {
                entry.lag = Some(after);
            }
        });
    }

    /// Until when the account only judges; none where it does what its mode says.
    pub(super) fn observes(&self, account: &str, until: Option<Timestamp>) {
        self.with(|inner| {
            if let Some(entry) = inner.accounts.get_mut(account) {
                entry.observes_until = until;
            }
        });
    }

    /// Something that was asked for could not be done; the account goes on.
    pub(super) fn went_wrong(&self, account: &str, why: String) {
        let now = Timestamp::now();
        self.with(|inner| {
            if let Some(entry) = inner.accounts.get_mut(account) {
                entry.last_error = Some((now, why));
            }
        });
        self.changed.send_replace(());
    }

    /// Drops accounts that are no longer in the configuration.
    pub(super) fn keep_only(&self, names: impl Fn(&str) -> bool) {
        self.with(|inner| inner.accounts.retain(|name, _| names(name)));
        self.changed.send_replace(());
    }

    /// True while no account has broken its promise. A hung loop breaks it, and the watchdog is not pinged.
    pub fn alive(&self) -> bool {
        let now = Instant::now();
        self.with(|inner| {
            inner
                .accounts
                .values()
                .all(|account| matches!(account.state, State::Refused(_)) || account.due >= now)
        })
    }

    /// Counts so far.
    pub fn counts(&self) -> Counts {
        self.with(|inner| inner.counts)
    }

    /// Resolves at every change of state or counts.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Everything, for whoever asks through the socket.
    pub fn report(&self, started: Timestamp) -> Status {
        self.with(|inner| Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            started,
            accounts: inner.accounts.iter().map(|(name, account)| account.report(name)).collect(),
            counts: inner.counts,
            record: None,
            troubles: inner.troubles.iter().map(|(what, why)| format!("{what}: {why}")).collect(),
        })
    }

    /// One line for the service manager; account names only, no mail content.
    pub fn status(&self) -> String {
        self.with(|inner| {
            let watching = inner.accounts.values().filter(|account| account.state == State::Watching).count();
            let mut line = format!(
                "watching {watching} of {} accounts; judged {}, quarantined {}, suspicious {}, not judged {}",
                inner.accounts.len(),
                inner.counts.judged,
                inner.counts.quarantined,
                inner.counts.suspicious,
                inner.counts.not_judged
            );
            for (name, account) in &inner.accounts {
                match &account.state {
                    State::Lost(why) => {
                        let _ = write!(line, "; {name}: not watching: {why}");
                    }
                    State::Refused(why) => {
                        let _ = write!(line, "; {name}: refused: {why}");
                    }
                    State::Connecting | State::Watching => {}
                }
                if let Some(trouble) = &account.trouble {
                    let _ = write!(line, "; {name}: nothing is moved: {trouble}");
                }
            }
            for (what, why) in &inner.troubles {
                let _ = write!(line, "; {what}: {why}");
            }
            line
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_promise_is_noticed_and_a_refused_account_promises_nothing() {
        let pulse = Pulse::default();
        pulse.promise("a", Duration::from_secs(60));
        assert!(pulse.alive());
        pulse.promise("b", Duration::ZERO);
        while Instant::now() <= pulse.with(|inner| inner.accounts["b"].due) {
            std::hint::spin_loop();
        }
        assert!(!pulse.alive());
        pulse.set("b", State::Refused("no".into()), Duration::ZERO);
        assert!(pulse.alive());
    }

    #[test]
    fn the_status_counts_and_names_what_is_wrong() {
        let pulse = Pulse::default();
        pulse.set("hanako", State::Watching, Duration::from_secs(60));
        pulse.set("taro", State::Lost("connection closed".into()), Duration::from_secs(60));
        pulse.count(|counts| counts.judged += 3);
        pulse.trouble("hanako", Some("disk full".into()));
        assert_eq!(
            pulse.status(),
            "watching 1 of 2 accounts; judged 3, quarantined 0, suspicious 0, not judged 0; \
             hanako: nothing is moved: disk full; taro: not watching: connection closed"
        );
    }
}
