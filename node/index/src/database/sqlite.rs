//! The index in a file of SQLite.

use super::{Access, Connection, Database, Row, Rows, Value, Visitor, Walk};
use crate::{budget::is_over, Error};
use rusqlite::{
    params_from_iter,
    types::{ToSqlOutput, ValueRef},
    OpenFlags, ToSql,
};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// How many steps SQLite's machine makes between two looks at the clock: some tens of microseconds.
const STEPS: i32 = 1000;

/// How many statements a connection keeps prepared: more than there are.
const STATEMENTS: usize = 128;

/// A file, which need not be there yet.
pub(crate) struct File {
    path: PathBuf,
    busy: Duration,
}

impl File {
    /// `busy` is how long a connection waits for another process to let go of the file.
    pub fn new(path: PathBuf, busy: Duration) -> Self {
        Self { path, busy }
    }

    fn set_up(&self, connection: &rusqlite::Connection) -> Result<(), Error> {
        connection.busy_timeout(self.busy)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(())
    }
}

impl Database for File {
    fn writer(&self) -> Result<Box<dyn Connection>, Error> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).map_err(Error::Folder)?;
        }
        let writer = rusqlite::Connection::open(&self.path)?;
        self.set_up(&writer)?;
        // With a write-ahead log readers never wait for the writer. `NORMAL` may lose the last transactions in a power cut
        // but leaves no half of one, and what is lost is indexed again.
        writer.pragma_update(None, "journal_mode", "WAL")?;
        writer.pragma_update(None, "synchronous", "NORMAL")?;
        Ok(Box::new(writer))
    }

    fn reader(&self) -> Result<Box<dyn Connection>, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = rusqlite::Connection::open_with_flags(&self.path, flags)?;
        self.set_up(&reader)?;
        Ok(Box::new(reader))
    }
}

impl Connection for rusqlite::Connection {
    fn visit(&self, sql: &str, values: &[Value<'_>], visit: &mut Visitor<'_>) -> Result<(), Error> {
        let mut statement = self.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if visit(row)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        let rows = self.prepare_cached(sql)?.execute(params_from_iter(values))?;
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }

    fn insert(&self, table: &'static str, columns: &[&str], values: &[Value<'_>]) -> Result<(), Error> {
        let places = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({places})", columns.join(", "));
        self.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        Ok(())
    }

    fn walk(&self, sql: &str) -> Result<Box<dyn Walk + '_>, Error> {
        Ok(Box::new(self.prepare(sql)?))
    }

    fn plan(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<String>, Error> {
        let mut steps = Vec::new();
        let mut statement = self.prepare_cached(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            steps.push(row.get(3)?);
        }
        Ok(steps)
    }

    fn begin(&self, access: Access) -> Result<(), Error> {
        Ok(self.execute_batch(match access {
            Access::Read => "BEGIN DEFERRED",
            Access::Write => "BEGIN IMMEDIATE",
        })?)
    }

    fn commit(&self) -> Result<(), Error> {
        Ok(self.execute_batch("COMMIT")?)
    }

    fn roll_back(&self) {
        // After some errors, such as a full disk, SQLite has done it already.
        if !self.is_autocommit() {
            if let Err(error) = self.execute_batch("ROLLBACK") {
                tracing::warn!(%error, "A transaction of the index could not be undone.");
            }
        }
    }

    fn set_deadline(&self, deadline: Option<Instant>) -> Result<(), Error> {
        Ok(match deadline {
            Some(_) => self.progress_handler(STEPS, Some(move || is_over(deadline))),
            None => self.progress_handler(0, None::<fn() -> bool>),
        }?)
    }

    fn version(&self) -> Result<Option<i64>, Error> {
        let version = self.query_row("PRAGMA user_version", (), |row| row.get(0))?;
        Ok(Some(version).filter(|version| *version != 0))
    }

    fn rebuild(&self, tables: &str, version: i64) -> Result<bool, Error> {
        let old = self
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?
            .query_map((), |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        for table in &old {
            self.execute_batch(&format!("DROP TABLE \"{}\"", table.replace('"', "\"\"")))?;
        }
        self.execute_batch(tables)?;
        self.pragma_update(None, "user_version", version)?;
        Ok(!old.is_empty())
    }

    fn is_closed(&self) -> bool {
        false
    }
}

impl Walk for rusqlite::Statement<'_> {
    fn rows(&mut self) -> Result<Box<dyn Rows + '_>, Error> {
        Ok(Box::new(self.query(())?))
    }
}

impl Rows for rusqlite::Rows<'_> {
    fn next(&mut self) -> Result<Option<&dyn Row>, Error> {
        Ok(rusqlite::Rows::next(self)?.map(|row| row as &dyn Row))
    }
}

impl Row for rusqlite::Row<'_> {
    fn value(&self, column: usize) -> Result<Value<'_>, Error> {
        Ok(match self.get_ref(column)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Text(text) => Value::Text(std::str::from_utf8(text).map_err(|_| Error::Column(column))?),
            ValueRef::Blob(bytes) => Value::Blob(bytes),
            // No column has this type.
            ValueRef::Real(_) => return Err(Error::Column(column)),
        })
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
