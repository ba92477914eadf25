//! What goes into a bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::bag::{Content, Item};
use super::{BundleError, LITE, Wanted};
use crate::case::{
    Absent, Basis, Case, Exhibit, Handover, Member, Seal, Variant, forms, header_block, readme, report,
    timeline,
};
use crate::document::{Document, Language};
use crate::evidence::{Digest, EvidenceId, Peer};
use crate::store::layout::Layout;
use crate::store::read::{Reading, lines, some};

/// What a file adds to a zip beside its content: two headers and a name, or more.
const OVERHEAD: u64 = 400;
/// What the small bundle leaves free for the reports and what is not counted here.
const RESERVE: u64 = 400_000;
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

/// Puts together what the case's messages, the record and the person's notes give.
pub(super) fn gather(
    reading: &Reading,
    case: &Case,
    wanted: &Wanted,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Gathered, BundleError> {
    let layout = reading.layout();
    let bases = bases(layout, case)?;
    let mut drawer = Drawer::default();
    let mut rest = record(reading, case, wanted)?;
    rest.extend(seal_files(reading, wanted.variant)?);
    let rows = timeline::rows(case, &wanted.zone);
    rest.push(Item::new("timeline.csv", timeline::csv(&rows, &wanted.zone)));
    let mut json = serde_json::to_vec_pretty(&timeline::as_json(&rows, &wanted.zone)).unwrap_or_default();
    json.push(b'\n');
    rest.push(Item::new("timeline.json", json));
    rest.push(Item::new("forms/npa.txt", forms::npa(case, &wanted.zone)));
    drawer.taken = rest.iter().map(packed).sum();

    let shown: BTreeSet<EvidenceId> = case.shown().into_iter().map(|member| member.id).collect();
    let members = case.by_weight();
    let all = members.len() as u64;
    for (done, member) in members.into_iter().enumerate() {
        progress(done as u64, all);
        drawer.take(layout, member, shown.contains(&member.id), &bases, wanted)?;
    }
    progress(all, all);

    let seal = seal(reading)?;
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
        verifier: VERIFIER.is_some(),
    };
    let languages = [Language::Ja, Language::En].into_iter().filter(|lang| wanted.languages.contains(lang));
    let documents: Vec<Document> = languages.map(|lang| report(&handover, lang)).collect();
    rest.push(Item::new("00_はじめに_README.txt", readme(&handover, DRAWS && !documents.is_empty())));
    let absent = drawer.absent.len();
    rest.append(&mut drawer.items);
    Ok(Gathered { items: rest, documents, absent })
}

/// The program that checks chain, checkpoints and blobs with bash and openssl alone, where this version has it.
const VERIFIER: Option<&str> = None;

/// Whether this version draws the reports.
const DRAWS: bool = false;

