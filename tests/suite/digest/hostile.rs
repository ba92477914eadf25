//! Whatever a sender writes, and whatever mailboxes are called: nothing in a digest acts, and all of it is bounded.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use komainu::case::{Demanded, Filed, Letter, Seen as Quoted};
use komainu::digest::{self, Alert, Day, Heading};
use komainu::document::Language;
use komainu::evidence::{CaseId, Digest, Entry, EvidenceId};
use komainu::indicator::Category;
use komainu::verdict::{Level, Severity};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr as _;

use super::sample::{Log, at, letter, valued, zone};

/// Tags that the page has; anything else came in with somebody's words.
const TAGS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "article", "h1",
    "h2", "h3", "p", "ul", "li", "dl", "dt", "dd", "b", "q", "br", "span", "bdi", "pre", "table", "tr", "th",
    "td", "figure", "details", "summary", "svg", "defs", "pattern", "rect", "circle", "path", "text",
];

/// Attributes that the page has.
const ATTRIBUTES: &[&str] = &[
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "scope",
    "width",
    "height",
    "viewbox",
    "role",
    "aria-label",
    "aria-hidden",
    "id",
    "patternunits",
    "d",
    "cx",
    "cy",
    "r",
    "x",
    "y",
    "text-anchor",
    "fill",
];

#[derive(Default)]
struct Seen {
    faults: RefCell<Vec<String>>,
    open: RefCell<Vec<String>>,
}

impl TokenSink for Seen {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let fault = |what: String| self.faults.borrow_mut().push(what);
        let tag = match token {
            Token::TagToken(tag) => tag,
            Token::CommentToken(_) => {
                fault("comment".into());
                return TokenSinkResult::Continue;
            }
            Token::ParseError(error) => {
                fault(format!("parse error: {error}"));
                return TokenSinkResult::Continue;
            }
            _ => return TokenSinkResult::Continue,
        };
        if !TAGS.contains(&&*tag.name) {
            fault(format!("<{}>", tag.name));
        }
        for attribute in &tag.attrs {
            let name = attribute.name.local.to_ascii_lowercase();
            let value = &*attribute.value;
            let acts = value.contains("://") || value.contains("url(") && !value.starts_with("url(#p");
            if !ATTRIBUTES.contains(&&*name) || acts {
                fault(format!("{name}=\"{value}\""));
            }
        }
        let void = matches!(&*tag.name, "meta" | "br");
        match tag.kind {
            TagKind::StartTag if !void && !tag.self_closing => {
                self.open.borrow_mut().push(tag.name.to_string());
            }
            TagKind::StartTag => {}
            TagKind::EndTag => {
                if self.open.borrow_mut().pop().as_deref() != Some(&*tag.name) {
                    fault(format!("</{}> closes another", tag.name));
                }
            }
        }
        if tag.kind == TagKind::StartTag && &*tag.name == "style" {
            return TokenSinkResult::RawData(RawKind::Rawtext);
        }
        if tag.kind == TagKind::StartTag && &*tag.name == "title" {
            return TokenSinkResult::RawData(RawKind::Rcdata);
        }
        TokenSinkResult::Continue
    }
}

/// What is on a page and should not be.
fn faults(page: &str) -> Vec<String> {
    let tokenizer =
        Tokenizer::new(Seen::default(), TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() });
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(page));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut faults = tokenizer.sink.faults.take();
    faults.extend(tokenizer.sink.open.take().into_iter().map(|tag| format!("<{tag}> is not closed")));
    faults
}

#[test]
fn a_page_that_acts_is_found_out() {
    for page in [
        "<p><script>1</script></p>",
        "<p><a href=\"x\">y</a></p>",
        "<p onclick=\"x\">y</p>",
        "<p><img src=x></p>",
        "<svg><rect fill=\"url(//x)\"/></svg>",
        "<p title=\"x\">y</p>",
        "<p>y",
    ] {
        assert!(!faults(page).is_empty(), "{page}");
    }
}

