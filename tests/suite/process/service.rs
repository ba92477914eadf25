//! `komainu run` as its own process, heard through the service manager's socket and on standard error.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use komainu::demo::server::{Options, Server, Stored};
use komainu::evidence::{Entry, Record};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio::net::UnixDatagram;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::support::world;

pub(crate) const PASSWORD: &str = "correct horse \"battery\" staple";
pub(crate) const QUARANTINE: &str = "komainu隔離";

/// No test waits longer for one thing; what takes so long has failed.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| panic!("did not happen in time: {what}"))
}

/// `hanako` is `hanako@example.net`.
pub(crate) fn user(name: &str) -> String {
    format!("{name}@example.net")
}

/// A server with these users, all with [`PASSWORD`].
pub(crate) async fn server(names: &[&str], options: Options) -> Server {
    let users = names.iter().map(|name| (user(name), PASSWORD.to_owned())).collect();
    Server::start(Options { users, ..options }).await.unwrap()
}

/// The sign-ins that a server has seen.
pub(crate) fn logins(server: &Server) -> usize {
    let commands = server.commands();
    commands.iter().filter(|line| line.contains("AUTHENTICATE") || line.contains("LOGIN")).count()
}

/// The commands that change anything on a server, apart from what signs in and out.
pub(crate) fn writing_commands(server: &Server) -> Vec<String> {
    const WRITING: [&str; 13] = [
        "CREATE",
        "DELETE",
        "RENAME",
        "SUBSCRIBE",
        "UNSUBSCRIBE",
        "APPEND",
        "STORE",
        "COPY",
        "MOVE",
        "EXPUNGE",
        "CLOSE",
        // What would allow them, or mark as seen.
        "SELECT",
        "BODY[",
    ];
    let is_writing = |line: &String| {
        let line = line.to_uppercase();
        WRITING.iter().any(|word| line.contains(word))
    };
    server.commands().into_iter().filter(is_writing).collect()
}

/// The lines of one `[[account]]`, each of which can be replaced.
pub(crate) struct Account(Vec<(&'static str, String)>);

impl Account {
    pub(crate) fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.0.retain(|(there, _)| *there != key);
        self.0.push((key, value.into()));
        self
    }

    pub(crate) fn without(mut self, key: &str) -> Self {
        self.0.retain(|(there, _)| *there != key);
        self
    }
}

/// A folder with what an installation has: configuration, authority, passwords, state.
pub(crate) struct Home {
    pub(crate) dir: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file for its owner only, in place of an older one.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        options.open(&path).unwrap().write_all(text.as_bytes()).unwrap();
        path
    }

    /// An account of this server, with its authority and the right password.
    pub(crate) fn account(&self, name: &str, server: &Server) -> Account {
        let ca = self.write(&format!("{name}.ca.pem"), server.ca_pem());
        let password = self.write(&format!("{name}.password"), PASSWORD);
        Account(vec![
            ("name", quote(name)),
            ("host", quote("localhost")),
            ("port", server.addr().port().to_string()),
            ("ca-file", quote_path(&ca)),
            ("user", quote(&user(name))),
            ("password", format!("{{ file = {} }}", quote_path(&password))),
            ("quarantine", quote(QUARANTINE)),
            ("mode", quote("quarantine")),
            // What the samples' own provider calls itself.
            ("authserv-id", "[\"mx.example.net\"]".to_owned()),
        ])
    }

    pub(crate) fn configure(&self, accounts: &[Account]) -> PathBuf {
        self.configure_with("", accounts)
    }

    /// `more` are lines in front of the accounts.
    pub(crate) fn configure_with(&self, more: &str, accounts: &[Account]) -> PathBuf {
        let mut text = format!(
            "language = \"en\"\nstate-dir = {}\nlog-dir = {}\n{more}",
            quote_path(&self.path("state")),
            quote_path(&self.path("log"))
        );
        for Account(lines) in accounts {
            text.push_str("\n[[account]]\n");
            for (key, value) in lines {
                writeln!(text, "{key} = {value}").unwrap();
            }
        }
        self.write("komainu.toml", &text)
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        world::records(&self.path("state"))
    }

    /// See [`world::check_story`], for a story of one account.
    pub(crate) fn check_story(&self, server: &Server, name: &str, delivered: &[Vec<u8>]) {
        let (inbox, quarantined) = mailboxes(server, name);
        world::check_story(&self.path("state"), &inbox, &quarantined, delivered);
    }

    /// The chain is whole, begins with a start and ends with a stop in order.
    pub(crate) fn assert_orderly(&self) {
        let records = self.records();
        assert!(matches!(records.first().unwrap().entry, Entry::ServiceStart { .. }));
        assert!(matches!(records.last().unwrap().entry, Entry::ServiceStop), "{:?}", records.last());
    }

    /// Starts the service.
    pub(crate) fn run(&self, arguments: &[&str]) -> Service {
        self.run_by(command(), arguments)
    }

    /// Starts the service through another program that runs what follows on its command line.
    pub(crate) fn run_by(&self, mut program: Command, arguments: &[&str]) -> Service {
        let address = self.path("notify");
        // A service that was started here before had its own.
        let _ = fs::remove_file(&address);
        let socket = UnixDatagram::bind(&address).unwrap();
        let mut child = program
            .args(["run", "--config"])
            .arg(self.path("komainu.toml"))
            .args(arguments)
            .env("NOTIFY_SOCKET", &address)
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let (sender, log) = watch::channel(String::new());
        let reading = tokio::spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
                sender.send_modify(|text| text.push_str(&String::from_utf8_lossy(&buffer[..count])));
            }
        });
        Service { child, socket, heard: Vec::new(), log, reading }
    }
}

