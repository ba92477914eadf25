//! What a message demands: who it claims to be, what it wants, how much, by when, pay where, contact how. Each with the
//! words it was read from.
//!
//! # When there is a demand
//!
//! An ordinary letter, a newsletter, a receipt and a bulletin demand nothing: [`extract`] gives `None`. Where the verdict
//! noticed the message (suspicious or threat), whatever was found is a demand. Where it did not, a message demands only if it
//! asks for money with an amount or a place to pay it to, for codes, for secrets by a deadline, or for other bank details, and
//! is neither a receipt nor a bulletin. So an honest bill has a demand, too, and that is what it is.
//!
//! # How it is read
//!
//! Words come from `config/demand.toml`, matched in the normalised text; numbers, dates, accounts and addresses are read by
//! hand-written readers, those with check digits (IBAN, routing numbers, crypto-currency addresses) only where they are right.
//! One pass for the words, one for each reader; 64 KiB of a text and eight texts are read, so that the cost is bounded.
#![deny(clippy::disallowed_methods)]

mod amount;
mod claim;
mod clock;
mod contact;
mod cue;
mod deadline;
mod number;
mod page;
mod pay;
mod want;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::indicator::Context;
use crate::message::{Excerpt, Message, Place, TextKind};

use self::amount::Role;
use self::clock::Clock;
use self::cue::Cue;
use self::number::Number;
use self::page::Page;

pub use self::contact::ContactKind;
pub use self::pay::PayKind;
pub use self::want::Want;

/// Texts of one message that are read.
const MOST_PAGES: usize = 8;
/// Kana from which on a text is Japanese.
const KANA: usize = 8;

/// Where something was read, and in which words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Where.
    pub place: Place,
    /// The words as they were written, with a little of what stands around them.
    pub excerpt: Excerpt,
}

/// What a message demands. Every value is untrusted text: bounded and without controls, but not defanged, so that programs
/// can compare it; for people there is [`Excerpt`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// Who it says it is: not the address, but the name it gives itself.
    pub claims_to_be: Option<Claim>,
    /// What it asks for.
    pub wants: Vec<Wanted>,
    /// How much.
    pub amounts: Vec<Amount>,
    /// By when.
    pub deadline: Option<Deadline>,
    /// Where to pay.
    pub pay_to: Vec<PayTo>,
    /// Whom to contact, and how.
    pub contacts: Vec<Contact>,
}

/// A name that the message gives itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The name.
    pub value: String,
    /// Where it stands.
    pub quote: Quote,
}

/// Something asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What.
    pub want: Want,
    /// Where it is asked for.
    pub quote: Quote,
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    number: Number,
    /// Of which currency.
    pub currency: Currency,
    /// Where it stands.
    pub quote: Quote,
}

/// A currency: ISO 4217, or the code in use where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the codes")]
pub enum Currency {
    Jpy,
    Usd,
    Eur,
    Gbp,
    Cny,
    Krw,
    Hkd,
    Aud,
    Cad,
    Nzd,
    Sgd,
    Chf,
    Inr,
    Brl,
    Btc,
    Eth,
    Ltc,
    Xmr,
    Xrp,
    Usdt,
}

/// A point in time, in the offset in which the reader's clock runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The point in time.
    pub at: Timestamp,
    /// The offset it is printed in.
    pub offset: Offset,
    /// Where it stands.
    pub quote: Quote,
}

/// A place to pay to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayTo {
    /// Through what.
    pub kind: PayKind,
    /// A bank account: bank, branch, kind, number and holder as far as given, or the IBAN; an address; a card or service by
    /// the name it is given.
    pub value: String,
    /// True where only a kind is named ("gift cards").
    vague: bool,
    /// Where it stands.
    pub quote: Quote,
}

/// A way to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Which way.
    pub kind: ContactKind,
    /// Number, link, address or account.
    pub value: String,
    /// Where it stands.
    pub quote: Quote,
}

