//! The shape of a message as the model reads it: where it comes from and goes to, of what it is built, in yes-or-no
//! traits. Only of what the sender writes and every mailbox shows alike: author, Reply-To, subject, body, links, files.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::indicator::{is_freemail, is_random, organisation};
use crate::message::{Attachment, Link, Message, TextKind};

/// A trait, by its name in the table of weights.
pub type Trait = String;

/// The traits of a message.
pub fn traits(message: &Message) -> BTreeSet<Trait> {
    let mut seen = Seen::default();
    author(message, &mut seen);
    reply(message, &mut seen);
    links(message, &mut seen);
    let of = |scheme: &str| message.links.iter().filter(|link| link.scheme == scheme).count();
    seen.put_if(of("tel") > 0, "telephone-link");
    seen.put_if(of("mailto") > 0 && of("mailto") == message.links.len(), "links-are-addresses-only");
    body(message, &mut seen);
    files(message, &mut seen);
    subject(message, &mut seen);
    seen.0
}

#[derive(Default)]
struct Seen(BTreeSet<Trait>);

impl Seen {
    fn put(&mut self, name: &str) {
        if !self.0.contains(name) {
            self.0.insert(name.to_owned());
        }
    }

    fn put_if(&mut self, holds: bool, name: &str) {
        if holds {
            self.put(name);
        }
    }

    /// How many of something there are, in steps.
    fn count(&mut self, name: &str, count: usize, steps: &[usize]) {
        match steps.iter().find(|step| count <= **step) {
            Some(step) => self.put(&format!("{name}-to-{step}")),
            None => self.put(&format!("{name}-more")),
        }
    }
}

fn author(message: &Message, seen: &mut Seen) {
    seen.put_if(message.from.len() > 1, "several-authors");
    let Some(author) = message.from.first().filter(|author| !author.domain.is_empty()) else {
        seen.put("no-author");
        return;
    };
    let domain = author.domain.as_str();
    let own = organisation(domain);
    let label = first_label(own);
    seen.put(if is_freemail(domain) { "author-at-freemail" } else { "author-at-own-domain" });
    seen.put_if(is_random(label), "author-domain-scrambled");
    seen.put_if(domain.matches('.').count() >= 3, "author-domain-deep");
    seen.put_if(label.contains('-'), "author-domain-hyphen");
    seen.put_if(label.bytes().any(|byte| byte.is_ascii_digit()), "author-domain-digit");
    top_level("author", domain, seen);

    let local = author.addr.split('@').next().unwrap_or_default().to_lowercase();
    seen.put_if(local.bytes().filter(u8::is_ascii_digit).count() >= 2, "author-local-digits");
    seen.put_if(is_random(&local), "author-local-scrambled");
    seen.put_if(local.replace(['-', '_', '.'], "").contains("noreply"), "author-noreply");
    let role = ["info", "support", "admin", "service", "contact", "mail", "news"];
    seen.put_if(role.iter().any(|role| local.starts_with(role)), "author-role");

    let name = author.name.normal();
    seen.put_if(name.is_empty(), "no-name");
    seen.put_if(name.contains('@'), "name-with-address");
    seen.put_if(!name.is_empty() && name.eq_ignore_ascii_case(&author.addr), "name-is-address");
    seen.put_if([".com", ".net", ".org", ".jp"].iter().any(|end| name.contains(end)), "name-with-domain");
    let two = name.split(' ').count() == 2 && name.chars().all(|ch| ch.is_ascii_lowercase() || ch == ' ');
    seen.put_if(two, "name-of-two-words");
    let words = || name.split(|ch: char| !ch.is_alphanumeric()).filter(|word| word.chars().count() > 3);
    if words().next().is_some() {
        seen.put(if words().any(|word| domain.contains(word)) {
            "name-in-domain"
        } else {
            "name-not-in-domain"
        });
    }
}

fn reply(message: &Message, seen: &mut Seen) {
    let (Some(author), Some(reply)) = (message.from.first(), message.reply_to.first()) else { return };
    if organisation(&author.domain) == organisation(&reply.domain) {
        seen.put("reply-to-same");
        return;
    }
    seen.put("reply-to-elsewhere");
    if is_freemail(&reply.domain) {
        seen.put("reply-to-freemail");
        seen.put_if(is_freemail(&author.domain), "reply-to-other-freemail");
    }
}

