//! The side of the commands.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Answer, LONGEST, Request, carry_out, socket};
use crate::store::{self, Layout, Store};

/// How long the service may take: a long erasure waits for many syncs.
const PATIENCE: Duration = Duration::from_mins(5);

/// How long another command may have the lock.
const TURN: Duration = Duration::from_secs(5);

/// Why something could not be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service runs, and says no or cannot.
    #[error("the service says: {0}")]
    Failed(String),
    /// It runs, and does not answer.
    #[error("the service does not answer at {}: {source}", .socket.display())]
    Silent {
        /// Where it listens.
        socket: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// No service runs, and the store cannot be opened.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// There is no record to act on; none is made by asking.
    #[error("there is no evidence record in {}", .0.display())]
    NoRecord(PathBuf),
    /// The store is in use, but not by a service that listens.
    #[error("{} is in use by a program that does not listen at {}", .dir.display(), socket(.dir).display())]
    Busy {
        /// The state directory.
        dir: PathBuf,
    },
}

/// Asks the running service. None where none is running.
pub fn ask(state_dir: &Path, request: &Request) -> Result<Option<Answer>, Error> {
    let socket = socket(state_dir);
    let silent = |source| Error::Silent { socket: socket.clone(), source };
    let stream = match UnixStream::connect(&socket) {
        Ok(stream) => stream,
        // Left behind by one that was killed, or never made.
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(e) => return Err(silent(e)),
    };
    let answer = converse(stream, request).map_err(silent)?;
    match answer {
        Answer::Failed { why } => Err(Error::Failed(why)),
        answer => Ok(Some(answer)),
    }
}

fn converse(mut stream: UnixStream, request: &Request) -> io::Result<Answer> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = Vec::new();
    BufReader::new(stream).take(LONGEST).read_until(b'\n', &mut answer)?;
    if answer.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(serde_json::from_slice(&answer)?)
}

/// The store; another command that has it is waited for.
fn open(state_dir: &Path) -> Result<Store, Error> {
    let begun = Instant::now();
    loop {
        match Store::open(state_dir) {
            Ok(store) => return Ok(store),
            Err(error) if !error.is_locked() => return Err(error.into()),
            Err(_) if begun.elapsed() > TURN => return Err(Error::Busy { dir: state_dir.to_owned() }),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Has it done: by the service where one runs, else here, under the store's lock.
pub fn act(state_dir: &Path, request: Request) -> Result<Answer, Error> {
    if let Some(answer) = ask(state_dir, &request)? {
        return Ok(answer);
    }
    if !Layout::new(state_dir).chain().is_dir() {
        return Err(Error::NoRecord(state_dir.to_owned()));
    }
    let store = open(state_dir)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|source| Error::Silent { socket: socket(state_dir), source })?;
    match runtime.block_on(carry_out(request, &store, None)) {
        Answer::Failed { why } => Err(Error::Failed(why)),
        answer => Ok(answer),
    }
}
