//! Paths as written: `~/` is the home directory, what is relative stands beside the configuration file.

use std::path::{Path, PathBuf};

use super::diagnostic::Text;
use super::environment::Environment;
use super::section::{At, Found, More as _};

/// What paths are relative to.
pub(super) struct Base<'e> {
    /// The configuration file's directory.
    directory: PathBuf,
    environment: &'e Environment,
}

impl<'e> Base<'e> {
    pub(super) fn new(file: &Path, environment: &'e Environment) -> Self {
        let directory = file.parent().map_or_else(PathBuf::new, Path::to_owned);
        Self { directory, environment }
    }

    /// The path that is meant.
    pub(super) fn expand(&self, written: &str) -> PathBuf {
        let home = written.strip_prefix("~/").and_then(|rest| Some(self.environment.home()?.join(rest)));
        home.unwrap_or_else(|| self.directory.join(written))
    }

    /// The path that is meant, or the fault that it is none.
    pub(super) fn path(&self, written: At<&str>, key: &str, found: &mut Found) -> Option<At<PathBuf>> {
        let fault = if written.value.is_empty() || written.value.contains('\0') {
            Some(("空ではないパスを書いてください", "write a path"))
        } else if written.value.starts_with('$') {
            Some((
                "環境変数は展開しません。パスをそのまま書いてください",
                "variables are not expanded; write the path itself",
            ))
        } else if written.value.starts_with('~') && !written.value.starts_with("~/") {
            Some(("使えるのは ~/ だけです", "only ~/ is understood"))
        } else if written.value.starts_with("~/") && self.environment.home().is_none() {
            Some((
                "$HOME がないので ~/ は使えません。/ から書いてください",
                "there is no $HOME for ~/; write the path from /",
            ))
        } else {
            None
        };
        let Some((ja, en)) = fault else {
            let value = self.expand(written.value);
            return Some(At { value, span: written.span });
        };
        found
            .error(
                written.span,
                Text::new(format!("`{key}` はパスとして使えません"), format!("`{key}` is not a usable path")),
            )
            .with_help(ja, en);
        None
    }
}
