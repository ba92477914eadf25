//! Cases opened, messages added, the person's own account: what goes into the record.

use std::fs::File;
use std::io::Read as _;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::{Desk, Stop, find};
use crate::case::{Case, Note, Subject};
use crate::cli::text::Lang;
use crate::control::{Request, act};
use crate::evidence::{CaseId, Digest, Entry, EvidenceId};
use crate::store::read::Reading;

/// Octets of what the person writes.
const LONGEST: usize = 32 * 1024;
/// Ids in one record: a line has its bound.
const IDS_AT_ONCE: usize = 1_000;

pub(super) fn open(
    desk: &Desk,
    name: Option<String>,
    sender: Option<String>,
    ids: &[String],
) -> Result<(), Stop> {
    let reading = desk.read()?;
    let ids = messages(desk, &reading, ids)?;
    let sender = sender.map(|address| address.trim().trim_matches(['<', '>']).to_lowercase());
    if sender.as_ref().is_some_and(|address| !is_address(address)) {
        return Err(Stop::usage(
            desk.lang
                .pick("--sender にはメールアドレスを指定してください", "--sender takes a mail address")
                .to_owned(),
        ));
    }
    let same = |case: &Case| sender.is_some() && case.subject == sender.clone().map(Subject::Sender);
    if let Some(case) = reading.cases().into_iter().find(same) {
        let (id, members) = (case.id, case.members.len());
        println!(
            "{}",
            match desk.lang {
                Lang::Ja => format!("この差出人の事案はすでにあります: {id}（メール {members} 通）"),
                Lang::En =>
                    format!("there is a case of this sender already: {id}, with {members} message(s)"),
            }
        );
        return Ok(());
    }
    let id = opened(desk, &reading, name, sender, &ids)?;
    let members = desk.read()?.case(id).map_or(0, |case| case.members.len());
    match desk.lang {
        Lang::Ja => println!("事案 {id} を作成しました（メール {members} 通）"),
        Lang::En => println!("case {id} is open, with {members} message(s)"),
    }
    Ok(())
}

