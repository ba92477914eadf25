//! The catalogue: observables to findings. One file an indicator; data, not code, wherever it can be.
//!
//! To add an indicator: `src/indicator/<id>.rs` with one static [`Indicator`], its two lines below, and its corpus pair
//! under `tests/corpus/`: a message that must fire, and a look-alike that must not.
#![deny(clippy::disallowed_methods)]

mod automaton;
mod brand;
mod hosts;
mod learned;
mod lexicon;
pub(crate) mod matcher;
mod observables;
pub(crate) mod plain;
mod tables;
#[cfg(test)]
mod testing;
pub mod wallet;
mod weights;
mod wording;

mod account_lure;
mod act_or_lose;
mod action_link_foreign;
mod active_document;
mod advance_fee;
mod allowed_sender;
mod antique_mailer;
mod asked_about;
mod atm_refund;
mod attachment_push;
mod authentication_failure;
mod authority_accusation;
mod authority_elsewhere;
mod bank_details_change;
mod bare_lure;
mod blocked_sender;
mod brand_by_desktop_program;
mod brand_claimed_by_stranger;
mod brand_claimed_link_elsewhere;
mod brand_combosquat;
mod brand_disguised;
mod brand_elsewhere;
mod brand_from_link_elsewhere;
mod brand_in_link_host;
mod brand_in_link_path;
mod brand_trouble_without_link;
mod business_errand;
mod buy_off;
mod call_about_debt;
mod callback_charge;
mod cancellation_incomplete;
mod chat_group;
mod chinese_charset;
mod chinese_forms;
mod claim_link;
mod code_handover;
mod company_from_freemail;
mod confidence_approach;
mod court_by_mail;
mod credential_request;
mod crossed_in_post;
mod crypto_address;
mod crypto_payment;
mod date_skew;
mod deadline;
mod decorated_sender;
mod disguised_attachment;
mod disk_image_attachment;
mod display_name_impersonation;
mod document_lure;
mod easy_work;
mod encrypted_archive_with_password;
mod estate_share;
mod executable_attachment;
mod executable_download_link;
mod fake_reply;
mod fee_comes_back;
mod fee_for_payout;
mod final_notice;
mod foreign_base;
mod form_in_mail;
mod from_equals_to;
mod greeting_by_address;
mod guaranteed_return;
mod hidden_text;
mod home_visit_threat;
mod html_attachment_login_form;
mod html_data_link;
mod html_smuggling;
mod ics_lure;
mod image_only;
mod impersonal_greeting;
mod invented_agency;
mod investment_lure;
mod job_lure;
mod legal_threat;
mod link_hijacked_site;
mod link_ip_host;
mod link_login_words;
mod link_many_labels;
mod link_mixed_script;
mod link_odd_form;
mod link_random_host;
mod link_risky_tld;
mod link_shortened;
mod link_text_brand;
mod link_text_mismatch;
mod link_to_dynamic_host;
mod link_to_file_drop;
mod link_to_form;
mod link_to_free_host;
mod link_to_object_store;
mod link_userinfo;
mod links_at_the_brand;
mod links_one_foreign_domain;
mod listing_pitch;
mod loan_offer;
mod lookalike_domain;
mod machine_japanese;
mod macro_document;
mod mailbox_admin_elsewhere;
mod mailbox_lure;
mod mailbox_password_request;
mod message_id_foreign;
mod message_id_missing;
mod mixed_script;
mod money_plea;
mod moves_to_chat;
mod nameless_role_sender;
mod no_action_needed;
mod office_on_mobile;
mod only_yourself;
mod origin_without_name;
mod overlay_link;
mod own_address_quoted;
mod own_address_spoof;
mod own_details_quoted;
mod own_domain_claimed;
mod papers_for_a_promise;
mod parcel_lure;
mod password_form;
mod payment_demand;
mod pdf_link_only;
mod personal_payee;
mod private_contact;
mod proposal_letter;
mod publication_threat;
mod qr_drawn;
mod qr_link;
mod qr_payment;
mod qr_scan;
mod ransom_threat;
mod read_receipt;
mod receipt_elsewhere;
mod recipient_in_link;
mod records_request;
mod redirect_to_elsewhere;
mod refund_lure;
mod released_sender;
mod remote_help;
mod reply_to_freemail;
mod reply_to_lookalike;
mod reply_to_mismatch;
mod reported_sender;
mod return_path_foreign;
mod reward_lure;
mod romance_approach;
mod rtlo_name;
mod run_file;
mod safe_account;
mod script_in_mail;
mod secret_request;
mod self_opening_page;
mod sender_from_free_host;
mod sender_impossible_domain;
mod sender_lookalike_domain;
mod sender_random;
mod sender_risky_tld;
mod sender_without_address;
mod sent_by_web_script;
mod several_authors;
mod sextortion_script;
mod shortcut_attachment;
mod small_fee;
mod split_words;
mod stranded_plea;
mod svg_script;
mod thread_hijack;
mod tracker_pixel;
mod translated_style;
mod ultimatum;
mod undisclosed_recipients;
mod unpaid_debt;
mod upfront_fee;
mod vague_service;
mod violence_threat;
mod voice;
mod warning_bulletin;
mod zone_of_elsewhere;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use crate::message::{Excerpt, Message, Place};

