//! The service manager, asked as an operator asks it.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// Nothing takes longer; what does has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Which service manager: the machine's, or one person's.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Manager {
    System,
    /// That of the person with this number.
    User(u32),
}

impl Manager {
    /// A command of this manager, as the one whose manager it is.
    pub(crate) fn command(self, program: &str) -> Command {
        match self {
            Self::System => Command::new(program),
            Self::User(id) => {
                let mut command = Command::new("setpriv");
                command
                    .args([format!("--reuid={id}"), format!("--regid={id}"), "--clear-groups".into()])
                    .args([program, "--user"])
                    .env("XDG_RUNTIME_DIR", format!("/run/user/{id}"));
                command
            }
        }
    }

    /// `systemctl …`, which must succeed.
    pub(crate) fn ctl(self, arguments: &[&str]) {
        let output = self.try_ctl(arguments);
        assert!(
            output.status.success(),
            "systemctl {arguments:?}: {}{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
            self.journal()
        );
    }

    pub(crate) fn try_ctl(self, arguments: &[&str]) -> Output {
        self.command("systemctl").arg("--no-pager").args(arguments).output().unwrap()
    }

    /// What `systemctl show` says of the daemon's unit.
    pub(crate) fn show(self) -> BTreeMap<String, String> {
        let output = self.try_ctl(&["show", "komainu.service"]);
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    /// One property of the daemon's unit.
    pub(crate) fn property(self, name: &str) -> String {
        self.show().remove(name).unwrap_or_default()
    }

    /// Number of the daemon's process.
    pub(crate) fn main_pid(self) -> u32 {
        self.property("MainPID").parse().unwrap()
    }

    /// Everything the unit has said, as the journal has it in all its fields.
    pub(crate) fn journal(self) -> String {
        sync_journal();
        let filter = match self {
            Self::System => "_SYSTEMD_UNIT=komainu.service",
            Self::User(_) => "_SYSTEMD_USER_UNIT=komainu.service",
        };
        let output =
            Command::new("journalctl").args(["--no-pager", "--output=export", filter]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The unit's messages alone.
    pub(crate) fn messages(self) -> Vec<String> {
        self.journal().lines().filter_map(|line| line.strip_prefix("MESSAGE=")).map(str::to_owned).collect()
    }

    /// Until the unit has said something that contains all of `words`; gives the line.
    pub(crate) fn until_said(self, words: &[&str]) -> String {
        wait(&format!("the journal says {words:?}"), || {
            self.messages().into_iter().find(|line| words.iter().all(|word| line.contains(word)))
        })
    }

    /// Until a property of the unit is as wanted; gives it.
    pub(crate) fn until(self, name: &str, mut is_it: impl FnMut(&str) -> bool) -> String {
        wait(&format!("{name} of the unit"), || Some(self.property(name)).filter(|value| is_it(value)))
    }

    /// Lays a file over the daemon's unit; the manager reads it with the next `daemon-reload`.
    pub(crate) fn drop_in(self, name: &str, service: &str) {
        let kind = match self {
            Self::System => "system",
            Self::User(_) => "user",
        };
        let dir = format!("/etc/systemd/{kind}/komainu.service.d");
        fs::create_dir_all(&dir).unwrap();
        fs::write(format!("{dir}/{name}.conf"), format!("[Service]\n{service}")).unwrap();
    }
}

/// What was said before this is in the journal after it.
fn sync_journal() {
    assert!(Command::new("journalctl").arg("--sync").status().unwrap().success());
}

/// Asks until there is an answer. The pause is between two questions to another process, which calls nobody back.
pub(crate) fn wait<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        if begin.elapsed() > PATIENCE {
            keep_journal();
            panic!("did not happen in time: {what}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// For whoever looks at a failure from outside.
pub(crate) fn keep_journal() {
    sync_journal();
    let output = Command::new("journalctl").args(["--no-pager", "--boot"]).output().unwrap();
    fs::write("/out/journal", output.stdout).unwrap();
}
