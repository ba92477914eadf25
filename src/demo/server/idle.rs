//! IDLE (RFC 2177), and telling a session what changed.

use super::Profile;
use super::reply::Reply;
use super::session::Session;
use super::wire::End;

impl Session {
    /// Waits in IDLE until the client says DONE; everything that changes is told at once.
    pub(super) async fn idle(&mut self) -> Result<Reply, End> {
        let mut changed = self.shared.changed.subscribe();
        if self.shared.profile == Profile::Exchange {
            self.update(true).await?;
        }
        self.say("+ idling\r\n");
        self.wire.flush().await?;
        if self.plan.end_idle {
            return Ok(Reply::ok("Idle ended by the server"));
        }
        self.seat(|seat| seat.idling = true);
        let done = loop {
            if !self.plan.silent_idle {
                self.update(true).await?;
                self.wire.flush().await?;
            }
            tokio::select! {
                line = self.wire.line() => break line?,
                // The sender lives in `shared`, which this session holds.
                _ = changed.changed() => {}
            }
        };
        let done = String::from_utf8_lossy(&done).trim_end().to_owned();
        let ended = done.eq_ignore_ascii_case("DONE");
        self.shared.change(|state| {
            state.log(done);
            if let Some(seat) = state.seats.get_mut(&self.id) {
                seat.idling = false;
            }
        });
        Ok(if ended { Reply::ok("Idle completed") } else { Reply::bad("DONE expected") })
    }

    /// Tells what changed in the selected mailbox; where that has gone or is another now, says BYE, as Dovecot does.
    pub(super) async fn update(&mut self, shift: bool) -> Result<(), End> {
        let (Some(user), Some(view)) = (self.user.as_deref(), self.view.as_mut()) else { return Ok(()) };
        let (id, out) = (self.id, self.wire.out());
        let there = self.shared.look(|state| match state.mail.mailbox_mut(user, &view.mailbox) {
            Some(mailbox) if view.is_of(mailbox) => {
                view.update(mailbox, id, shift, out);
                true
            }
            _ => false,
        });
        if there {
            return Ok(());
        }
        self.say("* BYE [UNAVAILABLE] The selected mailbox is no longer the same\r\n");
        self.wire.flush().await?;
        Err(End::Orderly)
    }
}
