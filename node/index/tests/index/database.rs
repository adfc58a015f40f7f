//! The databases that the tests' indexes lie in: files of SQLite, and databases of a PostgreSQL server that is started for
//! them where it is installed.

use citynet_index::{Location, PostgresUrl};
use rusqlite::Connection;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        Mutex, OnceLock,
    },
};
use tempfile::TempDir;

/// One empty place for an index in each database that there is.
pub fn stores() -> Vec<Store> {
    [Some(Store::file()), Store::server()].into_iter().flatten().collect()
}

/// A place for one index, which is empty at first.
pub enum Store {
    File(TempDir),
    Server(ServerStore),
}

/// A column's name, its type in SQLite's words, and its place in the primary key from 1, or 0.
pub type Column = (String, String, u32);

impl Store {
    pub fn file() -> Self {
        Self::File(TempDir::new().unwrap())
    }

    /// `None` where there is no server.
    pub fn server() -> Option<Self> {
        ServerStore::new().map(Self::Server)
    }

    /// Another one in the same kind of database.
    pub fn another(&self) -> Self {
        match self {
            Self::File(_) => Some(Self::file()),
            Self::Server(_) => Self::server(),
        }
        .unwrap()
    }

    pub fn location(&self) -> Location {
        match self {
            Self::File(folder) => file(folder).into(),
            Self::Server(store) => store.url("citynet").into(),
        }
    }

    /// The index's file.
    pub fn path(&self) -> PathBuf {
        let Self::File(folder) = self else { panic!("it is no file") };
        file(folder)
    }

    /// Changes something by hand. Returns how many rows.
    pub fn change(&self, sql: &str) -> usize {
        match self {
            Self::File(folder) => Connection::open(file(folder)).unwrap().execute(sql, ()).unwrap(),
            Self::Server(store) => {
                let tag = store.sql(sql);
                tag.split_whitespace().last().and_then(|rows| rows.parse().ok()).unwrap_or_default()
            }
        }
    }

    /// The tables with their columns.
    pub fn tables(&self) -> Vec<(String, Vec<Column>)> {
        match self {
            Self::File(folder) => {
                let connection = Connection::open(file(folder)).unwrap();
                let sql = "SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m, pragma_table_info(m.name) c
                           WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid";
                let mut statement = connection.prepare(sql).unwrap();
                let rows = statement.query_map((), |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?))));
                by_table(rows.unwrap().collect::<Result<_, _>>().unwrap())
            }
            Self::Server(store) => {
                let sql = "SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                               coalesce(array_position(i.indkey, a.attnum) + 1, 0)
                           FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0
                               JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
                           WHERE t.relnamespace = 'citynet'::regnamespace ORDER BY t.relname, a.attnum";
                let rows = store.sql(sql);
                let row = |row: &str| {
                    let [table, column, kind, key] = row.split('|').collect::<Vec<_>>()[..] else { panic!("{row}") };
                    let kind = match kind {
                        "bigint" => "INTEGER",
                        "bytea" => "BLOB",
                        "text" => "TEXT",
                        other => panic!("{other}"),
                    };
                    (table.to_owned(), (column.to_owned(), kind.to_owned(), key.parse().unwrap()))
                };
                by_table(rows.lines().map(row).collect())
            }
        }
    }
}

fn by_table(columns: Vec<(String, Column)>) -> Vec<(String, Vec<Column>)> {
    let mut tables: Vec<(String, Vec<Column>)> = Vec::new();
    for (table, column) in columns {
        match tables.last_mut() {
            Some((last, columns)) if *last == table => columns.push(column),
            _ => tables.push((table, vec![column])),
        }
    }
    tables
}

/// Says which database a test failed in.
impl Drop for Store {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in {}", self.location());
        }
    }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("index").join("index.sqlite")
}

/// A database of the server, as long as it is needed. What is done with it is not lost to another test.
pub struct ServerStore {
    server: &'static Server,
    database: String,
}

impl ServerStore {
    fn new() -> Option<Self> {
        let server = Server::get()?;
        let free = server.free.lock().unwrap().pop();
        let database = free.unwrap_or_else(|| {
            let database = server.name();
            server.sql("postgres", &format!("CREATE DATABASE {database}"));
            database
        });
        Some(Self { server, database })
    }

    /// Its URL for a role, which is trusted unless it is `guarded`.
    pub fn url(&self, role: &str) -> PostgresUrl {
        let socket = self.server.folder.display().to_string().replace('/', "%2F");
        format!("postgres://{role}@{socket}/{}", self.database).parse().unwrap()
    }

