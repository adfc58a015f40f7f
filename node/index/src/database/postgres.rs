//! The index in a PostgreSQL database.
//!
//! It lies in a schema of its own, `citynet`. Whoever may use the database can give others the right to read it there.
//!
//! # Threads
//!
//! Callers block, as with SQLite. What reads and writes the sockets runs on a thread of its own, so a connection can be used
//! and dropped on every thread, also on those of another asynchronous runtime.
//!
//! # Plans
//!
//! The index's queries are written to walk along an index of the database, row by row, and to stop at a limit. A planner
//! that goes by statistics may choose to read and sort everything instead, above all while a table is new and has none. So
//! connections are told to prefer index scans and nested loops, in the order in which a query names its tables, and rows of a
//! group are asked for so that only the group's index has them in order ([`Stretch`]). The indices that end in what SQLite adds to each by itself are in [`crate::schema`].

use super::{Access, Connection, Database, Row, Rows, Stretch, Value, Visitor, Walk};
use crate::Error;
use bytes::{BufMut, Bytes, BytesMut};
use futures::{executor::block_on, FutureExt, SinkExt, TryStreamExt};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
    error::Error as StdError,
    fmt,
    net::IpAddr,
    ops::ControlFlow,
    pin::pin,
    str::FromStr,
    time::{Duration, Instant},
};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{
    config::{Host, SslMode},
    error::SqlState,
    types::{to_sql_checked, FromSql, IsNull, ToSql, Type},
    Client, Config, NoTls, Statement,
};

/// Where Debian's servers have their socket, for a URL without a host.
const SOCKETS: &str = "/run/postgresql";

/// How long a server may be silent while a connection is made, and while it owes an acknowledgement.
const SILENCE: Duration = Duration::from_secs(10);

/// What all connections are told. Estimates that are made absurd by what is switched off would have everything compiled.
const SESSION: &str = "
SET search_path TO citynet;
SET client_min_messages TO warning;
SET statement_timeout TO 0;
SET enable_seqscan TO off;
SET enable_bitmapscan TO off;
SET enable_hashjoin TO off;
SET enable_mergejoin TO off;
SET join_collapse_limit TO 1;
SET jit TO off;
";

/// The session that holds this lock of the database writes its index.
const WRITER_LOCK: i64 = i64::from_be_bytes(*b"citynet\0");

/// The server is told anew how long a statement may take once that has changed by so much.
const GRAIN: Duration = Duration::from_millis(10);

/// How many rows of a walk are fetched at a time.
const FETCHED: usize = 1000;

/// At most so many bytes of a table's rows are sent in one message.
const CHUNK: usize = 1 << 20;

/// What `COPY` in its binary format begins with: a signature, no flags, and no extension.
const COPY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// A PostgreSQL database, by its URL. Neither of its texts has the password.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(Box<Config>);

/// Why a URL is not taken. It says nothing of what is in the URL, since part of that may be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It is none of PostgreSQL's.
    #[error(
        "this is no URL of a PostgreSQL database, such as postgres://citynet@%2Frun%2Fpostgresql/citynet; special characters \
         of a password must be percent-encoded"
    )]
    Malformed,
    /// It asks for TLS.
    #[error("the index speaks no TLS: use a Unix socket or a tunnel")]
    Tls,
    /// It leads to another machine and does not say that it shall do so in the clear.
    #[error(
        "this leads to another machine without encryption: use a Unix socket or a tunnel, or add sslmode=disable where the \
         network is safe"
    )]
    InTheClear,
}

impl FromStr for PostgresUrl {
    type Err = UrlError;

    fn from_str(url: &str) -> Result<Self, UrlError> {
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(UrlError::Malformed);
        }
        let mut config: Config = url.parse().map_err(|_| UrlError::Malformed)?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            config.host_path(SOCKETS);
        }
        match config.get_ssl_mode() {
            SslMode::Disable => Ok(Self(Box::new(config))),
            SslMode::Prefer if stays_here(&config) => Ok(Self(Box::new(config))),
            SslMode::Prefer => Err(UrlError::InTheClear),
            // Also whatever else there may be one day.
            _ => Err(UrlError::Tls),
        }
    }
}

/// Whether all hosts are this machine.
fn stays_here(config: &Config) -> bool {
    let here = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
    };
    match config.get_hostaddrs() {
        [] => config.get_hosts().iter().all(here),
        addresses => addresses.iter().all(IpAddr::is_loopback),
    }
}

