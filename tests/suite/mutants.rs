//! The messages of `tests/corpus`, mutated: what the fuzz targets ask (`fuzz/`), for everyone and always the same. More
//! rounds with `KOMAINU_MUTANTS=100000`.

use std::fs;
use std::path::Path;

use komainu::indicator::Context;
use komainu::message::{Message, Text, normalise};
use komainu::verdict::{self, Thresholds};

/// Rounds without being asked: a second or two, unoptimised.
const ROUNDS: u64 = 300;

/// Pieces on which reading turns.
const TOKENS: &[&[u8]] = &[
    b"\r\n",
    b"\r\n\r\n",
    b"--=_komainu\r\n",
    b"--",
    b"=?utf-8?B?5pyA?=",
    b"=?iso-2022-jp?Q?=1B$B?=",
    b"\x1b$B",
    b"\x1b(B",
    b"\xe6\x9c",
    b"\x8d\xc5",
    b"\0",
    b"\xff\xff\xff\xff",
    b"<a href=\"",
    b"<style>.a{",
    b"</",
    b"&#x",
    b"UEsDBBQAAAAIAA",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"begin 644 a\r\n",
    b"=ybegin line=128 name=a\r\n",
    b"; name*0*=utf-8''%",
    b"\x78\x9f\x3e\x22",
    b"\xe2\x80\xae",
];

fn seeds() -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    for side in ["threat", "benign"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(side);
        paths.extend(fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    }
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn mutate(random: &mut fastrand::Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut octets = seeds[random.usize(..seeds.len())].clone();
    for _ in 0..random.usize(1..8) {
        let at = random.usize(..=octets.len());
        let to = (at + random.usize(..64)).min(octets.len());
        match random.u8(..6) {
            0 if at < octets.len() => octets[at] = random.u8(..),
            1 => drop(octets.drain(at..to)),
            2 => drop(octets.splice(at..at, TOKENS[random.usize(..TOKENS.len())].iter().copied())),
            3 => {
                let piece = octets[at..to].repeat(random.usize(1..20));
                drop(octets.splice(at..at, piece));
            }
            4 => {
                let other = &seeds[random.usize(..seeds.len())];
                let from = random.usize(..other.len());
                octets.truncate(at);
                octets.extend(&other[from..]);
            }
            _ if at < octets.len() => octets[at] ^= 1 << random.u8(..8),
            _ => {}
        }
    }
    octets
}

fn hold(octets: &[u8]) {
    let message = Message::parse(octets);
    assert!(message.defects.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(message.work.parts <= 1_000 && message.work.inflated <= 8 << 20 && message.work.text <= 4 << 20);
    for file in &message.attachments {
        assert!(file.members.len() <= 500 && file.text.is_none_or(|n| n <= message.texts.len()));
    }
    let verdict = verdict::judge(&message, &Context::default(), &Thresholds::default());
    let sum: i32 = verdict.findings.iter().map(|finding| finding.weight.0).sum();
    assert_eq!(sum, verdict.score.0);
    for finding in &verdict.findings {
        let shown = finding.excerpt.as_str();
        assert!(
            !shown.chars().any(char::is_control) && !shown.contains("http://") && !shown.contains("https://")
        );
    }
    let original = String::from_utf8_lossy(octets.get(..4096).unwrap_or(octets));
    let text = Text::new(&original);
    assert_eq!(normalise(text.normal()), text.normal());
}

#[test]
fn mutants_get_a_verdict_that_adds_up() {
    let seeds = seeds();
    let rounds =
        std::env::var("KOMAINU_MUTANTS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let begin = std::env::var("KOMAINU_MUTANTS_FROM").ok().and_then(|from| from.parse().ok()).unwrap_or(0);
    for round in begin..begin + rounds {
        let octets = mutate(&mut fastrand::Rng::with_seed(round), &seeds);
        let held = std::panic::catch_unwind(|| hold(&octets));
        assert!(held.is_ok(), "round {round}");
    }
}