pub use learned::{LESSON, Learned, MOST, Vouched, vouched};
pub use lexicon::{Lexicon, Slot, TableError, phrase_wordings, terms};
pub use observables::{Observables, is_freemail, is_public_suffix, organisation};
pub use weights::{COMPILED_IN as WEIGHTS, Fitted, Weights, interval, weights};
pub use wording::is_random;

pub use tables::{Additions, BrandEntry, Decision, PhraseTable, Sender, Senders, TableSource, Tables};

/// Every indicator, in the order in which findings are listed: by family, as a message is read.
pub static CATALOGUE: &[&Indicator] = &[
    &unpaid_debt::INDICATOR,
    &listing_pitch::INDICATOR,
    &vague_service::INDICATOR,
    &cancellation_incomplete::INDICATOR,
    &call_about_debt::INDICATOR,
    &legal_threat::INDICATOR,
    &court_by_mail::INDICATOR,
    &authority_accusation::INDICATOR,
    &invented_agency::INDICATOR,
    &safe_account::INDICATOR,
    &deadline::INDICATOR,
    &final_notice::INDICATOR,
    &ultimatum::INDICATOR,
    &act_or_lose::INDICATOR,
    &payment_demand::INDICATOR,
    &code_handover::INDICATOR,
    &crypto_payment::INDICATOR,
    &crypto_address::INDICATOR,
    &personal_payee::INDICATOR,
    &buy_off::INDICATOR,
    &qr_payment::INDICATOR,
    &home_visit_threat::INDICATOR,
    &publication_threat::INDICATOR,
    &ransom_threat::INDICATOR,
    &sextortion_script::INDICATOR,
    &violence_threat::INDICATOR,
    &own_details_quoted::INDICATOR,
    &own_address_quoted::INDICATOR,
    &greeting_by_address::INDICATOR,
    &recipient_in_link::INDICATOR,
    &account_lure::INDICATOR,
    &mailbox_lure::INDICATOR,
    &parcel_lure::INDICATOR,
    &small_fee::INDICATOR,
    &document_lure::INDICATOR,
    &refund_lure::INDICATOR,
    &claim_link::INDICATOR,
    &credential_request::INDICATOR,
    &mailbox_admin_elsewhere::INDICATOR,
    &papers_for_a_promise::INDICATOR,
    &bare_lure::INDICATOR,
    &password_form::INDICATOR,
    &mailbox_password_request::INDICATOR,
    &brand_elsewhere::INDICATOR,
    &brand_trouble_without_link::INDICATOR,
    &brand_disguised::INDICATOR,
    &own_domain_claimed::INDICATOR,
    &brand_claimed_link_elsewhere::INDICATOR,
    &link_text_mismatch::INDICATOR,
    &brand_in_link_host::INDICATOR,
    &links_one_foreign_domain::INDICATOR,
    &action_link_foreign::INDICATOR,
    &link_login_words::INDICATOR,
    &link_random_host::INDICATOR,
    &link_many_labels::INDICATOR,
    &link_mixed_script::INDICATOR,
    &link_odd_form::INDICATOR,
    &link_ip_host::INDICATOR,
    &link_userinfo::INDICATOR,
    &brand_in_link_path::INDICATOR,
    &brand_combosquat::INDICATOR,
    &lookalike_domain::INDICATOR,
    &link_text_brand::INDICATOR,
    &brand_from_link_elsewhere::INDICATOR,
    &html_data_link::INDICATOR,
    &foreign_base::INDICATOR,
    &qr_link::INDICATOR,
    &qr_scan::INDICATOR,
    &bank_details_change::INDICATOR,
    &records_request::INDICATOR,
    &chat_group::INDICATOR,
    &secret_request::INDICATOR,
    &only_yourself::INDICATOR,
    &business_errand::INDICATOR,
    &advance_fee::INDICATOR,
    &estate_share::INDICATOR,
    &reward_lure::INDICATOR,
    &loan_offer::INDICATOR,
    &confidence_approach::INDICATOR,
    &proposal_letter::INDICATOR,
    &money_plea::INDICATOR,
    &upfront_fee::INDICATOR,
    &fee_for_payout::INDICATOR,
    &fee_comes_back::INDICATOR,
    &atm_refund::INDICATOR,
    &romance_approach::INDICATOR,
    &stranded_plea::INDICATOR,
    &private_contact::INDICATOR,
    &easy_work::INDICATOR,
    &investment_lure::INDICATOR,
    &guaranteed_return::INDICATOR,
    &job_lure::INDICATOR,
    &moves_to_chat::INDICATOR,
    &callback_charge::INDICATOR,
    &remote_help::INDICATOR,
    &link_risky_tld::INDICATOR,
    &link_to_free_host::INDICATOR,
    &link_to_form::INDICATOR,
    &link_to_object_store::INDICATOR,
    &link_to_file_drop::INDICATOR,
    &link_to_dynamic_host::INDICATOR,
    &link_shortened::INDICATOR,
    &redirect_to_elsewhere::INDICATOR,
    &link_hijacked_site::INDICATOR,
    &executable_attachment::INDICATOR,
    &executable_download_link::INDICATOR,
    &display_name_impersonation::INDICATOR,
    &company_from_freemail::INDICATOR,
    &reply_to_mismatch::INDICATOR,
    &sender_impossible_domain::INDICATOR,
    &reply_to_lookalike::INDICATOR,
    &nameless_role_sender::INDICATOR,
    &decorated_sender::INDICATOR,
    &sender_without_address::INDICATOR,
    &thread_hijack::INDICATOR,
    &fake_reply::INDICATOR,
    &undisclosed_recipients::INDICATOR,
    &reply_to_freemail::INDICATOR,
    &sender_risky_tld::INDICATOR,
    &sender_random::INDICATOR,
    &sender_from_free_host::INDICATOR,
    &authority_elsewhere::INDICATOR,
    &several_authors::INDICATOR,
    &from_equals_to::INDICATOR,
    &sender_lookalike_domain::INDICATOR,
    &brand_claimed_by_stranger::INDICATOR,
    &own_address_spoof::INDICATOR,
    &authentication_failure::INDICATOR,
    &origin_without_name::INDICATOR,
    &brand_by_desktop_program::INDICATOR,
    &sent_by_web_script::INDICATOR,
    &antique_mailer::INDICATOR,
    &zone_of_elsewhere::INDICATOR,
    &date_skew::INDICATOR,
    &message_id_missing::INDICATOR,
    &message_id_foreign::INDICATOR,
    &return_path_foreign::INDICATOR,
    &qr_drawn::INDICATOR,
    &hidden_text::INDICATOR,
    &split_words::INDICATOR,
    &mixed_script::INDICATOR,
    &chinese_forms::INDICATOR,
    &chinese_charset::INDICATOR,
    &translated_style::INDICATOR,
    &form_in_mail::INDICATOR,
    &self_opening_page::INDICATOR,
    &script_in_mail::INDICATOR,
    &overlay_link::INDICATOR,
    &image_only::INDICATOR,
    &read_receipt::INDICATOR,
    &tracker_pixel::INDICATOR,
    &run_file::INDICATOR,
    &macro_document::INDICATOR,
    &active_document::INDICATOR,
    &disk_image_attachment::INDICATOR,
    &shortcut_attachment::INDICATOR,
    &rtlo_name::INDICATOR,
    &disguised_attachment::INDICATOR,
    &encrypted_archive_with_password::INDICATOR,
    &html_smuggling::INDICATOR,
    &html_attachment_login_form::INDICATOR,
    &svg_script::INDICATOR,
    &pdf_link_only::INDICATOR,
    &ics_lure::INDICATOR,
    &attachment_push::INDICATOR,
    &impersonal_greeting::INDICATOR,
    &receipt_elsewhere::INDICATOR,
    &office_on_mobile::INDICATOR,
    &machine_japanese::INDICATOR,
    &blocked_sender::INDICATOR,
    &reported_sender::INDICATOR,
    &allowed_sender::INDICATOR,
    &released_sender::INDICATOR,
    &crossed_in_post::INDICATOR,
    &no_action_needed::INDICATOR,
    &links_at_the_brand::INDICATOR,
    &asked_about::INDICATOR,
    &warning_bulletin::INDICATOR,
];

