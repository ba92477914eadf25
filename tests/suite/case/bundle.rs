//! The bundle as others check it: BagIt, `sha256sum`, zip; whole or not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use komainu::case::{Subject, Variant};
use komainu::document::Language;
use komainu::evidence::audit::Grade;
use komainu::evidence::{Digest, Note, PublicKey, Record, leaf, root_by};
use komainu::store::bundle::{BundleError, LITE, Wanted, write};
use komainu::store::read::{Reading, lines};

use serde_json::Value;

use super::{CASE, Desk, letter, wanted};

const NAMES: [&str; 4] = [
    "open/billing-content-polite.eml",
    "open/leave-publish-2.eml",
    "open/phish-line.eml",
    "open/malware-exe.eml",
];

fn desk() -> Desk {
    let mut desk = Desk::new();
    let ids: Vec<_> = NAMES
        .iter()
        .zip(10..)
        .map(|(name, day)| desk.receive(&letter(name), &format!("{day}-Nov-2026 09:00:00 +0900")))
        .collect();
    // Another message, not of this case.
    desk.receive(&letter("open/phish-tax.eml"), "15-Nov-2026 09:00:00 +0900");
    desk.open(Subject::Named("まとめ".into()), &ids);
    desk.tell("電話はしていない", None);
    desk.sign();
    desk
}

fn files(dir: &Path) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned(), path);
            }
        }
    }
    found
}

#[test]
fn both_manifests_hold_and_name_every_file() {
    let desk = desk();
    for variant in [Variant::Full, Variant::Lite] {
        let written = desk.write(variant, &desk.dir.path().join("out"));
        let files = files(&written.dir);
        let listed = |name: &str| -> BTreeMap<String, String> {
            let text = fs::read_to_string(written.dir.join(name)).unwrap();
            text.lines()
                .map(|line| line.split_once("  ").unwrap())
                .map(|(digest, path)| (path.to_owned(), digest.to_owned()))
                .collect()
        };
        let (payload, tags) = (listed("manifest-sha256.txt"), listed("tagmanifest-sha256.txt"));
        for (path, digest) in payload.iter().chain(&tags) {
            assert_eq!(&Digest::of(&fs::read(&files[path]).unwrap()).to_string(), digest, "{path}");
        }
        let named = payload.len() + tags.len() + 1;
        assert_eq!(files.len(), named, "{:?}", files.keys());
        assert!(payload.keys().all(|path| path.starts_with("data/")));
        assert_eq!(
            written.sha256,
            Digest::of(&fs::read(written.dir.join("tagmanifest-sha256.txt")).unwrap())
        );
        let info = fs::read_to_string(written.dir.join("bag-info.txt")).unwrap();
        let octets: u64 = payload.keys().map(|path| files[path].metadata().unwrap().len()).sum();
        assert!(info.contains(&format!("Payload-Oxum: {octets}.{}\n", payload.len())), "{info}");
        assert!(
            info.contains("External-Identifier: C-2026-0001\n")
                && info.contains("Bagging-Date: 2026-11-26\n")
        );
        for name in ["tagmanifest-sha256.txt", "manifest-sha256.txt"] {
            let check =
                Command::new("sha256sum").args(["--quiet", "-c", name]).current_dir(&written.dir).output();
            let check = check.unwrap();
            assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
        }
    }
}

/// `tests/run` puts the reference implementation of BagIt in place.
#[test]
fn the_reference_implementation_of_bagit_takes_it() {
    let Some(python) = std::env::var_os("KOMAINU_TEST_BAGIT") else {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: case::bundle::the_reference_implementation_of_bagit_takes_it (no bagit; tests/run installs it)"
        );
        return;
    };
    let desk = desk();
    for variant in [Variant::Full, Variant::Lite] {
        let written = desk.write(variant, &desk.dir.path().join("out"));
        let check =
            Command::new(&python).args(["-m", "bagit", "--validate"]).arg(&written.dir).output().unwrap();
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
        fs::write(written.dir.join("data/timeline.csv"), "changed").unwrap();
        let check =
            Command::new(&python).args(["-m", "bagit", "--validate"]).arg(&written.dir).output().unwrap();
        assert!(!check.status.success());
    }
}

