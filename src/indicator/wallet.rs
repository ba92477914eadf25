//! Crypto-currency addresses by their checksum: Base58Check, Bech32 and Bech32m (BIP 173, BIP 350), EIP-55, CashAddr,
//! Monero's blocks of Base58 with Keccak, Ripple's own alphabet.

use sha3::{Digest, Keccak256};

/// Letters of an address at most (a Monero integrated address); a longer word is none.
pub const LONGEST: usize = 112;
/// Letters of an address at least.
pub const SHORTEST: usize = 25;

/// A currency whose address a word is, or none. The checksum must be right: four octets of SHA-256 for Base58Check, so
/// that one word in four thousand million is an address by accident.
pub fn currency(word: &str) -> Option<&'static str> {
    if !(SHORTEST..=LONGEST).contains(&word.len()) || !word.is_ascii() {
        return None;
    }
    base58(word)
        .or_else(|| ripple(word))
        .or_else(|| segwit(word))
        .or_else(|| ethereum(word))
        .or_else(|| cash(word))
        .or_else(|| monero(word))
}

/// A currency whose address a word has the form of, where there is no checksum to hold it to: Ethereum in one case, Solana
/// (32 octets in Base58). Only to be asked where the text around speaks of crypto-currency.
pub fn currency_by_form(word: &str) -> Option<&'static str> {
    if let Some(digits) = word.strip_prefix("0x") {
        let hex = digits.len() == 40 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let one_case = !(digits.bytes().any(|b| b.is_ascii_lowercase())
            && digits.bytes().any(|b| b.is_ascii_uppercase()));
        return (hex && one_case).then_some("ETH");
    }
    let mixed = word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_lowercase())
        && word.bytes().any(|b| b.is_ascii_uppercase());
    ((43..=44).contains(&word.len())
        && mixed
        && bs58::decode(word).into_vec().is_ok_and(|octets| octets.len() == 32))
    .then_some("SOL")
}

/// Whether a word looks like a Bitcoin address although its checksum is wrong: mistyped, or made up. What a message says to pay
/// to, not where money would arrive.
pub fn looks_like_bitcoin(word: &str) -> bool {
    let mixed = word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_lowercase())
        && word.bytes().any(|b| b.is_ascii_uppercase());
    let old = (26..=35).contains(&word.len())
        && word.starts_with(['1', '3'])
        && mixed
        && word.bytes().all(|b| b.is_ascii_alphanumeric() && !matches!(b, b'0' | b'O' | b'I' | b'l'));
    let lower = word.to_ascii_lowercase();
    let segwit = (38..=64).contains(&word.len())
        && lower.starts_with("bc1")
        && word.bytes().all(|b| b.is_ascii_alphanumeric())
        && word.bytes().filter(u8::is_ascii_digit).count() >= 4;
    old || segwit
}

/// Version octets: BTC P2PKH and P2SH, LTC, DOGE, DASH, TRON.
fn base58(word: &str) -> Option<&'static str> {
    if !(25..=35).contains(&word.len()) {
        return None;
    }
    let payload = bs58::decode(word).with_check(None).into_vec().ok()?;
    match (payload.first()?, payload.len()) {
        (0x00 | 0x05, 21) => Some("BTC"),
        (0x30 | 0x32, 21) => Some("LTC"),
        (0x1e, 21) => Some("DOGE"),
        (0x4c, 21) => Some("DASH"),
        (0x41, 21) => Some("TRX"),
        _ => None,
    }
}

/// XRP Ledger account: Base58Check in Ripple's alphabet, version 0.
fn ripple(word: &str) -> Option<&'static str> {
    if !word.starts_with('r') || !(25..=35).contains(&word.len()) {
        return None;
    }
    let payload =
        bs58::decode(word).with_alphabet(bs58::Alphabet::RIPPLE).with_check(Some(0)).into_vec().ok()?;
    (payload.len() == 21).then_some("XRP")
}

fn segwit(word: &str) -> Option<&'static str> {
    let (hrp, _, _) = bech32::segwit::decode(word).ok()?;
    match hrp.to_lowercase().as_str() {
        "bc" => Some("BTC"),
        "ltc" => Some("LTC"),
        _ => None,
    }
}

