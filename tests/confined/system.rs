//! `systemd/komainu.service`.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

use crate::machine::Refused;
use crate::mail::{Mail, PASSWORD};
use crate::manager::Manager;
use crate::story::Place;

pub(crate) fn story(refused: Refused) {
    let owner = made_at_boot();
    let mut place = Place {
        manager: Manager::System,
        config: "/etc/komainu".into(),
        state: "/var/lib/komainu".into(),
        owner,
        // The way the unit's own comment describes.
        password: r#"{ credential = "hanako" }"#,
        mail: Mail::open(),
    };
    fs::create_dir_all(&place.config).unwrap();
    let file = place.config.join("hanako.password");
    fs::write(&file, PASSWORD).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let credential = "LoadCredential=hanako:/etc/komainu/hanako.password\n";
    place.manager.drop_in("10-test", &format!("{credential}{}", refused.drop_in()));
    place.begin();
    place.is_confined(true);
    namespaces(&place);
    limits(&place);
    exposure();
    place.reload();
    place.stop();
    place.watchdog();
    place.wrong_password();
    place.journal_is_silent();
}

/// User and directories, by sysusers.d and tmpfiles.d in the boot that is just over; gives the user's number.
fn made_at_boot() -> u32 {
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    let line = passwd.lines().find(|line| line.starts_with("komainu:")).expect("sysusers.d made no user");
    let fields: Vec<&str> = line.split(':').collect();
    assert_eq!((fields[5], fields[6]), ("/var/lib/komainu", "/usr/sbin/nologin"));
    let id = fields[2].parse().unwrap();
    for dir in ["/var/lib/komainu", "/var/log/komainu"] {
        let meta = fs::metadata(dir).unwrap();
        assert_eq!((meta.mode() & 0o7777, meta.uid()), (0o700, id), "tmpfiles.d: {dir}");
    }
    println!("made at boot: {line}; /var/lib/komainu and /var/log/komainu 0700");
    id
}

fn namespaces(place: &Place) {
    let pid = place.manager.main_pid().to_string();
    let own = |kind: &str| {
        let name = |pid: &str| fs::read_link(format!("/proc/{pid}/ns/{kind}")).unwrap();
        name(&pid) != name("1")
    };
    for kind in ["mnt", "user", "uts"] {
        assert!(own(kind), "the daemon shares the {kind} namespace");
    }
    println!("namespaces of its own: mnt, user, uts");
}

/// Which of the unit's cgroup limits the kernel holds here: that depends on the controllers this machine has.
fn limits(place: &Place) {
    let pid = place.manager.main_pid();
    let groups = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap();
    let read = |controller: &str, file: &str| {
        let path = groups.lines().find_map(|line| {
            let mut fields = line.splitn(3, ':').skip(1);
            let named = fields.next()?;
            (named.split(',').any(|one| one == controller)).then(|| fields.next())?
        })?;
        let mount = if controller.is_empty() && Path::new("/sys/fs/cgroup/cgroup.controllers").exists() {
            String::new()
        } else {
            format!("/{}", if controller.is_empty() { "unified" } else { controller })
        };
        let value = fs::read_to_string(format!("/sys/fs/cgroup{mount}{path}/{file}")).ok()?;
        Some(value.trim().to_owned())
    };
    let memory = read("", "memory.max").or_else(|| read("memory", "memory.limit_in_bytes"));
    let tasks = read("", "pids.max").or_else(|| read("pids", "pids.max"));
    for (what, value, wanted) in [("MemoryMax", memory, "268435456"), ("TasksMax", tasks, "64")] {
        match value {
            Some(value) => {
                assert_eq!(value, wanted, "{what}");
                println!("limit in force: {what} {value}");
            }
            None => println!("limit not in force here, no such controller: {what}"),
        }
    }
}

fn exposure() {
    let output = Command::new("systemd-analyze")
        .args(["security", "--no-pager", "--threshold=15", "komainu.service"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let line = said.lines().find(|line| line.contains("Overall exposure level")).unwrap();
    println!("systemd-analyze security, of the loaded unit: {}", line.trim());
}
