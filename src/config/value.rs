//! Value types that carry their units: durations, sizes, scores, pins, hosts. Parsed here, never checked again.

use std::time::Duration;

use base64::Engine as _;
use rustls_pki_types::ServerName;

use crate::indicator::Hundredths;

/// Why a value with a unit was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitFault {
    /// A number stands alone.
    NoUnit(u64),
    /// The unit is not one.
    UnknownUnit(String),
    /// No number at the front, or one too large.
    NotANumber,
}

/// `90s`, `5m`, `2h`, `7d`, `8y` (of 365.2425 days).
pub fn duration(text: &str) -> Result<Duration, UnitFault> {
    let seconds = |unit: &str| match unit {
        "s" => Some(1),
        "m" | "min" => Some(60),
        "h" => Some(3600),
        "d" => Some(86_400),
        "y" => Some(31_556_952),
        _ => None,
    };
    with_unit(text, seconds).map(Duration::from_secs)
}

/// `512KiB`, `25MiB`, `25MB`; octets.
pub(super) fn size(text: &str) -> Result<u64, UnitFault> {
    let octets = |unit: &str| match unit {
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        "kB" | "KB" => Some(1_000),
        "MB" => Some(1_000_000),
        "GB" => Some(1_000_000_000),
        _ => None,
    };
    with_unit(text, octets)
}

fn with_unit(text: &str, scale: impl Fn(&str) -> Option<u64>) -> Result<u64, UnitFault> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits).ok_or(UnitFault::NotANumber)?;
    let number: u64 = number.parse().map_err(|_| UnitFault::NotANumber)?;
    let unit = unit.trim_start();
    if unit.is_empty() {
        return Err(UnitFault::NoUnit(number));
    }
    let scale = scale(unit).ok_or_else(|| UnitFault::UnknownUnit(unit.to_owned()))?;
    number.checked_mul(scale).ok_or(UnitFault::NotANumber)
}

/// A score as it is written, `3`, `3.0` or `3.25`: exactly, without passing through binary floating point.
pub(super) fn score(text: &str) -> Option<Hundredths> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 2 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i32 = whole.parse().ok()?;
    let hundredths: i32 = format!("{decimals:0<2}").parse().ok()?;
    let sign = if text.starts_with('-') { -1 } else { 1 };
    Some(Hundredths(whole.checked_mul(100)?.checked_add(sign * hundredths)?))
}

/// `sha256:` and 64 hexadecimal digits or 44 characters of base64: the SHA-256 of a SubjectPublicKeyInfo (RFC 7469 §2.4).
pub(super) fn pin(text: &str) -> Option<[u8; 32]> {
    let digest = text.strip_prefix("sha256:").or_else(|| text.strip_prefix("sha256/"))?.trim();
    let octets = match digest.len() {
        64 => hex::decode(digest).ok()?,
        43 => base64::engine::general_purpose::STANDARD_NO_PAD.decode(digest).ok()?,
        _ => base64::engine::general_purpose::STANDARD.decode(digest).ok()?,
    };
    octets.try_into().ok()
}

/// Why a host is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostFault {
    /// `imaps://…`
    Url,
    /// `host:993`
    Port,
    /// Not ASCII: the `xn--` form is asked for, because that is what certificates carry (RFC 6125 §6.4.2).
    NotAscii,
    /// `user@host`
    Address,
    /// Anything else.
    NotAHost,
}

/// A DNS name or an IP address, lower case.
pub(super) fn host(text: &str) -> Result<String, HostFault> {
    if text.contains("://") {
        return Err(HostFault::Url);
    }
    if !text.is_ascii() {
        return Err(HostFault::NotAscii);
    }
    if text.contains('@') {
        return Err(HostFault::Address);
    }
    let name = text.trim_end_matches('.').to_ascii_lowercase();
    if ServerName::try_from(name.as_str()).is_ok() {
        return Ok(name);
    }
    match text.rsplit_once(':') {
        Some((_, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
            Err(HostFault::Port)
        }
        _ => Err(HostFault::NotAHost),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_need_their_unit() {
        assert_eq!(duration("5m"), Ok(Duration::from_mins(5)));
        assert_eq!(duration("300 s"), Ok(Duration::from_mins(5)));
        assert_eq!(duration("7d"), Ok(Duration::from_hours(7 * 24)));
        assert_eq!(duration("300"), Err(UnitFault::NoUnit(300)));
        assert_eq!(duration("5分"), Err(UnitFault::UnknownUnit("分".into())));
        assert_eq!(duration("soon"), Err(UnitFault::NotANumber));
        assert_eq!(duration("-5m"), Err(UnitFault::NotANumber));
        assert_eq!(duration("99999999999999999999s"), Err(UnitFault::NotANumber));
        assert_eq!(duration("999999999999999999d"), Err(UnitFault::NotANumber));
        assert_eq!(size("25MiB"), Ok(26_214_400));
        assert_eq!(size("25MB"), Ok(25_000_000));
        assert_eq!(size("25M"), Err(UnitFault::UnknownUnit("M".into())));
        assert_eq!(size(""), Err(UnitFault::NotANumber));
    }

    #[test]
    fn scores_are_read_exactly() {
        assert_eq!(score("3.0"), Some(Hundredths(300)));
        assert_eq!(score("5"), Some(Hundredths(500)));
        assert_eq!(score("4.35"), Some(Hundredths(435)));
        assert_eq!(score("-0.5"), Some(Hundredths(-50)));
        assert_eq!(score("4.355"), None);
        assert_eq!(score("1e3"), None);
        assert_eq!(score("inf"), None);
        assert_eq!(score("99999999999"), None);
    }

    #[test]
    fn pins_are_hex_or_base64() {
        let hex = format!("sha256:{}", "0f".repeat(32));
        assert_eq!(pin(&hex), Some([15; 32]));
        let base64 = base64::engine::general_purpose::STANDARD.encode([15; 32]);
        assert_eq!(pin(&format!("sha256:{base64}")), Some([15; 32]));
        assert_eq!(pin(&format!("sha256/{}", base64.trim_end_matches('='))), Some([15; 32]));
        assert_eq!(pin("sha256:abcd"), None);
        assert_eq!(pin(&"0f".repeat(32)), None);
    }

    #[test]
    fn hosts_are_names_or_addresses_and_nothing_else() {
        assert_eq!(host("IMAP.Example.com."), Ok("imap.example.com".into()));
        assert_eq!(host("192.0.2.7"), Ok("192.0.2.7".into()));
        assert_eq!(host("2001:db8::7"), Ok("2001:db8::7".into()));
        assert_eq!(host("imaps://imap.example.com"), Err(HostFault::Url));
        assert_eq!(host("imap.example.com:993"), Err(HostFault::Port));
        assert_eq!(host("メール.example"), Err(HostFault::NotAscii));
        assert_eq!(host("hanako@imap.example.com"), Err(HostFault::Address));
        assert_eq!(host("imap example com"), Err(HostFault::NotAHost));
        assert_eq!(host(""), Err(HostFault::NotAHost));
    }
}
