//! Authentication-Results fields (RFC 8601). What they claim, not whether they may be believed.

use super::{AuthenticationResult, AuthenticationResults};

/// Methods of one field beyond this are not read.
const MAX_RESULTS: usize = 100;

/// Properties that name a domain, the best first.
const PROPERTIES: [&str; 5] = ["header.d", "header.i", "header.from", "smtp.mailfrom", "smtp.helo"];

/// Reads one field's value.
pub(super) fn parse(value: &str, above_first_received: bool) -> AuthenticationResults {
    let clean = without_comments(value).to_lowercase();
    let mut segments = clean.split(';').map(str::trim);
    let mut results = Vec::new();
    let first = segments.next().unwrap_or_default();
    let mut words = first.split_whitespace();
    let mut authserv_id = words.next().unwrap_or_default();
    // Exchange Online writes no authserv-id; then the first segment is a method.
    if first.contains('=') {
        authserv_id = "";
        results.extend(result(first));
    }
    results.extend(segments.filter_map(result).take(MAX_RESULTS));
    AuthenticationResults { authserv_id: unquote(authserv_id).to_owned(), above_first_received, results }
}

fn result(segment: &str) -> Option<AuthenticationResult> {
    // White space around `=` is allowed, and splits words; close it up first.
    let segment = segment.replace(" =", "=").replace("= ", "=");
    let mut words = segment.split_whitespace();
    let (method, outcome) = words.next()?.split_once('=')?;
    let method = method.split('/').next().unwrap_or_default();
    let properties: Vec<(&str, &str)> = words.filter_map(|word| word.split_once('=')).collect();
    let domain = PROPERTIES
        .iter()
        .find_map(|name| properties.iter().find(|(key, _)| key == name).map(|(_, value)| domain(value)))
        .unwrap_or_default();
    Some(AuthenticationResult { method: method.to_owned(), result: unquote(outcome).to_owned(), domain })
}

fn domain(value: &str) -> String {
    let value = unquote(value).trim_matches(['<', '>']);
    let domain = value.rsplit_once('@').map_or(value, |(_, domain)| domain);
    domain.trim_end_matches('.').to_owned()
}

fn unquote(word: &str) -> &str {
    word.trim_matches('"')
}

/// Comments go; a semicolon or an equals sign within quotes cannot be mistaken for syntax afterwards, because quoted
/// strings keep only what a domain or a word may hold.
fn without_comments(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for ch in value.chars() {
        match ch {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' if depth == 0 => {
                quoted = !quoted;
                out.push('"');
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if quoted && (ch.is_whitespace() || matches!(ch, ';' | '=')) => out.push('_'),
            _ => out.push(if ch.is_whitespace() { ' ' } else { ch }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triples(value: &str) -> (String, Vec<(String, String, String)>) {
        let parsed = parse(value, true);
        let list = parsed.results.into_iter().map(|r| (r.method, r.result, r.domain)).collect();
        (parsed.authserv_id, list)
    }

    fn triple(a: &str, b: &str, c: &str) -> (String, String, String) {
        (a.into(), b.into(), c.into())
    }

    #[test]
    fn forms() {
        assert_eq!(
            triples(
                "MX.Example.com 1; spf=pass (a; b=c (nested) says \\) so) smtp.mailfrom=<Bounce@M.example.net>;\
                 dkim=fail reason=\"bad; dkim=pass header.d=evil.example\" header.d=shop.example;\
                 dmarc = pass (p=none) header.from = example.org"
            ),
            (
                "mx.example.com".into(),
                vec![
                    triple("spf", "pass", "m.example.net"),
                    triple("dkim", "fail", "shop.example"),
                    triple("dmarc", "pass", "example.org")
                ]
            )
        );
        assert_eq!(triples("mx.example.com; none").1, vec![]);
        assert_eq!(
            triples("spf=softfail (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dkim=none"),
            (String::new(), vec![triple("spf", "softfail", "a.example"), triple("dkim", "none", "")])
        );
        assert_eq!(triples(""), (String::new(), vec![]));
        assert_eq!(
            triples("mx.example.com; dkim/1=pass header.i=@sub.example.net.").1,
            vec![triple("dkim", "pass", "sub.example.net")]
        );
    }
}
