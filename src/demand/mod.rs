//! What a message demands: who it claims to be, what it wants, how much, by when, pay where, contact how. Each with the
//! words it was read from.
//!
//! # When there is a demand
//!
//! An ordinary letter, a newsletter, a receipt and a bulletin demand nothing: [`extract`] gives `None`. Where the verdict
//! noticed the message (suspicious or threat), whatever was found is a demand. Where it did not, what was found must weigh
//! enough (`points`): a place to pay to, codes, changed bank details, secrecy and the like weigh more, an amount, a deadline and
//! a threatened loss a little each; what is paid already weighs against. So an honest bill has a demand, too, and that is what
//! it is.
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

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::indicator::Context;
use crate::message::{Excerpt, Message, Place, Text, TextKind};

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
/// Points from which on an unnoticed message demands something.
const ENOUGH: u32 = 4;
/// Without any of these nothing is asked for that could reach [`ENOUGH`].
const PRESSING: [Cue; 9] = [
    Cue::Pay,
    Cue::HandOver,
    Cue::ChangeBank,
    Cue::LogIn,
    Cue::Call,
    Cue::KeepSecret,
    Cue::Macro,
    Cue::JoinChat,
    Cue::Total,
];
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
    let texts = texts(message);
    let pages: Vec<Page<'_>> = texts.iter().map(|(place, text)| Page::new(place.clone(), text)).collect();
    let has = |cue: Cue| pages.iter().any(|page| page.cues.has(cue));
    let pressing = PRESSING.iter().any(|cue| has(*cue));
    if !noticed && (!pressing || has(Cue::Warning)) {
        return None;
    }
    let japanese = is_japanese(&pages);
    let (amounts, role) = amount::amounts(&pages);
    let deadline =
        Clock::of(message, context, japanese).and_then(|clock| deadline::deadline(&pages, clock, japanese));
    let pay_to = pay::pay_to(&pages);
    let wants = want::wants(&pages);
    let mut demand = Demand { wants, amounts, deadline, pay_to, ..Demand::default() };
    let bulk = is_bulk(message, &pages);
    // Most mail ends here, before its links and lines are looked at.
    if !noticed && points(&demand, role, &pages, bulk, Contacts::Assumed) < ENOUGH {
        return None;
    }
    demand.contacts = contact::contacts(message, context, &pages, &demand.pay_to);
    want::complete(&mut demand.wants, &demand.contacts, &pages);
    if !noticed && points(&demand, role, &pages, bulk, Contacts::Known) < ENOUGH {
        return None;
    }
    let empty = demand.wants.is_empty()
        && demand.amounts.is_empty()
        && demand.deadline.is_none()
        && demand.pay_to.is_empty()
        && demand.contacts.is_empty();
    if empty {
        return None;
    }
    demand.claims_to_be = claim::claim(message, context, &pages, &demand.pay_to);
    Some(demand)
}

/// Whether the contacts were looked for yet; until then every kind is taken to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contacts {
    Assumed,
    Known,
}

/// How strongly an unnoticed message demands something, in points; [`ENOUGH`] make a demand.
///
/// A place for money, codes, secrecy and the like count by what honest mail seldom asks; an amount, a deadline, a threatened
/// loss count a little each. Bulk mail names prices and asks for gifts in many steps, so there only a bill counts, which labels
/// what is due and by when.
fn points(demand: &Demand, role: Option<Role>, pages: &[Page<'_>], bulk: bool, contacts: Contacts) -> u32 {
    let has = |cue: Cue| pages.iter().any(|page| page.cues.has(cue));
    let wants = |want: Want| demand.wants.iter().any(|wanted| wanted.want == want);
    let assumed = contacts == Contacts::Assumed;
    let contact = |kind: ContactKind| assumed || demand.contacts.iter().any(|contact| contact.kind == kind);
    let few = demand.amounts.len() <= 3;
    let labelled = role.is_some_and(|role| role >= Role::Total);
    let deadline = demand.deadline.is_some();
    let mut points = 0;
    let mut add = |condition: bool, worth: u32| points += if condition { worth } else { 0 };
    add(wants(Want::Pay) && labelled && (!bulk || deadline), 3);
    add(wants(Want::Pay) && role == Some(Role::Asked) && few && !bulk, 3);
    add(!wants(Want::Pay) && labelled && deadline && !bulk, 2);
    add(role.is_some(), 1);
    add(deadline, 1);
    let pays = |kind: PayKind| demand.pay_to.iter().any(|pay| pay.kind == kind && !pay.vague);
    add(pays(PayKind::Bank) || pays(PayKind::Crypto), 3);
    if !bulk {
        add(pays(PayKind::GiftCard) || pays(PayKind::Ewallet), 2);
        add(wants(Want::HandOverCodes), 3);
        add(wants(Want::ChangeBankDetails), 3);
        add(wants(Want::KeepSecret), 2);
        add(wants(Want::Install), 2);
        add(wants(Want::SendDocuments), 1);
        add(has(Cue::Macro), 3);
        let messenger =
            [ContactKind::Line, ContactKind::Telegram, ContactKind::Whatsapp, ContactKind::Signal];
        add(wants(Want::JoinChat) && messenger.into_iter().any(contact), 2);
        let reachable = (wants(Want::Call) || assumed && has(Cue::ContactUs)) && contact(ContactKind::Phone)
            || wants(Want::LogIn) && contact(ContactKind::Url);
        add(reachable, 2);
        add(has(Cue::Consequence), 1);
    }
    // What is paid is no demand.
    if has(Cue::Paid) { points.saturating_sub(3) } else { points }
}

/// Subject and visible texts; where these say nothing, attached ones. Digits that stand apart are put together.
fn texts(message: &Message) -> Vec<(Place, Cow<'_, Text>)> {
    let body = |nested: bool| {
        message.texts.iter().enumerate().filter(move |(_, view)| {
            if nested { view.kind == TextKind::Nested } else { view.kind.is_shown() }
        })
    };
    let visible: usize = body(false).map(|(_, view)| view.text.normal().len()).sum();
    let nested = visible < 80;
    let bodies = body(false)
        .chain(body(true).filter(|_| nested))
        .take(MOST_PAGES)
        .map(|(index, view)| (Place::Text(index + 1), &view.text));
    std::iter::once((Place::Subject, &message.subject))
        .chain(bodies)
        .map(|(place, text)| {
            let text = page::put_together(text.original())
                .map_or(Cow::Borrowed(text), |owned| Cow::Owned(Text::from_string(owned)));
            (place, text)
        })
        .collect()
}

/// Sent to many: it says so in its header or offers to end the subscription.
fn is_bulk(message: &Message, pages: &[Page<'_>]) -> bool {
    message.fields.iter().any(|(name, _)| matches!(name.as_str(), "list-unsubscribe" | "list-id"))
        || pages.iter().any(|page| {
            page.cues.all(Cue::Footer).iter().any(|span| {
                let words = page.normal.get(span.clone()).unwrap_or_default();
                words.starts_with("unsub") || words.starts_with("配信") || words.starts_with("購読")
            })
        })
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
