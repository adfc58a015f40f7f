//! The CSV archive of sensor.community: `sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;…`.
//!
//! Fields are separated by semicolons and never quoted; times are naive and mean UTC. The columns after the timestamp
//! are those that the type of sensor has; of them `dur…`, `ratio…`, `altitude` and `pressure_sealevel` are by-products
//! that most sensors leave empty. The others are values, and a line in which one is blank is no reading.

use super::{HeaderError, Reject, Row, Rows};
use crate::time;

const SENSOR: &str = "sensor_id";
const KIND: &str = "sensor_type";
const TIME: &str = "timestamp";
/// What every file has.
const FIXED: [&str; 6] = [SENSOR, KIND, "location", "lat", "lon", TIME];

/// Reads the lines of one file.
#[derive(Clone, Debug)]
pub struct SensorCommunity {
    header: Vec<u8>,
    columns: Vec<String>,
    values: Vec<usize>,
    sensor: usize,
    kind: usize,
    time: usize,
}

impl SensorCommunity {
    /// Reads the header row. A byte order mark before it is ignored.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] when it is no header of this format.
    pub fn from_header(line: &[u8]) -> Result<Self, HeaderError> {
        let text = std::str::from_utf8(line).map_err(|_| HeaderError::Missing)?;
        let columns: Vec<String> = text.trim_start_matches('\u{feff}').split(';').map(str::to_owned).collect();
        if !columns.iter().any(|column| column == SENSOR) {
            return Err(HeaderError::Missing);
        }
        for (index, column) in columns.iter().enumerate() {
            if column.trim().is_empty() || columns.iter().skip(index + 1).any(|other| other == column) {
                return Err(HeaderError::Ambiguous(column.clone()));
            }
        }
        let position =
            |name: &'static str| columns.iter().position(|column| column == name).ok_or(HeaderError::NoColumn(name));
        for name in FIXED {
            position(name)?;
        }
        let (sensor, kind, time) = (position(SENSOR)?, position(KIND)?, position(TIME)?);
        let values: Vec<usize> =
            columns.iter().enumerate().filter(|(_, column)| is_value(column)).map(|(index, _)| index).collect();
        if values.is_empty() {
            return Err(HeaderError::NoValue);
        }
        Ok(Self { header: line.to_vec(), columns, values, sensor, kind, time })
    }
}

fn is_value(column: &str) -> bool {
    let by_product = column.starts_with("dur")
        || column.starts_with("ratio")
        || column == "altitude"
        || column == "pressure_sealevel";
    !by_product && !FIXED.contains(&column)
}

/// The highest value that a sensor can tell, where that is known: an SDS011 ends at 1999.9 µg/m³ for P1 and at
/// 999.9 µg/m³ for P2.
fn is_saturated(kind: &str, column: &str, value: &str) -> bool {
    let limit = match (kind, column) {
        ("SDS011", "P1") => "1999.9",
        ("SDS011", "P2") => "999.9",
        _ => return false,
    };
    value.strip_prefix(limit).is_some_and(|rest| rest.bytes().all(|digit| digit == b'0'))
}

impl Rows for SensorCommunity {
    fn row(&self, line: &[u8]) -> Result<Row, Reject> {
        let text = std::str::from_utf8(line).map_err(|_| Reject::NotText)?;
        let fields: Vec<&str> = text.split(';').collect();
        let expected = self.columns.len();
        if fields.len() != expected {
            return Err(Reject::Columns { expected, found: fields.len() });
        }
        // The header has each of these columns, and the line has as many as the header.
        let field = |index: usize| fields.get(index).copied().unwrap_or_default();
        let name = |index: usize| self.columns.get(index).map(String::as_str).unwrap_or_default();

        let observed = time::parse_utc(field(self.time)).map_err(|_| Reject::Time { text: field(self.time).into() })?;
        if let Some(blank) = self.values.iter().find(|index| field(**index).trim().is_empty()) {
            return Err(Reject::Blank { column: name(*blank).into() });
        }
        let kind = field(self.kind);
        let saturated = self.values.iter().any(|index| is_saturated(kind, name(*index), field(*index)));
        let observation = self
            .columns
            .iter()
            .zip(&fields)
            .filter(|(_, field)| !field.is_empty())
            .map(|(column, field)| (column.clone(), (*field).to_owned()))
            .collect();
        Ok(Row { sensor: field(self.sensor).into(), observed, observation, saturated })
    }

    fn is_header(&self, line: &[u8]) -> bool {
        line == self.header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] = b"sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2";

    fn rows() -> SensorCommunity {
        SensorCommunity::from_header(HEADER).unwrap()
    }

    fn line(time: &str, p1: &str, p2: &str) -> Vec<u8> {
        format!("15092;SDS011;7647;56.963;-2.211;{time};{p1};;;{p2};;").into_bytes()
    }

