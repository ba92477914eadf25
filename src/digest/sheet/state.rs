//! How komainu did, and the record.

use super::{Body, Section, Teller};
use crate::digest::day::{Status, Verify};
use crate::digest::words;
use crate::document::Language;

impl Teller<'_> {
    pub(super) fn health(&self) -> Section {
        let (day, lang) = (self.day, self.lang);
        let mut fields = vec![(self.pick("状態", "state"), words::status(day.status, lang).to_owned())];
        let out = words::duration(day.unwatched(), lang);
        let none = self.pick("中断の記録はありません", "no interruption on record");
        fields.push((
            self.pick("見張れていない時間", "not watching"),
            if day.outages.is_empty() { none } else { out },
        ));
        for account in &day.accounts {
            let seen = account
                .last_checked
                .map_or_else(|| self.pick("不明", "unknown"), |at| words::short(at, day.date));
            let n = account.messages;
            fields.push((
                account.name.to_string(),
                match lang {
                    Language::Ja => format!("{n} 通、最後に確かめた時刻 {seen}"),
                    Language::En => format!("{}, last looked at {seen}", words::plural(n, "message")),
                },
            ));
        }
        fields.push((self.pick("時計", "clock"), self.clock()));
        if let Some(storage) = day.storage {
            let (bytes, free) = (words::octets(storage.bytes), words::octets(storage.free));
            fields.push((
                self.pick("ディスク", "disk"),
                match lang {
                    Language::Ja => format!("証拠 {bytes}、空き {free}"),
                    Language::En => format!("evidence {bytes}, free {free}"),
                },
            ));
        }
        let ruleset = day.versions.ruleset.map(|of| of.to_string().chars().take(12).collect::<String>());
        let rules = ruleset.map(|of| match lang {
            Language::Ja => format!("、判定の基準 {of}"),
            Language::En => format!(", judged by {of}"),
        });
        let version = format!("komainu {}{}", day.versions.app, rules.unwrap_or_default());
        fields.push((self.pick("版", "version"), version));
        let mut body = vec![Body::Fields(fields)];
        let mut points: Vec<String> =
            day.outages.iter().map(|one| words::outage(one, day.date, lang)).collect();
        points.extend(day.errors.iter().map(|one| words::fault(one, lang)));
        if !points.is_empty() {
            body.push(Body::Points(points));
        }
        body.extend(self.meanwhile().map(Body::Says));
        self.section("動作状況", "How komainu did", body)
    }

    /// What becomes of mail that came while nobody was watching.
    fn meanwhile(&self) -> Option<String> {
        let day = self.day;
        // Of a day in which nothing was watched at all, the head has said that nothing is known.
        let over = day.status != Status::Failed && day.outages.iter().any(|outage| !outage.open);
        let mut said = Vec::new();
        if over {
            said.push(self.pick(
                "見張れていない間に届いたメールも、再開したときに検査しています。",
                "Mail that came meanwhile was checked afterwards.",
            ));
        }
        if day.outages.iter().any(|outage| outage.open) {
            said.push(self.pick(
                "まだ続いている間に届くメールは、komainu が再び見張りを始めたときに検査します。",
                "What comes while this is not over will be checked when komainu watches again.",
            ));
        }
        if said.is_empty() {
            return None;
        }
        said.push(self.pick(
            "その前に読まれたり、移されたり、消されたりしたものは分かりません。",
            "What is read, moved or deleted before that is not known.",
        ));
        Some(said.join(self.lang.pick("", " ")))
    }

    fn clock(&self) -> String {
        let clock = self.day.clock;
        let state = match clock.synchronised {
            Some(true) => self.pick("時刻サーバーと同期", "synchronised"),
            Some(false) => self.pick("時刻サーバーと同期していません", "not synchronised"),
            None => self.pick("同期しているかは分かりません", "not known whether synchronised"),
        };
        if clock.max_step_ms == 0 {
            return state;
        }
        let seconds = clock.max_step_ms as f64 / 1e3;
        match self.lang {
            Language::Ja => format!("{state}。最大 {seconds:.1} 秒の飛びがありました"),
            Language::En => format!("{state}; stepped by up to {seconds:.1} s"),
        }
    }

    pub(super) fn record(&self) -> Section {
        let integrity = &self.day.integrity;
        let verify = match integrity.verify {
            Verify::Ok => self.pick("検証 OK（連鎖・署名・中身）", "verified: chain, signatures, content"),
            Verify::Chain => self.pick(
                "連鎖 OK（署名と中身まで確かめるには komainu evidence verify）",
                "the chain holds (signatures and content: komainu evidence verify)",
            ),
            Verify::Failed => self.pick(
                "検証に失敗しました。komainu evidence verify で詳しく調べ、記録には手を加えないでください",
                "it did not verify. Look closer with komainu evidence verify, and leave the record as it is",
            ),
        };
        let (first, next) = (integrity.first_seq, integrity.next_seq);
        let own = if next > first {
            format!("No. {first}–{}", next.saturating_sub(1))
        } else {
            self.pick("なし", "none")
        };
        let records = integrity.records;
        let mut fields = vec![
            (self.pick("検証", "state"), verify),
            (
                self.pick("記録", "records"),
                match self.lang {
                    Language::Ja => format!("{own}（全体で {records} 件）"),
                    Language::En => format!("{own} ({records} in all)"),
                },
            ),
            (self.pick("末尾の SHA-256", "SHA-256 of the last"), integrity.head.to_string()),
        ];
        if let Some(fingerprint) = integrity.fingerprint {
            fields.push((self.pick("最初の公開鍵", "first public key"), fingerprint.to_string()));
        }
        let witnesses: Vec<String> = integrity
            .witnesses
            .iter()
            .map(|one| match self.lang {
                Language::Ja => format!("{} ({} 件まで、{})", one.kind, one.size, words::minute(one.at)),
                Language::En => format!("{} ({} records, {})", one.kind, one.size, words::minute(one.at)),
            })
            .collect();
        fields.push((
            self.pick("外の控え", "witnesses"),
            if witnesses.is_empty() {
                self.pick("この間はありません", "none in this time")
            } else {
                witnesses.join(", ")
            },
        ));
        let mut body = vec![Body::Fields(fields)];
        match &integrity.checkpoint {
            Some(note) => {
                let size = integrity.checkpoint_size.unwrap_or_default();
                body.push(Body::Says(match self.lang {
                    Language::Ja => format!("署名付きチェックポイント（最初から {size} 件の記録を含みます）。この控えが手元にあれば、あとから記録を書き換えても分かります。"),
                    Language::En => format!("Signed checkpoint over the first {size} records. With this copy in your hands, a record that is rewritten later gives itself away."),
                }));
                let lines = note.lines().count();
                body.push(Body::Says(match self.lang {
                    Language::Ja => format!("照合するには、次の {lines} 行を、空の行も含めてそのままファイルに保存し、komainu evidence verify --witness にそのファイルを渡します。"),
                    Language::En => format!("To compare, put the next {lines} lines into a file as they are, the empty one, too, and give that file to komainu evidence verify --witness."),
                }));
                body.push(Body::Note(note.clone()));
            }
            None => {
                body.push(self.says(
                    "署名付きチェックポイントは、まだありません。",
                    "There is no signed checkpoint yet.",
                ));
            }
        }
        self.section("記録の完全性", "The record", body)
    }
}