/// What a message demands, or none. `noticed`: the verdict found it suspicious or worse. Linear in the size of the message.
pub fn extract(message: &Message, context: &Context, noticed: bool) -> Option<Demand> {
    let pages = pages(message);
    let has = |cue: Cue| pages.iter().any(|page| page.cues.has(cue));
    let pressing = [Cue::Pay, Cue::HandOver, Cue::ChangeBank, Cue::LogIn].into_iter().any(has);
    if !noticed && (!pressing || has(Cue::Warning)) {
        return None;
    }
    let japanese = is_japanese(&pages);
    let (amounts, role) = amount::amounts(&pages);
    let deadline =
        Clock::of(message, context, japanese).and_then(|clock| deadline::deadline(&pages, clock, japanese));
    let pay_to = pay::pay_to(&pages);
    let mut wants = want::wants(&pages);
    let seen = Seen {
        role,
        few: amounts.len() <= 3,
        deadline: deadline.is_some(),
        paid: has(Cue::Paid),
        bulk: message.fields.iter().any(|(name, _)| matches!(name.as_str(), "list-unsubscribe" | "list-id")),
    };
    if !noticed && !asks(&wants, &pay_to, seen) {
        return None;
    }
    let contacts = contact::contacts(message, context, &pages, &pay_to);
    want::complete(&mut wants, &contacts, &pages);
    let claims_to_be = claim::claim(message, context, &pages, &pay_to);
    let demand = Demand { claims_to_be, wants, amounts, deadline, pay_to, contacts };
    let empty = demand.wants.is_empty()
        && demand.amounts.is_empty()
        && demand.deadline.is_none()
        && demand.pay_to.is_empty()
        && demand.contacts.is_empty();
    (!empty).then_some(demand)
}

/// What decides whether an unnoticed message demands something.
#[derive(Debug, Clone, Copy)]
struct Seen {
    role: Option<Role>,
    few: bool,
    deadline: bool,
    paid: bool,
    bulk: bool,
}

/// Whether an unnoticed message demands something.
fn asks(wants: &[Wanted], pay_to: &[PayTo], seen: Seen) -> bool {
    let Seen { role, few, deadline, paid, bulk } = seen;
    let wants = |want: Want| wants.iter().any(|wanted| wanted.want == want);
    // Bulk mail names prices and asks for gifts in many steps; a bill labels what is due.
    let labelled = role.is_some_and(|role| role >= Role::Total);
    let asked = role == Some(Role::Asked) && few && !bulk;
    let money = wants(Want::Pay) && (asked || labelled && (!bulk || deadline));
    let card = role.is_some() || pay_to.iter().any(|pay| pay.kind == PayKind::GiftCard);
    let place = pay_to.iter().any(|pay| matches!(pay.kind, PayKind::Bank | PayKind::Crypto) && !pay.vague);
    (money && !paid)
        || (wants(Want::Pay) && place)
        || (!bulk && wants(Want::HandOverCodes) && card)
        || (!bulk && wants(Want::ChangeBankDetails) && (role.is_some() || place || wants(Want::Reply)))
        || (!bulk && wants(Want::LogIn) && wants(Want::Click) && deadline && !paid)
}

/// Subject and visible texts; where these say nothing, attached ones.
fn pages(message: &Message) -> Vec<Page<'_>> {
    let body = |nested: bool| {
        message.texts.iter().enumerate().filter(move |(_, view)| match view.kind {
            TextKind::Plain | TextKind::Html => !nested,
            TextKind::Nested => nested,
            TextKind::Hidden => false,
        })
    };
    let mut pages = vec![Page::new(Place::Subject, &message.subject)];
    let visible: usize = body(false).map(|(_, view)| view.text.normal().len()).sum();
    let nested = visible < 80;
    for (index, view) in body(false).chain(body(true).filter(|_| nested)).take(MOST_PAGES) {
        pages.push(Page::new(Place::Text(index + 1), &view.text));
    }
    pages
}

