//! The file as a whole: its syntax, its top-level keys.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::account::{self, Draft};
use super::diagnostic::{Diagnostic, Faults, Text, Weight};
use super::environment::{Environment, Language};
use super::identity::identity;
use super::keys::{RETENTION, THRESHOLD, TOP};
use super::notify::notify;
use super::paths::Base;
use super::section::{At, Found, More as _, Section, kind_fault, suggest};
use super::source::Source;
use super::{Config, TablesDir, read, value};
use crate::indicator::{CATALOGUE, Hundredths};
use crate::model;
use crate::store::Retention;
use crate::verdict::Thresholds;

/// Scores from which a message is suspicious and a threat where the file says nothing.
const SUSPICIOUS: Hundredths = Hundredths(300);
const THREAT: Hundredths = Hundredths(500);

impl Config {
    /// Reads and checks a file.
    pub fn load(path: &Path, environment: &Environment) -> Result<Self, Box<Faults>> {
        let name = path.display().to_string();
        match read::text(path) {
            Ok(text) => {
                // What the file names must not move with the working directory.
                let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
                Self::parse(Source::new(name, text), &whole, environment)
            }
            Err(fault) => Err(Box::new(Faults {
                list: vec![*fault],
                unseen: 0,
                source: Source::new(name, ""),
                language: environment.language(),
            })),
        }
    }

    /// Checks a text; `path` is where it stands or would stand: relative paths in it are taken from there.
    pub fn parse(source: Source, path: &Path, environment: &Environment) -> Result<Self, Box<Faults>> {
        let text = source.text().to_owned();
        let (table, mut syntax) = DeTable::parse_recoverable(&text);
        let unseen = syntax.len().saturating_sub(SYNTAX_MOST);
        syntax.truncate(SYNTAX_MOST);
        let mut found = Found { torn: !syntax.is_empty(), source, ..Found::default() };
        for fault in &syntax {
            syntax_fault(fault, &mut found);
        }
        let language = written_language(table.get_ref()).unwrap_or_else(|| environment.language());
        let config = top(table.get_ref(), path, environment, &mut found);
        let torn: Vec<usize> = syntax.iter().filter_map(|fault| Some(fault.span()?.start)).collect();
        finish(config, found, &torn, language).map_err(|mut faults| {
            faults.unseen += unseen;
            faults
        })
    }
}

fn finish(
    config: Option<Config>,
    found: Found,
    torn: &[usize],
    language: Language,
) -> Result<Config, Box<Faults>> {
    let (mut list, source) = settle(found, torn);
    match config {
        Some(config) if list.iter().all(|one| one.weight == Weight::Warning) => {
            Ok(Config { warnings: list, source, ..config })
        }
        _ => {
            let unseen = list.len().saturating_sub(Faults::MOST);
            list.truncate(Faults::MOST);
            Err(Box::new(Faults { list, unseen, source, language }))
        }
    }
}

/// What was found, by place. On a line that could not be read (`torn`: places of these), only the first thing said about
/// it is of use.
pub(super) fn settle(found: Found, torn: &[usize]) -> (Vec<Diagnostic>, Source) {
    let Found { mut list, source, .. } = found;
    let mut told: Vec<usize> = Vec::new();
    list.retain(|one| {
        let Some(start) = one.span.as_ref().map(|span| span.start) else { return true };
        if !torn.iter().any(|at| source.same_line(*at, start)) {
            return true;
        }
        let first = !told.iter().any(|at| source.same_line(*at, start));
        told.push(start);
        first
    });
    list.sort_by_key(|one| one.span.as_ref().map(|span| span.start));
    (list, source)
}

/// Of what is not TOML, this many places are told.
pub(super) const SYNTAX_MOST: usize = 20;

/// Accounts are compared with each other, and each takes connections: 500 are measured, 1000 are plenty.
const ACCOUNTS_MOST: usize = 1000;

pub(super) fn syntax_fault(fault: &toml::de::Error, found: &mut Found) {
    let message = fault.message();
    let span = fault.span().unwrap_or_default();
    let diagnostic = found
        .error(span, Text::new(format!("TOML として読めません: {message}"), format!("not TOML: {message}")));
    if message.contains("duplicate key") {
        diagnostic.with_help("同じ項目は一度だけ書いてください", "write each key once");
    } else if message.contains("quoted") {
        diagnostic.with_help("文字列は \" で囲んでください", "put strings between \" and \"");
    }
}

