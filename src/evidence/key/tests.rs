use super::*;

/// RFC 8410 §10.1 and §10.3.
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
    MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
    -----END PUBLIC KEY-----\n";
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
    -----END PRIVATE KEY-----\n";

#[test]
fn the_keys_of_the_rfc_are_read_and_written() {
    let (secret, public) = (SecretKey::from_pem(PRIVATE).unwrap(), PublicKey::from_pem(PUBLIC).unwrap());
    assert_eq!(secret.public(), public);
    assert_eq!(secret.to_pem(), PRIVATE);
    assert_eq!(public.to_pem(), PUBLIC);
    assert_eq!(PublicKey::from_base64(&public.to_base64()), Ok(public));
    assert!(!format!("{secret:?}").contains("d4ee72db"));
}

#[test]
fn what_is_no_key_is_refused() {
    for bad in [
        "",
        PRIVATE,
        &PUBLIC.replacen('-', "", 1),
        &PUBLIC.replace("MCow", "MCox"),
        &PUBLIC.replace("Zu", "Z"),
    ] {
        assert_eq!(PublicKey::from_pem(bad), Err(NotAKey), "{bad}");
    }
    for bad in ["", PUBLIC, &PRIVATE.replace("MC4C", "MC4D"), &"\0".repeat(PRIVATE.len())] {
        assert!(SecretKey::from_pem(bad).is_err(), "{bad}");
    }
}
