//! Cases in words, and as JSON.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Desk, Format, Stop, find};
use crate::case::timeline::{local, unwatched, utc};
use crate::case::{Case, Member, Subject};
use crate::cli::text::{Lang, category_word, level_word};
use crate::message::Excerpt;
use crate::store::read::Reading;

/// Messages in no case that are listed.
const LATEST: usize = 20;

pub(super) fn list(desk: &Desk, format: Format) -> Result<(), Stop> {
    let reading = desk.read()?;
    let cases = reading.cases();
    for case in &cases {
        match format {
            Format::Json => println!("{}", brief(case)),
            Format::Human => println!("{}", line(desk, case)),
        }
    }
    if format == Format::Human {
        outside(desk, &reading, &cases);
    }
    if cases.is_empty() && format == Format::Human {
        println!(
            "{}",
            desk.lang.pick(
                "事案はまだありません。komainu case open か komainu case report で作成します",
                "there is no case yet; komainu case open and komainu case report make one"
            )
        );
    }
    Ok(())
}

/// The latest messages that are in no case: by their ids cases are made.
fn outside(desk: &Desk, reading: &Reading, cases: &[Case]) {
    let inside: BTreeSet<_> =
        cases.iter().flat_map(|case| case.members.iter().map(|member| member.id)).collect();
    let outside: Vec<_> = reading.ledger.messages().filter(|id| !inside.contains(id)).collect();
    if outside.is_empty() {
        return;
    }
    match desk.lang {
        Lang::Ja => println!("どの事案にも入っていないメール {} 通（新しいものから）:", outside.len()),
        Lang::En => println!("{} message(s) in no case, the latest first:", outside.len()),
    }
    for id in outside.iter().rev().take(LATEST) {
        let letter = reading.letter(*id).ok().flatten();
        let (from, subject) = letter.map_or_else(Default::default, |letter| {
            let from = letter.from.first().map_or("", String::as_str).to_owned();
            (Excerpt::line(&from, 40).to_string(), Excerpt::line(&letter.subject, 60).to_string())
        });
        println!("  {id}  {from}  {subject}");
    }
    let more = outside.len().saturating_sub(LATEST);
    match desk.lang {
        _ if more == 0 => {}
        Lang::Ja => println!("  ほかに {more} 通（komainu quarantine list --all）"),
        Lang::En => println!("  and {more} more (komainu quarantine list --all)"),
    }
}

pub(super) fn show(desk: &Desk, named: &str, format: Format) -> Result<(), Stop> {
    let reading = desk.read()?;
    let case = find::case(desk, &reading, named)?;
    if format == Format::Json {
        println!("{}", whole(&case));
        return Ok(());
    }
    println!("{}", line(desk, &case));
    let lang = desk.lang;
    for (n, member) in case.members.iter().enumerate() {
        let (from, subject) = match &member.letter {
            Some(letter) => (
                Excerpt::new(letter.from.first().map_or("", String::as_str)).to_string(),
                Excerpt::new(&letter.subject).to_string(),
            ),
            None => (lang.pick("（消去済み）", "(erased)").to_owned(), String::new()),
        };
        println!("  {:>3}. {}  {}", n + 1, local(member.came(), &desk.zone), judged(member, lang));
        println!("       {}: {from}", lang.pick("差出人の表示", "From"));
        println!("       {}: {subject}", lang.pick("件名", "subject"));
        println!("       {}: {}", lang.pick("証拠番号", "evidence"), member.id);
    }
    for account in &case.accounts {
        let text = account.text.as_deref().map_or_else(
            || lang.pick("（消去済み）", "(erased)").to_owned(),
            |text| Excerpt::line(&text.replace(['\r', '\n'], " "), 2_000).to_string(),
        );
        let told = match account.when {
            Some(_) => lang.pick("申告", "told"),
            None => lang.pick("申告（記入した時刻）", "told (when written down)"),
        };
        println!("  {told} {}: {text}", local(account.happened(), &desk.zone));
    }
    for gap in &case.gaps {
        println!(
            "  {} {} – {} ({})",
            lang.pick("監視の空白", "not watched"),
            local(gap.from, &desk.zone),
            local(gap.until, &desk.zone),
            unwatched(&gap.reason, lang)
        );
    }
    for export in &case.exports {
        println!(
            "  {} {} {} {}",
            lang.pick("書き出し", "handed over"),
            local(export.at, &desk.zone),
            export.variant,
            export.sha256
        );
    }
    if case.held {
        println!("  {}", lang.pick("保存期限による消去を止めています", "held: not erased for its age"));
    }
    Ok(())
}

