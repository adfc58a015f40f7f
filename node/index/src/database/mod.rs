//! The databases that an index can lie in, behind one interface.
//!
//! Every statement has one text, for all of them: SQL that each understands, with parameters `?1`, `?2` … and SQLite's words
//! for how to go about it (`INDEXED BY`, `NOT INDEXED`, `CROSS JOIN … ON`), which [`postgres`] leaves out. Columns are
//! integers of 64 bits, texts and blobs. Texts and blobs sort byte by byte.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use crate::Error;
use std::{
    fmt,
    ops::{ControlFlow, Deref},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

pub use postgres::{PostgresUrl, UrlError};

/// Where an index lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In a file of SQLite.
    File(PathBuf),
    /// In the schema `citynet` of a PostgreSQL database, which is the index's own.
    Server(PostgresUrl),
}

impl Location {
    /// The database that lies there. Nothing is opened yet.
    pub(crate) fn database(&self, busy: Duration) -> Result<Box<dyn Database>, Error> {
        Ok(match self {
            Self::File(path) => Box::new(sqlite::File::new(path.clone(), busy)),
            Self::Server(url) => Box::new(postgres::Server::new(url, busy)?),
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(url) => url.fmt(f),
        }
    }
}

impl From<PathBuf> for Location {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl From<&Path> for Location {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl From<&PathBuf> for Location {
    fn from(path: &PathBuf) -> Self {
        Self::File(path.clone())
    }
}

impl From<PostgresUrl> for Location {
    fn from(url: PostgresUrl) -> Self {
        Self::Server(url)
    }
}

/// Opens connections.
pub(crate) trait Database: Send + Sync {
    /// The one connection that writes, to a place that is made where there is none.
    fn writer(&self) -> Result<Box<dyn Connection>, Error>;

    /// A connection that only reads.
    fn reader(&self) -> Result<Box<dyn Connection>, Error>;
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// All its reads are of one moment.
    Read,
    /// Nobody else writes meanwhile.
    Write,
}

/// What is done with each row that a statement finds, until it is told to stop.
pub(crate) type Visitor<'v> = dyn FnMut(&dyn Row) -> Result<ControlFlow<()>, Error> + 'v;

/// A connection to a database. It does one thing at a time: what visits rows must not ask for others meanwhile.
pub(crate) trait Connection: Send {
    /// Visits the rows that a statement finds.
    fn visit(&self, sql: &str, values: &[Value<'_>], visit: &mut Visitor<'_>) -> Result<(), Error>;

    /// Runs a statement. Returns how many rows it wrote.
    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error>;

    /// Adds a row, or will have added it when anything else is done or the transaction commits.
    fn insert(&self, table: &'static str, columns: &[&str], values: &[Value<'_>]) -> Result<(), Error>;

    /// Prepares a statement without parameters, of which several can be walked through at a time. In a transaction only.
    fn walk(&self, sql: &str) -> Result<Box<dyn Walk + '_>, Error>;

    /// The steps by which a statement would be answered, in the database's own words.
    fn plan(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<String>, Error>;

    /// The condition and the order that have a stretch walked through along the index that is on its columns.
    fn stretch(&self, stretch: &Stretch<'_>) -> (String, String) {
        stretch.with(ToOwned::to_owned)
    }

    /// Begins a transaction. [`Transaction::begin`] sees to its end.
    fn begin(&self, access: Access) -> Result<(), Error>;

    fn commit(&self) -> Result<(), Error>;

    /// Undoes what the transaction did. Where that fails the connection is closed, or soon found to be.
    fn roll_back(&self);

    /// From when on statements are interrupted: see [`Error::is_interruption`]. Within the transaction that has begun.
    fn set_deadline(&self, deadline: Option<Instant>) -> Result<(), Error>;

    /// The version of the schema, if any is there.
    fn version(&self) -> Result<Option<i64>, Error>;

    /// Drops every table, makes those of another schema, and says its version. Returns whether there were any. In a
    /// transaction only.
    fn rebuild(&self, tables: &str, version: i64) -> Result<bool, Error>;

    /// Whether it is of no more use.
    fn is_closed(&self) -> bool;
}

/// Rows of a group, such as those of one kind, in the order of a key, from one place up to another. Each column stands with
/// the number of the parameter that it is held against.
pub(crate) struct Stretch<'s> {
    /// The columns whose values all rows share. May be empty.
    pub group: &'s [(&'s str, usize)],
    /// The key's columns, and where it begins.
    pub from: &'s [(&'s str, usize)],
    /// The value of the key's first column that ends it, and is not part of it. With none it goes to the end.
    pub end: Option<usize>,
    /// Whether the rows can be had in the order of the key by another index, too, that of the whole table: then
    /// [`schema`](crate::schema) has the group's index on a key that only this one is on.
    pub apart: bool,
}

