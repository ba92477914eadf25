//! The digest as text.

use unicode_width::UnicodeWidthStr as _;

use super::card::Card;
use super::day::Day;
use super::inert::{Lines, inert};
use super::sheet::{Body, Sheet};
use crate::document::Language;

/// UTF-8, lines of at most 72 columns, no control but LF. Only the checkpoint's lines are as they are, however long, so
/// that what is cut out of here verifies. A pure function of the day.
pub fn text(day: &Day, lang: Language) -> String {
    let sheet = Sheet::of(day, lang);
    let mut lines = Lines::default();
    lines.put("", &sheet.title);
    lines.put("", &"=".repeat(sheet.title.width().min(super::inert::WIDTH)));
    if let Some(caution) = &sheet.caution {
        lines.put("* ", caution);
    }
    for sentence in &sheet.result {
        lines.put("", sentence);
    }
    if let Some(urgent) = &sheet.urgent {
        lines.gap();
        lines.put("!! ", urgent);
    }
    lines.gap();
    fields(&mut lines, "", &sheet.period);
    for section in &sheet.sections {
        if section.body == [Body::Month] {
            continue;
        }
        lines.gap();
        lines.put("■ ", &section.title);
        for part in &section.body {
            body(&mut lines, part, lang);
        }
    }
    lines.finish()
}

fn body(lines: &mut Lines, part: &Body, lang: Language) {
    match part {
        Body::Card(card) => self::card(lines, card, lang),
        Body::Brief(card) => brief(lines, card),
        Body::Counts(rows) => {
            let label = |depth: usize, label: &str| format!("{}{label}", "  ".repeat(depth + 1));
            let wide = rows.iter().map(|(depth, text, ..)| label(*depth, text).width()).max().unwrap_or(0);
            for (depth, text, count, remark) in rows {
                let label = label(*depth, text);
                let pad = " ".repeat(wide.saturating_sub(label.width()));
                lines.put(&format!("{label}{pad}  {count:>5}  "), remark);
            }
        }
        Body::Fields(list) => fields(lines, "  ", list),
        Body::Points(list) => {
            for point in list {
                lines.put(lang.pick("  ・", "  - "), point);
            }
        }
        Body::Says(text) => lines.put("  ", text),
        Body::Command(text) => lines.put("      ", text),
        Body::Note(note) => {
            lines.gap();
            for line in note.lines() {
                lines.verbatim(line);
            }
        }
        Body::Month => {}
    }
}

fn fields(lines: &mut Lines, before: &str, list: &[(String, String)]) {
    let wide = list.iter().map(|(label, _)| label.width()).max().unwrap_or(0).min(24);
    for (label, value) in list {
        let label = &inert(label);
        let pad = " ".repeat(wide.saturating_sub(label.width()));
        if label.width() > wide {
            lines.put(before, label);
            lines.put(&format!("{before}{}  ", " ".repeat(wide)), value);
        } else {
            lines.put(&format!("{before}{label}{pad}  "), value);
        }
    }
}

fn card(lines: &mut Lines, card: &Card, lang: Language) {
    lines.gap();
    lines.put(&format!("  {}. ", card.number), &format!("[{}] {}", card.badge, card.arrival(lang)));
    let mut list = vec![
        (lang.pick("件名", "subject").to_owned(), card.subject.clone()),
        (lang.pick("差出人の表示", "shown as from").to_owned(), card.who.clone()),
    ];
    list.extend(card.fields.iter().cloned());
    let reasons: Vec<&str> = card.reasons.iter().map(|(title, _)| title.as_str()).collect();
    if !reasons.is_empty() {
        list.push((lang.pick("理由", "why").to_owned(), reasons.join(" / ")));
    }
    list.push((lang.pick("処置", "done").to_owned(), card.done.clone()));
    if let Some(id) = &card.id {
        list.push((lang.pick("証拠番号", "evidence id").to_owned(), id.clone()));
    }
    fields(lines, "     ", &list);
}

fn brief(lines: &mut Lines, card: &Card) {
    lines.put(&format!("  {}. ", card.number), &format!("[{}] {} {}", card.badge, card.came, card.who));
    lines.put("     ", &card.subject);
    if let Some(id) = &card.id {
        lines.put("     ", id);
    }
}
