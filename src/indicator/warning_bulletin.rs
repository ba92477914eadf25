//! A bulletin that warns of fraud.
//!
//! # Detects
//!
//! At least two phrases that speak of fraud in the third person, and one that tells the reader not to pay
//! or answer, or to ask the police or a consumer centre. Not where a program is attached or a working
//! wallet address is given: words do not excuse what can be used. Nor where the message makes the threat and
//! the demand in its own voice, outside of quotation, example and report: police advice can be pasted (Japanese only;
//! in other languages the marks of report are not known).
//!
//! # Why it matters
//!
//! It warns of fraud and tells you not to pay or answer, which no scam can afford; this takes away from the
//! score.
//!
//! # False positives
//!
//! A scam that tells its victim not to pay; a phishing mail that copies the safety notes of a bank (those
//! say nothing of paying or answering, and do not count).
//!
//! # References
//!
//! - Hard negatives: sublime-rules PRs 1880, 2323, 2403, 3032

use super::{
    Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation, Slot, crypto_address,
    executable_attachment,
};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "warning-bulletin",
    title: Bilingual { ja: "注意喚起の文面", en: "a text that warns of fraud" },
    category: None,
    family: Family::Mitigation,
    weight: Hundredths(-1400),
    hard: false,
    basis: Basis::Prior(
        "set by hand so that a police, bank or consumer centre bulletin that quotes a whole scam, invented agency and all, stays in the inbox",
    ),
    why: Bilingual {
        ja: "詐欺への注意を呼びかけ、支払いや返信をしないよう勧める文面です（点数を下げています）。",
        en: "It warns of fraud and tells you not to pay or answer, which no scam can afford; this takes away from the score.",
    },
    genuine: Bilingual {
        ja: "本物の注意喚起は、払わない・返信しないよう勧め、公的な相談窓口（188、#9110）を示し、送金や入力を求めません。",
        en: "A genuine warning tells you not to pay or answer, names public help (in Japan 188, #9110), and asks for no money and no details.",
    },
    false_positives: Bilingual {
        ja: "被害者に払うなと告げる詐欺。銀行の注意書きを写したフィッシングは、支払いや返信に触れないので数えない。",
        en: "A scam that tells its victim not to pay; a phishing mail that copies the safety notes of a bank (those say nothing of paying or answering, and do not count).",
    },
    references: &["Hard negatives: sublime-rules PRs 1880, 2323, 2403, 3032"],
    check,
};

/// What a scam has to say in its own voice.
const DEMANDS: &[Slot] = &[
    Slot::PublishThreat,
    Slot::BuyOff,
    Slot::CodeHandover,
    Slot::CryptoDemand,
    Slot::ScriptRecording,
    Slot::ScriptMalware,
    Slot::ViolenceThreat,
    Slot::LegalThreat,
    Slot::HomeVisit,
    Slot::UnpaidDebt,
    Slot::PaymentDemand,
    Slot::ShortDeadline,
    Slot::Ultimatum,
    Slot::CourtByMail,
];
/// How many of them in the own voice are a demand and not a report.
const DEMANDING: usize = 4;

fn demands_itself(observables: &Observables<'_>) -> bool {
    let own = |slot: &&Slot| {
        observables
            .places(**slot)
            .any(|said| said.is_japanese() && !said.is_reported() && !said.is_introduced())
    };
    DEMANDS.iter().filter(own).count() >= DEMANDING
}

fn check(observables: &Observables<'_>) -> Option<Observation> {
    if observables.count(Slot::Bulletin) < 2 || demands_itself(observables) {
        return None;
    }
    let usable = [&executable_attachment::INDICATOR, &crypto_address::INDICATOR];
    if usable.iter().any(|indicator| (indicator.check)(observables).is_some()) {
        return None;
    }
    observables.said(Slot::BulletinAdvice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    #[test]
    fn fires_on_the_scam_and_not_on_its_look_alike() {
        for words in [
            "架空請求や詐欺メールにご注意ください。不審なメールには返信しないで、消費生活センターに相談してください。",
            "次のような詐欺メールが多数確認されています。\n\nあなたの動画を録画しました。48時間以内に20万円分のビットコインを払わなければ、家族に動画を送信します。\n\n返信しないで、警察に相談してください。",
            "Beware of this scam: if you receive an email like this, do not pay.",
        ] {
            assert!(testing::fires(&INDICATOR, words), "{words}");
        }
        for words in [
            "お支払いください。詐欺ではありません。",
            "This is not a scam.",
            "あなたの動画を録画しました。48時間以内に20万円分のビットコインを払わなければ、家族に動画を送信します。\n\n架空請求や詐欺メールにご注意ください。不審なメールには返信しないで、消費生活センターに相談してください。",
            "フィッシングや不審なメールにご注意ください。",
        ] {
            assert!(!testing::fires(&INDICATOR, words), "{words}");
        }
    }
}
