use proptest::prelude::*;

use super::stretch::{by_stretches, whole};
use super::*;
use crate::message::Text;

/// Characters that the steps treat differently, so that random texts meet their rules.
fn texts() -> impl Strategy<Value = String> {
    let chars: Vec<char> =
        "架空請求カ力ローー一-－—・・..、。_  \u{3000}\n\u{200B}\u{202E}\u{FE0F}\u{301}\u{3099}ｶﾞﾊﾟｱabAZéİßςаеорсПр\
         αΩ㈱①㍿㌔ﬁ〇○◯0１國拂ァっ々ㇰ한ᄒ\u{1161}\u{11AB}½´¨ǅ⺠⼒"
            .chars()
            .collect();
    prop_oneof![
        prop::collection::vec(prop::sample::select(chars), 0..40).prop_map(|v| v.into_iter().collect()),
        any::<String>(),
        "[架空a1 .・ー一-]{0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn idempotent(text in texts()) {
        let once = normalise(&text);
        prop_assert_eq!(normalise(&once), once);
    }

    #[test]
    fn stretches_come_to_the_same(
        text in prop_oneof![
            texts(),
            "[ -~\\r\\n\\t\u{0}\u{7}\u{b}\u{c}]{0,40}",
            "([a1]{1,2}[ \n\u{b}]{1,2}|[架é.\u{301}\u{0}ー-]){0,12}",
        ],
    ) {
        prop_assert_eq!(whole(&text), mapped(&text));
        prop_assert_eq!(whole(&text), by_stretches(&text, 1));
    }

    #[test]
    fn the_map_leads_back(text in texts()) {
        let text = Text::new(&text);
        prop_assert_eq!(text.normal(), normalise(text.original()));
        prop_assert!(text.map.windows(2).all(|w| w[0] <= w[1]), "{:?}", text.map);
        let ends: Vec<usize> =
            text.normal.char_indices().map(|(i, _)| i).chain([text.normal.len()]).collect();
        for &start in &ends {
            for &end in ends.iter().filter(|end| **end > start) {
                let quoted = text.quote(start..end);
                prop_assert!(text.original.contains(quoted));
                let blank = text.normal.get(start..end).unwrap().trim().is_empty();
                prop_assert!(blank || !quoted.is_empty(), "{:?} {}..{}", text, start, end);
            }
        }
        // Any offsets at all.
        for start in 0..text.normal.len() + 2 {
            let _ = text.quote(start..start + 3);
        }
    }
}

#[test]
fn the_same_to_a_reader() {
    for (written, plain) in [
        ("架 空 請 求", "架空請求"),
        ("架.空.請.求", "架空請求"),
        ("架・空・請・求", "架空請求"),
        ("の架 . 空 . 請求", "の架空請求"),
        ("架\u{200B}空\u{2060}請\u{FE0F}求", "架空請求"),
        ("架空\r\n 請求", "架空請求"),
        ("ギフトカード", "ギフト力ード"),
        ("ｷﾞﾌﾄｶｰﾄﾞ", "ギフトカード"),
        ("ロ座", "口座"),
        ("エ事", "工事"),
        ("支拂", "支払"),
        ("圓", "円"),
        ("电话", "電話"),
        ("金〇〇円", "金○◯円"),
        ("ＢｉｔＣｏｉｎ", "bitcoin"),
        ("Вitсоin", "bitcoin"),
        ("раураl", "paypal"),
        ("p\u{AD}ay\u{301}p\u{200D}al", "paypal"),
        ("法的措置 を 取る", "法的措置を取る"),
        ("48 時間 以内", "48時間以内"),
        ("メ一ル", "メール"),
        ("03－1234—5678", "03-1234-5678"),
        ("㈱テスト", "(株)テスト"),
        ("シヨツピング", "ショッピング"),
    ] {
        assert_eq!(normalise(written), normalise(plain), "{written}");
    }
    assert_eq!(normalise("Привет"), "привет");
    assert_eq!(normalise("κόσμος"), "κοσμοσ");
    assert_eq!(normalise("  Last \n Notice "), "last notice");
    assert_eq!(normalise("2024年一月二日"), "2024年一月二日");
    assert_ne!(normalise("ケース・バイ・ケース"), normalise("ケースバイケース"));
}

#[test]
fn linear() {
    let zalgo = "a".to_owned() + &"\u{301}".repeat(200_000);
    assert_eq!(normalise(&zalgo), "a");
    let dots = "架.".repeat(200_000);
    assert_eq!(normalise(&dots).chars().filter(|c| *c == '.').count(), 1);
    assert!(!normalise(&"- ー".repeat(100_000)).is_empty());
}
