//! Bank accounts: Japanese ones by bank, branch, kind, number and holder; IBAN; American, British and other numbers behind
//! their labels.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use unicode_normalization::UnicodeNormalization;

use crate::demand::PayTo;
use crate::demand::page::{Line, Page, plain};

use super::iban::{iban, is_routing};
use super::{PayKind, found};

/// Lines looked at before and after the account number.
const AROUND: usize = 6;
/// Digits of the shortest and the longest account number.
const FEWEST_DIGITS: usize = 6;
const MOST_DIGITS: usize = 17;
/// Accounts of one text.
const MOST: usize = 4;

pub(super) fn bank(page: &Page<'_>) -> Vec<PayTo> {
    let mut out = ibans(page);
    if out.is_empty() {
        out = numbers(page);
    }
    out.truncate(MOST);
    out
}

fn ibans(page: &Page<'_>) -> Vec<PayTo> {
    let text = page.normal;
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(next) =
        text.as_bytes().get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_lowercase))
    {
        at += next;
        let word = text
            .get(at..)
            .map_or(1, |rest| rest.bytes().take_while(u8::is_ascii_alphanumeric).count().max(1));
        let glued = text.get(..at).is_some_and(|head| head.ends_with(|c: char| c.is_ascii_alphanumeric()));
        if !glued
            && word >= 4
            && !page.is_quoted(at)
            && let Some((compact, end)) = iban(text, at)
        {
            out.push(found(PayKind::Bank, compact, false, page.quote(at..end)));
            at = end;
        } else {
            at += word;
        }
    }
    out
}

/// What a line says behind which label.
#[derive(Debug, Default)]
struct Account {
    bank: Option<String>,
    branch: Option<String>,
    kind: Option<String>,
    number: Option<String>,
    routing: Option<String>,
    holder: Option<String>,
    /// ゆうちょ: 記号.
    symbol: Option<String>,
}

/// Numbers behind a label that makes them an account.
fn numbers(page: &Page<'_>) -> Vec<PayTo> {
    let lines: Vec<&Line<'_>> = page.own_lines().filter(|line| !line.written.trim().is_empty()).collect();
    let mut out: Vec<PayTo> = Vec::new();
    let mut last: Option<usize> = None;
    for (position, line) in lines.iter().enumerate() {
        // Most lines hold no number, and most numbers are too short.
        if !may_hold_digits(line.written) {
            continue;
        }
        let line = line.clean();
        let above = position.checked_sub(1).and_then(|above| lines.get(above)).map(|above| above.clean());
        let Some((number, span)) = account_number(line, above) else { continue };
        // The lines of one account are not read for the next one.
        let from = position.saturating_sub(AROUND).max(last.map_or(0, |last| last + 1));
        let until = (position + AROUND + 1).min(lines.len());
        let mut account = Account { number: Some(number), ..Account::default() };
        for other in lines.get(from..until).unwrap_or_default() {
            account.read(other.clean());
        }
        last = Some(position);
        let words = line.get(span).unwrap_or(line);
        if let Some(value) = account.value() {
            out.push(found(
                PayKind::Bank,
                value,
                false,
                page.quote_of(if words.len() < 12 { line } else { words }),
            ));
        }
        if out.len() >= MOST {
            break;
        }
    }
    out
}

/// Whether as many digits as an account number has are left of a line once it is clean.
fn may_hold_digits(written: &str) -> bool {
    let mut digits = 0;
    written.chars().any(|ch| {
        digits += match plain(ch) {
            Some(ch) => usize::from(ch.is_ascii_digit()),
            // Signs that are made of digits (`⑳`, `½`).
            None => std::iter::once(ch).nfkc().filter(char::is_ascii_digit).count(),
        };
        digits >= FEWEST_DIGITS
    })
}

const LABELS: &[&str] = &[
    "口座番号",
    "番号",
    "普通預金",
    "普通口座",
    "普通",
    "当座預金",
    "当座",
    "貯蓄",
    "account number",
    "account no",
    "account nr",
    "acct number",
    "acct no",
    "acct #",
    "account #",
    "a/c no",
    "a/c number",
    "a/c",
    "acc no",
    "account:",
    "acct:",
    "konto",
    "account",
];

