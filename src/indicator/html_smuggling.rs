//! A page that puts a file together.
//!
//! # Detects
//!
//! An attached page whose script makes a file out of packed text in the page and gives it as a download, or decodes
//! all that it shows.
//!
//! # Why it matters
//!
//! A harmful file is hidden as text in the page, past the mail's checks, and put together in the browser.
//!
//! # False positives
//!
//! Interactive reports saved as one page; the envelopes of encrypted mail gateways.
//!
//! # References
//!
//! - MITRE ATT&CK T1027.006

use crate::message::{Attachment, Feature};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "html-smuggling",
    title: Bilingual { ja: "ファイルを組み立てる HTML", en: "a page that puts a file together" },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(360),
    hard: false,
    basis: Basis::Prior("reports and encrypted mail gateways use the same functions; needs a second witness"),
    why: Bilingual {
        ja: "メールの検査をすり抜けるため、悪質なファイルを HTML の中に文字として隠し、ブラウザで組み立てます。",
        en: "A harmful file is hidden as text in the page, past the mail's checks, and put together in the browser.",
    },
    genuine: Bilingual {
        ja: "ファイルを渡したい人は、ファイルそのものを添付します。",
        en: "Who wants to give a file attaches the file.",
    },
    false_positives: Bilingual {
        ja: "一枚にまとめた対話型のレポートや、暗号化メールの受信用ページ。",
        en: "Interactive reports saved as one page; the envelopes of encrypted mail gateways.",
    },
    references: &["MITRE ATT&CK T1027.006"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.attached(smuggles)
}

fn smuggles(attachment: &Attachment) -> bool {
    attachment.features.contains(&Feature::Smuggling) || attachment.features.contains(&Feature::SelfDecoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::indicator::testing;

    fn page(script: &str) -> String {
        let fields = "From: a@shop.example\r\nContent-Type: text/html; name=scan.html\r\nContent-Disposition: attachment; filename=scan.html\r\n";
        testing::raw(fields, &format!("<html><script>{script}</script></html>"))
    }

    #[test]
    fn a_file_made_in_the_page_fires_and_a_reports_own_drawing_does_not() {
        let packed = "QUFB".repeat(200);
        for script in [
            format!(
                "var b=new Blob([atob('{packed}')]);a.href=URL.createObjectURL(b);a.download='x.zip';a.click()"
            ),
            format!("document.write(unescape('{}'))", "%3C".repeat(300)),
        ] {
            assert!(testing::fires_raw(&INDICATOR, &page(&script)), "{script}");
        }
        for script in ["draw(document.getElementById('chart'), atob('QUFB'))", "document.write(new Date())"] {
            assert!(!testing::fires_raw(&INDICATOR, &page(script)), "{script}");
        }
    }
}
