//! Moments as text. Times in source files are naive and mean UTC; the ledger counts milliseconds since 1970.

use citynet_primitives::Moment;
use std::time::{SystemTime, UNIX_EPOCH};

/// A text is not a time or a duration that this crate reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not `YYYY-MM-DDTHH:MM:SS`, optionally with `Z` or `+00:00`, from 1970 on.
    #[error("`{0}` is not a UTC time such as 2018-09-04T00:02:24 or 2018-09-04T00:02:24Z")]
    Time(String),
    /// Not a number with a unit.
    #[error("`{0}` is not a duration such as 500ms, 30s, 10m, 12h or 7d")]
    Duration(String),
}

/// The machine's clock.
pub fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Reads `YYYY-MM-DDTHH:MM:SS` with nothing, `Z` or `+00:00` after it. Strict: no other digits, no leap second, no
/// fraction, nothing before 1970.
///
/// # Errors
///
/// [`TimeError::Time`] for anything else.
pub fn parse_utc(text: &str) -> Result<Moment, TimeError> {
    let naive = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00")).unwrap_or(text);
    citynet_proofs::time::parse(&format!("{naive}Z")).map_err(|_| TimeError::Time(text.into()))
}

/// `2018-09-04T00:02:24Z`, as leaves write it; milliseconds are cut off.
pub fn format_utc(moment: Moment) -> String {
    citynet_proofs::time::print(moment)
}

/// Reads `500ms`, `30s`, `10m`, `12h`, `7d` into milliseconds.
///
/// # Errors
///
/// [`TimeError::Duration`] for anything else.
pub fn parse_duration(text: &str) -> Result<u64, TimeError> {
    let wrong = || TimeError::Duration(text.into());
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at(digits);
    let factor = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(wrong()),
    };
    number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).ok_or_else(wrong)
}

/// Writes milliseconds as [`parse_duration`] reads them, in the largest unit that leaves no rest.
pub fn format_duration(milliseconds: u64) -> String {
    for (unit, factor) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)] {
        if milliseconds > 0 && milliseconds.is_multiple_of(factor) {
            return format!("{}{unit}", milliseconds / factor);
        }
    }
    format!("{milliseconds}ms")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments_are_read_and_written() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00", 0),
            ("2000-02-29T12:00:00", 951_825_600),
            ("2018-09-04T00:02:24", 1_536_019_344),
            ("2100-03-01T00:00:00", 4_107_542_400),
            ("9999-12-31T23:59:59", 253_402_300_799),
        ] {
            assert_eq!(parse_utc(text), Ok(seconds * 1000), "{text}");
            assert_eq!(parse_utc(&format!("{text}Z")), Ok(seconds * 1000));
            assert_eq!(parse_utc(&format!("{text}+00:00")), Ok(seconds * 1000));
            assert_eq!(format_utc(seconds * 1000), format!("{text}Z"));
        }
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in [
            "",
            "2018-09-04",
            "2018-09-04 00:02:24",
            "2018-09-04T00:02:24.5",
            "2018-09-04T00:02:24+03:00",
            "2018-09-04T00:02:24ZZ",
            "2018-9-04T00:02:24Z",
            "2018-13-04T00:02:24",
            "2018-00-04T00:02:24",
            "2018-09-31T00:02:24",
            "2018-09-00T00:02:24",
            "2019-02-29T00:02:24",
            "2100-02-29T00:02:24",
            "2018-09-04T24:00:00",
            "2018-09-04T00:60:24",
            "2018-09-04T23:59:60",
            "1969-12-31T23:59:59",
            "+018-09-04T00:02:24",
            "2018-09-04T00:02:2４",
            " 2018-09-04T00:02:24",
        ] {
            assert_eq!(parse_utc(text), Err(TimeError::Time(text.into())));
        }
    }

    #[test]
    fn durations() {
        assert_eq!(parse_duration("500ms"), Ok(500));
        assert_eq!(parse_duration("2h"), Ok(7_200_000));
        assert_eq!(parse_duration("7d"), Ok(604_800_000));
        for text in ["", "h", "5", "5w", "-5s", "1.5h", "18446744073709551615d"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_are_written_in_their_largest_unit() {
        for text in ["7d", "25h", "90m", "61s", "500ms", "1001ms", "0ms"] {
            assert_eq!(format_duration(parse_duration(text).unwrap()), text);
        }
        assert_eq!(format_duration(u64::MAX), "18446744073709551615ms");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(seconds in 0..253_402_300_800u64) {
            let moment = seconds * 1000;
            prop_assert_eq!(parse_utc(&format_utc(moment)), Ok(moment));
        }
    }
}
