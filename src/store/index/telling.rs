//! What the person was told, and what they have still to be told.

use jiff::civil::Date;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::digest::Written;
use crate::evidence::{Entry, Notice, Way};
use crate::indicator::Category;
use crate::store::error::Error;
use crate::store::index::Index;
use crate::store::index::query::{column_id, id, parsed, signed, unsigned};
use crate::store::{Announced, OpenAppend, Urgent};
use crate::verdict::{Level, Severity};

/// Urgent messages that are told of at once.
const URGENT_ROWS: u32 = 200;

impl Index {
    /// The rows of an entry that says what is urgent, or that it was told.
    pub(super) fn press(&self, seq: u64, entry: &Entry) -> Result<(), Error> {
        match entry {
            Entry::Judged {
                id, level: Level::Threat, severity: Some(Severity::Urgent), category, ..
            } => self.execute(
                "INSERT OR IGNORE INTO urgent (seq, id, account, category) \
                 SELECT ?1, id, account, ?3 FROM captures WHERE id = ?2",
                params![signed(seq), column_id(*id), category.and_then(category_word)],
            ),
            // Who puts a message into quarantine knows of it.
            Entry::Reported { id, .. } => {
                self.execute("DELETE FROM urgent WHERE id = ?1", params![column_id(*id)])
            }
            Entry::AppendIntent { ids, .. } => ids.iter().try_for_each(|id| {
                self.execute(
                    "UPDATE urgent SET append = ?2 WHERE id = ?1",
                    params![column_id(*id), signed(seq)],
                )
            }),
            Entry::Notified { way, notice: Notice::Digest, .. } => self
                .execute("INSERT OR REPLACE INTO told VALUES (?1, ?2)", params![way_word(*way), signed(seq)]),
            Entry::Notified { way, notice: Notice::Alert, ids, .. } => ids.iter().try_for_each(|id| {
                let sql = match way {
                    Way::Https => "UPDATE urgent SET https = 1 WHERE id = ?1",
                    Way::Desktop => "UPDATE urgent SET desktop = 1 WHERE id = ?1",
                };
                self.execute(sql, params![column_id(*id)])
            }),
            _ => Ok(()),
        }
    }

    /// Every digest that was written, as [`crate::digest::due`] wants it.
    pub(in crate::store) fn written(&self) -> Result<Written, Error> {
        let mut find = self.db.prepare_cached("SELECT date, first, next FROM digests ORDER BY seq")?;
        let rows =
            find.query_map([], |row| Ok((parsed::<Date>(row, 0)?, unsigned(row, 1)?, unsigned(row, 2)?)))?;
        let mut written = Written::default();
        for row in rows {
            let (date, first, next) = row?;
            written.add(date, first, next);
        }
        Ok(written)
    }

