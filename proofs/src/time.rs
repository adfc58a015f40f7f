//! The one notation of time in evidence: `YYYY-MM-DDTHH:MM:SSZ`, RFC 3339 in UTC with whole seconds.

use alloc::string::String;
use citynet_primitives::Moment;
use core::fmt::Write;

const MS_PER_SECOND: u64 = 1_000;
const SECONDS_PER_DAY: u64 = 86_400;

/// A text is not a time as evidence writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time is written YYYY-MM-DDTHH:MM:SSZ, from 1970 to 9999, without leap seconds")]
pub struct NotATime;

/// Milliseconds since 1970 of a time in the one notation.
pub fn parse(text: &str) -> Result<Moment, NotATime> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().map_err(|_| NotATime)?;
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0u64, |value, digit| match digit {
            b'0'..=b'9' => Ok(value * 10 + u64::from(digit - b'0')),
            _ => Err(NotATime),
        })
    };
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
    if separators.iter().any(|(position, separator)| bytes[*position] != *separator) {
        return Err(NotATime);
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let exists = year >= 1970
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !exists {
        return Err(NotATime);
    }
    let days = days_before_year(year) + (1..month).map(|month| days_in_month(year, month)).sum::<u64>() + day - 1;
    Ok((days * SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second) * MS_PER_SECOND)
}

/// The time in the one notation; milliseconds are cut off. After the year 9999, the number of milliseconds.
pub fn print(moment: Moment) -> String {
    let mut text = String::new();
    let seconds = moment / MS_PER_SECOND;
    let (mut days, second) = (seconds / SECONDS_PER_DAY, seconds % SECONDS_PER_DAY);
    if days >= days_before_year(10_000) {
        // Writing to a String never fails, here and below.
        let _ = write!(text, "{moment} ms");
        return text;
    }
    // At most one too early: 366 days are the longest year.
    let mut year = 1970 + days / 366;
    while days_before_year(year + 1) <= days {
        year += 1;
    }
    days -= days_before_year(year);
    let mut month = 1;
    while days >= days_in_month(year, month) {
        days -= days_in_month(year, month);
        month += 1;
    }
    let day = days + 1;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let _ = write!(text, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    text
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to the first of January of a year from 1970 on.
fn days_before_year(year: u64) -> u64 {
    let leap_days = |year: u64| (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    (year - 1970) * 365 + leap_days(year) - leap_days(1970)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_times() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1972-02-29T23:59:59Z", 68_255_999),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2018-09-04T00:02:24Z", 1_536_019_344),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(parse(text), Ok(seconds * 1_000), "{text}");
            assert_eq!(print(seconds * 1_000), text);
            assert_eq!(print(seconds * 1_000 + 999), text);
        }
        assert_eq!(print(253_402_300_800_000), "253402300800000 ms");
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "2018-09-04",
            "2018-09-04T00:02:24",
            "2018-09-04 00:02:24Z",
            "2018-09-04T00:02:24z",
            "2018-09-04T00:02:24.0Z",
            "2018-09-04T00:02:24+00:00",
            "+018-09-04T00:02:24Z",
            "2018-9-004T00:02:24Z",
            "1969-12-31T23:59:59Z",
            "2018-00-04T00:02:24Z",
            "2018-13-04T00:02:24Z",
            "2018-09-00T00:02:24Z",
            "2018-09-31T00:02:24Z",
            "2019-02-29T00:02:24Z",
            "2100-02-29T00:02:24Z",
            "2018-09-04T24:00:00Z",
            "2018-09-04T00:60:24Z",
            "2016-12-31T23:59:60Z",
            "２018-09-04T00:02:24",
        ] {
            assert_eq!(parse(text), Err(NotATime), "{text}");
        }
    }

    proptest! {
        #[test]
        fn print_and_parse_agree(seconds in 0u64..253_402_300_800) {
            prop_assert_eq!(parse(&print(seconds * 1_000)), Ok(seconds * 1_000));
        }

        #[test]
        fn no_text_and_no_number_panics(text in ".{0,24}", moment: u64) {
            if let Ok(parsed) = parse(&text) {
                prop_assert_eq!(print(parsed), text);
            }
            print(moment);
        }
    }
}
