//! What somebody who can write to the store may do, and what the two verifications say of it: the program, and
//! `verify.sh` (bash, coreutils, openssl). The numbers are those of the matrix in docs/record.md.

mod byhand;
mod flips;
mod sample;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use komainu::evidence::{Digest, Entry, Record, SecretKey};
use serde_json::Value;

use self::sample::{Hand, Sample, sample};

/// Exit status, and the machine words of what was found.
pub(crate) type Said = (i32, BTreeSet<String>);

pub(crate) fn program(store: &Path, key: Option<&Path>, outside: &[PathBuf]) -> (Said, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_komainu"));
    command.args(["evidence", "verify", "--format", "json", "--store"]).arg(store);
    if let Some(key) = key {
        command.arg("--key").arg(key);
    }
    for note in outside {
        command.arg("--witness").arg(note);
    }
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let value: Value = serde_json::from_str(&text)
        .unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
    let found = value["findings"].as_array().unwrap();
    let words = found.iter().map(|finding| finding["what"].as_str().unwrap().to_owned()).collect();
    ((output.status.code().unwrap(), words), value)
}

pub(crate) fn script(store: &Path, key: &Path, outside: &[PathBuf]) -> (Said, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/verify.sh");
    let output = Command::new("bash").arg(script).arg(store).arg(key).args(outside).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{text}");
    let words = text
        .lines()
        .filter(|line| line.starts_with("  "))
        .map(|line| line.rsplit_once('[').unwrap().1.trim_end_matches(']').to_owned())
        .collect();
    ((output.status.code().unwrap(), words), text)
}

/// Both say the same. Returns what.
fn both(store: &Path, outside: &[PathBuf]) -> Said {
    let key = &sample().key;
    let (ours, value) = program(store, Some(key), outside);
    let (theirs, text) = script(store, key, outside);
    assert_eq!(ours, theirs, "{value:#}\n{text}");
    let result = ["OK", "FAIL", "UNSIGNED"][ours.0 as usize];
    assert_eq!(value["result"], result);
    assert!(text.starts_with(&format!("{result}: ")), "{text}");
    ours
}

/// What both say without a witness, and with all of them.
fn says(case: &str, hand: impl FnOnce(&Hand, &Sample)) -> (Said, Said) {
    let sample = sample();
    let one = Hand::new(&sample.store());
    hand(&one, sample);
    println!("case {case}");
    (both(one.store(), &[]), both(one.store(), &sample.outside))
}

/// Found on the machine itself, for one reason at least that has this name.
fn fails(case: &str, word: &str, hand: impl FnOnce(&Hand, &Sample)) {
    let (alone, witnessed) = says(case, hand);
    assert_eq!((alone.0, witnessed.0), (1, 1), "{case}: {alone:?} {witnessed:?}");
    assert!(alone.1.contains(word), "{case}: {alone:?}");
}

/// Looks right on the machine itself, and is found by a checkpoint that was kept elsewhere.
fn needs_a_witness(case: &str, word: &str, hand: impl FnOnce(&Hand, &Sample)) {
    let (alone, witnessed) = says(case, hand);
    assert_eq!((alone.0, witnessed.0), (0, 1), "{case}: {alone:?} {witnessed:?}");
    assert!(witnessed.1.contains(word), "{case}: {witnessed:?}");
}

#[test]
fn case_0_untouched() {
    let (alone, witnessed) = says("0", |_, _| {});
    assert_eq!((alone.0, witnessed.0), (0, 0), "{alone:?} {witnessed:?}");
    assert_eq!(alone.1, BTreeSet::from(["boot".to_owned()]));
    let (_, value) = program(&sample().store(), Some(&sample().key), &sample().outside);
    assert_eq!(
        (&value["messages"], &value["key_rolls"], &value["boots"]),
        (&12.into(), &3.into(), &2.into())
    );
    // Octets and what was read out of them.
    assert_eq!((&value["erased"], &value["witnesses"]), (&2.into(), &5.into()));
    assert_eq!(value["records"], value["covered"]);
    // The evidence folder alone is enough.
    assert_eq!(both(&sample().store().join("evidence"), &[]).0, 0);
}

