use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::face::Face;
use super::super::sign::line;
use super::*;

static FACE: LazyLock<Face> = LazyLock::new(|| Face::shipped().unwrap());

/// Lines of `ems` ems.
fn lines(text: &str, ems: f32, manner: Manner) -> Vec<String> {
    let signs = line(text, Hand::Plain, &FACE);
    wrap(&signs, ems * 10.0, 10.0, manner)
        .into_iter()
        .map(|range| trimmed(&signs[range]).iter().map(|sign| sign.ch).collect())
        .collect()
}

#[test]
fn kinsoku() {
    // Each would else begin with 。, 」, っ or ー, or end with 「.
    assert_eq!(lines("漢漢漢漢。漢", 4.2, Manner::Words), ["漢漢漢", "漢。漢"]);
    assert_eq!(lines("漢漢「漢漢」漢", 4.7, Manner::Words), ["漢漢「漢", "漢」漢"]);
    assert_eq!(lines("漢漢漢「漢」", 3.6, Manner::Words), ["漢漢漢", "「漢」"]);
    assert_eq!(lines("漢漢待って", 3.2, Manner::Words), ["漢漢", "待って"]);
    assert_eq!(lines("漢漢漢サーバ", 4.2, Manner::Words), ["漢漢漢", "サーバ"]);
    assert_eq!(lines("漢漢漢……", 4.5, Manner::Words), ["漢漢漢", "……"]);
}

#[test]
fn words_are_whole_and_what_is_no_word_is_not() {
    assert_eq!(lines("to whom it may concern", 7.0, Manner::Words), ["to whom it", "may concern"]);
    assert_eq!(lines("期限は2026-11-25です", 7.0, Manner::Words), ["期限は", "2026-11-25", "です"]);
    assert_eq!(
        lines("漢 https://a.example/0123456789012345678901234567", 14.0, Manner::Words)[0],
        "漢 https://a.example/"
    );
    let digest = "0123456789abcdef".repeat(4);
    let broken = lines(&digest, 20.0, Manner::Words);
    assert_eq!(broken.concat(), digest);
    assert!(broken[0].len() > 20, "{broken:?}");
}

#[test]
fn what_no_line_can_hold_is_broken_all_the_same() {
    assert_eq!(lines("漢漢漢", 0.1, Manner::Words), ["漢", "漢", "漢"]);
    assert_eq!(lines("incomprehensible", 3.0, Manner::Words).concat(), "incomprehensible");
    let closing = "」".repeat(3_000);
    assert_eq!(lines(&closing, 10.0, Manner::Words).concat(), closing);
    assert_eq!(lines(&" ".repeat(3_000), 10.0, Manner::Words), [""]);
    assert_eq!(lines("", 10.0, Manner::Words), [""; 0]);
    let long = "架".repeat(1 << 20);
    assert_eq!(lines(&long, 10.0, Manner::Words).len(), (1 << 20) / 10 + 1);
}

#[test]
fn names_of_what_cannot_be_shown_are_whole() {
    for manner in [Manner::Words, Manner::Anywhere] {
        let broken = lines(&"\u{202E}\u{10FFFF}".repeat(100), 12.0, manner);
        assert!(broken.iter().all(|line| line.starts_with("[U+") && line.ends_with(']')), "{broken:?}");
        assert_eq!(lines("\u{202E}", 2.0, manner).concat(), "[U+202E]");
    }
}

fn text() -> impl Strategy<Value = String> {
    proptest::string::string_regex(
        "([ a-zA-Z0-9./:-]|[「」、。（）ーっ々…]|[ぁ-んァ-ヶ亜-熙]|[\u{200B}😀]){0,200}",
    )
    .unwrap()
}

proptest! {
    /// Every sign is on one line, in order; no line is empty; none is wider than the measure but for spaces and lines of one.
    #[test]
    fn lines_are_a_partition_within_the_measure(text in text(), ems in 0.5_f32..40.0, anywhere: bool) {
        let signs = line(&text, Hand::Plain, &FACE);
        let manner = if anywhere { Manner::Anywhere } else { Manner::Words };
        let mut at = 0;
        for range in wrap(&signs, ems * 10.0, 10.0, manner) {
            prop_assert_eq!(range.start, at);
            prop_assert!(range.end > at);
            at = range.end;
            let shown = trimmed(&signs[range]);
            prop_assert!(shown.len() <= 1 || width(shown) <= ems + 0.001, "{} in {}", width(shown), ems);
        }
        prop_assert_eq!(at, signs.len());
    }

    /// In a measure that is wide enough for every word, no line begins with what may not begin one.
    #[test]
    fn no_line_begins_with_a_closing_mark(text in "([a-z]{1,5} |[「」、。（）っ々]{0,3}[亜-熙]{1,9}){0,40}") {
        for broken in lines(&text, 30.0, Manner::Words).iter().skip(1) {
            prop_assert!(!broken.starts_with(['」', '、', '。', '）', 'っ', '々']), "{broken}");
        }
        for broken in lines(&text, 30.0, Manner::Words) {
            prop_assert!(text.ends_with(['「', '（']) || !broken.ends_with(['「', '（']), "{broken}");
        }
    }
}
