//! A document becomes a PDF whatever it contains, and what others' programs say of that PDF.

mod example;
mod tools;

use komainu::document::{Block, Document, Event, EventKind, Language, Text, Tone};
use komainu::pdf;

/// Writes the examples where `KOMAINU_TEST_PDF` says, to be looked at.
#[test]
#[ignore = "writes files for people to look at"]
fn write_the_examples() {
    let Some(dir) = std::env::var_os("KOMAINU_TEST_PDF") else { return };
    for (name, document) in example::all() {
        let path = std::path::Path::new(&dir).join(format!("{name}.pdf"));
        std::fs::write(path, pdf::render(&document).unwrap()).unwrap();
    }
}

fn document(blocks: Vec<Block>) -> Document {
    Document {
        language: Language::Ja,
        title: "題名".into(),
        subtitle: "副題".into(),
        foot: "C-2026-0001".into(),
        made: "2026-11-25T00:00:00Z".parse().unwrap(),
        blocks,
    }
}

/// Every block, each filled with the same text.
fn everywhere(text: &str) -> Document {
    let quoted = || Text::of(text, Tone::Quoted);
    let event = |kind| Event {
        at: "2026-11-24T01:00:00Z".parse().unwrap(),
        when: text.into(),
        what: text.into(),
        kind,
    };
    let mut made = document(vec![
        Block::Foot(text.into()),
        Block::Heading(1, text.into()),
        Block::Heading(2, text.into()),
        Block::Paragraph(text.into()),
        Block::Paragraph(quoted()),
        Block::Notice(Text::of(text, Tone::Strong).and(text, Tone::Code).and(text, Tone::Quiet)),
        Block::List(vec![text.into(), quoted()]),
        Block::Fields(vec![(text.into(), quoted()), (String::new(), Text::default())]),
        Block::Table {
            columns: vec![(text.into(), 0), ("二".into(), u16::MAX), (text.into(), 3)],
            rows: vec![vec![quoted(), text.into(), quoted(), quoted()], vec![], vec![text.into()]],
        },
        Block::Verbatim(vec![text.into(), String::new()]),
        Block::Timeline(vec![event(EventKind::Message), event(EventKind::Gap), event(EventKind::Deadline)]),
        Block::NewPage,
    ]);
    made.title = text.into();
    made.subtitle = text.into();
    made.foot = text.into();
    made
}

fn hostile() -> Vec<(&'static str, String)> {
    vec![
        ("nothing", String::new()),
        ("emoji", "請求書👨‍👩‍👧‍👦❤️🇯🇵".into()),
        ("bidi", "\u{202E}txt.exe\u{202C} \u{2066}abc\u{2069} \u{200E}\u{200F}".into()),
        ("nul", "a\0b\u{1}\u{1B}[31m\u{7F}\u{85}".into()),
        ("zero width", "ク\u{200B}レ\u{200C}ジ\u{200D}\u{FEFF}ット".into()),
        ("arabic and thai", "مرحبا สวัสดี नमस्ते".into()),
        ("beyond the plane", "𠮷野家𩸽".into()),
        ("marks", format!("Z{}", "\u{300}\u{489}\u{20DD}".repeat(100))),
        ("variants", "葛\u{E0100}城\u{FE0F}".into()),
        ("private and unassigned", "\u{E000}\u{F8FF}\u{10FFFD}\u{378}\u{FFFE}\u{FFFF}".into()),
        ("halfwidth", "ｶﾌﾞｼｷｶﾞｲｼｬ｡｢ﾃｽﾄ｣".into()),
        ("markup", "</rdf:li>&amp;<x>]]>(%s)\\)/URI/JavaScript/Launch/EmbeddedFile".into()),
        ("line of 3000", "x".repeat(3_000)),
        ("closing marks", "」".repeat(3_000)),
        ("spaces", " ".repeat(3_000)),
        ("lines", "行\n\r\n".repeat(300)),
        ("empty lines", "\n".repeat(3_000)),
    ]
}

#[test]
fn a_pdf_comes_of_every_text() {
    for (name, text) in hostile() {
        let octets = pdf::render(&everywhere(&text)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(octets.starts_with(b"%PDF-1.7"), "{name}");
        assert!(octets.ends_with(b"%%EOF"), "{name}");
    }
}

#[test]
fn a_pdf_comes_of_every_size() {
    let long = "架空請求ab".repeat(1 << 16);
    let lines: Vec<String> = (0..10_000).map(|at| format!("{at}: Received: from mx.example")).collect();
    let cell = || Text::of("払わなければ、公開する。".repeat(2_000), Tone::Quoted);
    let columns = |count: u16| (0..count).map(|at| (format!("欄{at}"), at)).collect::<Vec<_>>();
    let row = |count: usize| (0..count).map(|at| at.to_string().into()).collect::<Vec<Text>>();
    for blocks in [
        vec![],
        vec![Block::Paragraph(long.as_str().into())],
        vec![Block::Verbatim(vec![long.clone()])],
        vec![Block::Verbatim(lines)],
        vec![Block::Verbatim(vec![String::new(); 10_000])],
        vec![Block::Table { columns: columns(2), rows: vec![vec![cell(), cell()]; 3] }],
        vec![Block::Table { columns: columns(60), rows: vec![row(60); 30] }],
        vec![Block::Table { columns: columns(0), rows: vec![row(3)] }],
        vec![Block::Table { columns: columns(3), rows: vec![row(3); 2_000] }],
        vec![Block::NewPage; 1_000],
        vec![Block::Heading(1, "見出し".into()); 1_000],
    ] {
        pdf::render(&document(blocks)).unwrap();
    }
}

#[test]
fn the_same_document_is_the_same_octets() {
    let (_, example) = example::all().remove(0);
    let first = pdf::render(&example).unwrap();
    assert_eq!(first, pdf::render(&example).unwrap());
    let mut later = example.clone();
    later.made = "2026-11-26T00:00:00Z".parse().unwrap();
    assert_ne!(first, pdf::render(&later).unwrap());
}
