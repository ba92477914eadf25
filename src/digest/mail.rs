//! The digest, and the notice of an urgent message, as the octets of a message that is put into a mailbox by IMAP APPEND.
//! Nothing is sent: it names no envelope, and its addresses end in `.invalid` (RFC 2606).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::rfc2822;
use sha2::{Digest as _, Sha256};

use super::alert::Alert;
use super::day::Day;
use super::inert::inert;
use super::text::text;
use crate::document::Language;
use crate::evidence::{Digest, EvidenceId};

/// Who writes.
const FROM: &str = "komainu <digest@komainu.invalid>";
/// Octets of a line of base64 (RFC 2045 §6.8: at most 76).
const LINE: usize = 76;

/// What a message names beside its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading<'h> {
    /// The account's own address; where it is none that can stand in a header, the message names no recipient.
    pub to: Option<&'h str>,
    /// Without angle brackets: [`message_id`], [`alert_id`].
    pub message_id: &'h str,
    /// The Date field, written in UTC.
    pub date: Timestamp,
}

/// The digest as a message (RFC 5322, CRLF, lines of at most 76 octets): text only, with the checkpoint verbatim.
pub fn mail(day: &Day, lang: Language, heading: Heading<'_>) -> Vec<u8> {
    message(&subject(day, lang), &text(day, lang), lang, heading)
}

/// The notice of an urgent message, likewise.
pub fn alert_mail(alert: &Alert, lang: Language, heading: Heading<'_>) -> Vec<u8> {
    message(&alert.subject(lang), &alert.text(lang), lang, heading)
}

/// The Subject of the digest: counts, nothing that a sender wrote.
pub fn subject(day: &Day, lang: Language) -> String {
    let what = super::words::headline(day, lang);
    match lang {
        Language::Ja => format!("[komainu] {} 日報: {what}", day.date),
        Language::En => format!("[komainu] digest of {}: {what}", day.date),
    }
}

/// The Message-ID, without angle brackets, of an account's digest of a day: always the same, so that it can be looked for before it is put there
/// again. `fingerprint`: SHA-256 of the record's first public key.
pub fn message_id(fingerprint: Digest, account: &str, date: Date) -> String {
    id("digest", fingerprint, account, &date.to_string())
}

/// The Message-ID of the notice of these messages, likewise.
pub fn alert_id(fingerprint: Digest, account: &str, ids: &[EvidenceId]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    id("alert", fingerprint, account, &ids.join(","))
}

fn id(kind: &str, fingerprint: Digest, account: &str, of: &str) -> String {
    let text = format!("{kind}\n{fingerprint}\n{account}\n{of}\n");
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    format!("{kind}.{}@komainu.invalid", hash.get(..32).unwrap_or_default())
}

fn message(subject: &str, body: &str, lang: Language, heading: Heading<'_>) -> Vec<u8> {
    let date =
        rfc2822::to_string(&heading.date.to_zoned_datetime(jiff::tz::TimeZone::UTC)).unwrap_or_default();
    let mut out = String::new();
    let mut field = |name: &str, value: &str| {
        out.push_str(name);
        out.push_str(": ");
        out.push_str(value);
        out.push_str("\r\n");
    };
    field("Date", &date);
    field("From", FROM);
    field("To", heading.to.filter(|to| is_address(to)).unwrap_or("undisclosed-recipients:;"));
    field("Subject", &encoded_words(subject));
    field("Message-ID", &format!("<{}>", heading.message_id));
    field("Auto-Submitted", "auto-generated");
    field("MIME-Version", "1.0");
    field("Content-Type", "text/plain; charset=utf-8");
    field("Content-Transfer-Encoding", "base64");
    field("Content-Language", lang.code());
    out.push_str("\r\n");
    let body: String = body.lines().flat_map(|line| [line, "\r\n"]).collect();
    let encoded = STANDARD.encode(body);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(LINE).unwrap_or((rest, ""));
        out.push_str(line);
        out.push_str("\r\n");
        rest = after;
    }
    out.into_bytes()
}

/// One plain address: nothing that could end a header field or begin another recipient.
fn is_address(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"<>()[]\\,;:\"".contains(c);
    let mut parts = text.split('@');
    let (local, domain, more) = (parts.next(), parts.next(), parts.next());
    text.len() <= 254
        && text.chars().all(plain)
        && more.is_none()
        && [local, domain].into_iter().all(|part| part.is_some_and(|part| !part.is_empty()))
}

/// RFC 2047: encoded-words of whole characters, folded; each fits into a line of 76 octets, the first behind the field's name.
fn encoded_words(text: &str) -> String {
    const ROOM: usize = 39;
    let text = inert(text);
    if text.is_ascii() && text.len() <= 60 {
        return text;
    }
    let mut words: Vec<String> = Vec::new();
    let mut part = String::new();
    for ch in text.chars() {
        if part.len() + ch.len_utf8() > ROOM {
            words.push(std::mem::take(&mut part));
        }
        part.push(ch);
    }
    words.push(part);
    let words: Vec<String> =
        words.iter().map(|part| format!("=?utf-8?B?{}?=", STANDARD.encode(part))).collect();
    words.join("\r\n ")
}
