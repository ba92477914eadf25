//! Is every account's loop alive, and in what state: the source of the watchdog's ping and of the STATUS text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// What an account is doing.
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
    due: Instant,
    trouble: Option<String>,
}

/// Counts since the start of the service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Judged, all levels.
    pub judged: u64,
    /// Moved to quarantine.
    pub quarantined: u64,
    /// Suspicious, left in place.
    pub suspicious: u64,
    /// Could not be judged.
    pub not_judged: u64,
}

#[derive(Debug, Default)]
struct Inner {
    accounts: BTreeMap<String, Account>,
    counts: Counts,
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
            inner.accounts.entry(account.to_owned()).and_modify(|entry| entry.due = due).or_insert(Account {
                state: State::Connecting,
                due,
                trouble: None,
            });
        });
    }

    pub(super) fn set(&self, account: &str, state: State, within: Duration) {
        self.promise(account, within);
        let changed = self.with(|inner| {
            inner.accounts.get_mut(account).is_some_and(|entry| {
                let changed = entry.state != state;
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
