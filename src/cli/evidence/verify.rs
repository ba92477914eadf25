//! `komainu evidence verify`: is the record what was written and signed.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use serde_json::json;

use super::words::said;
use crate::cli::complain;
use crate::cli::text::Lang;
use crate::control::{self, Request};
use crate::evidence::audit::{Finding, Grade};
use crate::evidence::{PublicKey, SAVED_MAX};
use crate::store::{Outside, Verified, verify};

/// The same verification for those who trust no program of ours: bash, coreutils, openssl.
const SCRIPT: &str = include_str!("../../../config/verify.sh");

/// Not verified: nothing was changed, but not all is covered by a signature; or it cannot be read.
const NOT_VERIFIED: u8 = 2;

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// For people.
    Human,
    /// One JSON object.
    Json,
}

/// What is to be verified, and with what.
pub(in crate::cli) struct Wanted {
    pub(in crate::cli) store: PathBuf,
    pub(in crate::cli) key: Option<PathBuf>,
    pub(in crate::cli) witnesses: Vec<PathBuf>,
    pub(in crate::cli) format: Format,
}

/// Writes `verify.sh` to standard output.
pub(super) fn script() -> ExitCode {
    print(SCRIPT)
}

/// Verifies. Exit status 0 where all is covered and nothing was changed, 1 where something was, 2 where not all is covered by
/// a signature or something cannot be read.
pub(super) fn run(wanted: &Wanted, lang: Lang) -> ExitCode {
    // A running service covers its last minutes; where none runs, or it cannot, what is found says so.
    let _ = control::ask(&wanted.store, &Request::Checkpoint);
    let verified = inputs(wanted, lang).and_then(|(key, outside)| {
        verify(&wanted.store, key, &outside).map(|found| (found, key.is_some())).map_err(|e| e.to_string())
    });
    let (verified, trusted) = match verified {
        Ok(found) => found,
        Err(why) => {
            complain(&why);
            return ExitCode::from(NOT_VERIFIED);
        }
    };
    let page = match wanted.format {
        Format::Human => human(&verified, trusted, lang),
        Format::Json => as_json(&verified, trusted, lang),
    };
    if print(&page) != ExitCode::SUCCESS {
        return ExitCode::from(NOT_VERIFIED);
    }
    match verified.report.grade() {
        Grade::Notice => ExitCode::SUCCESS,
        Grade::Fail => ExitCode::FAILURE,
        Grade::Unsigned => ExitCode::from(NOT_VERIFIED),
    }
}

fn print(page: &str) -> ExitCode {
    match io::stdout().lock().write_all(page.as_bytes()) {
        // A reader that has seen enough (`| head`) is not an error.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}

fn inputs(wanted: &Wanted, lang: Lang) -> Result<(Option<PublicKey>, Vec<Outside>), String> {
    let key = match &wanted.key {
        None => None,
        Some(path) => {
            let octets = read(path)?;
            let key = String::from_utf8(octets).ok().and_then(|text| PublicKey::from_pem(&text).ok());
            let no_key =
                lang.pick("Ed25519 の公開鍵 (PEM) ではありません", "not an Ed25519 public key in PEM");
            Some(key.ok_or_else(|| format!("{}: {no_key}", path.display()))?)
        }
    };
    let outside = wanted
        .witnesses
        .iter()
        .map(|path| Ok(Outside { name: path.display().to_string(), octets: read(path)? }));
    Ok((key, outside.collect::<Result<_, String>>()?))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    use std::io::Read as _;
    let mut octets = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(SAVED_MAX as u64 + 1).read_to_end(&mut octets))
        .map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(octets)
}

/// The word that the result begins with, here and in `verify.sh`.
fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Notice => "OK",
        Grade::Unsigned => "UNSIGNED",
        Grade::Fail => "FAIL",
    }
}

fn human(verified: &Verified, trusted: bool, lang: Lang) -> String {
    let report = &verified.report;
    let mut page = String::new();
    let sum = match lang {
        Lang::Ja => format!(
            "記録 {} 件（署名の範囲 {} 件）、チェックポイント {}、鍵の交替 {}、メール {} 通、消去 {} 件、起動 {} 回、外の控え {}",
            report.records,
            report.covered,
            report.checkpoints,
            report.rolls,
            report.messages,
            report.erased,
            report.boots,
            report.witnesses
        ),
        Lang::En => format!(
            "{} records ({} under a signature), {} checkpoints, {} key rolls, {} messages, {} erased, {} boots, {} witnesses",
            report.records,
            report.covered,
            report.checkpoints,
            report.rolls,
            report.messages,
            report.erased,
            report.boots,
            report.witnesses
        ),
    };
    _ = writeln!(page, "{}: {sum}", word(report.grade()));
    for finding in &report.findings {
        _ = writeln!(page, "  {} {}", word_of(finding), line(finding, lang));
    }
    if let Some(key) = verified.key {
        let label = lang.pick("信じた最初の鍵", "first key believed");
        _ = writeln!(page, "{label}: SHA-256 {}", key.fingerprint());
    }
    for limit in limits(trusted, report.witnesses > 0, lang) {
        _ = writeln!(page, "{limit}");
    }
    page
}

fn word_of(finding: &Finding) -> &'static str {
    match finding.what.grade() {
        Grade::Notice => "note",
        grade => word(grade),
    }
}

fn line(finding: &Finding, lang: Lang) -> String {
    let mut place = String::new();
    if let Some(seq) = finding.seq {
        _ = write!(place, "seq {seq} ");
    }
    if !finding.file.is_empty() {
        // The name is whatever somebody put there.
        let file: String =
            finding.file.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        _ = write!(place, "{file} ");
    }
    format!("{place}[{}] {}", finding.what.word(), said(finding.what, lang))
}

/// What this result does not say.
fn limits(trusted: bool, witnessed: bool, lang: Lang) -> Vec<&'static str> {
    let mut limits = Vec::new();
    if !trusted {
        limits.push(lang.pick(
            "--key なし: 保管庫の中の鍵を信じました。保管庫に書き込める人が作り直していないことの証明にはなりません。",
            "without --key the key inside the store was believed: this proves nothing against somebody who could write there.",
        ));
    }
    if !witnessed {
        limits.push(lang.pick(
            "--witness なし: 末尾を切り落として古い状態に戻されても、外に控えた署名がなければ見分けられません。",
            "without --witness a record that was cut back to an earlier state as a whole looks right.",
        ));
    }
    limits
}

fn as_json(verified: &Verified, trusted: bool, lang: Lang) -> String {
    let report = &verified.report;
    let findings: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "grade": match finding.what.grade() {
                    Grade::Notice => "notice",
                    Grade::Unsigned => "unsigned",
                    Grade::Fail => "fail",
                },
                "what": finding.what.word(),
                "seq": finding.seq,
                "file": finding.file,
                "text": said(finding.what, lang),
            })
        })
        .collect();
    let value = json!({
        "result": word(report.grade()),
        "origin": verified.origin,
        "key": verified.key.map(|key| key.fingerprint()),
        "key_trusted": trusted,
        "records": report.records,
        "covered": report.covered,
        "checkpoints": report.checkpoints,
        "key_rolls": report.rolls,
        "messages": report.messages,
        "erased": report.erased,
        "boots": report.boots,
        "witnesses": report.witnesses,
        "findings": findings,
    });
    format!("{value}\n")
}
