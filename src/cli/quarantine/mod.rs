//! `komainu quarantine`: what was stopped, looked at without danger, and moved back.
//!
//! Exit status: 0; 1 where it could not be done; 64 where there is no such message.

mod advice;
mod exhibit;
mod json;
mod list;
mod release;
mod show;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::desk::{Desk, Format, Place, status};
use super::text::Lang;
use crate::case::{Standing, Whereabouts};
use crate::config::Environment;

/// `komainu quarantine …`
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
    /// What stands in quarantine, by the record
    List {
        /// How to print it
        #[arg(long, value_enum, default_value = "human")]
        format: Format,
        /// Also what was released, erased, or never moved
        #[arg(long)]
        all: bool,
    },
    /// What a message is, why it was stopped, and what to do; text only, no network
    Show {
        /// Evidence id, or its first 8 characters or more
        #[arg(value_name = "ID")]
        id: String,
        /// Also its text: links cannot be followed, files are named and not opened
        #[arg(long)]
        text: bool,
        /// How to print it
        #[arg(long, value_enum, default_value = "human")]
        format: Format,
    },
    /// Have messages moved back to where they came from; the same mail is never moved again
    Release {
        /// Evidence ids, or their first 8 characters or more
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
}

/// Does what was asked.
pub(super) fn quarantine(arguments: Arguments, lang: Option<Lang>, environment: &Environment) -> ExitCode {
    let desk = match Desk::at(arguments.place, lang, environment) {
        Ok(desk) => desk,
        Err(status) => return status,
    };
    let done = match arguments.what {
        What::List { format, all } => list::list(&desk, format, all),
        What::Show { id, text, format } => show::show(&desk, &id, text, format),
        What::Release { ids } => release::release(&desk, &ids),
    };
    status(done)
}

/// Where a message stands, in a few words.
fn place_word(standing: &Standing, lang: Lang) -> &'static str {
    match standing.place {
        Whereabouts::Left => lang.pick("動かしていない", "not moved"),
        Whereabouts::Quarantined if standing.reported => {
            lang.pick("隔離中（あなたが移動）", "quarantined by you")
        }
        Whereabouts::Quarantined => lang.pick("隔離中", "quarantined"),
        Whereabouts::Asked => lang.pick("戻す途中", "to be moved back"),
        Whereabouts::Refused(_) => lang.pick("戻せなかった", "could not be moved back"),
        Whereabouts::Gone => lang.pick("隔離先にない", "no longer there"),
        Whereabouts::Released => lang.pick("戻した", "released"),
    }
}

/// The machine word for it.
fn place_code(standing: &Standing) -> &'static str {
    match standing.place {
        Whereabouts::Left => "not-moved",
        Whereabouts::Quarantined => "quarantined",
        Whereabouts::Asked => "release-asked",
        Whereabouts::Refused(_) => "release-refused",
        Whereabouts::Gone => "gone",
        Whereabouts::Released => "released",
    }
}
