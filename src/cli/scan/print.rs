//! How a judgement is printed: for people, or one JSON object a line.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Format;
use super::judge::{Judged, Outcome};
use crate::cli::text::{Lang, category_word, finding_title, level_word, pick, place_word, wrapped};
use crate::indicator::{Finding, indicator};
use crate::message::{Defect, Place};
use crate::verdict::Level;

/// How it is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) format: Format,
    pub(super) explain: bool,
    pub(super) lang: Lang,
}

/// What is printed of one input.
pub(super) fn printed(path: &str, outcome: &Outcome, look: Look) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = match look.format {
        Format::Json => serde_json::to_writer(&mut out, &as_json(path, outcome))
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n")),
        Format::Human => as_text(&mut out, path, outcome, look.explain, look.lang),
    };
    out
}

fn as_json(path: &str, outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Failed(error) => json!({"path": path, "error": error}),
        Outcome::Judged(judged) => {
            let Judged { verdict, demand, defects } = &**judged;
            let findings: Vec<Value> = verdict
                .findings
                .iter()
                .map(|finding| {
                    json!({
                        "indicator": finding.indicator,
                        "weight": finding.weight.as_f64(),
                        "where": finding.place,
                        "excerpt": finding.excerpt,
                    })
                })
                .collect();
            json!({
                "path": path,
                "verdict": verdict.level,
                "score": verdict.score.as_f64(),
                "threshold": verdict.thresholds.threat.as_f64(),
                "thresholds": {
                    "suspicious": verdict.thresholds.suspicious.as_f64(),
                    "threat": verdict.thresholds.threat.as_f64(),
                },
                "category": verdict.category,
                "severity": verdict.severity,
                "findings": findings,
                "demand": demand,
                "defects": defects,
            })
        }
    }
}

fn as_text(out: &mut impl Write, path: &str, outcome: &Outcome, explain: bool, lang: Lang) -> io::Result<()> {
    // A file's name is the sender's choice as much as its content, where a mail program has saved it.
    let path: String = path.chars().map(|c| if is_inert(c) { c } else { '\u{fffd}' }).collect();
    match outcome {
        Outcome::Failed(error) => match lang {
            Lang::Ja => writeln!(out, "{path}: エラー: {error}"),
            Lang::En => writeln!(out, "{path}: error: {error}"),
        },
        Outcome::Judged(judged) => {
            let Judged { verdict, demand, defects } = &**judged;
            let word = if verdict.level == Level::Clean && judged.is_no_message() {
                lang.pick("判定できません", "not judged")
            } else {
                level_word(verdict.level, lang)
            };
            write!(out, "{path}: {word}")?;
            if let Some(category) = verdict.category {
                write!(out, " ({})", category_word(category, lang))?;
            }
            write!(out, " {} / {}", verdict.score, verdict.thresholds.threat)?;
            if !defects.is_empty() {
                // What was broken or cut was not judged, and nothing can be said of it.
                write!(
                    out,
                    "  [{}: {}]",
                    lang.pick("検査できなかった部分あり", "not all of it could be judged"),
                    names(defects)
                )?;
            }
            writeln!(out)?;
            if verdict.level == Level::Clean {
                return Ok(());
            }
            for finding in &verdict.findings {
                write_finding(out, finding, explain, lang)?;
            }
            for line in demand
                .as_ref()
                .map(|demand| crate::cli::demand::demand_lines(demand, lang))
                .unwrap_or_default()
            {
                writeln!(out, "  {line}")?;
            }
            Ok(())
        }
    }
}

/// Columns of running text, and how far it is set in.
const WIDTH: usize = 76;
const INDENT: &str = "          ";

/// What was seen and what it adds; below it the place and the words. Explained, why it matters and what would be genuine.
fn write_finding(out: &mut impl Write, finding: &Finding, explain: bool, lang: Lang) -> io::Result<()> {
    let id = finding.indicator;
    let title = finding_title(id, lang);
    writeln!(out, "  {:>6}  {} ({id})", finding.weight.to_string(), title.unwrap_or(id))?;
    if finding.place != Place::Message {
        writeln!(out, "{INDENT}{}: {}", place_word(&finding.place, lang), finding.excerpt)?;
    }
    let Some(indicator) = indicator(id).filter(|_| explain) else { return Ok(()) };
    for (label, text) in
        [(lang.pick("なぜ", "why"), indicator.why), (lang.pick("本物なら", "genuine"), indicator.genuine)]
    {
        let label = format!("{label}: ");
        let lines = wrapped(&format!("{label}{}", pick(text, lang)), WIDTH);
        for line in lines {
            writeln!(out, "{INDENT}{line}")?;
        }
    }
    Ok(())
}

/// False for what moves a terminal's cursor, or turns what stands behind it around (bidirectional controls).
fn is_inert(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `no-header, nul`
fn names(defects: &[Defect]) -> String {
    let words: Vec<String> = defects
        .iter()
        .filter_map(|defect| Some(serde_json::to_value(defect).ok()?.as_str()?.to_owned()))
        .collect();
    words.join(", ")
}
