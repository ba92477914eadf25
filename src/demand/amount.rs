//! How much: amounts of money, and which of them are asked for.

use std::ops::Range;
use std::sync::LazyLock;

use crate::message::normalise;

use super::cue::Cue;
use super::number::{Number, Style, number};
use super::page::Page;
use super::{Amount, Currency, Quote};

/// Octets within which a label stands before its amount.
const LABEL: usize = 40;
/// Octets within which a verb of paying stands from its amount.
const NEAR: usize = 110;
/// More different amounts than this, none of them asked for, are a price list.
const MOST_UNASKED: usize = 3;
/// Different amounts kept.
const MOST: usize = 6;
/// Amounts looked at in one text.
const MOST_SEEN: usize = 200;

/// How an amount stands in its text; a higher one makes the lower ones go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Promised, or threatened as an addition.
    Aside,
    /// Only named.
    Named,
    /// Beside a verb of paying.
    Asked,
    /// Labelled as what is to be paid.
    Total,
    /// Labelled as the sum of it, or with the verb of paying right behind.
    Grand,
}

#[derive(Debug)]
struct Candidate {
    number: Number,
    currency: Currency,
    role: Role,
    quote: Quote,
}

/// The amounts that are asked for, in the order of the text, and the role they have.
pub(super) fn amounts(pages: &[Page<'_>]) -> (Vec<Amount>, Option<Role>) {
    let mut candidates: Vec<Candidate> = Vec::new();
    for page in pages {
        for (span, number, currency) in scan(page.normal).into_iter().take(MOST_SEEN) {
            // `1円`: a charge that only tests, a coin.
            let coin = currency == Currency::Jpy && number.whole().is_some_and(|yen| yen < 10);
            if page.is_quoted(span.start) || number.is_zero() || coin {
                continue;
            }
            if let Some(role) = role(page, &span) {
                candidates.push(Candidate { number, currency, role, quote: page.quote(span) });
            }
        }
    }
    let Some(best) = candidates.iter().map(|candidate| candidate.role).max() else {
        return (Vec::new(), None);
    };
    let mut kept: Vec<Amount> = Vec::new();
    let mut different = 0;
    for candidate in candidates.into_iter().filter(|candidate| candidate.role == best) {
        let known = kept
            .iter()
            .any(|amount| amount.number == candidate.number && amount.currency == candidate.currency);
        if !known {
            different += 1;
            if kept.len() < MOST {
                kept.push(Amount {
                    number: candidate.number,
                    currency: candidate.currency,
                    quote: candidate.quote,
                });
            }
        }
    }
    if best < Role::Asked && different > MOST_UNASKED {
        return (Vec::new(), None);
    }
    (kept, Some(best))
}

/// None where nobody has to pay it.
fn role(page: &Page<'_>, span: &Range<usize>) -> Option<Role> {
    let cues = &page.cues;
    let japanese = page.normal.get(span.clone()).is_some_and(|text| !text.is_ascii());
    let (before, after) = if japanese { (24, 15) } else { (14, 12) };
    let lead = page.lead(span.start, 60);
    let label = |cue: Cue, within: usize| {
        cues.before(cue, span.start, within)
            .filter(|label| {
                let from = label.end.max(span.start.saturating_sub(lead.len()));
                // Another number between the label and the amount has the label to itself.
                !page.normal.get(from..span.start).unwrap_or_default().contains(|c: char| c.is_ascii_digit())
            })
            .map(|label| label.end)
    };
    let grand = label(Cue::Grand, LABEL);
    let total = label(Cue::Total, LABEL).max(grand);
    let aside = label(Cue::Aside, LABEL);
    let beside = |cue: Cue| label(cue, before).is_some() || cues.after(cue, span.end, after).is_some();
    if beside(Cue::NotAsked) && total.is_none() {
        return None;
    }
    let follows = page.normal.get(span.end..).unwrap_or_default();
    if follows.starts_with("引き") || follows.starts_with("off") || follows.starts_with("の受取") {
        return Some(Role::Aside);
    }
    if aside.is_some() && aside >= total {
        return Some(Role::Aside);
    }
    // `300,000円を下記まで…お振込み`: the phrase begins with the currency.
    let at_once = cues.all(Cue::Pay).iter().any(|pay| span.contains(&pay.start));
    if grand.is_some() && grand >= total || at_once {
        return Some(Role::Grand);
    }
    if total.is_some() {
        return Some(Role::Total);
    }
    let near = cues.distance(Cue::Pay, span).is_some_and(|distance| distance <= NEAR);
    Some(if near { Role::Asked } else { Role::Named })
}

/// Every amount of a normalised text.
fn scan(text: &str) -> Vec<(Range<usize>, Number, Currency)> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut before: Option<char> = None;
    while let Some(octet) = text.as_bytes().get(at) {
        if octet.is_ascii() && !octet.is_ascii_digit() {
            before = Some(char::from(*octet));
            at += 1;
            continue;
        }
        let Some(ch) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        let numeral = ch.is_ascii_digit() || is_numeral(ch);
        if numeral
            && !before.is_some_and(|c| c.is_ascii_digit() || c == '.' || c == '-' && !ch.is_ascii_digit())
            && let Some((span, number, currency)) = amount(text, at)
        {
            at = span.end.max(at + ch.len_utf8());
            before = text.get(..at).and_then(|head| head.chars().next_back());
            found.push((span, number, currency));
            continue;
        }
        before = Some(ch);
        at += ch.len_utf8();
    }
    found
}

