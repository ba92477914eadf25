//! The catalogue as a page of the documentation: `docs/indicators.md` and `docs/indicators.ja.md`.

use std::fmt::Write as _;

use super::{basis, by_family, hardness, kind, parts, reason};
use crate::cli::text::{COMPUTED, Lang, family_word, pick};
use crate::indicator::Indicator;

/// The whole page. The same program gives the same octets.
pub(super) fn page(lang: Lang) -> String {
    let mut out = lang.pick(JA, EN).to_owned();
    out.push_str(lang.pick(
        "| 兆候 | 見えたもの | 点数 | | 点数の根拠 |\n| --- | --- | ---: | --- | --- |\n",
        "| indicator | what was seen | weight | | basis |\n| --- | --- | ---: | --- | --- |\n",
    ));
    let families = by_family();
    for indicator in families.iter().flat_map(|(_, members)| members) {
        let id = indicator.id;
        _ = writeln!(
            out,
            "| [`{id}`](#{id}) | {} | {} | {} | {} |",
            cell(pick(indicator.title, lang)),
            indicator.in_force(),
            hardness(indicator, lang),
            basis(indicator, lang),
        );
    }
    for (family, members) in &families {
        _ = write!(out, "\n## {}\n", family_word(*family, lang));
        for indicator in members {
            _ = write!(out, "\n{}", entry(indicator, lang));
        }
    }
    _ = write!(out, "\n## {}\n", lang.pick("点数を出す仕組み", "How the score is put together"));
    for (id, title, why) in COMPUTED {
        _ = write!(out, "\n### `{id}`\n\n**{}**. {}\n", pick(title, lang), pick(why, lang));
    }
    out
}

/// One indicator, under a heading that can be linked to by its id.
pub(super) fn entry(indicator: &Indicator, lang: Lang) -> String {
    let mut out = format!("### `{}`\n\n**{}**\n\n", indicator.id, pick(indicator.title, lang));
    for (heading, text) in parts(indicator, lang) {
        _ = writeln!(out, "- {heading}: {text}");
    }
    let reason = reason(indicator).map(|reason| format!(": {reason}")).unwrap_or_default();
    _ = writeln!(
        out,
        "- {}: {} ({}; {}{reason})",
        lang.pick("点数", "weight"),
        indicator.in_force(),
        hardness(indicator, lang),
        basis(indicator, lang),
    );
    _ = writeln!(out, "- {}: {}", lang.pick("種類", "kind"), kind(indicator, lang));
    _ = writeln!(out, "- {}: {}", lang.pick("参考", "references"), indicator.references.join("; "));
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

const EN: &str = "\
# What komainu looks for

[日本語](indicators.ja.md) · **English**

This page is made from the catalogue; do not edit it. After a change to an indicator:

    cargo run -- indicators --format markdown --lang en > docs/indicators.md
    cargo run -- indicators --format markdown --lang ja > docs/indicators.ja.md

A message's score is the sum of its findings. **hard** is a fact that needs no second family to quarantine, where the score is
reached; **soft** ones only do where two independent families meet. **prior** is a weight set by hand, bounded, with its reason; **fitted** comes from mail of at
least three independent sources. `komainu indicators ID` prints the same in the terminal.

";

const JA: &str = "\
# komainu が調べるもの

**日本語** · [English](indicators.md)

このページは一覧のデータから作られています。直接は直さないでください。兆候を変えたら:

    cargo run -- indicators --format markdown --lang en > docs/indicators.md
    cargo run -- indicators --format markdown --lang ja > docs/indicators.ja.md

メールの点数は所見の合計です。**決定的**は点数が届けばほかの系統がなくても隔離できる事実、**補助**は独立した二つの系統が
そろって初めて隔離できるものです。**手で設定**は理由を添えた控えめな値、**実測**は独立した三つ以上の出所のメールから求めた値です。同じ内容は
`komainu indicators ID` でも読めます。

";
