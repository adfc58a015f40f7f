//! What the journal says about an organisation's money.

use crate::{connection::NodeError, ledger::Ledger, rpc::RecordView};
use citynet_primitives::{CycleId, OrganisationId, Record, Subject};
use std::collections::BTreeMap;

/// Every record about something, in their order.
async fn records(ledger: &Ledger, subject: Subject) -> Result<Vec<Record>, NodeError> {
    ledger.rpc().records(subject).await?.iter().map(RecordView::record).collect()
}

/// Every record about an organisation and about the cycles of a currency, by index. What a cycle does is about more
/// organisations than a record can name, so the cycles are asked for by themselves.
///
/// # Errors
///
/// [`NodeError`].
pub async fn of_organisation(
    ledger: &Ledger,
    organisation: OrganisationId,
    currency: u32,
) -> Result<BTreeMap<u64, Record>, NodeError> {
    let mut all = records(ledger, Subject::Organisation(organisation)).await?;
    // Cycles are numbered from 1 without a gap, and each has a record about its beginning.
    for number in 1.. {
        let of_cycle = records(ledger, Subject::Cycle(CycleId { currency, number })).await?;
        if of_cycle.is_empty() {
            break;
        }
        all.extend(of_cycle);
    }
    Ok(all.into_iter().map(|record| (record.index, record)).collect())
}
