//! Messages that are made to cost much: one function a shape. Shared by the suite and `benches/hostile.rs`.

use std::fmt::Write as _;
use std::io::Write as _;

use base64::Engine as _;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// Name and octets, made when asked for: together they would be half a gigaoctet.
pub(crate) type Shape = (&'static str, fn() -> Vec<u8>);

const MIB: usize = 1 << 20;

/// Every shape.
pub(crate) const SHAPES: &[Shape] = &[
    ("file-of-100-mb", file_of_100_mb),
    ("text-of-100-mb", text_of_100_mb),
    ("parts-1000000", parts),
    ("messages-in-messages-20000", messages_in_messages),
    ("multiparts-in-multiparts-20000", multiparts_in_multiparts),
    ("zip-bomb", zip_bomb),
    ("zip-bomb-overlapping", zip_bomb_overlapping),
    ("gzip-bomb-nested", gzip_bomb_nested),
    ("gzip-bomb-many-members", gzip_bomb_many_members),
    ("archives-1000", archives),
    ("line-of-10-mb", line),
    ("html-line-of-10-mb", html_line),
    ("links-100000", links),
    ("bare-links-100000", bare_links),
    ("css-nested", css_nested),
    ("css-selectors", css_selectors),
    ("css-rules-and-classes", css_rules_and_classes),
    ("css-inline", css_inline),
    ("entities-1000000", entities),
    ("tables-nested-100000", tables_nested),
    ("tags-unclosed", tags_unclosed),
    ("field-of-10-mb", field_of_10_mb),
    ("fields-100000", fields),
    ("fields-of-64-kb", fields_of_64_kb),
    ("encoded-words-1-mb", encoded_words),
    ("addresses-100000", addresses),
    ("parameters-100000", parameters),
    ("tnef-lying", tnef_lying),
    ("tnef-nested", tnef_nested),
    ("pdf-streams", pdf_streams),
    ("uuencoded-files", uuencoded_files),
    ("rtf-groups", rtf_groups),
    ("data-uris", data_uris),
    ("marks-and-confusables", marks),
    ("levels-of-50-mb", levels_of_50_mb),
    ("pages-of-1-mb", pages_of_1_mb),
    ("tnef-bodies", tnef_bodies),
    ("calendars-1000", calendars),
];

fn mail(fields: &str, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(fields.len() + body.len() + 128);
    out.extend(b"From: a@example.com\r\nTo: b@example.net\r\nSubject: hostile\r\n");
    out.extend(fields.as_bytes());
    out.extend(b"\r\n");
    out.extend(body);
    out
}

fn file(name: &str, octets: &[u8]) -> Vec<u8> {
    let coded = base64::engine::general_purpose::STANDARD.encode(octets);
    mail(
        &format!(
            "Content-Type: application/octet-stream; name={name}\r\nContent-Disposition: attachment\r\n\
             Content-Transfer-Encoding: base64\r\n"
        ),
        coded.as_bytes(),
    )
}

fn html(body: &str) -> Vec<u8> {
    mail("Content-Type: text/html; charset=utf-8\r\n", body.as_bytes())
}

fn plain(body: &str) -> Vec<u8> {
    mail("Content-Type: text/plain; charset=utf-8\r\n", body.as_bytes())
}

fn file_of_100_mb() -> Vec<u8> {
    let line = "JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0ZpbHRlci9GbGF0ZURlY29k\r\n";
    mail(
        "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n",
        line.repeat(100 * MIB / line.len()).as_bytes(),
    )
}

fn text_of_100_mb() -> Vec<u8> {
    let line = "最終通告 未納料金のお支払いがございません https://pay.example.com/ 本日中\r\n";
    plain(&line.repeat(100 * MIB / line.len()))
}

fn parts() -> Vec<u8> {
    mail("Content-Type: multipart/mixed; boundary=b\r\n", &b"--b\r\n\r\nx\r\n".repeat(1_000_000))
}

fn messages_in_messages() -> Vec<u8> {
    mail("Content-Type: message/rfc822\r\n", &b"Content-Type: message/rfc822\r\n\r\n".repeat(20_000))
}

fn multiparts_in_multiparts() -> Vec<u8> {
    let mut out = String::new();
    for n in 0..20_000 {
        let _ = write!(out, "Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n");
    }
    out.into_bytes()
}

fn deflated(octets: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let _ = encoder.write_all(octets);
    encoder.finish().unwrap_or_default()
}

fn gzipped(octets: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let _ = encoder.write_all(octets);
    encoder.finish().unwrap_or_default()
}

fn le32(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes()
}

/// An archive whose `count` entries are all the same deflated octets, written once where they `overlap`.
fn zip(packed: &[u8], size: usize, count: usize, overlap: bool) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    let mut at = 0;
    for n in 0..count {
        let name = format!("{n:06}.pdf");
        let mut head = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        head.extend(le32(packed.len()));
        head.extend(le32(size));
        head.extend([10, 0, 0, 0]);
        if n == 0 || !overlap {
            at = out.len();
            out.extend(b"PK\x03\x04");
            out.extend(&head);
            out.extend(name.as_bytes());
            out.extend(packed);
        }
        central.extend(b"PK\x01\x02\x14\0");
        central.extend(&head);
        central.extend([0; 10]);
        central.extend(le32(at));
        central.extend(name.as_bytes());
    }
    let start = out.len();
    out.extend(&central);
    out.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff");
    out.extend(le32(central.len()));
    out.extend(le32(start));
    out.extend([0, 0]);
    out
}

