//! What the indicators look at: the message, the context, and what one pass of the lexicon found.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::message::{Address, Attachment, Excerpt, Message, Origin, Place, Text, TextKind};

use super::brand::{self, Brands, Claim};
use super::hosts::{self, Destination, destinations};
use super::voice::{self, Said};
use super::{Context, Hundredths, Observation, Slot, callback_charge, crypto_address, vouched};

pub use super::hosts::is_freemail;

/// Octets of normalised text shown before and after a phrase.
const AROUND: usize = 45;

/// Octets of normalised text that may lie between two parts of one story: about two paragraphs of a letter.
const NEAR: usize = 700;
/// Octets of normalised text in which a greeting stands, behind a preheader or a logo's name.
const OPENING: usize = 400;

/// Foreign domains beyond this are a digest's.
const MAX_PLACES: usize = 6;
/// Recipients beyond this are a list.
const MAX_RECIPIENTS: usize = 3;

/// Where genuine mail sends people that is neither the sender's nor a brand's: app stores, and LINE's own links.
const KNOWN_PLACES: &[&str] = &[
    "apps.apple.com",
    "itunes.apple.com",
    "play.google.com",
    "onelink.me",
    "app.link",
    "page.link",
    "lin.ee",
    "line.me",
    "aka.ms",
    "microsoft.com",
    "docs.google.com",
];

/// One message as the indicators see it.
#[derive(Debug)]
pub struct Observables<'a> {
    /// The message.
    pub message: &'a Message,
    /// What else the judgement depends on.
    pub context: &'a Context,
    /// By slot: the place and span of each phrase that was seen, each phrase once, in the order of the texts.
    phrases: BTreeMap<Slot, Vec<Seen>>,
    destinations: OnceCell<Vec<Destination>>,
    claim: OnceCell<Option<Claim<'a>>>,
    /// Which of the destinations are foreign.
    foreign: OnceCell<Vec<usize>>,
    telephone: OnceCell<bool>,
    address: OnceCell<Option<Observation>>,
}

#[derive(Debug)]
struct Seen {
    /// 0 is the subject, n the n-th text.
    text: usize,
    phrase: usize,
    span: Range<usize>,
    /// Quoted by a message that answers it or warns of it: not what the message itself says.
    reported: bool,
}

/// What a message says of itself or of others, in quotation marks or not.
const ABOUT_OTHERS: &[Slot] =
    &[Slot::NoAction, Slot::Doubt, Slot::Bulletin, Slot::BulletinAdvice, Slot::CrossedInPost];

impl<'a> Observables<'a> {
    /// Reads the subject and the visible texts once.
    pub fn new(message: &'a Message, context: &'a Context) -> Self {
        let mut phrases: BTreeMap<Slot, Vec<Seen>> = BTreeMap::new();
        let warning = OnceCell::new();
        let warns = || *warning.get_or_init(|| visible(message).any(|(_, text)| voice::warns(text)));
        for (index, text) in visible(message) {
            let answering = OnceCell::new();
            let answers = || *answering.get_or_init(|| voice::answers(text));
            for hit in context.tables.lexicon.search(text.normal()) {
                let seen = phrases.entry(hit.slot).or_default();
                if seen.iter().all(|earlier| earlier.phrase != hit.phrase) {
                    let said = Said { subject: index == 0, text, span: &hit.span };
                    let reported = !ABOUT_OTHERS.contains(&hit.slot)
                        && ((said.is_in_quoted_line() && answers()) || (said.is_in_quotes() && warns()));
                    seen.push(Seen { text: index, phrase: hit.phrase, span: hit.span, reported });
                }
            }
        }
        Self {
            message,
            context,
            phrases,
            destinations: OnceCell::new(),
            claim: OnceCell::new(),
            foreign: OnceCell::new(),
            telephone: OnceCell::new(),
            address: OnceCell::new(),
        }
    }

    /// Whether a telephone number is given.
    pub(super) fn has_telephone(&self) -> bool {
        *self
            .telephone
            .get_or_init(|| self.visible().any(|(_, text)| callback_charge::has_telephone(text.normal())))
    }

    /// The first crypto-currency address.
    pub(super) fn crypto_address(&self) -> Option<&Observation> {
        self.address.get_or_init(|| crypto_address::first(self)).as_ref()
    }

    /// The first phrase of this slot.
    pub(super) fn said(&self, slot: Slot) -> Option<Observation> {
        self.observation(self.own(slot).next()?)
    }

    fn observation(&self, seen: &Seen) -> Option<Observation> {
        let text = match seen.text.checked_sub(1) {
            None => &self.message.subject,
            Some(index) => &self.message.texts.get(index)?.text,
        };
        let place = self.place(seen.text);
        Some(Observation { place, excerpt: Excerpt::new(around(text, &seen.span)) })
    }

