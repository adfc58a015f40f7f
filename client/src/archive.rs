//! The archive: everything from which readings can be proven, and how far attesting has come.
//!
//! One directory per device, with `archive.sqlite` in it. A batch and its readings are committed together with the
//! positions in the source files *before* anything is sent, so that whatever happens afterwards the same batch can be
//! sent again and no line is read twice. One process at a time may write; others may read meanwhile.
//!
//! # States of a batch
//!
//! `prepared` (signed, perhaps sent) → `finalised` (its record is in a finalised block). There is no state in between
//! on purpose: only the chain knows whether something that was sent has arrived.
//!
//! # What this module does not guarantee
//!
//! It does not check leaves, signatures or records; [`crate::attest`] makes them and [`crate::prove`] verifies them.

use crate::sources::feed::{Chunk, FileState};
use citynet_merkle::{leaf_hash, Portable};
use citynet_primitives::{Batch, DeviceId, Hash, Moment, SchemaId};
use rusqlite::{params, Connection, OpenFlags, OptionalExtension as _, Row};
use serde::Serialize;
use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

const DATABASE: &str = "archive.sqlite";
const LOCK: &str = "archive.lock";
const REJECTS: &str = "rejects.csv";
const VERSION: i64 = 1;
/// How much of a rejected line is kept.
const KEPT_OF_REJECT: usize = 1024;

const SCHEMA: &str = "
CREATE TABLE archive (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    genesis BLOB NOT NULL,
    device INTEGER NOT NULL,
    begins INTEGER NOT NULL,
    sensor TEXT
) STRICT;
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    offset INTEGER NOT NULL,
    line INTEGER NOT NULL,
    prefix BLOB NOT NULL,
    unterminated INTEGER NOT NULL,
    skipped INTEGER NOT NULL
) STRICT;
CREATE TABLE batches (
    first INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    window_start INTEGER NOT NULL,
    window_end INTEGER NOT NULL,
    root BLOB NOT NULL,
    expires INTEGER NOT NULL,
    signature BLOB NOT NULL,
    record INTEGER,
    block INTEGER
) STRICT;
CREATE INDEX unsettled ON batches (first) WHERE record IS NULL;
CREATE TABLE readings (
    sequence INTEGER PRIMARY KEY,
    leaf TEXT NOT NULL,
    raw BLOB NOT NULL,
    observed INTEGER NOT NULL,
    file INTEGER NOT NULL REFERENCES files,
    line INTEGER NOT NULL,
    saturated INTEGER NOT NULL,
    out_of_order INTEGER NOT NULL,
    UNIQUE (file, line)
) STRICT;
CREATE TABLE rejects (
    file INTEGER NOT NULL REFERENCES files,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    raw BLOB NOT NULL,
    PRIMARY KEY (file, line)
) STRICT, WITHOUT ROWID;
";

/// The archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The directory has no archive.
    #[error("{0} holds no archive; `citynet attest --archive` makes one")]
    Absent(PathBuf),
    /// Another process is writing.
    #[error("another process is attesting with {0}; wait for it, or stop it")]
    Locked(PathBuf),
    /// It belongs to another chain.
    #[error(
        "{path} is of the chain with genesis 0x{}, but the node is of the chain with genesis 0x{}; use the right --node, or \
         another --archive",
        hex::encode(.archive),
        hex::encode(.chain)
    )]
    OtherChain {
        /// The archive.
        path: PathBuf,
        /// Its chain.
        archive: Hash,
        /// The node's chain.
        chain: Hash,
    },
    /// It belongs to another device.
    #[error("{path} is the archive of device {archive}, not of device {asked}; every device has its own")]
    OtherDevice {
        /// The archive.
        path: PathBuf,
        /// Its device.
        archive: DeviceId,
        /// The device asked for.
        asked: DeviceId,
    },
    /// It belongs to another sensor.
    #[error("{path} attests sensor `{archive}`, not `{asked}`")]
    OtherSensor {
        /// The archive.
        path: PathBuf,
        /// Its sensor.
        archive: String,
        /// The sensor asked for.
        asked: String,
    },
    /// A newer version of this program made it.
    #[error("{path} has version {found}, this program knows version {}; use a newer program", VERSION)]
    Version {
        /// The archive.
        path: PathBuf,
        /// Its version.
        found: i64,
    },
    /// No reading has that number.
    #[error("the archive has no reading {sequence}; it has {available}")]
    NoReading {
        /// The number.
        sequence: u64,
        /// Which there are.
        available: String,
    },
    /// The database fails.
    #[error("{path}: {source}")]
    Database {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A file cannot be written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A batch with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBatch {
    /// What the device states.
    pub batch: Batch,
    /// The device's Ed25519 signature over [`citynet_primitives::BatchStatement`].
    pub signature: [u8; 64],
}

impl SignedBatch {
    /// The sequence number after its last reading.
    pub fn end(&self) -> u64 {
        self.batch.first_sequence + u64::from(self.batch.count)
    }
}

/// Where a batch is on the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Position of its record in the journal.
    pub record: u64,
    /// The block that wrote it.
    pub block: u32,
}

