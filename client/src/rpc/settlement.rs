//! Money and what is owed over JSON-RPC.

use super::{Decimal, Hex, Rpc, UsageView};
use crate::connection::NodeError;
use citynet_primitives::{Amount, CycleId, GrantId, OrganisationId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::fmt;
use subxt::rpcs::rpc_params;

/// An amount in the smallest unit of its currency: a decimal string, or a JSON number where it fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Units(pub Amount);

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(u64),
            Text(String),
        }
        match Either::deserialize(deserializer)? {
            Either::Number(number) => Ok(Self(number.into())),
            Either::Text(text) => text.parse().map(Self).map_err(serde::de::Error::custom),
        }
    }
}

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A currency.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CurrencyView {
    /// Its number.
    pub currency: u32,
    /// Its code, such as `RUB`.
    pub symbol: String,
    /// How many decimals its usual unit has.
    pub exponent: u8,
    /// The organisation that stands behind it.
    pub agent: u32,
    /// The number of its last netting cycle, or 0.
    pub last_cycle: u32,
}

/// What an organisation has of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct BalanceView {
    /// The currency.
    pub currency: u32,
    /// What it can spend.
    pub free: Units,
    /// What is on hold.
    pub held: Units,
}

/// A payment as a bank shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct BankReferenceView {
    /// Its UETR.
    pub uetr: Hex,
    /// SHA-256 of the bank's notification.
    pub notification: Hex,
}

/// A withdrawal that was neither paid nor returned.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct WithdrawalView {
    /// Its number.
    pub withdrawal: Decimal,
    /// The currency.
    pub currency: u32,
    /// Whose money it is.
    pub organisation: u32,
    /// How much.
    pub amount: Units,
    /// A salted commitment to the account that it goes to.
    pub account: Hex,
}

/// What is stated and billed of a grant.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantAccountView {
    /// The grant.
    pub grant: Decimal,
    /// How many statements there were.
    pub statements: u32,
    /// Use that is beyond dispute.
    pub matured: UsageView,
    /// The last statement, where it is not beyond dispute yet.
    pub open: Option<Value>,
    /// What was billed in all.
    pub billed: Units,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// An obligation.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObligationView {
    /// Its number.
    pub obligation: Decimal,
    /// `open`, `netting`, `declared`, `settled` or `booked`.
    pub state: String,
    /// The currency.
    pub currency: u32,
    /// Who owes.
    pub debtor: u32,
    /// To whom.
    pub creditor: u32,
    /// How much.
    pub amount: Units,
    /// The grant that it comes from.
    pub grant: Decimal,
    /// Use up to which it bills the grant.
    pub usage: UsageView,
    /// The obligation that it reverses, if it does.
    pub reverses: Option<Decimal>,
    /// How much of it was reversed by others.
    pub reversed: Units,
    /// When it arose.
    pub since: Decimal,
    /// The netting cycle that has or settled it, or 0.
    pub cycle: u32,
    /// The payment by bank, where one was declared.
    pub payment: Option<BankReferenceView>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// What an organisation pays or gets in a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct PositionView {
    /// The organisation.
    pub organisation: u32,
    /// What it pays.
    pub pays: Units,
    /// What it gets.
    pub gets: Units,
}

/// A netting cycle.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CycleView {
    /// The currency.
    pub currency: u32,
    /// The cycle's number.
    pub number: u32,
    /// `collecting`, `funding`, `removing`, `settled` or `empty`.
    pub phase: String,
    /// It takes obligations that arose before this time.
    pub cutoff: Decimal,
    /// Until when debtors must have the money.
    pub deadline: Decimal,
    /// How many obligations it has.
    pub obligations: Decimal,
    /// What they sum up to.
    pub gross: Units,
    /// What moves.
    pub net: Units,
    /// RFC 9162 root over the obligations.
    pub root: Hex,
    /// What everybody pays or gets.
    pub positions: Vec<PositionView>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// Which obligations: those that satisfy everything that is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ObligationFilter {
    /// Of this currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<u32>,
    /// Of this debtor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debtor: Option<OrganisationId>,
    /// Of this creditor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creditor: Option<OrganisationId>,
    /// From this grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantId>,
}