fn shown(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(folder) => folder.display().to_string().replace('/', "%2F"),
    }
}

/// Where a server listens of which nothing else is said.
const USUAL_PORT: u16 = 5432;

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.0.get_user() {
            write!(f, "{user}@")?;
        }
        let hosts: Vec<_> = match self.0.get_hostaddrs() {
            [] => self.0.get_hosts().iter().map(shown).collect(),
            addresses => addresses.iter().map(ToString::to_string).collect(),
        };
        f.write_str(&hosts.join(","))?;
        if let Some(port) = self.0.get_ports().iter().find(|port| **port != USUAL_PORT) {
            write!(f, ":{port}")?;
        }
        write!(f, "/{}", self.0.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A server with a database, and the thread that talks to it.
pub(crate) struct Server {
    config: Config,
    busy: Duration,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl Server {
    /// `busy` is how long a connection waits for another to let go of the index or of a table.
    pub fn new(url: &PostgresUrl, busy: Duration) -> Result<Self, Error> {
        let mut config = Config::clone(&url.0);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(SILENCE);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        if config.get_application_name().is_none() {
            config.application_name("citynet-index");
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("citynet-postgres")
            .enable_all()
            .build()
            .map_err(Error::Thread)?;
        Ok(Self { config, busy, runtime: Some(runtime) })
    }

    fn connect(&self) -> Result<Session, Error> {
        let runtime = self.runtime.as_ref().ok_or(Error::NotReady)?;
        let (client, connection) = {
            let _context = runtime.enter();
            block_on(self.config.connect(NoTls))?
        };
        runtime.spawn(async {
            if let Err(error) = connection.await {
                tracing::debug!(error = %in_full(&error), "A connection to the index's database has ended.");
            }
        });
        let session = Session {
            client,
            statements: RefCell::default(),
            unsent: RefCell::default(),
            cursors: Cell::new(0),
            deadline: Cell::new(None),
            timeout: Cell::new(None),
            visiting: Cell::new(false),
        };
        // 0 would mean that there is no limit.
        session.batch(&format!("{SESSION} SET lock_timeout TO {};", self.busy.as_millis().max(1)))?;
        Ok(session)
    }
}

impl Database for Server {
    fn writer(&self) -> Result<Box<dyn Connection>, Error> {
        let writer = self.connect()?;
        writer.batch(&format!("SELECT pg_advisory_lock({WRITER_LOCK})")).map_err(|error| match &error {
            Error::Postgres(cause) if cause.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => Error::InUse,
            _ => error,
        })?;
        // A crash of the server may cost the last transactions but leaves no half of one, and what is lost is indexed again.
        writer.batch("SET synchronous_commit TO off")?;
        let schemas =
            super::first(&writer, "SELECT count(*) FROM pg_namespace WHERE nspname = 'citynet'", &[], |row| {
                row.get::<i64>(0)
            })?;
        if schemas != Some(1) {
            writer.batch("CREATE SCHEMA citynet")?;
        }
        Ok(Box::new(writer))
    }

    fn reader(&self) -> Result<Box<dyn Connection>, Error> {
        Ok(Box::new(self.connect()?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Waiting for its thread would panic on a thread of another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A connection.
struct Session {
    client: Client,
    /// What was prepared, by the text before it was translated.
    statements: RefCell<HashMap<String, Statement>>,
    /// Rows that were inserted but not sent yet, by their table.
    unsent: RefCell<BTreeMap<&'static str, Unsent>>,
    /// How many cursors there were, which tells their names apart.
    cursors: Cell<u32>,
    deadline: Cell<Option<Instant>>,
    /// How long a statement may take, as the server was told in this transaction.
    timeout: Cell<Option<Duration>>,
    /// Whether rows are being visited: the answer to another question would wait behind them.
    visiting: Cell<bool>,
}

/// Rows of a table, as `COPY` takes them.
struct Unsent {
    sql: String,
    rows: BytesMut,
}

impl Session {
    fn batch(&self, sql: &str) -> Result<(), Error> {
        Ok(block_on(self.client.batch_execute(sql))?)
    }

    fn statement(&self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = block_on(self.client.prepare(&translate(sql)))?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Sends the rows that were inserted.
    fn flush(&self) -> Result<(), Error> {
        for Unsent { sql, mut rows } in self.unsent.take().into_values() {
            let statement = self.statement(&sql)?;
            // What ends the rows.
            rows.put_i16(-1);
            block_on(async {
                let mut sink = pin!(self.client.copy_in::<_, Bytes>(&statement).await?);
                while !rows.is_empty() {
                    sink.send(rows.split_to(rows.len().min(CHUNK)).freeze()).await?;
                }
                sink.finish().await
            })?;
        }
        Ok(())
    }

    /// What tells the server how long statements may take from now on, unless it knows that well enough.
    fn limit(&self) -> Option<String> {
        let left = self.deadline.get()?.saturating_duration_since(Instant::now());
        if self.timeout.get().is_some_and(|told| told <= left.saturating_add(GRAIN)) {
            return None;
        }
        self.timeout.set(Some(left));
        // 0 would mean that there is no limit, and more than the server takes is none.
        let milliseconds = left.as_millis().max(1);
        i32::try_from(milliseconds).ok().map(|time| format!("SET LOCAL statement_timeout TO {time}"))
    }
}

/// While there is one, rows are visited.
struct Visiting<'s>(&'s Cell<bool>);

impl<'s> Visiting<'s> {
    fn begin(visiting: &'s Cell<bool>) -> Self {
        assert!(!visiting.replace(true), "what visits rows asks for no others meanwhile");
        Self(visiting)
    }
}

impl Drop for Visiting<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Connection for Session {
    fn visit(&self, sql: &str, values: &[Value<'_>], visit: &mut Visitor<'_>) -> Result<(), Error> {
        let _visiting = Visiting::begin(&self.visiting);
        self.flush()?;
        let statement = self.statement(sql)?;
        let rows = self.client.query_raw(&statement, values);
        // Both are sent before the first is answered.
        let rows = match self.limit() {
            Some(limit) => block_on(async { futures::try_join!(self.client.batch_execute(&limit), rows) })?.1,
            None => block_on(rows)?,
        };
        let mut rows = pin!(rows);
        while let Some(row) = block_on(rows.try_next())? {
            if visit(&row)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        self.flush()?;
        let statement = self.statement(sql)?;
        Ok(block_on(self.client.execute_raw(&statement, values))?)
    }

    fn insert(&self, table: &'static str, columns: &[&str], values: &[Value<'_>]) -> Result<(), Error> {
        let mut unsent = self.unsent.borrow_mut();
        let Unsent { rows, .. } = unsent.entry(table).or_insert_with(|| Unsent {
            sql: format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", columns.join(", ")),
            rows: BytesMut::from(COPY_HEADER),
        });
        let out_of_range = |number: usize| Error::OutOfRange(u64::try_from(number).unwrap_or(u64::MAX));
        rows.put_i16(i16::try_from(values.len()).map_err(|_| out_of_range(values.len()))?);
        for value in values {
            let bytes = match value {
                Value::Null => {
                    rows.put_i32(-1);
                    continue;
                }
                Value::Integer(number) => {
                    rows.put_i32(8);
                    rows.put_i64(*number);
                    continue;
                }
                Value::Text(text) => text.as_bytes(),
                Value::Blob(bytes) => bytes,
            };
            rows.put_i32(i32::try_from(bytes.len()).map_err(|_| out_of_range(bytes.len()))?);
            rows.put_slice(bytes);
        }
        Ok(())
    }

    fn walk(&self, sql: &str) -> Result<Box<dyn Walk + '_>, Error> {
        self.flush()?;
        let number = self.cursors.get();
        self.cursors.set(number.wrapping_add(1));
        let name = format!("walk_{number}");
        self.batch(&format!("DECLARE {name} NO SCROLL CURSOR FOR {}", translate(sql)))?;
        let fetch = self.statement(&format!("FETCH {FETCHED} FROM {name}"))?;
        Ok(Box::new(Cursor { session: self, fetch }))
    }

    fn plan(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<String>, Error> {
        let mut steps = Vec::new();
        self.visit(&format!("EXPLAIN (COSTS off) {sql}"), values, &mut |row| {
            steps.push(row.get(0)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(steps)
    }

    /// On a key that only the group's index is on. Else the planner, which does not know which group it is, may walk along
    /// the whole table's key and look for the group's rows on its way, and those of a rare group are few and far between.
    fn stretch(&self, stretch: &Stretch<'_>) -> (String, String) {
        let apart = stretch.apart && !stretch.group.is_empty();
        stretch.with(|column| if apart { format!("({column} + 0)") } else { column.to_owned() })
    }

    fn begin(&self, access: Access) -> Result<(), Error> {
        self.timeout.set(None);
        self.batch(match access {
            Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Access::Write => "BEGIN ISOLATION LEVEL READ COMMITTED",
        })
    }

    fn commit(&self) -> Result<(), Error> {
        self.flush()?;
        self.batch("COMMIT")
    }

    fn roll_back(&self) {
        self.unsent.take();
        // Polled once, it is sent; whatever comes next is answered after it. Where it fails, the connection is lost.
        let _ = self.client.batch_execute("ROLLBACK").now_or_never();
    }

    fn set_deadline(&self, deadline: Option<Instant>) -> Result<(), Error> {
        self.deadline.set(deadline);
        Ok(())
    }

    fn version(&self) -> Result<Option<i64>, Error> {
        // It is a comment on a table, so it goes with the table.
        let sql = "SELECT obj_description(to_regclass('citynet.meta')::oid, 'pg_class')";
        let version = super::first(self, sql, &[], |row| row.get::<Option<String>>(0))?.flatten();
        Ok(version.and_then(|version| version.parse().ok()))
    }

    fn rebuild(&self, tables: &str, version: i64) -> Result<bool, Error> {
        // Every snapshot has read the cursor. So once that can be dropped, no snapshot is left, and none finds a new table
        // where it has not read the old one yet.
        let sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'citynet'
                   ORDER BY tablename <> 'cursor', tablename";
        let mut old = Vec::new();
        self.visit(sql, &[], &mut |row| {
            old.push(row.get::<String>(0)?);
            Ok(ControlFlow::Continue(()))
        })?;
        for table in &old {
            self.batch(&format!("DROP TABLE \"{}\" CASCADE", table.replace('"', "\"\"")))?;
        }
        self.batch(&translate_tables(tables))?;
        self.batch(&format!("COMMENT ON TABLE meta IS '{version}'"))?;
        Ok(!old.is_empty())
    }

    fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}

/// A cursor of the server.
struct Cursor<'s> {
    session: &'s Session,
    fetch: Statement,
}

impl Walk for Cursor<'_> {
    fn rows(&mut self) -> Result<Box<dyn Rows + '_>, Error> {
        Ok(Box::new(Fetched { cursor: self, rows: Vec::new().into_iter(), row: None, more: true }))
    }
}

/// Rows of a cursor, as far as they were fetched.
struct Fetched<'c> {
    cursor: &'c Cursor<'c>,
    rows: std::vec::IntoIter<tokio_postgres::Row>,
    row: Option<tokio_postgres::Row>,
    more: bool,
}

impl Rows for Fetched<'_> {
    fn next(&mut self) -> Result<Option<&dyn Row>, Error> {
        self.row = self.rows.next();
        if self.row.is_none() && self.more {
            let Cursor { session, fetch } = self.cursor;
            let rows = block_on(session.client.query(fetch, &[]))?;
            self.more = rows.len() == FETCHED;
            self.rows = rows.into_iter();
            self.row = self.rows.next();
        }
        Ok(self.row.as_ref().map(|row| row as &dyn Row))
    }
}

impl Row for tokio_postgres::Row {
    fn value(&self, column: usize) -> Result<Value<'_>, Error> {
        Ok(self.try_get(column)?)
    }
}

impl<'v> FromSql<'v> for Value<'v> {
    fn from_sql(kind: &Type, bytes: &'v [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => Self::Integer(i64::from_be_bytes(bytes.try_into()?)),
            Type::TEXT => Self::Text(std::str::from_utf8(bytes)?),
            _ => Self::Blob(bytes),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, _: &Type, to: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Integer(number) => to.put_i64(*number),
            Self::Text(text) => to.put_slice(text.as_bytes()),
            Self::Blob(bytes) => to.put_slice(bytes),
        }
        Ok(IsNull::No)
    }

    fn accepts(kind: &Type) -> bool {
        <Self as FromSql>::accepts(kind)
    }

    to_sql_checked!();
}

/// A statement in PostgreSQL's words. None has a text with spaces or a question mark in it.
fn translate(sql: &str) -> String {
    let mut translated = String::with_capacity(sql.len());
    let mut words = sql.split_whitespace().peekable();
    while let Some(word) = words.next() {
        match (word, words.peek()) {
            ("INDEXED", Some(&"BY")) => {
                words.next();
                words.next();
            }
            ("NOT", Some(&"INDEXED")) => {
                words.next();
            }
            ("CROSS", Some(&"JOIN")) => {}
            _ => {
                translated.push_str(&word.replace('?', "$"));
                translated.push(' ');
            }
        }
    }
    translated
}

/// The definitions of tables in PostgreSQL's words: see [`crate::schema`].
fn translate_tables(tables: &str) -> String {
    [
        (" STRICT, WITHOUT ROWID;", ";"),
        (" STRICT;", ";"),
        (" INTEGER", " BIGINT"),
        (" BLOB", " BYTEA"),
        // Byte by byte, whatever language the database is for.
        (" TEXT", " TEXT COLLATE \"C\""),
        ("/*", ""),
        ("*/", ""),
    ]
    .iter()
    .fold(tables.to_owned(), |tables, (from, to)| tables.replace(from, to))
}

/// An error with what caused it: by itself it says little.
pub(crate) fn in_full(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Result<PostgresUrl, UrlError> {
        text.parse()
    }

    #[test]
    fn a_url_is_shown_without_its_password() {
        let sockets = "postgres://citynet:s%40crit@%2Frun%2Fpostgresql/ledger";
        for (text, shown) in [
            (sockets, "postgres://citynet@%2Frun%2Fpostgresql/ledger"),
            ("postgresql://citynet:s%40crit@localhost:5433/ledger", "postgres://citynet@localhost:5433/ledger"),
            ("postgres://citynet@127.0.0.1,[::1]/l?password=s%40crit", "postgres://citynet@127.0.0.1,::1/l"),
            ("postgres:///ledger?user=a", "postgres://a@%2Frun%2Fpostgresql/ledger"),
            ("postgres://db.example/l?sslmode=disable", "postgres://db.example/l"),
            ("postgres://db.example/l?hostaddr=127.0.0.1", "postgres://127.0.0.1/l"),
        ] {
            let url = url(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((url.to_string(), format!("{url:?}")), (shown.to_owned(), shown.to_owned()));
        }
        assert_ne!(url(sockets), url(&sockets.replace("crit", "cret")), "although they look the same");
    }

    #[test]
    fn a_url_that_would_not_do_is_refused() {
        for (text, why) in [
            ("", UrlError::Malformed),
            ("citynet", UrlError::Malformed),
            ("host=localhost password=s3crit", UrlError::Malformed),
            ("mysql://localhost/l", UrlError::Malformed),
            ("postgres://localhost/l?s3crit=1", UrlError::Malformed),
            ("postgres://localhost:port/l", UrlError::Malformed),
            ("postgres://localhost/l?sslmode=require", UrlError::Tls),
            ("postgres://localhost,db.example/l", UrlError::InTheClear),
            ("postgres://10.0.0.1/l?sslmode=prefer", UrlError::InTheClear),
            ("postgres://localhost/l?hostaddr=10.0.0.1", UrlError::InTheClear),
        ] {
            assert_eq!(url(text), Err(why), "{text}");
            assert!(!why.to_string().contains("s3crit"));
        }
    }

    #[test]
    fn statements_lose_what_only_sqlite_understands() {
        for (text, translated) in [
            ("SELECT a FROM t INDEXED BY t_a WHERE (a, b) >= (?1, ?12)", "SELECT a FROM t WHERE (a, b) >= ($1, $12) "),
            ("SELECT a\n  FROM t NOT INDEXED\n  WHERE b IS NOT NULL", "SELECT a FROM t WHERE b IS NOT NULL "),
            ("SELECT a FROM t CROSS JOIN u ON u.a = t.a", "SELECT a FROM t JOIN u ON u.a = t.a "),
        ] {
            assert_eq!(translate(text), translated);
        }
        assert_eq!(
            translate_tables(
                "CREATE TABLE t (\n    a INTEGER,\n    b TEXT\n) STRICT;\nCREATE INDEX i ON t (b/*, a*/);"
            ),
            "CREATE TABLE t (\n    a BIGINT,\n    b TEXT COLLATE \"C\"\n);\nCREATE INDEX i ON t (b, a);"
        );
    }
}
