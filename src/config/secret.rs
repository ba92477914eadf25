//! The three ways a password comes into memory.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::environment::Environment;
use crate::imap::Secret;

/// Where a password is kept. Never in the configuration itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordSource {
    /// A file that holds the password and nothing else.
    File(PathBuf),
    /// A credential of the service manager (`LoadCredential=`), by name.
    Credential(String),
    /// A program and its arguments; the first line of what it prints. No shell.
    Command(Vec<String>),
}

/// Why a password could not be had. Never holds the password, nor what a command printed.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file or credential cannot be read.
    #[error("cannot read {0}: {1}")]
    Read(PathBuf, #[source] std::io::Error),
    /// Others than its owner may read or change it.
    #[error("{path} can be read or changed by others (mode {mode:04o}): run `chmod 600 {path}`")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Permission bits.
        mode: u32,
    },
    /// It belongs to another user, who could change it.
    #[error("{path} belongs to user {owner}, neither to root nor to the user of this process ({uid})")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
        /// Who is asking.
        uid: u32,
    },
    /// `$CREDENTIALS_DIRECTORY` is not set.
    #[error(
        "credential `{0}` is asked for, but the service manager gave none (LoadCredential={0}:… is missing in the unit, or this is not started by systemd)"
    )]
    NoCredentials(String),
    /// The command cannot be started.
    #[error("cannot run `{0}`: {1}")]
    Spawn(String, #[source] std::io::Error),
    /// It ended with a fault.
    #[error("`{0}` failed ({1}); run it yourself to see what it says")]
    Failed(String, String),
    /// It did not end in time.
    #[error("`{0}` did not end within {1} s")]
    TimedOut(String, u64),
    /// What came is not one line of text.
    #[error("the password from {0} is {1}")]
    Unusable(String, &'static str),
}

/// How long a password command may take: an agent may have to ask a person.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// No password is longer; a larger file is a mistake, and is not read whole.
const LONGEST: u64 = 4096;

impl PasswordSource {
    /// Fetches the password. Blocks, for up to 30 s where a command is asked; to be called before the process locks
    /// itself in.
    pub fn resolve(&self, environment: &Environment) -> Result<Secret, SecretError> {
        self.fetch(environment).map(Secret::new)
    }

    fn fetch(&self, environment: &Environment) -> Result<String, SecretError> {
        match self {
            Self::File(path) => from_file(path, Some(environment.uid)),
            Self::Credential(name) => {
                let none = || SecretError::NoCredentials(name.clone());
                let path = environment.credentials().ok_or_else(none)?.join(name);
                // The service manager answers for mode and owner of what it lays there.
                from_file(&path, None)
            }
            Self::Command(words) => from_command(words, COMMAND_TIMEOUT),
        }
    }

    /// Mode and owner of the file, without reading it. Sources that are no file are left alone.
    pub fn inspect(&self, environment: &Environment) -> Result<(), SecretError> {
        let Self::File(path) = self else { return Ok(()) };
        let meta = std::fs::metadata(path).map_err(|cause| SecretError::Read(path.clone(), cause))?;
        guarded(path, &meta, environment.uid)
    }

    /// Where it comes from, in few words: for messages.
    pub fn describe(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Credential(name) => format!("credential {name}"),
            Self::Command(words) => words.first().cloned().unwrap_or_default(),
        }
    }
}

/// Others may neither read nor change it. The group may read: that is how an administrator hands a file to a service.
fn guarded(path: &Path, meta: &std::fs::Metadata, uid: u32) -> Result<(), SecretError> {
    let mode = meta.mode() & 0o7777;
    if mode & 0o027 != 0 {
        return Err(SecretError::Exposed { path: path.to_owned(), mode });
    }
    if meta.uid() != 0 && meta.uid() != uid {
        return Err(SecretError::Foreign { path: path.to_owned(), owner: meta.uid(), uid });
    }
    Ok(())
}

fn from_file(path: &Path, uid: Option<u32>) -> Result<String, SecretError> {
    let cannot = |cause| SecretError::Read(path.to_owned(), cause);
    let file = File::open(path).map_err(cannot)?;
    // Asked of the open file, so that nobody can exchange it in between.
    let meta = file.metadata().map_err(cannot)?;
    if !meta.is_file() {
        return Err(SecretError::Unusable(path.display().to_string(), "not a regular file"));
    }
    if let Some(uid) = uid {
        guarded(path, &meta, uid)?;
    }
    let mut octets = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut octets).map_err(cannot)?;
    usable(&octets, &path.display().to_string())
}

