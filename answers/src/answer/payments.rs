//! An organisation's payments, reconciled.

use super::{Answer, Verdict};
use crate::{
    currencies::Currencies,
    names::currencies,
    payments::{Outcome, Payments, Side, Sums},
    Basis, Period,
};
use citynet_primitives::{print_uuid, OrganisationId, Record, Usage};
use citynet_proofs::time;
use serde_json::{json, Value};

/// An organisation's payments, reconciled.
#[derive(Clone, Debug)]
pub struct PaymentsAnswer {
    /// The payments.
    pub payments: Payments,
    /// The currencies that the records create.
    pub currencies: Currencies,
    basis: Basis,
}

impl PaymentsAnswer {
    /// Computes it from all records about the organisation, its grants, and the cycles of its currencies, by index. Others do
    /// no harm.
    pub fn new(organisation: OrganisationId, period: Period, records: &[Record], basis: Basis) -> Self {
        let payments = Payments::of(organisation, period, records);
        Self { payments, currencies: currencies(records).into(), basis }
    }
}

fn usage_json(found: &Option<(Usage, u64)>) -> Value {
    json!(found.as_ref().map(|(usage, record)| json!({ "usage": usage, "record": record.to_string() })))
}

impl Answer for PaymentsAnswer {
    fn query(&self) -> Value {
        let Payments { organisation, period, .. } = &self.payments;
        json!({
            "question": "payments",
            "organisation": organisation,
            "from": period.from.map(time::print),
            "to": period.to.map(time::print),
        })
    }

    fn basis(&self) -> &Basis {
        &self.basis
    }

    fn to_json(&self) -> Value {
        let payments = &self.payments;
        let obligations = payments.obligations.iter().map(|owed| {
            let (cycle, payment) = match &owed.outcome {
                Outcome::Netting { cycle, .. } | Outcome::Netted { cycle, .. } => (Some(cycle.to_string()), None),
                Outcome::Declared { uetr, .. } | Outcome::Booked { uetr, .. } => (None, Some(print_uuid(uetr))),
                Outcome::Open | Outcome::Paid { .. } => (None, None),
            };
            json!({
                "obligation": owed.obligation.to_string(),
                "record": owed.record.to_string(),
                "time": owed.time.to_string(),
                "grant": owed.info.grant,
                "currency": owed.info.currency,
                "debtor": owed.info.debtor,
                "creditor": owed.info.creditor,
                "amount": owed.info.amount.to_string(),
                "usage": owed.info.usage,
                "reverses": owed.info.reverses.map(|reverses| reverses.to_string()),
                "report": owed.basis.report.map(|record| record.to_string()),
                "statement": owed.basis.statement.map(|record| record.to_string()),
                "outcome": owed.outcome.word(),
                "cycle": cycle,
                "uetr": payment,
                "records": owed.outcome.records().iter().map(ToString::to_string).collect::<Vec<_>>(),
                "settled": owed.outcome.settled().map(|time| time.to_string()),
            })
        });
        let grants = payments.grants.iter().map(|used| {
            json!({
                "grant": used.grant,
                "provider": used.provider,
                "consumer": used.consumer,
                "currency": used.currency,
                "reported": usage_json(&used.reported),
                "stated": usage_json(&used.stated),
                "matured": used.matured,
                "billed": used.billed.to_string(),
            })
        });
        let bought = payments.bought.iter().map(|bought| {
            json!({
                "grant": bought.grant,
                "record": bought.record.to_string(),
                "time": bought.time.to_string(),
                "currency": bought.currency,
                "amount": bought.amount.to_string(),
                "debtor": bought.debtor,
                "creditor": bought.creditor,
            })
        });
        let cycles = payments.cycles.iter().map(|cycle| {
            json!({
                "cycle": cycle.cycle.to_string(),
                "opened": cycle.opened.map(|record| record.to_string()),
                "computed": cycle.computed.to_string(),
                "settled": cycle.settled.map(|(record, _)| record.to_string()),
                "pays": cycle.pays.to_string(),
                "gets": cycle.gets.to_string(),
                "ownPays": cycle.own_pays.to_string(),
                "ownGets": cycle.own_gets.to_string(),
                "owed": cycle.owed.to_string(),
                "due": cycle.due.to_string(),
                "obligations": cycle.obligations.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "sumsToZero": cycle.balances(),
                "agrees": cycle.agrees(),
            })
        });
        let side = |side: &Side| {
            json!({
                "opening": side.opening.to_string(),
                "arisen": side.arisen.to_string(),
                "paid": side.paid.to_string(),
                "netted": side.netted.to_string(),
                "byBank": side.booked.to_string(),
                "open": side.open.to_string(),
                "atOnce": side.at_once.to_string(),
                "addsUp": side.adds_up(),
            })
        };
        let sums = payments.sums.iter().map(|(currency, Sums { owes, due })| {
            let found = self.currencies.get(*currency).ok();
            json!({
                "currency": currency,
                "symbol": found.map(|found| found.symbol.as_str()),
                "exponent": found.map(|found| found.exponent),
                "owes": side(owes),
                "due": side(due),
            })
        });
        json!({
            "query": self.query(),
            "asOf": self.basis.to_json(),
            "sums": sums.collect::<Vec<_>>(),
            "grants": grants.collect::<Vec<_>>(),
            "obligations": obligations.collect::<Vec<_>>(),
            "bought": bought.collect::<Vec<_>>(),
            "cycles": cycles.collect::<Vec<_>>(),
            "reconciles": payments.reconciles(),
            "problems": payments.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "notCovered": ["use that no gateway reported", "of a cycle, what others owe one another"],
        })
    }

    /// Refuted when something does not reconcile.
    fn verdict(&self) -> Verdict {
        if self.payments.reconciles() {
            Verdict::Complete
        } else {
            Verdict::Refuted
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::payments::{records, HOUR, OWN},
        AsOf,
    };
    use citynet_primitives::Amount;

    fn answer(amount: Amount) -> PaymentsAnswer {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_400_000 + 7 * HOUR };
        PaymentsAnswer::new(OWN, Period::default(), &records(amount), Basis { as_of, proven: true })
    }

    #[test]
    fn a_payment_is_told_from_use_to_settlement() {
        let found = answer(2500);
        assert_eq!(found.verdict(), Verdict::Complete);
        let told = found.to_json();
        assert_eq!((&told["reconciles"], &told["cycles"][0]["sumsToZero"]), (&json!(true), &json!(true)));
        let obligation = &told["obligations"][0];
        assert_eq!((&obligation["cycle"], &obligation["records"]), (&json!("1-1"), &json!(["6", "7"])));
        assert_eq!((&told["sums"][0]["symbol"], &told["sums"][0]["owes"]["netted"]), (&json!("RUB"), &json!("2500")));
    }

    #[test]
    fn what_does_not_reconcile_refutes() {
        let found = answer(2600);
        assert_eq!(found.verdict(), Verdict::Refuted);
        let told = found.to_json();
        assert_eq!((&told["reconciles"], told["problems"].as_array().unwrap().len()), (&json!(false), 2));
    }
}