/// A report as PDF, where this version can make one.
#[expect(clippy::unnecessary_wraps, reason = "drawing can fail")]
pub(super) fn drawn(_document: &Document) -> Result<Option<Item>, BundleError> {
    Ok(None)
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
        let octets = match some(layout.blob(sha256))? {
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
            if self.taken + size > LITE - RESERVE {
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

/// The case's own lines; in the full bundle also the whole chain, and the files that it names for this case.
fn record(reading: &Reading, case: &Case, wanted: &Wanted) -> Result<Vec<Item>, BundleError> {
    let layout = reading.layout();
    let own = case.records();
    let full = wanted.variant == Variant::Full;
    let mut records = String::new();
    let mut whole = String::new();
    lines(layout, Some(reading.head.seq), |seq, line| {
        if own.contains(&seq) {
            records.push_str(line);
        }
        if full {
            whole.push_str(line);
        }
    })?;
    let mut items = vec![Item::new("chain/records.jsonl", records)];
    if !full {
        return Ok(items);
    }
    items.push(Item::new("chain/whole/000001.jsonl", whole));
    for member in &case.members {
        if let Some(octets) = some(layout.meta(member.id))? {
            items.push(Item::new(format!("meta/{}.json", member.id), octets));
        }
    }
    let contexts = case.members.iter().filter_map(|member| Some(member.judgement.as_ref()?.context));
    let sessions = case.members.iter().filter_map(|member| member.capture.session);
    for sha256 in contexts.chain(sessions).collect::<BTreeSet<_>>() {
        if let Some(octets) = some(layout.context(sha256))? {
            items.push(Item::new(format!("context/{sha256}.json"), octets));
        }
    }
    for sha256 in case.notes() {
        if let Some(octets) = some(layout.note(sha256))? {
            items.push(Item::new(format!("notes/{sha256}.json"), octets));
        }
    }
    Ok(items)
}

/// By what the case's messages were judged.
fn bases(layout: &Layout, case: &Case) -> Result<BTreeMap<Digest, Basis>, BundleError> {
    let mut bases = BTreeMap::new();
    for member in &case.members {
        let Some(context) = member.judgement.as_ref().map(|judgement| judgement.context) else { continue };
        if !bases.contains_key(&context)
            && let Some(octets) = some(layout.context(context))?
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
        let octets = some(layout.context(sha256))?;
        if let Some(peer) = octets.and_then(|octets| serde_json::from_slice(&octets).ok()) {
            peers.insert(sha256, peer);
        }
    }
    Ok(peers)
}

/// The latest checkpoint and the first key, as far as they are there.
fn seal(reading: &Reading) -> Result<Seal, BundleError> {
    let evidence = reading.layout().evidence();
    let text = |path: PathBuf| -> Result<Option<String>, BundleError> {
        Ok(some(path)?.and_then(|octets| String::from_utf8(octets).ok()))
    };
    let key = text(evidence.join("keys/genesis.pub.pem"))?;
    let note = match checkpoints(reading).pop() {
        Some(name) => text(evidence.join("checkpoints").join(name))?,
        None => None,
    };
    Ok(Seal {
        origin: text(evidence.join("origin"))?.map(|origin| origin.trim_end().to_owned()),
        checkpoint: note,
        fingerprint: key.as_deref().and_then(der).map(|der| Digest::of(&der)),
    })
}

/// Names of the checkpoints over what was read, the latest last. One that was made since covers more than the lines that
/// go into the bundle, and nobody could check it with these.
fn checkpoints(reading: &Reading) -> Vec<String> {
    let size = |name: &str| name.strip_suffix(".note")?.parse::<u64>().ok();
    let covers = |name: &String| size(name).is_some_and(|size| size <= reading.head.seq);
    names(&reading.layout().evidence().join("checkpoints")).into_iter().filter(covers).collect()
}

/// Names in a directory, in order; none where there is no such directory.
fn names(dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// The octets that a PEM file carries (RFC 7468).
fn der(pem: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    base64::engine::general_purpose::STANDARD.decode(body).ok().filter(|octets| !octets.is_empty())
}

/// What signs the chain: the log's name, the checkpoint, the public keys. In the full bundle every checkpoint, since each
/// roll of the key is proven by one.
fn seal_files(reading: &Reading, variant: Variant) -> Result<Vec<Item>, BundleError> {
    let evidence = reading.layout().evidence();
    let mut wanted: Vec<(PathBuf, String)> = vec![(evidence.join("origin"), "chain/origin".to_owned())];
    let notes = checkpoints(reading);
    if let Some(last) = notes.last() {
        wanted.push((evidence.join("checkpoints").join(last), "chain/checkpoint.note".to_owned()));
    }
    if variant == Variant::Full {
        let all = notes
            .iter()
            .map(|name| (evidence.join("checkpoints").join(name), format!("chain/whole/checkpoints/{name}")));
        wanted.extend(all);
    }
    // Public keys only, whatever else lies there.
    let keys = names(&evidence.join("keys")).into_iter().filter(|name| name.ends_with(".pub.pem"));
    wanted.extend(keys.map(|name| (evidence.join("keys").join(&name), format!("chain/keys/{name}"))));
    let mut items = Vec::new();
    for (from, path) in wanted {
        if let Some(octets) = some(from)? {
            items.push(Item::new(path, octets));
        }
    }
    if let Some(text) = VERIFIER {
        items.push(Item { program: true, ..Item::new("verify.sh", text) });
    }
    Ok(items)
}

/// What an item takes up in a zip.
fn packed(item: &Item) -> u64 {
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
