//! The end of setup: shown once more, confirmed, written, looked at, and what to do next.

use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::answers::{Answers, account_name, timezone};
use super::ask::{Dialogue, Stop};
use super::choices::Wanted;
use super::files::{NotWritten, Readers, write};
use super::server::Server;
use super::signin::{Password, first_fault};
use super::{Arguments, programs};
use crate::cli::text::{Lang, padded};
use crate::cli::{EX_CONFIG, check, complain, online};
use crate::config::{Config, Environment, Mode, PasswordSource, Source};

/// Where the files go.
pub(super) struct Place {
    config: PathBuf,
    readers: Readers,
}

/// A place where no configuration stands yet.
pub(super) fn place(
    talk: &mut Dialogue,
    arguments: &Arguments,
    environment: &Environment,
) -> Result<Place, Stop> {
    let group = std::fs::read_to_string("/etc/group").unwrap_or_default();
    let readers = Readers::of(environment.uid, &group);
    let whole = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    let mut config = whole(arguments.config.clone().unwrap_or_else(|| environment.config_path()));
    while let Some(why) = unfit(&config, talk.lang) {
        if !talk.asks() {
            return Err(Stop::Failed(why, 1));
        }
        talk.say(&why);
        let options = [
            talk.pick("別のファイルに書く", "write another file").to_owned(),
            talk.pick("やめる", "stop").to_owned(),
        ];
        if talk.choose(&options, 1)? != 0 {
            return Err(Stop::Aborted);
        }
        let label = talk.pick("ファイル", "File").to_owned();
        config = whole(talk.ask(&label, None, "--config")?.into());
    }
    Ok(Place { config, readers })
}

/// Why no configuration can be written there; said before anything is asked.
fn unfit(config: &Path, lang: Lang) -> Option<String> {
    let shown = config.display();
    if config.symlink_metadata().is_ok() {
        return Some(match lang {
            Lang::Ja => format!(
                "{shown} はもうあります。上書きはしません。\nアカウントを足すだけなら、そのファイルに [[account]] を書き足して komainu check --online で確かめてください。"
            ),
            Lang::En => format!(
                "{shown} is there already, and is not overwritten.\nTo add an account, write another [[account]] into it, and see with komainu check --online."
            ),
        });
    }
    let above = config.ancestors().skip(1).find(|above| above.exists())?;
    let can = Access::WRITE_OK | Access::EXEC_OK;
    (!above.is_dir() || access(above, can).is_err()).then(|| match lang {
        Lang::Ja => format!(
            "{} に書き込めません。--config で自分の書ける場所を示すか、root で実行してください。",
            above.display()
        ),
        Lang::En => format!(
            "{} cannot be written to: name a place of your own with --config, or run this as root.",
            above.display()
        ),
    })
}

/// Shows, confirms, writes; true where what was written passes `check --online`. None where the loader does not take what was
/// chosen, and somebody can choose again.
pub(super) fn finish(
    talk: &mut Dialogue,
    place: &Place,
    server: &Server,
    password: &Password,
    wanted: Wanted,
    environment: &Environment,
) -> Result<Option<bool>, Stop> {
    let backlog = wanted.backlog.clone();
    let (source, typed) = match password {
        Password::Kept(path) => (path.clone(), None),
        Password::Typed(typed) => (free(&place.config, &account_name(&server.address)), Some(typed)),
    };
    let answers = answers(talk.lang, server, &source, wanted);
    let text = answers.toml();
    let draft = Source::new(place.config.display().to_string(), text.clone());
    if let Err(faults) = Config::parse(draft, &place.config, environment) {
        let why = first_fault(&faults, talk.lang);
        if !talk.asks() {
            return Err(Stop::Failed(why, EX_CONFIG));
        }
        println!();
        talk.say(&format!("✗ {why}"));
        return Ok(None);
    }
    talk.heading("5/5 確認", "5/5 Confirm");
    summary(talk, place, &answers, &source);
    let go_on = talk.confirm("この内容で書き込みますか", "Write this", true)?;
    if !go_on {
        return Err(Stop::Aborted);
    }
    let mut to_write: Vec<(&Path, &str)> = Vec::new();
    let line = typed.map(|typed| format!("{typed}\n"));
    if let Some(line) = &line {
        to_write.push((&source, line));
    }
    to_write.push((&place.config, &text));
    write(&to_write, place.readers).map_err(|NotWritten(path, error)| {
        let what = talk.pick("書き込めません", "cannot be written");
        Stop::Failed(format!("{}: {what}: {error}", path.display()), 1)
    })?;
    talk.tell("✓ 書き込みました。確かめます。", "✓ written; looking at it.");
    let well = verify(talk.lang, &place.config, environment);
    next(talk, place, environment, backlog.as_deref());
    Ok(Some(well))
}

/// A file for the password beside the configuration, under a name that is free.
fn free(config: &Path, name: &str) -> PathBuf {
    let directory = config.parent().unwrap_or(Path::new("."));
    let plain = directory.join(format!("{name}.password"));
    let numbered = (2..1000).map(|number| directory.join(format!("{name}-{number}.password")));
    let mut all = std::iter::once(plain.clone()).chain(numbered);
    all.find(|path| path.symlink_metadata().is_err()).unwrap_or(plain)
}

fn answers(lang: Lang, server: &Server, password: &Path, wanted: Wanted) -> Answers {
    let whole = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    Answers {
        lang,
        timezone: timezone(lang, jiff::tz::TimeZone::system().iana_name()),
        name: account_name(&server.address),
        host: server.host.clone(),
        port: server.port,
        security: server.security,
        ca_file: server.ca_file.as_ref().map(whole),
        user: server.user.clone(),
        password: PasswordSource::File(password.to_owned()),
        mailboxes: wanted.mailboxes,
        quarantine: wanted.quarantine,
        mode: wanted.mode,
        observe_for: wanted.observe_for,
        authserv_ids: wanted.authserv_ids,
        digest_mailbox: wanted.digest_mailbox,
        also_preserve: wanted.also_preserve,
        names: wanted.names,
        addresses: wanted.addresses,
        postal: wanted.postal,
    }
}

