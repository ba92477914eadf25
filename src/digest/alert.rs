//! [`Alert`]: that something urgent came, told at once: life is threatened, or the person's own details are quoted.

use super::inert::Lines;
use crate::case::words::category_word;
use crate::document::Language;
use crate::evidence::EvidenceId;
use crate::indicator::Category;
use crate::message::Excerpt;

/// So many messages are named; the others are counted.
const MOST_NAMED: usize = 20;

/// Urgent messages that were not told of before. Nothing that a sender wrote is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The account in which they came.
    pub account: String,
    /// Each with what it is.
    pub messages: Vec<(EvidenceId, Option<Category>)>,
    /// They stand in quarantine; false: they stay where they came.
    pub moved: bool,
}

impl Alert {
    /// The Subject: counts only.
    pub fn subject(&self, lang: Language) -> String {
        let n = self.messages.len();
        match lang {
            Language::Ja => format!("[komainu] 緊急: 確認してほしいメールが {n} 通あります"),
            Language::En => {
                format!("[komainu] urgent: {} to look at", super::words::plural(n as u64, "message"))
            }
        }
    }

    /// What it is about, and what not to do. Lines of at most 72 columns.
    pub fn text(&self, lang: Language) -> String {
        let mut lines = Lines::default();
        let n = self.messages.len();
        lines.put(
            "",
            &match lang {
                Language::Ja => format!("身に危険が及ぶと書かれているか、あなたの名前や住所などが書かれたメールが {n} 通届きました。"),
                Language::En => format!("{} came in which harm is threatened, or your own name or address is quoted.", super::words::plural(n as u64, "message")),
            },
        );
        lines.put(
            "",
            match (self.moved, lang) {
                (true, Language::Ja) => "隔離メールボックスへ移し、証拠を残しました。返信はしていません。",
                (true, Language::En) => {
                    "They were moved to quarantine, and the evidence is kept. Nothing was answered."
                }
                (false, Language::Ja) => "元の場所に残し、証拠を残しました。返信はしていません。",
                (false, Language::En) => {
                    "They were left where they are, and the evidence is kept. Nothing was answered."
                }
            },
        );
        let account = Excerpt::new(&self.account);
        lines.put(lang.pick("アカウント: ", "account: "), account.as_str());
        lines.gap();
        for (id, category) in self.messages.iter().take(MOST_NAMED) {
            let what = category.map_or("-", |category| category_word(category, lang));
            lines.put("  ", &format!("{id}  {what}"));
        }
        if n > MOST_NAMED {
            let left = n - MOST_NAMED;
            lines.put(
                "  ",
                &match lang {
                    Language::Ja => format!("ほか {left} 通"),
                    Language::En => format!("and {left} more"),
                },
            );
        }
        lines.gap();
        let points = [
            ("急いで答える必要はありません。", "There is no need to answer in a hurry."),
            (
                "返信しない。支払わない。電話しない。リンクや添付ファイルを開かない。",
                "Do not reply, pay or call. Do not open links or files.",
            ),
            ("メールを消さない。証拠になります。", "Do not delete the mail: it is evidence."),
            (
                "信頼できる人に見せてください。身の危険を感じたら 110 番、警察の相談は #9110、消費生活の相談は 188。",
                "Show it to somebody you trust. In Japan: in danger call 110; police advice #9110; consumer hotline 188.",
            ),
        ];
        for (ja, en) in points {
            lines.put(lang.pick("・", "- "), lang.pick(ja, en));
        }
        lines.gap();
        lines.put(
            "",
            lang.pick(
                "詳しくは、次の日報か、komainu digest で見られます。",
                "More is in the next digest, and in what `komainu digest` shows.",
            ),
        );
        lines.finish()
    }
}