/// A PDF that goes on and on, so that the member is worth reading.
fn bomb() -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    out.resize(32 * MIB, b' ');
    out
}

fn start_of_bomb(octets: usize) -> Vec<u8> {
    let mut out = bomb();
    out.truncate(octets);
    out
}

fn zip_bomb() -> Vec<u8> {
    file("a.zip", &zip(&deflated(&bomb()), 32 * MIB, 64, false))
}

fn zip_bomb_overlapping() -> Vec<u8> {
    file("a.zip", &zip(&deflated(&bomb()), 32 * MIB, 60_000, true))
}

fn gzip_bomb_nested() -> Vec<u8> {
    let mut out = bomb();
    for _ in 0..6 {
        out = gzipped(&out);
    }
    file("a.gz", &out)
}

fn gzip_bomb_many_members() -> Vec<u8> {
    file("a.tar.gz", &gzipped(&bomb()).repeat(64))
}

fn archives() -> Vec<u8> {
    let coded =
        base64::engine::general_purpose::STANDARD.encode(zip(&deflated(&start_of_bomb(MIB)), MIB, 8, true));
    let mut body = String::new();
    for _ in 0..1_000 {
        let _ = write!(
            body,
            "--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}\r\n"
        );
    }
    mail("Content-Type: multipart/mixed; boundary=b\r\n", body.as_bytes())
}

fn line() -> Vec<u8> {
    plain(&"架空請求 a.b@c www. http:// ".repeat(10 * MIB / 36))
}

fn html_line() -> Vec<u8> {
    html(&"架空請求<b>a</b>&nbsp;".repeat(10 * MIB / 28))
}

fn links() -> Vec<u8> {
    let mut out = String::new();
    for n in 0..100_000 {
        let _ = write!(out, "<a href=\"https://h{n}.example.com/p?q={n}\">https://bank.example/{n}</a>");
    }
    html(&out)
}

fn bare_links() -> Vec<u8> {
    let mut out = String::new();
    for n in 0..100_000 {
        let _ = write!(out, "https://h{n}.example.com/ ");
    }
    plain(&out)
}

fn css_nested() -> Vec<u8> {
    html(&format!(
        "<style>{}{}</style><p class=a>x</p>",
        "@media all{.a{".repeat(60_000),
        "}}".repeat(60_000)
    ))
}

fn css_selectors() -> Vec<u8> {
    let mut selectors = String::new();
    for n in 0..60_000 {
        let _ = write!(selectors, ".c{n}>#i{n}:not(.x) ~ b,");
    }
    html(&format!("<style>{selectors}p{{display:none}}</style>{}", "<p class='c1 c2 c3'>x</p>".repeat(2_000)))
}

fn css_rules_and_classes() -> Vec<u8> {
    let mut sheet = String::new();
    for n in 0..20_000 {
        let _ = write!(sheet, ".c{n}{{color:#{:06x};font-size:0}}", n * 7);
    }
    let mut body = String::new();
    for n in 0..8_000 {
        let _ = write!(body, "<p class='");
        for k in 0..8 {
            let _ = write!(body, "c{} ", (n * 31 + k * 977) % 20_000);
        }
        body.push_str("'>x</p>");
    }
    html(&format!("<style>{sheet}</style>{body}"))
}

