//! The commands about mailboxes: SELECT, LIST, STATUS, CREATE and their kin.

use super::names;
use super::reply::{Reply, quoted, well_formed};
use super::session::Session;
use super::state::Shared;
use super::store::{Mail, canonical};
use super::view::View;
use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::mailbox::{ListMailbox, Mailbox};
use imap_codec::imap_types::status::StatusDataItemName;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

impl Session {
    /// Serves a command about mailboxes, or gives it back where it is none.
    pub(super) fn with_mailboxes(
        &mut self,
        body: CommandBody<'static>,
    ) -> Result<Reply, Box<CommandBody<'static>>> {
        Ok(match body {
            CommandBody::Select { mailbox } => self.select(&wire_name(&mailbox), false),
            CommandBody::Examine { mailbox } => self.select(&wire_name(&mailbox), true),
            CommandBody::Unselect => self.leave(),
            CommandBody::Create { mailbox } => self.create(&wire_name(&mailbox)),
            CommandBody::Delete { mailbox } => self.delete(&wire_name(&mailbox)),
            CommandBody::Rename { from, to } => self.rename(&wire_name(&from), &wire_name(&to)),
            CommandBody::Subscribe { mailbox } => self.subscribe(&wire_name(&mailbox), true),
            CommandBody::Unsubscribe { mailbox } => self.subscribe(&wire_name(&mailbox), false),
            CommandBody::List { reference, mailbox_wildcard } => {
                self.list("LIST", &reference, &mailbox_wildcard)
            }
            CommandBody::Lsub { reference, mailbox_wildcard } => {
                self.list("LSUB", &reference, &mailbox_wildcard)
            }
            CommandBody::Status { mailbox, item_names } => self.status(&wire_name(&mailbox), &item_names),
            CommandBody::Namespace => {
                let (prefix, delimiter) = (self.shared.profile.prefix(), self.shared.profile.delimiter());
                self.say(&format!("* NAMESPACE ((\"{prefix}\" \"{delimiter}\")) NIL NIL\r\n"));
                Reply::ok("Namespace completed")
            }
            CommandBody::Enable { .. } => {
                self.say("* ENABLED\r\n");
                Reply::ok("Enabled")
            }
            other => return Err(Box::new(other)),
        })
    }

    fn owner(&self) -> String {
        self.user.clone().unwrap_or_default()
    }

    pub(super) fn leave(&mut self) -> Reply {
        if self.view.take().is_none() {
            return Reply::bad("No mailbox is selected");
        }
        self.seat(|seat| seat.mailbox = None);
        Reply::ok("Unselected")
    }

    fn select(&mut self, name: &str, read_only: bool) -> Reply {
        self.view = None;
        let (user, profile) = (self.owner(), self.shared.profile);
        let mut text = String::new();
        let view = self.shared.look(|state| {
            let mailbox = state.mail.mailbox_mut(&user, name)?;
            let view = View::open(name, mailbox, read_only);
            let permanent =
                if view.read_only { "" } else { "\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*" };
            let _ = write!(
                text,
                "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n\
                 * OK [PERMANENTFLAGS ({permanent})] Flags permitted\r\n\
                 * {} EXISTS\r\n* {} RECENT\r\n",
                view.uids.len(),
                view.recent.len(),
            );
            let first = mailbox.messages.values().position(|message| !message.flags.contains("\\Seen"));
            if let Some(first) = first {
                let _ = write!(text, "* OK [UNSEEN {}] First unseen\r\n", first + 1);
            }
            let _ = write!(text, "* OK [UIDVALIDITY {}] UIDs valid\r\n", mailbox.uidvalidity);
            if profile.uidnext_in_select() {
                let _ = write!(text, "* OK [UIDNEXT {}] Predicted next UID\r\n", mailbox.uidnext);
            }
            if mailbox.uid_not_sticky {
                text.push_str("* NO [UIDNOTSTICKY] UIDs do not last\r\n");
            }
            Some(view)
        });
        self.say(&text);
        let Some(view) = view else {
            self.seat(|seat| seat.mailbox = None);
            return Reply::no("[NONEXISTENT] No such mailbox");
        };
        let code = if view.read_only { "READ-ONLY" } else { "READ-WRITE" };
        self.view = Some(view);
        self.seat(|seat| seat.mailbox = Some(name.to_owned()));
        Reply::ok(format!("[{code}] Selected"))
    }

    fn create(&mut self, name: &str) -> Reply {
        let (user, profile) = (self.owner(), self.shared.profile);
        let name = name.strip_suffix(profile.delimiter()).unwrap_or(name);
        if !well_formed(name) {
            return Reply::no("[CANNOT] Not a name for a mailbox");
        }
        let other_place = name != "INBOX" && !name.starts_with(profile.prefix());
        if other_place || (name == profile.prefix()) {
            return Reply::no("Invalid mailbox name");
        }
        self.shared.change(|state| {
            if state.mail.mailbox(&user, name).is_some() {
                return Reply::no("[ALREADYEXISTS] Mailbox exists already");
            }
            state.mail.ensure(&user, name);
            Reply::ok("Created")
        })
    }

    fn delete(&mut self, name: &str) -> Reply {
        if name == "INBOX" {
            return Reply::no("[CANNOT] INBOX stays");
        }
        let user = self.owner();
        if self.view.as_ref().is_some_and(|view| view.mailbox == name) {
            self.leave();
        }
        self.shared.change(|state| {
            let user = state.mail.users.get_mut(&user);
            match user.and_then(|user| user.mailboxes.remove(name)) {
                Some(_) => Reply::ok("Deleted"),
                None => Reply::no("[NONEXISTENT] No such mailbox"),
            }
        })
    }

    fn rename(&mut self, from: &str, to: &str) -> Reply {
        let (user, profile) = (self.owner(), self.shared.profile);
        if !well_formed(to) || !to.starts_with(profile.prefix()) {
            return Reply::no("[CANNOT] Not a name for a mailbox");
        }
        let delimiter = profile.delimiter();
        let reply = self.shared.change(|state| rename(&mut state.mail, &user, from, to, delimiter));
        if reply.is_ok()
            && from != "INBOX"
            && let Some(view) = self.view.as_mut().filter(|view| view.mailbox == from)
        {
            to.clone_into(&mut view.mailbox);
        }
        reply
    }

    fn subscribe(&mut self, name: &str, on: bool) -> Reply {
        let user = self.owner();
        self.shared.change(|state| {
            let Some(user) = state.mail.users.get_mut(&user) else { return Reply::no("No such user") };
            if on {
                user.subscribed.insert(name.to_owned());
            } else {
                user.subscribed.remove(name);
            }
            Reply::ok("Done")
        })
    }

    fn list(&mut self, verb: &str, reference: &Mailbox<'_>, wildcard: &ListMailbox<'_>) -> Reply {
        let delimiter = self.shared.profile.delimiter();
        let wanted = match wildcard {
            ListMailbox::Token(token) => token.as_ref(),
            ListMailbox::String(string) => string.as_ref(),
        };
        let wanted = String::from_utf8_lossy(wanted).into_owned();
        if wanted.is_empty() && verb == "LIST" {
            self.say(&format!("* LIST (\\Noselect) \"{delimiter}\" \"\"\r\n"));
            return Reply::ok("List completed");
        }
        let pattern = canonical(&format!("{}{wanted}", raw_name(reference)));
        let lines = listed(&self.shared, &self.owner(), verb == "LSUB");
        for (name, attributes) in lines {
            if names::matches(&pattern, &name, delimiter) {
                self.say(&format!("* {verb} ({attributes}) \"{delimiter}\" {}\r\n", quoted(&name)));
            }
        }
        Reply::ok("List completed")
    }

    fn status(&mut self, name: &str, items: &[StatusDataItemName]) -> Reply {
        let user = self.owner();
        let values = self.shared.look(|state| {
            let mailbox = state.mail.mailbox(&user, name)?;
            let recent = mailbox.messages.range(mailbox.recent_from..).count();
            let mut values = Vec::new();
            for item in items {
                match item {
                    StatusDataItemName::Messages => {
                        values.push(format!("MESSAGES {}", mailbox.messages.len()));
                    }
                    StatusDataItemName::Recent => values.push(format!("RECENT {recent}")),
                    StatusDataItemName::UidNext => values.push(format!("UIDNEXT {}", mailbox.uidnext)),
                    StatusDataItemName::UidValidity => {
                        values.push(format!("UIDVALIDITY {}", mailbox.uidvalidity));
                    }
                    StatusDataItemName::Unseen => values.push(format!("UNSEEN {}", mailbox.unseen())),
                    // RFC 9051 and QUOTA items are not offered by any profile.
                    _ => {}
                }
            }
            Some(values.join(" "))
        });
        let Some(values) = values else { return Reply::no("[NONEXISTENT] No such mailbox") };
        self.say(&format!("* STATUS {} ({values})\r\n", quoted(name)));
        Reply::ok("Status completed")
    }
}

