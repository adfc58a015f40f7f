//! The database: one connection that writes, a few that read.

use crate::{
    budget::{is_over, Budget},
    content::{self, Difference},
    read::Snapshot,
    schema,
    writer::{self, FinalisedBlock, Position},
    Error,
};
use citynet_primitives::Hash;
use rusqlite::{Connection, OpenFlags};
use std::{
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
    },
    time::{Duration, Instant},
};

/// How many snapshots can be read at once; more callers wait their turn.
const READERS: usize = 4;

/// How many steps SQLite's machine makes between two looks at the clock: some tens of microseconds.
const STEPS: i32 = 1000;

/// How many statements a connection keeps prepared: more than there are.
const STATEMENTS: usize = 128;

/// What queries may cost, and how long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a snapshot may be read, all its queries together. Waiting for one of the readers does not count.
    pub time: Duration,
    /// How many rows a snapshot may read. Nodes of the tree do not count.
    pub rows: u64,
    /// How long a connection waits for another process, such as an operator's `sqlite3`, to let go of the file.
    pub busy: Duration,
    /// How long to wait after an error before indexing is tried again.
    pub retry: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(2),
            rows: 100_000,
            busy: Duration::from_secs(5),
            retry: Duration::from_secs(5),
        }
    }
}

/// A handle to the index. Clones share its connections.
#[derive(Clone)]
pub struct Index(Arc<Inner>);

struct Inner {
    path: PathBuf,
    settings: Settings,
    connections: OnceLock<Connections>,
    /// Held while the database is opened, which is done once.
    opening: Mutex<()>,
    /// Whether the index is known to be about the node's chain.
    bound: AtomicBool,
}

/// Dropped in this order: only a connection that writes, as the last one, folds the write-ahead log into the file.
struct Connections {
    readers: Vec<Mutex<Connection>>,
    next_reader: AtomicUsize,
    writer: Mutex<Connection>,
}

impl Index {
    /// An index in the file at `path`, which is not opened yet: [`run`](crate::run) does that, and again until it can. So
    /// a node starts and works even where the file is locked or the disk is full. Until then nothing is answered.
    pub fn new(path: &Path, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            path: path.to_owned(),
            settings,
            connections: OnceLock::new(),
            opening: Mutex::new(()),
            bound: AtomicBool::new(false),
        }))
    }

    /// Opens the database at `path`, which is created with its folder if there is none and emptied if it has another
    /// version. It answers nothing until [`Index::bind`] says which chain it is about; [`run`](crate::run) does that.
    ///
    /// # Errors
    ///
    /// See [`Index::open_with`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::open_with(path, Settings::default())
    }

    /// As [`Index::open`], with other settings than the usual ones.
    ///
    /// # Errors
    ///
    /// When the file cannot be made, is locked, is no SQLite database or is damaged. Deleting it is always safe.
    pub fn open_with(path: &Path, settings: Settings) -> Result<Self, Error> {
        let index = Self::new(path, settings);
        index.connect()?;
        Ok(index)
    }

    /// Opens the database unless it is open.
    pub(crate) fn connect(&self) -> Result<(), Error> {
        let _opening = lock(&self.0.opening);
        if self.0.connections.get().is_none() {
            let connections = Connections::open(&self.0.path, self.0.settings.busy)?;
            // Nobody else sets it while the lock is held.
            let _ = self.0.connections.set(connections);
        }
        Ok(())
    }

    /// How queries and retries are limited.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Says which chain the index is about. One that was filled from another chain is emptied.
    ///
    /// # Errors
    ///
    /// When the database cannot be written.
    pub fn bind(&self, genesis: &Hash) -> Result<(), Error> {
        let mut writer = self.writer()?;
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
        let mut writer = self.writer()?;
        schema::reset(&mut writer, genesis)
    }

    /// Writes blocks that follow one another and the index's position: all of them or, after an error, none.
    ///
    /// # Errors
    ///
    /// [`Error::Inconsistent`] when a block does not fit; else when the database cannot be written.
    pub fn append(&self, blocks: &[FinalisedBlock]) -> Result<Option<Position>, Error> {
        let mut writer = self.writer()?;
        writer::append(&mut writer, blocks)
    }

    /// The last block that the index holds, or `None` while it is empty.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub fn position(&self) -> Result<Option<Position>, Error> {
        let writer = self.writer()?;
        writer::position(&writer)
    }

    /// Makes every block's content hash again from the tables, and compares. It reads the whole index, which may take
    /// minutes, on a connection of its own and without a budget.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub fn check(&self) -> Result<Option<Difference>, Error> {
        let mut reader = open_reader(&self.0.path, self.0.settings.busy)?;
        let transaction = reader.transaction()?;
        content::check(&transaction)
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
        let Settings { time, rows, .. } = self.0.settings;
        let mut reader = self.connections()?.reader()?;
        let deadline = Instant::now().checked_add(time);
        let transaction = reader.transaction().map_err(Error::from)?;
        // The budget is for the query: neither what begins a transaction nor what ends it is interrupted.
        let position = writer::position(&transaction)?.ok_or(Error::NotReady)?;
        transaction.progress_handler(STEPS, Some(move || is_over(deadline))).map_err(Error::from)?;
        let unlimited = Unlimited(&transaction);
        let snapshot = Snapshot::new(&transaction, Budget::new(time, deadline, rows), position);
        let answer = query(&snapshot);
        drop(unlimited);
        answer
    }

    fn connections(&self) -> Result<&Connections, Error> {
        self.0.connections.get().ok_or(Error::NotReady)
    }

    fn writer(&self) -> Result<MutexGuard<'_, Connection>, Error> {
        Ok(lock(&self.connections()?.writer))
    }
}

