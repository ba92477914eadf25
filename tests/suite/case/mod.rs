//! Cases and the bundle for a desk: whole and checkable by others, bounded, and nothing in it acts.

mod bundle;
mod command;
mod hostile;
mod stamp;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

use komainu::case::{Case, Note, Subject, Variant};
use komainu::demand;
use komainu::document::{Block, Document, Language, Text};
use komainu::evidence::{
    CaseId, Digest, Entry, EvidenceId, Method, Outcome, Position, Refetch, canonical_digest, context, meta,
};
use komainu::indicator::Context;
use komainu::message::Message;
use komainu::store::bundle::{Wanted, Written, write};
use komainu::store::read::Reading;
use komainu::store::{Batch, Layout, Store};
use komainu::verdict::{self, Thresholds};

use crate::store::{new_id, run, scratch};

pub(crate) const CASE: CaseId = CaseId { year: 2026, number: 1 };

/// A store with a case in it.
pub(crate) struct Desk {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) store: Option<Store>,
    uid: u32,
}

/// A letter of the corpus.
pub(crate) fn letter(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/threats-ja").join(name)).unwrap()
}

impl Desk {
    pub(crate) fn new() -> Self {
        let dir = scratch();
        let store = Store::open(&state(dir.path())).unwrap();
        Self { dir, store: Some(store), uid: 100 }
    }

    pub(crate) fn state(&self) -> PathBuf {
        state(self.dir.path())
    }

    pub(crate) fn layout(&self) -> Layout {
        Layout::new(&self.state())
    }

    pub(crate) fn commit(&self, batch: Batch) {
        run(self.store.as_ref().unwrap().commit(batch)).unwrap();
    }

    pub(crate) fn enter(&self, entries: Vec<Entry>) {
        self.commit(Batch { entries, ..Batch::default() });
    }

    /// Captured, judged and moved, as the service does it.
    pub(crate) fn receive(&mut self, octets: &[u8], internaldate: &str) -> EvidenceId {
        let id = new_id();
        self.uid += 1;
        let position =
            Position { account: "hanako".into(), mailbox: "INBOX".into(), uidvalidity: 7, uid: self.uid };
        let judging = Context {
            authserv_ids: vec!["mx.example.net".into()],
            received_at: komainu::evidence::internaldate(internaldate),
            ..Context::default()
        };
        let thresholds = Thresholds::default();
        let message = Message::parse(octets);
        let verdict = verdict::judge(&message, &judging, &thresholds);
        let demand = demand::extract(&message, &judging, true);
        let meta = meta(id, &position, &message, Some(&verdict), demand.as_ref());
        let context = context(&judging, &thresholds);
        let entries = vec![
            Entry::Captured {
                id,
                position: position.clone(),
                sha256: Digest::of(octets),
                size: octets.len() as u64,
                partial: false,
                internaldate: internaldate.into(),
                flags: vec![],
                rfc822_size: Some(octets.len() as u64),
                server_identity: None,
                canonical: canonical_digest(octets),
                meta_sha256: Digest::of(&meta),
                session: None,
            },
            Entry::Judged {
                id,
                level: verdict.level,
                category: verdict.category,
                severity: verdict.severity,
                score: verdict.score,
                findings: verdict.findings.iter().map(|one| (one.indicator.to_owned(), one.weight)).collect(),
                context: Digest::of(&context),
            },
            Entry::MoveIntent {
                id,
                position: position.clone(),
                method: Method::Move,
                destination: "komainu隔離".into(),
                destination_uidvalidity: 3,
                destination_uidnext: self.uid,
            },
        ];
        self.commit(Batch {
            entries,
            blobs: vec![octets.to_vec()],
            metas: vec![(id, meta)],
            contexts: vec![context],
            ..Batch::default()
        });
        let uid = Some(self.uid);
        self.enter(vec![Entry::MoveResult {
            id,
            outcome: Outcome::Moved,
            destination_uid: uid,
            reason: None,
        }]);
        self.enter(vec![Entry::Refetched { id, position, found: Refetch::Same, sha256: None }]);
        id
    }

