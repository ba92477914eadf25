//! What an entry changes in the index, and what has to be true before it may be written.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Params, params};

use crate::evidence::{Appended, CaseId, Digest, Entry, EvidenceId, Lesson, Outcome, Position, UidSet};
use crate::store::error::Error;
use crate::store::index::Index;
use crate::store::index::query::{column_id, method_word, signed};
use crate::store::{Clean, Known};

/// A scan batch with more UIDs than this does not come from us; its rows are not made.
const BATCH_MAX: u64 = 1_000_000;

impl Index {
    /// Refuses what would be recorded twice, or before what it rests on. Nothing is changed.
    pub(in crate::store) fn check(&self, entry: &Entry) -> Result<(), Error> {
        match entry {
            Entry::Captured { id, position, .. } => {
                if let Some(Known { id, .. }) = self.at(position)? {
                    return Err(Error::Duplicate { id });
                }
                if self.is_captured(*id)? { Err(Error::Duplicate { id: *id }) } else { Ok(()) }
            }
            Entry::MoveIntent { id, .. } => {
                self.captured(*id)?;
                match self.last_intent(*id)? {
                    Some(Intent::Open) => Err(Error::Duplicate { id: *id }),
                    _ => Ok(()),
                }
            }
            Entry::Copied { id, .. } | Entry::MoveResult { id, .. } => match self.last_intent(*id)? {
                Some(Intent::Open) => Ok(()),
                Some(Intent::Settled) => Err(Error::Duplicate { id: *id }),
                None => Err(Error::NoIntent { id: *id }),
            },
            Entry::Released { id, position, .. } => {
                self.captured(*id)?;
                let again = self.exists(
                    "SELECT 1 FROM settled WHERE account = ?1 AND mailbox = ?2 AND uidvalidity = ?3 AND uid = ?4 \
                     AND how = 'released' AND id = ?5",
                    params![position.account, position.mailbox, position.uidvalidity, position.uid, column_id(*id)],
                )?;
                if again { Err(Error::Duplicate { id: *id }) } else { Ok(()) }
            }
            Entry::Judged { id, .. }
            | Entry::NotJudged { id: Some(id), .. }
            | Entry::Refetched { id, .. }
            | Entry::Reported { id, .. }
            | Entry::Viewed { id }
            | Entry::ReleaseAsked { id }
            | Entry::Erased { id: Some(id), .. } => self.captured(*id),
            Entry::Learned { id, .. } => {
                self.captured(*id)?;
                if self.is_lesson(*id)? { Err(Error::Duplicate { id: *id }) } else { Ok(()) }
            }
            Entry::Unlearned { id } => {
                if self.is_lesson(*id)? {
                    Ok(())
                } else {
                    Err(Error::NoLesson { id: *id })
                }
            }
            Entry::DigestWritten { date, .. } => {
                let again =
                    self.exists("SELECT 1 FROM digests WHERE date = ?1", params![date.to_string()])?;
                if again { Err(Error::DigestExists(*date)) } else { Ok(()) }
            }
            Entry::AppendIntent { account, message_id, .. } => {
                let open = self.open_append(account, message_id)?;
                if open { Err(Error::AppendOpen) } else { Ok(()) }
            }
            Entry::AppendResult { account, message_id, .. } => {
                let open = self.open_append(account, message_id)?;
                if open { Ok(()) } else { Err(Error::NoAppend) }
            }
            Entry::CaseAdded { case, ids } => {
                self.opened(*case)?;
                ids.iter().try_for_each(|id| self.captured(*id))
            }
            Entry::CaseNote { case, .. } | Entry::CaseHeld { case, .. } | Entry::Exported { case, .. } => {
                self.opened(*case)
            }
            Entry::CaseOpened { case, .. } => {
                if self.is_opened(*case)? {
                    Err(Error::CaseExists(*case))
                } else {
                    Ok(())
                }
            }
            Entry::ScanBatch { uids, .. } => Ok(uids.parse::<UidSet>().map(|_| ())?),
            _ => Ok(()),
        }
    }