fn check(day: &Day) {
    for lang in [Language::Ja, Language::En] {
        let text = digest::text(day, lang);
        let note = day.integrity.checkpoint.as_deref().unwrap_or_default();
        assert!(text.contains(note));
        for line in text.lines().filter(|line| !note.lines().any(|own| own == *line)) {
            assert!(line.width() <= 72, "{} columns: {line:?}", line.width());
        }
        assert!(text.chars().all(|c| c == '\n' || komainu::message::Excerpt::is_plain(c)), "{text:?}");
        let page = digest::html(day, lang);
        assert_eq!(faults(&page), Vec::<String>::new());
        let octets = digest::mail(
            day,
            lang,
            Heading {
                to: Some("a@b.example"),
                message_id: "x@komainu.invalid",
                date: at("2026-11-24T00:00:00Z"),
            },
        );
        let head_end = octets.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
        let head = std::str::from_utf8(&octets[..head_end]).unwrap();
        let names: Vec<&str> = head
            .split("\r\n")
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split_once(": ").unwrap().0)
            .collect();
        assert_eq!(
            names,
            [
                "Date",
                "From",
                "To",
                "Subject",
                "Message-ID",
                "Auto-Submitted",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
                "Content-Language"
            ]
        );
        assert!(octets.split(|b| *b == b'\n').all(|line| line.len() <= 78));
        let json = digest::json(day);
        for out in [&text, &page, &json] {
            let lower = out.to_ascii_lowercase();
            assert!(!lower.contains("http://") && !lower.contains("https://"), "{out}");
            assert!(out.len() < 400_000, "{} octets", out.len());
        }
    }
}

/// A day of which every text that somebody else chose is this one.
pub(super) fn everywhere(text: &str) -> Day {
    let mut log = Log::new();
    log.at("2026-11-23T10:00:00Z").start();
    let nasty = || Letter {
        reply_to: vec![text.into()],
        attachments: vec![Filed { name: text.into(), mime_type: text.into(), size: 1 }; 9],
        demand: Some(Demanded {
            claims_to_be: Some(text.into()),
            amounts: vec![valued(text, text); 9],
            deadline: Some(text.into()),
            pay_to: vec![valued("bank", text), valued(text, text)],
            contacts: vec![valued("url", text); 9],
            ..Demanded::default()
        }),
        findings: ["deadline", text]
            .map(|indicator| Quoted {
                indicator: indicator.into(),
                weight: 1.0,
                place: komainu::message::Place::Subject,
                excerpt: komainu::message::Excerpt::new(text).to_string(),
            })
            .into(),
        ..letter(text, text, text)
    };
    for (level, severity) in [(Level::Threat, Severity::Urgent), (Level::Suspicious, Severity::Low)] {
        let id = log.judged(level, Some(Category::Other), Some(severity), nasty());
        let mut position = log.position();
        position.mailbox = text.into();
        log.enter(Entry::MoveIntent {
            id,
            position: position.clone(),
            method: komainu::evidence::Method::Copy,
            destination: text.into(),
            destination_uidvalidity: 1,
            destination_uidnext: 1,
        });
        log.enter(Entry::MoveResult {
            id,
            outcome: komainu::evidence::Outcome::Refused,
            destination_uid: None,
            reason: Some(text.into()),
        });
        position.account = text.into();
        log.enter(Entry::NotJudged { id: None, position, reason: text.into() });
    }
    log.enter(Entry::WatchGap {
        account: Some(text.into()),
        from: at("2026-11-23T08:00:00Z"),
        until: at("2026-11-23T09:00:00Z"),
        reason: text.into(),
    });
    log.enter(Entry::Recovery { what: text.into(), sha256: None });
    log.enter(Entry::Witness { kind: text.into(), size: 1, sha256: Digest::of(b"note") });
    let case = CaseId { year: 2026, number: 1 };
    log.enter(Entry::Exported { case, variant: text.into(), sha256: Digest::of(b"manifest") });
    let mut facts = log.facts();
    facts.accounts.push((text.into(), None));
    facts.unwatched.push((Some(text.into()), at("2026-11-23T20:00:00Z"), text.into()));
    log.day_with("2026-11-23", &zone("UTC"), "2026-11-24T00:05:00Z", &facts)
}

/// The notice of an urgent message names the account.
fn check_alert(text: &str) {
    let messages = vec![(EvidenceId(uuid::Uuid::nil()), Some(Category::Extortion))];
    let alert = Alert { account: text.into(), messages, moved: false };
    for lang in [Language::Ja, Language::En] {
        let told = alert.text(lang);
        assert!(told.lines().all(|line| line.width() <= 72), "{told:?}");
        assert!(told.chars().all(|c| c == '\n' || komainu::message::Excerpt::is_plain(c)), "{told:?}");
        let heading =
            Heading { to: Some(text), message_id: "x@komainu.invalid", date: at("2026-11-24T00:00:00Z") };
        let octets = digest::alert_mail(&alert, lang, heading);
        assert!(octets.is_ascii() && octets.split(|b| *b == b'\n').all(|line| line.len() <= 78));
        let head = String::from_utf8(octets).unwrap();
        let (head, _) = head.split_once("\r\n\r\n").unwrap();
        assert_eq!(head.split("\r\n").filter(|line| !line.starts_with(' ')).count(), 10, "{head}");
    }
}

