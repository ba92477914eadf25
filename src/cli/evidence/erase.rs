//! `komainu evidence erase`: the content of messages goes for good, and the record says so.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use crate::cli::text::Lang;
use crate::cli::{EX_USAGE, complain, ids};
use crate::control::{Answer, Request, act};
use crate::evidence::{Digest, EvidenceId};
use crate::store::Layout;
use crate::store::read::Reading;

/// Erases what is named, after asking.
pub(super) fn run(store: &Path, named: &[String], yes: bool, lang: Lang) -> ExitCode {
    match erase(store, named, yes, lang) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err((why, status)) => {
            complain(&why);
            ExitCode::from(status)
        }
    }
}

/// What is to go.
enum What {
    Message(EvidenceId),
    Note(Digest),
}

fn erase(store: &Path, named: &[String], yes: bool, lang: Lang) -> Result<String, (String, u8)> {
    let layout = Layout::new(store);
    let reading = Reading::of(&layout).map_err(|error| (error.to_string(), 1))?;
    let mut messages = Vec::new();
    let mut notes = Vec::new();
    for one in named {
        match find(&reading, one, lang).map_err(|why| (why, EX_USAGE))? {
            What::Message(id) => messages.push(id),
            What::Note(sha256) => notes.push(sha256),
        }
    }
    if let Some(why) = held(&reading, &messages, lang) {
        return Err((why, 1));
    }
    if !yes {
        ask(messages.len() + notes.len(), lang)?;
    }
    let failed = |error: crate::control::Error| (error.to_string(), 1);
    // A case of a sender knows its mail by what is about to go: from now on it knows these by their ids.
    let entries = reading.keep_in_cases(&messages);
    if !entries.is_empty() {
        act(store, Request::Record { entries, notes: Vec::new() }).map_err(failed)?;
    }
    let mut gone = notes.len();
    for sha256 in notes {
        act(store, Request::EraseNote { sha256 }).map_err(failed)?;
    }
    if let Answer::Erased { messages } = act(store, Request::Erase { ids: messages }).map_err(failed)? {
        gone += messages;
    }
    if gone == 0 {
        let before = lang.pick("すでに消去されています", "it was erased before");
        return Ok(before.to_owned());
    }
    Ok(match lang {
        Lang::Ja => format!("{gone} 件の内容を消去し、消去したことを記録しました"),
        Lang::En => format!("the content of {gone} was erased, and that is on record"),
    })
}

/// A message by its id, or a note by the SHA-256 that its file is called after.
fn find(reading: &Reading, named: &str, lang: Lang) -> Result<What, String> {
    match named.parse::<Digest>() {
        Ok(sha256) if reading.notes.contains_key(&sha256) => Ok(What::Note(sha256)),
        _ => ids::message(&reading.ledger, named, lang).map(What::Message),
    }
}

/// Why not: somebody wanted the case kept.
fn held(reading: &Reading, messages: &[EvidenceId], lang: Lang) -> Option<String> {
    let case = reading
        .cases()
        .into_iter()
        .find(|case| case.held && case.members.iter().any(|member| messages.contains(&member.id)))?;
    let id = case.id;
    Some(match lang {
        Lang::Ja => format!(
            "事案 {id} は保全中なので消去しません。消去するには、先に komainu case hold {id} off で保全を解いてください"
        ),
        Lang::En => {
            format!(
                "case {id} is held, so nothing of it is erased; to erase it all the same, first: komainu case hold {id} off"
            )
        }
    })
}

/// Asks whether it is meant; where nobody can be asked, it is not.
fn ask(count: usize, lang: Lang) -> Result<(), (String, u8)> {
    let refused = |ja: &str, en: &str, status| Err((lang.pick(ja, en).to_owned(), status));
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return refused(
            "消去は取り消せません。本当に消去するなら --yes をつけてください",
            "erasing cannot be undone; say --yes if it is meant",
            EX_USAGE,
        );
    }
    let question = match lang {
        Lang::Ja => format!(
            "{count} 件の内容（原本と分析）を消去します。元に戻せません。隔離先のメールそのものは消しません。\n消去しますか [y/N] "
        ),
        Lang::En => format!(
            "This erases the content (original and analysis) of {count}. It cannot be undone. Mail in the quarantine mailbox is not touched.\nErase? [y/N] "
        ),
    };
    print!("{question}");
    let _ = std::io::stdout().flush();
    let mut answer = String::new();
    let _ = stdin.lock().read_line(&mut answer);
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        Ok(())
    } else {
        refused("消去しませんでした", "nothing was erased", 1)
    }
}