#[test]
fn originals_are_the_octets_that_came_and_the_case_has_its_own_lines_only() {
    let desk = desk();
    let written = desk.write(Variant::Full, &desk.dir.path().join("out"));
    let data = written.dir.join("data");
    for name in NAMES {
        let octets = letter(name);
        let sha256 = Digest::of(&octets);
        assert_eq!(fs::read(data.join(format!("eml/{sha256}.eml"))).unwrap(), octets);
        let header = fs::read(data.join(format!("headers/{sha256}.txt"))).unwrap();
        assert!(!header.is_empty() && octets.starts_with(&header));
    }
    let own = fs::read_to_string(data.join("chain/records.jsonl")).unwrap();
    let whole = fs::read_to_string(data.join("chain/whole/000001.jsonl")).unwrap();
    let chain: String = files(&desk.state().join("evidence/chain"))
        .values()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    assert_eq!(whole, chain);
    let case = desk.case();
    for line in own.lines() {
        let record = Record::from_line(line).unwrap();
        assert!(case.records().contains(&record.seq) && chain.contains(line));
    }
    assert_eq!(own.lines().count(), case.records().len());
    let other = Digest::of(&letter("open/phish-tax.eml")).to_string();
    assert!(!own.contains(&other));
    assert!(!files(&data).keys().any(|path| path.contains(&other)));
    assert!(
        data.join("forms/antiphishing-01.txt").exists()
            || files(&data).keys().any(|path| path.contains("antiphishing"))
    );
}

#[test]
fn every_record_of_the_case_is_proven_to_stand_under_the_checkpoint() {
    let desk = desk();
    for variant in [Variant::Full, Variant::Lite] {
        let written = desk.write(variant, &desk.dir.path().join("out"));
        let chain = written.dir.join("data/chain");
        let note = Note::parse(&fs::read(chain.join("checkpoint.note")).unwrap()).unwrap();
        let key = fs::read_to_string(chain.join("keys/genesis.pub.pem")).unwrap();
        assert!(note.is_signed_by(PublicKey::from_pem(&key).unwrap()));
        let (size, root) = (note.checkpoint.size, note.checkpoint.root);
        let proofs: Value =
            serde_json::from_slice(&fs::read(chain.join("records.proof.json")).unwrap()).unwrap();
        let records = fs::read_to_string(chain.join("records.jsonl")).unwrap();
        for line in records.split_inclusive('\n') {
            let seq = Record::from_line(line).unwrap().seq;
            assert!(seq < size, "the checkpoint covers the case");
            let of = |proof: &&Value| proof["seq"] == seq;
            let proof = proofs["records"].as_array().unwrap().iter().find(of).unwrap();
            let proof: Vec<Digest> = serde_json::from_value(proof["proof"].clone()).unwrap();
            assert_eq!(root_by(leaf(line.as_bytes()), seq, size, &proof), Some(root));
        }
        let check = || Command::new("python3").arg(written.dir.join("data/merkle.py")).output();
        let Ok(good) = check() else {
            println!("skipped: python3 is not installed here");
            continue;
        };
        assert_eq!(good.status.code(), Some(0), "{good:?}");
        fs::write(chain.join("records.jsonl"), records.replacen("\"imap.uid\":1", "\"imap.uid\":2", 1))
            .unwrap();
        assert_eq!(check().unwrap().status.code(), Some(1));
    }
}

#[test]
fn the_reports_are_pdfs_in_both_languages_or_the_one_asked_for() {
    let desk = desk();
    let written = desk.write(Variant::Full, &desk.dir.path().join("out"));
    for lang in ["ja", "en"] {
        let pdf = fs::read(written.dir.join(format!("data/report-{lang}.pdf"))).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        for name in [&b"/URI"[..], b"/JavaScript", b"/Launch", b"/EmbeddedFile"] {
            assert!(memchr::memmem::find(&pdf, name).is_none());
        }
    }
    let only = Wanted { languages: vec![Language::En], ..wanted(Variant::Lite) };
    let written = write(&desk.reading(), &only, &desk.dir.path().join("out"), &mut |_, _| {}).unwrap();
    assert!(
        written.dir.join("data/report-en.pdf").exists() && !written.dir.join("data/report-ja.pdf").exists()
    );
}

