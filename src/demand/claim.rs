//! Who the message says it is: in its display name, in how it introduces itself, in its signature, by its brand.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::indicator::Context;
use crate::message::{Excerpt, Message, Place, normalise};

use super::page::{Line, Page, clean};
use super::{Claim, PayKind, PayTo, Quote};

/// Lines looked at from the top and from the end.
const TOP: usize = 12;
const END: usize = 24;
/// Characters of a claim.
const LONGEST: usize = 60;

/// Ends of names of organisations, Japanese.
const ORGANISATIONS: &[&str] = &[
    "法律事務所",
    "弁護士法人",
    "司法書士事務所",
    "行政書士事務所",
    "事務所",
    "株式会社",
    "有限会社",
    "合同会社",
    "一般社団法人",
    "財団法人",
    "センター",
    "事務局",
    "管理局",
    "支局",
    "総局",
    "機構",
    "協会",
    "協議会",
    "委員会",
    "連盟",
    "組合",
    "銀行",
    "信用金庫",
    "証券",
    "裁判所",
    "警察署",
    "警察",
    "検察庁",
    "庁",
    "省",
    "役所",
    "役場",
    "水道局",
    "税務署",
    "年金",
    "運輸",
    "急便",
    "郵便",
    "カード",
    "サービス",
    "サポート",
    "管理部",
    "回収部",
    "調査部",
    "法務部",
    "債権部",
    "審査部",
    "運営",
    "本部",
    "工業",
    "製作所",
    "産業",
    "建設",
    "物産",
    "電機",
    "商会",
    "製薬",
    "不動産",
    "物流",
    "運送",
    "通信",
    "塾",
    "学園",
    "学校",
    "大学",
    "病院",
    "クリニック",
    "保険",
    "生命",
    "投資顧問",
    "キャピタル",
    "水産",
    "食品",
    "化学",
    "機械",
    "観光",
    "ホテル",
    "新聞",
    "放送",
    "出版",
    "総研",
    "研究所",
    "ラボ",
    "ストア",
    "マーケット",
    "窓口",
    "管理組合",
    "管理会社",
    "部",
    "課",
    "局",
    "ネット",
    "ショップ",
    "商店",
    "商事",
    "電力",
    "ガス",
    "電気",
    "モバイル",
    "ペイ",
    "リサーチ",
    "ファイナンス",
    "クレジット",
    "債権回収",
    "興信所",
    "探偵社",
    "社",
    "会",
];

/// Of those, the ones strong enough to be a claim on a line of their own.
const STRONG: &[&str] = &[
    "法律事務所",
    "弁護士法人",
    "司法書士事務所",
    "行政書士事務所",
    "株式会社",
    "有限会社",
    "合同会社",
    "センター",
    "事務局",
    "管理局",
    "支局",
    "総局",
    "機構",
    "協会",
    "委員会",
    "裁判所",
    "警察署",
    "検察庁",
    "税務署",
    "回収部",
    "探偵社",
    "興信所",
    "銀行",
    "カード",
];

/// Display names that say nothing.
const EMPTY_NAMES: &[&str] = &[
    "info",
    "noreply",
    "no-reply",
    "no reply",
    "do-not-reply",
    "donotreply",
    "admin",
    "administrator",
    "support",
    "mail",
    "webmaster",
    "postmaster",
    "anonymous",
    "security",
    "セキュリティ",
    "セキュリティー",
    "名無し",
    "名無しさん",
    "通りすがり",
    "unknown",
    "hacker",
    "me",
    "you",
    "重要",
    "お知らせ",
    "重要なお知らせ",
    "通知",
    "緊急",
    "匿名",
    "名無し",
    "名無しさん",
    "notification",
    "notifications",
    "alert",
    "alerts",
    "service",
    "customer",
    "user",
    "contact",
    "sales",
    "news",
    "newsletter",
    "システム",
    "自動送信",
    "配信専用",
    "送信専用",
    "message",
];

/// Names of a department or a role, which an organisation in the text makes more exact.
const GENERIC_NAMES: &[&str] = &[
    "カスタマーサポート",
    "カスタマーサービス",
    "カスタマーセンター",
    "お客様サポート",
    "お客様センター",
    "サポートセンター",
    "サポート",
    "担当",
    "係",
    "店長",
    "経理",
    "事務局",
    "管理者",
    "運営",
    "窓口",
    "部",
    "課",
    "billing",
    "department",
    "accounts payable",
    "accounts receivable",
    "accounting",
    "customer service",
    "customer support",
    "customer care",
    "support team",
    "security team",
    "helpdesk",
    "help desk",
    "it support",
    "invoice",
    "payment",
    "payments",
    "delivery",
    "claims",
    "team",
    "agent",
    "notice",
    "hr ",
    "human resources",
    "recruiter",
    "giveaway",
    "promo",
    "webmail",
    "system",
];

