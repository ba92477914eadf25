//! A picture that runs a script.
//!
//! # Detects
//!
//! An SVG file with a script, an event handler, or a page with a form inside.
//!
//! # Why it matters
//!
//! It looks like a picture; opened in a browser it runs a script, mostly to a false sign-in page.
//!
//! # False positives
//!
//! Developers' tools that write interactive graphs as SVG.
//!
//! # References
//!
//! - MITRE ATT&CK T1027.017 (SVG smuggling)

use crate::message::{Attachment, Feature, Kind};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "svg-script",
    title: Bilingual { ja: "動作を含む SVG 画像", en: "a picture that runs a script" },
    category: Some(Category::Phishing),
    family: Family::Attachment,
    weight: Hundredths(400),
    hard: false,
    basis: Basis::Prior(
        "common in phishing since 2025 and hardly ever mailed otherwise; not measured on attachments",
    ),
    why: Bilingual {
        ja: "画像に見えますが、ブラウザで開くとスクリプトが動き、偽のサインイン画面などへ移ります。",
        en: "It looks like a picture; opened in a browser it runs a script, mostly to a false sign-in page.",
    },
    genuine: Bilingual {
        ja: "画像は PNG や JPEG で届きます。スクリプトの入った画像を送る必要はありません。",
        en: "Pictures come as PNG or JPEG and have no need of a script.",
    },
    false_positives: Bilingual {
        ja: "対話型のグラフを SVG で書き出す開発ツール。",
        en: "Developers' tools that write interactive graphs as SVG.",
    },
    references: &["MITRE ATT&CK T1027.017 (SVG smuggling)"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.attached(runs)
}

fn runs(attachment: &Attachment) -> bool {
    let has = |feature| attachment.features.contains(&feature);
    has(Feature::SvgScript)
        || (attachment.kind == Kind::Svg
            && has(Feature::SvgForeign)
            && (has(Feature::PasswordField) || !attachment.targets.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, kind: Kind, features: &[Feature]) -> Attachment {
        Attachment {
            name: crate::message::Text::new(name),
            kind,
            features: features.iter().copied().collect(),
            ..Attachment::default()
        }
    }

    #[test]
    fn scripts_and_forms_fire_and_drawings_do_not() {
        assert!(runs(&file("a.svg", Kind::Svg, &[Feature::SvgScript])));
        assert!(runs(&file("a.svg", Kind::Svg, &[Feature::SvgForeign, Feature::PasswordField])));
        assert!(!runs(&file("a.svg", Kind::Svg, &[Feature::SvgForeign])));
        assert!(!runs(&file("a.svg", Kind::Svg, &[])));
    }
}