fn replace(value: &mut serde_json::Value, text: &str) {
    match value {
        serde_json::Value::String(one) if one.contains("placeholder") => text.clone_into(one),
        serde_json::Value::Array(list) => list.iter_mut().for_each(|one| replace(one, text)),
        serde_json::Value::Object(map) => map.values_mut().for_each(|one| replace(one, text)),
        _ => {}
    }
}

/// A file that somebody wrote into: texts that never were excerpts.
fn forged(text: &str) -> Day {
    let mut value: serde_json::Value =
        serde_json::from_str(&digest::json(&everywhere("placeholder"))).unwrap();
    replace(&mut value, text);
    value["timezone"] = text.into();
    value["integrity"]["checkpoint"] = text.into();
    value["versions"]["app"] = text.into();
    for count in ["scanned", "threats", "not_judged", "reported", "suspicious", "clean"] {
        value[count] = u64::MAX.into();
    }
    digest::from_json(value.to_string().as_bytes()).unwrap()
}

/// Only what a reader of the terminal and the page sees.
fn check_forged(day: &Day) {
    for lang in [Language::Ja, Language::En] {
        let text = digest::text(day, lang);
        assert!(text.chars().all(|c| c == '\n' || komainu::message::Excerpt::is_plain(c)), "{text:?}");
        // The lines of a checkpoint are as they are.
        let mut rest = day.clone();
        rest.integrity.checkpoint = None;
        for line in digest::text(&rest, lang).lines() {
            assert!(line.width() <= 72, "{} columns: {line:?}", line.width());
        }
        let page = digest::html(day, lang);
        assert_eq!(faults(&page), Vec::<String>::new());
        for out in [text, page] {
            let lower = out.to_ascii_lowercase();
            assert!(!lower.contains("http://") && !lower.contains("https://"), "{out}");
        }
    }
}

pub(super) const NASTY: &[&str] = &[
    "",
    " ",
    "\u{1b}[31mred\u{1b}[0m\u{1b}]8;;http://x.example\u{7}click\u{1b}]8;;\u{7}",
    "\u{202e}gnp.exe\u{202c}\u{2066}\u{2069}",
    "a\r\nBcc: b@c.example\r\n\r\n<script>alert(1)</script>",
    "\"><script src=https://x.example/a.js></script><img src=x onerror=alert(1)>",
    "</style></title></textarea><svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>here</a> <!-- --> ]]> <![CDATA[ <?php",
    "javascript:alert(1) data:text/html,<script> vbscript: file:///etc/passwd HTTPS://X.EXAMPLE/",
    "hxxp://x http:// https:// hhttp://ttp:// ht\u{200b}tp://x",
    "\u{0}\u{1}\u{8}\u{7f}\u{9b}\u{85}\u{2028}\u{2029}\t\n",
    "مرحبا שלום رسالة عاجلة",
    "Z\u{335}\u{321}\u{327}\u{328}\u{322}\u{34f}a\u{489}\u{488}lgo",
    "👩\u{200d}👩\u{200d}👧\u{fe0f} 🇯🇵 👍🏽",
    "ï¿½ï¿½\u{fffd}\u{fffd} Ã£\u{81}\u{82}",
    "&lt;b&gt; &#60;script&#62; &amp;amp; '\"`",
    "=?utf-8?B?PHNjcmlwdD4=?= =?x?Q?=0D=0ABcc:_x?=",
    "{{7*7}} ${7*7} %n%s%x ../../etc/passwd `id` $(id)",
    "架空請求のお知らせ、最終通告。",
];

#[test]
fn the_nasty_ones_everywhere() {
    for text in NASTY {
        check(&everywhere(text));
        check_alert(text);
        check_forged(&forged(text));
    }
    for unit in ["A", "架", "<b>", "\u{202e}", "a.b@c.example ", "\u{301}", "https://x.example/"] {
        check(&everywhere(&unit.repeat(10_000 / unit.len())));
    }
}

fn anything() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => proptest::sample::select(NASTY).prop_map(str::to_owned),
        2 => any::<String>(),
        1 => "[<>\"'&/ =:a-z@.]{0,40}",
        1 => proptest::collection::vec(any::<char>(), 0..40).prop_map(|chars| chars.into_iter().collect::<String>()),
        1 => (any::<char>(), 1..3_000_usize).prop_map(|(c, n)| c.to_string().repeat(n)),
    ];
    proptest::collection::vec(part, 1..4).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn nothing_in_a_digest_acts(text in anything()) {
        check(&everywhere(&text));
        check_alert(&text);
    }

    #[test]
    fn nor_where_somebody_wrote_into_the_file(text in anything()) {
        check_forged(&forged(&text));
    }
}
