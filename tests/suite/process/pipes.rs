//! A reader that has seen enough (`komainu check | head -1`) ends nobody.

use std::process::{Command, Stdio};

use super::service::Home;

/// Exit status and standard error of a command whose standard output nobody reads.
fn unread(arguments: &[&str]) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_komainu"));
    command.args(arguments).stdout(writer).stderr(Stdio::piped()).stdin(Stdio::null());
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_reader_that_has_gone_is_no_fault_and_nothing_is_said_of_it() {
    let home = Home::new();
    home.write("password", "x");
    let good = home.write(
        "good.toml",
        "state-dir = \"state\"\n[[account]]\nname = \"h\"\nhost = \"imap.example.com\"\nuser = \"h@example.com\"\n\
         password = { file = \"password\" }\nmode = \"observe\"\n",
    );
    let good = good.to_str().unwrap();
    for arguments in [
        &["check", "--config", good][..],
        &["indicators"],
        &["indicators", "deadline", "--lang", "ja"],
        &["scan", "--format", "json", "tests/corpus"],
        &["case", "list", "--config", good],
        &["--help"],
    ] {
        let (status, said) = unread(arguments);
        assert!(!said.contains("panicked") && status != Some(101), "{arguments:?}: {status:?} {said}");
    }
    let (status, said) = unread(&["check", "--config", good]);
    assert_eq!((status, said.as_str()), (Some(0), ""));
    // What was found is still told by the exit status.
    home.write("good.toml", "[[account]]\nname = \"h\"\n");
    assert_eq!(unread(&["check", "--config", good]).0, Some(78));
}

#[test]
fn what_could_not_be_printed_for_want_of_room_is_a_fault() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else {
        eprintln!("skipped: there is no /dev/full");
        return;
    };
    let output = Command::new(env!("CARGO_BIN_EXE_komainu"))
        .args(["check", "--config", concat!(env!("CARGO_MANIFEST_DIR"), "/config/komainu.toml")])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("komainu: ") && !said.contains("panicked"), "{said}");
}
