//! What is wrong with a command line, in Japanese: clap's own words are English.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What clap found, in words; none where its own text is no error (help, version).
pub(super) fn japanese(error: &clap::Error) -> Option<String> {
    if !error.use_stderr() {
        return None;
    }
    let told = Told(error);
    let argument = told.one(ContextKind::InvalidArg);
    let value = told.one(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("{argument} という指定はありません"),
        ErrorKind::InvalidSubcommand => {
            format!("{} というコマンドはありません", told.one(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} に値がありません"),
        ErrorKind::InvalidValue => format!("{argument} に「{value}」は使えません"),
        ErrorKind::ValueValidation => format!("{argument} に「{value}」は使えません{}", told.source()),
        ErrorKind::MissingRequiredArgument => {
            format!("足りないものがあります: {}", told.all(ContextKind::InvalidArg).join("、"))
        }
        ErrorKind::ArgumentConflict => {
            let prior = told.all(ContextKind::PriorArg).join("、");
            format!("{argument} は {prior} と一緒に使えません")
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "コマンドが足りません".to_owned()
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("{argument} の値の数が違います")
        }
        ErrorKind::InvalidUtf8 => "UTF-8 として読めない文字があります".to_owned(),
        _ => "コマンドラインに誤りがあります".to_owned(),
    };
    let mut lines = vec![format!("エラー: {what}")];
    let valid =
        [ContextKind::ValidValue, ContextKind::ValidSubcommand].into_iter().flat_map(|kind| told.all(kind));
    let valid: Vec<String> = valid.collect();
    if !valid.is_empty() {
        lines.push(format!("  使えるもの: {}", valid.join("、")));
    }
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand];
    let near: Vec<String> = near.into_iter().flat_map(|kind| told.all(kind)).collect();
    if !near.is_empty() {
        lines.push(format!("  もしかして: {}", near.join("、")));
    }
    let usage = told.one(ContextKind::Usage);
    if let Some(usage) = usage.strip_prefix("Usage:") {
        lines.push(format!("\n使い方:{usage}"));
    }
    lines.push("\nくわしくは --help をつけてください".to_owned());
    Some(lines.join("\n"))
}

/// What clap tells with an error.
struct Told<'e>(&'e clap::Error);

impl Told<'_> {
    fn all(&self, kind: ContextKind) -> Vec<String> {
        match self.0.get(kind) {
            Some(ContextValue::String(text)) => vec![text.clone()],
            Some(ContextValue::Strings(texts)) => texts.clone(),
            Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
            Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }

    fn one(&self, kind: ContextKind) -> String {
        self.all(kind).join("、")
    }

    /// Why a value was not taken, as whoever reads it says (in English).
    fn source(&self) -> String {
        std::error::Error::source(self.0).map_or_else(String::new, |why| format!(" ({why})"))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::help::spoken;
    use crate::cli::text::Lang;

    fn said(words: &[&str]) -> Option<String> {
        let command = spoken(crate::cli::Arguments::command(), Lang::Ja);
        command.try_get_matches_from(words).err().as_ref().and_then(japanese)
    }

    #[test]
    fn what_is_wrong_is_said_in_japanese_with_what_would_be_right() {
        let cases: [(&[&str], &[&str]); 8] = [
            (&["komainu", "scna"], &["scna というコマンドはありません", "もしかして: scan"]),
            (&["komainu", "scan", "--fromat", "json", "x"], &["--fromat", "もしかして: --format"]),
            (&["komainu", "scan", "--format", "xml", "x"], &["「xml」は使えません", "human、json"]),
            (&["komainu", "scan"], &["足りないものがあります: <PATH>...", "使い方: komainu scan"]),
            (&["komainu", "scan", "--now", "soon", "x"], &["--now", "「soon」は使えません"]),
            (&["komainu", "status", "--store", "a", "--config", "b"], &["一緒に使えません"]),
            (&["komainu", "check", "--config"], &["--config", "値がありません"]),
            (&["komainu", "case"], &["コマンドが足りません"]),
        ];
        for (words, parts) in cases {
            let said = said(words).unwrap_or_default();
            for part in parts {
                assert!(said.contains(part), "{words:?}: {said}");
            }
            for english in ["error:", "Usage", "tip:", "required"] {
                assert!(!said.contains(english), "{words:?}: {said}");
            }
        }
        assert_eq!(said(&["komainu", "--help"]), None);
    }
}
