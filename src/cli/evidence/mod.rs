//! The record, for people: what vouches for it.

use std::fs;

use crate::config::{Config, Language};
use crate::evidence::PublicKey;
use crate::store::Layout;

/// A label in Japanese and English, and what stands beside it.
type Line = ((&'static str, &'static str), String);

/// What `komainu check` says of the record; nothing where there is none yet, or it is not ours to read.
pub(super) fn vouching(config: &Config, language: Language) -> Vec<Line> {
    let path = Layout::new(&config.state_dir).genesis_key();
    let Some(key) = fs::read_to_string(&path).ok().and_then(|text| PublicKey::from_pem(&text).ok()) else {
        return Vec::new();
    };
    let note = language.pick(
        "印刷するか、ほかの場所に控えてください。記録を確かめる人はこの鍵から始めます",
        "print it, or keep it elsewhere: whoever verifies the record begins with this key",
    );
    let mut lines = vec![
        (("最初の公開鍵", "first key"), format!("SHA-256 {}", key.fingerprint())),
        (("", ""), format!("{} ({note})", path.display())),
    ];
    lines.push(witness(config, language));
    lines
}

/// What is said of the copies that this machine cannot take back.
fn witness(config: &Config, language: Language) -> Line {
    if let Some(dir) = &config.witness_dir {
        let said = language
            .pick("署名した要約を一時間ごとに写します", "signed checkpoints are copied there every hour");
        return (("外の控え", "witness"), format!("{} ({said})", dir.display()));
    }
    let none = language.pick(
        "ありません。このコンピューターの外に署名の控えがないと、記録全体を古いものに戻されても見分けられません",
        "none. Without a checkpoint kept outside this machine, an old copy of the whole record put in its place looks right",
    );
    (("外の控え", "witness"), none.to_owned())
}
