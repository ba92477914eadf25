//! The demo's sample mail: octets from the files in `samples/`, and what each is from `samples/samples.toml`.
//!
//! The Japanese messages tell one story; each threat has its legitimate look-alike. Everybody in it is invented.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::indicator::Category;

/// Where a sample belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    /// Left as it is.
    Inbox,
    /// Moved.
    Quarantine,
}

/// One message, and what it is.
#[derive(Debug)]
pub struct Sample {
    /// Its file's name.
    pub file: String,
    /// As it is delivered.
    pub octets: &'static [u8],
    /// Where it belongs.
    pub expected: Expected,
    /// What kind of threat it is, if one.
    pub category: Option<Category>,
    /// `ja` or `en`.
    pub language: String,
    /// What it is, in a line of Japanese.
    pub ja: String,
    /// What it is, in a line of English.
    pub en: String,
}

/// All samples, in the order of the story.
pub static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    // The table is compiled in; a test holds that it can be read and names every file.
    let table: Table = toml::from_str(include_str!("samples/samples.toml")).unwrap_or_default();
    table
        .sample
        .into_iter()
        .filter_map(|row| {
            let (_, octets) = FILES.iter().find(|(name, _)| *name == row.file)?;
            Some(Sample {
                file: row.file,
                octets,
                expected: row.expected,
                category: row.category,
                language: row.language,
                ja: row.ja,
                en: row.en,
            })
        })
        .collect()
});

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    sample: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    file: String,
    language: String,
    expected: Expected,
    category: Option<Category>,
    ja: String,
    en: String,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("samples/", $name)))),*]
    };
}

static FILES: &[(&str, &[u8])] = files![
    "01_video_cancelled.eml",
    "02_breach_notice.eml",
    "03_cancellation_not_complete.eml",
    "04_annual_confirmation.eml",
    "05_confirm_details.eml",
    "06_consumer_centre_bulletin.eml",
    "07_answer_or_publish.eml",
    "08_directory_publication.eml",
    "09_final_notice.eml",
    "10_power_reminder.eml",
    "11_bank_phishing.eml",
    "12_bank_login_notice.eml",
    "13_president_line_group.eml",
    "14_supplier_invoice.eml",
    "15_invoice_program.eml",
    "16_ppap_estimate.eml",
    "17_sure_profit.eml",
    "18_fund_report.eml",
    "19_webcam_blackmail.eml",
    "20_security_newsletter.eml",
    "21_inheritance.eml",
    "22_lottery_funded_concert.eml",
    "23_renewal_call.eml",
    "24_renewal_notice.eml",
    "25_mailbox_suspension.eml",
    "26_quota_notice.eml",
    "27_debt_collector.eml",
    "28_telephone_reminder.eml",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_file_once_and_tells_the_story_in_their_order() {
        let told: Vec<&str> = SAMPLES.iter().map(|sample| sample.file.as_str()).collect();
        let there: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(told, there);
    }

    #[test]
    fn every_threat_category_has_a_sample_and_both_languages_are_heard() {
        use Category::{AdvanceFee, Bec, Callback, Extortion, FakeBilling, Malware, Phishing};
        for category in [FakeBilling, Extortion, Phishing, Bec, AdvanceFee, Callback, Malware] {
            assert!(SAMPLES.iter().any(|sample| sample.category == Some(category)), "{category:?}");
        }
        for language in ["ja", "en"] {
            let of_language = SAMPLES.iter().filter(|sample| sample.language == language);
            let (threats, others): (Vec<_>, Vec<_>) =
                of_language.partition(|sample| sample.expected == Expected::Quarantine);
            assert!(threats.len() >= 4 && others.len() >= 4, "{language}");
        }
    }
}