    /// Makes the rows of an entry. Total: what a chain says is taken as it is, also where [`Index::check`] would not
    /// have let it in.
    pub(in crate::store) fn apply(&self, seq: u64, at: Timestamp, entry: &Entry) -> Result<(), Error> {
        if seq == 0 {
            self.execute("INSERT INTO began VALUES (?1)", params![at.as_millisecond()])?;
        }
        self.heard(at, entry)?;
        match entry {
            Entry::KeyRotated { public_key } => self.execute(
                "INSERT OR IGNORE INTO rotations VALUES (?1, ?2, ?3)",
                params![signed(seq), public_key, at.as_millisecond()],
            ),
            Entry::WatchStart { position } | Entry::UidvalidityChanged { position, .. } => {
                self.watch(position, at)
            }
            Entry::Cursor { position } => self.cursor(position, at),
            Entry::Captured { .. } => self.capture(seq, at, entry),
            Entry::NotJudged { id, position, reason } => {
                self.settle(position, "not-judged", *id, Some(reason))
            }
            Entry::Released { id, position, .. } => {
                self.settle(position, "released", Some(*id), None)?;
                self.execute(
                    "UPDATE captures SET released = 1, released_at = coalesce(released_at, ?2) WHERE id = ?1",
                    params![column_id(*id), at.as_second()],
                )
            }
            Entry::MoveIntent { .. } => self.intend(seq, entry),
            Entry::Copied { id, destination_uid } => self.execute(
                "UPDATE intents SET copied = ?2 WHERE id = ?1 AND outcome IS NULL",
                params![column_id(*id), destination_uid],
            ),
            Entry::MoveResult { id, outcome, destination_uid, .. } => {
                self.result(*id, *outcome, *destination_uid)
            }
            Entry::ScanBatch { .. } => self.scanned(at, entry),
            Entry::Reported { id, .. } => {
                // As if it had been moved there: taken out again it is released, and asked for it is moved back.
                self.execute(
                    "UPDATE captures SET moved_mailbox = mailbox, moved_uidvalidity = uidvalidity, moved_uid = uid, \
                     refetched = 1 WHERE id = ?1",
                    params![column_id(*id)],
                )?;
                self.press(seq, entry)
            }
            Entry::ReleaseAsked { id } => self.release_asked(seq, at, *id),
            Entry::Learned { id, lesson, sha256 } => self.execute(
                "INSERT OR REPLACE INTO lessons VALUES (?1, ?2, ?3, ?4)",
                params![column_id(*id), signed(seq), lesson_word(*lesson), sha256.to_string()],
            ),
            Entry::Unlearned { id } => {
                self.execute("DELETE FROM lessons WHERE id = ?1", params![column_id(*id)])
            }
            Entry::Refetched { id, .. } => {
                self.execute("UPDATE captures SET refetched = 1 WHERE id = ?1", params![column_id(*id)])
            }
            Entry::Erased { id, contents, .. } => self.erase(*id, contents),
            Entry::CaseOpened { case, .. } => {
                self.execute("INSERT OR IGNORE INTO cases (id) VALUES (?1)", params![case.to_string()])
            }
            Entry::CaseAdded { case, ids } => ids.iter().try_for_each(|id| {
                self.execute(
                    "INSERT OR IGNORE INTO case_messages VALUES (?1, ?2)",
                    params![case.to_string(), column_id(*id)],
                )
            }),
            Entry::CaseHeld { case, held } => {
                self.execute("UPDATE cases SET held = ?2 WHERE id = ?1", params![case.to_string(), held])
            }
            Entry::Judged { .. }
            | Entry::Notified { .. }
            | Entry::Witness { .. }
            | Entry::DigestWritten { .. }
            | Entry::AppendIntent { .. }
            | Entry::AppendResult { .. } => self.tell(seq, at, entry),
            Entry::Recovery { sha256: Some(sha256), .. } => {
                self.execute("INSERT OR IGNORE INTO recoveries VALUES (?1)", params![sha256.to_string()])
            }
            _ => Ok(()),
        }
    }

