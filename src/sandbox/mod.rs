//! Locking the process in (Landlock): what it may still read, write and connect to.
//!
//! [`rules`] says what is allowed and touches nothing; [`lock_in`] puts it in force, as far as the kernel can, and says
//! how far that was, so that the service can say it too. It cannot be undone.
//!
//! Landlock takes the calling thread and those it starts later: call [`lock_in`] before any other thread runs, that is
//! before the tokio runtime is built, and after password commands have run, because afterwards no program can be started.
//!
//! What it does not cover: name resolution over UDP, and Unix sockets (the service manager's notification socket is one).

mod landlock;

use std::collections::BTreeSet;
use std::path::PathBuf;

pub use self::landlock::lock_in;

/// What the process must still be able to reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Files and directories it reads, beyond the system's own.
    pub read: Vec<PathBuf>,
    /// Directories it writes below. They must exist when it is locked in.
    pub write: Vec<PathBuf>,
    /// TCP ports it connects to.
    pub connect: Vec<u16>,
}

/// What is allowed; all else is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Read, whole hierarchies.
    pub read: BTreeSet<PathBuf>,
    /// Read and write, whole hierarchies.
    pub write: BTreeSet<PathBuf>,
    /// TCP ports that may be connected to. No port may be listened on.
    pub connect: BTreeSet<u16>,
}

/// Read by the C library and the certificate store on the way to a TLS connection, or as time goes by.
const SYSTEM: [&str; 16] = [
    // resolv.conf, hosts, nsswitch.conf, ssl, localtime.
    "/etc",
    // What the links in /etc point to: systemd-resolved, resolvconf, NetworkManager.
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/run/NetworkManager",
    "/run/nscd",
    // Trust roots that /etc/ssl/certs points to.
    "/usr/share/ca-certificates",
    "/usr/local/share/ca-certificates",
    "/usr/share/pki",
    "/var/lib/ca-certificates",
    "/usr/share/zoneinfo",
    // The C library loads its resolver modules (libnss_*.so) when the first name is resolved.
    "/usr/lib",
    "/usr/lib64",
    "/lib",
    "/lib64",
    // The store names itself at random when it is opened for the first time.
    "/dev/urandom",
    // The record names the boot: within one, clocks can be compared.
    "/proc/sys/kernel/random/boot_id",
];

/// A resolver's answer that does not fit a datagram is asked for again over TCP (RFC 7766 §5).
const DNS: u16 = 53;

/// What is allowed for these needs. Paths that are relative are left out: what they mean depends on the working directory.
pub fn rules(needs: &Needs) -> Rules {
    let absolute =
        |paths: &[PathBuf]| paths.iter().filter(|path| path.is_absolute()).cloned().collect::<Vec<_>>();
    Rules {
        read: SYSTEM.iter().map(PathBuf::from).chain(absolute(&needs.read)).collect(),
        write: absolute(&needs.write).into_iter().collect(),
        connect: needs.connect.iter().copied().chain([DNS]).collect(),
    }
}

/// Something that rules in force do not allow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// Reading this path.
    Read(PathBuf),
    /// Writing below this path.
    Write(PathBuf),
    /// Connecting to this TCP port.
    Connect(u16),
}

impl Rules {
    /// What `wanted` allows and these rules do not, in order. A configuration read again that lacks something needs a
    /// restart, because rules cannot be loosened.
    pub fn lacking(&self, wanted: &Self) -> Vec<Lack> {
        let below =
            |path: &PathBuf, set: &BTreeSet<PathBuf>| path.ancestors().any(|above| set.contains(above));
        let read = wanted.read.iter().filter(|path| !below(path, &self.read) && !below(path, &self.write));
        let write = wanted.write.iter().filter(|path| !below(path, &self.write));
        let connect = wanted.connect.difference(&self.connect);
        let mut lacking: Vec<Lack> = read.cloned().map(Lack::Read).collect();
        lacking.extend(write.cloned().map(Lack::Write));
        lacking.extend(connect.copied().map(Lack::Connect));
        lacking
    }
}

/// How much of one kind of rule is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Full,
    /// Some of it; why not all.
    Partial(String),
    /// Nothing; why.
    None(String),
}

impl std::fmt::Display for Extent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Full => f.write_str("full"),
            Self::Partial(why) => write!(f, "partial ({why})"),
            Self::None(why) => write!(f, "none ({why})"),
        }
    }
}

/// What is in force.
#[must_use = "the service has to say how far it is locked in"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enforced {
    /// Reading, writing, running programs.
    pub filesystem: Extent,
    /// TCP connections and listening.
    pub network: Extent,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn only_state_and_digests_can_be_written_and_only_the_mail_ports_reached() {
        let needs = Needs {
            read: vec!["/srv/komainu.toml".into(), "relative".into()],
            write: vec!["/var/lib/komainu".into(), "/var/log/komainu".into()],
            connect: vec![993, 143, 993],
        };
        let rules = rules(&needs);
        let write: Vec<_> = rules.write.iter().map(PathBuf::as_path).collect();
        assert_eq!(write, [Path::new("/var/lib/komainu"), Path::new("/var/log/komainu")]);
        assert_eq!(rules.connect.iter().copied().collect::<Vec<_>>(), [53, 143, 993]);
        assert!(rules.read.contains(Path::new("/srv/komainu.toml")));
        assert!(!rules.read.contains(Path::new("relative")));
        assert_eq!(rules.lacking(&rules), []);
        for hidden in ["/", "/home", "/root", "/tmp", "/proc", "/usr", "/var", "/run"] {
            assert!(!rules.read.contains(Path::new(hidden)), "{hidden}");
        }
    }

    #[test]
    fn a_new_configuration_lacks_only_what_is_not_allowed_yet() {
        let needs = |read: &str, write: &str, port| {
            rules(&Needs { read: vec![read.into()], write: vec![write.into()], connect: vec![port] })
        };
        let now = needs("/srv/config", "/var/lib/komainu", 993);
        assert_eq!(now.lacking(&needs("/srv/config/ca.pem", "/var/lib/komainu/log", 993)), []);
        assert_eq!(now.lacking(&needs("/var/lib/komainu/x", "/var/lib/komainu", 993)), []);
        assert_eq!(
            now.lacking(&needs("/srv/ca.pem", "/var/lib/other", 1143)),
            [Lack::Read("/srv/ca.pem".into()), Lack::Write("/var/lib/other".into()), Lack::Connect(1143)]
        );
    }
}
