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
use crate::verdict::Severity;

/// Terminal columns of the sender and of the subject, at most.
const BELOW: usize = 74;

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
    let rows: Vec<Row> = shown.iter().map(|(member, standing)| row(desk, member, standing, all)).collect();
    for line in laid_out(&rows) {
        println!("{line}");
    }
    println!();
    println!(
        "{}",
        desk.lang.pick(
            "詳しく: komainu quarantine show 番号\n戻す:   komainu quarantine release 番号（番号は、ほかと違うところまで。8 文字以上）",
            "more:      komainu quarantine show ID\nmove back: komainu quarantine release ID (as much of an id as tells it apart, 8 characters or more)"
        )
    );
    Ok(())
}

/// What the list says of a message.
struct Row {
    /// Date, what it is, id.
    head: [String; 3],
    /// From whom, and the subject; a line each, because both together are wider than a terminal.
    below: [String; 2],
}

fn row(desk: &Desk, member: &Member, standing: &Standing, all: bool) -> Row {
    let lang = desk.lang;
    let mut kind = kind(member, lang);
    if all || !matches!(standing.place, crate::case::Whereabouts::Quarantined) {
        kind = format!("{kind} [{}]", place_word(standing, lang));
    }
    let erased = || lang.pick("（消去済み）", "(erased)").to_owned();
    let (from, subject) = member
        .letter
        .as_ref()
        .map_or_else(|| (erased(), String::new()), |letter| (sender(letter, lang), subject(letter, lang)));
    Row {
        head: [minute(member.came(), &desk.zone), kind, member.id.to_string()],
        below: [clipped(&from, BELOW), clipped(&subject, BELOW)],
    }
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
        // That it presses little would read as if it could be opened.
        Some(severity) if severity > Severity::Low => {
            format!("{kind}{}{}", lang.pick("・", ", "), severity_word(severity, lang))
        }
        _ => kind.to_owned(),
    }
}

/// Who it says it is from: the name, and the address that is written beside it.
pub(super) fn sender(letter: &crate::case::Letter, lang: Lang) -> String {
    let name = letter.names.iter().find(|name| !name.trim().is_empty());
    let address = letter.from.first().map(|address| Excerpt::new(address).to_string()).unwrap_or_default();
    match name {
        Some(name) => format!("{} <{address}>", Excerpt::new(name)),
        None if address.is_empty() => lang.pick("（差出人なし）", "(no sender)").to_owned(),
        None => address,
    }
}

/// The subject, or that there is none.
pub(super) fn subject(letter: &crate::case::Letter, lang: Lang) -> String {
    if letter.subject.trim().is_empty() {
        return lang.pick("（件名なし）", "(no subject)").to_owned();
    }
    Excerpt::new(&letter.subject).to_string()
}

/// Heads with every column as wide as its widest cell, as a terminal shows them, and below each what is its own.
fn laid_out(rows: &[Row]) -> Vec<String> {
    let mut widths = [0_usize; 3];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(&row.head) {
            *width = (*width).max(cell.width());
        }
    }
    let lines = rows.iter().flat_map(|row| {
        let cells: Vec<String> =
            row.head.iter().zip(widths).map(|(cell, width)| padded(cell, width)).collect();
        let head = cells.join("  ").trim_end().to_owned();
        let below = row.below.iter().filter(|text| !text.is_empty());
        std::iter::once(head).chain(below.map(|text| format!("    {text}")))
    });
    lines.collect()
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
        let row = |head: [&str; 3], below: [&str; 2]| Row {
            head: head.map(str::to_owned),
            below: below.map(str::to_owned),
        };
        let rows = [
            row(["2026-11-24 10:15", "架空請求・高", "019a0000"], ["法務局 <a[@]example[.]com>", "最終通告"]),
            row(["2026-11-24 10:16", "phishing, low", "019a0001"], ["b", ""]),
        ];
        let lines = laid_out(&rows);
        let starts: Vec<usize> = lines
            .iter()
            .filter(|line| line.contains("019a"))
            .map(|line| line.split("019a").next().unwrap().width())
            .collect();
        assert_eq!((starts.len(), lines.len()), (2, 5), "{lines:#?}");
        assert_eq!(starts[0], starts[1], "{lines:#?}");
    }
}
