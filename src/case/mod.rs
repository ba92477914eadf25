//! Which messages belong together, when it began, and the report on them that a desk can take.

mod note;

pub use note::{Note, Subject};
