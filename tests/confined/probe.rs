//! That the unit's directives are in force on this machine, and not only written: what they refuse is tried, by the same
//! user with the unit and without it. A difference is the directive's doing.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::machine::Refused;
use crate::manager::{Manager, keep_journal};

const OPEN: &str = "/var/open";
const SCRIPT: &str = "/usr/lib/komainu-test/probe.py";

/// Directive, answer under the unit. Without it, each is answered otherwise.
const REFUSED: [(&str, &str); 20] = [
    ("UMask", "0600"),
    ("ProtectSystem", "EROFS"),
    ("ProtectHome", "EACCES"),
    ("PrivateTmp", "ENOENT"),
    ("PrivateDevices", "ENOENT"),
    ("DevicePolicy", "EPERM"),
    ("PrivateUsers", "own"),
    ("ProtectProc", "ENOENT"),
    ("ProcSubset", "ENOENT"),
    ("ProtectControlGroups", "EROFS"),
    ("InaccessiblePaths", "EACCES"),
    ("LockPersonality", "EPERM"),
    ("MemoryDenyWriteExecute", "EPERM"),
    ("RestrictNamespaces", "EPERM"),
    ("RestrictSUIDSGID", "EPERM"),
    ("RestrictAddressFamilies", "EAFNOSUPPORT"),
    ("SystemCallFilter", "EPERM"),
    ("SystemCallFilter-resources", "EPERM"),
    ("LimitNOFILE", "4096"),
    ("LimitCORE", "0"),
];

pub(crate) fn system() {
    lay_out();
    let unit = fs::read_to_string("/etc/systemd/system/komainu.service").unwrap();
    let with = run("with", &unit);
    let without = run("without", "[Service]\nUser=komainu\nGroup=komainu\nStateDirectory=komainu\n");
    assert_eq!(with["StateDirectory"], "done", "its own directory must stay writable");
    for (directive, _) in REFUSED {
        println!("{directive}: {} with the unit, {} without", with[directive], without[directive]);
    }
    for (directive, wanted) in REFUSED {
        assert_eq!(with[directive], wanted, "{directive}");
        assert_ne!(with[directive], without[directive], "{directive} makes no difference");
    }
    // What depends on how systemd is built, and on the machine's control groups.
    for (directive, needs) in [
        ("SocketBindDeny", "systemd with BPF_FRAMEWORK; Landlock refuses it too, in the daemon itself"),
        ("TasksMax", "a pids controller"),
    ] {
        let force = if with[directive] == without[directive] { "not in force here" } else { "in force" };
        println!("{directive}: {} with the unit: {force} (needs {needs})", with[directive]);
    }
}

/// Things that only the unit keeps the daemon's user from.
fn lay_out() {
    let open = |path: &str, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for dir in [OPEN, "/home/open", "/srv"] {
        fs::create_dir_all(dir).unwrap();
    }
    open(OPEN, 0o1777);
    open("/home/open", 0o755);
    fs::write("/tmp/open", "").unwrap();
    // The kernel's log, as a device beside /dev: only the policy on devices stands before it. And one in /dev.
    for (node, numbers) in [(format!("{OPEN}/kmsg"), ["1", "11"]), ("/dev/open".to_owned(), ["1", "3"])] {
        assert!(Command::new("mknod").arg(&node).arg("c").args(numbers).status().unwrap().success());
        open(&node, 0o666);
    }
}

/// With [`Refused::Fatal`], whoever makes a refused call is killed. Without this, a daemon that lives shows nothing.
pub(crate) fn refused_calls_are_fatal() {
    fs::create_dir_all(OPEN).unwrap();
    let unit = fs::read_to_string("/etc/systemd/system/komainu.service").unwrap();
    let probe = write("fatal", &format!("{unit}\n[Service]\n{}", Refused::Fatal.drop_in()));
    assert!(!Manager::System.try_ctl(&["start", &probe]).status.success());
    let output = Manager::System.try_ctl(&["show", "--property=ExecMainStatus", &probe]);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "ExecMainStatus=31", "SIGSYS");
    println!("control: a program that makes a refused call is killed by SIGSYS");
}

/// The answers under a unit, which runs the probe in the daemon's place.
fn run(name: &str, unit: &str) -> BTreeMap<String, String> {
    let probe = write(name, unit);
    if !Manager::System.try_ctl(&["start", &probe]).status.success() {
        keep_journal();
        panic!("the probe {name} ended early");
    }
    fs::read_to_string(said(name))
        .unwrap()
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn said(name: &str) -> String {
    format!("/out/probe-{name}")
}

/// A unit that runs the probe in the daemon's place; gives its name.
fn write(name: &str, unit: &str) -> String {
    const REPLACED: [&str; 6] =
        ["Type=", "NotifyAccess=", "ExecStart=", "ExecReload=", "WatchdogSec=", "Restart="];
    let kept: String = unit
        .lines()
        .filter(|line| !REPLACED.iter().any(|key| line.starts_with(key)))
        .flat_map(|line| [line, "\n"])
        .collect();
    let python =
        ["/usr/bin/python3", "/bin/python3"].into_iter().find(|path| Path::new(path).exists()).unwrap();
    let own = format!(
        "\n[Service]\nType=oneshot\nExecStart={python} -I {SCRIPT} {OPEN}\nStandardOutput=file:{said}\n\
         StandardError=journal\n",
        said = said(name)
    );
    let unit = format!("komainu-probe-{name}.service");
    fs::write(format!("/etc/systemd/system/{unit}"), kept + &own).unwrap();
    Manager::System.ctl(&["daemon-reload"]);
    unit
}
