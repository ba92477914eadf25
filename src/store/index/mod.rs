//! `state.sqlite`: what the chain says, in a form that answers questions. Lost, it is made again.

mod apply;
mod query;
mod telling;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::evidence::{Head, Tree};
use crate::store::disk::{close_to_others, create};
use crate::store::error::Error;
use crate::store::fault::Step;
pub(super) use crate::store::index::query::Rotation;
use crate::store::index::query::signed;
use crate::store::segments::Place;

/// Raised with every change of `schema.sql`; another number means: make it again.
const SCHEMA: i32 = 8;

/// The index, open. Inside a transaction between [`Index::begin`] and [`Index::commit`] or [`Index::rollback`].
pub(super) struct Index {
    db: Connection,
}

/// Up to where the chain has been applied.
#[derive(Debug, Clone, Copy)]
pub(super) struct Applied {
    pub(super) head: Head,
    pub(super) next: Place,
}

impl Applied {
    pub(super) const NOTHING: Self = Self { head: Head::GENESIS, next: Place::START };
}

impl Index {
    /// Opens the index, or makes an empty one where there is none that fits; then the second is false.
    pub(super) fn open(path: &Path) -> Result<(Self, bool), Error> {
        if path.exists() {
            match Self::existing(path) {
                Ok(Some(index)) => return Ok((index, true)),
                Ok(None) => {}
                Err(e) if e.is_corrupt_index() => {}
                Err(e) => return Err(e),
            }
            discard(path)?;
        }
        create(path, false).map_err(|e| Error::io(Step::Open, path, e))?;
        let index = Self::connect(path)?;
        index.db.execute_batch(&format!(
            "BEGIN IMMEDIATE; {} PRAGMA user_version = {SCHEMA}; COMMIT",
            include_str!("schema.sql")
        ))?;
        Ok((index, false))
    }

    fn existing(path: &Path) -> Result<Option<Self>, Error> {
        close_to_others(path).map_err(|e| Error::io(Step::Open, path, e))?;
        let index = Self::connect(path)?;
        let schema: i32 = index.db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok((schema == SCHEMA).then_some(index))
    }

    fn connect(path: &Path) -> Result<Self, Error> {
        let db = Connection::open(path)?;
        // NORMAL: the chain is what is durable; a row lost with the power is applied again, or its message judged again.
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        // No file outside our directory, whatever is sorted.
        db.pragma_update(None, "temp_store", "MEMORY")?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Self { db })
    }

    pub(super) fn applied(&self) -> Result<Applied, Error> {
        let row = self.db.query_row("SELECT next_seq, prev, segment, offset FROM applied", [], |row| {
            Ok(Applied {
                head: Head { seq: query::unsigned(row, 0)?, prev: query::parsed(row, 1)? },
                next: Place { segment: row.get(2)?, offset: query::unsigned(row, 3)? },
            })
        });
        Ok(row.optional()?.unwrap_or(Applied::NOTHING))
    }

    /// The tree over the lines that have been applied.
    pub(super) fn tree(&self) -> Result<Tree, Error> {
        let tree = self.db.query_row("SELECT tree FROM applied", [], |row| query::parsed(row, 0));
        Ok(tree.optional()?.unwrap_or_default())
    }

    pub(super) fn set_applied(&self, applied: Applied, tree: &Tree) -> Result<(), Error> {
        let mut put = self.db.prepare_cached(
            "INSERT INTO applied VALUES (1, ?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET \
             next_seq = excluded.next_seq, prev = excluded.prev, segment = excluded.segment, \
             offset = excluded.offset, tree = excluded.tree",
        )?;
        let Applied { head, next } = applied;
        put.execute(params![
            signed(head.seq),
            head.prev.to_string(),
            next.segment,
            signed(next.offset),
            tree.to_string()
        ])?;
        Ok(())
    }

    pub(super) fn begin(&self) -> Result<(), Error> {
        Ok(self.db.execute_batch("BEGIN IMMEDIATE")?)
    }

    pub(super) fn commit(&self) -> Result<(), Error> {
        Ok(self.db.execute_batch("COMMIT")?)
    }

    /// Also where SQLite has rolled back on its own, as it does on a full disk.
    pub(super) fn rollback(&self) {
        if !self.db.is_autocommit() {
            let _ = self.db.execute_batch("ROLLBACK");
        }
    }

    /// Runs `f`; what it changed before an error is undone, the transaction goes on.
    pub(super) fn attempt<T>(&self, f: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        self.db.execute_batch("SAVEPOINT batch")?;
        let result = f();
        if result.is_err() && !self.db.is_autocommit() {
            self.db.execute_batch("ROLLBACK TO batch")?;
        }
        if !self.db.is_autocommit() {
            self.db.execute_batch("RELEASE batch")?;
        }
        result
    }
}

/// Removes an index that does not serve, so that the next start makes it again.
pub(super) fn discard(path: &Path) -> Result<(), Error> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let name = PathBuf::from(name);
        match std::fs::remove_file(&name) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io(Step::Open, &name, e));
            }
            _ => {}
        }
    }
    Ok(())
}
