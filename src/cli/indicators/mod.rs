//! `komainu indicators`: the catalogue, explained.

mod markdown;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::text::{COMPUTED, Lang, category_word, family_word, padded, pick, wrapped};
use super::{EX_USAGE, complain};
use crate::config::nearest;
use crate::indicator::{Basis, Bilingual, CATALOGUE, Family, Indicator, indicator};

/// Terminal columns of running text.
const WIDTH: usize = 76;

/// How the catalogue is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Human,
    /// One JSON object a line, in the order of the catalogue; both languages.
    Json,
    /// The page of the documentation, in the language of `--lang`.
    Markdown,
}

/// Prints the catalogue, or one entry of it. Exit status 64 where there is none of that id.
pub(super) fn indicators(id: Option<&str>, format: Format, lang: Lang) -> ExitCode {
    let page = match id {
        None => whole(format, lang),
        Some(id) => match one(id, format, lang) {
            Some(page) => page,
            None => return unknown(id, lang),
        },
    };
    // A reader that has seen enough (`| head`) is not an error.
    match io::stdout().lock().write_all(page.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}

fn unknown(id: &str, lang: Lang) -> ExitCode {
    let ids = CATALOGUE.iter().map(|indicator| indicator.id).chain(COMPUTED.iter().map(|(id, ..)| *id));
    // What cannot be a typo of an id is not repeated: it may hold anything.
    let shown: String = id.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let meant = nearest(id, ids);
    complain(&match (lang, meant) {
        (Lang::Ja, Some(meant)) => {
            format!("「{shown}」という兆候はありません。`{meant}` ではありませんか?")
        }
        (Lang::En, Some(meant)) => format!("there is no indicator {shown:?}; did you mean `{meant}`?"),
        (Lang::Ja, None) => format!("「{shown}」という兆候はありません。一覧: komainu indicators"),
        (Lang::En, None) => format!("there is no indicator {shown:?}; list them with: komainu indicators"),
    });
    ExitCode::from(EX_USAGE)
}

fn whole(format: Format, lang: Lang) -> String {
    match format {
        Format::Human => list(lang),
        Format::Json => CATALOGUE.iter().fold(String::new(), |mut out, indicator| {
            _ = writeln!(out, "{}", as_json(indicator));
            out
        }),
        Format::Markdown => markdown::page(lang),
    }
}

fn one(id: &str, format: Format, lang: Lang) -> Option<String> {
    let Some(indicator) = indicator(id) else {
        let (id, title, why) = COMPUTED.iter().find(|(computed, ..)| *computed == id)?;
        return Some(match format {
            Format::Human => {
                format!("{id}  {}\n{}", pick(*title, lang), paragraph(pick(*why, lang)))
            }
            Format::Json => format!("{}\n", json!({"id": id, "title": both(*title), "why": both(*why)})),
            Format::Markdown => format!("### `{id}`: {}\n\n{}\n", pick(*title, lang), pick(*why, lang)),
        });
    };
    Some(match format {
        Format::Human => explained(indicator, lang),
        Format::Json => format!("{}\n", as_json(indicator)),
        Format::Markdown => markdown::entry(indicator, lang),
    })
}

/// The families in the order in which the catalogue first names them, each with its indicators.
fn by_family() -> Vec<(Family, Vec<&'static Indicator>)> {
    let mut families: Vec<(Family, Vec<&'static Indicator>)> = Vec::new();
    for indicator in CATALOGUE.iter().copied() {
        match families.iter_mut().find(|(family, _)| *family == indicator.family) {
            Some((_, members)) => members.push(indicator),
            None => families.push((indicator.family, vec![indicator])),
        }
    }
    families
}

/// The catalogue in one table: id, weight, how far it may decide, where the weight comes from, what is seen.
fn list(lang: Lang) -> String {
    let width = CATALOGUE.iter().map(|indicator| indicator.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for (family, members) in by_family() {
        _ = writeln!(out, "{}", family_word(family, lang));
        for indicator in members {
            _ = writeln!(
                out,
                "  {:<width$} {:>6}  {}{}{}",
                indicator.id,
                indicator.in_force().to_string(),
                padded(hardness(indicator, lang), 8),
                padded(basis(indicator, lang), 10),
                pick(indicator.title, lang),
            );
        }
        out.push('\n');
    }
    out.push_str(
        lang.pick(
            "点数を出す仕組み（兆候ではないもの）\n",
            "how the score is put together (no indicators)\n",
        ),
    );
    for (id, title, _) in COMPUTED {
        _ = writeln!(out, "  {id:<width$} {:>26}{}", "", pick(title, lang));
    }
    let legend = lang.pick(
        "点数は対数オッズです。決定的: 点数が届けば、ほかの系統がなくても隔離できる事実。補助: 独立した二つの系統がそろって初めて隔離できます。手で設定: 理由を添えた控えめな値。実測: 複数の出所のメールから求めた値。一つずつの説明は komainu indicators ID",
        "Weights are log-odds. hard: a fact that needs no second family to quarantine, where the score is reached; soft: only two independent families can. prior: set by hand, bounded, with its reason; fitted: from mail of several sources. Everything about one: komainu indicators ID",
    );
    out.push('\n');
    for line in wrapped(legend, WIDTH) {
        _ = writeln!(out, "{line}");
    }
    out
}

fn hardness(indicator: &Indicator, lang: Lang) -> &'static str {
    if indicator.hard { lang.pick("決定的", "hard") } else { lang.pick("補助", "soft") }
}

fn basis(indicator: &Indicator, lang: Lang) -> &'static str {
    match indicator.basis_in_force() {
        Basis::Prior(_) => lang.pick("手で設定", "prior"),
        Basis::Fitted => lang.pick("実測", "fitted"),
    }
}

/// Why this weight: the reason of a prior, in English as in the source.
fn reason(indicator: &Indicator) -> Option<&'static str> {
    match indicator.basis_in_force() {
        Basis::Prior(reason) => Some(reason),
        Basis::Fitted => None,
    }
}