/// Inbox and quarantine of one user.
pub(crate) fn mailboxes(server: &Server, name: &str) -> (Vec<Stored>, Vec<Stored>) {
    (server.snapshot(&user(name), "INBOX"), server.snapshot(&user(name), QUARANTINE))
}

/// Waits until inbox and quarantine hold so many.
pub(crate) async fn until_settled(server: &Server, name: &str, inbox: usize, quarantined: usize) {
    let user = user(name);
    let counts =
        |state: &komainu::demo::server::State| (state.count(&user, "INBOX"), state.count(&user, QUARANTINE));
    in_time(
        &format!("{name}: {inbox} in the inbox, {quarantined} in quarantine"),
        server.wait_until(|state| counts(state) == (inbox, quarantined)),
    )
    .await;
}

/// Waits until the service waits in IDLE on the inbox.
pub(crate) async fn until_idle(server: &Server, name: &str) {
    let user = user(name);
    in_time("IDLE", server.wait_until(|state| state.idling(&user, "INBOX") == 1)).await;
}

fn quote(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

pub(crate) fn quote_path(path: &Path) -> String {
    quote(path.to_str().unwrap())
}

/// The program, in English, with nothing of this process's surroundings that it would heed.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_komainu"));
    command.env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    for name in ["JOURNAL_STREAM", "NOTIFY_SOCKET", "WATCHDOG_USEC", "STATE_DIRECTORY", "LOGS_DIRECTORY"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program to its end.
pub(crate) async fn output(arguments: &[&str]) -> Output {
    in_time("the end of a command", command().args(arguments).output()).await.unwrap()
}

pub(crate) struct Service {
    child: Child,
    socket: UnixDatagram,
    /// All that the service manager was told.
    pub(crate) heard: Vec<String>,
    log: watch::Receiver<String>,
    reading: JoinHandle<()>,
}

impl Service {
    /// Waits until the service manager is told something with `what` in it.
    pub(crate) async fn until(&mut self, what: &str) -> String {
        let mut buffer = vec![0; 65536];
        loop {
            let heard = tokio::time::timeout(PATIENCE, self.socket.recv(&mut buffer)).await;
            let Ok(count) = heard else {
                panic!("not heard: {what}; heard: {:#?}; log:\n{}", self.heard, self.log())
            };
            let line = String::from_utf8_lossy(&buffer[..count.unwrap()]).into_owned();
            self.heard.push(line.clone());
            if line.contains(what) {
                return line;
            }
        }
    }

    /// Waits for words in the log.
    pub(crate) async fn until_logged(&mut self, what: &str) {
        self.until_logged_times(what, 1).await;
    }

    pub(crate) async fn until_logged_times(&mut self, what: &str, times: usize) {
        let mut log = self.log.clone();
        let logged = log.wait_for(|log| log.matches(what).count() >= times);
        assert!(in_time(what, logged).await.is_ok(), "not logged: {what}; log:\n{}", self.log());
    }

    /// What is on standard error so far.
    pub(crate) fn log(&self) -> String {
        self.log.borrow().clone()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id().expect("the service has ended")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.id() as i32).unwrap(), signal).unwrap();
    }

    /// Reads the configuration anew, as `systemctl reload` does; ends when it has been taken or refused.
    pub(crate) async fn reload(&mut self) {
        self.signal(Signal::HUP);
        self.until("RELOADING=1").await;
        self.until("READY=1").await;
    }

    /// Peak resident size in KiB.
    pub(crate) fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Waits for its end; also for the last word on standard error.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let status = in_time("the end of the service", self.child.wait()).await.unwrap();
        in_time("the end of the log", &mut self.reading).await.unwrap();
        status
    }

    /// Takes in what the service manager was told and nobody waited for.
    pub(crate) fn hear_the_rest(&mut self) {
        let mut buffer = vec![0; 65536];
        while let Ok(count) = self.socket.try_recv(&mut buffer) {
            self.heard.push(String::from_utf8_lossy(&buffer[..count]).into_owned());
        }
    }

    /// Stops it as the service manager does, and holds that it went well.
    pub(crate) async fn stop(&mut self) {
        self.signal(Signal::TERM);
        let status = self.ended().await;
        assert_eq!(status.code(), Some(0), "{}", self.log());
    }
}
