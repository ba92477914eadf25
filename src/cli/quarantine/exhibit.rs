//! A message's own text, on request.

use super::show::{running, section};
use crate::case::{Basis, Exhibit, Member};
use crate::cli::desk::{Desk, Stop};
use crate::cli::text::Lang;
use crate::message::TextKind;
use crate::store::read::Reading;

/// The message's own text, laid out so that nothing in it acts.
pub(super) fn print(desk: &Desk, reading: &Reading, member: &Member, basis: &Basis) -> Result<(), Stop> {
    let pick = |ja, en| desk.lang.pick(ja, en);
    section(
        desk,
        "メールの文面（リンクは開けない形にしてあります）",
        "Its text (links are written so that they cannot be followed)",
    );
    let capture = &member.capture;
    let octets = reading.octets(capture.sha256).map_err(|error| desk.store(&error))?;
    let Some(octets) = octets else {
        println!("  {}", pick("（消去済み）", "(erased)"));
        return Ok(());
    };
    let exhibit = Exhibit::of(&octets, capture.partial, &basis.authserv_ids);
    for passage in &exhibit.passages {
        if let Some(label) = label(passage.kind, desk.lang) {
            println!("  [{label}]");
        }
        for line in &passage.lines {
            running(line.as_str(), "  | ");
        }
    }
    if exhibit.cut {
        println!("  {}", pick("（長いので、ここまで）", "(longer than this)"));
    }
    for link in &exhibit.links {
        running(&format!("{}: {}", pick("リンク先", "link to"), link.target), "  ");
    }
    if exhibit.more_links > 0 {
        println!("  {}: {}", pick("ほかのリンク", "more links"), exhibit.more_links);
    }
    for (name, octets, kind) in &exhibit.files {
        running(
            &format!("{}: {name} ({octets} {}, {kind})", pick("添付", "file"), pick("バイト", "octets")),
            "  ",
        );
    }
    Ok(())
}

/// How a text that is not the plain one came to be there.
fn label(kind: TextKind, lang: Lang) -> Option<&'static str> {
    match kind {
        TextKind::Plain | TextKind::Html => None,
        TextKind::Hidden => Some(lang.pick("見えないように書かれた部分", "written so that it is not seen")),
        TextKind::Nested => Some(lang.pick("添付の中の文", "in an attachment")),
        TextKind::Code => Some(lang.pick("QR コードの中身", "in a QR code")),
    }
}
