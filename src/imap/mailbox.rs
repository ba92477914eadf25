//! Mailbox names: LIST, delimiter and prefix, creating what is missing.

use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response};

use super::command::Command;
use super::error::Error;
use super::session::{Delimiter, Session};
use super::utf7;

/// Most names of a LIST that are kept.
const LISTED_MAX: usize = 10_000;
/// Longest name in octets; longer ones cannot be written back within a command line that servers take.
const NAME_MAX: usize = 1000;

/// A mailbox: its name as people read it and as it goes on the wire.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mailbox {
    name: String,
    wire: String,
    quoted: String,
}

impl Mailbox {
    /// A mailbox by its whole name on this server, prefix included. None for a name that cannot be written: empty, too long, or
    /// with control characters.
    pub fn new(name: &str) -> Option<Self> {
        let name = if name.eq_ignore_ascii_case("INBOX") { "INBOX" } else { name };
        if name.is_empty() || name.chars().any(char::is_control) {
            return None;
        }
        Self::from_wire(utf7::encode(name))
    }

    /// As a server wrote it.
    fn from_wire(wire: String) -> Option<Self> {
        if wire.is_empty() || wire.len() > NAME_MAX {
            return None;
        }
        let quoted = utf7::quote(&wire)?;
        Some(Self { name: utf7::decode(&wire), wire, quoted })
    }

    /// INBOX.
    pub fn inbox() -> Self {
        Self { name: "INBOX".to_owned(), wire: "INBOX".to_owned(), quoted: "\"INBOX\"".to_owned() }
    }

    /// As people read it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As it goes on the wire (modified UTF-7, not quoted).
    pub fn wire(&self) -> &str {
        &self.wire
    }

    pub(super) fn quoted(&self) -> &str {
        &self.quoted
    }
}

/// A line of LIST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Which.
    pub mailbox: Mailbox,
    /// Between levels of the hierarchy, where there is one.
    pub delimiter: Option<char>,
    /// False for `\Noselect` and `\NonExistent`.
    pub selectable: bool,
    /// Special uses as the server writes them, `\Junk` (RFC 6154).
    pub uses: Vec<String>,
}

impl Listed {
    /// Whether it can be opened and is for this special use, such as `\\Junk`.
    pub fn is_for(&self, special_use: &str) -> bool {
        self.selectable && self.uses.iter().any(|one| one.eq_ignore_ascii_case(special_use))
    }
}

impl Session {
    /// Every mailbox of the account, at most 10,000; names that cannot be written back are left out.
    pub async fn list(&mut self) -> Result<Vec<Listed>, Error> {
        self.list_matching("\"*\"").await
    }

    /// The same with special uses, which some servers tell only when asked for (RFC 6154 §2; RETURN is that of RFC 5258).
    pub async fn list_special(&mut self) -> Result<Vec<Listed>, Error> {
        if !(self.capabilities.has("SPECIAL-USE") && self.capabilities.has("LIST-EXTENDED")) {
            return self.list().await;
        }
        match self.list_with(Command::ListSpecial).await {
            Err(error) if error.keeps_connection() => self.list().await,
            listed => listed,
        }
    }

    /// The mailbox of this name, if it exists: as given, with `/` taken as the server's own delimiter, or under `INBOX`.
    pub async fn find_mailbox(&mut self, name: &str) -> Result<Option<Mailbox>, Error> {
        let name_fits = Mailbox::new(name).ok_or(Error::Unsupported { what: "this mailbox name" })?;
        if name_fits.name() == "INBOX" {
            return Ok(Some(name_fits));
        }
        for candidate in self.candidates(name).await? {
            // `%` and `*` in a name are wildcards of LIST; the answer is compared, so that they only find more.
            for listed in self.list_matching(candidate.quoted()).await? {
                if listed.mailbox.name == candidate.name && listed.selectable {
                    return Ok(Some(listed.mailbox));
                }
            }
        }
        Ok(None)
    }

    /// The mailbox of this name; created and subscribed to where it is missing.
    ///
    /// Courier-like servers keep everything under `INBOX.` and answer NO to names without that prefix (measured); the prefix is
    /// tried second, with the delimiter that LIST gives.
    pub async fn ensure_mailbox(&mut self, name: &str) -> Result<Mailbox, Error> {
        self.ensure(name, true).await
    }

