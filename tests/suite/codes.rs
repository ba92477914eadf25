//! QR codes from the octets of a message to the finding, and images that are made to do harm.

use std::fmt::Write as _;

use base64::Engine as _;
use komainu::indicator::Context;
use komainu::message::{Defect, Make, Message, Origin, Place, TextKind};
use komainu::verdict::{self, Thresholds};
use proptest::prelude::*;

/// A PNG of a code.
fn png(content: &str) -> Vec<u8> {
    let code = qrcode::QrCode::new(content).unwrap();
    let (modules, dark, scale) = (code.width(), code.to_colors(), 4);
    let side = (modules + 8) * scale;
    let pixel = |at: usize| {
        let (x, y) = ((at % side) / scale, (at / side) / scale);
        let inside = (4..modules + 4).contains(&x) && (4..modules + 4).contains(&y);
        if inside && dark[(y - 4) * modules + (x - 4)] == qrcode::Color::Dark { 0 } else { 255 }
    };
    let pixels: Vec<u8> = (0..side * side).map(pixel).collect();
    let mut octets = Vec::new();
    let mut encoder = png::Encoder::new(&mut octets, side as u32, side as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    octets
}

/// A message of one text and files of this type.
fn mail(text: &str, kind: &str, files: &[Vec<u8>]) -> Vec<u8> {
    let mut out = format!(
        "From: Desk <desk@relay.example>\r\nTo: hanako@example.net\r\nSubject: Notice\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    );
    for file in files {
        let encoded = base64::engine::general_purpose::STANDARD.encode(file);
        let _ = write!(
            out,
            "--b\r\nContent-Type: {kind}; name=x\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        );
        for line in encoded.as_bytes().chunks(76) {
            out += std::str::from_utf8(line).unwrap();
            out += "\r\n";
        }
    }
    (out + "--b--\r\n").into_bytes()
}

#[test]
fn what_a_code_says_is_a_text_and_a_link() {
    let message = Message::parse(&mail("Scan this.", "image/png", &[png("https://login.example/v?u=1")]));
    let [code] = message.codes.as_slice() else { panic!("{:?}", message.codes) };
    assert_eq!((code.make, &code.carrier), (Make::Image, &Place::Attachment(1)));
    let view = &message.texts[code.text - 1];
    assert_eq!((view.kind, view.text.original()), (TextKind::Code, "https://login.example/v?u=1"));
    let link = message.links.iter().find(|link| link.origin == Origin::Code).unwrap();
    assert_eq!((link.host.as_str(), link.scheme.as_str()), ("login.example", "https"));
}

#[test]
fn findings_say_that_they_stand_in_a_code() {
    let wallet = "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=0.1";
    for (content, indicator) in
        [(wallet, "crypto-address"), (wallet, "qr-payment"), ("https://login.example/v", "qr-link")]
    {
        let text = "Your mailbox password expires. Pay with the code below.";
        let message = Message::parse(&mail(text, "image/png", &[png(content)]));
        let verdict = verdict::judge(&message, &Context::default(), &Thresholds::default());
        let finding = verdict.findings.iter().find(|finding| finding.indicator == indicator);
        assert_eq!(finding.unwrap_or_else(|| panic!("{indicator}")).place.to_string(), "attachment/1/qr");
    }
}

#[test]
fn other_schemes_and_records_are_kept_as_they_are() {
    for (content, scheme) in [
        ("otpauth://totp/Example:hanako?secret=ABC", "otpauth"),
        ("line://ti/p/x", "line"),
        ("tel:+81300000000", "tel"),
    ] {
        let message = Message::parse(&mail("", "image/png", &[png(content)]));
        assert_eq!(message.links[0].scheme, scheme);
    }
    for content in
        ["WIFI:S:home;T:WPA;P:secret;;", "M1YAMADA/HANAKO EABC123", "BEGIN:VCARD\nN:Hanako\nEND:VCARD"]
    {
        let message = Message::parse(&mail("", "image/png", &[png(content)]));
        assert!(message.links.is_empty() && message.codes.len() == 1, "{content}");
    }
}

#[test]
fn what_is_beyond_the_caps_is_a_defect() {
    let file = png("https://login.example/v");
    let files: Vec<Vec<u8>> = (0..60u8).map(|n| [file.as_slice(), &[n]].concat()).collect();
    let message = Message::parse(&mail("", "image/png", &files));
    assert!(message.defects.contains(&Defect::ImagesCut));
    assert!(!message.codes.is_empty() && message.codes.len() <= 16);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cut_and_broken_files_never_stop_a_message(
        kind in prop::sample::select(vec!["image/png", "image/jpeg", "image/gif", "image/bmp", "image/svg+xml", "application/pdf"]),
        mark in prop::sample::select(vec![&b""[..], b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"<svg ", b"%PDF-1.7 /Image stream\n"]),
        cut in 0usize..2000,
        hits in prop::collection::vec((0usize..2000, any::<u8>()), 0..20),
    ) {
        let mut file = mark.to_vec();
        file.extend(png("https://login.example/v"));
        for (at, octet) in hits {
            if let Some(old) = file.get_mut(at) {
                *old = octet;
            }
        }
        file.truncate(cut);
        let message = Message::parse(&mail("text", kind, &[file]));
        prop_assert_eq!(message.texts[0].text.original(), "text");
        prop_assert_eq!(message.attachments.len(), 1);
    }
}
