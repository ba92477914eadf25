//! The service manager: telling it how things stand, and logging as its journal wants it.

mod journal;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use sd_notify::NotifyState;

pub use self::journal::{Format, wanted};

/// Tells the service manager (sd_notify(3)) how things stand. Without one, nothing happens. A message that cannot be sent
/// is lost without harm: the service manager's own timeouts deal with silence. One that does not read never holds the
/// caller up for longer than half a second, and only where the service manager waits for the word, at start, reload and stop.
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

/// How long start, reload and stop wait for a service manager whose queue is full.
const PATIENCE: Duration = Duration::from_millis(500);

/// The queue of a datagram socket holds ten messages (net.unix.max_dgram_qlen), after which a plain send waits for its
/// reader for ever; and the thread that would wait is the one that watches the mailboxes.
fn send(state: &[NotifyState<'_>]) {
    let Some(path) = std::env::var_os("NOTIFY_SOCKET") else { return };
    let waits_for_it = state
        .iter()
        .any(|state| matches!(state, NotifyState::Ready | NotifyState::Reloading | NotifyState::Stopping));
    let mut text = String::new();
    for state in state {
        // Writing to a String does not fail.
        _ = writeln!(text, "{state}");
    }
    _ = send_to(&path, &text, waits_for_it.then_some(PATIENCE));
}

/// Sends one datagram; without `patience`, only where that is possible at once. A path that begins with `@` is a name in
/// the abstract namespace (sd_notify(3)).
fn send_to(path: &OsStr, text: &str, patience: Option<Duration>) -> io::Result<()> {
    let address = match path.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(path)?,
    };
    let socket = UnixDatagram::unbound()?;
    match patience {
        Some(patience) => socket.set_write_timeout(Some(patience))?,
        None => socket.set_nonblocking(true)?,
    }
    socket.send_to_addr(text.as_bytes(), &address).map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_service_manager_that_does_not_read_holds_nobody_up() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let _deaf = UnixDatagram::bind(&path).unwrap();
        let sent = (0..10_000).take_while(|_| send_to(path.as_os_str(), "STATUS=x\n", None).is_ok()).count();
        assert!(sent < 10_000, "the queue is never full here, so that nothing was tried");
        let start = Instant::now();
        let patience = Duration::from_millis(50);
        assert!(send_to(path.as_os_str(), "READY=1\n", Some(patience)).is_err());
        assert!(start.elapsed() >= patience && start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_name_in_the_abstract_namespace_is_reached() {
        let name = format!("komainu-test-{}", std::process::id());
        let heard = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
        send_to(OsStr::new(&format!("@{name}")), "READY=1\n", Some(PATIENCE)).unwrap();
        let mut buffer = [0; 64];
        let length = heard.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"READY=1\n");
    }
}
