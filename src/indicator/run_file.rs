//! A file is to be run, guards are to be taken down.
//!
//! # Detects
//!
//! Content to be enabled, a virus scanner to be stopped, a file to be run or evidence to be downloaded, with a
//! file or a link.
//!
//! # Why it matters
//!
//! It asks to enable content, to stop the virus scanner or to run a file. Do not open it.
//!
//! # False positives
//!
//! Instructions of a firm's own system administrators.
//!
//! # References
//!
//! - IPA: targeted mail and Emotet

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "run-file",
    title: Bilingual { ja: "ファイルを実行させる指示", en: "a file is to be run" },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(380),
    hard: false,
    basis: Basis::Prior(
        "set by hand: too few independent sources carry it in Japanese; to be fitted with the model",
    ),
    why: Bilingual {
        ja: "マクロの有効化やウイルス対策の停止、ファイルの実行を求めています。開かないでください。",
        en: "It asks to enable content, to stop the virus scanner or to run a file. Do not open it.",
    },
    genuine: Bilingual {
        ja: "請求書や資料は、開くために警告を無視したり、対策を止めたりする必要はありません。",
        en: "No invoice needs a warning ignored or a guard stopped to be read.",
    },
    false_positives: Bilingual {
        ja: "社内のシステム管理者の手順書。",
        en: "Instructions of a firm's own system administrators.",
    },
    references: &["IPA: targeted mail and Emotet"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    let carried =
        !message.attachments.is_empty() || message.links.iter().any(|link| link.scheme.starts_with("http"));
    carried.then(|| observables.said(Slot::RunFile))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "証拠のダウンロードはこちら https://files.example/evidence.iso",
            "「コンテンツの有効化」を押してください。 https://files.example/a.xlsm",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "資料のダウンロードはこちら https://files.example/a.pdf",
            "「コンテンツの有効化」を押してください。",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
