//! What the configuration names: is it there, and is it guarded.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::{Config, Diagnostic, Environment, SecretError, Text, Weight};

impl Config {
    /// Faults that only this machine can show: secrets that others can read, CA files that cannot be read, directories
    /// that are open to others or cannot be made. Creates nothing.
    ///
    /// A password that is not there yet is a warning here, because the file may be checked before the secret is laid
    /// down; the service itself cannot start without it.
    pub fn inspect(&self, environment: &Environment) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = writable_by_others(&self.path).into_iter().collect();
        found.extend(self.table_files().unwrap_or_default().iter().filter_map(|path| tables_fault(path)));
        found.extend(tables_fault(&self.tables_dir.path));
        found.extend(directory_fault(&self.state_dir, 0o077, environment));
        if self.log_dir != self.state_dir {
            // A group may be let in to read digests; nobody is by default.
            found.extend(directory_fault(&self.log_dir, 0o027, environment));
        }
        found.extend(unknown_timezone(&self.timezone));
        for account in &self.accounts {
            if let Err(error) = account.password.inspect(environment) {
                found.push(secret_fault(&account.name, &error).at(account.places.password.clone()));
            }
            found.extend(account.trust().err().map(|fault| *fault));
        }
        found
    }
}

pub(super) fn secret_fault(account: &str, error: &SecretError) -> Diagnostic {
    match error {
        SecretError::Exposed { path, mode } => Diagnostic::error(Text::new(
            format!("パスワードのファイルをほかの利用者も読み書きできます（モード {mode:04o}）"),
            format!("others can read or change the password file (mode {mode:04o})"),
        ))
        .help(Text::new(
            format!("自分だけにしてください: chmod 600 {}", path.display()),
            format!("keep it to yourself: chmod 600 {}", path.display()),
        ))
        .help(Text::new(
            "読まれたおそれがあるなら、パスワードも変えてください",
            "if somebody may have read it, change the password, too",
        )),
        SecretError::Foreign { path, owner, uid } => Diagnostic::error(Text::new(
            format!("パスワードのファイルの持ち主がほかの利用者 (uid {owner}) です"),
            format!("the password file belongs to another user (uid {owner})"),
        ))
        .help(Text::new(
            format!("持ち主を uid {uid} か root にしてください: chown {uid} {}", path.display()),
            format!("make uid {uid} or root its owner: chown {uid} {}", path.display()),
        )),
        SecretError::Read(path, cause) if cause.kind() == ErrorKind::NotFound => {
            Diagnostic::warning(Text::new(
                format!("アカウント \"{account}\" のパスワードのファイルがまだありません"),
                format!("the password file of account \"{account}\" is not there yet"),
            ))
            .help(Text::new(
                format!("これがないとサービスは始まりません: install -m 600 /dev/null {}", path.display()),
                format!("the service cannot start without it: install -m 600 /dev/null {}", path.display()),
            ))
        }
        other => Diagnostic::error(Text::new(
            format!("アカウント \"{account}\" のパスワードを読めません: {other}"),
            format!("cannot read the password of account \"{account}\": {other}"),
        )),
    }
}

/// The file names none, and the system does not tell.
fn unknown_timezone(zone: &jiff::tz::TimeZone) -> Option<Diagnostic> {
    zone.is_unknown().then(|| {
        Diagnostic::warning(Text::new(
            "このシステムの時間帯がわかりません。日報の一日は UTC で区切ります",
            "the system's time zone cannot be told; the digest's day is that of UTC",
        ))
        .help(Text::new(
            "timezone = \"Asia/Tokyo\" のように書いてください",
            "write, for instance, timezone = \"Asia/Tokyo\"",
        ))
    })
}

