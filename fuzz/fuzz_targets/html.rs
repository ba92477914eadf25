//! A page as the body and as an attached file, in the charset that the octets say.
#![no_main]

use komainu::message::Message;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|page: &[u8]| {
    for fields in [
        "Content-Type: text/html\r\n",
        "Content-Type: text/html; charset=iso-2022-jp\r\n",
        "Content-Type: text/html; name=a.html\r\nContent-Disposition: attachment\r\n",
    ] {
        let mut octets = fields.as_bytes().to_vec();
        octets.extend(b"\r\n");
        octets.extend(page);
        let message = Message::parse(&octets);
        assert!(message.work.text <= 4 << 20 && message.links.len() <= 2_000);
    }
});
