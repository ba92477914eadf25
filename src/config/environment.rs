//! What the configuration takes from the process's surroundings, as a value, so that tests can hand in their own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use crate::document::Language;

/// The variables that matter, and no others: an environment may hold secrets.
const VARIABLES: [&str; 13] = [
    "CONFIGURATION_DIRECTORY",
    "CREDENTIALS_DIRECTORY",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_MESSAGES",
    "LOGS_DIRECTORY",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "STATE_DIRECTORY",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "JOURNAL_STREAM",
];

/// The process's surroundings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, OsString>,
    /// Effective user id.
    pub uid: u32,
}

impl Environment {
    /// That of this process.
    pub fn of_process() -> Self {
        let variables =
            VARIABLES.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var_os(name)?))).collect();
        Self { variables, uid: rustix::process::geteuid().as_raw() }
    }

    /// One made up: variables, and the user id.
    pub fn new<'v>(variables: impl IntoIterator<Item = (&'v str, &'v str)>, uid: u32) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        Self { variables, uid }
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&OsString> {
        self.variables.get(name).filter(|value| !value.is_empty())
    }

    /// The first of a colon-separated list of directories (systemd.exec(5), `StateDirectory=` and others).
    fn directory(&self, name: &str) -> Option<PathBuf> {
        std::env::split_paths(self.get(name)?).find(|path| path.is_absolute())
    }

    /// The XDG base directory of a kind. Paths that are not absolute do not count (XDG Base Directory §2).
    fn xdg(&self, variable: &str, below_home: &str) -> Option<PathBuf> {
        let set = self.get(variable).map(PathBuf::from).filter(|path| path.is_absolute());
        set.or_else(|| self.home().map(|home| home.join(below_home)))
    }

    /// `$HOME`.
    pub fn home(&self) -> Option<PathBuf> {
        self.get("HOME").map(PathBuf::from).filter(|path| path.is_absolute())
    }

    /// Where the service manager lays credentials (`LoadCredential=`).
    pub fn credentials(&self) -> Option<PathBuf> {
        self.directory("CREDENTIALS_DIRECTORY")
    }

    /// Japanese where the locale says so; POSIX order: `LC_ALL`, `LC_MESSAGES`, `LANG`, the first that is set decides.
    pub fn language(&self) -> Language {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| self.get(name));
        match set.and_then(|value| value.to_str()) {
            Some(locale) if locale == "ja" || locale.starts_with("ja_") || locale.starts_with("ja.") => {
                Language::Ja
            }
            _ => Language::En,
        }
    }

    /// The configuration file where none is named: the service manager's, root's, or the person's own.
    pub fn config_path(&self) -> PathBuf {
        let system = Path::new("/etc/komainu");
        let directory = self.directory("CONFIGURATION_DIRECTORY").or_else(|| {
            let person = self.xdg("XDG_CONFIG_HOME", ".config").map(|base| base.join("komainu"));
            person.filter(|_| self.uid != 0)
        });
        directory.unwrap_or_else(|| system.to_owned()).join("komainu.toml")
    }

    /// Evidence and state where the file names no place. Root without a service manager means the system's own, so that
    /// commands given by root find what the system unit wrote.
    pub fn state_dir(&self) -> PathBuf {
        let person = || {
            self.xdg("XDG_STATE_HOME", ".local/state")
                .map(|base| base.join("komainu"))
                .filter(|_| self.uid != 0)
        };
        self.directory("STATE_DIRECTORY").or_else(person).unwrap_or_else(|| "/var/lib/komainu".into())
    }

    /// Digests where the file names no place. `chosen` is `state-dir` where the file names that: the digests then stay
    /// with it. Else the layout is that of `LogsDirectory=` in a user unit (systemd.exec(5), table 2).
    pub fn log_dir(&self, chosen: Option<&Path>) -> PathBuf {
        if let Some(given) = self.directory("LOGS_DIRECTORY") {
            return given;
        }
        if let Some(state) = chosen {
            return state.join("log");
        }
        if let Some(state) = self.directory("STATE_DIRECTORY") {
            return state.join("log");
        }
        let person = self.xdg("XDG_STATE_HOME", ".local/state").map(|base| base.join("log/komainu"));
        person.filter(|_| self.uid != 0).unwrap_or_else(|| "/var/log/komainu".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        let language = |variables: &[(&'static str, &'static str)]| {
            Environment::new(variables.iter().copied(), 1000).language()
        };
        assert_eq!(language(&[("LANG", "ja_JP.UTF-8")]), Language::Ja);
        assert_eq!(language(&[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "C")]), Language::En);
        assert_eq!(language(&[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "")]), Language::Ja);
        assert_eq!(language(&[("LC_MESSAGES", "ja.eucJP"), ("LANG", "de_DE")]), Language::Ja);
        assert_eq!(language(&[("LANG", "jam_JM")]), Language::En);
        assert_eq!(language(&[]), Language::En);
    }

    #[test]
    fn directories_follow_the_service_manager_then_xdg() {
        let unit = Environment::new(
            [
                ("STATE_DIRECTORY", "/var/lib/komainu:/var/lib/other"),
                ("LOGS_DIRECTORY", "/var/log/komainu"),
                ("CONFIGURATION_DIRECTORY", "/etc/komainu"),
                ("HOME", "/nonexistent"),
            ],
            999,
        );
        assert_eq!(unit.state_dir(), Path::new("/var/lib/komainu"));
        assert_eq!(unit.log_dir(None), Path::new("/var/log/komainu"));
        assert_eq!(unit.config_path(), Path::new("/etc/komainu/komainu.toml"));

        let person = Environment::new([("HOME", "/home/h"), ("XDG_STATE_HOME", "relative")], 1000);
        assert_eq!(person.state_dir(), Path::new("/home/h/.local/state/komainu"));
        assert_eq!(person.log_dir(None), Path::new("/home/h/.local/state/log/komainu"));
        assert_eq!(person.log_dir(Some(Path::new("/srv/k"))), Path::new("/srv/k/log"));
        assert_eq!(person.config_path(), Path::new("/home/h/.config/komainu/komainu.toml"));

        let root = Environment::new([("HOME", "/root")], 0);
        assert_eq!(root.state_dir(), Path::new("/var/lib/komainu"));
        assert_eq!(root.config_path(), Path::new("/etc/komainu/komainu.toml"));
    }
}