/// Log-odds in integer hundredths: 210 is printed as `2.10`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hundredths(pub i32);

/// What a message wants to be taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Category {
    FakeBilling,
    Extortion,
    Phishing,
    Bec,
    AdvanceFee,
    Callback,
    Malware,
    Other,
}

/// Indicators of one family see the same fact from several sides; together they count as one witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Money is said to be owed.
    Billing,
    /// Law, courts and authorities are invoked.
    Legal,
    /// Little time, last warnings, consequences.
    Pressure,
    /// How to pay.
    Payment,
    /// Somebody will come, or ask the family.
    Intrusion,
    /// A harm is threatened.
    Extortion,
    /// What the sender knows of the recipient.
    Knowledge,
    /// The story of the troubled account.
    Lure,
    /// A brand that is spoken for.
    Brand,
    /// Where links go.
    Link,
    /// The story of the superior or the supplier.
    Business,
    /// Others are to be kept out.
    Secrecy,
    /// Secrets are to be typed in.
    Secrets,
    /// A helper who wants to be let in.
    Remote,
    /// The story of the windfall.
    Windfall,
    /// The story of the certain profit.
    Investment,
    /// What nobody honest may promise.
    Promise,
    /// A stranger who seeks trust.
    Approach,
    /// The story of the charge that can be undone by telephone.
    Callback,
    /// What a QR code leads to.
    Code,
    /// What is kept from filters and shown to people, or the other way round.
    Disguise,
    /// How the language is written.
    Language,
    /// What the mail does beside being read.
    Markup,
    /// The story of easy work.
    Work,
    /// Where the answer is to go.
    Contact,
    /// How the reader is addressed.
    Greeting,
    /// Files.
    Attachment,
    /// How the text reads, as learned from labelled mail.
    Wording,
    /// How the message is built, as learned from labelled mail.
    Build,
    /// On whose ground a link leads: places where anybody can put anything.
    Hosting,
    /// Who says to be writing.
    Sender,
    /// How the message was made and sent.
    Transport,
    /// How it is written.
    Style,
    /// What the provider's own check of the sender says.
    Authentication,
    /// What the person decided.
    Person,
    /// What speaks against.
    Mitigation,
}

