//! Tables as CSV, each with a manifest: `access.csv` comes with `access.csv.manifest.json`, which says what was asked, of
//! which block the answer is true, whether a bound left something out, and the SHA-256 of the file.

use super::journal::AsOf;
use serde_json::{json, Value};
use sha2::{Digest as _, Sha256};
use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

/// A table cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// The file cannot be written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A row has another number of cells than there are columns.
    #[error("a table cannot be written as CSV: {0}")]
    Shape(#[from] csv::Error),
}

/// Columns and rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<&'static str>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table.
    pub fn new(columns: &[&'static str], rows: Vec<Vec<String>>) -> Self {
        Self { columns: columns.to_vec(), rows }
    }

    /// RFC 4180 in UTF-8, but with `\n` at the ends of lines; the first line has the names of the columns.
    ///
    /// # Errors
    ///
    /// [`CsvError::Shape`].
    pub fn to_csv(&self) -> Result<Vec<u8>, CsvError> {
        let mut bytes = Vec::new();
        let mut writer = csv::Writer::from_writer(&mut bytes);
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        writer.flush().map_err(csv::Error::from)?;
        drop(writer);
        Ok(bytes)
    }

    /// What the manifest of the table says, as a file of that name. `query` is what was asked.
    ///
    /// # Errors
    ///
    /// [`CsvError::Shape`].
    pub fn manifest(&self, name: &str, query: &Value, as_of: &AsOf, complete: bool) -> Result<Value, CsvError> {
        let bytes = self.to_csv()?;
        let AsOf { genesis, block, hash, time } = as_of;
        Ok(json!({
            "format": "citynet.table/1",
            "file": name,
            "sha256": hex::encode(Sha256::digest(&bytes)),
            "bytes": bytes.len().to_string(),
            "columns": self.columns,
            "rows": self.rows.len().to_string(),
            "query": query,
            "complete": complete,
            "genesisHash": format!("0x{}", hex::encode(genesis)),
            "block": { "number": block, "hash": format!("0x{}", hex::encode(hash)) },
            "time": time.to_string(),
        }))
    }

    /// Writes the table and its manifest, and gives where the manifest is.
    ///
    /// # Errors
    ///
    /// [`CsvError`].
    pub fn write(&self, path: &Path, query: &Value, as_of: &AsOf, complete: bool) -> Result<PathBuf, CsvError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let manifest = self.manifest(&name, query, as_of, complete)?;
        write(path, &self.to_csv()?)?;
        let beside = manifest_path(path);
        write(&beside, format!("{manifest:#}\n").as_bytes())?;
        Ok(beside)
    }
}

/// Where the manifest of a file is.
pub fn manifest_path(path: &Path) -> PathBuf {
    let mut beside: OsString = path.as_os_str().to_owned();
    beside.push(".manifest.json");
    beside.into()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CsvError> {
    fs::write(path, bytes).map_err(|source| CsvError::File { path: path.to_owned(), source })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn as_of() -> AsOf {
        AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_400_000 }
    }

    #[test]
    fn a_table_comes_with_its_manifest() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("access.csv");
        let rows = vec![vec!["1".into(), "a \"b\", c".into()], vec!["2".into(), String::new()]];
        let table = Table::new(&["grant", "title"], rows);
        let query = json!({ "dataset": "7" });
        let beside = table.write(&path, &query, &as_of(), false).unwrap();
        let text = "grant,title\n1,\"a \"\"b\"\", c\"\n2,\n";
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        assert_eq!(beside, dir.path().join("access.csv.manifest.json"));
        let manifest: Value = serde_json::from_slice(&fs::read(beside).unwrap()).unwrap();
        assert_eq!(
            manifest,
            json!({
                "format": "citynet.table/1",
                "file": "access.csv",
                "sha256": hex::encode(Sha256::digest(text)),
                "bytes": text.len().to_string(),
                "columns": ["grant", "title"],
                "rows": "2",
                "query": { "dataset": "7" },
                "complete": false,
                "genesisHash": format!("0x{}", "01".repeat(32)),
                "block": { "number": 9, "hash": format!("0x{}", "02".repeat(32)) },
                "time": "1772366400000",
            })
        );
    }

    #[test]
    fn what_cannot_be_written_is_said() {
        let uneven = Table::new(&["grant", "title"], vec![vec!["1".into()]]);
        assert!(matches!(uneven.to_csv(), Err(CsvError::Shape(_))));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("missing").join("access.csv");
        let error = Table::new(&["a"], vec![]).write(&path, &Value::Null, &as_of(), true).unwrap_err();
        assert!(matches!(error, CsvError::File { .. }), "{error}");
        assert!(error.to_string().contains("missing"), "{error}");
    }
}
