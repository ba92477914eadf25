//! ② What is demanded: who, what, how much, by when, pay where, contact how; each with the words it was read from.

use std::collections::BTreeMap;

use super::{Page, quote};
use crate::case::letter::{Demanded, Valued, Words};
use crate::case::words::{amount_word, contact_word, machine_word, pay_word, place_word, want_word};
use crate::document::{Block, Language, Text, Tone};
use crate::message::{Excerpt, Place};

/// Rows of the table; the messages' own meta has all of them.
const MOST_ROWS: usize = 150;

/// A part of a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Claim,
    Want,
    Amount,
    Deadline,
    PayTo,
    Contact,
}

/// What is wanted, how much, by when.
pub(super) const WHAT: [Slot; 3] = [Slot::Want, Slot::Amount, Slot::Deadline];

impl Slot {
    pub(super) fn word(self, lang: Language) -> &'static str {
        match self {
            Self::Claim => lang.pick("名乗り", "claims to be"),
            Self::Want => lang.pick("要求", "wants"),
            Self::Amount => lang.pick("金額", "amount"),
            Self::Deadline => lang.pick("期限", "deadline"),
            Self::PayTo => lang.pick("支払先", "pay to"),
            Self::Contact => lang.pick("連絡先", "contact"),
        }
    }
}

/// A value with its first words, and how many messages have it.
pub(super) struct Stated {
    /// Number of the first message, from 1.
    number: usize,
    times: usize,
    place: Option<Place>,
    words: String,
}

impl Page<'_> {
    pub(super) fn demands(&mut self) {
        self.section("② 要求の要約", "2. What is demanded");
        self.blocks.push(Block::Notice(
            Text::of(self.pick("自動抽出・要確認", "Extracted by program, to be checked"), Tone::Strong).and(
                self.pick(
                    "　プログラムがメールの文面から読み取ったものです。右の引用と④の本文で確かめてください。「本日中」「24 時間以内」などの期限は、送信日時（送信者の書いたもの）から計算しています。振込先や電話番号の持ち主は分かりません。",
                    ". Read out of the mail's text by a program; check it against the words quoted and the text in section 4. A deadline such as “today” or “within 24 hours” is counted from the date of sending, which the sender wrote. To whom an account or a number belongs is not known.",
                ),
                Tone::Plain,
            ),
        ));
        let slots = [Slot::Claim, Slot::Want, Slot::Amount, Slot::Deadline, Slot::PayTo, Slot::Contact];
        let mut rows = Vec::new();
        let mut left = 0_usize;
        for slot in slots {
            for (value, stated) in self.values(slot) {
                if rows.len() >= MOST_ROWS {
                    left += 1;
                    continue;
                }
                let place =
                    stated.place.as_ref().map(|place| place_word(place, self.lang)).unwrap_or_default();
                let times = match (stated.times, self.lang) {
                    (1, _) => String::new(),
                    (n, Language::Ja) => format!("\n（計 {n} 通）"),
                    (n, Language::En) => format!("\n({n} messages)"),
                };
                rows.push(vec![
                    slot.word(self.lang).into(),
                    quote(value),
                    quote(stated.words),
                    format!("No. {} {place}{times}", stated.number).into(),
                ]);
            }
        }
        if rows.is_empty() {
            self.say(
                "要求は自動では抽出できませんでした。要求がないという意味ではありません。④の本文を見てください。",
                "No demand could be extracted. That does not mean that there is none; see the text in section 4.",
            );
            return;
        }
        self.table(
            &[
                ("項目", "item", 12),
                ("記載内容", "as written", 34),
                ("引用", "quoted", 38),
                ("メール", "message", 16),
            ],
            rows,
        );
        if left > 0 {
            let text = match self.lang {
                Language::Ja => {
                    format!("ほかに {left} 件あります。各メールの本文（④または同梱の .eml）を見てください。")
                }
                Language::En => {
                    format!("{left} more; see the messages' texts (section 4, or the .eml files).")
                }
            };
            self.blocks.push(Block::Paragraph(text.into()));
        }
    }

    /// Every value of a slot, those of the most messages first. Values are bounded and defanged.
    pub(super) fn values(&self, slot: Slot) -> Vec<(String, Stated)> {
        let mut found: BTreeMap<String, Stated> = BTreeMap::new();
        for (index, member) in self.handover.case.members.iter().enumerate() {
            let Some(demand) = member.letter.as_ref().and_then(|letter| letter.demand.as_ref()) else {
                continue;
            };
            for (value, place, words) in of(demand, slot, self.lang) {
                let first = || Stated { number: index + 1, times: 0, place, words };
                found.entry(value).or_insert_with(first).times += 1;
            }
        }
        let mut values: Vec<(String, Stated)> = found.into_iter().collect();
        values.sort_by_key(|(_, stated)| (std::cmp::Reverse(stated.times), stated.number));
        values
    }
}

/// What a message demands, a slot with its values: `金額`, `["298,000円"]`. Values are bounded and defanged.
pub fn demanded(demand: &Demanded, lang: Language) -> Vec<(&'static str, Vec<String>)> {
    [Slot::Claim, Slot::Want, Slot::Amount, Slot::Deadline, Slot::PayTo, Slot::Contact]
        .into_iter()
        .map(|slot| {
            let values = of(demand, slot, lang).into_iter().map(|(value, ..)| value);
            (slot.word(lang), values.collect::<Vec<_>>())
        })
        .filter(|(_, values)| !values.is_empty())
        .collect()
}

type Value = (String, Option<Place>, String);

fn of(demand: &Demanded, slot: Slot, lang: Language) -> Vec<Value> {
    let worded = |value: String, words: Option<&Words>| -> Value {
        (
            value,
            words.map(|words| words.place.clone()),
            words.map(|words| words.excerpt.clone()).unwrap_or_default(),
        )
    };
    let valued =
        |value: String, from: &Valued| -> Value { (value, from.place.clone(), from.excerpt.clone()) };
    match slot {
        Slot::Claim => demand
            .claims_to_be
            .iter()
            .map(|name| worded(shown(name), demand.quoted.claims_to_be.as_ref()))
            .collect(),
        Slot::Want => demand
            .wants
            .iter()
            .enumerate()
            .map(|(n, want)| {
                worded(machine_word(want, |want| want_word(want, lang)), demand.quoted.wants.get(n))
            })
            .collect(),
        Slot::Amount => {
            demand.amounts.iter().map(|one| valued(amount_word(&one.text(), &one.kind, lang), one)).collect()
        }
        Slot::Deadline => {
            demand.deadline.iter().map(|at| worded(moment(at), demand.quoted.deadline.as_ref())).collect()
        }
        Slot::PayTo => demand
            .pay_to
            .iter()
            .map(|one| {
                valued(
                    format!(
                        "{}: {}",
                        machine_word(&one.kind, |kind| pay_word(kind, lang)),
                        shown(&one.text())
                    ),
                    one,
                )
            })
            .collect(),
        Slot::Contact => demand
            .contacts
            .iter()
            .map(|one| {
                valued(
                    format!(
                        "{}: {}",
                        machine_word(&one.kind, |kind| contact_word(kind, lang)),
                        shown(&one.text())
                    ),
                    one,
                )
            })
            .collect(),
    }
}

/// `2026-11-27T12:00+09:00` as `2026-11-27 12:00 +09:00`.
fn moment(written: &str) -> String {
    let (time, offset) = written.split_at_checked(16).unwrap_or((written, ""));
    shown(format!("{} {offset}", time.replacen('T', " ", 1)).trim_end())
}

fn shown(value: &str) -> String {
    Excerpt::line(value, 300).to_string()
}
