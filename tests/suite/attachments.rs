//! Attachments as `Message::parse` sees them: archives of every kind that mail carries, and what lies within.

use std::io::Write as _;

use base64::Engine as _;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use komainu::message::{Attachment, Defect, Feature, Kind, Message};

/// A message that carries one file.
pub(super) fn carrying(name: &str, octets: &[u8]) -> Vec<u8> {
    let coded = base64::engine::general_purpose::STANDARD.encode(octets);
    format!(
        "From: a@example.com\r\nContent-Type: application/octet-stream; name=\"{name}\"\r\n\
         Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}\r\n"
    )
    .into_bytes()
}

fn parsed(name: &str, octets: &[u8]) -> Attachment {
    Message::parse(&carrying(name, octets)).attachments[0].clone()
}

/// A zip of deflated members, as APPNOTE 4.3 lays it out.
pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (name, octets) in members {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(octets).unwrap();
        let packed = encoder.finish().unwrap();
        let at = u32::try_from(out.len()).unwrap();
        let mut fields = vec![20, 0, 0, 8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        fields.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        fields.extend(u32::try_from(octets.len()).unwrap().to_le_bytes());
        fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        fields.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(packed);
        central.extend(b"PK\x01\x02\x14\0");
        central.extend(&fields);
        central.extend([0; 10]);
        central.extend(at.to_le_bytes());
        central.extend(name.as_bytes());
    }
    let (count, start) = (u16::try_from(members.len()).unwrap(), u32::try_from(out.len()).unwrap());
    out.extend(&central);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(u32::try_from(central.len()).unwrap().to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

pub(super) fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, octets) in members {
        let mut header = [0u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", octets.len()).as_bytes());
        header[156] = b'0';
        header[257..262].copy_from_slice(b"ustar");
        out.extend(header);
        out.extend(*octets);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

const PROGRAM: &[u8] = b"MZ\x90\0\x03\0\0\0 no program, only its first octets";

#[test]
fn a_program_under_a_false_name_is_found_in_archives_and_archives_in_archives() {
    let inner = zip(&[("invoice.pdf", PROGRAM)]);
    for (name, octets, kind, member) in [
        ("a.zip", inner.clone(), Kind::Zip, "invoice.pdf"),
        (
            "a.zip",
            zip(&[("readme.txt", b"hello"), ("inner.zip", &inner)]),
            Kind::Zip,
            "inner.zip/invoice.pdf",
        ),
        ("a.pdf.gz", gzip(PROGRAM), Kind::Gzip, "a.pdf"),
        ("a.tgz", gzip(&tar(&[("x/請求書.pdf", PROGRAM)])), Kind::Gzip, "x/請求書.pdf"),
        ("a.tar", tar(&[("b.txt", b"b"), ("c.jpg", PROGRAM)]), Kind::Tar, "c.jpg"),
        ("a.jpg", zip(&[("a.gz", &gzip(PROGRAM))]), Kind::Zip, "a.gz/a"),
    ] {
        let file = parsed(name, &octets);
        assert_eq!(file.kind, kind, "{name}");
        assert!(file.members.iter().any(|known| known == member), "{member}: {:?}", file.members);
        assert!(file.features.contains(&Feature::ProgramInside), "{member}");
    }
    let honest = parsed("a.zip", &zip(&[("a.txt", b"hello"), ("b.pdf", b"%PDF-1.4 hello")]));
    assert!(honest.features.is_empty() && !honest.encrypted);
}

/// Octets of seven bits each, as RAR 5 writes its numbers.
fn rar5(blocks: &[&[u8]]) -> Vec<u8> {
    let mut out = b"Rar!\x1a\x07\x01\0".to_vec();
    for block in blocks {
        out.extend([0; 4]);
        out.push(u8::try_from(block.len()).unwrap());
        out.extend(*block);
    }
    out
}

#[test]
fn listings_are_read_where_they_are_plain_and_noted_where_they_are_hidden() {
    // RAR 5: main header, then a file header (type 2): flags, file flags, size, attributes, method, system, name.
    let file5 = [&[2u8, 0, 0, 5, 0, 0, 0, 9][..], b"order.exe"].concat();
    let plain = parsed("a.rar", &rar5(&[&[1, 0, 0], &file5]));
    assert_eq!((plain.kind, plain.members.as_slice()), (Kind::Rar, &["order.exe".to_owned()][..]));
    let hidden = parsed("a.rar", &rar5(&[&[4, 0, 0, 0, 15]]));
    assert!(hidden.encrypted && hidden.features.contains(&Feature::NamesHidden));
    // RAR 4: archive header of 13 octets, then a file header.
    let mut rar4 = b"Rar!\x1a\x07\0\0\0\x73\0\0\x0d\0\0\0\0\0\0\0\0\0\x74\x04\0".to_vec();
    rar4.extend(41u16.to_le_bytes());
    rar4.extend([0; 19]);
    rar4.extend(9u16.to_le_bytes());
    rar4.extend([0; 4]);
    rar4.extend(b"order.exe");
    let old = parsed("a.rar", &rar4);
    assert_eq!((old.members.as_slice(), old.encrypted), (&["order.exe".to_owned()][..], true));
    // 7z: the listing stands where the first header says; names in UTF-16LE.
    let name: Vec<u8> = "請求書.js\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut listing = vec![1, 5, 1, 0x11, u8::try_from(name.len() + 1).unwrap(), 0];
    listing.extend(&name);
    listing.extend([0, 0]);
    let seven = |listing: &[u8]| {
        let mut out = b"7z\xbc\xaf\x27\x1c\0\x04\0\0\0\0".to_vec();
        out.extend(0u64.to_le_bytes());
        out.extend(u64::try_from(listing.len()).unwrap().to_le_bytes());
        out.extend([0; 4]);
        out.extend(listing);
        parsed("a.7z", &out)
    };
    assert_eq!(seven(&listing).members, ["請求書.js"]);
    let packed = seven(b"\x17\x06\xe0\x06\xf1\x07\x01\x0a");
    assert!(packed.encrypted && packed.features.contains(&Feature::NamesHidden));
    // CAB: the first file's entry stands at the offset in octets 16 to 19.
    let mut cab = b"MSCF".to_vec();
    cab.resize(36, 0);
    cab[16] = 36;
    cab[28] = 1;
    cab.extend([0; 16]);
    cab.extend(b"order.exe\0");
    assert_eq!(parsed("a.cab", &cab).members, ["order.exe"]);
    // LHA, level 0.
    let mut lzh = vec![31, 0];
    lzh.extend(b"-lh5-\0\0\0\0\0\0\0\0\0\0\0\0\x20\0\x09order.exe\0\0");
    lzh.push(0);
    assert_eq!(parsed("a.lzh", &lzh).members, ["order.exe"]);
    assert_eq!(parsed("order.exe.xz", b"\xfd7zXZ\x00rest").members, ["order.exe"]);
}

/// A message per file shape, broken at every octet: nothing but a verdict may come of it.
#[test]
fn broken_files_are_read_as_far_as_they_go() {
    let rtf = b"{\\rtf1\\objdata 0105000002000000 4f6c65324c696e6b}".to_vec();
    let pdf = b"%PDF-1.4 1 0 obj << /URI (http://a.example/\\(x) >> stream\nxx\nendstream /URI <68> /Launch"
        .to_vec();
    let mut ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    ole.resize(2048, 0);
    ole[30] = 9;
    let shapes = [
        zip(&[("a.txt", b"aaaa"), ("b.gz", &gzip(b"b"))]),
        gzip(&tar(&[("a", b"a")])),
        rtf,
        pdf,
        ole,
        rar5(&[&[1, 0, 0]]),
    ];
    for shape in &shapes {
        for end in 0..shape.len() {
            let _ = parsed("a", &shape[..end]);
            let mut changed = shape.clone();
            changed[end] = changed[end].wrapping_add(0x7F);
            let _ = parsed("a", &changed);
            changed[end] = 0xFF;
            let _ = parsed("a", &changed);
        }
    }
}

#[test]
fn bombs_cost_what_the_budget_allows() {
    let zeros = vec![0u8; 16 << 20];
    let big = gzip(&zeros);
    let many: Vec<(String, &[u8])> = (0..2_000).map(|n| (format!("{n}.gz"), big.as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, octets)| (name.as_str(), *octets)).collect();
    for octets in [gzip(&big), zip(&[("a", &zeros)]), zip(&[("a.gz", &big), ("b.gz", &big)]), zip(&many)] {
        let message = Message::parse(&carrying("bomb", &octets));
        assert!(message.work.inflated <= 8 << 20, "{:?}", message.work);
        assert!(message.attachments[0].members.len() <= 500);
    }
    assert!(Message::parse(&carrying("a.gz", &big)).defects.contains(&Defect::ArchiveCut));
}
