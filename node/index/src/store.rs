//! The database: one connection that writes, a few that read.

use crate::{
    budget::Budget,
    content::{self, Difference},
    database::{Access, Connection, Database, Location, Transaction},
    read::Snapshot,
    schema,
    writer::{self, FinalisedBlock, Position},
    Error,
};
use citynet_primitives::Hash;
use std::{
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
    },
    time::{Duration, Instant},
};

/// How many snapshots can be read at once; more callers wait their turn.
const READERS: usize = 4;

/// What queries may cost, and how long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a snapshot may be read, all its queries together. Waiting for one of the readers does not count.
    pub time: Duration,
    /// How many rows a snapshot may read. Nodes of the tree do not count.
    pub rows: u64,
    /// How long a connection waits for another process, such as an operator's `sqlite3`, to let go of the file; or, on
    /// PostgreSQL, for another session to let go of the index or of a table.
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
    location: Location,
    settings: Settings,
    connections: OnceLock<Connections>,
    /// Held while the database is opened, which is done once.
    opening: Mutex<()>,
    /// Whether the index is known to be about the node's chain.
    bound: AtomicBool,
}

/// Dropped in this order: only a connection that writes, as the last one, folds SQLite's write-ahead log into the file.
struct Connections {
    readers: Vec<Mutex<Box<dyn Connection>>>,
    next_reader: AtomicUsize,
    writer: Mutex<Box<dyn Connection>>,
    database: Box<dyn Database>,
}

impl Index {
    /// An index at `location`, which is not opened yet: [`run`](crate::run) does that, and again until it can. So a node
    /// starts and works even where the file is locked, the disk is full or the server is down. Until then nothing is
    /// answered.
    pub fn new(location: impl Into<Location>, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            location: location.into(),
            settings,
            connections: OnceLock::new(),
            opening: Mutex::new(()),
            bound: AtomicBool::new(false),
        }))
    }

    /// Opens the index at `location`, which is created if there is none and emptied if it has another version. It answers
    /// nothing until [`Index::bind`] says which chain it is about; [`run`](crate::run) does that. Blocks the thread.
    ///
    /// # Errors
    ///
    /// See [`Index::open_with`].
    pub fn open(location: impl Into<Location>) -> Result<Self, Error> {
        Self::open_with(location, Settings::default())
    }

    /// As [`Index::open`], with other settings than the usual ones.
    ///
    /// # Errors
    ///
    /// When the file cannot be made, is locked, is no SQLite database or is damaged. Deleting it is always safe. When the
    /// server cannot be reached or refuses, or another index writes there.
    pub fn open_with(location: impl Into<Location>, settings: Settings) -> Result<Self, Error> {
        let index = Self::new(location, settings);
        index.connect()?;
        Ok(index)
    }

    /// Opens the database unless it is open.
    pub(crate) fn connect(&self) -> Result<(), Error> {
        let _opening = lock(&self.0.opening);
        if self.0.connections.get().is_none() {
            let connections = Connections::open(&self.0.location, self.0.settings.busy)?;
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
        let writer = self.writer()?;
        let known = schema::genesis(&**writer)?;
        if known.as_ref() != Some(genesis) {
            if known.is_some() {
                tracing::warn!("The index is about another chain and is rebuilt from this one.");
            }
            schema::reset(&**writer, genesis)?;
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
        schema::reset(&**self.writer()?, genesis)
    }

    /// Writes blocks that follow one another and the index's position: all of them or, after an error, none.
    ///
    /// # Errors
    ///
    /// [`Error::Inconsistent`] when a block does not fit; else when the database cannot be written.
    pub fn append(&self, blocks: &[FinalisedBlock]) -> Result<Option<Position>, Error> {
        writer::append(&**self.writer()?, blocks)
    }

    /// The last block that the index holds, or `None` while it is empty.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub fn position(&self) -> Result<Option<Position>, Error> {
        writer::position(&**self.writer()?)
    }

    /// Makes every block's content hash again from the tables, and compares. It reads the whole index, which may take
    /// minutes, on a connection of its own and without a budget.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub fn check(&self) -> Result<Option<Difference>, Error> {
        let reader = self.connections()?.database.reader()?;
        let transaction = Transaction::begin(&*reader, Access::Read)?;
        content::check(&*transaction)
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
        let reader = self.connections()?.reader()?;
        let deadline = Instant::now().checked_add(time);
        let transaction = Transaction::begin(&**reader, Access::Read)?;
        // The budget is for the query: neither what begins a transaction nor what ends it is interrupted.
        let position = writer::position(&*transaction)?.ok_or(Error::NotReady)?;
        transaction.set_deadline(deadline)?;
        let unlimited = Unlimited(&*transaction);
        let snapshot = Snapshot::new(&*transaction, Budget::new(time, deadline, rows), position);
        let answer = query(&snapshot);
        drop(unlimited);
        answer
    }

    fn connections(&self) -> Result<&Connections, Error> {
        self.0.connections.get().ok_or(Error::NotReady)
    }

    /// The connection that writes: another one where it was lost. Somebody else may have written meanwhile, so that one must
    /// be told again what the index is about.
    fn writer(&self) -> Result<MutexGuard<'_, Box<dyn Connection>>, Error> {
        let connections = self.connections()?;
        let mut writer = lock(&connections.writer);
        if writer.is_closed() {
            self.0.bound.store(false, Ordering::Release);
            *writer = open_writer(&*connections.database, &self.0.location)?;
        }
        Ok(writer)
    }
}

/// Takes the limit of time from a connection when it is dropped, so also after a panic.
struct Unlimited<'c>(&'c dyn Connection);

impl Drop for Unlimited<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.set_deadline(None) {
            tracing::warn!(%error, "A connection of the index keeps its limit of time.");
        }
    }
}

impl Connections {
    fn open(location: &Location, busy: Duration) -> Result<Self, Error> {
        let database = location.database(busy)?;
        let writer = Mutex::new(open_writer(&*database, location)?);
        let readers = (0..READERS).map(|_| database.reader().map(Mutex::new)).collect::<Result<_, _>>()?;
        Ok(Self { readers, next_reader: AtomicUsize::new(0), writer, database })
    }

    /// A reader that is free, or else the next one in turn: another one where it was lost.
    fn reader(&self) -> Result<MutexGuard<'_, Box<dyn Connection>>, Error> {
        let free = self.readers.iter().find_map(|reader| reader.try_lock().ok());
        let turn = || self.next_reader.fetch_add(1, Ordering::Relaxed) % READERS;
        let mut reader = free.or_else(|| self.readers.get(turn()).map(lock)).ok_or(Error::NotReady)?;
        if reader.is_closed() {
            *reader = self.database.reader()?;
        }
        Ok(reader)
    }
}

fn open_writer(database: &dyn Database, location: &Location) -> Result<Box<dyn Connection>, Error> {
    let writer = database.writer()?;
    if schema::prepare(&*writer)? {
        tracing::warn!(%location, "The index is of another version and is rebuilt from the chain.");
    }
    Ok(writer)
}

/// A panic while the lock was held dropped its transaction, which undid it, so the connection is good to use.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
