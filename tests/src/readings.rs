//! Source files, and what of them can be attested, decided here once more and apart from the client.

use crate::programs;
use anyhow::{bail, Context as _, Result};
use citynet_primitives::{DeviceId, Moment};
use citynet_proofs::{time, Reading};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use tokio::process::Command;

/// The sensor of the made-up readings.
pub const SENSOR: &str = "15092";
/// The columns of every file here.
const COLUMNS: [&str; 12] = [
    "sensor_id",
    "sensor_type",
    "location",
    "lat",
    "lon",
    "timestamp",
    "P1",
    "durP1",
    "ratioP1",
    "P2",
    "durP2",
    "ratioP2",
];

/// Made-up readings.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    rows: usize,
    start: &'static str,
    imperfect: bool,
}

impl Sample {
    /// So many rows, the header not counted, from a day `YYYY-MM-DD` on.
    pub const fn new(rows: usize, start: &'static str) -> Self {
        Self { rows, start, imperfect: false }
    }

    /// With what goes wrong with real sensors: see `scripts/sample-readings --help`.
    pub const fn imperfect(self) -> Self {
        Self { imperfect: true, ..self }
    }

    /// Writes the readings to a file.
    ///
    /// # Errors
    ///
    /// When the script fails or the file cannot be written.
    pub async fn write(self, file: &Path) -> Result<()> {
        generate(&programs::repository("scripts/sample-readings"), &self.arguments(), file).await
    }

    fn arguments(self) -> Vec<String> {
        let rows = self.rows.to_string();
        let mut arguments = ["--rows", &rows, "--sensor", SENSOR, "--start", self.start].map(str::to_owned).to_vec();
        if self.imperfect {
            arguments.push("--imperfect".to_owned());
        }
        arguments
    }
}

/// Writes what a script prints to a file.
///
/// # Errors
///
/// When the script fails or the file cannot be written.
pub async fn generate(script: &Path, arguments: &[String], file: &Path) -> Result<()> {
    let output = Command::new(script).args(arguments).output().await.with_context(|| script.display().to_string())?;
    if !output.status.success() {
        bail!("{} failed: {}", script.display(), String::from_utf8_lossy(&output.stderr));
    }
    fs::write(file, output.stdout).with_context(|| file.display().to_string())
}

/// The CSV files of a folder, by name; none when there is no such folder.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A row that can be attested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line without its end.
    pub raw: String,
    /// When it was observed.
    pub observed: Moment,
}

impl Row {
    /// The hash of the row's leaf under a sequence number.
    pub fn leaf_hash(&self, device: DeviceId, sequence: u64) -> [u8; 32] {
        let observation: BTreeMap<String, String> = COLUMNS
            .iter()
            .zip(self.raw.split(';'))
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
            .collect();
        let observed_at = time::print(self.observed);
        Reading { device, sequence, observed_at, raw: self.raw.as_bytes(), observation }.leaf_hash()
    }
}

/// The rows of a file that can be attested, in order, and how many cannot.
///
/// # Errors
///
/// When the file cannot be read or has another header.
pub fn attestable(file: &Path) -> Result<(Vec<Row>, usize)> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let mut lines = text.lines();
    let header = COLUMNS.join(";");
    if lines.next() != Some(header.as_str()) {
        bail!("{} does not begin with {header}", file.display());
    }
    let (mut rows, mut rejected) = (Vec::new(), 0);
    for line in lines {
        let fields: Vec<&str> = line.split(';').collect();
        let observed = fields.get(5).and_then(|text| time::parse(&format!("{text}Z")).ok());
        let complete = fields.len() == COLUMNS.len()
            && fields.first() == Some(&SENSOR)
            && [6, 9].iter().all(|value| fields.get(*value).is_some_and(|text| !text.is_empty()));
        match observed {
            Some(observed) if complete => rows.push(Row { raw: line.to_owned(), observed }),
            _ => rejected += 1,
        }
    }
    Ok((rows, rejected))
}
