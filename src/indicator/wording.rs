//! Small judgements that several indicators share: words that ask for something, names that a machine made.

use std::ops::{ControlFlow, Range};
use std::sync::OnceLock;

use super::automaton::{Automaton, Builder};
use super::brand::stands_alone;
use super::matcher::Normaliser;

/// Octets beyond which a link's text is a paragraph, not a button.
const BUTTON: usize = 90;

/// What buttons ask for where something is to be typed in, paid or claimed. Plain invitations to read are not among them.
static ACTIONS: Phrases = Phrases::new(&[
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
]);

/// A list of phrases, normalised and compiled when it is first needed.
pub(super) struct Phrases {
    written: &'static [&'static str],
    compiled: OnceLock<Compiled>,
}

#[derive(Default)]
struct Compiled {
    automaton: Option<Automaton>,
    normal: Vec<String>,
}

impl Phrases {
    pub(super) const fn new(written: &'static [&'static str]) -> Self {
        Self { written, compiled: OnceLock::new() }
    }

    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| {
            let mut normaliser = Normaliser::default();
            let normal: Vec<String> = self.written.iter().map(|phrase| normaliser.of(phrase)).collect();
            let mut builder = Builder::new();
            let added = normal.iter().try_for_each(|text| builder.add(text));
            let automaton = added.and_then(|()| builder.build()).ok().map(|(automaton, _)| automaton);
            Compiled { automaton, normal }
        })
    }

    /// Where the first of them stands in a normalised text; edges that are ASCII letters or digits must be edges of words.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        let mut found = None;
        self.compiled().automaton.as_ref()?.each(text, |_, start, end| {
            if stands_alone(text, start, end - start) {
                found = Some(start..end);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        found
    }

    /// Whether any of them stands in a normalised text.
    pub(super) fn stand_in(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// Whether a normalised text begins with one of them.
    pub(super) fn begin(&self, text: &str) -> bool {
        self.compiled()
            .normal
            .iter()
            .any(|phrase| text.starts_with(phrase.as_str()) && stands_alone(text, 0, phrase.len()))
    }

    /// Whether a normalised text ends with one of them.
    pub(super) fn end(&self, text: &str) -> bool {
        self.compiled().normal.iter().any(|phrase| {
            text.ends_with(phrase.as_str()) && stands_alone(text, text.len() - phrase.len(), phrase.len())
        })
    }
}

/// Whether a link's text (normalised) asks to log in, confirm, pay, claim or the like.
pub(super) fn is_action(text: &str) -> bool {
    !text.is_empty() && text.len() <= BUTTON && ACTIONS.stand_in(text)
}

/// The authority of an absolute URL as written, up to the path.
pub(super) fn authority(target: &str) -> Option<&str> {
    let rest = target.split_once(':')?.1.trim_start_matches(['/', '\\']);
    rest.split(['/', '?', '#']).next()
}

/// Whether a name looks as if a machine had made it: a long run of consonants, hardly a vowel, or letters and digits in turn.
pub fn is_random(name: &str) -> bool {
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
    use crate::message::normalise;

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
        for name in
            ["example", "strength", "rhythms", "web20", "smbc-card", "k8s", "mp3", "schmidt", "nttdocomo"]
        {
            assert!(!is_random(name), "{name}");
        }
    }
}
