//! Messages for the indicators' own tests.

use crate::message::Message;

use super::{Context, Indicator, Observables};

/// Whether an indicator fires on a plain Japanese or English body.
pub(super) fn fires(indicator: &Indicator, body: &str) -> bool {
    fires_raw(indicator, &raw("From: Example <info@shop.example>\r\n", body))
}

/// Whether an indicator fires on a whole message, in the mailbox of `hanako@example.net` at `mx.example.net`.
pub(super) fn fires_raw(indicator: &Indicator, message: &str) -> bool {
    let context = Context {
        own_addresses: vec!["hanako@example.net".to_owned()],
        authserv_ids: vec!["mx.example.net".to_owned()],
        ..Context::default()
    };
    let message = Message::parse(message.as_bytes());
    (indicator.check)(&Observables::new(&message, &context)).is_some()
}

/// A message of these header fields and this body, UTF-8.
pub(super) fn raw(fields: &str, body: &str) -> String {
    let kind =
        if fields.contains("Content-Type") { "" } else { "Content-Type: text/plain; charset=utf-8\r\n" };
    format!("{fields}MIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\n{kind}\r\n{body}\r\n")
}
