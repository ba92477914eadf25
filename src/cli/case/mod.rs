//! `komainu case`: which mail belongs together, what the person tells of it, and the bundle for a desk.
//!
//! Exit status: 0; 1 where it could not be done; 64 where there is no such case or message.

mod find;
mod print;
mod report;
mod write;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::text::Lang;
use super::{EX_USAGE, complain, load};
use crate::config::Environment;
use crate::control;
use crate::store::read::Reading;
use crate::store::{Error, Layout};

/// `komainu case …`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = false)]
pub(super) struct Arguments {
    /// The state directory that holds the evidence [default: that of the configuration]
    #[arg(long, global = true, value_name = "DIR")]
    store: Option<PathBuf>,
    /// The configuration that names it [default: /etc/komainu/komainu.toml, or the user's own]
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "store")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every case
    List {
        /// How to print it
        #[arg(long, value_enum, default_value = "human")]
        format: Format,
    },
    /// Open a case: chosen messages under a name, or all mail of one sender, past and to come
    Open {
        /// What it is called
        #[arg(long, value_name = "TEXT", required_unless_present = "sender")]
        name: Option<String>,
        /// All mail whose From address is this one
        #[arg(long, value_name = "ADDRESS", conflicts_with = "name")]
        sender: Option<String>,
        /// Evidence ids, or their first 8 characters or more
        #[arg(value_name = "ID", conflicts_with = "sender")]
        ids: Vec<String>,
    },
    /// Put messages into a case
    Add {
        /// Number of the case, or an evidence id
        #[arg(value_name = "CASE")]
        case: String,
        /// Evidence ids, or their first 8 characters or more
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// What is known of a case
    Show {
        /// Number of the case, or an evidence id
        #[arg(value_name = "CASE")]
        case: String,
        /// How to print it
        #[arg(long, value_enum, default_value = "human")]
        format: Format,
    },
    /// Write down what you did or saw: paid, clicked, called
    Note {
        /// Number of the case, or an evidence id
        #[arg(value_name = "CASE")]
        case: String,
        /// Your account
        #[arg(value_name = "TEXT")]
        text: String,
        /// When it happened, such as 2026-11-25T09:00 [default: it is not said]
        #[arg(long, value_name = "TIME")]
        when: Option<String>,
    },
    /// Keep everything of a case, whatever its age
    Hold {
        /// Number of the case, or an evidence id
        #[arg(value_name = "CASE")]
        case: String,
        /// On, or off again
        #[arg(value_enum, value_name = "on|off")]
        held: Switch,
    },
    /// Write the bundle for police, consumer centre or lawyer
    ///
    /// Makes <case>-full and <case>-full.zip (or -lite) in a directory; nothing is overwritten. With --lang the report is
    /// in that language only.
    Report {
        /// Number of the case, or an evidence id
        #[arg(value_name = "CASE")]
        case: String,
        /// Where to write it
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// All of it, what can be sent by mail (4.5 MB at most), or both
        #[arg(long, value_enum, default_value = "full")]
        variant: VariantArgument,
    },
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum VariantArgument {
    Full,
    Lite,
    Both,
}

/// Where to read and write, and how to tell it.
struct Desk {
    dir: PathBuf,
    zone: TimeZone,
    lang: Lang,
    now: Timestamp,
}

/// Why a command stops: what to say, and the exit status.
struct Stop(String, u8);

impl Stop {
    fn usage(what: String) -> Self {
        Self(what, EX_USAGE)
    }

    fn failed(what: String) -> Self {
        Self(what, 1)
    }
}

impl Desk {
    fn read(&self) -> Result<Reading, Stop> {
        Reading::of(&Layout::new(&self.dir)).map_err(|error| self.store(&error))
    }

    /// What went wrong with the store, in words.
    fn store(&self, error: &Error) -> Stop {
        let dir = self.dir.display();
        Stop::failed(match self.lang {
            Lang::Ja => format!("{dir} の証拠を読めません: {error}"),
            Lang::En => format!("the evidence in {dir} cannot be read: {error}"),
        })
    }

    /// Why nothing was put on record, in words.
    fn not_done(&self, error: &control::Error) -> Stop {
        Stop::failed(match self.lang {
            Lang::Ja => format!("記録できませんでした: {error}"),
            Lang::En => format!("it could not be put on record: {error}"),
        })
    }
}

/// Does what was asked.
pub(super) fn case(arguments: Arguments, lang: Option<Lang>, environment: &Environment) -> ExitCode {
    let desk = match desk(arguments.store.as_deref(), arguments.config, lang, environment) {
        Ok(desk) => desk,
        Err(status) => return status,
    };
    let done = match arguments.what {
        What::List { format } => print::list(&desk, format),
        What::Open { name, sender, ids } => write::open(&desk, name, sender, &ids),
        What::Add { case, ids } => write::add(&desk, &case, &ids),
        What::Show { case, format } => print::show(&desk, &case, format),
        What::Note { case, text, when } => write::note(&desk, &case, text, when.as_deref()),
        What::Hold { case, held } => write::hold(&desk, &case, held == Switch::On),
        What::Report { case, out, variant } => report::report(&desk, &case, &out, variant, lang),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop(what, status)) => {
            complain(&what);
            ExitCode::from(status)
        }
    }
}

/// A store that is named needs no configuration; else the configuration says where it is, and in which time zone.
fn desk(
    store: Option<&Path>,
    config: Option<PathBuf>,
    lang: Option<Lang>,
    environment: &Environment,
) -> Result<Desk, ExitCode> {
    let now = Timestamp::now();
    let lang_or = |other| lang.unwrap_or(other);
    if let Some(dir) = store {
        let lang = lang_or(environment.language());
        return Ok(Desk { dir: dir.to_owned(), zone: TimeZone::system(), lang, now });
    }
    if config.is_none() && !environment.config_path().exists() {
        let lang = lang_or(environment.language());
        return Ok(Desk { dir: environment.state_dir(), zone: TimeZone::system(), lang, now });
    }
    let config = load(config, lang, environment)?;
    let lang = lang_or(config.language);
    Ok(Desk { dir: config.state_dir, zone: config.timezone, lang, now })
}
