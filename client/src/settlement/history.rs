//! What the journal says about an organisation's money.

use crate::{
    connection::NodeError,
    ledger::Ledger,
    rpc::{Page, RecordView},
};
use citynet_primitives::{CycleId, OrganisationId, Record, Subject};
use serde_json::json;
use std::collections::BTreeMap;
use subxt::rpcs::rpc_params;

/// Every record about something, in their order: `citynet_records`, page after page.
///
/// # Errors
///
/// [`NodeError`].
pub async fn records(ledger: &Ledger, subject: Subject) -> Result<Vec<Record>, NodeError> {
    let filter = json!({ "subject": subject.to_string() });
    let mut records = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page: Page<RecordView> = ledger
            .with(async |connection| {
                let params = rpc_params![filter.clone(), cursor.clone()];
                connection.request("citynet_records", params).await
            })
            .await?;
        for view in &page.items {
            records.push(view.record()?);
        }
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(records),
        }
    }
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