#[test]
fn case_1_a_byte_is_flipped() {
    let flip = |path: &Path, at: usize| {
        let mut octets = fs::read(path).unwrap();
        octets[at] ^= 1;
        fs::write(path, octets).unwrap();
    };
    fails("1a", "chain-broken", |hand, _| {
        let at = hand.lines().iter().take(9).map(String::len).sum::<usize>() + 200;
        flip(&hand.file("chain/000001.jsonl"), at);
    });
    fails("1b", "content-changed", |hand, sample| {
        let (_, sha256) = hand.captured(sample.hits[0]);
        flip(&hand.blob(sha256), 100);
    });
    fails("1c", "checkpoint-root", |hand, _| {
        // In its own UUID, so that the line is as good a record as before.
        let path = hand.file("chain/000002.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        let at = text.rfind("\"event.id\":\"").unwrap() + 45;
        let mut octets = text.into_bytes();
        octets[at] = if octets[at] == b'0' { b'1' } else { b'0' };
        fs::write(&path, octets).unwrap();
    });
}

#[test]
fn case_2_a_record_is_deleted() {
    fails("2", "chain-broken", |hand, _| {
        let mut lines = hand.lines();
        lines.remove(12);
        hand.write(&lines);
    });
    // Also where the chain is made whole behind it.
    fails("2, mended", "checkpoint-root", |hand, _| hand.rewrite(|lines| _ = lines.remove(12)));
}

