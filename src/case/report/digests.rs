//! ⑧ Every digest, the checkpoint and the key; ⑨ how to check them.

use super::{Page, Variant, code};
use crate::case::timeline::utc;
use crate::document::{Block, Language};

/// Rows of the table; manifest-sha256.txt has all.
const MOST: usize = 1_000;

impl Page<'_> {
    pub(super) fn digests(&mut self) {
        self.blocks.push(Block::NewPage);
        self.section("⑧ ハッシュ一覧", "8. Digests");
        self.say(
            "原本（data/eml）のファイル名は、その内容の SHA-256 です。一文字でも変われば値が変わります。",
            "Each original in data/eml is named by the SHA-256 of its content; a single changed octet gives another value.",
        );
        let case = self.handover.case;
        let rows = case
            .members
            .iter()
            .take(MOST)
            .enumerate()
            .map(|(n, member)| {
                let absent = self.handover.absent.get(&member.capture.sha256);
                let state =
                    absent.map_or(self.pick("同梱", "in the bundle"), |absent| absent.word(self.lang));
                vec![
                    (n + 1).to_string().into(),
                    code(member.capture.sha256.to_string()),
                    member.capture.size.to_string().into(),
                    state.into(),
                ]
            })
            .collect();
        self.table(
            &[
                ("No.", "No.", 6),
                ("SHA-256", "SHA-256", 60),
                ("バイト", "octets", 12),
                ("原本", "original", 22),
            ],
            rows,
        );
        self.seal();
    }

    fn seal(&mut self) {
        self.part(self.pick("チェックポイントと公開鍵", "Checkpoint and key"));
        let seal = self.handover.seal;
        let last = self.handover.case.records().into_iter().next_back();
        match &seal.checkpoint {
            Some(note) => {
                self.blocks.push(Block::Lines(note.lines().map(str::to_owned).collect()));
                let covered = seal.size().zip(last).is_some_and(|(size, last)| size > last);
                let text = match (covered, self.lang) {
                    (true, Language::Ja) => "この署名付きチェックポイントは、本事案の記録すべてを含みます。",
                    (true, Language::En) => "This signed checkpoint covers every record of this case.",
                    (false, Language::Ja) => "注意: このチェックポイントより後に書かれた本事案の記録があります。その分は署名で守られていません。",
                    (false, Language::En) => "Note: records of this case were written after this checkpoint; no signature protects them yet.",
                };
                self.blocks.push(Block::Paragraph(text.into()));
            }
            None => self.say(
                "この記録には、署名付きチェックポイントがまだありません。記録の末尾が切り取られていないことは、この資料だけでは示せません。",
                "There is no signed checkpoint in this record yet; this bundle alone cannot show that the end of the record was not cut off.",
            ),
        }
        let mut fields = Vec::new();
        if let Some(origin) = &seal.origin {
            fields.push((self.pick("記録の名称", "log").to_owned(), code(origin.clone())));
        }
        if let Some(fingerprint) = seal.fingerprint {
            let label = self.pick("最初の公開鍵の SHA-256", "SHA-256 of the first public key");
            fields.push((label.to_owned(), code(fingerprint.to_string())));
        }
        fields.push((self.pick("この資料の作成", "made").to_owned(), utc(self.handover.made).into()));
        self.blocks.push(Block::Fields(fields));
        self.say(
            "このページを紙で渡しておくと、後から記録全体を書き換えても、紙の値と合わなくなります。",
            "Once this page has been handed over on paper, the record cannot be rewritten later without differing from it.",
        );
    }

    pub(super) fn verification(&mut self) {
        self.section("⑨ 検証方法", "9. How to check it");
        self.say(
            "Linux や macOS の標準的なコマンドで、この資料を作った人に頼らずに確かめられます。展開したフォルダーの中で実行してください。",
            "Standard commands of Linux or macOS are enough; whoever made this bundle need not be trusted. Run them in the unpacked folder.",
        );
        let mut steps: Vec<(&str, &str, &[&str])> = vec![
            (
                "一式が壊れたり、差し替えられたりしていないこと（すべて OK と表示される）",
                "Nothing in the bundle is damaged or exchanged (every line says OK)",
                &["sha256sum -c tagmanifest-sha256.txt", "sha256sum -c manifest-sha256.txt"],
            ),
            (
                "原本の名前が内容の SHA-256 であること",
                "Each original is named by its content's SHA-256",
                &["(cd data/eml && for f in *.eml; do echo \"${f%.eml}  $f\"; done | sha256sum -c)"],
            ),
            (
                "記録に同じ SHA-256 があること（evidence-captured の行。<SHA-256> は⑧の値）",
                "The record names the same SHA-256 (a line evidence-captured; <SHA-256> is a value of section 8)",
                &["grep '<SHA-256>' data/chain/records.jsonl"],
            ),
        ];
        if self.handover.variant == Variant::Full {
            steps.push((
                "記録がつながっていること（N 番目の行の SHA-256 と、次の行の prev が同じ）",
                "The records hang together (SHA-256 of line N equals prev of the line after)",
                &[
                    "cat data/chain/whole/*.jsonl | head -n N | tail -n 1 | sha256sum",
                    "cat data/chain/whole/*.jsonl | head -n $((N+1)) | tail -n 1 | cut -b10-73",
                ],
            ));
        }
        if self.handover.seal.checkpoint.is_some() {
            steps.push((
                "記録がチェックポイントの下にあること（Python だけを使う。署名そのものの確かめ方は、このファイルの冒頭に）",
                "The records stand under the checkpoint (nothing but Python; how to check the signature stands at the head of that file)",
                &["python3 data/merkle.py"],
            ));
        }
        if self.handover.variant == Variant::Full {
            steps.push((
                "記録全体の連鎖・署名と、入っている原本（bash と openssl だけを使う。最初の公開鍵は、できれば別の経路で受け取ったものを使う）。何も抜かれていないことは、書き出したときに表示された tagmanifest の SHA-256 と比べて確かめる",
                "The whole chain, its signatures, and the originals that are there (nothing but bash and openssl; take the first key from elsewhere if you can). That nothing was left out, the SHA-256 of the tagmanifest shows, which was printed when this was written",
                &["bash data/verify.sh data data/chain/keys/genesis.pub.pem"],
            ));
        }
        steps.push((
            "原本とメールサーバーの照合: 隔離メールボックスに残る同じメールを取得し、SHA-256 を比べる（サーバーが書式を改めることがあり、その場合は⑦に記載）",
            "Original and mail server: fetch the same message from the quarantine mailbox and compare its SHA-256 (some servers write messages anew; section 7 then says so)",
            &[],
        ));
        for (n, (ja, en, commands)) in steps.into_iter().enumerate() {
            let text = format!("{}. {}", n + 1, self.pick(ja, en));
            self.blocks.push(Block::Paragraph(text.into()));
            if !commands.is_empty() {
                self.blocks.push(Block::Lines(commands.iter().map(|line| (*line).to_owned()).collect()));
            }
        }
    }
}
