//! Money, as it goes over the wire. Amounts are whole numbers of the currency's smallest unit, as decimal strings.

use crate::{Anchor, Decimal, Error};
use citynet_index::ObligationFilter;
use citynet_primitives::{
    Amount, CurrencyInfo, CycleId, CycleInfo, GrantAccount, GrantId, NetPosition, ObligationInfo, OrganisationId,
    WithdrawalInfo,
};
use serde::{Deserialize, Serialize, Serializer};

/// A currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CurrencyView {
    /// Its number.
    pub currency: u32,
    /// The fields of [`CurrencyInfo`].
    #[serde(flatten)]
    pub info: CurrencyInfo,
    /// The number of its last netting cycle, or 0.
    pub last_cycle: u32,
}

/// Answer of `citynet_balances`.
#[derive(Clone, Debug, Serialize)]
pub struct BalancesAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// Whose they are.
    pub organisation: OrganisationId,
    /// One for every currency, by its number.
    pub balances: Vec<BalanceView>,
}

/// What an organisation has of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BalanceView {
    /// The currency.
    pub currency: u32,
    /// What it can spend.
    #[serde(serialize_with = "decimal")]
    pub free: Amount,
    /// What is on hold, for withdrawals and for grants that are not active yet.
    #[serde(serialize_with = "decimal")]
    pub held: Amount,
}

fn decimal<S: Serializer>(amount: &Amount, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(amount)
}

/// A withdrawal that was neither paid nor returned.
#[derive(Clone, Debug, Serialize)]
pub struct WithdrawalView {
    /// Its number.
    pub withdrawal: Decimal,
    /// The fields of [`WithdrawalInfo`].
    #[serde(flatten)]
    pub info: WithdrawalInfo,
}

/// Answer of `citynet_grantAccount`.
#[derive(Clone, Debug, Serialize)]
pub struct GrantAccountAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// The grant.
    pub grant: GrantId,
    /// The fields of [`GrantAccount`].
    #[serde(flatten)]
    pub account: GrantAccount,
}

/// An obligation, as the chain's state has it.
#[derive(Clone, Debug, Serialize)]
pub struct ObligationView {
    /// Its number.
    pub obligation: Decimal,
    /// The fields of [`ObligationInfo`].
    #[serde(flatten)]
    pub info: ObligationInfo,
}

/// Answer of `citynet_obligation`.
#[derive(Clone, Debug, Serialize)]
pub struct ObligationAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// The obligation.
    #[serde(flatten)]
    pub obligation: ObligationView,
}

/// What `citynet_obligations` selects: the obligations that satisfy everything that is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObligationFilterParams {
    /// The currency.
    pub currency: Option<Decimal>,
    /// The organisation that owes.
    pub debtor: Option<Decimal>,
    /// The organisation that is owed.
    pub creditor: Option<Decimal>,
    /// The grant that they come from.
    pub grant: Option<Decimal>,
}

impl ObligationFilterParams {
    pub(crate) fn parse(&self) -> Result<ObligationFilter, Error> {
        Ok(ObligationFilter {
            currency: self.currency.map(Decimal::currency).transpose()?,
            debtor: self.debtor.map(Decimal::organisation).transpose()?,
            creditor: self.creditor.map(Decimal::organisation).transpose()?,
            grant: self.grant.map(|grant| GrantId(grant.0)),
        })
    }
}

/// Answer of `citynet_cycle`.
#[derive(Clone, Debug, Serialize)]
pub struct CycleAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// `currency` and `number`.
    #[serde(flatten)]
    pub cycle: CycleId,
    /// The fields of [`CycleInfo`].
    #[serde(flatten)]
    pub info: CycleInfo,
    /// What everybody pays or gets, by organisation. Empty until they are computed.
    pub positions: Vec<NetPosition>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, Value};

    fn filter(params: Value) -> Result<ObligationFilter, String> {
        let params: ObligationFilterParams = serde_json::from_value(params).map_err(|error| error.to_string())?;
        params.parse().map_err(|error| error.to_string())
    }

    #[test]
    fn filters_are_read() {
        assert_eq!(filter(json!({})), Ok(ObligationFilter::default()));
        let expected = ObligationFilter {
            currency: Some(1),
            debtor: Some(OrganisationId(2)),
            creditor: Some(OrganisationId(3)),
            grant: Some(GrantId(4)),
        };
        assert_eq!(filter(json!({ "currency": 1, "debtor": "2", "creditor": 3, "grant": "4" })), Ok(expected));
        for (wrong, reason) in [
            (json!({ "currency": "4294967296" }), "a currency's number is below 2^32"),
            (json!({ "debtor": "4294967296" }), "an organisation's number is below 2^32"),
            (json!({ "grant": -1 }), "decimal string"),
            (json!({ "state": "open" }), "unknown field"),
        ] {
            let error = filter(wrong).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
