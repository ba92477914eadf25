//! Text that hides from filters and not from people: TNEF, uuencode, yEnc, messages under another name, multiparts
//! without their boundary, flowed lines, labels that fit by chance. 最終通告 and 未納料金 must be found in each.

use base64::Engine as _;
use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8};
use komainu::message::{Defect, Kind, Message, TextKind, normalise};

const SUBJECT: &str = "【最終通告】未納料金のお知らせ";
const BODY: &str = "最終通告\r\nお客様の未納料金につきまして、本日中にご連絡ください。\r\n";
const WORDS: [&str; 2] = ["最終通告", "未納料金"];

fn b64(octets: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(octets)
}

fn encode(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

/// The message, after the words were found in a text of it.
fn found(name: &str, octets: &[u8]) -> Message {
    let message = Message::parse(octets);
    for words in WORDS {
        let needle = normalise(words);
        assert!(
            message.texts.iter().any(|view| view.text.find(&needle).is_some()),
            "{name}: {words} not in {:?} {:?}",
            message.texts,
            message.attachments
        );
    }
    message
}

fn mail(mime: &str, body: &[u8]) -> Vec<u8> {
    let mut out = b"From: a@example.com\r\nSubject: x\r\nDate: Tue, 24 Nov 2026 10:00:00 +0900\r\n".to_vec();
    out.extend(mime.as_bytes());
    out.extend(b"\r\n");
    out.extend(body);
    out
}

fn charsets() -> [(&'static Encoding, &'static str, u16); 4] {
    [
        (UTF_8, "utf-8", 65001),
        (SHIFT_JIS, "cp932", 932),
        (EUC_JP, "euc-jp", 51932),
        (ISO_2022_JP, "iso-2022-jp", 50220),
    ]
}

fn attribute(out: &mut Vec<u8>, id: u32, data: &[u8]) {
    out.push(1);
    out.extend(id.to_le_bytes());
    out.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    out.extend(data);
    let sum = data.iter().fold(0u16, |sum, octet| sum.wrapping_add(u16::from(*octet)));
    out.extend(sum.to_le_bytes());
}

fn tnef(attributes: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut out = b"\x78\x9f\x3e\x22\x01\0".to_vec();
    for (id, data) in attributes {
        attribute(&mut out, *id, data);
    }
    out
}

/// A list of one property, of variable length.
fn property(kind: u16, id: u16, data: &[u8]) -> Vec<u8> {
    let mut out = 1u32.to_le_bytes().to_vec();
    out.extend(kind.to_le_bytes());
    out.extend(id.to_le_bytes());
    out.extend(1u32.to_le_bytes());
    out.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    out.extend(data);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// RTF, stored without compression ([MS-OXRTFCP] §2.1.3.1.2).
fn stored(rtf: &str) -> Vec<u8> {
    let mut out = u32::try_from(rtf.len() + 12).unwrap().to_le_bytes().to_vec();
    out.extend(u32::try_from(rtf.len()).unwrap().to_le_bytes());
    out.extend(b"MELA\0\0\0\0");
    out.extend(rtf.as_bytes());
    out
}

fn winmail(stream: &[u8]) -> Vec<u8> {
    mail(
        "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n",
        b64(stream).as_bytes(),
    )
}

#[test]
fn tnef_hides_neither_body_nor_files() {
    for (encoding, label, page) in charsets() {
        let page = (0x0006_9007, page.to_le_bytes().to_vec());
        let body = tnef(&[
            page.clone(),
            (0x0001_8004, encode(encoding, SUBJECT)),
            (0x0002_800C, encode(encoding, BODY)),
        ]);
        let message = found(label, &winmail(&body));
        assert_eq!(message.attachments[0].kind, Kind::Tnef);
        let file = tnef(&[
            page,
            (0x0006_9002, vec![0; 14]),
            (0x0001_8010, b"notice.txt\0".to_vec()),
            (0x0006_800F, encode(encoding, BODY)),
        ]);
        let message = found(&format!("file in {label}"), &winmail(&file));
        assert_eq!(message.attachments[1].name.original(), "notice.txt");
    }
    let rtf: String =
        BODY.encode_utf16().fold(String::new(), |all, unit| format!("{all}\\u{}?", unit.cast_signed()));
    let html = format!("<p>{BODY}</p>");
    for (name, list) in [
        ("unicode body", property(0x001F, 0x1000, &utf16(BODY))),
        ("html body", property(0x0102, 0x1013, html.as_bytes())),
        ("rtf body", property(0x0102, 0x1009, &stored(&format!("{{\\rtf1\\ansi {rtf}}}")))),
        (
            "html in rtf",
            property(
                0x0102,
                0x1009,
                &stored(&format!("{{\\rtf1\\fromhtml1 {{\\*\\htmltag <b>}}{rtf}{{\\*\\htmltag </b>}}}}")),
            ),
        ),
    ] {
        let message = found(name, &winmail(&tnef(&[(0x0006_9003, list)])));
        assert!(matches!(message.texts[0].kind, TextKind::Plain | TextKind::Html), "{name}");
    }
    // A message in the file of a message.
    let inner = tnef(&[(0x0002_800C, BODY.as_bytes().to_vec())]);
    let object = [vec![0; 16], inner].concat();
    let outer = tnef(&[(0x0006_9002, vec![0; 14]), (0x0006_9005, property(0x000D, 0x3701, &object))]);
    found("message in tnef", &winmail(&outer));
}

#[test]
fn tnef_with_lying_lengths_is_read_as_far_as_it_goes() {
    let whole = tnef(&[
        (0x0002_800C, BODY.as_bytes().to_vec()),
        (0x0006_9003, property(0x001F, 0x1000, &utf16(BODY))),
        (0x0006_9002, vec![0; 14]),
        (0x0006_800F, b"x".to_vec()),
    ]);
    for at in 0..whole.len() {
        for lie in [0xFF, 0x7F, 0] {
            let mut lying = whole.clone();
            lying[at] = lie;
            let message = Message::parse(&winmail(&lying));
            assert!(message.work.parts <= 66 && message.texts.len() <= 8);
        }
        let _ = Message::parse(&winmail(&whole[..at]));
    }
}

fn uuencode(octets: &[u8]) -> String {
    let mut out = String::from("begin 644 notice.txt\r\n");
    for line in octets.chunks(45) {
        out.push(char::from(32 + u8::try_from(line.len()).unwrap()));
        for group in line.chunks(3) {
            let at = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            for shift in [18, 12, 6, 0] {
                let six = u8::try_from(bits >> shift & 63).unwrap();
                out.push(char::from(if six == 0 { b'`' } else { 32 + six }));
            }
        }
        out.push_str("\r\n");
    }
    out + "`\r\nend\r\n"
}

fn yenc(octets: &[u8]) -> Vec<u8> {
    let mut out = format!("=ybegin line=128 size={} name=notice.txt\r\n", octets.len()).into_bytes();
    for line in octets.chunks(64) {
        for octet in line {
            let coded = octet.wrapping_add(42);
            if matches!(coded, 0 | b'\n' | b'\r' | b'=') {
                out.extend([b'=', coded.wrapping_add(64)]);
            } else {
                out.push(coded);
            }
        }
        out.extend(b"\r\n");
    }
    out.extend(b"=yend\r\n");
    out
}

#[test]
fn uuencode_and_yenc_hide_nothing() {
    for (encoding, label, _) in charsets() {
        let octets = encode(encoding, BODY);
        let plain = "Content-Type: text/plain\r\n";
        let hello = |coded: &[u8]| [b"Hello\r\n\r\n", coded, b"\r\nBye\r\n"].concat();
        let message = found(label, &mail(plain, &hello(uuencode(&octets).as_bytes())));
        assert_eq!(message.attachments[0].name.original(), "notice.txt");
        found(label, &mail(plain, &hello(&yenc(&octets))));
        let coded = format!("{plain}Content-Transfer-Encoding: x-uuencode\r\n");
        let message = found(label, &mail(&coded, uuencode(&octets).as_bytes()));
        assert_eq!(message.texts[0].kind, TextKind::Plain);
        found(label, &mail(&format!("{plain}Content-Transfer-Encoding: x-yenc\r\n"), &yenc(&octets)));
    }
}

#[test]
fn messages_under_another_name_are_followed() {
    for (encoding, label, _) in charsets() {
        let field =
            format!("Content-Type: text/plain; charset={label}\r\nContent-Transfer-Encoding: base64\r\n");
        let inner = mail(&field, b64(&encode(encoding, BODY)).as_bytes());
        let coded = b64(&inner).into_bytes();
        for (mime, body) in [
            ("Content-Type: message/rfc822\r\n", &inner),
            // RFC 2046 §5.2.1 forbids to encode it; some do, and some only say so.
            ("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n", &coded),
            ("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n", &inner),
            ("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n", &coded),
            ("Content-Type: application/pdf; name=a.pdf\r\n", &inner),
            ("Content-Type: text/plain; name=a.eml\r\nContent-Disposition: attachment\r\n", &inner),
            (
                "Content-Type: text/plain\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n",
                &coded,
            ),
        ] {
            let message = found(&format!("{label} {mime}"), &mail(mime, body));
            assert_eq!(message.attachments[0].kind, Kind::Eml, "{mime}");
        }
        let in_tnef = tnef(&[(0x0006_9002, vec![0; 14]), (0x0006_800F, inner.clone())]);
        found("message as a file of tnef", &winmail(&in_tnef));
        found("message in uuencode", &mail("Content-Type: text/plain\r\n", uuencode(&inner).as_bytes()));
    }
}

#[test]
fn multiparts_without_their_boundary_are_taken_apart() {
    for (encoding, label, _) in charsets() {
        let coded = b64(&encode(encoding, BODY));
        let parts = format!(
            "--real\r\nContent-Type: text/plain; charset={label}\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}\r\n--real--\r\n"
        );
        for mime in [
            "Content-Type: multipart/mixed\r\n",
            "Content-Type: multipart/mixed; boundary=\"\"\r\n",
            "Content-Type: multipart/mixed; boundary=other\r\n",
            "Content-Type: multipart/alternative; boundary=REAL\r\n",
            "Content-Type: multipart/mixed; boundry=real\r\n",
        ] {
            let message = found(mime, &mail(mime, parts.as_bytes()));
            assert!(message.defects.contains(&Defect::Boundary), "{mime}");
        }
        let mime = "Content-Type: multipart/mixed; boundary=real\r\nContent-Transfer-Encoding: base64\r\n";
        found("encoded multipart", &mail(mime, b64(parts.as_bytes()).as_bytes()));
        let right =
            found("right", &mail("Content-Type: multipart/mixed; boundary=real\r\n", parts.as_bytes()));
        assert_eq!(right.defects, []);
    }
}

#[test]
fn flowed_lines_are_joined() {
    let body = "最終 \r\n通告です。未納料 \r\n金をお支払いください。 \r\nhttps://pay.exa \r\nmple.net/x\r\n";
    let mime = "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n";
    let message = found("flowed", &mail(mime, body.as_bytes()));
    assert_eq!(message.links[0].target, "https://pay.example.net/x");
    let words = "This is your final no \r\ntice about the unpa \r\nid fee.\r\n";
    let message = Message::parse(&mail(mime, words.as_bytes()));
    assert!(message.texts[0].text.find("final notice about the unpaid fee").is_some());
}

#[test]
fn a_wrong_label_that_fits_hides_nothing() {
    for (encoding, labels) in [
        (EUC_JP, ["gb2312", "gbk", "euc-kr", "gb18030", "big5", "iso-2022-jp"]),
        (SHIFT_JIS, ["gbk", "euc-kr", "gb18030", "big5", "cp949", "euc-jp"]),
    ] {
        for label in labels {
            let subject = format!("=?{label}?B?{}?=", b64(&encode(encoding, SUBJECT)));
            let mut octets = format!(
                "From: a@example.com\r\nSubject: {subject}\r\nContent-Type: text/plain; charset={label}\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n"
            )
            .into_bytes();
            octets.extend(b64(&encode(encoding, BODY)).as_bytes());
            let message = found(&format!("{} as {label}", encoding.name()), &octets);
            for words in WORDS {
                let needle = normalise(words);
                let lines = message.texts.iter().filter(|view| !view.text.original().contains('\n'));
                let mut titles = lines.map(|view| &view.text).chain([&message.subject]);
                assert!(
                    titles.any(|text| text.find(&needle).is_some()),
                    "{label}: {words} {:?}",
                    message.subject
                );
            }
        }
    }
    // What is right is read once.
    for (encoding, label, _) in charsets() {
        let octets = mail(&format!("Content-Type: text/plain; charset={label}\r\n"), &encode(encoding, BODY));
        assert_eq!(Message::parse(&octets).texts.len(), 1, "{label}");
    }
}