impl Stretch<'_> {
    /// The condition and the order, with the key's first column written in this way.
    fn with(&self, write: impl Fn(&str) -> String) -> (String, String) {
        let group: String = self.group.iter().map(|(column, place)| format!("{column} = ?{place} AND ")).collect();
        let columns: Vec<String> = (0..)
            .zip(self.from)
            .map(|(position, (column, _))| if position == 0 { write(column) } else { (*column).to_owned() })
            .collect();
        let places: Vec<String> = self.from.iter().map(|(_, place)| format!("?{place}")).collect();
        let (key, from) = (columns.join(", "), places.join(", "));
        let end = columns.first().zip(self.end).map(|(first, place)| format!(" AND {first} < ?{place}"));
        (format!("{group}({key}) >= ({from}){}", end.unwrap_or_default()), key)
    }
}

/// What finds its first row only.
pub(crate) fn first<T>(
    connection: &dyn Connection,
    sql: &str,
    values: &[Value<'_>],
    read: impl Fn(&dyn Row) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    let mut found = None;
    connection.visit(sql, values, &mut |row| {
        found = Some(read(row)?);
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}

/// A transaction that is undone unless it is committed, so also after a panic.
pub(crate) struct Transaction<'c> {
    connection: &'c dyn Connection,
    open: bool,
}

impl<'c> Transaction<'c> {
    pub fn begin(connection: &'c dyn Connection, access: Access) -> Result<Self, Error> {
        connection.begin(access)?;
        Ok(Self { connection, open: true })
    }

    pub fn commit(mut self) -> Result<(), Error> {
        self.connection.commit()?;
        self.open = false;
        Ok(())
    }
}

impl<'c> Deref for Transaction<'c> {
    type Target = dyn Connection + 'c;

    fn deref(&self) -> &Self::Target {
        self.connection
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            self.connection.roll_back();
        }
    }
}

/// A statement of which the rows can be walked through.
pub(crate) trait Walk {
    fn rows(&mut self) -> Result<Box<dyn Rows + '_>, Error>;
}

/// Rows, one after the other.
pub(crate) trait Rows {
    fn next(&mut self) -> Result<Option<&dyn Row>, Error>;
}

/// A row that a statement found.
pub(crate) trait Row {
    /// The value of a column, from 0.
    fn value(&self, column: usize) -> Result<Value<'_>, Error>;
}

impl dyn Row + '_ {
    /// A column, as what it must be.
    pub fn get<T: FromColumn>(&self, column: usize) -> Result<T, Error> {
        T::from_column(self.value(column)?).ok_or(Error::Column(column))
    }
}

/// What goes into a statement and is in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    Null,
    Integer(i64),
    Text(&'v str),
    Blob(&'v [u8]),
}

/// The values of a statement's parameters.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::database::AsValue::as_value(&$value)),*] };
}
pub(crate) use values;

/// What a parameter can be given as.
pub(crate) trait AsValue {
    fn as_value(&self) -> Value<'_>;
}

impl AsValue for i64 {
    fn as_value(&self) -> Value<'_> {
        Value::Integer(*self)
    }
}

impl AsValue for u32 {
    fn as_value(&self) -> Value<'_> {
        Value::Integer((*self).into())
    }
}

impl AsValue for str {
    fn as_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl AsValue for Vec<u8> {
    fn as_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<const N: usize> AsValue for [u8; N] {
    fn as_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<T: AsValue + ?Sized> AsValue for &T {
    fn as_value(&self) -> Value<'_> {
        (**self).as_value()
    }
}

/// What a column can be read as. `None` where its value is another.
pub(crate) trait FromColumn: Sized {
    fn from_column(value: Value<'_>) -> Option<Self>;
}

impl FromColumn for i64 {
    fn from_column(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(number),
            Value::Null | Value::Text(_) | Value::Blob(_) => None,
        }
    }
}

impl FromColumn for u64 {
    fn from_column(value: Value<'_>) -> Option<Self> {
        i64::from_column(value)?.try_into().ok()
    }
}

impl FromColumn for u32 {
    fn from_column(value: Value<'_>) -> Option<Self> {
        i64::from_column(value)?.try_into().ok()
    }
}

impl FromColumn for String {
    fn from_column(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.to_owned()),
            Value::Null | Value::Integer(_) | Value::Blob(_) => None,
        }
    }
}

impl FromColumn for Vec<u8> {
    fn from_column(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes.to_owned()),
            Value::Null | Value::Integer(_) | Value::Text(_) => None,
        }
    }
}

impl<const N: usize> FromColumn for [u8; N] {
    fn from_column(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Blob(bytes) => bytes.try_into().ok(),
            Value::Null | Value::Integer(_) | Value::Text(_) => None,
        }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_column(other).map(Some),
        }
    }
}
