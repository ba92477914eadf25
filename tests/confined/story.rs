//! What the daemon must do under a unit: the end-to-end test's story, through the service manager.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use komainu::demo::samples::{Expected, SAMPLES};
use komainu::evidence::{Digest, Entry, Head, Outcome, Record, verify};

use crate::mail::{CANARY, Mail, PASSWORD, QUARANTINE, USER};
use crate::manager::{Manager, wait};

/// A unit's surroundings.
pub(crate) struct Place {
    pub(crate) manager: Manager,
    /// Directory of `komainu.toml`.
    pub(crate) config: PathBuf,
    /// Where evidence and state are to be.
    pub(crate) state: PathBuf,
    /// Who runs the daemon.
    pub(crate) owner: u32,
    /// The password, as the configuration names it.
    pub(crate) password: &'static str,
    pub(crate) mail: Mail,
}

impl Place {
    pub(crate) fn configure(&self, mode: &str) {
        let configuration = format!(
            "language = \"en\"\ntimezone = \"Asia/Tokyo\"\n\n[[account]]\nname = \"hanako\"\nhost = \"localhost\"\n\
             port = {port}\nca-file = \"ca.pem\"\nuser = \"{USER}\"\npassword = {password}\n\
             mailboxes = [\"INBOX\"]\nquarantine = \"{QUARANTINE}\"\n\
             authserv-id = [\"mx.example.net\"]\n{mode}\n",
            port = self.mail.port(),
            password = self.password,
        );
        self.write("komainu.toml", &configuration);
    }

    /// The daemon may read it, and no more.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.config.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    }

    /// Comes up, judges, records, moves; every sample lands where it belongs.
    pub(crate) fn begin(&mut self) {
        self.write("ca.pem", self.mail.ca_pem());
        self.configure("mode = \"quarantine\"");
        self.manager.ctl(&["daemon-reload"]);
        self.manager.ctl(&["start", "komainu"]);
        assert_eq!(self.manager.property("SubState"), "running");
        assert_eq!(self.manager.property("WatchdogUSec"), "1min", "as shipped");
        println!("ready: {}", self.manager.until("StatusText", |text| !text.is_empty()));
        self.mail.until_waited_at();
        for sample in SAMPLES.iter() {
            self.mail.deliver(sample);
        }
        self.mail.deliver_canary();
        let (inbox, quarantined) = (expected(Expected::Inbox) + 1, expected(Expected::Quarantine));
        self.mail.until_counts(inbox, quarantined);
        println!("moved: {quarantined} of {} to quarantine", inbox + quarantined);
        println!("log: {}", self.manager.until_said(&["locked in"]));
        self.evidence(quarantined);
    }

    /// Every quarantined message has its octets and exactly one outcome on record, and only its owner can read them.
    fn evidence(&self, quarantined: usize) {
        let moved =
            |record: &Record| matches!(record.entry, Entry::MoveResult { outcome: Outcome::Moved, .. });
        wait("a result on record for each move", || {
            (self.records().iter().filter(|record| moved(record)).count() == quarantined).then_some(())
        });
        for octets in self.mail.quarantined() {
            let digest = Digest::of(&octets).to_string();
            let blob = self.state.join(format!("evidence/blobs/{}/{digest}.eml", &digest[..2]));
            assert_eq!(fs::read(&blob).unwrap(), *octets, "evidence differs from what was moved");
        }
        let mut seen = [0, 0];
        self.check_modes(&self.state, &mut seen);
        println!("evidence: {} directories 0700, {} files 0600, chain verified", seen[0], seen[1]);
    }

