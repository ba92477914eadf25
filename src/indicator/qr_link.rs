//! A link that stands only in a QR code, beside a story of trouble.
//!
//! # Detects
//!
//! A QR code that leads to a web address of neither the sender nor a known brand, which is not offered for
//! clicking as well, in a mail that speaks of account trouble, sign-in, documents, pay or parcels.
//!
//! # Why it matters
//!
//! The link is hidden in a QR code, so that it is opened on a telephone, past what guards the computer. Do
//! not scan it.
//!
//! # False positives
//!
//! Codes of events and surveys, tickets and boarding passes; without a story of trouble they are left out.
//!
//! # References
//!
//! - FBI IC3 I-011822-PSA: tampered QR codes
//! - Council of Anti-Phishing Japan: monthly reports, 2025 (QR codes in mails)
//! - Sublime rules: QR code with suspicious indicators

use crate::message::{Excerpt, Origin, normalise};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "qr-link",
    title: Bilingual {
        ja: "QRコードの中だけにあるリンク", en: "a link that stands only in a QR code"
    },
    category: Some(Category::Phishing),
    family: Family::Code,
    weight: Hundredths(300),
    hard: false,
    basis: Basis::Prior("rare in public corpora, which keep few images; kept below what would matter alone"),
    why: Bilingual {
        ja: "リンクをQRコードに隠し、守りの弱いスマートフォンで開かせる手口です。読み取らないでください。",
        en: "The link is hidden in a QR code, so that it is opened on a telephone, past what guards the computer. Do not scan it.",
    },
    genuine: Bilingual {
        ja: "正規の事業者は、ログインや本人確認のためにメールのQRコードを読み取らせることはありません。公式アプリか、自分で開いた公式サイトで確かめられます。",
        en: "A genuine sender does not make you sign in through a QR code in a mail. The same notice stands in its app or on its site, opened by yourself.",
    },
    false_positives: Bilingual {
        ja: "イベントやアンケートのQRコード、乗車券・搭乗券。手続きや異常の話がなければ当たらない。",
        en: "Codes of events and surveys, tickets and boarding passes; without a story of trouble they are left out.",
    },
    references: &[
        "FBI IC3 I-011822-PSA: tampered QR codes",
        "Council of Anti-Phishing Japan: monthly reports, 2025 (QR codes in mails)",
        "Sublime rules: QR code with suspicious indicators",
    ],
    check,
};

/// What these mails tell beside the trouble itself, normalised. Sources: Microsoft and Sublime on QR code phishing,
/// 2023 to 2025; own wording.
const STORIES: &[&str] = &[
    "multi-factor",
    "multifactor",
    "two-factor",
    "2-factor",
    "2fa",
    "authenticator app",
    "re-authenticat",
    "reauthenticat",
    "security update",
    "payroll",
    "security requirement",
    "secure your account",
    "protect your account",
    "protect your assets",
    "protect your wallet",
    "your wallet",
    "recovery phrase",
    "verify your activity",
    "unusual activity",
    "suspended",
    "ウォレット",
    "セキュリティ強化",
    "利用停止",
    "salary adjust",
    "e-signature",
    "docusign",
    "awaiting your signature",
    "review the document",
    "review and sign",
    "shared document",
    "shared a document",
    "shared a file",
    "voice message",
    "voicemail",
    "redelivery",
    "your parcel",
    "password expir",
    "mailbox",
    "多要素認証",
    "二要素認証",
    "二段階認証",
    "2段階認証",
    "再認証",
    "本人確認",
    "ワンタイムパスワード",
    "給与明細",
    "電子署名",
    "ボイスメール",
    "不在配達",
    "再配達",
    "不在通知",
    "有効期限が切れ",
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let links = &observables.message.links;
    let (index, link) = links.iter().enumerate().find(|(_, link)| {
        link.origin == Origin::Code && link.scheme.starts_with("http") && observables.is_strange(&link.host)
    })?;
    let clickable = links.iter().any(|other| other.origin == Origin::Body && other.domain == link.domain);
    let story =
        [Slot::AccountTrouble, Slot::CredentialRequest].into_iter().any(|slot| observables.says(slot))
            || observables
                .visible()
                .any(|(_, text)| STORIES.iter().any(|story| text.normal().contains(&*normalise(story))));
    (story && !clickable)
        .then(|| Observation { place: observables.link_place(index), excerpt: Excerpt::new(&link.target) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    use crate::message::drawing;

    #[test]
    fn a_code_beside_a_story_of_trouble_fires() {
        for words in [
            "Your mailbox password expires today. Scan the code.",
            "二段階認証の再設定が必要です。QRコードを読み取ってください。",
        ] {
            assert!(
                testing::fires(&INDICATOR, &format!("{words}\r\n{}", drawing("https://login.test/v"))),
                "{words}"
            );
        }
    }

    #[test]
    fn codes_of_events_of_the_sender_and_beside_the_same_link_are_silent() {
        for (words, content) in [
            ("The concert begins at seven.", "https://tickets.test/v"),
            ("Your mailbox password expires today.", "https://www.shop.example/v"),
            ("Your mailbox password expires today.", "TICKET 12345"),
            ("Your mailbox password expires today. https://login.test/", "https://login.test/v"),
            ("友だち追加で本人確認がかんたんに。", "https://lin.ee/abc123"),
        ] {
            assert!(!testing::fires(&INDICATOR, &format!("{words}\r\n{}", drawing(content))), "{words}");
        }
    }
}