    /// Somebody watched when this was made.
    fn heard(&self, at: Timestamp, entry: &Entry) -> Result<(), Error> {
        if !entry.is_of_the_watch() {
            return Ok(());
        }
        self.execute(
            "INSERT INTO heard VALUES (1, ?1) ON CONFLICT DO UPDATE SET at = excluded.at",
            params![at.as_millisecond()],
        )
    }

    /// What was told to the person, and put outside.
    fn tell(&self, seq: u64, at: Timestamp, entry: &Entry) -> Result<(), Error> {
        match entry {
            Entry::Witness { kind, size, .. } => self.execute(
                "INSERT OR IGNORE INTO witnesses VALUES (?1, ?2, ?3, ?4)",
                params![signed(seq), kind, signed(*size), at.as_second()],
            ),
            Entry::DigestWritten { date, first, next, sha256 } => self.execute(
                "INSERT OR IGNORE INTO digests VALUES (?1, ?2, ?3, ?4, ?5)",
                params![signed(seq), date.to_string(), signed(*first), signed(*next), sha256.to_string()],
            ),
            Entry::Judged { .. } | Entry::Notified { .. } => self.press(seq, entry),
            Entry::AppendIntent { account, mailbox, message_id, sha256, .. } => {
                self.execute(
                    "INSERT OR IGNORE INTO appends (seq, account, mailbox, message_id, sha256) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![signed(seq), account, mailbox, message_id, sha256.to_string()],
                )?;
                self.press(seq, entry)
            }
            Entry::AppendResult { account, message_id, outcome, .. } => self.execute(
                "UPDATE appends SET outcome = ?3 WHERE account = ?1 AND message_id = ?2 AND outcome IS NULL",
                params![
                    account,
                    message_id,
                    match outcome {
                        Appended::Done => "done",
                        Appended::Found => "found",
                        Appended::Refused => "refused",
                    }
                ],
            ),
            _ => Ok(()),
        }
    }

    /// A clean message's row.
    pub(in crate::store) fn clean(&self, clean: &Clean, when: Timestamp) -> Result<(), Error> {
        let Clean { position: at, sha256, server_identity } = clean;
        self.execute(
            "INSERT INTO clean (account, mailbox, uidvalidity, uid, sha256, server_identity, at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET \
             sha256 = excluded.sha256, server_identity = excluded.server_identity",
            params![
                at.account,
                at.mailbox,
                at.uidvalidity,
                at.uid,
                sha256.to_string(),
                server_identity,
                when.as_second()
            ],
        )
    }

    /// Moves a cursor on, never back; one of another UIDVALIDITY says nothing.
    pub(in crate::store) fn cursor(&self, next: &Position, at: Timestamp) -> Result<(), Error> {
        self.execute(
            "INSERT INTO watched (account, mailbox, uidvalidity, start_uid, next_uid, since) \
             VALUES (?1, ?2, ?3, ?4, ?4, ?5) \
             ON CONFLICT DO UPDATE SET next_uid = max(next_uid, excluded.next_uid) \
             WHERE uidvalidity = excluded.uidvalidity",
            params![next.account, next.mailbox, next.uidvalidity, next.uid, at.as_second()],
        )
    }

    /// Sets where a mailbox begins. Under the same UIDVALIDITY the cursor still never goes back: a backlog begins lower,
    /// and what was judged stays judged. Since when it is watched is told by its first record.
    fn watch(&self, from: &Position, at: Timestamp) -> Result<(), Error> {
        self.execute(
            "INSERT INTO watched (account, mailbox, uidvalidity, start_uid, next_uid, since) \
             VALUES (?1, ?2, ?3, ?4, ?4, ?5) ON CONFLICT DO UPDATE SET start_uid = excluded.start_uid, next_uid = \
             CASE WHEN uidvalidity = excluded.uidvalidity THEN max(next_uid, excluded.next_uid) \
             ELSE excluded.next_uid END, uidvalidity = excluded.uidvalidity",
            params![from.account, from.mailbox, from.uidvalidity, from.uid, at.as_second()],
        )
    }

