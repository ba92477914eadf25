//! One message of our own into one mailbox: looked for, put there, looked for again.

use super::quarantine::{is_refused, reason};
use crate::imap::{self, Mailbox, Session};

/// How that ended.
pub(super) enum Placed {
    /// UIDVALIDITY and UID.
    Found((u32, u32)),
    Done((u32, u32)),
    /// Machine word.
    Not(String),
}

/// Looks for the message, puts it where it is not, and looks again: the server's word alone is no proof.
pub(super) async fn place(
    session: &mut Session,
    name: &str,
    message_id: &str,
    octets: Option<&[u8]>,
    subscribe: bool,
) -> Result<Placed, imap::Error> {
    let Some(octets) = octets else {
        let Some(mailbox) = session.find_mailbox(name).await? else {
            return Ok(Placed::Not("replaced".to_owned()));
        };
        let found = look(session, &mailbox, message_id).await?;
        return Ok(found.map_or_else(|| Placed::Not("replaced".to_owned()), Placed::Found));
    };
    let mut mailbox = session.ensure(name, subscribe).await?;
    if let Some(found) = look(session, &mailbox, message_id).await? {
        return Ok(Placed::Found(found));
    }
    // Courier takes nothing into a mailbox that is examined at the moment ("Current box is selected READ-ONLY").
    session.examine(&Mailbox::inbox()).await?;
    let put = match session.append(&mailbox, octets).await {
        // Somebody deleted it meanwhile (RFC 9051 §6.3.12).
        Err(error) if error.code() == Some("TRYCREATE") && is_refused(&error) => {
            mailbox = session.ensure(name, subscribe).await?;
            session.append(&mailbox, octets).await
        }
        other => other,
    };
    let why = match put {
        Ok(_) => "not-there".to_owned(),
        Err(error) if is_refused(&error) => reason(&error),
        Err(error) => return Err(error),
    };
    let found = look(session, &mailbox, message_id).await?;
    Ok(found.map_or(Placed::Not(why), Placed::Done))
}

/// Where the message stands in a mailbox, which is only examined.
async fn look(
    session: &mut Session,
    mailbox: &Mailbox,
    message_id: &str,
) -> Result<Option<(u32, u32)>, imap::Error> {
    let uidvalidity = session.examine(mailbox).await?.uidvalidity;
    Ok(session.find_message_id(&format!("<{message_id}>")).await?.map(|uid| (uidvalidity, uid)))
}
