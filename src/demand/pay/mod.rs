//! Pay where: bank accounts, wallets, cards, services.

mod bank;
mod crypto;
mod iban;
mod product;

use super::page::Page;
use super::{PayTo, Quote};

/// Different ways to pay kept.
const MOST: usize = 8;

/// What the money goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayKind {
    /// A bank account.
    Bank,
    /// A payment service or money transfer.
    Ewallet,
    /// A prepaid card or gift code.
    GiftCard,
    /// A crypto-currency address.
    Crypto,
    /// Cash by post and the like.
    Other,
}

/// Every way to pay, in the order of the texts, each once.
pub(super) fn pay_to(pages: &[Page<'_>]) -> Vec<PayTo> {
    let mut found: Vec<PayTo> = Vec::new();
    for page in pages {
        for pay in crypto::crypto(page).into_iter().chain(bank::bank(page)).chain(product::products(page)) {
            let known = found.iter().any(|other| {
                other.kind == pay.kind && other.value.to_lowercase() == pay.value.to_lowercase()
            });
            if !known && found.len() < MOST {
                found.push(pay);
            }
        }
    }
    // An address says more than the name of its currency, a named card more than "gift cards".
    for kind in [PayKind::Crypto, PayKind::GiftCard, PayKind::Other] {
        if found.iter().any(|pay| pay.kind == kind && !pay.vague) {
            found.retain(|pay| pay.kind != kind || !pay.vague);
        }
    }
    let vague_only = |pay: &PayTo| pay.kind == PayKind::Other && pay.vague;
    if found.iter().any(|pay| !vague_only(pay)) {
        found.retain(|pay| !vague_only(pay));
    }
    found
}

fn found(kind: PayKind, value: String, vague: bool, quote: Quote) -> PayTo {
    PayTo { kind, value, vague, quote }
}