/// The account number of a line: digits behind a label on it, or alone on the line below a label.
fn account_number(line: &str, above: Option<&str>) -> Option<(String, Range<usize>)> {
    if line.bytes().filter(u8::is_ascii_digit).count() < FEWEST_DIGITS {
        return None;
    }
    let lower = line.to_lowercase();
    if lower.len() != line.len() {
        return None;
    }
    for (label, at) in labels_of(&lower) {
        let end = at + label.len();
        let behind = lower.get(end..)?;
        // `番号` is many things; here it is an account's only with 口座 or 記号 about.
        if label == "番号" && !(lower.starts_with("番号") || lower.contains("記号")) {
            continue;
        }
        if label == "account" && !behind.starts_with([' ', ':']) {
            continue;
        }
        let skipped = behind.find(|c: char| c.is_ascii_digit())?;
        let gap = behind.get(..skipped)?;
        if gap.chars().count() > 12 || gap.contains("http") || gap.contains(['@', '$', '¥']) {
            continue;
        }
        if let Some((digits, long)) = digits(behind.get(skipped..)?) {
            return Some((digits, at..end + skipped + long));
        }
    }
    let (number, long) = digits(line.trim())?;
    if long != line.trim().len() || !lower.is_ascii() {
        return None;
    }
    let above = above?.to_lowercase();
    let labelled = LABELS
        .iter()
        .any(|label| above.trim_end_matches([':', ' ']).ends_with(label) && above.chars().count() < 24);
    labelled.then_some((number, 0..line.len()))
}

/// [`LABELS`].
static LABEL: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(LABELS).ok());

/// The labels of a line in small letters, in the order of the list, each where it first stands.
fn labels_of(lower: &str) -> Vec<(&'static str, usize)> {
    let mut found: Vec<(usize, usize)> = LABEL
        .as_ref()
        .into_iter()
        .flat_map(|labels| labels.find_overlapping_iter(lower))
        .map(|found| (found.pattern().as_usize(), found.start()))
        .collect();
    found.sort_unstable();
    found.dedup_by_key(|(label, _)| *label);
    found.into_iter().filter_map(|(label, at)| Some((*LABELS.get(label)?, at))).collect()
}