    /// The same; where `subscribe` is not set, nothing is written but its CREATE.
    pub async fn ensure(&mut self, name: &str, subscribe: bool) -> Result<Mailbox, Error> {
        if let Some(found) = self.find_mailbox(name).await? {
            return Ok(found);
        }
        let mut refused = None;
        for candidate in self.candidates(name).await? {
            match self.executor.run_ok(Command::Create(&candidate)).await {
                Ok(_) => {}
                // Somebody else was quicker.
                Err(Error::No { code: Some(code), .. }) if code == "ALREADYEXISTS" => {}
                Err(error @ (Error::No { .. } | Error::Bad { .. })) => {
                    refused.get_or_insert(error);
                    continue;
                }
                Err(error) => return Err(error),
            }
            // Not being subscribed only hides it in some mail programs.
            if subscribe {
                self.executor.run(Command::Subscribe(&candidate), &mut |_| {}).await?;
            }
            return Ok(candidate);
        }
        Err(refused.unwrap_or(Error::Unsupported { what: "this mailbox name" }))
    }

    /// What `name` may be called on this server, likeliest first.
    async fn candidates(&mut self, name: &str) -> Result<Vec<Mailbox>, Error> {
        let delimiter = self.delimiter().await?;
        let mut names = Vec::new();
        match delimiter {
            Some(delimiter) if delimiter != '/' => names.push(name.replace('/', &delimiter.to_string())),
            _ => names.push(name.to_owned()),
        }
        if let (Some(delimiter), Some(first)) = (delimiter, names.first()) {
            let under = format!("INBOX{delimiter}");
            if !first.get(..under.len()).is_some_and(|start| start.eq_ignore_ascii_case(&under)) {
                names.push(format!("{under}{first}"));
            }
        }
        Ok(names.iter().filter_map(|name| Mailbox::new(name)).collect())
    }

    /// Between levels of the hierarchy; asked for once (`LIST "" ""`, RFC 9051 §6.3.9).
    async fn delimiter(&mut self) -> Result<Option<char>, Error> {
        if let Delimiter::Known(known) = self.delimiter {
            return Ok(known);
        }
        let mut found = None;
        let outcome = self
            .executor
            .run(Command::List("\"\""), &mut |response| {
                if let Response::MailboxData(MailboxDatum::List(data)) = response {
                    found = data.delimiter.as_deref().and_then(|text| text.chars().next());
                }
            })
            .await?;
        outcome.ok("LIST")?;
        self.delimiter = Delimiter::Known(found);
        Ok(found)
    }

    async fn list_matching(&mut self, pattern: &str) -> Result<Vec<Listed>, Error> {
        self.list_with(Command::List(pattern)).await
    }

    async fn list_with(&mut self, command: Command<'_>) -> Result<Vec<Listed>, Error> {
        let mut found = Vec::new();
        let outcome = self
            .executor
            .run(command, &mut |response| {
                if found.len() < LISTED_MAX {
                    found.extend(listed(response));
                }
            })
            .await?;
        outcome.ok("LIST")?;
        Ok(found)
    }
}

fn listed(response: &Response<'_>) -> Option<Listed> {
    let Response::MailboxData(MailboxDatum::List(data)) = response else { return None };
    let mailbox = Mailbox::from_wire(utf7::unescape(&data.name))?;
    let unselectable = |attribute: &NameAttribute<'_>| match attribute {
        NameAttribute::NoSelect => true,
        NameAttribute::Extension(name) => name.eq_ignore_ascii_case("\\NonExistent"),
        _ => false,
    };
    Some(Listed {
        mailbox,
        delimiter: data.delimiter.as_deref().and_then(|text| text.chars().next()),
        selectable: !data.name_attributes.iter().any(unselectable),
        uses: data.name_attributes.iter().filter_map(special_use).collect(),
    })
}

/// An attribute that says what a mailbox is for.
fn special_use(attribute: &NameAttribute<'_>) -> Option<String> {
    Some(match attribute {
        NameAttribute::All => "\\All".to_owned(),
        NameAttribute::Archive => "\\Archive".to_owned(),
        NameAttribute::Drafts => "\\Drafts".to_owned(),
        NameAttribute::Flagged => "\\Flagged".to_owned(),
        NameAttribute::Junk => "\\Junk".to_owned(),
        NameAttribute::Sent => "\\Sent".to_owned(),
        NameAttribute::Trash => "\\Trash".to_owned(),
        // In another case, which is the same (RFC 9051 §2.2).
        NameAttribute::Extension(name) => name.to_string(),
        _ => return None,
    })
}
