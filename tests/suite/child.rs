//! Runs one test of this binary again in a process of its own, for what cannot be undone in the process of the others.

use std::process::{Command, Output};

/// Set in the child.
const MARK: &str = "KOMAINU_TEST_CHILD";

/// True in the process that [`run`] started.
pub(crate) fn is_child() -> bool {
    std::env::var_os(MARK).is_some()
}

/// Runs the test `name` (path and all) in a process of its own, on its main thread, with these variables.
pub(crate) fn run(name: &str, variables: &[(&str, &str)]) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(MARK, "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// What the child wrote, one `key=value` a line.
pub(crate) fn said(output: &Output, key: &str) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    line.unwrap_or_else(|| panic!("no {key} in:\n{text}\n{}", String::from_utf8_lossy(&output.stderr)))
        .to_owned()
}
