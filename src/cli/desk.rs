//! Which installation a command is about: its directories, time zone and language; and how a command stops.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::text::Lang;
use super::{EX_USAGE, complain, ids, load};
use crate::config::{Config, Environment};
use crate::control::{self, Request, act};
use crate::evidence::{Entry, EvidenceId};
use crate::store::read::Reading;
use crate::store::{Error, Layout};

/// Where the evidence is: named, or as a configuration says.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// The state directory that holds the evidence [default: that of the configuration]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) store: Option<PathBuf>,
    /// The configuration that names it [default: /etc/komainu/komainu.toml, or the user's own]
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "store")]
    pub(super) config: Option<PathBuf>,
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Where to read and write, and how to tell it.
pub(super) struct Desk {
    /// The state directory.
    pub(super) dir: PathBuf,
    /// Where digests are written.
    pub(super) logs: PathBuf,
    pub(super) zone: TimeZone,
    pub(super) lang: Lang,
    pub(super) now: Timestamp,
    /// None where the place was named, or where no configuration stands.
    pub(super) config: Option<Config>,
}

/// Why a command stops: what to say, and the exit status.
pub(super) struct Stop(pub(super) String, pub(super) u8);

impl Stop {
    pub(super) fn usage(what: String) -> Self {
        Self(what, EX_USAGE)
    }

    pub(super) fn failed(what: String) -> Self {
        Self(what, 1)
    }
}

/// The exit status of a command, after saying why it stopped.
pub(super) fn status(done: Result<(), Stop>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop(what, status)) => {
            complain(&what);
            ExitCode::from(status)
        }
    }
}

impl Desk {
    /// A place that is named needs no configuration; else the configuration says where it is, and in which time zone.
    pub(super) fn at(place: Place, lang: Option<Lang>, environment: &Environment) -> Result<Self, ExitCode> {
        let plain = |dir: PathBuf, logs: PathBuf| Self {
            dir,
            logs,
            zone: TimeZone::system(),
            lang: lang.unwrap_or_else(|| environment.language()),
            now: Timestamp::now(),
            config: None,
        };
        if let Some(dir) = place.store {
            let logs = environment.log_dir(Some(&dir));
            return Ok(plain(dir, logs));
        }
        if place.config.is_none() && !environment.config_path().exists() {
            return Ok(plain(environment.state_dir(), environment.log_dir(None)));
        }
        let config = load(place.config, lang, environment)?;
        Ok(Self {
            dir: config.state_dir.clone(),
            logs: config.log_dir.clone(),
            zone: config.timezone.clone(),
            lang: lang.unwrap_or(config.language),
            now: Timestamp::now(),
            config: Some(config),
        })
    }

    /// A message by its evidence id or the beginning of one.
    pub(super) fn message(&self, reading: &Reading, named: &str) -> Result<EvidenceId, Stop> {
        ids::message(&reading.ledger, named, self.lang).map_err(Stop::usage)
    }

    /// Writes into the record, or says why not.
    pub(super) fn record(&self, entries: Vec<Entry>) -> Result<(), Stop> {
        let request = Request::Record { entries, notes: Vec::new() };
        act(&self.dir, request).map(|_| ()).map_err(|error| self.not_done(&error))
    }

    /// That there is nothing to be read yet, where there is no record.
    pub(super) fn begun(&self) -> Result<(), Stop> {
        let dir = self.dir.display();
        if Layout::new(&self.dir).chain().is_dir() {
            return Ok(());
        }
        Err(Stop::failed(match self.lang {
            Lang::Ja => format!(
                "{dir} には、まだ記録がありません。サービスが動き始めると作られます（komainu run。設定がまだなら komainu setup）"
            ),
            Lang::En => format!(
                "there is no record in {dir} yet; it is made when the service runs (komainu run; without a configuration: komainu setup)"
            ),
        }))
    }

    pub(super) fn read(&self) -> Result<Reading, Stop> {
        self.begun()?;
        Reading::of(&Layout::new(&self.dir)).map_err(|error| self.store(&error))
    }

    /// What went wrong with the store, in words.
    pub(super) fn store(&self, error: &Error) -> Stop {
        let dir = self.dir.display();
        Stop::failed(match self.lang {
            Lang::Ja => format!("{dir} の証拠を読めません: {error}"),
            Lang::En => format!("the evidence in {dir} cannot be read: {error}"),
        })
    }

    /// Why nothing was put on record, in words.
    pub(super) fn not_done(&self, error: &control::Error) -> Stop {
        Stop::failed(match self.lang {
            Lang::Ja => format!("記録できませんでした: {error}"),
            Lang::En => format!("it could not be put on record: {error}"),
        })
    }
}
