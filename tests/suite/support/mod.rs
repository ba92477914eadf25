//! What several test rooms share.

#[cfg(feature = "demo")]
pub(crate) mod world;
