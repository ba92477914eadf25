//! Help in Japanese: clap's own, with the words put in their place. What is missing here stays English; a test says so.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command};

use super::text::Lang;
use crate::config::Environment;

const ABOUT: &str = "メールボックスを見張り、詐欺や脅迫を、決して返信せずに隔離し、証拠を残します。";

/// Commands.
const COMMANDS: &[(&str, &str)] = &[
    ("run", "サービス: 見張り、判定し、記録し、移す"),
    ("demo", "動くところを見る: アカウント、サーバー、root 権限は不要"),
    ("scan", "ファイル、フォルダー、Maildir、mbox を判定する。ネットワークは使わない"),
    ("indicators", "何を調べるか: それぞれの兆候と、なぜ問題か、本物ならどうするか"),
    ("case", "一続きのメール: 分かっていること、警察・消費生活センター・弁護士に渡す一式"),
    ("case list", "すべての事案"),
    ("case open", "事案を作る: 選んだメールに名前を付けるか、一人の差出人のメールすべて（今後のものも）"),
    ("case add", "メールを事案に加える"),
    ("case show", "事案について分かっていること"),
    ("case note", "自分がしたこと、見たことを書き留める（支払った、開いた、電話した）"),
    ("case hold", "事案のすべてを、保存期限が来ても消さない"),
    ("case report", "警察・消費生活センター・弁護士に渡す一式を書き出す。上書きはしない"),
    ("digest", "日報: その日に見つかったもの、したこと、見張れなかった時間"),
    ("quarantine", "止めたメール: 一覧、安全に配慮した表示、元に戻す"),
    ("quarantine list", "隔離先にあるもの（記録による）"),
    ("quarantine show", "どんなメールで、なぜ止めたか、どうすればよいか。文字だけで、通信はしない"),
    ("quarantine release", "元のメールボックスに戻す。同じメールは以後動かさない"),
    ("learn", "あなたが戻したもの・隔離したものから、差出人について学習したこと"),
    ("learn list", "学習していること"),
    ("learn undo", "学習を取り消す。学習しなかったときと、まったく同じに戻る"),
    ("evidence", "証拠の記録: 確かめる、内容を消す、索引を作り直す"),
    ("evidence verify", "記録が、書かれ署名されたままか。何も変えない"),
    ("evidence erase", "メールの内容を消す。消したことは記録に残る。隔離先のメールには触れない"),
    (
        "evidence timestamp",
        "時刻認証局 (RFC 3161) に証人になってもらう: 要求を書き、返事を取り込む。送るのは自分で",
    ),
    ("evidence reindex", "記録から索引を作り直す。サービスは止めておく"),
    ("status", "見張っているか、いつから、最後のメール、最後の不調"),
    ("setup", "質問に答えて、動く設定を作る。最後に確かめるまで何も書き込まない"),
    ("check", "設定は正しいか、何が行われるか"),
];

