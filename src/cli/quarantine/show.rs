//! `komainu quarantine show`: a message without what frightens and what acts. Calm words first; its own text only on request.

use unicode_width::UnicodeWidthStr as _;

use super::advice::{if_already, what_it_is, what_to_do};
use super::json::whole;
use super::list::{kind, sender, subject};
use super::release::author;
use super::{Format, exhibit, place_word};
use crate::case::timeline::local;
use crate::case::{Basis, Judgement, Letter, Member, Seen, Whereabouts, demanded};
use crate::cli::desk::{Desk, Stop};
use crate::cli::learn::lesson_word;
use crate::cli::text::{Lang, finding_title, pick, place_word as where_word, wrapped};
use crate::evidence::Entry;
use crate::indicator::{Category, Hundredths, indicator};
use crate::message::Place;
use crate::store::read::Reading;
use crate::verdict::Level;

/// Columns of running text.
const WIDTH: usize = 76;
/// Findings whose meaning is told, and of which it is told what a genuine sender does: the heaviest.
const EXPLAINED: usize = 3;

pub(super) fn show(desk: &Desk, named: &str, text: bool, format: Format) -> Result<(), Stop> {
    let reading = desk.read()?;
    let id = desk.message(&reading, named)?;
    let member = reading.member(id).map_err(|error| desk.store(&error))?;
    let member = member.ok_or_else(|| Stop::usage(id.to_string()))?;
    // On record before it is shown; that it could not be is said, and keeps nobody from what is theirs.
    let recorded = desk.record(vec![Entry::Viewed { id }]);
    match format {
        Format::Json => println!("{}", whole(desk, &reading, &member)?),
        Format::Human => Page { desk, reading: &reading, member: &member }.print(text)?,
    }
    recorded
}

struct Page<'a> {
    desk: &'a Desk,
    reading: &'a Reading,
    member: &'a Member,
}

