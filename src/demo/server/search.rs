//! SEARCH: whether a message fits a key (RFC 9051 §6.4.4).

use super::messages::names;
use super::mime::{header_of, value};
use super::store::Message;
use super::view::View;
use imap_codec::imap_types::datetime::NaiveDate;
use imap_codec::imap_types::search::SearchKey;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mail_parser::{HeaderValue, MessageParser};

/// A message that may fit.
pub(super) struct Candidate<'a> {
    pub(super) view: &'a View,
    pub(super) uid: u32,
    pub(super) message: &'a Message,
}

impl Candidate<'_> {
    pub(super) fn fits(&self, key: &SearchKey<'_>) -> bool {
        let size = self.message.octets.len();
        let recent = self.view.recent.contains(&self.uid);
        match key {
            SearchKey::All => true,
            SearchKey::And(keys) => keys.as_ref().iter().all(|key| self.fits(key)),
            SearchKey::Or(a, b) => self.fits(a) || self.fits(b),
            SearchKey::Not(key) => !self.fits(key),
            SearchKey::SequenceSet(set) => names(self.view, set, false, self.uid),
            SearchKey::Uid(set) => names(self.view, set, true, self.uid),
            SearchKey::Answered => self.has("\\Answered"),
            SearchKey::Deleted => self.has("\\Deleted"),
            SearchKey::Draft => self.has("\\Draft"),
            SearchKey::Flagged => self.has("\\Flagged"),
            SearchKey::Seen => self.has("\\Seen"),
            SearchKey::Unanswered => !self.has("\\Answered"),
            SearchKey::Undeleted => !self.has("\\Deleted"),
            SearchKey::Undraft => !self.has("\\Draft"),
            SearchKey::Unflagged => !self.has("\\Flagged"),
            SearchKey::Unseen => !self.has("\\Seen"),
            SearchKey::Keyword(name) => self.has(name.inner()),
            SearchKey::Unkeyword(name) => !self.has(name.inner()),
            SearchKey::Recent => recent,
            SearchKey::Old => !recent,
            SearchKey::New => recent && !self.has("\\Seen"),
            SearchKey::Larger(than) => size > *than as usize,
            SearchKey::Smaller(than) => size < *than as usize,
            SearchKey::Before(_) | SearchKey::On(_) | SearchKey::Since(_) => self.received(key),
            SearchKey::SentBefore(_) | SearchKey::SentOn(_) | SearchKey::SentSince(_) => self.sent(key),
            SearchKey::Bcc(text) => self.field("Bcc", text.as_ref()),
            SearchKey::Cc(text) => self.field("Cc", text.as_ref()),
            SearchKey::From(text) => self.field("From", text.as_ref()),
            SearchKey::To(text) => self.field("To", text.as_ref()),
            SearchKey::Subject(text) => self.field("Subject", text.as_ref()),
            SearchKey::Header(name, text) => {
                self.field(&String::from_utf8_lossy(name.as_ref()), text.as_ref())
            }
            SearchKey::Body(text) => self.text(text.as_ref(), false),
            SearchKey::Text(text) => self.text(text.as_ref(), true),
        }
    }

    fn has(&self, flag: &str) -> bool {
        self.message.flags.iter().any(|one| one.eq_ignore_ascii_case(flag))
    }

    /// INTERNALDATE by its day, without the time and the zone, as it is told in FETCH: UTC.
    fn received(&self, key: &SearchKey<'_>) -> bool {
        let day = TimeZone::UTC.to_datetime(self.message.internaldate).date();
        by_day(day, key)
    }

    fn sent(&self, key: &SearchKey<'_>) -> bool {
        let parsed = MessageParser::new().parse_headers(&*self.message.octets);
        let date = parsed.as_ref().and_then(|message| message.date());
        let day = date.and_then(|date| {
            Date::new(i16::try_from(date.year).ok()?, date.month.cast_signed(), date.day.cast_signed()).ok()
        });
        day.is_some_and(|day| by_day(day, key))
    }

    /// Whether a header field holds the text, as written or as decoded; an empty text asks only whether it is there.
    fn field(&self, name: &str, text: &[u8]) -> bool {
        let Some(written) = value(header_of(&self.message.octets), name) else { return false };
        let wanted = String::from_utf8_lossy(text).to_lowercase();
        if written.to_lowercase().contains(&wanted) {
            return true;
        }
        // Only an encoded-word can hold more than what is written.
        if !written.contains("=?") {
            return false;
        }
        let parsed = MessageParser::new().parse_headers(&*self.message.octets);
        let decoded = parsed.as_ref().and_then(|message| message.header(name)).map(shown);
        decoded.is_some_and(|decoded| decoded.to_lowercase().contains(&wanted))
    }

    fn text(&self, text: &[u8], with_header: bool) -> bool {
        let wanted = String::from_utf8_lossy(text).to_lowercase();
        let Some(message) = MessageParser::default().parse(&*self.message.octets) else { return false };
        let bodies = (0..message.text_body_count()).filter_map(|at| message.body_text(at));
        let in_body = bodies.into_iter().any(|body| body.to_lowercase().contains(&wanted));
        let in_header = || {
            let written = String::from_utf8_lossy(header_of(&self.message.octets)).to_lowercase();
            let mut decoded = message.headers().iter().map(|header| shown(header.value()).to_lowercase());
            written.contains(&wanted) || decoded.any(|decoded| decoded.contains(&wanted))
        };
        in_body || (with_header && in_header())
    }
}

fn by_day(day: Date, key: &SearchKey<'_>) -> bool {
    let date = |date: &NaiveDate| date.as_ref().to_string().parse::<Date>().ok();
    match key {
        SearchKey::Before(wanted) | SearchKey::SentBefore(wanted) => date(wanted).is_some_and(|w| day < w),
        SearchKey::On(wanted) | SearchKey::SentOn(wanted) => date(wanted) == Some(day),
        SearchKey::Since(wanted) | SearchKey::SentSince(wanted) => date(wanted).is_some_and(|w| day >= w),
        _ => false,
    }
}

fn shown(value: &HeaderValue<'_>) -> String {
    match value {
        HeaderValue::Text(text) => text.to_string(),
        HeaderValue::TextList(list) => list.join(" "),
        HeaderValue::Address(list) => {
            let one = |address: &mail_parser::Addr<'_>| {
                let name = address.name.as_deref().unwrap_or_default();
                format!("{name} {}", address.address.as_deref().unwrap_or_default())
            };
            list.iter().map(one).collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}