    fn capture(&self, seq: u64, when: Timestamp, entry: &Entry) -> Result<(), Error> {
        let Entry::Captured {
            id,
            position: at,
            sha256,
            size,
            canonical,
            internaldate,
            server_identity,
            meta_sha256,
            ..
        } = entry
        else {
            return Ok(());
        };
        self.execute(
            "INSERT OR IGNORE INTO captures (seq, id, account, mailbox, uidvalidity, uid, sha256, size, canonical, \
             internaldate, server_identity, meta_sha256, at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                signed(seq),
                column_id(*id),
                at.account,
                at.mailbox,
                at.uidvalidity,
                at.uid,
                sha256.to_string(),
                signed(*size),
                canonical.to_string(),
                internaldate,
                server_identity,
                meta_sha256.to_string(),
                when.as_second(),
            ],
        )
    }

    fn settle(
        &self,
        at: &Position,
        how: &str,
        id: Option<EvidenceId>,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT OR REPLACE INTO settled VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![at.account, at.mailbox, at.uidvalidity, at.uid, how, id.map(column_id), reason],
        )
    }

    fn intend(&self, seq: u64, entry: &Entry) -> Result<(), Error> {
        let Entry::MoveIntent {
            id,
            position: at,
            method,
            destination,
            destination_uidvalidity,
            destination_uidnext,
        } = entry
        else {
            return Ok(());
        };
        self.execute(
            "INSERT OR IGNORE INTO intents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL, NULL)",
            params![
                signed(seq),
                column_id(*id),
                at.account,
                at.mailbox,
                at.uidvalidity,
                at.uid,
                method_word(*method),
                destination,
                destination_uidvalidity,
                destination_uidnext,
            ],
        )
    }

    fn result(&self, id: EvidenceId, outcome: Outcome, uid: Option<u32>) -> Result<(), Error> {
        if outcome == Outcome::Moved && self.is_back(id)? {
            self.execute(
                "UPDATE captures SET moved_mailbox = NULL, moved_uidvalidity = NULL, moved_uid = NULL WHERE id = ?1",
                params![column_id(id)],
            )?;
        } else if outcome == Outcome::Moved {
            self.execute(
                "UPDATE captures SET moved_mailbox = i.destination, moved_uidvalidity = i.destination_uidvalidity, \
                 moved_uid = coalesce(?2, i.copied) \
                 FROM (SELECT * FROM intents WHERE id = ?1 AND outcome IS NULL) AS i WHERE captures.id = ?1",
                params![column_id(id), uid],
            )?;
        }
        let word = match outcome {
            Outcome::Moved => "moved",
            Outcome::GoneByOther => "gone-by-other",
            Outcome::Refused => "refused",
        };
        self.execute(
            "UPDATE intents SET outcome = ?2 WHERE id = ?1 AND outcome IS NULL",
            params![column_id(id), word],
        )
    }

    /// From here on it is released: mail of the same identity is never moved.
    fn release_asked(&self, seq: u64, at: Timestamp, id: EvidenceId) -> Result<(), Error> {
        self.execute(
            "UPDATE captures SET released = 1, released_at = coalesce(released_at, ?2) WHERE id = ?1",
            params![column_id(id), at.as_second()],
        )?;
        self.execute("INSERT OR REPLACE INTO releases VALUES (?1, ?2)", params![column_id(id), signed(seq)])
    }

    /// True where the open move of a message leads from quarantine back.
    fn is_back(&self, id: EvidenceId) -> Result<bool, Error> {
        self.exists(
            "SELECT 1 FROM intents i JOIN captures c ON c.id = i.id \
             WHERE i.id = ?1 AND i.outcome IS NULL AND c.moved_mailbox = i.mailbox",
            params![column_id(id)],
        )
    }

    fn is_lesson(&self, id: EvidenceId) -> Result<bool, Error> {
        self.exists("SELECT 1 FROM lessons WHERE id = ?1", params![column_id(id)])
    }

    fn scanned(&self, at: Timestamp, entry: &Entry) -> Result<(), Error> {
        let Entry::ScanBatch { account, mailbox, uidvalidity, uids, next_uid, .. } = entry else {
            return Ok(());
        };
        let position = |uid| Position {
            account: account.clone(),
            mailbox: mailbox.clone(),
            uidvalidity: *uidvalidity,
            uid,
        };
        self.scan_batch(&position(0), uids, at)?;
        self.cursor(&position(*next_uid), at)
    }

    fn scan_batch(&self, at: &Position, uids: &str, when: Timestamp) -> Result<(), Error> {
        let Ok(set) = uids.parse::<UidSet>() else { return Ok(()) };
        if set.len() > BATCH_MAX {
            return Ok(());
        }
        // The rows are there, except where the index is being made again.
        for uid in set.iter() {
            self.execute(
                "INSERT INTO clean (account, mailbox, uidvalidity, uid, batched, at) VALUES (?1, ?2, ?3, ?4, 1, ?5) \
                 ON CONFLICT DO UPDATE SET batched = 1",
                params![at.account, at.mailbox, at.uidvalidity, uid, when.as_second()],
            )?;
        }
        Ok(())
    }

    fn erase(&self, id: Option<EvidenceId>, contents: &[Digest]) -> Result<(), Error> {
        if let Some(id) = id {
            self.execute("UPDATE captures SET erased = 1 WHERE id = ?1", params![column_id(id)])?;
        }
        contents.iter().try_for_each(|sha256| {
            self.execute(
                "INSERT OR IGNORE INTO erased (sha256, id) VALUES (?1, ?2)",
                params![sha256.to_string(), id.map(column_id)],
            )
        })
    }

    fn opened(&self, case: CaseId) -> Result<(), Error> {
        if self.is_opened(case)? { Ok(()) } else { Err(Error::NoCase(case)) }
    }

    fn is_opened(&self, case: CaseId) -> Result<bool, Error> {
        self.exists("SELECT 1 FROM cases WHERE id = ?1", params![case.to_string()])
    }

    fn captured(&self, id: EvidenceId) -> Result<(), Error> {
        if self.is_captured(id)? { Ok(()) } else { Err(Error::NotCaptured { id }) }
    }

    fn is_captured(&self, id: EvidenceId) -> Result<bool, Error> {
        self.exists("SELECT 1 FROM captures WHERE id = ?1", params![column_id(id)])
    }

    fn open_append(&self, account: &str, message_id: &str) -> Result<bool, Error> {
        self.exists(
            "SELECT 1 FROM appends WHERE account = ?1 AND message_id = ?2 AND outcome IS NULL",
            params![account, message_id],
        )
    }

    fn last_intent(&self, id: EvidenceId) -> Result<Option<Intent>, Error> {
        let mut find = self
            .db
            .prepare_cached("SELECT outcome IS NULL FROM intents WHERE id = ?1 ORDER BY seq DESC LIMIT 1")?;
        let open = find.query_row(params![column_id(id)], |row| row.get(0)).optional()?;
        Ok(open.map(|open: bool| if open { Intent::Open } else { Intent::Settled }))
    }

    fn exists(&self, sql: &str, values: impl Params) -> Result<bool, Error> {
        Ok(self.db.prepare_cached(sql)?.exists(values)?)
    }

    pub(super) fn execute(&self, sql: &str, values: impl Params) -> Result<(), Error> {
        self.db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}

fn lesson_word(lesson: Lesson) -> &'static str {
    match lesson {
        Lesson::Wanted => "wanted",
        Lesson::Unwanted => "unwanted",
    }
}

/// How the last announced move of a message stands.
enum Intent {
    Open,
    Settled,
}