    /// Opens [`CASE`].
    pub(crate) fn open(&self, subject: Subject, ids: &[EvidenceId]) {
        let note = note(subject, None);
        let mut entries = vec![Entry::CaseOpened { case: CASE, sha256: Digest::of(&note) }];
        if !ids.is_empty() {
            entries.push(Entry::CaseAdded { case: CASE, ids: ids.to_vec() });
        }
        self.commit(Batch { notes: vec![note], entries, ..Batch::default() });
    }

    pub(crate) fn tell(&self, text: &str, when: Option<&str>) -> Digest {
        let note = note(Subject::Account(text.into()), when);
        let sha256 = Digest::of(&note);
        self.commit(Batch {
            notes: vec![note],
            entries: vec![Entry::CaseNote { case: CASE, sha256 }],
            ..Batch::default()
        });
        sha256
    }

    /// Has all that is on record now signed.
    pub(crate) fn sign(&self) {
        run(self.store.as_ref().unwrap().checkpoint()).unwrap();
    }

    pub(crate) fn reading(&self) -> Reading {
        Reading::of(&self.layout()).unwrap()
    }

    pub(crate) fn case(&self) -> Case {
        self.reading().case(CASE).unwrap()
    }

    pub(crate) fn write(&self, variant: Variant, into: &Path) -> Written {
        write(&self.reading(), &wanted(variant), into, &mut |_, _| {}).unwrap()
    }
}

pub(crate) fn state(dir: &Path) -> PathBuf {
    dir.join("state")
}

fn note(subject: Subject, when: Option<&str>) -> Vec<u8> {
    let at = "2026-11-25T00:00:00Z".parse().unwrap();
    let salt = "00112233445566778899aabbccddeeff".into();
    let when = when.map(|when| when.parse().unwrap());
    Note { salt, case: CASE, at, when, subject }.to_octets().unwrap()
}

pub(crate) fn zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Asia/Tokyo").unwrap()
}

pub(crate) fn wanted(variant: Variant) -> Wanted {
    Wanted {
        case: CASE,
        variant,
        languages: vec![Language::Ja, Language::En],
        zone: zone(),
        made: "2026-11-26T03:04:05Z".parse().unwrap(),
    }
}

/// A document as plain text, a line a piece: what is said, not how it looks.
pub(crate) fn plain(document: &Document) -> String {
    let text = |text: &Text| text.0.iter().map(|span| span.text.as_str()).collect::<String>();
    let mut out = vec![document.title.clone(), document.subtitle.clone()];
    for block in &document.blocks {
        match block {
            Block::Heading(1, heading) => out.push(format!("\n# {heading}")),
            Block::Heading(_, heading) => out.push(format!("\n## {heading}")),
            Block::Paragraph(said) => out.push(text(said)),
            Block::Notice(said) => out.push(format!("! {}", text(said))),
            Block::List(points) => out.extend(points.iter().map(|one| format!("- {}", text(one)))),
            Block::Fields(fields) => {
                out.extend(fields.iter().map(|(label, said)| format!("{label}: {}", text(said))));
            }
            Block::Table { columns, rows } => {
                let heads: Vec<&str> = columns.iter().map(|(head, _)| head.as_str()).collect();
                out.push(format!("| {}", heads.join(" | ")));
                for row in rows {
                    assert_eq!(row.len(), columns.len());
                    let cells: Vec<String> = row.iter().map(text).collect();
                    out.push(format!("| {}", cells.join(" | ")));
                }
            }
            Block::Verbatim(lines) | Block::Lines(lines) => {
                out.extend(lines.iter().map(|line| format!("  {line}")));
            }
            Block::Timeline(events) => {
                out.extend(events.iter().map(|event| format!("* {} {}", event.when, event.what)));
            }
            Block::Foot(_) | Block::NewPage => {}
        }
    }
    out.join("\n") + "\n"
}