    /// The phrases of this slot that the message does not merely report.
    fn own(&self, slot: Slot) -> impl Iterator<Item = &Seen> {
        self.phrases.get(&slot).into_iter().flatten().filter(|seen| !seen.reported)
    }

    /// Where the phrases of this slot stand, reported ones as well.
    pub(super) fn places(&self, slot: Slot) -> impl Iterator<Item = Said<'_>> {
        self.phrases.get(&slot).into_iter().flatten().filter_map(|seen| {
            let text = match seen.text.checked_sub(1) {
                None => &self.message.subject,
                Some(index) => &self.message.texts.get(index)?.text,
            };
            Some(Said { subject: seen.text == 0, text, span: &seen.span })
        })
    }

    /// The first phrase of this slot that the message says in its own voice, and neither quotes nor reports.
    pub(super) fn said_openly(&self, slot: Slot) -> Option<Observation> {
        self.places(slot).any(|said| !said.is_reported()).then(|| self.said(slot))?
    }

    /// The first phrase of this slot, where one of them does not stand between quotation marks.
    pub(super) fn said_unquoted(&self, slot: Slot) -> Option<Observation> {
        self.places(slot).any(|said| !said.is_in_quotes()).then(|| self.said(slot))?
    }

    /// What the author's display name says of this slot.
    pub(super) fn author_says(&self, slot: Slot) -> Option<Observation> {
        let name = &self.author()?.name;
        self.context.tables.lexicon.search(name.normal()).iter().any(|hit| hit.slot == slot).then(|| {
            Observation { place: Place::Header("from".to_owned()), excerpt: Excerpt::new(name.original()) }
        })
    }

    /// How many different phrases of this slot were seen.
    pub(super) fn count(&self, slot: Slot) -> usize {
        self.own(slot).count()
    }

    /// Whether any phrase of this slot was seen.
    pub(super) fn says(&self, slot: Slot) -> bool {
        self.count(slot) > 0
    }

    /// The first attachment of which this is true, by its name.
    pub(super) fn attached(&self, is: impl Fn(&Attachment) -> bool) -> Option<Observation> {
        let index = self.message.attachments.iter().position(is)?;
        let file = self.message.attachments.get(index)?;
        let name = file.name.original();
        let words = if name.is_empty() { file.kind.name() } else { name };
        Some(Observation { place: Place::Attachment(index + 1), excerpt: Excerpt::new(words) })
    }

    /// The place of a text by its number in [`Observables::visible`].
    pub(super) fn place(&self, text: usize) -> Place {
        let code = self.message.codes.iter().find(|code| code.text == text);
        match (text, code) {
            (0, _) => Place::Subject,
            (_, Some(code)) => Place::Code(Box::new(code.carrier.clone())),
            _ => Place::Text(text),
        }
    }

    /// The first phrase of one slot that stands near one of another, as parts of one story do: a long newsletter says
    /// everything somewhere. The subject is near the beginning of each text.
    pub(super) fn near(&self, one: Slot, other: Slot) -> Option<Observation> {
        let seen = self.own(one).find(|a| self.own(other).any(|b| are_near(a, b)))?;
        self.observation(seen)
    }

    /// The first phrase of a slot that stands near another phrase of the same slot.
    pub(super) fn twice(&self, slot: Slot) -> Option<Observation> {
        let near = |a: &Seen| self.own(slot).any(|b| b.phrase != a.phrase && are_near(a, b));
        self.observation(self.own(slot).find(|a| near(a))?)
    }

    /// The first phrase of a slot in the subject or at the beginning of a text.
    pub(super) fn opens_with(&self, slot: Slot) -> Option<Observation> {
        let seen = self.own(slot).find(|seen| seen.text == 0 || seen.span.start <= OPENING)?;
        self.observation(seen)
    }

    /// Whether there is any link that a browser would open.
    pub(super) fn links_to_the_web(&self) -> bool {
        self.message.links.iter().any(|link| link.scheme.starts_with("http"))
    }

    /// The visible texts: 0 and the subject, then n and the n-th text.
    pub(super) fn visible(&self) -> impl Iterator<Item = (usize, &'a Text)> {
        visible(self.message)
    }

    /// Where the links of the message lead, wrapped and redirected ones unpacked; each target once.
    pub(super) fn destinations(&self) -> &[Destination] {
        self.destinations.get_or_init(|| destinations(self.message, self.brands()))
    }

    /// The brand as which the message speaks, if it does.
    pub(super) fn claim(&self) -> Option<&Claim<'a>> {
        self.claim.get_or_init(|| brand::claim(self.message, self.brands())).as_ref()
    }

    /// The registrable domain of the author; empty where there is none.
    pub(super) fn sender_domain(&self) -> &'a str {
        self.author().map_or("", |author| organisation(&author.domain))
    }

    /// The links that lead to somebody: not to the sender, not to a service that counts clicks for it, and not to what
    /// stands in everybody's footer.
    pub(super) fn foreign_links(&self) -> impl Iterator<Item = &Destination> {
        let all = self.destinations();
        let foreign = self.foreign.get_or_init(|| {
            let sender = self.sender_domain();
            let mut last: Option<(&str, bool)> = None;
            let mut foreign = Vec::new();
            for (index, destination) in all.iter().enumerate() {
                let related = match last {
                    Some((domain, related)) if domain == destination.domain => related,
                    _ => hosts::related(&destination.domain, sender),
                };
                last = Some((&destination.domain, related));
                if !related && !destination.class.is_some_and(hosts::Class::is_neutral) {
                    foreign.push(index);
                }
            }
            foreign
        });
        foreign.iter().filter_map(|index| all.get(*index))
    }

    /// The foreign links, where they lead to few places. A digest that links to dozens has a bad one among them by chance;
    /// a forger has one page to show.
    pub(super) fn few_foreign_links(&self) -> impl Iterator<Item = &Destination> {
        let mut domains: Vec<&str> = Vec::new();
        for destination in self.foreign_links() {
            if !domains.contains(&destination.domain.as_str()) {
                domains.push(&destination.domain);
            }
            if domains.len() > MAX_PLACES {
                break;
            }
        }
        let few = domains.len() <= MAX_PLACES;
        self.foreign_links().take_while(move |_| few)
    }

    /// The visible text of a link, normalised; empty for a bare URL.
    pub(super) fn link_text(&self, destination: &Destination) -> &'a str {
        self.message.links.get(destination.link.wrapping_sub(1)).map_or("", |link| link.text.normal())
    }

    /// The addresses that the message was meant for: the account's own, else the first recipients it names.
    pub(super) fn recipients(&self) -> Vec<&'a str> {
        let own = self.context.own_addresses.iter().map(String::as_str);
        let to = self.message.to.iter().take(MAX_RECIPIENTS).map(|to| to.addr.as_str());
        own.chain(to).filter(|addr| addr.contains('@')).collect()
    }

    /// The place of a link, which is that of its QR code where it stands in one; `index` counts from 0.
    pub(super) fn link_place(&self, index: usize) -> Place {
        let message = self.message;
        let target = message.links.get(index).map_or("", |link| &*link.target);
        let holds = |code: &&crate::message::Code| {
            let view = code.text.checked_sub(1).and_then(|text| message.texts.get(text));
            view.is_some_and(|view| view.text.original().contains(target))
        };
        match message.codes.iter().find(holds) {
            Some(code) if message.links.get(index).is_some_and(|link| link.origin == Origin::Code) => {
                Place::Code(Box::new(code.carrier.clone()))
            }
            _ => Place::Link(index + 1),
        }
    }

    /// Whether a host is neither the author's, nor a brand's, nor one where shops and apps send people.
    pub(super) fn is_strange(&self, host: &str) -> bool {
        let own = self.author().is_some_and(|author| {
            !author.domain.is_empty() && organisation(&author.domain) == organisation(host)
        });
        let known = KNOWN_PLACES
            .iter()
            .any(|place| host.strip_suffix(place).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
        !host.is_empty() && !own && !known && self.brands().owner(host).is_none()
    }

    /// As [`Observables::is_strange`], for the host of a web address.
    pub(super) fn is_strange_url(&self, url: &str) -> bool {
        let rest = url.trim().split_once("//").map_or("", |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
        self.is_strange(&host.to_ascii_lowercase())
    }

    /// Whether the mail has the header fields of lists (RFC 2919, RFC 2369, RFC 3834 §3.1.8).
    pub(super) fn is_list_mail(&self) -> bool {
        self.message.fields.iter().any(|(name, value)| {
            name.starts_with("list-")
                || (name == "precedence" && matches!(value.to_ascii_lowercase().trim(), "bulk" | "list"))
        })
    }

    /// Whether what a person reads is Japanese: twenty kana.
    pub(super) fn is_japanese(&self) -> bool {
        let kana = |c: &char| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ');
        let texts = self.visible().map(|(_, text)| text.original()).filter(|text| !text.is_ascii());
        texts.flat_map(|text| text.chars().filter(kana)).take(20).count() == 20
    }

    /// The author, where there is exactly one or the first of several.
    pub(super) fn author(&self) -> Option<&'a Address> {
        self.message.from.first()
    }

    /// The brands in force.
    pub(super) fn brands(&self) -> &'a Brands {
        &self.context.tables.brands
    }

    /// The one author, lower case, where the account's provider vouches for them; see [`vouched`].
    pub(super) fn authenticated_author(&self) -> Option<String> {
        vouched(self.message, &self.context.authserv_ids).map(|vouched| vouched.address)
    }

    /// What the person's releases and reports weigh for the author, where the provider vouches for them.
    pub(super) fn learned(&self) -> Option<Hundredths> {
        self.context.learned.weight(&self.authenticated_author()?)
    }

    /// Whether an address is one of the person's own.
    pub(super) fn is_own(&self, addr: &str) -> bool {
        self.context.own_addresses.iter().any(|own| own.eq_ignore_ascii_case(addr))
    }

    /// Whether the account's provider itself says that the author's domain was checked: DMARC passed for it, or DKIM or
    /// SPF passed for a domain of the same organisation (RFC 7489 §3.1, relaxed alignment).
    pub(super) fn author_is_authenticated(&self) -> bool {
        let Some(author) = self.author() else { return false };
        let own = organisation(&author.domain);
        self.trusted_results().any(|result| {
            result.result == "pass"
                && match result.method.as_str() {
                    "dmarc" => result.domain.is_empty() || organisation(&result.domain) == own,
                    "dkim" | "spf" => !own.is_empty() && organisation(&result.domain) == own,
                    _ => false,
                }
        })
    }

    /// The results that count: of a pinned authserv-id, above the first Received field. Anything else is the sender's text.
    pub(super) fn trusted_results(&self) -> impl Iterator<Item = &'a crate::message::AuthenticationResult> {
        let context = self.context;
        self.message
            .authentication
            .iter()
            .filter(move |field| {
                field.above_first_received
                    && context.authserv_ids.iter().any(|id| id.eq_ignore_ascii_case(&field.authserv_id))
            })
            .flat_map(|field| &field.results)
    }
}

