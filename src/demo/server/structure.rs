//! BODYSTRUCTURE and ENVELOPE (RFC 9051 §7.5.2).

use super::mime::{Entity, fields, unfold, value, with_parameters};

/// A literal.
pub(super) fn literal(out: &mut Vec<u8>, data: &[u8]) {
    out.extend_from_slice(format!("{{{}}}\r\n", data.len()).as_bytes());
    out.extend_from_slice(data);
}

/// A string: quoted where it can be, else a literal.
fn string(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        out.extend_from_slice(super::reply::quoted(text).as_bytes());
    } else {
        literal(out, text.replace(['\r', '\n', '\0'], " ").as_bytes());
    }
}

fn nstring(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => string(out, text),
        None => out.extend_from_slice(b"NIL"),
    }
}

fn space(out: &mut Vec<u8>) {
    out.push(b' ');
}

/// `(date subject from sender reply-to to cc bcc in-reply-to message-id)`.
pub(super) fn envelope(out: &mut Vec<u8>, octets: &[u8], entity: &Entity) {
    let header = octets.get(entity.header.clone()).unwrap_or_default();
    out.push(b'(');
    nstring(out, value(header, "Date").as_deref());
    space(out);
    nstring(out, value(header, "Subject").as_deref());
    for name in ["From", "Sender", "Reply-To", "To", "Cc", "Bcc"] {
        space(out);
        let mut list = addresses(header, name);
        if list.is_empty() && matches!(name, "Sender" | "Reply-To") {
            list = addresses(header, "From");
        }
        tell_addresses(out, &list);
    }
    for name in ["In-Reply-To", "Message-ID"] {
        space(out);
        nstring(out, value(header, name).as_deref());
    }
    out.push(b')');
}

struct Address {
    name: Option<String>,
    local: String,
    domain: Option<String>,
}

fn tell_addresses(out: &mut Vec<u8>, list: &[Address]) {
    if list.is_empty() {
        out.extend_from_slice(b"NIL");
        return;
    }
    out.push(b'(');
    for address in list {
        out.push(b'(');
        nstring(out, address.name.as_deref());
        out.extend_from_slice(b" NIL ");
        string(out, &address.local);
        space(out);
        // A host of NIL would mean the start of a group (RFC 9051 §7.5.2); an address without one has an empty host.
        string(out, address.domain.as_deref().unwrap_or_default());
        out.push(b')');
    }
    out.push(b')');
}

fn addresses(header: &[u8], name: &str) -> Vec<Address> {
    let named = fields(header).into_iter().filter(|field| field.name.eq_ignore_ascii_case(name.as_bytes()));
    named.flat_map(|field| split(&unfold(field.value))).filter_map(|one| address(&one)).collect()
}

/// At the commas that stand outside quotes, comments and angle brackets. Group names are dropped, members stay.
fn split(value: &str) -> Vec<String> {
    let (mut all, mut one) = (Vec::new(), String::new());
    let (mut in_quotes, mut escaped, mut depth, mut in_angles) = (false, false, 0_usize, false);
    for c in value.chars() {
        let plain = !in_quotes && !escaped && depth == 0;
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' if depth == 0 => in_quotes = !in_quotes,
            '(' if !in_quotes => depth += 1,
            ')' if !in_quotes => depth = depth.saturating_sub(1),
            '<' if plain => in_angles = true,
            '>' if plain => in_angles = false,
            ',' | ';' if plain && !in_angles => {
                all.push(std::mem::take(&mut one));
                continue;
            }
            ':' if plain && !in_angles => {
                one.clear();
                continue;
            }
            _ => {}
        }
        one.push(c);
    }
    all.push(one);
    all
}

