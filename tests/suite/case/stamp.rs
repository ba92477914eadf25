//! Criterion D: a timestamp authority's reply, verified with stock openssl; a reply about something else is not kept.

use std::fs;
use std::path::Path;
use std::process::Command;

use komainu::store::Layout;

use super::command::{komainu, said};
use super::{Desk, letter};

/// A timestamp authority in a folder, as far as openssl makes one.
fn authority(dir: &Path) -> bool {
    let config = "[ts]\ndefault_tsa = own\n[own]\nserial = serial\nsigner_digest = sha256\n\
                  default_policy = 1.2.3.4\ndigests = sha256\naccuracy = secs:1\nordering = no\n\
                  [ext]\nextendedKeyUsage = critical,timeStamping\n[req]\ndistinguished_name = dn\n[dn]\n";
    fs::write(dir.join("tsa.cnf"), config).unwrap();
    fs::write(dir.join("serial"), "01\n").unwrap();
    let request = "req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.pem -subj /CN=tsa.example -days 2 \
                   -config tsa.cnf -extensions ext";
    openssl(dir, request)
}

fn openssl(dir: &Path, arguments: &str) -> bool {
    let run = Command::new("openssl").args(arguments.split_whitespace()).current_dir(dir).output();
    run.is_ok_and(|output| output.status.success())
}

#[test]
fn a_timestamp_is_kept_beside_its_checkpoint_and_openssl_verifies_it() {
    let mut desk = Desk::new();
    desk.receive(&letter("open/leave-publish-5.eml"), "20-Nov-2026 09:00:00 +0900");
    desk.store = None;
    let state = desk.state();
    let dir = desk.dir.path().join("tsa");
    fs::create_dir(&dir).unwrap();
    let tsa = Command::new("openssl").arg("version").output();
    if tsa.is_err() {
        eprintln!("skipped: timestamps (no openssl)");
        return;
    }
    assert!(authority(&dir));

    let query = dir.join("query.tsq");
    said(&komainu(&state, &["evidence", "timestamp", "--request", query.to_str().unwrap()]));
    assert!(openssl(&dir, "ts -query -in query.tsq -text"), "openssl reads the request");
    assert!(openssl(
        &dir,
        "ts -reply -config tsa.cnf -section own -queryfile query.tsq -signer tsa.pem -inkey tsa.key -out reply.tsr"
    ));
    let reply = dir.join("reply.tsr");
    said(&komainu(&state, &["evidence", "timestamp", "--reply", reply.to_str().unwrap()]));

    let notes = Layout::new(&state).evidence().join("checkpoints");
    let kept: Vec<_> = fs::read_dir(&notes)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tsr"))
        .collect();
    let [stamp] = kept.as_slice() else { panic!("{kept:?}") };
    let (stamp, note) = (stamp.to_str().unwrap(), stamp.with_extension("").with_extension("note"));
    let verify = |data: &str| openssl(&dir, &format!("ts -verify -in {stamp} -data {data} -CAfile tsa.pem"));
    assert!(verify(note.to_str().unwrap()));
    assert!(!verify(state.join("evidence/origin").to_str().unwrap()));
    assert!(komainu(&state, &["evidence", "verify"]).status.success());

    // One that was damaged on its way keeps the good one, which came later, not out.
    let mut damaged = fs::read(&reply).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(dir.join("damaged.tsr"), damaged).unwrap();
    said(&komainu(&state, &["evidence", "timestamp", "--reply", dir.join("damaged.tsr").to_str().unwrap()]));
    said(&komainu(&state, &["evidence", "timestamp", "--reply", reply.to_str().unwrap()]));
    // Where there is no record, none is made.
    let elsewhere = desk.dir.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let run = komainu(&elsewhere, &["evidence", "timestamp", "--request", query.to_str().unwrap()]);
    assert_eq!((run.status.code(), fs::read_dir(&elsewhere).unwrap().count()), (Some(1), 0));

    // About something else, or nothing at all.
    for wrong in [query.to_str().unwrap(), "/dev/null"] {
        assert_eq!(komainu(&state, &["evidence", "timestamp", "--reply", wrong]).status.code(), Some(1));
    }
}