fn kind(indicator: &Indicator, lang: Lang) -> &'static str {
    indicator.category.map_or(lang.pick("どの種類にも共通", "common to all kinds"), |category| {
        category_word(category, lang)
    })
}

/// What the parts of an explanation are called, and what stands in them.
fn parts(indicator: &Indicator, lang: Lang) -> [(&'static str, &'static str); 3] {
    let genuine = if indicator.family == Family::Mitigation {
        lang.pick("本物の場合", "what a genuine one does")
    } else {
        lang.pick("本物の差出人なら", "what a genuine sender does")
    };
    [
        (lang.pick("なぜ問題か", "why it matters"), pick(indicator.why, lang)),
        (genuine, pick(indicator.genuine, lang)),
        (
            lang.pick("同じように見える正当なメール", "honest mail that looks alike"),
            pick(indicator.false_positives, lang),
        ),
    ]
}

fn explained(indicator: &Indicator, lang: Lang) -> String {
    let mut out = format!("{}  {}\n\n", indicator.id, pick(indicator.title, lang));
    let mut line = |label: &str, value: &str| {
        _ = writeln!(out, "  {}{value}", padded(label, 10));
    };
    line(lang.pick("系統", "family"), &family_word(indicator.family, lang));
    line(lang.pick("種類", "kind"), kind(indicator, lang));
    let far = if indicator.hard {
        lang.pick("決定的（点数が届けば、ほかの系統は要らない）", "hard: needs no second family")
    } else {
        lang.pick("補助（ほかの系統と合わせて）", "soft: only together with another family")
    };
    line(lang.pick("点数", "weight"), &format!("{}  {far}", indicator.in_force()));
    line(lang.pick("根拠", "basis"), basis(indicator, lang));
    if let Some(reason) = reason(indicator) {
        for text in wrapped(reason, WIDTH - 10) {
            line("", &text);
        }
    }
    for (heading, text) in parts(indicator, lang) {
        _ = write!(out, "\n{heading}\n{}", paragraph(text));
    }
    _ = writeln!(out, "\n{}", lang.pick("参考", "references"));
    for reference in indicator.references {
        _ = writeln!(out, "  - {reference}");
    }
    out
}

fn paragraph(text: &str) -> String {
    format!("  {}\n", wrapped(text, WIDTH).join("\n  "))
}

fn both(text: Bilingual) -> Value {
    json!({"ja": text.ja, "en": text.en})
}

fn as_json(indicator: &Indicator) -> Value {
    json!({
        "id": indicator.id,
        "title": both(indicator.title),
        "family": indicator.family,
        "category": indicator.category,
        "weight": indicator.in_force().as_f64(),
        "hard": indicator.hard,
        "basis": match indicator.basis_in_force() { Basis::Prior(_) => "prior", Basis::Fitted => "fitted" },
        "reason": reason(indicator),
        "why": both(indicator.why),
        "genuine": both(indicator.genuine),
        "false_positives": both(indicator.false_positives),
        "references": indicator.references,
    })
}
