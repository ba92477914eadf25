//! `komainu quarantine` and `komainu learn`, beside the running service and without it.

use std::path::Path;

use komainu::demo::server::Options;
use komainu::evidence::Entry;
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::service::{Home, QUARANTINE, in_time, output, server, until_idle, user};
use crate::support::world::threat;

/// What a command printed, and its exit status.
async fn said(store: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let mut all = arguments.to_vec();
    all.extend(["--store", store.to_str().unwrap()]);
    let output = output(&all).await;
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code())
}

/// A threat whose author the provider vouches for, and whose subject tries to act on a terminal.
fn nasty() -> Vec<u8> {
    let octets = threat(0);
    let text = String::from_utf8(octets).unwrap();
    let domain = komainu::message::Message::parse(text.as_bytes()).from[0].domain.clone();
    let (head, body) = text.split_once("\r\n\r\n").or_else(|| text.split_once("\n\n")).unwrap();
    let head: Vec<&str> = head.lines().filter(|line| !line.to_lowercase().starts_with("subject:")).collect();
    format!(
        "Authentication-Results: mx.example.net; dmarc=pass header.from={domain}\r\n{}\r\n\
         Subject: \u{1b}[31m\u{202e}http://evil.example/ {}\r\n\r\n{body}",
        head.join("\r\n"),
        "長い".repeat(5_000)
    )
    .into_bytes()
}

/// The findings are the score.
fn assert_adds_up(shown: &Value) {
    let weight = |one: &Value| one["weight"].as_f64().unwrap();
    let sum: f64 = shown["findings"].as_array().unwrap().iter().map(weight).sum();
    assert!((sum - shown["score"].as_f64().unwrap()).abs() < 1e-6, "{shown}");
}

/// The service's own second looks are over, so that what is sent from here on is somebody else's.
async fn until_looked_again(home: &Home, messages: usize) {
    in_time("second looks", async {
        let looks = |record: &komainu::evidence::Record| matches!(record.entry, Entry::Refetched { .. });
        while home.records().iter().filter(|record| looks(record)).count() < messages {
            // Not synchronisation: a file is polled, because the record is all that an outsider sees.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_message_is_listed_looked_at_and_moved_back_and_what_that_taught_is_taken_back() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server)]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    let to = user("hanako");
    server.deliver(&to, "INBOX", nasty(), None, &[]);
    server.deliver(&to, "INBOX", threat(1), None, &[]);
    in_time("moved", server.wait_until(|state| state.snapshot(&to, QUARANTINE).len() == 2)).await;
    until_idle(&server, "hanako").await;
    let state = home.path("state");
    until_looked_again(&home, 2).await;
    in_time("one connection", server.wait_until(|state| state.connections() == 1)).await;
    until_idle(&server, "hanako").await;
    let before = server.commands().len();

    let (list, status) = said(&state, &["quarantine", "list", "--lang", "ja"]).await;
    assert_eq!(status, Some(0));
    let rows: Vec<&str> = list.lines().filter(|line| line.starts_with("20")).collect();
    assert_eq!(rows.len(), 2, "{list}");
    let ends: Vec<usize> = rows.iter().map(|row| row.width()).collect();
    assert!(ends[0] == ends[1] && ends[0] <= 80, "{list}");
    let (json, _) = said(&state, &["quarantine", "list", "--format", "json"]).await;
    let first: Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    let id = first["evidence_id"].as_str().unwrap().to_owned();
    assert_eq!(first["place"], "quarantined");

    for (lang, words) in
        [("ja", ["急いで何かをする必要はありません", "#9110"]), ("en", ["no need to hurry", "188"])]
    {
        let (shown, status) = said(&state, &["quarantine", "show", &id, "--text", "--lang", lang]).await;
        assert_eq!(status, Some(0), "{shown}");
        let squeezed: String = shown.split_whitespace().collect();
        assert!(words.iter().all(|word| squeezed.contains(&word.replace(' ', ""))), "{shown}");
        // Nothing acts, nothing can be followed, and nothing is said to be safe.
        for never in ["\u{1b}", "\u{202e}", "http://", "https://", "安全です", " safe"] {
            assert!(!shown.contains(never), "{never:?}: {shown}");
        }
        assert!(shown.lines().all(|line| line.width() <= 200), "{shown}");
    }
    let (json, _) = said(&state, &["quarantine", "show", &id, "--format", "json"]).await;
    let whole: Value = serde_json::from_str(&json).unwrap();
    assert_adds_up(&whole);
    assert_eq!(whole["release_covers"], "sender");
    // Looking asks the mail server for nothing.
    assert_eq!(server.commands().len(), before);
    let views = home.records().iter().filter(|record| matches!(record.entry, Entry::Viewed { .. })).count();
    assert_eq!(views, 3);

    let (told, status) = said(&state, &["quarantine", "release", &id, "--lang", "en"]).await;
    assert_eq!(status, Some(0), "{told}");
    assert!(told.contains("it stands where it came from again"), "{told}");
    in_time("back", server.wait_until(|state| state.snapshot(&to, "INBOX").len() == 1)).await;
    let (told, status) = said(&state, &["quarantine", "release", &id, "--lang", "en"]).await;
    assert_eq!(status, Some(1), "{told}");
    assert!(told.contains("(released)"), "{told}");

    let (lessons, _) = said(&state, &["learn", "list", "--format", "json"]).await;
    let lesson: Value = serde_json::from_str(lessons.trim()).unwrap();
    assert_eq!(
        (lesson["lesson"].as_str(), lesson["evidence_id"].as_str()),
        (Some("wanted"), Some(id.as_str()))
    );
    let (told, status) = said(&state, &["learn", "undo", &id]).await;
    assert_eq!(status, Some(0), "{told}");
    let (told, status) = said(&state, &["learn", "undo", &id]).await;
    assert_eq!(status, Some(64), "{told}");
    assert_eq!(said(&state, &["learn", "list", "--format", "json"]).await.0, "");
    assert_eq!(std::fs::read_dir(state.join("evidence/notes")).unwrap().count(), 0);
    assert_eq!(said(&state, &["quarantine", "show", "no-such-message"]).await.1, Some(64));

    service.stop().await;
    // Without the service it is put on record, and done when it starts.
    let (list, _) = said(&state, &["quarantine", "list", "--format", "json"]).await;
    let other: Value = serde_json::from_str(list.trim()).unwrap();
    let other = other["evidence_id"].as_str().unwrap();
    let (told, status) = said(&state, &["quarantine", "release", other, "--lang", "en"]).await;
    assert_eq!(status, Some(0), "{told}");
    assert!(told.contains("not running") && told.contains("this message only"), "{told}");
    let (list, _) = said(&state, &["quarantine", "list", "--format", "json"]).await;
    assert!(list.contains("release-asked"), "{list}");
    let mut service = home.run(&[]);
    in_time("back", server.wait_until(|state| state.snapshot(&to, "INBOX").len() == 2)).await;
    until_idle(&server, "hanako").await;
    service.stop().await;
    home.assert_orderly();
    let verified = output(&["evidence", "verify", "--store", state.to_str().unwrap()]).await;
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}
