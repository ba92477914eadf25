//! Tries the sign-in, until it succeeds or the person stops.

use std::io::{self, BufRead as _};
use std::path::{Path, PathBuf};

use super::answers::{Answers, account_name, host_and_port};
use super::ask::{Dialogue, Stop};
use super::{Arguments, server::Server};
use crate::cli::server::{Certificate, Seen, look, refused};
use crate::cli::text::Lang;
use crate::cli::{EX_CONFIG, EX_NOPERM};
use crate::config::{Config, Diagnostic, Environment, Faults, Mode, PasswordSource, QUARANTINE, Source};
use crate::imap::{Endpoint, Error, Secret, Security};

/// A password that works, and where it is to be.
pub(super) enum Password {
    /// It stands in this file already, and stays there.
    Kept(PathBuf),
    /// It was typed, and is to be written.
    Typed(String),
}

pub(super) fn sign_in(
    talk: &mut Dialogue,
    arguments: &Arguments,
    environment: &Environment,
    server: &mut Server,
) -> Result<(Password, Seen), Stop> {
    talk.heading("2/5 サインイン", "2/5 Signing in");
    let mut password = password(talk, arguments, environment, server)?;
    loop {
        talk.say(&match talk.lang {
            Lang::Ja => {
                format!("{}:{} に {} としてサインインしています…", server.host, server.port, server.user)
            }
            Lang::En => format!("signing in to {}:{} as {} …", server.host, server.port, server.user),
        });
        let (problem, status, next) =
            match attempt(server, &secret(&password, environment, talk.lang)?, environment, talk.lang) {
                Ok(seen) => {
                    welcome(talk, &seen);
                    return Ok((password, seen));
                }
                Err(Trouble::Server(error)) => {
                    let status = if error.is_refusal() { EX_NOPERM } else { 1 };
                    (refused(&error, talk.lang), status, likely(&error))
                }
                Err(Trouble::Other(what)) => (what, EX_CONFIG, SERVER),
            };
        if !talk.asks() {
            return Err(Stop::Failed(problem, status));
        }
        println!();
        talk.say(&format!("✗ {problem}"));
        println!();
        again(talk, server, &mut password, next)?;
    }
}

/// Places in the list of what can be changed.
const PASSWORD: usize = 0;
const USER: usize = 1;
const SERVER: usize = 2;
const AUTHORITY: usize = 3;
const NOTHING: usize = 4;

/// What most likely has to be changed.
fn likely(error: &Error) -> usize {
    match error {
        Error::Refused { .. } => PASSWORD,
        Error::Tls { .. } | Error::Connect { .. } | Error::Greeting { .. } | Error::StartTlsStripped => {
            SERVER
        }
        _ => NOTHING,
    }
}

/// What to change before the next try.
fn again(
    talk: &mut Dialogue,
    server: &mut Server,
    password: &mut Password,
    likely: usize,
) -> Result<(), Stop> {
    let options = [
        talk.pick("パスワードを入れ直す", "type the password again"),
        talk.pick("ログイン名を直す", "change the login name"),
        talk.pick("サーバーを直す", "change the server"),
        talk.pick(
            "信頼する認証局の証明書 (PEM) を指定する",
            "name the certificate of an authority to trust (PEM)",
        ),
        talk.pick("このままもう一度試す", "try again as it is"),
        talk.pick("やめる", "stop"),
    ]
    .map(str::to_owned);
    match talk.choose(&options, likely)? {
        PASSWORD => *password = Password::Typed(typed(talk, server)?),
        USER => {
            let label = talk.pick("ログイン名", "Login name").to_owned();
            server.user = talk.ask(&label, Some(&server.user.clone()), "--user")?;
        }
        SERVER => another(talk, server)?,
        AUTHORITY => {
            let label = talk.pick("証明書のファイル", "Certificate file").to_owned();
            server.ca_file = Some(talk.ask(&label, None, "--ca-file")?.into());
        }
        NOTHING => {}
        _ => return Err(Stop::Aborted),
    }
    Ok(())
}

/// Another server, or another way to it: bridges on the local host have ports of their own, so that these tell nothing.
fn another(talk: &mut Dialogue, server: &mut Server) -> Result<(), Stop> {
    let label = talk.pick("IMAP サーバー", "IMAP server").to_owned();
    let shown = format!("{}:{}", server.host, server.port);
    let (host, port) = host_and_port(&talk.ask(&label, Some(&shown), "--host")?);
    server.host = host;
    server.port = port.unwrap_or(server.port);
    let ways = [
        talk.pick("最初から暗号化 (TLS)", "TLS from the first octet"),
        talk.pick("途中から暗号化 (STARTTLS)", "STARTTLS"),
    ]
    .map(str::to_owned);
    let starttls = match server.port {
        993 => false,
        143 => true,
        _ => server.security == Security::StartTls,
    };
    let picked = talk.choose(&ways, usize::from(starttls))?;
    server.security = if picked == 0 { Security::Tls } else { Security::StartTls };
    Ok(())
}

