//! Labelled mail as numbers: the corpus directory (manifest.jsonl and eml/), and the project's own fixtures.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use komainu::indicator::{self, Context, Family};
use komainu::message::Message;
use komainu::model::{shape, text};
use serde::Deserialize;

/// What a message is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Honest,
    Threat,
    /// Advertising: judged and shown, never trained on.
    Spam,
}

/// One labelled message, as features.
#[derive(Debug)]
pub(crate) struct Sample {
    pub class: Class,
    pub lang: String,
    pub kind: String,
    pub source: String,
    /// Where it stands, as a maintainer finds it.
    pub path: String,
    pub buckets: Vec<u32>,
    pub traits: Vec<String>,
    pub findings: Vec<&'static str>,
    /// Nearly the same text: one campaign.
    pub campaign: usize,
}

#[derive(Deserialize)]
struct Line {
    path: String,
    class: String,
    category: Option<String>,
    lang: String,
    source: String,
}

/// Reads the corpus and the project's own fixtures; `root` is the project's folder.
pub(crate) fn read(corpus: &Path, root: &Path) -> Result<Vec<Sample>, String> {
    let path = corpus.join("manifest.jsonl");
    let manifest = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut samples = Vec::new();
    for line in manifest.lines().filter(|line| !line.is_empty()) {
        let line: Line =
            serde_json::from_str(line).map_err(|error| format!("{}: {error}", path.display()))?;
        let class = match line.class.as_str() {
            "threat" => Class::Threat,
            "ham" => Class::Honest,
            _ => Class::Spam,
        };
        // Archives of one list by two collectors are one source.
        let source = line.source.replace("sf-list:", "").replace("list_", "").replace('_', "-");
        let octets = read_file(&corpus.join("eml").join(&line.path))?;
        let mut sample = sample(&octets, class, line.lang, line.category.unwrap_or_default(), source);
        sample.path = line.path;
        samples.push(sample);
    }
    own(&root.join("tests/corpus"), &mut samples)?;
    campaigns(&mut samples);
    Ok(samples)
}

