//! `komainu evidence timestamp`: a request for a timestamp authority, and its reply put beside the checkpoint. komainu asks
//! nobody itself: the person carries the one file there and the other back.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::cli::complain;
use crate::cli::text::Lang;
use crate::control::{Error, Request, act};
use crate::evidence::{Digest, timestamp_request};
use crate::store::Layout;

/// No reply is longer, in octets.
const LONGEST: u64 = 64 * 1024;

/// Writes the request for the latest checkpoint.
pub(super) fn request(store: &Path, to: &Path, lang: Lang) -> ExitCode {
    let written = act(store, Request::Checkpoint).and_then(|_| {
        let failed = |path: &Path, e: std::io::Error| Error::Failed(format!("{}: {e}", path.display()));
        let latest = Layout::new(store).latest_checkpoint();
        let note = fs::read(&latest).map_err(|e| failed(&latest, e))?;
        let mut nonce = [0; 8];
        let random = Path::new("/dev/urandom");
        File::open(random).and_then(|mut file| file.read_exact(&mut nonce)).map_err(|e| failed(random, e))?;
        let request = timestamp_request(Digest::of(&note), u64::from_be_bytes(nonce));
        fs::write(to, request).map_err(|e| failed(to, e))
    });
    told(written, lang, || match lang {
        Lang::Ja => format!(
            "要求を {0} に書きました。時刻認証局へ送り、返事を戻してください。例:\n  curl -H 'Content-Type: application/timestamp-query' --data-binary @{0} URL > reply.tsr\n  komainu evidence timestamp --reply reply.tsr",
            to.display()
        ),
        Lang::En => format!(
            "the request is in {0}; send it to a timestamp authority and bring the reply back, for instance:\n  curl -H 'Content-Type: application/timestamp-query' --data-binary @{0} URL > reply.tsr\n  komainu evidence timestamp --reply reply.tsr",
            to.display()
        ),
    })
}

/// Keeps the reply.
pub(super) fn reply(store: &Path, from: &Path, lang: Lang) -> ExitCode {
    let mut octets = Vec::new();
    let read = File::open(from).and_then(|file| file.take(LONGEST).read_to_end(&mut octets));
    let kept = match read {
        Err(e) => Err(Error::Failed(format!("{}: {e}", from.display()))),
        Ok(_) => act(store, Request::Timestamp { reply: BASE64_STANDARD.encode(&octets) }).map(|_| ()),
    };
    told(kept, lang, || {
        lang.pick(
            "返事をチェックポイントの隣に保存し、記録しました。認証局を信じてよいかは openssl ts -verify で確かめます（docs/record.md）",
            "the reply is kept beside its checkpoint, and on record; whether the authority may be believed, openssl ts -verify says (docs/record.md)",
        )
        .to_owned()
    })
}

fn told(done: Result<(), Error>, lang: Lang, said: impl FnOnce() -> String) -> ExitCode {
    match done {
        Ok(()) => {
            println!("{}", said());
            ExitCode::SUCCESS
        }
        Err(error) => {
            let not = lang.pick("できませんでした", "not done");
            complain(&format!("{not}: {error}"));
            ExitCode::FAILURE
        }
    }
}
