//! Holds the map in src/lib.rs: a module names only modules of a lower layer, and the core names no effect.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The table of src/lib.rs. A module may name those of a lower number; those of one number do not know each other.
const LAYERS: &[(&str, u8)] = &[
    ("message", 1),
    ("document", 1),
    ("indicator", 2),
    ("model", 3),
    ("verdict", 4),
    ("demand", 4),
    ("evidence", 5),
    ("case", 6),
    ("pdf", 6),
    ("digest", 7),
    ("store", 8),
    ("imap", 8),
    ("sandbox", 8),
    ("systemd", 8),
    ("config", 9),
    ("control", 10),
    ("monitor", 11),
    ("demo", 12),
    ("cli", 13),
];

/// Up to this layer: pure.
const CORE: u8 = 7;

/// What would be an effect in the core.
const EFFECTS: &[&str] = &[
    "tokio",
    "tokio_rustls",
    "async_imap",
    "tracing",
    "tracing_subscriber",
    "rusqlite",
    "rustix",
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "ZonedDateTime::now",
    "Zoned::now",
];

/// Of std::net the core may name what is only a value.
const ADDRESSES: &[&str] = &["IpAddr", "Ipv4Addr", "Ipv6Addr", "AddrParseError"];

/// A line of code that goes against the map.
type Fault = String;