/// The claim with the most to say for it.
pub(super) fn claim(
    message: &Message,
    context: &Context,
    pages: &[Page<'_>],
    pay_to: &[PayTo],
) -> Option<Claim> {
    let mut best: Option<(u8, Claim)> = None;
    let mut offer = |weight: u8, value: String, quote: Quote| {
        let value = tidy(&value);
        let long = value.chars().count();
        if (2..=LONGEST).contains(&long) && best.as_ref().is_none_or(|(other, _)| weight > *other) {
            best = Some((weight, Claim { value, quote }));
        }
    };
    if let Some((weight, value)) = display(message, context) {
        let quote = Quote { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(&value) };
        offer(weight, value, quote);
    }
    for page in pages {
        if page.place == Place::Subject {
            for bracketed in bracketed(&clean(page_text(page))) {
                if context.brand_named(&normalise(&bracketed)).is_some() || ends_strongly(&bracketed) {
                    let quote = page.quote_of(&bracketed);
                    offer(42, bracketed, quote);
                }
            }
            continue;
        }
        for (weight, value, words) in
            introductions(page, context).into_iter().chain(signatures(page, context))
        {
            let quote = page.quote_of(&words);
            offer(weight, value, quote);
        }
    }
    // What is paid through is not who is to be paid.
    if let Some((brand, quote)) = brand(pages, context)
        && !pay_to.iter().any(|pay| {
            // An exchange that is recommended for buying coins signs nothing either.
            pay.kind == PayKind::Crypto || context.brand_named(&normalise(&pay.value)) == Some(brand)
        })
    {
        offer(32, brand.to_owned(), quote);
    }
    best.map(|(_, claim)| claim)
}

fn page_text<'p>(page: &Page<'p>) -> &'p str {
    page.lines.first().map_or("", |line| line.written)
}

/// The author's display name, where it is a name and not the address, the recipient or a word for nothing.
fn display(message: &Message, context: &Context) -> Option<(u8, String)> {
    let from = message.from.first()?;
    let name = clean(from.name.original());
    let name = name.trim_matches(['"', '\'', ' ']).to_owned();
    let lower = name.to_lowercase();
    let own = message.to.iter().any(|to| to.addr.eq_ignore_ascii_case(&from.addr))
        || context.own_addresses.iter().any(|own| own.eq_ignore_ascii_case(&from.addr));
    let digits = name.chars().filter(char::is_ascii_digit).count();
    if own
        || digits * 2 > name.chars().count()
        || name.contains('@')
        || name.chars().count() < 2
        || EMPTY_NAMES.contains(&lower.as_str())
    {
        return None;
    }
    // A handle, not a name: one word, all in small letters.
    let handle = name.is_ascii() && !name.contains(' ') && name == lower;
    if (name.is_ascii() && name.len() < 3) || handle || lower.starts_with("your ") {
        return None;
    }
    let normal = normalise(&name);
    if context.brand_named(&normal).is_some() {
        return Some((70, name));
    }
    let generic = GENERIC_NAMES.iter().any(|word| {
        lower == *word
            || (lower.ends_with(word) || lower.starts_with(word))
                && lower.chars().count() <= word.chars().count() + 3
    }) || (name.is_ascii()
        && GENERIC_NAMES
            .iter()
            .any(|word| word.is_ascii() && lower.split(' ').count() <= 3 && lower.ends_with(word)));
    let department = ["部", "課", "係", "担当", "室", "窓口"].iter().any(|end| name.ends_with(end))
        && name.chars().count() <= 7;
    if generic || department {
        return Some((28, name));
    }
    if ORGANISATIONS.iter().any(|end| name.contains(end)) {
        return Some((60, name));
    }
    Some((44, name))
}

/// 【Amazon】, [PayPal], 「…」 at the head of a subject.
fn bracketed(subject: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (open, close) in [('【', '】'), ('[', ']'), ('「', '」'), ('<', '>')] {
        if let Some((_, rest)) = subject.split_once(open)
            && let Some((inner, _)) = rest.split_once(close)
        {
            out.push(inner.to_owned());
        }
    }
    out
}

fn ends_strongly(text: &str) -> bool {
    is_strong(text) && text.chars().count() <= 30
}

