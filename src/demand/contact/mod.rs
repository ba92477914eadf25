//! Contact how: telephone, links, messengers, addresses.

mod link;
mod phone;

use crate::indicator::Context;
use crate::message::{Address, Excerpt, Message, Place};

use super::page::{Page, clean, is_invisible};
use super::{Contact, PayTo, Quote};

/// Different contacts kept.
const MOST: usize = 12;

/// By which way somebody is to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ContactKind {
    Phone,
    Url,
    Line,
    Email,
    Telegram,
    Whatsapp,
    Signal,
    /// Another messenger: WeChat, Skype, KakaoTalk, Wickr, ...
    Other,
}

/// Every contact, each once: telephone, links, messengers, addresses.
pub(super) fn contacts(
    message: &Message,
    context: &Context,
    pages: &[Page<'_>],
    pay_to: &[PayTo],
) -> Vec<Contact> {
    let mut out: Vec<Contact> = Vec::new();
    let mut push = |contact: Contact| {
        let known = out.iter().any(|other| {
            other.kind == contact.kind && key(&other.value, other.kind) == key(&contact.value, contact.kind)
        });
        if !known && out.len() < MOST && !contact.value.is_empty() {
            out.push(contact);
        }
    };
    let accounts: Vec<Contact> = pages.iter().flat_map(link::accounts).collect();
    for page in pages {
        for (value, span) in phone::phones(page) {
            // The number of a messenger is listed as that.
            // So is the number of an account.
            let value = unbracketed(&value);
            let taken = accounts.iter().any(|account| digits(&account.value) == digits(&value))
                || pay_to.iter().any(|pay| digits(&pay.value).contains(&digits(&value)));
            if !taken {
                push(Contact { kind: ContactKind::Phone, value, quote: page.quote(span) });
            }
        }
    }
    for (index, link) in message.links.iter().enumerate().filter(|(_, link)| link.scheme == "tel") {
        let value = clean(link.target.split_once(':').map_or("", |(_, number)| number));
        let quote = Quote { place: Place::Link(index + 1), excerpt: Excerpt::new(&link.target) };
        push(Contact { kind: ContactKind::Phone, value, quote });
    }
    link::links(message, context, pages).into_iter().for_each(&mut push);
    accounts.into_iter().for_each(&mut push);
    emails(message, context, pages).into_iter().for_each(&mut push);
    out
}

/// Without a bracket that has no partner.
fn unbracketed(value: &str) -> String {
    let alone = value.contains('(') && !value.contains(')');
    if alone { value.replace('(', "").trim().to_owned() } else { value.to_owned() }
}

/// What makes two values the same contact.
fn key(value: &str, kind: ContactKind) -> String {
    match kind {
        ContactKind::Phone | ContactKind::Whatsapp => {
            let digits = digits(value);
            digits.strip_prefix("81").map_or(digits.clone(), |rest| format!("0{rest}"))
        }
        _ => value.trim_end_matches('/').trim_start_matches('@').to_lowercase(),
    }
}

fn digits(value: &str) -> String {
    value.chars().filter(char::is_ascii_digit).collect()
}

/// Reply-To where it differs from From, and addresses that the text gives. Not the person's own, and not those of quoted
/// header lines.
fn emails(message: &Message, context: &Context, pages: &[Page<'_>]) -> Vec<Contact> {
    let mut out = Vec::new();
    // Where the envelope or a list says to whom it went, that is no contact either.
    let delivered: Vec<String> = message
        .fields
        .iter()
        .filter(|(name, _)| {
            matches!(
                name.as_str(),
                "delivered-to" | "x-original-to" | "envelope-to" | "x-delivered-to" | "list-post"
            )
        })
        .map(|(_, value)| value.to_ascii_lowercase())
        .take(8)
        .collect();
    let own = |addr: &str| {
        let lower = addr.to_ascii_lowercase();
        let machine = ["-leave@", "-request@", "-owner@", "@lists.", "unsubscribe@", "optout@"];
        machine.iter().any(|word| lower.contains(word))
            || delivered.iter().any(|value| value.contains(&lower))
            || message.to.iter().chain(&message.cc).any(|to| to.addr.eq_ignore_ascii_case(addr))
            || context.own_addresses.iter().any(|own| own.eq_ignore_ascii_case(addr))
    };
    // What stands in the text with the recipient's own domain is mostly the recipient.
    let at_home = |addr: &str| {
        let domain = addr.rsplit_once('@').map_or("", |(_, domain)| domain);
        message.to.iter().any(|to| to.domain.eq_ignore_ascii_case(domain))
            && !message
                .from
                .iter()
                .chain(&message.reply_to)
                .any(|from| from.domain.eq_ignore_ascii_case(domain))
    };
    let author = |addr: &str| message.from.iter().any(|from| from.addr.eq_ignore_ascii_case(addr));
    for Address { addr, .. } in message.reply_to.iter().take(3) {
        if addr.contains('@') && !author(addr) && !own(addr) {
            let quote = Quote { place: Place::Header("reply-to".to_owned()), excerpt: Excerpt::new(addr) };
            out.push(Contact { kind: ContactKind::Email, value: clean(addr), quote });
        }
    }
    for page in pages {
        for line in page.own_lines().filter(|line| line.written.contains(AT_SIGNS)) {
            let visible: String = line.written.chars().filter(|c| !is_invisible(*c)).collect();
            if is_header_line(&visible) {
                continue;
            }
            for addr in addresses(&clean_line(&visible)) {
                if !own(&addr) && !at_home(&addr) {
                    out.push(Contact {
                        kind: ContactKind::Email,
                        value: addr,
                        quote: page.quote_of(&visible),
                    });
                }
            }
        }
    }
    for (index, link) in message.links.iter().enumerate().filter(|(_, link)| link.scheme == "mailto") {
        let addr =
            link.target.split_once(':').map_or("", |(_, to)| to).split(['?', ',']).next().unwrap_or_default();
        let lower = link.target.to_ascii_lowercase();
        if addr.contains('@') && !own(addr) && !lower.contains("unsubscribe") {
            let quote = Quote { place: Place::Link(index + 1), excerpt: Excerpt::new(addr) };
            out.push(Contact { kind: ContactKind::Email, value: clean(addr), quote });
        }
    }
    out
}

/// What NFKC makes an `@` of.
const AT_SIGNS: [char; 3] = ['@', '\u{fe6b}', '\u{ff20}'];

/// Full-width signs made plain, without the bound of [`clean`].
fn clean_line(line: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    line.nfkc().take(4_000).collect()
}

/// `From: a@b`, `差出人: …`: the header of a message that is quoted.
fn is_header_line(line: &str) -> bool {
    let lower = line.trim_start().to_lowercase();
    ["from:", "to:", "cc:", "sent:", "差出人:", "宛先:", "差出人：", "宛先：", "on "]
        .iter()
        .any(|head| lower.starts_with(head))
        && (!lower.starts_with("on ") || lower.trim_end().ends_with("wrote:"))
}

/// Mail addresses of a line.
fn addresses(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in line.match_indices('@').take(20) {
        let (head, tail) = line.split_at_checked(at).unwrap_or_default();
        let local: String = head
            .chars()
            .rev()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%'))
            .take(64)
            .collect();
        let local: String = local.chars().rev().collect();
        let local = local.trim_start_matches(['.', '-', '_']);
        let host: String = tail
            .chars()
            .skip(1)
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
            .take(255)
            .collect();
        let host = host.trim_end_matches(['.', '-']);
        let dotted = host.rsplit_once('.').is_some_and(|(name, end)| {
            !name.is_empty() && end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphabetic())
        });
        // Within a link it is part of the link.
        let linked = head.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"));
        if !local.is_empty() && dotted && !linked {
            out.push(format!("{local}@{}", host.to_ascii_lowercase()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_at_sign_is_known() {
        use unicode_normalization::UnicodeNormalization;
        let signs = ('\0'..=char::MAX).filter(|ch| ch.nfkc().any(|c| c == '@'));
        assert_eq!(signs.collect::<Vec<_>>(), AT_SIGNS);
    }

    #[test]
    fn addresses_of_a_line() {
        assert_eq!(
            addresses(
                "連絡は a.b+c@Mail.Example.com、または<d@example.net>. https://x@y.example/ @abc e@localhost"
            ),
            ["a.b+c@mail.example.com", "d@example.net"]
        );
    }
}