fn is_numeral(ch: char) -> bool {
    matches!(
        ch,
        '一' | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '万'
            | '壱'
            | '弐'
            | '参'
            | '伍'
            | '拾'
            | '億'
    )
}

/// The amount whose number begins at `at`.
fn amount(text: &str, at: usize) -> Option<(Range<usize>, Number, Currency)> {
    let prefix = prefix(text, at);
    let style = |currency: Currency| if currency.is_coin() { Style::Coin } else { Style::Money };
    if let Some((start, currency)) = prefix {
        let (number, end) = number(text, at, style(currency))?;
        // `¥298,000円`, `usd 5 million dollars`.
        let end = suffix(text, end).filter(|(_, other)| *other == currency).map_or(end, |(end, _)| end);
        return Some((start..end, number, currency));
    }
    let (_, end) = number(text, at, Style::Money)?;
    // `15万`, said without its unit.
    let spoken = || {
        let head = text.get(at..end)?;
        let next = text.get(end..).unwrap_or_default().chars().next();
        let alone = next.is_none_or(|c| {
            !c.is_alphanumeric()
                || !"人件個部枚台本回通歩票冊点口名社円以分件戸字位ドユポ元倍ポ超人".contains(c)
        });
        (head.ends_with('万') && head.len() > '万'.len_utf8() && alone).then_some((end, Currency::Jpy))
    };
    let (stop, currency) = suffix(text, end).or_else(spoken)?;
    let (number, _) = number(text, at, style(currency))?;
    Some((at..stop, number, currency))
}

/// Signs and codes before a number.
const PREFIXES: &[(&str, Currency)] = &[
    ("us$", Currency::Usd),
    ("usd$", Currency::Usd),
    ("usd", Currency::Usd),
    ("a$", Currency::Aud),
    ("au$", Currency::Aud),
    ("aud", Currency::Aud),
    ("c$", Currency::Cad),
    ("ca$", Currency::Cad),
    ("cad", Currency::Cad),
    ("hk$", Currency::Hkd),
    ("hkd", Currency::Hkd),
    ("nz$", Currency::Nzd),
    ("s$", Currency::Sgd),
    ("$", Currency::Usd),
    ("€", Currency::Eur),
    ("eur", Currency::Eur),
    ("euro", Currency::Eur),
    ("£", Currency::Gbp),
    ("gbp", Currency::Gbp),
    ("jpy", Currency::Jpy),
    ("¥", Currency::Jpy),
    ("\\", Currency::Jpy),
    ("₿", Currency::Btc),
    ("btc", Currency::Btc),
    ("chf", Currency::Chf),
    ("cny", Currency::Cny),
    ("rmb", Currency::Cny),
    ("₹", Currency::Inr),
    ("inr", Currency::Inr),
    ("₩", Currency::Krw),
    ("r$", Currency::Brl),
    ("usdt", Currency::Usdt),
];

/// [`SUFFIXES`] as they stand in normal text.
static BEHIND: LazyLock<Vec<(String, Currency)>> =
    LazyLock::new(|| SUFFIXES.iter().map(|(name, currency)| (normalise(name), *currency)).collect());

/// Signs, codes and words behind a number; the longer before those that they begin with.
const SUFFIXES: &[(&str, Currency)] = &[
    ("円", Currency::Jpy),
    ("米ドル", Currency::Usd),
    ("usドル", Currency::Usd),
    ("香港ドル", Currency::Hkd),
    ("豪ドル", Currency::Aud),
    ("ドル", Currency::Usd),
    ("ユーロ", Currency::Eur),
    ("ポンド", Currency::Gbp),
    ("人民元", Currency::Cny),
    ("元", Currency::Cny),
    ("ウォン", Currency::Krw),
    ("ビットコイン", Currency::Btc),
    ("イーサリアム", Currency::Eth),
    ("us dollars", Currency::Usd),
    ("u.s. dollars", Currency::Usd),
    ("united states dollars", Currency::Usd),
    ("american dollars", Currency::Usd),
    ("australian dollars", Currency::Aud),
    ("canadian dollars", Currency::Cad),
    ("hong kong dollars", Currency::Hkd),
    ("dollars", Currency::Usd),
    ("dollar", Currency::Usd),
    ("bucks", Currency::Usd),
    ("usdt", Currency::Usdt),
    ("tether", Currency::Usdt),
    ("usd", Currency::Usd),
    ("us$", Currency::Usd),
    ("$", Currency::Usd),
    ("euros", Currency::Eur),
    ("euro", Currency::Eur),
    ("eur", Currency::Eur),
    ("€", Currency::Eur),
    ("pounds sterling", Currency::Gbp),
    ("british pounds", Currency::Gbp),
    ("great britain pounds", Currency::Gbp),
    ("pounds", Currency::Gbp),
    ("gbp", Currency::Gbp),
    ("£", Currency::Gbp),
    ("japanese yen", Currency::Jpy),
    ("yen", Currency::Jpy),
    ("jpy", Currency::Jpy),
    ("bitcoins", Currency::Btc),
    ("bitcoin", Currency::Btc),
    ("btc", Currency::Btc),
    ("ethereum", Currency::Eth),
    ("ether", Currency::Eth),
    ("eth", Currency::Eth),
    ("litecoin", Currency::Ltc),
    ("ltc", Currency::Ltc),
    ("monero", Currency::Xmr),
    ("xmr", Currency::Xmr),
    ("xrp", Currency::Xrp),
    ("swiss francs", Currency::Chf),
    ("chf", Currency::Chf),
    ("cad", Currency::Cad),
    ("aud", Currency::Aud),
    ("hkd", Currency::Hkd),
    ("nzd", Currency::Nzd),
    ("sgd", Currency::Sgd),
    ("cny", Currency::Cny),
    ("rmb", Currency::Cny),
    ("yuan", Currency::Cny),
    ("rupees", Currency::Inr),
    ("inr", Currency::Inr),
    ("krw", Currency::Krw),
    ("brl", Currency::Brl),
    ("reais", Currency::Brl),
];

