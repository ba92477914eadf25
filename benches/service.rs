//! Measures the service from outside and prints what it saw:
//!
//! - wake-to-moved, p50 and p99, on the embedded server, and on Dovecot where `KOMAINU_TEST_DOVECOT` names one
//!   (`tests/run` starts it: `tests/run --bench`);
//! - fetch-and-judge rate over a backlog of 20,000 messages of 2 kB;
//! - resident memory for 1 and for 500 idle TLS accounts.
//!
//! `cargo bench --bench service [-- wake|backlog|memory]`. The service runs as its own process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a program of measurements: whatever fails should end it"
)]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::net::UnixDatagram;

use komainu::demo::samples::{Expected, SAMPLES};
use komainu::demo::server::{Options, Server};

const WAKES: usize = 300;
const BACKLOG: usize = 20_000;
const ACCOUNTS: usize = 500;

fn main() {
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let is_wanted = |name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    if is_wanted("wake") {
        runtime.block_on(wake());
    }
    if is_wanted("backlog") {
        runtime.block_on(backlog());
    }
    if is_wanted("memory") {
        runtime.block_on(memory());
    }
}

/// One threat after the other; each is timed by the server's own eyes and by the service's log.
async fn wake() {
    let server = start(1).await;
    let daemon = Daemon::start(&server, 1, &[]);
    daemon.until("watching 1 of 1").await;
    let threat = SAMPLES.iter().find(|sample| sample.expected == Expected::Quarantine).unwrap().octets;
    let mut times = Vec::new();
    for number in 0..WAKES {
        let mut octets = format!("X-Number: {number}\r\n").into_bytes();
        octets.extend_from_slice(threat);
        let begun = Instant::now();
        server.deliver("user000@example.net", "INBOX", octets, None, &[]);
        server.wait_until(|state| state.count("user000@example.net", "INBOX") == 0).await;
        times.push(begun.elapsed());
    }
    print_times("embedded server, delivered to moved (IDLE wake, fetch, judge, fsync, MOVE)", &mut times);
    drop(daemon);
    server.shutdown().await;
}

async fn backlog() {
    let server = start(1).await;
    let body = "A line of an ordinary letter, as people write them to each other. ".repeat(24);
    let letters = (0..BACKLOG)
        .map(|number| {
            format!(
                "From: Taro <taro@example.org>\r\nTo: user000@example.net\r\nSubject: letter {number}\r\n\
                 Message-ID: <{number}@example.org>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0900\r\n\r\n{body}\r\n"
            )
            .into_bytes()
            .into()
        })
        .collect::<Vec<std::sync::Arc<[u8]>>>();
    let size = letters[0].len();
    server.deliver_many("user000@example.net", "INBOX", letters);
    let begun = Instant::now();
    let daemon = Daemon::start(&server, 1, &["--backlog", "36500d"]);
    daemon.until(&format!("judged {BACKLOG}")).await;
    let elapsed = begun.elapsed();
    println!(
        "backlog: {BACKLOG} messages of {size} octets in {:.2} s, start to end: {:.0} messages/s; peak {} kB",
        elapsed.as_secs_f64(),
        BACKLOG as f64 / elapsed.as_secs_f64(),
        daemon.memory("VmHWM")
    );
    drop(daemon);
    server.shutdown().await;
}

async fn memory() {
    let mut resident = Vec::new();
    for accounts in [1, ACCOUNTS] {
        let server = start(accounts).await;
        let daemon = Daemon::start(&server, accounts, &[]);
        daemon.until(&format!("watching {accounts} of {accounts}")).await;
        resident.push(daemon.memory("VmRSS"));
        println!("memory: {accounts} idle TLS account(s): {} kB resident", daemon.memory("VmRSS"));
        drop(daemon);
        server.shutdown().await;
    }
    let further = (resident[1] - resident[0]) as f64 / (ACCOUNTS - 1) as f64;
    println!("memory: {further:.1} kB for each further account");
}

async fn start(users: usize) -> Server {
    let users = (0..users).map(|user| (format!("user{user:03}@example.net"), "pw".to_owned())).collect();
    Server::start(Options { users, ..Options::default() }).await.unwrap()
}

fn print_times(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!("{what}: n {} p50 {:.2} ms p99 {:.2} ms max {:.2} ms", times.len(), at(0.5), at(0.99), at(1.0));
}

/// `komainu run` as its own process, heard through its service manager's socket.
struct Daemon {
    child: Child,
    socket: UnixDatagram,
    dir: PathBuf,
}

impl Daemon {
    fn start(server: &Server, accounts: usize, arguments: &[&str]) -> Self {
        let dir = std::env::temp_dir().join(format!("komainu-bench-{:08x}", fastrand::u32(..)));
        fs::create_dir(&dir).unwrap();
        let private = |name: &str, text: &str| {
            use std::io::Write as _;
            let path = dir.join(name);
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true).mode(0o600);
            options.open(&path).unwrap().write_all(text.as_bytes()).unwrap();
            path
        };
        let ca = private("ca.pem", server.ca_pem());
        let password = private("password", "pw");
        let mut config = format!(
            "state-dir = {:?}\nlog-dir = {:?}\n",
            dir.join("state").display().to_string(),
            dir.join("log").display().to_string()
        );
        for user in 0..accounts {
            write!(
                config,
                "[[account]]\nname = \"user{user:03}\"\nhost = \"localhost\"\nport = {}\nsecurity = \"tls\"\nca-file = {:?}\n\
                 user = \"user{user:03}@example.net\"\npassword = {{ file = {:?} }}\nmailboxes = [\"INBOX\"]\n\
                 quarantine = \"komainu\"\nmode = \"quarantine\"\n",
                server.addr().port(),
                ca.display().to_string(),
                password.display().to_string()
            )
            .unwrap();
        }
        let config = private("komainu.toml", &config);
        let address = dir.join("notify");
        let socket = UnixDatagram::bind(&address).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_komainu"))
            .args(["run", "--config"])
            .arg(config)
            .args(arguments)
            .env("NOTIFY_SOCKET", &address)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, socket, dir }
    }

    /// Waits for a status line that contains `what`.
    async fn until(&self, what: &str) {
        let mut buffer = vec![0; 65536];
        loop {
            let heard = tokio::time::timeout(Duration::from_secs(120), self.socket.recv(&mut buffer));
            let length = heard.await.expect("the service has not said it in time").unwrap();
            if String::from_utf8_lossy(&buffer[..length]).contains(what) {
                return;
            }
        }
    }

    fn memory(&self, field: &str) -> i64 {
        let status =
            fs::read_to_string(Path::new("/proc").join(self.child.id().to_string()).join("status")).unwrap();
        let line = status.lines().find(|line| line.starts_with(field)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.dir);
    }
}
