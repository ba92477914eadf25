//! What must never be in the journal, looked for in all that a whole eventful run writes there at its most talkative.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use komainu::demo::server::{Act, Fault, Options, Refusal};

use super::service::{Home, PASSWORD, logins, server, until_idle, user};
use crate::support::world::threat;

/// In each thing that a message or a server may say; none of them may come out.
const CANARY: &str = "kanariya";

/// A message whose every part carries the canary; a threat, or not.
fn message(number: usize, is_threat: bool) -> Vec<u8> {
    let words = if is_threat {
        "当社は貴方の有料動画サイト利用料金の未払いについて、最終通告をいたします。本日中にご連絡なき場合、法的手続きに\
         移行し、自宅へ訪問のうえ勤務先にも通知します。電子マネーでお支払いください。"
    } else {
        "来週の打ち合わせの件、承知しました。"
    };
    let (file, content) = if is_threat { ("exe", "TVqQAAMAAAAEAAAA") } else { ("txt", "aGVsbG8=") };
    format!(
        "Received: from {CANARY}-received.example by mx.example.net; Tue, 24 Nov 2026 10:00:00 +0900\r\n\
         From: \"{CANARY} name\" <{CANARY}-local@{CANARY}-domain.example>\r\n\
         Reply-To: <{CANARY}-reply@{CANARY}-reply.example>\r\n\
         To: <{CANARY}-to@example.net>\r\n\
         Subject: {CANARY} subject {number}\r\n\
         Message-ID: <{CANARY}-id-{number}@{CANARY}-host.example>\r\n\
         Date: Tue, 24 Nov 2026 10:00:00 +0900\r\n\
         X-{CANARY}: {CANARY} field\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"{CANARY}-boundary\"\r\n\r\n\
         --{CANARY}-boundary\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         {words}\r\n{CANARY} body https://{CANARY}-link.example/{CANARY} \r\n\
         --{CANARY}-boundary\r\nContent-Type: application/octet-stream; name=\"{CANARY}-file.{file}\"\r\n\
         Content-Disposition: attachment; filename=\"{CANARY}-file.{file}\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{content}\r\n--{CANARY}-boundary--\r\n"
    )
    .into_bytes()
}

/// A message whose structure is as odd as can be.
fn broken(number: usize) -> Vec<u8> {
    format!(
        "From {CANARY}\r\nFrom: {CANARY} <<{CANARY}@\r\nSubject: =?{CANARY}?b?{CANARY}\u{1}?=\r\nDate: {CANARY}\r\n\
         Content-Type: multipart/{CANARY}; boundary={CANARY}\r\n\r\n--{CANARY}\r\nContent-Type: {CANARY}; charset={CANARY}\r\n\
         Content-Transfer-Encoding: {CANARY}\r\n\r\n{CANARY} {number}"
    )
    .into_bytes()
}

fn assert_owner_only(path: &Path) -> usize {
    let mode = fs::symlink_metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
    if !path.is_dir() {
        return 1;
    }
    let below = fs::read_dir(path).unwrap().map(|entry| assert_owner_only(&entry.unwrap().path()));
    below.sum::<usize>() + 1
}

#[tokio::test]
async fn nothing_private_is_ever_in_the_journal_or_open_to_others() {
    const WRONG: &str = "kanariya-wrong-password";
    let server = server(&["hanako", "taro"], Options::default()).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server), home.account("taro", &server)]);
    home.write("taro.password", WRONG);
    let says = |status: &str| format!("{status} {CANARY} said the server of <{CANARY}@example.net>");
    let mut service = home.run(&["-vv"]);
    service.until_logged("refused; not tried again").await;
    until_idle(&server, "hanako").await;
    finish(home, server, service, says, WRONG).await;
}

async fn finish(
    home: Home,
    server: komainu::demo::server::Server,
    mut service: super::service::Service,
    says: impl Fn(&str) -> String,
    wrong: &str,
) {
    until_idle(&server, "hanako").await;
    let to = user("hanako");
    // Hits and clean mail.
    for number in 0..2 {
        server.deliver(&to, "INBOX", message(number, true), None, &[]);
        server.deliver(&to, "INBOX", message(number + 2, false), None, &[]);
        server.deliver(&to, "INBOX", broken(number), None, &[]);
    }
    server.deliver(&to, "INBOX", threat(1), None, &["kanariya-keyword"]);
    service.until("judged 7,").await;
    until_idle(&server, "hanako").await;
    // A message that cannot be had, an untagged line nobody knows, an alert, a move that is refused.
    let poisoned = server.numbers(&to, "INBOX").unwrap().1;
    server.fault(Fault::always("UID FETCH", Act::PoisonUid(poisoned, says("[SERVERBUG]"))));
    server.fault(Fault::once("UID FETCH", Act::Inject(format!("* XKANARIYA {CANARY}\r\n").into_bytes())));
    server.fault(Fault::once(
        "UID FETCH",
        Act::Inject(format!("* OK [ALERT] {CANARY}\r\n* NO {CANARY}\r\n").into_bytes()),
    ));
    server.fault(Fault::once("UID MOVE", Act::Refuse(Refusal::No, says("[LIMIT]"))));
    server.deliver(&to, "INBOX", message(10, true), None, &[]);
    service.until_logged("could not be judged").await;
    server.clear_faults();
    server.deliver(&to, "INBOX", message(11, true), None, &[]);
    server
        .wait_until(|state| state.commands().iter().filter(|line| line.contains("UID MOVE")).count() >= 2)
        .await;
    until_idle(&server, "hanako").await;
    // The server says goodbye, and cuts the line.
    server.fault(Fault::once("DONE", Act::Bye(says("[UNAVAILABLE]"))));
    server.fault(Fault::once("UID FETCH", Act::Bye(says("[UNAVAILABLE]"))));
    server.deliver(&to, "INBOX", message(12, false), None, &[]);
    service.until_logged("connection lost").await;
    until_idle(&server, "hanako").await;
    // Reloads: a broken file with a secret in it, and a whole one.
    home.configure(&[home.account("hanako", &server).with("password", format!("\"{CANARY}-literal\""))]);
    service.reload().await;
    home.configure(&[home.account("hanako", &server).with("mode", "\"observe\"")]);
    service.reload().await;
    until_idle(&server, "hanako").await;
    server.deliver(&to, "INBOX", message(13, true), None, &[]);
    service.until_logged("action=Note").await;
    service.stop().await;
    service.hear_the_rest();
    assert!(logins(&server) >= 3);

    let log = service.log();
    assert!(log.lines().count() > 15, "{log}");
    let said = [log.as_str(), &service.heard.concat()].concat().to_lowercase();
    let sasl = |password: &str| {
        ["hanako", "taro"].map(|name| STANDARD.encode(format!("\0{}\0{password}", user(name))))
    };
    let mut private = vec![
        CANARY.to_owned(),
        PASSWORD.to_owned(),
        PASSWORD.escape_default().to_string(),
        STANDARD.encode(PASSWORD),
        STANDARD.encode(wrong),
        user("hanako"),
        user("taro"),
        // From the sample.
        "x-test-number".to_owned(),
    ];
    private.extend(sasl(PASSWORD));
    private.extend(sasl(wrong));
    for what in private {
        assert!(!said.contains(&what.to_lowercase()), "{what:?} is in the journal:\n{said}");
    }
    assert!(assert_owner_only(&home.path("state")) > 20);
    assert_owner_only(&home.path("log"));
}
