//! `komainu digest`: what a day brought, as it was written, or, where that is not yet, as the record has it.
//!
//! Exit status: 0; 1 where it cannot be read; 64 where a date or time is none.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::EX_USAGE;
use super::desk::{Desk, Place, Stop, status};
use super::text::Lang;
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
    #[command(flatten)]
    place: Place,
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

/// Where digests are, and the record that they are made of.
struct Shelf {
    desk: Desk,
    layout: Layout,
}

/// Prints the digest that was asked for.
pub(super) fn digest(arguments: Arguments, lang: Option<Lang>, environment: &Environment) -> ExitCode {
    let desk = match Desk::at(arguments.place, lang, environment) {
        Ok(desk) => desk,
        Err(status) => return status,
    };
    let lang = desk.lang;
    let shelf = Shelf { layout: Layout::new(&desk.dir), desk };
    let found = match (&arguments.date, &arguments.since) {
        (_, Some(since)) => shelf.since(since),
        (Some(date), None) => date.parse().map_err(|_| shelf.no_date(date)).and_then(|date| shelf.of(date)),
        (None, None) => shelf.latest(),
    };
    status(found.map(|day| match arguments.format {
        Format::Text => print!("{}", digest::text(&day, lang)),
        Format::Json => print!("{}", digest::json(&day)),
        Format::Html => print!("{}", digest::html(&day, lang)),
    }))
}

impl Shelf {
    /// The digest that was written last; where there is none yet, today so far.
    fn latest(&self) -> Result<Day, Stop> {
        match self.written().last() {
            Some(date) => self.of(*date),
            None => self.of(self.desk.zone.to_datetime(self.desk.now).date()),
        }
    }

    /// Dates of the files, ascending.
    fn written(&self) -> Vec<Date> {
        let names = std::fs::read_dir(&self.desk.logs).into_iter().flatten().flatten();
        let mut dates: Vec<Date> =
            names.filter_map(|entry| date_of(&entry.file_name().to_string_lossy())).collect();
        dates.sort_unstable();
        dates
    }

    /// The file of a day; where there is none, what the record has of it.
    fn of(&self, date: Date) -> Result<Day, Stop> {
        let path = self.desk.logs.join(file_name(date, Form::Json));
        match std::fs::read(&path) {
            Ok(octets) => return digest::from_json(&octets).map_err(|e| self.unreadable(&path, &e)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(self.unreadable(&path, &e)),
        }
        let period = Period::of(date, &self.desk.zone).ok_or_else(|| self.no_date(&date.to_string()))?;
        if period.start > self.desk.now {
            return Err(Stop(
                self.desk.lang.pick("その日はまだ来ていません", "that day has not come yet").to_owned(),
                EX_USAGE,
            ));
        }
        self.desk.begun()?;
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
        let from =
            self.point(since).filter(|from| *from < self.desk.now).ok_or_else(|| self.no_date(since))?;
        let date = self.desk.zone.to_datetime(self.desk.now).date();
        self.look(From::Time(from), Scope::Stretch, Period { date, start: from, end: self.desk.now })
    }

    /// RFC 3339, a date, `24h`, `7d`.
    fn point(&self, text: &str) -> Option<Timestamp> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(at);
        }
        if let Ok(date) = text.parse::<Date>() {
            return Some(Period::of(date, &self.desk.zone)?.start);
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
        self.desk.now.checked_sub(length).ok()
    }

    fn look(&self, from: From, scope: Scope, period: Period) -> Result<Day, Stop> {
        let accounts = self.accounts();
        self.desk.begun()?;
        let facts = Facts { accounts, ..Facts::default() };
        let asked = Asked::Look(from, scope, period);
        let mut days = digests(&self.layout, &self.desk.zone, self.desk.now, asked, facts)
            .map_err(|e| self.unreadable(self.layout.dir(), &e))?;
        days.pop().ok_or_else(|| self.unreadable(self.layout.dir(), &"-"))
    }

    fn accounts(&self) -> Vec<(String, Option<Timestamp>)> {
        let all = self.desk.config.iter().flat_map(|config| &config.accounts);
        all.map(|account| (account.name.clone(), None)).collect()
    }

    fn no_date(&self, given: &str) -> Stop {
        Stop(
            match self.desk.lang {
                Lang::Ja => format!("日付や時刻として読めません: {given}（例: 2026-11-23、24h、7d）"),
                Lang::En => format!("not a date or time in the past: {given} (such as 2026-11-23, 24h, 7d)"),
            },
            EX_USAGE,
        )
    }

    fn unreadable(&self, path: &std::path::Path, why: &dyn std::fmt::Display) -> Stop {
        let path = path.display();
        Stop(
            match self.desk.lang {
                Lang::Ja => format!("{path} を読めません: {why}"),
                Lang::En => format!("{path} cannot be read: {why}"),
            },
            1,
        )
    }
}
