//! The daemon as an operator runs it: a configuration file, a process, the service manager's socket, signals.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::record::Record;
use super::{Server, User, wait_for};

/// As configured; what stands on the wire is [`Installation::quarantine_on_the_wire`].
pub(crate) const QUARANTINE: &str = "komainu隔離";

/// Between two looks at a process or a file.
const PAUSE: Duration = Duration::from_millis(10);

/// A configuration with its state, which outlives the processes that are started and killed over it.
pub(crate) struct Installation {
    dir: tempfile::TempDir,
    server: Server,
}

pub(crate) struct Daemon {
    child: Child,
    /// Read until the daemon is ready, and then no more: a service manager that is busy with other things must not hold
    /// the daemon up. (It did: the queue is full after ten messages, and the eleventh waited for ever.)
    notify: UnixDatagram,
}

impl Installation {
    pub(crate) fn new(server: &Server, user: &User) -> Self {
        Self::with(server, user, "", "")
    }

    /// `top` are lines in front of the account, `more` lines of the account.
    pub(crate) fn with(server: &Server, user: &User, top: &str, more: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let installation = Self { dir, server: server.clone() };
        let password = installation.path("password");
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&password).unwrap();
        writeln!(file, "{}", user.password).unwrap();
        let configuration = format!(
            r#"language = "en"
timezone = "Asia/Tokyo"
state-dir = "{state}"
log-dir = "{log}"
{top}

[[account]]
name = "tester"
host = "localhost"
port = {port}
security = "tls"
ca-file = "{ca}"
user = "{user}"
password = {{ file = "{password}" }}
mailboxes = ["INBOX"]
quarantine = "{QUARANTINE}"
mode = "quarantine"
{more}
"#,
            state = installation.state().display(),
            log = installation.path("log").display(),
            port = server.tls,
            ca = server.ca.display(),
            user = user.name,
            password = password.display(),
        );
        fs::write(installation.path("komainu.toml"), configuration).unwrap();
        installation
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.path("state")
    }

    /// What the record says now.
    pub(crate) fn record(&self) -> Record {
        Record::read(&self.state())
    }

    /// `komainu隔離` in modified UTF-7 (RFC 3501 §5.1.3), with the server's prefix.
    pub(crate) fn quarantine_on_the_wire(&self) -> String {
        format!("{}komainu&lpSW4g-", self.server.kind.prefix())
    }

    /// Starts the service; its output goes to a file that [`Installation::log`] reads.
    pub(crate) fn start(&self) -> Daemon {
        let socket = self.path("notify");
        let _ = fs::remove_file(&socket);
        let notify = UnixDatagram::bind(&socket).unwrap();
        let log = OpenOptions::new().create(true).append(true).open(self.path("output")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_komainu"))
            .arg("run")
            .arg("--config")
            .arg(self.path("komainu.toml"))
            .env("NOTIFY_SOCKET", &socket)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Daemon { child, notify }
    }

    /// Starts the service for the first time, and waits until it is on record from which UID on it judges: what is
    /// delivered from then on is new mail.
    pub(crate) fn start_watching(&self) -> Daemon {
        let mut daemon = self.start();
        daemon.wait_ready();
        wait_for("the start of the watch is on record", Duration::from_secs(30), PAUSE, || {
            daemon.assert_running();
            // The quarantine mailbox has a start of its own, which may come first.
            self.record().texts("watch-start", "/imap.mailbox").contains("INBOX").then_some(())
        });
        daemon
    }

    /// Runs another command on this installation; gives what it printed.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_komainu"))
            .args(arguments)
            .arg("--config")
            .arg(self.path("komainu.toml"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("output")).unwrap_or_default()
    }
}

/// When a test fails, what the daemon said is the first thing that one wants to know.
impl Drop for Installation {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the daemon said:\n{}", self.log());
        }
    }
}

impl Daemon {
    /// Until it says READY=1 to the service manager.
    pub(crate) fn wait_ready(&mut self) {
        let start = Instant::now();
        self.notify.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let mut buffer = [0; 4096];
        while start.elapsed() < Duration::from_secs(30) {
            self.assert_running();
            if let Ok(length) = self.notify.recv(&mut buffer)
                && String::from_utf8_lossy(&buffer[..length]).lines().any(|line| line == "READY=1")
            {
                return;
            }
        }
        panic!("never ready");
    }

    pub(crate) fn assert_running(&mut self) {
        if let Some(status) = self.child.try_wait().unwrap() {
            panic!("the daemon ended by itself, {status}");
        }
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; the service must be gone within two seconds, with status 0.
    pub(crate) fn stop(mut self) {
        let start = Instant::now();
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let status: ExitStatus = wait_for("the end after SIGTERM", Duration::from_secs(10), PAUSE, || {
            self.child.try_wait().unwrap()
        });
        assert!(status.success(), "{status}");
        let took = start.elapsed();
        assert!(took < Duration::from_secs(2), "SIGTERM took {took:?}");
    }
}

/// A test that fails must not leave a daemon behind.
impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
