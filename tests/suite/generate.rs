//! Completions and manual pages: made, and good enough for the programs that read them.

#[path = "../../examples/generate/make.rs"]
mod make;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use clap_complete::Shell;
use komainu::config::Language;

/// Whether a program is there; says so where not.
fn there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_err() {
        eprintln!("skipped: there is no {program}");
    }
    found.is_ok()
}

/// What a program says of a file; empty where it says nothing and is content.
fn verdict(program: &str, arguments: &[&str], file: &Path) -> String {
    let done = Command::new(program).args(arguments).arg(file).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    if done.status.success() { said } else { format!("{}: {said}", done.status) }
}

#[test]
fn completions_are_made_and_their_shells_can_read_them() {
    let dir = tempfile::tempdir().unwrap();
    for (shell, flags) in
        [(Shell::Bash, &["-n"][..]), (Shell::Zsh, &["-n"]), (Shell::Fish, &["--no-execute"])]
    {
        let program = shell.to_string();
        for language in [Language::Ja, Language::En] {
            let script = make::completions(shell, language);
            for word in ["komainu", "setup", "online", "password-file"] {
                assert!(script.contains(word), "{program}: no {word}");
            }
            let file = dir.path().join(&program);
            fs::write(&file, &script).unwrap();
            if there(&program) {
                assert_eq!(verdict(&program, flags, &file), "", "{program}");
            }
        }
    }
}

#[test]
fn every_command_has_a_page_in_both_languages_that_man_can_show() {
    let dir = tempfile::tempdir().unwrap();
    for (language, words, usage) in [
        (Language::En, "Questions and answers to a configuration that works", "SYNOPSIS"),
        (Language::Ja, "質問に答えて、動く設定を作る", "書式"),
    ] {
        let folder = dir.path().join(language.code());
        make::pages(&folder, language).unwrap();
        let pages: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(pages.len() > 15, "{pages:?}");
        for name in ["komainu.1", "komainu-setup.1", "komainu-case-report.1", "komainu-evidence-verify.1"] {
            assert!(folder.join(name).is_file(), "{name}");
        }
        let setup = fs::read_to_string(folder.join("komainu-setup.1")).unwrap();
        assert!(setup.contains(words) && setup.contains(&format!(".SH {usage}")), "{setup}");
        if there("man") {
            for page in &pages {
                let done = Command::new("man")
                    .args(["--warnings", "-E", "UTF-8", "-l", "-P", "cat"])
                    .arg(page)
                    .env("MANWIDTH", "80")
                    .env("LC_ALL", "C.UTF-8")
                    .output()
                    .unwrap();
                let shown = String::from_utf8_lossy(&done.stdout);
                let said = String::from_utf8_lossy(&done.stderr);
                assert!(done.status.success() && shown.contains("komainu"), "{}: {said}", page.display());
                assert!(!said.contains("warning: macro"), "{}: {said}", page.display());
            }
        }
    }
}
