//! How well the demand slots are read: precision, recall and F1 over labelled messages, all of them invented.
//!
//! `cargo test --test suite demand -- --nocapture` prints the tables; with `DEMAND_FAULTS=1` also what differs.
//!
//! A claim, and a place to pay to, counts as found where one of label and value contains the other, spaces, signs and case left
//! aside (a label may name only the account number); telephone numbers by their digits; amounts, deadlines and
//! all else must be equal. Every value that is not labelled counts against precision, in honest messages as well.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use komainu::demand::{self, Demand};
use komainu::indicator::Context;
use komainu::message::Message;
use komainu::verdict::{Level, Thresholds, judge};
use proptest::prelude::*;
use serde::Deserialize;

/// Files, and whether their messages were labelled before the extractor had seen any like them.
const FILES: &[&str] = &["first_ja", "first_en", "second_ja", "second_en", "third"];
const SLOTS: [&str; 6] = ["claims_to_be", "wants", "amounts", "deadline", "pay_to", "contacts"];

#[derive(Debug, Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    reply_to: String,
    subject: String,
    date: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    html: String,
    /// The whole message; the fields above but `name` and `from` are left out then.
    #[serde(default)]
    null: bool,
    #[serde(default)]
    claims: String,
    #[serde(default)]
    wants: Vec<String>,
    #[serde(default)]
    amounts: Vec<String>,
    #[serde(default)]
    deadline: String,
    #[serde(default)]
    pay_to: Vec<String>,
    #[serde(default)]
    contacts: Vec<String>,
}

fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/demand/{file}.toml"));
    toml::from_str::<File>(&fs::read_to_string(path).unwrap()).unwrap().case
}

impl Case {
    fn octets(&self) -> Vec<u8> {
        let to = if self.to.is_empty() { "hanako@example.com" } else { &self.to };
        let mut head =
            format!("From: {}\nTo: {to}\nSubject: {}\nDate: {}\n", self.from, self.subject, self.date);
        if !self.reply_to.is_empty() {
            head = head + "Reply-To: " + &self.reply_to + "\n";
        }
        head += "MIME-Version: 1.0\n";
        let part = |media: &str, body: &str| format!("Content-Type: text/{media}; charset=utf-8\n\n{body}\n");
        match (self.text.is_empty(), self.html.is_empty()) {
            (_, true) => head += &part("plain", &self.text),
            (true, false) => head += &part("html", &self.html),
            (false, false) => {
                head += "Content-Type: multipart/alternative; boundary=b\n\n";
                let (plain, html) = (part("plain", &self.text), part("html", &self.html));
                head = head + "--b\n" + &plain + "--b\n" + &html + "--b--\n";
            }
        }
        head.into_bytes()
    }

    /// As `komainu scan` would give it; `told`: as if every message that demands something had been noticed.
    fn demand(&self, told: bool) -> Option<Demand> {
        let message = Message::parse(&self.octets());
        let context = Context::default();
        let verdict = judge(&message, &context, &Thresholds::default());
        demand::extract(&message, &context, verdict.level != Level::Clean || (told && !self.null))
    }

    fn labels(&self) -> BTreeMap<&'static str, Vec<String>> {
        let one = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
        BTreeMap::from([
            ("claims_to_be", one(&self.claims)),
            ("wants", self.wants.clone()),
            ("amounts", self.amounts.clone()),
            ("deadline", one(&self.deadline)),
            ("pay_to", self.pay_to.clone()),
            ("contacts", self.contacts.clone()),
        ])
    }
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

fn values(demand: Option<&Demand>) -> BTreeMap<&'static str, Vec<String>> {
    let Some(demand) = demand else { return SLOTS.iter().map(|slot| (*slot, Vec::new())).collect() };
    BTreeMap::from([
        ("claims_to_be", demand.claims_to_be.iter().map(|claim| claim.value.clone()).collect()),
        ("wants", demand.wants.iter().map(|wanted| word(wanted.want)).collect()),
        (
            "amounts",
            demand
                .amounts
                .iter()
                .map(|amount| format!("{} {}", amount.decimal(), amount.currency.code()))
                .collect(),
        ),
        ("deadline", demand.deadline.iter().map(ToString::to_string).collect()),
        ("pay_to", demand.pay_to.iter().map(|pay| format!("{} {}", word(pay.kind), pay.value)).collect()),
        (
            "contacts",
            demand
                .contacts
                .iter()
                .map(|contact| format!("{} {}", word(contact.kind), contact.value))
                .collect(),
        ),
    ])
}

