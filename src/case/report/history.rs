//! ③ What happened when, on two pages at most; the rest in the appendix.

use super::{Page, quote};
use crate::case::timeline::{Row, minute, rows, utc};
use crate::document::{Block, Event, EventKind, Language, Text, Tone};

/// Events on the two pages.
const MOST: usize = 32;
/// Rows of the appendix; all of them are in timeline.csv.
const MOST_APPENDED: usize = 600;

impl Page<'_> {
    pub(super) fn history(&mut self) {
        self.blocks.push(Block::NewPage);
        self.section("③ 時系列", "3. Timeline");
        let all = rows(self.handover.case, self.handover.zone);
        let chosen = chosen(&all);
        let zone = self.handover.zone.iana_name().unwrap_or_default();
        let text = match self.lang {
            Language::Ja => format!(
                "時刻は現地時刻（{zone}）です。協定世界時（UTC）は付録と timeline.csv に併記しています。メールの受信時刻は受信側メールサーバー、komainu の行為は記録した計算機の時計によります。"
            ),
            Language::En => format!(
                "Times are local ({zone}); UTC stands beside them in the appendix and in timeline.csv. When a message came is told by the receiving mail server, what komainu did by the clock of the machine it ran on."
            ),
        };
        self.blocks.push(Block::Paragraph(text.into()));
        if chosen.len() < all.len() {
            let (shown, all) = (chosen.len(), all.len());
            let text = match self.lang {
                Language::Ja => {
                    format!("全 {all} 件のうち主な {shown} 件です。残りは付録と timeline.csv にあります。")
                }
                Language::En => format!(
                    "The {shown} main events of {all}; the others are in the appendix and in timeline.csv."
                ),
            };
            self.blocks.push(Block::Paragraph(Text::of(text, Tone::Quiet)));
        }
        let events = chosen.into_iter().map(|row| self.event(row)).collect();
        self.blocks.push(Block::Timeline(events));
    }

    fn event(&self, row: &Row) -> Event {
        let number = row.id.map(|id| format!("No. {} ", self.number(id))).unwrap_or_default();
        Event {
            at: row.at,
            when: minute(row.at, self.handover.zone),
            what: format!("{number}{}", row.what(self.lang)),
            kind: row.kind,
        }
    }

    pub(super) fn appendix(&mut self) {
        let all = rows(self.handover.case, self.handover.zone);
        if chosen(&all).len() == all.len() {
            return;
        }
        self.blocks.push(Block::NewPage);
        self.section("付録　時系列のすべて", "Appendix: the whole timeline");
        if all.len() > MOST_APPENDED {
            let text = match self.lang {
                Language::Ja => format!(
                    "はじめの {MOST_APPENDED} 件です。全 {} 件は timeline.csv にあります。",
                    all.len()
                ),
                Language::En => format!("The first {MOST_APPENDED}; all {} are in timeline.csv.", all.len()),
            };
            self.blocks.push(Block::Paragraph(text.into()));
        }
        let rows = all
            .iter()
            .take(MOST_APPENDED)
            .map(|row| {
                vec![
                    self.time(row.at).into(),
                    utc(row.at).into(),
                    row.id.map(|id| self.number(id).to_string()).unwrap_or_default().into(),
                    quote(row.what(self.lang)),
                    row.basis.word(self.lang).into(),
                ]
            })
            .collect();
        self.table(
            &[
                ("現地時刻", "local time", 20),
                ("UTC", "UTC", 18),
                ("No.", "No.", 6),
                ("できごと", "event", 40),
                ("時刻の根拠", "time from", 16),
            ],
            rows,
        );
    }
}

/// All of them where they fit. Else what was not komainu's doing; of that, where it is still too much, the beginning and
/// the end.
fn chosen(all: &[Row]) -> Vec<&Row> {
    if all.len() <= MOST {
        return all.iter().collect();
    }
    let main: Vec<&Row> = all.iter().filter(|row| row.kind != EventKind::Act).collect();
    if main.len() <= MOST {
        return main;
    }
    // What the person did and until when something is demanded before one more message.
    let told = |row: &&&Row| row.kind != EventKind::Message;
    let room = MOST - main.iter().filter(told).count().min(MOST / 2);
    let messages = main.iter().filter(|row| row.kind == EventKind::Message).count();
    let mut seen = 0;
    let mut others = 0;
    main.into_iter()
        .filter(|row| {
            if row.kind == EventKind::Message {
                seen += 1;
                return seen <= room / 2 || seen > messages.saturating_sub(room - room / 2);
            }
            others += 1;
            others <= MOST / 2
        })
        .collect()
}