fn from_command(words: &[String], timeout: Duration) -> Result<String, SecretError> {
    let (program, arguments) =
        words.split_first().map_or(("", words), |(first, rest)| (first.as_str(), rest));
    // What it says on stderr may quote the secret, so it goes nowhere.
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|cause| SecretError::Spawn(program.to_owned(), cause))?;
    let deadline = Instant::now() + timeout;
    let printed = read_until(&mut child, deadline);
    let ended = printed.and_then(|octets| Some((octets, wait_until(&mut child, deadline)?)));
    let Some((octets, status)) = ended else {
        _ = child.kill();
        _ = child.wait();
        return Err(SecretError::TimedOut(program.to_owned(), timeout.as_secs()));
    };
    if !status.success() {
        return Err(SecretError::Failed(program.to_owned(), status.to_string()));
    }
    // Password managers print the password first and notes below it.
    let first = octets.split(|octet| *octet == b'\n').next().unwrap_or_default();
    usable(first, &format!("`{program}`"))
}

/// What the child prints until it closes its output; none where that takes too long. A thread reads, because a pipe
/// has no timeout of its own; it ends with the child.
fn read_until(child: &mut Child, deadline: Instant) -> Option<Vec<u8>> {
    let output = child.stdout.take()?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut octets = Vec::new();
        _ = output.take(LONGEST + 1).read_to_end(&mut octets);
        _ = send.send(octets);
    });
    receive.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()
}

/// How the child ended; none where it closed its output and still does not end. The standard library has no wait with
/// a timeout, so it is asked again every 10 ms; most have ended when their output closes.
fn wait_until(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(10)),
            Ok(None) | Err(_) => return None,
        }
    }
}

fn usable(octets: &[u8], from: &str) -> Result<String, SecretError> {
    let fault = |what| Err(SecretError::Unusable(from.to_owned(), what));
    if octets.len() as u64 > LONGEST {
        return fault("longer than 4096 octets");
    }
    let Ok(text) = std::str::from_utf8(octets) else { return fault("not UTF-8") };
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return fault("empty");
    }
    if line.contains(['\r', '\n', '\0']) {
        return fault("more than one line, or holds a NUL");
    }
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const AWKWARD: &str = r#"$"\ %é日本"#;

    fn written(content: &[u8], mode: u32) -> (tempfile::TempDir, PathBuf, Environment) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        (dir, path, Environment::new([], rustix::process::geteuid().as_raw()))
    }

    fn command(words: &[&str]) -> PasswordSource {
        PasswordSource::Command(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn awkward_characters_survive_all_three_ways() {
        let (dir, path, environment) = written(format!("{AWKWARD}\n").as_bytes(), 0o600);
        assert_eq!(PasswordSource::File(path.clone()).fetch(&environment).unwrap(), AWKWARD);

        let given = dir.path().to_str().unwrap();
        let unit = Environment::new([("CREDENTIALS_DIRECTORY", given)], 4711);
        assert_eq!(PasswordSource::Credential("password".into()).fetch(&unit).unwrap(), AWKWARD);

        let printf = command(&["printf", "%s\nnotes\n", AWKWARD]);
        assert_eq!(printf.fetch(&environment).unwrap(), AWKWARD);
    }

    #[test]
    fn spaces_at_the_ends_belong_to_the_password() {
        let (_dir, path, environment) = written(b" p \r\n", 0o400);
        assert_eq!(PasswordSource::File(path).fetch(&environment).unwrap(), " p ");
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_and_told_what_to_do() {
        for mode in [0o604, 0o644, 0o620, 0o602] {
            let (_dir, path, environment) = written(b"p", mode);
            let source = PasswordSource::File(path);
            let error = source.fetch(&environment).unwrap_err();
            assert!(matches!(error, SecretError::Exposed { .. }), "{mode:o}: {error}");
            assert!(error.to_string().contains("chmod 600"), "{error}");
            assert!(source.inspect(&environment).is_err());
        }
    }

    #[test]
    fn what_is_not_one_line_of_text_is_refused() {
        for (content, word) in [
            (&b"a\nb\n"[..], "one line"),
            (b"", "empty"),
            (b"\n", "empty"),
            (b"\xff\n", "UTF-8"),
            (&[b'x'; 5000], "4096"),
        ] {
            let (_dir, path, environment) = written(content, 0o600);
            let error = PasswordSource::File(path).fetch(&environment).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn a_command_is_not_given_to_a_shell_and_its_faults_are_named() {
        let environment = Environment::new([], 0);
        let echo = command(&["echo", "$HOME;id"]).fetch(&environment).unwrap();
        assert_eq!(echo, "$HOME;id");
        let error = command(&["false"]).fetch(&environment).unwrap_err();
        assert!(matches!(error, SecretError::Failed(..)), "{error}");
        let error = command(&["/nonexistent/program"]).fetch(&environment).unwrap_err();
        assert!(matches!(error, SecretError::Spawn(..)), "{error}");
        let words = ["sleep".to_owned(), "60".to_owned()];
        let error = from_command(&words, Duration::from_millis(50)).unwrap_err();
        assert!(matches!(error, SecretError::TimedOut(..)), "{error}");
    }

    #[test]
    fn no_credentials_directory_is_its_own_fault() {
        let error = PasswordSource::Credential("hanako".into()).fetch(&Environment::new([], 0)).unwrap_err();
        assert!(error.to_string().contains("LoadCredential=hanako"), "{error}");
    }
}
