//! ① The consultation sheet: when, where, who, what, why, how; one page.

use std::collections::BTreeSet;

use super::demands::{self, Slot};
use super::{Page, quote, quoted};
use crate::case::words::{category_word, finding_title, severity_word};
use crate::document::{Block, Language, Text, Tone};

/// Characters of a value on this page.
const LONGEST: usize = 60;

/// Values of one kind on this page; the others stand in section ②.
const MOST: usize = 3;

impl Page<'_> {
    pub(super) fn sheet(&mut self) {
        self.section("① 相談票", "1. Consultation sheet");
        self.warn(
            "命や身体に危険が迫っていると感じたら、この資料を待たずに 110 番へ電話してください。",
            "If you feel that a life is in danger, do not wait for this paper: call 110 (in Japan) now.",
        );
        self.say(
            "受信したメールの写しと、プログラム komainu が自動で抽出した要点です。「記載」はメールにそう書かれているという意味で、事実かどうかは分かりません。差出人の名前とアドレスは偽ることができます。",
            "Copies of mail that was received, and what the program komainu read out of it. “Written” means that the mail says so, not that it is true. Names and addresses of senders can be forged.",
        );
        let fields = vec![
            self.when(),
            self.place(),
            self.who(),
            (
                self.pick("何を（要求の記載）", "What (demands, as written)").to_owned(),
                self.of(&demands::WHAT),
            ),
            self.why(),
            (
                self.pick("どのように（手段の記載）", "How (means, as written)").to_owned(),
                Text(
                    Text::from(self.pick("電子メール\n", "by e-mail\n"))
                        .0
                        .into_iter()
                        .chain(self.of(&[Slot::PayTo, Slot::Contact]).0)
                        .collect(),
                ),
            ),
            self.done(),
        ];
        self.blocks.push(Block::Fields(fields));
        self.by_hand();
    }

    fn when(&self) -> (String, Text) {
        let case = self.handover.case;
        let text = match (case.began(), case.latest()) {
            (Some(began), Some(latest)) => {
                let (began, latest, count) = (self.time(began), self.time(latest), case.members.len());
                match self.lang {
                    Language::Ja => format!(
                        "最初の受信 {began}\n最後の受信 {latest}　全 {count} 通（時刻は受信側メールサーバーによる）"
                    ),
                    Language::En => format!(
                        "first received {began}\nlast received {latest}; {count} message(s), times of the receiving server"
                    ),
                }
            }
            _ => self.pick("メールはまだありません", "no message yet").to_owned(),
        };
        (self.pick("いつ", "When").to_owned(), text.into())
    }

    fn place(&self) -> (String, Text) {
        let mailboxes = self.handover.case.mailboxes();
        let shown: Vec<String> = mailboxes
            .iter()
            .take(MOST)
            .map(|(account, mailbox)| match self.lang {
                Language::Ja => format!("アカウント「{account}」のメールボックス「{mailbox}」"),
                Language::En => format!("account “{account}”, mailbox “{mailbox}”"),
            })
            .collect();
        (self.pick("どこで", "Where").to_owned(), shown.join(self.pick("、", "; ")).into())
    }

    fn who(&self) -> (String, Text) {
        let mut seen = BTreeSet::new();
        let mut text = Text::default();
        for member in self.handover.case.by_weight() {
            let Some(letter) = &member.letter else { continue };
            let address = letter.from.first().map_or("", String::as_str);
            let name = letter.names.first().map_or("", String::as_str);
            if seen.len() < MOST && seen.insert((name, address)) {
                if seen.len() > 1 {
                    text = text.and("\n", Tone::Plain);
                }
                text.0.extend(quoted(&format!("{name} <{address}>")).0);
            }
        }
        self.line(&mut text, Slot::Claim);
        let note = self.pick(
            "\n（表示と名乗りの記載。実際の送信者は不明）",
            "\n(as displayed and claimed; who really sent it is not known)",
        );
        (self.pick("誰が（記載）", "Who (as written)").to_owned(), text.and(note, Tone::Quiet))
    }

    /// One line with the values of a slot; how many are left out.
    fn line(&self, text: &mut Text, slot: Slot) -> usize {
        let values = self.values(slot);
        let left = values.len().saturating_sub(MOST);
        for (n, (value, _)) in values.into_iter().take(MOST).enumerate() {
            let lead = match n {
                0 if text.0.is_empty() => format!("{}: ", slot.word(self.lang)),
                0 => format!("\n{}: ", slot.word(self.lang)),
                _ => self.pick("、", ", ").to_owned(),
            };
            text.0.extend(Text::from(lead).0);
            text.0.extend(quote(brief(&value)).0);
        }
        left
    }

    /// The values of some slots, a line a slot.
    fn of(&self, slots: &[Slot]) -> Text {
        let mut text = Text::default();
        let more: usize = slots.iter().map(|slot| self.line(&mut text, *slot)).sum();
        if text.0.is_empty() {
            return self
                .pick(
                    "自動では抽出できませんでした。④の本文を見てください",
                    "nothing could be extracted; see the text in section 4",
                )
                .into();
        }
        let note = match (more, self.lang) {
            (0, Language::Ja) => "\n（自動抽出・要確認）".to_owned(),
            (0, Language::En) => "\n(extracted by program, to be checked)".to_owned(),
            (more, Language::Ja) => format!("\nほか {more} 件は②に（自動抽出・要確認）"),
            (more, Language::En) => {
                format!("\n{more} more in section 2 (extracted by program, to be checked)")
            }
        };
        text.and(note, Tone::Quiet)
    }

    fn why(&self) -> (String, Text) {
        let label = self.pick("なぜ（メールの言い分）", "Why (what the mail gives as its reason)").to_owned();
        let Some(judgement) = self.handover.case.heaviest() else {
            return (label, self.pick("④の本文を見てください", "see the text in section 4").into());
        };
        let mut words: Vec<String> = Vec::new();
        if let Some(category) = judgement.category {
            words.push(match self.lang {
                Language::Ja => format!("自動判定の分類: {}", category_word(category, self.lang)),
                Language::En => format!("kind, as judged by program: {}", category_word(category, self.lang)),
            });
        }
        if let Some(severity) = judgement.severity {
            words.push(format!(
                "{}: {}",
                self.pick("切迫の度合い", "how much it presses"),
                severity_word(severity, self.lang)
            ));
        }
        let mut findings: Vec<_> = judgement.findings.iter().filter(|(_, weight)| weight.0 > 0).collect();
        findings.sort_by_key(|(_, weight)| std::cmp::Reverse(weight.0));
        let titles = findings.into_iter().filter_map(|(id, _)| finding_title(id, self.lang)).take(5);
        let titles: Vec<&str> = titles.collect();
        if !titles.is_empty() {
            let titles = titles.join(self.pick("、", ", "));
            words.push(format!("{}: {titles}", self.pick("目立つ記載", "what stands out")));
        }
        let lead = words.len().min(2);
        let (kind, rest) = words.split_at_checked(lead).unwrap_or((&words, &[]));
        let kind = kind.join(self.pick("　", "; "));
        let lines: Vec<&str> =
            std::iter::once(kind.as_str()).chain(rest.iter().map(String::as_str)).collect();
        (label, lines.join("\n").into())
    }

    fn done(&self) -> (String, Text) {
        let mut lines: Vec<String> = Vec::new();
        let case = self.handover.case;
        for account in case.accounts.iter().rev().take(MOST).rev() {
            let text = account.text.as_deref().map_or_else(
                || self.pick("（消去済み）", "(erased)").to_owned(),
                |text| crate::message::Excerpt::new(text).to_string(),
            );
            let time = self.time(account.happened());
            lines.push(match (account.when, self.lang) {
                (Some(_), _) => format!("{time} {text}"),
                (None, Language::Ja) => format!("（{time} に記入）{text}"),
                (None, Language::En) => format!("(written down {time}) {text}"),
            });
        }
        if lines.is_empty() {
            lines.push(
                self.pick(
                    "本人の申告の記録なし。下の欄に書いてください",
                    "nothing noted by the person; please fill in below",
                )
                .to_owned(),
            );
        }
        lines.push(
            self.pick(
                "komainu は返信していません（送信の機能がありません）",
                "komainu has not replied: it cannot send mail",
            )
            .to_owned(),
        );
        (
            self.pick("本人の対応（申告）", "What the person did (as they say)").to_owned(),
            lines.join("\n").into(),
        )
    }

    /// What only the person can say.
    fn by_hand(&mut self) {
        self.part(self.pick("書き込む欄", "To be filled in by hand"));
        let blank = || Text::from("＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿");
        let label = |ja: &str, en: &str| self.pick(ja, en).to_owned();
        self.blocks.push(Block::Fields(vec![
            (label("氏名・電話番号", "Name, telephone"), blank()),
            (label("住所", "Address"), blank()),
            (
                label("したこと", "What I did"),
                self.pick(
                    "□ 何もしていない　□ リンクを開いた　□ 電話・返信をした　□ 情報を入力した\n□ 支払った（金額・日時・方法: ＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿）",
                    "□ nothing   □ opened a link   □ called or replied   □ typed in details\n□ paid (how much, when, how: ________________________________)",
                )
                .into(),
            ),
            (label("きっかけの心当たり", "What may have led to it"), blank()),
        ]));
    }
}

/// The beginning of a value: whole, it stands in section ②.
fn brief(value: &str) -> String {
    let mut text: String = value.chars().take(LONGEST).collect();
    if text.len() < value.len() {
        text.push('…');
    }
    text
}