/// Letters and digits only, in one case and width.
fn bare(text: &str) -> String {
    komainu::message::normalise(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn same(slot: &str, label: &str, value: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    match slot {
        "claims_to_be" => {
            let (label, value) = (bare(label), bare(value));
            label == value || label.contains(&value) || value.contains(&label)
        }
        "pay_to" => {
            let ((kind, label), (other, value)) =
                (label.split_once(' ').unwrap(), value.split_once(' ').unwrap());
            let (label, value) = (bare(label), bare(value));
            kind == other && (label.contains(&value) || value.contains(&label))
        }
        "contacts" => {
            let ((kind, label), (other, value)) =
                (label.split_once(' ').unwrap(), value.split_once(' ').unwrap());
            kind == other
                && match kind {
                    "phone" | "whatsapp" => digits(label) == digits(value),
                    _ => label.eq_ignore_ascii_case(value),
                }
        }
        "amounts" => {
            let (label, value) = (label.split_once(' ').unwrap(), value.split_once(' ').unwrap());
            label.0.parse::<f64>().unwrap().total_cmp(&value.0.parse().unwrap()).is_eq() && label.1 == value.1
        }
        _ => label == value,
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }

    fn f1(self) -> f64 {
        let (right, other) = (f64::from(self.right), f64::from(self.wrong + self.missed));
        if right == 0.0 { 0.0 } else { 2.0 * right / (2.0 * right + other) }
    }
}

/// Counts one slot of one case; what differs goes to `faults`.
fn compare(case: &Case, slot: &str, labels: &[String], values: &[String], faults: &mut Vec<String>) -> Count {
    let mut left: Vec<&String> = values.iter().collect();
    let mut count = Count::default();
    for label in labels {
        if let Some(at) = left.iter().position(|value| same(slot, label, value)) {
            left.remove(at);
            count.right += 1;
        } else {
            count.missed += 1;
            faults.push(format!("{}: {slot} misses {label}", case.name));
        }
    }
    count.wrong = u32::try_from(left.len()).unwrap();
    faults.extend(left.iter().map(|value| format!("{}: {slot} adds {value}", case.name)));
    count
}

fn table(files: &[&str], told: bool) -> (BTreeMap<&'static str, Count>, Count, (u32, u32)) {
    let mut slots: BTreeMap<&'static str, Count> = BTreeMap::new();
    let mut all = Count::default();
    let mut nulls = (0, 0);
    let mut faults = Vec::new();
    for case in files.iter().flat_map(|file| cases(file)) {
        let demand = case.demand(told);
        if case.null {
            nulls.1 += 1;
            nulls.0 += u32::from(demand.is_none());
        }
        let values = values(demand.as_ref());
        for (slot, labels) in case.labels() {
            let count = compare(&case, slot, &labels, &values[slot], &mut faults);
            slots.entry(slot).or_default().add(count);
            all.add(count);
        }
    }
    if std::env::var_os("DEMAND_FAULTS").is_some() {
        println!("{}", faults.join("\n"));
    }
    (slots, all, nulls)
}

fn print(title: &str, slots: &BTreeMap<&'static str, Count>, all: Count, nulls: (u32, u32)) {
    println!(
        "\n{title}\n{:<14}{:>7}{:>7}{:>7}{:>11}{:>9}{:>7}",
        "slot", "right", "wrong", "missed", "precision", "recall", "F1"
    );
    let line = |name: &str, count: Count| {
        let ratio = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
        println!(
            "{name:<14}{:>7}{:>7}{:>7}{:>11.3}{:>9.3}{:>7.3}",
            count.right,
            count.wrong,
            count.missed,
            ratio(count.right, count.right + count.wrong),
            ratio(count.right, count.right + count.missed),
            count.f1()
        );
    };
    for slot in SLOTS {
        line(slot, slots[slot]);
    }
    line("all", all);
    println!("no demand where none is labelled: {} of {}", nulls.0, nulls.1);
}

#[test]
fn slots_are_read_as_labelled() {
    for told in [false, true] {
        println!("\n== {}", if told { "as if every demand had been noticed" } else { "as judged" });
        for file in FILES {
            let (slots, all, nulls) = table(&[file], told);
            print(file, &slots, all, nulls);
        }
        let (slots, all, nulls) = table(FILES, told);
        print("together", &slots, all, nulls);
        if told {
            assert!(all.f1() >= 0.9, "F1 over all slots is {:.3}", all.f1());
        }
    }
}

/// Pieces that the readers look for, so that random texts meet their rules.
const PIECES: &[&str] = &[
    "¥",
    "$",
    "円",
    "万",
    "千",
    "億億",
    "金",
    "也",
    "1",
    "９",
    "0",
    "-",
    "ー",
    "〇",
    "令和",
    "年",
    "月",
    "日",
    "時",
    "半",
    "本日",
    "まで",
    "以内",
    "期限",
    "within ",
    "by ",
    "hours",
    "Friday",
    " 5 pm",
    "99999999999999999999",
    "12/31/9999",
    "R8.13.40",
    "普通",
    "口座番号",
    "銀行",
    "名義",
    "IBAN ",
    "DE89370400440532013000",
    "bitcoin ",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "+1 (",
    "03-",
    "0120",
    "@",
    "a@b.example",
    "LINE ID:",
    "https://x.example/",
    "pay ",
    "send ",
    "\n",
    "\n> ",
    " ",
    "\u{3000}",
    "\u{200b}",
    "\u{202e}",
    "カ\u{3099}",
    "\u{301}",
    "ǅ",
    "İ",
    "ß",
    "㍿",
    "(",
    ")",
    "（",
    "【",
    "】",
    "と申します",
    "I am ",
    "This is the ",
    ".",
    ",",
    ":",
    "：",
    "9,9.9",
    "二〇〇",
    "十",
    "営業日",
    "翌",
    "今週",
    "末",
    "11月31日",
    "2月30日",
    "24:00",
    "午後25時",
];

fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat()),
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nothing_that_is_written_makes_it_panic(
        subject in hostile_text(),
        text in hostile_text(),
        date in prop_oneof![Just("Tue, 24 Nov 2026 08:15:00 +0900"), Just("Fri, 31 Dec 9999 23:59:59 -2359"), Just("")],
    ) {
        let subject = subject.replace(['\n', '\r'], " ");
        let raw = format!("From: {subject} <a@b.example>\nSubject: {subject}\nDate: {date}\nContent-Type: text/plain; charset=utf-8\n\n{text}");
        let message = Message::parse(raw.as_bytes());
        if let Some(demand) = demand::extract(&message, &Context::default(), true) {
            let told = serde_json::to_string(&demand).unwrap();
            prop_assert!(!told.chars().any(char::is_control));
            let bidi = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!told.chars().any(bidi));
            let values = values(Some(&demand));
            prop_assert!(values.values().flatten().all(|value| value.chars().count() <= 700));
        }
    }
}

/// What takes a second for 32 KiB and is not linear takes minutes for what a message may hold.
#[test]
fn long_texts_cost_no_more_than_their_length() {
    let pieces = [
        "1 2 3 4 ",
        "pay $5 ",
        "03-",
        "a@b.example ",
        "口座番号1234567 ",
        "bitcoin 1A1z ",
        "本日17時まで ",
        "(((",
        "https://x.example/a ",
        "DE89 ",
        "Ab ",
    ];
    for piece in pieces {
        let started = std::time::Instant::now();
        let text = piece.repeat(1024 * 1024 / piece.len());
        let raw = format!("From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nbitcoin\n{text}");
        let message = Message::parse(raw.as_bytes());
        let _ = demand::extract(&message, &Context::default(), true);
        assert!(started.elapsed().as_secs() < 20, "{piece}: {:?}", started.elapsed());
        println!("{piece:?}: {:?}", started.elapsed());
    }
}
