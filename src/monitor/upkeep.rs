//! What the service does for the record once in a while: let content go that is too old, and put checkpoints where this
//! machine cannot take them back.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tracing::{error, info};

use crate::evidence::{Digest, Entry};
use crate::store::{self, Batch, Retention, Store};

/// How often content is looked through for what is too old.
const EXPIRE: Duration = Duration::from_secs(24 * 3600);

/// What is to be done, and when it was last done.
#[derive(Debug, Default)]
pub struct Upkeep {
    /// How long content is kept.
    pub retention: Retention,
    /// Where checkpoints are copied to.
    pub witness_dir: Option<PathBuf>,
    expired: Option<Instant>,
    witnessed: Option<Digest>,
}

impl Upkeep {
    /// With nothing done yet.
    pub fn new(retention: Retention, witness_dir: Option<PathBuf>) -> Self {
        Self { retention, witness_dir, ..Self::default() }
    }

    /// Does what is due. What fails is tried again at the next turn.
    pub(super) async fn turn(&mut self, store: &Store) -> Result<(), store::Error> {
        if self.expired.is_none_or(|last| last.elapsed() >= EXPIRE) {
            let gone = store.expire(self.retention, Timestamp::now()).await?;
            if gone > 0 {
                info!(messages = gone, "erased: kept for as long as was wanted");
            }
            self.expired = Some(Instant::now());
        }
        self.witness(store).await
    }

    /// Copies the latest checkpoint, and says so in the record.
    async fn witness(&mut self, store: &Store) -> Result<(), store::Error> {
        let Some(dir) = self.witness_dir.clone() else { return Ok(()) };
        let note = store.checkpoint().await?;
        let sha256 = Digest::of(&note);
        if self.witnessed == Some(sha256) {
            return Ok(());
        }
        match store::witness(&dir, &note) {
            Ok(size) => {
                let entry = Entry::Witness { kind: "directory".to_owned(), size, sha256 };
                store.commit(Batch { entries: vec![entry], ..Batch::default() }).await?;
                self.witnessed = Some(sha256);
            }
            // A disk that is not plugged in must not stop the watch.
            Err(error) => {
                error!(%error, dir = %dir.display(), "the checkpoint could not be copied to the witness");
            }
        }
        Ok(())
    }
}
