//! A case in order of time: for the document, for spreadsheets, for programs.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::gather::{Case, Member};
use super::ledger::Act;
use super::standing::Standing;
use super::words::{category_word, level_word, severity_word};
use crate::document::{EventKind, Language};
use crate::evidence::{Digest, Entry, EvidenceId, Lesson, Outcome, Refetch};
use crate::message::Excerpt;

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// When.
    pub at: Timestamp,
    /// Who says so.
    pub basis: Basis,
    /// Whose act.
    pub kind: EventKind,
    /// What happened, in Japanese. What a sender wrote in it is bounded and defanged.
    pub ja: String,
    /// The same in English.
    pub en: String,
    /// Of which message.
    pub id: Option<EvidenceId>,
    /// Of its octets.
    pub sha256: Option<Digest>,
    /// Record that says so.
    pub seq: u64,
}

/// Whose clock or word a time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The mail server's: INTERNALDATE.
    Server,
    /// komainu's.
    Clock,
    /// The person's.
    Person,
    /// The sender's: written in the message.
    Message,
}

impl Basis {
    /// In a word.
    pub fn word(self, lang: Language) -> &'static str {
        match self {
            Self::Server => lang.pick("メールサーバーの受信時刻", "mail server's time of receipt"),
            Self::Clock => lang.pick("記録した計算機の時計", "clock of the recording machine"),
            Self::Person => lang.pick("本人の申告", "as the person says"),
            Self::Message => lang.pick("メールの記載", "as the message says"),
        }
    }
}

