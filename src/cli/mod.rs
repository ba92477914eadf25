//! The command line: the only place that prints, exits or reads arguments.
//!
//! Exit statuses of the service are sysexits, and systemd does not restart on them: 64 usage, 77 refused by the
//! server, 78 configuration. `scan` follows clamscan: 0 none found, 1 threat found, 2 error. `indicators`: 0, or 64 where
//! there is no indicator of that id.

/// As the standard library's, which panics where nobody reads any more.
macro_rules! print {
    ($($text:tt)*) => { $crate::cli::out::put(format_args!($($text)*)) };
}
/// As the standard library's, which panics where nobody reads any more.
macro_rules! println {
    () => { $crate::cli::out::put(format_args!("\n")) };
    ($($text:tt)*) => { $crate::cli::out::put(format_args!("{}\n", format_args!($($text)*))) };
}

mod accounts;
mod backlog;
mod case;
pub mod check;
mod demand;
#[cfg(feature = "demo")]
mod demo;
mod desk;
mod digest;
mod evidence;
mod help;
mod ids;
mod indicators;
mod learn;
mod logging;
mod metrics;
mod online;
mod out;
mod quarantine;
mod run;
mod scan;
mod server;
mod setup;
mod status;
mod tables;
mod text;
mod usage;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use self::text::Lang;
use crate::config::{Config, Environment};
use crate::indicator::Context;

/// sysexits: the command line was used wrongly.
const EX_USAGE: u8 = 64;
/// sysexits: the server does not let us in.
const EX_NOPERM: u8 = 77;
/// sysexits: the configuration is wrong.
const EX_CONFIG: u8 = 78;

/// Watches mailboxes, moves scams and threats to quarantine without ever replying, and keeps evidence.
#[derive(Debug, Parser)]
#[command(name = "komainu", version, about, disable_help_subcommand = true)]
struct Arguments {
    /// Language of what is printed [default: from the locale]
    #[arg(long, global = true, value_name = "ja|en")]
    lang: Option<LangArgument>,
    /// More log; twice for all. Never mail content, never secrets
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LangArgument {
    Ja,
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The service: watch, judge, record, move
    Run {
        /// The configuration [default: /etc/komainu/komainu.toml, or the user's own]
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Also judge what came in this long before now, such as 30d or 12h; once
        #[arg(long, value_name = "DURATION")]
        backlog: Option<String>,
    },
    /// See it work: no account, no server, no root
    #[cfg(feature = "demo")]
    Demo {
        /// Leave evidence and configuration in this empty or new folder
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// Go on until Ctrl-C, and say how to look in with a mail program
        #[arg(long)]
        keep: bool,
    },
    /// Judge .eml files, folders, Maildirs or mboxes; no network
    ///
    /// Without --config and --now the judgement depends on the message alone. Exit status: 0 no threat, 1 a threat was
    /// found, 2 something could not be read.
    Scan {
        /// How to print the result
        #[arg(long, value_enum, default_value = "human")]
        format: scan::Format,
        /// Judge as with this configuration: its thresholds, tables, addresses and authserv-ids
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Of the configuration, this account only
        #[arg(long, value_name = "NAME", requires = "config")]
        account: Option<String>,
        /// Judge as if it were this time (RFC 3339), such as 2026-11-25T09:00:00+09:00
        #[arg(long, value_name = "TIME")]
        now: Option<jiff::Timestamp>,
        /// With each finding, why it matters and what a genuine sender would have done
        #[arg(long)]
        explain: bool,
        /// Messages judged at once [default: as many as there are processors, 8 at most]
        #[arg(long, value_name = "N")]
        jobs: Option<NonZeroUsize>,
        /// What to read; `-` is standard input
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// What is looked for: each indicator, why it matters, what a genuine sender would have done
    ///
    /// Exit status: 0; 64 where there is no indicator of that id.
    Indicators {
        /// Everything about this one
        #[arg(value_name = "ID")]
        id: Option<String>,
        /// How to print it; markdown is the page docs/indicators.md
        #[arg(long, value_enum, default_value = "human")]
        format: indicators::Format,
    },
    /// Mail that belongs together: what is known of it, and the bundle for police, consumer centre or lawyer
    ///
    /// Exit status: 0; 1 where it could not be done; 64 where there is no such case or message.
    Case(case::Arguments),
    /// What a day brought: what was found, what was done, what could not be watched
    ///
    /// Exit status: 0; 1 where it cannot be read; 64 where a date or time is none.
    Digest(digest::Arguments),
    /// What was stopped: list it, look at it without danger, have it moved back
    ///
    /// Exit status: 0; 1 where it could not be done; 64 where there is no such message.
    Quarantine(quarantine::Arguments),
    /// What your releases and reports have taught about senders, and taking it back
    ///
    /// Exit status: 0; 1 where it could not be done; 64 where nothing was learned from that message.
    Learn(learn::Arguments),
    /// The evidence record: verify it, make its index again
    Evidence(evidence::Arguments),
    /// Is it watching; since when; last message; last error
    ///
    /// Exit status: 0 every account is watched, 1 something needs a look, 3 no service is running.
    Status(status::Arguments),
    /// Questions and answers to a configuration that works
    ///
    /// Exit status: 0 where what was written passes `check --online`; 64, 77 and 78 as the service; 1 otherwise. Nothing is
    /// written where it ends early.
    Setup(Box<setup::Arguments>),
    /// Is the configuration right, and what will be done
    Check {
        /// The configuration [default: /etc/komainu/komainu.toml, or the user's own]
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Also sign in to each account and look at this machine; nothing is written
        #[arg(long)]
        online: bool,
    },
}

/// The whole command line, described in a language; for completions and manual pages (`examples/generate`).
pub fn command_line(language: Lang) -> clap::Command {
    help::spoken(Arguments::command(), language)
}

/// Reads the arguments and does what they say.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let status = command(arguments);
    if out::lost() { ExitCode::FAILURE } else { status }
}

fn command(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let environment = Environment::of_process();
    let words: Vec<OsString> = arguments.into_iter().collect();
    let spoken = help::language(&words, &environment);
    let command = help::spoken(Arguments::command(), spoken);
    let parsed =
        command.try_get_matches_from(words).and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            match usage::japanese(&error).filter(|_| spoken == Lang::Ja) {
                Some(said) => complain(&said),
                // Help and version are no errors; clap prints them to the right stream.
                None => _ = error.print(),
            }
            return if error.use_stderr() { ExitCode::from(EX_USAGE) } else { ExitCode::SUCCESS };
        }
    };
    let chosen = arguments.lang.map(|lang| match lang {
        LangArgument::Ja => Lang::Ja,
        LangArgument::En => Lang::En,
    });
    let lang = chosen.unwrap_or_else(|| environment.language());
    match arguments.command {
        Command::Run { config, backlog } => {
            run::run(config, backlog.as_deref(), chosen, arguments.verbose, &environment)
        }
        #[cfg(feature = "demo")]
        Command::Demo { dir, keep } => {
            if arguments.verbose > 0 {
                logging::start(arguments.verbose);
            }
            demo::demo(dir.as_deref(), keep, lang)
        }
        Command::Scan { format, config, account, now, explain, jobs, paths } => {
            let basis = match scan_basis(config, account.as_deref(), chosen, &environment) {
                Ok(basis) => scan::Basis { context: Context { received_at: now, ..basis.context }, ..basis },
                Err(status) => return status,
            };
            scan::scan(&scan::Wanted { paths, jobs, format, explain }, &basis, lang)
        }
        Command::Indicators { id, format } => indicators::indicators(id.as_deref(), format, lang),
        Command::Case(arguments) => case::case(arguments, chosen, &environment),
        Command::Digest(arguments) => digest::digest(arguments, chosen, &environment),
        Command::Quarantine(arguments) => quarantine::quarantine(arguments, chosen, &environment),
        Command::Learn(arguments) => learn::learn(arguments, chosen, &environment),
        Command::Evidence(arguments) => evidence::evidence(arguments, chosen, &environment),
        Command::Status(arguments) => status::status(arguments, chosen, &environment),
        Command::Setup(arguments) => setup::setup(&arguments, chosen, &environment),
        Command::Check { config, online } => {
            let config = match load(config, chosen, &environment) {
                Ok(config) => config,
                Err(status) => return status,
            };
            let lang = chosen.unwrap_or(config.language);
            let report = check::report(&config, &environment, lang);
            print!("{}", report.text);
            if !report.ok {
                return ExitCode::from(EX_CONFIG);
            }
            if online && !online::check(&config, &environment, lang) {
                return ExitCode::FAILURE;
            }
            ExitCode::SUCCESS
        }
    }
}