/// Words looked for all at once.
type Words = LazyLock<Option<AhoCorasick>>;

fn has_any(text: &str, words: &Words) -> bool {
    words.as_ref().is_some_and(|words| words.is_match(text))
}

fn is_strong(text: &str) -> bool {
    static WORDS: Words = LazyLock::new(|| AhoCorasick::new(STRONG).ok());
    has_any(text, &WORDS)
}

/// How a text introduces itself.
fn introductions(page: &Page<'_>, context: &Context) -> Vec<(u8, String, String)> {
    let mut out = Vec::new();
    for line in page.own_lines().filter(|line| !line.written.trim().is_empty()).take(TOP) {
        let text = line.clean();
        if let Some(value) = japanese_introduction(text, context) {
            let organisation = ORGANISATIONS.iter().any(|end| value.ends_with(end) || value.starts_with(end));
            let weight = match (ends_strongly(&value), organisation) {
                (true, _) => 65,
                (false, true) => 62,
                (false, false) => 46,
            };
            out.push((weight, value, text.to_owned()));
        }
        if let Some((weight, value)) = english_introduction(text) {
            out.push((weight, value, text.to_owned()));
        }
    }
    out
}

/// `〇〇でございます`, `〇〇の田中と申します`, `こちらは〇〇です`, `〇〇をご利用いただき`.
fn japanese_introduction(text: &str, context: &Context) -> Option<String> {
    const ENDS: &[&str] = &[
        "でございます",
        "と申します",
        "より重要なお知らせ",
        "よりお知らせ",
        "よりご連絡",
        "からのお知らせ",
        "からお知らせ",
        "からのご案内",
        "からの重要",
        "をご利用いただき",
        "をご利用頂き",
        "をご利用のお客様",
        "のご利用ありがとう",
        "をご愛顧",
        "です。",
        "です",
    ];
    static WORDS: Words = LazyLock::new(|| AhoCorasick::new(ENDS).ok());
    if !has_any(text, &WORDS) {
        return None;
    }
    for end in ENDS {
        let Some(at) = text.find(end) else { continue };
        let head = text.get(..at)?;
        let head = head.rsplit(['。', '、', '！', '!', '　', ',']).next()?.trim();
        let head = strip_greeting(head);
        let plain = matches!(*end, "です。" | "です");
        if head.chars().count() < 2 || head.chars().count() > 32 {
            continue;
        }
        // `…です` is said of anything; only an organisation or 私は makes it an introduction.
        let own = head.strip_prefix("私は").or_else(|| head.strip_prefix("こちらは")).unwrap_or(head);
        if plain {
            let named = STRONG.iter().any(|strong| own.ends_with(strong))
                || context.brand_named(&normalise(own)).is_some_and(|_| own.chars().count() < 16);
            let introduced = own.len() < head.len();
            let organisation = ORGANISATIONS.iter().find_map(|end| {
                own.split_once(end)
                    .filter(|(_, rest)| rest.starts_with('の') || rest.starts_with(' '))
                    .map(|(name, _)| format!("{name}{end}"))
            });
            if let Some(organisation) = organisation {
                return Some(organisation);
            }
            if named || introduced {
                return Some(own.rsplit('の').next().filter(|_| introduced).unwrap_or(own).to_owned());
            }
            continue;
        }
        let own = own.rsplit_once("いつも").map_or(own, |(_, rest)| rest);
        let own = own.rsplit_once("平素より").map_or(own, |(_, rest)| rest);
        let own = own.rsplit_once("この度は").map_or(own, |(_, rest)| rest);
        if *end == "と申します" || *end == "でございます" {
            if let Some((organisation, _)) =
                own.split_once('の').filter(|(head, _)| ORGANISATIONS.iter().any(|end| head.contains(end)))
            {
                return Some(organisation.to_owned());
            }
            let organisation = own
                .split(' ')
                .find(|word| STRONG.iter().any(|strong| word.starts_with(strong) || word.ends_with(strong)));
            return Some(organisation.unwrap_or(own).to_owned());
        }
        if own.contains(['は', 'を']) {
            continue;
        }
        return Some(own.to_owned());
    }
    None
}

fn strip_greeting(head: &str) -> &str {
    let mut head = head;
    for greeting in [
        "いつもお世話になっております",
        "お世話になっております",
        "お世話になります",
        "お疲れ様です",
        "はじめまして",
        "突然のご連絡失礼いたします",
        "いつも",
        "平素より",
        "平素は",
        "こんにちは",
        "初めまして",
        "拝啓",
    ] {
        head = head.strip_prefix(greeting).unwrap_or(head);
    }
    head.trim_matches([' ', '。', '、', ',', '　'])
}