/// One `@` with something on both sides, and nothing that no address has.
fn is_address(text: &str) -> bool {
    let mut parts = text.split('@');
    let some = |part: Option<&str>| part.is_some_and(|part| !part.is_empty());
    let whole = some(parts.next()) && some(parts.next()) && parts.next().is_none();
    whole && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Opens a case and gives its number.
pub(super) fn opened(
    desk: &Desk,
    reading: &Reading,
    name: Option<String>,
    sender: Option<String>,
    ids: &[EvidenceId],
) -> Result<CaseId, Stop> {
    let year = u16::try_from(desk.now.to_zoned_datetime(desk.zone.clone()).year()).unwrap_or_default();
    let subject = match sender {
        Some(sender) => Subject::Sender(sender),
        None => Subject::Named(name.unwrap_or_default()),
    };
    let mut id = reading.ledger.next_case(year);
    loop {
        let note = note_of(desk, id, None, subject.clone())?;
        let mut entries = vec![Entry::CaseOpened { case: id, sha256: Digest::of(&note) }];
        entries.extend(added(id, ids));
        match record(desk, entries, Some(note)) {
            Ok(()) => return Ok(id),
            // Somebody else took the number meanwhile.
            Err(stop) => match desk.read()?.ledger.next_case(year) {
                next if next == id => return Err(stop),
                next => id = next,
            },
        }
    }
}

pub(super) fn add(desk: &Desk, case: &str, ids: &[String]) -> Result<(), Stop> {
    let (reading, id) = find::or_open(desk, case)?;
    let ids = messages(desk, &reading, ids)?;
    record(desk, added(id, &ids), None)?;
    match desk.lang {
        Lang::Ja => println!("事案 {id} にメール {} 通を加えました", ids.len()),
        Lang::En => println!("{} message(s) put into case {id}", ids.len()),
    }
    Ok(())
}

pub(super) fn note(desk: &Desk, case: &str, text: String, when: Option<&str>) -> Result<(), Stop> {
    let when = when.map(|when| moment(desk, when)).transpose()?;
    let (_, id) = find::or_open(desk, case)?;
    let note = note_of(desk, id, when, Subject::Account(text))?;
    let entries = vec![Entry::CaseNote { case: id, sha256: Digest::of(&note) }];
    record(desk, entries, Some(note))?;
    match desk.lang {
        Lang::Ja => println!("事案 {id} に書き留めました"),
        Lang::En => println!("written down in case {id}"),
    }
    Ok(())
}

pub(super) fn hold(desk: &Desk, case: &str, held: bool) -> Result<(), Stop> {
    let (reading, id) = find::or_open(desk, case)?;
    // What the sender of a case sent belongs to it without a record of its own; what is held needs one.
    let members = reading.case(id).map(|case| case.members).unwrap_or_default();
    let ids: Vec<EvidenceId> = members.iter().map(|member| member.id).collect();
    let mut entries = if held { added(id, &ids) } else { Vec::new() };
    entries.push(Entry::CaseHeld { case: id, held });
    record(desk, entries, None)?;
    match (desk.lang, held) {
        (Lang::Ja, true) => println!("事案 {id} は、保存期限が来ても消去しません"),
        (Lang::Ja, false) => println!("事案 {id} は、保存期限が来れば消去します"),
        (Lang::En, true) => println!("nothing of case {id} is erased for its age"),
        (Lang::En, false) => println!("case {id} is erased when its time comes"),
    }
    Ok(())
}

/// Writes into the record, or says why not.
pub(super) fn record(desk: &Desk, entries: Vec<Entry>, note: Option<Vec<u8>>) -> Result<(), Stop> {
    let note = note.map(String::from_utf8).transpose();
    let notes = note.map_err(|error| Stop::failed(error.to_string()))?.into_iter().collect();
    act(&desk.dir, Request::Record { entries, notes }).map(|_| ()).map_err(|error| desk.not_done(&error))
}

fn messages(desk: &Desk, reading: &Reading, ids: &[String]) -> Result<Vec<EvidenceId>, Stop> {
    ids.iter().map(|id| find::message(desk, reading, id)).collect()
}

fn added(case: CaseId, ids: &[EvidenceId]) -> Vec<Entry> {
    ids.chunks(IDS_AT_ONCE).map(|some| Entry::CaseAdded { case, ids: some.to_vec() }).collect()
}

/// A note's octets, salted.
fn note_of(desk: &Desk, case: CaseId, when: Option<Timestamp>, subject: Subject) -> Result<Vec<u8>, Stop> {
    let (Subject::Named(text) | Subject::Sender(text) | Subject::Account(text)) = &subject;
    if text.trim().is_empty() || text.len() > LONGEST {
        return Err(Stop::usage(match desk.lang {
            Lang::Ja => format!("文は空ではなく、{LONGEST} バイト以内にしてください"),
            Lang::En => format!("write something, of at most {LONGEST} octets"),
        }));
    }
    let mut random = [0; 16];
    let salted = File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut random));
    salted.map_err(|error| Stop::failed(format!("/dev/urandom: {error}")))?;
    let note = Note { salt: hex::encode(random), case, at: desk.now, when, subject };
    note.to_octets().map_err(|error| Stop::failed(error.to_string()))
}

/// A time with its offset, or one on the clock of where the person is.
fn moment(desk: &Desk, written: &str) -> Result<Timestamp, Stop> {
    let local = || written.parse::<DateTime>().ok()?.to_zoned_datetime(desk.zone.clone()).ok();
    written.parse::<Timestamp>().ok().or_else(|| local().map(|at| at.timestamp())).ok_or_else(|| {
        Stop::usage(match desk.lang {
            Lang::Ja => {
                format!("--when {written:?} は時刻として読めません。2026-11-25T09:00 のように書いてください")
            }
            Lang::En => format!("--when {written:?} is no time; write it like 2026-11-25T09:00"),
        })
    })
}
