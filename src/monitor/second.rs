//! Connection B, the account's second and last: opened when there is something to look at again or to put into the
//! person's own mailbox, closed when there is no more, so that neither stands between new mail and its place.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tracing::warn;

use super::backoff::Backoff;
use super::post::Postman;
use super::task::Task;
use super::telling::Telling;
use super::{Error, Pulse, Watch, refetch};
use crate::imap::Session;
use crate::store::Store;

/// Moves of one burst share one connection.
const GATHER: Duration = Duration::from_millis(500);
/// What nobody announced is looked for so often.
const LOOK: Duration = Duration::from_secs(3600);

/// The task of an account's second connection. Ends when it is dropped; what it did not come to is done after the next
/// start.
#[derive(Debug)]
pub(super) struct Second {
    wanted: Arc<Notify>,
    task: Task,
}

impl Second {
    /// `news` changes when a digest was written.
    pub(super) fn start(
        watch: Arc<Watch>,
        store: Store,
        pulse: Pulse,
        telling: watch::Receiver<Option<Arc<Telling>>>,
        news: watch::Receiver<u64>,
    ) -> Self {
        let wanted = Arc::new(Notify::new());
        wanted.notify_one();
        let postman = Postman::new(Arc::clone(&watch), store.clone(), pulse);
        let task = Task::start(errands(watch, store, postman, telling, news, Arc::clone(&wanted)));
        Self { wanted, task }
    }

    /// To be notified when something was moved, or cannot wait.
    pub(super) fn wanted(&self) -> Arc<Notify> {
        Arc::clone(&self.wanted)
    }

    /// Ends it, and waits until its handle on the store is gone.
    pub(super) async fn end(self) {
        self.task.end().await;
    }
}

async fn errands(
    watch: Arc<Watch>,
    store: Store,
    mut postman: Postman,
    mut telling: watch::Receiver<Option<Arc<Telling>>>,
    mut news: watch::Receiver<u64>,
    wanted: Arc<Notify>,
) {
    let mut backoff = Backoff::new();
    loop {
        tokio::select! {
            () = wanted.notified() => {}
            changed = news.changed() => if changed.is_err() { return },
            changed = telling.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(LOOK) => {}
        }
        tokio::time::sleep(GATHER).await;
        loop {
            let plan = telling.borrow_and_update().clone();
            let Err(error) = errand(&watch, &store, &mut postman, plan.as_deref()).await else { break };
            if error.is_store_broken() || error.is_refusal() {
                // The account's own task says so, and does what is to be done.
                return;
            }
            let wait = backoff.next(error.least_wait());
            warn!(account = watch.name, %error, retry_in_ms = wait.as_millis() as u64, "second look put off");
            tokio::time::sleep(wait).await;
        }
        backoff.reset();
    }
}

/// Does all that there is to do; one connection, where there is anything.
async fn errand(
    watch: &Watch,
    store: &Store,
    postman: &mut Postman,
    telling: Option<&Telling>,
) -> Result<(), Error> {
    let posts = postman.due(telling).await?;
    let moved = store.not_refetched(&watch.name).await?;
    if posts.is_empty() && moved.is_empty() {
        return Ok(());
    }
    let mut session = Session::connect(&watch.endpoint).await?;
    // What cannot wait comes first.
    for post in posts {
        postman.deliver(&mut session, post).await?;
    }
    refetch::look(&mut session, watch, store, moved).await?;
    session.logout().await;
    Ok(())
}
