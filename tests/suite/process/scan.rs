//! `komainu scan` as others call it: exit status, one JSON object a line, and nothing that a file can do to a terminal.

use std::fs;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;

use super::service::{Home, command, in_time, output};
use crate::support::world::{letter, threat};

fn lines(octets: &[u8]) -> Vec<Value> {
    String::from_utf8(octets.to_vec())
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[tokio::test]
async fn the_exit_status_says_what_was_found() {
    let home = Home::new();
    let (bad, good) = (home.path("bad.eml"), home.path("good.eml"));
    fs::write(&bad, threat(0)).unwrap();
    fs::write(&good, letter(0)).unwrap();
    let missing = home.path("missing.eml");
    let (bad, good) = (bad.to_str().unwrap(), good.to_str().unwrap());
    for format in ["human", "json"] {
        for (paths, expected) in [
            (&[good][..], 0),
            (&[good, bad], 1),
            (&[bad, missing.to_str().unwrap()], 2),
            (&[missing.to_str().unwrap()], 2),
        ] {
            let output = output(&[&["scan", "--format", format], paths].concat()).await;
            assert_eq!(output.status.code(), Some(expected), "{format} {paths:?}");
            assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[tokio::test]
async fn json_has_every_key_in_the_order_of_the_input() {
    let home = Home::new();
    let one = home.path("1 one.eml");
    fs::write(&one, threat(0)).unwrap();
    let two = home.path("2.eml");
    fs::write(&two, letter(0)).unwrap();
    // mbox: a threat and a letter, LF only, with a quoted From line.
    let mbox = home.path("3.mbox");
    let mut octets = Vec::new();
    for message in [threat(1), letter(1)] {
        octets.extend_from_slice(b"From MAILER-DAEMON Tue Nov 24 10:00:00 2026\n");
        octets.extend(message.iter().copied().filter(|octet| *octet != b'\r'));
        octets.extend_from_slice(b"\n>From here on\n\n");
    }
    fs::write(&mbox, octets).unwrap();
    // Maildir, with a message that is still being written.
    let maildir = home.path("4");
    for dir in ["cur", "new", "tmp", ".Sent/cur", ".Sent/new"] {
        fs::create_dir_all(maildir.join(dir)).unwrap();
    }
    fs::write(maildir.join("new/1.host"), threat(2)).unwrap();
    fs::write(maildir.join("cur/2.host:2,S"), letter(2)).unwrap();
    fs::write(maildir.join("tmp/3.host"), threat(3)).unwrap();
    fs::write(maildir.join(".Sent/cur/4.host:2,"), letter(3)).unwrap();
    let missing = home.path("5.eml");
    let paths = [&two, &one, &mbox, &maildir, &missing].map(|path| path.to_str().unwrap().to_owned());
    let mut arguments = vec!["scan", "--format", "json"];
    arguments.extend(paths.iter().map(String::as_str));
    let output = output(&arguments).await;
    assert_eq!(output.status.code(), Some(2));
    let lines = lines(&output.stdout);
    let found: Vec<(String, &str)> = lines
        .iter()
        .map(|line| {
            let path =
                line["path"].as_str().unwrap().strip_prefix(home.dir.path().to_str().unwrap()).unwrap();
            (path.to_owned(), line["verdict"].as_str().unwrap_or("error"))
        })
        .collect();
    let expected = [
        ("/2.eml", "clean"),
        ("/1 one.eml", "threat"),
        ("/3.mbox#1", "threat"),
        ("/3.mbox#2", "clean"),
        ("/4/.Sent/cur/4.host:2,", "clean"),
        ("/4/cur/2.host:2,S", "clean"),
        ("/4/new/1.host", "threat"),
        ("/5.eml", "error"),
    ];
    for ((path, verdict), (expected_path, expected_verdict)) in found.iter().zip(expected) {
        assert_eq!(path, expected_path);
        // A letter may be suspicious without an account's own settings; it is never a threat, and no error.
        assert!(
            *verdict == expected_verdict || (expected_verdict == "clean" && *verdict == "suspicious"),
            "{path}: {verdict}"
        );
    }
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for line in &lines[..7] {
        assert_whole(line);
    }
    let error = lines[7].as_object().unwrap();
    assert_eq!(error.keys().collect::<Vec<_>>(), ["error", "path"]);
    assert!(!error["error"].as_str().unwrap().is_empty());
}

/// All keys of the interface, no other, with the types that others build on.
fn assert_whole(line: &Value) {
    let object = line.as_object().unwrap();
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    keys.sort_unstable();
    let expected = [
        "category",
        "defects",
        "demand",
        "findings",
        "path",
        "score",
        "severity",
        "threshold",
        "thresholds",
        "verdict",
    ];
    assert_eq!(keys, expected);
    let is_clean = object["verdict"] == "clean";
    assert_eq!(object["category"].is_null(), is_clean, "{line}");
    assert_eq!(object["threshold"], object["thresholds"]["threat"]);
    assert!(object["thresholds"]["suspicious"].is_number() && object["defects"].is_array());
    let mut sum = 0;
    for finding in object["findings"].as_array().unwrap() {
        let mut keys: Vec<&String> = finding.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["excerpt", "indicator", "weight", "where"]);
        assert!(
            finding["indicator"].is_string()
                && finding["where"].is_string()
                && finding["excerpt"].is_string()
        );
        sum += (finding["weight"].as_f64().unwrap() * 100.0).round() as i64;
    }
    assert_eq!(sum, (object["score"].as_f64().unwrap() * 100.0).round() as i64, "{line}");
}

#[tokio::test]
async fn a_dash_is_standard_input() {
    for (octets, expected) in [(threat(0), 1), (letter(0), 0)] {
        let mut child = command()
            .args(["scan", "--format", "json", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(&octets).await.unwrap();
        drop(stdin);
        let output = in_time("scan", child.wait_with_output()).await.unwrap();
        assert_eq!(output.status.code(), Some(expected));
        let lines = lines(&output.stdout);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["path"], "-");
        assert_whole(&lines[0]);
    }
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_is_not_an_error() {
    let home = Home::new();
    // More than any pipe holds.
    let mbox = home.path("large.mbox");
    let mut octets = Vec::new();
    for number in 0..400 {
        octets.extend_from_slice(b"From MAILER-DAEMON Tue Nov 24 10:00:00 2026\n");
        octets.extend(threat(number));
        octets.extend_from_slice(b"\n\n");
    }
    fs::write(&mbox, octets).unwrap();
    for format in ["human", "json"] {
        let mut child = command()
            .args(["scan", "--format", format, mbox.to_str().unwrap()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = in_time("scan", child.wait_with_output()).await.unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[tokio::test]
async fn a_file_name_does_nothing_to_a_terminal() {
    let home = Home::new();
    let name = "evil\u{1b}]0;owned\u{7}\u{1b}[2J\r\n\u{9b}31m\u{202e}gpj.eml";
    fs::write(home.path(name), threat(0)).unwrap();
    let scanned = output(&["scan", home.dir.path().to_str().unwrap()]).await;
    assert_eq!(scanned.status.code(), Some(1));
    let text = String::from_utf8(scanned.stdout).unwrap();
    for inert in text.chars().filter(|c| *c != '\n') {
        assert!(
            !inert.is_control() && !matches!(inert, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'),
            "{text:?}"
        );
    }
    assert!(text.contains("gpj.eml"), "{text}");
    // JSON has the name as it is, escaped.
    let scanned = output(&["scan", "--format", "json", home.dir.path().to_str().unwrap()]).await;
    assert!(lines(&scanned.stdout)[0]["path"].as_str().unwrap().ends_with(name));
}

#[tokio::test]
async fn what_is_no_message_is_counted_as_not_judged() {
    let home = Home::new();
    fs::write(home.path("1.eml"), "").unwrap();
    fs::write(home.path("2.eml"), b"\xff\xd8\xff\xe0 no message\n").unwrap();
    fs::write(home.path("3.eml"), letter(0)).unwrap();
    let scanned = output(&["scan", "--lang", "en", home.dir.path().to_str().unwrap()]).await;
    let text = String::from_utf8(scanned.stdout).unwrap();
    assert!(text.contains("1.eml: not judged") && text.contains("2.eml: not judged"), "{text}");
    assert!(text.contains("3.eml: nothing found"), "{text}");
    let summary =
        "1 judged: 0 threat, 0 suspicious, 1 without findings that add up; 2 not judged, 0 could not be read";
    assert_eq!(text.lines().last(), Some(summary));
}

/// Standard output and status of `scan --format json` with so many judges.
async fn scanned(jobs: &str, paths: &[&str]) -> (Option<i32>, Vec<u8>) {
    let output = output(&[&["scan", "--format", "json", "--jobs", jobs], paths].concat()).await;
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), output.stdout)
}

#[tokio::test]
async fn several_judges_say_what_one_says_in_the_same_order() {
    let home = Home::new();
    let folder = home.path("folder");
    fs::create_dir(&folder).unwrap();
    // More than may wait for one that comes before them, of very different cost.
    for number in 0..300 {
        let mut octets = if number % 3 == 0 { threat(number) } else { letter(number) };
        if number % 50 == 0 {
            octets.extend(b"A line of an ordinary letter, https://www.example.com/\r\n".repeat(4000));
        }
        fs::write(folder.join(format!("{number:03}.eml")), octets).unwrap();
    }
    std::os::unix::fs::symlink(folder.join("nowhere"), folder.join("150 gone.eml")).unwrap();
    let mbox = home.path("many.mbox");
    let mut octets = Vec::new();
    for number in 0..40 {
        octets.extend_from_slice(b"From MAILER-DAEMON Tue Nov 24 10:00:00 2026\n");
        octets.extend(threat(number).into_iter().filter(|octet| *octet != b'\r'));
        octets.extend_from_slice(b"\n>From here on\n\n");
    }
    fs::write(&mbox, octets).unwrap();
    let paths = [mbox.to_str().unwrap(), folder.to_str().unwrap(), mbox.to_str().unwrap()];
    let one = scanned("1", &paths).await;
    assert_eq!(one.0, Some(2));
    let told = lines(&one.1);
    assert_eq!(told.len(), 40 + 301 + 40);
    assert!(told[40 + 150]["error"].is_string() && told[40 + 151]["verdict"].is_string());
    for jobs in ["2", "8"] {
        assert!(scanned(jobs, &paths).await == one, "{jobs} judges");
    }
    let default = output(&[&["scan", "--format", "json"][..], &paths[..]].concat()).await;
    assert!((default.status.code(), default.stdout) == one);
}

#[tokio::test]
async fn without_a_judge_nothing_is_judged() {
    for jobs in ["0", "-1", "many"] {
        let output = output(&["scan", "--jobs", jobs, "-"]).await;
        assert_eq!(output.status.code(), Some(64), "{jobs}");
    }
}

#[tokio::test]
async fn files_that_are_large_together_do_not_stand_in_memory_together() {
    const MIB: usize = 1024 * 1024;
    let home = Home::new();
    let folder = home.path("large");
    fs::create_dir(&folder).unwrap();
    let line = b"A line of an ordinary letter, as people write them to each other, without a link.  \r\n";
    for number in 0..12 {
        let mut octets = letter(number);
        octets.extend(line.repeat(20 * MIB / line.len()));
        fs::write(folder.join(format!("{number:02}.eml")), octets).unwrap();
    }
    let child = command()
        .args(["scan", "--jobs", "4", folder.to_str().unwrap()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let process = child.id().unwrap();
    let ended = tokio::spawn(child.wait_with_output());
    let mut peak = 0;
    while !ended.is_finished() {
        peak = peak.max(peak_of(process).unwrap_or(0));
        tokio::task::yield_now().await;
    }
    assert_eq!(ended.await.unwrap().unwrap().status.code(), Some(0));
    println!("12 files of 20 MiB: peak {peak} KiB");
    assert!((20 * MIB as u64 / 1024..96 * 1024).contains(&peak), "peak {peak} KiB");
}

/// KiB (VmHWM).
fn peak_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
