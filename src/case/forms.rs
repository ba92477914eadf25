//! Texts cut to the desks' own forms, ready to paste. In Japanese, as the desks are.
//!
//! Unlike the report, these are not defanged: a desk needs the address as it is. Controls are left out of what is pasted.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::gather::{Case, Member};
use super::headers::header_block;
use super::timeline::local;
use super::words::category_word;
use crate::document::Language;
use crate::indicator::Category;
use crate::message::{Excerpt, Message, TextKind};

/// 迷惑メール相談センター takes so many octets of text, and as many of header (its web form, as of 2026-11).
pub const FIELD_OCTETS: usize = 4_000;
/// And files of so many octets, attached.
pub const ATTACHED_OCTETS: u64 = 1_000_000;
/// So many of them at once.
pub const ATTACHED_FILES: usize = 50;
/// Links that are named in a form.
const MOST_LINKS: usize = 20;

/// 迷惑メール相談センター: one message.
pub fn dekyo(member: &Member, octets: &[u8], zone: &TimeZone) -> String {
    let message = Message::parse(octets);
    let header = header_block(octets);
    // What is cut off need not be looked at; what is left out of it is at most three quarters.
    let header = String::from_utf8_lossy(header.get(..4 * FIELD_OCTETS).unwrap_or(header));
    format!(
        "迷惑メール相談センター（一般財団法人日本データ通信協会）の情報提供フォームに貼り付ける文面\n\
         ※ 下の本文とヘッダーには手を加えていません（長い場合は各 {FIELD_OCTETS} バイトで切っています）。\n\
         ※ 本文中のリンクは開かないでください。個人情報の記入は必要ありません。\n\n\
         【受信日時】\n{}\n\n【差出人】\n{}\n\n【件名】\n{}\n\n【本文】\n{}\n\n【ヘッダー】\n{}\n",
        local(member.came(), zone),
        sender(member),
        subject(member),
        cut(&inert(&shown_text(&message)), FIELD_OCTETS),
        cut(&inert(&header), FIELD_OCTETS),
    )
}

/// フィッシング対策協議会: one message.
pub fn antiphishing(member: &Member, octets: &[u8], zone: &TimeZone) -> String {
    let message = Message::parse(octets);
    let mut links: Vec<String> = Vec::new();
    for link in &message.links {
        if matches!(link.scheme.as_str(), "http" | "https") && links.len() < MOST_LINKS {
            let target = cut(&inert(link.target.trim()), 500);
            if !links.contains(&target) {
                links.push(target);
            }
        }
    }
    let links = if links.is_empty() { "（なし）".to_owned() } else { links.join("\n") };
    format!(
        "フィッシング対策協議会への報告に使う文面\n\
         ※ できればメールそのものを転送してください。できないときに、この文面を使います。\n\
         ※ 下の URL は開かないでください。提供した情報は、警察や、かたられた会社に渡されることがあります。\n\n\
         【件名】\n{}\n\n【差出人】\n{}\n\n【受信日時】\n{}\n\n【概要】\n{}\n\n【誘導先の URL】\n{links}\n",
        subject(member),
        sender(member),
        local(member.came(), zone),
        outline(member),
    )
}

/// Lines of what a whole case demands.
const OUTLINE_LINES: usize = 40;

/// 警察庁の「サイバー事案に関する相談窓口」: the whole case, short.
pub fn npa(case: &Case, zone: &TimeZone) -> String {
    let lang = Language::Ja;
    let time = |at| local(at, zone);
    let mut senders: Vec<String> = Vec::new();
    for member in case.by_weight() {
        let sender = sender(member);
        if senders.len() < 3 && !senders.contains(&sender) {
            senders.push(sender);
        }
    }
    let kind = kinds(case, lang);
    let mut accounts: Vec<String> = case
        .accounts
        .iter()
        .filter_map(|account| {
            let text = account.text.as_ref()?;
            let (at, text) = (time(account.happened()), cut(&inert(text), 600));
            Some(if account.when.is_some() {
                format!("{at} {text}")
            } else {
                format!("（{at} に記入）{text}")
            })
        })
        .collect();
    if accounts.is_empty() {
        accounts.push("（ここに、自分がしたことを書く。例: 支払っていない／リンクを開いた）".to_owned());
    }
    let demand = outlines(case);
    let originals = if case.members.iter().any(|member| !member.erased) {
        "メールの原本（.eml、全ヘッダー付き）、"
    } else {
        ""
    };
    format!(
        "警察庁「サイバー事案に関する相談窓口」のフォームに貼り付ける文面\n\
         ※ フォームの送信は、被害届の提出ではありません。被害届は警察署で出します。\n\
         ※ 命や身体に危険が迫っているときは、フォームではなく 110 番へ。電話での相談は #9110。\n\n\
         【相談の内容】\n\
         {began} から {latest} までの間に、次の差出人表示のメールを {count} 通受信しました。\n{senders}\n\
         （差出人の表示は偽れるため、実際の送信者は分かりません。）\n\
         自動判定による分類は「{kind}」です。\n\n\
         【メールに記載された要求】（自動抽出・要確認）\n{demand}\n\n\
         【自分がしたこと】（申告）\n{accounts}\n\n\
         【手元にある資料】\n\
         {originals}時系列、取扱記録、SHA-256 の一覧。事案番号 {id}。\n",
        began = case.began().map(time).unwrap_or_default(),
        latest = case.latest().map(time).unwrap_or_default(),
        count = case.members.len(),
        senders = senders.join("\n"),
        accounts = accounts.join("\n"),
        id = case.id,
    )
}

