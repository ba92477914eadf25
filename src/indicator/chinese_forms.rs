//! Simplified Chinese characters within Japanese text.
//!
//! # Detects
//!
//! Characters that only simplified Chinese has (户, 账, 验, …), at least two, in lines that are written in
//! Japanese; those of names are left out.
//!
//! # Why it matters
//!
//! It holds characters that Japanese does not use: a mark of letters made abroad.
//!
//! # False positives
//!
//! Partners in China and mail about Chinese; names and lines wholly in Chinese are left out.
//!
//! # References
//!
//! - Council of Anti-Phishing Japan: how to tell phishing mail
//! - JIS X 0208: none of these characters is in it

use std::sync::LazyLock;

use crate::message::Excerpt;

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "chinese-forms",
    title: Bilingual {
        ja: "日本語に混じった中国の簡体字",
        en: "simplified Chinese characters within Japanese",
    },
    category: Some(Category::Phishing),
    family: Family::Language,
    weight: Hundredths(250),
    hard: false,
    basis: Basis::Prior("known from published descriptions; rarely kept in public corpora"),
    why: Bilingual {
        ja: "日本語では使わない簡体字が混じっています。国外で作られた文面の特徴です。",
        en: "It holds characters that Japanese does not use: a mark of letters made abroad.",
    },
    genuine: Bilingual {
        ja: "日本の事業者のメールに簡体字は混じりません。",
        en: "Mail of a Japanese company has none of these.",
    },
    false_positives: Bilingual {
        ja: "中国の取引先や中国語の話題（人名・地名、行全体が中国語のものは除いている）。",
        en: "Partners in China and mail about Chinese; names and lines wholly in Chinese are left out.",
    },
    references: &[
        "Council of Anti-Phishing Japan: how to tell phishing mail",
        "JIS X 0208: none of these characters is in it",
    ],
    check,
};

/// Octets of one text that are looked at.
const MOST: usize = 64 * 1024;
/// Kana in a line that make it Japanese.
const KANA: usize = 3;

/// Characters of simplified Chinese that are in no Japanese character set, of the words that such letters are made of.
/// What stands in names of people and places (张, 陈, 刘, 广, 东, 苏, …) is left out.
const FORMS: &str = "户账发变时问题认证验请务费额办设说话语读单选择购买卖价银钱链网络页录检测订运输递邮还远过进这们对处现应\
    关开闭异锁删载终经结续约级线练种积称签类简给统联职规视览觉权样标构极两严仅从众优传伤养决减则创动劳势华协卫压厅厉县团图场\
    块备够头夹夺奖妈娱孙宝审导将尝层岁带帮库张归径总恋恶惊惩愿戏执扩扫护报拟拥损换据摄撤敌断无显暂术杂条来杨梦欢毕没泽浏涨满灭热爱牵状环电画疗监盖盘码确离积稳窗竞笔筛粮紧纪纯纳纷纸组细织绍绝维绿缓编缩缴罗职联脑节范药获虑虽补装观触计订认讨让训议记讲许论证评识诉词译试询该详误诱调谁谢负责败货质贩贪购贴贵贷费资赔赠赢跃踪车轮软轻载较辑输边达迁迟适递遗释针钮钟链销锁错键镇长门闪闭闻阅队阳阶际陆险随隐难预领频颜风飞饭饮馆驱验骗鉴齐龄";

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.visible().filter(|(_, text)| !text.original().is_ascii()).find_map(|(index, text)| {
        let text = text.original();
        let text = text.get(..text.floor_char_boundary(MOST))?;
        if text.chars().filter(|c| is_kana(*c)).take(20).count() < 20 {
            return None;
        }
        let mut first: Option<(char, &str)> = None;
        for line in
            text.lines().filter(|line| line.chars().filter(|c| is_kana(*c)).take(KANA).count() == KANA)
        {
            for (at, form) in line.char_indices().filter(|(_, c)| is_foreign(*c)) {
                match first {
                    Some((known, excerpt)) if known != form => {
                        return Some(Observation {
                            place: observables.place(index),
                            excerpt: Excerpt::new(excerpt),
                        });
                    }
                    Some(_) => {}
                    None => {
                        first = Some((form, line.get(line.floor_char_boundary(at.saturating_sub(30))..)?));
                    }
                }
            }
        }
        None
    })
}

fn is_kana(ch: char) -> bool {
    matches!(ch, 'ぁ'..='ゖ' | 'ァ'..='ヺ')
}

/// A bit for each character from U+4E00 on.
static FOREIGN: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; 0x5200 / 64];
    for form in FORMS.chars().filter(|form| !form.is_whitespace() && !is_japanese(*form)) {
        let at = (u32::from(form) as usize).wrapping_sub(0x4E00);
        if let Some(word) = bits.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }
    bits
});

fn is_foreign(ch: char) -> bool {
    let at = (u32::from(ch) as usize).wrapping_sub(0x4E00);
    FOREIGN.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
}

/// Whether JIS X 0208 has a character (with the extensions of Windows).
fn is_japanese(ch: char) -> bool {
    let mut octets = [0; 4];
    !encoding_rs::SHIFT_JIS.encode(ch.encode_utf8(&mut octets)).2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_foreign_forms_in_japanese() {
        for words in [
            "お客様のアカウントの账户に異常が検出されましたのでご確認ください",
            "ログイン情報を验证してください。ご不便をおかけしますがよろしくお願いします。时間内にお願いします",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
    }

    #[test]
    fn names_whole_chinese_lines_and_japanese_are_silent() {
        for words in [
            "広州の张さん（张伟）と陈さんが来日されますので、よろしくお願いいたします",
            "中国語の案内も下にありますのでご覧ください。よろしくお願いします。\n您的账户需要验证，请登录我们的网站。",
            "号、写、会、体、国、学、点、当、参、争、残、随、装、机、沖など、日本の漢字だけのメールですのでご安心ください",
            "您的账户需要验证，请登录我们的网站。",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
