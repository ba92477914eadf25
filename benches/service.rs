//! Measures the service from outside and prints what it saw:
//!
//! - wake-to-moved, p50 and p99, on the embedded server, and on Dovecot where `KOMAINU_TEST_DOVECOT` names one
//!   (`tests/run --serve` starts it and says how);
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
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::net::UnixDatagram;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use komainu::demo::samples::{Expected, SAMPLES};
use komainu::demo::server::{Options, Server};

const FILES: usize = 300;
const BACKLOG: usize = 20_000;
const ACCOUNTS: usize = 500;
/// What takes so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

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

/// One threat after the other, on each server that there is.
async fn wake() {
    disk();
    let server = start(1).await;
    let daemon = Daemon::start(&embedded(&server, 1), &[]);
    measure_wakes("embedded server", daemon, 300, &mut |octets| {
        server.deliver("user000@example.net", "INBOX", octets, None, &[]);
    })
    .await;
    server.shutdown().await;
    let Ok(words) = std::env::var("KOMAINU_TEST_DOVECOT") else {
        println!(
            "wake on Dovecot: skipped; start one with `tests/run --serve` and set KOMAINU_TEST_DOVECOT as it says"
        );
        return;
    };
    let dovecot = Dovecot::new(&words);
    let daemon = Daemon::start(&[dovecot.account()], &[]);
    let mut lmtp = dovecot.lmtp();
    // It announces mail 500 ms after the delivery, so that fewer have to do.
    measure_wakes("Dovecot", daemon, 100, &mut |octets| lmtp.deliver(&octets)).await;
}

/// What the disk alone takes to keep a small file: every wake pays this more than once.
fn disk() {
    let dir = std::env::temp_dir().join(format!("komainu-bench-{:08x}", fastrand::u32(..)));
    fs::create_dir(&dir).unwrap();
    let folder = fs::File::open(&dir).unwrap();
    let mut times = Vec::new();
    for number in 0..FILES {
        let begun = Instant::now();
        let mut file = fs::File::create_new(dir.join(number.to_string())).unwrap();
        file.write_all(&[0; 4096]).unwrap();
        file.sync_all().unwrap();
        folder.sync_all().unwrap();
        times.push(begun.elapsed());
    }
    fs::remove_dir_all(&dir).unwrap();
    print_times("the disk alone: 4 KiB file made, written, fsynced, folder fsynced", &mut times);
}

/// Times each from the wake, as the service sees it, and from before the delivery, as the sender does.
async fn measure_wakes(name: &str, mut daemon: Daemon, count: usize, deliver: &mut dyn FnMut(Vec<u8>)) {
    daemon.until("watching 1 of 1").await;
    let threat = SAMPLES.iter().find(|sample| sample.expected == Expected::Quarantine).unwrap().octets;
    let (mut from_wake, mut from_delivery) = (Vec::new(), Vec::new());
    for number in 0..2 * count {
        let mut octets = format!("X-Number: {number}\r\n").into_bytes();
        octets.extend_from_slice(threat);
        let begun = Instant::now();
        deliver(octets);
        let moved = daemon.moved().await;
        // The first half only makes the store's folders, which is done once.
        if number >= count {
            from_wake.push(moved);
            from_delivery.push(begun.elapsed());
        }
    }
    print_times(&format!("{name}, wake to moved (fetch, judge, evidence fsynced, MOVE)"), &mut from_wake);
    print_times(&format!("{name}, delivered to moved"), &mut from_delivery);
}

/// A Dovecot of `tests/run --serve`, with a user that nobody else has.
struct Dovecot {
    tls: u16,
    lmtp: u16,
    ca: PathBuf,
    user: String,
}

impl Dovecot {
    fn new(words: &str) -> Self {
        let word = |key: &str| {
            words
                .split_whitespace()
                .find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
                .unwrap_or_else(|| panic!("{key}= in KOMAINU_TEST_DOVECOT"))
        };
        let claims = PathBuf::from(word("claims"));
        let user = (1..=word("users").parse().unwrap())
            .map(|number: u32| format!("user{number:03}"))
            .find(|name| fs::File::create_new(claims.join(name)).is_ok())
            .expect("a user that nobody has taken; start the servers anew");
        Self {
            tls: word("tls").parse().unwrap(),
            lmtp: word("lmtp").parse().unwrap(),
            ca: word("ca").into(),
            user,
        }
    }

    fn account(&self) -> Account {
        Account {
            port: self.tls,
            user: self.user.clone(),
            password: format!("pw-{}", self.user),
            ca: fs::read_to_string(&self.ca).unwrap(),
        }
    }