/// Whether two phrases are parts of one story.
fn are_near(a: &Seen, b: &Seen) -> bool {
    let (first, second) = if (a.text, a.span.start) <= (b.text, b.span.start) { (a, b) } else { (b, a) };
    let behind = if first.text == 0 && second.text != 0 { 0 } else { first.span.end };
    (first.text == 0 || first.text == second.text) && second.span.start <= behind.saturating_add(NEAR)
}

/// The registrable domain of a host (public suffix list), or the host itself where there is none.
pub fn organisation(host: &str) -> &str {
    registrable(host).unwrap_or(host)
}

/// The registrable domain of a host (public suffix list). The list is code, half a megabyte of it wherever it is compiled into:
/// here, and nowhere else.
#[inline(never)]
pub(super) fn registrable(host: &str) -> Option<&str> {
    psl::domain_str(host)
}

/// Whether a mail domain can exist at all: made of letters, digits and hyphens, below a suffix that is known, reserved
/// (RFC 2606) or used within houses.
pub(super) fn is_possible(domain: &str) -> bool {
    const HOUSE: &[&str] = &[
        "example",
        "test",
        "invalid",
        "localhost",
        "local",
        "localdomain",
        "lan",
        "internal",
        "intra",
        "corp",
        "home",
        "arpa",
    ];
    let tld = domain.rsplit('.').next().unwrap_or_default();
    let known = psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known());
    let plain = domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    plain && (known || HOUSE.contains(&tld) || !domain.contains('.'))
}

/// Whether anybody can have a name below this domain (public suffix list), so that it is nobody's own.
pub fn is_public_suffix(domain: &str) -> bool {
    registrable(domain).is_none()
}

/// The subject as 0 and the visible texts of the body as 1 and on, with what its QR codes say. Hidden texts and attached
/// messages are not what the message says to its reader.
fn visible(message: &Message) -> impl Iterator<Item = (usize, &Text)> {
    let body = message
        .texts
        .iter()
        .enumerate()
        .filter(|(_, view)| view.kind.is_shown() || view.kind == TextKind::Code);
    std::iter::once((0, &message.subject)).chain(body.map(|(index, view)| (index + 1, &view.text)))
}

/// The original words of a span, with some on either side, so that a person sees what they stood in.
fn around<'a>(text: &'a Text, span: &Range<usize>) -> &'a str {
    let normal = text.normal();
    let start = normal.floor_char_boundary(span.start.saturating_sub(AROUND));
    let end = normal.ceil_char_boundary(span.end.saturating_add(AROUND));
    text.quote(start..end).trim()
}