/// A reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReading {
    /// The leaf's canonical JSON.
    pub leaf: String,
    /// The source line without its line end.
    pub raw: Vec<u8>,
}

/// What is in the archive, or of some of its files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Readings.
    pub readings: u64,
    /// Of them, with a value at the sensor's limit.
    pub saturated: u64,
    /// Of them, observed before the one before.
    pub out_of_order: u64,
    /// Lines that cannot be attested.
    pub rejected: u64,
    /// Empty lines and repeated headers.
    pub skipped: u64,
}

/// An archive.
#[derive(Debug)]
pub struct Archive {
    database: Connection,
    directory: PathBuf,
    genesis: Hash,
    device: DeviceId,
    begins: u64,
    sensor: Option<String>,
    /// Held as long as the archive is open for writing.
    _lock: Option<File>,
}

impl Archive {
    /// Opens the archive of a device for writing, or makes one that begins with sequence number `begins`.
    ///
    /// # Errors
    ///
    /// When another process has it, or it is of another chain or device.
    pub fn open_or_create(
        directory: &Path,
        genesis: Hash,
        device: DeviceId,
        begins: u64,
    ) -> Result<Self, ArchiveError> {
        let file_error = |path: &Path| {
            let path = path.to_owned();
            move |source| ArchiveError::File { path, source }
        };
        fs::create_dir_all(directory).map_err(file_error(directory))?;
        let lock_path = directory.join(LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(file_error(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ArchiveError::Locked(directory.to_owned())),
            Err(TryLockError::Error(source)) => return Err(ArchiveError::File { path: lock_path, source }),
        }
        let path = directory.join(DATABASE);
        let database_error = |source| ArchiveError::Database { path: path.clone(), source };
        let mut database = Connection::open(&path).map_err(database_error)?;
        create(&mut database, &genesis, device, begins).map_err(database_error)?;
        let archive = Self::load(database, directory, Some(lock))?;
        if archive.genesis != genesis {
            let path = directory.to_owned();
            return Err(ArchiveError::OtherChain { path, archive: archive.genesis, chain: genesis });
        }
        if archive.device != device {
            let path = directory.to_owned();
            return Err(ArchiveError::OtherDevice { path, archive: archive.device, asked: device });
        }
        Ok(archive)
    }

    /// Opens an archive for reading, also while another process writes to it.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Absent`] when there is none.
    pub fn open(directory: &Path) -> Result<Self, ArchiveError> {
        let path = directory.join(DATABASE);
        if !path.exists() {
            return Err(ArchiveError::Absent(directory.to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let database = Connection::open_with_flags(&path, flags)
            .and_then(|database| database.busy_timeout(Duration::from_secs(10)).map(|()| database))
            .map_err(|source| ArchiveError::Database { path, source })?;
        Self::load(database, directory, None)
    }

    /// Whether the directory has an archive.
    pub fn exists(directory: &Path) -> bool {
        directory.join(DATABASE).exists()
    }

    fn load(database: Connection, directory: &Path, lock: Option<File>) -> Result<Self, ArchiveError> {
        let path = directory.join(DATABASE);
        let failed = |source| ArchiveError::Database { path: path.clone(), source };
        let found: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
        if found != VERSION {
            return Err(ArchiveError::Version { path: directory.to_owned(), found });
        }
        let (genesis, device, begins, sensor) = database
            .query_row("SELECT genesis, device, begins, sensor FROM archive", [], |row| {
                Ok((row.get(0)?, number(row, 1)?, number(row, 2)?, row.get(3)?))
            })
            .map_err(failed)?;
        Ok(Self {
            database,
            directory: directory.to_owned(),
            genesis,
            device: DeviceId(device),
            begins,
            sensor,
            _lock: lock,
        })
    }

    fn failed(&self, source: rusqlite::Error) -> ArchiveError {
        ArchiveError::Database { path: self.directory.join(DATABASE), source }
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The chain.
    pub fn genesis(&self) -> &Hash {
        &self.genesis
    }

    /// The device.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// The sequence number of its first reading: 0 unless an earlier archive of the device is elsewhere.
    pub fn begins(&self) -> u64 {
        self.begins
    }

    /// The only sensor whose lines are taken, once there is a reading.
    pub fn sensor(&self) -> Option<&str> {
        self.sensor.as_deref()
    }

    /// The sequence number that the next reading will have.
    ///
    /// # Errors
    ///
    /// Those of the database, as with everything below.
    pub fn next_sequence(&self) -> Result<u64, ArchiveError> {
        self.end_of_last("")
    }

    /// The sequence number after the last reading whose batch is final.
    pub fn settled(&self) -> Result<u64, ArchiveError> {
        self.end_of_last("WHERE record IS NOT NULL")
    }

    fn end_of_last(&self, which: &str) -> Result<u64, ArchiveError> {
        let sql = format!("SELECT first + count FROM batches {which} ORDER BY first DESC LIMIT 1");
        let read = || self.database.prepare_cached(&sql)?.query_row([], |row| number(row, 0)).optional();
        read().map(|end| end.unwrap_or(self.begins)).map_err(|error| self.failed(error))
    }

    /// When the last reading was observed.
    pub fn last_observed(&self) -> Result<Option<Moment>, ArchiveError> {
        self.database
            .query_row("SELECT observed FROM readings ORDER BY sequence DESC LIMIT 1", [], |row| number(row, 0))
            .optional()
            .map_err(|error| self.failed(error))
    }

    /// How far every file was read.
    pub fn files(&self) -> Result<Vec<FileState>, ArchiveError> {
        let read = || -> rusqlite::Result<Vec<FileState>> {
            self.database
                .prepare("SELECT id, path, offset, line, prefix, unterminated, skipped FROM files ORDER BY id")?
                .query_map([], |row| {
                    Ok(FileState {
                        id: row.get(0)?,
                        path: row.get(1)?,
                        offset: number(row, 2)?,
                        line: number(row, 3)?,
                        prefix: row.get(4)?,
                        unterminated: row.get(5)?,
                        skipped: number(row, 6)?,
                    })
                })?
                .collect()
        };
        read().map_err(|error| self.failed(error))
    }

    /// Stores lines and, if there are readings among them, the batch that holds them with their leaves: all or nothing.
    pub fn commit(
        &mut self,
        chunk: &Chunk,
        sensor: Option<&str>,
        batch: Option<(&SignedBatch, &[String])>,
    ) -> Result<(), ArchiveError> {
        let path = self.directory.join(DATABASE);
        store(&mut self.database, chunk, sensor, batch).map_err(|source| ArchiveError::Database { path, source })?;
        if self.sensor.is_none() {
            self.sensor = sensor.map(str::to_owned);
        }
        Ok(())
    }

    /// The batches that are not known to be final, in order.
    pub fn unsettled(&self) -> Result<Vec<SignedBatch>, ArchiveError> {
        let read = || -> rusqlite::Result<Vec<SignedBatch>> {
            self.database
                .prepare_cached(&format!("{SELECT_BATCH} WHERE record IS NULL ORDER BY first"))?
                .query_map([], |row| self.read_batch(row).map(|(batch, _)| batch))?
                .collect()
        };
        read().map_err(|error| self.failed(error))
    }

    /// Replaces a batch's signature and what it says about key and expiry.
    pub fn sign_again(&mut self, signed: &SignedBatch) -> Result<(), ArchiveError> {
        let SignedBatch { batch, signature } = signed;
        self.database
            .execute(
                "UPDATE batches SET epoch = ?2, expires = ?3, signature = ?4 WHERE first = ?1 AND record IS NULL",
                params![integer(batch.first_sequence)?, batch.epoch, integer(batch.expires)?, signature],
            )
            .map(|_| ())
            .map_err(|error| self.failed(error))
    }

    /// Notes where a batch is on the chain, as the chain has it.
    pub fn settle(&mut self, final_batch: &SignedBatch, receipt: Receipt) -> Result<(), ArchiveError> {
        let SignedBatch { batch, signature } = final_batch;
        self.database
            .execute(
                "UPDATE batches SET epoch = ?2, expires = ?3, signature = ?4, record = ?5, block = ?6 WHERE first = ?1",
                params![
                    integer(batch.first_sequence)?,
                    batch.epoch,
                    integer(batch.expires)?,
                    signature,
                    integer(receipt.record)?,
                    receipt.block
                ],
            )
            .map(|_| ())
            .map_err(|error| self.failed(error))
    }

    /// The number of readings, and of lines that are none, in some files.
    pub fn totals(&self, files: &[i64]) -> Result<Totals, ArchiveError> {
        let count = |sql: &str, file: i64| -> rusqlite::Result<(u64, u64, u64)> {
            self.database.prepare_cached(sql)?.query_row([file], |row| {
                Ok((optional_number(row, 0)?.unwrap_or(0), optional_number(row, 1)?.unwrap_or(0), number(row, 2)?))
            })
        };
        let mut totals = Totals::default();
        let mut files = files.to_vec();
        files.sort_unstable();
        files.dedup();
        for file in files {
            let readings = "SELECT sum(saturated), sum(out_of_order), count(*) FROM readings WHERE file = ?1";
            let (saturated, out_of_order, readings) = count(readings, file).map_err(|error| self.failed(error))?;
            let others = "SELECT (SELECT skipped FROM files WHERE id = ?1), 0, count(*) FROM rejects WHERE file = ?1";
            let (skipped, _, rejected) = count(others, file).map_err(|error| self.failed(error))?;
            totals.readings += readings;
            totals.saturated += saturated;
            totals.out_of_order += out_of_order;
            totals.rejected += rejected;
            totals.skipped += skipped;
        }
        Ok(totals)
    }

    /// Writes `rejects.csv` anew from the database: file, line number, reason and the line itself. Without any, there is
    /// no such file.
    pub fn write_rejects(&self) -> Result<(), ArchiveError> {
        let path = self.directory.join(REJECTS);
        let temporary = self.directory.join(format!("{REJECTS}.new"));
        let written = self.write_rejects_to(&temporary).map_err(|error| match error {
            Failed::Database(error) => self.failed(error),
            Failed::File(source) => ArchiveError::File { path: temporary.clone(), source },
        })?;
        let done = if written == 0 {
            let _ = fs::remove_file(&temporary);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            }
        } else {
            fs::rename(&temporary, &path)
        };
        done.map_err(|source| ArchiveError::File { path, source })
    }

    fn write_rejects_to(&self, path: &Path) -> Result<u64, Failed> {
        let mut csv = csv::Writer::from_path(path).map_err(|error| Failed::File(error.into()))?;
        csv.write_record(["file", "line", "reason", "content"]).map_err(|error| Failed::File(error.into()))?;
        let mut statement = self.database.prepare(
            "SELECT path, rejects.line, reason, raw FROM rejects JOIN files ON files.id = file ORDER BY file, rejects.line",
        )?;
        let mut rows = statement.query([])?;
        let mut written = 0;
        while let Some(row) = rows.next()? {
            let (file, line, reason, raw): (String, i64, String, Vec<u8>) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            let record = [file, line.to_string(), reason, String::from_utf8_lossy(&raw).into_owned()];
            csv.write_record(&record).map_err(|error| Failed::File(error.into()))?;
            written += 1;
        }
        let file = csv.into_inner().map_err(|error| Failed::File(error.into_error()))?;
        file.sync_all().map_err(Failed::File)?;
        Ok(written)
    }

    /// The reading with a sequence number, its batch and where that is on the chain, if it is final.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::NoReading`] says which there are.
    pub fn reading(&self, sequence: u64) -> Result<(StoredReading, SignedBatch, Option<Receipt>), ArchiveError> {
        let at = integer(sequence)?;
        let reading = self
            .database
            .query_row("SELECT leaf, raw FROM readings WHERE sequence = ?1", [at], |row| {
                Ok(StoredReading { leaf: row.get(0)?, raw: row.get(1)? })
            })
            .optional()
            .map_err(|error| self.failed(error))?;
        let Some(reading) = reading else {
            let next = self.next_sequence()?;
            let available = match next.checked_sub(self.begins) {
                Some(1..) => format!("{} to {}", self.begins, next - 1),
                _ => "none".into(),
            };
            return Err(ArchiveError::NoReading { sequence, available });
        };
        let (batch, receipt) = self
            .database
            .query_row(&format!("{SELECT_BATCH} WHERE first <= ?1 ORDER BY first DESC LIMIT 1"), [at], |row| {
                self.read_batch(row)
            })
            .map_err(|error| self.failed(error))?;
        Ok((reading, batch, receipt))
    }

    /// The hashes of a batch's leaves, in order.
    pub fn leaf_hashes(&self, batch: &Batch) -> Result<Vec<Hash>, ArchiveError> {
        let (first, end) = (batch.first_sequence, batch.first_sequence + u64::from(batch.count));
        let range = [integer(first)?, integer(end)?];
        let read = || -> rusqlite::Result<Vec<Hash>> {
            self.database
                .prepare_cached("SELECT leaf FROM readings WHERE sequence >= ?1 AND sequence < ?2 ORDER BY sequence")?
                .query_map(range, |row| Ok(leaf_hash::<Portable>(row.get_ref(0)?.as_bytes()?)))?
                .collect()
        };
        read().map_err(|error| self.failed(error))
    }

    fn read_batch(&self, row: &Row<'_>) -> rusqlite::Result<(SignedBatch, Option<Receipt>)> {
        let batch = Batch {
            device: self.device,
            epoch: row.get(2)?,
            schema: SchemaId::READING_V1,
            first_sequence: number(row, 0)?,
            count: row.get(1)?,
            missing: 0,
            window_start: number(row, 3)?,
            window_end: number(row, 4)?,
            root: row.get(5)?,
            expires: number(row, 6)?,
        };
        let receipt = match optional_number(row, 8)? {
            Some(record) => Some(Receipt { record, block: row.get(9)? }),
            None => None,
        };
        Ok((SignedBatch { batch, signature: row.get(7)? }, receipt))
    }
}

const SELECT_BATCH: &str =
    "SELECT first, count, epoch, window_start, window_end, root, expires, signature, record, block FROM batches";

enum Failed {
    Database(rusqlite::Error),
    File(io::Error),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

fn create(database: &mut Connection, genesis: &Hash, device: DeviceId, begins: u64) -> rusqlite::Result<()> {
    database.busy_timeout(Duration::from_secs(10))?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    // A batch must be on the disk before it is sent.
    database.pragma_update(None, "synchronous", "FULL")?;
    database.pragma_update(None, "foreign_keys", true)?;
    let transaction = database.transaction()?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        transaction.execute_batch(SCHEMA)?;
        transaction.execute(
            "INSERT INTO archive (only, genesis, device, begins) VALUES (1, ?1, ?2, ?3)",
            params![genesis, to_integer(device.0)?, to_integer(begins)?],
        )?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    transaction.commit()
}

fn store(
    database: &mut Connection,
    chunk: &Chunk,
    sensor: Option<&str>,
    batch: Option<(&SignedBatch, &[String])>,
) -> rusqlite::Result<()> {
    let transaction = database.transaction()?;
    transaction.execute("UPDATE archive SET sensor = coalesce(sensor, ?1)", [sensor])?;
    for file in &chunk.files {
        // What was rejected beyond the last position was an unfinished line; it was read again.
        transaction
            .prepare_cached("DELETE FROM rejects WHERE file = ?1 AND line > (SELECT line FROM files WHERE id = ?1)")?
            .execute([file.id])?;
        transaction
            .prepare_cached(
                "INSERT INTO files (id, path, offset, line, prefix, unterminated, skipped)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET offset = excluded.offset,
                 line = excluded.line, prefix = excluded.prefix, unterminated = excluded.unterminated,
                 skipped = excluded.skipped",
            )?
            .execute(params![
                file.id,
                file.path,
                to_integer(file.offset)?,
                to_integer(file.line)?,
                file.prefix,
                file.unterminated,
                to_integer(file.skipped)?
            ])?;
    }
    for rejected in &chunk.rejected {
        let kept = rejected.raw.get(..KEPT_OF_REJECT).unwrap_or(&rejected.raw);
        transaction
            .prepare_cached("INSERT INTO rejects (file, line, reason, raw) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![rejected.file, to_integer(rejected.line)?, rejected.reason.to_string(), kept])?;
    }
    if let Some((SignedBatch { batch, signature }, leaves)) = batch {
        transaction
            .prepare_cached(
                "INSERT INTO batches (first, count, epoch, window_start, window_end, root, expires, signature)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                to_integer(batch.first_sequence)?,
                batch.count,
                batch.epoch,
                to_integer(batch.window_start)?,
                to_integer(batch.window_end)?,
                batch.root,
                to_integer(batch.expires)?,
                signature
            ])?;
        let mut insert = transaction.prepare_cached(
            "INSERT INTO readings (sequence, leaf, raw, observed, file, line, saturated, out_of_order)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for ((sequence, accepted), leaf) in (batch.first_sequence..).zip(&chunk.accepted).zip(leaves) {
            insert.execute(params![
                to_integer(sequence)?,
                leaf,
                accepted.raw,
                to_integer(accepted.row.observed)?,
                accepted.file,
                to_integer(accepted.line)?,
                accepted.row.saturated,
                accepted.out_of_order
            ])?;
        }
    }
    transaction.commit()
}

/// SQLite's integers are signed; nothing of ours reaches 2^63.
fn to_integer(number: u64) -> rusqlite::Result<i64> {
    i64::try_from(number).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn integer(number: u64) -> Result<i64, ArchiveError> {
    to_integer(number).map_err(|source| ArchiveError::Database { path: DATABASE.into(), source })
}

fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    optional_number(row, column)?
        .ok_or_else(|| rusqlite::Error::InvalidColumnType(column, String::from("number"), rusqlite::types::Type::Null))
}

fn optional_number(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    let value: Option<i64> = row.get(column)?;
    value.map(u64::try_from).transpose().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Integer, Box::new(error))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_writes_and_others_read() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(Archive::open(dir.path()), Err(ArchiveError::Absent(_))));
        let archive = Archive::open_or_create(dir.path(), [7; 32], DeviceId(3), 5).unwrap();
        assert_eq!((archive.next_sequence().unwrap(), archive.settled().unwrap()), (5, 5));
        let second = Archive::open_or_create(dir.path(), [7; 32], DeviceId(3), 5);
        assert!(matches!(second, Err(ArchiveError::Locked(_))));
        let reader = Archive::open(dir.path()).unwrap();
        assert_eq!((reader.device(), reader.genesis(), reader.begins()), (DeviceId(3), &[7; 32], 5));
        assert!(matches!(reader.reading(5), Err(ArchiveError::NoReading { .. })));
        drop(archive);
        assert!(Archive::open_or_create(dir.path(), [7; 32], DeviceId(3), 9).unwrap().begins() == 5);
    }

    #[test]
    fn an_archive_is_of_one_chain_and_one_device() {
        let dir = tempfile::tempdir().unwrap();
        drop(Archive::open_or_create(dir.path(), [7; 32], DeviceId(3), 0).unwrap());
        let other = Archive::open_or_create(dir.path(), [8; 32], DeviceId(3), 0);
        assert!(matches!(other, Err(ArchiveError::OtherChain { .. })));
        let other = Archive::open_or_create(dir.path(), [7; 32], DeviceId(4), 0);
        assert!(matches!(other, Err(ArchiveError::OtherDevice { .. })));
    }
}
