//! Letters whose author had not seen the judging: 60 threats (40 Japanese, 20 English) and 60 honest look-alikes.
//!
//! They were committed before the lexicon was opened. The first judging called 23 of the 60 threats by their name (15 of 40
//! Japanese, 8 of 20 English), noticed 27, and quarantined one honest letter. Then the catalogue was widened, looking at the
//! half whose file name has an even SHA-256. Now it is 55 of 60 (37 of 40, 18 of 20), noticed 59; in the half not looked at,
//! 24 of 28, noticed 27. The one who widened had written both halves and remembered them, so that only the first figures are
//! blind; on strangers' mail it finds less. No honest letter is even suspicious. The floors below leave room for a later
//! change of weights.

use komainu::verdict::Level;

use crate::support::letters::{assert_left_alone, count, judged, told};

#[test]
fn threats_by_another_hand_are_found() {
    let threats = judged("blind/threat");
    for (language, letters, found_at_least, noticed_at_least) in [("_ja", 40, 34, 37), ("_en", 20, 16, 18)] {
        let own: Vec<_> = threats.iter().filter(|(name, _)| name.ends_with(language)).collect();
        let (found, noticed) =
            (count(own.iter().copied(), Level::Threat), count(own.iter().copied(), Level::Suspicious));
        let missed = told(own.iter().copied(), |level| level < Level::Threat);
        assert_eq!(own.len(), letters);
        assert!(found >= found_at_least, "{found} of {letters}: {missed:#?}");
        assert!(noticed >= noticed_at_least, "{noticed} of {letters}: {missed:#?}");
    }
}

#[test]
fn honest_look_alikes_stay_where_they_are() {
    let honest = judged("blind/benign");
    assert_eq!(honest.len(), 60);
    assert_left_alone(&honest, 2);
}