#[test]
fn case_3_the_tail_is_dropped() {
    let size = |hand: &Hand| hand.sizes().into_iter().rfind(|size| *size + 30 <= hand.lines().len() as u64);
    fails("3a", "records-missing", |hand, _| {
        hand.write(&hand.lines()[..size(hand).unwrap() as usize]);
    });
    needs_a_witness("3b", "records-missing", |hand, _| {
        let size = size(hand).unwrap();
        hand.write(&hand.lines()[..size as usize]);
        hand.forget_above(size);
        // What was captured later is still there, and no record names it.
        let named: BTreeSet<Digest> = hand
            .records()
            .into_iter()
            .filter_map(|record| match record.entry {
                Entry::Captured { sha256, .. } => Some(sha256),
                _ => None,
            })
            .collect();
        assert!(named.len() < 12);
    });
    fails("3c", "torn-tail", |hand, _| {
        let path = hand.file("chain/000002.jsonl");
        let mut text = fs::read_to_string(&path).unwrap();
        text += "{\"prev\":\"0123";
        fs::write(path, text).unwrap();
    });
    fails("3c, in the last record", "torn-tail", |hand, _| {
        let path = hand.file("chain/000002.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, &text[..text.len() - 10]).unwrap();
    });
}

#[test]
fn case_4_two_records_are_swapped() {
    fails("4", "chain-broken", |hand, _| {
        let mut lines = hand.lines();
        lines.swap(14, 15);
        hand.write(&lines);
    });
    fails("4, mended", "checkpoint-root", |hand, _| hand.rewrite(|lines| lines.swap(14, 15)));
}

/// Puts other octets in a message's place, with all that names them.
fn forge(hand: &Hand, sample: &Sample) {
    let (seq, sha256) = hand.captured(*sample.hits.last().unwrap());
    let octets = fs::read(hand.blob(sha256)).unwrap();
    let other = String::from_utf8(octets).unwrap().replace("pay now", "pay not").into_bytes();
    let new = Digest::of(&other);
    fs::remove_file(hand.blob(sha256)).unwrap();
    fs::create_dir_all(hand.blob(new).parent().unwrap()).unwrap();
    fs::write(hand.blob(new), other).unwrap();
    hand.rewrite(|lines| lines[seq] = lines[seq].replace(&sha256.to_string(), &new.to_string()));
}

#[test]
fn case_5_a_message_is_replaced_or_deleted() {
    fails("5a", "content-changed", |hand, sample| {
        let (_, sha256) = hand.captured(sample.hits[1]);
        fs::write(hand.blob(sha256), "From: y@example.com\r\n\r\nnothing\r\n").unwrap();
    });
    fails("5b", "checkpoint-root", forge);
    fails("5c", "content-missing", |hand, sample| {
        let (_, sha256) = hand.captured(sample.hits[1]);
        fs::remove_file(hand.blob(sha256)).unwrap();
    });
    // Without the checkpoints that bind it there is no signature over it either.
    let (alone, witnessed) = says("5b, unsigned", |hand, sample| {
        forge(hand, sample);
        let (seq, _) = hand.captured(*sample.hits.last().unwrap());
        hand.forget_above(seq as u64);
    });
    assert_eq!((alone.0, witnessed.0), (2, 1), "{alone:?} {witnessed:?}");
}

/// Sets the clock of the last records, and signs that with the key on the machine.
fn set_clock(hand: &Hand, seconds: i64) {
    let (seq, records) = (hand.lines().len() - 4, hand.records());
    assert!(seq as u64 > hand.rolls().last().unwrap().0 + 1);
    hand.rewrite(|lines| {
        for (line, record) in lines.iter_mut().zip(records).skip(seq) {
            let at = record.at + jiff::SignedDuration::from_secs(seconds);
            *line = Record { at, ..record }.to_line().unwrap();
        }
    });
    hand.forget_above(seq as u64);
    hand.sign(&hand.key(), None);
}

#[test]
fn case_6_the_clock_is_set_within_a_boot() {
    fails("6a", "clock-set", |hand, _| set_clock(hand, -3600));
    fails("6b", "clock-set", |hand, _| set_clock(hand, 3600));
}

#[test]
fn case_7_an_old_copy_or_a_new_history() {
    let sample = sample();
    println!("case 7a");
    assert_eq!(both(&sample.old, &[]).0, 0);
    assert_eq!(both(&sample.old, &sample.outside[..2]).0, 0);
    let said = both(&sample.old, &sample.outside);
    assert_eq!(said.0, 1);
    assert!(said.1.contains("records-missing"));

    // Whoever has the key of the day can write that day anew...
    needs_a_witness("7b", "checkpoint-root", |hand, sample| {
        let (seq, _) = hand.captured(*sample.hits.last().unwrap());
        let morning = hand.rolls().last().unwrap().0 + 1;
        forge(hand, sample);
        assert!(seq as u64 > morning);
        hand.forget_above(morning);
        hand.sign(&hand.key(), None);
    });
    // ... and no day before, whatever he takes away.
    fails("7b, the day before", "checkpoint-root", |hand, _| {
        let roll = hand.rolls().last().unwrap().0;
        hand.rewrite(|lines| _ = lines.remove(roll as usize - 2));
        hand.forget_above(roll - 2);
        hand.sign(&hand.key(), None);
        // The checkpoint in which the old key names the new one is what he cannot make.
        fs::copy(
            sample.store().join(format!("evidence/checkpoints/{:010}.note", roll + 1)),
            hand.file(&format!("checkpoints/{:010}.note", roll + 1)),
        )
        .unwrap();
    });
    fails("7b, the day before, without its roll", "key-roll", |hand, _| {
        let roll = hand.rolls().last().unwrap().0;
        hand.rewrite(|lines| _ = lines.remove(roll as usize - 2));
        hand.forget_above(roll - 2);
        hand.sign(&hand.key(), None);
    });
}

#[test]
fn case_8_another_key_signs_everything() {
    let swap = |hand: &Hand| {
        let key = SecretKey::new(&[9; 32]);
        let rolls: BTreeSet<usize> = hand.rolls().iter().map(|(seq, _)| *seq as usize).collect();
        hand.rewrite(|lines| {
            let mut seq = 0..;
            lines.retain(|_| !rolls.contains(&seq.next().unwrap()));
        });
        for size in hand.sizes() {
            fs::remove_file(hand.file(&format!("checkpoints/{size:010}.note"))).unwrap();
        }
        fs::remove_dir_all(hand.file("keys")).unwrap();
        fs::create_dir(hand.file("keys")).unwrap();
        fs::write(hand.file("keys/genesis.pub.pem"), key.public().to_pem()).unwrap();
        hand.sign(&key, None);
    };
    fails("8", "checkpoint-signature", |hand, _| swap(hand));
    // Never believe the key that is inside: this is why.
    let hand = Hand::new(&sample().store());
    swap(&hand);
    let (said, value) = program(hand.store(), None, &[]);
    assert_eq!((said.0, &value["key_trusted"]), (0, &false.into()), "{value:#}");
}

#[test]
fn case_9_an_erasure_that_nobody_signed() {
    let (alone, witnessed) = says("9", |hand, sample| {
        let (_, sha256) = hand.captured(sample.hits[1]);
        fs::remove_file(hand.blob(sha256)).unwrap();
        let id = Some(sample.hits[1]);
        let erased = Entry::Erased { id, contents: vec![sha256], reason: "asked".into() };
        let last = hand.records().pop().unwrap();
        hand.rewrite(|lines| {
            let mut record = Record { entry: erased, ..last };
            record.more = 0;
            lines.push(record.to_line().unwrap());
        });
    });
    assert_eq!((alone.0, witnessed.0), (2, 2), "{alone:?} {witnessed:?}");
    assert!(alone.1.contains("erasure-unsigned") && alone.1.contains("uncovered"), "{alone:?}");
}

#[test]
fn files_that_nothing_names_are_told_and_broken_ones_found() {
    let (alone, _) = says("extra", |hand, _| {
        fs::write(hand.file("blobs/readme"), "x").unwrap();
        fs::write(hand.file("stray"), "x").unwrap();
        fs::write(hand.file("checkpoint"), "").unwrap();
        fs::write(hand.file("checkpoints/0000000099.note.tmp"), "half").unwrap();
    });
    assert_eq!(alone.0, 0);
    assert!(alone.1.contains("extra-file") && alone.1.contains("checkpoint-copy-empty"), "{alone:?}");
    fails("origin", "checkpoint-origin", |hand, _| {
        fs::write(hand.file("origin"), "komainu.invalid/ffffffffffffffffffffffffffffffff\n").unwrap();
    });
    fails("note", "checkpoint-unreadable", |hand, _| {
        let size = hand.sizes()[3];
        fs::write(hand.file(&format!("checkpoints/{size:010}.note")), "not a note\n\n").unwrap();
    });
    fails("copy", "checkpoint-copy", |hand, _| fs::write(hand.file("checkpoint"), "not a note\n\n").unwrap());
    fails("key file", "key-file", |hand, _| {
        let size = hand.rolls()[0].0 + 1;
        fs::copy(&sample().key, hand.file(&format!("keys/{size:010}.pub.pem"))).unwrap();
    });
    fails("meta", "content-changed", |hand, sample| {
        let id = sample.hits[2].to_string();
        fs::write(hand.file(&format!("meta/{}/{id}.json", &id[34..])), "{}").unwrap();
    });
    for room in ["context", "notes"] {
        fails(room, "content-missing", |hand, _| fs::remove_dir_all(hand.file(room)).unwrap());
    }
}

/// Whoever verifies a store runs nothing that stands in it: not even where it would be a name or a number for bash.
#[test]
fn what_a_record_says_is_not_run() {
    let payload = "a[$(echo run >&2)]";
    for (field, quoted) in [
        ("email.local_id", true),
        ("evidence.sha256", true),
        ("evidence.meta_sha256", true),
        ("clock.boot_id", true),
        ("clock.boottime_ms", false),
        ("event.id", true),
        ("@timestamp", true),
        ("komainu.public_key", true),
    ] {
        let (alone, witnessed) = says(field, |hand, _| {
            hand.rewrite(|lines| {
                let name = format!("\"{field}\":");
                let seq = lines.iter().rposition(|line| line.contains(&name)).unwrap();
                let (before, after) = lines[seq].split_once(&name).unwrap();
                let end = after.find([',', '}']).unwrap();
                let value = if quoted { format!("\"{payload}\"") } else { payload.to_owned() };
                lines[seq] = format!("{before}{name}{value}{}", &after[end..]);
            });
        });
        assert_eq!((alone.0, witnessed.0), (1, 1), "{field}: {alone:?} {witnessed:?}");
    }
    let (alone, _) = says("names", |hand, _| {
        for name in
            ["blobs/$(echo run >&2).eml", "meta/a[$(echo run >&2)].json", "-n.eml", "keys/-x\n.pub.pem"]
        {
            fs::write(hand.file(name), "x").unwrap();
        }
    });
    assert_eq!(alone.0, 0, "{alone:?}");
}

#[test]
fn what_cannot_be_read_is_never_verified() {
    let sample = sample();
    let command = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_komainu")).args(["evidence", "verify"]).args(arguments).output();
        output.unwrap().status.code().unwrap()
    };
    let store = sample.store();
    let store = store.to_str().unwrap();
    assert_eq!(command(&["--store", "/nonexistent"]), 2);
    assert_eq!(command(&["--store", store, "--key", "/nonexistent"]), 2);
    assert_eq!(command(&["--store", store, "--key", "/dev/null"]), 2);
    assert_eq!(command(&["--store", store, "--witness", "/nonexistent"]), 2);
    assert_eq!(command(&["--store", store, "--what"]), 64);
    let bash = |arguments: &[&str]| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/config/verify.sh");
        Command::new("bash").arg(script).args(arguments).output().unwrap().status.code().unwrap()
    };
    let key = sample.key.to_str().unwrap();
    assert_eq!(bash(&[store, key]), 0);
    assert_eq!(bash(&["/nonexistent", key]), 2);
    assert_eq!(bash(&[store, "/nonexistent"]), 2);
    assert_eq!(bash(&[store, key, "/nonexistent"]), 2);
    assert_eq!(bash(&[store]), 64);
    // The one that is written out is the one that was tested.
    let written =
        Command::new(env!("CARGO_BIN_EXE_komainu")).args(["evidence", "verify", "--script"]).output();
    assert_eq!(
        written.unwrap().stdout,
        fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/config/verify.sh")).unwrap()
    );
}
