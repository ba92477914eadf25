//! `komainu scan`: judge messages from files, folders, Maildirs, mboxes or standard input. No network; a configuration only
//! where one is named. Without one, and without a time, the judgement is a function of the octets alone.

use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::text::{Lang, finding_title, level_word, pick, place_word, wrapped};
use crate::demand::{self, Demand};
use crate::indicator::{Context, Finding, indicator};
use crate::message::{Defect, Message, Place};
use crate::verdict::{Level, Thresholds, Verdict, judge};

/// A message larger than this is not a message; it is reported as an error instead of filling the memory.
const LARGEST_FILE: u64 = 256 * 1024 * 1024;

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Human,
    /// One JSON object a line, in the order of the input.
    Json,
}

/// What judging depends on beside the message.
#[derive(Debug, Default)]
pub(super) struct Basis {
    pub(super) context: Context,
    pub(super) thresholds: Thresholds,
}

/// What one input gave.
enum Outcome {
    Judged(Box<Judged>),
    Failed(String),
}

/// One message, judged.
struct Judged {
    verdict: Verdict,
    demand: Option<Demand>,
    defects: Vec<Defect>,
}

#[derive(Default)]
struct Totals {
    threat: u64,
    suspicious: u64,
    clean: u64,
    unjudged: u64,
    failed: u64,
}

/// Exit status as clamscan's: 0 none found, 1 threat found, 2 something could not be read.
pub(super) fn scan(paths: &[PathBuf], basis: &Basis, format: Format, explain: bool, lang: Lang) -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut totals = Totals::default();
    let mut written = Ok(());
    for path in paths {
        walk(path, &mut |name, input| {
            let outcome = match input {
                Ok(octets) => judged(octets, basis),
                Err(error) => Outcome::Failed(error),
            };
            totals.add(&outcome);
            if written.is_ok() {
                written = match format {
                    Format::Json => writeln!(out, "{}", as_json(name, &outcome)),
                    Format::Human => as_text(&mut out, name, &outcome, explain, lang),
                };
            }
        });
    }
    if format == Format::Human && written.is_ok() {
        written = totals.print(&mut out, lang);
    }
    // A reader that has seen enough (`| head`) is not an error; a full disk is.
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
        _ if totals.failed > 0 => ExitCode::from(2),
        _ => ExitCode::from(u8::from(totals.threat > 0)),
    }
}

impl Totals {
    fn add(&mut self, outcome: &Outcome) {
        let slot = match outcome {
            Outcome::Failed(_) => &mut self.failed,
            Outcome::Judged(judged) => match judged.verdict.level {
                Level::Threat => &mut self.threat,
                Level::Suspicious => &mut self.suspicious,
                Level::Clean if is_no_message(&judged.defects) => &mut self.unjudged,
                Level::Clean => &mut self.clean,
            },
        };
        *slot = slot.saturating_add(1);
    }

    fn print(&self, out: &mut impl Write, lang: Lang) -> io::Result<()> {
        let Self { threat, suspicious, clean, unjudged, failed } = self;
        let judged = threat + suspicious + clean;
        match lang {
            Lang::Ja => writeln!(
                out,
                "検査 {judged} 通: 脅威 {threat}、疑わしい {suspicious}、該当なし {clean}。ほかに、判定できなかった {unjudged}、読めなかった {failed}"
            ),
            Lang::En => writeln!(
                out,
                "{judged} judged: {threat} threat, {suspicious} suspicious, {clean} without findings that add up; {unjudged} not judged, {failed} could not be read"
            ),
        }
    }
}

/// Whether there was nothing to judge: no octets, or none that look like a message. "Nothing found" cannot be said of it.
fn is_no_message(defects: &[Defect]) -> bool {
    defects.iter().any(|defect| matches!(defect, Defect::Empty | Defect::NoHeader))
}

/// The octets of a message, or why there are none.
type Input<'o> = Result<&'o [u8], String>;

