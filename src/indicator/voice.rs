//! In whose voice something is said: the writer's own, or that of a message that is forwarded, quoted or reported.

use std::ops::Range;

use crate::message::Text;

use super::wording::Phrases;

/// What stands above a forwarded message.
const FORWARDED: &[&str] = &[
    "Forwarded message",
    "Original Message",
    "転送されたメッセージ",
    "転送メッセージ",
    "元のメッセージ",
    "以下、転送",
    "以下転送",
];

/// Octets of normalised text after a phrase in which it may be said that somebody else said it: about forty kana.
const REPORT: usize = 120;

/// Octets of normalised text for which an introduced example may go on: about three hundred kana.
const INTRODUCED_FOR: usize = 900;

/// Octets within which a quotation ends.
const QUOTED_FOR: usize = 600;

/// What introduces an example.
static INTRODUCTIONS: Phrases = Phrases::new(&[
    "次のような",
    "というメール",
    "てメール",
    "とメール",
    "以下のような",
    "こんなメール",
    "このようなメール",
    "このような内容",
    "のような文面",
    "文面例",
    "文面の例",
    "メールの例",
    "メール例",
    "相談事例",
    "事例",
    "実際に送られて",
    "主な手口",
    "本文の例",
    "件名:",
]);

/// What follows words that are reported, warned of or denied.
static REPORTED: Phrases = Phrases::new(&[
    "という",
    "などと",
    "といった",
    "と言って",
    "と言われ",
    "と脅",
    "と偽",
    "と称",
    "と記載",
    "と書かれ",
    "と書い",
    "て書い",
    "と来た",
    "と来て",
    "と持ちかけ",
    "詐欺",
    "手口",
    "架空",
    "不審",
    "ことはあり",
    "ことはござ",
    "ことは絶対",
    "ないでくだ",
    "ないように",
    "要求する",
    "求める",
    "勧める",
    "装う",
    "装った",
    "かたる",
    "行っておりませ",
    "行っていませ",
    "しておりませ",
    "かたり",
]);

/// What warns of somebody who says such things. A scam says some of it too ("beware of fraud"), but does not put
/// its own demand between quotation marks.
static WARNINGS: Phrases = Phrases::new(&[
    "詐欺",
    "なりすま",
    "をかたる",
    "をかたり",
    "をかたっ",
    "名をかた",
    "名を使っ",
    "名をつかっ",
    "の名前で",
    "装った",
    "装う",
    "不審",
    "だまされ",
    "騙され",
    "迷惑メール",
    "という相談",
    "というメール",
    "脅され",
    "脅迫",
    "手口",
    "scam",
    "scams",
    "scammers",
    "phishing",
    "fraud",
    "pretend",
    "pretending",
    "impersonate",
    "impersonating",
    "impersonated",
    "beware",
]);

/// Whether a text speaks of fraud at all.
pub(super) fn warns(text: &Text) -> bool {
    WARNINGS.stand_in(text.normal())
}

/// Whether a text answers lines that it quotes, with at least as much of its own.
pub(super) fn answers(text: &Text) -> bool {
    let (mut quoted, mut own) = (0, 0);
    for line in text.original().lines() {
        *(if is_quoted_line(line) { &mut quoted } else { &mut own }) += line.trim().len();
    }
    quoted > 0 && own >= quoted
}

fn is_quoted_line(line: &str) -> bool {
    line.trim_start().starts_with(['>', '＞'])
}

/// Where a phrase of a slot stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    /// The subject of a message that answers or forwards is not the writer's own.
    pub(super) subject: bool,
    pub(super) text: &'a Text,
    pub(super) span: &'a Range<usize>,
}

impl Said<'_> {
    /// In a quoted line, or below the heading of a forwarded message.
    pub(super) fn is_forwarded(&self) -> bool {
        let (before, line) = self.original();
        if self.subject {
            let all = self.text.normal();
            return ["fwd:", "fw:", "re:", "転送:"].iter().any(|mark| all.starts_with(mark));
        }
        is_quoted_line(line)
            || line.trim_start().starts_with('|')
            || FORWARDED.iter().any(|mark| before.contains(mark))
    }

    /// In a line that is quoted from another message.
    pub(super) fn is_in_quoted_line(&self) -> bool {
        is_quoted_line(self.original().1)
    }

    /// Between quotation marks that are closed soon; straight ones within a line.
    pub(super) fn is_in_quotes(&self) -> bool {
        let (before, line) = self.original();
        let written = self.text.original();
        let end = written.floor_char_boundary(before.len().saturating_add(QUOTED_FOR));
        let after = written.get(before.len()..end).unwrap_or_default();
        let paired = [('「', '」'), ('『', '』'), ('“', '”')]
            .iter()
            .any(|(left, right)| before.rfind(*left) > before.rfind(*right) && after.contains(*right));
        let closes = || after.split('\n').next().is_some_and(|rest| rest.contains('"'));
        paired || (line.matches('"').count() % 2 == 1 && closes())
    }

    /// Forwarded, between quotation marks, or followed in its sentence by words that report, warn or deny.
    pub(super) fn is_reported(&self) -> bool {
        let normal = self.text.normal();
        let end = normal.len().min(self.span.end.saturating_add(REPORT));
        let after = normal.get(self.span.end..normal.floor_char_boundary(end)).unwrap_or_default();
        let sentence = after.split(['。', '!', '?']).next().unwrap_or_default();
        ["はございませ", "はありませ", "しません"].iter().any(|denied| sentence.starts_with(denied))
            || sentence.ends_with("つて")
            || REPORTED.stand_in(sentence)
            || self.is_in_quotes()
            || self.is_forwarded()
    }

    /// Whether it is said in Japanese: the marks of report and example above are.
    pub(super) fn is_japanese(&self) -> bool {
        self.text.normal().get(self.span.clone()).is_some_and(|words| words.chars().any(|c| c > '\u{3000}'))
    }

    /// In what follows words that introduce an example.
    pub(super) fn is_introduced(&self) -> bool {
        let normal = self.text.normal();
        let start = normal.floor_char_boundary(self.span.start.saturating_sub(INTRODUCED_FOR));
        let before = normal.get(start..self.span.start).unwrap_or_default();
        INTRODUCTIONS.stand_in(before)
    }

    /// What stands before the phrase as it was written, and the line in which it begins, up to it.
    fn original(&self) -> (&str, &str) {
        let before = self.text.original().get(..self.text.source(self.span.start)).unwrap_or_default();
        (before, before.rsplit('\n').next().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str, phrase: &str) -> (bool, bool) {
        let text = Text::new(body);
        let span = text.find(phrase).unwrap();
        let said = Said { subject: false, text: &text, span: &span };
        (said.is_forwarded(), said.is_reported())
    }

    #[test]
    fn quoted_lines_and_what_is_forwarded_are_not_the_writers_own() {
        assert_eq!(said("これ本物?\n> 未納料金です\n", "未納料金"), (true, true));
        assert_eq!(said("---------- Forwarded message ---------\n未納料金です", "未納料金"), (true, true));
        assert_eq!(said("未納料金です\n> これ本物?", "未納料金"), (false, false));
    }

    #[test]
    fn what_is_quoted_warned_of_or_denied_is_reported() {
        assert_eq!(said("「未納料金を払え」が届いています", "未納料金"), (false, true));
        assert_eq!(said("未納料金があるという電話が増えています", "未納料金"), (false, true));
        assert_eq!(said("「詐欺」にご注意を。未納料金をお支払いください", "未納料金"), (false, false));
    }
}