/// The digits of an account number, perhaps in groups.
fn digits(text: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut end = 0;
    for (at, ch) in text.char_indices().take(32) {
        if ch.is_ascii_digit() {
            out.push(ch);
            end = at + 1;
        } else if !(matches!(ch, ' ' | '-')
            && text.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
        {
            break;
        }
    }
    let followed = text.get(end..).is_some_and(|rest| {
        rest.starts_with(['円', '年', '月', '時', '名', '個', '%']) && !rest.starts_with("名義")
    });
    ((FEWEST_DIGITS..=MOST_DIGITS).contains(&out.len()) && !followed).then_some((out, end))
}

impl Account {
    fn read(&mut self, line: &str) {
        let set = |slot: &mut Option<String>, value: Option<String>| {
            if slot.is_none() {
                *slot = value.filter(|value| !value.is_empty());
            }
        };
        set(&mut self.symbol, labelled(line, &["記号"]).map(|v| leading_digits(&v)).filter(|v| v.len() == 5));
        set(&mut self.routing, routing(line));
        set(
            &mut self.kind,
            ["普通", "当座", "貯蓄"].iter().find(|kind| line.contains(**kind)).map(|kind| (*kind).to_owned()),
        );
        set(
            &mut self.bank,
            labelled(
                line,
                &[
                    "銀行名",
                    "金融機関名",
                    "金融機関",
                    "お振込先銀行",
                    "振込先銀行",
                    "Bank name",
                    "Bank Name",
                    "Bank:",
                    "BANK:",
                    "bank name",
                    "Bank",
                ],
            )
            .map(|value| first_words(&value))
            .or_else(|| {
                ending(
                    line,
                    &["銀行", "信用金庫", "信金", "信用組合", "労働金庫", "農業協同組合", "JAバンク"],
                )
            }),
        );
        set(
            &mut self.branch,
            labelled(line, &["支店名", "店名", "支店:"])
                .map(|value| first_words(&value))
                .or_else(|| ending(line, &["支店", "本店営業部", "本店", "営業部", "出張所"])),
        );
        set(
            &mut self.holder,
            labelled(
                line,
                &[
                    "口座名義人",
                    "口座名義",
                    "名義人",
                    "名義",
                    "受取人名",
                    "受取人",
                    "口座名",
                    "Account name",
                    "Account Name",
                    "account name",
                    "Account holder",
                    "Account Holder",
                    "account holder",
                    "Beneficiary name",
                    "Beneficiary",
                    "BENEFICIARY",
                    "beneficiary",
                ],
            ),
        );
    }

    /// 銀行 支店 種別 番号 名義, as far as they are there.
    fn value(&self) -> Option<String> {
        let number = self.number.as_deref()?;
        if let Some(symbol) = &self.symbol {
            let parts = [Some("ゆうちょ銀行"), Some(symbol), Some(number), self.holder.as_deref()];
            return Some(join(&parts));
        }
        let japanese = self.kind.is_some() || self.branch.is_some();
        // Seven digits are a Japanese account; without bank, kind or routing number they may be anything.
        if japanese && number.len() > 8 && self.routing.is_none() {
            return None;
        }
        let known =
            self.bank.is_some() || self.kind.is_some() || self.routing.is_some() || self.holder.is_some();
        let routing = self.routing.as_ref().map(|routing| format!("routing {routing}"));
        let parts = [
            self.bank.as_deref(),
            self.branch.as_deref(),
            routing.as_deref(),
            self.kind.as_deref(),
            Some(number),
            self.holder.as_deref(),
        ];
        known.then(|| join(&parts))
    }
}

fn join(parts: &[Option<&str>]) -> String {
    parts.iter().flatten().copied().collect::<Vec<_>>().join(" ")
}

/// What stands behind a label and its colon, up to the next label-like break.
fn labelled(line: &str, labels: &[&str]) -> Option<String> {
    let label = labels
        .iter()
        .filter_map(|label| line.find(label).map(|at| (at, label)))
        .min_by_key(|(at, label)| (*at, std::cmp::Reverse(label.len())))?;
    let behind = line.get(label.0 + label.1.len()..)?;
    let value = behind.trim_start_matches([':', ' ', ')', '】', '/', '-', '=', '・', '|', '(', '人']);
    // Without a colon or a space the label is part of another word (支店名 in 支店名義).
    if behind.len() == value.len() && !label.1.ends_with(':') && !label.1.starts_with("名義") {
        return None;
    }
    let value = value.split(['/', '|', '、', ',', ';', '。']).next().unwrap_or_default();
    // `カンリキョク までお振込み下さい`, `ヤマダ タロウ 様`.
    let value = ["まで", "迄", "宛", " へ", " に", "様", "にお振", "へお振", "に振"]
        .iter()
        .fold(value, |value, word| value.split(word).next().unwrap_or_default())
        .trim();
    let value: String = value.chars().take(40).collect();
    (!value.is_empty()).then(|| value.trim().to_owned())
}

/// The first word, or two that belong together (`First Harbor Bank`).
fn first_words(value: &str) -> String {
    if value.is_ascii() { value.to_owned() } else { value.split(' ').next().unwrap_or_default().to_owned() }
}

/// The word that ends with one of these.
fn ending(line: &str, ends: &[&str]) -> Option<String> {
    line.split([' ', ':', '/', '、', '(', ')', '】', '【', '・', '|']).find_map(|word| {
        ends.iter().find_map(|end| {
            let at = word.find(end)?;
            let stop = at + end.len();
            let rest = word.get(stop..)?;
            let named =
                at > 0 && !rest.starts_with("名") && !rest.starts_with("口座") && !rest.starts_with("振");
            // みらい銀行港支店: the branch is what stands behind the bank.
            let head = word.get(..stop)?;
            let head = if *end == "銀行" {
                head
            } else {
                head.rsplit_once("銀行").map_or(head, |(_, rest)| rest)
            };
            let head =
                head.rsplit_once("金庫").filter(|(_, rest)| !rest.is_empty()).map_or(head, |(_, rest)| rest);
            let common =
                ["取引銀行", "各銀行", "の銀行", "指定銀行", "最寄り"].iter().any(|word| head.contains(word));
            (named && !common && head.chars().count() < 24).then(|| head.to_owned())
        })
    })
}

fn leading_digits(text: &str) -> String {
    text.chars().filter(|c| *c != '-').take_while(char::is_ascii_digit).collect()
}

/// A routing number, sort code or SWIFT code behind its label.
fn routing(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let at = ["routing", "aba", "sort code", "swift", "bic", "ifsc", "bsb"]
        .iter()
        .find_map(|label| lower.find(label).map(|at| (at + label.len(), *label)))?;
    let behind = line.get(at.0..)?;
    if matches!(at.1, "swift" | "bic" | "ifsc") {
        return behind
            .split(|c: char| !c.is_ascii_alphanumeric())
            .find(|word| matches!(word.len(), 8 | 11) && word.chars().take(4).all(|c| c.is_ascii_uppercase()))
            .map(str::to_owned);
    }
    let start = behind.find(|c: char| c.is_ascii_digit())?;
    let code: String =
        behind.get(start..)?.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '-' | ' ')).collect();
    let code = code.trim().to_owned();
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 6 || is_routing(&digits)).then_some(code)
}