/// The file's own language, as far as it can be told, so that faults are given in it.
fn written_language(table: &DeTable<'_>) -> Option<Language> {
    let (_, value) = table.iter().find(|(key, _)| key.get_ref() == "language")?;
    match value.get_ref() {
        DeValue::String(code) => Language::from_code(code),
        _ => None,
    }
}

fn top<'d>(
    table: &'d DeTable<'d>,
    path: &Path,
    environment: &Environment,
    found: &mut Found,
) -> Option<Config> {
    let section = Section::new(table, 0..0, &TOP, found);
    let base = Base::new(path, environment);
    let language = language(&section, environment, found);
    let timezone = timezone(&section, found);
    let chosen = directory(&section, "state-dir", &base, found);
    let log_dir = directory(&section, "log-dir", &base, found);
    let tables_dir = section.string("tables-dir", found).and_then(|at| base.path(at, "tables-dir", found));
    let disabled_indicators = disabled_indicators(&section, found);
    let thresholds = thresholds(&section, found);
    let poll = poll(&section, found);
    let max_message = max_message(&section, found);
    let witness_dir = witness_dir(&section, &base, chosen.as_deref(), found);
    let metrics_file = directory(&section, "metrics-file", &base, found);
    let retention = retention(&section, found);
    let identity = identity(&section, found);
    let notify = notify(&section, found);
    let drafts = accounts(&section, &base, found);
    account::compare(&drafts, found);
    let accounts: Option<Vec<_>> = drafts.into_iter().map(Draft::finish).collect();
    Some(Config {
        path: path.to_owned(),
        language: language?,
        timezone: timezone?,
        log_dir: log_dir.unwrap_or_else(|| environment.log_dir(chosen.as_deref())),
        state_dir: chosen.unwrap_or_else(|| environment.state_dir()),
        tables_dir: TablesDir::new(tables_dir, &base),
        disabled_indicators: disabled_indicators?,
        thresholds: thresholds?,
        poll: poll?,
        max_message: max_message?,
        witness_dir,
        metrics_file,
        retention: retention?,
        identity: identity?,
        notify: notify?,
        accounts: accounts?,
        warnings: Vec::new(),
        source: Source::default(),
    })
}

fn language(section: &Section<'_>, environment: &Environment, found: &mut Found) -> Option<Language> {
    if section.get("language").is_none() {
        return Some(environment.language());
    }
    let written = section.string("language", found)?;
    let language = Language::from_code(written.value);
    if language.is_none() {
        found
            .error(
                written.span,
                Text::new(
                    format!("`language` に \"{}\" は使えません", written.value),
                    format!("`language` cannot be \"{}\"", written.value),
                ),
            )
            .with_help("\"ja\"（日本語）か \"en\"（英語）です", "\"ja\" (Japanese) or \"en\" (English)");
    }
    language
}