/// Whoever can change the file can send the password to a server of their own. A group is only warned of: where each
/// person has a group of their own, editors make files of mode 0664.
fn writable_by_others(path: &Path) -> Option<Diagnostic> {
    let mode = std::fs::metadata(path).ok()?.mode() & 0o7777;
    let shown = path.display();
    let weight = match mode & 0o022 {
        0 => return None,
        0o020 => Weight::Warning,
        _ => Weight::Error,
    };
    let fault = Diagnostic::error(Text::new(
        format!("設定ファイルをほかの利用者も書き換えられます（モード {mode:04o}）"),
        format!("others can change the configuration file (mode {mode:04o})"),
    ))
    .help(Text::new(
        format!("書き換えられる人は、別のサーバーへパスワードを送らせることができます: chmod go-w {shown}"),
        format!("who can change it can have the password sent to another server: chmod go-w {shown}"),
    ));
    Some(Diagnostic { weight, ..fault })
}

fn tables_fault(path: &Path) -> Option<Diagnostic> {
    let fault = writable_by_others(path)?;
    let shown = path.display();
    let mode = std::fs::metadata(path).ok()?.mode() & 0o7777;
    Some(Diagnostic {
        title: Text::new(
            format!("テーブル {shown} をほかの利用者も書き換えられます（モード {mode:04o}）"),
            format!("others can change the tables in {shown} (mode {mode:04o})"),
        ),
        help: vec![Text::new(
            format!(
                "書き換えられる人は、詐欺を見逃させることも、正しいメールを隔離させることもできます: chmod go-w {shown}"
            ),
            format!(
                "who can change them can have scams let through and honest mail put away: chmod go-w {shown}"
            ),
        )],
        ..fault
    })
}

/// A directory for evidence or digests: one's own and closed to others (mode bits `closed`), or possible to make.
fn directory_fault(path: &Path, closed: u32, environment: &Environment) -> Option<Diagnostic> {
    let shown = path.display();
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return cannot_be_made(path),
        Err(cause) => {
            return Some(Diagnostic::error(Text::new(
                format!("{shown} を調べられません: {cause}"),
                format!("cannot look at {shown}: {cause}"),
            )));
        }
    };
    if !meta.is_dir() {
        return Some(
            Diagnostic::error(Text::new(
                format!("{shown} はフォルダーではありません"),
                format!("{shown} is not a directory"),
            ))
            .help(Text::new("別の場所を指定してください", "choose another place")),
        );
    }
    let mode = meta.mode() & 0o7777;
    if mode & closed != 0 {
        return Some(
            Diagnostic::error(Text::new(
                format!("{shown} をほかの利用者も開けます（モード {mode:04o}）。メールの中身が入る場所です"),
                format!("others can open {shown} (mode {mode:04o}), where the content of mail is kept"),
            ))
            .help(Text::new(
                format!("自分だけにしてください: chmod 700 {shown}"),
                format!("keep it to yourself: chmod 700 {shown}"),
            )),
        );
    }
    // Root looks at what belongs to the service's user: that is no fault.
    if environment.uid != 0 && meta.uid() != environment.uid {
        let (owner, uid) = (meta.uid(), environment.uid);
        return Some(
            Diagnostic::error(Text::new(
                format!("{shown} の持ち主 (uid {owner}) が、この利用者 (uid {uid}) ではありません"),
                format!("{shown} belongs to uid {owner}, not to this user (uid {uid})"),
            ))
            .help(Text::new(
                "サービスと同じ利用者で確かめているなら、持ち主を直してください",
                "if this is the user that the service runs as, change the owner",
            )),
        );
    }
    None
}

/// Where nothing stands yet: may it be made below what stands?
fn cannot_be_made(path: &Path) -> Option<Diagnostic> {
    let above = path.ancestors().skip(1).find(|above| above.exists())?;
    let good = rustix::fs::access(above, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok();
    (!good).then(|| {
        Diagnostic::warning(Text::new(
            format!("この利用者は {} を作れません", path.display()),
            format!("this user cannot make {}", path.display()),
        ))
        .help(Text::new(
            "systemd のサービスなら、始めるときに systemd が作ります（StateDirectory=、LogsDirectory=）",
            "for a systemd service, systemd makes it at the start (StateDirectory=, LogsDirectory=)",
        ))
        .help(Text::new(
            "自分で動かすなら、`state-dir` と `log-dir` に自分の場所を書いてください",
            "to run it yourself, give `state-dir` and `log-dir` a place of your own",
        ))
    })
}
