//! The digest in the mailbox is the record's witness: the note in it, as a mail program saves it, is taken by both
//! verifiers, and a record that was rolled back to before it does not pass.

use std::path::{Path, PathBuf};
use std::process::Command;

use komainu::demo::server::Profile;
use komainu::monitor::Event;

use super::{DIGESTS, Story};
use crate::support::world::{USER, threat};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Exit status and what was said, of the program and of the script.
fn verdicts(state: &Path, key: &Path, witness: &Path) -> [(Option<i32>, String); 2] {
    let program = Command::new(env!("CARGO_BIN_EXE_komainu"))
        .args(["--lang", "en", "evidence", "verify", "--store"])
        .arg(state)
        .arg("--key")
        .arg(key)
        .arg("--witness")
        .arg(witness)
        .output()
        .unwrap();
    let script = Command::new("bash")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/config/verify.sh"))
        .arg(state.join("evidence"))
        .arg(key)
        .arg(witness)
        .output()
        .unwrap();
    [program, script].map(|output| {
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), said)
    })
}

#[tokio::test]
async fn the_note_in_the_mail_is_a_witness_and_a_record_from_before_it_fails() {
    let mut story = Story::new(Profile::Dovecot, "2026-11-23T10:00").await;
    story.world.digest_mailbox = Some(DIGESTS.into());
    story.world.start().await;
    story.world.stop().await;
    // What somebody keeps, to put it back later: a record that verifies.
    let before = story.world.dir.path().join("before");
    copy(&story.world.store_dir(), &before);
    story.world.start().await;
    story.world.server.deliver(USER, "INBOX", threat(0), None, &[]);
    story.world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    story.set("2026-11-24T00:06");
    story.until("a witness", |entry| matches!(entry, komainu::evidence::Entry::Witness { .. })).await;
    story.world.stop().await;
    // Decoded by other hands than ours.
    let stored = story.posted().remove(0);
    let message = mail_parser::MessageParser::default().parse(&stored.octets[..]).unwrap();
    let text = message.body_text(0).unwrap();
    let dir = story.world.dir.path();
    let key = dir.join("genesis.pem");
    std::fs::copy(story.world.store_dir().join("evidence/keys/genesis.pub.pem"), &key).unwrap();
    let text = text.replace("\r\n", "\n");
    let note = story.days()[0].integrity.checkpoint.clone().unwrap();
    let cut = cut(&text);
    assert_eq!(cut, note);
    // As mail programs save: the part whole, the note alone; line ends of either kind, with and without the last one,
    // quoted as in a forwarded mail, with a mark in front of the file.
    let forms = [
        text.clone(),
        text.replace('\n', "\r\n"),
        cut.clone(),
        cut.replace('\n', "\r\n"),
        cut.trim_end().to_owned(),
        format!("\u{feff}\r\n{}\r\n\r\n", cut.replace('\n', "\r\n")),
        format!("> {}\n", cut.trim_end().replace('\n', "\n> ")),
        format!("    {}\n", cut.trim_end().replace('\n', "\n    ")),
    ];
    for (n, form) in forms.iter().enumerate() {
        let path: PathBuf = dir.join(format!("saved-{n}.txt"));
        std::fs::write(&path, form).unwrap();
        for (status, said) in verdicts(&story.world.store_dir(), &key, &path) {
            assert_eq!(status, Some(0), "form {n}: {said}");
            assert!(said.contains("1 witnesses"), "form {n}: {said}");
        }
        for (status, said) in verdicts(&before, &key, &path) {
            assert_eq!(status, Some(1), "form {n}: {said}");
        }
    }
    // A word changed in it is no witness of anything.
    let forged = dir.join("forged.txt");
    let size = note.lines().nth(1).unwrap();
    std::fs::write(&forged, cut.replacen(size, "1", 1)).unwrap();
    for (status, said) in verdicts(&story.world.store_dir(), &key, &forged) {
        assert_eq!(status, Some(1), "{said}");
    }
}

/// As a person would: from the line with the log's name to the last one that is signed.
fn cut(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let first = lines.iter().position(|line| line.starts_with("komainu.invalid/")).expect("a note");
    let last = lines.iter().rposition(|line| line.starts_with('\u{2014}')).expect("a signature");
    let mut note = lines[first..=last].join("\n");
    note.push('\n');
    note
}
