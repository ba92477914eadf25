//! What is asked of the index.

use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{OptionalExtension as _, Params, Row, params};
use uuid::Uuid;

use crate::evidence::{Digest, Entry, EvidenceId, Lesson, Method, Position, PublicKey, UidSet};
use crate::store::error::Error;
use crate::store::index::Index;
use crate::store::{Asked, Identity, Kept, Known, Moved, OpenIntent, Watched};

/// UIDs looked at for one scan batch, and octets that its set may have: well within a line.
const BATCH_ROWS: u32 = 50_000;
const BATCH_OCTETS: usize = 32 * 1024;

/// Messages looked at again before the next are asked for.
const REFETCH_ROWS: u32 = 1000;
/// A key-rotated record.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Rotation {
    pub(in crate::store) seq: u64,
    /// None where it is not a key.
    pub(in crate::store) key: Option<PublicKey>,
    pub(in crate::store) at: Timestamp,
}

const KNOWN: &str = "SELECT id, account, mailbox, uidvalidity, uid, sha256, moved_mailbox, moved_uidvalidity, \
                     moved_uid, released, internaldate FROM captures";

impl Index {
    pub(in crate::store) fn watched(&self, account: &str, mailbox: &str) -> Result<Option<Watched>, Error> {
        let mut find = self.db.prepare_cached(
            "SELECT uidvalidity, next_uid, start_uid FROM watched WHERE account = ?1 AND mailbox = ?2",
        )?;
        let row = find.query_row(params![account, mailbox], |row| {
            let cursor = Position {
                account: account.to_owned(),
                mailbox: mailbox.to_owned(),
                uidvalidity: row.get(0)?,
                uid: row.get(1)?,
            };
            Ok(Watched { cursor, start_uid: row.get(2)? })
        });
        Ok(row.optional()?)
    }

    pub(in crate::store) fn watched_since(
        &self,
        account: &str,
        mailbox: &str,
    ) -> Result<Option<Timestamp>, Error> {
        let mut find =
            self.db.prepare_cached("SELECT since FROM watched WHERE account = ?1 AND mailbox = ?2")?;
        let since: Option<i64> = find.query_row(params![account, mailbox], |row| row.get(0)).optional()?;
        Ok(since.and_then(|since| Timestamp::from_second(since).ok()))
    }

    /// When the first mailbox of an account was first watched.
    pub(in crate::store) fn first_watched(&self, account: &str) -> Result<Option<Timestamp>, Error> {
        let mut find = self.db.prepare_cached("SELECT min(since) FROM watched WHERE account = ?1")?;
        let since: Option<i64> = find.query_row(params![account], |row| row.get(0))?;
        Ok(since.and_then(|since| Timestamp::from_second(since).ok()))
    }