impl Page<'_> {
    fn print(&self, text: bool) -> Result<(), Stop> {
        let basis = basis(self.desk, self.reading, self.member)?;
        self.head();
        self.calm();
        self.demand();
        if let Some(judgement) = &self.member.judgement {
            self.reasons(judgement, &basis);
            self.genuine(judgement);
        }
        self.advice();
        self.afterwards()?;
        if text {
            exhibit::print(self.desk, self.reading, self.member, &basis)
        } else {
            self.text_on_request();
            Ok(())
        }
    }

    fn lang(&self) -> Lang {
        self.desk.lang
    }

    fn pick<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        self.lang().pick(ja, en)
    }

    fn category(&self) -> Option<Category> {
        self.member.judgement.as_ref().and_then(|judgement| judgement.category)
    }

    fn head(&self) {
        let member = self.member;
        println!("{}  {}", local(member.came(), &self.desk.zone), kind(member, self.lang()));
        if let Some(letter) = &member.letter {
            let from = sender(letter, self.lang());
            running(&format!("{}: {from}", self.pick("差出人の表示", "says it is from")), "");
            let subject = subject(letter, self.lang());
            running(&format!("{}: {subject}", self.pick("件名", "subject")), "");
        }
        println!("{}: {}", self.pick("証拠番号", "evidence"), member.id);
    }

    /// What this is, in one paragraph.
    fn calm(&self) {
        let standing = self.member.standing();
        let mut said = String::new();
        let hit = self.member.judgement.as_ref().is_some_and(|judgement| judgement.level != Level::Clean);
        if hit {
            said.push_str(what_it_is(self.category(), self.lang()));
        }
        let space = self.pick("", " ");
        let now = match (&standing.place, standing.reported) {
            (Whereabouts::Left, _) => self.pick(
                "隔離はしておらず、届いた場所にそのままあります。",
                "It was not moved and stands where it came.",
            ),
            (Whereabouts::Quarantined, true) => {
                self.pick("あなた自身が隔離先へ移したものです。", "You put it into quarantine yourself.")
            }
            (Whereabouts::Quarantined, false) => self.pick(
                "すでに止めて、隔離先に移してあります。",
                "It has been stopped and moved to quarantine.",
            ),
            (Whereabouts::Asked, _) => self.pick(
                "あなたの求めで、元のメールボックスに戻すところです。",
                "It is about to be moved back, as you asked.",
            ),
            (Whereabouts::Refused(_), _) => self.pick(
                "戻すようサーバーに頼みましたが断られ、隔離先に残っています。",
                "The server refused to move it back; it stays in quarantine.",
            ),
            (Whereabouts::Gone, _) => self.pick(
                "戻そうとしたとき、隔離先にはもうありませんでした。",
                "When it was to be moved back, it was not in quarantine any more.",
            ),
            (Whereabouts::Released, _) => self.pick(
                "あなたの判断で、隔離から戻されています。",
                "It was taken out of quarantine, as you decided.",
            ),
        };
        for part in [
            now,
            self.pick(
                "komainu は返信しておらず、リンクも添付も画像も開いていません。",
                "komainu has answered nothing and opened no link, file or picture.",
            ),
            if hit {
                self.pick("急いで何かをする必要はありません。", "There is no need to hurry.")
            } else {
                ""
            },
        ] {
            if !said.is_empty() && !part.is_empty() {
                said.push_str(space);
            }
            said.push_str(part);
        }
        println!();
        running(&said, "");
    }

    fn section(&self, ja: &str, en: &str) {
        section(self.desk, ja, en);
    }

    fn demand(&self) {
        let Some(demand) = self.member.letter.as_ref().and_then(|letter| letter.demand.as_ref()) else {
            return;
        };
        let slots = demanded(demand, self.lang());
        if slots.is_empty() {
            return;
        }
        self.section(
            "このメールの言い分（自動で読み取ったもの。本当とは限りません）",
            "What it says and wants (read out by a program; none of it need be true)",
        );
        for (slot, values) in slots {
            running(&format!("{slot}: {}", values.join(self.pick("、", ", "))), "  ");
        }
    }

    /// Every finding; they add up to the score.
    fn reasons(&self, judgement: &Judgement, basis: &Basis) {
        self.section("なぜ止めたか", "Why it was stopped");
        let threshold = basis.thresholds.map_or_else(String::new, |(suspicious, threat)| match self.lang() {
            Lang::Ja => format!("（「脅威」の境目 {threat}、「疑わしい」の境目 {suspicious}）"),
            Lang::En => format!(" (threshold of a threat {threat}, of suspicious {suspicious})"),
        });
        println!("  {} {}{threshold}", self.pick("点数", "score"), judgement.score);
        let mut findings = told(judgement, self.member.letter.as_ref());
        findings.sort_by_key(|(_, weight, _)| std::cmp::Reverse(weight.0));
        let mut explained = 0;
        for (id, weight, seen) in findings {
            let title = finding_title(id, self.lang()).unwrap_or(id);
            println!("  {:>6}  {title}", weight.to_string());
            if let Some(seen) = seen.filter(|seen| seen.place != Place::Message) {
                let quoted = match self.lang() {
                    Lang::Ja => format!("「{}」", seen.excerpt),
                    Lang::En => format!("“{}”", seen.excerpt),
                };
                running(&format!("{}: {quoted}", where_word(&seen.place, self.lang())), "          ");
            }
            if let Some(known) = indicator(id).filter(|_| weight.0 > 0 && explained < EXPLAINED) {
                explained += 1;
                running(pick(known.why, self.lang()), "          ");
            }
        }
    }

    fn genuine(&self, judgement: &Judgement) {
        let mut heaviest: Vec<&(String, Hundredths)> =
            judgement.findings.iter().filter(|(_, weight)| weight.0 > 0).collect();
        heaviest.sort_by_key(|(_, weight)| std::cmp::Reverse(weight.0));
        let known: Vec<_> =
            heaviest.into_iter().filter_map(|(id, _)| indicator(id)).take(EXPLAINED).collect();
        if known.is_empty() {
            return;
        }
        self.section("本物の差出人なら", "What a genuine sender would have done");
        for indicator in known {
            running(&format!("・{}", pick(indicator.genuine, self.lang())), "  ");
        }
    }

    fn advice(&self) {
        self.section("どうすればよいか", "What to do, and what not");
        let severity = self.member.judgement.as_ref().and_then(|judgement| judgement.severity);
        for line in what_to_do(severity, self.lang()) {
            running(&format!("・{line}"), "  ");
        }
        running(&format!("・{}", if_already(self.category(), self.lang())), "  ");
    }

    /// What the person's own acts did, and what a release would.
    fn afterwards(&self) -> Result<(), Stop> {
        let standing = self.member.standing();
        if let Whereabouts::Refused(reason) = &standing.place {
            println!("\n{}: {reason}", place_word(&standing, self.lang()));
        }
        if let Some(lesson) = standing.lesson {
            println!(
                "\n{}: {}",
                self.pick("このメールから学習", "learned from it"),
                lesson_word(lesson, self.lang())
            );
        }
        if !standing.is_in_quarantine() {
            return Ok(());
        }
        let vouched = author(self.reading, self.member).map_err(|error| self.desk.store(&error))?;
        let covers = if vouched.is_some() {
            self.pick(
                "差出人は受信サーバーが確認しています。戻すと、この差出人を以後、文面だけを理由には隔離しません。",
                "The receiving server vouches for the sender: a release covers the sender, too.",
            )
        } else {
            self.pick(
                "差出人は確認されていません。戻しても、対象はこのメールだけです。",
                "The sender is not vouched for: a release covers this message only.",
            )
        };
        println!(
            "\n{}: komainu quarantine release {}",
            self.pick("間違いなら、元に戻せます", "If this is a mistake"),
            self.member.id
        );
        running(covers, "  ");
        Ok(())
    }

    fn text_on_request(&self) {
        println!(
            "{}: komainu quarantine show {} --text",
            self.pick(
                "文面を見る（怖い言葉があるかもしれません）",
                "To read its text, which may be frightening"
            ),
            self.member.id
        );
    }
}