/// Visits every message below a path, in a stable order.
fn walk(path: &Path, visit: &mut dyn FnMut(&str, Input<'_>)) {
    let name = path.to_string_lossy();
    if path == Path::new("-") {
        let mut octets = Vec::new();
        match io::stdin().lock().take(LARGEST_FILE).read_to_end(&mut octets) {
            Ok(_) => visit_octets("-", &octets, visit),
            Err(error) => visit("-", Err(format!("cannot read standard input: {error}"))),
        }
        return;
    }
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return visit(&name, Err(format!("cannot read: {error}"))),
    };
    if metadata.is_dir() {
        return walk_folder(path, visit);
    }
    if metadata.len() > LARGEST_FILE {
        return visit(&name, Err(format!("larger than {LARGEST_FILE} octets")));
    }
    match fs::read(path) {
        Ok(octets) => visit_octets(&name, &octets, visit),
        Err(error) => visit(&name, Err(format!("cannot read: {error}"))),
    }
}

fn walk_folder(path: &Path, visit: &mut dyn FnMut(&str, Input<'_>)) {
    let is_maildir = path.join("cur").is_dir() && path.join("new").is_dir();
    let entries = fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>());
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => {
            return visit(&path.to_string_lossy(), Err(format!("cannot list: {error}")));
        }
    };
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Maildir++ keeps further mailboxes in folders that begin with a dot; tmp holds what is still being written.
        let wanted = if is_maildir {
            entry.is_dir() && (name == "cur" || name == "new" || name.starts_with('.'))
        } else {
            !name.starts_with('.')
        };
        if wanted {
            walk(&entry, visit);
        }
    }
}

fn visit_octets(name: &str, octets: &[u8], visit: &mut dyn FnMut(&str, Input<'_>)) {
    if !octets.starts_with(b"From ") {
        return visit(name, Ok(octets));
    }
    // Mail programs also save single messages with the separator line of an mbox; a body may well hold another such line.
    if Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml")) {
        let first_line = octets.iter().position(|octet| *octet == b'\n').map_or(octets.len(), |end| end + 1);
        return visit(name, Ok(octets.get(first_line..).unwrap_or_default()));
    }
    for (number, message) in mbox(octets).into_iter().enumerate() {
        visit(&format!("{name}#{}", number.saturating_add(1)), Ok(&message));
    }
}

fn judged(octets: &[u8], basis: &Basis) -> Outcome {
    let message = Message::parse(octets);
    let verdict = judge(&message, &basis.context, &basis.thresholds);
    let demand = demand::extract(&message, &basis.context, verdict.level != Level::Clean);
    Outcome::Judged(Box::new(Judged { verdict, demand, defects: message.defects }))
}

/// The messages of an mbox (RFC 4155 with mboxrd quoting): a line `From ` after an empty line begins one.
fn mbox(octets: &[u8]) -> Vec<Vec<u8>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut after_empty = true;
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        if after_empty && line.starts_with(b"From ") {
            messages.push(Vec::new());
        } else if let Some(message) = messages.last_mut() {
            let quotes = line.iter().take_while(|octet| **octet == b'>').count();
            let unquoted = line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "));
            message.extend_from_slice(line.get(usize::from(unquoted && quotes > 0)..).unwrap_or(line));
        }
        after_empty = matches!(line, b"\n" | b"\r\n");
    }
    messages
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
            let word = if verdict.level == Level::Clean && is_no_message(defects) {
                lang.pick("判定できません", "not judged")
            } else {
                level_word(verdict.level, lang)
            };
            write!(out, "{path}: {word}")?;
            if let Some(category) = verdict.category {
                write!(out, " ({})", super::text::category_word(category, lang))?;
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
            for line in
                demand.as_ref().map(|demand| super::demand::demand_lines(demand, lang)).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_mbox_is_split_at_from_lines_and_unquoted() {
        let octets = b"From a@example.com Mon\nSubject: 1\n\n>From here\nFrom not a separator\n\nFrom b\nSubject: 2\n\n>>From\n";
        let messages = mbox(octets);
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0], b"Subject: 1\n\nFrom here\nFrom not a separator\n\n");
        assert_eq!(messages[1], b"Subject: 2\n\n>>From\n");
    }
}
