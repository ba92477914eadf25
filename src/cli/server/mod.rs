//! What a server shows to somebody who signs in and writes nothing: for `setup`, and for `check --online`.

mod certificate;
mod look;
mod pins;
mod refusal;

pub(super) use self::certificate::Certificate;
pub(super) use self::look::{Seen, look};
pub(super) use self::refusal::refused;
