//! What commands write into the record.

use std::path::Path;

use crate::store::{Batch, Error, Store};

/// Makes a batch durable in the store of a state directory: takes its lock, and gives it back. While the service runs it
/// has the lock, and this is [`Error::Locked`].
pub(super) fn act(state_dir: &Path, batch: Batch) -> Result<(), Error> {
    let store = Store::open(state_dir)?;
    let gone = |_| Error::Gone;
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(gone)?;
    runtime.block_on(store.commit(batch))
}
