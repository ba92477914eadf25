//! `komainu quarantine list`: a line a message.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::{Format, place_code, place_word};
use crate::case::timeline::{minute, utc};
use crate::case::words::severity_word;
use crate::case::{Member, Standing};
use crate::cli::desk::{Desk, Stop};
use crate::cli::text::{Lang, category_word, clipped, level_word, padded};
use crate::message::Excerpt;

/// Columns of the sender and of the subject, at most.
const SENDER: usize = 30;
const SUBJECT: usize = 40;

pub(super) fn list(desk: &Desk, format: Format, all: bool) -> Result<(), Stop> {
    let reading = desk.read()?;
    let mut shown: Vec<(Member, Standing)> = Vec::new();
    for id in reading.ledger.messages() {
        // What is read out of a message is looked at only where it is shown: a record of years has many.
        let Some(member) = Member::find(id, &reading.ledger, None) else { continue };
        let standing = member.standing();
        if all || (standing.is_in_quarantine() && !member.erased) {
            let letter = reading.letter(id).map_err(|error| desk.store(&error))?;
            shown.push((Member { letter, ..member }, standing));
        }
    }
    shown.sort_by_key(|(member, _)| (member.came(), member.capture.seq));
    if format == Format::Json {
        for (member, standing) in &shown {
            println!("{}", as_json(member, standing));
        }
        return Ok(());
    }
    if shown.is_empty() {
        println!(
            "{}",
            desk.lang.pick(
                "記録では、隔離先にあるメールはありません",
                "by the record, nothing stands in quarantine"
            )
        );
        return Ok(());
    }
    let rows: Vec<[String; 5]> =
        shown.iter().map(|(member, standing)| row(desk, member, standing, all)).collect();
    for line in aligned(&rows) {
        println!("{line}");
    }
    println!(
        "{}",
        desk.lang.pick(
            "詳しく: komainu quarantine show 番号　　戻す: komainu quarantine release 番号（番号は先頭 8 文字以上）",
            "more: komainu quarantine show ID    move back: komainu quarantine release ID (ids by 8 or more of their first characters)"
        )
    );
    Ok(())
}

/// Date, what it is, from whom, subject, id.
fn row(desk: &Desk, member: &Member, standing: &Standing, all: bool) -> [String; 5] {
    let lang = desk.lang;
    let mut kind = kind(member, lang);
    if all || !matches!(standing.place, crate::case::Whereabouts::Quarantined) {
        kind = format!("{kind} [{}]", place_word(standing, lang));
    }
    let erased = || lang.pick("（消去済み）", "(erased)").to_owned();
    let (from, subject) = member.letter.as_ref().map_or_else(
        || (erased(), String::new()),
        |letter| (sender(letter), Excerpt::new(&letter.subject).to_string()),
    );
    [
        minute(member.came(), &desk.zone),
        kind,
        clipped(&from, SENDER),
        clipped(&subject, SUBJECT),
        member.id.to_string(),
    ]
}

/// `架空請求・高`; what was not judged says so.
pub(super) fn kind(member: &Member, lang: Lang) -> String {
    let Some(judgement) = &member.judgement else {
        return lang.pick("判定できず", "not judged").to_owned();
    };
    let kind = judgement
        .category
        .map_or_else(|| level_word(judgement.level, lang), |category| category_word(category, lang));
    match judgement.severity {
        Some(severity) => format!("{kind}{}{}", lang.pick("・", ", "), severity_word(severity, lang)),
        None => kind.to_owned(),
    }
}

/// Who it says it is from: the name, and the address that is written beside it.
pub(super) fn sender(letter: &crate::case::Letter) -> String {
    let name = letter.names.iter().find(|name| !name.trim().is_empty());
    let address = letter.from.first().map(|address| Excerpt::new(address).to_string()).unwrap_or_default();
    match name {
        Some(name) => format!("{} <{address}>", Excerpt::new(name)),
        None => address,
    }
}

/// Rows with every column as wide as its widest cell, as a terminal shows them.
fn aligned(rows: &[[String; 5]]) -> Vec<String> {
    let mut widths = [0_usize; 5];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    rows.iter()
        .map(|row| {
            let cells: Vec<String> =
                row.iter().zip(widths).map(|(cell, width)| padded(cell, width)).collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect()
}

pub(super) fn as_json(member: &Member, standing: &Standing) -> Value {
    let letter = member.letter.as_ref();
    let judgement = member.judgement.as_ref();
    let reason = match &standing.place {
        crate::case::Whereabouts::Refused(reason) => Some(reason),
        _ => None,
    };
    json!({
        "evidence_id": member.id,
        "account": member.capture.position.account,
        "mailbox": member.capture.position.mailbox,
        "received": utc(member.came()),
        "from": letter.map(|letter| &letter.from),
        "names": letter.map(|letter| &letter.names),
        "subject": letter.map(|letter| &letter.subject),
        "level": judgement.map(|judgement| judgement.level),
        "category": judgement.and_then(|judgement| judgement.category),
        "severity": judgement.and_then(|judgement| judgement.severity),
        "score": judgement.map(|judgement| judgement.score.as_f64()),
        "place": place_code(standing),
        "reason": reason,
        "reported": standing.reported,
        "lesson": standing.lesson,
        "erased": member.erased,
        "sha256": member.capture.sha256,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_whatever_is_in_them() {
        let cells = |cells: [&str; 5]| cells.map(str::to_owned);
        let rows = [
            cells(["2026-11-24 10:15", "架空請求・高", "法務局 <a[@]example[.]com>", "最終通告", "019a0000"]),
            cells(["2026-11-24 10:16", "phishing, low", "b", "Your account", "019a0001"]),
        ];
        let lines = aligned(&rows);
        let starts: Vec<usize> =
            lines.iter().map(|line| line.split("019a").next().unwrap().width()).collect();
        assert_eq!(starts[0], starts[1], "{lines:#?}");
    }
}
