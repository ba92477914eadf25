//! `setup` and `check --online` on a real server: they find what is there, propose whose Authentication-Results to pin, and leave
//! mailboxes, flags and messages as they were.

use std::fs;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::Command;

use crate::harness::Post;
use crate::support::Server;
use crate::support::letters::letters;

pub(crate) fn run(server: &Server) {
    let user = server.claim();
    let mut post = Post::new(server, &user);
    for letter in &letters(30, &user.name, server.lmtp.is_some(), 7) {
        post.deliver(letter);
    }
    let mut client = server.client(&user);
    let mailboxes = |client: &mut crate::support::client::Client| {
        let mut names: Vec<String> =
            client.ok("LIST \"\" \"*\"").into_iter().map(|response| response.text).collect();
        names.sort();
        names
    };
    let state = |client: &mut crate::support::client::Client| {
        let inbox = client.read_all("INBOX");
        inbox.into_iter().map(|stored| (stored.uid, stored.flags, stored.octets)).collect::<Vec<_>>()
    };
    let before = (mailboxes(&mut client), state(&mut client));
    let dir = tempfile::tempdir().unwrap();
    let password = dir.path().join("password");
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&password).unwrap();
    std::io::Write::write_all(&mut file, user.password.as_bytes()).unwrap();
    let config = dir.path().join("komainu.toml");
    let host = format!("localhost:{}", server.tls);
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let done = Command::new(env!("CARGO_BIN_EXE_komainu"))
        .args(["setup", "--yes", "--lang", "en", "--mode", "quarantine", "--address", "hanako@example.net"])
        .args(["--user", &user.name, "--host", &host, "--ca-file", &path(&server.ca)])
        .args(["--password-file", &path(&password), "--config", &path(&config)])
        .env("STATE_DIRECTORY", dir.path().join("state"))
        .env("LOGS_DIRECTORY", dir.path().join("log"))
        .output()
        .unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert_eq!(done.status.code(), Some(0), "{said}\n{}", String::from_utf8_lossy(&done.stderr));
    let quarantine = format!("{}komainu隔離 is not there yet", server.kind.prefix());
    for words in ["signed in as", "INBOX (30 there now", &quarantine, "moves by"] {
        assert!(said.contains(words), "no {words:?} in\n{said}");
    }
    assert!(before == (mailboxes(&mut client), state(&mut client)), "something was changed");
}
