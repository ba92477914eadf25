//! `also-preserve`: mailboxes whose hits are kept as evidence and never moved. Providers purge Junk, and what came before
//! komainu did is often there.

use tracing::{info, warn};

use super::Error;
use super::account::Account;
use super::mailbox::Open;
use super::quarantine::Quarantine;
use crate::imap::{Mailbox, Session};

impl Account {
    /// Opens those that are there and not open yet, and handles what came while nobody looked. That there is none of a
    /// special use is no error: not every server has one.
    pub(super) async fn open_preserved(
        &mut self,
        session: &mut Session,
        open: &mut Vec<Open>,
        quarantine: Option<&Quarantine>,
    ) -> Result<(), Error> {
        for name in self.watch.also_preserve.clone() {
            self.beat();
            let Some(mailbox) = self.preserved(session, &name).await? else {
                info!(account = self.name(), "a mailbox of also-preserve is not there");
                continue;
            };
            let known = open.iter().any(|open| open.mailbox == mailbox)
                || quarantine.is_some_and(|quarantine| quarantine.mailbox == mailbox)
                || mailbox.name() == self.watch.quarantine;
            if known {
                continue;
            }
            match self.begin_looking(session, mailbox).await {
                Ok(one) => open.push(one),
                Err(error) if error.is_of_mailbox() => {
                    warn!(account = self.name(), %error, "a mailbox of also-preserve cannot be looked into");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn begin_looking(&mut self, session: &mut Session, mailbox: Mailbox) -> Result<Open, Error> {
        let open = self.open_mailbox(session, mailbox, true, None).await?;
        self.catch_up_from_the_start(session, open, None).await
    }

    /// By its special use (RFC 6154), else by its name.
    async fn preserved(&self, session: &mut Session, name: &str) -> Result<Option<Mailbox>, Error> {
        if !name.starts_with('\\') {
            return Ok(session.find_mailbox(name).await?);
        }
        let listed = session.list_special().await?;
        Ok(listed.into_iter().find(|one| one.is_for(name)).map(|one| one.mailbox))
    }
}
