//! What is to be watched, believed, done and kept, once the server was seen.

use super::answers::{is_address, lines, parts};
use super::ask::{Dialogue, Stop};
use super::server::Server;
use super::{Arguments, Handling};
use crate::cli::server::Seen;
use crate::cli::text::Lang;
use crate::config::{DIGESTS, Identity, Mode, QUARANTINE, duration};
use crate::imap::MovePath;
use crate::message::Excerpt;

/// Mailboxes that are listed by name.
const LISTED: usize = 24;
/// The trial that is proposed.
const TRIAL: &str = "7d";
/// How far a look back goes if nothing else is said: what providers keep in their junk mailboxes (Gmail: 30 days).
const BACK: &str = "30";

/// What was chosen.
pub(super) struct Wanted {
    pub(super) mailboxes: Vec<String>,
    pub(super) quarantine: String,
    pub(super) authserv_ids: Vec<String>,
    pub(super) mode: Mode,
    pub(super) observe_for: Option<String>,
    pub(super) digest_mailbox: Option<String>,
    pub(super) also_preserve: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) addresses: Vec<String>,
    pub(super) postal: Vec<String>,
    /// As `run --backlog` takes it.
    pub(super) backlog: Option<String>,
}

pub(super) fn choices(
    talk: &mut Dialogue,
    arguments: &Arguments,
    server: &Server,
    seen: &Seen,
) -> Result<Wanted, Stop> {
    talk.heading("3/5 見張るもの", "3/5 What to watch");
    let mailboxes = mailboxes(talk, seen)?;
    let authserv_ids = authserv_ids(talk, seen)?;
    talk.heading("4/5 どうするか", "4/5 What to do");
    let (mode, observe_for) = mode(talk, arguments, seen)?;
    let quarantine = quarantine(talk, mode, &mailboxes)?;
    let also_preserve = also_preserve(talk, seen, &mailboxes)?;
    let digest_mailbox = digest_mailbox(talk)?;
    let Identity { names, addresses, postal } = identity(talk, server)?;
    let backlog = backlog(talk)?;
    Ok(Wanted {
        mailboxes,
        quarantine,
        authserv_ids,
        mode,
        observe_for,
        digest_mailbox,
        also_preserve,
        names,
        addresses,
        postal,
        backlog,
    })
}

fn mailboxes(talk: &mut Dialogue, seen: &Seen) -> Result<Vec<String>, Stop> {
    let known: Vec<&str> =
        seen.listed.iter().filter(|one| one.selectable).map(|one| one.mailbox.name()).collect();
    let mut shown = known.iter().take(LISTED).copied().collect::<Vec<_>>().join(talk.pick("、", ", "));
    if known.len() > LISTED {
        shown.push('…');
    }
    talk.say(&match talk.lang {
        Lang::Ja => format!("サーバーにあるメールボックス: {shown}"),
        Lang::En => format!("mailboxes on the server: {shown}"),
    });
    talk.explain(
        "最初のものは届くのを待ち受け、ほかは 60 秒ごとに見に行きます。複数なら「、」で区切ってください。",
        "The first is waited at, the others are looked at every 60 seconds. Several are separated by commas.",
    );
    let label = talk.pick("見張るメールボックス", "Mailboxes to watch").to_owned();
    loop {
        let wanted = parts(&talk.ask(&label, Some("INBOX"), "--yes")?);
        let wanted: Vec<String> = wanted
            .into_iter()
            .map(|name| if name.eq_ignore_ascii_case("INBOX") { "INBOX".to_owned() } else { name })
            .collect();
        let missing: Vec<&String> =
            wanted.iter().filter(|name| *name != "INBOX" && !known.contains(&name.as_str())).collect();
        match missing.first() {
            None if !wanted.is_empty() => return Ok(wanted),
            None => {}
            Some(name) => talk.say(&match talk.lang {
                Lang::Ja => format!("「{name}」はサーバーにありません。"),
                Lang::En => format!("There is no \"{name}\" on the server."),
            }),
        }
    }
}

