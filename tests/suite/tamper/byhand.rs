//! What docs/record.md says a person can do by hand, with the commands that stand there.

use std::process::Command;

use super::*;

/// What a shell says, in the evidence folder of the sample.
fn shell(script: &str) -> String {
    let output = Command::new("bash")
        .args(["-euc", script])
        .current_dir(sample().store().join("evidence"))
        .env("OUT", sample().dir.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[test]
fn each_line_names_the_digest_of_the_one_before() {
    for n in [1, 7, 33, 60] {
        let said = shell(&format!("cat chain/*.jsonl | head -n {n} | tail -n 1 | sha256sum | cut -b1-64"));
        let named = shell(&format!("cat chain/*.jsonl | head -n {} | tail -n 1 | cut -b10-73", n + 1));
        assert_eq!(said, named);
    }
}

#[test]
fn openssl_verifies_a_checkpoint() {
    let first = Hand::new(&sample().store()).sizes()[1];
    let said = shell(&format!(
        "sed '/^$/,$d' checkpoints/{first:010}.note > $OUT/body\n\
         sed -n 's/^— [^ ]* //p' checkpoints/{first:010}.note | base64 -d | tail -c 64 > $OUT/sig\n\
         openssl pkeyutl -verify -pubin -inkey keys/genesis.pub.pem -rawin -in $OUT/body -sigfile $OUT/sig",
    ));
    assert_eq!(said, "Signature Verified Successfully");
}

#[test]
fn openssl_reads_the_private_key() {
    let said = shell("openssl pkey -in ../key/current.pem -pubout");
    let (_, last) = *Hand::new(&sample().store()).rolls().last().unwrap();
    assert_eq!(format!("{said}\n"), last.to_pem());
}
