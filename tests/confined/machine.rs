//! A throw-away machine, from outside: what it is made of, its boot, its end.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Set by the machine's own unit: the test runs inside.
const INSIDE: &str = "KOMAINU_TEST_INSIDE";

/// Where this binary stands inside.
pub(crate) const PROGRAM: &str = "/usr/lib/komainu-test/program";

/// What a system call that the unit refuses ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// An error, as the unit says.
    AsShipped,
    /// The end of the process.
    Fatal,
}

impl Refused {
    /// What is added to the unit.
    pub(crate) fn drop_in(self) -> &'static str {
        match self {
            Self::AsShipped => "",
            Self::Fatal => "SystemCallErrorNumber=kill\n",
        }
    }
}

const TARGET: &str = "[Unit]
Requires=basic.target
Wants=komainu-test.service
";

/// The machine ends with the test, and with its status.
const UNIT: &str = "[Unit]
After=basic.target
SuccessAction=exit-force
FailureAction=exit-force

[Service]
Type=oneshot
Environment=KOMAINU_TEST_INSIDE=1 RUST_BACKTRACE=1
StandardOutput=file:/out/said
StandardError=file:/out/said
";

/// Runs `inside` inside a machine of its own, as root; `name` is the calling test.
pub(crate) fn boot(name: &str, inside: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        inside();
        return;
    }
    let script = root().join("tests/confined/machine.sh");
    let why = Command::new(&script).arg("--probe").output().unwrap();
    let why = String::from_utf8_lossy(&why.stdout).trim().to_owned();
    if !why.is_empty() {
        // Not eprintln!: the test harness would keep it from view when the test passes.
        let line = format!("skipped: confined::{name} ({why})\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    furnish(dir.path(), name);
    // Should this process be killed, the machine must not outlive it.
    let ended = Command::new("setpriv")
        .args(["--pdeathsig", "TERM", "timeout", "--kill-after=10", "180"])
        .arg(&script)
        .arg(dir.path())
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .output()
        .unwrap();
    let said = |name: &str| fs::read(dir.path().join("out").join(name)).unwrap_or_default();
    let text = String::from_utf8_lossy(&said("said")).into_owned();
    for line in text.lines() {
        // Not at the start of a line: the test's own lines are counted.
        println!("| {line}");
    }
    assert!(
        ended.status.success() && text.contains("1 passed"),
        "{}\n{}\n{}",
        ended.status,
        String::from_utf8_lossy(&ended.stderr),
        String::from_utf8_lossy(&said("journal"))
    );
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a package would install, this binary, and the unit that runs it.
fn furnish(dir: &Path, name: &str) {
    // The machine's users must be able to pass.
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).unwrap();
    for made in [
        "out",
        "usr/bin",
        "usr/lib/komainu-test",
        "usr/lib/sysusers.d",
        "usr/lib/tmpfiles.d",
        "etc/systemd/system",
        "etc/systemd/user",
    ] {
        fs::create_dir_all(dir.join(made)).unwrap();
    }
    let install = |from: &Path, to: &str, mode: u32| {
        fs::copy(from, dir.join(to)).unwrap();
        fs::set_permissions(dir.join(to), fs::Permissions::from_mode(mode)).unwrap();
    };
    install(Path::new(env!("CARGO_BIN_EXE_komainu")), "usr/bin/komainu", 0o755);
    install(&std::env::current_exe().unwrap(), &PROGRAM[1..], 0o755);
    for (from, to) in [
        ("tests/confined/probe.py", "usr/lib/komainu-test/probe.py"),
        ("systemd/komainu.sysusers.conf", "usr/lib/sysusers.d/komainu.conf"),
        ("systemd/komainu.tmpfiles.conf", "usr/lib/tmpfiles.d/komainu.conf"),
        ("systemd/komainu.service", "etc/systemd/system/komainu.service"),
        ("systemd/user/komainu.service", "etc/systemd/user/komainu.service"),
    ] {
        install(&root().join(from), to, 0o644);
    }
    let unit = format!("{UNIT}ExecStart={PROGRAM} {name} --exact --nocapture --test-threads=1\n");
    fs::write(dir.join("etc/systemd/system/komainu-test.service"), unit).unwrap();
    fs::write(dir.join("etc/systemd/system/komainu-test.target"), TARGET).unwrap();
}
