//! The side of the service.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tracing::{debug, warn};

use super::{Answer, LONGEST, Live, Request, carry_out, socket};
use crate::store::Store;

/// Conversations at once; more wait at the socket.
const AT_ONCE: usize = 8;
/// A peer that sends no whole request is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The socket, listening. Gone with it.
#[derive(Debug)]
pub struct Listener {
    listener: UnixListener,
    path: PathBuf,
}

impl Listener {
    /// Listens below the state directory. Only for whoever holds the store's lock: what stands there is a dead one's.
    pub fn bind(state_dir: &Path) -> io::Result<Self> {
        let path = socket(state_dir);
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        // The directory is 0700, so that nobody comes in between.
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }

    /// Answers until it is dropped.
    pub async fn serve(self, store: Store, live: Live) {
        let mut conversations = tokio::task::JoinSet::new();
        loop {
            while conversations.len() >= AT_ONCE {
                let _ = conversations.join_next().await;
            }
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        conversations.spawn(converse(stream, store.clone(), live.clone()));
                    }
                    Err(error) => {
                        warn!(%error, "a command could not be listened to");
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                },
                Some(_) = conversations.join_next() => {}
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// One request, one answer.
async fn converse(stream: UnixStream, store: Store, live: Live) {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    let read = tokio::time::timeout(PATIENCE, async {
        (&mut stream).take(LONGEST).read_until(b'\n', &mut line).await
    });
    if !matches!(read.await, Ok(Ok(octets)) if octets > 0) {
        return;
    }
    let answer = match serde_json::from_slice::<Request>(&line) {
        Ok(request) => carry_out(request, &store, Some(&live)).await,
        Err(error) => Answer::Failed { why: format!("not understood: {error}") },
    };
    debug!("a command was answered");
    let Ok(mut octets) = serde_json::to_vec(&answer) else { return };
    octets.push(b'\n');
    let _ = tokio::time::timeout(PATIENCE, stream.get_mut().write_all(&octets)).await;
}
