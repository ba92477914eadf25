//! `komainu status`: what the service says of itself, in words, as JSON and for Prometheus.

use std::os::unix::fs::PermissionsExt as _;

use komainu::demo::server::Options;
use rustix::process::Signal;
use serde_json::Value;

use super::service::{Home, QUARANTINE, in_time, output, server, until_idle, user};
use crate::support::world::threat;

#[tokio::test]
async fn it_says_whether_it_watches_what_came_last_and_what_went_wrong() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    let metrics = home.path("komainu.prom");
    let more = format!("metrics-file = {:?}\n", metrics.to_str().unwrap());
    let config = home.configure_with(&more, &[home.account("hanako", &server)]);
    let config = config.to_str().unwrap();
    let asked = async |format: &str| {
        let output = output(&["--lang", "en", "status", "--config", config, "--format", format]).await;
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = asked("human").await;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("no record"), "{said}");

    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    server.deliver(&user("hanako"), "INBOX", threat(0), None, &[]);
    let to = user("hanako");
    in_time("moved", server.wait_until(|state| state.snapshot(&to, QUARANTINE).len() == 1)).await;
    until_idle(&server, "hanako").await;

    let (code, said) = asked("json").await;
    assert_eq!(code, Some(0), "{said}");
    let status: Value = serde_json::from_str(&said).unwrap();
    let account = &status["accounts"][0];
    assert_eq!((&account["name"], &account["state"]), (&"hanako".into(), &"watching".into()));
    assert!(account["last_message"].is_string() && account["lag_ms"].is_u64(), "{account}");
    assert_eq!(account["last_error"], Value::Null);
    assert_eq!((&status["counts"]["judged"], &status["counts"]["quarantined"]), (&1.into(), &1.into()));
    assert_eq!(status["record"]["messages"], 1);
    let (code, said) = asked("human").await;
    assert_eq!(code, Some(0));
    assert!(said.starts_with("✓ watching since "), "{said}");
    assert!(said.contains("1 judged, 1 quarantined"), "{said}");
    assert!(!said.contains('\u{1b}'), "colour without a terminal: {said}");
    let (_, said) = asked("prometheus").await;
    assert!(said.contains("komainu_quarantined_total 1\n"), "{said}");
    // The file is there from the start on, and others may read it.
    let mode = std::fs::metadata(&metrics).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
    assert!(std::fs::read_to_string(&metrics).unwrap().contains("komainu_watching{account=\"hanako\"}"));

    service.signal(Signal::KILL);
    service.ended().await;
    let (code, said) = asked("human").await;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("not running") && said.contains("1 messages kept"), "{said}");
    drop(server);
    // Nobody answers there any more: it runs, and does not watch.
    let mut service = home.run(&[]);
    service.until_logged("connection lost").await;
    let (code, said) = asked("human").await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("not connected; it is tried again"), "{said}");
    service.stop().await;
}
