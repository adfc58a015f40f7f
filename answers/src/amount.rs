//! Amounts as people write them. The ledger counts in the smallest unit of a currency; how many decimals its usual unit
//! has, its exponent says.

use citynet_primitives::Amount;

/// A text is not an amount of a currency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// It is not digits, with at most one point.
    #[error("`{0}` is not an amount such as 1250 or 1250.50")]
    Text(String),
    /// It has more decimals than the currency.
    #[error("`{text}` has more than {exponent} decimals, which is what the currency has")]
    Decimals {
        /// What was given.
        text: String,
        /// How many decimals there are.
        exponent: u8,
    },
    /// It does not fit.
    #[error("`{0}` is more than the ledger can count")]
    TooMuch(String),
}

/// Reads an amount in the currency's usual unit: `12.5` is 1250 where the exponent is 2.
///
/// # Errors
///
/// [`AmountError`].
pub fn parse(text: &str, exponent: u8) -> Result<Amount, AmountError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err(AmountError::Text(text.to_owned()));
    }
    let fraction = fraction.trim_end_matches('0');
    let places = usize::from(exponent);
    if fraction.len() > places {
        return Err(AmountError::Decimals { text: text.to_owned(), exponent });
    }
    format!("{whole}{fraction:0<places$}").parse().map_err(|_| AmountError::TooMuch(text.to_owned()))
}

/// Writes an amount in the currency's usual unit, with all its decimals.
pub fn format(amount: Amount, exponent: u8) -> String {
    let places = usize::from(exponent);
    let digits = amount.to_string();
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (text, exponent, amount) in [
            ("0", 0, 0),
            ("12", 2, 1200),
            ("12.5", 2, 1250),
            ("12.50", 2, 1250),
            ("0.01", 2, 1),
            ("12.500", 2, 1250),
            ("12.0", 0, 12),
            ("340282366920938463463374607431768211455", 0, Amount::MAX),
        ] {
            assert_eq!(parse(text, exponent), Ok(amount), "{text}");
        }
        assert_eq!(format(1250, 2), "12.50");
        assert_eq!(format(1, 2), "0.01");
        assert_eq!(format(0, 2), "0.00");
        assert_eq!(format(12, 0), "12");
        assert_eq!(format(1, 18), "0.000000000000000001");
    }

    #[test]
    fn anything_else_is_no_amount() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1,5", "1.5.0", "1e3", " 1", "1 000", "½"] {
            assert_eq!(parse(text, 2), Err(AmountError::Text(text.to_owned())), "{text}");
        }
        assert!(matches!(parse("1.005", 2), Err(AmountError::Decimals { exponent: 2, .. })));
        assert!(matches!(parse("0.1", 0), Err(AmountError::Decimals { exponent: 0, .. })));
        assert!(matches!(parse("340282366920938463463374607431768211456", 0), Err(AmountError::TooMuch(_))));
        assert!(matches!(parse("340282366920938463463374607431768211455", 1), Err(AmountError::TooMuch(_))));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(amount in any::<u128>(), exponent in 0..=18u8) {
            prop_assert_eq!(parse(&format(amount, exponent), exponent), Ok(amount));
        }
    }
}
