//! `komainu learn`: what the person's releases and reports have taught about senders.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::{Desk, Format, Place, Stop, status};
use super::text::{Lang, padded};
use crate::case::timeline::{minute, utc};
use crate::config::Environment;
use crate::control::{Request, act};
use crate::evidence::{Entry, Lesson};
use crate::message::Excerpt;

/// `komainu learn …`
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
    /// What is learned
    List {
        /// How to print it
        #[arg(long, value_enum, default_value = "human")]
        format: Format,
    },
    /// Take it back; everything is then as if it had never been learned
    Undo {
        /// Evidence ids of the messages that it was learned from, or their first 8 characters or more
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
}

/// Does what was asked.
pub(super) fn learn(arguments: Arguments, lang: Option<Lang>, environment: &Environment) -> ExitCode {
    let desk = match Desk::at(arguments.place, lang, environment) {
        Ok(desk) => desk,
        Err(status) => return status,
    };
    let done = match arguments.what {
        What::List { format } => list(&desk, format),
        What::Undo { ids } => undo(&desk, &ids),
    };
    status(done)
}

/// What a lesson says, in a few words.
pub(super) fn lesson_word(lesson: Lesson, lang: Lang) -> &'static str {
    match lesson {
        Lesson::Wanted => lang.pick("必要（戻した）", "wanted (released)"),
        Lesson::Unwanted => lang.pick("不要（隔離した）", "unwanted (reported)"),
    }
}

fn list(desk: &Desk, format: Format) -> Result<(), Stop> {
    let reading = desk.read()?;
    let lessons = reading.ledger.lessons();
    for (id, at, lesson, sha256) in &lessons {
        let sender = reading.sender(*sha256).map_err(|error| desk.store(&error))?;
        if format == Format::Json {
            let (address, domain) = sender
                .map(|note| (note.sender, note.domain))
                .map_or((None, None), |(a, d)| (Some(a), Some(d)));
            println!(
                "{}",
                json!({"evidence_id": id, "at": utc(*at), "lesson": lesson, "sender": address, "domain": domain})
            );
            continue;
        }
        let erased = || desk.lang.pick("（消去済み: 数えません）", "(erased: does not count)").to_owned();
        let sender = sender.map_or_else(erased, |note| Excerpt::line(&note.sender, 60).to_string());
        let word = padded(lesson_word(*lesson, desk.lang), 19);
        println!("{}  {word}  {sender}  {id}", minute(*at, &desk.zone));
    }
    if lessons.is_empty() && format == Format::Human {
        println!(
            "{}",
            desk.lang.pick(
                "まだ何も学習していません。受信サーバーが本物と確認した差出人のメールを隔離から戻すか、隔離先へ移すと学習します",
                "nothing is learned yet: it is when you take out of quarantine, or put there, mail of a sender whom the receiving server vouches for"
            )
        );
    }
    Ok(())
}

fn undo(desk: &Desk, named: &[String]) -> Result<(), Stop> {
    let reading = desk.read()?;
    let standing = reading.ledger.lessons();
    let mut chosen = Vec::new();
    for name in named {
        let id = desk.message(&reading, name)?;
        let Some(lesson) = standing.iter().find(|(of, ..)| *of == id) else {
            return Err(Stop::usage(match desk.lang {
                Lang::Ja => {
                    format!("{id} から学習したことはありません。komainu learn list で一覧を見られます")
                }
                Lang::En => format!("nothing is learned from {id}; komainu learn list shows what is"),
            }));
        };
        if !chosen.contains(lesson) {
            chosen.push(*lesson);
        }
    }
    desk.record(chosen.iter().map(|(id, ..)| Entry::Unlearned { id: *id }).collect())?;
    for (id, _, _, sha256) in chosen {
        // Whom it was about is nobody's business any more.
        act(&desk.dir, Request::EraseNote { sha256 }).map_err(|error| desk.not_done(&error))?;
        match desk.lang {
            Lang::Ja => {
                println!("{id} からの学習を取り消しました。判定は、学習しなかったときと同じになります");
            }
            Lang::En => println!(
                "what was learned from {id} is taken back: judging is as if it had never been learned"
            ),
        }
    }
    Ok(())
}
