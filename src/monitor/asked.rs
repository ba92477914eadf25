//! What an account may do and is to do by the person's word: when it begins to move, and what commands have asked of it.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use super::account::Account;
use super::{Error, Mode};
use crate::imap::Session;

impl Account {
    /// What commands have put on record since: lessons that were taken back, and releases.
    pub(super) async fn do_what_was_asked(&mut self, session: &mut Session) -> Result<(), Error> {
        // First, so that what is asked meanwhile is seen the next time.
        self.stirred.borrow_and_update();
        self.heed_lessons().await?;
        self.give_back(session).await
    }

    /// Whether `observe-for` still runs: counted from the first watch of this account that is on record.
    pub(super) async fn look_at_the_clock(&mut self) -> Result<(), Error> {
        self.observes_until = None;
        if let (Mode::Quarantine, Some(length)) = (self.watch.mode, self.watch.observe_for) {
            let since = self.store.first_watched(self.name()).await?.unwrap_or_else(Timestamp::now);
            let until = since.checked_add(length).unwrap_or(Timestamp::MAX);
            self.observes_until = Some(until).filter(|until| *until > Timestamp::now());
        }
        self.pulse.observes(self.name(), self.observes_until);
        Ok(())
    }

    /// For how long it still only judges; very long where `observe-for` does not run.
    pub(super) fn observes_for(&self) -> Duration {
        self.observes_until.map_or(Duration::MAX, |until| {
            Duration::try_from(until.duration_since(Timestamp::now())).unwrap_or_default()
        })
    }

    /// True where this account may move anything at all: not in observe mode, and not while `observe-for` runs.
    pub(super) fn may_move(&self) -> bool {
        self.watch.mode == Mode::Quarantine && self.observes_until.is_none()
    }
}

/// Resolves when the service is asked to stop, or the person asked for something since the receiver last looked.
pub(super) async fn called(mut stop: watch::Receiver<bool>, mut stirred: watch::Receiver<u64>) {
    tokio::select! {
        () = stopped(&mut stop) => {}
        // A sender that has gone away asks for nothing more.
        Ok(()) = stirred.changed() => {}
    }
}

/// Resolves when the service is asked to stop.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sender that has gone away means the service itself is gone: stop as well.
    let _ = stop.wait_for(|stop| *stop).await;
}
