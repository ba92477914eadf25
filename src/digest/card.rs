//! [`Card`]: a message as it is told, for text and page alike.

use super::day::{Action, Day, Demanded, Item, Kind, Valued};
use super::words;
use crate::case::words::{
    amount_word, category_word, contact_word, finding_title, machine_word, pay_word, severity_word,
};
use crate::document::Language;
use crate::verdict::{Level, Severity};

/// How much a message presses, for its colour; the words say it, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Press {
    Urgent,
    High,
    Low,
}

/// A message, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    /// From 1, the heaviest first.
    pub(super) number: usize,
    pub(super) press: Press,
    /// `緊急 / 脅威 / 脅迫・恐喝`
    pub(super) badge: String,
    /// When it came: `10:15`, or with its date.
    pub(super) came: String,
    pub(super) subject: String,
    pub(super) who: String,
    /// Label and value.
    pub(super) fields: Vec<(String, String)>,
    /// What spoke for it, and the words in which it was seen.
    pub(super) reasons: Vec<(String, String)>,
    pub(super) done: String,
    pub(super) id: Option<String>,
}

/// Whether a person has to look at it: threats and what could not be done or judged, not what is merely suspicious.
pub(super) fn needs_a_person(item: &Item) -> bool {
    item.level == Some(Level::Threat)
        || item.severity >= Some(Severity::High)
        || item.kind == Kind::NotJudged
        || matches!(item.action, Action::Pending | Action::Refused)
}

impl Card {
    pub(super) fn of(number: usize, item: &Item, day: &Day, lang: Language) -> Self {
        let press = match item.severity {
            Some(Severity::Urgent) => Press::Urgent,
            Some(Severity::High) => Press::High,
            _ => Press::Low,
        };
        let severity = item.severity.filter(|_| item.kind != Kind::NotJudged);
        let badge: Vec<&str> = [
            severity.filter(|severity| *severity != Severity::Low).map(|one| severity_word(one, lang)),
            Some(words::kind(item, lang)),
            item.category.map(|category| category_word(category, lang)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let came = item.internaldate.unwrap_or(item.processed_at);
        Self {
            number,
            press,
            badge: badge.join(" / "),
            came: words::short(came, day.date),
            subject: match &item.subject {
                Some(subject) if !subject.as_str().is_empty() => subject.to_string(),
                Some(_) => lang.pick("（件名なし）", "(no subject)").to_owned(),
                None if item.erased => lang.pick("（内容は消去済み）", "(content erased)").to_owned(),
                None => lang.pick("（読み取れません）", "(could not be read)").to_owned(),
            },
            who: words::who(item, lang),
            fields: fields(item, lang),
            reasons: item
                .reasons
                .iter()
                .map(|reason| {
                    let title = finding_title(&reason.indicator, lang).unwrap_or(&reason.indicator);
                    let seen = reason.excerpt.as_ref().map(ToString::to_string).unwrap_or_default();
                    (title.to_owned(), seen)
                })
                .collect(),
            done: words::action(item, lang),
            id: item.evidence_id.map(|id| id.to_string()),
        }
    }

    /// `10:15 受信`
    pub(super) fn arrival(&self, lang: Language) -> String {
        match lang {
            Language::Ja => format!("{} 受信", self.came),
            Language::En => format!("came {}", self.came),
        }
    }
}

fn fields(item: &Item, lang: Language) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut add = |ja: &str, en: &str, value: String| {
        if !value.is_empty() {
            fields.push((lang.pick(ja, en).to_owned(), value));
        }
    };
    if let Some(reply) = &item.reply_to {
        add("返信先", "replies go to", format!("<{reply}>"));
    }
    let listed = |parts: Vec<String>| parts.join(lang.pick("、", ", "));
    if let Some(demand) = &item.demand {
        demanded(demand, lang, &mut add);
    }
    if !item.attachments.is_empty() {
        add("添付", "files", listed(item.attachments.iter().map(ToString::to_string).collect()));
    }
    if let Some(reason) = &item.not_judged {
        add("検査できない理由", "why not checked", words::not_judged(reason, lang));
    }
    let place = format!("{} / {}", item.account, item.mailbox);
    add("届いた先", "came to", place);
    add("事案", "case", item.case.map(|case| case.to_string()).unwrap_or_default());
    fields
}

fn demanded(demand: &Demanded, lang: Language, add: &mut impl FnMut(&str, &str, String)) {
    let listed = |parts: Vec<String>| parts.join(lang.pick("、", ", "));
    let valued = |list: &[Valued], word: &dyn Fn(&str) -> String| {
        listed(list.iter().map(|one| format!("{} {}", word(one.kind.as_str()), one.value)).collect())
    };
    if let Some(name) = &demand.claims_to_be {
        add("名乗り", "claims to be", name.to_string());
    }
    let amounts = demand.amounts.iter();
    let amounts = amounts.map(|one| amount_word(one.value.as_str(), one.kind.as_str(), lang)).collect();
    add("要求額", "demands", listed(amounts));
    if let Some(deadline) = demand.deadline {
        add(
            "期限（記載）",
            "deadline as written",
            format!("{} ({})", words::minute(deadline), deadline.offset()),
        );
    }
    let pay = |kind: &str| machine_word(kind, |kind| pay_word(kind, lang));
    add("支払先", "pay to", valued(&demand.pay_to, &pay));
    let contact = |kind: &str| machine_word(kind, |kind| contact_word(kind, lang));
    add("連絡先", "contact", valued(&demand.contacts, &contact));
}
