//! Standard output and standard error, as everything in `cli` writes them. A reader that has seen enough (`| head`) ends
//! nobody: what follows is dropped, the command does the rest of its work, and its exit status is its own.

use std::fmt;
use std::io::{self, ErrorKind, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

/// The reader has gone.
static GONE: AtomicBool = AtomicBool::new(false);
/// Something could not be written for another reason, such as a full disk.
static LOST: AtomicBool = AtomicBool::new(false);

/// `print!` and `println!` of this layer; the standard library's panic where nobody reads any more.
pub(super) fn put(text: fmt::Arguments<'_>) {
    if GONE.load(Ordering::Relaxed) || LOST.load(Ordering::Relaxed) {
        return;
    }
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_fmt(text).and_then(|()| out.flush()) {
        let which = if error.kind() == ErrorKind::BrokenPipe { &GONE } else { &LOST };
        which.store(true, Ordering::Relaxed);
        if error.kind() != ErrorKind::BrokenPipe {
            tell(format_args!("komainu: {error}\n"));
        }
    }
}

/// `eprintln!` of this layer; there is nobody left to tell that standard error cannot be written.
pub(super) fn tell(text: fmt::Arguments<'_>) {
    let _ = io::stderr().lock().write_fmt(text);
}

/// Whether something that was to be printed is not where it was sent, though somebody reads there.
pub(super) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}