/// Words with which people introduce themselves in English, and what they weigh.
const LEADS: &[(&str, u8)] = &[
    ("This is the ", 64),
    ("this is the ", 64),
    ("We are the ", 64),
    ("We are ", 56),
    ("I am writing on behalf of ", 62),
    ("writing on behalf of ", 62),
    ("on behalf of ", 50),
    ("My name is ", 58),
    ("my name is ", 58),
    ("I am ", 48),
    ("I'm ", 48),
    ("This is ", 48),
    ("this is ", 48),
];

/// `I am Barrister James Cole, …`, `This is the Internal Revenue Service.`, `We are the Fancy Collective.`
fn english_introduction(text: &str) -> Option<(u8, String)> {
    static WORDS: Words = LazyLock::new(|| AhoCorasick::new(LEADS.iter().map(|(lead, _)| lead)).ok());
    let leads = if has_any(text, &WORDS) { LEADS } else { &[] };
    for (lead, weight) in leads.iter().copied() {
        for (at, _) in text.match_indices(lead).take(4) {
            let behind = text.get(at + lead.len()..)?;
            let (name, rest) = capitalised(behind);
            if name.is_empty() {
                continue;
            }
            // `this is Emma from Global Hire`, `I'm Ann with the Fraud Department of X`.
            for join in [
                " from the ",
                " from ",
                " of the ",
                " at ",
                " with the ",
                " with ",
                ", from ",
                " here from ",
                ", the CEO of ",
            ] {
                if let Some(after) = rest.strip_prefix(join) {
                    let (organisation, _) = capitalised(after);
                    if organisation.len() > 3 && !is_country(&organisation) {
                        return Some((weight + 2, organisation));
                    }
                }
            }
            if is_common(&name) {
                continue;
            }
            return Some((weight, name));
        }
    }
    // `The Ethereum Foundation is giving back!`
    let (name, rest) = capitalised(text.strip_prefix("The ")?);
    let organisation = [
        "Foundation",
        "Team",
        "Department",
        "Bank",
        "Agency",
        "Office",
        "Service",
        "Court",
        "Group",
        "Police",
        "Board",
        "Authority",
    ];
    let speaks = [" is ", " has ", " are ", " have "].iter().any(|verb| rest.starts_with(verb));
    (speaks && organisation.iter().any(|end| name.ends_with(end))).then_some((50, name))
}

/// Words in capitals that follow each other, with the small words of names in between.
fn capitalised(text: &str) -> (String, &str) {
    let mut end = 0;
    let mut kept = 0;
    for (words, word) in text.split_inclusive(' ').enumerate() {
        let bare = word.trim_end();
        let capital = bare.starts_with(|c: char| c.is_uppercase())
            || (words > 0 && bare.starts_with(|c: char| c.is_ascii_digit()));
        let joining = words > 0
            && matches!(
                bare,
                "of" | "the" | "and" | "de" | "van" | "von" | "for" | "&" | "del" | "bin" | "al"
            );
        if !(capital || joining) || words >= 8 {
            break;
        }
        end += word.len();
        if capital {
            kept = end;
        }
        let abbreviation = bare.ends_with('.') && bare.chars().count() <= 5;
        if bare.ends_with([',', '!', '?', ';', ':']) || (bare.ends_with('.') && !abbreviation) {
            break;
        }
    }
    let name = text.get(..kept).unwrap_or_default();
    let trimmed = name.trim_end_matches([' ', ',', '!', '?', ';', ':', '.']);
    (trimmed.to_owned(), text.get(trimmed.len()..).unwrap_or_default())
}

fn is_common(name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or_default();
    [
        "I", "Your", "The", "A", "An", "To", "Not", "Our", "Please", "In", "Hello", "Dear", "If", "It",
        "Urgent", "FYI", "Now",
    ]
    .contains(&first)
        || name.chars().count() < 3
}

fn is_country(name: &str) -> bool {
    [
        "United States",
        "USA",
        "UK",
        "Nigeria",
        "Ghana",
        "Syria",
        "London",
        "America",
        "Germany",
        "Canada",
        "Japan",
    ]
    .contains(&name)
}