/// Options and arguments: command ("" for those of all), id, words.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("", "lang", "表示の言語 [既定: ロケールから]"),
    ("", "verbose", "記録を詳しくする。二つで全部。メールの中身や秘密は決して出さない"),
    ("run", "config", "設定 [既定: /etc/komainu/komainu.toml、または自分のもの]"),
    ("run", "backlog", "これより前に届いたものも一度だけ判定する（30d、12h など）"),
    ("demo", "dir", "証拠と設定をこのフォルダーに残す（空か、新しいもの）"),
    ("demo", "keep", "Ctrl-C まで続け、メールソフトで見る方法を示す"),
    ("scan", "format", "結果の形式"),
    ("scan", "config", "この設定の境目・テーブル・アドレス・authserv-id で判定する"),
    ("scan", "account", "設定のうち、このアカウントだけ"),
    ("scan", "now", "この時刻として判定する（RFC 3339。例: 2026-11-25T09:00:00+09:00）"),
    ("scan", "explain", "所見ごとに、なぜ問題か、本物の差出人ならどうするかを示す"),
    ("scan", "jobs", "同時に判定する数 [既定: プロセッサーの数、多くて 8]"),
    ("scan", "paths", "読むもの。`-` は標準入力"),
    ("indicators", "id", "この兆候のすべて"),
    ("indicators", "format", "形式。markdown は docs/indicators.ja.md のページ"),
    ("case", "store", "証拠のある状態フォルダー [既定: 設定にあるもの]"),
    ("case", "config", "それを示す設定 [既定: /etc/komainu/komainu.toml、または自分のもの]"),
    ("case list", "format", "形式"),
    ("case open", "name", "事案の名前"),
    ("case open", "sender", "差出人アドレスがこれであるメールすべて"),
    ("case open", "ids", "証拠番号、またはその先頭 8 文字以上"),
    ("case add", "case", "事案番号、または証拠番号"),
    ("case add", "ids", "証拠番号、またはその先頭 8 文字以上"),
    ("case show", "case", "事案番号、または証拠番号"),
    ("case show", "format", "形式"),
    ("case note", "case", "事案番号、または証拠番号"),
    ("case note", "text", "書き留めること"),
    ("case note", "when", "それがいつのことか（例: 2026-11-25T09:00）[既定: 示さない]"),
    ("case hold", "case", "事案番号、または証拠番号"),
    ("case hold", "held", "on で止め、off で戻す"),
    ("case report", "case", "事案番号、または証拠番号"),
    ("case report", "out", "書き出す先のフォルダー"),
    ("case report", "variant", "すべて（full）、メールで送れるもの（lite、4.5 MB まで）、または両方（both）"),
    ("digest", "date", "この日のもの（例: 2026-11-23）[既定: 最後に書かれたもの]"),
    ("digest", "since", "この時から今まで: RFC 3339、日付、または 24h・7d などの長さ"),
    ("digest", "format", "形式"),
    ("digest", "store", "証拠のある状態フォルダー [既定: 設定にあるもの]"),
    ("digest", "config", "それを示す設定 [既定: /etc/komainu/komainu.toml、または自分のもの]"),
    ("quarantine", "store", "証拠のある状態フォルダー [既定: 設定にあるもの]"),
    ("quarantine", "config", "それを示す設定 [既定: /etc/komainu/komainu.toml、または自分のもの]"),
    ("quarantine list", "format", "形式"),
    ("quarantine list", "all", "戻したもの、消去したもの、動かさなかったものも"),
    ("quarantine show", "id", "証拠番号、またはその先頭 8 文字以上"),
    ("quarantine show", "text", "メールの文面も。リンクは開けない形で、添付は名前だけ"),
    ("quarantine show", "format", "形式"),
    ("quarantine release", "ids", "証拠番号、またはその先頭 8 文字以上"),
    ("learn", "store", "証拠のある状態フォルダー [既定: 設定にあるもの]"),
    ("learn", "config", "それを示す設定 [既定: /etc/komainu/komainu.toml、または自分のもの]"),
    ("learn list", "format", "形式"),
    ("learn undo", "ids", "学習のもとになったメールの証拠番号、またはその先頭 8 文字以上"),
    ("evidence", "store", "記録のある状態フォルダー [既定: 設定にあるもの]"),
    ("evidence", "config", "それを示す設定 [既定: /etc/komainu/komainu.toml、または自分のもの]"),
    ("evidence verify", "key", "最初の公開鍵。保管庫の外から。なければ保管庫の中の鍵を信じる"),
    ("evidence verify", "witness", "外に控えたチェックポイント。いくつでも"),
    ("evidence verify", "format", "結果の形式"),
    ("evidence verify", "script", "代わりに verify.sh を書き出す: bash と openssl で同じことをする"),
    ("evidence erase", "ids", "証拠番号、またはその先頭 8 文字以上。メモはファイル名の SHA-256"),
    ("evidence erase", "yes", "確認しない"),
    ("evidence timestamp", "request", "最新のチェックポイントへの要求をこのファイルに書く"),
    ("evidence timestamp", "reply", "この返事を、それが証するチェックポイントの隣に保存する"),
    ("status", "format", "形式"),
    ("status", "store", "証拠のある状態フォルダー [既定: 設定にあるもの]"),
    ("status", "config", "それを示す設定 [既定: /etc/komainu/komainu.toml、または自分のもの]"),
    ("setup", "config", "設定を書く場所 [既定: /etc/komainu/komainu.toml、または自分のもの]"),
    ("setup", "address", "見張るメールアドレス"),
    ("setup", "host", "IMAP サーバー [既定: プロバイダーの表か DNS から]"),
    ("setup", "port", "ポート [既定: tls は 993、starttls は 143]"),
    ("setup", "security", "暗号化の方法 [既定: tls]"),
    ("setup", "ca_file", "このサーバーだけに信じる証明書 (PEM)"),
    ("setup", "user", "ログイン名 [既定: プロバイダーによる。なければアドレス]"),
    ("setup", "password_file", "パスワードのあるファイル（モード 0600）。そのまま使う。`-` は標準入力の一行"),
    ("setup", "mode", "脅威をどうするか"),
    ("setup", "observe_for", "quarantine のとき、はじめは判定だけにする期間（7d など）。0 ならすぐ移す"),
    ("setup", "yes", "何も尋ねない: おすすめをそのまま使う"),
    ("check", "config", "設定 [既定: /etc/komainu/komainu.toml、または自分のもの]"),
    ("check", "online", "各アカウントにサインインし、このコンピューターも調べる。何も書き込まない"),
];

