//! `komainu case`, as a person runs it.

use std::path::Path;
use std::process::{Command, Output};

use komainu::evidence::{Digest, Entry};
use serde_json::Value;

use super::{CASE, Desk, letter};
use crate::store::chain;

pub(super) fn komainu(state: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_komainu"))
        .args(arguments)
        .arg("--store")
        .arg(state)
        .env("LC_ALL", "ja_JP.UTF-8")
        .env("TZ", "Asia/Tokyo")
        .output()
        .unwrap()
}

pub(super) fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn from_two_messages_to_the_bundle_and_its_record() {
    let mut desk = Desk::new();
    let one = desk.receive(&letter("open/leave-publish-5.eml"), "20-Nov-2026 09:00:00 +0900").to_string();
    let two = desk.receive(&letter("open/leave-publish-6.eml"), "21-Nov-2026 09:00:00 +0900").to_string();
    desk.store = None;
    let state = desk.state();
    let case = |arguments: &[&str]| said(&komainu(&state, &[&["case"], arguments].concat()));

    assert!(case(&["list"]).contains("事案はまだありません"));
    assert!(case(&["open", "--name", "退会後の脅し", &one]).contains("事案 C-"));
    let listed: Value = serde_json::from_str(case(&["list", "--format", "json"]).trim()).unwrap();
    let id = listed["case"].as_str().unwrap().to_owned();
    assert_eq!((listed["name"].as_str(), listed["messages"].as_u64()), (Some("退会後の脅し"), Some(1)));
    case(&["add", &id, &two]);
    case(&["note", &id, "支払っていない", "--when", "2026-11-21T10:00"]);
    case(&["hold", &id, "on"]);
    // Named by one of its messages.
    let shown: Value = serde_json::from_str(case(&["show", &two, "--format", "json"]).trim()).unwrap();
    assert_eq!(shown["members"].as_array().unwrap().len(), 2);
    assert_eq!(shown["accounts"][0]["when"], "2026-11-21T01:00:00Z");
    assert_eq!(shown["held"], true);
    let text = case(&["show", &id]);
    assert!(text.contains("支払っていない") && text.contains("保存期限による消去を止めています"), "{text}");

    let out = desk.dir.path().join("out");
    let text = case(&["report", &id, "--out", out.to_str().unwrap(), "--variant", "both"]);
    let mut expected = Vec::new();
    for variant in ["full", "lite"] {
        let dir = out.join(format!("{id}-{variant}"));
        let sha256 = Digest::of(&std::fs::read(dir.join("tagmanifest-sha256.txt")).unwrap());
        assert!(text.contains(&sha256.to_string()), "{text}");
        expected.push((variant.to_owned(), sha256));
    }
    let recorded: Vec<_> = chain(&state)
        .into_iter()
        .filter_map(|record| match record.entry {
            Entry::Exported { variant, sha256, .. } => Some((variant, sha256)),
            _ => None,
        })
        .collect();
    assert_eq!(recorded, expected);
    let again = komainu(&state, &["case", "report", &id, "--out", out.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("上書きしません"));
}

#[test]
fn a_report_on_one_message_opens_the_case_of_its_sender_once() {
    let mut desk = Desk::new();
    let id = desk.receive(&letter("open/phish-line.eml"), "20-Nov-2026 09:00:00 +0900").to_string();
    desk.store = None;
    let state = desk.state();
    for n in ["one", "two"] {
        let out = desk.dir.path().join(n);
        said(&komainu(&state, &["case", "report", &id[..13], "--out", out.to_str().unwrap()]));
    }
    let listed = said(&komainu(&state, &["case", "list", "--format", "json"]));
    assert_eq!(listed.lines().count(), 1, "{listed}");
    let listed: Value = serde_json::from_str(listed.trim()).unwrap();
    assert!(listed["sender"].as_str().unwrap().contains('@'), "{listed}");
}

#[test]
fn a_record_that_nobody_can_sign_any_more_is_reported_all_the_same() {
    let mut desk = Desk::new();
    let id = desk.receive(&letter("open/phish-gas.eml"), "20-Nov-2026 09:00:00 +0900").to_string();
    desk.store = None;
    std::fs::remove_file(desk.state().join("key/current.pem")).unwrap();
    let out = desk.dir.path().join("out");
    said(&komainu(&desk.state(), &["case", "report", &id, "--out", out.to_str().unwrap()]));
    let case = desk.reading().cases().remove(0);
    let written = out.join(format!("{}-full/data/chain", case.id));
    let note = std::fs::read_to_string(written.join("checkpoint.note")).unwrap();
    let size: u64 = note.lines().nth(1).unwrap().parse().unwrap();
    // The case was opened after the last signature.
    assert!(case.records().into_iter().any(|seq| seq >= size));
    assert_eq!(case.exports.len(), 1);
}

#[test]
fn what_is_not_there_is_said_and_nothing_is_made() {
    let desk = Desk::new();
    let before = chain(&desk.state()).len();
    for arguments in [
        &["case", "show", "C-2026-0099"][..],
        &["case", "show", "0123456"],
        &["case", "show", "01234567"],
        &["case", "note", "C-2026-0099", "x"],
        &["case", "open", "--name", "x", "ffffffff"],
        &["case", "open", "--sender", "nobody"],
        &["case", "open"],
    ] {
        let output = komainu(&desk.state(), arguments);
        assert_eq!(output.status.code(), Some(64), "{arguments:?} {output:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty());
    }
    let missing = desk.dir.path().join("not-there");
    assert_eq!(komainu(&missing, &["case", "list"]).status.code(), Some(1));
    assert!(!missing.exists());
    assert_eq!(chain(&desk.state()).len(), before);
}

#[test]
fn reading_needs_no_lock_and_writing_says_who_has_it() {
    let desk = Desk::new();
    desk.open(komainu::case::Subject::Named("開いている".into()), &[]);
    assert!(said(&komainu(&desk.state(), &["case", "list"])).contains("開いている"));
    let number = CASE.to_string();
    let output = komainu(&desk.state(), &["case", "hold", &number, "on"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("記録できませんでした"), "{output:?}");
}

#[test]
fn what_the_person_types_cannot_drive_the_terminal() {
    let mut desk = Desk::new();
    desk.store = None;
    let name = "x\u{1b}[2J\u{202e}https://evil.test/";
    said(&komainu(&desk.state(), &["case", "open", "--name", name]));
    let shown = said(&komainu(&desk.state(), &["case", "list"]));
    assert!(shown.contains("[U+001B]") && shown.contains("hxxps://evil[.]test") && !shown.contains('\u{1b}'));
}

/// Criterion O: what is erased is gone, the record still verifies and says how many; what just goes missing does not.
#[test]
fn what_is_erased_is_on_record_and_what_goes_missing_is_found() {
    let mut desk = Desk::new();
    let one = desk.receive(&letter("open/leave-publish-5.eml"), "20-Nov-2026 09:00:00 +0900").to_string();
    let two = desk.receive(&letter("open/leave-publish-6.eml"), "21-Nov-2026 09:00:00 +0900").to_string();
    desk.store = None;
    let state = desk.state();
    said(&komainu(&state, &["case", "open", "--name", "保全", &one]));
    let listed: Value =
        serde_json::from_str(said(&komainu(&state, &["case", "list", "--format", "json"])).trim()).unwrap();
    let id = listed["case"].as_str().unwrap().to_owned();
    said(&komainu(&state, &["case", "hold", &id, "on"]));

    // Held, not confirmed, not there: nothing goes.
    let held = komainu(&state, &["evidence", "erase", &one, "--yes"]);
    assert_eq!(held.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&held.stderr).contains("保全中"), "{held:?}");
    assert_eq!(komainu(&state, &["evidence", "erase", &two]).status.code(), Some(64));
    assert_eq!(komainu(&state, &["evidence", "erase", "00000000", "--yes"]).status.code(), Some(64));
    let erased = |records: &[komainu::evidence::Record]| {
        records.iter().filter(|record| matches!(record.entry, Entry::Erased { .. })).count()
    };
    assert_eq!(erased(&chain(&state)), 0);

    assert!(said(&komainu(&state, &["evidence", "erase", &two, "--yes"])).contains("1 件"));
    assert_eq!(erased(&chain(&state)), 1);
    let verified: Value =
        serde_json::from_str(&said(&komainu(&state, &["evidence", "verify", "--format", "json"]))).unwrap();
    assert_eq!(
        (verified["erased"].as_u64(), verified["messages"].as_u64()),
        (Some(2), Some(2)),
        "blob and analysis of one"
    );

    let blobs = state.join("evidence/blobs");
    let left: Vec<_> = std::fs::read_dir(&blobs)
        .unwrap()
        .flat_map(|shard| std::fs::read_dir(shard.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(left.len(), 1);
    std::fs::remove_file(&left[0]).unwrap();
    assert_eq!(komainu(&state, &["evidence", "verify"]).status.code(), Some(1));
}

#[test]
fn what_is_erased_stays_in_the_case_of_its_sender() {
    let mut desk = Desk::new();
    let one = desk.receive(&letter("open/leave-publish-5.eml"), "20-Nov-2026 09:00:00 +0900").to_string();
    desk.store = None;
    let state = desk.state();
    let listed = said(&komainu(&state, &["case", "list"]));
    assert!(listed.contains(&one), "an id to begin with: {listed}");
    let out = desk.dir.path().join("out");
    said(&komainu(&state, &["case", "report", &one, "--out", out.to_str().unwrap()]));
    said(&komainu(&state, &["evidence", "erase", &one, "--yes"]));
    assert!(said(&komainu(&state, &["evidence", "erase", &one, "--yes"])).contains("すでに"));
    let shown = said(&komainu(&state, &["case", "show", &one]));
    assert!(shown.contains("1 通") && shown.contains("消去済み"), "{shown}");
    for wrong in ["@", "a@b@c", "a\nb@c"] {
        assert_eq!(
            komainu(&state, &["case", "open", "--sender", wrong]).status.code(),
            Some(64),
            "{wrong:?}"
        );
    }
}
