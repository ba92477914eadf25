use proptest::prelude::*;

use super::*;

fn found(patterns: &[String], text: &str) -> Vec<(usize, String)> {
    let mut builder = Builder::new();
    for pattern in patterns {
        builder.add(pattern).unwrap();
    }
    let (automaton, first) = builder.build().unwrap();
    for (pattern, first) in patterns.iter().zip(first) {
        assert_eq!(patterns.iter().position(|other| other == pattern), Some(first as usize));
    }
    let mut found = Vec::new();
    automaton.each(text, |pattern, start, end| {
        assert_eq!(text.get(start..end), Some(patterns[pattern].as_str()));
        found.push((end, patterns[pattern].clone()));
        ControlFlow::Continue(())
    });
    found
}

/// Each end, each pattern.
fn looked_up(patterns: &[String], text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let head = text.get(..end).unwrap();
        let mut here: Vec<&String> = patterns.iter().filter(|p| head.ends_with(*p)).collect();
        here.retain(|pattern| {
            let kind = |ch: Option<char>| {
                ch.map_or(Kind::Other, |ch| u8::try_from(ch).map_or(Kind::Other, Kind::of))
            };
            let before = head.strip_suffix(pattern.as_str()).unwrap();
            !kind(before.chars().next_back()).joins(kind(pattern.chars().next()))
        });
        here.sort_by_key(|pattern| std::cmp::Reverse(pattern.len()));
        here.dedup();
        found.extend(here.into_iter().map(|pattern| (end, pattern.clone())));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn sees_what_is_there(
        patterns in prop::collection::vec("[ab1 請求\u{1f600}]{1,4}", 0..12),
        text in "[abc12 請求の\u{1f600}]{0,40}",
    ) {
        prop_assert_eq!(found(&patterns, &text), looked_up(&patterns, &text));
    }
}

#[test]
fn many_patterns_are_told_apart() {
    let patterns: Vec<String> = (0..20_000).map(|n| format!("x{n}y")).collect();
    for n in [0, 7, 4_096, 19_999] {
        let text = format!(" x{n}y");
        assert_eq!(found(&patterns, &text), [(text.len(), format!("x{n}y"))]);
    }
}
