//! The sections of BODY[…] (RFC 9051 §6.4.5).

use super::mime::{Entity, fields};
use imap_codec::imap_types::core::AString;
use imap_codec::imap_types::fetch::{Part, Section};
use std::borrow::Cow;

/// The octets of a section; `None` where the message has no such part.
pub(super) fn find<'a>(
    octets: &'a [u8],
    root: &Entity,
    section: Option<&Section<'_>>,
) -> Option<Cow<'a, [u8]>> {
    let Some(section) = section else { return Some(Cow::Borrowed(octets)) };
    let range = match section {
        Section::Part(part) => part_of(root, part)?.body.clone(),
        Section::Mime(part) => part_of(root, part)?.header.clone(),
        Section::Header(part) => message_of(root, part.as_ref())?.header.clone(),
        Section::Text(part) => message_of(root, part.as_ref())?.body.clone(),
        Section::HeaderFields(part, names) => {
            return pick(octets, message_of(root, part.as_ref())?, names.as_ref(), true);
        }
        Section::HeaderFieldsNot(part, names) => {
            return pick(octets, message_of(root, part.as_ref())?, names.as_ref(), false);
        }
    };
    octets.get(range).map(Cow::Borrowed)
}

fn pick<'a>(octets: &[u8], entity: &Entity, names: &[AString<'_>], wanted: bool) -> Option<Cow<'a, [u8]>> {
    let header = octets.get(entity.header.clone())?;
    let mut picked = Vec::new();
    for field in fields(header) {
        let named = names.iter().any(|name| field.name.eq_ignore_ascii_case(name.as_ref()));
        if named == wanted {
            picked.extend_from_slice(field.whole);
        }
    }
    picked.extend_from_slice(b"\r\n");
    Some(Cow::Owned(picked))
}

fn part_of<'e>(root: &'e Entity, part: &Part) -> Option<&'e Entity> {
    let mut here = root;
    let mut inside = true;
    for number in part.0.as_ref() {
        // Below a message/rfc822 part the numbers count in the message that it carries.
        let container = if inside { here } else { here.message.as_deref().unwrap_or(here) };
        if container.children.is_empty() {
            // What is not multipart has exactly one part, its body; and what carries no message has none below it.
            let has_body = inside || here.message.is_some();
            if number.get() != 1 || !has_body {
                return None;
            }
            here = container;
        } else {
            here = container.children.get(number.get() as usize - 1)?;
        }
        inside = false;
    }
    Some(here)
}

fn message_of<'e>(root: &'e Entity, part: Option<&Part>) -> Option<&'e Entity> {
    match part {
        None => Some(root),
        Some(part) => part_of(root, part)?.message.as_deref(),
    }
}

/// The section as it is written in the reply.
pub(super) fn label(section: Option<&Section<'_>>) -> String {
    let path = |part: &Part| part.0.as_ref().iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
    let with = |part: &Option<Part>, word: &str| match part {
        Some(part) => format!("{}.{word}", path(part)),
        None => word.to_owned(),
    };
    match section {
        None => String::new(),
        Some(Section::Part(part)) => path(part),
        Some(Section::Mime(part)) => format!("{}.MIME", path(part)),
        Some(Section::Header(part)) => with(part, "HEADER"),
        Some(Section::Text(part)) => with(part, "TEXT"),
        Some(Section::HeaderFields(part, names)) => {
            format!("{} ({})", with(part, "HEADER.FIELDS"), listed(names.as_ref()))
        }
        Some(Section::HeaderFieldsNot(part, names)) => {
            format!("{} ({})", with(part, "HEADER.FIELDS.NOT"), listed(names.as_ref()))
        }
    }
}

fn listed(names: &[AString<'_>]) -> String {
    let shown = names.iter().map(|name| {
        // As an atom where it is one: that is how clients send field names, and some compare the label as text.
        let name = String::from_utf8_lossy(name.as_ref()).into_owned();
        let atom =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if atom { name } else { super::reply::quoted(&name) }
    });
    shown.collect::<Vec<_>>().join(" ")
}
