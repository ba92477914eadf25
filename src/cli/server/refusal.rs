//! Why a server cannot be used, in words, and what to do about it.

use std::io::ErrorKind;

use crate::cli::text::Lang;
use crate::imap::Error;

/// What went wrong, what the server said, and what to do.
pub(in crate::cli) fn refused(error: &Error, lang: Lang) -> String {
    let words = error.server_text().map(|text| format!(" — {text}")).unwrap_or_default();
    let advice = advice(error, lang);
    let advice = if advice.is_empty() { String::new() } else { format!("\n  {advice}") };
    format!("{}{words}{advice}", what(error, lang))
}

fn what(error: &Error, lang: Lang) -> String {
    if lang == Lang::En {
        return error.to_string();
    }
    match error {
        Error::Refused { .. } => "サーバーにサインインを断られました".to_owned(),
        Error::NoLogin { .. } => "このサーバーに使えるサインインの方法がありません".to_owned(),
        Error::Tls { reason, certificate: true } => format!("証明書を信頼できません ({reason})"),
        Error::Tls { reason, .. } => format!("暗号化 (TLS) を始められません ({reason})"),
        Error::StartTlsStripped => "サーバーが STARTTLS に応じません。暗号化なしでは接続しません".to_owned(),
        Error::Greeting { .. } => "IMAP サーバーの返事ではありません".to_owned(),
        Error::Connect { host, port, source } => format!("{host}:{port} につながりません ({source})"),
        Error::Timeout { .. } => "時間内に返事がありません".to_owned(),
        Error::Closed => "サーバーが接続を閉じました".to_owned(),
        Error::Bye { .. } => "サーバーが接続を終わらせました".to_owned(),
        other => other.to_string(),
    }
}

fn advice(error: &Error, lang: Lang) -> &'static str {
    let (ja, en) = match error {
        Error::Refused { .. } => (
            "ユーザー名とパスワードを確かめてください。ふだんのものとは別の「アプリ パスワード」が必要なプロバイダーもあります",
            "check user and password; some providers want an app password instead of the usual one",
        ),
        Error::NoLogin { .. } => (
            "OAuth だけのサーバーかもしれません。komainu はまだ OAuth でサインインできません",
            "it may take OAuth only, which komainu cannot do yet",
        ),
        Error::Tls { certificate: true, .. } => (
            "サーバーの名前 (host) を確かめてください。自前の認証局なら ca-file に証明書 (PEM) を指定します",
            "check the server's name (`host`); a private authority is named in `ca-file` (PEM)",
        ),
        Error::Tls { .. } | Error::Greeting { .. } => (
            "ポートと暗号化の組み合わせを確かめてください: tls は 993、starttls は 143",
            "check port and encryption: tls goes with 993, starttls with 143",
        ),
        Error::StartTlsStripped => (
            "security = \"tls\"、port = 993 を試してください。公衆の Wi-Fi なら別の回線で試してください",
            "try security = \"tls\" and port = 993; on a public network, try another line",
        ),
        Error::Connect { source, .. } if unknown_name(source) => (
            "サーバーの名前に打ち間違いがないか、インターネットにつながっているかを確かめてください",
            "check the spelling of the server's name, and that this machine is online",
        ),
        Error::Connect { source, .. } if source.kind() == ErrorKind::ConnectionRefused => (
            "その番号のポートでは誰も待っていません。サーバーの名前とポートを確かめてください",
            "nobody listens on that port; check the server's name and port",
        ),
        Error::Connect { .. } | Error::Timeout { .. } => (
            "インターネットにつながっているか、ファイアウォールが止めていないかを確かめて、少し待ってやり直してください",
            "check that this machine is online and no firewall is in the way, and try again a little later",
        ),
        Error::Closed | Error::Bye { .. } | Error::No { .. } => (
            "サーバーの都合かもしれません。数分待ってやり直してください",
            "it may pass; try again in a few minutes",
        ),
        _ => ("", ""),
    };
    lang.pick(ja, en)
}

/// The resolver's answer has no kind of its own that is stable.
fn unknown_name(source: &std::io::Error) -> bool {
    source.kind() == ErrorKind::NotFound || source.to_string().contains("lookup address")
}
