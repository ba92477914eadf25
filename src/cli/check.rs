//! `komainu check`.
use super::text::Lang;
use crate::config::Environment;
use std::path::PathBuf;
use std::process::ExitCode;
pub(super) fn check(
    config: Option<PathBuf>,
    online: bool,
    lang: Option<Lang>,
    environment: &Environment,
) -> ExitCode {
    let config = match super::load(config, lang, environment) {
        Ok(config) => config,
        Err(status) => return status,
    };
    let lang = lang.unwrap_or(config.language);
    if online && !super::online::check(&config.accounts, environment, lang) {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
