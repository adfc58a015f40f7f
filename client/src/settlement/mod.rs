//! Money as people write and read it, and what the journal says about it.
//!
//! * [`amount`] reads and writes amounts with the decimals of their currency, [`currencies`] knows the currencies.
//! * [`uetr`] reads and writes the references that banks give payments.
//! * [`statement`] makes an organisation's statement of account from the journal's records, [`history`] fetches these.
//! * [`crate::iso20022`] writes payment orders for a bank.
//!
//! The calls themselves are constructors of [`crate::ledger::Call`].

mod calls;
pub mod currencies;
pub mod history;
pub mod statement;
pub mod uetr;

pub use citynet_answers::amount::{self, AmountError};
pub use currencies::{Currencies, Currency, UnknownCurrency};
pub use statement::{Line, Netted, Period, Statement, StatementError};
