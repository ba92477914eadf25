//! Of an X.509 certificate what a person wants to know: whose, by whom, until when (RFC 5280 §4.1). Whether it may be
//! believed, rustls has said already; what cannot be read here is not shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::evidence::Peer;

/// A server's own certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Certificate {
    /// Its common name, else its organisation; may be empty, because names stand elsewhere today.
    pub(in crate::cli) subject: String,
    /// Who signed it.
    pub(in crate::cli) issuer: String,
    /// Until when it holds.
    pub(in crate::cli) ends: Timestamp,
}

const SEQUENCE: u8 = 0x30;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// `id-at-commonName` and `id-at-organizationName`, as they stand in an AttributeTypeAndValue.
const COMMON_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x03];
const ORGANISATION: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x0a];
/// Longest name that is shown, in characters.
const NAME_MAX: usize = 64;

impl Certificate {
    /// The first certificate that a server showed.
    pub(in crate::cli) fn of(peer: &Peer) -> Option<Self> {
        let shown = peer.tls.as_ref()?.certificates.first()?;
        Self::read(&STANDARD.decode(shown).ok()?)
    }

    fn read(der: &[u8]) -> Option<Self> {
        let (certificate, _) = expect(der, SEQUENCE)?;
        let (mut rest, _) = expect(certificate, SEQUENCE)?;
        // TBSCertificate: [0] version where it is given, serialNumber, signature, issuer, validity, subject, …
        let mut fields = Vec::new();
        while fields.len() < 6
            && let Some((tag, content, after)) = next(rest)
        {
            rest = after;
            if tag != 0xa0 {
                fields.push(content);
            }
        }
        let [_, _, issuer, validity, subject, ..] = fields.as_slice() else { return None };
        let (_, _, end) = next(validity)?;
        let (tag, written, _) = next(end)?;
        Some(Self { subject: name(subject), issuer: name(issuer), ends: time(tag, written)? })
    }

    /// Whole days that are left; below zero where it has ended.
    pub(in crate::cli) fn days_left(&self, now: Timestamp) -> i64 {
        self.ends.duration_since(now).as_secs().div_euclid(86_400)
    }
}

/// Tag, content, and what stands behind; none where the lengths do not fit.
fn next(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (long, rest) =
            rest.split_at_checked(usize::from(first & 0x7f)).filter(|(long, _)| long.len() <= 4)?;
        (long.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), rest)
    };
    let (content, behind) = rest.split_at_checked(length)?;
    Some((tag, content, behind))
}

fn expect(der: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    let (tag, content, behind) = next(der)?;
    (tag == wanted).then_some((content, behind))
}

/// The common name of a Name, else its organisation, else nothing; without what acts on a terminal.
fn name(der: &[u8]) -> String {
    let value = |kind: [u8; 5]| {
        let at = der.windows(kind.len()).position(|window| window == kind)?;
        let (_, text, _) = next(der.get(at + kind.len()..)?)?;
        Some(String::from_utf8_lossy(text).into_owned())
    };
    let name = value(COMMON_NAME).or_else(|| value(ORGANISATION)).unwrap_or_default();
    crate::message::Excerpt::header(&name, NAME_MAX).to_string()
}

/// UTCTime (two digits of the year, 1950 to 2049) or GeneralizedTime, both to the second and in UTC (§4.1.2.5).
fn time(tag: u8, written: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(written).ok()?.strip_suffix('Z')?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let two = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let at = DateTime::new(year, two(0)?, two(2)?, two(4)?, two(6)?, two(8)?, 0).ok()?;
    Some(at.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made() -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(vec!["imap.example.net".to_owned()]).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, "imap.example.net");
        params.not_after = rcgen::date_time_ymd(2031, 2, 3);
        let key = rcgen::KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn subject_issuer_and_end_are_read() {
        let read = Certificate::read(&made()).unwrap();
        assert_eq!((read.subject.as_str(), read.issuer.as_str()), ("imap.example.net", "imap.example.net"));
        assert_eq!(read.ends.to_string(), "2031-02-03T00:00:00Z");
        assert_eq!(read.days_left("2031-02-01T12:00:00Z".parse().unwrap()), 1);
        assert_eq!(read.days_left("2031-02-03T00:00:01Z".parse().unwrap()), -1);
    }

    #[test]
    fn both_forms_of_time_are_read() {
        let read = |tag, text: &str| time(tag, text.as_bytes()).map(|time| time.to_string());
        assert_eq!(read(UTC_TIME, "490102030405Z").as_deref(), Some("2049-01-02T03:04:05Z"));
        assert_eq!(read(UTC_TIME, "500102030405Z").as_deref(), Some("1950-01-02T03:04:05Z"));
        assert_eq!(read(GENERALIZED_TIME, "20500102030405Z").as_deref(), Some("2050-01-02T03:04:05Z"));
        for (tag, text) in [
            (UTC_TIME, "4901020304Z"),
            (UTC_TIME, "491302030405Z"),
            (4, "490102030405Z"),
            (UTC_TIME, "日本Z"),
        ] {
            assert_eq!(read(tag, text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_octets_do_harm(at in any::<prop::sample::Index>(), value in any::<u8>(), cut in any::<prop::sample::Index>()) {
            let mut der = made();
            let at = at.index(der.len());
            der[at] = value;
            let _ = Certificate::read(&der);
            der.truncate(cut.index(der.len()));
            let _ = Certificate::read(&der);
        }
    }
}
