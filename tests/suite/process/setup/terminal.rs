//! The same at a terminal of its own: what is typed as a password is never on the screen, and the terminal is given back.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use komainu::demo::server::Options;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::{Home, PASSWORD, at_home, config_of, flags, hers, left, user};

const PATIENCE: Duration = Duration::from_secs(60);

/// A person's terminal of 80 columns, and the program at it.
struct Terminal {
    keys: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
    child: Child,
    /// Kept open, so that its settings can be asked for.
    line: OwnedFd,
}

impl Terminal {
    fn start(home: &Home, flags: &[&str]) -> Self {
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let name = ptsname(&keys, Vec::new()).unwrap().into_string().unwrap();
        let line = File::options().read(true).write(true).open(name).unwrap();
        let size = Winsize { ws_row: 40, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&line, size).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_komainu"));
        command.arg("setup").args(flags).envs(at_home(home)).env("LC_ALL", "ja_JP.UTF-8");
        let end = || Stdio::from(line.try_clone().unwrap());
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        let keys = File::from(keys);
        let mut reading = keys.try_clone().unwrap();
        let (send, screen) = channel();
        std::thread::spawn(move || {
            let mut octets = [0; 4096];
            while let Ok(count) = reading.read(&mut octets) {
                if count == 0 || send.send(octets[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { keys, screen, seen: String::new(), child, line: line.into() }
    }

    /// Waits for words that were not there at the last call, then types.
    fn answer(&mut self, question: &str, keys: &str) {
        self.until(question);
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    fn until(&mut self, words: &str) {
        let end = Instant::now() + PATIENCE;
        let begin = self.seen.len();
        while !self.seen[begin..].contains(words) {
            let left = end.saturating_duration_since(Instant::now());
            let octets = self.screen.recv_timeout(left);
            let octets = octets.unwrap_or_else(|_| panic!("never saw {words:?} in\n{}", self.seen));
            self.seen.push_str(&String::from_utf8_lossy(&octets));
        }
    }

    fn echoes(&self) -> bool {
        tcgetattr(&self.line).unwrap().local_modes.contains(LocalModes::ECHO | LocalModes::ICANON)
    }
}

#[tokio::test]
async fn the_password_is_not_on_the_screen_and_the_terminal_is_given_back() {
    let server = hers(Options::default()).await;
    let home = Home::new();
    let ca = home.write("ca.pem", server.ca_pem());
    let port = server.addr().port();
    // Apart from the runtime, in which the server lives.
    tokio::task::spawn_blocking(move || takes_every_proposal(&home, &ca, port)).await.unwrap();
}

fn takes_every_proposal(home: &Home, ca: &Path, port: u16) {
    let config = config_of(home);
    let mut terminal = Terminal::start(home, &flags(&config, ca));
    terminal.answer("番号 [1]", "\n");
    terminal.answer("見張るメールアドレス", &format!("{}\n", user("hanako").replace('@', "＠")));
    terminal.answer("IMAP サーバー", &format!("localhost:{port}\n"));
    terminal.answer("ログイン名", "\n");
    // A slip is put right with Backspace, and what is typed early is not lost.
    terminal.answer("パスワード（表示されません）", &format!("é\x7f{PASSWORD}\r"));
    for question in
        ["見張るメールボックス [", "を信じますか", "番号 [1]", "隔離先の", "証拠として残し", "日報を自分の"]
    {
        terminal.answer(question, "\n");
    }
    terminal.answer("名前（", "山田花子\n");
    terminal.answer("住所・電話番号", "東京都千代田区例町1-2-3\n");
    terminal.answer("ほかの自分の", "\n");
    terminal.answer("何日前", "０\n");
    terminal.answer("書き込みますか", "はい\n");
    terminal.until("開封確認を送信しない");
    assert!(terminal.child.wait().unwrap().success(), "{}", terminal.seen);
    assert!(!terminal.seen.contains(PASSWORD), "{}", terminal.seen);
    assert!(!terminal.seen.contains("correct horse"), "{}", terminal.seen);
    assert!(terminal.echoes());
    let wide: Vec<&str> = terminal
        .seen
        .lines()
        .filter(|line| unicode_width::UnicodeWidthStr::width(line.trim_end()) > 80)
        .filter(|line| !line.contains("komainu"))
        .collect();
    assert!(wide.is_empty(), "{wide:#?}");
    assert_eq!(left(home).len(), 2);
}

#[tokio::test]
async fn ctrl_c_at_the_password_stops_writes_nothing_and_gives_the_terminal_back() {
    tokio::task::spawn_blocking(goes_away_at_the_password).await.unwrap();
}

fn goes_away_at_the_password() {
    let home = Home::new();
    let config = config_of(&home);
    let mut all = vec!["--config", config.to_str().unwrap()];
    all.extend(["--lang", "ja", "--address", "hanako@example.net", "--host", "localhost"]);
    let mut terminal = Terminal::start(&home, &all);
    terminal.answer("ログイン名", "\n");
    terminal.until("パスワード（表示されません）");
    let end = Instant::now() + PATIENCE;
    while terminal.echoes() {
        assert!(Instant::now() < end, "the terminal still shows what is typed");
        std::thread::yield_now();
    }
    terminal.answer("", "secre\x03");
    terminal.until("何も書き込んでいません");
    assert_eq!(terminal.child.wait().unwrap().code(), Some(1));
    assert!(terminal.echoes() && !terminal.seen.contains("secre"), "{}", terminal.seen);
    assert!(left(&home).is_empty());
}