impl Row {
    /// What happened.
    pub fn what(&self, lang: Language) -> &str {
        match lang {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}

/// `2026-11-24 10:15:00 +09:00`
pub fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// `2026-11-24 10:15`, where the zone is told beside it.
pub fn minute(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `2026-11-24T01:15:00Z`
pub fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Why nobody watched, in words.
pub fn unwatched(reason: &str, lang: Language) -> &'static str {
    match reason {
        "not-running" => lang.pick("komainu が動作していなかった", "komainu was not running"),
        "not-recorded" => lang.pick(
            "証拠を保存できなかったため、何も動かさなかった（ディスクの空き不足など）",
            "evidence could not be written, so nothing was moved (a full disk, for instance)",
        ),
        "not-reached" => {
            lang.pick("メールサーバーに接続できなかった", "the mail server could not be reached")
        }
        _ => lang.pick("監視していなかった", "nobody was watching"),
    }
}

/// Everything that happened, in order of time. Times within the words are those of `zone`.
pub fn rows(case: &Case, zone: &TimeZone) -> Vec<Row> {
    let mut rows: Vec<Row> = case.members.iter().flat_map(of_member).collect();
    rows.extend(case.acts.iter().filter_map(of_case));
    rows.extend(case.accounts.iter().map(|account| {
        let (ja, en) = match &account.text {
            Some(text) => {
                let text = Excerpt::line(&one_line(text), 1_000);
                (format!("本人の申告: {text}"), format!("the person's own account: {text}"))
            }
            None => ("本人の申告（消去済み）".to_owned(), "the person's own account (erased)".to_owned()),
        };
        let basis = if account.when.is_some() { Basis::Person } else { Basis::Clock };
        row(account.happened(), basis, EventKind::Person, (ja, en), account.seq)
    }));
    rows.extend(case.gaps.iter().map(|gap| {
        let (ja, en) = (unwatched(&gap.reason, Language::Ja), unwatched(&gap.reason, Language::En));
        let until = local(gap.until, zone);
        row(
            gap.from,
            Basis::Clock,
            EventKind::Gap,
            (format!("ここから {until} まで、{ja}"), format!("from here until {until}, {en}")),
            gap.seq,
        )
    }));
    rows.sort_by_key(|row| (row.at, row.seq));
    rows
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn row(at: Timestamp, basis: Basis, kind: EventKind, (ja, en): (String, String), seq: u64) -> Row {
    Row { at, basis, kind, ja, en, id: None, sha256: None, seq }
}

fn of_member(member: &Member) -> Vec<Row> {
    let mut rows: Vec<Row> = member.acts.iter().filter_map(|act| of_message(member, act)).collect();
    if let Some(at) = member.deadline() {
        let (ja, en) = (
            "メールに記載された支払い・連絡の期限（自動抽出・要確認）".to_owned(),
            "deadline written in the message (extracted by program, to be checked)".to_owned(),
        );
        rows.push(row(at, Basis::Message, EventKind::Deadline, (ja, en), member.capture.seq));
    }
    for row in &mut rows {
        row.id = Some(member.id);
        row.sha256 = Some(member.capture.sha256);
    }
    rows
}

fn of_message(member: &Member, act: &Act) -> Option<Row> {
    let mut at = act.at;
    let mut basis = Basis::Clock;
    let mut kind = EventKind::Act;
    let words = match &act.entry {
        Entry::Captured { .. } => {
            at = member.came();
            basis = if member.capture.received.is_some() { Basis::Server } else { Basis::Clock };
            kind = EventKind::Message;
            came(member)
        }
        Entry::Judged { level, category, severity, score, .. } => {
            let word = |lang| {
                let mut word = level_word(*level, lang).to_owned();
                if let Some(category) = category {
                    word += " / ";
                    word += category_word(*category, lang);
                }
                if let Some(severity) = severity {
                    word += " / ";
                    word += severity_word(*severity, lang);
                }
                word
            };
            (
                format!("komainu が判定: {}（{score} 点）", word(Language::Ja)),
                format!("judged by komainu: {} ({score})", word(Language::En)),
            )
        }
        Entry::NotJudged { reason, .. } => {
            (format!("判定できなかった（{reason}）"), format!("could not be judged ({reason})"))
        }
        Entry::MoveResult { outcome, .. } => {
            let before = member.acts.iter().take_while(|other| other.seq < act.seq).cloned();
            moved(*outcome, Standing::of(&before.collect::<Vec<_>>()).is_in_quarantine())
        }
        Entry::Refetched { found, .. } => refetched(*found),
        Entry::Released { .. } => {
            kind = EventKind::Person;
            ("本人が隔離から戻した".to_owned(), "taken out of quarantine by the person".to_owned())
        }
        Entry::Reported { .. } => {
            kind = EventKind::Person;
            ("本人が隔離へ移した".to_owned(), "moved into quarantine by the person".to_owned())
        }
        Entry::ReleaseAsked { .. } => {
            kind = EventKind::Person;
            ("本人が隔離から戻すよう求めた".to_owned(), "the person asked for it to be moved back".to_owned())
        }
        Entry::Learned { lesson, .. } => match lesson {
            Lesson::Wanted => (
                "差出人（認証済み）を、本人が必要とする相手として学習した".to_owned(),
                "learned: the person wants mail of this sender (authenticated)".to_owned(),
            ),
            Lesson::Unwanted => (
                "差出人（認証済み）を、本人が不要とする相手として学習した".to_owned(),
                "learned: the person does not want mail of this sender (authenticated)".to_owned(),
            ),
        },
        Entry::Unlearned { .. } => {
            kind = EventKind::Person;
            (
                "このメールからの学習を取り消した".to_owned(),
                "what was learned from it was taken back".to_owned(),
            )
        }
        Entry::Viewed { .. } => ("証拠を閲覧した".to_owned(), "evidence was looked at".to_owned()),
        Entry::Erased { reason, .. } => {
            let (ja, en) = match reason.as_str() {
                "asked" => ("本人の求めにより", ", as the person asked"),
                "retention" => ("保存期限が過ぎたため", ", kept for as long as was set"),
                _ => ("", ""),
            };
            (format!("{ja}内容を消去した"), format!("content was erased{en}"))
        }
        _ => return None,
    };
    Some(row(at, basis, kind, words, act.seq))
}

fn came(member: &Member) -> (String, String) {
    match &member.letter {
        Some(letter) => {
            let from = Excerpt::new(letter.from.first().map_or("", String::as_str));
            let subject = Excerpt::new(&letter.subject);
            (
                format!("メールを受信: 差出人の表示 <{from}> 件名「{subject}」"),
                format!("message received: From says <{from}>, subject “{subject}”"),
            )
        }
        None => ("メールを受信（内容は消去済み）".to_owned(), "message received (content erased)".to_owned()),
    }
}

fn moved(outcome: Outcome, back: bool) -> (String, String) {
    let (ja, en) = match outcome {
        Outcome::Moved if back => ("元のメールボックスへ戻した", "moved back to where it came from"),
        Outcome::GoneByOther if back => {
            ("戻そうとしたが、隔離先にはもうなかった", "to be moved back, and no longer in quarantine")
        }
        Outcome::Refused if back => (
            "サーバーが戻すことを拒否し、隔離先に残った",
            "the server refused to move it back; it stayed in quarantine",
        ),
        Outcome::Moved => ("隔離メールボックスへ移した", "moved to the quarantine mailbox"),
        Outcome::GoneByOther => {
            ("移す前に、ほかの操作で移動または削除されていた", "somebody else moved or deleted it first")
        }
        Outcome::Refused => (
            "サーバーが移動を拒否し、元の場所に残った",
            "the server refused the move; it stayed where it was",
        ),
    };
    (ja.to_owned(), en.to_owned())
}

fn refetched(found: Refetch) -> (String, String) {
    let (ja, en) = match found {
        Refetch::Same => {
            ("隔離先から再取得し、原本と完全に一致した", "fetched again from quarantine: the same octets")
        }
        Refetch::Reserialised => (
            "隔離先から再取得した。サーバーが書式を改めていたが、同じメールと確認した",
            "fetched again from quarantine: written anew by the server, but the same message",
        ),
        Refetch::Different => (
            "隔離先から再取得したところ、別の内容だった",
            "fetched again from quarantine: another message stands there",
        ),
        Refetch::Gone => (
            "隔離先から再取得しようとしたが、すでになかった",
            "to be fetched again from quarantine, but gone by then",
        ),
    };
    (ja.to_owned(), en.to_owned())
}

fn of_case(act: &Act) -> Option<Row> {
    let mut kind = EventKind::Act;
    let (ja, en) = match &act.entry {
        Entry::CaseOpened { case, .. } => {
            (format!("事案 {case} を作成した"), format!("case {case} was opened"))
        }
        Entry::CaseAdded { ids, .. } => {
            kind = EventKind::Person;
            (
                format!("本人がメール {} 通を事案に加えた", ids.len()),
                format!("{} messages put into the case", ids.len()),
            )
        }
        Entry::CaseHeld { held: true, .. } => {
            ("保存期限による消去を止めた".to_owned(), "held: not to be erased for its age".to_owned())
        }
        Entry::CaseHeld { held: false, .. } => {
            ("保存期限による消去の停止を解いた".to_owned(), "no longer held".to_owned())
        }
        Entry::Exported { variant, sha256, .. } => (
            format!("証拠一式（{variant}）を書き出した。tagmanifest の SHA-256: {sha256}"),
            format!("bundle ({variant}) was written; SHA-256 of its tagmanifest: {sha256}"),
        ),
        _ => return None,
    };
    Some(row(act.at, Basis::Clock, kind, (ja, en), act.seq))
}

/// Machine word of whose act it was.
fn kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Message => "message",
        EventKind::Act => "komainu",
        EventKind::Person => "person",
        EventKind::Gap => "gap",
        EventKind::Deadline => "deadline",
    }
}

const COLUMNS: [&str; 9] =
    ["utc", "local", "kind", "event_ja", "event_en", "time_from_ja", "time_from_en", "evidence_id", "record"];

/// RFC 4180, with a byte order mark, without which spreadsheets take Japanese for something else.
pub fn csv(rows: &[Row], zone: &TimeZone) -> String {
    let mut out = format!("\u{feff}{}\r\n", COLUMNS.join(","));
    for row in rows {
        let id = row.id.map(|id| id.to_string()).unwrap_or_default();
        let cells = [
            utc(row.at),
            local(row.at, zone),
            kind(row.kind).to_owned(),
            row.ja.clone(),
            row.en.clone(),
            row.basis.word(Language::Ja).to_owned(),
            row.basis.word(Language::En).to_owned(),
            id,
            row.seq.to_string(),
        ];
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell: quoted where needed, and with a `'` before it where a spreadsheet would take it for a formula. Full-width
/// signs are taken for formulas by some, too.
pub fn cell(text: &str) -> String {
    let active = text
        .trim_start_matches([' ', '\u{3000}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = if active { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n', '\'', ' ', ';']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// An array of objects, in order of time.
pub fn as_json(rows: &[Row], zone: &TimeZone) -> Value {
    rows.iter()
        .map(|row| {
            json!({
                "utc": utc(row.at),
                "local": local(row.at, zone),
                "kind": kind(row.kind),
                "event": {"ja": row.ja, "en": row.en},
                "time_from": row.basis.word(Language::En),
                "evidence_id": row.id,
                "sha256": row.sha256,
                "record": row.seq,
            })
        })
        .collect()
}