/// True where it is for フィッシング対策協議会.
pub fn is_phishing(member: &Member) -> bool {
    member.judgement.as_ref().and_then(|judgement| judgement.category) == Some(Category::Phishing)
}

/// Every category of the case with how many messages have it, most first.
fn kinds(case: &Case, lang: Language) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for member in &case.members {
        if let Some(category) = member.judgement.as_ref().and_then(|judgement| judgement.category) {
            *counts.entry(category_word(category, lang)).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    if counts.is_empty() {
        return "不明".to_owned();
    }
    counts.iter().map(|(word, count)| format!("{word}（{count} 通）")).collect::<Vec<_>>().join("、")
}

/// What all messages of the case demand: each line once, the heaviest message's first.
fn outlines(case: &Case) -> String {
    let mut lines: Vec<String> = Vec::new();
    for outline in case.by_weight().into_iter().filter(|member| !member.erased).map(outline) {
        for line in outline.lines() {
            if lines.len() < OUTLINE_LINES && !lines.iter().any(|known| known == line) {
                lines.push(line.to_owned());
            }
        }
    }
    lines.join("\n")
}

/// What the message is about, in a few lines.
fn outline(member: &Member) -> String {
    let lang = Language::Ja;
    let mut lines = Vec::new();
    if let Some(category) = member.judgement.as_ref().and_then(|judgement| judgement.category) {
        lines.push(format!("自動判定の分類: {}", category_word(category, lang)));
    }
    if let Some(demand) = member.letter.as_ref().and_then(|letter| letter.demand.as_ref()) {
        let mut line = |label: &str, value: &str| {
            lines.push(format!("メールの記載 {label}: {}", cut(&inert(value), 300)));
        };
        if let Some(name) = &demand.claims_to_be {
            line("名乗り", name);
        }
        for amount in demand.amounts.iter().take(3) {
            line("金額", &format!("{} {}", amount.text(), amount.kind));
        }
        if let Some(deadline) = &demand.deadline {
            line("期限", deadline);
        }
        for pay in demand.pay_to.iter().take(3) {
            line("支払先", &pay.text());
        }
        for contact in demand.contacts.iter().take(3) {
            line("連絡先", &contact.text());
        }
    }
    if lines.is_empty() {
        "（自動では抽出できませんでした。本文を見て書いてください）".to_owned()
    } else {
        lines.join("\n")
    }
}

fn sender(member: &Member) -> String {
    let Some(letter) = &member.letter else { return "（消去済み）".to_owned() };
    let name = letter.names.first().map_or("", String::as_str);
    let address = letter.from.first().map_or("", String::as_str);
    cut(&inert(&format!("{name} <{address}>").replace(['\r', '\n'], " ")), 400).trim().to_owned()
}

fn subject(member: &Member) -> String {
    let subject = member.letter.as_ref().map_or("（消去済み）", |letter| &letter.subject);
    cut(&inert(&subject.replace(['\r', '\n'], " ")), 1_000)
}

/// What a person reads: the plain text, else that of the HTML.
fn shown_text(message: &Message) -> String {
    let of = |kind| {
        let texts = message.texts.iter().filter(move |view| view.kind == kind);
        texts.map(|view| view.text.original()).collect::<Vec<_>>().join("\n")
    };
    let plain = of(TextKind::Plain);
    if plain.trim().is_empty() { of(TextKind::Html) } else { plain }
}

/// The text without what would act on a terminal or turn what follows around; line ends stay.
fn inert(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|c| *c == '\n' || *c == '\t' || Excerpt::is_plain(*c)).collect()
}

/// The first octets, cut between two characters.
fn cut(text: &str, most: usize) -> String {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_between_characters_and_without_what_acts() {
        assert_eq!(cut("架空請求", 7), "架空");
        assert_eq!(cut("abc", 4000), "abc");
        assert_eq!(inert("a\u{1b}[31m\r\nb\u{202e}c\u{200b}\td\0"), "a[31m\nbc\td");
    }
}