fn address(written: &str) -> Option<Address> {
    let written = written.trim();
    let (name, spec) = if let Some((name, rest)) = written.rsplit_once('<') {
        (name.trim().to_owned(), rest.split('>').next().unwrap_or_default().trim())
    } else if let Some((spec, comment)) = written.split_once('(') {
        (comment.trim_end().trim_end_matches(')').to_owned(), spec.trim())
    } else {
        (String::new(), written)
    };
    if spec.is_empty() && name.is_empty() {
        return None;
    }
    let name = match name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => name,
    };
    let (local, domain) = match spec.rsplit_once('@') {
        Some((local, domain)) => (local.to_owned(), Some(domain.to_owned())),
        None => (spec.to_owned(), None),
    };
    Some(Address { name: (!name.is_empty()).then_some(name), local, domain })
}

/// BODY, or BODYSTRUCTURE where `extended`.
pub(super) fn body(out: &mut Vec<u8>, octets: &[u8], entity: &Entity, extended: bool) {
    let header = octets.get(entity.header.clone()).unwrap_or_default();
    out.push(b'(');
    if entity.children.is_empty() {
        single(out, octets, header, entity, extended);
    } else {
        for child in &entity.children {
            body(out, octets, child, extended);
        }
        space(out);
        string(out, &entity.subtype.to_ascii_lowercase());
        if extended {
            space(out);
            parameters(out, &entity.parameters);
        }
    }
    if extended {
        space(out);
        disposition(out, header);
        space(out);
        nstring(out, value(header, "Content-Language").as_deref());
        space(out);
        nstring(out, value(header, "Content-Location").as_deref());
    }
    out.push(b')');
}

fn single(out: &mut Vec<u8>, octets: &[u8], header: &[u8], entity: &Entity, extended: bool) {
    // A multipart in which no boundary was found: clients take the type multipart for a list of parts, so it is told as
    // text, which is what BODY[1] gives.
    let broken = entity.kind.eq_ignore_ascii_case("multipart");
    let (kind, subtype) =
        if broken { ("text", "plain") } else { (entity.kind.as_str(), entity.subtype.as_str()) };
    string(out, &kind.to_ascii_lowercase());
    space(out);
    string(out, &subtype.to_ascii_lowercase());
    space(out);
    parameters(out, &entity.parameters);
    for name in ["Content-ID", "Content-Description"] {
        space(out);
        nstring(out, value(header, name).as_deref());
    }
    space(out);
    let encoding = value(header, "Content-Transfer-Encoding").unwrap_or_else(|| "7bit".to_owned());
    string(out, &encoding.to_ascii_lowercase());
    let content = octets.get(entity.body.clone()).unwrap_or_default();
    out.extend_from_slice(format!(" {}", content.len()).as_bytes());
    let lines = content.split(|octet| *octet == b'\n').count() - 1;
    if let Some(message) = entity.message.as_deref() {
        space(out);
        envelope(out, octets, message);
        space(out);
        body(out, octets, message, extended);
        out.extend_from_slice(format!(" {lines}").as_bytes());
    } else if kind.eq_ignore_ascii_case("text") {
        out.extend_from_slice(format!(" {lines}").as_bytes());
    }
    if extended {
        space(out);
        nstring(out, value(header, "Content-MD5").as_deref());
    }
}

fn parameters(out: &mut Vec<u8>, list: &[(String, String)]) {
    if list.is_empty() {
        out.extend_from_slice(b"NIL");
        return;
    }
    out.push(b'(');
    for (at, (name, value)) in list.iter().enumerate() {
        if at > 0 {
            space(out);
        }
        string(out, name);
        space(out);
        string(out, value);
    }
    out.push(b')');
}

fn disposition(out: &mut Vec<u8>, header: &[u8]) {
    let Some(written) = value(header, "Content-Disposition") else {
        out.extend_from_slice(b"NIL");
        return;
    };
    let (word, list) = with_parameters(&written);
    out.push(b'(');
    string(out, &word.to_ascii_lowercase());
    space(out);
    parameters(out, &list);
    out.push(b')');
}
