//! `komainu check --online`: signs in to each account once and says what is there. Nothing is written on the wire.

use crate::config::{Account, Environment};
use crate::imap::{self, MovePath, Session};

use super::accounts::endpoint;
use super::text::Lang;

/// One account as its server shows it.
struct Seen {
    capabilities: Vec<&'static str>,
    path: MovePath,
    mailboxes: Vec<(String, bool)>,
    quarantine: Option<String>,
}

/// Prints what each account's server says; false where one cannot be watched.
pub(super) fn check(accounts: &[Account], environment: &Environment, lang: Lang) -> bool {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            super::complain(&error.to_string());
            return false;
        }
    };
    let mut all_well = true;
    for account in accounts {
        let text = match endpoint(account, environment) {
            Err(fault) => Err(fault.render(lang)),
            Ok(endpoint) => match runtime.block_on(look(&endpoint, account)) {
                Ok(seen) => Ok(seen),
                Err(error) => Err(refused(&error, lang)),
            },
        };
        match text {
            Ok(seen) => {
                let (text, well) = tell(account, &seen, lang);
                all_well &= well;
                println!("{text}");
            }
            Err(text) => {
                all_well = false;
                println!("✗ {}: {text}", account.name);
            }
        }
    }
    all_well
}

async fn look(endpoint: &imap::Endpoint, account: &Account) -> Result<Seen, imap::Error> {
    let mut session = Session::connect(endpoint).await?;
    let capabilities = ["MOVE", "UIDPLUS", "IDLE", "X-GM-EXT-1", "OBJECTID", "ID"]
        .into_iter()
        .filter(|capability| session.capabilities().has(capability))
        .collect();
    let mut mailboxes = Vec::new();
    for name in &account.mailboxes {
        let found = match session.find_mailbox(name).await? {
            Some(mailbox) => session.examine(&mailbox).await.is_ok(),
            None => false,
        };
        mailboxes.push((name.clone(), found));
    }
    let quarantine =
        session.find_mailbox(&account.quarantine).await?.map(|mailbox| mailbox.name().to_owned());
    let path = session.move_path();
    session.logout().await;
    Ok(Seen { capabilities, path, mailboxes, quarantine })
}

fn tell(account: &Account, seen: &Seen, lang: Lang) -> (String, bool) {
    let mut lines = Vec::new();
    let mut well = true;
    lines.push(match lang {
        Lang::Ja => format!("✓ {}: サインインできました ({})", account.name, seen.capabilities.join(" ")),
        Lang::En => format!("✓ {}: signed in ({})", account.name, seen.capabilities.join(" ")),
    });
    for (name, found) in &seen.mailboxes {
        well &= found;
        lines.push(match (lang, found) {
            (Lang::Ja, true) => format!("  ✓ メールボックス {name} を見張れます"),
            (Lang::En, true) => format!("  ✓ mailbox {name} can be watched"),
            (Lang::Ja, false) => {
                format!("  ✗ メールボックス {name} がありません。mailboxes の名前を確かめてください")
            }
            (Lang::En, false) => format!("  ✗ there is no mailbox {name}; check the name in `mailboxes`"),
        });
    }
    lines.push(match (lang, &seen.quarantine) {
        (Lang::Ja, Some(name)) => format!("  ✓ 隔離用メールボックス {name} があります"),
        (Lang::En, Some(name)) => format!("  ✓ the quarantine mailbox {name} is there"),
        (Lang::Ja, None) => {
            format!("  ・ 隔離用メールボックス {} は、動かすと作られます", account.quarantine)
        }
        (Lang::En, None) => format!("  · the quarantine mailbox {} will be created", account.quarantine),
    });
    lines.push(match (lang, seen.path) {
        (Lang::Ja, MovePath::Move) => "  ✓ 移動は UID MOVE で行います".to_owned(),
        (Lang::En, MovePath::Move) => "  ✓ moves by UID MOVE".to_owned(),
        (Lang::Ja, MovePath::Copy) => {
            "  ✓ 移動は UID COPY と、その一通だけの UID EXPUNGE で行います".to_owned()
        }
        (Lang::En, MovePath::Copy) => "  ✓ moves by UID COPY and UID EXPUNGE of that message only".to_owned(),
        (Lang::Ja, MovePath::None(why)) => {
            format!("  ✗ 安全に移動する方法がないため、何も移しません ({why})")
        }
        (Lang::En, MovePath::None(why)) => {
            format!("  ✗ no safe way to move, so nothing will be moved ({why})")
        }
    });
    (lines.join("\n"), well)
}

fn refused(error: &imap::Error, lang: Lang) -> String {
    let words = error.server_text().map(|text| format!(" — {text}")).unwrap_or_default();
    let advice = match (lang, error) {
        (Lang::Ja, imap::Error::Refused { .. }) => {
            "\n  ユーザー名とパスワードを確かめてください。アプリ パスワードが必要なプロバイダーもあります"
        }
        (Lang::En, imap::Error::Refused { .. }) => {
            "\n  check user and password; some providers want an app password"
        }
        (Lang::Ja, imap::Error::Tls { certificate: true, .. }) => {
            "\n  証明書を信頼できません。host を確かめ、自前の認証局なら ca-file を指定してください"
        }
        (Lang::En, imap::Error::Tls { certificate: true, .. }) => {
            "\n  the certificate is not trusted; check `host`, or name your own authority in `ca-file`"
        }
        _ => "",
    };
    format!("{error}{words}{advice}")
}
