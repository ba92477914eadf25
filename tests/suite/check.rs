//! What `komainu check` says, without a network.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use komainu::cli::check::report;
use komainu::config::{Config, Environment, Language};

struct Machine {
    dir: tempfile::TempDir,
    environment: Environment,
}

impl Machine {
    fn new(account: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let text = format!(
            "timezone = \"Asia/Tokyo\"\nstate-dir = \"state\"\n[[account]]\nname = \"hanako\"\nhost = \"imap.example.com\"\nuser = \"hanako@example.com\"\npassword = {{ file = \"password\" }}\n{account}"
        );
        fs::write(dir.path().join("komainu.toml"), text).unwrap();
        let environment = Environment::new([], rustix::process::geteuid().as_raw());
        let machine = Self { dir, environment };
        machine.mode("komainu.toml", 0o644);
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn password(&self, mode: u32) {
        fs::write(self.path("password"), "hunter2\n").unwrap();
        self.mode("password", mode);
    }

    fn check(&self, language: Language) -> (bool, String) {
        let config = Config::load(&self.path("komainu.toml"), &self.environment)
            .unwrap_or_else(|faults| panic!("{faults}"));
        let report = report(&config, &self.environment, language);
        assert!(!report.text.contains("hunter2"));
        (report.ok, report.text.replace(self.dir.path().to_str().unwrap(), "DIR"))
    }
}

#[test]
fn the_whole_page_in_both_languages() {
    let machine = Machine::new(
        "mailboxes = [\"INBOX\", \"仕事\"]\nmode = \"quarantine\"\nauthserv-id = [\"mx.example.com\"]\n",
    );
    machine.password(0o600);
    for (language, name) in [(Language::Ja, "check.ja.txt"), (Language::En, "check.en.txt")] {
        let (ok, text) = machine.check(language);
        assert!(ok, "{text}");
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/config").join(name);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&golden, &text).unwrap();
        }
        assert_eq!(text, fs::read_to_string(&golden).unwrap_or_default(), "{name}");
    }
    assert!(!machine.path("state").exists(), "check creates nothing");
}

#[test]
fn observe_says_that_nothing_is_moved() {
    let machine = Machine::new("mode = \"observe\"\n");
    machine.password(0o600);
    let (ok, text) = machine.check(Language::En);
    assert!(ok && text.contains("it stays where it is (mode = \"observe\")"), "{text}");
    assert!(!text.contains("moved to"), "{text}");
}

#[test]
fn a_password_that_is_not_there_yet_is_no_fault_but_is_said() {
    let (ok, text) = Machine::new("mode = \"observe\"\n").check(Language::Ja);
    assert!(ok, "{text}");
    assert!(text.contains("警告: アカウント \"hanako\" のパスワードのファイルがまだありません"), "{text}");
    assert!(text.contains("komainu.toml:7:12"), "{text}");
}

#[test]
fn what_is_open_to_others_is_a_fault_and_says_what_to_do() {
    let machine = Machine::new("mode = \"observe\"\n");
    machine.password(0o644);
    fs::create_dir(machine.path("state")).unwrap();
    machine.mode("state", 0o755);
    machine.mode("komainu.toml", 0o666);
    let (ok, text) = machine.check(Language::En);
    assert!(!ok, "{text}");
    for what in
        ["chmod 600 DIR/password", "chmod 700 DIR/state", "chmod go-w DIR/komainu.toml", "3 to be put right"]
    {
        assert!(text.contains(what), "no {what} in:\n{text}");
    }
    machine.mode("state", 0o700);
    machine.mode("password", 0o600);
    machine.mode("komainu.toml", 0o600);
    assert!(machine.check(Language::En).0);
}

#[test]
fn the_annotated_default_passes_the_check_before_its_password_is_laid_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/komainu.toml");
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let state = state.to_str().unwrap();
    let environment = Environment::new(
        [("STATE_DIRECTORY", state), ("LOGS_DIRECTORY", state)],
        rustix::process::geteuid().as_raw(),
    );
    let config = Config::load(&path, &environment).unwrap();
    let report = report(&config, &environment, Language::Ja);
    assert!(report.ok, "{}", report.text);
}

#[test]
fn a_group_that_can_change_the_file_is_a_warning() {
    let machine = Machine::new("mode = \"observe\"\n");
    machine.password(0o600);
    machine.mode("komainu.toml", 0o664);
    let (ok, text) = machine.check(Language::En);
    assert!(ok && text.contains("warning: others can change the configuration file (mode 0664)"), "{text}");
}

#[test]
fn a_state_directory_that_is_a_file_is_a_fault() {
    let machine = Machine::new("mode = \"observe\"\n");
    machine.password(0o600);
    fs::write(machine.path("state"), "").unwrap();
    let (ok, text) = machine.check(Language::En);
    assert!(!ok && text.contains("is not a directory"), "{text}");
}