fn timezone(section: &Section<'_>, found: &mut Found) -> Option<TimeZone> {
    if section.get("timezone").is_none() {
        return Some(TimeZone::system());
    }
    let written = section.string("timezone", found)?;
    if let Ok(zone) = TimeZone::get(written.value) {
        return Some(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let fault = found.error(
        written.span,
        Text::new(
            format!("\"{}\" という時間帯はありません", written.value),
            format!("there is no time zone \"{}\"", written.value),
        ),
    );
    if names.len() < 10 {
        fault.with_help(
            "時間帯のデータがありません。tzdata を入れてください",
            "there is no time zone data; install tzdata",
        );
    } else if matches!(written.value, "JST" | "jst" | "Japan Standard Time" | "日本") {
        fault.with_help("日本時間は \"Asia/Tokyo\" です", "Japan's is \"Asia/Tokyo\"");
    } else if suggest(fault, written.value, names.iter().map(String::as_str)).is_none() {
        fault.with_help(
            "例: \"Asia/Tokyo\"、\"Europe/Berlin\"、\"UTC\"",
            "for instance \"Asia/Tokyo\", \"Europe/Berlin\", \"UTC\"",
        );
    }
    None
}

fn directory(section: &Section<'_>, key: &str, base: &Base<'_>, found: &mut Found) -> Option<PathBuf> {
    let written = section.string(key, found)?;
    base.path(written, key, found).map(|at| at.value)
}

/// Ids of the catalogue, in order, each once.
fn disabled_indicators(section: &Section<'_>, found: &mut Found) -> Option<Vec<String>> {
    if section.get("disabled-indicators").is_none() {
        return Some(Vec::new());
    }
    let written = section.strings("disabled-indicators", found)?;
    let mut ids = Vec::new();
    let mut good = true;
    for one in written.value {
        if ids_to_switch_off().any(|id| id == one.value) {
            ids.push(one.value.to_owned());
            continue;
        }
        good = false;
        let fault = found.error(
            one.span,
            Text::new(
                format!("\"{}\" という兆候はありません", one.value),
                format!("there is no indicator \"{}\"", one.value),
            ),
        );
        if suggest(fault, one.value, ids_to_switch_off()).is_none() {
            fault.with_help("一覧: komainu indicators", "list them with: komainu indicators");
        }
    }
    ids.sort_unstable();
    ids.dedup();
    good.then_some(ids)
}

/// The catalogue, and what was learned.
fn ids_to_switch_off() -> impl Iterator<Item = &'static str> {
    CATALOGUE.iter().map(|indicator| indicator.id).chain([model::TEXT, model::SHAPE])
}

fn thresholds(section: &Section<'_>, found: &mut Found) -> Option<Thresholds> {
    let Some(written) = section.get("threshold") else {
        return Some(Thresholds { suspicious: SUSPICIOUS, threat: THREAT });
    };
    let DeValue::Table(table) = written.get_ref() else {
        kind_fault(written, "threshold", "表", "a table", found).with_help(
            "[threshold] の下に suspicious = 3.0 と threat = 5.0 を書きます",
            "write [threshold], and below it suspicious = 3.0 and threat = 5.0",
        );
        return None;
    };
    let inner = Section::new(table, written.span(), &THRESHOLD, found);
    let suspicious = score(&inner, "suspicious", SUSPICIOUS, found);
    let threat = score(&inner, "threat", THREAT, found);
    let (suspicious, threat) = (suspicious?, threat?);
    if suspicious.value >= threat.value {
        found
            .error(
                suspicious.span,
                Text::new(
                    "`suspicious` は `threat` より小さくなければなりません",
                    "`suspicious` must be below `threat`",
                ),
            )
            .with_help(
                "ふつうは suspicious = 3.0、threat = 5.0 です",
                "the defaults are suspicious = 3.0 and threat = 5.0",
            );
        return None;
    }
    Some(Thresholds { suspicious: suspicious.value, threat: threat.value })
}

/// A score from 0.01 to 100: at 0 or below, ordinary mail would be a hit.
fn score(section: &Section<'_>, key: &str, default: Hundredths, found: &mut Found) -> Option<At<Hundredths>> {
    if section.get(key).is_none() {
        return Some(At { value: default, span: section.span.clone() });
    }
    let at = section.score(key, found)?;
    if (1..=10_000).contains(&at.value.0) {
        return Some(at);
    }
    found
        .error(at.span, Text::new(format!("`{key}` は範囲の外です"), format!("`{key}` is out of range")))
        .with_help("0.01 から 100 までです", "0.01 to 100");
    None
}

/// None inside the state directory: whoever can change the one could change the other.
fn witness_dir(
    section: &Section<'_>,
    base: &Base<'_>,
    state_dir: Option<&Path>,
    found: &mut Found,
) -> Option<PathBuf> {
    section.get("witness-dir")?;
    let written = section.string("witness-dir", found)?;
    let span = written.span.clone();
    let dir = base.path(written, "witness-dir", found)?.value;
    if state_dir.is_some_and(|state_dir| dir.starts_with(state_dir)) {
        found
            .error(
                span,
                Text::new(
                    "`witness-dir` が `state-dir` の中にあります",
                    "`witness-dir` is inside `state-dir`",
                ),
            )
            .with_help(
                "証人にするには、別のディスクか、別の利用者だけが書ける場所を指定してください",
                "a witness stands elsewhere: on another disk, or where only somebody else can write",
            );
        return None;
    }
    Some(dir)
}

fn retention(section: &Section<'_>, found: &mut Found) -> Option<Retention> {
    let default = Retention::default();
    let Some(written) = section.get("retention") else { return Some(default) };
    let DeValue::Table(table) = written.get_ref() else {
        kind_fault(written, "retention", "表", "a table", found).with_help(
            "[retention] の下に hits = \"8y\" などを書きます",
            "write [retention], and below it hits = \"8y\" and so on",
        );
        return None;
    };
    let inner = Section::new(table, written.span(), &RETENTION, found);
    let mut kept = |key: &str, example: &str, default: Duration| {
        if inner.get(key).is_none() {
            return Some(default);
        }
        let at = inner.unit(key, example, value::duration, found)?;
        if at.value >= SHORTEST_RETENTION {
            return Some(at.value);
        }
        found
            .error(at.span, Text::new(format!("`{key}` は短すぎます"), format!("`{key}` is too short")))
            .with_help(
                "\"7d\" 以上にしてください。証拠は相談に間に合わなければなりません",
                "\"7d\" at least: evidence has to last until somebody can be asked for help",
            );
        None
    };
    let hits = kept("hits", "8y", default.hits);
    let released = kept("released", "30d", default.released);
    let clean = kept("clean", "90d", default.clean);
    Some(Retention { hits: hits?, released: released?, clean: clean? })
}

/// Content that goes sooner than this is no evidence.
const SHORTEST_RETENTION: Duration = Duration::from_secs(7 * 86_400);

fn poll(section: &Section<'_>, found: &mut Found) -> Option<Duration> {
    if section.get("poll").is_none() {
        return Some(Duration::from_mins(1));
    }
    let at = section.unit("poll", "60s", value::duration, found)?;
    if (10..=3600).contains(&at.value.as_secs()) {
        return Some(at.value);
    }
    found.error(at.span, Text::new("`poll` は範囲の外です", "`poll` is out of range")).with_help(
        "\"10s\" から \"1h\" まで。短すぎるとサーバーに断られることがあります",
        "\"10s\" to \"1h\"; servers turn away clients that ask too often",
    );
    None
}

fn max_message(section: &Section<'_>, found: &mut Found) -> Option<u64> {
    if section.get("max-message").is_none() {
        return Some(20 << 20);
    }
    let at = section.unit("max-message", "20MiB", value::size, found)?;
    if (64 << 10..=50 << 20).contains(&at.value) {
        return Some(at.value);
    }
    found
        .error(at.span, Text::new("`max-message` は範囲の外です", "`max-message` is out of range"))
        .with_help(
            "\"64KiB\" から \"50MiB\" まで。これより大きいメールは判定せず、件数を日報に載せます",
            "\"64KiB\" to \"50MiB\"; a larger message is not judged, and the digest counts it",
        );
    None
}

fn accounts<'d>(section: &Section<'d>, base: &Base<'_>, found: &mut Found) -> Vec<Draft<'d>> {
    let Some(written) = section.get("account") else {
        if let Some(fault) = section.missing("[[account]]", found) {
            fault.with_help(
                "見張るアカウントを [[account]] として一つ以上書いてください",
                "write one [[account]] or more",
            );
        }
        return Vec::new();
    };
    let tables: Option<Vec<(&Spanned<DeValue<'_>>, &DeTable<'_>)>> = match written.get_ref() {
        DeValue::Array(array) if !array.is_empty() => {
            array.iter().map(|one| one.get_ref().as_table().map(|table| (one, table))).collect()
        }
        _ => None,
    };
    let Some(tables) = tables else {
        found
            .error(
                written.span(),
                Text::new("アカウントは [[account]] と書きます", "an account is written as [[account]]"),
            )
            .with_help("角括弧は二重です: [[account]]", "the brackets are double: [[account]]");
        return Vec::new();
    };
    if tables.len() > ACCOUNTS_MOST {
        found.error(
            written.span(),
            Text::new(
                format!("アカウントは {ACCOUNTS_MOST} までです"),
                format!("there can be {ACCOUNTS_MOST} accounts at most"),
            ),
        );
        return Vec::new();
    }
    tables.into_iter().map(|(at, table)| Draft::read(table, at.span(), base, found)).collect()
}
