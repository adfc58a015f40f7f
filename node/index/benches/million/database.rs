//! The database in which the index is made.

use crate::journal::GENESIS;
use citynet_index::{Index, PostgresUrl};
use std::{
    error::Error,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use tokio_postgres::{Config, NoTls};

/// An index that is empty at first, and where it is.
pub struct Database {
    pub index: Index,
    /// What it is, for the report.
    pub kind: &'static str,
    place: Place,
}

enum Place {
    File {
        file: PathBuf,
        /// Deleted with it.
        _folder: Option<TempDir>,
    },
    Server(Box<Config>),
}

impl Database {
    /// Opens a new index: in the PostgreSQL database with that URL, in the file with that name, or in a temporary one.
    ///
    /// The only place that knows which databases there are. An index that is there already is left alone.
    pub fn open(name: Option<&str>) -> Result<Self, Box<dyn Error>> {
        let (index, kind, place) = match name {
            Some(url) if url.contains("://") => {
                let index = Index::open(url.parse::<PostgresUrl>()?)?;
                if index.position()?.is_some() {
                    return Err("the database has an index already, which is not overwritten".into());
                }
                (index, "PostgreSQL", Place::Server(Box::new(url.parse()?)))
            }
            Some(path) => Self::in_file(PathBuf::from(path), None)?,
            None => {
                let folder = TempDir::new()?;
                Self::in_file(folder.path().join("index.sqlite"), Some(folder))?
            }
        };
        index.bind(&GENESIS)?;
        Ok(Self { index, kind, place })
    }

    fn in_file(file: PathBuf, folder: Option<TempDir>) -> Result<(Index, &'static str, Place), Box<dyn Error>> {
        if file.exists() {
            return Err(format!("{} exists already and is not overwritten", file.display()).into());
        }
        let index = Index::open(file.as_path())?;
        Ok((index, "SQLite", Place::File { file, _folder: folder }))
    }

    /// How many bytes it takes: the file with its write-ahead log, or the whole database of the server.
    pub fn bytes(&self) -> Result<u64, Box<dyn Error>> {
        match &self.place {
            Place::File { file, .. } => Ok(file_bytes(file)?),
            Place::Server(config) => {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                let size: i64 = runtime.block_on(async {
                    let (client, connection) = config.connect(NoTls).await?;
                    let connection = tokio::spawn(connection);
                    let row = client.query_one("SELECT pg_database_size(current_database())", &[]).await?;
                    connection.abort();
                    row.try_get(0)
                })?;
                Ok(u64::try_from(size)?)
            }
        }
    }
}

fn file_bytes(file: &Path) -> io::Result<u64> {
    let mut log = OsString::from(file);
    log.push("-wal");
    let mut bytes = 0;
    for file in [file, Path::new(&log)] {
        match fs::metadata(file) {
            Ok(found) => bytes += found.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(bytes)
}
