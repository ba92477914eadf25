//! Crypto-currency addresses by their checksum: Base58Check, Bech32 and Bech32m (BIP 173, BIP 350), EIP-55.

use sha3::{Digest, Keccak256};

/// A currency whose address a word is, or none. The checksum must be right: four octets of SHA-256 for Base58Check, so
/// that one word in four thousand million is an address by accident.
pub(super) fn currency(word: &str) -> Option<&'static str> {
    base58(word).or_else(|| segwit(word)).or_else(|| ethereum(word))
}

/// Version octets: BTC P2PKH and P2SH, LTC, DOGE, DASH, TRON.
fn base58(word: &str) -> Option<&'static str> {
    if !(26..=35).contains(&word.len()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of BIP 173, BIP 350 and EIP-55, and the genesis block's address.
    #[test]
    fn published_addresses_are_known() {
        for (word, expected) in [
            ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "BTC"),
            ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "BTC"),
            ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "BTC"),
            ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "BTC"),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ETH"),
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
            "",
        ] {
            assert_eq!(currency(word), None, "{word}");
        }
    }
}
