//! The demo's sample mail.
/// Where a sample belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Left in the inbox.
    Inbox,
    /// Moved.
    Quarantine,
}
/// One sample.
#[derive(Debug)]
pub struct Sample {
    /// Its file.
    pub file: &'static str,
    /// Its octets.
    pub octets: &'static [u8],
    /// Where it belongs.
    pub expected: Expected,
    /// What it is, in a line.
    pub ja: &'static str,
    /// What it is, in a line.
    pub en: &'static str,
}
/// All, in the order of the story.
pub static SAMPLES: &[Sample] = &[
    Sample { file: "a", octets: "From: \"=?utf-8?B?5rOV5YuZ55yB5rCR5LqL6Ki06Kif566h55CG44K744Oz44K/44O8?=\" <a@xyz.example>\r\nTo: hanako@example.net\r\nSubject: =?utf-8?B?5pyA57WC6YCa5ZGK?=\r\nContent-Type: text/plain; charset=utf-8\r\nMIME-Version: 1.0\r\n\r\n未納料金のお支払いが確認できません。本日中にご連絡なき場合、法的措置を取り、給料の差押えを行います。コンビニで電子マネー30万円分を購入し、番号を写真で送ってください。\r\n".as_bytes(), expected: Expected::Quarantine, ja: "x", en: "x" },
    Sample { file: "b", octets: b"From: Taro <taro@example.org>\r\nTo: hanako@example.net\r\nSubject: lunch\r\n\r\nShall we have lunch on Friday?\r\n", expected: Expected::Inbox, ja: "y", en: "y" },
];
