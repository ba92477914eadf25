//! `komainu case`: which mail belongs together, what the person tells of it, and the bundle for a desk.
//!
//! Exit status: 0; 1 where it could not be done; 64 where there is no such case or message.

mod find;
mod print;
mod report;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use super::desk::{Desk, Format, Place, Stop, status};
use super::text::Lang;
use crate::config::Environment;

/// `komainu case …`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = false)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: Place,
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

/// Does what was asked.
pub(super) fn case(arguments: Arguments, lang: Option<Lang>, environment: &Environment) -> ExitCode {
    let desk = match Desk::at(arguments.place, lang, environment) {
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
    status(done)
}