    /// What became of a message of our own that was announced under this Message-ID, the last time.
    pub(in crate::store) fn announced(&self, account: &str, message_id: &str) -> Result<Announced, Error> {
        let mut find = self.db.prepare_cached(
            "SELECT outcome, EXISTS (SELECT 1 FROM digests WHERE digests.seq > appends.seq) FROM appends \
             WHERE account = ?1 AND message_id = ?2 ORDER BY seq DESC LIMIT 1",
        )?;
        let row = find.query_row(params![account, message_id], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, bool>(1)?))
        });
        Ok(match row.optional()? {
            None => Announced::Never,
            Some((None, _)) => Announced::Open,
            Some((Some(outcome), next_day)) if outcome == "refused" => Announced::Refused { next_day },
            Some(_) => Announced::There,
        })
    }

    /// Announced messages of our own without a result, oldest first.
    pub(in crate::store) fn open_appends(&self, account: &str) -> Result<Vec<OpenAppend>, Error> {
        let mut find = self.db.prepare_cached(
            "SELECT seq, mailbox, message_id, sha256 FROM appends WHERE account = ?1 AND outcome IS NULL ORDER BY seq",
        )?;
        let rows = find.query_map(params![account], |row| {
            let append = OpenAppend {
                mailbox: row.get(1)?,
                message_id: row.get(2)?,
                sha256: parsed(row, 3)?,
                urgent: Vec::new(),
            };
            Ok((row.get::<_, i64>(0)?, append))
        })?;
        let mut open = Vec::new();
        for row in rows {
            let (seq, append) = row?;
            let mut find = self.db.prepare_cached(
                "SELECT u.id, u.category, c.moved_mailbox IS NOT NULL FROM urgent u JOIN captures c ON c.id = u.id \
                 WHERE u.append = ?1 ORDER BY u.seq",
            )?;
            let urgent = find.query_map(params![seq], urgent)?.collect::<Result<_, _>>()?;
            open.push(OpenAppend { urgent, ..append });
        }
        Ok(open)
    }

    /// Urgent messages of an account, taken in at this second or later, whose place is settled and whom no message of our
    /// own told of; those that one told of which the server refused, on the day after.
    pub(in crate::store) fn urgent_unposted(&self, account: &str, since: i64) -> Result<Vec<Urgent>, Error> {
        self.urgent(
            "SELECT u.id, u.category, c.moved_mailbox IS NOT NULL FROM urgent u JOIN captures c ON c.id = u.id \
             LEFT JOIN appends a ON a.seq = u.append \
             WHERE u.account = ?1 AND c.at >= ?2 AND c.released = 0 AND c.erased = 0 \
             AND NOT EXISTS (SELECT 1 FROM intents i WHERE i.id = u.id AND i.outcome IS NULL) \
             AND (u.append IS NULL OR (a.outcome = 'refused' AND EXISTS (SELECT 1 FROM digests d WHERE d.seq > a.seq))) \
             ORDER BY u.seq LIMIT ?3",
            account,
            since,
        )
    }

    /// The same of those that were not told by another way, of all accounts.
    pub(in crate::store) fn urgent_untold(&self, way: Way, since: i64) -> Result<Vec<Urgent>, Error> {
        let sql = match way {
            Way::Https => {
                "SELECT u.id, u.category, c.moved_mailbox IS NOT NULL FROM urgent u JOIN captures c ON c.id = u.id \
                 WHERE ?1 = '' AND c.at >= ?2 AND u.https = 0 AND c.released = 0 \
                 AND NOT EXISTS (SELECT 1 FROM intents i WHERE i.id = u.id AND i.outcome IS NULL) \
                 ORDER BY u.seq LIMIT ?3"
            }
            Way::Desktop => {
                "SELECT u.id, u.category, c.moved_mailbox IS NOT NULL FROM urgent u JOIN captures c ON c.id = u.id \
                 WHERE ?1 = '' AND c.at >= ?2 AND u.desktop = 0 AND c.released = 0 \
                 AND NOT EXISTS (SELECT 1 FROM intents i WHERE i.id = u.id AND i.outcome IS NULL) \
                 ORDER BY u.seq LIMIT ?3"
            }
        };
        self.urgent(sql, "", since)
    }

    fn urgent(&self, sql: &str, account: &str, since: i64) -> Result<Vec<Urgent>, Error> {
        let mut find = self.db.prepare_cached(sql)?;
        let rows = find.query_map(params![account, since, URGENT_ROWS], urgent)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The last digest that was written, where it was not told by this way.
    pub(in crate::store) fn digest_untold(&self, way: Way) -> Result<Option<Date>, Error> {
        let mut find = self.db.prepare_cached(
            "SELECT date FROM digests WHERE seq > coalesce((SELECT seq FROM told WHERE way = ?1), -1) \
             ORDER BY seq DESC LIMIT 1",
        )?;
        Ok(find.query_row(params![way_word(way)], |row| parsed(row, 0)).optional()?)
    }
}

fn urgent(row: &Row<'_>) -> rusqlite::Result<Urgent> {
    let category: Option<String> = row.get(1)?;
    let category = category.as_deref().and_then(category_of);
    Ok(Urgent { id: id(row, 0)?, category, moved: row.get(2)? })
}

fn way_word(way: Way) -> &'static str {
    match way {
        Way::Https => "https",
        Way::Desktop => "desktop",
    }
}

/// As in the record.
fn category_word(category: Category) -> Option<String> {
    serde_json::to_value(category).ok()?.as_str().map(str::to_owned)
}

fn category_of(word: &str) -> Option<Category> {
    serde_json::from_value(word.into()).ok()
}
