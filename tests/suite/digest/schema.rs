//! `docs/digest.schema.json` says what the file is: no more, no less.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use komainu::digest::{self, Day, Scope};
use serde_json::{Map, Value, json};

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

/// As many keywords as the schema uses; panics on others, so that none is passed over.
fn faults(schema: &Map<String, Value>, root: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let mut fault = |what: &str| found.push(format!("{at}: {what}"));
    for (keyword, wanted) in schema {
        match keyword.as_str() {
            "$ref" => {
                let path = wanted.as_str().unwrap().strip_prefix('#').unwrap();
                faults(root.pointer(path).unwrap().as_object().unwrap(), root, value, at, found);
                fault = |what: &str| found.push(format!("{at}: {what}"));
            }
            "anyOf" => {
                let fits = wanted.as_array().unwrap().iter().any(|one| {
                    let mut inner = Vec::new();
                    faults(one.as_object().unwrap(), root, value, at, &mut inner);
                    inner.is_empty()
                });
                if !fits {
                    fault("anyOf");
                }
            }
            "type" => {
                let fits = match wanted.as_str().unwrap() {
                    "null" => value.is_null(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "number" => value.is_number(),
                    "integer" => value.is_u64() || value.is_i64(),
                    "array" => value.is_array(),
                    "object" => value.is_object(),
                    other => panic!("type {other}"),
                };
                if !fits {
                    fault("type");
                }
            }
            "const" if value != wanted => fault("const"),
            "enum" if !wanted.as_array().unwrap().contains(value) => fault("enum"),
            "minimum" if value.as_i64().is_some_and(|n| n < wanted.as_i64().unwrap()) => fault("minimum"),
            "maxLength" => {
                let most = usize::try_from(wanted.as_u64().unwrap()).unwrap();
                if value.as_str().is_some_and(|text| text.chars().count() > most) {
                    fault("maxLength");
                }
            }
            "maxItems" => {
                let most = usize::try_from(wanted.as_u64().unwrap()).unwrap();
                if value.as_array().is_some_and(|list| list.len() > most) {
                    fault("maxItems");
                }
            }
            "required" => {
                for name in wanted.as_array().unwrap() {
                    if value.as_object().is_some_and(|fields| !fields.contains_key(name.as_str().unwrap())) {
                        fault(&format!("{name} is missing"));
                    }
                }
            }
            "properties" => {
                let known = wanted.as_object().unwrap();
                for (name, inner) in value.as_object().into_iter().flatten() {
                    match known.get(name) {
                        Some(one) => {
                            faults(one.as_object().unwrap(), root, inner, &format!("{at}/{name}"), found);
                            fault = |what: &str| found.push(format!("{at}: {what}"));
                        }
                        None => fault(&format!("{name} is not known")),
                    }
                }
            }
            "items" => {
                for (n, inner) in value.as_array().into_iter().flatten().enumerate() {
                    faults(wanted.as_object().unwrap(), root, inner, &format!("{at}/{n}"), found);
                }
                fault = |what: &str| found.push(format!("{at}: {what}"));
            }
            "additionalProperties" => assert_eq!(wanted, false),
            "const" | "enum" | "minimum" | "pattern" | "format" | "description" | "title" | "$schema"
            | "$id" | "$defs" => {}
            other => panic!("keyword {other}"),
        }
    }
}

fn judged(value: &Value) -> Vec<String> {
    let schema = schema();
    let mut found = Vec::new();
    faults(schema.as_object().unwrap(), &schema, value, "", &mut found);
    found
}

#[test]
fn every_sample_is_of_the_schema_and_has_every_field_of_it() {
    for sample in samples() {
        assert_eq!(judged(&sample), Vec::<String>::new());
    }
    // Of the full day every definition is used somewhere: nothing in the schema is only on paper.
    let schema = schema();
    let mut used = BTreeSet::new();
    let text = schema.to_string();
    for name in schema["$defs"].as_object().unwrap().keys() {
        if text.contains(&format!("#/$defs/{name}\"")) {
            used.insert(name.clone());
        }
    }
    assert_eq!(used.len(), schema["$defs"].as_object().unwrap().len());
    let full = &samples()[0];
    for list in ["items", "repeats", "actions_by_user", "outages", "errors", "accounts", "month"] {
        assert!(!full[list].as_array().unwrap().is_empty(), "{list}");
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
fn what_is_not_of_the_schema_is_noticed() {
    for value in spoiled() {
        assert!(!judged(&value).is_empty());
    }
}

/// `tests/run` puts an implementation of JSON Schema in place.
#[test]
fn an_implementation_of_json_schema_agrees() {
    let python = std::env::var_os("KOMAINU_TEST_JSONSCHEMA").unwrap_or_else(|| "python3".into());
    let has = Command::new(&python).args(["-c", "import jsonschema"]).output();
    if !has.is_ok_and(|output| output.status.success()) {
        let line = "skipped: digest::schema::an_implementation_of_json_schema_agrees (no jsonschema; tests/run installs it)\n";
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
