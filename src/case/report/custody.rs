//! ⑦ The chain of custody: how each message was taken, and every act since.

use super::{Page, code, quote};
use crate::case::gather::Member;
use crate::case::timeline::{Basis, rows, utc};
use crate::document::{Block, EventKind, Language, Text, Tone};
use crate::evidence::{Digest, Entry, Peer};

/// Acts that are listed; data/chain/records.jsonl has all.
const MOST: usize = 400;

impl Page<'_> {
    pub(super) fn custody(&mut self) {
        self.blocks.push(Block::Foot(String::new()));
        self.blocks.push(Block::NewPage);
        self.section("⑦ 取扱記録", "7. Chain of custody");
        self.say(
            "komainu は、メールサーバーから受け取ったデータを変換せずに保存し、保存を終えてから隔離へ移します。取得では既読にせず、削除も返信もしません。行為はその都度、前の記録の SHA-256 を含む記録（チェーン）に書きます。番号はその記録の番号です。",
            "komainu keeps what the mail server gave without any conversion, and moves a message to quarantine only after it was kept. Taking it does not mark it as read; nothing is deleted, nothing is answered. Each act is written into a chain of records, each naming the SHA-256 of the one before. Numbers are those of the records.",
        );
        let shown: Vec<&Member> = self.exhibits().into_iter().map(|(member, _)| member).collect();
        for member in shown.iter().copied() {
            self.heading_of(member);
            self.taken(member);
        }
        self.blocks.push(Block::Foot(String::new()));
        if shown.len() < self.handover.case.members.len() {
            self.say(
                "ほかのメールの取得の記録は data/chain/records.jsonl の evidence-captured の行にあります。",
                "How the others were taken is told by the lines evidence-captured of data/chain/records.jsonl.",
            );
        }
        self.part(self.pick("行為の一覧", "All acts"));
        let all = rows(self.handover.case, self.handover.zone);
        let acts: Vec<_> =
            all.iter().filter(|row| row.basis == Basis::Clock || row.basis == Basis::Server).collect();
        let table = acts
            .iter()
            .take(MOST)
            .map(|row| {
                vec![
                    row.seq.to_string().into(),
                    self.time(row.at).into(),
                    utc(row.at).into(),
                    row.id.map(|id| self.number(id).to_string()).unwrap_or_default().into(),
                    // Only what tells of a message has the sender's words in it.
                    match row.kind {
                        EventKind::Message => quote(row.what(self.lang)),
                        _ => row.what(self.lang).into(),
                    },
                ]
            })
            .collect();
        self.table(
            &[
                ("記録", "record", 8),
                ("現地時刻", "local time", 20),
                ("UTC", "UTC", 18),
                ("No.", "No.", 6),
                ("行為", "act", 48),
            ],
            table,
        );
        if acts.len() > MOST {
            let text = match self.lang {
                Language::Ja => format!(
                    "全 {} 件です。残りは timeline.csv と data/chain/records.jsonl にあります。",
                    acts.len()
                ),
                Language::En => format!(
                    "{} in all; the others are in timeline.csv and data/chain/records.jsonl.",
                    acts.len()
                ),
            };
            self.blocks.push(Block::Paragraph(text.into()));
        }
    }

    fn taken(&mut self, member: &Member) {
        let capture = &member.capture;
        let position = &capture.position;
        let label = |ja: &str, en: &str| self.pick(ja, en).to_owned();
        let mut fields = vec![
            (label("取得", "taken"), Text::from(format!("{} ({})", self.time(capture.at), utc(capture.at)))),
            (
                label("取得元", "from"),
                format!(
                    "{} / {} / UIDVALIDITY {} / UID {}",
                    position.account, position.mailbox, position.uidvalidity, position.uid
                )
                .into(),
            ),
            (label("サーバーの受信日時", "INTERNALDATE"), code(capture.internaldate.clone())),
            (
                label("大きさ", "size"),
                match (capture.partial, self.lang) {
                    (false, Language::Ja) => format!("{} バイト", capture.size),
                    (false, Language::En) => format!("{} octets", capture.size),
                    (true, Language::Ja) => format!("{} バイト（大きいため先頭だけを取得）", capture.size),
                    (true, Language::En) => {
                        format!("{} octets (only the first ones of a larger message)", capture.size)
                    }
                }
                .into(),
            ),
            ("SHA-256".to_owned(), code(capture.sha256.to_string())),
            (
                label("証拠番号・記録", "evidence id, record"),
                code(format!("{} / {}", member.id, capture.seq)),
            ),
        ];
        if let Some(peer) = capture.session.and_then(|session| self.handover.peers.get(&session)) {
            fields.push((label("メールサーバー", "mail server"), server(peer)));
        }
        let moved = member.acts.iter().rev().find_map(|act| match &act.entry {
            Entry::MoveIntent { destination, .. } => Some(destination.clone()),
            _ => None,
        });
        if let Some(destination) = moved {
            fields.push((label("移動先", "moved to"), destination.into()));
        }
        self.blocks.push(Block::Fields(fields));
    }
}

/// Host, address, encryption, and the certificate it showed.
fn server(peer: &Peer) -> Text {
    let address = peer.address.as_deref().unwrap_or("-");
    let mut text = Text::from(format!("{}:{} ({address})", peer.host, peer.port));
    if let Some(tls) = &peer.tls {
        text = text.and(format!("\n{} {}", tls.version, tls.cipher), Tone::Plain);
        let shown = tls.certificates.first().and_then(|written| {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.decode(written).ok()
        });
        if let Some(der) = shown {
            text = text
                .and("\nSHA-256 (certificate) ", Tone::Plain)
                .and(Digest::of(&der).to_string(), Tone::Code);
        }
    }
    text
}
