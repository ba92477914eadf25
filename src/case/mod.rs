//! Which messages belong together, when it began, and the report on them that a desk can take.
//!
//! The path within: `ledger` takes the chain's records, [`Case::of`] puts a case together from them, from what the person
//! wrote ([`Note`]) and from what was read out of the messages ([`Letter`]); [`timeline`] puts it in order of time,
//! [`Exhibit`] shows a message's text so that nothing in it acts; `report` is the document, `forms` and `readme` the texts
//! beside it.
#![deny(clippy::disallowed_methods)]

pub mod forms;
mod gather;
mod headers;
mod ledger;
mod letter;
mod note;
mod readme;
mod rendering;
mod report;
mod standing;
pub mod timeline;
pub mod words;

pub use gather::{Account, Capture, Case, Export, Gap, Judgement, Member};
pub use headers::{Hop, header_block};
pub use ledger::{Act, Ledger};
pub use letter::{Demanded, Filed, Letter, Seen, Valued};
pub use note::{Note, Subject};
pub use readme::readme;
pub use rendering::{Checked, Exhibit, Passage, Target};
pub use report::{Absent, Basis, FULLY_SHOWN, Handover, Seal, Variant, demanded, report};
pub use standing::{Standing, Whereabouts};
