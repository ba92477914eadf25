//! ⑤ The headers: whole, the way the message says to have come, and what the provider checked.

use super::{Page, quote};
use crate::case::rendering::Exhibit;
use crate::document::{Block, Language, Text, Tone};

/// Lines of headers in the whole report.
const MOST_TOGETHER: usize = 3_000;
/// Lines that every message is shown with.
const LEAST: usize = 60;

impl Page<'_> {
    pub(super) fn headers(&mut self) {
        self.blocks.push(Block::NewPage);
        self.section("⑤ ヘッダー", "5. Headers");
        self.say(
            "ヘッダーは一切伏せていません（URL の http だけを hxxp と書いています）。受信したままのものは data/headers に一通ずつあります。差出人（From）、日付（Date）、信頼線より下の経路（Received）は、送信者が自由に書けます。",
            "Nothing is blacked out; only the http of URLs is written hxxp. As they were received, they are in data/headers, a file for each message. From, Date and every Received line below the trust line can be written by the sender at will.",
        );
        let shown = self.exhibits();
        let mut left = MOST_TOGETHER;
        for (member, exhibit) in shown {
            self.heading_of(member);
            self.route(exhibit);
            let pinned = self.basis(member).map(|basis| basis.authserv_ids.clone()).unwrap_or_default();
            self.checks(exhibit, &pinned);
            let room = left.max(LEAST);
            let lines: Vec<String> = exhibit.header.iter().take(room).map(ToString::to_string).collect();
            let cut = exhibit.header_cut || lines.len() < exhibit.header.len();
            left = left.saturating_sub(lines.len());
            self.blocks
                .push(Block::Paragraph(Text::of(self.pick("全ヘッダー", "Header, whole"), Tone::Strong)));
            self.blocks.push(Block::Verbatim(lines));
            if cut {
                self.warn(
                    "以下省略。全体は data/headers にあります。",
                    "Truncated; data/headers has the whole.",
                );
            }
        }
    }

    /// The Received fields from the newest on, with the line below which nothing can be believed.
    fn route(&mut self, exhibit: &Exhibit) {
        if exhibit.hops.is_empty() {
            self.say("Received の行はありません。", "There is no Received line.");
            return;
        }
        let mut rows = Vec::new();
        let mut above = true;
        for (n, hop) in exhibit.hops.iter().enumerate() {
            if above && !hop.own {
                above = false;
                rows.push(vec![
                    Text::of("―", Tone::Strong),
                    Text::of(
                        self.pick(
                            "▲信頼線▼ これより下は送信者が書いた可能性がある",
                            "trust line: what stands below may have been written by the sender",
                        ),
                        Tone::Strong,
                    ),
                    Text::default(),
                    Text::default(),
                ]);
            }
            rows.push(vec![(n + 1).to_string().into(), quote(&hop.from), quote(&hop.by), quote(&hop.when)]);
        }
        self.table(
            &[
                ("順", "n", 5),
                ("受け取った相手（from）", "from", 42),
                ("受け取ったサーバー（by）", "by", 28),
                ("日時（記載）", "time, as written", 25),
            ],
            rows,
        );
        self.say(
            "信頼線は komainu の推定です。確実なことは、メールサービスの事業者の通信記録でしか分かりません。",
            "Where the trust line runs is komainu's estimate; only the mail provider's own logs can tell for certain.",
        );
    }

    fn checks(&mut self, exhibit: &Exhibit, pinned: &[String]) {
        let counted: Vec<Vec<Text>> = exhibit
            .results
            .iter()
            .filter(|result| result.counts)
            .map(|result| {
                vec![quote(&result.by), quote(&result.method), quote(&result.result), quote(&result.domain)]
            })
            .collect();
        let others = exhibit.results.iter().filter(|result| !result.counts).count();
        if counted.is_empty() {
            let (ja, en) = if pinned.is_empty() {
                (
                    "送信元の認証の結果は、信頼する検査元（authserv-id）が設定されていないため、採用していません。",
                    "No result of sender authentication counts: none whose results are to be trusted (authserv-id) was configured.",
                )
            } else {
                (
                    "信頼する検査元による、送信元の認証の結果はありません。",
                    "There is no result of sender authentication from those who are trusted.",
                )
            };
            self.say(ja, en);
        } else {
            self.table(
                &[
                    ("検査元", "checked by", 30),
                    ("方式", "method", 15),
                    ("結果", "result", 15),
                    ("対象ドメイン", "domain", 40),
                ],
                counted,
            );
        }
        if others > 0 {
            let text = match self.lang {
                Language::Ja => {
                    format!("ほかに {others} 件の結果が書かれていますが、誰でも書けるため採用していません。")
                }
                Language::En => {
                    format!("{others} more are written there, but anybody can write them; they do not count.")
                }
            };
            self.blocks.push(Block::Paragraph(Text::of(text, Tone::Quiet)));
        }
    }
}
