//! What a hostile server can make the process take: measured in a process of its own, by its peak resident size.

use std::fmt::Write as _;
use std::process::Command;

use super::script::{Step, USUAL, c, s, selected};
use komainu::imap::{Limits, Summary};

const MIB: u64 = 1024 * 1024;

/// Peak resident size of this process in octets (Linux).
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// Runs `attack` in a child process and gives how far its peak grew.
fn growth(attack: &str) -> Option<u64> {
    peak()?;
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "traps::memory::under_attack", "--nocapture", "--test-threads=1"])
        .env("KOMAINU_TEST_ATTACK", attack)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{attack}: {text}");
    let grown = text.lines().find_map(|line| line.split_once("grown=")?.1.trim().parse().ok());
    Some(grown.unwrap_or_else(|| panic!("{attack}: {text}")))
}

/// The child's part; nothing where it is not asked for.
#[test]
fn under_attack() {
    let Ok(attack) = std::env::var("KOMAINU_TEST_ATTACK") else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    // A harmless session first: its code and the parser's are loaded before anything is measured.
    runtime.block_on(suffer("harmless"));
    let before = peak().unwrap();
    runtime.block_on(suffer(&attack));
    println!("grown={}", peak().unwrap() - before);
}

async fn suffer(attack: &str) {
    let ask = c("UID FETCH 5 (UID BODY.PEEK[])");
    let look = c("UID FETCH 5:* *");
    let steps = match attack {
        "harmless" => vec![ask, s("* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n%T OK\r\n")],
        "literal" => vec![ask, s("* 1 FETCH (UID 5 BODY[] {524000000}\r\n"), Step::Flood(vec![b'x'; 1024])],
        "line" => vec![ask, Step::Flood(b"* OK endless ".to_vec())],
        "parens" => vec![ask, s("* 1 FETCH (BODYSTRUCTURE "), Step::Flood(b"(".to_vec())],
        "within" => vec![
            ask,
            s("* 1 FETCH (UID 5 BODY[] {12582912}\r\n"),
            Step::Times(vec![b'x'; 64 * 1024], 192),
            s(")\r\n%T OK\r\n"),
        ],
        "fetches" => {
            let mut steps = vec![look];
            for block in 0..20_u32 {
                let mut lines = String::new();
                for line in 0..3000 {
                    let (uid, date) = (5 + block * 3000 + line, "x".repeat(200));
                    writeln!(lines, "* 1 FETCH (UID {uid} FLAGS () INTERNALDATE \"{date}\")\r").unwrap();
                }
                steps.push(s(lines));
            }
            steps.push(s("%T OK\r\n"));
            steps
        }
        _ => unreachable!(),
    };
    let (mut session, server) = selected(USUAL, steps).await;
    if attack == "fetches" {
        assert_eq!(session.summaries(5, None).await.unwrap().len(), komainu::imap::SUMMARIES_MAX);
    } else {
        let wanted = [Summary { uid: 5, size: Some(10), ..Summary::default() }];
        let result = session.bodies(&wanted, &Limits::default(), &mut |_, _| {}).await;
        assert_eq!(result.is_ok(), ["within", "harmless"].contains(&attack), "{result:?}");
    }
    drop(session);
    server.await.unwrap();
}

#[test]
fn no_server_makes_the_process_grow_by_64_mib() {
    for (attack, cap) in [("literal", 4), ("line", 4), ("parens", 4), ("within", 56), ("fetches", 48)] {
        if let Some(grown) = growth(attack) {
            println!("{attack}: {} KiB", grown / 1024);
            assert!(grown < cap * MIB, "{attack} grew by {grown} octets");
        }
    }
}