fn links(message: &Message, seen: &mut Seen) {
    let web: Vec<&Link> =
        message.links.iter().filter(|link| matches!(link.scheme.as_str(), "http" | "https")).collect();
    let own = message.from.first().map(|author| organisation(&author.domain)).unwrap_or_default();
    let mut domains: BTreeMap<&str, usize> = BTreeMap::new();
    // Most links of a message go to the host of another one.
    let mut of_hosts: BTreeMap<&str, &str> = BTreeMap::new();
    for link in &web {
        let domain = *of_hosts.entry(&link.host).or_insert_with(|| organisation(&link.host));
        *domains.entry(domain).or_default() += 1;
    }
    seen.count("links", web.len(), &[0, 1, 2, 5, 15]);
    seen.count("link-domains", domains.len(), &[0, 1, 2, 4]);
    if web.is_empty() {
        return;
    }
    let home = domains.get(own).copied().unwrap_or_default();
    let free = message.from.first().is_some_and(|author| is_freemail(&author.domain));
    seen.put(match home {
        0 => "links-never-home",
        home if home == web.len() => "links-all-home",
        _ => "links-some-home",
    });
    seen.put_if(home == 0 && free, "links-of-freemail");
    seen.put_if(home == 0 && domains.len() == 1, "links-all-to-one-elsewhere");
    seen.put_if(web.iter().any(|link| link.scheme == "http"), "link-plain-http");
    seen.put_if(web.iter().all(|link| link.scheme == "http"), "links-all-plain-http");
    for link in web {
        let domain = of_hosts.get(link.host.as_str()).copied().unwrap_or_default();
        let is_foreign = domain != own;
        let small = |octet: u8| octet.is_ascii() && !octet.is_ascii_uppercase();
        let lower = if link.target.bytes().all(small) {
            Cow::Borrowed(link.target.as_str())
        } else {
            Cow::Owned(link.target.to_lowercase())
        };
        if is_foreign {
            foreign(link, domain, &lower, seen);
        }
        for name in signs(&lower).chain(signs(link.text.normal()).filter(|name| *name == LEAVES)) {
            seen.put_if(is_foreign || name == LEAVES, name);
        }
    }
}

/// The trait of a link by which somebody takes themselves off a list.
const LEAVES: &str = "link-to-unsubscribe";

/// What stands in the target of a link, and the trait that it is.
const SIGNS: &[(&str, &str)] = &[
    (".php", "link-php"),
    ("wp-", "link-wordpress"),
    ("@", "link-with-address"),
    ("%40", "link-with-address"),
    ("login", "link-account-word"),
    ("signin", "link-account-word"),
    ("verify", "link-account-word"),
    ("account", "link-account-word"),
    ("secure", "link-account-word"),
    ("update", "link-account-word"),
    ("confirm", "link-account-word"),
    ("#", "link-fragment"),
    ("id=", "link-tracked"),
    ("token=", "link-tracked"),
    ("aff=", "link-tracked"),
    ("clickid=", "link-tracked"),
    ("unsub", LEAVES),
    ("optout", LEAVES),
    ("opt-out", LEAVES),
    ("abmelden", LEAVES),
    ("desinscri", LEAVES),
    ("配信停止", LEAVES),
    ("解除", LEAVES),
];

static SIGNED: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(SIGNS.iter().map(|(sign, _)| sign)).ok());

fn signs(text: &str) -> impl Iterator<Item = &'static str> {
    let all = SIGNED.as_ref().into_iter().flat_map(move |signs| signs.find_overlapping_iter(text));
    all.filter_map(|found| SIGNS.get(found.pattern().as_usize())).map(|(_, name)| *name)
}

/// A link to somewhere that is not the author's; its target in small letters.
fn foreign(link: &Link, domain: &str, target: &str, seen: &mut Seen) {
    top_level("link", &link.host, seen);
    seen.put_if(link.host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "link-to-number");
    seen.put_if(is_random(first_label(domain)), "link-domain-scrambled");
    seen.put_if(link.host.matches('.').count() >= 3, "link-domain-deep");
    seen.put_if(domain.contains('-'), "link-domain-hyphen");
    seen.put_if(target.len() < 40 && target.matches('/').count() <= 3, "link-bare");
    seen.put_if(target.len() > 150, "link-long");
}

/// Signs of money in a text.
const MONEY: &[&str] = &["$", "\u{20ac}", "\u{a3}", " usd", "million", " eur"];

