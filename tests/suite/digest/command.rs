//! `komainu digest`, as a process: the file where there is one, else the record; nothing is written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use komainu::digest::{self, Form};
use komainu::document::Language;

use super::sample::full;
use crate::case::{Desk, letter};

fn komainu(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_komainu"))
        .arg("digest")
        .args(arguments)
        .env("TZ", "UTC")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Every file below a folder with its octets.
fn everything(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn where_no_file_is_the_record_is_read_and_nothing_is_written() {
    let mut desk = Desk::new();
    desk.receive(&letter("open/billing-lawoffice-fake.eml"), "24-Nov-2026 10:15:00 +0900");
    desk.sign();
    desk.store = None;
    let store = desk.state();
    let store = store.to_str().unwrap();
    let before = everything(desk.dir.path());
    let text = said(&komainu(&["--store", store, "--lang", "ja"]));
    assert!(text.contains("途中経過です") && text.contains("確認してください（1 通）"), "{text}");
    assert!(text.contains("署名付きチェックポイント（最初から"), "{text}");
    let value: serde_json::Value =
        serde_json::from_str(&said(&komainu(&["--store", store, "--format", "json"]))).unwrap();
    assert_eq!((&value["scope"], &value["threats"]), (&"so-far".into(), &1.into()));
    for since in ["24h", "7d", "2020-01-01", "2020-01-01T00:00:00+09:00"] {
        let text = said(&komainu(&["--store", store, "--since", since, "--lang", "en"]));
        assert!(text.contains("Not a day's digest") && text.contains("Please look at these (1)"), "{text}");
    }
    let page = said(&komainu(&["--store", store, "--format", "html", "--lang", "en"]));
    assert!(page.starts_with("<!doctype html>") && page.contains("<html lang=\"en\">"));
    assert_eq!(everything(desk.dir.path()), before);
}

#[test]
fn the_file_is_shown_as_it_is_and_in_the_other_language_made_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let logs = dir.path().join("log");
    fs::create_dir(&logs).unwrap();
    let day = full();
    fs::write(logs.join(digest::file_name(day.date, Form::Json)), digest::json(&day)).unwrap();
    let store = dir.path().to_str().unwrap();
    // The last one that was written; no store is needed for it.
    for arguments in [&["--store", store][..], &["--store", store, "--date", "2026-11-23"]] {
        let with = |more: &[&str]| said(&komainu(&[arguments, more].concat()));
        assert_eq!(with(&["--format", "json"]), digest::json(&day));
        assert_eq!(with(&["--lang", "ja"]), digest::text(&day, Language::Ja));
        assert_eq!(with(&["--lang", "en"]), digest::text(&day, Language::En));
        assert_eq!(with(&["--lang", "en", "--format", "html"]), digest::html(&day, Language::En));
    }
    fs::write(logs.join("digest-2026-11-24.json"), "{}").unwrap();
    let output = komainu(&["--store", store, "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("digest-2026-11-24.json cannot be read"));
}

#[test]
fn what_is_no_date_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().to_str().unwrap();
    let tomorrow = TimeZone::UTC.to_datetime(Timestamp::now()).date().tomorrow().unwrap().to_string();
    for arguments in [
        ["--date", "2026-13-01"],
        ["--date", "yesterday"],
        ["--date", &tomorrow],
        ["--since", "soon"],
        ["--since", "0h"],
        ["--since", "-3d"],
        ["--since", "9999999999999999999d"],
        ["--since", "99999999999999w"],
        ["--since", "日"],
        ["--since", "2199-01-01"],
    ] {
        let output = komainu(&[&["--store", store, "--lang", "ja"], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
    let output = komainu(&["--store", "/nonexistent", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What a person cuts out of the text is a witness, to the program and to the script.
#[test]
fn the_checkpoint_cut_out_of_the_text_is_a_witness() {
    let mut desk = Desk::new();
    desk.receive(&letter("open/billing-lawoffice-fake.eml"), "24-Nov-2026 10:15:00 +0900");
    desk.sign();
    desk.store = None;
    let (state, note) = (desk.state(), desk.dir.path().join("outside.note"));
    let store = state.to_str().unwrap();
    let text = said(&komainu(&["--store", store, "--lang", "ja"]));
    // `sed -n '/^komainu\.invalid\//,/^— /p'`, as docs/digest.md has it.
    let mut cut: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("komainu.invalid/")).collect();
    let end = cut.iter().position(|line| line.starts_with("\u{2014} ")).unwrap();
    cut.truncate(end + 1);
    fs::write(&note, cut.join("\n") + "\n").unwrap();
    let verify = |command: &mut Command| {
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(told.contains("1 witness"), "{told}{}", String::from_utf8_lossy(&output.stderr));
    };
    verify(
        Command::new(env!("CARGO_BIN_EXE_komainu"))
            .args(["evidence", "verify", "--lang", "en", "--store", store, "--witness"])
            .arg(&note),
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/verify.sh");
    let key = state.join("evidence/keys/genesis.pub.pem");
    verify(Command::new("bash").arg(script).arg(store).arg(key).arg(&note));
}
