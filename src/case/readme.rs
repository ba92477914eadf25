//! The first file of a bundle: what this is, how to handle it, what it shows and what not, where to go.

use std::fmt::Write as _;

use super::report::{Absent, DESKS, Handover, Variant};
use super::timeline::{local, utc};
use crate::document::Language;

/// Originals that were left out and are named; the report's section ⑧ has all.
const MOST_NAMED: usize = 200;

/// `00_はじめに_README.txt`, Japanese first. `pdf`: the report is there as PDF.
pub fn readme(handover: &Handover<'_>, pdf: bool) -> String {
    let mut out = String::new();
    for lang in [Language::Ja, Language::En] {
        let mut page = Page { handover, lang, pdf, out: &mut out };
        page.write();
    }
    out
}

struct Page<'a> {
    handover: &'a Handover<'a>,
    lang: Language,
    pdf: bool,
    out: &'a mut String,
}

impl Page<'_> {
    fn line(&mut self, ja: &str, en: &str) {
        self.out.push_str(self.lang.pick(ja, en));
        self.out.push('\n');
    }

    fn head(&mut self, ja: &str, en: &str) {
        let head = self.lang.pick(ja, en);
        // Writing to a String cannot fail; nor below.
        let _ = writeln!(self.out, "\n■ {head}");
    }

    fn write(&mut self) {
        let case = self.handover.case;
        let (made, made_utc) = (local(self.handover.made, self.handover.zone), utc(self.handover.made));
        let (id, title) = (case.id, case.title(self.lang));
        let variant = match self.handover.variant {
            Variant::Full => self.lang.pick("完全版 (full)", "full"),
            Variant::Lite => self.lang.pick("軽量版 (lite)", "lite"),
        };
        if self.lang == Language::En {
            self.out.push_str("\n\n==== English ====\n\n");
        }
        let top = match self.lang {
            Language::Ja => {
                format!("事案 {id}「{title}」の証拠一式　{variant}\n作成: {made}（{made_utc}）\n")
            }
            Language::En => {
                format!("Evidence on case {id}: {title} ({variant})\nmade: {made} ({made_utc})\n")
            }
        };
        self.out.push_str(&top);
        self.danger();
        self.contents();
        self.absent();
        self.check();
        self.limits();
        self.head("相談先（日本）", "Where to go (in Japan)");
        for (ja, en) in DESKS {
            self.line(&format!("・{ja}"), &format!("- {en}"));
        }
        self.head("してはいけないこと", "What not to do");
        self.line(
            "返信しない。支払わない。リンクや添付ファイルを開かない。メールを消さない。",
            "Do not reply. Do not pay. Do not open links or files. Do not delete the mail.",
        );
    }

    fn danger(&mut self) {
        self.head("はじめに読んでください", "Read this first");
        self.line(
            "・命や身体に危険が迫っているときは、110 番へ電話してください。",
            "- If a life is in danger, call 110 (in Japan) now.",
        );
        self.line(
            "・data/eml の .eml ファイルは、受信したメールそのものです。ウイルスなどの不正なプログラムを含むことがあります。ダブルクリックで開かないでください。",
            "- The .eml files in data/eml are the mails as they were received. They may contain malware. Do not open them by double-click.",
        );
        self.line(
            "・この一式には、メールの宛先などの個人情報が含まれます。相談先のほかには渡さないでください。",
            "- This folder contains personal data, such as the addresses the mail was sent to. Hand it to nobody but those who advise you.",
        );
    }

    fn contents(&mut self) {
        self.head("中身", "What is in it");
        let full = self.handover.variant == Variant::Full;
        if self.pdf {
            self.line(
                "data/report-ja.pdf, report-en.pdf  相談資料（印刷して持参できます）",
                "data/report-ja.pdf, report-en.pdf  the report, to be printed and taken along",
            );
        }
        self.line(
            "data/eml/          メールの原本。ファイル名は内容の SHA-256",
            "data/eml/          the originals, named by the SHA-256 of their content",
        );
        self.line(
            "data/headers/      各メールのヘッダー（伏せ字なし）",
            "data/headers/      each message's header; nothing blacked out",
        );
        self.line(
            "data/timeline.csv, timeline.json  時系列（表計算ソフト用、プログラム用）",
            "data/timeline.csv, timeline.json  the timeline, for spreadsheets and for programs",
        );
        self.line(
            "data/forms/        各窓口のフォームに貼り付ける文面（URL は元のまま。開かないでください）",
            "data/forms/        texts to paste into the desks' forms (URLs are as they were: do not open them)",
        );
        if full {
            self.line(
                "data/for-dekyo/    迷惑メール相談センターへ添付して送るための写し",
                "data/for-dekyo/    copies to attach for 迷惑メール相談センター",
            );
        }
        self.line(
            "data/chain/        この事案の記録（改ざんを見つけるための連鎖）",
            "data/chain/        the records of this case, chained so that changes show",
        );
        if full {
            self.line(
                "data/chain/whole/  記録の全体。メールの内容は含みませんが、ほかのメールについても、時刻・件数・メールボックス名・判定（分類、点数、兆候の名前）・SHA-256 が入っています",
                "data/chain/whole/  the whole record; no content of mail, but of all other mail, too: times, counts, names of mailboxes, verdicts (category, score, names of indicators), SHA-256",
            );
        }
    }

    fn absent(&mut self) {
        if self.handover.absent.is_empty() {
            return;
        }
        self.head("入っていない原本", "Originals that are not in it");
        let lang = self.lang;
        for (sha256, absent) in self.handover.absent.iter().take(MOST_NAMED) {
            let member = self.handover.case.members.iter().find(|one| one.capture.sha256 == *sha256);
            let size = member.map_or(0, |one| one.capture.size);
            let _ = writeln!(self.out, "{sha256}  {size}  {}", absent.word(lang));
        }
        if self.handover.absent.len() > MOST_NAMED {
            self.line("ほかは報告書の⑧に", "the others stand in section 8 of the report");
        }
        if self.handover.absent.values().any(|absent| *absent == Absent::TooLarge) {
            self.line(
                "容量のため省いた原本は、完全版 (full) にあります。上の SHA-256 で同じものと確かめられます。",
                "Those left out for their size are in the full bundle; the SHA-256 above shows that they are the same.",
            );
        }
    }

    fn check(&mut self) {
        self.head("確かめ方", "How to check it");
        self.line("このフォルダーの中で:", "In this folder:");
        self.out.push_str("    sha256sum -c tagmanifest-sha256.txt\n    sha256sum -c manifest-sha256.txt\n");
        self.line(
            "すべて OK と表示されれば、作成後に変わったファイルはありません。詳しくは報告書の⑨に。",
            "Where every line says OK, no file has changed since it was made. More in section 9 of the report.",
        );
        self.line("形式は BagIt 1.0（RFC 8493）です。", "The format is BagIt 1.0 (RFC 8493).");
    }

    fn limits(&mut self) {
        self.head("限界", "Limits");
        self.line(
            "・示せるのは「このデータをこのサーバーがこのプログラムに渡し、以後変わっていない」ことです。誰が送ったかは示しません。",
            "- It shows that these octets were served by this server to this program and have not changed since. It does not show who sent them.",
        );
        self.line(
            "・記録全体が古い状態へ戻されたかどうかは、外部に残したチェックポイントと比べて初めて分かります。",
            "- Whether the whole record was put back to an earlier state shows only against a checkpoint kept elsewhere.",
        );
        self.line(
            "・要求の要約と判定は、プログラムによる自動のものです。必ず本文で確かめてください。",
            "- What is demanded and how it is judged was found by a program. Check it against the text.",
        );
    }
}
