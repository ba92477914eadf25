//! The evidence record as an outsider reads it: JSON lines and files, no code of komainu.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

#[derive(Debug)]
pub(crate) struct Record {
    store: PathBuf,
    /// In order. A last line without its end, which a writer is just writing or was killed at, is left out.
    lines: Vec<Value>,
}

impl Record {
    /// `state`: the `state-dir` of the configuration. A store that is not there yet reads as empty.
    pub(crate) fn read(state: &Path) -> Self {
        let store = state.join("evidence");
        let mut segments: Vec<PathBuf> = fs::read_dir(store.join("chain"))
            .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
            .unwrap_or_default();
        segments.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        segments.sort();
        let octets: Vec<u8> = segments.iter().flat_map(|path| fs::read(path).unwrap()).collect();
        let lines = octets
            .split_inclusive(|octet| *octet == b'\n')
            .filter(|line| line.ends_with(b"\n"))
            .map(|line| serde_json::from_slice(line).expect("each line is JSON"))
            .collect();
        Self { store, lines }
    }

    pub(crate) fn actions(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter_map(action)
    }

    /// How many lines have this `event.action`.
    pub(crate) fn count(&self, wanted: &str) -> usize {
        self.actions().filter(|action| *action == wanted).count()
    }

    /// A text field of the lines with this `event.action`, each value once.
    pub(crate) fn texts(&self, wanted: &str, pointer: &str) -> BTreeSet<String> {
        self.fields(wanted, pointer).filter_map(|value| value.as_str().map(str::to_owned)).collect()
    }

    /// The same of a field that is a list of texts.
    pub(crate) fn named(&self, wanted: &str, pointer: &str) -> BTreeSet<String> {
        let lists = self.fields(wanted, pointer).filter_map(Value::as_array);
        lists.flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
    }

    /// The same of a number.
    pub(crate) fn numbers(&self, wanted: &str, pointer: &str) -> BTreeSet<u64> {
        self.fields(wanted, pointer).filter_map(Value::as_u64).collect()
    }

    fn fields(&self, wanted: &str, pointer: &str) -> impl Iterator<Item = &Value> {
        let lines = self.lines.iter().filter(move |line| action(line) == Some(wanted));
        lines.filter_map(move |line| line.pointer(pointer))
    }

    /// Octets of the chain on disk, whole lines or not: cheap to ask again and again.
    pub(crate) fn chain_size(state: &Path) -> u64 {
        fs::read_dir(state.join("evidence/chain"))
            .into_iter()
            .flatten()
            .map(|entry| entry.and_then(|entry| entry.metadata()).map_or(0, |metadata| metadata.len()))
            .sum()
    }

    /// The lines with this `event.action`, by the evidence id they are about.
    pub(crate) fn by_id(&self, wanted: &str) -> BTreeMap<String, Vec<&Value>> {
        let mut found: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| action(line) == Some(wanted)) {
            let id =
                string(line, "/email.local_id").unwrap_or_else(|| panic!("{wanted} without an id: {line}"));
            found.entry(id.to_owned()).or_default().push(line);
        }
        found
    }

    /// The octets kept under this digest; none where there is no such blob. A blob whose content is not what its name
    /// says fails the test.
    pub(crate) fn blob(&self, sha256: &str) -> Option<Vec<u8>> {
        let octets =
            fs::read(self.store.join("blobs").join(&sha256[..2]).join(format!("{sha256}.eml"))).ok()?;
        assert_eq!(self::sha256(&octets), sha256, "the blob's name and its octets");
        Some(octets)
    }

    /// Each line names the SHA-256 of the one before, with its line feed, and its number is one more.
    pub(crate) fn assert_unbroken(&self) {
        let mut segments: Vec<PathBuf> = fs::read_dir(self.store.join("chain"))
            .expect("a chain")
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
            .collect();
        segments.sort();
        let octets: Vec<u8> = segments.iter().flat_map(|path| fs::read(path).unwrap()).collect();
        let mut previous = "0".repeat(64);
        for (number, line) in octets.split_inclusive(|octet| *octet == b'\n').enumerate() {
            assert!(line.ends_with(b"\n"), "a torn line at {number}");
            let value: Value = serde_json::from_slice(line).expect("each line is JSON");
            assert_eq!(string(&value, "/prev"), Some(previous.as_str()), "line {number}");
            assert_eq!(value.pointer("/seq").and_then(Value::as_u64), Some(number as u64));
            previous = sha256(line);
        }
    }
}

fn action(line: &Value) -> Option<&str> {
    string(line, "/event.action")
}

/// A field of a line; the names of the fields have dots in them.
pub(crate) fn string<'a>(line: &'a Value, pointer: &str) -> Option<&'a str> {
    line.pointer(pointer).and_then(Value::as_str)
}

/// In hexadecimal, lower case.
pub(crate) fn sha256(octets: &[u8]) -> String {
    hex::encode(Sha256::digest(octets))
}