    /// Runs statements by hand. Returns what they print.
    pub fn sql(&self, sql: &str) -> String {
        self.server.sql(&self.database, sql)
    }

    /// Runs statements by hand as [`ServerStore::sql`] but stays connected, with all locks, until the child is killed.
    pub fn sql_and_stay(&self, sql: &str) -> Child {
        let mut child = self.server.psql(&self.database).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "{sql}\n\\echo done").unwrap();
        let said = BufReader::new(child.stdout.as_mut().unwrap()).lines().map_while(Result::ok);
        assert!(said.into_iter().any(|line| line == "done"), "{sql} failed");
        child
    }

    /// Lets nobody in, and throws everybody out.
    pub fn close(&self) {
        self.server.sql("postgres", &format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.database));
        self.throw_out();
    }

    pub fn open(&self) {
        self.server.sql("postgres", &format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.database));
    }

    /// Whether sessions that begin from now on may write.
    pub fn set_read_only(&self, on: bool) {
        let sql = format!("ALTER DATABASE {} SET default_transaction_read_only = {on}", self.database);
        self.server.sql("postgres", &sql);
    }

    /// Ends all connections, as a server does that is started again.
    pub fn throw_out(&self) {
        let sql = "SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity
                   WHERE datname = '{}' AND pid <> pg_backend_pid()";
        self.server.sql("postgres", &sql.replace("{}", &self.database));
    }
}

impl Drop for ServerStore {
    fn drop(&mut self) {
        // After a failure it is left as it is: it goes with the server.
        if !std::thread::panicking() {
            self.throw_out();
            self.sql("DROP SCHEMA IF EXISTS citynet CASCADE");
            self.server.free.lock().unwrap().push(self.database.clone());
        }
    }
}

/// A server that runs as long as this process.
struct Server {
    programs: PathBuf,
    folder: PathBuf,
    /// Databases without tables.
    free: Mutex<Vec<String>>,
    databases: AtomicU32,
    /// It ends when this one's standard input does.
    _guard: Child,
}

impl Server {
    /// The server of this process, or `None` where none can be started, which is said once.
    fn get() -> Option<&'static Self> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        let started = SERVER.get_or_init(|| {
            let started = Self::start();
            // Not by `eprintln!`, which is shown only where a test fails.
            started
                .inspect_err(|reason| {
                    let _ = writeln!(std::io::stderr(), "\nNOT RUN: the index on PostgreSQL: {reason}");
                })
                .ok()
        });
        started.as_ref()
    }

    fn start() -> Result<Self, String> {
        let programs = programs().ok_or("it is not installed; on Debian, apt-get install postgresql")?;
        let mut command = match fs::metadata("/proc/self").map(|process| process.uid()) {
            // It refuses to run as root.
            Ok(0) => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "sh"]);
                command
            }
            _ => Command::new("sh"),
        };
        command.args(["-c", include_str!("server.sh"), "server"]).arg(&programs).current_dir("/");
        let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut guard = streams.spawn().map_err(|error| format!("setpriv or sh: {error}"))?;
        let mut folder = String::new();
        let _ = BufReader::new(guard.stdout.as_mut().unwrap()).read_line(&mut folder);
        if folder.is_empty() {
            let mut reason = String::new();
            let _ = guard.stderr.as_mut().unwrap().read_to_string(&mut reason);
            let _ = guard.wait();
            return Err(format!("it does not start: {}", reason.trim()));
        }
        let folder = PathBuf::from(folder.trim_end());
        Ok(Self { programs, folder, free: Mutex::default(), databases: AtomicU32::new(0), _guard: guard })
    }

    fn name(&self) -> String {
        format!("index_{}", self.databases.fetch_add(1, Ordering::Relaxed))
    }

    fn psql(&self, database: &str) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--username=citynet"]);
        command.arg("--host").arg(&self.folder).args(["--dbname", database]);
        command.env("PGOPTIONS", "-c search_path=citynet -c client_min_messages=warning");
        command
    }

    fn sql(&self, database: &str, sql: &str) -> String {
        let output = self.psql(database).args(["--command", sql]).output().unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The folder with the newest server's programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort_by_key(|folder| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let complete = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres", "psql"].iter().all(|program| Path::new(folder).join(program).is_file())
    };
    folders.into_iter().rev().chain(std::env::split_paths(&path)).find(complete)
}