/// Mixed case only: an address without its checksum is any forty hexadecimal digits.
fn ethereum(word: &str) -> Option<&'static str> {
    let digits = word.strip_prefix("0x").filter(|digits| digits.len() == 40)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit())
        || !digits.bytes().any(|b| b.is_ascii_lowercase())
        || !digits.bytes().any(|b| b.is_ascii_uppercase())
    {
        return None;
    }
    let hash = hex::encode(Keccak256::digest(digits.to_ascii_lowercase().as_bytes()));
    digits
        .bytes()
        .zip(hash.bytes())
        .all(|(digit, nibble)| !digit.is_ascii_alphabetic() || digit.is_ascii_uppercase() == (nibble >= b'8'))
        .then_some("ETH")
}

/// Bitcoin Cash's CashAddr with or without its prefix: a 40 bit checksum over prefix and payload.
fn cash(word: &str) -> Option<&'static str> {
    const SYMBOLS: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let lower = word.to_ascii_lowercase();
    let payload = lower.strip_prefix("bitcoincash:").unwrap_or(&lower);
    if payload.len() != 42 || !payload.starts_with(['q', 'p']) {
        return None;
    }
    let mut state: u64 = 1;
    let mut step = |value: u64| {
        let top = state >> 35;
        state = ((state & 0x07_ffff_ffff) << 5) ^ value;
        for (bit, generator) in
            [0x98_f2bc_8e61_u64, 0x79_b76d_99e2, 0xf3_3e5f_b3c4, 0xae_2eab_e2a8, 0x1e_4f43_e470]
                .into_iter()
                .enumerate()
        {
            if top >> bit & 1 == 1 {
                state ^= generator;
            }
        }
    };
    "bitcoincash".bytes().for_each(|byte| step(u64::from(byte & 0x1f)));
    step(0);
    for symbol in payload.chars() {
        step(SYMBOLS.find(symbol)? as u64);
    }
    (state == 1).then_some("BCH")
}

/// Monero: blocks of eleven letters stand for eight octets each, the last seven letters for five; the last four octets are
/// Keccak's of the rest. Networks 18 (standard), 19 (integrated) and 42 (subaddress).
fn monero(word: &str) -> Option<&'static str> {
    const SYMBOLS: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    if !(matches!(word.len(), 95 | 106) && word.starts_with(['4', '8'])) {
        return None;
    }
    let mut octets = Vec::with_capacity(77);
    for block in word.as_bytes().chunks(11) {
        let mut value: u128 = 0;
        for letter in block {
            value = value * 58 + SYMBOLS.find(char::from(*letter))? as u128;
        }
        let long = if block.len() == 11 { 8 } else { 5 };
        if value >> (8 * long) != 0 {
            return None;
        }
        octets.extend(value.to_be_bytes().into_iter().skip(16 - long));
    }
    let (payload, check) = octets.split_at_checked(octets.len().checked_sub(4)?)?;
    let known = matches!(payload.first(), Some(18 | 19 | 42));
    (known && Keccak256::digest(payload).starts_with(check)).then_some("XMR")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of BIP 173, BIP 350, EIP-55, the CashAddr specification and Monero's documentation of its address formats;
    /// the accounts of the genesis block and the genesis ledger.
    #[test]
    fn published_addresses_are_known() {
        for (word, expected) in [
            ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "BTC"),
            ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "BTC"),
            ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "BTC"),
            ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "BTC"),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ETH"),
            ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "XRP"),
            ("bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", "BCH"),
            ("qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", "BCH"),
            (
                "4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rge",
                "XMR",
            ),
        ] {
            assert_eq!(currency(word), Some(expected), "{word}");
        }
    }

    #[test]
    fn one_wrong_character_is_no_address() {
        for word in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            "abcdefghijkmnopqrstuvwxyzABCDEF",
            "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTi",
            "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6b",
            "4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rgf",
            "",
        ] {
            assert_eq!(currency(word), None, "{word}");
        }
    }

    #[test]
    fn forms_without_a_checksum() {
        assert_eq!(currency_by_form("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"), Some("ETH"));
        let solana = bs58::encode([7u8; 32]).into_string();
        assert_eq!(currency_by_form(&solana), Some("SOL"));
        assert!(looks_like_bitcoin("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"));
        assert!(!looks_like_bitcoin("1234567890123456789012345678") && !looks_like_bitcoin("bc1q"));
        for word in ["", "0x5aaeb6", "thequickbrownfoxjumpsoverthelazydogxxxxxxxxx"] {
            assert_eq!(currency_by_form(word), None, "{word}");
        }
    }
}
