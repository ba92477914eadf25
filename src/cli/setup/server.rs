//! Which server: proposed from the table of providers, else from DNS, else asked for.

use std::path::PathBuf;

use super::answers::{host_and_port, is_address};
use super::ask::{Dialogue, Stop};
use super::{Arguments, Encryption};
use crate::cli::text::Lang;
use crate::config::{Provider, SignIn, provider};
use crate::imap::{Located, Security, locate, resolvers};

/// Where to sign in, and as whom.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) address: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) user: String,
    /// Whether the password is one that was made for this purpose.
    pub(super) app_password: bool,
}

/// What is proposed.
struct Proposal {
    host: Option<String>,
    port: u16,
    security: Security,
}

pub(super) fn server(talk: &mut Dialogue, arguments: &Arguments) -> Result<Server, Stop> {
    talk.heading("1/5 メールアドレスとサーバー", "1/5 Mail address and server");
    let address = address(talk, arguments)?;
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let known = provider(domain);
    if let Some(known) = known {
        introduce(talk, known, arguments)?;
    }
    let proposal = proposal(talk, domain, known, arguments);
    let (host, port, security) = host(talk, &proposal, arguments)?;
    let usual = known.map_or_else(|| Some(address.clone()), |known| known.user(&address));
    let user = if let Some(user) = &arguments.user {
        user.clone()
    } else {
        let label = talk.pick("ログイン名", "Login name").to_owned();
        talk.ask(&label, usual.as_deref(), "--user")?
    };
    Ok(Server {
        app_password: known.is_some_and(|known| known.sign_in == SignIn::AppPassword),
        ca_file: arguments.ca_file.clone(),
        address,
        host,
        port,
        security,
        user,
    })
}

fn address(talk: &mut Dialogue, arguments: &Arguments) -> Result<String, Stop> {
    if let Some(address) = &arguments.address {
        if is_address(address) {
            return Ok(address.clone());
        }
        let why = match talk.lang {
            Lang::Ja => format!("--address: {address:?} はメールアドレスではありません。"),
            Lang::En => format!("--address: {address:?} is no mail address."),
        };
        return Err(Stop::Failed(why, crate::cli::EX_USAGE));
    }
    let label = talk.pick("見張るメールアドレス", "Mail address to watch").to_owned();
    loop {
        let address = talk.ask(&label, None, "--address")?;
        if is_address(&address) {
            return Ok(address);
        }
        talk.tell(
            "メールアドレスの形ではありません（例: hanako@example.com）。",
            "That is no mail address (it looks like hanako@example.com).",
        );
    }
}

/// What the provider wants done first. OAuth alone ends here, unless another server is meant.
fn introduce(talk: &mut Dialogue, known: &Provider, arguments: &Arguments) -> Result<(), Stop> {
    println!();
    talk.say(&format!("{}:", known.name));
    talk.say(known.advice(talk.lang));
    println!();
    if known.sign_in != SignIn::Oauth || arguments.host.is_some() {
        return Ok(());
    }
    let other = talk.confirm(
        "OAuth を代わりに行う別の IMAP サーバー（中継プログラムなど）を使いますか",
        "Do you use another IMAP server that does OAuth for you, such as a relay",
        false,
    )?;
    if other {
        return Ok(());
    }
    let why = talk.pick(
        "このアドレスは、パスワードではサインインできないため、まだ使えません。",
        "This address cannot be signed in to with a password, and so cannot be used yet.",
    );
    Err(Stop::Failed(why.to_owned(), crate::cli::EX_NOPERM))
}

fn proposal(talk: &Dialogue, domain: &str, known: Option<&Provider>, arguments: &Arguments) -> Proposal {
    let security = match arguments.security {
        Some(Encryption::Starttls) => Security::StartTls,
        Some(Encryption::Tls) | None => Security::Tls,
    };
    let none = Proposal { host: None, port: arguments.port.unwrap_or_else(|| usual(security)), security };
    if arguments.host.is_some() {
        return none;
    }
    if let Some(known) = known.filter(|known| known.sign_in != SignIn::Oauth)
        && let Some(host) = &known.host
    {
        return Proposal { host: Some(host.clone()), port: known.port(), security: known.security() };
    }
    talk.say(&match talk.lang {
        Lang::Ja => format!("{domain} のサーバーを DNS に尋ねています…"),
        Lang::En => format!("asking DNS for the server of {domain} …"),
    });
    let Some(found) = from_dns(domain) else {
        talk.tell(
            "見つかりませんでした。プロバイダーの案内にある「受信サーバー (IMAP)」の名前を入力してください。",
            "none found. Type the name of the incoming server (IMAP) as your provider gives it.",
        );
        return none;
    };
    talk.say(&match talk.lang {
        Lang::Ja => format!("{domain} の DNS が示すサーバー: {}", found.host),
        Lang::En => format!("the DNS of {domain} names this server: {}", found.host),
    });
    if !below(&found.host, domain) {
        // RFC 6186 §6: the person is asked, because DNS can be lied to; TLS proves only the name that is confirmed.
        talk.tell(
            "アドレスとは別のドメインです。契約しているところの名前か、確かめてから進んでください。",
            "It belongs to another domain than the address: make sure that it is whom you have a contract with.",
        );
    }
    Proposal { host: Some(found.host), port: found.port, security: found.security }
}

fn from_dns(domain: &str) -> Option<Located> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    runtime.block_on(locate(domain, &resolvers()))
}

fn below(host: &str, domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    host == domain || host.ends_with(&format!(".{domain}"))
}

/// The registered port of each way to encrypt.
fn usual(security: Security) -> u16 {
    match security {
        Security::Tls => 993,
        Security::StartTls => 143,
    }
}

/// Confirmed, or typed in its place; `host:143` means STARTTLS.
fn host(
    talk: &mut Dialogue,
    proposal: &Proposal,
    arguments: &Arguments,
) -> Result<(String, u16, Security), Stop> {
    if let Some(host) = &arguments.host {
        let (host, port) = host_and_port(host);
        let port = arguments.port.or(port).unwrap_or(proposal.port);
        let security =
            if arguments.security.is_none() && port == 143 { Security::StartTls } else { proposal.security };
        return Ok((host, port, security));
    }
    let label = talk.pick("IMAP サーバー", "IMAP server").to_owned();
    let shown = proposal.host.as_ref().map(|host| format!("{host}:{}", proposal.port));
    let answer = talk.ask(&label, shown.as_deref(), "--host")?;
    if Some(&answer) == shown.as_ref() {
        return Ok((proposal.host.clone().unwrap_or_default(), proposal.port, proposal.security));
    }
    let (host, port) = host_and_port(&answer);
    let security = match port {
        // Said on the command line.
        _ if arguments.security.is_some() => proposal.security,
        Some(143) => Security::StartTls,
        Some(_) => Security::Tls,
        None => proposal.security,
    };
    Ok((host, port.unwrap_or_else(|| usual(security)), security))
}
