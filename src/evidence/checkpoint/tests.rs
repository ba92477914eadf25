use proptest::prelude::*;

use super::*;

fn key() -> SecretKey {
    SecretKey::new(&[7; 32])
}

fn checkpoint() -> Checkpoint {
    let origin = "komainu.invalid/0123456789abcdef0123456789abcdef".to_owned();
    Checkpoint { origin, size: 57, root: Digest::of(b"root") }
}

#[test]
fn a_note_is_read_and_verified_with_its_own_key_only() {
    let text = checkpoint().sign(&key());
    let note = Note::parse(text.as_bytes()).unwrap();
    assert_eq!(note.checkpoint, checkpoint());
    assert!(note.is_signed_by(key().public()));
    assert!(!note.is_signed_by(SecretKey::new(&[8; 32]).public()));
    // With the signature of somebody else below, as a witness leaves it.
    let more = format!("{text}\u{2014} witness.example {}\n", STANDARD.encode([1; 76]));
    assert!(Note::parse(more.as_bytes()).unwrap().is_signed_by(key().public()));
}

/// The vector of golang.org/x/mod/sumdb/note, where signed notes come from: text, key and signature.
#[test]
fn key_ids_and_signatures_are_those_of_signed_note() {
    const NAME: &str = "PeterNeumann";
    const KEY: &str = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n";
    const SIGNATURE: &str =
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    let octets = STANDARD.decode(KEY).unwrap();
    let spki =
        [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00], &octets[1..]].concat();
    let key = PublicKey::from_base64(&STANDARD.encode(spki)).unwrap();
    assert_eq!(key_id(NAME, key), 0xc74f_20a3_u32.to_be_bytes());
    let signature = STANDARD.decode(SIGNATURE).unwrap();
    assert_eq!(signature[..4], key_id(NAME, key));
    assert!(key.verifies(TEXT.as_bytes(), signature[4..].try_into().unwrap()));
}

#[test]
fn what_is_no_note_is_refused() {
    let good = checkpoint().sign(&key());
    for bad in [
        String::new(),
        good.replace("\n57\n", "\n057\n"),
        good.replace("\n57\n", "\n+57\n"),
        good.replace("\n57\n", "\n57\nmore\n"),
        good.replace("\n\n", "\n"),
        good.replace("\n\n", "\next\n\n"),
        good.replace('\u{2014}', "-"),
        good.replacen("komainu", "ko mainu", 1),
        good.trim_end().to_owned(),
        good.replace('\n', "\r\n"),
        format!("{good}\n"),
        format!("{good}{}", "x".repeat(NOTE_MAX)),
    ] {
        assert!(Note::parse(bad.as_bytes()).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn no_changed_octet_is_believed(at in 0.0_f64..1.0, change in 1_u8..=255) {
        let mut octets = checkpoint().sign(&key()).into_bytes();
        let at = (at * octets.len() as f64) as usize;
        octets[at] ^= change;
        let believed = Note::parse(&octets).is_ok_and(|note| note.is_signed_by(key().public()));
        prop_assert!(!believed, "{}", String::from_utf8_lossy(&octets));
    }

    #[test]
    fn any_octets_are_read_without_harm(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Note::parse(&octets);
    }
}
