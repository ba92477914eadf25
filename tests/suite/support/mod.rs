//! What several test rooms share.

pub(crate) mod letters;
#[cfg(feature = "demo")]
pub(crate) mod world;
