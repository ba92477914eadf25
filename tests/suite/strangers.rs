//! Letters of writers who knew neither the rules nor the tests: 1,176 threats and 1,335 genuine ones of the thin kinds
//! (`tests/corpus/letters`), written so that vocabulary alone does not tell the two apart. Nothing is fitted to them: with them
//! in the fit, everything else was judged worse (docs/model.md).
//!
//! Every second genuine letter was looked at while rules were mended, and then the other half of the Japanese ones; the
//! threats were not. What is found is little, and the test says how little: rules and n-grams reach as far as their words.

use std::ops::RangeInclusive;

use komainu::verdict::Level;

use crate::support::letters::{count, mbox, told};

/// Percent of a folder's letters that are of at least a level.
fn share(folder: &str, class: &str, level: Level) -> usize {
    let letters = mbox(&format!("letters/{folder}"), class);
    assert!(letters.len() > 150, "{folder}: {}", letters.len());
    100 * count(&letters, level) / letters.len()
}

#[test]
fn genuine_letters_of_strangers_are_left_alone_but_for_a_few() {
    // As seen, and one more.
    for (folder, moved) in [("ja-billing", 12), ("ja-everyday", 8), ("en", 4), ("world", 1)] {
        let letters = mbox(&format!("letters/{folder}"), "genuine");
        let taken = told(&letters, |level| level == Level::Threat);
        assert!(taken.len() <= moved, "{} of {}: {taken:#?}", taken.len(), letters.len());
    }
}

#[test]
fn threats_of_strangers_are_found_as_often_as_is_told() {
    let floors: [(&str, RangeInclusive<usize>); 4] =
        [("ja-billing", 14..=24), ("ja-everyday", 17..=28), ("en", 7..=15), ("world", 10..=19)];
    for (folder, floor) in floors {
        let found = share(folder, "threat", Level::Threat);
        let noticed = share(folder, "threat", Level::Suspicious);
        assert!(
            found >= *floor.start() && noticed >= *floor.end(),
            "{folder}: {found} % found, {noticed} % noticed"
        );
    }
}
