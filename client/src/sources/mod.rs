//! Where readings come from: files of a [`Format`], read as a stream.
//!
//! A format turns one line into one [`Row`] or says why not. [`lines`] cuts files into lines and remembers how far it
//! came, so that reading can go on there; [`feed`] puts both together over several files.

pub mod feed;
pub mod lines;
mod sensor_community;

pub use sensor_community::SensorCommunity;

use citynet_primitives::Moment;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// A format of source files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The CSV archive of sensor.community: <https://archive.sensor.community>.
    SensorCommunity,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[Self::SensorCommunity];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SensorCommunity => "sensor-community",
        }
    }

    /// Begins a file whose first line is `header`.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] when the file is not of this format.
    pub fn begin(self, header: &[u8]) -> Result<Box<dyn Rows>, HeaderError> {
        match self {
            Self::SensorCommunity => Ok(Box::new(SensorCommunity::from_header(header)?)),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name of no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no known format; there is: sensor-community")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|format| format.as_str() == text).ok_or_else(|| UnknownFormat(text.into()))
    }
}

/// The lines of one file after its header.
pub trait Rows {
    /// Reads one line, given without its line end.
    ///
    /// # Errors
    ///
    /// [`Reject`] says why the line cannot be attested.
    fn row(&self, line: &[u8]) -> Result<Row, Reject>;

    /// Whether the line is the header again, as where files were joined.
    fn is_header(&self, line: &[u8]) -> bool;
}

/// One reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which sensor measured.
    pub sensor: String,
    /// When, in milliseconds since 1970.
    pub observed: Moment,
    /// Every field of the line that is not empty, by its name, as it is written there.
    pub observation: BTreeMap<String, String>,
    /// Whether a value is the highest that the sensor can tell.
    pub saturated: bool,
}

/// Why a line cannot be attested.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// A value that the sensor reports is missing.
    #[error("blank value: {column}")]
    Blank {
        /// The first column without one.
        column: String,
    },
    /// The time cannot be read.
    #[error("unreadable time: `{text}` (expected YYYY-MM-DDTHH:MM:SS, UTC)")]
    Time {
        /// What is there instead.
        text: String,
    },
    /// The time has not come yet, by this machine's clock.
    #[error("time in the future: {text}")]
    Future {
        /// The time.
        text: String,
    },
    /// The line is of another sensor.
    #[error("wrong sensor: `{found}` (this archive attests sensor `{expected}`)")]
    Sensor {
        /// The sensor of the archive.
        expected: String,
        /// That of the line.
        found: String,
    },
    /// The line has too few or too many columns.
    #[error("wrong number of columns: {found} (the header has {expected})")]
    Columns {
        /// As many as the header has.
        expected: usize,
        /// As many as the line has.
        found: usize,
    },
    /// The line is not UTF-8.
    #[error("not UTF-8")]
    NotText,
    /// The line is too long to be a reading.
    #[error("longer than {} bytes", lines::LONGEST)]
    TooLong,
}

/// A file is not of the format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The file has no header.
    #[error("there is no header row; a sensor.community file begins with sensor_id;sensor_type;location;lat;lon;timestamp;…")]
    Missing,
    /// The header lacks a column.
    #[error("the header row has no column `{0}`; a sensor.community file begins with sensor_id;sensor_type;location;lat;lon;timestamp;…")]
    NoColumn(&'static str),
    /// The header names no measured value.
    #[error("the header row has no column with a measured value, such as P1 or temperature")]
    NoValue,
    /// The header names a column twice, or one without a name.
    #[error("the header row names the column `{0}` twice or has one without a name")]
    Ambiguous(String),
}
