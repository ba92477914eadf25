//! `komainu quarantine release`: the person's word that a message is wanted. It goes on record here; the service moves it.

use std::time::Duration;

use super::place_word;
use crate::case::{Member, Whereabouts};
use crate::cli::desk::{Desk, Stop};
use crate::cli::text::Lang;
use crate::control::{Request, act, ask};
use crate::evidence::{Entry, EvidenceId};
use crate::indicator::{Vouched, vouched};
use crate::message::{Excerpt, Message};
use crate::store::read::Reading;

/// How often it is looked for what became of it, and how long after the look before; milliseconds.
const LOOKS: [u64; 5] = [300, 500, 1_000, 2_000, 4_000];

pub(super) fn release(desk: &Desk, named: &[String]) -> Result<(), Stop> {
    let reading = desk.read()?;
    let mut chosen: Vec<Member> = Vec::new();
    for name in named {
        let id = desk.message(&reading, name)?;
        if let Some(member) = reading.member(id).map_err(|error| desk.store(&error))?
            && !chosen.iter().any(|known| known.id == id)
        {
            chosen.push(member);
        }
    }
    let (asked, not): (Vec<Member>, Vec<Member>) =
        chosen.into_iter().partition(|member| member.standing().is_in_quarantine());
    for member in &not {
        tell_why_not(desk, member);
    }
    let nothing = desk.lang.pick("戻すものはありませんでした", "there was nothing to be moved back");
    if asked.is_empty() {
        return Err(Stop::failed(nothing.to_owned()));
    }
    let entries = asked.iter().map(|member| Entry::ReleaseAsked { id: member.id }).collect();
    let request = Request::Record { entries, notes: Vec::new() };
    let runs = ask(&desk.dir, &request).map_err(|error| desk.not_done(&error))?.is_some();
    if !runs {
        act(&desk.dir, request).map_err(|error| desk.not_done(&error))?;
    }
    for member in &asked {
        let covers = author(&reading, member).map_err(|error| desk.store(&error))?;
        tell_what_it_covers(desk, member.id, covers.as_ref());
    }
    if runs {
        tell_what_became(desk, &asked)?;
    } else {
        println!(
            "{}",
            desk.lang.pick(
                "サービスが動いていません。次に komainu run を始めたときに、元のメールボックスへ戻します",
                "the service is not running: it moves them back when komainu run is started next"
            )
        );
    }
    if not.is_empty() {
        Ok(())
    } else {
        Err(Stop::failed(
            desk.lang.pick("戻せないものがありました", "some could not be moved back").to_owned(),
        ))
    }
}

/// Who is vouched for, by the authserv-ids that counted when it was judged.
pub(super) fn author(reading: &Reading, member: &Member) -> Result<Option<Vouched>, crate::store::Error> {
    let Some(judgement) = &member.judgement else { return Ok(None) };
    let ids = reading.basis(judgement.context)?.authserv_ids;
    let octets = reading.octets(member.capture.sha256)?;
    Ok(octets.and_then(|octets| vouched(&Message::parse(&octets), &ids)))
}

fn tell_what_it_covers(desk: &Desk, id: EvidenceId, author: Option<&Vouched>) {
    let said = match (author, desk.lang) {
        (Some(author), Lang::Ja) => format!(
            "{id}: 戻します。受信サーバーが本物と確認した差出人 {} のメールは、以後、文面だけを理由に隔離しません（決定的な事実があれば隔離します。取り消し: komainu learn undo）",
            Excerpt::new(&author.address)
        ),
        (Some(author), Lang::En) => format!(
            "{id}: to be moved back. From now on mail of {}, whom the receiving server vouches for, is not quarantined for its words alone (a hard fact still counts; to take it back: komainu learn undo)",
            Excerpt::new(&author.address)
        ),
        (None, Lang::Ja) => format!(
            "{id}: 戻します。このメールだけが対象です。受信サーバーが差出人を確認していないため、差出人については何も学習しません"
        ),
        (None, Lang::En) => format!(
            "{id}: to be moved back. This covers this message only: the receiving server does not vouch for the sender, so that nothing is learned about them"
        ),
    };
    println!("{said}");
}

fn tell_why_not(desk: &Desk, member: &Member) {
    let (id, standing) = (member.id, member.standing());
    let word = place_word(&standing, desk.lang);
    let said = match (&standing.place, desk.lang) {
        (Whereabouts::Left, Lang::Ja) => format!("{id}: 隔離していません。届いた場所にそのままあります"),
        (Whereabouts::Left, Lang::En) => format!("{id}: it was never quarantined and stands where it came"),
        (_, Lang::Ja) => format!("{id}: すでに隔離先にはありません（{word}）"),
        (_, Lang::En) => format!("{id}: it does not stand in quarantine any more ({word})"),
    };
    println!("{said}");
}

/// Waits a little for the service, and says how it ended.
fn tell_what_became(desk: &Desk, asked: &[Member]) -> Result<(), Stop> {
    let mut open: Vec<EvidenceId> = asked.iter().map(|member| member.id).collect();
    let mut refused = false;
    for look in LOOKS {
        std::thread::sleep(Duration::from_millis(look));
        let reading = desk.read()?;
        open.retain(|id| {
            let member = reading.member(*id).ok().flatten();
            let Some(place) = member.map(|member| member.standing().place) else { return false };
            let said = match (&place, desk.lang) {
                (Whereabouts::Released, Lang::Ja) => format!("{id}: 元のメールボックスに戻しました"),
                (Whereabouts::Released, Lang::En) => format!("{id}: it stands where it came from again"),
                (Whereabouts::Gone, Lang::Ja) => format!(
                    "{id}: 隔離先にはもうありませんでした（ご自身で移動または削除したようです）。同じメールは以後動かしません"
                ),
                (Whereabouts::Gone, Lang::En) => format!(
                    "{id}: it was not in quarantine any more: you seem to have moved or deleted it. The same mail is not moved again"
                ),
                (Whereabouts::Refused(reason), Lang::Ja) => {
                    refused = true;
                    format!("{id}: サーバーが断りました（{reason}）。隔離先に残っています。メールソフトで移しても同じことになります")
                }
                (Whereabouts::Refused(reason), Lang::En) => {
                    refused = true;
                    format!("{id}: the server refused ({reason}). It stays in quarantine; dragging it out with your mail program does the same")
                }
                _ => return true,
            };
            println!("{said}");
            false
        });
        if open.is_empty() {
            break;
        }
    }
    for id in &open {
        match desk.lang {
            Lang::Ja => println!(
                "{id}: サービスに頼みました。まだ終わっていません（komainu quarantine show で確かめられます）"
            ),
            Lang::En => {
                println!("{id}: the service has been asked and is not done yet; see komainu quarantine show");
            }
        }
    }
    if refused {
        return Err(Stop::failed(
            desk.lang.pick("サーバーが断ったものがあります", "the server refused some").to_owned(),
        ));
    }
    Ok(())
}
