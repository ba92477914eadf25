//! The digest as a message in the person's own mailbox.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use komainu::digest::{self, Alert, Heading};
use komainu::document::Language;
use komainu::evidence::{Digest, EvidenceId};
use komainu::indicator::Category;
use mail_parser::MessageParser;
use uuid::Uuid;

use super::sample::{NOTE, at, full};

fn heading<'h>(to: Option<&'h str>, message_id: &'h str) -> Heading<'h> {
    Heading { to, message_id, date: at("2026-11-23T15:05:00Z") }
}

#[test]
fn it_is_a_plain_message_with_the_checkpoint_as_it_is() {
    let day = full();
    let id = digest::message_id(Digest::of(b"key"), "hanako", day.date);
    for lang in [Language::Ja, Language::En] {
        let octets = digest::mail(&day, lang, heading(Some("hanako@example.jp"), &id));
        assert!(octets.split(|b| *b == b'\n').all(|line| line.len() <= 78), "long line");
        assert!(octets.iter().all(u8::is_ascii));
        let lone = octets.windows(2).filter(|pair| pair[1] == b'\n' && pair[0] != b'\r').count();
        assert_eq!(lone, 0);
        let parsed = MessageParser::default().parse(&octets).unwrap();
        assert_eq!(parsed.subject().unwrap(), digest::subject(&day, lang));
        assert_eq!(parsed.message_id().unwrap(), id);
        assert_eq!(parsed.header_raw("Auto-Submitted").unwrap().trim(), "auto-generated");
        assert_eq!(parsed.from().unwrap().first().unwrap().address().unwrap(), "digest@komainu.invalid");
        assert_eq!(parsed.to().unwrap().first().unwrap().address().unwrap(), "hanako@example.jp");
        assert_eq!(parsed.date().unwrap().to_rfc3339(), "2026-11-23T15:05:00Z");
        let body = parsed.body_text(0).unwrap().replace("\r\n", "\n");
        assert!(body.contains(NOTE), "{body}");
        assert_eq!(parsed.parts.len(), 1);
    }
}

#[test]
fn its_id_is_always_the_same_and_no_other_has_it() {
    let date = full().date;
    let id = |key: &[u8], account, date| digest::message_id(Digest::of(key), account, date);
    assert_eq!(id(b"a", "hanako", date), id(b"a", "hanako", date));
    let others =
        [id(b"b", "hanako", date), id(b"a", "taro", date), id(b"a", "hanako", date.tomorrow().unwrap())];
    assert!(others.iter().all(|other| *other != id(b"a", "hanako", date)));
    assert!(!id(b"a", "hanako", date).contains(['<', '>', ' ']));
    let alert = digest::alert_id(Digest::of(b"a"), "hanako", &[EvidenceId(Uuid::nil())]);
    assert!(alert.starts_with("alert."));
}

#[test]
fn what_is_no_address_does_not_get_into_the_header() {
    let day = full();
    for to in
        ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "hanako", "<a@b>", "ä@b.example", "@"]
    {
        let octets = digest::mail(&day, Language::Ja, heading(Some(to), "x@komainu.invalid"));
        let head = String::from_utf8(octets).unwrap();
        assert!(head.contains("To: undisclosed-recipients:;\r\n"), "{to}");
        assert!(!head.contains("Bcc"), "{to}");
    }
}

#[test]
fn an_alert_tells_counts_and_what_not_to_do() {
    let alert = Alert {
        account: "hanako".into(),
        messages: (0..30).map(|n| (EvidenceId(Uuid::from_u128(n)), Some(Category::Extortion))).collect(),
        moved: true,
    };
    for lang in [Language::Ja, Language::En] {
        let octets = digest::alert_mail(&alert, lang, heading(None, "alert.1@komainu.invalid"));
        let parsed = MessageParser::default().parse(&octets).unwrap();
        assert_eq!(parsed.subject().unwrap(), alert.subject(lang));
        let text = String::from_utf8(octets.clone()).unwrap();
        let body: String = text.split_once("\r\n\r\n").unwrap().1.split_whitespace().collect();
        let body = String::from_utf8(STANDARD.decode(body).unwrap()).unwrap();
        assert_eq!(body.replace("\r\n", "\n"), alert.text(lang));
        for word in ["110", "#9110", "188"] {
            assert!(body.contains(word));
        }
    }
    assert!(alert.subject(Language::Ja).contains("30 通") && alert.text(Language::Ja).contains("ほか 10 通"));
}
