//! Words of the command line in both languages.

use crate::indicator::Category;
use crate::verdict::Level;

pub(super) use crate::config::Language as Lang;

/// A level in a word. Never "safe".
pub(super) fn level_word(level: Level, lang: Lang) -> &'static str {
    match (level, lang) {
        (Level::Threat, Lang::Ja) => "脅威",
        (Level::Threat, Lang::En) => "THREAT",
        (Level::Suspicious, Lang::Ja) => "疑わしい",
        (Level::Suspicious, Lang::En) => "suspicious",
        (Level::Clean, Lang::Ja) => "該当なし",
        (Level::Clean, Lang::En) => "nothing found",
    }
}

/// A category in a word or two.
pub(super) fn category_word(category: Category, lang: Lang) -> &'static str {
    match (category, lang) {
        (Category::FakeBilling, Lang::Ja) => "架空請求",
        (Category::FakeBilling, Lang::En) => "fake billing",
        (Category::Extortion, Lang::Ja) => "脅迫・恐喝",
        (Category::Extortion, Lang::En) => "extortion",
        (Category::Phishing, Lang::Ja) => "フィッシング",
        (Category::Phishing, Lang::En) => "phishing",
        (Category::Bec, Lang::Ja) => "なりすまし指示 (BEC)",
        (Category::Bec, Lang::En) => "impersonated colleague (BEC)",
        (Category::AdvanceFee, Lang::Ja) => "前払い金詐欺",
        (Category::AdvanceFee, Lang::En) => "advance fee",
        (Category::Callback, Lang::Ja) => "電話誘導",
        (Category::Callback, Lang::En) => "call-back",
        (Category::Malware, Lang::Ja) => "不正プログラム",
        (Category::Malware, Lang::En) => "malware",
        (Category::Other, Lang::Ja) => "その他",
        (Category::Other, Lang::En) => "other",
    }
}