/// Where a weight comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Set by hand, bounded, for this reason: fewer than three independent sources of mail carry the signal.
    Prior(&'static str),
    /// Fitted on a corpus.
    Fitted,
}

/// A text for people in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bilingual {
    /// Japanese.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
}

/// One indicator: a record, so that listings, documentation, configuration keys and tests can be computed from it.
#[derive(Debug)]
pub struct Indicator {
    /// Kebab-case; the file's name with `-` for `_`.
    pub id: &'static str,
    /// What was seen, as a short noun phrase.
    pub title: Bilingual,
    /// What kind of threat it points to; none where it is common to all.
    pub category: Option<Category>,
    /// With which others it is one witness.
    pub family: Family,
    /// What it adds to the score, in log-odds, as set by hand; [`Indicator::in_force`] is what counts.
    pub weight: Hundredths,
    /// True where this alone, with enough score, may quarantine: a fact that no honest message shows.
    pub hard: bool,
    /// Where the weight comes from.
    pub basis: Basis,
    /// What it means for the person who reads the verdict.
    pub why: Bilingual,
    /// What a genuine sender would have done instead; for what speaks against, what a genuine one does.
    pub genuine: Bilingual,
    /// Which honest messages show it, too.
    pub false_positives: Bilingual,
    /// Where this is known from.
    pub references: &'static [&'static str],
    /// Looks for it. Pure; the first place in which it is seen.
    pub check: fn(&Observables<'_>) -> Option<Observation>,
}

