//! `systemd/user/komainu.service`, under the service manager of a person without any privilege.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use crate::machine::Refused;
use crate::mail::{Mail, PASSWORD};
use crate::manager::Manager;
use crate::story::Place;

const ID: u32 = 1000;
const HOME: &str = "/home/hanako";

pub(crate) fn story(refused: Refused) {
    log_in();
    let mut place = Place {
        manager: Manager::User(ID),
        config: format!("{HOME}/.config/komainu").into(),
        state: format!("{HOME}/.local/state/komainu").into(),
        owner: ID,
        password: r#"{ file = "password" }"#,
        mail: Mail::open(),
    };
    directory(&place.config);
    own(&place.config.join("password"), PASSWORD, 0o600);
    place.manager.drop_in("10-test", refused.drop_in());
    place.begin();
    place.is_confined(false);
    place.reload();
    place.stop();
    place.watchdog();
    place.wrong_password();
    place.journal_is_silent();
}

/// A person with a home, and their service manager, started without PAM and without logind.
fn log_in() {
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    fs::write("/etc/passwd", format!("{passwd}hanako:x:{ID}:{ID}:Hanako:{HOME}:/bin/sh\n")).unwrap();
    let group = fs::read_to_string("/etc/group").unwrap();
    fs::write("/etc/group", format!("{group}hanako:x:{ID}:\n")).unwrap();
    let runtime = format!("/run/user/{ID}");
    for dir in [HOME, &format!("{HOME}/.cargo/bin"), &runtime] {
        directory(Path::new(dir));
    }
    fs::copy("/usr/bin/komainu", format!("{HOME}/.cargo/bin/komainu")).unwrap();
    let units = "/etc/systemd/system";
    fs::write(
        format!("{units}/user-runtime-dir@{ID}.service"),
        "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n",
    )
    .unwrap();
    fs::create_dir_all(format!("{units}/user@{ID}.service.d")).unwrap();
    fs::write(
        format!("{units}/user@{ID}.service.d/test.conf"),
        format!("[Service]\nPAMName=\nEnvironment=XDG_RUNTIME_DIR={runtime}\n"),
    )
    .unwrap();
    Manager::System.ctl(&["daemon-reload"]);
    Manager::System.ctl(&["start", &format!("user@{ID}.service")]);
    println!("systemd --user of uid {ID} is up");
}

/// A directory and those above it that are missing, the person's.
fn directory(path: &Path) {
    if path.exists() {
        return;
    }
    directory(path.parent().unwrap());
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
    if path.starts_with(HOME) || path.ends_with(ID.to_string()) {
        chown(path, Some(ID), Some(ID)).unwrap();
    } else {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn own(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    chown(path, Some(ID), Some(ID)).unwrap();
}
