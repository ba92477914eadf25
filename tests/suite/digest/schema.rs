//! `docs/digest.schema.json` says what the file is: no more, no less. An implementation of JSON Schema judges, which
//! `tests/run` puts in place.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use komainu::digest::{self, Day, Scope};
use serde_json::{Value, json};

use super::sample::{Log, full, zone};

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/digest.schema.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Days of every kind.
fn samples() -> Vec<Value> {
    let mut log = Log::new();
    log.at("2026-11-22T00:00:00Z").start();
    log.at("2026-11-24T00:01:00Z").gap("2026-11-22T20:00:00Z", "2026-11-24T00:01:00Z", "not-running");
    let empty = log.day("2026-11-23", &zone("Europe/Berlin"), "2026-11-24T00:05:00Z");
    let mut days = vec![full(), empty, Log::new().day("2026-11-23", &zone("UTC"), "2026-11-23T12:00:00Z")];
    days.push(Day { scope: Scope::Stretch, storage: None, ..full() });
    days.iter().map(|day| serde_json::from_str(&digest::json(day)).unwrap()).collect()
}

/// Nothing in the schema is only on paper: each definition is used, each list of the full day has something in it.
#[test]
fn the_full_day_has_everything_that_the_schema_describes() {
    let schema = schema();
    let text = schema.to_string();
    for name in schema["$defs"].as_object().unwrap().keys() {
        assert!(text.contains(&format!("#/$defs/{name}\"")), "{name}");
    }
    let full = &samples()[0];
    for (name, field) in schema["properties"].as_object().unwrap() {
        let value = full.get(name).unwrap_or_else(|| panic!("{name}"));
        let optional = ["watching_since", "actions_later", "corrections"].contains(&name.as_str());
        let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        assert!(field.is_object() && (optional || !empty), "{name}");
    }
}

/// Changes that the schema must notice.
fn spoiled() -> Vec<Value> {
    let full = samples().remove(0);
    let mut all = Vec::new();
    for path in ["", "/items/0", "/integrity", "/period", "/items/0/demand", "/month/0", "/hits", "/clock"] {
        let mut more = full.clone();
        more.pointer_mut(path).unwrap()["surprise"] = json!(1);
        all.push(more);
    }
    for (path, value) in [
        ("/schema_version", json!(2)),
        ("/status", json!("fine")),
        ("/scanned", json!(-1)),
        ("/items/0/level", json!("safe")),
        ("/items/0/subject", json!("x".repeat(1_301))),
        ("/made", json!(5)),
    ] {
        let mut other = full.clone();
        *other.pointer_mut(path).unwrap() = value;
        all.push(other);
    }
    let mut less = full;
    less.as_object_mut().unwrap().remove("integrity");
    all.push(less);
    all
}

#[test]
fn the_file_is_of_the_schema_and_nothing_else_is() {
    let python = std::env::var_os("KOMAINU_TEST_JSONSCHEMA").unwrap_or_else(|| "python3".into());
    let has = Command::new(&python).args(["-c", "import jsonschema"]).output();
    if !has.is_ok_and(|output| output.status.success()) {
        let line = "skipped: digest::schema::the_file_is_of_the_schema_and_nothing_else_is (no jsonschema; tests/run installs it)\n";
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("cases.json");
    let cases = json!({"schema": schema(), "good": samples(), "bad": spoiled()});
    std::fs::write(&file, cases.to_string()).unwrap();
    let script = "import json, sys, jsonschema\n\
        cases = json.load(open(sys.argv[1]))\n\
        jsonschema.Draft202012Validator.check_schema(cases['schema'])\n\
        validator = jsonschema.Draft202012Validator(cases['schema'])\n\
        for good in cases['good']: validator.validate(good)\n\
        assert not any(validator.is_valid(bad) for bad in cases['bad'])\n";
    let output = Command::new(python).args(["-c", script]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