fn summary(talk: &Dialogue, place: &Place, answers: &Answers, password: &Path) {
    let line = |ja: &str, en: &str, value: &str| {
        println!("  {}{value}", padded(talk.pick(ja, en), 16));
    };
    let join = |values: &[String]| {
        if values.is_empty() { "-".to_owned() } else { values.join(talk.pick("／", " / ")) }
    };
    line("サーバー", "server", &format!("{}:{}", answers.host, answers.port));
    line("ログイン名", "login", &answers.user);
    line("見張る", "watches", &join(&answers.mailboxes));
    let quarantine = &answers.quarantine;
    let trial = answers.observe_for.as_deref().map(|time| match (time.strip_suffix('d'), talk.lang) {
        (Some(days), Lang::Ja) => format!("{days} 日"),
        (Some(days), Lang::En) => format!("{days} days"),
        (None, _) => time.to_owned(),
    });
    let hits = match (answers.mode, &trial, talk.lang) {
        (Mode::Observe, _, _) => {
            talk.pick("動かしません。証拠だけ残します", "stay; evidence is kept").to_owned()
        }
        (Mode::Quarantine, None, Lang::Ja) => format!("証拠を残して「{quarantine}」へ移します"),
        (Mode::Quarantine, None, Lang::En) => format!("evidence is kept, then moved to \"{quarantine}\""),
        (Mode::Quarantine, Some(time), Lang::Ja) => {
            format!("はじめの {time}は証拠だけ。そのあと「{quarantine}」へ")
        }
        (Mode::Quarantine, Some(time), Lang::En) => {
            format!("evidence only for {time}, then moved to \"{quarantine}\"")
        }
    };
    line("脅威のメール", "threats", &hits);
    line("保存だけ", "only keeps", &join(&answers.also_preserve));
    line("日報", "digests", answers.digest_mailbox.as_deref().unwrap_or("-"));
    line("信じる認証結果", "believes", &join(&answers.authserv_ids));
    line("守る名前", "own names", &join(&answers.names));
    line("住所・電話", "where you live", &join(&answers.postal));
    line("自分のアドレス", "own addresses", &join(&answers.addresses));
    line(
        "一日の区切り",
        "day",
        answers.timezone.unwrap_or(talk.pick("この機械の時間帯", "this machine's zone")),
    );
    line("設定", "configuration", &place.config.display().to_string());
    line("パスワード", "password", &password.display().to_string());
    println!();
}

/// What `komainu check --online` does, on what was just written.
fn verify(lang: Lang, path: &Path, environment: &Environment) -> bool {
    let config = match Config::load(path, environment) {
        Ok(config) => config,
        Err(faults) => {
            complain(faults.render(lang).trim_end());
            return false;
        }
    };
    let report = check::report(&config, environment, lang);
    if !report.ok {
        print!("\n{}", report.text);
    }
    report.ok & online::check(&config, environment, lang)
}

/// A path as a shell takes it.
fn typed(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | '@' | ',');
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// What to type next.
fn next(talk: &Dialogue, place: &Place, environment: &Environment, backlog: Option<&str>) {
    talk.heading("次にすること", "What to do next");
    let usual = place.config == environment.config_path();
    let config = if usual { String::new() } else { format!(" --config {}", typed(&place.config)) };
    let command = |text: &str| println!("      {text}");
    if let Some(backlog) = backlog {
        talk.tell(
            "これまでに届いたものを一度だけ調べ、そのまま見張りを続けます（サービスを始める前に。Ctrl-C で終わります）:",
            "Look through what has arrived so far, once, and go on watching (before the service is started; Ctrl-C ends it):",
        );
        command(&format!("komainu run --backlog {backlog}{config}"));
    } else {
        talk.tell("ためしに動かす（Ctrl-C で終わります）:", "Try it (Ctrl-C ends it):");
        command(&format!("komainu run{config}"));
    }
    if !usual {
        talk.tell(
            "サービスとして動かすには、設定を既定の場所に置いてください:",
            "To run it as a service, put the configuration where the service looks for it:",
        );
        command(&environment.config_path().display().to_string());
    } else if environment.uid == 0 {
        talk.tell("システムのサービスとして始める:", "Start it as a service of the machine:");
        command("systemctl enable --now komainu");
        if place.readers == Readers::Owner {
            talk.tell(
                "サービスの利用者 komainu がまだいません。作ったら、設定とパスワードを読めるようにしてください:",
                "There is no user komainu for the service yet; once there is, let it read configuration and password:",
            );
            command("chgrp komainu /etc/komainu/* && chmod 640 /etc/komainu/*");
        }
    } else {
        talk.tell(
            "自分のサービスとして始める（ユニットは systemd/user/komainu.service）:",
            "Start it as a service of your own (the unit is systemd/user/komainu.service):",
        );
        command("systemctl --user enable --now komainu");
        command("loginctl enable-linger");
    }
    talk.tell("いつでも確かめる:", "Look again at any time:");
    command(&format!("komainu check --online{config}"));
    talk.heading("メールソフトの側で", "In your mail program");
    talk.tell(
        "画像を自動で読み込まない、開封確認を返さない設定にしてください。読んだことが相手に伝わります。",
        "Let it load no remote images and send no read receipts: both tell the sender that you read.",
    );
    programs::tell(talk);
}
