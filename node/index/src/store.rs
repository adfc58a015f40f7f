//! The database: one connection that writes, a few that read.

use crate::{
    read::Snapshot,
    schema,
    writer::{self, FinalisedBlock, Position},
    Error,
};
use citynet_primitives::Hash;
use rusqlite::{Connection, OpenFlags};
use std::{
    path::Path,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
    time::Duration,
};

/// How many snapshots can be read at once; more callers wait their turn.
const READERS: usize = 4;

/// How long a connection waits for another process, such as an operator's `sqlite3`, to let go of the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A handle to the index. Clones share its connections.
#[derive(Clone)]
pub struct Index(Arc<Inner>);

struct Inner {
    writer: Mutex<Connection>,
    readers: Vec<Mutex<Connection>>,
    next_reader: AtomicUsize,
    /// Whether the index is known to be about the node's chain.
    bound: AtomicBool,
}

impl Index {
    /// Opens the database at `path`, which is created with its folder if there is none and emptied if it has another
    /// version. It answers nothing until [`Index::bind`] says which chain it is about; [`run`](crate::run) does that.
    ///
    /// # Errors
    ///
    /// When the file cannot be made, is no SQLite database or is damaged. Deleting it is always safe.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Error::Folder)?;
        }
        let mut writer = Connection::open(path)?;
        writer.busy_timeout(BUSY_TIMEOUT)?;
        // With a write-ahead log readers never wait for the writer. `NORMAL` may lose the last transactions in a power cut
        // but leaves no half of one, and what is lost is indexed again.
        writer.pragma_update(None, "journal_mode", "WAL")?;
        writer.pragma_update(None, "synchronous", "NORMAL")?;
        if schema::prepare(&mut writer)? {
            tracing::warn!(path = %path.display(), "The index is of another version and is rebuilt from the chain.");
        }
        let readers = (0..READERS)
            .map(|_| {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let reader = Connection::open_with_flags(path, flags)?;
                reader.busy_timeout(BUSY_TIMEOUT)?;
                Ok(Mutex::new(reader))
            })
            .collect::<Result<_, rusqlite::Error>>()?;
        Ok(Self(Arc::new(Inner {
            writer: Mutex::new(writer),
            readers,
            next_reader: AtomicUsize::new(0),
            bound: AtomicBool::new(false),
        })))
    }

    /// Says which chain the index is about. One that was filled from another chain is emptied.
    ///
    /// # Errors
    ///
    /// When the database cannot be written.
    pub fn bind(&self, genesis: &Hash) -> Result<(), Error> {
        let mut writer = lock(&self.0.writer);
        let known = schema::genesis(&writer)?;
        if known.as_ref() != Some(genesis) {
            if known.is_some() {
                tracing::warn!("The index is about another chain and is rebuilt from this one.");
            }
            schema::reset(&mut writer, genesis)?;
        }
        self.0.bound.store(true, Ordering::Release);
        Ok(())
    }

    /// Empties the index, so that it is filled anew from the chain with this genesis hash.
    ///
    /// # Errors
    ///
    /// When the database cannot be written.
    pub fn reset(&self, genesis: &Hash) -> Result<(), Error> {
        schema::reset(&mut lock(&self.0.writer), genesis)
    }

    /// Writes blocks that follow one another and the index's position: all of them or, after an error, none.
    ///
    /// # Errors
    ///
    /// [`Error::Inconsistent`] when a block does not fit; else when the database cannot be written.
    pub fn append(&self, blocks: &[FinalisedBlock]) -> Result<Option<Position>, Error> {
        writer::append(&mut lock(&self.0.writer), blocks)
    }

    /// The last block that the index holds, or `None` while it is empty.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub fn position(&self) -> Result<Option<Position>, Error> {
        writer::position(&lock(&self.0.writer))
    }

    /// Runs a query on a snapshot. Blocks the thread.
    ///
    /// # Errors
    ///
    /// [`Error::NotReady`] when the index holds nothing yet; else what the query returns.
    pub fn read<T, E: From<Error>>(&self, query: impl FnOnce(&Snapshot<'_>) -> Result<T, E>) -> Result<T, E> {
        if !self.0.bound.load(Ordering::Acquire) {
            return Err(Error::NotReady.into());
        }
        let mut reader = self.reader()?;
        let transaction = reader.transaction().map_err(Error::from)?;
        let position = writer::position(&transaction)?.ok_or(Error::NotReady)?;
        let snapshot = Snapshot::new(&transaction, position);
        query(&snapshot)
    }

    /// A reader that is free, or else the next one in turn.
    fn reader(&self) -> Result<MutexGuard<'_, Connection>, Error> {
        if let Some(free) = self.0.readers.iter().find_map(|reader| reader.try_lock().ok()) {
            return Ok(free);
        }
        let turn = self.0.next_reader.fetch_add(1, Ordering::Relaxed) % READERS;
        self.0.readers.get(turn).map(lock).ok_or(Error::NotReady)
    }
}

/// A panic while the lock was held dropped its transaction, which undid it, so the connection is good to use.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}
