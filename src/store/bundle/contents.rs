//! What goes into a bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::bag::{Content, Item};
use super::{BundleError, LITE, Wanted, chain};
use crate::case::{
    Absent, Basis, Case, Exhibit, Handover, Member, Variant, forms, header_block, readme, report, timeline,
};
use crate::document::{Document, Language};
use crate::evidence::{Digest, EvidenceId, Peer};
use crate::pdf;
use crate::store::layout::Layout;
use crate::store::read::{Reading, some};

/// What a file adds to a zip beside its content: two headers and a name, or more.
const OVERHEAD: u64 = 400;
/// Octets of a header that go into its file; the .eml has all.
const MOST_HEADER: usize = 1 << 20;

/// What was made of the messages.
#[derive(Default)]
struct Drawer {
    items: Vec<Item>,
    absent: BTreeMap<Digest, Absent>,
    exhibits: BTreeMap<EvidenceId, Exhibit>,
    /// What the small bundle has taken up.
    taken: u64,
    attached: usize,
    forms: usize,
}

/// What a bundle is made of.
pub(super) struct Gathered {
    /// Every file but the reports.
    pub(super) items: Vec<Item>,
    /// The reports.
    pub(super) documents: Vec<Document>,
    /// How many originals are not in it.
    pub(super) absent: usize,
}