/// Where an indicator was seen, and in which words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Where.
    pub place: Place,
    /// The words, as they were written.
    pub excerpt: Excerpt,
}

/// What a judgement depends on beside the message itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// The account's own addresses, lower case.
    pub own_addresses: Vec<String>,
    /// The person's names, as people write them.
    pub own_names: Vec<String>,
    /// Their postal addresses and telephone numbers, as people write them.
    pub own_postal: Vec<String>,
    /// Whose Authentication-Results fields count (RFC 8601 §2.5), lower case.
    pub authserv_ids: Vec<String>,
    /// When the message arrived (INTERNALDATE), where it is known.
    pub received_at: Option<Timestamp>,
    /// Ids of indicators that the person switched off.
    pub disabled: Vec<String>,
    /// Phrases, brands and lists in force. Not part of what is written: the record names them by their digests.
    #[serde(skip)]
    pub tables: Tables,
    /// What the person's releases and reports say of senders. The record names each lesson by the digest of its note.
    #[serde(skip)]
    pub learned: Learned,
}

impl Context {
    /// The known brand that a normalised text speaks of, by its name in the table.
    pub fn brand_named(&self, text: &str) -> Option<&str> {
        self.tables.brands.named(text).map(|brand| brand.name.as_str())
    }

    /// The known brand that a host belongs to.
    pub fn brand_owner(&self, host: &str) -> Option<&str> {
        self.tables.brands.owner(host).map(|brand| brand.name.as_str())
    }
}

/// One indicator that was seen, with what it adds to the score and the words it was seen in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The indicator's id, kebab-case; also `base-rate`, caps and gates, see `verdict`.
    pub indicator: &'static str,
    /// What it adds; in JSON a number with its decimals, `2.1`.
    #[serde(serialize_with = "as_number")]
    pub weight: Hundredths,
    /// Where it was seen.
    #[serde(rename = "where")]
    pub place: Place,
    /// The words, as they were written.
    pub excerpt: Excerpt,
}

/// Every indicator of the catalogue that is not switched off, in catalogue order, over one message.
pub fn examine(message: &Message, context: &Context) -> Vec<Finding> {
    let observables = Observables::new(message, context);
    CATALOGUE
        .iter()
        .filter(|indicator| !context.disabled.iter().any(|id| id == indicator.id))
        .filter_map(|indicator| {
            (indicator.check)(&observables).map(|seen| Finding {
                indicator: indicator.id,
                // What was learned from the person's acts weighs by how often they said so.
                weight: observables
                    .learned()
                    .filter(|_| indicator.is_learned())
                    .unwrap_or(indicator.in_force()),
                place: seen.place,
                excerpt: seen.excerpt,
            })
        })
        .collect()
}

