//! `komainu case report`: the bundle, and the record that it was written.

use std::io::IsTerminal as _;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::{Desk, Stop, VariantArgument, find, write};
use crate::case::Variant;
use crate::cli::text::Lang;
use crate::control::{self, Request, act};
use crate::evidence::Entry;
use crate::store::bundle::{self, BundleError, Wanted, Written};

/// No bar for what is done by then.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) fn report(
    desk: &Desk,
    named: &str,
    out: &Path,
    variant: VariantArgument,
    lang: Option<Lang>,
) -> Result<(), Stop> {
    let (_, case) = find::or_open(desk, named)?;
    // So that a signature covers what the bundle says of this case. Where nothing can be signed, the report says so.
    match act(&desk.dir, Request::Checkpoint) {
        Ok(_) | Err(control::Error::Failed(_)) => {}
        Err(error) => return Err(desk.not_done(&error)),
    }
    let reading = desk.read()?;
    let variants: &[Variant] = match variant {
        VariantArgument::Full => &[Variant::Full],
        VariantArgument::Lite => &[Variant::Lite],
        VariantArgument::Both => &[Variant::Full, Variant::Lite],
    };
    let mut bar = Bar::new();
    for variant in variants {
        let wanted = Wanted {
            case,
            variant: *variant,
            languages: lang.map_or_else(|| vec![Lang::Ja, Lang::En], |lang| vec![lang]),
            zone: desk.zone.clone(),
            made: desk.now,
        };
        let written = bundle::write(&reading, &wanted, out, &mut |done, all| bar.step(done, all))
            .map_err(|error| failed(desk, &error))?;
        bar.clear();
        let entry = Entry::Exported { case, variant: variant.word().to_owned(), sha256: written.sha256 };
        // It is there already: that it could not be recorded has to be said, and what is there stays.
        tell(desk, &written);
        write::record(desk, vec![entry], None)?;
    }
    Ok(())
}

fn tell(desk: &Desk, written: &Written) {
    let (dir, zip, size) = (written.dir.display(), written.zip.display(), written.zip_size);
    match desk.lang {
        Lang::Ja => {
            println!(
                "書き出しました:\n  {dir}\n  {zip}（{size} バイト）\n  SHA-256 (tagmanifest): {}",
                written.sha256
            );
            if written.absent > 0 {
                println!("  入っていない原本: {} 通（README に一覧）", written.absent);
            }
            println!(
                "data/00_はじめに_README.txt をはじめに読んでください。data/eml のファイルは開かないでください"
            );
        }
        Lang::En => {
            println!(
                "written:\n  {dir}\n  {zip} ({size} octets)\n  SHA-256 (tagmanifest): {}",
                written.sha256
            );
            if written.absent > 0 {
                println!("  originals not in it: {} (see the README)", written.absent);
            }
            println!("read data/00_はじめに_README.txt first, and do not open the files in data/eml");
        }
    }
}

fn failed(desk: &Desk, error: &BundleError) -> Stop {
    match (error, desk.lang) {
        (BundleError::Store(error), _) => desk.store(error),
        (BundleError::Exists(path), Lang::Ja) => Stop::failed(format!(
            "{} はすでにあります。上書きしません。別の --out を指定してください",
            path.display()
        )),
        (BundleError::Exists(path), Lang::En) => Stop::failed(format!(
            "{} is there already and is not overwritten; give another --out",
            path.display()
        )),
        (error, Lang::Ja) => Stop::failed(format!("書き出せませんでした: {error}")),
        (error, Lang::En) => Stop::failed(format!("could not be written: {error}")),
    }
}

/// Drawn on a terminal only, and only where it takes long.
struct Bar {
    since: Instant,
    drawn: Option<ProgressBar>,
    wanted: bool,
}

impl Bar {
    fn new() -> Self {
        Self { since: Instant::now(), drawn: None, wanted: std::io::stderr().is_terminal() }
    }

    fn step(&mut self, done: u64, all: u64) {
        if !self.wanted || self.since.elapsed() < PATIENCE {
            return;
        }
        let style = || {
            ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}")
                .unwrap_or_else(|_| ProgressStyle::default_bar())
        };
        let bar = self.drawn.get_or_insert_with(|| ProgressBar::new(all).with_style(style()));
        bar.set_length(all);
        bar.set_position(done);
    }

    fn clear(&mut self) {
        if let Some(bar) = self.drawn.take() {
            bar.finish_and_clear();
        }
    }
}
