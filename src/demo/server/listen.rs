//! Accepting connections; each has its own task.

use super::session::Session;
use super::state::Shared;
use super::wire::Wire;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Serves until it is aborted; the sessions end with it.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut sessions = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else {
                    // Out of file descriptors, most likely: the next may do better, but not at once.
                    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                    continue;
                };
                stream
            }
            Some(_) = sessions.join_next() => continue,
        };
        let id = shared.change(|state| {
            state.opened += 1;
            (!state.refusing).then_some(state.opened)
        });
        let Some(id) = id else { continue };
        // Replies are written whole, so waiting for more to send only costs time.
        let _ = stream.set_nodelay(true);
        sessions.spawn(Session::new(id, Wire::new(stream), shared.clone()).run());
    }
}
