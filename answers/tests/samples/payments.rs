//! Organisation 2 uses what organisation 3 gives it by grant 5, is billed for it, and a cycle nets that.

use super::parts::some_terms;
use citynet_primitives::{
    Action, Amount, Body, CurrencyInfo, CycleId, GrantId, GrantState, Moment, NetPosition, ObligationInfo,
    ObligationState, OrganisationId, Price, PurposeCode, Record, Terms, Usage, RECORD_VERSION,
};

/// Whose payments.
pub const OWN: OrganisationId = OrganisationId(2);
const OTHER: OrganisationId = OrganisationId(3);
/// In milliseconds.
pub const HOUR: Moment = 3_600_000;

/// A grant for 12.50 an hour, which was billed once, after two hours, and netted.
pub fn records(amount: Amount) -> Vec<Record> {
    let terms = Terms {
        provider: OTHER,
        consumer: OWN,
        controller: OTHER,
        actions: [Action::Read].into_iter().collect(),
        purposes: vec![PurposeCode(2)].try_into().unwrap(),
        not_before: 0,
        not_after: Moment::MAX,
        price: Price::PerPeriod { currency: 1, amount: 1250, period: HOUR },
        jurisdiction: b"RU".to_vec().try_into().unwrap(),
        legal_basis: None,
        ..some_terms()
    };
    let info = CurrencyInfo { symbol: b"RUB".to_vec().try_into().unwrap(), exponent: 2, agent: OrganisationId(5) };
    let (grant, cycle) = (GrantId(5), CycleId { currency: 1, number: 1 });
    let owed = ObligationInfo {
        state: ObligationState::Open,
        currency: 1,
        debtor: OWN,
        creditor: OTHER,
        amount,
        grant,
        usage: Usage::default(),
        reverses: None,
        reversed: 0,
        since: 1_772_366_400_000 + 3 * HOUR,
        cycle: 0,
        payment: None,
        declared: None,
    };
    let position = |organisation, pays, gets| NetPosition { organisation, pays, gets };
    let positions = vec![position(OWN, 2500, 0), position(OTHER, 0, 2500)].try_into().unwrap();
    let bodies = vec![
        Body::CurrencyCreated { currency: 1, info },
        Body::GrantOffered { grant, parent: None, supersedes: None, binding: true, terms },
        Body::GrantAdvanced { grant, state: GrantState::Active, terms: [0; 32] },
        // Two hours later, since the time of each record is an hour after that of the one before.
        Body::AccountRemoved { organisation: OWN, account: [0; 32] },
        Body::ObligationCreated { obligation: 1, info: owed },
        Body::CycleOpened { cycle, cutoff: Moment::MAX, deadline: 0 },
        Body::CycleComputed { cycle, obligations: 1, gross: 2500, root: [0; 32], positions },
        Body::CycleSettled { cycle, net: 2500 },
    ];
    let record = |(index, body)| Record {
        version: RECORD_VERSION,
        index,
        block: 1,
        time: 1_772_366_400_000 + index * HOUR,
        organisation: OWN,
        account: [1; 32],
        body,
    };
    (0..).zip(bodies).map(record).collect()
}