/// True where the person released mail of this sender, and the provider says that this is theirs.
pub fn is_released(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.indicator == released_sender::INDICATOR.id)
}

/// What the person decided about the sender, beside all else that was found. A block is heeded: nothing takes away from it. An
/// allowance or a release takes nothing from a hard fact, whoever sent it: beside one, it goes only as far as the soft findings do.
pub fn heed_the_person(findings: &mut Vec<Finding>) {
    if findings.iter().any(|finding| finding.indicator == blocked_sender::INDICATOR.id) {
        findings.retain(|finding| finding.weight.0 >= 0);
    }
    bound_allowance(findings);
}

fn bound_allowance(findings: &mut [Finding]) {
    let is_hard = |finding: &Finding| indicator(finding.indicator).is_some_and(|indicator| indicator.hard);
    let adding = || findings.iter().filter(|finding| finding.weight.0 > 0);
    if !adding().any(is_hard) {
        return;
    }
    let soft = adding()
        .filter(|finding| !is_hard(finding))
        .fold(0_i32, |sum, finding| sum.saturating_add(finding.weight.0));
    let mut left = soft;
    let kind = [allowed_sender::INDICATOR.id, released_sender::INDICATOR.id];
    for allowed in findings.iter_mut().filter(|one| kind.contains(&one.indicator)) {
        allowed.weight = Hundredths(allowed.weight.0.max(-left));
        left = left.saturating_add(allowed.weight.0);
    }
}

impl Indicator {
    /// True for the two that weigh by how often the person said so.
    fn is_learned(&self) -> bool {
        self.id == released_sender::INDICATOR.id || self.id == reported_sender::INDICATOR.id
    }
}

/// The indicator of this id.
pub fn indicator(id: &str) -> Option<&'static Indicator> {
    CATALOGUE.iter().copied().find(|indicator| indicator.id == id)
}

impl Hundredths {
    /// The number itself: 210 is 2.1. For output only; scores are summed as integers.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl std::fmt::Display for Hundredths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn as_number<S: Serializer>(weight: &Hundredths, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(weight.as_f64())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn hundredths_are_printed_with_two_decimals() {
        for (value, shown) in [
            (210, "2.10"),
            (-200, "-2.00"),
            (5, "0.05"),
            (-5, "-0.05"),
            (0, "0.00"),
            (i32::MIN, "-21474836.48"),
        ] {
            assert_eq!(Hundredths(value).to_string(), shown);
        }
        assert_eq!(format!("{:>7}", Hundredths(210)), "   2.10");
    }

    #[test]
    fn ids_are_unique_kebab_case_and_the_names_of_their_files() {
        let mut seen = BTreeSet::new();
        let door = include_str!("mod.rs");
        for indicator in CATALOGUE {
            assert!(seen.insert(indicator.id), "{} stands twice", indicator.id);
            assert!(indicator.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", indicator.id);
            let module = indicator.id.replace('-', "_");
            assert!(
                door.contains(&format!("    &{module}::INDICATOR,\n")),
                "{} is not named for its file",
                indicator.id
            );
        }
    }

    #[test]
    fn every_indicator_explains_itself() {
        for indicator in CATALOGUE {
            let id = indicator.id;
            assert!(!indicator.references.is_empty(), "{id} has no references");
            for text in [indicator.title, indicator.why, indicator.genuine, indicator.false_positives] {
                assert!(
                    !text.en.is_empty() && text.ja.chars().any(|c| c > '\u{3000}'),
                    "{id} lacks a language"
                );
            }
            assert!(
                indicator.weight.0 != 0 && (-1400..=750).contains(&indicator.weight.0),
                "{id} has a weight out of range"
            );
            assert_eq!(indicator.weight.0 < 0, indicator.family == Family::Mitigation, "{id}");
        }
    }
}
