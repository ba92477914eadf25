//! `komainu digest`: what a day brought, as it was written, or, where that is not yet, as the record has it.
//!
//! Exit status: 0; 1 where it cannot be read; 64 where a date or time is none.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::text::Lang;
use super::{EX_USAGE, complain, load};
use crate::config::Environment;
use crate::digest::{self, Day, Facts, Form, From, Period, Scope, date_of, file_name};
use crate::store::Layout;
use crate::store::digest::{Asked, digests, written};

/// `komainu digest …`
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Of this day, such as 2026-11-23 [default: the last one that was written]
    #[arg(long, value_name = "DATE", conflicts_with = "since")]
    date: Option<String>,
    /// From this time until now: RFC 3339, a date, or a length such as 24h or 7d
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The state directory that holds the evidence [default: that of the configuration]
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
    /// The configuration that names it [default: /etc/komainu/komainu.toml, or the user's own]
    #[arg(long, value_name = "FILE", conflicts_with = "store")]
    config: Option<PathBuf>,
}

/// How a digest is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// The file itself.
    Json,
    /// A page of one file.
    Html,
}

/// Where to read, and how to tell it.
struct Desk {
    layout: Layout,
    logs: PathBuf,
    zone: TimeZone,
    accounts: Vec<String>,
    lang: Lang,
    now: Timestamp,
}

/// Why it stops: what to say, and the exit status.
struct Stop(String, u8);

/// Prints the digest that was asked for.
pub(super) fn digest(arguments: Arguments, lang: Option<Lang>, environment: &Environment) -> ExitCode {
    let desk = match desk(arguments.store, arguments.config, lang, environment) {
        Ok(desk) => desk,
        Err(status) => return status,
    };
    let found = match (&arguments.date, &arguments.since) {
        (_, Some(since)) => desk.since(since),
        (Some(date), None) => date.parse().map_err(|_| desk.no_date(date)).and_then(|date| desk.of(date)),
        (None, None) => desk.latest(),
    };
    match found {
        Ok(day) => {
            let shown = match arguments.format {
                Format::Text => digest::text(&day, desk.lang),
                Format::Json => digest::json(&day),
                Format::Html => digest::html(&day, desk.lang),
            };
            print!("{shown}");
            ExitCode::SUCCESS
        }
        Err(Stop(what, status)) => {
            complain(&what);
            ExitCode::from(status)
        }
    }
}

/// A store that is named needs no configuration; its digests are then beside it.
fn desk(
    store: Option<PathBuf>,
    config: Option<PathBuf>,
    lang: Option<Lang>,
    environment: &Environment,
) -> Result<Desk, ExitCode> {
    let now = Timestamp::now();
    let plain = |dir: PathBuf, logs: PathBuf| Desk {
        layout: Layout::new(&dir),
        logs,
        zone: TimeZone::system(),
        accounts: Vec::new(),
        lang: lang.unwrap_or_else(|| environment.language()),
        now,
    };
    if let Some(dir) = store {
        let logs = environment.log_dir(Some(&dir));
        return Ok(plain(dir, logs));
    }
    if config.is_none() && !environment.config_path().exists() {
        return Ok(plain(environment.state_dir(), environment.log_dir(None)));
    }
    let config = load(config, lang, environment)?;
    Ok(Desk {
        layout: Layout::new(&config.state_dir),
        logs: config.log_dir,
        zone: config.timezone,
        accounts: config.accounts.into_iter().map(|account| account.name).collect(),
        lang: lang.unwrap_or(config.language),
        now,
    })
}

impl Desk {
    /// The digest that was written last; where there is none yet, today so far.
    fn latest(&self) -> Result<Day, Stop> {
        match self.written().last() {
            Some(date) => self.of(*date),
            None => self.of(self.zone.to_datetime(self.now).date()),
        }
    }

    /// Dates of the files, ascending.
    fn written(&self) -> Vec<Date> {
        let names = std::fs::read_dir(&self.logs).into_iter().flatten().flatten();
        let mut dates: Vec<Date> =
            names.filter_map(|entry| date_of(&entry.file_name().to_string_lossy())).collect();
        dates.sort_unstable();
        dates
    }

    /// The file of a day; where there is none, what the record has of it.
    fn of(&self, date: Date) -> Result<Day, Stop> {
        let path = self.logs.join(file_name(date, Form::Json));
        match std::fs::read(&path) {
            Ok(octets) => return digest::from_json(&octets).map_err(|e| self.unreadable(&path, &e)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(self.unreadable(&path, &e)),
        }
        let period = Period::of(date, &self.zone).ok_or_else(|| self.no_date(&date.to_string()))?;
        if period.start > self.now {
            return Err(Stop(
                self.lang.pick("その日はまだ来ていません", "that day has not come yet").to_owned(),
                EX_USAGE,
            ));
        }
        let written = written(&self.layout).map_err(|e| self.unreadable(self.layout.dir(), &e))?;
        // As the digest of that day began, or is going to begin.
        let from = match written.days.get(&date) {
            Some((first, _)) => From::Record(*first),
            None if written.last == date.yesterday().ok() => From::Record(written.next_seq()),
            None => From::Time(period.start),
        };
        self.look(from, Scope::SoFar, period)
    }

    fn since(&self, since: &str) -> Result<Day, Stop> {
        let from = self.point(since).filter(|from| *from < self.now).ok_or_else(|| self.no_date(since))?;
        let date = self.zone.to_datetime(self.now).date();
        self.look(From::Time(from), Scope::Stretch, Period { date, start: from, end: self.now })
    }

    /// RFC 3339, a date, `24h`, `7d`.
    fn point(&self, text: &str) -> Option<Timestamp> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(at);
        }
        if let Ok(date) = text.parse::<Date>() {
            return Some(Period::of(date, &self.zone)?.start);
        }
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let number: i64 = number.parse().ok().filter(|number| *number > 0)?;
        let hours = match unit {
            "h" => number,
            "d" => number.checked_mul(24)?,
            "w" => number.checked_mul(24 * 7)?,
            _ => return None,
        };
        let length = SignedDuration::from_secs(hours.checked_mul(3600)?);
        self.now.checked_sub(length).ok()
    }

    fn look(&self, from: From, scope: Scope, period: Period) -> Result<Day, Stop> {
        let accounts = self.accounts.iter().map(|name| (name.clone(), None)).collect();
        let facts = Facts { accounts, ..Facts::default() };
        let asked = Asked::Look(from, scope, period);
        let mut days = digests(&self.layout, &self.zone, self.now, asked, facts)
            .map_err(|e| self.unreadable(self.layout.dir(), &e))?;
        days.pop().ok_or_else(|| self.unreadable(self.layout.dir(), &"-"))
    }

    fn no_date(&self, given: &str) -> Stop {
        Stop(
            match self.lang {
                Lang::Ja => format!("日付や時刻として読めません: {given}（例: 2026-11-23、24h、7d）"),
                Lang::En => format!("not a date or time in the past: {given} (such as 2026-11-23, 24h, 7d)"),
            },
            EX_USAGE,
        )
    }

    fn unreadable(&self, path: &std::path::Path, why: &dyn std::fmt::Display) -> Stop {
        let path = path.display();
        Stop(
            match self.lang {
                Lang::Ja => format!("{path} を読めません: {why}"),
                Lang::En => format!("{path} cannot be read: {why}"),
            },
            1,
        )
    }
}
