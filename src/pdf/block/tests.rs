use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::sheet::Page;
use super::*;
use crate::document::{Event, EventKind};

static FACE: LazyLock<Face> = LazyLock::new(|| Face::shipped().unwrap());

fn book(blocks: Vec<Block>) -> Book {
    let document = Document {
        language: Language::En,
        title: "t".into(),
        subtitle: "s".into(),
        foot: "f".into(),
        made: "2026-11-25T00:00:00Z".parse().unwrap(),
        blocks,
    };
    lay_out(&document, &FACE)
}

/// What a page says, white space left out.
fn said(page: &Page) -> String {
    let runs = page.ink.iter().filter_map(|mark| match mark {
        Mark::Words { signs, .. } => Some(signs),
        _ => None,
    });
    runs.flatten().map(|sign| sign.ch).filter(|ch| !ch.is_whitespace()).collect()
}

fn all(book: &Book) -> String {
    book.pages.iter().map(said).collect()
}

/// Every run stands between the margins; one sign may be wider than its column.
fn within(book: &Book) -> Result<(), String> {
    for (at, page) in book.pages.iter().enumerate() {
        for mark in &page.ink {
            let Mark::Words { x, y, size, signs, .. } = mark else { continue };
            let end = x + super::super::line::width(signs) * size;
            let inside = *x >= LEFT - 0.1 && end <= RIGHT + 12.0 && *y >= TOP && *y <= BOTTOM + 0.1;
            if !inside || (signs.len() > 1 && end > RIGHT + 1.0) {
                return Err(format!("page {at}: {mark:?}"));
            }
        }
    }
    Ok(())
}

fn event(at: &str, what: &str) -> Event {
    Event { at: at.parse().unwrap(), when: at.into(), what: what.into(), kind: EventKind::Message }
}

#[test]
fn a_row_higher_than_a_page_is_parted_and_its_head_repeated() {
    let tall = "頁".repeat(10_000);
    let book = book(vec![Block::Table {
        columns: vec![("柱".into(), 1), ("二".into(), 3)],
        rows: vec![vec!["a".into(), tall.as_str().into()], vec!["b".into(), "終".into()]],
    }]);
    assert!(book.pages.len() > 5);
    assert!(book.pages.iter().all(|page| said(page).contains('柱')));
    assert_eq!(all(&book).matches('頁').count(), 10_000);
    within(&book).unwrap();
}

#[test]
fn a_heading_is_not_the_last_thing_on_a_page() {
    let next = [
        Block::Paragraph("あ".repeat(400).as_str().into()),
        Block::Notice("あ".repeat(200).as_str().into()),
        Block::List(vec!["あ".repeat(400).as_str().into()]),
        Block::Fields(vec![("あ".into(), "あ".into())]),
        Block::Table { columns: vec![("あ".into(), 1)], rows: vec![vec!["あ".into()]] },
        Block::Verbatim(vec!["あ".repeat(400)]),
        Block::Timeline(vec![event("2026-11-24T01:00:00Z", "あ")]),
    ];
    for next in next {
        for above in 20..50 {
            let lines = vec![Text::from("い"); above];
            let book = book(vec![Block::List(lines), Block::Heading(1, "見出".into()), next.clone()]);
            let page = book.pages.iter().find(|page| said(page).contains("見出")).unwrap();
            assert!(!said(page).ends_with("見出"), "{above} {next:?}");
        }
    }
}

#[test]
fn the_foot_changes_where_it_is_told() {
    let book = book(vec![
        Block::Paragraph("a".into()),
        Block::NewPage,
        Block::Foot("one".into()),
        Block::Paragraph("b".into()),
        Block::Foot("two".into()),
        Block::Paragraph("c".into()),
        Block::NewPage,
        Block::Paragraph("d".into()),
        Block::NewPage,
        Block::Foot(String::new()),
        Block::Paragraph("e".into()),
    ]);
    let foots: Vec<String> = book.pages.iter().map(|page| page.foots.join("+")).collect();
    assert_eq!(foots, ["", "one+two", "two", ""].map(String::from));
}

#[test]
fn a_long_silence_is_cut_short_and_said() {
    let events =
        ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "2026-01-01T03:00:00Z", "2026-11-01T00:00:00Z"];
    let mut events: Vec<Event> = events.iter().map(|at| event(at, "x")).collect();
    events.reverse();
    let book = book(vec![Block::Timeline(events)]);
    let text = all(&book);
    assert!(text.contains("about303daysbetween"), "{text}");
    let order: Vec<_> = ["T01:00", "T03:00", "2026-11-01"].map(|at| text.find(at)).into_iter().collect();
    assert!(order.is_sorted() && order[0].is_some(), "{order:?}");
    let dashed = book.pages[0].ground.iter().filter(|mark| matches!(mark, Mark::Rule { dashed: true, .. }));
    assert_eq!(dashed.count(), 1);
}

#[test]
fn a_wall_of_empty_lines_is_counted() {
    let mut lines = vec![String::from("a")];
    lines.extend(vec![String::new(); 10_000]);
    lines.push("b".into());
    let book = book(vec![Block::Verbatim(lines)]);
    assert_eq!(book.pages.len(), 1);
    assert!(all(&book).contains("a(10000emptylines)b"), "{}", all(&book));
}

#[test]
fn a_line_that_goes_on_has_a_hook() {
    let hooks = |text: &str| {
        let book = book(vec![Block::Verbatim(vec![text.into()])]);
        // Two strokes each; the third line is the one beneath the title.
        book.pages.iter().flat_map(|page| &page.ink).filter(|mark| matches!(mark, Mark::Rule { .. })).count()
            / 2
    };
    assert_eq!(hooks("short"), 0);
    assert_eq!(hooks(&"長".repeat(100)), 2);
}

/// A text of several scripts, of a length that is now and then more than a page holds.
fn text() -> impl Strategy<Value = String> {
    let part = "[a-z0-9/.-]{1,40}|[ぁ-んァ-ヶ亜-熙、。「」]{1,60}| |\n|[\u{202A}-\u{202E}😀\u{0}]";
    (proptest::collection::vec(part, 0..20), 1_usize..30)
        .prop_map(|(parts, times)| parts.concat().repeat(times))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever the block: all is said, in order, and between the margins.
    #[test]
    fn nothing_is_lost_and_nothing_reaches_beyond_the_margins(text in text(), which in 0_usize..8, above in 0_usize..60) {
        let whole = || Text::of(text.as_str(), Tone::Quoted);
        let block = match which {
            0 => Block::Paragraph(whole()),
            1 => Block::Paragraph(Text::of(text.as_str(), Tone::Plain).and("", Tone::Code)),
            2 => Block::Notice(whole()),
            3 => Block::List(vec![whole()]),
            4 => Block::Fields(vec![(String::new(), whole())]),
            5 => Block::Table { columns: vec![(String::new(), 1), (String::new(), 9)], rows: vec![vec![Text::default(), whole()]] },
            6 => Block::Verbatim(vec![text.clone()]),
            _ => Block::Timeline(vec![Event { when: String::new(), ..event("2026-11-24T01:00:00Z", &text) }]),
        };
        let book = book(vec![Block::List(vec!["い".into(); above]), block]);
        within(&book).map_err(TestCaseError::fail)?;
        let lines = signs(&whole(), &FACE);
        let shown: String = lines.iter().flatten().map(|sign| sign.ch).filter(|ch| !ch.is_whitespace()).collect();
        prop_assert!(all(&book).ends_with(&shown), "{} lacks {}", all(&book), shown);
    }
}
