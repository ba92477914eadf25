//! The person's own tables, as `check` speaks of them.

use super::text::Lang;
use crate::config::{Config, Diagnostic, Text};
use crate::indicator::{Decision, Tables};

/// Labels and what stands behind them. `tables` where they could be read.
pub(super) fn lines(
    config: &Config,
    tables: Option<&Tables>,
    lang: Lang,
) -> Vec<((&'static str, &'static str), String)> {
    let folder = config.tables_dir.path.display();
    let mut lines = Vec::new();
    let own = match tables {
        None => lang.pick("誤りがあります（下に示します）", "there are faults, shown below").to_owned(),
        Some(tables) if tables.sources().is_empty() => lang
            .pick("まだありません。組み込みのものだけを使います", "none yet; only what is built in")
            .to_owned(),
        Some(tables) => {
            let names: Vec<&str> = tables.sources().iter().map(|source| source.name.as_str()).collect();
            names.join(lang.pick("、", ", "))
        }
    };
    lines.push((("テーブル", "tables"), format!("{folder} ({own})")));
    if let Some(tables) = tables.filter(|tables| !tables.senders().is_empty()) {
        let count = |decision| tables.senders().count(decision);
        let (allowed, blocked) = (count(Decision::Allow), count(Decision::Block));
        let value = match lang {
            Lang::Ja => format!("許可 {allowed} 件、拒否 {blocked} 件（送信元の認証に合格したメールだけ）"),
            Lang::En => {
                format!("{allowed} allowed, {blocked} blocked (only where the sender is authenticated)")
            }
        };
        lines.push((("差出人", "senders"), value));
    }
    if !config.disabled_indicators.is_empty() {
        let ids = config.disabled_indicators.join(lang.pick("、", ", "));
        lines.push((("止めた兆候", "switched off"), ids));
    }
    lines
}

/// Where lists were written that no message can match: without a pinned authserv-id, nobody vouches for a sender.
pub(super) fn powerless(config: &Config, tables: &Tables) -> Option<Diagnostic> {
    let bare: Vec<&str> = config
        .accounts
        .iter()
        .filter(|account| account.authserv_ids.is_empty())
        .map(|account| account.name.as_str())
        .collect();
    if tables.senders().is_empty() || bare.is_empty() {
        return None;
    }
    let ja = bare.join("、");
    let en = bare.join(", ");
    Some(
        Diagnostic::warning(Text::new(
            format!("許可・拒否リストは、アカウント {ja} では効きません。`authserv-id` がないためです"),
            format!("the lists of senders have no effect in account {en}: it has no `authserv-id`"),
        ))
        .help(Text::new(
            "差出人の表示は誰でも偽れるので、プロバイダーの検査 (DKIM・DMARC) に合格した差出人だけに効かせます。どのサーバーの検査を信じるかを authserv-id に書いてください",
            "a From line is easily forged, so the lists speak only of senders that your provider found authentic (DKIM, DMARC); authserv-id says whose finding that is",
        ))
        .help(Text::new(
            "届いたメールのソースで、いちばん上の Authentication-Results: のすぐ後にある名前です（例: authserv-id = [\"mx.example.com\"]）",
            "it is the first word after the topmost Authentication-Results: in the source of a message you got: authserv-id = [\"mx.example.com\"]",
        )),
    )
}
