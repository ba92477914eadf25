//! What makes a day a deadline: the words behind it and before it.

use std::sync::LazyLock;

use super::{STRONGEST, Scan};
use crate::demand::cue::Cue;
use crate::message::normalise;

/// Octets within which a word for a deadline stands before its date.
const LEAD: usize = 48;

/// [`BEHIND`] and [`BEFORE`] as they stand in normal text.
static MARKS_BEHIND: LazyLock<Vec<String>> =
    LazyLock::new(|| BEHIND.iter().map(|word| normalise(word)).collect());
static MARKS_BEFORE: LazyLock<Vec<String>> =
    LazyLock::new(|| BEFORE.iter().map(|word| normalise(word)).collect());

/// Words that make what stands before them a deadline.
const BEHIND: &[&str] = &[
    "まで",
    "迄",
    "以内",
    "中に",
    "中の",
    "中、",
    "限り",
    "までに",
    "締切",
    "〆切",
    "必着",
    "期限",
    "を過ぎ",
    "厳守",
    "を持って",
    "の猶予",
    "があります",
    "しかありません",
    "しかない",
    "を与え",
    "待ちます",
    "待つ",
    "を期限",
    "を最終",
    "が期限",
    "が最終",
    "が支払",
    "がお支払",
    "に期限",
    "内に",
    "以降は",
    "より前",
    "deadline",
    "at the latest",
    "or your",
    "or we",
    "or else",
    "otherwise",
    "or the",
    "to pay",
    "to make",
    "to send",
    "to comply",
    "to respond",
    "to complete",
    "to transfer",
    "to act",
    "to settle",
    "to confirm",
    "to verify",
    "to cancel",
    "to claim",
    "to get",
    "in order",
    "from now",
    "after opening",
    "after reading",
    "after receiving",
    "left",
    "remaining",
    "以上経過",
    "latest",
];

/// Words that make what stands after them a deadline; before them only signs, spaces and an article may stand.
const BEFORE: &[&str] = &[
    "期限",
    "期日",
    "締切",
    "締め切り",
    "〆切",
    "最終日",
    "納期",
    "支払日",
    "支払い日",
    "有効期間",
    "までに",
    "期限日",
    "by",
    "before",
    "until",
    "till",
    "no later than",
    "not later than",
    "latest",
    "on or before",
    "due",
    "due on",
    "due by",
    "due date",
    "deadline",
    "deadline is",
    "expires",
    "expires on",
    "expire",
    "expire on",
    "expires in",
    "expiring",
    "expire in",
    "expiration",
    "expiry",
    "expiry date",
    "within",
    "within the next",
    "in the next",
    "in less than",
    "have less than",
    "prior to",
    "you have",
    "you have only",
    "you has",
    "you only have",
    "you have exactly",
    "you have just",
    "close on",
    "close at",
    "have only",
    "you've got",
    "only have",
    "i give you",
    "i'm giving you",
    "we give you",
    "giving you",
    "payable",
    "payable on",
    "valid until",
    "valid through",
    "valid till",
    "ends",
    "ends on",
    "ends in",
    "ending",
    "closes",
    "closes on",
    "close of business",
    "cob",
    "eod",
    "end of",
    "end of business",
    "deactivated on",
    "starting",
    "starting on",
    "suspended on",
    "suspended in",
    "deleted in",
    "closed in",
    "closed on",
    "terminated in",
    "expired on",
    "after",
    "begins",
    "exactly",
    "terminated on",
    "deadline for payment",
    "payment date",
    "pay date",
    "last day",
    "final date",
    "cut-off",
    "term for payment",
    "payment term",
    "time limit",
    "time frame",
    "grace period",
    "cutoff",
    "offer ends",
    "up to",
    "at most",
    "maximum of",
    "a maximum of",
    "the next",
    "another",
    "limit of",
];

impl Scan<'_, '_> {
    /// How surely this is a deadline; None where nothing says so.
    pub(super) fn strength(&self, at: usize, end: usize, own: bool) -> Option<u8> {
        let text = self.page.normal;
        let behind = text.get(end..).unwrap_or_default();
        // `本日15時(香港時間)までに`
        let behind = behind
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .filter(|(inner, _)| inner.len() < 40)
            .map_or(behind, |(_, rest)| rest);
        let behind = behind.trim_start_matches([' ', '(', ')', '、', ',', ']', '】', '日']);
        if [
            "以降",
            "から",
            "より",
            "に発",
            "に開",
            "〜",
            "頃に",
            "~",
            "に実施",
            "付",
            "現在",
            "以前",
            "ago",
            "に届",
            "にお届",
            "の引き落",
            "に引き落",
            "前に",
            "前、",
        ]
        .iter()
        .any(|word| behind.starts_with(word))
        {
            return None;
        }
        if MARKS_BEHIND.iter().any(|word| behind.starts_with(word.as_str())) {
            return Some(STRONGEST);
        }
        if own {
            return Some(STRONGEST);
        }
        let lead = self.page.lead(at, LEAD);
        let lead = lead.trim_end_matches([
            ' ', ':', '(', '[', '-', '・', '=', '。', '…', '.', '一', '】', ')', '→', '>', '|', '*',
        ]);
        let lead = lead.strip_suffix("は").unwrap_or(lead);
        let marked = is_marked(lead);
        // A label at the end of the line before, as in a table: the line begins here.
        let above = || {
            let (index, line) = self.page.line_of(at)?;
            let blank = text.get(line.span.start..at)?.trim().is_empty();
            let above = self.page.lines.get(index.checked_sub(1)?)?;
            let label = text.get(above.span.clone())?.trim_end_matches([':', ' ', '】', '■']);
            (blank
                && label.len() < 40
                && ["期限", "期日", "締切", "due date", "due", "deadline", "pay by", "expires"]
                    .iter()
                    .any(|word| label.ends_with(word)))
            .then_some(())
        };
        if marked || above().is_some() {
            return Some(STRONGEST);
        }
        let today = text.get(at..end)?;
        // `call … today`, `we need a deposit today`.
        let asked = [Cue::Pay, Cue::Call, Cue::Consequence]
            .iter()
            .any(|cue| self.page.cues.before(*cue, at, 40).is_some());
        if (today.starts_with("today") || today.starts_with("tonight")) && asked {
            return Some(2);
        }
        (today == "today"
            && (lead.ends_with("immediately")
                || lead.ends_with("now")
                || lead.ends_with("done")
                || lead.ends_with("paid")
                || lead.ends_with("out")
                || lead.ends_with("processed")))
        .then_some(2)
    }
}

/// Whether what stands before a date makes it a deadline: a word of [`BEFORE`], with small words in between.
fn is_marked(lead: &str) -> bool {
    const SMALL: [&str; 17] = [
        "the", "a", "on", "at", "is", "in", "only", "about", "this", "as", "maximum", "exactly", "just",
        "next", "of", "date", "full",
    ];
    let mut lead = lead.trim_end_matches([':', ' ']);
    for _ in 0..4 {
        let marked = MARKS_BEFORE.iter().any(|word| {
            lead.strip_suffix(word.as_str())
                .is_some_and(|rest| !word.is_ascii() || !rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
        });
        if marked {
            return true;
        }
        let Some(rest) =
            SMALL.iter().find_map(|word| lead.strip_suffix(word).filter(|rest| rest.ends_with([' ', ':'])))
        else {
            return false;
        };
        lead = rest.trim_end_matches([':', ' ']);
    }
    false
}
