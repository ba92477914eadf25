//! Any octets are a message; what is kept of it stays within the caps.
#![no_main]

use komainu::message::Message;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let message = Message::parse(octets);
    assert_eq!(message, Message::parse(octets), "twice the same");
    assert!(message.defects.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(message.work.parts <= 1_000 && message.work.inflated <= 8 << 20 && message.work.text <= 4 << 20);
    assert!(message.links.len() <= 2_000 && message.fields.len() <= 2_000);
    for file in &message.attachments {
        assert!(file.members.len() <= 500 && file.text.is_none_or(|n| n <= message.texts.len()));
    }
    let _ = Message::parse_partial(octets);
});