fn body(message: &Message, seen: &mut Seen) {
    let visible = || message.texts.iter().filter(|view| view.kind.is_shown());
    let characters: usize = visible().map(|view| view.text.normal().len()).sum();
    seen.count("text", characters, &[0, 60, 200, 500, 1000, 2000, 5000, 15000]);
    for view in &message.texts {
        match view.kind {
            TextKind::Plain => seen.put("text-plain"),
            TextKind::Html => seen.put("text-html"),
            TextKind::Hidden | TextKind::Nested | TextKind::Code => {}
        }
    }
    let hidden = message.texts.iter().filter(|view| view.kind == TextKind::Hidden);
    seen.count("hidden", hidden.map(|view| view.text.normal().len()).sum(), &[0, 150, 1000]);
    let (mut emoji, mut money, mut address, mut shouted) = (false, false, false, 0);
    for view in visible() {
        let original = beginning(view.text.original());
        emoji |= !original.is_ascii() && original.chars().any(is_emoji);
        shouted += original
            .as_bytes()
            .split(|octet| !octet.is_ascii_uppercase())
            .filter(|run| run.len() >= 4)
            .count();
        let normal = beginning(view.text.normal());
        // One look for each: six of them cost a fifth of what an automaton does, which takes octet by octet.
        let has = |sign: &&str| memchr::memmem::find(normal.as_bytes(), sign.as_bytes()).is_some();
        money = money || MONEY.iter().any(has);
        address = address || memchr::memchr(b'@', normal.as_bytes()).is_some();
    }
    seen.put_if(emoji, "emoji");
    seen.put_if(money, "money");
    seen.put_if(address, "address-in-text");
    seen.count("shouted", shouted, &[0, 3, 15]);
}

fn files(message: &Message, seen: &mut Seen) {
    seen.put_if(message.attachments.is_empty(), "no-file");
    for file in &message.attachments {
        seen.put(&format!("file-{}", kind(file)));
    }
}

/// By what it is, else by its name.
fn kind(file: &Attachment) -> &'static str {
    let name = file.name.normal();
    let known = [
        "pdf", "docx", "doc", "xlsx", "xls", "zip", "html", "htm", "rar", "ics", "eml", "patch", "diff",
        "txt",
    ];
    match (
        file.kind.name(),
        known.iter().find(|end| name.strip_suffix(**end).is_some_and(|stem| stem.ends_with('.'))),
    ) {
        ("png" | "jpeg" | "gif", _) => "image",
        (_, Some(end)) => end,
        ("", None) if file.declared.starts_with("image/") => "image",
        ("", None) => "unknown",
        (sniffed, None) => sniffed,
    }
}

fn subject(message: &Message, seen: &mut Seen) {
    let subject = message.subject.original();
    let normal = message.subject.normal();
    seen.put_if(normal.is_empty(), "no-subject");
    let answers = ["re:", "fw:", "fwd:", "aw:", "antw:", "res:", "sv:", "tr:"]
        .iter()
        .any(|start| normal.starts_with(start));
    seen.put_if(answers, "subject-answers");
    let letters: Vec<char> = subject.chars().filter(char::is_ascii_alphabetic).collect();
    let large = letters.iter().filter(|ch| ch.is_ascii_uppercase()).count();
    seen.put_if(letters.len() > 5 && large * 10 > letters.len() * 7, "subject-shouts");
    seen.put_if(normal.contains('!'), "subject-exclaims");
    seen.put_if(subject.chars().any(is_emoji), "subject-emoji");
    let number = normal.split(|ch: char| !ch.is_ascii_digit()).any(|run| run.len() >= 5);
    seen.put_if(number, "subject-number");
    seen.put_if(
        ["$", "\u{20ac}", "\u{a3}", " usd", "円"].iter().any(|sign| normal.contains(sign)),
        "subject-money",
    );
}

/// Names under these are of nobody (RFC 2606, RFC 6761): they stand in test mail only and say nothing.
const RESERVED: &[&str] = &["example", "test", "invalid", "localhost"];

/// Top-level domains by kind; the few that are common in mail by name.
fn top_level(of: &str, host: &str, seen: &mut Seen) {
    let Some(last) = host
        .rsplit('.')
        .next()
        .filter(|last| last.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    else {
        return;
    };
    if RESERVED.contains(&last) || RESERVED.contains(&first_label(organisation(host))) {
        return;
    }
    let kind = match last {
        "com" | "net" | "org" | "edu" | "gov" | "info" | "cn" | "ru" | "jp" => last,
        last if last.len() == 2 => "country",
        _ => "new",
    };
    seen.put(&format!("{of}-under-{kind}"));
}

fn first_label(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

fn is_emoji(ch: char) -> bool {
    matches!(ch, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}')
}

/// What is read of a text.
fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(6000)).unwrap_or_default()
}