fn css_inline() -> Vec<u8> {
    let style = "color:red;font-size:calc(1px - 1px);".repeat(20_000);
    html(&format!("<p style=\"{style}\">x</p>{}", "<i style='a:b;c:d;e:f;color:#fff'>y</i>".repeat(20_000)))
}

fn entities() -> Vec<u8> {
    html(&"&amp;&#x41;&notanentity;&#1114112;".repeat(250_000))
}

fn tables_nested() -> Vec<u8> {
    html(&format!("{}x{}", "<table><tr><td>".repeat(100_000), "</td></tr></table>".repeat(100_000)))
}

fn tags_unclosed() -> Vec<u8> {
    html(&"<a href='x' <b <!-- <![CDATA[ </ <p a='".repeat(100_000))
}

fn field_of_10_mb() -> Vec<u8> {
    mail(&format!("X-Long: {}\r\n", "最終通告 =?utf-8?B?5pyA?= ".repeat(10 * MIB / 32)), b"x")
}

fn fields() -> Vec<u8> {
    let mut out = String::new();
    for n in 0..100_000 {
        let _ = write!(
            out,
            "X-Field-{n}: value {n}\r\nReceived: from a by b; Tue, 24 Nov 2026 10:00:00 +0900\r\n"
        );
    }
    mail(&out, b"x")
}

fn fields_of_64_kb() -> Vec<u8> {
    let value = "a@example.com, ".repeat(64 * 1024 / 15);
    let mut out = String::new();
    let names = ["To", "Cc", "References", "Authentication-Results", "X-Other"];
    for name in names.iter().cycle().take(1_500) {
        let _ = write!(out, "{name}: {value}\r\n");
    }
    mail(&out, b"x")
}

fn encoded_words() -> Vec<u8> {
    let words = "=?iso-2022-jp?B?GyRCOkc9KhsoQg==?= =?utf-8?Q?=E6=9C=80?= ".repeat(MIB / 56);
    let mut out = b"From: a@example.com\r\nSubject: ".to_vec();
    out.extend(words.as_bytes());
    out.extend(b"\r\nTo: ");
    out.extend(words.as_bytes());
    out.extend(b"\r\n\r\nx");
    out
}

fn addresses() -> Vec<u8> {
    mail(&format!("Cc: {}x@example.com\r\n", "\"a, b\" (c) <a@example.com>, ".repeat(100_000)), b"x")
}

fn parameters() -> Vec<u8> {
    mail(
        &format!("Content-Type: text/plain{}\r\n", "; name*0*=utf-8''%41; a=\"b\\\"c\"".repeat(50_000)),
        b"x",
    )
}

fn tnef_attribute(out: &mut Vec<u8>, id: u32, claimed: usize, data: &[u8]) {
    out.push(1);
    out.extend(id.to_le_bytes());
    out.extend(le32(claimed));
    out.extend(data);
    out.extend([0, 0]);
}

fn tnef_lying() -> Vec<u8> {
    let mut out = b"\x78\x9f\x3e\x22\x01\0".to_vec();
    for n in 0..50_000u32 {
        tnef_attribute(&mut out, 0x0006_9002, 4, &[0; 4]);
        let mut list = le32(usize::MAX).to_vec();
        list.extend(b"\x02\x11\x01\x37");
        list.extend(le32(usize::MAX));
        list.extend(n.to_le_bytes());
        tnef_attribute(&mut out, 0x0006_9005, list.len(), &list);
    }
    tnef_attribute(&mut out, 0x0002_800C, usize::MAX, "最終通告".as_bytes());
    file("winmail.dat", &out)
}

fn tnef_nested() -> Vec<u8> {
    let mut inner = b"\x78\x9f\x3e\x22\x01\0".to_vec();
    for _ in 0..200 {
        let mut list = 1u32.to_le_bytes().to_vec();
        list.extend(b"\x0d\0\x01\x37\x01\0\0\0");
        list.extend(le32(inner.len() + 16));
        list.extend([0; 16]);
        list.extend(&inner);
        let mut outer = b"\x78\x9f\x3e\x22\x01\0".to_vec();
        tnef_attribute(&mut outer, 0x0006_9002, 4, &[0; 4]);
        tnef_attribute(&mut outer, 0x0006_9005, list.len(), &list);
        inner = outer;
    }
    file("winmail.dat", &inner)
}