/// The name as it stands in the store.
pub(super) fn wire_name(mailbox: &Mailbox<'_>) -> String {
    canonical(&raw_name(mailbox))
}

fn raw_name(mailbox: &Mailbox<'_>) -> String {
    match mailbox {
        Mailbox::Inbox => "INBOX".to_owned(),
        Mailbox::Other(other) => String::from_utf8_lossy(other.as_ref()).into_owned(),
    }
}

/// All names with their attributes, and the levels above them that are no mailboxes themselves.
fn listed(shared: &Shared, user: &str, subscribed: bool) -> BTreeMap<String, String> {
    let delimiter = shared.profile.delimiter();
    shared.look(|state| {
        let Some(user) = state.mail.users.get(user) else { return BTreeMap::new() };
        if subscribed {
            return user.subscribed.iter().map(|name| (name.clone(), String::new())).collect();
        }
        let mut levels = BTreeSet::new();
        for name in user.mailboxes.keys() {
            let ends = name.match_indices(delimiter).map(|(at, _)| at);
            levels.extend(ends.filter_map(|at| name.get(..at)).map(str::to_owned));
        }
        let mut all = BTreeMap::new();
        for (name, mailbox) in &user.mailboxes {
            let mut attributes =
                if levels.contains(name) { "\\HasChildren" } else { "\\HasNoChildren" }.to_owned();
            if let Some(attribute) = mailbox.special_use {
                let _ = write!(attributes, " {attribute}");
            }
            all.insert(name.clone(), attributes);
        }
        for level in levels {
            all.entry(level).or_insert_with(|| "\\Noselect \\HasChildren".to_owned());
        }
        all
    })
}

