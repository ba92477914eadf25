//! The day so far, as the digest will tell it: the demo does not wait for midnight.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use jiff::Timestamp;

use super::{Failure, write_private};
use crate::cli::text::Lang;
use crate::config::Config;
use crate::digest::{self, Facts, From, Period, Scope};
use crate::store::Layout;
use crate::store::digest::{Asked, digests};

/// Paragraphs of the digest that the demo shows: the result, and what is to be done about it.
const SHOWN: usize = 2;

/// Writes the page and the text beside where digests go, and says how it begins.
pub(super) fn digest(config: &Config, lang: Lang) -> Result<String, Failure> {
    let now = Timestamp::now();
    let date = config.timezone.to_datetime(now).date();
    let period = Period::of(date, &config.timezone).ok_or_else(|| Failure(date.to_string()))?;
    let asked = Asked::Look(From::Time(period.start), Scope::SoFar, period);
    let accounts = config.accounts.iter().map(|account| (account.name.clone(), Some(now))).collect();
    let facts = Facts { accounts, ..Facts::default() };
    let days = digests(&Layout::new(&config.state_dir), &config.timezone, now, asked, facts)?;
    let Some(day) = days.last() else { return Ok(String::new()) };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&config.log_dir)?;
    let text = digest::text(day, lang);
    let page: PathBuf = config.log_dir.join("today.html");
    write_private(&page, &digest::html(day, lang))?;
    write_private(&config.log_dir.join("today.txt"), &text)?;
    let head: Vec<&str> = text.split("\n\n").take(SHOWN).collect();
    let head = head.join("\n\n").replace('\n', "\n    ");
    let page = page.display();
    let whole = config.path.display();
    Ok(match lang {
        Lang::Ja => format!(
            "\n■ 日報（毎日、日付が変わると書かれます。これは今日の途中経過）\n    {head}\n\
             ブラウザーで見る: {page}   全文: komainu digest --config {whole}\n"
        ),
        Lang::En => format!(
            "\n■ The digest (written after each midnight; this is today so far)\n    {head}\n\
             In a browser: {page}   All of it: komainu digest --config {whole}\n"
        ),
    })
}