fn pdf_streams() -> Vec<u8> {
    let packed = deflated(&start_of_bomb(4 * MIB));
    let mut out = b"%PDF-1.5\n".to_vec();
    for _ in 0..400 {
        out.extend(b"1 0 obj << /Type /ObjStm /Filter /FlateDecode >>\nstream\n\x78\x9c");
        out.extend(&packed);
        out.extend(b"\nendstream\n");
    }
    out.extend(b"/URI (http://a.example/) /#55RI <61>".repeat(100_000));
    file("a.pdf", &out)
}

fn uuencoded_files() -> Vec<u8> {
    plain(&"begin 644 a.zip\r\n#4$L#\r\n`\r\nend\r\n".repeat(100_000))
}

fn rtf_groups() -> Vec<u8> {
    let mut rtf = "{\\rtf1\\fromhtml1 ".to_owned();
    rtf.push_str(&"{\\*\\htmltag <b>}\\u26368 ?\\'8d{\\f1".repeat(100_000));
    let mut packed = le32(rtf.len() + 12).to_vec();
    packed.extend(le32(rtf.len()));
    packed.extend(b"MELA\0\0\0\0");
    packed.extend(rtf.as_bytes());
    let mut list = 1u32.to_le_bytes().to_vec();
    list.extend(b"\x02\x01\x09\x10\x01\0\0\0");
    list.extend(le32(packed.len()));
    list.extend(&packed);
    let mut out = b"\x78\x9f\x3e\x22\x01\0".to_vec();
    tnef_attribute(&mut out, 0x0006_9003, list.len(), &list);
    file("winmail.dat", &out)
}

/// Images that claim to be large, embedded in the page.
fn data_uris() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x27\x10\0\0\x27\x10\x08\x02\0\0\0\0\0\0\0".to_vec();
    png.extend([0; 200]);
    let uri = base64::engine::general_purpose::STANDARD.encode(png);
    html(&format!("<img src=\"data:image/png;base64,{uri}\">").repeat(5_000))
}

fn marks() -> Vec<u8> {
    plain(&format!(
        "{}{}",
        "a\u{301}\u{302}\u{3099}か\u{3099}".repeat(60_000),
        "а.ｐ\u{200B}．架.空・".repeat(60_000)
    ))
}

/// Each of forty multiparts holds nearly all of the message.
fn levels_of_50_mb() -> Vec<u8> {
    let mut out = String::new();
    for n in 0..40 {
        let _ = write!(out, "Content-Type: multipart/mixed; boundary=b{n}x\r\n\r\n--b{n}x\r\n");
    }
    out.push_str("\r\n");
    out.push_str(&"--b -- --b1 --\r\n\r\n".repeat(50 * MIB / 19));
    out.into_bytes()
}

/// Pages of nothing but tags.
fn pages_of_1_mb() -> Vec<u8> {
    let page = "<i class=a style=color:red></i>".repeat(MIB / 31);
    let part = format!("--b\r\nContent-Type: text/html\r\n\r\n{page}\r\n");
    mail("Content-Type: multipart/mixed; boundary=b\r\n", part.repeat(60).as_bytes())
}

fn tnef_bodies() -> Vec<u8> {
    // Compressed RTF: literals, then references that repeat them.
    let mut packed = le32(usize::MAX).to_vec();
    packed.extend(le32(usize::MAX));
    packed.extend(b"LZFu\0\0\0\0");
    packed.extend(
        [
            0xFF, 0x00, 0x1F, 0x00, 0x1F, 0x00, 0x1F, 0x00, 0x1F, 0x00, 0x1F, 0x00, 0x1F, 0x00, 0x1F, 0x00,
            0x1F,
        ]
        .repeat(8_000),
    );
    let mut list = 1u32.to_le_bytes().to_vec();
    list.extend(b"\x02\x01\x09\x10\x01\0\0\0");
    list.extend(le32(packed.len()));
    list.extend(&packed);
    let mut out = b"\x78\x9f\x3e\x22\x01\0".to_vec();
    for _ in 0..100 {
        tnef_attribute(&mut out, 0x0006_9003, list.len(), &list);
    }
    file("winmail.dat", &out)
}

fn calendars() -> Vec<u8> {
    let entry = format!("BEGIN:VCALENDAR\r\n{}", "DESCRIPTION:未納\r\n 料金\\n\r\n".repeat(2_000));
    let part = format!("--b\r\nContent-Type: text/calendar\r\n\r\n{entry}\r\n");
    mail("Content-Type: multipart/mixed; boundary=b\r\n", part.repeat(1_000).as_bytes())
}