fn is_japanese(pages: &[Page<'_>]) -> bool {
    let kana =
        |text: &str| text.chars().filter(|c| matches!(u32::from(*c), 0x3041..=0x30FE)).take(KANA).count();
    pages.iter().map(|page| kana(page.normal)).sum::<usize>() >= KANA
}

impl Amount {
    /// The value in decimals, without trailing zeros: `298000`, `0.05`.
    pub fn decimal(&self) -> String {
        self.number.decimal()
    }
}

impl Currency {
    /// `JPY`, `USD`, `BTC`, ...
    pub fn code(self) -> &'static str {
        match self {
            Currency::Jpy => "JPY",
            Currency::Usd => "USD",
            Currency::Eur => "EUR",
            Currency::Gbp => "GBP",
            Currency::Cny => "CNY",
            Currency::Krw => "KRW",
            Currency::Hkd => "HKD",
            Currency::Aud => "AUD",
            Currency::Cad => "CAD",
            Currency::Nzd => "NZD",
            Currency::Sgd => "SGD",
            Currency::Chf => "CHF",
            Currency::Inr => "INR",
            Currency::Brl => "BRL",
            Currency::Btc => "BTC",
            Currency::Eth => "ETH",
            Currency::Ltc => "LTC",
            Currency::Xmr => "XMR",
            Currency::Xrp => "XRP",
            Currency::Usdt => "USDT",
        }
    }

    fn is_coin(self) -> bool {
        matches!(self, Currency::Btc | Currency::Eth | Currency::Ltc | Currency::Xmr | Currency::Xrp)
    }
}

impl std::fmt::Display for Deadline {
    /// `2026-11-25T17:00+09:00`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = self.offset.to_datetime(self.at);
        let seconds = self.offset.seconds();
        let (sign, seconds) = if seconds < 0 { ('-', -seconds) } else { ('+', seconds) };
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}{sign}{:02}:{:02}",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            seconds / 3600,
            seconds / 60 % 60
        )
    }
}

impl Serialize for Quote {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("where", &self.place)?;
        map.serialize_entry("excerpt", &self.excerpt)?;
        map.end()
    }
}

/// A value and where it was read, in one object.
struct Quoted<'a, K: Serialize, V: Serialize> {
    first: (&'static str, K),
    second: (&'static str, V),
    quote: &'a Quote,
}

impl<K: Serialize, V: Serialize> Serialize for Quoted<'_, K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry(self.first.0, &self.first.1)?;
        map.serialize_entry(self.second.0, &self.second.1)?;
        map.serialize_entry("where", &self.quote.place)?;
        map.serialize_entry("excerpt", &self.quote.excerpt)?;
        map.end()
    }
}

impl Serialize for Demand {
    /// The shape of `scan --format json`. `claims_to_be` and `deadline` are plain strings, so what they were read from stands
    /// in `quoted`, with that of `wants`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let amounts: Vec<_> = self
            .amounts
            .iter()
            .map(|amount| Quoted {
                first: ("value", amount.as_json()),
                second: ("currency", amount.currency.code()),
                quote: &amount.quote,
            })
            .collect();
        let pay_to: Vec<_> = self
            .pay_to
            .iter()
            .map(|pay| Quoted { first: ("kind", pay.kind), second: ("value", &pay.value), quote: &pay.quote })
            .collect();
        let contacts: Vec<_> = self
            .contacts
            .iter()
            .map(|contact| Quoted {
                first: ("kind", contact.kind),
                second: ("value", &contact.value),
                quote: &contact.quote,
            })
            .collect();
        let quoted = serde_json::json!({
            "claims_to_be": self.claims_to_be.as_ref().map(|claim| &claim.quote),
            "deadline": self.deadline.as_ref().map(|deadline| &deadline.quote),
            "wants": self.wants.iter().map(|wanted| &wanted.quote).collect::<Vec<_>>(),
        });
        let mut map = serializer.serialize_map(Some(7))?;
        map.serialize_entry("claims_to_be", &self.claims_to_be.as_ref().map(|claim| &claim.value))?;
        map.serialize_entry("wants", &self.wants.iter().map(|wanted| wanted.want).collect::<Vec<_>>())?;
        map.serialize_entry("amounts", &amounts)?;
        map.serialize_entry("deadline", &self.deadline.as_ref().map(ToString::to_string))?;
        map.serialize_entry("pay_to", &pay_to)?;
        map.serialize_entry("contacts", &contacts)?;
        map.serialize_entry("quoted", &quoted)?;
        map.end()
    }
}

impl Amount {
    /// A whole number as such, any other as the decimal fraction that is nearest.
    fn as_json(&self) -> serde_json::Value {
        match self.number.whole() {
            Some(whole) => whole.into(),
            None => self.decimal().parse::<f64>().unwrap_or_default().into(),
        }
    }
}