#[test]
fn nothing_can_be_run_and_nobody_else_can_read_it() {
    let desk = desk();
    let written = desk.write(Variant::Full, &desk.dir.path().join("out"));
    for (name, path) in files(&written.dir) {
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        let program = name == "data/verify.sh";
        assert_eq!(mode, if program { 0o700 } else { 0o600 }, "{name}");
    }
    for path in [&written.dir, &written.dir.join("data/eml")] {
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
    assert_eq!(written.zip.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

/// What becomes of a file.
type Change = Box<dyn Fn(String) -> String>;

/// By the command that stands in the bundle, and by the program; both find the same.
#[test]
fn what_was_exchanged_in_the_full_one_is_found() {
    let desk = desk();
    let written = desk.write(Variant::Full, &desk.dir.path().join("out"));
    let data = written.dir.join("data");
    let run = || {
        let output = Command::new("bash")
            .args(["data/verify.sh", "data", "data/chain/keys/genesis.pub.pem"])
            .current_dir(&written.dir)
            .output()
            .unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        let program = komainu::store::verify(&data, None, &[]).unwrap().report;
        let words: BTreeSet<&str> = program.findings.iter().map(|finding| finding.what.word()).collect();
        let text = String::from_utf8(output.stdout).unwrap();
        let said: BTreeSet<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix('[')?.split_once("] ("))
            .map(|(word, _)| word)
            .collect();
        assert_eq!(said, words, "{text}");
        (
            output.status.code().unwrap(),
            program.grade(),
            words.into_iter().map(str::to_owned).collect::<Vec<_>>(),
        )
    };
    if Command::new("openssl").arg("version").output().is_err() {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: case::bundle::what_was_exchanged_in_the_full_one_is_found (no openssl)"
        );
        return;
    }
    assert_eq!(run(), (0, Grade::Notice, vec![]));
    let original = format!("eml/{}.eml", Digest::of(&letter(NAMES[0])));
    let meta = fs::read_dir(data.join("meta")).unwrap().next().unwrap().unwrap().file_name();
    let meta = format!("meta/{}", meta.to_str().unwrap());
    let context = fs::read_dir(data.join("context")).unwrap().next().unwrap().unwrap().file_name();
    let context = format!("context/{}", context.to_str().unwrap());
    // Files, and what becomes of them: none where they are taken out.
    let change = |from: &'static str, to: &'static str| {
        Some(move |text: String| {
            assert!(text.contains(from), "{text}");
            text.replacen(from, to, 1)
        })
    };
    let boxed = |change: Option<_>| change.map(|change| Box::new(change) as Change);
    let forgeries: [(&str, Option<Change>, &str); 7] = [
        (&original, boxed(change("Subject", "subject")), "content-changed"),
        (&original, None, "content-missing"),
        (&meta, None, "content-missing"),
        (&context, None, "content-missing"),
        ("chain/whole/000001.jsonl", boxed(change("\"imap.uid\":10", "\"imap.uid\":11")), "chain-broken"),
        ("chain/records.jsonl", boxed(change("\"imap.uid\":10", "\"imap.uid\":11")), "case-line"),
        ("chain/checkpoint.note", boxed(change("komainu", "komainv")), "checkpoint-copy"),
    ];
    for (name, change, word) in forgeries {
        let path = data.join(name);
        let octets = fs::read(&path).unwrap();
        match change {
            Some(change) => fs::write(&path, change(String::from_utf8(octets.clone()).unwrap())).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let (status, grade, words) = run();
        assert_eq!((status, grade), (1, Grade::Fail), "{name}: {words:?}");
        assert!(words.iter().any(|found| found == word), "{name}: {words:?}");
        fs::write(&path, octets).unwrap();
    }
    assert_eq!(run(), (0, Grade::Notice, vec![]));
    assert!(!desk.write(Variant::Lite, &desk.dir.path().join("lite")).dir.join("data/verify.sh").exists());
}

#[test]
fn the_zip_is_the_directory_and_the_same_twice() {
    let desk = desk();
    let one = desk.write(Variant::Full, &desk.dir.path().join("one"));
    let two = desk.write(Variant::Full, &desk.dir.path().join("two"));
    assert_eq!(fs::read(&one.zip).unwrap(), fs::read(&two.zip).unwrap());
    assert_eq!(one.zip_size, one.zip.metadata().unwrap().len());
    let mut zip = zip::ZipArchive::new(fs::File::open(&one.zip).unwrap()).unwrap();
    let files = files(&one.dir);
    assert_eq!(zip.len(), files.len());
    for (name, path) in files {
        let mut inside = zip.by_name(&format!("C-2026-0001-full/{name}")).unwrap();
        let mut octets = Vec::new();
        inside.read_to_end(&mut octets).unwrap();
        assert_eq!(octets, fs::read(path).unwrap(), "{name}");
    }
}

#[test]
fn nothing_is_overwritten_and_what_a_crash_left_is_no_hindrance() {
    let desk = desk();
    let out = desk.dir.path().join("out");
    fs::create_dir_all(out.join(".C-2026-0001-full.tmp/data")).unwrap();
    fs::write(out.join(".C-2026-0001-full.tmp/data/half"), "half").unwrap();
    fs::write(out.join(".C-2026-0001-full.zip.tmp"), "half").unwrap();
    let written = desk.write(Variant::Full, &out);
    assert!(!written.dir.join("data/half").exists());
    let before = fs::read(&written.zip).unwrap();
    let again = write(&desk.reading(), &wanted(Variant::Full), &out, &mut |_, _| {});
    assert!(matches!(again, Err(BundleError::Exists(path)) if path == written.dir));
    assert_eq!(fs::read(&written.zip).unwrap(), before);
    fs::remove_dir_all(&written.dir).unwrap();
    let again = write(&desk.reading(), &wanted(Variant::Full), &out, &mut |_, _| {});
    assert!(matches!(again, Err(BundleError::Exists(path)) if path == written.zip));
    assert!(!written.dir.exists());
    let left: Vec<String> =
        fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(left, ["C-2026-0001-full.zip"]);
}

#[test]
fn the_small_one_stays_small_and_says_what_it_lacks() {
    let mut desk = Desk::new();
    let mut ids = Vec::new();
    // What does not compress: 3 MB each, more than the small bundle holds.
    let mut state = 1_u64;
    for n in 0..3 {
        let noise: String = (0..3_000_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(b'!' + (state >> 33) as u8 % 90)
            })
            .collect();
        let mail = format!(
            "From: a@evil.test\r\nSubject: {n}\r\nContent-Type: application/octet-stream\r\n\r\n{noise}\r\n"
        );
        ids.push(desk.receive(mail.as_bytes(), "10-Nov-2026 09:00:00 +0900"));
    }
    desk.open(Subject::Named("大きい".into()), &ids);
    let lite = desk.write(Variant::Lite, &desk.dir.path().join("out"));
    assert!(lite.zip_size <= LITE, "{}", lite.zip_size);
    assert_eq!(lite.absent, 2);
    let readme = fs::read_to_string(lite.dir.join("data/00_はじめに_README.txt")).unwrap();
    let kept = files(&lite.dir.join("data/eml"));
    for member in &desk.case().members {
        let sha256 = member.capture.sha256.to_string();
        assert_ne!(kept.contains_key(&format!("{sha256}.eml")), readme.contains(&sha256), "{readme}");
        assert!(lite.dir.join(format!("data/headers/{sha256}.txt")).exists());
    }
    assert!(readme.contains("容量のため同梱せず") && readme.contains("left out for its size"), "{readme}");
    let full = desk.write(Variant::Full, &desk.dir.path().join("out"));
    assert_eq!(full.absent, 0);
}

#[test]
fn an_original_that_was_changed_is_not_handed_over_as_one() {
    let desk = desk();
    let case = desk.case();
    let (changed, gone) = (case.members[0].capture.sha256, case.members[1].capture.sha256);
    fs::write(desk.layout().blob(changed), "From: forged@example.com\r\n\r\n").unwrap();
    fs::remove_file(desk.layout().blob(gone)).unwrap();
    let written = desk.write(Variant::Full, &desk.dir.path().join("out"));
    assert_eq!(written.absent, 2);
    assert!(!written.dir.join(format!("data/eml/{changed}.eml")).exists());
    let readme = fs::read_to_string(written.dir.join("data/00_はじめに_README.txt")).unwrap();
    assert!(
        readme.contains("記録時の SHA-256 と一致しない") && readme.contains("消去の記録なし"),
        "{readme}"
    );
}

#[test]
fn a_store_that_is_being_written_is_read_up_to_its_last_whole_batch() {
    let desk = desk();
    let before = desk.reading();
    let mut chain: Vec<_> = files(&desk.state().join("evidence/chain")).into_values().collect();
    let last = chain.pop().unwrap();
    let octets = fs::read(&last).unwrap();
    let text = String::from_utf8(octets.clone()).unwrap();
    // The last batch but its end; then half a line.
    for torn in [octets.len() - 10, octets.len() - 1] {
        fs::write(&last, &octets[..torn]).unwrap();
        let after = Reading::of(&desk.layout()).unwrap();
        assert!(after.head.seq < before.head.seq);
        let mut count = 0;
        lines(&desk.layout(), None, |seq, line| {
            assert_eq!(seq, count);
            assert!(text.contains(line));
            count += 1;
        })
        .unwrap();
        assert_eq!(count, after.head.seq);
    }
    let mut damaged = octets;
    damaged[20] ^= 1;
    fs::write(&last, &damaged).unwrap();
    assert!(Reading::of(&desk.layout()).is_err());
    assert_eq!(before.case(CASE).unwrap().members.len(), NAMES.len());
}
