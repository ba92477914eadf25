//! The record in a bundle: the case's own lines and the proofs that they stand under the checkpoint; in the full one the
//! whole chain, which has no content of mail.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::bag::Item;
use super::{BundleError, Wanted};
use crate::case::{Case, Seal, Variant};
use crate::evidence::{Levels, PublicKey, leaf};
use crate::store::layout::Layout;
use crate::store::read::{Reading, lines, some};

/// Checks chain, checkpoints, keys and content with bash, coreutils and openssl alone.
const VERIFIER: &str = include_str!("../../../config/verify.sh");

/// Checks the proofs, with nothing but Python.
const MERKLE: &str = include_str!("../../../config/merkle.py");

/// Everything of the record that goes into a bundle.
pub(super) fn files(reading: &Reading, case: &Case, wanted: &Wanted) -> Result<Vec<Item>, BundleError> {
    let mut items = record(reading, case, wanted)?;
    items.extend(seal_files(reading, wanted.variant)?);
    Ok(items)
}

/// The case's own lines; in the full bundle also the whole chain, and the files that it names for this case.
fn record(reading: &Reading, case: &Case, wanted: &Wanted) -> Result<Vec<Item>, BundleError> {
    let layout = reading.layout();
    let own = case.records();
    let full = wanted.variant == Variant::Full;
    let mut records = String::new();
    let mut whole = String::new();
    let size = seal(reading)?.size().unwrap_or(0);
    let mut leaves = Vec::new();
    lines(layout, Some(reading.head.seq), |seq, line| {
        if seq < size {
            leaves.push(leaf(line.as_bytes()));
        }
        if own.contains(&seq) {
            records.push_str(line);
        }
        if full {
            whole.push_str(line);
        }
    })?;
    let mut items = vec![Item::new("chain/records.jsonl", records)];
    if size > 0 {
        let levels = Levels::of(leaves);
        let proofs: Vec<_> =
            own.iter().filter_map(|seq| Some(json!({"seq": seq, "proof": levels.prove(*seq)?}))).collect();
        let octets = json!({"size": size, "records": proofs}).to_string() + "\n";
        items.push(Item::new("chain/records.proof.json", octets));
        items.push(Item::new("merkle.py", MERKLE));
    }
    if !full {
        return Ok(items);
    }
    items.push(Item::new("chain/whole/000001.jsonl", whole));
    for member in &case.members {
        if let Some(octets) = some(&layout.meta(member.id))? {
            items.push(Item::new(format!("meta/{}.json", member.id), octets));
        }
    }
    let contexts = case.members.iter().filter_map(|member| Some(member.judgement.as_ref()?.context));
    let sessions = case.members.iter().filter_map(|member| member.capture.session);
    for sha256 in contexts.chain(sessions).collect::<BTreeSet<_>>() {
        if let Some(octets) = some(&layout.context(sha256))? {
            items.push(Item::new(format!("context/{sha256}.json"), octets));
        }
    }
    for sha256 in case.notes() {
        if let Some(octets) = some(&layout.note(sha256))? {
            items.push(Item::new(format!("notes/{sha256}.json"), octets));
        }
    }
    Ok(items)
}

/// The latest checkpoint and the first key, as far as they are there.
pub(super) fn seal(reading: &Reading) -> Result<Seal, BundleError> {
    let layout = reading.layout();
    let text = |path: PathBuf| -> Result<Option<String>, BundleError> {
        Ok(some(&path)?.and_then(|octets| String::from_utf8(octets).ok()))
    };
    let note = checkpoints(reading).pop().map(|name| folder(layout, "checkpoints").join(name));
    let key = text(layout.genesis_key())?.and_then(|pem| PublicKey::from_pem(&pem).ok());
    Ok(Seal {
        origin: text(layout.origin())?.map(|origin| origin.trim_end().to_owned()),
        checkpoint: note.map(text).transpose()?.flatten(),
        fingerprint: key.map(|key| key.fingerprint()),
    })
}

/// Names of the checkpoints over what was read, the latest last. One that was made since covers more than the lines that
/// go into the bundle, and nobody could check it with these.
fn checkpoints(reading: &Reading) -> Vec<String> {
    let size = |name: &str| name.strip_suffix(".note")?.parse::<u64>().ok();
    let covers = |name: &String| size(name).is_some_and(|size| size <= reading.head.seq);
    names(&folder(reading.layout(), "checkpoints")).into_iter().filter(covers).collect()
}

/// Names in a directory, in order; none where there is no such directory.
fn names(dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// What signs the chain: the log's name, the checkpoint, the public keys. In the full bundle also the checkpoints that prove
/// the rolls of the key; of the thousands between them, each says what the last one says.
fn seal_files(reading: &Reading, variant: Variant) -> Result<Vec<Item>, BundleError> {
    let layout = reading.layout();
    let mut wanted: Vec<(PathBuf, String)> = vec![(layout.origin(), "chain/origin".to_owned())];
    let notes = checkpoints(reading);
    if let Some(last) = notes.last() {
        wanted.push((folder(layout, "checkpoints").join(last), "chain/checkpoint.note".to_owned()));
    }
    let keys = names(&folder(layout, "keys"));
    if variant == Variant::Full {
        // A key's file is called after the checkpoint that hands over to it.
        let rolls = |name: &&String| {
            let stem = name.strip_suffix(".note").unwrap_or(name);
            notes.last() == Some(name) || keys.iter().any(|key| key.strip_suffix(".pub.pem") == Some(stem))
        };
        let all = notes.iter().filter(rolls).map(|name| {
            (folder(layout, "checkpoints").join(name), format!("chain/whole/checkpoints/{name}"))
        });
        wanted.extend(all);
    }
    // Public keys only, whatever else lies there.
    let keys = keys.into_iter().filter(|name| name.ends_with(".pub.pem"));
    wanted.extend(keys.map(|name| (folder(layout, "keys").join(&name), format!("chain/keys/{name}"))));
    let mut items = Vec::new();
    for (from, path) in wanted {
        if let Some(octets) = some(&from)? {
            items.push(Item::new(path, octets));
        }
    }
    // It reads the whole chain, which the small bundle has not.
    if variant == Variant::Full {
        items.push(Item { program: true, ..Item::new("verify.sh", VERIFIER) });
    }
    Ok(items)
}

fn folder(layout: &Layout, name: &str) -> PathBuf {
    layout.evidence().join(name)
}