    fn check_modes(&self, path: &Path, seen: &mut [usize; 2]) {
        // Beside the store's own files there are SQLite's, which come and go.
        let Ok(meta) = fs::symlink_metadata(path) else { return };
        let wanted = if meta.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(meta.mode() & 0o7777, wanted, "{}", path.display());
        assert_eq!(meta.uid(), self.owner, "{}", path.display());
        seen[usize::from(meta.is_file())] += 1;
        if meta.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                self.check_modes(&entry.unwrap().path(), seen);
            }
        }
    }

    fn records(&self) -> Vec<Record> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.state.join("evidence/chain"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        let mut octets: Vec<u8> = files.iter().flat_map(|file| fs::read(file).unwrap()).collect();
        // A line that is being written is not one yet.
        octets.truncate(octets.iter().rposition(|octet| *octet == b'\n').map_or(0, |last| last + 1));
        verify(&octets, Head::GENESIS).expect("the chain verifies");
        String::from_utf8(octets).unwrap().lines().map(|line| Record::from_line(line).unwrap()).collect()
    }

    fn judged(&self) -> usize {
        self.records().iter().filter(|record| matches!(record.entry, Entry::Judged { .. })).count()
    }

    /// One more threat goes where it belongs.
    pub(crate) fn still_works(&mut self) {
        let inbox = self.inbox();
        let quarantined = self.mail.quarantined().len();
        self.mail.deliver_one(Expected::Quarantine);
        self.mail.until_counts(inbox, quarantined + 1);
    }

    fn inbox(&self) -> usize {
        let mut count = 0;
        self.mail.until("a look", |state| {
            count = state.count(USER, "INBOX");
            true
        });
        count
    }

    /// A faulty configuration is refused and a good one taken, in the running process.
    pub(crate) fn reload(&mut self) {
        let pid = self.manager.main_pid();
        self.configure("moed = \"observe\"");
        self.manager.ctl(&["reload", "komainu"]);
        self.manager.until_said(&["the configuration has faults; the old configuration stays in force"]);
        self.still_works();
        self.configure("mode = \"observe\"");
        self.manager.ctl(&["reload", "komainu"]);
        self.manager.until_said(&["configuration reloaded"]);
        self.mail.until_waited_at();
        let (judged, inbox) = (self.judged(), self.inbox());
        self.mail.deliver_one(Expected::Quarantine);
        wait("a judgement in observe mode", || (self.judged() > judged).then_some(()));
        assert_eq!(self.inbox(), inbox + 1, "observe mode moves nothing");
        self.configure("mode = \"quarantine\"");
        self.manager.ctl(&["reload", "komainu"]);
        wait("a second reload", || {
            let said = self.manager.messages();
            (said.iter().filter(|line| line.contains("configuration reloaded")).count() == 2).then_some(())
        });
        self.still_works();
        assert_eq!(self.manager.main_pid(), pid, "reloaded, not restarted");
        println!("reload: faulty kept out, good taken, same process");
    }

    /// Asked to stop while it waits in IDLE.
    pub(crate) fn stop(&self) {
        self.mail.until_waited_at();
        let begin = Instant::now();
        self.manager.ctl(&["stop", "komainu"]);
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(2), "stop took {took:?}");
        assert_eq!(self.manager.property("Result"), "success");
        assert_eq!(self.manager.property("ExecMainStatus"), "0");
        self.manager.until_said(&["stopped"]);
        println!("stop: {} ms, Result=success", took.as_millis());
    }

    /// The watchdog is fed by a daemon that works, and starts one that hangs again.
    pub(crate) fn watchdog(&mut self) {
        self.manager.drop_in("50-watchdog", "WatchdogSec=2s\nRestartSec=100ms\n");
        self.manager.ctl(&["daemon-reload"]);
        self.manager.ctl(&["start", "komainu"]);
        let mut last = self.manager.property("WatchdogTimestampMonotonic");
        for _ in 0..4 {
            last = self.manager.until("WatchdogTimestampMonotonic", |fed| fed != last);
        }
        assert_eq!(self.manager.property("NRestarts"), "0", "fed for longer than its time");
        self.mail.until_waited_at();
        let pid = self.manager.main_pid();
        assert!(Command::new("kill").args(["-STOP", &pid.to_string()]).status().unwrap().success());
        self.manager.until("NRestarts", |restarts| restarts == "1");
        self.mail.until_waited_at();
        assert_ne!(self.manager.main_pid(), pid);
        self.still_works();
        println!("watchdog: fed 4 times in a row; hung by SIGSTOP, started again, works");
    }

    /// Refused by the server: ends at once and is not started again.
    pub(crate) fn wrong_password(&self) {
        self.mail.until_waited_at();
        let restarts = self.manager.property("NRestarts");
        self.mail.change_password();
        self.manager.until("ActiveState", |state| state == "failed");
        assert_eq!(self.manager.property("ExecMainStatus"), "77");
        assert_eq!(self.manager.property("NRestarts"), restarts);
        self.manager.try_ctl(&["reset-failed", "komainu"]);
        self.configure("moed = \"observe\"");
        assert!(!self.manager.try_ctl(&["start", "komainu"]).status.success());
        assert_eq!(self.manager.property("ExecMainStatus"), "78");
        assert_eq!(self.manager.property("ActiveState"), "failed");
        println!("refused: exit 77 and 78, not started again");
    }

    /// Nothing of the mail, the account or the password is in the journal, and nobody was killed by the filter.
    pub(crate) fn journal_is_silent(&self) {
        let whole = Command::new("journalctl").args(["--no-pager", "--output=export"]).output().unwrap();
        let whole = String::from_utf8_lossy(&whole.stdout).into_owned();
        let own = self.manager.journal();
        assert!(own.lines().count() > 100, "the journal was read: {own}");
        for text in [&whole, &own] {
            for secret in [CANARY, PASSWORD, USER] {
                assert!(!text.contains(secret), "{secret} is in the journal");
            }
            assert!(!text.contains("SIGSYS") && !text.contains("31/SYS"), "a system call was fatal");
        }
        println!(
            "journal: {} lines of the unit, no canary, no password, no SIGSYS",
            self.manager.messages().len()
        );
    }

    /// What the kernel says of the running process.
    pub(crate) fn is_confined(&self, no_capability: bool) {
        let pid = self.manager.main_pid();
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(field("Uid"), vec![self.owner.to_string(); 4].join(" "));
        assert_eq!(field("NoNewPrivs"), "1");
        assert_eq!(field("Seccomp"), "2");
        assert_eq!(field("Umask"), "0077");
        for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
            assert_eq!(field(set), "0000000000000000", "{set}");
        }
        assert!(!no_capability || field("CapBnd") == "0000000000000000");
        let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
        let limit = |name: &str| {
            let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(limit("Max open files"), "4096 4096");
        assert_eq!(limit("Max core file size"), "0 0");
        println!(
            "process: uid {}, NoNewPrivs 1, Seccomp 2 ({} filters), CapBnd {}, open files 4096, core 0, peak {}",
            self.owner,
            field("Seccomp_filters"),
            field("CapBnd"),
            field("VmHWM")
        );
    }
}

fn expected(kind: Expected) -> usize {
    SAMPLES.iter().filter(|sample| sample.expected == kind).count()
}