/// A heading.
pub(super) fn section(desk: &Desk, ja: &str, en: &str) {
    println!("\n■ {}", desk.lang.pick(ja, en));
}

/// Lines of one paragraph, each set in; behind a bullet they stand below its text.
pub(super) fn running(text: &str, indent: &str) {
    let (bullet, text) = text.strip_prefix('・').map_or(("", text), |rest| ("・", rest));
    for (n, line) in wrapped(text, WIDTH - indent.len() - bullet.width()).into_iter().enumerate() {
        let lead = if n == 0 { bullet.to_owned() } else { " ".repeat(bullet.width()) };
        println!("{}", format!("{indent}{lead}{line}").trim_end());
    }
}

/// Findings of the record, each with the words it was seen in: the same indicator may be seen twice.
pub(super) fn told<'m>(
    judgement: &'m Judgement,
    letter: Option<&'m Letter>,
) -> Vec<(&'m str, Hundredths, Option<&'m Seen>)> {
    let seen = |n: usize, id: &str| {
        let before = judgement.findings.iter().take(n).filter(|(other, _)| other == id).count();
        letter?.findings.iter().filter(|seen| seen.indicator == id).nth(before)
    };
    judgement
        .findings
        .iter()
        .enumerate()
        .map(|(n, (id, weight))| (id.as_str(), *weight, seen(n, id)))
        .collect()
}

pub(super) fn basis(desk: &Desk, reading: &Reading, member: &Member) -> Result<Basis, Stop> {
    match &member.judgement {
        Some(judgement) => reading.basis(judgement.context).map_err(|error| desk.store(&error)),
        None => Ok(Basis::default()),
    }
}