    #[test]
    fn a_real_line_keeps_its_text() {
        let row = rows().row(b"15092;SDS011;7647;56.963;-2.211;2018-09-04T00:02:24;10.33;;;1.80;;").unwrap();
        assert_eq!(row.sensor, "15092");
        assert_eq!(row.observed, 1_536_019_344_000);
        assert!(!row.saturated);
        let fields: Vec<(&str, &str)> = row.observation.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(
            fields,
            [
                ("P1", "10.33"),
                ("P2", "1.80"),
                ("lat", "56.963"),
                ("location", "7647"),
                ("lon", "-2.211"),
                ("sensor_id", "15092"),
                ("sensor_type", "SDS011"),
                ("timestamp", "2018-09-04T00:02:24"),
            ]
        );
    }

    #[test]
    fn each_reason_to_reject() {
        let time = "2018-09-04T00:02:24";
        let blank = |column: &str| Reject::Blank { column: column.into() };
        let bad_time = |text: &str| Reject::Time { text: text.into() };
        let columns = |found| Reject::Columns { expected: 12, found };
        let mut not_text = line(time, "1", "2");
        not_text.push(0xff);
        for (bytes, reason) in [
            (line(time, "", "1.80"), blank("P1")),
            (line(time, "10.33", ""), blank("P2")),
            (line(time, "", ""), blank("P1")),
            (line(time, "10.33", "  "), blank("P2")),
            (line("", "10.33", "1.80"), bad_time("")),
            (line("2018-09-04 00:02:24", "10.33", "1.80"), bad_time("2018-09-04 00:02:24")),
            (line("2018-02-30T00:02:24", "10.33", "1.80"), bad_time("2018-02-30T00:02:24")),
            (b"15092;SDS011;7647".to_vec(), columns(3)),
            ([line(time, "1", "2"), b";".to_vec()].concat(), columns(13)),
            (b"garbage".to_vec(), columns(1)),
            (not_text, Reject::NotText),
        ] {
            assert_eq!(rows().row(&bytes), Err(reason), "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn saturated_values_are_seen_and_kept() {
        let time = "2018-09-04T00:02:24";
        for (p1, p2, saturated) in [
            ("1999.90", "999.90", true),
            ("1999.9", "3.1", true),
            ("12.5", "999.900", true),
            ("999.90", "1.0", false),
            ("1999.91", "999.8", false),
        ] {
            let row = rows().row(&line(time, p1, p2)).unwrap();
            assert_eq!(row.saturated, saturated, "{p1} {p2}");
            assert_eq!((row.observation["P1"].as_str(), row.observation["P2"].as_str()), (p1, p2));
        }
    }

    #[test]
    fn other_sensors_have_other_values() {
        let header =
            b"sensor_id;sensor_type;location;lat;lon;timestamp;pressure;altitude;pressure_sealevel;temperature";
        let rows = SensorCommunity::from_header(header).unwrap();
        let good = b"7;BMP280;1;59.9;30.3;2020-01-01T00:00:00;101325.4;;;-3.5";
        assert_eq!(rows.row(good).unwrap().observation["temperature"], "-3.5");
        let blank = b"7;BMP280;1;59.9;30.3;2020-01-01T00:00:00;101325.4;;;";
        assert_eq!(rows.row(blank), Err(Reject::Blank { column: "temperature".into() }));
    }

    #[test]
    fn a_file_without_a_proper_header_is_refused() {
        for (header, error) in [
            (&b""[..], HeaderError::Missing),
            (b"15092;SDS011;7647;56.963;-2.211;2018-09-04T00:02:24;10.33;;;1.80;;", HeaderError::Missing),
            (b"\xff\xfe", HeaderError::Missing),
            (b"sensor_id;sensor_type;location;lat;lon;P1", HeaderError::NoColumn("timestamp")),
            (b"sensor_id;sensor_type;location;lat;lon;timestamp;durP1", HeaderError::NoValue),
            (b"sensor_id;sensor_type;location;lat;lon;timestamp;P1;P1", HeaderError::Ambiguous("P1".into())),
            (b"sensor_id;sensor_type;location;lat;lon;timestamp;P1;", HeaderError::Ambiguous(String::new())),
        ] {
            assert_eq!(SensorCommunity::from_header(header).unwrap_err(), error);
        }
        let marked = [b"\xef\xbb\xbf", HEADER].concat();
        assert!(SensorCommunity::from_header(&marked).unwrap().row(&line("2018-09-04T00:02:24", "1", "2")).is_ok());
    }

    #[test]
    fn the_header_is_known_again() {
        assert!(rows().is_header(HEADER));
        assert!(!rows().is_header(b"sensor_id"));
    }
}
