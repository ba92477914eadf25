//! The units, by the service manager's own tools where they are installed.

use std::path::PathBuf;
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a tool says on both streams; none, said on the terminal, where it is not installed.
fn asked(program: &str, arguments: &[&str], runtime: &std::path::Path) -> Option<(bool, String)> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .env("XDG_RUNTIME_DIR", runtime)
        .env("HOME", runtime)
        .env("SYSTEMD_PAGER", "")
        .env("LC_ALL", "C.UTF-8")
        .output();
    let Ok(output) = output else {
        println!("skipped: {program} is not installed here");
        return None;
    };
    let said =
        [output.stdout, output.stderr].map(|octets| String::from_utf8_lossy(&octets).into_owned()).join("\n");
    Some((output.status.success(), said))
}

#[test]
fn the_system_unit_is_exposed_by_no_more_than_1_5() {
    let runtime = tempfile::tempdir().unwrap();
    let arguments = ["security", "--offline=true", "--threshold=15", "systemd/komainu.service"];
    let Some((good, said)) = asked("systemd-analyze", &arguments, runtime.path()) else { return };
    if said.contains("unrecognized option") {
        println!("skipped: this systemd-analyze has no --offline (systemd before 250)");
        return;
    }
    assert!(good, "{said}");
    assert!(said.contains("Overall exposure level"), "{said}");
}

#[test]
fn the_units_are_understood_but_for_the_program_that_is_not_installed() {
    let runtime = tempfile::tempdir().unwrap();
    for arguments in
        [&["verify", "systemd/komainu.service"][..], &["verify", "--user", "systemd/user/komainu.service"]]
    {
        let Some((_, said)) = asked("systemd-analyze", arguments, runtime.path()) else { return };
        let faults: Vec<&str> = said
            .lines()
            .filter(|line| line.contains("komainu") && !line.contains("is not executable:"))
            .collect();
        assert_eq!(faults, [""; 0], "{arguments:?}");
    }
}

#[test]
fn sysusers_understands_the_user() {
    let runtime = tempfile::tempdir().unwrap();
    let file = root().join("systemd/komainu.sysusers.conf");
    let arguments = ["--dry-run", file.to_str().unwrap()];
    let Some((good, said)) = asked("systemd-sysusers", &arguments, runtime.path()) else { return };
    if said.contains("unrecognized option") {
        println!("skipped: this systemd-sysusers has no --dry-run (systemd before 250)");
        return;
    }
    assert!(good && !said.contains("komainu.sysusers.conf:"), "{said}");
}

/// The user is made, and the directories are hers alone, in a root folder of its own. As root only: the directories change
/// their owner.
#[test]
fn sysusers_and_tmpfiles_make_the_user_and_her_directories() {
    use std::os::unix::fs::MetadataExt as _;
    let runtime = tempfile::tempdir().unwrap();
    let dir = runtime.path().join("root");
    std::fs::create_dir_all(dir.join("etc")).unwrap();
    if std::fs::metadata(&dir).unwrap().uid() != 0 {
        println!("skipped: not root");
        return;
    }
    let under = format!("--root={}", dir.display());
    for (program, arguments) in [
        ("systemd-sysusers", &[&under, "systemd/komainu.sysusers.conf"][..]),
        ("systemd-tmpfiles", &[&under, "--create", "systemd/komainu.tmpfiles.conf"]),
    ] {
        // With --root=, the files themselves are looked for below it, unless they come on standard input.
        let (file, options) = arguments.split_last().unwrap();
        let output = Command::new(program)
            .args(options)
            .arg("-")
            .stdin(std::fs::File::open(root().join(file)).unwrap())
            .output();
        let Ok(output) = output else {
            println!("skipped: {program} is not installed here");
            return;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let passwd = std::fs::read_to_string(dir.join("etc/passwd")).unwrap();
    let line = passwd.lines().find(|line| line.starts_with("komainu:")).unwrap();
    let fields: Vec<&str> = line.split(':').collect();
    assert_eq!((fields[5], fields[6]), ("/var/lib/komainu", "/usr/sbin/nologin"));
    for path in ["var/lib/komainu", "var/log/komainu"] {
        let meta = std::fs::metadata(dir.join(path)).unwrap();
        assert_eq!((meta.mode() & 0o7777, meta.uid().to_string()), (0o700, fields[2].to_owned()), "{path}");
    }
}

/// What later parts rely on: exit statuses that are not restarted, the watchdog, directories of mode 0700.
#[test]
fn both_units_keep_their_promises() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let (system, user) = (read("systemd/komainu.service"), read("systemd/user/komainu.service"));
    for unit in [&system, &user] {
        for line in [
            "Type=notify",
            "NotifyAccess=main",
            "RestartPreventExitStatus=64 77 78",
            "UMask=0077",
            "LimitCORE=0",
        ] {
            assert!(unit.lines().any(|one| one == line), "{line}");
        }
        assert!(unit.lines().any(|line| line.starts_with("WatchdogSec=")));
    }
    for line in [
        "User=komainu",
        "StateDirectory=komainu",
        "StateDirectoryMode=0700",
        "LogsDirectory=komainu",
        "LogsDirectoryMode=0700",
        "ConfigurationDirectory=komainu",
    ] {
        assert!(system.lines().any(|one| one == line), "{line}");
    }
    let tmpfiles = read("systemd/komainu.tmpfiles.conf");
    let digests = tmpfiles.lines().find(|line| line.contains("/var/log/komainu ")).unwrap();
    assert!(digests.ends_with("400d"), "{digests}");
    let evidence =
        tmpfiles.lines().find(|line| line.starts_with("d ") && line.contains("/var/lib/komainu")).unwrap();
    assert!(evidence.trim_end().ends_with(" -"), "evidence is never cleared by age: {evidence}");
}