/// `C-2026-0001  3 通  2026-11-01 … – 2026-11-24 …  脅威 架空請求  name`
fn line(desk: &Desk, case: &Case) -> String {
    let count = case.members.len();
    let count = match desk.lang {
        Lang::Ja => format!("{count} 通"),
        Lang::En => format!("{count} message(s)"),
    };
    let period = match (case.began(), case.latest()) {
        (Some(began), Some(latest)) => {
            format!("{} – {}", local(began, &desk.zone), local(latest, &desk.zone))
        }
        _ => "–".to_owned(),
    };
    let kind = case.by_weight().first().map(|member| judged(member, desk.lang)).unwrap_or_default();
    format!("{}  {count}  {period}  {kind}  {}", case.id, case.title(desk.lang))
}

fn judged(member: &Member, lang: Lang) -> String {
    match &member.judgement {
        Some(judgement) => {
            let category =
                judgement.category.map(|category| category_word(category, lang)).unwrap_or_default();
            format!("{} {category} {}", level_word(judgement.level, lang), judgement.score)
        }
        None => lang.pick("判定できず", "not judged").to_owned(),
    }
}

fn brief(case: &Case) -> Value {
    let (name, sender) = match &case.subject {
        Some(Subject::Named(name)) => (Some(name), None),
        Some(Subject::Sender(sender)) => (None, Some(sender)),
        _ => (None, None),
    };
    let heaviest = case.heaviest();
    json!({
        "case": case.id,
        "name": name,
        "sender": sender,
        "opened": case.opened,
        "began": case.began(),
        "latest": case.latest(),
        "messages": case.members.len(),
        "category": heaviest.and_then(|judgement| judgement.category),
        "severity": heaviest.and_then(|judgement| judgement.severity),
        "held": case.held,
    })
}

fn whole(case: &Case) -> Value {
    let mut value = brief(case);
    let members: Vec<Value> = case.members.iter().map(of_member).collect();
    let accounts: Vec<Value> = case
        .accounts
        .iter()
        .map(|account| json!({"written": account.written, "when": account.when, "text": account.text}))
        .collect();
    let exports: Vec<Value> = case
        .exports
        .iter()
        .map(|export| json!({"at": export.at, "variant": export.variant, "sha256": export.sha256}))
        .collect();
    let gaps: Vec<Value> = case
        .gaps
        .iter()
        .map(
            |gap| json!({"account": gap.account, "from": gap.from, "until": gap.until, "reason": gap.reason}),
        )
        .collect();
    if let Some(fields) = value.as_object_mut() {
        fields.insert("members".to_owned(), members.into());
        fields.insert("accounts".to_owned(), accounts.into());
        fields.insert("exports".to_owned(), exports.into());
        fields.insert("gaps".to_owned(), gaps.into());
    }
    value
}

fn of_member(member: &Member) -> Value {
    let letter = member.letter.as_ref();
    let judgement = member.judgement.as_ref();
    json!({
        "evidence_id": member.id,
        "sha256": member.capture.sha256,
        "size": member.capture.size,
        "position": member.capture.position,
        "internaldate": member.capture.internaldate,
        "received": utc(member.came()),
        "from": letter.map(|letter| &letter.from),
        "subject": letter.map(|letter| &letter.subject),
        "level": judgement.map(|judgement| judgement.level),
        "category": judgement.and_then(|judgement| judgement.category),
        "severity": judgement.and_then(|judgement| judgement.severity),
        "score": judgement.map(|judgement| judgement.score.as_f64()),
        "deadline": member.deadline(),
        "erased": member.erased,
    })
}