    /// What the person asked to have moved back, stands in quarantine as far as is known, and has not been tried since.
    pub(in crate::store) fn releases(&self, account: &str) -> Result<Vec<Asked>, Error> {
        let mut find = self.db.prepare_cached(
            "SELECT c.id, c.mailbox, c.moved_mailbox, c.moved_uidvalidity, c.moved_uid, c.sha256, c.size, c.canonical, \
             c.erased FROM releases r JOIN captures c ON c.id = r.id \
             WHERE c.account = ?1 AND c.moved_mailbox IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM intents i WHERE i.id = r.id AND i.seq > r.seq) ORDER BY r.seq",
        )?;
        let rows = find.query_map(params![account], |row| {
            Ok(Asked {
                id: id(row, 0)?,
                came_in: row.get(1)?,
                mailbox: row.get(2)?,
                uidvalidity: row.get(3)?,
                uid: row.get(4)?,
                sha256: parsed(row, 5)?,
                size: unsigned(row, 6)?,
                canonical: parsed(row, 7)?,
                erased: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The lessons of an account that stand, with the digests of their notes.
    pub(in crate::store) fn lessons(
        &self,
        account: &str,
    ) -> Result<Vec<(EvidenceId, Lesson, Digest)>, Error> {
        let mut find = self.db.prepare_cached(
            "SELECT l.id, l.lesson, l.sha256 FROM lessons l JOIN captures c ON c.id = l.id \
             WHERE c.account = ?1 ORDER BY l.seq",
        )?;
        let rows = find.query_map(params![account], |row| {
            let wanted = row.get::<_, String>(1)? == "wanted";
            let lesson = if wanted { Lesson::Wanted } else { Lesson::Unwanted };
            Ok((id(row, 0)?, lesson, parsed(row, 2)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(in crate::store) fn open_intents(&self, account: &str) -> Result<Vec<OpenIntent>, Error> {
        let mut find = self.db.prepare_cached(
            "SELECT i.id, i.account, i.mailbox, i.uidvalidity, i.uid, i.method, i.destination, \
             i.destination_uidvalidity, i.destination_uidnext, i.copied, c.sha256, c.size, \
             coalesce(c.moved_mailbox = i.mailbox, 0) \
             FROM intents i JOIN captures c ON c.id = i.id WHERE i.account = ?1 AND i.outcome IS NULL ORDER BY i.seq",
        )?;
        let rows = find.query_map(params![account], |row| {
            Ok(OpenIntent {
                id: id(row, 0)?,
                position: position(row, 1)?,
                method: method(row, 5)?,
                destination: row.get(6)?,
                destination_uidvalidity: row.get(7)?,
                destination_uidnext: row.get(8)?,
                copied: row.get(9)?,
                sha256: parsed(row, 10)?,
                size: unsigned(row, 11)?,
                back: row.get(12)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(in crate::store) fn not_refetched(&self, account: &str) -> Result<Vec<Moved>, Error> {
        let mut find = self.db.prepare_cached(
            "SELECT id, account, moved_mailbox, moved_uidvalidity, moved_uid, sha256, canonical FROM captures \
             WHERE account = ?1 AND refetched = 0 AND moved_uid IS NOT NULL AND released = 0 ORDER BY seq LIMIT ?2",
        )?;
        let rows = find.query_map(params![account, REFETCH_ROWS], |row| {
            Ok(Moved {
                id: id(row, 0)?,
                to: position(row, 1)?,
                sha256: parsed(row, 5)?,
                canonical: parsed(row, 6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Digests of a message's blob and meta; none where there is no such message, or where they are erased.
    pub(in crate::store) fn contents(&self, message: EvidenceId) -> Result<Option<(Digest, Digest)>, Error> {
        let mut find = self
            .db
            .prepare_cached("SELECT sha256, meta_sha256 FROM captures WHERE id = ?1 AND erased = 0")?;
        let row = find.query_row(params![column_id(message)], |row| Ok((parsed(row, 0)?, parsed(row, 1)?)));
        Ok(row.optional()?)
    }

    /// True where a message that is not erased, and not one of these, has these octets.
    pub(in crate::store) fn needed_by_others(
        &self,
        sha256: Digest,
        these: &[EvidenceId],
    ) -> Result<bool, Error> {
        let mut find = self.db.prepare_cached("SELECT id FROM captures WHERE sha256 = ?1 AND erased = 0")?;
        let ids = find.query_map(params![sha256.to_string()], |row| id(row, 0))?;
        for found in ids {
            if !these.contains(&found?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Files that the record says are gone, and that may still be there.
    pub(in crate::store) fn to_sweep(&self) -> Result<Vec<(Digest, Option<EvidenceId>)>, Error> {
        let mut find = self.db.prepare_cached("SELECT sha256, id FROM erased WHERE done = 0")?;
        let rows = find.query_map([], |row| {
            let whose: Option<String> = row.get(1)?;
            Ok((parsed(row, 0)?, whose.and_then(|id| id.parse().ok().map(EvidenceId))))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(in crate::store) fn swept(&self, sha256: Digest, message: Option<EvidenceId>) -> Result<(), Error> {
        let mut done = self.db.prepare_cached("UPDATE erased SET done = 1 WHERE sha256 = ?1 AND id IS ?2")?;
        done.execute(params![sha256.to_string(), message.map(column_id)])?;
        Ok(())
    }

    /// Messages taken in, or released, before these times (seconds since 1970), that no held case has.
    pub(in crate::store) fn outdated(&self, hits: i64, released: i64) -> Result<Vec<EvidenceId>, Error> {
        let mut find = self.db.prepare_cached(
            "SELECT id FROM captures c WHERE erased = 0 AND (at < ?1 OR released_at < ?2) \
             AND NOT EXISTS (SELECT 1 FROM intents i WHERE i.id = c.id AND i.outcome IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM case_messages m JOIN cases k ON k.id = m.case_id \
             WHERE m.id = c.id AND k.held = 1) ORDER BY seq",
        )?;
        let rows = find.query_map(params![hits, released], |row| id(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets the identities of clean messages that were seen before this time; that their UIDs are handled stays.
    pub(in crate::store) fn forget_clean(&self, before: i64) -> Result<(), Error> {
        let mut forget = self.db.prepare_cached(
            "UPDATE clean AS c SET sha256 = NULL, server_identity = NULL WHERE at < ?1 \
             AND (sha256 IS NOT NULL OR server_identity IS NOT NULL) \
             AND (batched = 1 OR EXISTS (SELECT 1 FROM settled s WHERE s.account = c.account \
             AND s.mailbox = c.mailbox AND s.uidvalidity = c.uidvalidity AND s.uid = c.uid))",
        )?;
        forget.execute(params![before])?;
        Ok(())
    }

    pub(in crate::store) fn last_watched(&self) -> Result<Option<Timestamp>, Error> {
        let at: Option<i64> = self.db.query_row("SELECT at FROM heard", [], |row| row.get(0)).optional()?;
        Ok(at.and_then(|at| Timestamp::from_millisecond(at).ok()))
    }

    /// What the index has of [`Kept`].
    pub(in crate::store) fn kept(&self) -> Result<Kept, Error> {
        let (messages, octets) = self.db.query_row(
            "SELECT count(*), coalesce(sum(size), 0) FROM captures WHERE erased = 0",
            [],
            |row| Ok((unsigned(row, 0)?, unsigned(row, 1)?)),
        )?;
        let witness = self
            .db
            .query_row("SELECT kind, size, at FROM witnesses ORDER BY seq DESC LIMIT 1", [], |row| {
                let at = Timestamp::from_second(row.get(2)?).unwrap_or_default();
                Ok((row.get(0)?, unsigned(row, 1)?, at))
            })
            .optional()?;
        let digest = self
            .db
            .query_row("SELECT date FROM digests ORDER BY seq DESC LIMIT 1", [], |row| parsed(row, 0))
            .optional()?;
        Ok(Kept { messages, octets, witness, digest, ..Kept::default() })
    }

    /// A message by the beginning of its id.
    pub(in crate::store) fn by_prefix(&self, prefix: &str) -> Result<Vec<EvidenceId>, Error> {
        let mut find =
            self.db.prepare_cached("SELECT id FROM captures WHERE substr(id, 1, length(?1)) = ?1 LIMIT 3")?;
        let rows = find.query_map(params![prefix], |row| id(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(in crate::store) fn moved_in(&self, at: &Position) -> Result<Vec<u32>, Error> {
        let mut find = self.db.prepare_cached(
            "SELECT moved_uid FROM captures WHERE account = ?1 AND moved_mailbox = ?2 AND moved_uidvalidity = ?3 \
             AND moved_uid >= ?4 \
             UNION SELECT copied FROM intents WHERE account = ?1 AND destination = ?2 AND destination_uidvalidity = ?3 \
             AND copied >= ?4",
        )?;
        let rows =
            find.query_map(params![at.account, at.mailbox, at.uidvalidity, at.uid], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(in crate::store) fn at(&self, at: &Position) -> Result<Option<Known>, Error> {
        let found = self.known(
            "WHERE account = ?1 AND mailbox = ?2 AND uidvalidity = ?3 AND uid = ?4",
            params![at.account, at.mailbox, at.uidvalidity, at.uid],
        )?;
        Ok(found.into_iter().next())
    }

    pub(in crate::store) fn by_identity(
        &self,
        account: &str,
        identity: &Identity,
    ) -> Result<Vec<Known>, Error> {
        match identity {
            Identity::Server(name) => self.known(
                "WHERE account = ?1 AND server_identity = ?2 ORDER BY seq DESC",
                params![account, name],
            ),
            Identity::Octets(sha256) => self.known(
                "WHERE account = ?1 AND sha256 = ?2 ORDER BY seq DESC",
                params![account, sha256.to_string()],
            ),
            Identity::Canonical(canonical, internaldate) => self.known(
                "WHERE account = ?1 AND canonical = ?2 AND internaldate = ?3 ORDER BY seq DESC",
                params![account, canonical.to_string(), internaldate],
            ),
        }
    }

    /// True where a clean message of this identity was seen. Canonical forms of clean messages are not kept.
    pub(in crate::store) fn was_clean(&self, account: &str, identity: &Identity) -> Result<bool, Error> {
        let (column, value) = match identity {
            Identity::Server(name) => ("server_identity", name.clone()),
            Identity::Octets(sha256) => ("sha256", sha256.to_string()),
            Identity::Canonical(..) => return Ok(false),
        };
        let sql = format!("SELECT 1 FROM clean WHERE account = ?1 AND {column} = ?2");
        Ok(self.db.prepare_cached(&sql)?.exists(params![account, value])?)
    }

    pub(in crate::store) fn handled(&self, at: &Position, from: u32) -> Result<Vec<u32>, Error> {
        const WHERE: &str = "WHERE account = ?1 AND mailbox = ?2 AND uidvalidity = ?3 AND uid >= ?4";
        let mut find = self.db.prepare_cached(&format!(
            "SELECT uid FROM captures {WHERE} UNION SELECT uid FROM clean {WHERE} UNION \
             SELECT uid FROM settled {WHERE} ORDER BY 1"
        ))?;
        let rows = find.query_map(params![at.account, at.mailbox, at.uidvalidity, from], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(in crate::store) fn unbatched(&self, account: &str, mailbox: &str) -> Result<Option<Entry>, Error> {
        let mut find = self.db.prepare_cached(
            // What was released has a record of its own, and is counted by that.
            "SELECT uidvalidity, uid FROM clean c WHERE account = ?1 AND mailbox = ?2 AND batched = 0 \
             AND NOT EXISTS (SELECT 1 FROM settled s WHERE s.account = c.account AND s.mailbox = c.mailbox \
             AND s.uidvalidity = c.uidvalidity AND s.uid = c.uid) \
             ORDER BY uidvalidity, uid LIMIT ?3",
        )?;
        let rows =
            find.query_map(params![account, mailbox, BATCH_ROWS], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let rows: Vec<(u32, u32)> = rows.collect::<Result<_, _>>()?;
        let Some((uidvalidity, _)) = rows.first().copied() else { return Ok(None) };
        let all: UidSet = rows.iter().filter(|row| row.0 == uidvalidity).map(|row| row.1).collect();
        let uids = all.bounded(BATCH_OCTETS);
        let after = uids.last().map_or(1, |last| last.saturating_add(1));
        let whole = uids == all && rows.len() < BATCH_ROWS as usize;
        let next_uid = match self.watched(account, mailbox)? {
            Some(w) if w.cursor.uidvalidity == uidvalidity && whole => w.cursor.uid,
            // What lies above is in the next batch.
            Some(w) if w.cursor.uidvalidity == uidvalidity => w.cursor.uid.min(after),
            _ => after,
        };
        Ok(Some(Entry::ScanBatch {
            account: account.to_owned(),
            mailbox: mailbox.to_owned(),
            uidvalidity,
            clean: uids.len(),
            uids: uids.to_string(),
            next_uid,
        }))
    }

    /// True where the record speaks of this torn tail.
    pub(in crate::store) fn is_recovered(&self, sha256: &str) -> Result<bool, Error> {
        Ok(self.db.prepare_cached("SELECT 1 FROM recoveries WHERE sha256 = ?1")?.exists(params![sha256])?)
    }

    /// When the first record was made.
    pub(in crate::store) fn began(&self) -> Result<Option<Timestamp>, Error> {
        let at = self.db.query_row("SELECT at FROM began", [], |row| row.get(0)).optional()?;
        Ok(at.and_then(|at| Timestamp::from_millisecond(at).ok()))
    }

    /// The last key rolls, newest first, two at most.
    pub(in crate::store) fn rotations(&self) -> Result<Vec<Rotation>, Error> {
        let mut find =
            self.db.prepare_cached("SELECT seq, public_key, at FROM rotations ORDER BY seq DESC LIMIT 2")?;
        let rows = find.query_map([], |row| {
            let key: String = row.get(1)?;
            Ok(Rotation {
                seq: unsigned(row, 0)?,
                key: PublicKey::from_base64(&key).ok(),
                at: Timestamp::from_millisecond(row.get(2)?).unwrap_or_default(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn known(&self, condition: &str, values: impl Params) -> Result<Vec<Known>, Error> {
        let mut find = self.db.prepare_cached(&format!("{KNOWN} {condition}"))?;
        let rows = find.query_map(values, |row| {
            let moved: Option<String> = row.get(6)?;
            let moved_to = match moved {
                Some(mailbox) => Some((mailbox, row.get(7)?, row.get(8)?)),
                None => None,
            };
            Ok(Known {
                id: id(row, 0)?,
                position: position(row, 1)?,
                sha256: parsed(row, 5)?,
                moved_to,
                released: row.get(9)?,
                internaldate: row.get(10)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// An id as it stands in its column.
pub(super) fn column_id(id: EvidenceId) -> String {
    id.0.to_string()
}

pub(super) fn method_word(method: Method) -> &'static str {
    match method {
        Method::Move => "move",
        Method::Copy => "copy",
    }
}

fn method(row: &Row<'_>, column: usize) -> rusqlite::Result<Method> {
    match row.get::<_, String>(column)?.as_str() {
        "move" => Ok(Method::Move),
        "copy" => Ok(Method::Copy),
        _ => Err(rusqlite::Error::FromSqlConversionFailure(
            column,
            Type::Text,
            FromSqlError::InvalidType.into(),
        )),
    }
}

pub(super) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<EvidenceId> {
    parsed::<Uuid>(row, column).map(EvidenceId)
}

fn position(row: &Row<'_>, first: usize) -> rusqlite::Result<Position> {
    Ok(Position {
        account: row.get(first)?,
        mailbox: row.get(first + 1)?,
        uidvalidity: row.get(first + 2)?,
        uid: row.get(first + 3)?,
    })
}

/// SQLite's integers are signed; no count of ours comes near the difference.
pub(super) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let n: i64 = row.get(column)?;
    u64::try_from(n).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, n))
}

pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text: String = row.get(column)?;
    text.parse()
        .map_err(|e: T::Err| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e)))
}
