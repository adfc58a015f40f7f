//! The currencies that there are.

use crate::amount::{self, AmountError};
use citynet_primitives::{Amount, CurrencyInfo, OrganisationId};

/// A text names no currency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no currency `{given}`; {known}")]
pub struct UnknownCurrency {
    given: String,
    known: String,
}

/// A currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency {
    /// Its number.
    pub number: u32,
    /// Its code, such as `RUB`.
    pub symbol: String,
    /// How many decimals its usual unit has.
    pub exponent: u8,
    /// The organisation that stands behind it.
    pub agent: OrganisationId,
}

impl Currency {
    /// Reads an amount of it.
    ///
    /// # Errors
    ///
    /// [`AmountError`].
    pub fn parse(&self, text: &str) -> Result<Amount, AmountError> {
        amount::parse(text, self.exponent)
    }

    /// Writes an amount of it, without its symbol.
    pub fn number(&self, amount: Amount) -> String {
        amount::format(amount, self.exponent)
    }

    /// Writes an amount of it, such as `12.50 RUB`.
    pub fn format(&self, amount: Amount) -> String {
        format!("{} {}", self.number(amount), self.symbol)
    }
}

/// All currencies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Currencies(Vec<Currency>);

impl Currencies {
    /// All of them.
    pub fn all(&self) -> &[Currency] {
        &self.0
    }

    /// The one with a number.
    ///
    /// # Errors
    ///
    /// [`UnknownCurrency`].
    pub fn get(&self, number: u32) -> Result<&Currency, UnknownCurrency> {
        self.0.iter().find(|currency| currency.number == number).ok_or_else(|| self.unknown(&number.to_string()))
    }

    /// The one with this symbol or number.
    ///
    /// # Errors
    ///
    /// [`UnknownCurrency`].
    pub fn find(&self, text: &str) -> Result<&Currency, UnknownCurrency> {
        // A symbol may be all digits: a number comes first.
        let by_number = self.0.iter().find(|currency| currency.number.to_string() == text);
        by_number.or_else(|| self.0.iter().find(|currency| currency.symbol == text)).ok_or_else(|| self.unknown(text))
    }

    fn unknown(&self, given: &str) -> UnknownCurrency {
        let known: Vec<String> =
            self.0.iter().map(|currency| format!("{} ({})", currency.number, currency.symbol)).collect();
        let known = match known.as_slice() {
            [] => "there is none at all: the council creates them".to_owned(),
            known => format!("there are: {}", known.join(", ")),
        };
        UnknownCurrency { given: given.to_owned(), known }
    }
}

impl From<Vec<(u32, CurrencyInfo)>> for Currencies {
    fn from(currencies: Vec<(u32, CurrencyInfo)>) -> Self {
        let currency = |(number, info): (u32, CurrencyInfo)| Currency {
            number,
            symbol: String::from_utf8_lossy(&info.symbol).into_owned(),
            exponent: info.exponent,
            agent: info.agent,
        };
        Self(currencies.into_iter().map(currency).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_found_by_number_and_by_symbol() {
        let info = |symbol: &[u8]| CurrencyInfo {
            symbol: symbol.to_vec().try_into().unwrap(),
            exponent: 2,
            agent: OrganisationId(5),
        };
        let currencies = Currencies::from(vec![(1, info(b"RUB")), (2, info(b"100"))]);
        assert_eq!(currencies.find("RUB").unwrap().number, 1);
        assert_eq!(currencies.find("1").unwrap().number, 1);
        assert_eq!(currencies.find("2").unwrap().symbol, "100");
        assert_eq!(currencies.find("100").unwrap().number, 2);
        assert_eq!(currencies.get(1).unwrap().format(1250), "12.50 RUB");
        let error = currencies.find("EUR").unwrap_err().to_string();
        assert_eq!(error, "there is no currency `EUR`; there are: 1 (RUB), 2 (100)");
        assert!(Currencies::default().get(1).unwrap_err().to_string().contains("none at all"));
    }
}