fn authserv_ids(talk: &mut Dialogue, seen: &Seen) -> Result<Vec<String>, Stop> {
    println!();
    talk.explain(
        "届いたメールには、プロバイダーが送信元を確かめた結果 (Authentication-Results) が付いています。\
         誰が付けたものを信じるかを決めておくと、差出人が書いた偽物にだまされません。",
        "Your provider writes on each message what it found out about the sender (Authentication-Results). \
         Saying whose word counts keeps a sender's own forgery from being believed.",
    );
    let total = seen.pins.seen;
    let Some(proposed) = seen.pins.proposed() else {
        talk.say(&match talk.lang {
            Lang::Ja => format!("最近の {total} 通には決め手がありません。今はどれも信じないことにします（あとで authserv-id に書けます）。"),
            Lang::En => format!("Nothing stands out on the newest {total} messages; none is believed for now (authserv-id can be set later)."),
        });
        return Ok(Vec::new());
    };
    talk.say(&match talk.lang {
        Lang::Ja => {
            format!("最近の {total} 通のうち {} 通に付いていた名前: {proposed}", seen.pins.count(proposed))
        }
        Lang::En => {
            format!("{} of the newest {total} messages have this name: {proposed}", seen.pins.count(proposed))
        }
    });
    for (other, count) in seen.pins.ranked().iter().filter(|(id, _)| *id != proposed).take(3) {
        talk.say(&format!("  ({other}: {count})"));
    }
    let believed = talk.confirm(
        &format!("契約しているプロバイダーの名前ですか。{proposed} を信じますか"),
        &format!("Is that your provider? Believe {proposed}"),
        true,
    )?;
    Ok(if believed { vec![proposed.to_owned()] } else { Vec::new() })
}

fn mode(talk: &mut Dialogue, arguments: &Arguments, seen: &Seen) -> Result<(Mode, Option<String>), Stop> {
    let trial = trial(talk, arguments)?;
    if let MovePath::None(_) = seen.path {
        talk.tell(
            "このサーバーには、失わずに移す方法がありません。判定と記録だけをします (observe)。",
            "This server has no way to move a message that cannot lose it; mail is judged and recorded only (observe).",
        );
        return Ok((Mode::Observe, None));
    }
    match arguments.mode {
        Some(Handling::Observe) => return Ok((Mode::Observe, None)),
        Some(Handling::Quarantine) => return Ok((Mode::Quarantine, trial)),
        None if !talk.asks() => return Err(Stop::Unanswered("--mode")),
        None => {}
    }
    talk.explain(
        "詐欺・脅迫と判定したメールをどうしますか。どれを選んでも、消さず、返信せず、既読にもしません。",
        "What is to be done with a scam or threat? Whatever you choose: nothing is deleted, answered or marked as read.",
    );
    let options = [
        talk.pick(
            "はじめの 7 日は動かさず日報で知らせるだけ、そのあと隔離する（おすすめ）",
            "for the first 7 days move nothing and tell in the digest, then quarantine (recommended)",
        ),
        talk.pick("すぐに隔離する", "quarantine from the beginning"),
        talk.pick("動かさない。判定と記録だけ", "move nothing: judge and record only"),
    ]
    .map(str::to_owned);
    Ok(match talk.choose(&options, 0)? {
        0 => (Mode::Quarantine, Some(TRIAL.to_owned())),
        1 => (Mode::Quarantine, None),
        _ => (Mode::Observe, None),
    })
}

/// What `--observe-for` says; the trial that is proposed where it says nothing.
fn trial(talk: &Dialogue, arguments: &Arguments) -> Result<Option<String>, Stop> {
    match arguments.observe_for.as_deref() {
        None => Ok(Some(TRIAL.to_owned())),
        Some("0") => Ok(None),
        Some(written) if duration(written).is_ok_and(|time| !time.is_zero()) => Ok(Some(written.to_owned())),
        Some(written) => {
            let why = match talk.lang {
                Lang::Ja => {
                    format!("--observe-for: {written:?} は期間ではありません（例: 7d。すぐ隔離するなら 0）。")
                }
                Lang::En => format!(
                    "--observe-for: {written:?} is no duration (such as 7d; 0 moves from the beginning)."
                ),
            };
            Err(Stop::Failed(why, crate::cli::EX_USAGE))
        }
    }
}

fn quarantine(talk: &mut Dialogue, mode: Mode, mailboxes: &[String]) -> Result<String, Stop> {
    if mode == Mode::Observe {
        return Ok(QUARANTINE.to_owned());
    }
    let label = talk
        .pick("隔離先のメールボックス（なければ作ります）", "Quarantine mailbox (made if missing)")
        .to_owned();
    loop {
        let name = talk.ask(&label, Some(QUARANTINE), "--yes")?;
        if !mailboxes.contains(&name) && !name.eq_ignore_ascii_case("INBOX") {
            return Ok(name);
        }
        talk.tell(
            "見張るメールボックスとは別の名前にしてください。",
            "It has to be another one than those watched.",
        );
    }
}

