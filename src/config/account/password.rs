//! Where the password is kept: never in the configuration itself.

use toml::de::DeValue;

use crate::config::diagnostic::Text;
use crate::config::keys::PASSWORD;
use crate::config::paths::Base;
use crate::config::secret::PasswordSource;
use crate::config::section::{At, Found, More as _, Section};

/// The three right ways to give a password, as help.
fn three_ways(fault: &mut crate::config::diagnostic::Diagnostic) {
    fault
        .with_help(
            "password = { file = \"/etc/komainu/hanako.password\" }   ファイルに保存する（chmod 600）",
            "password = { file = \"/etc/komainu/hanako.password\" }   in a file (chmod 600)",
        )
        .with_help(
            "password = { credential = \"hanako\" }   systemd の LoadCredential= で渡す",
            "password = { credential = \"hanako\" }   from systemd's LoadCredential=",
        )
        .with_help(
            "password = { command = [\"pass\", \"show\", \"mail\"] }   パスワード管理ソフトに尋ねる",
            "password = { command = [\"pass\", \"show\", \"mail\"] }   from a password manager",
        );
}

pub(super) fn password(
    section: &Section<'_>,
    base: &Base<'_>,
    found: &mut Found,
) -> Option<At<PasswordSource>> {
    let Some(written) = section.get("password") else {
        if let Some(fault) = section.missing("password", found) {
            three_ways(fault);
        }
        return None;
    };
    let table = match written.get_ref() {
        DeValue::Table(table) => table,
        other => {
            found.source.hide(written.span());
            let title = if matches!(other, DeValue::String(_)) {
                Text::new(
                    "パスワードそのものを設定ファイルに書くことはできません",
                    "the password itself does not belong into the configuration",
                )
            } else {
                Text::new(
                    "`password` はパスワードの置き場所を書く項目です",
                    "`password` says where the password is kept",
                )
            };
            let fault = found.error(written.span(), title);
            three_ways(fault);
            return None;
        }
    };
    for (key, value) in table {
        if !PASSWORD.known.contains(&key.get_ref().as_ref()) {
            found.source.hide(value.span());
        }
    }
    let inner = Section::new(table, written.span(), &PASSWORD, found);
    let file = inner.get("file").map(|_| inner.string("file", found));
    let credential = inner.get("credential").map(|_| inner.string("credential", found));
    let command = inner.get("command").map(|_| inner.strings("command", found));
    let value = match (file, credential, command) {
        (Some(file), None, None) => PasswordSource::File(base.path(file?, "file", found)?.value),
        (None, Some(name), None) => PasswordSource::Credential(credential_name(name?, found)?),
        (None, None, Some(words)) => PasswordSource::Command(command_words(words?, base, found)?),
        (None, None, None) => {
            // An unknown key has been reported; that nothing is left is then no second fault.
            if table.is_empty() {
                let fault =
                    found.error(written.span(), Text::new("`password` が空です", "`password` says nothing"));
                three_ways(fault);
            }
            return None;
        }
        _ => {
            let fault = found.error(
                written.span(),
                Text::new(
                    "`password` の置き場所は一つだけ書いてください",
                    "`password` names more than one place",
                ),
            );
            three_ways(fault);
            return None;
        }
    };
    Some(At { value, span: written.span() })
}

fn credential_name(name: At<&str>, found: &mut Found) -> Option<String> {
    // systemd.exec(5): credential names are file names.
    let good = |c: char| c.is_ascii_graphic() && c != '/' && c != ':';
    if !name.value.is_empty() && name.value.chars().all(good) && !name.value.starts_with('.') {
        return Some(name.value.to_owned());
    }
    found
        .error(name.span, Text::new("資格情報の名前として使えません", "this is not the name of a credential"))
        .with_help(
            "LoadCredential= の : より前の名前を書きます（パスではありません）",
            "it is the name before the colon in LoadCredential=, not a path",
        );
    None
}

fn command_words(words: At<Vec<At<&str>>>, base: &Base<'_>, found: &mut Found) -> Option<Vec<String>> {
    let title = || Text::new("`command` に実行するプログラムがありません", "`command` names no program");
    let Some(program) = words.value.first() else {
        found
            .error(words.span, title())
            .with_help("例: [\"pass\", \"show\", \"mail\"]", "for instance [\"pass\", \"show\", \"mail\"]");
        return None;
    };
    if program.value.trim().is_empty() {
        found.error(program.span.clone(), title());
        return None;
    }
    if words.value.len() == 1 && program.value.contains(' ') {
        found
            .error(
                program.span.clone(),
                Text::new("`command` はシェルを通しません", "`command` does not go through a shell"),
            )
            .with_help(
                "プログラムと引数を分けて書いてください（例: [\"pass\", \"show\", \"mail\"]）",
                "write program and arguments apart: [\"pass\", \"show\", \"mail\"]",
            );
        return None;
    }
    let mut all: Vec<String> = words.value.iter().map(|word| word.value.to_owned()).collect();
    if let Some(first) = all.first_mut().filter(|first| first.contains('/')) {
        *first = base.expand(first).display().to_string();
    }
    Some(all)
}