/// Takes the limit of time from a connection when it is dropped, so also after a panic.
struct Unlimited<'c>(&'c Connection);

impl Drop for Unlimited<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.progress_handler(0, None::<fn() -> bool>) {
            tracing::warn!(%error, "A connection of the index keeps its limit of time.");
        }
    }
}

impl Connections {
    fn open(path: &Path, busy: Duration) -> Result<Self, Error> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Error::Folder)?;
        }
        let mut writer = Connection::open(path)?;
        writer.busy_timeout(busy)?;
        writer.set_prepared_statement_cache_capacity(STATEMENTS);
        // With a write-ahead log readers never wait for the writer. `NORMAL` may lose the last transactions in a power cut
        // but leaves no half of one, and what is lost is indexed again.
        writer.pragma_update(None, "journal_mode", "WAL")?;
        writer.pragma_update(None, "synchronous", "NORMAL")?;
        if schema::prepare(&mut writer)? {
            tracing::warn!(path = %path.display(), "The index is of another version and is rebuilt from the chain.");
        }
        let readers = (0..READERS)
            .map(|_| {
                let reader = open_reader(path, busy)?;
                reader.set_prepared_statement_cache_capacity(STATEMENTS);
                Ok(Mutex::new(reader))
            })
            .collect::<Result<_, rusqlite::Error>>()?;
        Ok(Self { readers, next_reader: AtomicUsize::new(0), writer: Mutex::new(writer) })
    }

    /// A reader that is free, or else the next one in turn.
    fn reader(&self) -> Result<MutexGuard<'_, Connection>, Error> {
        if let Some(free) = self.readers.iter().find_map(|reader| reader.try_lock().ok()) {
            return Ok(free);
        }
        let turn = self.next_reader.fetch_add(1, Ordering::Relaxed) % READERS;
        self.readers.get(turn).map(lock).ok_or(Error::NotReady)
    }
}

fn open_reader(path: &Path, busy: Duration) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(path, flags)?;
    reader.busy_timeout(busy)?;
    Ok(reader)
}

/// A panic while the lock was held dropped its transaction, which undid it, so the connection is good to use.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