fn password(
    talk: &mut Dialogue,
    arguments: &Arguments,
    environment: &Environment,
    server: &Server,
) -> Result<Password, Stop> {
    match &arguments.password_file {
        None => Ok(Password::Typed(typed(talk, server)?)),
        Some(path) if path == Path::new("-") => {
            let mut line = String::new();
            io::stdin().lock().read_line(&mut line).map_err(|error| Stop::Failed(error.to_string(), 1))?;
            Ok(Password::Typed(line.trim_end_matches(['\r', '\n']).to_owned()))
        }
        Some(path) => {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            let password = Password::Kept(path);
            // What is wrong with the file is said before a server is asked.
            secret(&password, environment, talk.lang).map(|_| password)
        }
    }
}

fn typed(talk: &mut Dialogue, server: &Server) -> Result<String, Stop> {
    let label = if server.app_password {
        talk.pick("アプリ パスワード（表示されません）", "App password (not shown)")
    } else {
        talk.pick("パスワード（表示されません）", "Password (not shown)")
    };
    let label = label.to_owned();
    loop {
        let typed = talk.secret(&label)?;
        // Providers show app passwords in groups; the spaces between are no part of them.
        let typed = if server.app_password { typed.split_whitespace().collect() } else { typed };
        if !typed.is_empty() {
            return Ok(typed);
        }
        talk.tell("空です。もう一度入力してください。", "It is empty; please type it again.");
    }
}

fn secret(password: &Password, environment: &Environment, lang: Lang) -> Result<Secret, Stop> {
    match password {
        Password::Typed(typed) => Ok(Secret::new(typed.clone())),
        Password::Kept(path) => PasswordSource::File(path.clone()).resolve(environment).map_err(|error| {
            let what = lang.pick("パスワードのファイルを使えません:", "the password file cannot be used:");
            Stop::Failed(format!("{what} {error}"), EX_CONFIG)
        }),
    }
}

enum Trouble {
    Server(Error),
    Other(String),
}

/// One try. Host, user and the rest go through the configuration's own loader, so that what works here works there.
fn attempt(server: &Server, secret: &Secret, environment: &Environment, lang: Lang) -> Result<Seen, Trouble> {
    let endpoint = endpoint(server, secret, environment, lang).map_err(Trouble::Other)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Trouble::Other(error.to_string()))?;
    runtime.block_on(look(&endpoint, "INBOX", &["INBOX".to_owned()])).map_err(Trouble::Server)
}

fn endpoint(
    server: &Server,
    secret: &Secret,
    environment: &Environment,
    lang: Lang,
) -> Result<Endpoint, String> {
    let draft = Answers {
        lang,
        timezone: None,
        name: account_name(&server.address),
        host: server.host.clone(),
        port: server.port,
        security: server.security,
        ca_file: server
            .ca_file
            .as_ref()
            .map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone())),
        user: server.user.clone(),
        password: PasswordSource::File("password".into()),
        mailboxes: vec!["INBOX".to_owned()],
        quarantine: QUARANTINE.to_owned(),
        mode: Mode::Observe,
        observe_for: None,
        authserv_ids: Vec::new(),
        digest_mailbox: None,
        also_preserve: Vec::new(),
        names: Vec::new(),
        addresses: Vec::new(),
        postal: Vec::new(),
    };
    let source = Source::new("komainu setup", draft.toml());
    let config = Config::parse(source, Path::new("/komainu.toml"), environment)
        .map_err(|faults| first_fault(&faults, lang))?;
    let account = config.accounts.first().ok_or_else(String::new)?;
    account.endpoint(secret.clone()).map_err(|fault| said(&fault, lang))
}

/// What is wrong, without the place in a file that the person never saw.
pub(super) fn first_fault(faults: &Faults, lang: Lang) -> String {
    faults.list.first().map_or_else(String::new, |fault| said(fault, lang))
}

fn said(fault: &Diagnostic, lang: Lang) -> String {
    let lines: Vec<&str> =
        std::iter::once(&fault.title).chain(&fault.help).map(|text| text.get(lang)).collect();
    lines.join("\n")
}

fn welcome(talk: &Dialogue, seen: &Seen) {
    let until =
        Certificate::of(&seen.peer).map(|certificate| certificate.ends.strftime("%Y-%m-%d").to_string());
    let until = until.unwrap_or_default();
    talk.say(&match talk.lang {
        Lang::Ja => format!(
            "✓ サインインできました。証明書は {until} まで有効です。メールボックス {} 個",
            seen.listed.len()
        ),
        Lang::En => {
            format!("✓ signed in; the certificate holds until {until}; {} mailboxes", seen.listed.len())
        }
    });
}
