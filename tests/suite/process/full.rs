//! A disk that is really full: nothing is moved, it is said, and all goes on by itself when there is space again.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use komainu::demo::server::Options;
use komainu::evidence::Entry;
use tokio::process::Command;

use super::service::{Home, Service, command, in_time, server, until_idle, until_settled, user};
use crate::support::world::{self, letter, threat};

/// Runs what follows with a small filesystem of its own on the state directory; only it and its children see that.
fn on_a_small_disk(state: &Path) -> Command {
    let mut small = Command::new("unshare");
    let mount = "mount -t tmpfs -o size=4m,mode=0700 tmpfs \"$0\" && exec \"$@\"";
    small.args(["--user", "--map-root-user", "--mount", "--propagation", "private", "sh", "-c", mount]);
    small.arg(state).arg(command().as_std().get_program());
    small.env("LC_ALL", "C.UTF-8");
    small
}

fn can_mount(dir: &Path) -> bool {
    let mut trial = std::process::Command::new("unshare");
    trial.args(["--user", "--map-root-user", "--mount", "--propagation", "private", "mount", "-t", "tmpfs"]);
    trial.arg("tmpfs").arg(dir);
    trial.stderr(std::process::Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Writes until nothing more fits.
fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    for size in [65_536, 4096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

/// What the program says that sees the same small disk.
async fn command_on(service: &Service, home: &Home, arguments: &[&str]) -> String {
    let mut entered = Command::new("nsenter");
    entered.args(["--user", "--preserve-credentials", "--mount", "--target", &service.id().to_string()]);
    entered.arg(command().as_std().get_program()).args(arguments);
    entered.arg("--config").arg(home.path("komainu.toml")).env("LC_ALL", "C.UTF-8");
    let output = entered.output().await.unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Waits until so many moves have their outcome on record.
async fn until_recorded(state: &Path, count: usize) {
    let settled = || {
        let records = world::records(state);
        records.iter().filter(|record| matches!(record.entry, Entry::MoveResult { .. })).count() == count
    };
    in_time("the outcome on record", async {
        while !settled() {
            // Not synchronisation: the record is all that an outsider sees.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_full_disk_moves_nothing_and_says_so_and_recovers_by_itself() {
    let home = Home::new();
    let state = home.path("state");
    fs::create_dir(&state).unwrap();
    if !can_mount(&state) {
        eprintln!("skipped: a full disk (no mount namespace for this user)");
        return;
    }
    let server = server(&["hanako"], Options::default()).await;
    home.configure(&[home.account("hanako", &server)]);
    let mut service = home.run_by(on_a_small_disk(&state), &[]);
    until_idle(&server, "hanako").await;
    // The state directory as the service sees it.
    let seen = PathBuf::from(format!("/proc/{}/root", service.id())).join(state.strip_prefix("/").unwrap());
    server.deliver(&user("hanako"), "INBOX", threat(0), None, &[]);
    until_settled(&server, "hanako", 0, 1).await;
    until_recorded(&seen, 1).await;

    let ballast = seen.join("ballast");
    fill(&ballast);
    let records = world::records(&seen).len();
    server.deliver(&user("hanako"), "INBOX", threat(1), None, &[]);
    server.deliver(&user("hanako"), "INBOX", letter(1), None, &[]);
    service.until("nothing is moved").await;
    let (inbox, quarantined) = super::service::mailboxes(&server, "hanako");
    assert_eq!((inbox.len(), quarantined.len()), (2, 1), "moved without evidence");
    let says = ["No space left", "disk is full"];
    assert!(says.iter().any(|words| service.log().contains(words)), "{}", service.log());
    assert_eq!(world::records(&seen).len(), records, "half a batch");

    fs::remove_file(&ballast).unwrap();
    // No restart, no hand work.
    until_settled(&server, "hanako", 1, 2).await;
    until_recorded(&seen, 2).await;
    until_idle(&server, "hanako").await;
    // The record says so, and with it the digest.
    let said = |record: &komainu::evidence::Record| matches!(&record.entry, Entry::WatchGap { reason, .. } if reason == "not-recorded");
    assert_eq!(world::records(&seen).iter().filter(|record| said(record)).count(), 1);
    let digest = command_on(&service, &home, &["--lang", "en", "digest"]).await;
    let words: Vec<&str> = digest.split_whitespace().collect();
    assert!(words.join(" ").contains("evidence could not be written"), "{digest}");
    service.stop().await;
}