/// All of something.
#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl Rpc<'_> {
    /// `citynet_currencies`.
    pub async fn currencies(&self) -> Result<Vec<CurrencyView>, NodeError> {
        let answer: Items<CurrencyView> = self.call("citynet_currencies", rpc_params![]).await?;
        Ok(answer.items)
    }

    /// `citynet_withdrawals` of a currency.
    pub async fn withdrawals(&self, currency: u32) -> Result<Vec<WithdrawalView>, NodeError> {
        let currency = currency.to_string();
        let answer: Items<WithdrawalView> = self.call("citynet_withdrawals", rpc_params![currency]).await?;
        Ok(answer.items)
    }

    /// `citynet_balances`.
    pub async fn balances(&self, organisation: OrganisationId) -> Result<Vec<BalanceView>, NodeError> {
        #[derive(Deserialize)]
        struct Answer {
            balances: Vec<BalanceView>,
        }
        let answer: Answer = self.call("citynet_balances", rpc_params![organisation.0]).await?;
        Ok(answer.balances)
    }

    /// `citynet_grantAccount`.
    pub async fn grant_account(&self, grant: GrantId) -> Result<GrantAccountView, NodeError> {
        self.call("citynet_grantAccount", rpc_params![Decimal(grant.0)]).await
    }

    /// `citynet_obligation`.
    pub async fn obligation(&self, obligation: u64) -> Result<ObligationView, NodeError> {
        self.call("citynet_obligation", rpc_params![Decimal(obligation)]).await
    }

    /// `citynet_obligations`, page after page.
    pub async fn obligations(&self, filter: ObligationFilter) -> Result<Vec<ObligationView>, NodeError> {
        self.all("citynet_obligations", |cursor| rpc_params![filter, cursor]).await
    }

    /// `citynet_cycle`.
    pub async fn cycle(&self, cycle: CycleId) -> Result<CycleView, NodeError> {
        self.call("citynet_cycle", rpc_params![cycle.currency, cycle.number]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{
        BankReference, CurrencyInfo, CycleInfo, CyclePhase, GrantAccount, ObligationInfo, ObligationState, SubjectHead,
        Usage, WithdrawalInfo,
    };
    use serde::de::DeserializeOwned;
    use serde_json::json;

    /// What the node writes, with what it adds to it, read here.
    fn read<T: DeserializeOwned>(written: impl Serialize, added: Value) -> T {
        let mut written = serde_json::to_value(written).unwrap();
        for (name, value) in added.as_object().unwrap() {
            written[name] = value.clone();
        }
        serde_json::from_value(written).unwrap()
    }

    #[test]
    fn amounts_are_read_from_text_and_from_numbers() {
        let read = |text: &str| serde_json::from_str::<Units>(text).ok().map(|units| units.0);
        assert_eq!(read("\"340282366920938463463374607431768211455\""), Some(Amount::MAX));
        assert_eq!(read("7"), Some(7));
        assert_eq!(read("\"-1\""), None);
        assert_eq!(serde_json::to_string(&Units(Amount::MAX)).unwrap(), format!("\"{}\"", Amount::MAX));
    }

    #[test]
    fn money_is_read_as_nodes_write_it() {
        let info = CurrencyInfo { symbol: b"RUB".to_vec().try_into().unwrap(), exponent: 2, agent: OrganisationId(5) };
        let currency: CurrencyView = read(&info, json!({ "currency": 1, "lastCycle": 3 }));
        assert_eq!((currency.symbol.as_str(), currency.exponent, currency.agent), ("RUB", 2, 5));
        assert_eq!((currency.currency, currency.last_cycle), (1, 3));
        let balance: BalanceView =
            serde_json::from_value(json!({ "currency": 1, "free": Amount::MAX.to_string(), "held": "7" })).unwrap();
        assert_eq!((balance.free, balance.held), (Units(Amount::MAX), Units(7)));
        let info =
            WithdrawalInfo { currency: 1, organisation: OrganisationId(3), amount: Amount::MAX, account: [9; 32] };
        let withdrawal: WithdrawalView = read(info, json!({ "withdrawal": "4" }));
        assert_eq!((withdrawal.withdrawal, withdrawal.amount), (Decimal(4), Units(Amount::MAX)));
        assert_eq!((withdrawal.organisation, withdrawal.account), (3, Hex(vec![9; 32])));
        let account = GrantAccount { statements: 2, billed: Amount::MAX, ..GrantAccount::default() };
        let account: GrantAccountView = read(account, json!({ "grant": "5", "anchor": {} }));
        assert_eq!((account.grant, account.statements, account.billed), (Decimal(5), 2, Units(Amount::MAX)));
        assert_eq!(account.open, None);
    }

    #[test]
    fn obligations_and_cycles_are_read_as_nodes_write_them() {
        let info = ObligationInfo {
            state: ObligationState::Declared,
            currency: 1,
            debtor: OrganisationId(2),
            creditor: OrganisationId(3),
            amount: Amount::MAX,
            grant: GrantId(5),
            usage: Usage { accesses: 1, records: 2, bytes: 3 },
            reverses: Some(6),
            reversed: 4,
            since: 9,
            cycle: 0,
            payment: Some(BankReference { uetr: [1; 16], notification: [2; 32] }),
            declared: Some(10),
        };
        let obligation: ObligationView = read(info, json!({ "obligation": "7" }));
        assert_eq!((obligation.obligation, obligation.state.as_str()), (Decimal(7), "declared"));
        assert_eq!((obligation.amount, obligation.reversed), (Units(Amount::MAX), Units(4)));
        assert_eq!(obligation.reverses, Some(Decimal(6)));
        assert_eq!(obligation.payment.unwrap().uetr, Hex(vec![1; 16]));
        assert_eq!(obligation.rest["declared"], json!("10"));

        let info = CycleInfo {
            phase: CyclePhase::Funding,
            cutoff: 1,
            deadline: 2,
            obligations: 3,
            gross: Amount::MAX,
            net: 4,
            root: [5; 32],
            moved: false,
            head: SubjectHead::default(),
        };
        let positions = json!([{ "organisation": 2, "pays": "4", "gets": "0" }]);
        let cycle: CycleView = read(info, json!({ "currency": 1, "number": 7, "positions": positions }));
        assert_eq!((cycle.currency, cycle.number, cycle.phase.as_str()), (1, 7, "funding"));
        assert_eq!((cycle.gross, cycle.net), (Units(Amount::MAX), Units(4)));
        assert_eq!(cycle.positions, [PositionView { organisation: 2, pays: Units(4), gets: Units(0) }]);
    }

    #[test]
    fn filters_are_written_as_nodes_read_them() {
        let filter = ObligationFilter { debtor: Some(OrganisationId(2)), ..ObligationFilter::default() };
        assert_eq!(serde_json::to_value(filter).unwrap(), json!({ "debtor": 2 }));
    }
}