#[test]
fn every_module_names_only_lower_ones_and_the_core_is_pure() {
    let faults: Vec<Fault> = sources().iter().flat_map(|(path, text)| faults(path, text)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_module_has_its_layer_and_stands_on_the_map() {
    let map = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let declared: BTreeSet<&str> =
        map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let layered: BTreeSet<&str> = LAYERS.iter().map(|(module, _)| *module).collect();
    assert_eq!(declared, layered);
    for (module, layer) in LAYERS {
        let line = map.lines().find(|line| line.starts_with(&format!("//! {layer}. ")));
        let line = line.unwrap_or_else(|| panic!("layer {layer} is not on the map"));
        assert!(line.contains(&format!("`{module}`")), "{module} is not in layer {layer} of the map");
    }
}

#[test]
fn the_files_of_all_modules_are_read() {
    let seen: BTreeSet<String> = sources().keys().map(|path| module_of(path)).collect();
    for (module, _) in LAYERS {
        assert!(seen.contains(*module), "{module}");
    }
}

/// The tester tested: each of these must be found, and each of those must not.
#[test]
fn what_goes_against_the_map_is_found() {
    for (path, text) in [
        ("src/message/mod.rs", "use crate::indicator::Finding;"),
        ("src/indicator/deadline.rs", "fn f() { crate::verdict::reach(); }"),
        ("src/evidence/chain.rs", "use crate::{message, store::Store};"),
        ("src/evidence/chain.rs", "use crate::{\n    message::{Excerpt, Message},\n    store,\n};"),
        ("src/imap/mod.rs", "use crate::store::Store;"),
        ("src/store/mod.rs", "use crate::config::Config;"),
        ("src/monitor/mod.rs", "use crate::cli;"),
        ("src/monitor/mod.rs", "use komainu::cli;"),
        ("src/imap/mod.rs", "use super::super::store;"),
        ("src/imap/fetch.rs", "use super::super::Session;"),
        ("src/message/mod.rs", "async fn f() { tokio::task::yield_now().await }"),
        ("src/verdict/mod.rs", "tracing::info!(\"scored\");"),
        ("src/verdict/mod.rs", "use tracing::info;"),
        ("src/evidence/mod.rs", "use std::fs;"),
        ("src/evidence/mod.rs", "use std::net;"),
        ("src/evidence/mod.rs", "use std::net::{IpAddr, TcpStream};"),
        ("src/evidence/mod.rs", "use std::{collections::BTreeMap, fs::File};"),
        ("src/evidence/mod.rs", "let now = std::time::SystemTime::now();"),
        ("src/indicator/age.rs", "let now = Timestamp::now();"),
        ("src/store/mod.rs", "use crate::newcomer::Thing;"),
        ("src/message/mod.rs", "use crate::*;"),
        ("src/message/mod.rs", "#[cfg(test)]\nmod tests;\nuse std::fs;"),
        ("src/message/mod.rs", "#[cfg(test)]\nmod tests {\n    fn f() {\n    }\n}\nuse std::fs;"),
        ("src/message/mod.rs", "const A: &str = \"https://a.example\"; use std::fs;"),
    ] {
        assert!(!faults(path, text).is_empty(), "{path}: {text}");
    }
    for (path, text) in [
        ("src/indicator/mod.rs", "use crate::message::Message;"),
        ("src/verdict/mod.rs", "use crate::{indicator::Finding, message};"),
        ("src/imap/fetch.rs", "use crate::imap::Session;\nuse super::Session;"),
        ("src/store/mod.rs", "use std::fs;\nuse crate::evidence::Entry;"),
        ("src/config/mod.rs", "use crate::{imap, store, verdict::Thresholds};"),
        ("src/cli/mod.rs", "use crate::{demo, monitor};"),
        ("src/message/mod.rs", "/// Like [`crate::store`], and unlike tokio::fs and std::fs.\n// std::env"),
        ("src/message/mod.rs", "use std::net::{Ipv4Addr, Ipv6Addr};"),
        ("src/message/mod.rs", "let instant_now = environment.std_fs;"),
        ("src/message/mod.rs", "pub(crate) fn f() {} pub(in crate::message) fn g() {}"),
        ("src/message/mod.rs", "#[cfg(test)]\nmod tests {\n    use std::fs;\n}"),
        (
            "src/message/mod.rs",
            "#[cfg(test)]\n#[allow(clippy::unwrap_used)]\nmod tests {\n    use std::fs;\n}",
        ),
        ("src/message/mod.rs", "const A: &str = \"std::fs and crate::store\";"),
    ] {
        assert_eq!(faults(path, text), Vec::<Fault>::new(), "{path}: {text}");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file beneath src/ but lib.rs and main.rs, which stand outside the layers: path from the root, and text.
fn sources() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found.remove("src/lib.rs");
    found.remove("src/main.rs");
    // Tests in a file of their own.
    found.retain(|path, _| !path.ends_with("/tests.rs") && !path.contains("/tests/"));
    found
}

/// `src/imap/fetch.rs` and `src/imap.rs` belong to `imap`.
fn module_of(path: &str) -> String {
    let inner = path.strip_prefix("src/").unwrap();
    inner.split('/').next().unwrap().trim_end_matches(".rs").to_owned()
}

fn layer_of(module: &str) -> Option<u8> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

fn faults(path: &str, text: &str) -> Vec<Fault> {
    let module = module_of(path);
    let Some(layer) = layer_of(&module) else {
        return vec![format!("{path}: the module `{module}` has no layer")];
    };
    let code = code_of(text);
    let mut found = Vec::new();
    for name in named_modules(&code) {
        match layer_of(&name) {
            _ if name == module => {}
            Some(other) if other < layer => {}
            Some(other) => found.push(format!("{path}: `{module}` ({layer}) names `{name}` ({other})")),
            None => found.push(format!("{path}: names `crate::{name}`, which has no layer")),
        }
    }
    let paths = paths(&code);
    if paths.iter().any(|path| path.starts_with("super::super")) {
        found.push(format!("{path}: `super::super` hides where it goes"));
    }
    if layer <= CORE {
        for effect in EFFECTS {
            if paths.iter().any(|path| names(path, effect)) {
                found.push(format!("{path}: the core names `{effect}`"));
            }
        }
        if paths.iter().any(|path| opens_sockets(path)) {
            found.push(format!("{path}: the core names `std::net`"));
        }
    }
    found
}

fn opens_sockets(path: &str) -> bool {
    let mut segments = path.split("::");
    let net = matches!((segments.next(), segments.next()), (Some("std" | "core"), Some("net")));
    net && segments.next().is_none_or(|item| !ADDRESSES.contains(&item))
}

/// True where the effect's segments stand next to each other in the path: at its beginning, or, where the effect is a
/// type's function, anywhere.
fn names(path: &str, effect: &str) -> bool {
    let path: Vec<&str> = path.split("::").collect();
    let effect: Vec<&str> = effect.split("::").collect();
    let whole = effect.first().is_some_and(|first| first.starts_with(char::is_uppercase));
    path.windows(effect.len()).enumerate().any(|(at, window)| window == effect && (whole || at == 0))
}

/// Modules of this crate that the code names, by `crate::` or by the crate's own name.
fn named_modules(code: &str) -> BTreeSet<String> {
    paths(code)
        .iter()
        .filter_map(|path| {
            let mut segments = path.split("::");
            let first = segments.next()?;
            let second = segments.next()?;
            (first == "crate" || first == "komainu").then(|| second.to_owned())
        })
        .collect()
}

/// Every path in the code, with the braces of `use` written out: `a::{b, c::d}` is `a::b` and `a::c::d`. Single words
/// are given too, and do no harm.
fn paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut prefixes: Vec<String> = vec![String::new()];
    let mut path = String::new();
    let mut rest = code.chars().peekable();
    while let Some(char) = rest.next() {
        let in_use = prefixes.len() > 1;
        if char.is_alphanumeric() || char == '_' || char == '*' {
            path.push(char);
        } else if char == ':' && rest.peek() == Some(&':') {
            rest.next();
            path.push_str("::");
        } else if char == '{' && path.ends_with("::") {
            prefixes.push(format!("{}{path}", prefixes.last().unwrap()));
            path.clear();
        } else {
            if !path.is_empty() {
                found.push(format!("{}{path}", prefixes.last().unwrap()));
                path.clear();
            }
            if char == '}' && in_use {
                prefixes.pop();
            }
        }
    }
    found.push(path);
    found
}

/// The code without comments, string literals and tests, which may read files.
fn code_of(text: &str) -> String {
    without_tests(text).iter().map(|line| code_of_line(line) + "\n").collect()
}

/// Leaves out what stands under `#[cfg(test)]` at the left margin: to the brace at the margin that closes it, or just
/// the one line. What comes after it is still looked at.
fn without_tests(text: &str) -> Vec<&str> {
    let mut kept = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line != "#[cfg(test)]" {
            kept.push(line);
            continue;
        }
        let item = lines.by_ref().find(|line| !line.starts_with([' ', '#', ')', ']']));
        if item.is_some_and(|item| item.ends_with('{')) {
            lines.by_ref().find(|line| *line == "}");
        }
    }
    kept
}

/// A string that goes over several lines is code from its second line on; that errs to the strict side, while carrying
/// the state over would let one quotation mark in a char literal hide the rest of a file.
fn code_of_line(line: &str) -> String {
    let mut code = String::new();
    let mut in_string = false;
    let mut previous = ' ';
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\\' if in_string => drop(chars.next()),
            // A quotation mark as a char literal does not begin a string.
            '"' if previous != '\'' => in_string = !in_string,
            '/' if !in_string && chars.peek() == Some(&'/') => break,
            _ if !in_string => code.push(char),
            _ => {}
        }
        previous = char;
    }
    code
}