/// What `scan` judges by: nothing but the program, or a configuration.
fn scan_basis(
    config: Option<PathBuf>,
    account: Option<&str>,
    lang: Option<Lang>,
    environment: &Environment,
) -> Result<scan::Basis, ExitCode> {
    let Some(path) = config else { return Ok(scan::Basis::default()) };
    let config = load(Some(path), lang, environment)?;
    let lang = lang.unwrap_or(config.language);
    let tables = config.tables().map_err(|broken| {
        for faults in broken {
            complain(&faults.render(lang));
        }
        ExitCode::from(EX_CONFIG)
    })?;
    let chosen: Vec<_> =
        config.accounts.iter().filter(|one| account.is_none_or(|name| name == one.name)).cloned().collect();
    if chosen.is_empty() {
        let names: Vec<&str> = config.accounts.iter().map(|account| account.name.as_str()).collect();
        let names = names.join(", ");
        complain(&match lang {
            Lang::Ja => format!("--account: その名前のアカウントはありません。あるのは: {names}"),
            Lang::En => format!("--account: no account of that name; there are: {names}"),
        });
        return Err(ExitCode::from(EX_USAGE));
    }
    Ok(scan::Basis { context: accounts::context(&config, &chosen, &tables), thresholds: config.thresholds })
}

/// Loads the configuration, or says all that is wrong with it and gives the exit status.
fn load(config: Option<PathBuf>, lang: Option<Lang>, environment: &Environment) -> Result<Config, ExitCode> {
    let path = config.unwrap_or_else(|| environment.config_path());
    Config::load(&path, environment).map_err(|faults| {
        complain(faults.render(lang.unwrap_or(faults.language)).trim_end());
        ExitCode::from(EX_CONFIG)
    })
}

/// Says what went wrong, on standard error.
fn complain(what: &str) {
    out::tell(format_args!("{what}\n"));
}