/// The fixtures of tests/corpus: a folder is a source. Those that are kept blind are not learned from.
fn own(root: &Path, samples: &mut Vec<Sample>) -> Result<(), String> {
    let mut folders: Vec<PathBuf> = entries(root)?.into_iter().filter(|path| path.is_dir()).collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let class = match name.as_str() {
            name if name.contains("blind") => continue,
            name if name.starts_with("genuine") => Class::Honest,
            name if name.starts_with("threats") => Class::Threat,
            _ => continue,
        };
        let mut files = entries(&folder)?;
        files.sort();
        for file in files.iter().filter(|path| path.extension().is_some_and(|end| end == "eml")) {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let kind = stem.split(['_', '-']).next().unwrap_or_default().to_owned();
            let octets = read_file(file)?;
            let mut sample = sample(&octets, class, String::new(), kind, format!("own:{name}"));
            sample.lang = if name.contains("-ja") { "ja".into() } else { "own".into() };
            sample.path = file.display().to_string();
            samples.push(sample);
        }
    }
    Ok(())
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, String> {
    let error = |error| format!("{}: {error}", path.display());
    fs::read_dir(path).map_err(error)?.map(|entry| entry.map(|entry| entry.path()).map_err(error)).collect()
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn sample(octets: &[u8], class: Class, lang: String, kind: String, source: String) -> Sample {
    let message = Message::parse(&without_collection(octets));
    Sample {
        class,
        lang,
        kind,
        source,
        path: String::new(),
        buckets: text::buckets(&message),
        traits: shape::traits(&message).into_iter().collect(),
        findings: indicator::examine(&message, &Context::default())
            .iter()
            .map(|found| found.indicator)
            .filter(|id| !of_transport(id))
            .collect(),
        campaign: 0,
    }
}

/// Whether an indicator speaks of fields that are the same for all here.
fn of_transport(id: &str) -> bool {
    indicator::indicator(id)
        .is_some_and(|indicator| matches!(indicator.family, Family::Transport | Family::Authentication))
}

/// Fields that a sender writes and every mailbox shows alike. All others tell of the collection: how it was gathered, in
/// whose mailbox, by which generator.
const KEPT: &[&str] = &[
    "from",
    "reply-to",
    "sender",
    "subject",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "content-language",
];

/// What stands in place of the others, the same for all. The recipient's domain is a name that no letter speaks of: with
/// one called "mail", every "mail system" would seem to be his.
const COMMON: &str = "Received: from mx.sender.example (mx.sender.example [192.0.2.1])\r\n\tby in.itachigawa.example with ESMTPS; \
    Wed, 01 Jan 2025 00:00:00 +0000\r\nTo: reader@itachigawa.example\r\nDate: Wed, 01 Jan 2025 00:00:00 +0000\r\n\
    Message-ID: <0123456789@mx.sender.example>\r\n";

/// Takes out what only the collection put in: header fields, the lists' subject tags and footers. Recipients and addresses
/// are masked by the features themselves.
fn without_collection(octets: &[u8]) -> Vec<u8> {
    let mut kept = COMMON.as_bytes().to_vec();
    let mut rest = octets;
    let mut keep = false;
    while !rest.is_empty() {
        let end = rest.iter().position(|octet| *octet == b'\n').map_or(rest.len(), |at| at + 1);
        let line = &rest[..end];
        if line.trim_ascii().is_empty() {
            break;
        }
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let name = line.split(|octet| *octet == b':').next().unwrap_or_default();
            let name = String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase();
            keep = KEPT.contains(&name.as_str());
        }
        if keep {
            kept.extend_from_slice(line);
        }
        rest = &rest[end..];
    }
    for tag in [&b"[Industrypack-devel] "[..], b"[Osst-users] ", b"[SPAM] "] {
        if let Some(at) = kept.windows(tag.len()).position(|part| part.eq_ignore_ascii_case(tag)) {
            kept.drain(at..at + tag.len());
        }
    }
    kept.extend_from_slice(rest);
    let rule = [b'_'; 40];
    let tail = kept.len().saturating_sub(600);
    if let Some(at) = kept[tail..].windows(rule.len()).position(|part| part == rule) {
        let footer = &kept[tail + at..];
        if footer.windows(12).any(|part| part.eq_ignore_ascii_case(b"mailing list")) {
            kept.truncate(tail + at);
        }
    }
    kept
}

/// The representative of the group that this one belongs to.
fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// Groups nearly equal texts by the minima of a family of hashes over their n-grams (the share of equal minima estimates
/// the overlap of the two sets).
fn campaigns(samples: &mut [Sample]) {
    const HASHES: usize = 48;
    const BAND: usize = 4;
    let signatures: Vec<Vec<u32>> = samples
        .iter()
        .map(|sample| {
            (0..HASHES as u64)
                .map(|k| {
                    let odd = k.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
                    let hash = |b: &u32| {
                        ((u64::from(*b) + 1).wrapping_mul(odd).rotate_left(29).wrapping_mul(odd) >> 32) as u32
                    };
                    sample.buckets.iter().map(hash).min().unwrap_or(u32::MAX)
                })
                .collect()
        })
        .collect();
    let mut parent: Vec<usize> = (0..samples.len()).collect();
    for band in (0..HASHES).step_by(BAND) {
        let mut alike: BTreeMap<&[u32], usize> = BTreeMap::new();
        for (index, signature) in signatures.iter().enumerate() {
            let first = *alike.entry(&signature[band..band + BAND]).or_insert(index);
            let equal = signature.iter().zip(&signatures[first]).filter(|(a, b)| a == b).count();
            if first != index && equal * 10 >= HASHES * 6 {
                let (a, b) = (root(&mut parent, first), root(&mut parent, index));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    for (index, sample) in samples.iter_mut().enumerate() {
        sample.campaign = root(&mut parent, index);
    }
}
