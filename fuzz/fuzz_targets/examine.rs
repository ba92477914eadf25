//! Whatever the message, a verdict results whose findings add up to its score; nothing in it can be clicked.
#![no_main]

use komainu::indicator::Context;
use komainu::message::Message;
use komainu::verdict::{self, Thresholds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let message = Message::parse(octets);
    let verdict = verdict::judge(&message, &Context::default(), &Thresholds::default());
    let sum: i32 = verdict.findings.iter().map(|finding| finding.weight.0).sum();
    assert_eq!(sum, verdict.score.0);
    assert_eq!(verdict.level, Thresholds::default().level(verdict.score));
    for finding in &verdict.findings {
        let shown = finding.excerpt.as_str();
        assert!(!shown.chars().any(char::is_control) && !shown.contains("http://") && !shown.contains("https://"));
    }
});