fn also_preserve(talk: &mut Dialogue, seen: &Seen, mailboxes: &[String]) -> Result<Vec<String>, Stop> {
    let Some(junk) = seen.used_as("\\Junk").map(|mailbox| mailbox.name().to_owned()) else {
        return Ok(Vec::new());
    };
    if mailboxes.contains(&junk) {
        return Ok(Vec::new());
    }
    println!();
    let keep = talk.confirm(
        &format!("「{junk}」はやがてサーバーが消します。そこの脅威も証拠として残しますか（動かしません）"),
        &format!(
            "The server empties \"{junk}\". Keep threats from there as evidence, too (without moving them)"
        ),
        true,
    )?;
    Ok(if keep { vec!["\\Junk".to_owned()] } else { Vec::new() })
}

fn digest_mailbox(talk: &mut Dialogue) -> Result<Option<String>, Stop> {
    println!();
    let wanted = talk.confirm(
        &format!("日報を自分のメールボックス「{DIGESTS}」にも置きますか（メールソフトで読め、記録の証人にもなります）"),
        &format!("Put digests into a mailbox \"{DIGESTS}\" of your own, too (read them with your mail program; they witness the record)"),
        true,
    )?;
    Ok(wanted.then(|| DIGESTS.to_owned()))
}

/// What is the person's own.
fn identity(talk: &mut Dialogue, server: &Server) -> Result<Identity, Stop> {
    println!();
    talk.explain(
        "脅すメールは、あなたの名前や住所、別のアドレスを書いて怖がらせます。教えてもらえば、書かれたことに気づけます。\
         設定ファイル（自分だけが読めます）に書くだけで、この機械の外へは決して出ません。空のままでもかまいません。",
        "Threats quote your name, where you live or other mail addresses to frighten. What you tell here is noticed when it is \
         quoted. It stands in the configuration, which only you can read, and never leaves this machine. Enter alone leaves \
         it out.",
    );
    let names = own(
        talk,
        "名前（旧姓・ローマ字も。「、」で区切る）",
        "Names (former ones and spellings too, with commas)",
        parts,
    )?;
    let postal = own(
        talk,
        "住所・電話番号（「、」か「;」で区切る）",
        "Postal addresses and telephone numbers (with semicolons)",
        lines,
    )?;
    loop {
        let mut addresses =
            parts(&talk.ask_freely("ほかの自分のメールアドレス", "Other mail addresses of yours")?);
        if let Some(odd) = addresses.iter().find(|address| !is_address(address)) {
            talk.say(&match talk.lang {
                Lang::Ja => format!("「{odd}」はメールアドレスの形ではありません。"),
                Lang::En => format!("\"{odd}\" is no mail address."),
            });
            continue;
        }
        // The login counts by itself, where it is an address.
        if !server.user.eq_ignore_ascii_case(&server.address) && !addresses.contains(&server.address) {
            addresses.push(server.address.clone());
        }
        return Ok(Identity { names, addresses, postal });
    }
}

/// Values that the configuration takes; asked again where one is not.
fn own(
    talk: &mut Dialogue,
    ja: &str,
    en: &str,
    divided: fn(&str) -> Vec<String>,
) -> Result<Vec<String>, Stop> {
    loop {
        let values = divided(&talk.ask_freely(ja, en)?);
        let Some(odd) = values.iter().find(|value| !crate::config::Identity::takes(value)) else {
            return Ok(values);
        };
        let odd = Excerpt::line(odd, 40);
        talk.say(&match talk.lang {
            Lang::Ja => format!("「{odd}」は使えません。一つにつき 2 文字から 200 文字までです。"),
            Lang::En => format!("\"{odd}\" cannot be used: 2 to 200 characters each."),
        });
    }
}

fn backlog(talk: &mut Dialogue) -> Result<Option<String>, Stop> {
    println!();
    talk.explain(
        "ふだん判定するのは、これから届くメールだけです。これまでに届いたものも一度だけ調べられます。",
        "Only mail that arrives from now on is judged. What has arrived before can be looked through once.",
    );
    let label =
        talk.pick("何日前まで調べますか（0 なら調べない）", "How many days back (0 for none)").to_owned();
    loop {
        let answer = talk.ask(&label, Some(if talk.asks() { BACK } else { "0" }), "--yes")?;
        match answer.trim_end_matches(['d', '日']).trim().parse::<u16>() {
            Ok(0) => return Ok(None),
            Ok(days) => return Ok(Some(format!("{days}d"))),
            Err(_) => talk.tell("日数を数字で答えてください。", "A number of days, please."),
        }
    }
}
