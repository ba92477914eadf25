//! Letters in English and a dozen other languages, written before a rule for them was.
//!
//! 211 honest ones (`genuine-world`), and 204 threats, of which those whose name has an even SHA-256 were put aside
//! (`threat-world/blind`) and never looked at, one by one, while rules changed; the other half (`threat-world/open`) was. The
//! one who wrote the rules had written all of them, and remembered them. Before that work the blind half was called by its
//! name in 8 of 106, and noticed in 12. No honest letter was ever moved. The floors leave room for a change of weights.

use komainu::verdict::Level;

use crate::support::letters::{assert_left_alone, count, judged, told};

#[test]
fn threats_of_many_languages_are_found() {
    for (half, english, others) in [("open", (35, 60), (45, 65)), ("blind", (35, 60), (45, 65))] {
        let threats = judged(&format!("threat-world/{half}"));
        let (en, world): (Vec<_>, Vec<_>) = threats.iter().partition(|(name, _)| name.ends_with("_en"));
        for (letters, (found, noticed)) in [(en, english), (world, others)] {
            let share = |level| 100 * count(letters.iter().copied(), level) / letters.len();
            // Of the blind half only numbers: whoever mends rules must not see which are missed.
            let open = letters.iter().copied().filter(|_| half == "open");
            let missed = told(open, |level| level == Level::Clean);
            let shares = (share(Level::Threat), share(Level::Suspicious));
            assert!(shares.0 >= found && shares.1 >= noticed, "{half}: {shares:?} %, {missed:#?}");
        }
    }
}

#[test]
fn honest_letters_of_many_languages_stay_where_they_are() {
    let honest = judged("genuine-world");
    assert!(honest.len() > 200);
    assert_left_alone(&honest, 4);
}
