//! What is wanted: to pay, to call, to log in, ...

use super::cue::Cue;
use super::page::Page;
use super::{Contact, ContactKind, Quote, Wanted};

/// Something that a message asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// Money.
    Pay,
    /// Codes of cards, or pictures of them; one-time codes.
    HandOverCodes,
    /// A telephone call.
    Call,
    /// An answer by mail.
    Reply,
    /// To log in, to type in secrets, to "confirm" an account.
    LogIn,
    /// To follow a link.
    Click,
    /// To open a file, or let its macros run.
    OpenFile,
    /// To install a program.
    Install,
    /// To tell nobody.
    KeepSecret,
    /// To pay to another account from now on.
    ChangeBankDetails,
    /// To meet, or to let somebody in.
    Meet,
    /// Papers and personal details.
    SendDocuments,
    /// To go on in a messenger.
    JoinChat,
}

const CUES: &[(Want, Cue, Option<Cue>)] = &[
    (Want::Pay, Cue::Pay, None),
    (Want::HandOverCodes, Cue::HandOver, None),
    (Want::Call, Cue::Call, None),
    (Want::Reply, Cue::Reply, Some(Cue::NotReply)),
    (Want::LogIn, Cue::LogIn, None),
    (Want::Click, Cue::Click, Some(Cue::NotClick)),
    (Want::OpenFile, Cue::OpenFile, None),
    (Want::Install, Cue::Install, None),
    (Want::KeepSecret, Cue::KeepSecret, Some(Cue::NotSecret)),
    (Want::ChangeBankDetails, Cue::ChangeBank, None),
    (Want::Meet, Cue::Meet, None),
    (Want::SendDocuments, Cue::SendDocuments, None),
    (Want::JoinChat, Cue::JoinChat, None),
];

/// What the contacts that were found say about what is asked: a link that is called for is to be followed, and without a
/// link nothing is; a number beside "contact us, or else" is to be called.
pub(super) fn complete(wants: &mut Vec<Wanted>, contacts: &[Contact], pages: &[Page<'_>]) {
    let first = |kind: ContactKind| contacts.iter().find(|contact| contact.kind == kind);
    let has = |wants: &[Wanted], want: Want| wants.iter().any(|wanted| wanted.want == want);
    match first(ContactKind::Url) {
        None => {
            let coins = pages.iter().any(|page| page.cues.has(Cue::Crypto));
            // A letter about coins that speaks of passwords boasts; it has nothing to log in to.
            wants.retain(|wanted| {
                wanted.want != Want::Click && !(coins && matches!(wanted.want, Want::LogIn | Want::Install))
            });
        }
        Some(link) if !has(wants, Want::Click) => {
            wants.push(Wanted { want: Want::Click, quote: link.quote.clone() });
        }
        Some(_) => {}
    }
    if first(ContactKind::Phone).is_some()
        && !has(wants, Want::Call)
        && let Some(quote) = pages.iter().find_map(|page| asked(page, Cue::ContactUs, None))
    {
        wants.push(Wanted { want: Want::Call, quote });
    }
    if let Some(mail) = first(ContactKind::Email)
        && !has(wants, Want::Reply)
        && pages.iter().any(|page| page.cues.has(Cue::ContactUs))
    {
        wants.push(Wanted { want: Want::Reply, quote: mail.quote.clone() });
    }
    if !has(wants, Want::OpenFile)
        && let Some(quote) = pages.iter().find_map(|page| asked(page, Cue::Macro, None))
    {
        wants.push(Wanted { want: Want::OpenFile, quote });
    }
    wants.sort_by_key(|wanted| wanted.want);
}

/// Everything that the words of the pages ask for, each with its first place, in the order of [`Want`].
pub(super) fn wants(pages: &[Page<'_>]) -> Vec<Wanted> {
    CUES.iter()
        .filter_map(|(want, cue, against)| {
            let quote = pages.iter().find_map(|page| asked(page, *cue, *against))?;
            Some(Wanted { want: *want, quote })
        })
        .collect()
}

fn asked(page: &Page<'_>, cue: Cue, against: Option<Cue>) -> Option<Quote> {
    let hit = page.cues.all(cue).iter().find(|hit| {
        let denied = [
            "do not ",
            "don't ",
            "never ",
            "not to ",
            "cannot ",
            "can't ",
            "no need to ",
            "rather than ",
            "instead of ",
        ];
        let lead = page.normal.get(..hit.start).unwrap_or_default();
        against.is_none_or(|against| page.cues.distance(against, hit).is_none_or(|distance| distance > 0))
            && (cue == Cue::KeepSecret || !denied.iter().any(|word| lead.ends_with(word)))
    })?;
    Some(page.quote(hit.clone()))
}
