//! The database in which the index is made.

use crate::journal::GENESIS;
use citynet_index::Index;
use std::{
    error::Error,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// An index that is empty at first, and where it is.
pub struct Database {
    pub index: Index,
    /// What it is, for the report.
    pub kind: &'static str,
    file: PathBuf,
    /// Deleted with it.
    _folder: Option<TempDir>,
}

impl Database {
    /// Opens a new index: in the file with that name, or in a temporary one.
    ///
    /// The only place that knows which databases there are. An index that is there already is left alone.
    pub fn open(name: Option<&str>) -> Result<Self, Box<dyn Error>> {
        let (file, folder) = match name {
            Some(url) if url.contains("://") => return Err(format!("{url} is no file of SQLite").into()),
            Some(path) => (PathBuf::from(path), None),
            None => {
                let folder = TempDir::new()?;
                (folder.path().join("index.sqlite"), Some(folder))
            }
        };
        if file.exists() {
            return Err(format!("{} exists already and is not overwritten", file.display()).into());
        }
        let index = Index::open(&file)?;
        index.bind(&GENESIS)?;
        Ok(Self { index, kind: "SQLite", file, _folder: folder })
    }

    /// How many bytes it takes, with its write-ahead log.
    pub fn bytes(&self) -> io::Result<u64> {
        let mut log = OsString::from(&self.file);
        log.push("-wal");
        let mut bytes = 0;
        for file in [self.file.as_path(), Path::new(&log)] {
            match fs::metadata(file) {
                Ok(found) => bytes += found.len(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(bytes)
    }
}
