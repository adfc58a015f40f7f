//! The currencies that there are.

pub use citynet_answers::currencies::{Currencies, Currency, UnknownCurrency};

use crate::{connection::NodeError, ledger::Ledger};

/// Those of the chain, at the finalised head.
///
/// # Errors
///
/// [`NodeError`].
pub async fn of(ledger: &Ledger) -> Result<Currencies, NodeError> {
    Ok(ledger.currencies().await?.into())
}
