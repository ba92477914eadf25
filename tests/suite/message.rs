//! `Message::parse` as the rest of the house calls it: encodings as they really come, hostile shapes, fields.

use base64::Engine as _;
use encoding_rs::{EUC_JP, Encoding, GBK, ISO_2022_JP, SHIFT_JIS};
use komainu::message::{Defect, Kind, Message, TextKind, normalise};

const SUBJECT: &str = "【最終通告】未納料金のお知らせ";
const BODY: &str = "最終通告\r\nお客様の動画サイトの未納料金につきまして、本日中にご連絡ください。\r\n";

fn b64(octets: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(octets)
}

fn encode(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    let (octets, _, bad) = encoding.encode(text);
    assert!(!bad);
    octets.into_owned()
}

/// A message from its raw subject value, its MIME fields and its body octets.
fn mail(subject: &[u8], mime: &str, body: &[u8]) -> Vec<u8> {
    let mut out = b"From: a@example.com\r\nTo: b@example.net\r\nSubject: ".to_vec();
    out.extend(subject);
    out.extend(b"\r\n");
    out.extend(mime.as_bytes());
    out.extend(b"\r\n");
    out.extend(body);
    out
}

fn found(name: &str, octets: &[u8]) -> Message {
    let message = Message::parse(octets);
    for words in ["最終通告", "未納料金"] {
        let needle = normalise(words);
        let span = message.subject.find(&needle);
        assert!(span.is_some(), "{name}: {words} not in the subject: {}", message.subject.original());
        assert!(
            message.texts.iter().any(|view| view.text.find(&needle).is_some()),
            "{name}: {words} not in the texts: {:?}",
            message.texts
        );
    }
    message
}

fn word(label: &str, octets: &[u8]) -> Vec<u8> {
    format!("=?{label}?B?{}?=", b64(octets)).into_bytes()
}

