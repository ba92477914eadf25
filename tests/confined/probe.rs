//! placeholder
pub(crate) fn system() {}
