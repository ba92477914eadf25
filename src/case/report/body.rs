//! ④ The messages: a list of all, and the text of those that are shown whole.

use super::{Page, code, quote, quoted, short};
use crate::case::gather::Member;
use crate::case::rendering::{Exhibit, MOST_LINES};
use crate::case::timeline::minute;
use crate::case::words::{category_word, level_word};
use crate::document::{Block, Language, Text, Tone};
use crate::message::TextKind;

/// Lines of text in the whole report; a message that comes after them is shown with its beginning.
const MOST_TOGETHER: usize = 6_000;
/// Lines that every message is shown with.
const LEAST: usize = 100;
/// Rows of the list; timeline.csv and the .eml files have the others.
const MOST_LISTED: usize = 500;

impl Page<'_> {
    pub(super) fn bodies(&mut self) {
        self.blocks.push(Block::NewPage);
        self.section("④ メール本文", "4. The messages");
        self.all_messages();
        self.say(
            "文字だけを示します。画像やリンク先は読み込んでいません。URL とアドレスは、誤って開かれないよう hxxps://a[.]b の形に書き換えました。表示を乱す制御文字と、この資料の書体にない文字は [U+XXXX] と書きました。書き換えのない原本は data/eml にあります。",
            "Text only; no image and no link was loaded. URLs and addresses are rewritten like hxxps://a[.]b, so that nobody opens them by mistake; control characters, and signs that the font of this report lacks, are written [U+XXXX]. The unaltered originals are in data/eml.",
        );
        let mut left = MOST_TOGETHER;
        let shown = self.exhibits();
        for (member, exhibit) in shown {
            self.heading_of(member);
            self.about(member, exhibit);
            self.texts(exhibit, &mut left);
            self.links(exhibit);
        }
    }

    fn all_messages(&mut self) {
        let case = self.handover.case;
        let shown = self.handover.exhibits.len();
        if shown < case.members.len() {
            let all = case.members.len();
            let text = match self.lang {
                Language::Ja => format!(
                    "全 {all} 通の一覧です。このうち {shown} 通（最初と最後、および重大なもの）について、本文・ヘッダー・判定理由を④⑤⑥に示します。ほかのメールの原本は、⑧の一覧のとおり同梱しています。"
                ),
                Language::En => format!(
                    "All {all} messages. Of {shown} of them (the first, the last and the gravest), text, header and reasons are shown in sections 4 to 6. The originals of the others are in the bundle as listed in section 8."
                ),
            };
            self.blocks.push(Block::Paragraph(text.into()));
        }
        let rows: Vec<Vec<Text>> = case
            .members
            .iter()
            .take(MOST_LISTED)
            .enumerate()
            .map(|(n, member)| {
                let (from, subject) = match &member.letter {
                    Some(letter) => {
                        (quoted(letter.from.first().map_or("", String::as_str)), quoted(&letter.subject))
                    }
                    None => (self.pick("（消去済み）", "(erased)").into(), Text::default()),
                };
                vec![
                    (n + 1).to_string().into(),
                    minute(member.came(), self.handover.zone).into(),
                    from,
                    subject,
                    self.judged(member).into(),
                    code(short(member.capture.sha256)),
                ]
            })
            .collect();
        self.table(
            &[
                ("No.", "No.", 5),
                ("受信", "received", 19),
                ("差出人の表示", "From", 22),
                ("件名", "subject", 26),
                ("自動判定", "judged", 14),
                ("SHA-256（先頭）", "SHA-256 (first)", 14),
            ],
            rows,
        );
        if case.members.len() > MOST_LISTED {
            self.say(
                "これより後のメールは timeline.csv にあります。",
                "Those that follow are in timeline.csv.",
            );
        }
    }

    /// `脅威 架空請求 7.31`
    fn judged(&self, member: &Member) -> String {
        match (&member.judgement, &member.not_judged) {
            (Some(judgement), _) => {
                let category = judgement.category.map(|category| category_word(category, self.lang));
                let level = level_word(judgement.level, self.lang);
                format!("{level} {} {}", category.unwrap_or_default(), judgement.score)
            }
            (None, Some(reason)) => format!("{} ({reason})", self.pick("判定できず", "not judged")),
            (None, None) => String::new(),
        }
    }

    fn about(&mut self, member: &Member, exhibit: &Exhibit) {
        let mut fields: Vec<(String, Text)> = Vec::new();
        let mut field =
            |ja: &str, en: &str, text: Text| fields.push((self.lang.pick(ja, en).to_owned(), text));
        if let Some(letter) = &member.letter {
            let name = letter.names.first().map_or("", String::as_str);
            let address = letter.from.first().map_or("", String::as_str);
            field("差出人の表示", "From, as displayed", quoted(&format!("{name} <{address}>")));
            if let Some(reply_to) = letter.reply_to.first() {
                field("返信先の指定", "Reply-To", quoted(reply_to));
            }
            field("宛先", "To", quoted(&letter.to.join(", ")));
            field("件名", "Subject", quoted(&letter.subject));
            if let Some(date) = letter.date {
                let text = self.handover_time(date);
                field("送信側の日付（記載）", "Date, as the sender writes it", Text::of(text, Tone::Quoted));
            }
        }
        let received =
            format!("{}  ({})", self.handover_time(member.came()), member.capture.internaldate.trim());
        field("受信（サーバー）", "Received (server)", received.into());
        if exhibit.files.is_empty() {
            field("添付ファイル", "Files", self.lang.pick("なし", "none").into());
        }
        self.blocks.push(Block::Fields(fields));
        if !exhibit.files.is_empty() {
            let rows = exhibit
                .files
                .iter()
                .map(|(name, size, kind)| vec![quote(name), size.to_string().into(), quote(kind)])
                .collect();
            self.table(
                &[
                    ("添付ファイル名", "file", 50),
                    ("バイト", "octets", 15),
                    ("種類（記載）", "type, as declared", 35),
                ],
                rows,
            );
            self.say(
                "添付ファイルは開いていません。不正なプログラムのことがあります。",
                "Files were not opened; they may be malicious programs.",
            );
        }
    }

    fn handover_time(&self, at: jiff::Timestamp) -> String {
        crate::case::timeline::local(at, self.handover.zone)
    }

    fn texts(&mut self, exhibit: &Exhibit, left: &mut usize) {
        let mut room = (*left).clamp(LEAST, MOST_LINES);
        let mut cut = exhibit.cut;
        for passage in &exhibit.passages {
            if passage.kind == TextKind::Hidden {
                self.warn(
                    "次の文字は、メールの画面には見えない形（同じ色、大きさ 0 など）で書かれていました。",
                    "The following text is in the mail, but made invisible to its reader (same colour, no size and the like).",
                );
            } else {
                let label = match passage.kind {
                    TextKind::Plain => self.pick("本文（文字だけの版）", "Text (plain version)"),
                    TextKind::Html | TextKind::Hidden => {
                        self.pick("本文（HTML の版を文字にしたもの）", "Text (of the HTML version)")
                    }
                    TextKind::Nested => {
                        self.pick("添付されたメール・文書の文字", "Text of an attached message or document")
                    }
                    TextKind::Code => self.pick("QR コードの内容", "What a QR code says"),
                };
                self.blocks.push(Block::Paragraph(Text::of(label, Tone::Strong)));
            }
            let lines: Vec<String> = passage.lines.iter().take(room).map(ToString::to_string).collect();
            cut |= lines.len() < passage.lines.len();
            room -= lines.len();
            *left = left.saturating_sub(lines.len());
            if !lines.is_empty() {
                self.blocks.push(Block::Verbatim(lines));
            }
        }
        if exhibit.passages.is_empty() {
            self.say("文字の本文はありません。", "There is no text.");
        }
        if cut {
            self.warn("以下省略。全文は .eml にあります。", "Truncated; see the .eml file for the rest.");
        }
    }

    fn links(&mut self, exhibit: &Exhibit) {
        if exhibit.links.is_empty() {
            return;
        }
        let rows = exhibit
            .links
            .iter()
            .map(|link| {
                let text = if link.code {
                    self.pick("（QR コード）", "(QR code)").into()
                } else if link.text.as_str().is_empty() {
                    self.pick("（URL のまま表示）", "(shown as it is)").into()
                } else {
                    quote(&link.text)
                };
                vec![text, quote(&link.target)]
            })
            .collect();
        self.table(
            &[("リンクの表示", "what the reader sees", 35), ("実際のリンク先", "where it really leads", 65)],
            rows,
        );
        if exhibit.more_links > 0 {
            let text = match self.lang {
                Language::Ja => format!("ほかに {} 件のリンクがあります。", exhibit.more_links),
                Language::En => format!("{} more links.", exhibit.more_links),
            };
            self.blocks.push(Block::Paragraph(text.into()));
        }
    }
}
