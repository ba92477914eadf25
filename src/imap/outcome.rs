//! What replies mean: how they ended, their response code, COPYUID.

use async_imap::imap_proto::rfc4315::UidSetMember;
use async_imap::imap_proto::{MailboxDatum, Outcome as Parsed, Response, ResponseCode, Status};

use super::error::{Error, ServerText};

/// How a tagged reply, or a greeting, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Ok,
    No,
    Bad,
}

/// COPYUID (RFC 4315): UIDVALIDITY of the destination, and the two sets as given.
#[derive(Debug, Clone)]
pub(super) struct CopyUid {
    pub(super) uidvalidity: u32,
    pub(super) from: Vec<UidSetMember>,
    pub(super) to: Vec<UidSetMember>,
}

/// A tagged reply.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) end: End,
    /// Response code's word, in capitals.
    pub(super) code: Option<String>,
    pub(super) copyuid: Option<CopyUid>,
    /// APPENDUID (RFC 4315): UIDVALIDITY and UID.
    pub(super) appenduid: Option<(u32, u32)>,
    pub(super) text: ServerText,
}

impl Outcome {
    /// Anything but OK becomes the error it is.
    pub(super) fn ok(self, command: &'static str) -> Result<Self, Error> {
        let Self { end, code, text, .. } = self;
        match end {
            End::Ok => Ok(Self { end, code, text, copyuid: self.copyuid, appenduid: self.appenduid }),
            End::No => Err(Error::No { command, code, text }),
            End::Bad => Err(Error::Bad { command, code, text }),
        }
    }
}

/// What one response means to the executor itself; callers see the response too.
pub(super) enum Event {
    Done(String, Outcome),
    Continue,
    Bye(Option<String>, ServerText),
    Exists(u32),
    Expunge,
    Other,
}

pub(super) fn meaning(response: &Response<'_>) -> Event {
    match response {
        Response::Done { tag, status, outcome } => {
            let end = match status {
                Status::Ok => End::Ok,
                Status::No => End::No,
                Status::Bad | Status::Bye | Status::PreAuth => End::Bad,
            };
            Event::Done(tag.0.clone(), owned(end, outcome))
        }
        Response::Continue(_) => Event::Continue,
        Response::Data { status: Status::Bye, outcome } => Event::Bye(code_word(outcome), text(outcome)),
        Response::MailboxData(MailboxDatum::Exists(count)) => Event::Exists(*count),
        Response::Expunge(_) => Event::Expunge,
        _ => Event::Other,
    }
}

fn owned(end: End, parsed: &Parsed<'_>) -> Outcome {
    Outcome {
        end,
        code: code_word(parsed),
        copyuid: copyuid(parsed),
        appenduid: appenduid(parsed),
        text: text(parsed),
    }
}

pub(super) fn text(parsed: &Parsed<'_>) -> ServerText {
    ServerText::new(parsed.information.as_deref().unwrap_or_default())
}

/// COPYUID, in an untagged OK (MOVE) or in the tagged one (COPY, Gmail's MOVE).
pub(super) fn copyuid(parsed: &Parsed<'_>) -> Option<CopyUid> {
    match &parsed.code {
        Some(ResponseCode::CopyUid(uidvalidity, from, to)) => {
            Some(CopyUid { uidvalidity: *uidvalidity, from: from.clone(), to: to.clone() })
        }
        _ => None,
    }
}

/// APPENDUID of one message; 0 is no UID.
fn appenduid(parsed: &Parsed<'_>) -> Option<(u32, u32)> {
    match &parsed.code {
        Some(ResponseCode::AppendUid(uidvalidity, uids)) => match uids.as_slice() {
            [UidSetMember::Uid(uid)] => Some((*uidvalidity, *uid)),
            [UidSetMember::UidRange(range)] if range.start() == range.end() => {
                Some((*uidvalidity, *range.start()))
            }
            _ => None,
        },
        _ => None,
    }
    .filter(|(uidvalidity, uid)| *uidvalidity != 0 && *uid != 0)
}

/// The response code's first word. imap-proto types the old ones and leaves the others (AUTHENTICATIONFAILED, LIMIT, …) in the text.
pub(super) fn code_word(parsed: &Parsed<'_>) -> Option<String> {
    let typed = match &parsed.code {
        Some(ResponseCode::Alert) => "ALERT",
        Some(ResponseCode::BadCharset(_)) => "BADCHARSET",
        Some(ResponseCode::Capabilities(_)) => "CAPABILITY",
        Some(ResponseCode::ReadOnly) => "READ-ONLY",
        Some(ResponseCode::ReadWrite) => "READ-WRITE",
        Some(ResponseCode::TryCreate) => "TRYCREATE",
        Some(ResponseCode::UidNotSticky) => "UIDNOTSTICKY",
        Some(ResponseCode::CopyUid(..)) => "COPYUID",
        Some(ResponseCode::AppendUid(..)) => "APPENDUID",
        Some(ResponseCode::UidNext(_)) => "UIDNEXT",
        Some(ResponseCode::UidValidity(_)) => "UIDVALIDITY",
        Some(_) => return None,
        None => {
            let inner = parsed.information.as_deref()?.strip_prefix('[')?;
            let word = inner.split([' ', ']']).next()?;
            let plain = word.len() <= 40
                && !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
            return plain.then(|| word.to_ascii_uppercase());
        }
    };
    Some(typed.to_owned())
}
