//! FETCH: what is asked for, one message after another, so that a reply of any size needs little memory.

use super::command::Extra;
use super::mime::Entity;
use super::reply::Reply;
use super::session::Session;
use super::wire::End;
use super::{fault::Plan, section, structure};
use imap_codec::imap_types::fetch::{Macro, MacroOrMessageDataItemNames, MessageDataItemName};
use imap_codec::imap_types::sequence::SequenceSet;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt::Write as _;
use std::sync::Arc;

/// One message to tell about, as it was when the command came.
struct Job {
    number: usize,
    uid: u32,
    flags: String,
    internaldate: Timestamp,
    identity: u64,
    octets: Arc<[u8]>,
}

impl Session {
    pub(super) async fn fetch(
        &mut self,
        set: &SequenceSet,
        items: MacroOrMessageDataItemNames<'static>,
        extras: &[Extra],
        uid: bool,
    ) -> Result<Reply, End> {
        let mut items = match items {
            MacroOrMessageDataItemNames::Macro(all) => expand(&all),
            MacroOrMessageDataItemNames::MessageDataItemNames(items) => items,
        };
        if uid {
            items.insert(0, MessageDataItemName::Uid);
        }
        let marks = items.iter().any(marks_seen);
        if marks {
            items.push(MessageDataItemName::Flags);
        }
        let mut known = Vec::new();
        items.retain(|item| {
            let fresh = !known.contains(item);
            known.push(item.clone());
            fresh
        });
        let uids = match self.resolve(set, uid) {
            Ok(uids) => uids,
            Err(reply) => return Ok(reply),
        };
        let asked = uids.len();
        let jobs = self.jobs(&uids, marks);
        let missing = jobs.len() < asked;
        for job in jobs {
            if self.plan.omit.contains(&job.uid) {
                continue;
            }
            if let Some(text) = self.plan.poison.get(&job.uid).filter(|_| items.iter().any(is_body)) {
                return Ok(Reply::no(text.clone()));
            }
            tell(self.wire.out(), &job, &items, extras, &self.plan);
            if self.wire.full() {
                self.wire.flush().await?;
            }
        }
        Ok(if missing && !uid {
            Reply::no("[EXPUNGEISSUED] Some messages are no longer there")
        } else {
            Reply::ok("Fetch completed")
        })
    }

    fn jobs(&mut self, uids: &[u32], marks: bool) -> Vec<Job> {
        let (user, name) = self.place();
        let id = self.id;
        let Some(view) = self.view.as_ref() else { return Vec::new() };
        let marks = marks && !view.read_only;
        let gather = |state: &mut super::State| {
            let Some(mailbox) = state.mail.mailbox_mut(&user, &name) else { return Vec::new() };
            let mut jobs = Vec::with_capacity(uids.len());
            for uid in uids {
                if marks {
                    mailbox.set_flags(*uid, id, |flags| {
                        flags.insert("\\Seen".to_owned());
                    });
                }
                let (Some(message), Some(number)) = (mailbox.messages.get(uid), view.sequence(*uid)) else {
                    continue;
                };
                jobs.push(Job {
                    number,
                    uid: *uid,
                    flags: view.flags(*uid, message),
                    internaldate: message.internaldate,
                    identity: message.identity,
                    octets: message.octets.clone(),
                });
            }
            jobs
        };
        if marks { self.shared.change(gather) } else { self.shared.look(gather) }
    }
}

fn expand(all: &Macro) -> Vec<MessageDataItemName<'static>> {
    use MessageDataItemName::{Body, Envelope, Flags, InternalDate, Rfc822Size};
    match all {
        Macro::Full => vec![Flags, InternalDate, Rfc822Size, Envelope, Body],
        Macro::All => vec![Flags, InternalDate, Rfc822Size, Envelope],
        // Fast, and what a later imap-codec may add: the least.
        _ => vec![Flags, InternalDate, Rfc822Size],
    }
}

fn marks_seen(item: &MessageDataItemName<'_>) -> bool {
    matches!(
        item,
        MessageDataItemName::BodyExt { peek: false, .. }
            | MessageDataItemName::Rfc822
            | MessageDataItemName::Rfc822Text
    )
}

fn is_body(item: &MessageDataItemName<'_>) -> bool {
    matches!(
        item,
        MessageDataItemName::BodyExt { .. }
            | MessageDataItemName::Rfc822
            | MessageDataItemName::Rfc822Text
            | MessageDataItemName::Rfc822Header
    )
}

