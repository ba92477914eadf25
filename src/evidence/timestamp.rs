//! What a timestamp authority is asked for, and whether its reply is about what was asked (RFC 3161). Whether the authority
//! may be believed, `openssl ts -verify` says; no certificate is looked at here.

use crate::evidence::Digest;

/// `SEQUENCE { AlgorithmIdentifier { sha256, NULL }, OCTET STRING (32) }` up to the digest: RFC 3161 §2.4.1 MessageImprint.
const IMPRINT: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// A TimeStampReq in DER, with the authority's certificate asked for. The nonce ties a reply to it.
pub fn timestamp_request(of: Digest, nonce: u64) -> Vec<u8> {
    let mut request = vec![0x30, 0x43, 0x02, 0x01, 0x01];
    request.extend(IMPRINT);
    request.extend(of.0);
    request.extend([0x02, 0x08]);
    // Positive, and of eight octets: DER has one spelling a number.
    let [first, rest @ ..] = nonce.to_be_bytes();
    request.push((first & 0x3f) | 0x40);
    request.extend(rest);
    request.extend([0x01, 0x01, 0xff]);
    request
}

/// What a TimeStampResp stamps; none where it is no granted reply over SHA-256. Reads only as much as it needs: `openssl ts`
/// reads the rest.
pub fn stamped(reply: &[u8]) -> Option<Digest> {
    // TimeStampResp ::= SEQUENCE { PKIStatusInfo ::= SEQUENCE { INTEGER 0 or 1, … }, … }
    let status = content(content(reply)?)?;
    if !matches!(status, [0x02, 0x01, 0x00 | 0x01, ..]) {
        return None;
    }
    let at = reply.windows(IMPRINT.len()).position(|window| window == IMPRINT)? + IMPRINT.len();
    let octets = reply.get(at..)?.first_chunk::<32>()?;
    Some(Digest(*octets))
}

/// What stands in a SEQUENCE that begins here.
fn content(der: &[u8]) -> Option<&[u8]> {
    let [0x30, length, rest @ ..] = der else { return None };
    let skip = if *length < 0x80 { 0 } else { usize::from(length & 0x7f) };
    rest.get(skip..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_of_fixed_form_and_no_reply() {
        let request = timestamp_request(Digest::of(b"x"), u64::MAX);
        assert_eq!((request.len(), request[1]), (69, 67));
        assert_eq!(stamped(&request), None);
        for octets in [&b""[..], b"\x30", b"\x30\x82", b"\x30\x03\x30\x01\x00", &[0x30; 40]] {
            assert_eq!(stamped(octets), None);
        }
    }
}