    fn lmtp(&self) -> Lmtp {
        let stream = TcpStream::connect(("127.0.0.1", self.lmtp)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut lmtp = Lmtp { stream: BufReader::new(stream), user: self.user.clone() };
        lmtp.expect("220");
        lmtp.say("LHLO localhost\r\n", "250");
        lmtp
    }
}

/// Just enough of RFC 2033 to put a message into a mailbox.
struct Lmtp {
    stream: BufReader<TcpStream>,
    user: String,
}

impl Lmtp {
    fn deliver(&mut self, octets: &[u8]) {
        self.say("MAIL FROM:<>\r\n", "250");
        self.say(&format!("RCPT TO:<{}>\r\n", self.user), "250");
        self.say("DATA\r\n", "354");
        self.stream.get_mut().write_all(octets).unwrap();
        self.say("\r\n.\r\n", "250");
    }

    fn say(&mut self, line: &str, code: &str) {
        self.stream.get_mut().write_all(line.as_bytes()).unwrap();
        self.expect(code);
    }

    fn expect(&mut self, code: &str) {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            assert!(line.starts_with(code), "{line}");
            if line.as_bytes().get(3) != Some(&b'-') {
                return;
            }
        }
    }
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
    let daemon = Daemon::start(&embedded(&server, 1), &["--backlog", "7300d"]);
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
        let daemon = Daemon::start(&embedded(&server, accounts), &[]);
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

/// The accounts of an embedded server.
fn embedded(server: &Server, accounts: usize) -> Vec<Account> {
    (0..accounts)
        .map(|user| Account {
            port: server.addr().port(),
            user: format!("user{user:03}@example.net"),
            password: "pw".to_owned(),
            ca: server.ca_pem().to_owned(),
        })
        .collect()
}

fn print_times(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!("{what}: n {} p50 {:.2} ms p99 {:.2} ms max {:.2} ms", times.len(), at(0.5), at(0.99), at(1.0));
}

/// An account on localhost.
struct Account {
    port: u16,
    user: String,
    password: String,
    ca: String,
}

/// `komainu run` as its own process, heard through its service manager's socket and its log.
struct Daemon {
    child: Child,
    socket: UnixDatagram,
    moved: UnboundedReceiver<Duration>,
    dir: PathBuf,
}

impl Daemon {
    fn start(accounts: &[Account], arguments: &[&str]) -> Self {
        let dir = std::env::temp_dir().join(format!("komainu-bench-{:08x}", fastrand::u32(..)));
        fs::create_dir(&dir).unwrap();
        let private = |name: &str, text: &str| {
            let path = dir.join(name);
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true).mode(0o600);
            options.open(&path).unwrap().write_all(text.as_bytes()).unwrap();
            path.display().to_string()
        };
        let ca = private("ca.pem", &accounts[0].ca);
        let password = private("password", &accounts[0].password);
        let (state, log) = (dir.join("state").display().to_string(), dir.join("log").display().to_string());
        let mut config = format!("state-dir = {state:?}\nlog-dir = {log:?}\n");
        for (number, account) in accounts.iter().enumerate() {
            write!(
                config,
                "[[account]]\nname = \"account{number}\"\nhost = \"localhost\"\nport = {}\nca-file = {ca:?}\n\
                 user = {:?}\npassword = {{ file = {password:?} }}\nquarantine = \"komainu\"\nmode = \"quarantine\"\n",
                account.port, account.user
            )
            .unwrap();
        }
        let config = private("komainu.toml", &config);
        let address = dir.join("notify");
        let socket = UnixDatagram::bind(&address).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_komainu"))
            .args(["run", "--config", &config])
            .args(arguments)
            .env("NOTIFY_SOCKET", &address)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let (sender, moved) = unbounded_channel();
        std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                let after =
                    line.split_once("after_us=").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
                if let Some(after) = after
                    && sender.send(Duration::from_micros(after)).is_err()
                {
                    return;
                }
            }
        });
        Self { child, socket, moved, dir }
    }

    /// Waits for a status line that contains `what`.
    async fn until(&self, what: &str) {
        let mut buffer = vec![0; 65536];
        loop {
            let heard = tokio::time::timeout(PATIENCE, self.socket.recv(&mut buffer));
            let length = heard.await.expect("the service has not said it in time").unwrap();
            if String::from_utf8_lossy(&buffer[..length]).contains(what) {
                return;
            }
        }
    }

    /// Waits for the next message to be moved; how long after the wake that was, in the service's own words.
    async fn moved(&mut self) -> Duration {
        let moved = tokio::time::timeout(PATIENCE, self.moved.recv());
        moved.await.expect("nothing was moved in time").expect("the service has ended")
    }

    fn memory(&self, field: &str) -> i64 {
        let status = Path::new("/proc").join(self.child.id().to_string()).join("status");
        let status = fs::read_to_string(status).unwrap();
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
