//! Brands in whose name mail is forged (`config/brands.toml`): the domains that are theirs, names that only look like these,
//! and whether a message speaks as the brand or merely of it.
//!
//! `table` is the data, `lookalike` compares host names, `skeleton` is what it compares them by, `voice` reads who a message
//! says it is.

mod lookalike;
mod skeleton;
mod table;
mod voice;

pub(super) use lookalike::one_apart;
pub(super) use skeleton::{core_of, is_mixed, skeleton, to_unicode};
pub(super) use table::{Brands, COMPILED_IN};
pub(super) use voice::{Claim, claim};

/// Whether a text contains a word; its edges count as edges only where they are ASCII letters or digits.
pub(super) fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, found)| stands_alone(text, at, found.len()))
}

/// Whether a span of a text is no piece of a longer word.
pub(super) fn stands_alone(text: &str, at: usize, length: usize) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (before, rest) = text.split_at_checked(at).unwrap_or_default();
    let (found, after) = rest.split_at_checked(length).unwrap_or_default();
    let glued = |inner: Option<char>, outer: Option<char>| edge(inner) && edge(outer);
    !glued(found.chars().next(), before.chars().next_back())
        && !glued(found.chars().next_back(), after.chars().next())
}
