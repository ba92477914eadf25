//! Signs in, looks, and signs out. EXAMINE, LIST, STATUS and FETCH of `BODY.PEEK` only: nothing is written, nothing marked.

use super::pins::Pins;
use crate::evidence::Peer;
use crate::imap::{Body, Capabilities, Endpoint, Error, Limits, Listed, Mailbox, MovePath, Session, Summary};

/// Newest messages whose headers are looked at.
const NEWEST: usize = 20;
/// Of each, so many octets: a header is rarely longer, and its beginning is what counts.
const HEAD: u32 = 32 * 1024;
/// UIDs looked through for the newest messages, from the end; widened where too few are found.
const SPANS: [u32; 3] = [200, 20_000, u32::MAX];

/// What a server shows.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Seen {
    /// The server, with its certificates.
    pub(in crate::cli) peer: Peer,
    /// What it offers.
    pub(in crate::cli) capabilities: Capabilities,
    /// How messages can be moved.
    pub(in crate::cli) path: MovePath,
    /// Every mailbox.
    pub(in crate::cli) listed: Vec<Listed>,
    /// Of those asked for, in their order: the mailbox and how many messages are in it; none where it is not there, or
    /// does not open.
    pub(in crate::cli) found: Vec<(String, Option<(String, u32)>)>,
    /// Authserv-ids on the newest messages of the first that was found.
    pub(in crate::cli) pins: Pins,
}

impl Seen {
    /// The mailbox of a special use, such as `\Junk` (RFC 6154).
    pub(in crate::cli) fn used_as(&self, special: &str) -> Option<&Mailbox> {
        self.listed.iter().find(|listed| listed.is_for(special)).map(|listed| &listed.mailbox)
    }

    /// Whether the server keeps everything below the inbox (Courier and its like), and then its delimiter.
    pub(in crate::cli) fn below_inbox(&self) -> Option<char> {
        let delimiter = self.listed.iter().find_map(|listed| listed.delimiter)?;
        let others = || self.listed.iter().filter(|listed| listed.mailbox.name() != "INBOX");
        let under = format!("INBOX{delimiter}");
        let all = others().all(|listed| listed.mailbox.name().starts_with(&under));
        (all && (others().next().is_some() || delimiter == '.')).then_some(delimiter)
    }

    /// The name of a mailbox that is there, asked for as the configuration writes it.
    pub(in crate::cli) fn named(&self, name: &str) -> Option<String> {
        let (_, found) = self.found.iter().find(|(asked, _)| asked == name)?;
        found.as_ref().map(|(there, _)| there.clone())
    }
}

/// Looks at an account: `wanted` are mailboxes as the configuration names them; headers are taken from `inbox`.
pub(in crate::cli) async fn look(endpoint: &Endpoint, inbox: &str, wanted: &[String]) -> Result<Seen, Error> {
    let mut session = Session::connect(endpoint).await?;
    let listed = session.list_special().await?;
    let mut found = Vec::new();
    let mut pins = Pins::default();
    for name in wanted {
        let mut there = None;
        if let Some(mailbox) = session.find_mailbox(name).await? {
            match session.examine(&mailbox).await {
                Ok(selected) => {
                    there = Some((mailbox.name().to_owned(), selected.exists));
                    if name == inbox && selected.exists > 0 {
                        pins = newest(&mut session, &mailbox).await?;
                    }
                }
                Err(error) if error.keeps_connection() => {}
                Err(error) => return Err(error),
            }
        }
        found.push((name.clone(), there));
    }
    let seen = Seen {
        peer: session.peer().clone(),
        capabilities: session.capabilities().clone(),
        path: session.move_path(),
        listed,
        found,
        pins,
    };
    session.logout().await;
    Ok(seen)
}

/// The headers of the newest messages of the mailbox that is examined.
async fn newest(session: &mut Session, mailbox: &Mailbox) -> Result<Pins, Error> {
    let next = session.uid_next(mailbox).await?;
    let mut wanted: Vec<Summary> = Vec::new();
    for span in SPANS {
        wanted = session.summaries(next.saturating_sub(span), None).await?;
        if wanted.len() >= NEWEST {
            break;
        }
    }
    let mut wanted = wanted.split_off(wanted.len().saturating_sub(NEWEST));
    // Announced larger than the limit of nothing: of each only the head comes.
    for summary in &mut wanted {
        summary.size = Some(u32::MAX);
    }
    let limits = Limits { max_message: 0, whole: 0, head: HEAD, ..Limits::default() };
    let mut pins = Pins::default();
    session
        .bodies(&wanted, &limits, &mut |_, body| {
            if let Body::Head(octets) | Body::Whole(octets) = body {
                pins.look(octets);
            }
        })
        .await?;
    Ok(pins)
}
