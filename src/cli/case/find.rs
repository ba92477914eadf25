//! Which case, which message is meant.

use super::{Desk, Stop, write};
use crate::case::Case;
use crate::cli::ids;
use crate::cli::text::Lang;
use crate::evidence::{CaseId, EvidenceId};
use crate::store::read::Reading;

/// A case by its number or by a message in it.
pub(super) fn case(desk: &Desk, reading: &Reading, named: &str) -> Result<Case, Stop> {
    if let Ok(id) = named.parse::<CaseId>() {
        return reading.case(id).ok_or_else(|| no_case(desk, named));
    }
    let id = message(desk, reading, named)?;
    of_message(reading, id).ok_or_else(|| {
        Stop::usage(match desk.lang {
            Lang::Ja => format!("{id} はまだどの事案にも入っていません。komainu case report で作成されます"),
            Lang::En => format!("{id} is in no case yet; komainu case report opens one"),
        })
    })
}

/// The same; where the message is in no case, one is opened: of its sender, or of itself.
pub(super) fn or_open(desk: &Desk, named: &str) -> Result<(Reading, CaseId), Stop> {
    let reading = desk.read()?;
    if let Ok(id) = named.parse::<CaseId>() {
        let known = reading.ledger.cases().any(|one| one == id);
        return if known { Ok((reading, id)) } else { Err(no_case(desk, named)) };
    }
    let message = message(desk, &reading, named)?;
    if let Some(case) = of_message(&reading, message) {
        return Ok((reading, case.id));
    }
    let letter = reading.letter(message).map_err(|error| desk.store(&error))?;
    let sender = letter.as_ref().and_then(crate::case::Letter::sender);
    let name = sender.is_none().then(|| message.to_string());
    let id = write::opened(desk, &reading, name, sender, &[message])?;
    Ok((desk.read()?, id))
}

/// The case opened first that a message is in.
fn of_message(reading: &Reading, id: EvidenceId) -> Option<Case> {
    reading.cases().into_iter().find(|case| case.members.iter().any(|member| member.id == id))
}

/// A message by its evidence id or the beginning of one.
pub(super) fn message(desk: &Desk, reading: &Reading, named: &str) -> Result<EvidenceId, Stop> {
    ids::message(&reading.ledger, named, desk.lang).map_err(Stop::usage)
}

fn no_case(desk: &Desk, named: &str) -> Stop {
    Stop::usage(match desk.lang {
        Lang::Ja => format!("事案 {named} はありません。komainu case list で一覧を見られます"),
        Lang::En => format!("there is no case {named}; komainu case list shows those there are"),
    })
}
