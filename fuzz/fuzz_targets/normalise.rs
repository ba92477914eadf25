//! Normalising is idempotent, and every span of the normal text quotes a part of the original.
#![no_main]

use komainu::message::{Text, normalise};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let original = String::from_utf8_lossy(octets);
    let text = Text::new(&original);
    let normal = text.normal();
    assert_eq!(normalise(normal), normal, "idempotent");
    assert_eq!(normalise(&original), normal);
    let bounds: Vec<usize> = normal.char_indices().map(|(at, _)| at).chain([normal.len()]).collect();
    for pair in bounds.windows(2).take(200) {
        let quoted = text.quote(pair[0]..pair[1]);
        assert!(original.contains(quoted));
        let _ = text.excerpt(pair[0]..normal.len());
    }
    let _ = text.quote(0..usize::MAX);
});
