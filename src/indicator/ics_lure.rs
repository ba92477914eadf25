//! A calendar entry that presses.
//!
//! # Detects
//!
//! An iCalendar part whose title or description tells the story of a scam: at least two of account trouble, debt,
//! charge, demand, call back, windfall, investment.
//!
//! # Why it matters
//!
//! Calendars show it by themselves and keep it when the mail is gone; so demands and warnings are sent this way.
//!
//! # False positives
//!
//! Invitations that name a fee and a closing date.
//!
//! # References
//!
//! - MITRE ATT&CK T1566
//! - RFC 5545

use crate::message::{Excerpt, Kind, Place};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation, Slot};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "ics-lure",
    title: Bilingual { ja: "詐欺文を含む予定表", en: "a calendar entry that presses" },
    category: Some(Category::Phishing),
    family: Family::Attachment,
    weight: Hundredths(260),
    hard: false,
    basis: Basis::Prior("calendar phishing is known from reports; corpora have hardly any"),
    why: Bilingual {
        ja: "予定表に自動で載り、メールを消しても残るため、請求や警告の通知に悪用されます。",
        en: "Calendars show it by themselves and keep it when the mail is gone; so demands and warnings are sent this way.",
    },
    genuine: Bilingual {
        ja: "本物の事業者は、請求や警告を予定として送りません。",
        en: "Genuine companies do not send demands and warnings as appointments.",
    },
    false_positives: Bilingual {
        ja: "料金や締切を書いた会合の案内。",
        en: "Invitations that name a fee and a closing date.",
    },
    references: &["MITRE ATT&CK T1566", "RFC 5545"],
    check,
};

/// What an honest appointment does not tell.
const STORY: &[Slot] = &[
    Slot::UnpaidDebt,
    Slot::LegalThreat,
    Slot::FinalNotice,
    Slot::PaymentDemand,
    Slot::CryptoDemand,
    Slot::AccountTrouble,
    Slot::VerifyDemand,
    Slot::Windfall,
    Slot::UnexpectedCharge,
    Slot::CallDemand,
    Slot::InvestmentLure,
    Slot::GuaranteedReturn,
    Slot::CredentialRequest,
    Slot::RemoteHelp,
    Slot::ClaimDemand,
    Slot::UpfrontFee,
];

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let message = observables.message;
    message.attachments.iter().filter(|file| file.kind == Kind::Ics).find_map(|file| {
        let index = file.text?;
        let text = &message.texts.get(index.checked_sub(1)?)?.text;
        let hits = observables.context.tables.lexicon.search(text.normal());
        let mut told: Vec<Slot> =
            hits.iter().map(|hit| hit.slot).filter(|slot| STORY.contains(slot)).collect();
        told.sort_unstable();
        told.dedup();
        let first = hits.into_iter().find(|hit| told.contains(&hit.slot))?;
        (told.len() >= 2)
            .then(|| Observation { place: Place::Text(index), excerpt: Excerpt::new(text.quote(first.span)) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::indicator::testing;

    fn invitation(words: &str) -> String {
        testing::raw(
            "From: a@shop.example\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n",
            &format!(
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Notice\r\nDESCRIPTION:{words}\r\nEND:VEVENT\r\nEND:VCALENDAR"
            ),
        )
    }

    #[test]
    fn a_scam_in_an_appointment_fires_and_a_meeting_does_not() {
        for words in [
            "Your account has been suspended. Please verify your account here: https://evil.example/",
            "未納料金が発生しております。法的手続きに移行します。",
        ] {
            assert!(testing::fires_raw(&INDICATOR, &invitation(words)), "{words}");
        }
        for words in
            ["Quarterly meeting\\, room 3. Bring your figures.", "定例会議。会費は当日お支払いください。"]
        {
            assert!(!testing::fires_raw(&INDICATOR, &invitation(words)), "{words}");
        }
    }
}