/// Every label with the octets of every charset that it is found on in practice: subject as an encoded-word, body
/// in 8 bits, both under the same label.
#[test]
fn labels_and_lies() {
    let jis = [
        "iso-2022-jp",
        "ISO-2022-JP-MS",
        "iso-2022-jp-1",
        "iso-2022-jp-3",
        "iso-2022-jp-2004",
        "cp50220",
        "CP50221",
        "cp50222",
        "us-ascii",
        "utf-8",
        "x-unknown",
        "shift_jis",
        "iso-8859-1",
        "gb2312",
    ];
    let sjis = [
        "shift_jis",
        "Shift-JIS",
        "x-sjis",
        "cp932",
        "MS932",
        "windows-31j",
        "sjis",
        "iso-8859-1",
        "us-ascii",
        "utf-8",
        "euc-jp",
        "x-unknown",
        "gb2312",
        "iso-2022-jp",
    ];
    let euc = [
        "euc-jp",
        "x-euc-jp",
        "eucJP-ms",
        "cp51932",
        "iso-8859-1",
        "utf-8",
        "shift_jis",
        "x-unknown",
        "big5",
    ];
    let utf8 = [
        "utf-8",
        "UTF8",
        "utf8mb4",
        "us-ascii",
        "iso-8859-1",
        "windows-1252",
        "shift_jis",
        "euc-jp",
        "gb2312",
        "iso-2022-jp",
        "iso-2022-kr",
        "hz-gb-2312",
        "x-unknown",
        "utf-7",
        "utf-16",
    ];
    let tables: [(&'static Encoding, &[&str]); 4] =
        [(ISO_2022_JP, &jis), (SHIFT_JIS, &sjis), (EUC_JP, &euc), (encoding_rs::UTF_8, &utf8)];
    let mut cases = 0;
    for (encoding, labels) in tables {
        let (subject, body) = (encode(encoding, SUBJECT), encode(encoding, BODY));
        for label in labels {
            let mime = format!("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=\"{label}\"\r\n");
            found(&format!("{} as {label}", encoding.name()), &mail(&word(label, &subject), &mime, &body));
            let coded = format!("{mime}Content-Transfer-Encoding: base64\r\n");
            found(
                &format!("{} as {label}, base64", encoding.name()),
                &mail(&word(label, &subject), &coded, b64(&body).as_bytes()),
            );
            cases += 2;
        }
    }
    assert!(cases >= 60, "{cases}");
}

#[test]
fn no_label_at_all() {
    for encoding in [ISO_2022_JP, SHIFT_JIS, EUC_JP, encoding_rs::UTF_8] {
        let (subject, body) = (encode(encoding, SUBJECT), encode(encoding, BODY));
        // Raw octets in the field, folded, and a body without any MIME field.
        let message = found(encoding.name(), &mail(&subject, "", &body));
        assert!(message.defects.contains(&Defect::Charset), "{}", encoding.name());
        for mime in [
            "Content-Type: text/plain\r\n",
            "Content-Type: text/plain; charset=\r\n",
            "Content-Type: text/plain; charset=\"\"\r\n",
            "Content-Type: text\r\n",
        ] {
            found(mime, &mail(&subject, mime, &body));
        }
    }
}

#[test]
fn right_labels_are_no_defect() {
    for (encoding, label) in [
        (ISO_2022_JP, "ISO-2022-JP"),
        (SHIFT_JIS, "cp932"),
        (EUC_JP, "euc-jp"),
        (encoding_rs::UTF_8, "UTF-8"),
        (GBK, "gb2312"),
    ] {
        let mime = format!("Content-Type: text/plain; charset={label}\r\n");
        let subject = encode(encoding, "最終通告と未納料金");
        let message = found(
            label,
            &mail(
                &word(label, &subject),
                &mime,
                &encode(encoding, "最終通告です。未納料金をお支払いください。"),
            ),
        );
        assert_eq!(message.defects, [], "{label}");
    }
}

#[test]
fn bom_and_utf16_and_utf7() {
    let mut le = vec![0xFF, 0xFE];
    le.extend(BODY.encode_utf16().flat_map(u16::to_le_bytes));
    let be: Vec<u8> = BODY.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let coded = |label: &str| {
        format!("Content-Type: text/plain; charset={label}\r\nContent-Transfer-Encoding: base64\r\n")
    };
    let subject = word("utf-8", SUBJECT.as_bytes());
    found("utf-16 with a mark", &mail(&subject, &coded("utf-16"), b64(&le).as_bytes()));
    found("utf-16be", &mail(&subject, &coded("utf-16be"), b64(&be).as_bytes()));
    found("utf-16 that is utf-16be", &mail(&subject, &coded("utf-16"), b64(&be).as_bytes()));
    let mut marked = vec![0xEF, 0xBB, 0xBF];
    marked.extend(BODY.as_bytes());
    found("utf-8 with a mark", &mail(&subject, &coded("shift_jis"), b64(&marked).as_bytes()));
    let seven = |text: &str| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        format!("+{}-", b64(&units).trim_end_matches('=')).into_bytes()
    };
    let mime = "Content-Type: text/plain; charset=utf-7\r\n";
    found("utf-7", &mail(&word("utf-7", &seven(SUBJECT)), mime, &seven(BODY)));
}

#[test]
fn characters_split_across_words() {
    for (encoding, label) in [
        (encoding_rs::UTF_8, "utf-8"),
        (SHIFT_JIS, "shift_jis"),
        (EUC_JP, "euc-jp"),
        (ISO_2022_JP, "iso-2022-jp"),
    ] {
        let octets = encode(encoding, SUBJECT);
        for cut in 1..octets.len() {
            let (a, b) = octets.split_at(cut);
            let mut subject = word(label, a);
            subject.extend(b"\r\n ");
            subject.extend(word(&label.to_uppercase(), b));
            let mime = format!("Content-Type: text/plain; charset={label}\r\n");
            found(&format!("{label} cut at {cut}"), &mail(&subject, &mime, &encode(encoding, BODY)));
        }
    }
    // Each word complete in itself, as RFC 2047 asks.
    let (a, b) = (encode(ISO_2022_JP, "最終通告"), encode(ISO_2022_JP, "未納料金"));
    let mut subject = word("ISO-2022-JP", &a);
    subject.extend(b" ");
    subject.extend(word("iso-2022-jp", &b));
    let message = found("whole words", &mail(&subject, "", BODY.as_bytes()));
    assert_eq!(message.subject.original(), "最終通告未納料金");
}

#[test]
fn transfer_encodings_and_html() {
    let quoted = |octets: &[u8]| octets.iter().map(|b| format!("={b:02X}")).collect::<Vec<_>>().concat();
    for (encoding, label) in [
        (SHIFT_JIS, "x-sjis"),
        (encoding_rs::UTF_8, "utf-8"),
        (EUC_JP, "euc-jp"),
        (ISO_2022_JP, "iso-2022-jp-ms"),
    ] {
        let subject = format!("=?{label}?Q?{}?=", quoted(&encode(encoding, SUBJECT)));
        let mime = format!(
            "Content-Type: text/html; charset={label}\r\nContent-Transfer-Encoding: Quoted-Printable\r\n"
        );
        let html = format!(
            "<html><meta charset=utf-8><body><p>{}</p><b>未</b><i>納</i>料&#37329;</body></html>",
            BODY.replace("未納料金", "")
        );
        let message =
            found(label, &mail(subject.as_bytes(), &mime, quoted(&encode(encoding, &html)).as_bytes()));
        assert_eq!(message.texts[0].kind, TextKind::Html);
    }
}

fn fixture() -> Vec<u8> {
    let inner = mail(
        &word("utf-8", SUBJECT.as_bytes()),
        "Content-Type: text/plain; charset=utf-8\r\n",
        BODY.as_bytes(),
    );
    let mut body = b"--outer\r\nContent-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n--inner\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n".to_vec();
    body.extend(encode(ISO_2022_JP, BODY));
    body.extend(b"https://pay.example.com/x\r\n--inner\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
    body.extend(b"<div style=3D\"display:none\">=E6=9C=80</div><p>text <a href=3D\"https://evil.example.net/\">https://good.example.com/</a></p>\r\n--inner--\r\n");
    body.extend(b"--outer\r\nContent-Type: application/zip; name=\"=?utf-8?B?6KuL5rGC5pu4LnppcA==?=\"\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    body.extend(b64(&zip_of("請求書.pdf.exe", true)).as_bytes());
    body.extend(b"\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n");
    body.extend(inner);
    body.extend(b"\r\n--outer--\r\n");
    let mut out = b"Return-Path: <bounce@m.example.net>\r\nAuthentication-Results: mx.example.org; spf=pass smtp.mailfrom=m.example.net; dkim=fail header.d=shop.example\r\n\
        Received: from x by y; Tue, 24 Nov 2026 10:00:00 +0900\r\nAuthentication-Results: forged.example; dmarc=pass header.from=shop.example\r\n\
        Message-ID: <1@example.com>\r\nIn-Reply-To: <0@example.com>\r\nReferences: <z@example.com> <0@example.com>\r\nDate: Tue, 24 Nov 2026 10:00:00 +0900\r\n\
        Reply-To: =?utf-8?B?5Zue5Y+O?= <pay@Other.Example>\r\nMIME-Version: 1.0\r\n".to_vec();
    out.extend(mail(&encode(SHIFT_JIS, SUBJECT), "Content-Type: multipart/mixed; boundary=outer\r\n", &body));
    out
}

/// A zip with one entry, stored, as APPNOTE 4.3 lays it out; the name in Shift_JIS, as Japanese Windows writes it.
fn zip_of(name: &str, encrypted: bool) -> Vec<u8> {
    let name = encode(SHIFT_JIS, name);
    let flags = u16::from(encrypted).to_le_bytes();
    let long = u16::try_from(name.len()).unwrap().to_le_bytes();
    let mut out = b"PK\x03\x04\x14\0".to_vec();
    out.extend(flags);
    out.extend([0; 18]);
    out.extend(long);
    out.extend([0, 0]);
    out.extend(&name);
    let at = u32::try_from(out.len()).unwrap();
    let mut central = b"PK\x01\x02\x14\0\x14\0".to_vec();
    central.extend(flags);
    central.extend([0; 18]);
    central.extend(long);
    central.extend([0; 16]);
    central.extend(&name);
    out.extend(&central);
    out.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend(u32::try_from(central.len()).unwrap().to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

#[test]
fn every_field_of_a_full_message() {
    let octets = fixture();
    let message = found("fixture", &octets);
    assert_eq!(message.size, octets.len());
    assert_eq!(message.from[0].addr, "a@example.com");
    assert_eq!(
        (message.reply_to[0].addr.as_str(), message.reply_to[0].name.original()),
        ("pay@other.example", "回収")
    );
    assert_eq!(message.return_path, "bounce@m.example.net");
    assert_eq!(message.message_id, "1@example.com");
    assert_eq!(message.references, ["0@example.com", "z@example.com", "0@example.com"]);
    assert_eq!(message.date, "2026-11-24T01:00:00Z".parse().ok());
    let [own, forged] = &message.authentication[..] else { panic!("{:?}", message.authentication) };
    assert!(own.above_first_received && !forged.above_first_received);
    assert_eq!((own.authserv_id.as_str(), own.results.len()), ("mx.example.org", 2));
    let kinds: Vec<_> = message.texts.iter().map(|view| view.kind).collect();
    assert_eq!(
        kinds,
        [TextKind::Plain, TextKind::Html, TextKind::Hidden, TextKind::Nested, TextKind::Nested]
    );
    assert!(message.texts[3].text.original().contains("最終通告"), "the nested subject");
    assert_eq!(message.texts[2].text.original(), "最");
    let links: Vec<_> = message.links.iter().map(|l| (l.host.as_str(), l.text.original())).collect();
    assert_eq!(links, [("pay.example.com", ""), ("evil.example.net", "https://good.example.com/")]);
    let [zip, nested] = &message.attachments[..] else { panic!("{:?}", message.attachments) };
    assert_eq!((zip.name.original(), zip.kind, zip.encrypted), ("請求書.zip", Kind::Zip, true));
    assert_eq!(zip.members, ["請求書.pdf.exe"]);
    assert_eq!(nested.declared, "message/rfc822");
    // The raw Shift_JIS subject.
    assert_eq!(message.defects, [Defect::Charset]);
}

#[test]
fn truncated_anywhere() {
    let octets = fixture();
    for end in 0..octets.len() {
        let message = Message::parse_partial(&octets[..end]);
        assert!(message.defects.contains(&Defect::Partial));
        assert_eq!(message.size, end);
    }
}

#[test]
fn any_bit_flipped() {
    let octets = fixture();
    for at in 0..octets.len() {
        let mut changed = octets.clone();
        changed[at] ^= 1 << (at % 8);
        let _ = Message::parse(&changed);
        changed[at] = [0, 0x1B, b'\n', 0xFF, b'"', b'<'][at % 6];
        let _ = Message::parse(&changed);
    }
}

proptest::proptest! {
    #[test]
    fn any_octets(head in "[ -~\r\n]{0,60}", octets in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let mut all = head.into_bytes();
        all.extend(octets);
        let message = Message::parse(&all);
        proptest::prop_assert!(message.defects.windows(2).all(|w| w[0] < w[1]));
    }
}

#[test]
fn nested_without_end() {
    let message = Message::parse("Content-Type: message/rfc822\r\n\r\n".repeat(20_000).as_bytes());
    assert!(message.defects.contains(&Defect::DepthCut));
    assert!(message.attachments.len() <= 17);
    let mut deep = Vec::new();
    for n in 0..20_000 {
        deep.extend(format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n").into_bytes());
    }
    assert!(Message::parse(&deep).defects.contains(&Defect::DepthCut));
    let digest = "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n".repeat(20_000);
    let _ = Message::parse(digest.as_bytes());
    let flat =
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n".to_owned() + &"--b\r\n\r\nx\r\n".repeat(20_000);
    let message = Message::parse(flat.as_bytes());
    assert!(message.defects.contains(&Defect::PartsCut));
    assert!(message.texts.len() <= 1_000);
}

#[test]
fn large_texts_and_many_links() {
    let plain = format!("Subject: x\r\n\r\n{}", "架空請求\r\n".repeat(200_000));
    let message = Message::parse(plain.as_bytes());
    assert!(message.defects.contains(&Defect::TextCut));
    assert!(message.texts[0].text.original().len() <= 1024 * 1024);
    let links =
        format!("Content-Type: text/html\r\n\r\n{}", "<a href=https://x.example/>x</a>".repeat(5_000));
    let message = Message::parse(links.as_bytes());
    assert!(message.defects.contains(&Defect::LinksCut));
    assert_eq!(message.links.len(), 2_000);
    let bare = format!("\r\n{}", "https://x.example/ ".repeat(5_000));
    assert_eq!(Message::parse(bare.as_bytes()).links.len(), 2_000);
}

/// Shapes that invite quadratic work: each some hundred kilooctets, all of it done in moments or this never ends.
#[test]
fn hostile_repetition() {
    for unit in [
        "=?",
        "=?utf-8?B?",
        "=?a?Q?=?=",
        "<a>",
        "<b",
        "</p>",
        "(",
        "\"",
        "<",
        ",",
        "@",
        ";",
        "a=",
        "http://(",
        ")",
        "--b",
        "\r\n ",
        "x:\r\n",
        "\u{1b}$B",
        "&amp",
        "\\",
        "*0*=a;",
        "<style>",
        "<!--",
        "架.",
        "ー",
        "a\u{430}",
    ] {
        let many = unit.repeat(20_000);
        for frame in [
            format!(
                "From: {many}\r\nSubject: {many}\r\nContent-Type: {many}\r\nAuthentication-Results: {many}\r\n\r\n"
            ),
            format!("Content-Type: text/html\r\n\r\n{many}"),
            format!("Content-Type: text/plain\r\n\r\n{many}"),
            format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{many}"),
            many.clone(),
        ] {
            let _ = Message::parse(frame.as_bytes());
        }
    }
}

#[test]
fn broken_and_missing() {
    let empty = Message::parse(b"");
    assert_eq!(empty.defects, [Defect::Empty, Defect::NoHeader]);
    assert!(Message::parse_partial(b"").defects.contains(&Defect::Partial));
    let bare = Message::parse("最終通告だけ\r\n".as_bytes());
    assert!(bare.defects.contains(&Defect::NoHeader));
    assert_eq!(bare.texts[0].text.original(), "最終通告だけ\r\n");
    let nul = Message::parse(b"Subject: a\0b\r\nFrom: a@example.com\r\n\r\nc\0\xff\xfed");
    assert!(nul.defects.contains(&Defect::Nul));
    assert_eq!(nul.message_id, "");
    assert_eq!(nul.from[0].addr, "a@example.com");
    let twice =
        Message::parse(b"From: a@example.com\r\nFrom: b@example.net\r\nReceived: x\r\nReceived: y\r\n\r\n");
    assert_eq!(twice.defects, [Defect::DuplicateField]);
    assert_eq!(twice.from.len(), 2);
    let odd = Message::parse(b"Content-Transfer-Encoding: base64\r\n\r\nthis is *not* base64 at all!");
    assert!(odd.defects.contains(&Defect::Encoding));
}

#[test]
fn attached_pages_are_read() {
    let page = b64(b"<html><body>\xe6\x9c\x80\xe7\xb5\x82\xe9\x80\x9a\xe5\x91\x8a <a href='https://evil.example/'>x</a></body></html>");
    let mail = format!(
        "Subject: x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.html\r\nContent-Transfer-Encoding: base64\r\n\r\n{page}"
    );
    let message = Message::parse(mail.as_bytes());
    assert_eq!(message.attachments[0].kind, Kind::Html);
    assert_eq!(message.links[0].host, "evil.example");
    assert_eq!(message.texts[0].kind, TextKind::Nested);
}