/// Lines near the end, or alone at the top, that are the name of an organisation.
fn signatures(page: &Page<'_>, context: &Context) -> Vec<(u8, String, String)> {
    let lines: Vec<&str> = page.own_lines().map(Line::clean).filter(|line| !line.is_empty()).collect();
    let total = lines.len();
    let mut out = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if index >= 4 && index + END < total {
            continue;
        }
        let bare = line.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '）' | '.'));
        let bare = bare.trim_matches(['ー', '一']);
        if let Some(value) = japanese_signature(bare) {
            // What signs says more than what opens; the last half of a letter is its end.
            let weight = if index * 2 >= total { 52 } else { 50 };
            out.push((weight, value, (*line).to_owned()));
        } else if let Some(value) = english_signature(bare, index * 2 >= total, context) {
            out.push((46, value, (*line).to_owned()));
        }
    }
    out
}

fn japanese_signature(line: &str) -> Option<String> {
    /// Addressed to somebody, a sentence, a heading.
    static SAID: Words = LazyLock::new(|| {
        AhoCorasick::new([
            "様",
            "御中",
            "各位",
            "ください",
            "ます",
            "です",
            "について",
            "お知らせ",
            "通知書",
            "ご案内",
            "まで",
            "場合",
            "から",
            "への",
            "に関する",
        ])
        .ok()
    });
    let long = line.chars().count();
    if line.is_ascii()
        || !(4..=40).contains(&long)
        || line.contains(['。', '、', '!', '?', '※'])
        || line.contains("http")
    {
        return None;
    }
    // A name without a word for what it is says too little.
    if !is_strong(line) || has_any(line, &SAID) {
        return None;
    }
    let sentence = line.contains(['を', 'が'])
        || line.contains("され")
        || line.starts_with(|c: char| c.is_ascii_digit());
    if sentence {
        return None;
    }
    let value = line.split([':', '：', '】']).next_back()?.trim();
    let value = value
        .strip_prefix("通知人")
        .or_else(|| value.strip_prefix("発信者"))
        .or_else(|| value.strip_prefix("発行者"))
        .or_else(|| value.strip_prefix("差出人"))
        .unwrap_or(value)
        .trim();
    // A bank to be paid into signs nothing.
    if ["口座", "普通", "当座", "支店", "番号", "電話", "tel", "〒"]
        .iter()
        .any(|word| value.to_lowercase().contains(word))
    {
        return None;
    }
    let strong = is_strong(value);
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (strong && digits < 4).then(|| value.to_owned())
}

/// `Harbor Supplies Ltd`, `Norton Billing Team`, `Cash Advance Recovery Dept.`
fn english_signature(line: &str, end: bool, context: &Context) -> Option<String> {
    const ENDS: &[&str] = &[
        "ltd",
        "ltd.",
        "llc",
        "inc",
        "inc.",
        "gmbh",
        "corp",
        "corp.",
        "corporation",
        "company",
        "bank",
        "team",
        "department",
        "dept",
        "dept.",
        "agency",
        "service",
        "services",
        "office",
        "court",
        "police",
        "foundation",
        "group",
        "university",
        "association",
        "bureau",
        "board",
        "authority",
        "committee",
        "council",
        "ministry",
        "commission",
        "support",
        "center",
        "centre",
        "partners",
        "associates",
        "solicitors",
        "attorneys",
        "plc",
        "division",
    ];
    if !end || !line.is_ascii() || line.len() > 50 || line.contains(['@', '/', ':', '!', '?', '$']) {
        return None;
    }
    let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
    let last = words.last()?.to_ascii_lowercase();
    let capitals = words.iter().filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase())).count();
    let named =
        ENDS.contains(&last.as_str()) && (2..=7).contains(&words.len()) && capitals + 1 >= words.len();
    let brand =
        words.len() <= 5 && capitals + 1 >= words.len() && context.brand_named(&normalise(line)).is_some();
    (named || brand).then(|| line.to_owned())
}

/// The brand that the subject or the text speaks of first.
fn brand<'c>(pages: &[Page<'_>], context: &'c Context) -> Option<(&'c str, Quote)> {
    pages.iter().find_map(|page| {
        let head = page.normal.get(..page.normal.floor_char_boundary(1_500)).unwrap_or(page.normal);
        let name = context.brand_named(head)?;
        Some((name, page.quote_of(name)))
    })
}

/// Without honorifics of address, brackets and signs at the ends.
fn tidy(value: &str) -> String {
    value
        .trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '"' | '\''
                        | '<'
                        | '>'
                        | '「'
                        | '」'
                        | '【'
                        | '】'
                        | '・'
                        | '-'
                        | '='
                        | '*'
                        | ':'
                        | '、'
                        | '。'
                        | ','
                )
        })
        .to_owned()
}