/// RENAME with what lies beneath; INBOX stays and gives its mail away (RFC 9051 §6.3.6).
fn rename(mail: &mut Mail, user: &str, from: &str, to: &str, delimiter: char) -> Reply {
    if mail.mailbox(user, to).is_some() {
        return Reply::no("[ALREADYEXISTS] Mailbox exists already");
    }
    let Some(source) = mail.mailbox(user, from) else {
        return Reply::no("[NONEXISTENT] No such mailbox");
    };
    if from == "INBOX" {
        let uids: Vec<u32> = source.messages.keys().copied().collect();
        mail.ensure(user, to);
        mail.transfer(user, (from, to), &uids, false);
        return Reply::ok("Renamed");
    }
    let Some(user) = mail.users.get_mut(user) else { return Reply::no("No such user") };
    let beneath = format!("{from}{delimiter}");
    let names: Vec<String> = user.mailboxes.keys().cloned().collect();
    for name in names {
        let new = if name == from {
            Some(to.to_owned())
        } else {
            name.strip_prefix(&beneath).map(|rest| format!("{to}{delimiter}{rest}"))
        };
        if let Some(new) = new
            && let Some(mailbox) = user.mailboxes.remove(&name)
        {
            user.mailboxes.insert(new, mailbox);
        }
    }
    Reply::ok("Renamed")
}
