//! Which message is meant.

use super::text::Lang;
use crate::case::Ledger;
use crate::evidence::EvidenceId;

/// Shortest beginning of an evidence id that is taken.
const SHORTEST: usize = 8;

/// A message by its evidence id or the beginning of one.
pub(super) fn message(ledger: &Ledger, named: &str, lang: Lang) -> Result<EvidenceId, String> {
    let prefix = named.to_ascii_lowercase();
    let found = if prefix.len() < SHORTEST { Vec::new() } else { ledger.begins(&prefix) };
    match (found.as_slice(), lang) {
        ([id], _) => Ok(*id),
        ([], Lang::Ja) => Err(format!(
            "{named:?} に当たる事案もメールもありません。事案番号（C-2026-0001 など）か、証拠番号の先頭 {SHORTEST} 文字以上を指定してください"
        )),
        ([], Lang::En) => Err(format!(
            "{named:?} is neither a case nor a message; give a case number such as C-2026-0001, or the first {SHORTEST} or more characters of an evidence id"
        )),
        (several, lang) => {
            let ids: Vec<String> = several.iter().take(10).map(ToString::to_string).collect();
            let ids = ids.join("\n  ");
            Err(match lang {
                Lang::Ja => {
                    format!("{named:?} で始まる証拠番号が複数あります。もっと長く指定してください:\n  {ids}")
                }
                Lang::En => format!("{named:?} begins more than one evidence id; give more of it:\n  {ids}"),
            })
        }
    }
}