fn tell(out: &mut Vec<u8>, job: &Job, items: &[MessageDataItemName<'_>], extras: &[Extra], plan: &Plan) {
    let needs_parts = items.iter().any(|item| {
        !matches!(
            item,
            MessageDataItemName::Uid
                | MessageDataItemName::Flags
                | MessageDataItemName::InternalDate
                | MessageDataItemName::Rfc822Size
                | MessageDataItemName::BodyExt { section: None, .. }
                | MessageDataItemName::Rfc822
        )
    });
    let entity = if needs_parts { Entity::parse(&job.octets) } else { Entity::whole(&job.octets) };
    out.extend_from_slice(format!("* {} FETCH (", job.number).as_bytes());
    let start = out.len();
    let space = |out: &mut Vec<u8>| {
        if out.len() > start {
            out.push(b' ');
        }
    };
    for item in items {
        if *item == MessageDataItemName::Uid && plan.no_uid {
            continue;
        }
        space(out);
        tell_item(out, job, item, &entity, plan);
    }
    for extra in extras {
        space(out);
        let id = job.identity;
        let text = match extra {
            Extra::GmailId => format!("X-GM-MSGID {id}"),
            Extra::GmailThread => format!("X-GM-THRID {id}"),
            Extra::GmailLabels => "X-GM-LABELS ()".to_owned(),
            Extra::EmailId => format!("EMAILID (M{id:016x})"),
            Extra::ThreadId => "THREADID NIL".to_owned(),
        };
        out.extend_from_slice(text.as_bytes());
    }
    out.extend_from_slice(b")\r\n");
}

fn tell_item(out: &mut Vec<u8>, job: &Job, item: &MessageDataItemName<'_>, entity: &Entity, plan: &Plan) {
    let octets = &job.octets;
    let mut plain = |text: String| out.extend_from_slice(text.as_bytes());
    match item {
        MessageDataItemName::Uid => plain(format!("UID {}", job.uid)),
        MessageDataItemName::Flags => plain(format!("FLAGS {}", job.flags)),
        MessageDataItemName::InternalDate => plain(format!("INTERNALDATE {}", date(job.internaldate))),
        MessageDataItemName::Rfc822Size => {
            let size = (octets.len() as i64).saturating_add(plan.size_off).max(0);
            plain(format!("RFC822.SIZE {size}"));
        }
        MessageDataItemName::Envelope => {
            out.extend_from_slice(b"ENVELOPE ");
            structure::envelope(out, octets, entity);
        }
        MessageDataItemName::Body => {
            out.extend_from_slice(b"BODY ");
            structure::body(out, octets, entity, false);
        }
        MessageDataItemName::BodyStructure => {
            out.extend_from_slice(b"BODYSTRUCTURE ");
            structure::body(out, octets, entity, true);
        }
        MessageDataItemName::Rfc822 => tell_data(out, "RFC822", Some(octets), plan),
        MessageDataItemName::Rfc822Header => {
            tell_data(out, "RFC822.HEADER", octets.get(entity.header.clone()), plan);
        }
        MessageDataItemName::Rfc822Text => {
            tell_data(out, "RFC822.TEXT", octets.get(entity.body.clone()), plan);
        }
        MessageDataItemName::BodyExt { section, partial, .. } => {
            let data = section::find(octets, entity, section.as_ref());
            let mut label = format!("BODY[{}]", section::label(section.as_ref()));
            let data = match (data, partial) {
                (Some(data), Some((from, most))) => {
                    let _ = write!(label, "<{from}>");
                    let from = (*from as usize).min(data.len());
                    let to = from.saturating_add(most.get() as usize).min(data.len());
                    Some(data.get(from..to).unwrap_or_default().to_vec().into())
                }
                (data, _) => data,
            };
            tell_data(out, &label, data.as_deref(), plan);
        }
        // BINARY (RFC 3516) is not offered.
        _ => plain("UID 0".to_owned()),
    }
}

fn tell_data(out: &mut Vec<u8>, label: &str, data: Option<&[u8]>, plan: &Plan) {
    out.extend_from_slice(label.as_bytes());
    out.push(b' ');
    match data {
        Some(_) if plan.body.is_some() => structure::literal(out, plan.body.as_deref().unwrap_or_default()),
        Some(_) if plan.empty_body => out.extend_from_slice(b"\"\""),
        Some(data) if !plan.nil_body => structure::literal(out, data),
        _ => out.extend_from_slice(b"NIL"),
    }
}

/// INTERNALDATE as RFC 9051 §9 writes it, always in UTC.
fn date(time: Timestamp) -> String {
    let time = TimeZone::UTC.to_datetime(time);
    format!("\"{} +0000\"", time.strftime("%d-%b-%Y %H:%M:%S"))
}
