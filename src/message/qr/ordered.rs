//! Codes that a service on the web is asked to make: what the code says stands in the image's address.

use crate::message::header::percent;

/// Services that make codes, with the path of those that also make other things; from their own documentation.
const SERVICES: &[(&str, &str)] = &[
    ("api.qrserver.com", "create-qr-code"),
    ("goqr.me", "create-qr-code"),
    ("quickchart.io", "/qr"),
    ("chart.googleapis.com", "cht=qr"),
    ("chart.apis.google.com", "cht=qr"),
    ("image-charts.com", "cht=qr"),
    ("qrcode.tec-it.com", "/api/qrcode"),
    ("qrickit.com", "/api/qr"),
    ("api.qr-code-generator.com", ""),
    ("qrtag.net", "/api/qr"),
];
/// What their parameter for the content is called.
const PARAMETERS: &[&str] = &["data", "text", "chl", "d", "url", "content", "qr_code_text"];
/// Octets of the content; the largest code holds 2,953.
const LONGEST: usize = 3_000;

/// What the code says that a service is asked to make at this address.
pub(in crate::message) fn ordered(address: &str) -> Option<Vec<u8>> {
    let (_, rest) = address.split_once("//")?;
    let (host, rest) = rest.split_once('/')?;
    let host = host.to_ascii_lowercase();
    let lower = rest.get(..rest.floor_char_boundary(LONGEST))?.to_ascii_lowercase();
    let known = SERVICES.iter().any(|(service, path)| {
        let own = host.strip_suffix(service).is_some_and(|before| before.is_empty() || before.ends_with('.'));
        own && (lower.contains(path) || path.strip_prefix('/').is_some_and(|path| lower.starts_with(path)))
    });
    if !known {
        return None;
    }
    let (_, query) = rest.split_once('?')?;
    query.split(['&', ';']).find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let value = value.get(..value.floor_char_boundary(LONGEST))?.replace('+', " ");
        let content = percent(value.as_bytes(), b'%', false);
        (PARAMETERS.contains(&key.to_ascii_lowercase().as_str()) && !content.is_empty()).then_some(content)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_read_off_and_other_images_are_not() {
        for address in [
            "https://api.qrserver.com/v1/create-qr-code/?size=150x150&data=https%3A%2F%2Flogin.example%2Fv",
            "https://quickchart.io/qr?text=https%3A%2F%2Flogin.example%2Fv&size=200",
            "http://chart.apis.google.com/chart?cht=qr&chs=200x200&chl=https://login.example/v",
            "HTTPS://QRCODE.tec-it.com/API/QRCode?data=https%3a%2f%2flogin.example%2fv",
        ] {
            assert_eq!(ordered(address).as_deref(), Some(b"https://login.example/v".as_slice()), "{address}");
        }
        for address in [
            "https://quickchart.io/chart?text=x",
            "https://img.example/qr?text=x",
            "https://api.qrserver.com/v1/create-qr-code/?size=1",
            "cid:x",
            "",
        ] {
            assert_eq!(ordered(address), None, "{address}");
        }
    }
}
