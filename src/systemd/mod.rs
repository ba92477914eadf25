//! The service manager: telling it how things stand, and logging as its journal wants it.

mod journal;

use std::time::Duration;

use sd_notify::NotifyState;

pub use self::journal::{Format, wanted};

/// Tells the service manager (sd_notify(3)) how things stand. Without one, nothing happens. A message that cannot be sent
/// is lost without harm: the service manager's own timeouts deal with silence.
#[derive(Debug, Clone, Copy, Default)]
pub struct Notifier {
    watchdog: Option<Duration>,
}

impl Notifier {
    /// Takes `$NOTIFY_SOCKET`, `$WATCHDOG_USEC` and `$WATCHDOG_PID` as they are.
    pub fn from_environment() -> Self {
        Self { watchdog: sd_notify::watchdog_enabled().filter(|interval| !interval.is_zero()) }
    }

    /// True under a service manager that listens.
    pub fn is_heard(&self) -> bool {
        std::env::var_os("NOTIFY_SOCKET").is_some()
    }

    /// Able to watch: configuration, evidence store and sandbox are in order. Not that a server answered; a server that
    /// is down must not fail the boot.
    pub fn ready(&self) {
        send(&[NotifyState::Ready]);
    }

    /// One line for `systemctl status`. No mail content.
    pub fn status(&self, line: &str) {
        // A line feed would begin another assignment.
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        send(&[NotifyState::Status(&line)]);
    }

    /// A reload has begun; [`Notifier::ready`] ends it. With the time that `Type=notify-reload` asks for.
    pub fn reloading(&self) {
        match NotifyState::monotonic_usec_now() {
            Ok(now) => send(&[NotifyState::Reloading, now]),
            Err(_) => send(&[NotifyState::Reloading]),
        }
    }

    /// Ending in order.
    pub fn stopping(&self) {
        send(&[NotifyState::Stopping]);
    }

    /// How often [`Notifier::alive`] is to be called: half of what the service manager waits, as sd_watchdog_enabled(3)
    /// recommends. None where it does not watch.
    pub fn watchdog_interval(&self) -> Option<Duration> {
        self.watchdog.map(|interval| interval / 2)
    }

    /// Still going round. To be called by the loop that does the work, so that a loop that hangs is noticed.
    pub fn alive(&self) {
        if self.watchdog.is_some() {
            send(&[NotifyState::Watchdog]);
        }
    }
}

fn send(state: &[NotifyState<'_>]) {
    _ = sd_notify::notify(state);
}