const TEMPLATE: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}";

/// The language in which help is wanted: what `--lang` says, wherever it stands, else the locale.
pub(super) fn language(arguments: &[OsString], environment: &Environment) -> Lang {
    let mut words = arguments.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        let value =
            word.strip_prefix("--lang=").or_else(|| (word == "--lang").then(|| words.next()).flatten());
        match value {
            Some("ja") => return Lang::Ja,
            Some("en") => return Lang::En,
            _ => {}
        }
    }
    environment.language()
}

/// The command line with its help in this language.
pub(super) fn spoken(command: Command, lang: Lang) -> Command {
    if lang == Lang::En {
        return command;
    }
    let flag = |id, short, help, action| Arg::new(id).short(short).long(id).help(help).action(action);
    let command = command
        .about(ABOUT)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(flag("help", 'h', "この説明", ArgAction::Help).global(true))
        .arg(flag("version", 'V', "版", ArgAction::Version));
    within(headed(command, ""), "")
}

/// The commands below one, and those below them.
fn within(command: Command, path: &str) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    names.iter().fold(command, |command, name| {
        let path = format!("{path} {name}").trim().to_owned();
        command.mut_subcommand(name, |one| {
            let about = COMMANDS.iter().find(|(command, _)| *command == path).map(|(_, words)| *words);
            let one = match about {
                Some(about) => one.about(about).long_about(about),
                None => one,
            };
            within(headed(one, &path), &path)
        })
    })
}

/// Headings and words of one command's own arguments.
fn headed(command: Command, name: &str) -> Command {
    command.help_template(TEMPLATE).subcommand_help_heading("コマンド").mut_args(|argument| {
        let words = ARGUMENTS
            .iter()
            .find(|(command, id, _)| *command == name && argument.get_id() == *id)
            .map(|(.., words)| *words);
        let heading = if argument.is_positional() { "引数" } else { "オプション" };
        let argument = argument.help_heading(heading);
        match words {
            Some(words) => argument.help(words).long_help(words),
            None => argument,
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Arguments;

    #[test]
    fn every_command_and_argument_has_its_words_and_no_words_are_left_over() {
        let command = Arguments::command();
        let mut arguments: Vec<(String, String)> =
            command.get_arguments().map(|argument| (String::new(), argument.get_id().to_string())).collect();
        let mut commands = Vec::new();
        collect(&command, "", &mut commands, &mut arguments);
        let mut named: Vec<String> = COMMANDS.iter().map(|(name, _)| (*name).to_owned()).collect();
        named.retain(|name| cfg!(feature = "demo") || name != "demo");
        assert_eq!(commands, named);
        let mut told: Vec<(String, String)> =
            ARGUMENTS.iter().map(|(command, id, _)| ((*command).to_owned(), (*id).to_owned())).collect();
        told.retain(|(command, _)| cfg!(feature = "demo") || command != "demo");
        assert_eq!(arguments, told);
    }

    fn collect(
        command: &Command,
        path: &str,
        commands: &mut Vec<String>,
        arguments: &mut Vec<(String, String)>,
    ) {
        for one in command.get_subcommands() {
            let path = format!("{path} {}", one.get_name()).trim().to_owned();
            commands.push(path.clone());
            let own = one.get_arguments().map(|argument| argument.get_id().to_string());
            arguments.extend(own.map(|id| (path.clone(), id)));
            collect(one, &path, commands, arguments);
        }
    }

    #[test]
    fn the_help_is_in_the_language_asked_for() {
        let shown = |lang| spoken(Arguments::command(), lang).render_long_help().to_string();
        assert!(shown(Lang::Ja).contains("使い方: komainu") && shown(Lang::Ja).contains("サービス: 見張り"));
        assert!(
            !shown(Lang::Ja).contains("Usage") && !shown(Lang::Ja).contains("Options"),
            "{}",
            shown(Lang::Ja)
        );
        assert!(shown(Lang::En).contains("Usage: komainu"));
        spoken(Arguments::command(), Lang::Ja).debug_assert();
    }

    #[test]
    fn the_language_is_found_wherever_it_stands() {
        let asked = |words: &[&str]| {
            let words: Vec<OsString> = words.iter().map(Into::into).collect();
            language(&words, &Environment::new([("LANG", "ja_JP.UTF-8")], 1000))
        };
        assert_eq!(asked(&["komainu", "--help"]), Lang::Ja);
        assert_eq!(asked(&["komainu", "run", "--lang", "en", "--help"]), Lang::En);
        assert_eq!(asked(&["komainu", "--lang=en", "--help"]), Lang::En);
        assert_eq!(asked(&["komainu", "--lang"]), Lang::Ja);
    }
}
