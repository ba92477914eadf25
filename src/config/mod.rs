//! The configuration: as written (`komainu.toml`), to as used ([`Config`]), with every fault at once.
//!
//! Loading is in two steps, so that a file can be judged on a machine other than the one it is for:
//!
//! 1. [`Config::load`] or [`Config::parse`]: the text alone. Depends on nothing but the text, the process's
//!    [`Environment`] (handed in) and the system's time zone data.
//! 2. [`Config::inspect`]: what the file names: secrets and their permissions, CA files, directories.
//!    [`Config::tables`]: the person's own phrases, brands and lists.
//!
//! Then [`Account::secret`] and [`Account::endpoint`] make what `imap` connects with, before the process locks itself in.

mod account;
mod diagnostic;
mod endpoint;
mod environment;
mod file;
mod identity;
mod inspect;
mod keys;
mod notify;
mod paths;
mod providers;
mod read;
mod secret;
mod section;
mod source;
mod tables;
mod value;

use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

pub(crate) use self::diagnostic::nearest;
pub use self::diagnostic::{Diagnostic, Faults, Text, Weight};
pub use self::environment::{Environment, Language};
pub use self::identity::Identity;
pub use self::notify::{Https, Notify};
pub use self::providers::{Login, Provider, SignIn, provider, providers};
pub use self::secret::{PasswordSource, SecretError};
pub use self::source::Source;
pub use self::tables::TablesDir;
pub use self::value::{UnitFault, duration};
use crate::evidence::Digest;
use crate::imap::Security;
use crate::indicator::Tables;
use crate::sandbox::Needs;
use crate::store::Retention;
use crate::verdict::Thresholds;

/// The quarantine mailbox where the file names none.
pub const QUARANTINE: &str = "komainu隔離";

/// The mailbox for digests that is proposed; none is written to where the file names none.
pub const DIGESTS: &str = "komainu日報";

/// The configuration as it is used: complete and checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it was read.
    pub path: PathBuf,
    /// Of digest and messages.
    pub language: Language,
    /// For the digest's day.
    pub timezone: TimeZone,
    /// Evidence and state; absolute where the configuration's own path is.
    pub state_dir: PathBuf,
    /// Digests.
    pub log_dir: PathBuf,
    /// Where the person's own tables stand.
    pub tables_dir: TablesDir,
    /// Ids of indicators that are switched off, in order.
    pub disabled_indicators: Vec<String>,
    /// From which score on a message is what.
    pub thresholds: Thresholds,
    /// How often mailboxes that are not in IDLE are asked; 10 s to 1 h.
    pub poll: Duration,
    /// A larger message is counted as not judged; octets, 64 KiB to 50 MiB.
    pub max_message: u64,
    /// Where checkpoints are copied to: another disk or another user's, outside the state directory.
    pub witness_dir: Option<PathBuf>,
    /// Where the service's state is written for Prometheus' node exporter; readable by others.
    pub metrics_file: Option<PathBuf>,
    /// How long content is kept.
    pub retention: Retention,
    /// What is the person's own.
    pub identity: Identity,
    /// By which ways they are told counts, beside the mailbox.
    pub notify: Notify,
    /// At least one; names are unique.
    pub accounts: Vec<Account>,
    /// What the person should know, though the service can start.
    pub warnings: Vec<Diagnostic>,
    /// What the places of diagnostics point into. Holds no secret: a literal password is refused.
    pub source: Source,
}

/// One person's mailboxes at one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Names it in digest, record and command line.
    pub name: String,
    /// DNS name or IP address, lower case.
    pub host: String,
    /// TCP.
    pub port: u16,
    /// How it is encrypted.
    pub security: Security,
    /// One more root certificate file (PEM), for this account only.
    pub ca_file: Option<PathBuf>,
    /// SHA-256 of the server's SubjectPublicKeyInfo; then no authority is asked.
    pub spki_pin: Option<[u8; 32]>,
    /// Login name.
    pub user: String,
    /// Where the password is kept.
    pub password: PasswordSource,
    /// Watched mailboxes, decoded (UTF-8); at least one, no duplicates; the first is waited at with IDLE.
    pub mailboxes: Vec<String>,
    /// Quarantine mailbox, decoded, without the server's prefix; not among `mailboxes`.
    pub quarantine: String,
    /// What is done with a hit.
    pub mode: Mode,
    /// Whose Authentication-Results count (RFC 8601 §2.5), lower case; empty where only the provider's own do.
    pub authserv_ids: Vec<String>,
    /// After the first watch only judge, for so long; then do as `mode` says.
    pub observe_for: Option<Duration>,
    /// Where digests are put, decoded, without the server's prefix; none: nowhere. Neither watched nor the quarantine.
    pub digest_mailbox: Option<String>,
    /// Mailboxes whose hits are kept and never moved: names, or special uses such as `\\Junk` (RFC 6154).
    pub also_preserve: Vec<String>,
    /// Where its parts stand in the file.
    places: Places,
}

