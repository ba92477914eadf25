//! How the server is reached: host, port, encryption, and whom to trust.

use std::path::PathBuf;

use toml::de::DeValue;

use crate::config::diagnostic::Text;
use crate::config::paths::Base;
use crate::config::section::{At, Found, More as _, Section, kind_fault};
use crate::config::usual_port;
use crate::config::value::{self, HostFault};
use crate::imap::Security;

pub(super) fn host(section: &Section<'_>, found: &mut Found) -> Option<At<String>> {
    let written = section.need(
        "host",
        "IMAP サーバーの名前です（例: host = \"imap.example.com\"）",
        "the IMAP server's name: host = \"imap.example.com\"",
        found,
    )?;
    match value::host(written.value) {
        Ok(host) => Some(At { value: host, span: written.span }),
        Err(fault) => {
            let (ja, en) = match fault {
                HostFault::Url => (
                    "imaps:// などをつけず、サーバーの名前だけを書いてください",
                    "write the server's name alone, without imaps://",
                ),
                HostFault::Port => {
                    ("ポート番号は `port` に分けて書いてください", "write the port under `port`")
                }
                HostFault::NotAscii => (
                    "日本語ドメインは xn-- で始まる形（Punycode）で書いてください",
                    "write an internationalised name in its xn-- form (Punycode)",
                ),
                HostFault::Address => (
                    "メールアドレスは `user` に、ここにはサーバーの名前を書いてください",
                    "the mail address belongs under `user`; here stands the server's name",
                ),
                HostFault::NotAHost => {
                    ("例: imap.example.com、192.0.2.7", "for instance imap.example.com or 192.0.2.7")
                }
            };
            found
                .error(
                    written.span,
                    Text::new(
                        "`host` はサーバーの名前でもアドレスでもありません",
                        "`host` is neither a server's name nor an address",
                    ),
                )
                .with_help(ja, en);
            None
        }
    }
}

pub(super) fn security(section: &Section<'_>, found: &mut Found) -> Option<At<Security>> {
    if section.get("security").is_none() {
        return Some(At { value: Security::Tls, span: section.span.clone() });
    }
    let written = section.string("security", found)?;
    let value = match written.value {
        "tls" => Security::Tls,
        "starttls" => Security::StartTls,
        other => {
            let fault = found.error(
                written.span,
                Text::new(
                    format!("`security` に \"{other}\" は使えません"),
                    format!("`security` cannot be \"{other}\""),
                ),
            );
            if matches!(other, "none" | "plain" | "plaintext" | "off" | "no") {
                fault.with_help(
                    "暗号化なしの接続はありません。パスワードが読まれてしまうためです",
                    "there is no connection without encryption: the password could be read",
                );
            } else if matches!(other, "ssl" | "imaps" | "ssl/tls") {
                fault.with_help("ここでは \"tls\" と書きます", "it is called \"tls\" here");
            }
            fault.with_help(
                "\"tls\"（最初から暗号化。ポート 993）か \"starttls\"（途中から暗号化。ポート 143）を選んでください",
                "\"tls\" (encrypted from the first octet, port 993) or \"starttls\" (port 143)",
            );
            return None;
        }
    };
    Some(At { value, span: written.span })
}

pub(super) fn port(section: &Section<'_>, security: Option<Security>, found: &mut Found) -> Option<u16> {
    let usual = usual_port(security.unwrap_or(Security::Tls));
    let Some(written) = section.get("port") else { return Some(usual) };
    let DeValue::Integer(integer) = written.get_ref() else {
        kind_fault(written, "port", "整数", "an integer", found).with_help("例: port = 993", "port = 993");
        return None;
    };
    let port = u16::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|port| *port != 0);
    let Some(port) = port else {
        found
            .error(written.span(), Text::new("`port` はポート番号ではありません", "`port` is not a port"))
            .with_help("1 から 65535 まで。ふつうは 993 です", "1 to 65535; most servers use 993");
        return None;
    };
    let crossed = matches!((security, port), (Some(Security::Tls), 143) | (Some(Security::StartTls), 993));
    if crossed {
        found
            .warning(
                written.span(),
                Text::new(
                    format!("ポート {port} は、ふつうこの `security` では使いません"),
                    format!("port {port} does not usually go with this `security`"),
                ),
            )
            .with_help(
                "\"tls\" は 993、\"starttls\" は 143 がふつうです。違うと接続が待ち時間切れになります",
                "\"tls\" goes with 993, \"starttls\" with 143; crossed, the connection times out",
            );
    }
    Some(port)
}

pub(super) fn trust(
    section: &Section<'_>,
    base: &Base<'_>,
    found: &mut Found,
) -> (Option<At<PathBuf>>, Option<[u8; 32]>) {
    let ca_file = section.string("ca-file", found).and_then(|at| base.path(at, "ca-file", found));
    let written = section.string("spki-pin", found);
    if let (Some(_), Some(pin)) = (&ca_file, &written) {
        found
            .error(
                pin.span.clone(),
                Text::new(
                    "`ca-file` と `spki-pin` の両方があります",
                    "both `ca-file` and `spki-pin` are given",
                ),
            )
            .with_help(
                "どちらか一方にしてください。独自の認証局なら ca-file、証明書を固定するなら spki-pin です",
                "keep one: ca-file for a private authority, spki-pin to hold on to one key",
            );
    }
    let pin = written.and_then(|at| {
        let pin = value::pin(at.value);
        if pin.is_none() {
            found
                .error(at.span, Text::new("`spki-pin` は公開鍵のハッシュではありません", "`spki-pin` is not the digest of a public key"))
                .with_help(
                    "\"sha256:\" のあとに 16 進 64 桁、または base64 で 32 オクテットを書きます",
                    "\"sha256:\" and 64 hexadecimal digits, or base64 of 32 octets",
                )
                .with_help(
                    "求め方: openssl s_client -connect HOST:993 </dev/null | openssl x509 -pubkey -noout |\n  openssl pkey -pubin -outform der | sha256sum",
                    "to get it: openssl s_client -connect HOST:993 </dev/null | openssl x509 -pubkey -noout |\n  openssl pkey -pubin -outform der | sha256sum",
                );
        }
        pin
    });
    (ca_file, pin)
}