/// Puts together what the case's messages, the record and the person's notes give. The small bundle leaves `reserve`
/// octets free for the reports.
pub(super) fn gather(
    reading: &Reading,
    case: &Case,
    wanted: &Wanted,
    reserve: u64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Gathered, BundleError> {
    let layout = reading.layout();
    let bases = bases(layout, case)?;
    let mut drawer = Drawer::default();
    let mut rest = chain::files(reading, case, wanted)?;
    let rows = timeline::rows(case, &wanted.zone);
    rest.push(Item::new("timeline.csv", timeline::csv(&rows, &wanted.zone)));
    let mut json = serde_json::to_vec_pretty(&timeline::as_json(&rows, &wanted.zone)).unwrap_or_default();
    json.push(b'\n');
    rest.push(Item::new("timeline.json", json));
    rest.push(Item::new("forms/npa.txt", forms::npa(case, &wanted.zone)));
    drawer.taken = reserve + rest.iter().map(packed).sum::<u64>();

    let shown: BTreeSet<EvidenceId> = case.shown().into_iter().map(|member| member.id).collect();
    let members = case.by_weight();
    let all = members.len() as u64;
    for (done, member) in members.into_iter().enumerate() {
        progress(done as u64, all);
        drawer.take(layout, member, shown.contains(&member.id), &bases, wanted)?;
    }
    progress(all, all);

    let seal = chain::seal(reading)?;
    let handover = Handover {
        case,
        exhibits: &drawer.exhibits,
        bases: &bases,
        peers: &peers(layout, case)?,
        zone: &wanted.zone,
        made: wanted.made,
        variant: wanted.variant,
        absent: &drawer.absent,
        seal: &seal,
    };
    let languages = [Language::Ja, Language::En].into_iter().filter(|lang| wanted.languages.contains(lang));
    let documents: Vec<Document> = languages.map(|lang| report(&handover, lang)).collect();
    rest.push(Item::new("00_はじめに_README.txt", readme(&handover, !documents.is_empty())));
    let absent = drawer.absent.len();
    rest.append(&mut drawer.items);
    Ok(Gathered { items: rest, documents, absent })
}

/// A report as PDF.
pub(super) fn drawn(document: &Document) -> Result<Item, BundleError> {
    let octets = pdf::render(document).map_err(|error| BundleError::Report(error.to_string()))?;
    Ok(Item::new(format!("report-{}.pdf", document.language.code()), octets))
}

impl Drawer {
    /// A message's files: original, header, forms; and how it is laid out, where it is shown whole.
    fn take(
        &mut self,
        layout: &Layout,
        member: &Member,
        shown: bool,
        bases: &BTreeMap<Digest, Basis>,
        wanted: &Wanted,
    ) -> Result<(), BundleError> {
        let sha256 = member.capture.sha256;
        // Two messages of the same octets are one file.
        let again = self.absent.contains_key(&sha256) || self.has(&format!("eml/{sha256}.eml"));
        let octets = match some(&layout.blob(sha256))? {
            None => {
                let absent = if member.erased { Absent::Erased } else { Absent::Missing };
                self.absent.insert(sha256, absent);
                return Ok(());
            }
            Some(octets) if Digest::of(&octets) != sha256 => {
                self.absent.insert(sha256, Absent::Changed);
                return Ok(());
            }
            Some(octets) => octets,
        };
        if shown {
            let basis = member.judgement.as_ref().and_then(|judgement| bases.get(&judgement.context));
            let ids = basis.map(|basis| basis.authserv_ids.clone()).unwrap_or_default();
            self.exhibits.insert(member.id, Exhibit::of(&octets, member.capture.partial, &ids));
            self.write_forms(member, &octets, wanted);
        }
        if again {
            return Ok(());
        }
        let block = header_block(&octets);
        let header =
            Item::new(format!("headers/{sha256}.txt"), block.get(..MOST_HEADER).unwrap_or(block).to_vec());
        let original = Item::file(format!("eml/{sha256}.eml"), layout.blob(sha256));
        if wanted.variant == Variant::Lite {
            self.taken += packed(&header);
            let size = deflated(&octets) + OVERHEAD;
            if self.taken + size > LITE {
                self.absent.insert(sha256, Absent::TooLarge);
                self.items.push(header);
                return Ok(());
            }
            self.taken += size;
        } else if member.capture.size <= forms::ATTACHED_OCTETS && self.attached < forms::ATTACHED_FILES {
            self.items.push(Item::file(format!("for-dekyo/{sha256}.eml"), layout.blob(sha256)));
            self.attached += 1;
        }
        self.items.push(header);
        self.items.push(original);
        Ok(())
    }

    fn has(&self, path: &str) -> bool {
        self.items.iter().any(|item| item.path == path)
    }

    fn write_forms(&mut self, member: &Member, octets: &[u8], wanted: &Wanted) {
        self.forms += 1;
        let n = self.forms;
        let mut texts = vec![("dekyo", forms::dekyo(member, octets, &wanted.zone))];
        if forms::is_phishing(member) {
            texts.push(("antiphishing", forms::antiphishing(member, octets, &wanted.zone)));
        }
        for (desk, text) in texts {
            let item = Item::new(format!("forms/{desk}-{n:02}.txt"), text);
            self.taken += packed(&item);
            self.items.push(item);
        }
    }
}

/// By what the case's messages were judged.
fn bases(layout: &Layout, case: &Case) -> Result<BTreeMap<Digest, Basis>, BundleError> {
    let mut bases = BTreeMap::new();
    for member in &case.members {
        let Some(context) = member.judgement.as_ref().map(|judgement| judgement.context) else { continue };
        if !bases.contains_key(&context)
            && let Some(octets) = some(&layout.context(context))?
        {
            bases.insert(context, Basis::from_octets(&octets));
        }
    }
    Ok(bases)
}

/// Which servers gave the case's messages.
fn peers(layout: &Layout, case: &Case) -> Result<BTreeMap<Digest, Peer>, BundleError> {
    let mut peers = BTreeMap::new();
    let sessions: BTreeSet<Digest> =
        case.members.iter().filter_map(|member| member.capture.session).collect();
    for sha256 in sessions {
        let octets = some(&layout.context(sha256))?;
        if let Some(peer) = octets.and_then(|octets| serde_json::from_slice(&octets).ok()) {
            peers.insert(sha256, peer);
        }
    }
    Ok(peers)
}

/// What an item takes up in a zip.
pub(super) fn packed(item: &Item) -> u64 {
    match &item.content {
        Content::Octets(octets) => deflated(octets) + OVERHEAD,
        Content::File(_) => OVERHEAD,
    }
}

fn deflated(octets: &[u8]) -> u64 {
    let mut encoder = DeflateEncoder::new(Counter(0), Compression::default());
    // Writing to a counter does not fail.
    let _ = encoder.write_all(octets);
    encoder.finish().map_or(octets.len() as u64, |counter| counter.0)
}

/// Takes octets and counts them.
struct Counter(u64);

impl std::io::Write for Counter {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.0 += octets.len() as u64;
        Ok(octets.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
