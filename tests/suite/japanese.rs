//! Japanese letters: what threatens, and what is genuine.
//!
//! They were written and committed before any rule for them. The one who wrote them had seen part of the lexicon of that
//! time, and then widened it with the open half of the threats in view; the misses of the blind half (by hash of the file
//! name) were never looked at. Before, the open half was called by its name in 24.6 % of cases, the blind half in 15.3 %,
//! and two genuine letters were quarantined; after the first round 88.5 % and 79.2 %, and none.
//!
//! The blind half flatters, for the one who wrote the rules had written it an hour before. Two more sets say what is to be
//! expected of strangers' wording: 41 threats written after the first round were called by their name in 12.2 % of cases
//! (7.3 % by the rules of before; noticed 19.5 %), and 20 written after the second round in 15 % (0 % before; noticed 30 %).
//! The second set was then looked at (63.4 %, noticed 78 %), the third was not and should stay so. Rules over wording reach
//! as far as their words; the learned text must carry the rest. The floors leave room for a later change of weights.

use komainu::verdict::Level;

use crate::support::letters::{assert_left_alone, count, judged};

#[test]
fn genuine_letters_stay_where_they_are() {
    let letters = judged("genuine-ja");
    assert!(letters.len() >= 130);
    assert_left_alone(&letters, letters.len() / 50);
}

#[test]
fn threats_are_found() {
    for (half, at_least, found_percent, noticed_percent) in [
        ("threats-ja/open", 60, 85, 92),
        ("threats-ja/blind", 60, 72, 78),
        ("threats-ja/second", 40, 55, 70),
        ("threats-ja/third", 20, 10, 20),
    ] {
        let letters = judged(half);
        assert!(letters.len() >= at_least);
        let (found, noticed) = (count(&letters, Level::Threat), count(&letters, Level::Suspicious));
        // Only numbers: whoever mends rules must not see which of the blind half are missed.
        assert!(
            found * 100 >= letters.len() * found_percent && noticed * 100 >= letters.len() * noticed_percent,
            "{half}: {found} found and {noticed} noticed of {}",
            letters.len()
        );
    }
}
