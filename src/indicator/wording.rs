//! Small judgements that several indicators share: words that ask for something, names that a machine made.

use std::sync::LazyLock;

use crate::message::normalise;

use super::brand::contains_word;

/// Octets beyond which a link's text is a paragraph, not a button.
const BUTTON: usize = 90;

/// What buttons ask for where something is to be typed in, paid or claimed. Plain invitations to read are not among them.
const ACTIONS: &[&str] = &[
    "log in",
    "login",
    "log-in",
    "sign in",
    "sign-in",
    "signin",
    "verify",
    "verification",
    "confirm",
    "validate",
    "update",
    "upgrade",
    "unlock",
    "restore",
    "reactivate",
    "re-activate",
    "activate",
    "recover",
    "review account",
    "review activity",
    "secure account",
    "secure my account",
    "check activity",
    "claim",
    "collect",
    "redeem",
    "withdraw",
    "pay now",
    "make payment",
    "view document",
    "open document",
    "review document",
    "view invoice",
    "view file",
    "download invoice",
    "release",
    "keep password",
    "keep same password",
    "keep my password",
    "change password",
    "reset password",
    "cancel request",
    "cancel order",
    "track package",
    "schedule delivery",
    "reschedule",
    "continue",
    "proceed",
    "get started",
    "connect wallet",
    "my account",
    "dispute",
    "anmelden",
    "einloggen",
    "bestätigen",
    "aktualisieren",
    "verifizieren",
    "jetzt prüfen",
    "freischalten",
    "zum konto",
    "weiter zur",
    "se connecter",
    "connexion",
    "confirmer",
    "vérifier",
    "mettre à jour",
    "réactiver",
    "mon compte",
    "payer",
    "iniciar sesión",
    "acceder",
    "verificar",
    "confirmar",
    "actualizar",
    "reactivar",
    "mi cuenta",
    "pagar",
    "accedi",
    "verifica",
    "conferma",
    "aggiorna",
    "riattiva",
    "accesso",
    "acessar",
    "acesse",
    "entrar",
    "atualizar",
    "regularizar",
    "resgatar",
    "desbloquear",
    "inloggen",
    "bevestigen",
    "verifiëren",
    "bijwerken",
    "ログイン",
    "サインイン",
    "確認する",
    "ご確認",
    "確認はこちら",
    "認証",
    "本人確認",
    "手続き",
    "お手続き",
    "更新する",
    "再設定",
    "解除",
    "お支払い",
    "支払う",
    "受け取る",
    "変更する",
    "再配達",
    "登録する",
    "会員情報",
    "利用確認",
    "照会",
    "アカウント",
];

static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| ACTIONS.iter().map(|word| normalise(word)).collect());

/// Whether a link's text (normalised) asks to log in, confirm, pay, claim or the like.
pub(super) fn is_action(text: &str) -> bool {
    !text.is_empty() && text.len() <= BUTTON && WORDS.iter().any(|word| contains_word(text, word))
}

/// The authority of an absolute URL as written, up to the path.
pub(super) fn authority(target: &str) -> Option<&str> {
    let rest = target.split_once(':')?.1.trim_start_matches(['/', '\\']);
    rest.split(['/', '?', '#']).next()
}

/// Whether a name looks as if a machine had made it: a long run of consonants, hardly a vowel, or letters and digits in turn.
pub(super) fn is_random(name: &str) -> bool {
    if name.len() < 6 || name.starts_with("xn--") || !name.is_ascii() {
        return false;
    }
    let (mut run, mut longest, mut vowels, mut letters, mut turns) = (0, 0, 0, 0, 0);
    let mut digit_before = None;
    for byte in name.bytes().map(|b| b.to_ascii_lowercase()) {
        let digit = byte.is_ascii_digit();
        if byte.is_ascii_alphanumeric() {
            turns += usize::from(digit_before.is_some_and(|before| before != digit));
            digit_before = Some(digit);
        }
        if byte.is_ascii_alphabetic() {
            letters += 1;
            if matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y') {
                vowels += 1;
                run = 0;
            } else {
                run += 1;
                longest = longest.max(run);
            }
        } else {
            run = 0;
        }
    }
    // `strengths` has a run of five in a word of one vowel; `lngstrm` is an abbreviation: both hints must meet.
    let hard_to_say = longest >= 6 || (longest >= 5 && letters >= 8 && vowels * 5 <= letters);
    hard_to_say || turns >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions() {
        for text in [
            "log in to your account",
            "verify now",
            "ログインはこちら",
            "konto bestätigen",
            "continuer vers connexion",
        ] {
            assert!(is_action(&normalise(text)), "{text}");
        }
        for text in ["", "read more", "view in browser", "詳しくはこちら", "unsubscribe"] {
            assert!(!is_action(&normalise(text)), "{text}");
        }
    }

    #[test]
    fn names_of_machines() {
        for name in ["qxzkvbnt", "a1b2c3d", "x7k2m9", "bcdfghjk"] {
            assert!(is_random(name), "{name}");
        }
        for name in [
            "example",
            "strength",
            "rhythms",
            "catchphrase",
            "web20",
            "smbc-card",
            "k8s",
            "mp3",
            "schmidt",
            "nttdocomo",
        ] {
            assert!(!is_random(name), "{name}");
        }
    }
}
