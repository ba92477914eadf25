//! `komainu evidence`, and what `komainu check` says of the record: what vouches for it.

mod erase;
mod timestamp;
mod verify;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::complain;
use super::desk::{Desk, Place};
use super::text::Lang;
use crate::config::{Config, Environment, Language};
use crate::evidence::PublicKey;
use crate::store::{Layout, Store};

/// A label in Japanese and English, and what stands beside it.
type Line = ((&'static str, &'static str), String);

/// `komainu evidence …`
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Is the record what was written and signed; changes nothing
    ///
    /// Exit status: 0 all of it, 1 something was changed or is damaged, 2 not all is covered by a signature, or it cannot be
    /// read.
    Verify {
        /// The first public key, from outside the store; without it the store's own is believed
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// A checkpoint that was kept elsewhere; may be given more than once
        #[arg(long, value_name = "NOTE")]
        witness: Vec<PathBuf>,
        /// How to print the result
        #[arg(long, value_enum, default_value = "human")]
        format: verify::Format,
        /// Write verify.sh to standard output instead: the same with bash and openssl
        #[arg(long, conflicts_with_all = ["key", "witness"])]
        script: bool,
    },
    /// Erase the content of messages for good; that it was erased stays on record
    ///
    /// What stands in the quarantine mailbox is not touched. Exit status: 0 done, 1 not done, 64 no such message.
    Erase {
        /// Evidence ids, or their first 8 characters or more; of a note the SHA-256 that its file is called after
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Have a timestamp authority witness the record (RFC 3161): write a request, take the reply in
    ///
    /// komainu sends nothing: you carry the request there and the reply back.
    Timestamp {
        /// Write a request for the latest checkpoint to this file
        #[arg(long, value_name = "FILE", required_unless_present = "reply")]
        request: Option<PathBuf>,
        /// Keep this reply beside the checkpoint that it stamps
        #[arg(long, value_name = "FILE", conflicts_with = "request")]
        reply: Option<PathBuf>,
    },
    /// Make the index again from the record; the service must not be running
    Reindex,
}

/// Does it.
pub(super) fn evidence(arguments: Arguments, chosen: Option<Lang>, environment: &Environment) -> ExitCode {
    let Arguments { place, what } = arguments;
    if let What::Verify { script: true, .. } = what {
        return verify::script();
    }
    let (store, lang) = match Desk::at(place, chosen, environment) {
        Ok(desk) => (desk.dir, desk.lang),
        Err(status) => return status,
    };
    match what {
        What::Verify { key, witness, format, .. } => {
            verify::run(&verify::Wanted { store, key, witnesses: witness, format }, lang)
        }
        What::Erase { ids, yes } => erase::run(&store, &ids, yes, lang),
        What::Timestamp { request: Some(to), .. } => timestamp::request(&store, &to, lang),
        What::Timestamp { reply, .. } => timestamp::reply(&store, &reply.unwrap_or_default(), lang),
        What::Reindex => reindex(&store, lang),
    }
}

fn reindex(store: &Path, lang: Lang) -> ExitCode {
    // Opening makes what is missing; here nothing is to be made where there is no record.
    if !Layout::new(store).chain().is_dir() {
        let none = lang.pick("証拠の記録がありません", "there is no evidence record");
        complain(&format!("{}: {none}", store.display()));
        return ExitCode::FAILURE;
    }
    match Store::reindex(store) {
        Ok(opened) => {
            let done = match lang {
                Lang::Ja => format!("記録 {} 件から索引を作り直しました", opened.records),
                Lang::En => format!("made the index again from {} records", opened.records),
            };
            println!("{done}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

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