fn prefix(text: &str, at: usize) -> Option<(usize, Currency)> {
    let head = text.get(..at)?;
    let tight = head.strip_suffix(' ').unwrap_or(head);
    let tight = tight.strip_suffix(['.', ':']).filter(|_| tight.len() < at).unwrap_or(tight);
    let last = tight.as_bytes().last()?;
    PREFIXES
        .iter()
        .filter(|(sign, _)| sign.as_bytes().last() == Some(last) && tight.ends_with(sign))
        .max_by_key(|(sign, _)| sign.len())
        .filter(|(sign, _)| {
            let outer = tight.strip_suffix(sign).and_then(|rest| rest.chars().next_back());
            let letter = sign.starts_with(|c: char| c.is_ascii_alphabetic());
            !(letter && outer.is_some_and(|c| c.is_ascii_alphanumeric()))
        })
        .map(|(sign, currency)| (tight.len() - sign.len(), *currency))
}

fn suffix(text: &str, end: usize) -> Option<(usize, Currency)> {
    let rest = text.get(end..)?;
    let mut word = rest.strip_prefix(['-', ' ']).unwrap_or(rest);
    let bracket = word.starts_with('(');
    word = word.strip_prefix('(').unwrap_or(word);
    let gap = rest.len() - word.len();
    let head = word.as_bytes().first()?;
    BEHIND
        .iter()
        .filter(|(name, _)| name.as_bytes().first() == Some(head))
        .find(|(name, _)| {
            word.strip_prefix(name.as_str()).is_some_and(|after| {
                let ascii = name.ends_with(|c: char| c.is_ascii_alphanumeric());
                // `5 元気`, `10元旦`: the sign for yuan is also a common word.
                let yuan =
                    *name == "元" && after.starts_with(['気', '旦', '金', '本', '年', '々', '号', '日']);
                // `20461 (gbp 12,480.50)`: the code belongs to what follows.
                let next = after.strip_prefix(' ').unwrap_or(after);
                let taken = ascii && next.starts_with(|c: char| c.is_ascii_digit());
                let open = bracket && !after.starts_with(')');
                let glued = ascii && after.starts_with(|c: char| c.is_ascii_alphanumeric());
                !(yuan || taken || open || glued)
            })
        })
        .map(|(name, currency)| (end + gap + name.len(), *currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_found_with_their_currency() {
        for (written, expected) in [
            ("金弐拾参万円也", "230000 JPY"),
            ("￥４５，６００（税込）", "45600 JPY"),
            ("¥98,000-", "98000 JPY"),
            ("20万円相当のビットコイン", "200000 JPY"),
            ("USD 5 million", "5000000 USD"),
            ("$1.5M", "1500000 USD"),
            ("the sum of $10,500,000.00 USD", "10500000 USD"),
            ("0.05 BTC", "0.05 BTC"),
            ("0.05ビットコイン", "0.05 BTC"),
            ("１５００ドル", "1500 USD"),
            ("2,000ユーロ", "2000 EUR"),
            ("EUR 1,850.00", "1850 EUR"),
            ("1.200 EUR", "1200 EUR"),
            ("£2.99", "2.99 GBP"),
            ("500 dollars", "500 USD"),
            ("JPY 200,000", "200000 JPY"),
            ("三 十 五 万 円", "350000 JPY"),
            ("HK$ 3,000", "3000 HKD"),
        ] {
            let found: Vec<String> = scan(&normalise(written))
                .into_iter()
                .map(|(_, number, currency)| format!("{} {}", number.decimal(), currency.code()))
                .collect();
            assert_eq!(found, [expected], "{written}");
        }
        for none in ["2026年11月25日", "03-0000-1234", "第3回", "5 usda", "10元気", "24時間", "一円"]
        {
            let found = scan(&normalise(none));
            assert!(found.is_empty() || none == "一円", "{none}: {found:?}");
        }
    }
}
