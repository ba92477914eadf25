//! Whatever a sender writes: nothing active comes out, and it stays within its bounds.

use komainu::case::{Exhibit, FULLY_SHOWN, Subject, Variant, forms};
use komainu::document::{Block, Document, Text};
use komainu::store::bundle::documents;
use proptest::prelude::*;

use super::{Desk, plain, wanted, zone};
use crate::hostile::shapes::SHAPES;

/// Every string of a document.
fn strings(document: &Document) -> Vec<String> {
    plain(document).lines().map(str::to_owned).collect()
}

/// Controls, direction marks, zero-width characters, and what could be followed by a click.
fn is_inert(text: &str) -> bool {
    let acts = |c: char| {
        c.is_control() || matches!(u32::from(c), 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF)
    };
    let lower = text.to_ascii_lowercase();
    !text.chars().any(acts) && !["http://", "https://"].iter().any(|start| lower.contains(start))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_active_comes_out_of_a_message(
        name in "[\u{202e}\u{200b}\u{1b}\\[a-z0-9;m\u{0}架空 ]{0,60}",
        subject in "(https?://[a-z]{1,8}\\.test/\u{202e}?|\u{1b}\\]8;;|[\u{2066}\u{feff}\r\t]|.){0,40}",
        body in "(https?://[a-z]{1,8}\\.test/|<a href=\"http://[a-z]{1,5}\\.test\">|\u{1b}\\[2J|[\u{202a}-\u{202e}]|.|\n){0,80}",
        html in any::<bool>(),
    ) {
        let kind = if html { "html" } else { "plain" };
        let subject = subject.replace(['\r', '\n'], " ");
        let name = name.replace(['\r', '\n'], " ");
        let mail = format!(
            "From: \"{name}\" <a@example.com>\r\nSubject: {subject}\r\nContent-Type: text/{kind}; charset=utf-8; name=\"{name}\"\r\n\r\n{body}\r\n"
        );
        let exhibit = Exhibit::of(mail.as_bytes(), false, &[]);
        let passages = exhibit.passages.iter().flat_map(|passage| &passage.lines).chain(&exhibit.header);
        for line in passages {
            prop_assert!(is_inert(line.as_str()), "{line:?}");
        }
        for link in &exhibit.links {
            prop_assert!(is_inert(link.target.as_str()) && is_inert(link.text.as_str()));
        }
    }
}

#[test]
fn mail_made_to_cost_much_is_reported_within_bounds() {
    let mut desk = Desk::new();
    let mut ids = Vec::new();
    let wanted_shapes =
        ["messages-in-messages-20000", "line-of-10-mb", "links-100000", "fields-100000", "field-of-10-mb"];
    for (n, (_, make)) in SHAPES.iter().filter(|(name, _)| wanted_shapes.contains(name)).enumerate() {
        ids.push(desk.receive(&make(), &format!("{:>2}-Nov-2026 10:00:00 +0900", n + 1)));
    }
    assert_eq!(ids.len(), wanted_shapes.len());
    let long = "あ".repeat(10_000);
    let mail = format!(
        "From: \"{long}\" <a@example.com>\r\nSubject: {long}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{}\r\n--b\r\nContent-Type: application/octet-stream; name=\"{long}\"\r\n\r\nx\r\n--b--\r\n",
        "x".repeat(1 << 20)
    );
    ids.push(desk.receive(mail.as_bytes(), "20-Nov-2026 10:00:00 +0900"));
    desk.open(Subject::Named("悪意のメール\u{202e}https://x.test/".into()), &ids);
    for document in documents(&desk.reading(), &wanted(Variant::Full)).unwrap() {
        let strings = strings(&document);
        for text in &strings {
            assert!(is_inert(text), "{text:?}");
        }
        let octets: usize = strings.iter().map(String::len).sum();
        assert!(octets < 16 << 20, "{octets}");
        assert!(strings.iter().any(|text| text.contains("以下省略") || text.contains("Truncated")));
    }
    let into = desk.dir.path().join("out");
    let written = desk.write(Variant::Lite, &into);
    assert!(written.zip_size <= komainu::store::bundle::LITE, "{}", written.zip_size);
    let case = desk.case();
    for member in &case.members {
        let octets = std::fs::read(desk.layout().blob(member.capture.sha256)).unwrap();
        assert!(forms::dekyo(member, &octets, &zone()).len() < 3 * forms::FIELD_OCTETS);
    }
}

#[test]
fn of_two_hundred_messages_twenty_are_shown_whole_and_each_has_its_row() {
    let mut desk = Desk::new();
    let mut ids = Vec::new();
    for n in 0..200 {
        let mail = format!(
            "From: 請求係 <seikyu@evil.test>\r\nSubject: =?UTF-8?B?5pyA57WC6YCa5ZGK?= {n}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n未払い料金{n}00円を本日中に支払わなければ裁判になります。\r\n"
        );
        ids.push(
            desk.receive(mail.as_bytes(), &format!("{:>2}-Nov-2026 {:02}:00:00 +0900", n % 28 + 1, n % 24)),
        );
    }
    desk.open(Subject::Sender("seikyu@evil.test".into()), &[]);
    let all = documents(&desk.reading(), &wanted(Variant::Full)).unwrap();
    let text = plain(&all[0]);
    let body = text.split("# ④").nth(1).unwrap().split("# ⑤").next().unwrap();
    assert_eq!(body.lines().filter(|line| line.starts_with("## No. ")).count(), FULLY_SHOWN);
    assert!(body.contains("全 200 通の一覧です。このうち 20 通"), "{body}");
    assert!((1..=200).all(|n| body.contains(&format!("| {n} | 2026-"))));
    // First and last are among them.
    assert!(body.contains("## No. 1　") && body.contains("## No. 200　"), "{body}");
    let history = text.split("# ③").nth(1).unwrap().split("# ④").next().unwrap();
    assert!(history.lines().filter(|line| line.starts_with("* ")).count() <= 32, "{history}");
    assert!(text.contains("付録　時系列のすべて"));
    assert!(text.len() < 4 << 20, "{}", text.len());
    let written = desk.write(Variant::Full, &desk.dir.path().join("out"));
    let count = |name: &str| std::fs::read_dir(written.dir.join("data").join(name)).unwrap().count();
    assert_eq!((count("eml"), count("headers"), count("for-dekyo")), (200, 200, 50));
    assert_eq!(count("forms"), FULLY_SHOWN + 1);
}

#[test]
fn a_table_row_is_as_long_as_its_head() {
    // `plain` asserts it for every table; here for a case without a message.
    let desk = Desk::new();
    desk.open(Subject::Named("空".into()), &[]);
    for document in documents(&desk.reading(), &wanted(Variant::Full)).unwrap() {
        assert!(plain(&document).len() > 1_000);
        assert!(
            document
                .blocks
                .iter()
                .all(|block| !matches!(block, Block::Paragraph(Text(spans)) if spans.is_empty()))
        );
    }
}