/// Octet ranges in the source, for faults that show only later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Places {
    password: Range<usize>,
    ca_file: Option<Range<usize>>,
}

/// The registered port of each way to encrypt (RFC 8314 §7.3, RFC 9051 §2.1).
fn usual_port(security: Security) -> u16 {
    match security {
        Security::Tls => 993,
        Security::StartTls => 143,
    }
}

/// What is done with a hit. Has no default: nobody is to be surprised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is recorded and moved to the quarantine mailbox.
    Quarantine,
    /// It is recorded; nothing is written to the server.
    Observe,
}

impl Mode {
    /// As written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Quarantine => "quarantine",
            Self::Observe => "observe",
        }
    }
}

impl Config {
    /// SHA-256 of the effective form: defaults filled in, paths made whole, no comments, no secrets, order of the file
    /// kept for accounts and mailboxes. Two configurations with the same digest make the service do the same.
    ///
    /// `tables` are those in force ([`Config::tables`]); they are named by the digests of their texts.
    pub fn fingerprint(&self, tables: &Tables) -> Digest {
        let mut effective = self.effective();
        for source in tables.sources() {
            let digest = Digest::of(source.text.as_bytes());
            _ = write!(effective, "\ntables = {:?} {digest}", source.name);
        }
        Digest(Sha256::digest(effective.as_bytes()).into())
    }

    /// Every key of this version, in the order of the annotated default's tables; for documentation and its test.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        [&keys::TOP, &keys::THRESHOLD, &keys::RETENTION, &keys::IDENTITY, &keys::NOTIFY, &keys::ACCOUNT]
            .into_iter()
            .flat_map(|keys| keys.known.iter().copied())
    }

    /// The effective form, one `key = value` a line. For the digest: the form may gain keys with new versions.
    fn effective(&self) -> String {
        let mut lines = vec![
            format!("language = {:?}", self.language.code()),
            format!("timezone = {:?}", self.timezone.iana_name().unwrap_or("unnamed")),
            format!("state-dir = {:?}", self.state_dir),
            format!("log-dir = {:?}", self.log_dir),
            format!("tables-dir = {:?}", self.tables_dir.path),
            format!("disabled-indicators = {:?}", self.disabled_indicators),
            format!("poll = {}", self.poll.as_secs()),
            format!("max-message = {}", self.max_message),
            format!("suspicious = {}", self.thresholds.suspicious.0),
            format!("threat = {}", self.thresholds.threat.0),
            format!("identity = {:?}", self.identity),
            format!("notify = {:?}", self.notify),
        ];
        for account in &self.accounts {
            lines.extend([
                format!("account = {:?}", account.name),
                format!("host = {:?}", account.host),
                format!("port = {}", account.port),
                format!("security = {:?}", account.security),
                format!("ca-file = {:?}", account.ca_file),
                format!("spki-pin = {:?}", account.spki_pin.map(hex::encode)),
                format!("user = {:?}", account.user),
                format!("password = {:?}", account.password),
                format!("mailboxes = {:?}", account.mailboxes),
                format!("quarantine = {:?}", account.quarantine),
                format!("mode = {:?}", account.mode.word()),
                format!("authserv-id = {:?}", account.authserv_ids),
                format!("observe-for = {:?}", account.observe_for.map(|time| time.as_secs())),
                format!("digest-mailbox = {:?}", account.digest_mailbox),
                format!("also-preserve = {:?}", account.also_preserve),
            ]);
        }
        lines.join("\n")
    }

    /// What the process must still be able to reach once it has locked itself in.
    pub fn needs(&self, environment: &Environment) -> Needs {
        let mut read: Vec<PathBuf> = self.path.parent().map(PathBuf::from).into_iter().collect();
        // The file itself, too: it may be a link to elsewhere.
        read.push(self.path.clone());
        read.push(self.tables_dir.path.clone());
        read.extend(environment.credentials());
        read.extend(
            ["SSL_CERT_FILE", "SSL_CERT_DIR"]
                .iter()
                .filter_map(|name| environment.get(name))
                .map(PathBuf::from),
        );
        for account in &self.accounts {
            read.extend(account.ca_file.clone());
            if let PasswordSource::File(path) = &account.password {
                read.push(path.clone());
            }
        }
        Needs {
            read,
            write: [&self.state_dir, &self.log_dir]
                .into_iter()
                .chain(&self.witness_dir)
                .cloned()
                .chain(self.metrics_file.as_deref().and_then(std::path::Path::parent).map(PathBuf::from))
                .collect(),
            connect: self
                .accounts
                .iter()
                .map(|account| account.port)
                .chain(self.notify.https().map(|https| https.port))
                .collect(),
        }
    }
}
